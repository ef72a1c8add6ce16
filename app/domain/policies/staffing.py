"""How inspectors are deployed: rotation, load, reminders, and by when a recusal asked for is decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.domain.days import add_months

_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRule:
    """How many drawn visits an inspector takes at most in each period of so many calendar months.

    The periods are those of the duties: with 3 months the quarters of the year. Where the months do not
    divide the year its last period is shorter.
    """

    months: int
    most: int
    basis: str

    def period_of(self, day: date) -> tuple[date, date]:
        """Give the first and the last day of the period that a day lies in."""
        month = (day.month - 1) // self.months * self.months + 1
        first = date(day.year, month, 1)
        next_year = add_months(date(day.year, _MONTHS, 1), 1)
        return first, min(add_months(first, self.months), next_year) - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingRules:
    """What a policy says of inspectors in `teams`; a section that it does not have switches its rule off.

    Attributes:
        rotation_visits: who made an agency's last so many visits at a premises does not come again at once.
        load: the load over a period; None: only the cap of each draw.
        reminder_days: so many days before something runs out its reminder is due, the longest first.
        decide_within_days: by when a recusal that was asked for is decided; None: no clock.
    """

    rotation_visits: int = 0
    load: LoadRule | None = None
    reminder_days: tuple[int, ...] = ()
    decide_within_days: int | None = None


def parse_staffing(document: Mapping[str, Any]) -> StaffingRules:
    """Read these parts of the section `teams` of a policy document.

    Raises:
        KeyError: one of them lacks a member.
    """
    teams = document["teams"]
    rotation, load, reminders = (teams.get(name) for name in ("rotation", "load", "reminders"))
    return StaffingRules(
        rotation_visits=rotation["last_visits"] if rotation else 0,
        load=LoadRule(months=load["months"], most=load["most"], basis=load["basis"]) if load else None,
        reminder_days=tuple(sorted(reminders["days"], reverse=True)) if reminders else (),
        decide_within_days=teams["recusal"].get("decide_within_days"),
    )
