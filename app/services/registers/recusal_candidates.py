"""Suspected grounds for recusal 疑似回避: shown, confirmed into a recusal, or rejected with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from app.domain.access import Caller
from app.domain.errors import FieldError, Malformed, Missing, NotAllowed, RuleBroken
from app.domain.registers import RECUSALS
from app.domain.suspicions import CONFIRMED_AS, SAME_NAME
from app.services.access import log
from app.services.context import Act, Look
from app.services.registers import suspecting
from app.services.registers.suspecting import Days
from app.store.paging import AnyRow, Rows
from app.store.queues import wait_turn
from app.store.registers import suspicions as store
from app.store.registers.pages import Paging
from app.store.registers.suspicions import CONFIRMED, OPEN, REJECTED, CandidateFilter
from app.store.tables.staffing import RecusalCandidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What somebody found out about a suspicion.

    Attributes:
        relation: which it is; of a station officer always that one.
        entities: of a station those premises of which the officer is in charge; None: all, later ones too.
        starts_on: from when; None: always.
        ends_on: until when; None: without end.
        reason: how it was found out.
    """

    relation: str | None
    entities: Sequence[str] | None
    starts_on: date | None
    ends_on: date | None
    reason: str


def read_page(look: Look, where: CandidateFilter, paging: Paging) -> Rows:
    """A page of the findings at premises of the caller's region, newest first."""
    return store.candidate_rows(look.connection, where, region=look.caller.region, paging=paging)


def read(look: Look, candidate_id: str) -> Mapping[Any, Any]:
    """One finding.

    Raises:
        Missing: there is none at premises of the caller's region.
    """
    return _row(look.connection, look.caller, candidate_id)._mapping  # noqa: SLF001 - SQLAlchemy's public name for it


def confirm(act: Act, candidate_id: str, found: Confirmation) -> Mapping[Any, Any]:
    """Confirm a suspicion: it becomes a recusal of the register.

    Raises:
        Missing: none at premises of the caller's region.
        NotAllowed: the caller is the officer.
        Malformed: no relation of a same name, or premises that are not the station's.
        RuleBroken: it was decided on, or the register refuses the recusal.
    """
    row, candidate = _undecided(act, candidate_id)
    relation, entities = _confirmed(act, row, found)
    days = Days(starts_on=found.starts_on, ends_on=found.ends_on)
    declared = suspecting.declare(act, [(row.inspector, key) for key in entities], relation, days)
    candidate.relation = relation
    candidate.whole = candidate.entity_id is None and found.entities is None
    detail = {"relation": relation, "recusals": declared, "whole": candidate.whole}
    return _decided(act, candidate, CONFIRMED, found.reason, detail)


def reject(act: Act, candidate_id: str, *, reason: str) -> Mapping[Any, Any]:
    """Reject a suspicion: the same finding does not come up again.

    Raises:
        Missing: none at premises of the caller's region.
        NotAllowed: the caller is the officer.
        RuleBroken: it was decided on.
    """
    _, candidate = _undecided(act, candidate_id)
    return _decided(act, candidate, REJECTED, reason, {})


def _row(connection: Connection, caller: Caller, candidate_id: str) -> AnyRow:
    found = store.candidate_row(connection, candidate_id)
    if found is None or not caller.sees(found.region):
        raise Missing("not-found")
    return found


def _undecided(act: Act, candidate_id: str) -> tuple[AnyRow, RecusalCandidate]:
    wait_turn(act.session, suspecting.TURN)
    row = _row(act.session.connection(), act.caller, candidate_id)
    candidate = store.candidate_for_change(act.session, candidate_id)
    if candidate is None:
        raise Missing("not-found")
    if candidate.state != OPEN:
        raise RuleBroken("wrong-state", state=candidate.state, wanted=OPEN)
    if act.caller.inspector == row.inspector:
        raise NotAllowed("own-case")
    return row, candidate


def _confirmed(act: Act, row: AnyRow, found: Confirmation) -> tuple[str, Sequence[str]]:
    """The relation and the DR1 ids of the premises that a confirmation is about."""
    if found.starts_on and found.ends_on and found.ends_on < found.starts_on:
        raise Malformed("malformed", FieldError("/to", "ends-before-start"))
    if row.ground == SAME_NAME:
        if found.entities is not None:
            raise Malformed("malformed", FieldError("/entities", "entities-of-station-only"))
        if found.relation is None:
            known = ", ".join(code.value for code in RECUSALS.column("relation").codes)
            raise Malformed("malformed", FieldError("/relation", "relation-needed", (("allowed", known),)))
        return found.relation, [row.entity]
    if found.relation not in {None, CONFIRMED_AS}:
        raise Malformed("malformed", FieldError("/relation", "relation-fixed"))
    there = store.entities_at(act.session, region=row.region, station=row.station)
    if found.entities is None:
        return CONFIRMED_AS, there
    strangers = sorted({*found.entities} - {*there})
    if strangers:
        faults = [FieldError("/entities", "not-at-the-station", (("value", key),)) for key in strangers]
        raise Malformed("malformed", *faults)
    return CONFIRMED_AS, sorted({*found.entities})


def _decided(
    act: Act, candidate: RecusalCandidate, state: str, reason: str, detail: Mapping[str, object]
) -> Mapping[Any, Any]:
    candidate.state, candidate.reason = state, reason
    candidate.decided_by, candidate.decided_at = act.caller.id, act.now
    act.session.flush()
    log(
        act,
        what=f"recusal-candidates.{'confirm' if state == CONFIRMED else 'reject'}",
        region=candidate.region,
        subject=candidate.id,
        **detail,
    )
    return _row(act.session.connection(), act.caller, candidate.id)._mapping  # noqa: SLF001 - as above
