"""What came of a visit, put together for its publication."""

from sqlmodel import Session

from app.domain.errors import Missing
from app.domain.fieldwork.codes import ATTEMPT
from app.domain.fieldwork.record import NOTHING, Signature, record_of
from app.domain.fieldwork.result import Consequence, TeamOfficer, VisitResult
from app.domain.fieldwork.visit import State
from app.store.fieldwork import dispositions
from app.store.fieldwork import records as store
from app.store.tables.fieldrecords import Disposition


def result_of(session: Session, visit_id: str) -> VisitResult:
    """The result of a visit that has been submitted, or that found nobody.

    Raises:
        Missing: no such visit.
    """
    visit = store.visit(session, visit_id)
    if visit is None:
        raise Missing("not-found")
    kept = store.record(session, visit_id)
    record = NOTHING if kept is None else record_of(kept.body)
    return VisitResult(
        visit_id=visit.id,
        kind=visit.kind,
        draw_id=visit.draw_id,
        period=visit.period,
        item=visit.item,
        item_version=visit.item_version,
        region=visit.region,
        entity_key=visit.entity_key,
        entity_name=visit.entity_name,
        regimes=tuple(visit.regimes),
        ended_on=visit.ended_on,
        codes=(ATTEMPT,) if visit.state == State.UNREACHABLE else tuple(visit.codes),
        findings=record.findings,
        dispositions=tuple(_consequence(one) for one in dispositions.dispositions_of(session, visit_id)),
        officers=tuple(
            TeamOfficer(code=one.inspector, agency=one.agency) for one in store.team(session, visit_id)
        ),
        submitted_by=visit.submitted_by,
        statement=bool(record.statement),
        signature=_signature(record.signature),
        revision=0 if kept is None else kept.revision,
        items=tuple(visit.items),
        agencies=tuple(visit.agencies or ()),
        entry_agencies={one["id"]: one["agency"] for one in visit.checklist if visit.agencies},
    )


def _consequence(row: Disposition) -> Consequence:
    return Consequence(
        id=row.id,
        kind=row.kind,
        finding=row.finding_ref,
        due_on=row.due_on,
        amount_cny=row.amount_cny,
        months=row.months,
        state=row.state,
        done_on=row.done_on,
    )


def _signature(signature: Signature | None) -> str | None:
    if signature is None:
        return None
    return "signed" if signature.signed else "refused"
