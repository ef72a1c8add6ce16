"""Trainings 培训 and qualifications 业务资格 of inspectors: entered, corrected, withdrawn, never deleted.

The latest day to which a standing training holds gates the inspector in a draw, in place of the register's
own date; standing qualifications for a regime decide about it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.days import shanghai_day
from app.domain.errors import FieldError, Malformed, Missing, RuleBroken
from app.domain.registers import INSPECTORS
from app.domain.registers.timeliness import EARLIEST
from app.services.context import Act, Look
from app.services.registers import inspectors
from app.store.paging import Rows
from app.store.registers import bulk
from app.store.registers import inspector_records as store
from app.store.registers.bulk import Record
from app.store.registers.inspector_records import Table
from app.store.registers.pages import Paging
from app.store.tables.staffing import InspectorQualification, InspectorTraining


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of records.

    Attributes:
        name: in the history.
        table: where they stand.
        fields: what is entered, with the value of what is left out; `...` where nothing may be.
        said: the fields that say which record it is; two of the same say it twice.
        faults: what is wrong with a record on a day.
    """

    name: str
    table: Table
    fields: Mapping[str, Any]
    said: Sequence[str]
    faults: Callable[[Record, date], Iterator[FieldError]]


def _early_days(found: Record, *names: str) -> Iterator[FieldError]:
    for name in names:
        if found[name] is not None and found[name] < EARLIEST:
            yield FieldError(f"/{name}", "day-too-early", (("earliest", EARLIEST.isoformat()),))


def _training_faults(training: Record, today: date) -> Iterator[FieldError]:
    if training["held_on"] > today:
        yield FieldError("/held_on", "in-the-future", (("today", today.isoformat()),))
    yield from _early_days(training, "held_on", "valid_to")
    if training["valid_to"] is not None and training["valid_to"] < training["held_on"]:
        yield FieldError("/valid_to", "ends-before-start")


def _qualification_faults(found: Record, _today: date) -> Iterator[FieldError]:
    yield from _early_days(found, "valid_from", "valid_to")
    if None not in {found["valid_from"], found["valid_to"]} and found["valid_to"] < found["valid_from"]:
        yield FieldError("/valid_to", "ends-before-start")


TRAININGS: Final = Kind(
    name="trainings",
    table=InspectorTraining,
    fields={"course": ..., "held_on": ..., "hours": ..., "valid_to": None, "certificate": None},
    said=("held_on", "course"),
    faults=_training_faults,
)
QUALIFICATIONS: Final = Kind(
    name="qualifications",
    table=InspectorQualification,
    fields={"regime": ..., "certificate": None, "valid_from": None, "valid_to": None},
    said=("regime", "valid_from", "valid_to", "certificate"),
    faults=_qualification_faults,
)


def read_page(look: Look, kind: Kind, code: str, paging: Paging) -> Rows:
    """A page of an inspector's records, withdrawn ones too.

    Raises:
        Missing: no such inspector in the caller's region.
    """
    inspector = inspectors.find(look.connection, look.caller, code)
    return store.record_rows(look.connection, kind.table, inspector["id"], paging)


def read(look: Look, kind: Kind, code: str, record_id: str) -> Record:
    """One record.

    Raises:
        Missing: no such inspector in the caller's region, or no such record.
    """
    inspector = inspectors.find(look.connection, look.caller, code)
    found = store.record(look.connection, kind.table, inspector_id=inspector["id"], record_id=record_id)
    if found is None:
        raise Missing("not-found")
    return found


def add(act: Act, kind: Kind, code: str, members: Mapping[str, object]) -> Record:
    """Enter a record.

    Raises:
        Missing: no such inspector in the caller's region.
        Malformed: with every value that cannot be.
        RuleBroken: it is on file already.
    """
    bulk.lock(act.session, INSPECTORS.name)
    inspector = inspectors.find(act.session.connection(), act.caller, code)
    values = _checked(act, kind, members)
    made = {"id": act.new_id(), **values, "withdrawn_at": None, "withdrawn_because": None}
    key = _key_of(act, kind, inspector["id"], values)
    stored = {**made, "inspector_id": inspector["id"], "natural_key": key}
    bulk.insert_records(act.session, kind.table, [stored])
    inspectors.note(act, kind.name, inspector, "created", made["id"], before=None, after=values)
    return made


def correct(act: Act, kind: Kind, code: str, record_id: str, patch: Mapping[str, object]) -> Record:
    """Correct a record (RFC 7396); the history keeps what was said before.

    Raises:
        Missing: no such inspector in the caller's region, or no such record.
        Malformed: with every value that cannot be.
        RuleBroken: it was withdrawn, or another record says just that already.
    """
    inspector, found = _standing(act, kind, code, record_id)
    values = _checked(act, kind, {**{name: found[name] for name in kind.fields}, **patch})
    after = {name: value for name, value in values.items() if found[name] != value}
    if after:
        key = _key_of(act, kind, inspector["id"], values, but=record_id)
        bulk.update_records(act.session, kind.table, [{"id": record_id, **after, "natural_key": key}])
        before = {name: found[name] for name in after}
        inspectors.note(act, kind.name, inspector, "updated", record_id, before=before, after=after)
    return {**found, **after}


def withdraw(act: Act, kind: Kind, code: str, record_id: str, *, reason: str) -> Record:
    """Let a record that was entered wrongly count for nothing; it stays on file.

    Raises:
        Missing: no such inspector in the caller's region, or no such record.
        RuleBroken: it was withdrawn already.
    """
    inspector, found = _standing(act, kind, code, record_id)
    after = {"withdrawn_at": act.now, "withdrawn_because": reason}
    bulk.update_records(act.session, kind.table, [{"id": record_id, **after, "natural_key": None}])
    inspectors.note(
        act, kind.name, inspector, "withdrawn", record_id, before=dict.fromkeys(after), after=after
    )
    return {**found, **after}


def _standing(act: Act, kind: Kind, code: str, record_id: str) -> tuple[Record, Record]:
    bulk.lock(act.session, INSPECTORS.name)
    connection = act.session.connection()
    inspector = inspectors.find(connection, act.caller, code)
    found = store.record(connection, kind.table, inspector_id=inspector["id"], record_id=record_id)
    if found is None:
        raise Missing("not-found")
    if found["withdrawn_at"] is not None:
        raise RuleBroken("already-withdrawn")
    return inspector, found


def _key_of(act: Act, kind: Kind, inspector_id: str, values: Record, *, but: str | None = None) -> str:
    """The key of a record.

    Raises:
        RuleBroken: another one has it.
    """
    key = store.natural_key(inspector_id, *(values[name] for name in kind.said))
    same = store.said_already(act.session.connection(), kind.table, key)
    if same not in {None, but}:
        raise RuleBroken("already-recorded", record=same)
    return key


def _checked(act: Act, kind: Kind, members: Mapping[str, object]) -> Record:
    values = {**kind.fields, **members}
    faults = [
        FieldError(f"/{name}", "missing")
        for name, left_out in kind.fields.items()
        if left_out is ... and values[name] in {None, ...}
    ]
    if not faults:
        faults = [*kind.faults(values, shanghai_day(act.now))]
    if faults:
        raise Malformed("malformed", *faults)
    return values
