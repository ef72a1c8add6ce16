"""A calendar that begins inside its year: what of the year's draws is still ahead."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from app.domain.calendar.days_off import Week
from app.domain.calendar.draws import PlannedDraw
from app.domain.calendar.spans import Span, worked_days


def still_ahead(
    draws: Iterable[PlannedDraw], *, since: date, week: Week, least_working_days: int
) -> Iterator[PlannedDraw]:
    """Give the draws whose visits are not over; visits that have begun begin on the first day instead.

    Args:
        draws: a year's draws.
        since: the first day.
        week: days off around it.
        least_working_days: a draw with fewer left, and with none at all, is left out.
    """
    for draw in draws:
        if draw.visit_from >= since:
            yield draw
        elif draw.visit_to >= since:
            left = Span(first=since, last=draw.visit_to)
            if worked_days(left, week) >= max(least_working_days, 1):
                yield replace(draw, visit_from=since)
