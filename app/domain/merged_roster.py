"""The roster after merging 综合查一次: a line whose visit meets other duties needs their tags too.

«… and at least 2 × team-size inspectors qualify for all …; otherwise no merge» (mission/rules.md, «Roster»).
Readings: those qualify who hold every tag, fit a place of the team and are not recused there, and a whole
team can be made of them. And merging must not make impossible what could be done without it: where not all
who could go there qualify, no more lines are merged than can be served together with the other lines that
may be drawn, at the place and anywhere. First come the lines that must be drawn, then kind by kind in the
order of their ids.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from types import MappingProxyType

from app.domain.draw.basics.lines import Recusal, RosterLine
from app.domain.duties.merging import Merge
from app.domain.eligibility import DISTRICT
from app.domain.policies.merging import MergingRule
from app.domain.roster import Roster
from app.domain.seats import Seats, Tags
from app.domain.staffing import Staffing

NOTHING_MERGED: Mapping[str, Merge] = MappingProxyType({})
_NOBODY: frozenset[str] = frozenset()


def merge_duties(
    roster: Roster,
    *,
    there: Staffing,
    recusals: Iterable[Recusal],
    drawn: Mapping[str, int],
    rule: MergingRule | None,
) -> tuple[Roster, Mapping[str, Merge]]:
    """Merge what can be merged; gives the roster with the tags joined, and the merges by id.

    Args:
        roster: with what its visits could meet besides their own duty.
        there: slots and inspectors; no slots: a single-random draw, which merges nothing.
        recusals: those in force, rotation aside: it gives way.
        drawn: how many lines each stratum will draw.
        rule: of the policy; None: nothing is merged.
    """
    if rule is None or not roster.mergeable or not there.slots:
        return roster, NOTHING_MERGED
    joined: dict[str, Tags] = {}
    seats = Seats(there)
    groups = _groups(roster, recusals)
    pools = _Pools(groups, (line for line in roster.lines if line.tickets), seats=seats, drawn=drawn)
    for group, ids in sorted(groups.items(), key=lambda pair: not pair[0].must):
        able = seats.able(group.wanted)
        fit = len(able) - sum(code in able for code in group.recused)
        if fit < rule.spare_times * len(there.slots) or not seats.enough(group.wanted, group.recused, 1):
            continue
        joined |= dict.fromkeys(ids[: pools.take(group, len(ids))], group.wanted)
    lines = tuple(
        replace(line, needs=joined[line.id]) if line.id in joined else line for line in roster.lines
    )
    return replace(roster, lines=lines), {
        entity: merge for entity, merge in roster.mergeable.items() if entity in joined
    }


@dataclass(frozen=True, slots=True)
class _Group:
    """Lines alike: stratum, needs, needs once merged, who is recused, whether they must be drawn."""

    stratum: str
    needs: Tags
    wanted: Tags
    recused: frozenset[str]
    must: bool


def _groups(roster: Roster, recusals: Iterable[Recusal]) -> dict[_Group, list[str]]:
    """Give the ids of the lines that could be merged, in order, by their kind: there are few."""
    recused: dict[str, set[str]] = defaultdict(set)
    for recusal in recusals:
        if recusal.entity in roster.mergeable:
            recused[recusal.entity].add(recusal.inspector)
    wanted: dict[tuple[Tags, Tags], Tags] = {}
    groups: dict[_Group, list[str]] = defaultdict(list)
    for line in roster.lines:
        merge = roster.mergeable.get(line.id)
        if merge is None:
            continue
        both = line.needs, merge.tags
        if both not in wanted:
            wanted[both] = tuple(sorted({*line.needs, *merge.tags}))
        away = frozenset(recused[line.id]) if line.id in recused else _NOBODY
        kind = _Group(line.stratum, line.needs, wanted[both], away, line.draws_left == 1)
        groups[kind].append(line.id)
    return groups


@dataclass(slots=True, eq=False)
class _Pool:
    """The lines that need certain tags, by stratum, and those of them that need more."""

    needs: Tags
    more: Tags
    lines: Counter[str] = field(default_factory=Counter)
    special: Counter[str] = field(default_factory=Counter)
    most: int = 0

    def room(self, stratum: str, drawn: Mapping[str, int]) -> int | None:
        """Give how many more lines of a stratum may need more; None: as many as there are."""
        left = self.most - _at_most(self.special, drawn)
        free = max(drawn[stratum] - self.special[stratum], 0)
        return None if left >= free else max(left, 0)


def _at_most(lines: Mapping[str, int], drawn: Mapping[str, int]) -> int:
    """Give how many of some lines a draw can hit at most."""
    return sum(min(count, drawn[stratum]) for stratum, count in lines.items())


class _Pools:
    """How many lines may need what merging asks for, with the place and anywhere.

    Args:
        groups: lines that could be merged.
        lines: those that can be drawn, as they stand.
        seats: how many lines can be served.
        drawn: how many lines each stratum will draw.
    """

    def __init__(
        self, groups: Iterable[_Group], lines: Iterable[RosterLine], *, seats: Seats, drawn: Mapping[str, int]
    ) -> None:
        self._seats, self._drawn = seats, drawn
        self._asking: dict[Tags, list[_Pool]] = {}
        self._by_place: dict[Tags, list[_Pool]] = defaultdict(list)
        both = {(group.needs, group.wanted) for group in groups}
        for needs, more in sorted(both | {(_anywhere(needs), _anywhere(more)) for needs, more in both}):
            self._by_place[_place(needs)].append(_Pool(needs, more))
        for (needs, stratum), count in Counter((line.needs, line.stratum) for line in lines).items():
            for pool in self._near(needs):
                if {*pool.needs} <= {*needs}:
                    pool.lines[stratum] += count
            for pool in self._of(needs):
                pool.special[stratum] += count
        for pool in chain(*self._by_place.values()):
            pool.most = seats.most_of(pool.needs, pool.more, _at_most(pool.lines, drawn))

    def _near(self, needs: Tags) -> Iterable[_Pool]:
        return chain(*(self._by_place.get(place, ()) for place in sorted({_place(needs), ()})))

    def _of(self, needs: Tags) -> list[_Pool]:
        """Give the pools in which lines with such needs are those that need more."""
        if needs not in self._asking:
            self._asking[needs] = [pool for pool in self._near(needs) if {*pool.more} <= {*needs}]
        return self._asking[needs]

    def take(self, group: _Group, lines: int) -> int:
        """Merge as many of some lines as can be served; gives how many."""
        known = self._of(group.needs)
        joined = [pool for pool in self._of(group.wanted) if pool not in known]
        taken = lines
        if self._seats.able(group.needs) != self._seats.able(group.wanted):
            rooms = (pool.room(group.stratum, self._drawn) for pool in joined)
            taken = min([lines, *(room for room in rooms if room is not None)])
        for pool in joined:
            pool.special[group.stratum] += taken
        return taken


def _place(tags: Tags) -> Tags:
    return tuple([tag for tag in tags if tag.startswith(DISTRICT)])


def _anywhere(tags: Tags) -> Tags:
    return tuple([tag for tag in tags if not tag.startswith(DISTRICT)])
