"""Cases for the registrar 名录管理员: what visits found of a business that may be gone, decided by a person.

No visit closes a registration by itself: until the decision it stays in the roster and in the base of every
ratio, and owes no visit where the result ended its duty.
"""

from collections.abc import Mapping

from app.domain.days import shanghai_day
from app.domain.duties.history import OPERATING
from app.domain.duties.referring import Decision, Referral, referral
from app.domain.errors import Missing, RuleBroken
from app.services.access import log
from app.services.context import Act, Look
from app.services.planning import law
from app.services.planning.duties_again import look_again
from app.services.registers import entities
from app.store.paging import AnyRow, Rows
from app.store.premises_rows import OPEN_CASE
from app.store.registers import cases as store
from app.store.tables.duties import RegistrarCase, RegistrationChange
from app.store.tables.fieldwork import Visit
from app.store.tables.registers import Registration

DECIDED = "decided"
DROPPED = "dropped"
OUT_OF_DUTY = "out-of-duty"
"""The status that a registration is said to have had while its case was open."""


def refer(act: Act, visit: Visit) -> None:
    """Open the cases that a finished visit gives rise to, or follow a correction of its codes.

    What was decided stays decided; an open case that a correction leaves without ground is dropped.
    """
    found = _referral(act, visit)
    before = store.cases_of_visit(act.session, visit.id)
    for registration in store.registrations_of(act.session, visit.entity_id, visit.regimes):
        case = before.get(registration.id)
        if case is None and found is not None:
            store.add(act.session, _new_case(act, visit, registration, found))
            log(act, what="registrar-cases.open", region=visit.region, subject=visit.id, code=found.code)
        elif case is not None and case.state != DECIDED:
            _follow(case, found)


def _referral(act: Act, visit: Visit) -> Referral | None:
    policy = law.policy_for(act.session, visit.region, visit.ended_on or shanghai_day(act.now)).policy
    if policy.duties is None:
        return None
    return referral(visit.codes, kind=visit.kind, rules=policy.duties, counting=policy.counting)


def _new_case(act: Act, visit: Visit, registration: Registration, found: Referral) -> RegistrarCase:
    return RegistrarCase(
        id=act.new_id(),
        registration_id=registration.id,
        entity_id=visit.entity_id,
        visit_id=visit.id,
        region=visit.region,
        item=visit.item,
        regime=registration.regime,
        code=found.code,
        ends_duty=found.ends_duty,
        state=OPEN_CASE,
        opened_on=visit.ended_on or shanghai_day(act.now),
        opened_at=act.now,
    )


def _follow(case: RegistrarCase, found: Referral | None) -> None:
    case.state = DROPPED if found is None else OPEN_CASE
    if found is not None:
        case.code, case.ends_duty = found.code, found.ends_duty


def read(look: Look, case_id: str) -> AnyRow:
    """One case.

    Raises:
        Missing: there is none that the caller may see.
    """
    return _seen(look, store.case_row(look.connection, case_id))


def read_page(
    look: Look, equal: Mapping[str, object], *, limit: int, cursor: str | None, count: bool
) -> Rows:
    """Cases within the caller's region, newest first."""
    return store.case_rows(
        look.connection, region=look.caller.region, equal=equal, limit=limit, cursor=cursor, count=count
    )


def decide(act: Act, case_id: str, decision: Decision, *, reason: str) -> AnyRow:
    """Decide 处理 a case: the registration is kept, or gets the status that it has in fact.

    What is kept after its duty had ended is reopened: its first window is the next full one.

    Raises:
        Missing: there is no such case that the caller may see.
        RuleBroken: it is not open.
    """
    case = store.case_for_change(act.session, case_id)
    if case is None or not act.caller.sees(case.region):
        raise Missing("not-found")
    if case.state != OPEN_CASE:
        raise RuleBroken("wrong-state", state=case.state, wanted=OPEN_CASE)
    registration = store.registration(act.session, case.registration_id)
    if registration is None:
        raise RuntimeError(f"case {case.id} has lost its registration {case.registration_id}")
    if decision != Decision.KEEP:
        status = {"status": decision.value}
        entities.change_registration(act, registration.entity_id, registration.regime, status)
    elif case.ends_duty and registration.status == OPERATING:
        store.add(act.session, _reopened(act, registration))
    case.state, case.decision, case.reason = DECIDED, decision.value, reason
    case.decided_by, case.decided_at = act.caller.id, act.now
    act.session.flush()
    look_again(act, case.region)
    log(
        act,
        what="registrar-cases.decide",
        region=case.region,
        subject=case.id,
        decision=decision.value,
        reason=reason,
    )
    return _seen(act, store.case_row(act.session, case_id))


def _reopened(act: Act, registration: Registration) -> RegistrationChange:
    return RegistrationChange(
        id=act.new_id(),
        registration_id=registration.id,
        on=shanghai_day(act.now),
        status_before=OUT_OF_DUTY,
        level_before=registration.level,
        subtype_before=registration.subtype,
    )


def _seen(context: Act | Look, row: AnyRow | None) -> AnyRow:
    if row is None or not context.caller.sees(row.region):
        raise Missing("not-found")
    return row
