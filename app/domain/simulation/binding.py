"""What binds a draw: the tag or the person whose capacity is used most, or does not suffice.

A draw whose teams are complete is bound by the largest share of a capacity that is used: of a tag, by the
places that ask for it against what all who have it take (each at most once for an entity); of a person, by
their own cap. Where a place stayed empty, the certificate of the shortage (DR1 section 6) names the places
that have too few inspectors between them: the tag that all of them ask for, and fewest can give, binds.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from app.domain.draw.basics.lines import Inspector
from app.domain.draw.teams.teams import Deal

TAG: Final = "tag"
INSPECTOR: Final = "inspector"

Slots = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A tag or an inspector, what is asked of it (places, or visits), and how much it can give."""

    kind: Literal["tag", "inspector"]
    name: str
    asked: int
    capacity: int

    @property
    def share(self) -> Fraction:
        """How much of the capacity is asked for; where there is none, more than of any other."""
        return Fraction(self.asked, self.capacity) if self.capacity else Fraction(self.asked + 1)


def binding(
    drawn: Mapping[str, tuple[str, ...]], *, slots: Slots, inspectors: Sequence[Inspector], deal: Deal
) -> Binding | None:
    """Find what binds; None where nothing was asked for.

    Args:
        drawn: needs of each drawn entity.
        slots: tags of each place in a team.
        inspectors: all of the draw's.
        deal: the teams, and the certificate where a place stayed empty.
    """
    if deal.shortage is not None:
        short = [{*drawn[entity], *slots[slot]} for entity, slot in deal.shortage.slots]
        wanted = set.intersection(*short) or set.union(*short)
        tags = _tags(drawn, slots=slots, inspectors=inspectors)
        return max((one for one in tags if one.name in wanted), key=_rank, default=None)
    loads = Counter(seat.inspector for seat in deal.teams)
    people = (
        Binding(kind=INSPECTOR, name=one.id, asked=loads[one.id], capacity=one.cap)
        for one in inspectors
        if loads[one.id]
    )
    tags = _tags(drawn, slots=slots, inspectors=inspectors)
    return max((*tags, *people), key=_rank, default=None)


def _tags(
    drawn: Mapping[str, tuple[str, ...]], *, slots: Slots, inspectors: Sequence[Inspector]
) -> list[Binding]:
    places: Counter[str] = Counter()
    entities: Counter[str] = Counter()
    for needs in drawn.values():
        asked = [{*needs, *slot} for slot in slots]
        places.update(tag for tags in asked for tag in tags)
        entities.update(set().union(*asked))
    return [
        Binding(
            kind=TAG,
            name=tag,
            asked=places[tag],
            capacity=sum(min(one.cap, entities[tag]) for one in inspectors if tag in one.tags),
        )
        for tag in places
    ]


def _rank(one: Binding) -> tuple[Fraction, str]:
    return one.share, one.name
