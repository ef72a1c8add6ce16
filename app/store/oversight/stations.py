"""What police stations 派出所 are called. No register has them: the units of their own officers say it."""

from sqlalchemy import func, select
from sqlmodel import col

from app.domain.regions import REGION_DIGITS
from app.store.premises import Source
from app.store.tables.registers import RegisteredInspector


def station_names(source: Source, *, region: str) -> dict[tuple[str, str], str]:
    """The name of each station by region and station code: the unit of most officers who belong to it.

    Of units that have as many, the first by its text. Officers whose record a city keeps name no station:
    every county has a station 001.

    Args:
        source: where to read.
        region: a region prefix.
    """
    officer = RegisteredInspector
    where = (col(officer.region), col(officer.station), col(officer.unit))
    rows = source.execute(
        select(*where, func.count().label("officers"))
        .where(
            col(officer.region).startswith(region, autoescape=True),
            func.length(col(officer.region)) == REGION_DIGITS,
            col(officer.station).is_not(None),
            col(officer.unit).is_not(None),
        )
        .group_by(*where)
    )
    names: dict[tuple[str, str], str] = {}
    for row in sorted(rows, key=lambda row: (-row.officers, row.unit)):
        names.setdefault((row.region, row.station), row.unit)
    return names
