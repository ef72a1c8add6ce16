"""What became of draws of the calendar: their plans and draws, found by period."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.calendar.days_off import Week
from app.domain.calendar.spans import Span
from app.domain.calendar.standing import Occasion, Standing, replacement, standing
from app.services.planning.calendar import drawn_by_period, known_years, same_region
from app.services.planning.calendar_rows import Row, visits_of, window_of
from app.store import draw_calendar as store
from app.store.draw_calendar import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """How it stands with a draw of the calendar.

    Attributes:
        state: what became of it.
        draw_plan: the newest plan of its period that waits for its commitment.
        draw: the newest draw of its period, voided or not.
        replacement: the days proposed for it when its draw was voided.
    """

    state: Standing
    draw_plan: str | None
    draw: str | None
    replacement: Span | None


def occasion(source: Source, row: Row) -> Occasion:
    """One draw of the calendar with its plans and draws."""
    return _occasions(source, [row])[row.id][0]


def week_around(source: Source, day: date) -> Week:
    """Days off around a day: by the table where it knows the year, else by the plain week."""
    return Week(known_years(source, {day.year - 1, day.year, day.year + 1}))


def stands(source: Source, rows: Iterable[Row], *, on: date) -> dict[str, Stands]:
    """How it stands with some draws, by id.

    Args:
        source: where to read.
        rows: draws of calendars.
        on: the day.
    """
    week = week_around(source, on)
    found: dict[str, Stands] = {}
    for key, (one, plan) in _occasions(source, rows).items():
        state = standing(one, on=on, week=week)
        found[key] = Stands(
            state=state,
            draw_plan=plan,
            draw=one.drawn[-1].id if one.drawn else None,
            replacement=replacement(one, on=on, week=week) if state is Standing.VOIDED else None,
        )
    return found


def _occasions(source: Source, rows: Iterable[Row]) -> Mapping[str, tuple[Occasion, str | None]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.item, row.region), []).append(row)
    found: dict[str, tuple[Occasion, str | None]] = {}
    for (item, region), ours in groups.items():
        periods = {row.period for row in ours}
        drawn = drawn_by_period(source, item=item, region=region, periods=periods)
        plans: dict[str, list[Row]] = {}
        for plan in store.waiting_plans(source, item=item, regions=same_region(region), periods=periods):
            plans.setdefault(plan.period, []).append(plan)
        for row in ours:
            waiting = plans.get(row.period, [])
            one = Occasion(
                visits=visits_of(row),
                window=window_of(row),
                drawn=drawn.get(row.period, ()),
                plans=[plan.state for plan in waiting],
                replaced_at=row.replaced_at,
            )
            found[row.id] = one, (waiting[-1].id if waiting else None)
    return found
