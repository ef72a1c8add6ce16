"""Why teams cannot be made: the certificate of a shortage (DR1 section 6), read for people.

The certificate names places that have fewer to take them than there are: its inspectors take the sum of their
caps, anybody else who fits takes one for each premises, since nobody sits twice on a team. What is asked for
exceeds that by exactly the places that stay empty, so a shortage never looks like spare capacity.

Places that ask for the same tags, or share somebody who could take both, are short together. A tag tells such
places from others where those who lack nothing else have room for all that stays empty; else it is one that
these places ask for and others do not. Where there is none, people lack, not tags.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.teams.teams import Seat, Shortage
from app.domain.eligibility import AGENCY, DISTRICT, LEAD, REGIME
from app.domain.exclusions import RECUSAL, ROTATION, Exclusions

NOT_LEAD: Final = "not-lead"
NOT_QUALIFIED: Final = "not-qualified"
OTHER_DISTRICT: Final = "other-district"
LOAD_REDUCED: Final = "load-reduced"

_WHY_OF_TAG: Final = (
    (AGENCY, "other-agency"),
    (REGIME, NOT_QUALIFIED),
    (DISTRICT, OTHER_DISTRICT),
    (LEAD, NOT_LEAD),
)
"""What a missing tag is called, in the order in which the register asks."""

Needs = Mapping[str, tuple[str, ...]]
Slots = Sequence[tuple[str, ...]]
Kind = frozenset[str]
"""The tags that a place asks for: of its premises, and of its slot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who there is for a draw.

    Attributes:
        inspectors: all of the draw's, each with what the load of the period leaves of the cap.
        recusals: pairs kept apart, rotation included.
        exclusions: who was left out, takes less or is kept away, and why.
    """

    inspectors: Sequence[Inspector]
    recusals: Collection[Recusal] = ()
    exclusions: Exclusions = field(default_factory=Exclusions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Places that have too few inspectors between them.

    Attributes:
        asked: places of the certificate.
        capacity: of these places, what all who fit any can take at the most.
        tags: what most tells them from other places, those where most stays empty first; none: people lack.
        inspectors: codes of all who can take any.
        why: how many others cannot, by reason (`eligibility.REASONS`, `not-lead`, `recusal`, `rotation`), and
            how many of `inspectors` take less for the load of the period (`load-reduced`); most first.
    """

    asked: int
    capacity: int
    tags: tuple[str, ...]
    inspectors: tuple[str, ...]
    why: Mapping[str, int]

    @property
    def lacking(self) -> int:
        """How many places stay empty, whoever is dealt."""
        return self.asked - self.capacity


def shortfall(
    certificate: Shortage, seats: Iterable[Seat], *, needs: Needs, slots: Slots, staff: Staff
) -> Shortfall:
    """Read a certificate.

    Args:
        certificate: of the deal.
        seats: the filled places.
        needs: tags that each drawn entity needs, by id.
        slots: tags of each place in a team.
        staff: who there is.
    """
    covered = _Covered.of(certificate, needs=needs, slots=slots, recusals=staff.recusals)
    takes = {one.id: covered.takes(one) for one in staff.inspectors}
    able = [one for one in staff.inspectors if covered.open_to(one)]
    # Who is away or has had enough connects places, and has tags, as if he could come: time lacks, not tags.
    groups = _groups(covered.entities, (*able, *staff.exclusions.missed))
    lacking = {group: _lacking(group, covered, able, takes) for group in groups}
    room = _Room.of(staff, seats, needs=needs, slots=slots)
    told = (
        room.telling(group, covered, lacking=lacking[group])
        for group in sorted(lacking, key=lambda group: (-lacking[group], sorted(map(sorted, group))))
    )
    return Shortfall(
        asked=covered.places.total(),
        capacity=sum(takes.values()),
        tags=tuple(dict.fromkeys(tag for tag in told if tag is not None)),
        inspectors=tuple(one.id for one in able),
        why=_why(covered, staff, able={one.id for one in able}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Covered:
    """The places of a certificate, by what they ask for.

    Attributes:
        places: how many of each kind.
        entities: the premises that have any of a kind.
        at_cap: codes of the certificate's inspectors.
        away: the premises from which recusals keep each inspector.
    """

    places: Counter[Kind]
    entities: Mapping[Kind, set[str]]
    at_cap: frozenset[str]
    away: Mapping[str, set[str]]

    @classmethod
    def of(cls, certificate: Shortage, *, needs: Needs, slots: Slots, recusals: Iterable[Recusal]) -> Self:
        """Sort the places of a certificate."""
        places: Counter[Kind] = Counter()
        entities: dict[Kind, set[str]] = defaultdict(set)
        for entity, slot in certificate.slots:
            kind = _kind(needs[entity], slots[slot])
            places[kind] += 1
            entities[kind].add(entity)
        away: dict[str, set[str]] = {}
        for one in recusals:
            away.setdefault(one.inspector, set()).add(one.entity)
        return cls(places=places, entities=entities, at_cap=frozenset(certificate.inspectors), away=away)

    def open_to(self, one: Inspector) -> set[str]:
        """The premises where an inspector can take any of the places."""
        return self.without(one, (kind for kind in self.entities if kind.issubset(one.tags)))

    def without(self, one: Inspector, kinds: Iterable[Kind]) -> set[str]:
        """The premises of some kinds from which no recusal keeps an inspector."""
        found: set[str] = set()
        return found.union(*(self.entities[kind] for kind in kinds)) - self.away.get(one.id, set())

    def takes(self, one: Inspector) -> int:
        """How many of the places an inspector can take at the most, as the certificate counts it."""
        return one.cap if one.id in self.at_cap else len(self.open_to(one))


def _kind(needs: Iterable[str], slot: Iterable[str]) -> Kind:
    return frozenset((*needs, *slot))


def _groups(kinds: Iterable[Kind], who: Iterable[Inspector]) -> list[frozenset[Kind]]:
    """Put kinds of places together that share somebody who fits both: each group is short by itself.

    No inspector counts for two groups, and the bounds of the groups add up to that of the certificate.
    """
    groups = [frozenset({kind}) for kind in kinds]
    for one in who:
        met = [group for group in groups if any(kind.issubset(one.tags) for kind in group)]
        if met:
            groups = [*(group for group in groups if group not in met), frozenset[Kind]().union(*met)]
    return groups


def _lacking(
    group: Collection[Kind], covered: _Covered, able: Iterable[Inspector], takes: Mapping[str, int]
) -> int:
    """How many places of a group stay empty."""
    taken = sum(takes[one.id] for one in able if any(kind.issubset(one.tags) for kind in group))
    return sum(covered.places[kind] for kind in group) - taken


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """Who has room left beside the teams that could be made, and how common each tag is.

    Attributes:
        spare: inspectors below their cap, with how much below.
        seated: (inspector, entity) of the filled places.
        holders: how many have each tag, those included who are left out for what can be mended.
        everywhere: tags that every place of the draw asks for.
    """

    spare: Sequence[tuple[Inspector, int]]
    seated: Collection[tuple[str, str]]
    holders: Counter[str]
    everywhere: Kind

    @classmethod
    def of(cls, staff: Staff, seats: Iterable[Seat], *, needs: Needs, slots: Slots) -> Self:
        """Count what a deal left."""
        seated = [(seat.inspector, seat.entity) for seat in seats]
        loads = Counter(inspector for inspector, _ in seated)
        known = (*staff.inspectors, *staff.exclusions.missed)
        kinds = [_kind(tags, slot) for tags in {*needs.values()} for slot in slots]
        return cls(
            spare=[(one, one.cap - loads[one.id]) for one in staff.inspectors if one.cap > loads[one.id]],
            seated=frozenset(seated),
            holders=Counter(tag for one in known for tag in one.tags),
            everywhere=frozenset.intersection(*kinds),
        )

    def telling(self, group: Collection[Kind], covered: _Covered, *, lacking: int) -> str | None:
        """Name the tag that tells places from others; None: people lack.

        Args:
            group: the kinds of the places.
            covered: the places of the certificate.
            lacking: how many of these stay empty.
        """
        gains = {tag: gain for tag, gain in self._gains(group, covered).items() if gain >= lacking}
        if gains:
            return max(gains, key=lambda tag: (gains[tag], -self.holders[tag], tag))
        common = frozenset.intersection(*group)
        own = {tag for tag in common if tag not in self.everywhere or not self.holders[tag]}
        return min(own, key=lambda tag: (self.holders[tag], tag), default=None)

    def _gains(self, group: Collection[Kind], covered: _Covered) -> Counter[str]:
        """How many places those could take who lack only one tag, by that tag."""
        gains: Counter[str] = Counter()
        for one, room in self.spare:
            lacks: dict[str, list[Kind]] = defaultdict(list)
            for kind in group:
                missing = kind.difference(one.tags)
                if len(missing) == 1:
                    lacks[next(iter(missing))].append(kind)
            for tag, kinds in lacks.items():
                new = covered.without(one, kinds)
                gains[tag] += min(room, sum((one.id, entity) not in self.seated for entity in new))
        return gains


def _why(covered: _Covered, staff: Staff, *, able: Collection[str]) -> dict[str, int]:
    """Count what keeps the others from the places, and whom of those who can take any the load limits."""
    exclusions = staff.exclusions
    others = [one for one in staff.inspectors if one.id not in able]
    grounds = {(ground.inspector, ground.entity) for ground in exclusions.grounds}
    why = Counter(_kept_from(one, covered, grounds) for one in others)
    why.update(_left_out(covered, exclusions))
    why[LOAD_REDUCED] += sum(one.inspector in able for one in exclusions.caps)
    return {reason: count for reason, count in why.most_common() if count}


def _kept_from(one: Inspector, covered: _Covered, grounds: Collection[tuple[str, str]]) -> str:
    """Say why an inspector of the draw can take none of the places: of those that come nearest."""
    kind = min(covered.entities, key=lambda kind: (len(kind.difference(one.tags)), sorted(kind)))
    missing = kind.difference(one.tags)
    if not missing:
        declared = any((one.id, entity) in grounds for entity in covered.entities[kind])
        return RECUSAL if declared else ROTATION
    known = (why for prefix, why in _WHY_OF_TAG if any(tag.startswith(prefix) for tag in missing))
    return next(known, NOT_QUALIFIED)


def _left_out(covered: _Covered, exclusions: Exclusions) -> Iterator[str]:
    """Give why those were left out of the draw who fit a place, or serve none of its districts."""
    fit = {one.id for one in exclusions.missed if any(kind.issubset(one.tags) for kind in covered.entities)}
    for one in exclusions.officers:
        if one.inspector in fit or one.reason == OTHER_DISTRICT:
            yield one.reason
