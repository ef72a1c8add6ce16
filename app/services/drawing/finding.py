"""A draw for an act: seen by the caller, locked, in the state that the act needs."""

from app.domain.errors import Missing, RuleBroken
from app.services.context import Act
from app.store import drawing as store
from app.store.tables.drawing import Draw


def draw_for(act: Act, draw_id: str) -> Draw:
    """The draw of this id or number, locked until the act ends.

    Raises:
        Missing: there is none, or it lies outside the caller's region.
    """
    draw = store.draw_for_change(act.session, store.DrawName(draw_id, act.settings.origin))
    if draw is None or not act.caller.sees(draw.region):
        raise Missing("not-found")
    return draw


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


def secret_of(act: Act, draw: Draw) -> str:
    """The draw's secret, opened from the vault."""
    return act.vault.open(draw.sealed_secret, context=secret_context(draw.id)).decode()


def secret_context(draw_id: str) -> str:
    """What binds a sealed secret to its draw."""
    return f"draws/{draw_id}/secret"
