"""Inspectors 执法检查人员: found, listed, entered, changed, absent; and their recusals."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection
from sqlmodel import col

from app.domain.access import Caller
from app.domain.errors import FieldError, Malformed, Missing, RuleBroken
from app.domain.registers import INSPECTORS, RECUSALS
from app.domain.registers.timeliness import EARLIEST
from app.services.context import Act, Look
from app.services.registers.entering import amend, enter
from app.services.registers.landing import change as history_entry
from app.store.paging import Rows
from app.store.registers import bulk, lists, staff
from app.store.registers.bulk import Record
from app.store.registers.inspector_records import natural_key, said_already
from app.store.registers.lists import InspectorFilter, RecusalFilter
from app.store.registers.pages import Paging, Records
from app.store.registers.shelves import INSPECTOR_SHELF, RECUSAL_SHELF
from app.store.tables.registers import InspectorAbsence, RegisteredInspector, RegisteredRecusal
from app.store.tables.staffing import InspectorTraining

ABSENCES = "absences"


def find(connection: Connection, caller: Caller, code: str) -> Record:
    """One inspector by code.

    Raises:
        Missing: there is none, or it lies outside the caller's region.
    """
    found = lists.shelf_row(connection, INSPECTOR_SHELF.query, col(RegisteredInspector.code) == code)
    if found is None or not caller.sees(found["held_region"]):
        raise Missing("not-found")
    return found


def read(look: Look, code: str) -> Record:
    """One inspector."""
    found = find(look.connection, look.caller, code)
    return _with_trainings(look.connection, [found])[0]


def read_page(look: Look, where: InspectorFilter, paging: Paging) -> Records:
    """A page of the inspectors that the caller sees."""
    found = lists.shelf_page(
        look.connection,
        INSPECTOR_SHELF.query,
        INSPECTOR_SHELF,
        where.conditions(),
        region=look.caller.region,
        paging=paging,
    )
    return replace(found, rows=_with_trainings(look.connection, found.rows))


def _with_trainings(connection: Connection, rows: list[Record]) -> list[Record]:
    """Add until when each is trained: as the trainings on file say, else as the register does."""
    ids = [row["id"] for row in rows]
    trained = staff.trained_to(connection, col(InspectorTraining.inspector_id).in_(ids)) if ids else {}
    return [{**row, "trained_to": trained.get(row["id"], row["training_to"])} for row in rows]


def register(act: Act, members: Mapping[str, object]) -> Record:
    """Enter an inspector, in the caller's own region."""
    return _with_trainings(act.session.connection(), [enter(act, INSPECTORS, members)])[0]


def change(act: Act, code: str, patch: Mapping[str, object]) -> Record:
    """Change what is said of an inspector."""
    connection = act.session.connection()
    changed = amend(act, INSPECTOR_SHELF, find(connection, act.caller, code), patch)
    return _with_trainings(connection, [changed])[0]


def history(look: Look, code: str, paging: Paging) -> Rows:
    """Who changed what of an inspector, of absences and recusals too, newest first."""
    return lists.changes_page(look.connection, read(look, code)["id"], paging)


def read_absences(look: Look, code: str, paging: Paging) -> Rows:
    """A page of an inspector's absences."""
    return lists.absences_page(look.connection, read(look, code)["id"], paging)


def read_absence(look: Look, code: str, absence_id: str) -> Record:
    """One absence."""
    return _find_absence(look.connection, read(look, code), absence_id)


def _find_absence(connection: Connection, inspector: Record, absence_id: str) -> Record:
    found = lists.absence(connection, inspector_id=inspector["id"], absence_id=absence_id)
    if found is None:
        raise Missing("not-found")
    return found


def add_absence(act: Act, code: str, *, starts_on: date, ends_on: date, reason: str | None) -> Record:
    """Enter an absence, both days included.

    Raises:
        Malformed: it ends before it starts, or a day is absurdly early.
        RuleBroken: it is on file already.
    """
    if ends_on < starts_on:
        raise Malformed("malformed", FieldError("/ends_on", "ends-before-start"))
    if starts_on < EARLIEST:
        earliest = (("earliest", EARLIEST.isoformat()),)
        raise Malformed("malformed", FieldError("/starts_on", "day-too-early", earliest))
    bulk.lock(act.session, INSPECTORS.name)
    inspector = find(act.session.connection(), act.caller, code)
    key = natural_key(inspector["id"], starts_on, ends_on)
    same = said_already(act.session.connection(), InspectorAbsence, key)
    if same is not None:
        raise RuleBroken("already-recorded", record=same)
    made: Record = {"id": act.new_id(), "starts_on": starts_on, "ends_on": ends_on, "reason": reason}
    stored = {**made, "inspector_id": inspector["id"], "natural_key": key}
    bulk.insert_records(act.session, InspectorAbsence, [stored])
    note(act, ABSENCES, inspector, "created", made["id"], before=None, after=made)
    return made


def drop_absence(act: Act, code: str, absence_id: str) -> None:
    """Take an absence out; the history keeps it."""
    inspector = find(act.session.connection(), act.caller, code)
    found = _find_absence(act.session.connection(), inspector, absence_id)
    lists.drop_absence(act.session, absence_id)
    note(act, ABSENCES, inspector, "deleted", absence_id, before=found, after=None)


def note(
    act: Act,
    register: str,
    inspector: Record,
    what: str,
    record_id: str,
    *,
    before: Record | None,
    after: Record | None,
) -> None:
    """Note a change of one of an inspector's records in the history."""
    entry = history_entry(
        act,
        register,
        what,
        subject_id=inspector["id"],
        record_id=record_id,
        region=inspector["held_region"],
        before=before,
        after=after,
    )
    bulk.add_changes(act.session, [entry])


def read_recusals(look: Look, where: RecusalFilter, paging: Paging) -> Records:
    """A page of the recusals at entities that the caller sees."""
    return lists.shelf_page(
        look.connection,
        RECUSAL_SHELF.query,
        RECUSAL_SHELF,
        where.conditions(),
        region=look.caller.region,
        paging=paging,
    )


def _find_recusal(connection: Connection, caller: Caller, recusal_id: str) -> Record:
    found = lists.shelf_row(connection, RECUSAL_SHELF.query, col(RegisteredRecusal.id) == recusal_id)
    if found is None or not caller.sees(found["held_region"]):
        raise Missing("not-found")
    return found


def read_recusal(look: Look, recusal_id: str) -> Record:
    """One recusal."""
    return _find_recusal(look.connection, look.caller, recusal_id)


def recuse(act: Act, members: Mapping[str, object]) -> Record:
    """Enter a ground for recusal."""
    return enter(act, RECUSALS, members)


def change_recusal(act: Act, recusal_id: str, patch: Mapping[str, object]) -> Record:
    """Say until when it holds."""
    return amend(act, RECUSAL_SHELF, _find_recusal(act.session.connection(), act.caller, recusal_id), patch)
