"""A person says whether two entities are one premises."""

from app.domain.errors import Missing, NotAllowed, RuleBroken
from app.services.access import log
from app.services.context import Act, Look
from app.services.sources import joining, parting
from app.services.sources.joining import SameRegime
from app.store.paging import AnyRow, Rows
from app.store.registers import bulk
from app.store.registers.pages import Paging
from app.store.sources import matches as store
from app.store.tables.sources import SourceMatch


def read(look: Look, match_id: str) -> AnyRow:
    """One pair.

    Raises:
        Missing: there is none in the caller's region.
    """
    found = store.match_row(look.connection, match_id)
    if found is None or not look.caller.sees(found.region):
        raise Missing("not-found")
    return found


def read_page(look: Look, *, state: str | None, paging: Paging) -> Rows:
    """A page of the pairs that the caller sees."""
    return store.match_page(look.connection, region=look.caller.region, state=state, paging=paging)


def confirm(act: Act, match_id: str, *, same_regime: SameRegime | None, reason: str | None) -> AnyRow:
    """Say that a pair is one premises: the first goes into the second, with all that belongs to it.

    Raises:
        Missing: no such pair, or one of the two lies outside the caller's region.
        NotAllowed: the caller proposed it.
        RuleBroken: it was decided already; a visit or a draw holds the first one where it is; or both have a
            registration of one regime that differs, and the caller does not say whose word holds.
    """
    bulk.hold_still(act.session)  # before anything is locked, as imports and pulls do
    match = _open_match(act, match_id)
    entity, into = store.entity(act.session, match.joined_id), store.entity(act.session, match.kept_id)
    if not (act.caller.sees(entity.region) and act.caller.sees(into.region)):
        raise Missing("not-found")
    held = joining.hindrance(act, entity)
    if held is not None:
        raise RuleBroken(held.code, **held.values)
    differing = joining.differing_regimes(act, entity, into)
    if differing and same_regime is None:
        raise RuleBroken("match-same-regime", regimes=", ".join(differing))
    _decide(act, match, "confirmed", reason)
    joining.join(act, entity, into, same_regime=same_regime or "kept", why=match.id)
    return told(act, match)


def reject(act: Act, match_id: str, *, reason: str) -> AnyRow:
    """Say that a pair is two premises; the pair is not put before anybody again.

    Raises:
        Missing: no such pair.
        NotAllowed: the caller proposed it.
        RuleBroken: it was decided already.
    """
    match = _open_match(act, match_id)
    _decide(act, match, "rejected", reason)
    return told(act, match)


def undo(act: Act, match_id: str, *, reason: str) -> AnyRow:
    """Say that a pair that was confirmed is two premises after all: what had moved goes back.

    Raises:
        Missing: no such pair, or one of the two lies outside the caller's region.
        RuleBroken: it was not confirmed; the kept one has gone into another since, or something holds it.
    """
    bulk.hold_still(act.session)
    match = _match_in(act, match_id, "confirmed")
    parting.part(act, match, reason=reason)
    match.state, match.undone_because = "undone", reason
    match.undone_by, match.undone_by_name, match.undone_at = act.caller.id, act.caller.name, act.now
    act.session.flush()
    log_pair(act, match, "undo", reason)
    return told(act, match)


def _open_match(act: Act, match_id: str) -> SourceMatch:
    match = _match_in(act, match_id, "open")
    if match.proposed_by == act.caller.id:
        raise NotAllowed("own-match")
    return match


def _match_in(act: Act, match_id: str, state: str) -> SourceMatch:
    match = store.match_for_change(act.session, match_id)
    if match is None or not act.caller.sees(match.region):
        raise Missing("not-found")
    if match.state != state:
        raise RuleBroken("wrong-state", state=match.state, wanted=state)
    return match


def _decide(act: Act, match: SourceMatch, state: str, reason: str | None) -> None:
    match.state, match.reason = state, reason
    match.decided_by, match.decided_by_name, match.decided_at = act.caller.id, act.caller.name, act.now
    act.session.flush()
    log_pair(act, match, "confirm" if state == "confirmed" else "reject", reason)


def log_pair(act: Act, match: SourceMatch, step: str, reason: str | None) -> None:
    """Note in the audit log what became of a pair."""
    log(
        act,
        what=f"source-matches.{step}",
        region=match.region,
        subject=match.id,
        joined=match.joined_id,
        kept=match.kept_id,
        reason=reason,
    )


def told(act: Act, match: SourceMatch) -> AnyRow:
    """A pair as an act has left it.

    Raises:
        Missing: it is gone.
    """
    found = store.match_row(act.session.connection(), match.id)
    if found is None:
        raise Missing("not-found")
    return found
