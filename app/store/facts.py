"""What the registers say, read for a draw: a few selects over a region, never one per premises."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, SQLColumnExpression, or_, select
from sqlmodel import Session, col

from app.domain.facts import (
    Absence,
    DeclaredRecusal,
    Officer,
    Premises,
)
from app.domain.regions import region_prefix
from app.store import premises
from app.store.registers import assignments, staff
from app.store.tables.registers import (
    Entity,
    InspectorAbsence,
    RegisteredInspector,
    RegisteredRecusal,
)
from app.store.tables.staffing import InspectorTraining

Source = Session | Connection
Columns = tuple[SQLColumnExpression[Any], ...]
Query = Select[*tuple[Any, ...]]


def premises_in(
    source: Source,
    *,
    region: str,
    regimes: Collection[str],
    visits_since: date,
    disclosed_by: datetime | None = None,
) -> list[Premises]:
    """Every premises of a region as `app.store.premises` gives them, all at once.

    Args:
        source: where to read.
        region: a region code or prefix.
        regimes: regimes 监管类别 of the registrations to load; any status.
        visits_since: earlier visits influence nothing and stay unread.
        disclosed_by: as of `app.store.premises.kept_premises_in`.
    """
    return list(
        premises.premises_in(
            source, region=region, regimes=regimes, visits_since=visits_since, disclosed_by=disclosed_by
        )
    )


def entity_row(source: Source, key: str) -> Row[Any] | None:
    """`id`, `key` and `region` of an entity, by its id or its DR1 entity id (which a USCC is)."""
    columns: Columns = (col(Entity.id), col(Entity.key), col(Entity.region))
    found = source.execute(select(*columns).where(or_(col(Entity.id) == key, col(Entity.key) == key)))
    return found.one_or_none()


def officers_near(source: Source, *, region: str, on_or_after: date) -> list[Officer]:
    """Every inspector whose record is kept for this region, one above it or one in it, or who is lent to it.

    Args:
        source: where to read.
        region: a region code or prefix.
        on_or_after: absences and assignments that ended earlier stay unread.
    """
    lent = assignments.assignments_near(source, region=region, on_or_after=on_or_after)
    near = or_(
        assignments.touching(col(RegisteredInspector.region), region),
        col(RegisteredInspector.id).in_(lent),
    )
    absences = _absences(source, on_or_after=on_or_after)
    trained, qualified = staff.trained_to(source), staff.qualifications(source)
    return [
        replace(
            _officer(row, absences.get(row.id, ())),
            training_to=trained.get(row.id, row.training_to),
            qualifications=tuple(qualified.get(row.id, ())),
            assignments=tuple(lent.get(row.id, ())),
        )
        for row in source.execute(_officers().where(near))
    ]


def officers_registered(source: Source, *, codes: Collection[str]) -> dict[str, Officer]:
    """The inspectors of these codes, wherever their records are kept: their own columns, no other records."""
    rows = source.execute(_officers().where(col(RegisteredInspector.code).in_(codes)))
    return {row.code: _officer(row, ()) for row in rows}


def officers_named(source: Source, *, codes: Collection[str], on_or_after: date) -> dict[str, Officer]:
    """The inspectors of these codes with everything that can keep them from a visit; no qualifications.

    Args:
        source: where to read.
        codes: of inspectors.
        on_or_after: absences and assignments that ended earlier stay unread.
    """
    rows = source.execute(_officers().where(col(RegisteredInspector.code).in_(codes))).all()
    ids = [row.id for row in rows]
    absences = _absences(source, col(InspectorAbsence.inspector_id).in_(ids), on_or_after=on_or_after)
    trained = staff.trained_to(source, col(InspectorTraining.inspector_id).in_(ids))
    lent = assignments.assignments_held(source, inspectors=ids, on_or_after=on_or_after)
    return {
        row.code: replace(
            _officer(row, absences.get(row.id, ())),
            training_to=trained.get(row.id, row.training_to),
            assignments=tuple(lent.get(row.id, ())),
        )
        for row in rows
    }


def recusals_in(source: Source, *, region: str) -> list[DeclaredRecusal]:
    """Every declared recusal at a premises of a region."""
    return _recusals(source, col(Entity.region).startswith(region_prefix(region), autoescape=True))


def recusals_between(
    source: Source, *, inspectors: Collection[str], entities: Collection[str]
) -> list[DeclaredRecusal]:
    """Every declared recusal of some inspectors at some premises, by codes and DR1 entity ids."""
    return _recusals(source, col(RegisteredInspector.code).in_(inspectors), col(Entity.key).in_(entities))


def _recusals(source: Source, *conditions: ColumnElement[bool]) -> list[DeclaredRecusal]:
    rows = source.execute(
        select(
            col(RegisteredInspector.code),
            col(Entity.key),
            col(RegisteredRecusal.relation),
            col(RegisteredRecusal.starts_on),
            col(RegisteredRecusal.ends_on),
        )
        .join(Entity, col(Entity.id) == col(RegisteredRecusal.entity_id))
        .join(RegisteredInspector, col(RegisteredInspector.id) == col(RegisteredRecusal.inspector_id))
        .where(*conditions)
    )
    return [
        DeclaredRecusal(
            inspector=row.code,
            entity=row.key,
            relation=row.relation,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in rows
    ]


def _absences(
    source: Source, *conditions: ColumnElement[bool], on_or_after: date
) -> Mapping[str, list[Absence]]:
    """Absences that have not ended before a day, by ids of inspectors."""
    found: dict[str, list[Absence]] = defaultdict(list)
    for row in source.execute(
        select(
            col(InspectorAbsence.inspector_id),
            col(InspectorAbsence.starts_on),
            col(InspectorAbsence.ends_on),
        ).where(col(InspectorAbsence.ends_on) >= on_or_after, *conditions)
    ):
        found[row.inspector_id].append(Absence(starts_on=row.starts_on, ends_on=row.ends_on))
    return found


def _officers() -> Query:
    columns: Columns = (
        *(col(RegisteredInspector.id), col(RegisteredInspector.code), col(RegisteredInspector.region)),
        *(col(RegisteredInspector.kind), col(RegisteredInspector.agency), col(RegisteredInspector.lead)),
        *(col(RegisteredInspector.certificate_to), col(RegisteredInspector.training_to)),
        *(col(RegisteredInspector.regimes), col(RegisteredInspector.districts)),
        *(col(RegisteredInspector.cap), col(RegisteredInspector.not_seen_since)),
    )
    return select(*columns)


def _officer(row: Row[Any], absences: Iterable[Absence]) -> Officer:
    return Officer(
        code=row.code,
        region=row.region,
        kind=row.kind,
        agency=row.agency,
        lead=row.lead,
        certificate_to=row.certificate_to,
        training_to=row.training_to,
        regimes=tuple(row.regimes),
        districts=tuple(row.districts),
        cap=row.cap,
        not_seen=row.not_seen_since is not None,
        absences=tuple(absences),
    )
