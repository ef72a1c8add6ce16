"""What the end of a draw does to its visits."""

from sqlmodel import Session

from app.domain.days import shanghai_day
from app.domain.fieldwork.visit import UNDER_WAY, State
from app.services.access import log
from app.services.context import Act, Look
from app.store.fieldwork import visits as store
from app.store.tables.drawing import Draw


def open_visits_of(session: Session, draw_id: str) -> int:
    """How many visits of a draw are not finished."""
    return store.open_count(session, draw_id)


def draw_with_unmade_visits(look: Look) -> str | None:
    """Id of a draw that is at its `reveal_by` and has visits that nobody has begun; None where none is."""
    return store.draw_with_unmade_visits(look.connection, reveal_by=shanghai_day(look.now))


def give_up_open_visits(act: Act, draw_id: str) -> None:
    """Close what was not visited as not visited 未检查: public, and owed again.

    Where officers have been, the visit stays open for its record, and its result for its clock. One officer
    alone is no visit (行政处罚法 art. 42: not fewer than two). What waited for the second one when its draw
    was voided is cancelled as the others were.
    """
    voided = store.is_voided(act.session, draw_id)
    for visit in store.open_of_draw(act.session, draw_id):
        if visit.state in UNDER_WAY:
            continue
        visit.state, visit.ended_on = State.CANCELLED if voided else State.NOT_VISITED, shanghai_day(act.now)
        visit.version += 1
        what = "visits.cancel" if voided else "visits.not-visited"
        log(act, what=what, region=visit.region, subject=visit.id, draw=draw_id)


def cancel_planned_visits(act: Act, draw: Draw) -> None:
    """Cancel the visits of a voided draw that have not begun; those under way go on to their results."""
    for visit in store.open_of_draw(act.session, draw.id):
        if visit.state == State.PLANNED and not store.people(act.session, visit.id).check_ins:
            visit.state, visit.ended_on = State.CANCELLED, shanghai_day(act.now)
            visit.version += 1
            log(act, what="visits.cancel", region=visit.region, subject=visit.id, draw=draw.id)


def close(act: Act, visit_id: str) -> None:
    """Close a visit whose result has become public: from now on it stands.

    Closing it again, after a correction became public, changes nothing.
    """
    visit = store.visit_for_change(act.session, visit_id)
    if visit is not None and visit.state == State.SUBMITTED:
        visit.state = State.CLOSED
        visit.version += 1
