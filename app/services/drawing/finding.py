"""A draw for an act: seen by the caller, locked, in the state that the act needs."""

from app.domain.access import Caller, Role
from app.domain.errors import Missing, RuleBroken
from app.services.agencies import agencies_of_draw
from app.services.context import Act
from app.store import drawing as store
from app.store.fieldwork.disclosure import undisclosed_until
from app.store.tables.drawing import Draw


def draw_for(act: Act, draw_id: str) -> Draw:
    """The draw of this id or number, locked until the act ends.

    Raises:
        Missing: there is none, it lies outside the caller's region, or it is other agencies'; witnesses are
            of no side.
    """
    draw = store.draw_for_change(act.session, store.DrawName(draw_id, act.settings.origin))
    if draw is None or not act.caller.sees(draw.region):
        raise Missing("not-found")
    if not (_of_no_side(act.caller) or act.caller.speaks_for(agencies_of_draw(act.session, draw, act.now))):
        raise Missing("not-found")
    return draw


def _of_no_side(caller: Caller) -> bool:
    """Whether the caller is nobody's, or a witness: a draw may well want one of another agency."""
    return caller.agency is None or Role.WITNESS in caller.roles


def draw_in_state(act: Act, draw_id: str, *wanted: str) -> Draw:
    """The draw, locked, in one of the states wanted.

    Raises:
        Missing: as `draw_for`.
        RuleBroken: it is in another state.
    """
    draw = draw_for(act, draw_id)
    if draw.state not in wanted:
        raise RuleBroken("wrong-state", state=draw.state, wanted=", ".join(wanted))
    return draw


def refuse_before_disclosure(act: Act, draw: Draw, *, region: str) -> None:
    """See that what a draw froze tells nobody but the dispatcher what an earlier draw gave (clause B8).

    A line without a duty, or an inspector whose load is used up, was drawn before. All of the draw's lists
    wait, whoever is asked about: to keep back some would name them.

    Args:
        act: whose.
        draw: the draw that froze its lists.
        region: prefix of the places whose earlier visits its lists tell of.

    Raises:
        RuleBroken: `not-disclosed-yet`.
    """
    if Role.DISPATCHER in act.caller.roles:
        return
    if undisclosed_until(act.session, draw, region=region, now=act.now) is not None:
        raise RuleBroken("not-disclosed-yet")


def secret_of(act: Act, draw: Draw) -> str:
    """The draw's secret, opened from the vault."""
    return act.vault.open(draw.sealed_secret, context=secret_context(draw.id)).decode()


def secret_context(draw_id: str) -> str:
    """What binds a sealed secret to its draw."""
    return f"draws/{draw_id}/secret"
