"""What each region of the registers holds."""

from collections import Counter
from typing import Any, Final

from sqlalchemy import Connection, func, select
from sqlmodel import col

from app.store.tables.drawing import Draw
from app.store.tables.planning import DrawPlan
from app.store.tables.registers import Entity, RegisteredInspector

_COUNTED: Final[dict[str, Any]] = {
    "premises": col(Entity.region),
    "inspectors": col(RegisteredInspector.region),
    "draw_plans": col(DrawPlan.region),
    "draws": col(Draw.region),
}
WHAT: Final = tuple(_COUNTED)
"""What is counted."""


def counts(connection: Connection, *, sees: str) -> dict[str, Counter[str]]:
    """Count by region code, as it stands in the rows, what lies within a region prefix."""
    found: dict[str, Counter[str]] = {}
    for what, region in _COUNTED.items():
        query = select(region, func.count()).where(region.startswith(sees, autoescape=True)).group_by(region)
        for code, number in connection.execute(query):
            found.setdefault(code, Counter())[what] += number
    return found
