"""Putting off 延期 the day of a disposition: asked for in time, with a reason, decided by another."""

from collections.abc import Collection, Iterator
from datetime import date
from enum import StrEnum

from app.domain.errors import FieldError, NotAllowed, RuleBroken


class State(StrEnum):
    """How far a request is."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


def check_extendable(*, state: str, due_on: date | None, asked: bool) -> date:
    """Give the day that is to be put off.

    Args:
        state: of the disposition, `open` or `done`.
        due_on: its day, if it has one.
        asked: whether a request waits for its decision already.

    Raises:
        RuleBroken: it is done, has no day, or a request waits.
    """
    if state != "open":
        raise RuleBroken("wrong-state", state=state, wanted="open")
    if due_on is None:
        raise RuleBroken("nothing-to-put-off")
    if asked:
        raise RuleBroken("extension-asked")
    return due_on


def faults(*, due_on: date, wanted: date, today: date) -> Iterator[FieldError]:
    """Say what is wrong with a request: nothing overdue is put off, and nothing is brought forward.

    Args:
        due_on: the day as it stands; it still belongs to the term.
        wanted: the day that is asked for.
        today: the day in Shanghai.
    """
    if today > due_on:
        yield FieldError("/due_on", "term-is-over", (("due_on", due_on.isoformat()),))
    if wanted <= due_on:
        yield FieldError("/due_on", "not-later", (("due_on", due_on.isoformat()),))


def check_decision(state: str, *, by: str, hands: Collection[str]) -> None:
    """Check that a person may decide about a request.

    Args:
        state: of the request.
        by: who decides.
        hands: who asked, who recorded the disposition, and who was at the visit.

    Raises:
        RuleBroken: it has been decided.
        NotAllowed: `own-request`.
    """
    if state != State.ASKED:
        raise RuleBroken("wrong-state", state=state, wanted=State.ASKED.value)
    if by in hands:
        raise NotAllowed("own-request")
