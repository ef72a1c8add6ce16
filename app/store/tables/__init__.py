"""Every table of the database; importing this package fills SQLModel's metadata for the migrations."""

from app.store.tables import (
    access,
    amendments,
    draw_calendar,
    drawing,
    duties,
    fieldrecords,
    fieldwork,
    jobs,
    planning,
    policies,
    registers,
    results,
    sources,
    staffing,
    standings,
)

__all__ = [
    "access",
    "amendments",
    "draw_calendar",
    "drawing",
    "duties",
    "fieldrecords",
    "fieldwork",
    "jobs",
    "planning",
    "policies",
    "registers",
    "results",
    "sources",
    "staffing",
    "standings",
]
