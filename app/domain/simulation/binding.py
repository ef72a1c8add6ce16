"""What binds a draw: the tag or the person whose capacity is used most, or does not suffice.

A draw whose teams are complete is bound by the largest share of a capacity that is used: of a tag, by the
places that ask for it against what all who have it take (each at most once for an entity); of a person, by
their own cap. Where a place stayed empty, the certificate of the shortage (DR1 section 6) binds: its places
against what all who fit any can take of them (`shortfall`). More is asked than that, always; of what binds a
draw with complete teams never.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal

from app.domain.draw.basics.lines import Inspector
from app.domain.draw.teams.teams import Deal
from app.domain.simulation.shortfall import Needs, Shortfall, Slots, Staff, shortfall

TAG: Final = "tag"
INSPECTOR: Final = "inspector"
PEOPLE: Final = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A tag, an inspector or people, what is asked of them (places, or visits), and how much they can give.

    Attributes:
        kind: what it is; `people`: places stay empty, and no tag tells them from others.
        name: the tag, or the inspector's code; empty for `people`.
        asked: places, or of an inspector visits.
        capacity: how many of these can be taken.
        shortfall: where places stay empty, what is known of it.
    """

    kind: Literal["tag", "inspector", "people"]
    name: str
    asked: int
    capacity: int
    shortfall: Shortfall | None = None

    @property
    def share(self) -> Fraction:
        """How much of the capacity is asked for; where there is none, more than of any other."""
        return Fraction(self.asked, self.capacity) if self.capacity else Fraction(self.asked + 1)


def binding(drawn: Needs, *, slots: Slots, staff: Staff, deal: Deal) -> Binding | None:
    """Find what binds; None where nothing was asked for.

    Args:
        drawn: needs of each drawn entity.
        slots: tags of each place in a team.
        staff: the draw's inspectors, and who is kept out or away.
        deal: the teams, and the certificate where a place stayed empty.
    """
    if deal.shortage is not None:
        return _short(shortfall(deal.shortage, deal.teams, needs=drawn, slots=slots, staff=staff))
    loads = Counter(seat.inspector for seat in deal.teams)
    people = (
        Binding(kind=INSPECTOR, name=one.id, asked=loads[one.id], capacity=one.cap)
        for one in staff.inspectors
        if loads[one.id]
    )
    tags = _tags(drawn, slots=slots, inspectors=staff.inspectors)
    return max((*tags, *people), key=_rank, default=None)


def _short(found: Shortfall) -> Binding:
    name = next(iter(found.tags), "")
    return Binding(
        kind=TAG if name else PEOPLE,
        name=name,
        asked=found.asked,
        capacity=found.capacity,
        shortfall=found,
    )


def _tags(drawn: Needs, *, slots: Slots, inspectors: Sequence[Inspector]) -> list[Binding]:
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
