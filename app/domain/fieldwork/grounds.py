"""What keeps an officer from a visit whose team stands, by the registers as they are now.

At the door counts what the law asks of whoever inspects: an enforcement certificate that is valid that day
(行政处罚法 art. 42) and no recusal (art. 43). An absence does not: the officer stands there, so the register
is behind. Ahead of the visit everything counts for which an amendment takes an officer off
(`app.domain.amending`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from app.domain.eligibility import Visits, exclusion
from app.domain.facts import Officer

RECUSED: Final = "recused"
UNKNOWN: Final = "unknown"


def at_the_door(officer: Officer | None, *, on: date, recused: bool) -> str | None:
    """Give why an officer may not inspect on a day, as a code with a text `officer.…`, or None.

    Args:
        officer: as registered, wherever the record is kept; None: there is no record.
        on: the day.
        recused: whether a declared ground keeps the officer from the premises on that day.
    """
    if officer is None:
        return UNKNOWN
    if recused:
        return RECUSED
    if officer.kind != "officer":
        return "auxiliary"
    return "certificate-expired" if officer.certificate_to < on else None


def ahead(
    officer: Officer | None, *, visits: Visits, slots: Sequence[Sequence[str]], recused: bool
) -> str | None:
    """Give why an officer cannot make a visit on all the days that are left for it, or None.

    Args:
        officer: as registered; None: there is no record.
        visits: the days that are left, and the region that the team was made for.
        slots: the tags of each place in the team; none: of any agency.
        recused: whether a declared ground keeps the officer from the premises on one of these days.
    """
    if officer is None:
        return UNKNOWN
    return RECUSED if recused else exclusion(officer, visits=visits, slots=slots)


def days_left(region: str, window: tuple[date, date], *, today: date) -> Visits:
    """Give the days on which a visit can still begin; after its last one, that day."""
    first, last = window
    return Visits(region=region, starts_on=min(max(first, today), last), ends_on=last)
