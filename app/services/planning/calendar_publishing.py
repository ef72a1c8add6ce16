"""The public copy of a year's calendar: written anew whenever what is in force changes."""

from app.domain.calendar.public_copy import PublicDraw, public_months
from app.services.context import Act
from app.services.planning.calendar_rows import APPROVED, rate_of
from app.store import adhoc_draws, public_calendar
from app.store import draw_calendar as store
from app.store.tables.draw_calendar import PublicCalendar


def publish(act: Act, *, item: str, region: str, year: int) -> None:
    """Write what the public may know of a year's calendar now.

    Args:
        act: the act that changed it.
        item: code of the inspection item.
        region: the region's prefix.
        year: the year.
    """
    calendar = store.calendar_in(act.session, item=item, region=region, year=year, state=APPROVED)
    reasons = adhoc_draws.reasons(act.session, item=item, region=region, year=year)
    draws = [
        PublicDraw(
            kind=row.kind, visit_from=row.visit_from, rate=rate_of(row), reason=reasons.get(row.period)
        )
        for row in store.year_in_force(act.session, item=item, region=region, year=year)
    ]
    copy = {
        "item": item,
        "region": region,
        "year": year,
        "version": None if calendar is None else calendar.version,
        "policy": None if calendar is None else calendar.policy,
        "months": public_months(draws),
    }
    public_calendar.put(act.session, PublicCalendar(item=item, region=region, year=year, copy_=copy))
