"""What a forecast reads besides the registers' facts: the units of inspectors."""

from sqlalchemy import select
from sqlmodel import col

from app.store.premises import Source
from app.store.tables.registers import RegisteredInspector


def units(source: Source) -> dict[str, str]:
    """The unit 单位 of every inspector who has one, by code."""
    rows = source.execute(
        select(col(RegisteredInspector.code), col(RegisteredInspector.unit)).where(
            col(RegisteredInspector.unit).is_not(None)
        )
    )
    return {row.code: row.unit for row in rows}
