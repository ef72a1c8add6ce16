"""Every table of the database; importing this package fills SQLModel's metadata for the migrations."""

from app.store.tables import access, drawing, jobs, planning, registers

__all__ = ["access", "drawing", "jobs", "planning", "registers"]
