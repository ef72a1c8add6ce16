"""Putting off the day of a disposition 延期: asked for by its team, decided by another person."""

from collections.abc import Sequence
from datetime import date

from app.domain.days import shanghai_day
from app.domain.errors import Missing, RuleBroken
from app.domain.fieldwork import extensions as rules
from app.domain.fieldwork.extensions import State
from app.services.access import log
from app.services.context import Act, Look
from app.services.fieldwork import dispositions, recheck_clock
from app.services.fieldwork.finding import visit_for
from app.services.fieldwork.rechecking import disposition_with_visit, refuse_while_open
from app.store.fieldwork import dispositions as disposition_store
from app.store.fieldwork import extensions as store
from app.store.paging import AnyRow
from app.store.results.publications import callers_of
from app.store.tables.fieldrecords import Disposition, DispositionExtension
from app.store.tables.fieldwork import Visit


def ask(act: Act, disposition_id: str, *, due_on: date, reason: str) -> DispositionExtension:
    """Ask for a later day, while the term still runs.

    Raises:
        Missing: no such disposition of the caller's team.
        RuleBroken: done, without a day, being checked again, a request waits, or `extension-refused`.
    """
    visit, disposition = disposition_with_visit(act, disposition_id)
    newest = store.newest(act.session, disposition.id)
    asked = newest is not None and newest.state == State.ASKED
    now = rules.check_extendable(state=disposition.state, due_on=disposition.due_on, asked=asked)
    refuse_while_open(act, disposition)
    found = list(rules.faults(due_on=now, wanted=due_on, today=shanghai_day(act.now)))
    if found:
        raise RuleBroken("extension-refused", *found)
    extension = DispositionExtension(
        disposition_id=disposition.id,
        n=1 if newest is None else newest.n + 1,
        due_before=now,
        due_on=due_on,
        reason=reason,
        state=State.ASKED,
        asked_by=act.caller.id,
        asked_by_name=act.caller.name,
        asked_at=act.now,
    )
    store.add(act.session, extension)
    _log(act, visit, extension, "ask")
    return extension


def approve(act: Act, disposition_id: str, n: int, *, note: str | None) -> DispositionExtension:
    """Let the later day hold: the re-check runs by it, and is owed anew where there was one.

    Raises:
        Missing: no such request that the caller may see.
        RuleBroken: decided already, done meanwhile, or being checked again.
        NotAllowed: the caller asked, recorded the disposition, or was at the visit.
    """
    visit, disposition, extension = _asked(act, disposition_id, n)
    rules.check_extendable(state=disposition.state, due_on=disposition.due_on, asked=False)
    refuse_while_open(act, disposition)
    _decide(act, extension, State.APPROVED, note)
    disposition.due_on, disposition.rechecked_on = extension.due_on, None
    recheck_clock.wind(act, visit, disposition)
    _log(act, visit, extension, "approve")
    return extension


def decline(act: Act, disposition_id: str, n: int, *, reason: str) -> DispositionExtension:
    """Let the day stand.

    Raises:
        Missing: no such request that the caller may see.
        RuleBroken: decided already.
        NotAllowed: the caller asked, recorded the disposition, or was at the visit.
    """
    visit, _, extension = _asked(act, disposition_id, n)
    _decide(act, extension, State.DECLINED, reason)
    _log(act, visit, extension, "decline")
    return extension


def history(look: Look, disposition_id: str) -> Sequence[AnyRow]:
    """Every request of a disposition with what became of it, in order.

    Raises:
        Missing: no such disposition that the caller may see.
    """
    dispositions.read(look, disposition_id)
    return store.rows_of(look.connection, disposition_id)


def _asked(act: Act, disposition_id: str, n: int) -> tuple[Visit, Disposition, DispositionExtension]:
    visit_id = disposition_store.visit_of_disposition(act.session, disposition_id)
    visit = None if visit_id is None else visit_for(act, visit_id)
    disposition = disposition_store.disposition_for_change(act.session, disposition_id)
    extension = store.one(act.session, disposition_id, n)
    if visit is None or disposition is None or extension is None:
        raise Missing("not-found")
    at_visit = callers_of(act.session, visit.id)
    hands = {extension.asked_by, disposition.recorded_by, *at_visit}
    rules.check_decision(extension.state, by=act.caller.id, hands=hands)
    return visit, disposition, extension


def _decide(act: Act, extension: DispositionExtension, state: State, said: str | None) -> None:
    extension.state, extension.decision = state, said
    extension.decided_by, extension.decided_by_name = act.caller.id, act.caller.name
    extension.decided_at = act.now


def _log(act: Act, visit: Visit, extension: DispositionExtension, what: str) -> None:
    days = {"before": extension.due_before.isoformat(), "after": extension.due_on.isoformat()}
    subject = extension.disposition_id
    log(act, what=f"extensions.{what}", region=visit.region, subject=subject, n=extension.n, **days)
