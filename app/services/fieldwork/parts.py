"""Whose part a caller has in a joint inspection 联合抽查."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping

from app.domain.access import Caller
from app.domain.errors import NotAllowed
from app.domain.fieldwork.parts import Part, part_of
from app.domain.fieldwork.record import Record
from app.services.context import Act
from app.store.fieldwork import visits as store
from app.store.paging import AnyRow
from app.store.tables.fieldwork import Visit


def own_part(act: Act, visit: Visit, officer: str) -> Part | None:
    """The part of an officer of the team; None where the visit is no joint one."""
    if visit.agencies is None:
        return None
    team = store.people(act.session, visit.id).officers
    agency = next((one.agency for one in team if one.inspector == officer), None)
    return part_of(visit.checklist, agencies=visit.agencies, agency=agency)


def seen_part(caller: Caller, visit: Mapping[str, Any] | RowMapping, team: Sequence[AnyRow]) -> Part | None:
    """The part that a reader sees of a visit whose columns and team were read already."""
    if visit["agencies"] is None:
        return None
    own = next((one.agency for one in team if one.inspector == caller.inspector), caller.agency)
    return part_of(visit["checklist"], agencies=visit["agencies"], agency=own)


def part_for(connection: Connection, caller: Caller, visit: Visit | AnyRow) -> Part | None:
    """The part that a reader sees: an officer his agency's, whoever has a key of an agency that agency's.

    Args:
        connection: where to read.
        caller: who reads.
        visit: its `id`, `checklist` and `agencies`.
    """
    if visit.agencies is None:
        return None
    team = store.officers_of(connection, [visit.id])[visit.id]
    return seen_part(caller, {"checklist": visit.checklist, "agencies": visit.agencies}, team)


def refuse_all_but_lead(part: Part | None) -> None:
    """See that an act on the whole of a joint visit is the lead agency's.

    Raises:
        NotAllowed: `lead-agency-only`.
    """
    if part is not None and not part.lead:
        raise NotAllowed("lead-agency-only")


def refuse_foreign_evidence(part: Part | None, agency: str | None) -> None:
    """See that a piece of evidence is withdrawn by the agency that handed it in.

    Raises:
        NotAllowed: `other-agencys-evidence`.
    """
    if part is not None and not part.owns_of(agency):
        raise NotAllowed("other-agencys-evidence")


def refuse_foreign_finding(part: Part | None, record: Record, finding: str | None) -> None:
    """See that what follows from a finding is decided by the agency whose finding it is.

    Raises:
        NotAllowed: `other-agencys-finding`.
    """
    if part is None:
        return
    entry = next((one.entry for one in record.findings if one.ref == finding), None)
    if not part.owns(entry):
        raise NotAllowed("other-agencys-finding")
