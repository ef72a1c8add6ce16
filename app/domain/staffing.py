"""Whether teams can be made: for each kind of line, and for all lines together.

Lines that need the same tags and lost the same inspectors to recusals are one kind, so a county has few. A
team needs distinct inspectors in its slots, a bipartite matching; where none exists, the slots reached by the
failed search have fewer inspectors between them than places (Hall 1935): they name what is missing.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, combinations

from app.domain.draw.basics.lines import Inspector, Recusal, RosterLine
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
    found = _Shortages()
    enough = there.spare_times * len(there.slots)
    by_tags = {needs: _candidates(needs, there) for needs in {kind.needs for kind in kinds}}
    for kind, count in kinds.items():
        fit = by_tags[kind.needs]
        if min(map(len, fit), default=enough) - len(kind.recused) >= max(enough, len(fit)):
            continue  # as many for every slot as for the whole team: there is one, and there are spares
        candidates = _without(fit, kind.recused)
        shortage, eligible = _shortage(candidates), len(set().union(*candidates))
        if shortage is None and eligible >= enough:
            continue
        if _shortage(fit) is None and (shortage is not None or len(set().union(*fit)) >= enough):
            found.recused(kind.recused & set().union(*fit), lines=count, too_few=shortage is not None)
        elif shortage is None:
            found.few[kind.needs, eligible] += count
        else:
            missing = _missing(kind.needs, shortage.slots, there)
            found.lacking[shortage.slots, missing, shortage.eligible] += count
    return found.errors(there), found.warnings(there)


@dataclass(slots=True)
class _Shortages:
    """Lines with too few inspectors, or few, and why."""

    lacking: Counter[tuple[tuple[int, ...], tuple[str, ...], int]] = field(default_factory=Counter)
    few: Counter[tuple[tuple[str, ...], int]] = field(default_factory=Counter)
    kept_away: dict[bool, set[str]] = field(default_factory=lambda: {True: set(), False: set()})
    kept_away_from: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})

    def recused(self, codes: Iterable[str], *, lines: int, too_few: bool) -> None:
        """Note lines at which recusals and rotation leave too few, or few."""
        self.kept_away[too_few].update(codes)
        self.kept_away_from[too_few] += lines

    def _after_recusals(self, code: str, *, too_few: bool, wanted: int) -> Iterator[Finding]:
        if lines := self.kept_away_from[too_few]:
            values = {"inspectors": sorted(self.kept_away[too_few]), "wanted": wanted, "lines": lines}
            yield Finding(code, values)

    def errors(self, there: Staffing) -> list[Finding]:
        """Give what makes teams impossible."""
        slots = there.slots
        return [
            *(
                Finding("too-few-inspectors", _lacking_values(*key, lines=count, slots=slots))
                for key, count in self.lacking.items()
            ),
            *self._after_recusals("recusals-leave-too-few", too_few=True, wanted=len(slots)),
        ]

    def warnings(self, there: Staffing) -> list[Finding]:
        """Give where there are few to draw from, and which tag binds."""
        enough = there.spare_times * len(there.slots)
        return [
            *(
                Finding(
                    "few-inspectors",
                    {
                        "tags": list(needs),
                        "eligible": eligible,
                        "wanted": enough,
                        "lines": count,
                        "binds": _binds(needs, there),
                    },
                )
                for (needs, eligible), count in self.few.items()
            ),
            *self._after_recusals("recusals-leave-few", too_few=False, wanted=enough),
        ]


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


def _missing(needs: tuple[str, ...], slots: Sequence[int], there: Staffing) -> tuple[str, ...]:
    """Name the tags that nobody has, or else the one without which most more inspectors would qualify."""
    asked = [{*needs, *there.slots[slot]} for slot in slots]
    wanted = sorted(set().union(*asked))
    nobody_has = tuple(tag for tag in wanted if not any(tag in i.tags for i in there.inspectors))
    if nobody_has or not wanted:
        return nobody_has
    return (max(wanted, key=lambda tag: _admitted(asked, tag, there)),)


def _admitted(asked: Iterable[set[str]], without: str, there: Staffing) -> int:
    """Count those who would qualify for some slot if it were not for one tag."""
    without_it = [tags - {without} for tags in asked]
    return sum(any(tags <= {*i.tags} for tags in without_it) for i in there.inspectors)


def _binds(needs: tuple[str, ...], there: Staffing) -> list[str]:
    """Name the tag without which most more would qualify; none where people lack, not tags."""
    asked = [{*needs, *slot} for slot in there.slots]
    tags = ["", *sorted(set().union(*asked))]
    best = max(tags, key=lambda tag: _admitted(asked, tag, there))
    return [best] if best else []


def _lacking_values(
    at: tuple[int, ...], missing: tuple[str, ...], eligible: int, *, lines: int, slots: Slots
) -> Mapping[str, object]:
    return {
        "slots": list(at),
        "places": [slot + 1 for slot in at],  # as people count them
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
