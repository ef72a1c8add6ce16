"""Whether teams can be made: for each kind of line, and for all lines together.

Lines that need the same tags and lost the same inspectors to recusals are one kind, so a county has few. A
team needs distinct inspectors in its slots, a bipartite matching; where none exists, the slots reached by the
failed search have fewer inspectors between them than places (Hall 1935): they name what is missing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, combinations

from app.domain.draw.lines import Inspector, Recusal, RosterLine
from app.domain.findings import Finding

Slots = Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """Who is there for which teams; inspectors without capacity are not there."""

    slots: Slots
    inspectors: tuple[Inspector, ...]
    spare_times: int


@dataclass(frozen=True, slots=True)
class _Kind:
    """Lines that ask the same: their needs, and the inspectors that recusals keep away."""

    needs: tuple[str, ...]
    recused: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Shortage:
    """Slots that have fewer inspectors between them than places."""

    slots: tuple[int, ...]
    eligible: int


def staffing(*, slots: Slots, inspectors: Iterable[Inspector], spare_times: int) -> Staffing:
    """Put together who is there; an inspector whose cap is 0 takes nothing."""
    able = tuple(inspector for inspector in inspectors if inspector.cap)
    return Staffing(slots=slots, inspectors=able, spare_times=spare_times)


def team_findings(
    lines: Iterable[RosterLine], recusals: Iterable[Recusal], there: Staffing
) -> tuple[list[Finding], list[Finding]]:
    """Give errors for lines that no team can serve, and warnings for those with few inspectors to draw from.

    Args:
        lines: the drawable lines.
        recusals: those in force between the draw's inspectors and premises.
        there: slots and inspectors.
    """
    kinds = _kinds(lines, recusals)
    if there.slots and kinds and not there.inspectors:
        return [Finding("no-inspectors", {"lines": sum(kinds.values())})], []
    lacking: Counter[tuple[tuple[int, ...], tuple[str, ...], int]] = Counter()
    few: Counter[tuple[tuple[str, ...], int]] = Counter()
    recused_too_many = 0
    enough = there.spare_times * len(there.slots)
    by_tags = {needs: _candidates(needs, there) for needs in {kind.needs for kind in kinds}}
    for kind, count in kinds.items():
        candidates = _without(by_tags[kind.needs], kind.recused)
        shortage = _shortage(candidates)
        if shortage is None:
            if (eligible := len(set().union(*candidates))) < enough:
                few[kind.needs, eligible] += count
        elif _shortage(by_tags[kind.needs]) is None:
            recused_too_many += count
        else:
            missing = _missing(kind.needs, shortage, there)
            lacking[shortage.slots, missing, shortage.eligible] += count
    errors = [
        Finding("too-few-inspectors", _lacking_values(*key, lines=count, slots=there.slots))
        for key, count in lacking.items()
    ]
    if recused_too_many:
        errors.append(Finding("recusals-leave-too-few", {"lines": recused_too_many}))
    warnings = [
        Finding(
            "few-inspectors", {"tags": list(needs), "eligible": eligible, "wanted": enough, "lines": count}
        )
        for (needs, eligible), count in few.items()
    ]
    return errors, warnings


def _kinds(lines: Iterable[RosterLine], recusals: Iterable[Recusal]) -> Counter[_Kind]:
    recused: dict[str, set[str]] = defaultdict(set)
    for recusal in recusals:
        recused[recusal.entity].add(recusal.inspector)
    nobody: frozenset[str] = frozenset()
    return Counter(
        _Kind(line.needs, frozenset(recused[line.id]) if line.id in recused else nobody) for line in lines
    )


def _candidates(needs: tuple[str, ...], there: Staffing) -> list[list[str]]:
    """Give for each slot the codes of those whose tags fit it at such a line."""
    fit = [(i.id, {*i.tags}) for i in there.inspectors if {*needs} <= {*i.tags}]
    return [[code for code, tags in fit if tags.issuperset(slot)] for slot in there.slots]


def _without(candidates: Sequence[Sequence[str]], recused: frozenset[str]) -> list[list[str]]:
    return [[code for code in slot if code not in recused] for slot in candidates]


def _shortage(candidates: Sequence[Sequence[str]]) -> _Shortage | None:
    """Match slots with distinct inspectors; give the first slots for which that is impossible."""
    held: dict[str, int] = {}

    def place(slot: int, tried: dict[str, int], reached: set[int]) -> bool:
        reached.add(slot)
        for code in candidates[slot]:
            if code not in tried:
                tried[code] = slot
                if code not in held or place(held[code], tried, reached):
                    held[code] = slot
                    return True
        return False

    for slot in range(len(candidates)):
        tried: dict[str, int] = {}
        reached: set[int] = set()
        if not place(slot, tried, reached):
            return _Shortage(tuple(sorted(reached)), len(tried))
    return None


def _missing(needs: tuple[str, ...], shortage: _Shortage, there: Staffing) -> tuple[str, ...]:
    """Name the tags that nobody has, or else the one without which most more inspectors would qualify."""
    asked = [{*needs, *there.slots[slot]} for slot in shortage.slots]
    wanted = sorted(set().union(*asked))
    nobody_has = tuple(tag for tag in wanted if not any(tag in i.tags for i in there.inspectors))
    if nobody_has or not wanted:
        return nobody_has

    def admitted(without: str) -> int:
        return sum(any(tags - {without} <= {*i.tags} for tags in asked) for i in there.inspectors)

    return (max(wanted, key=admitted),)


def _lacking_values(
    at: tuple[int, ...], missing: tuple[str, ...], eligible: int, *, lines: int, slots: Slots
) -> Mapping[str, object]:
    return {
        "slots": list(at),
        "tags": [list(slots[slot]) for slot in at],
        "missing": list(missing),
        "eligible": eligible,
        "wanted": len(at),
        "lines": lines,
    }


def capacity_findings(
    lines: Sequence[RosterLine], drawn: Mapping[str, int], there: Staffing
) -> Iterator[Finding]:
    """Warn where the caps cannot fill the seats: certainly, or on average (`capacity-expected`).

    Args:
        lines: the drawable lines.
        drawn: how many lines each stratum will draw.
        there: slots and inspectors.
    """
    if not there.slots:
        return
    kinds = {line.needs for line in lines}
    useful = [i for i in there.inspectors if any({*needs} <= {*i.tags} for needs in kinds)]
    yield from _certain_shortage(sum(drawn.values()), useful, there.slots)
    yield from _expected_shortages(lines, drawn, useful, there.slots)


def _certain_shortage(entities: int, useful: Sequence[Inspector], slots: Slots) -> Iterator[Finding]:
    """Compare for every set of slots its seats with the caps of all who may take one; name the worst set.

    Nobody serves one entity twice, so no cap counts beyond the number of entities.
    """
    places = Counter(slots)
    kinds = list(places)
    worth: Counter[frozenset[tuple[str, ...]]] = Counter()
    for inspector in useful:
        takes = frozenset(kind for kind in kinds if {*kind} <= {*inspector.tags})
        worth[takes] += min(inspector.cap, entities)
    worst: tuple[int, Finding] | None = None
    for some in chain.from_iterable(combinations(kinds, n) for n in range(1, len(kinds) + 1)):
        seats = entities * sum(places[kind] for kind in some)
        capacity = sum(caps for takes, caps in worth.items() if not takes.isdisjoint(some))
        if seats > capacity and (worst is None or seats - capacity > worst[0]):
            tags = [list(kind) for kind in some]
            values = {"tags": tags, "seats": seats, "capacity": capacity}
            worst = seats - capacity, Finding("capacity", values)
    if worst is not None:
        yield worst[1]


def _expected_shortages(
    lines: Sequence[RosterLine], drawn: Mapping[str, int], useful: Sequence[Inspector], slots: Slots
) -> Iterator[Finding]:
    """Compare for every needed tag the seats to expect, lines being equally likely, with the caps there."""
    sizes = Counter(line.stratum for line in lines)
    share = Counter((line.stratum, tag) for line in lines for tag in line.needs)
    expected: dict[str, Fraction] = defaultdict(Fraction)
    for (stratum, tag), count in share.items():
        expected[tag] += Fraction(drawn[stratum] * count, sizes[stratum])
    for tag, entities in sorted(expected.items()):
        most = -(-entities.numerator // entities.denominator)
        capacity = sum(min(i.cap, most) for i in useful if tag in i.tags)
        seats = -(-entities * len(slots) // 1)
        if seats > capacity:
            yield Finding("capacity-expected", {"tags": [[tag]], "seats": int(seats), "capacity": capacity})
