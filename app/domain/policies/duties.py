"""How frequency duties are read: since when, calendar or rolling windows, what ends them, when to alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

CALENDAR: Final = "calendar"
ROLLING: Final = "rolling"
READINGS: Final = (CALENDAR, ROLLING)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRules:
    """The section `duties` of a policy.

    Attributes:
        starts_on: the day on which the first window starts; nothing was owed before.
        rolling: whether "per n months" runs from the last counting visit instead of by the calendar.
        why: why the bureau chose this reading.
        opens_p: of a rolling window `opens_p` of `opens_q` pass after a visit before the next is owed.
        opens_q: see `opens_p`.
        default_level: the level of graded registrations that have none; None: they are an error.
        attempts: attempts on so many different days make a visit unreachable.
        ending_codes: result codes that take a registration out of its duties until the registrar decides.
        registrar_codes: result codes that the registrar looks at, those that end included.
        alarm_days: how many days before the end of a window an unmet duty is alarming at the latest.
        basis: of all of this.
    """

    starts_on: date
    rolling: bool
    why: str
    opens_p: int
    opens_q: int
    default_level: int | None
    attempts: int
    ending_codes: frozenset[str]
    registrar_codes: frozenset[str]
    alarm_days: int
    basis: str

    @property
    def reading(self) -> tuple[int, int] | None:
        """After what share of the time a rolling window opens; None: windows are those of the calendar."""
        return (self.opens_p, self.opens_q) if self.rolling else None


def parse_duties(document: Mapping[str, Any]) -> DutyRules | None:
    """Read the section `duties` of a policy document; None where it has none: nothing is owed.

    Raises:
        KeyError: the section lacks a member.
    """
    section = document.get("duties")
    if section is None:
        return None
    opens_p, opens_q = section["rolling_opens"]
    return DutyRules(
        starts_on=date.fromisoformat(section["from"]),
        rolling=section["reading"] == ROLLING,
        why=section["why"],
        opens_p=opens_p,
        opens_q=opens_q,
        default_level=section["default_level"],
        attempts=section["attempts"],
        ending_codes=frozenset(section["ending_codes"]),
        registrar_codes=frozenset(section["registrar_codes"]),
        alarm_days=section["alarm_days"],
        basis=section["basis"],
    )
