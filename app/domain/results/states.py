"""The states of a result on its way to the public, and what may be done with it in each."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.errors import RuleBroken


class State(StrEnum):
    """How far the newest version is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    APPROVED = "approved"
    PUBLISHED = "published"
    SENT_BACK = "sent_back"
    WITHHELD = "withheld"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can be done with a publication; the clock does `resume`, a corrected record `recall`."""

    SUBMIT = "submit"
    REVIEW = "review"
    APPROVE = "approve"
    PUBLISH = "publish"
    SEND_BACK = "send-back"
    WITHHOLD = "withhold"
    RESUME = "resume"
    RECALL = "recall"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class Ground(StrEnum):
    """Why a public result is withdrawn 撤销, beside the words of the reason."""

    PRIVACY = "privacy"
    DECISION = "decision"
    MISTAKE = "mistake"
    OTHER = "other"

    @property
    def removes_content(self) -> bool:
        """Whether what was public goes: where its being there does the harm (政府信息公开条例 art. 15)."""
        return self is Ground.PRIVACY


UNDECIDED: Final = frozenset({State.DRAFT, State.SENT_BACK, State.SUBMITTED, State.REVIEWED, State.APPROVED})
"""States in which somebody still has to do something before the result is public."""

HANDED_IN: Final = frozenset({State.SUBMITTED, State.REVIEWED, State.APPROVED})
"""States in which a result is out of its officers' hands."""
RUNNING: Final = UNDECIDED | {State.WITHHELD}
"""States in which the clock runs: it does so while a result is withheld, too."""

BEGINS: Final[Mapping[Step, frozenset[State]]] = MappingProxyType(
    {
        Step.SUBMIT: frozenset({State.DRAFT, State.SENT_BACK}),
        Step.REVIEW: frozenset({State.SUBMITTED}),
        Step.APPROVE: frozenset({State.REVIEWED}),
        Step.PUBLISH: frozenset({State.APPROVED}),
        Step.SEND_BACK: HANDED_IN,
        Step.WITHHOLD: UNDECIDED | {State.WITHHELD},
        Step.RESUME: frozenset({State.WITHHELD}),
        Step.RECALL: HANDED_IN | {State.WITHHELD},
        Step.CORRECT: frozenset({State.PUBLISHED, State.WITHDRAWN}),
        Step.WITHDRAW: frozenset(State) - {State.WITHDRAWN},
    }
)
"""Where each step may begin; everything else is a wrong state. Only what is public can be withdrawn."""


def begin(state: State, step: Step) -> None:
    """Let a step begin.

    Raises:
        RuleBroken: wrong state.
    """
    if state not in BEGINS[step]:
        wanted = ", ".join(sorted(BEGINS[step]))
        raise RuleBroken("wrong-state", state=state.value, wanted=wanted)
