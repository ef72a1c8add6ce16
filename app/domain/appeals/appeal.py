"""The way of an appeal 申诉 (clause W6): filed by anybody, accepted, proposed, decided by somebody else.

Whoever took the result to the public, or was on the visit's team, handles and decides nothing about it, and
who proposes does not decide (plan, part five: 畅通检查对象的申诉渠道, under strict internal approval).
An appeal never edits a result: one that is upheld begins the result's next version.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from app.domain.errors import NotAllowed, RuleBroken


class State(StrEnum):
    """How far an appeal is."""

    FILED = "filed"
    ACCEPTED = "accepted"
    PROPOSED = "proposed"
    DECIDED = "decided"


class Outcome(StrEnum):
    """What is proposed and decided: upheld 成立, partly upheld 部分成立, rejected 不成立."""

    UPHELD = "upheld"
    PARTLY = "partly"
    REJECTED = "rejected"

    @property
    def grants(self) -> bool:
        """Whether the result must be looked at again."""
        return self is not Outcome.REJECTED


class Capacity(StrEnum):
    """As whom somebody appeals: the inspected party 被检查人, or somebody else concerned 利害关系人."""

    PARTY = "party"
    CONCERNED = "concerned"


class Mark(StrEnum):
    """What the public sees of appeals at a result: one is pending, or one was upheld and is to be met."""

    PENDING = "pending"
    UPHELD = "upheld"


UNDECIDED: Final = frozenset({State.FILED, State.ACCEPTED, State.PROPOSED})
"""States in which the clock runs."""

_PENDING: Final = frozenset({State.ACCEPTED, State.PROPOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Where an appeal stands, and by whose hands it came there.

    Attributes:
        state: how far it is.
        handler: who handles it 承办人.
        handled_by: everybody who ever did: a case can be taken over from a handler who is away.
        proposal: what the handler proposes.
        decider: who decided it.
        outcome: what was decided.
        decided_version: the version of the result that was public when it was decided; None: none was.
    """

    state: State = State.FILED
    handler: str | None = None
    handled_by: frozenset[str] = frozenset()
    proposal: Outcome | None = None
    decider: str | None = None
    outcome: Outcome | None = None
    decided_version: int | None = None


def accept(appeal: Appeal, *, by: str, hands: frozenset[str]) -> Appeal:
    """Take the case 受理: whoever does handles it. One that is not proposed yet can be taken over 接办.

    Args:
        appeal: filed, or with another handler.
        by: the caller.
        hands: everybody who inspected, or took the result to the public.

    Raises:
        RuleBroken: wrong state, or the caller handles it already.
        NotAllowed: the caller had a hand in the result.
    """
    _check(appeal, State.FILED, *(() if by == appeal.handler else (State.ACCEPTED,)))
    if by in hands:
        raise NotAllowed("own-case")
    return replace(appeal, state=State.ACCEPTED, handler=by, handled_by=appeal.handled_by | {by})


def propose(appeal: Appeal, *, by: str, outcome: Outcome, hands: frozenset[str]) -> Appeal:
    """Propose how to decide 提出办理意见.

    Args:
        appeal: with its handler.
        by: the caller.
        outcome: what is proposed.
        hands: as for `accept`, as of now: the handler may have had one in a version since.

    Raises:
        RuleBroken: wrong state.
        NotAllowed: the caller is not the handler, or had a hand in the result.
    """
    _check(appeal, State.ACCEPTED)
    if by != appeal.handler:
        raise NotAllowed("not-the-handler")
    if by in hands:
        raise NotAllowed("own-case")
    return replace(appeal, state=State.PROPOSED, proposal=outcome)


def decide(appeal: Appeal, *, by: str, outcome: Outcome, hands: frozenset[str], shown: int | None) -> Appeal:
    """Decide 决定; the proposal binds nobody.

    Args:
        appeal: with its proposal.
        by: the caller.
        outcome: the decision.
        hands: as for `accept`.
        shown: the version of the result that the public sees; None: none.

    Raises:
        RuleBroken: wrong state.
        NotAllowed: the caller proposed, or had a hand in the result. Who handed the case on before proposing
            may decide: else a take-over could leave nobody who does.
    """
    _check(appeal, State.PROPOSED)
    if by == appeal.handler or by in hands:
        raise NotAllowed("own-case")
    return replace(appeal, state=State.DECIDED, decider=by, outcome=outcome, decided_version=shown)


def mark(appeals: Iterable[Appeal], *, shown: int | None) -> Mark | None:
    """Give what the public sees at a version of a result.

    An accepted appeal that is not decided shows first. One that was upheld shows until the version about
    which it was decided is no longer the newest.

    Args:
        appeals: every appeal against the result.
        shown: the version.
    """
    listed = tuple(appeals)
    if any(one.state in _PENDING for one in listed):
        return Mark.PENDING
    upheld = (one for one in listed if one.outcome is not None and one.outcome.grants)
    return Mark.UPHELD if shown is not None and any(one.decided_version == shown for one in upheld) else None


def _check(appeal: Appeal, *wanted: State) -> None:
    if appeal.state not in wanted:
        raise RuleBroken("wrong-state", state=appeal.state.value, wanted=", ".join(wanted))
