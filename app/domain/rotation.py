"""Rotation 轮换: who made the last visit at a premises does not come again at once (*default*, W4).

Of each agency those who made its last visits there become recusals of the draw. They give way where those
who remain could not serve as many lines of the same kind as without rotation, so that it never makes a draw
impossible at a line that could be served. Lines that need the same tags, lost the same inspectors to recusals
and had the same last teams are of one kind.

How many lines of a kind can be served: `app.domain.seats`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Final

from app.domain.draw.basics.lines import Recusal, RosterLine
from app.domain.facts import PlacedVisit, Premises
from app.domain.seats import Seats
from app.domain.staffing import Staffing

IN_ORDER: Final = attrgetter("inspector", "entity")
"""The order of recusals, several times faster than comparing them."""

Teams = tuple[frozenset[str], ...]
"""Who made the last visit, the one before and so on, of all agencies together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """Pairs that rotation keeps apart in a draw.

    Attributes:
        kept: they become recusals.
        yielded: they gave way, since too few others could serve.
        lines: ids of the lines where any gave way.
    """

    kept: tuple[Recusal, ...] = ()
    yielded: tuple[Recusal, ...] = ()
    lines: tuple[str, ...] = ()


def visits_at(premises: Iterable[Premises]) -> Iterator[PlacedVisit]:
    """Give the visits that the facts of premises know of."""
    return (
        PlacedVisit(entity=one.id, on=visit.on, agency=visit.agency, inspectors=visit.inspectors)
        for one in premises
        for visit in one.visits
    )


def last_teams(visits: Iterable[PlacedVisit], *, most: int) -> dict[str, Teams]:
    """Give who made the last visits at each entity, the latest first; those of one day are one visit.

    Args:
        visits: in any order; which item they served does not matter.
        most: how many visits back, of each agency by itself.
    """
    days: dict[str, dict[str, dict[date, set[str]]]] = {}
    for visit in visits:
        of_agency = days.setdefault(visit.entity, {}).setdefault(visit.agency, {})
        of_agency.setdefault(visit.on, set()).update(visit.inspectors)
    return {entity: _latest(agencies.values(), most) for entity, agencies in days.items()}


def _latest(agencies: Iterable[Mapping[date, set[str]]], most: int) -> Teams:
    teams: list[set[str]] = [set() for _ in range(most)]
    for by_day in agencies:
        for back, day in enumerate(sorted(by_day, reverse=True)[:most]):
            teams[back].update(by_day[day])
    return tuple(frozenset(team) for team in teams)


@dataclass(frozen=True, slots=True)
class _Kind:
    """Lines alike: their needs, whom recusals keep away, who came last."""

    needs: tuple[str, ...]
    recused: frozenset[str]
    teams: Teams


def rotation(
    lines: Iterable[RosterLine],
    *,
    teams: Mapping[str, Teams],
    recusals: Iterable[Recusal],
    there: Staffing,
    drawn: Mapping[str, int],
) -> Rotation:
    """Decide at which lines rotation holds.

    Args:
        lines: the drawable lines.
        teams: who made the last visits, by entity.
        recusals: those in force for other reasons.
        there: slots and inspectors.
        drawn: how many lines each stratum will draw.
    """
    known = {inspector.id for inspector in there.inspectors}
    away: dict[str, set[str]] = defaultdict(set)
    for recusal in recusals:
        away[recusal.entity].add(recusal.inspector)
    kinds: dict[_Kind, list[RosterLine]] = defaultdict(list)
    for line in lines:
        came = tuple(team & known for team in teams.get(line.id, ()))
        if there.slots and any(came):
            kinds[_Kind(line.needs, frozenset(away.get(line.id, ())), came)].append(line)
    seats = Seats(there)
    kept: list[Recusal] = []
    yielded: list[Recusal] = []
    given_way: list[str] = []
    for kind, alike in kinds.items():
        holds = _holding(kind, seats, _most_drawn(alike, drawn))
        gone = frozenset().union(*kind.teams) - holds
        for line in alike:
            kept += (Recusal(code, line.id) for code in holds - kind.recused)
            yielded += (Recusal(code, line.id) for code in gone - kind.recused)
        if gone - kind.recused:
            given_way += (line.id for line in alike)
    kept.sort(key=IN_ORDER)
    yielded.sort(key=IN_ORDER)
    return Rotation(kept=tuple(kept), yielded=tuple(yielded), lines=tuple(sorted(given_way)))


def _most_drawn(alike: Iterable[RosterLine], drawn: Mapping[str, int]) -> int:
    """Give how many of some lines a draw can hit at most; one, where it wants none: each must have a team."""
    strata = Counter(line.stratum for line in alike)
    return max(1, sum(min(count, drawn[stratum]) for stratum, count in strata.items()))


def _holding(kind: _Kind, seats: Seats, lines: int) -> frozenset[str]:
    """Give who stays away: as many of the last teams, the latest first, as cost none of the lines."""
    served = seats.most(kind.needs, kind.recused, lines)
    for kept in range(len(kind.teams), 0, -1):
        stay_away = frozenset().union(*kind.teams[:kept])
        if seats.enough(kind.needs, kind.recused | stay_away, served):
            return stay_away
    return frozenset()
