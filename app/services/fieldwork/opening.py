"""Opening visits from a draw: one for each drawn premises, with the team that was dealt."""

from app.domain.days import shanghai_day
from app.domain.draw.conduct import Held, Prepared
from app.domain.eligibility import REGIME
from app.domain.fieldwork.visit import Kind, State, morning_of
from app.services.access import log
from app.services.context import Act
from app.services.planning import law
from app.store import planning
from app.store.fieldwork import visits as store
from app.store.tables.drawing import Draw
from app.store.tables.fieldwork import Visit, VisitOfficer


def open_visits(act: Act, draw: Draw, prepared: Prepared, held: Held) -> None:
    """Open the visits of a draw whose teams are complete; an infeasible draw opens none.

    A visit of a single-random draw has no team until the dispatcher names one.
    """
    if held.deal.shortage is not None:
        return
    plan = planning.plan_for_change(act.session, draw.draw_plan_id)
    if plan is None:
        raise RuntimeError(f"draw {draw.id} has lost its plan {draw.draw_plan_id}")
    item = law.item(plan.item, shanghai_day(draw.committed_at))
    drawn = held.drawing.selection.drawn
    places = store.entities_by_key(act.session, [one.id for one in drawn])
    visits = [
        Visit(
            id=act.new_id(),
            draw_id=draw.id,
            seq_in_draw=number,
            kind=Kind.DRAWN,
            item=item.code,
            items=[item.code],
            item_version=item.version,
            checklist=item.document["checklist"],
            entity_id=places[one.id].id,
            entity_key=one.id,
            entity_name=places[one.id].name,
            address=places[one.id].address,
            regimes=_regimes(prepared.frozen.identities.identity(one.line).needs),
            region=places[one.id].region,
            agency=item.agency,
            period=draw.period,
            visit_from=plan.visit_from,
            visit_to=plan.visit_to,
            disclose_at=morning_of(plan.visit_from),
            state=State.PLANNED,
            opened_at=act.now,
            codes=[],
            version=1,
        )
        for number, one in enumerate(drawn, start=1)
    ]
    store.add_visits(act.session, visits, _teams(act, visits, held))
    log(act, what="visits.open", region=draw.region, subject=draw.id, visits=len(visits))


def _regimes(needs: tuple[str, ...]) -> list[str]:
    return [tag.removeprefix(REGIME) for tag in needs if tag.startswith(REGIME)]


def _teams(act: Act, visits: list[Visit], held: Held) -> list[VisitOfficer]:
    seats = held.deal.teams
    known = store.inspectors_by_code(act.session, (seat.inspector for seat in seats))
    visit_of = {visit.entity_key: visit.id for visit in visits}
    return [
        VisitOfficer(
            visit_id=visit_of[seat.entity],
            slot=seat.slot,
            inspector=seat.inspector,
            name=known[seat.inspector].name,
            certificate_no=known[seat.inspector].certificate_no,
            agency=known[seat.inspector].agency,
        )
        for seat in seats
    ]
