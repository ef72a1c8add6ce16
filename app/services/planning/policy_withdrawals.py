"""How policies and clocks end before their time: a draft at once, what was approved by two people.

Whoever asked that an approved version be withdrawn 撤回 neither grants nor declines it. Declined, it holds on
as if nobody had asked.
"""

from datetime import timedelta
from typing import Final

from app.domain.days import shanghai_day
from app.domain.errors import NotAllowed, RuleBroken
from app.services.context import Act
from app.services.planning.duties_again import look_again
from app.services.planning.policies import APPROVED, DRAFT, WITHDRAWN, in_state, noted, seen
from app.store.tables.policies import PolicyVersion

_ONE_DAY: Final = timedelta(days=1)


def withdraw(act: Act, version_id: str, *, reason: str) -> PolicyVersion:
    """Withdraw 撤回 a draft; of an approved version, ask for it.

    Raises:
        Missing: no such version that the caller sees.
        RuleBroken: it was withdrawn, or that was asked for already.
    """
    found = seen(act, version_id)
    if found.state == WITHDRAWN or found.withdrawal_asked_by is not None:
        state = WITHDRAWN if found.state == WITHDRAWN else "withdrawal-asked"
        raise RuleBroken("wrong-state", state=state, wanted=f"{DRAFT}, {APPROVED}")
    found.withdrawal_reason = reason
    if found.state == DRAFT:
        found.state, found.withdrawn_by, found.withdrawn_at = WITHDRAWN, act.caller.id, act.now
        noted(act, found, "withdraw", reason=reason)
    else:
        found.withdrawal_asked_by, found.withdrawal_asked_at = act.caller.id, act.now
        noted(act, found, "ask-withdrawal", reason=reason)
    return found


def approve_withdrawal(act: Act, version_id: str) -> PolicyVersion:
    """End a version: it holds through today, or never where it has not begun; then the wider region's holds.

    Raises:
        Missing: no such version that the caller sees.
        NotAllowed: the caller asked for it.
        RuleBroken: nobody asked for it.
    """
    found = _asked_for(act, version_id)
    today = shanghai_day(act.now)
    found.state, found.withdrawn_by, found.withdrawn_at = WITHDRAWN, act.caller.id, act.now
    found.ended_on = today if found.valid_from <= today else found.valid_from - _ONE_DAY
    noted(act, found, "withdraw", ended_on=found.ended_on.isoformat())
    look_again(act, found.region)
    return found


def decline_withdrawal(act: Act, version_id: str, *, reason: str) -> PolicyVersion:
    """Decline 不予撤回 to end a version: it holds on as if nobody had asked, and the request is on file.

    Raises:
        Missing: no such version that the caller sees.
        NotAllowed: the caller asked for it.
        RuleBroken: nobody asked for it.
    """
    found = _asked_for(act, version_id)
    asked_at = found.withdrawal_asked_at or act.now
    declined = {
        "asked_by": found.withdrawal_asked_by,
        "asked_at": asked_at.isoformat(),
        "reason": found.withdrawal_reason,
        "declined_by": act.caller.id,
        "declined_at": act.now.isoformat(),
        "because": reason,
    }
    found.declined_withdrawals = [*(found.declined_withdrawals or ()), declined]
    found.withdrawal_asked_by = found.withdrawal_asked_at = found.withdrawal_reason = None
    noted(act, found, "decline-withdrawal", reason=reason, asked_by=declined["asked_by"])
    return found


def _asked_for(act: Act, version_id: str) -> PolicyVersion:
    """An approved version that somebody else asked to withdraw."""
    found = in_state(act, version_id, APPROVED)
    if found.withdrawal_asked_by is None:
        raise RuleBroken("wrong-state", state=found.state, wanted="withdrawal-asked")
    if act.caller.id == found.withdrawal_asked_by:
        raise NotAllowed("own-request")
    return found
