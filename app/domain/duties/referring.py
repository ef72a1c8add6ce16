"""What a visit's result codes bring before the registrar (mission/rules.md, «What counts»).

«Code 04 (nobody found) is an attempt: … two attempts on different days inside the visit window, then it is
*unreachable*: … out of the duty, in the base of ratios until the registrar decides. 07 counts and goes to the
registrar. 11 to 15 end the duty.»
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.policies.duties import DutyRules
from app.domain.policy import Counting


class Decision(StrEnum):
    """What the registrar 名录管理员 decides about a registration."""

    KEEP = "keep"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Referral:
    """The code that goes to the registrar, and whether the registration owes nothing until he decides."""

    code: str
    ends_duty: bool


def referral(codes: Iterable[str], *, kind: str, rules: DutyRules, counting: Counting) -> Referral | None:
    """Say what goes to the registrar; the code that ends a duty before one that does not.

    Only a drawn visit that found nobody makes its premises unreachable: another kind has no window in which
    it has to come twice. What ended the business ends the duty, whoever found it.

    Args:
        codes: of the result.
        kind: of the visit.
        rules: which codes the registrar looks at, and which of them end duties.
        counting: which kinds of visit count, and the code of an attempt.
    """
    found = [
        Referral(
            code,
            ends_duty=code in rules.ending_codes and (code != counting.attempt or kind in counting.kinds),
        )
        for code in sorted(set(codes) & rules.registrar_codes)
    ]
    return min(found, key=lambda one: not one.ends_duty, default=None)
