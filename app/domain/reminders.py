"""Reminders 到期提醒 of what runs out: certificates, trainings, qualifications, assignments (W4, W8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

CERTIFICATE: Final = "certificate"
TRAINING: Final = "training"
QUALIFICATION: Final = "qualification"
ASSIGNMENT: Final = "assignment"
KINDS: Final = (CERTIFICATE, TRAINING, QUALIFICATION, ASSIGNMENT)

PAST: Final = "past"
"""The stage of what has run out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """Something that runs out after its last day.

    Attributes:
        kind: what it is.
        inspector: id of the inspector's row.
        record: id of the row that says so.
        label: what it is for, such as a regime or a region.
        runs_out_on: the last day.
    """

    kind: str
    inspector: str
    record: str
    label: str | None = None
    runs_out_on: date


def stage(runs_out_on: date, *, today: date, days: Iterable[int]) -> str | None:
    """Give which reminder is due: the last whose day has come, `past` after the end, None before the first.

    Args:
        runs_out_on: the last day.
        today: the day.
        days: so many days before it reminders are due; none: never.
    """
    left = (runs_out_on - today).days
    reached = [one for one in days if left <= one]
    if not reached:
        return None
    return PAST if left < 0 else str(min(reached))


def lasting(validities: Iterable[Validity]) -> list[Validity]:
    """Leave out what something else of the same kind, inspector and label outlasts."""
    best: dict[tuple[str, str, str | None], Validity] = {}
    for one in validities:
        key = one.kind, one.inspector, one.label
        if key not in best or best[key].runs_out_on < one.runs_out_on:
            best[key] = one
    return list(best.values())
