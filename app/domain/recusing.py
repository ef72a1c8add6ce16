"""Requests for recusal 回避申请 (行政处罚法 art. 43): who may ask of whom, who decides, and by when.

An officer asks for himself, the inspected party for any officer of the team. Somebody decides who neither
asked nor belongs to the team. Until the decision the inspection goes on (art. 43: 决定作出之前，不停止调查).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.domain.errors import NotAllowed, RuleBroken
from app.domain.fieldwork.visit import OPEN, State


class By(StrEnum):
    """Who asks."""

    OFFICER = "officer"
    PARTY = "party"


class Decision(StrEnum):
    """How far a request is."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


ASKABLE: Final = OPEN
"""States of a visit in which a recusal can be asked for: from its opening until its record is handed in."""


def check_asking(state: State, *, by: By, inspector: str, team: Collection[str], officer: str | None) -> None:
    """Check that a recusal may be asked for.

    Args:
        state: of the visit.
        by: who asks.
        inspector: code of the officer who is to keep away.
        team: codes of the visit's officers.
        officer: the officer who hands the request in; None where the party does so itself.

    Raises:
        RuleBroken: `wrong-state`; `not-on-the-visit`; `ask-for-yourself`: an officer names another one, or
            hands in what the party asks of himself.
    """
    if state not in ASKABLE:
        raise RuleBroken("wrong-state", state=state, wanted=", ".join(sorted(ASKABLE)))
    if inspector not in team:
        raise RuleBroken("not-on-the-visit")
    if officer is not None and (by is By.OFFICER) != (inspector == officer):
        raise RuleBroken("ask-for-yourself")


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """Who must not decide: ids of the callers who asked or were there, codes of the team."""

    callers: Collection[str]
    team: Collection[str]


def check_deciding(state: str, *, caller: str, officer: str | None, concerned: Concerned) -> None:
    """Check that somebody may decide a request.

    Args:
        state: of the request.
        caller: id of who decides.
        officer: his code, if he is an inspector.
        concerned: who must not.

    Raises:
        RuleBroken: decided already.
        NotAllowed: he asked, or is of the team.
    """
    if state != Decision.OPEN:
        raise RuleBroken("wrong-state", state=state, wanted=Decision.OPEN)
    if caller in concerned.callers or officer in concerned.team:
        raise NotAllowed("own-recusal")


def decide_by(asked_on: date, *, within_days: int | None) -> date | None:
    """Give the last day for the decision; None where the policy has no such clock."""
    return None if within_days is None else asked_on + timedelta(days=within_days)


def alarm(last_day: date | None, *, today: date, alarmed: bool, overdue: bool) -> str | None:
    """Say which alarm is due for an open request: `due-soon` on its last day, `overdue` afterwards.

    Args:
        last_day: for the decision.
        today: the day.
        alarmed: whether `due-soon` was raised.
        overdue: whether `overdue` was raised.
    """
    if last_day is None or overdue or today < last_day:
        return None
    if today > last_day:
        return "overdue"
    return None if alarmed else "due-soon"
