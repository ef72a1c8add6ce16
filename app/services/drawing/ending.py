"""How a draw ends: revealed when the visits are done, or voided for a listed reason by two people."""

from typing import Final

from app.domain.days import shanghai_day
from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.plan import parse_plan
from app.domain.draw.record.record import public_record
from app.domain.errors import NotAllowed, RuleBroken
from app.services.access import log
from app.services.agencies import refuse_all_but_lead
from app.services.context import Act
from app.services.drawing import files
from app.services.drawing.amending import refuse_pending
from app.services.drawing.finding import draw_in_state, secret_of
from app.services.drawing.publishing import publish
from app.services.drawing.randomness import committed_lists
from app.services.fieldwork import closing
from app.services.results import standings
from app.store import amendments
from app.store.tables.drawing import Draw

_NOT_ENDED: Final = ("committed", "drawn", "infeasible")


def reveal(act: Act, draw_id: str) -> Draw:
    """Publish the record 公开抽取记录, from the day `visit_to` on, when no visit is open.

    From `reveal_by` on what was not visited is closed as such, and the record is public without it.

    Raises:
        NotAllowed: of a joint draw, the caller is another agency's than the lead.
        RuleBroken: not drawn yet, ended already, the visits may still go on, a void awaits its decision or an
            amendment its random value; from `reveal_by` on nothing holds the record back.
    """
    draw = draw_in_state(act, draw_id, "drawn", "infeasible")
    refuse_all_but_lead(act, draw)
    if shanghai_day(act.now) < draw.visit_to:
        raise RuleBroken("too-early-to-reveal", visit_to=draw.visit_to.isoformat())
    if draw.void_requested_at is not None and shanghai_day(act.now) < draw.reveal_by:
        raise RuleBroken("void-pending", reason=draw.void_reason)
    if shanghai_day(act.now) < draw.reveal_by:
        refuse_pending(amendments.of_draw(act.session, draw.id))
    still_open = closing.open_visits_of(act.session, draw.id)
    if still_open and shanghai_day(act.now) < draw.reveal_by:
        raise RuleBroken("visits-open", count=still_open, reveal_by=draw.reveal_by.isoformat())
    closing.give_up_open_visits(act, draw.id)
    _dismiss(draw)
    draw.state, draw.revealed_at = "revealed", act.now
    publish(act, draw, {name: [content] for name, content in files.get(act, draw.id, "public").items()})
    standings.show(act, draw)
    log(act, what="draws.reveal", region=draw.region, subject=draw.id)
    return draw


def ask_to_void(act: Act, draw_id: str, reason: str) -> Draw:
    """Ask that a draw be voided; another person decides.

    Raises:
        RuleBroken: the record is public already, or somebody has asked before.
    """
    draw = draw_in_state(act, draw_id, *_NOT_ENDED)
    refuse_all_but_lead(act, draw)
    if draw.void_requested_at is not None:
        raise RuleBroken("void-pending", reason=draw.void_reason)
    draw.void_reason, draw.void_requested_by, draw.void_requested_at = reason, act.caller.id, act.now
    publish(act, draw)
    log(act, what="draws.void", region=draw.region, subject=draw.id, reason=reason)
    return draw


def reject_void(act: Act, draw_id: str) -> Draw:
    """Let the draw stand: nobody may hold a record back by asking alone.

    Raises:
        RuleBroken: nobody asked, or it has ended already.
        NotAllowed: the caller is the one who asked.
    """
    draw = _asked_to_void(act, draw_id)
    if act.caller.id == draw.void_requested_by:
        raise NotAllowed("own-request")
    log(act, what="draws.void.reject", region=draw.region, subject=draw.id, reason=draw.void_reason)
    _dismiss(draw)
    publish(act, draw)
    return draw


def _asked_to_void(act: Act, draw_id: str) -> Draw:
    """A draw that has not ended, of which somebody has asked that it be voided."""
    draw = draw_in_state(act, draw_id, *_NOT_ENDED)
    refuse_all_but_lead(act, draw)
    if draw.void_requested_at is None:
        raise RuleBroken("no-void-requested")
    return draw


def _dismiss(draw: Draw) -> None:
    """Forget a request to void; the audit log keeps it."""
    draw.void_reason = draw.void_requested_by = draw.void_requested_at = None


def approve_void(act: Act, draw_id: str) -> Draw:
    """Void the draw and publish its record, the would-be list too: drawing again leaves a trace.

    Raises:
        RuleBroken: nobody asked, or it has ended already.
        NotAllowed: the caller is the one who asked.
    """
    draw = _asked_to_void(act, draw_id)
    if act.caller.id in {draw.void_requested_by, draw.committed_by}:
        raise NotAllowed("own-request")
    record = _record_of_voided(act, draw)
    closing.cancel_planned_visits(act, draw)
    draw.state, draw.voided_at = "voided", act.now
    publish(act, draw, record)
    log(act, what="draws.void.approve", region=draw.region, subject=draw.id, reason=draw.void_reason)
    return draw


def _record_of_voided(act: Act, draw: Draw) -> dict[str, list[bytes]]:
    if draw.state != "committed":
        return {name: [content] for name, content in files.get(act, draw.id, "public").items()}
    plan = parse_plan(strict_json(draw.plan))
    prepared = committed_lists(act, draw, plan, secret_of(act, draw))
    record = {
        name: list(pieces)
        for name, pieces in public_record(plan=draw.plan, frozen=prepared.frozen, drawing=None).items()
    }
    files.put(act, draw.id, "public", record)
    return record
