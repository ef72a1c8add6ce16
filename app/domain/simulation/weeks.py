"""A forecast by week: who visits how often, what binds each draw, and where it cannot be done."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from app.domain.authorities import Authority
from app.domain.duties.collisions import CLASS, Collision, Decisions, Yields, find_collisions
from app.domain.facts import Premises
from app.domain.simulation.binding import Binding
from app.domain.simulation.drawing import Law
from app.domain.simulation.tally import DrawMade, Tally

NO_LINES: Final = "no-lines"
"""The preflight's finding that there is nobody to draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastWeek:
    """An ISO week, Monday to Sunday.

    Attributes:
        starts_on: its Monday.
        draws: those whose visits begin in it.
        visits: made in it, of whatever draw.
        by_item, by_unit, by_inspector: of these visits; a visit by two units counts for both.
        capacity: visits for which the caps of those draws' inspectors would do; None without draws.
        binds: what comes nearest to its limit in these draws, or is beyond it.
        infeasible: whether a drawn premises gets no team, or the preflight finds an error. Where nobody is
            registered nothing is owed, and nothing is impossible.
    """

    starts_on: date
    draws: tuple[DrawMade, ...]
    visits: int
    by_item: Mapping[str, int]
    by_unit: Mapping[str, int]
    by_inspector: Mapping[str, int]
    capacity: int | None
    binds: Binding | None
    infeasible: bool

    @property
    def name(self) -> str:
        """The week by ISO 8601: `2027-W05`."""
        year, week, _ = self.starts_on.isocalendar()
        return f"{year}-W{week:02}"

    def only(self, item: str) -> "ForecastWeek":
        """Give what concerns one item: its draws and visits, beside everybody's load from all items."""
        draws = tuple(draw for draw in self.draws if draw.planned.item == item)
        visits = self.by_item.get(item, 0)
        return replace(self, visits=visits, by_item={item: visits} if visits else {}, **_of_draws(draws))


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemCollision:
    """A frequency duty that asks for more visits a year than the annual cap allows, of a class or an entity.

    Attributes:
        item: code of the inspection item.
        found: the collision.
        yields: which of the two was decided to give way; None: undecided.
    """

    item: str
    found: Collision
    yields: Yields | None


def collisions(law: Law, premises: Sequence[Premises], *, on: date, year: int) -> tuple[ItemCollision, ...]:
    """Find the duties of a year that the annual cap makes impossible, each with what was decided.

    Args:
        law: region, policy, items and decisions.
        premises: the registers.
        on: the day up to which visits are known.
        year: the year that the cap counts.
    """
    return tuple(
        ItemCollision(item=item.code, found=one, yields=_decided(law.decided(item.code, year), one))
        for item in law.items
        for one in find_collisions(
            premises,
            policy=law.policy,
            item=item,
            authority=Authority.of(item.agency, law.drawing_region(item.code)),
            regimes=item.regimes,
            levels=(),
            on=on,
            year=year,
            items=law.items,
        )
    )


def _decided(decisions: Decisions, one: Collision) -> Yields | None:
    """What was decided of it, else of the class whose duty it is."""
    return decisions.get(one.subject) or decisions.get(f"{CLASS}:{one.duty}")


def forecast_weeks(
    tally: Tally, *, units: Mapping[str, str], first: date, last: date
) -> tuple[ForecastWeek, ...]:
    """Give every week from a day to another.

    Args:
        tally: of the simulation.
        units: the unit 单位 of each inspector, by code; who has none counts for no unit.
        first: first day of the forecast.
        last: last day of the forecast.
    """
    draws: defaultdict[date, list[DrawMade]] = defaultdict(list)
    for draw in tally.draws:
        draws[_monday(max(draw.planned.visit_from, first))].append(draw)
    made: defaultdict[date, dict[tuple[str, date, tuple[str, ...]], set[str]]] = defaultdict(dict)
    for visit in tally.visits:
        # One visit may serve several items and registrations: it is counted once.
        made[_monday(visit.on)].setdefault((visit.entity, visit.on, visit.team), set()).add(visit.item)
    return tuple(_week(monday, draws[monday], made[monday], units) for monday in _mondays(first, last))


def _week(
    monday: date,
    draws: list[DrawMade],
    made: Mapping[tuple[str, date, tuple[str, ...]], set[str]],
    units: Mapping[str, str],
) -> ForecastWeek:
    by_item: Counter[str] = Counter()
    by_unit: Counter[str] = Counter()
    by_inspector: Counter[str] = Counter()
    for (_, _, team), items in made.items():
        by_item.update(items)
        by_inspector.update(team)
        by_unit.update({units[code] for code in team if code in units})
    return ForecastWeek(
        starts_on=monday,
        visits=len(made),
        by_item=dict(by_item.most_common()),
        by_unit=dict(by_unit.most_common()),
        by_inspector=dict(by_inspector.most_common()),
        **_of_draws(tuple(draws)),
    )


def joined_weeks(parts: Mapping[str, Sequence[ForecastWeek]]) -> tuple[ForecastWeek, ...]:
    """Add up the weeks of several regions, given by their codes: the same weeks of each of them."""
    weeks = []
    for same in zip(*parts.values(), strict=True):
        draws = tuple(
            replace(draw, region=region)
            for region, week in zip(parts, same, strict=True)
            for draw in week.draws
        )
        weeks.append(
            ForecastWeek(
                starts_on=same[0].starts_on,
                visits=sum(week.visits for week in same),
                by_item=_added(week.by_item for week in same),
                by_unit=_added(week.by_unit for week in same),
                by_inspector=_added(week.by_inspector for week in same),
                **_of_draws(draws),
            )
        )
    return tuple(weeks)


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    added: Counter[str] = Counter()
    for one in counts:
        added.update(one)
    return dict(added.most_common())


def _of_draws(draws: tuple[DrawMade, ...]) -> dict[str, Any]:
    binds = [draw.binds for draw in draws if draw.binds is not None]
    return {
        "draws": draws,
        "capacity": sum(draw.capacity for draw in draws) if draws else None,
        "binds": max(binds, key=lambda one: one.share, default=None),
        "infeasible": any(draw.short or any(one.code != NO_LINES for one in draw.errors) for draw in draws),
    }


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _mondays(first: date, last: date) -> Iterator[date]:
    monday = _monday(first)
    while monday <= last:
        yield monday
        monday += timedelta(days=7)
