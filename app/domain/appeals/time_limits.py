"""Until when an appeal may be filed and must be decided: the section `appeals` of a clocks document."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.errors import RuleBroken
from app.domain.results.clocks import Count


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealRule:
    """The numbers of the section.

    Attributes:
        file_days: from the day on which a version became public until the last day to appeal, in days
            (the 60 days of 行政复议法 art. 20 by default).
        decide_working_days: from the day of filing until the decision, in working days.
    """

    file_days: int
    decide_working_days: int


def appeal_rule(document: Mapping[str, Any]) -> AppealRule | None:
    """Read a clocks document; None: it has no such section, so nobody takes appeals by it.

    Raises:
        KeyError: the section lacks a member.
    """
    section = document.get("appeals")
    if section is None:
        return None
    return AppealRule(file_days=section["file_days"], decide_working_days=section["decide_working_days"])


def check_in_time(published_on: date, *, today: date, rule: AppealRule) -> None:
    """Refuse an appeal after its last day; the day of the publication does not count (民法典 art. 201).

    Raises:
        RuleBroken: `appeal-too-late`.
    """
    until = published_on + timedelta(days=rule.file_days)
    if today > until:
        raise RuleBroken("appeal-too-late", until=until.isoformat(), days=rule.file_days)


def decision_count(filed_on: date, rule: AppealRule) -> Count:
    """Give what a decision's last day is counted from: the day on which the appeal was filed."""
    return Count(filed_on, rule.decide_working_days)
