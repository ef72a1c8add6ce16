"""The registers as they stood 当时状态 at the end of a past day: what was recorded later is taken back.

What counts is when something was known, not only when it happened: a penalty of May that was entered in June
was no ground for anything in May.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.domain.facts import UNCHANGED, Registration
from app.domain.registers.columns import STATUSES

Fields = Mapping[str, Any]

_STATUSES = frozenset(status.value for status in STATUSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One change of a record after the day: `created`, or what its fields were before."""

    record_id: str
    created: bool
    before: Fields


def taken_back(records: Mapping[str, Fields], changes: Iterable[Recorded]) -> dict[str, dict[str, Any]]:
    """Give the records as they were before some changes.

    Args:
        records: fields of each record by its id, as they are now.
        changes: every change after the day, the newest first; those of other records are passed over.
    """
    found = {record_id: dict(fields) for record_id, fields in records.items()}
    for change in changes:
        if change.created:
            found.pop(change.record_id, None)
        elif change.record_id in found:
            found[change.record_id].update(change.before)
    return found


def registration_on(registration: Registration, day: date) -> Registration | None:
    """Give a registration as it was at the end of a day; None where the service did not know it yet.

    Its later changes are taken back; whether a visit had ended its duties is not said here.
    """
    if registration.known_since is not None and registration.known_since > day:
        return None
    found = registration
    for change in reversed(registration.changes):
        if change.on <= day:
            break
        found = replace(
            found,
            # A registration that was kept after it was out of its duties has no status of its own there.
            status=change.status_before if change.status_before in _STATUSES else found.status,
            level=change.level_before,
            subtype=found.subtype if change.subtype_before == UNCHANGED else change.subtype_before,
        )
    return replace(found, changes=tuple(one for one in registration.changes if one.on <= day))
