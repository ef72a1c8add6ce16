"""How many premises operate: what a share of all of them is counted from."""

from collections.abc import Collection

from sqlalchemy import distinct, func, select
from sqlmodel import col

from app.domain.duties.history import OPERATING
from app.domain.regions import region_prefix
from app.store.premises import Source
from app.store.tables.registers import Entity, Registration


def operating_premises(source: Source, *, region: str, regimes: Collection[str]) -> int:
    """Count the premises of a region with an operating registration of some regimes.

    Args:
        source: where to read.
        region: a region code or prefix.
        regimes: regimes 监管类别.
    """
    counted = (
        select(func.count(distinct(col(Registration.entity_id))))
        .join(Entity, col(Entity.id) == col(Registration.entity_id))
        .where(col(Entity.region).startswith(region_prefix(region), autoescape=True))
        .where(col(Registration.regime).in_(regimes), col(Registration.status) == OPERATING)
    )
    return source.execute(counted).scalar_one()
