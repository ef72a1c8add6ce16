"""Every table of the database; importing this package fills SQLModel's metadata for the migrations."""

from app.store.tables import (
    access,
    drawing,
    fieldrecords,
    fieldwork,
    jobs,
    planning,
    registers,
    results,
    standings,
)

__all__ = [
    "access",
    "drawing",
    "fieldrecords",
    "fieldwork",
    "jobs",
    "planning",
    "registers",
    "results",
    "standings",
]
