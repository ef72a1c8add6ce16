"""Classes of credit risk 信用风险分类 as the registers have them: what holds, or held on a past day.

A class is the holder's: it holds for every premises under its USCC in the county where it was entered. A
county sees itself, and nobody decides unseen how often another one draws.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.domain.as_it_stood import Recorded, taken_back
from app.domain.credit_classes import Rating, class_on
from app.domain.days import SHANGHAI
from app.domain.regions import REGION_DIGITS, region_prefix
from app.domain.registers import CREDIT_CLASSES
from app.store.facts import Source
from app.store.registers.shelves import CREDIT_CLASS_SHELF
from app.store.tables.credit_classes import CreditClass
from app.store.tables.registers import Entity, RegisterChange
from app.store.tables.sources import JoinedEntity

_CREATED: Final = "created"
_DAYS: Final = ("on", "until")

_WITHDRAWN = (col(CreditClass.withdrawn_at), col(CreditClass.withdrawn_because))
CREDIT_CLASSES_QUERY = CREDIT_CLASS_SHELF.query.add_columns(*_WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditClassFilter:
    """What a list of classes is narrowed to."""

    entity: str | None = None
    credit_class: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """As SQL."""
        pairs = ((col(Entity.key), self.entity), (col(CreditClass.credit_class), self.credit_class))
        return [column == value for column, value in pairs if value is not None]


def classes_in(source: Source, *, region: str, on: date) -> dict[str, str]:
    """The class that holds for each premises of a region that has one, by DR1 entity id.

    Args:
        source: where to read.
        region: a region code or prefix.
        on: the day.
    """
    here = col(Entity.region).startswith(region_prefix(region), autoescape=True)
    ratings: dict[str, list[Rating]] = defaultdict(list)
    for query in _of(here):
        known = query.where(col(CreditClass.withdrawn_at).is_(None), col(CreditClass.rated_on) <= on)
        for key, credit_class, rated_on, until in source.execute(known):
            ratings[key].append(Rating(credit_class=credit_class, on=rated_on, until=until))
    found = {key: class_on(given, on) for key, given in ratings.items()}
    return {key: held for key, held in found.items() if held is not None}


def class_known(source: Source, *, entity_id: str, on: date) -> str | None:
    """The class that held for one premises on a day, as it was known at the end of that day.

    Args:
        source: where to read.
        entity_id: id of its row.
        on: the day, not after today.
    """
    rows = [
        dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        for query in _of(col(Entity.id) == entity_id, col(CreditClass.id), col(CreditClass.withdrawn_at))
        for row in source.execute(query)
    ]
    later = _changes_after(source, [row["id"] for row in rows], on)
    records = taken_back({row["id"]: row for row in rows}, later)
    return class_on(
        (
            Rating(credit_class=one["credit_class"], on=one["on"], until=one["until"])
            for one in records.values()
            if one["withdrawn_at"] is None
        ),
        on,
    )


def _changes_after(source: Source, record_ids: Collection[str], day: date) -> Iterator[Recorded]:
    query = select(col(RegisterChange.record_id), col(RegisterChange.act), col(RegisterChange.before)).where(
        col(RegisterChange.register_name) == CREDIT_CLASSES.name,
        col(RegisterChange.record_id).in_(record_ids),
        col(RegisterChange.at) >= datetime.combine(day + timedelta(days=1), time.min, SHANGHAI),
    )
    for record_id, act, before in source.execute(query.order_by(col(RegisterChange.id).desc())):
        fields = {name: _typed(name, value) for name, value in (before or {}).items()}
        yield Recorded(record_id=record_id, created=act == _CREATED, before=fields)


def _typed(name: str, value: Any) -> Any:  # noqa: ANN401 - a field as the history keeps it
    """Days that the history keeps as text are days again."""
    return date.fromisoformat(value) if name in _DAYS and value is not None else value


def _same_county(other: Any) -> ColumnElement[bool]:  # noqa: ANN401 - an alias
    digits = REGION_DIGITS
    return func.substr(other.region, 1, digits) == func.substr(col(Entity.region), 1, digits)


def _of(these: ColumnElement[bool], *more: Any) -> tuple[Select[Any], Select[Any]]:  # noqa: ANN401 - columns
    """Classes given to some premises themselves, and those given to others of the same holder."""
    other: Any = aliased(Entity)
    columns = (
        *(col(Entity.key), col(CreditClass.credit_class)),
        *(col(CreditClass.rated_on).label("on"), col(CreditClass.until), *more),
    )
    own = select(*columns).join(CreditClass, col(CreditClass.entity_id) == col(Entity.id))
    # What went into another stays on file with what the other had already, and is no premises any more.
    gone = exists().where(col(JoinedEntity.entity_id) == other.id)
    holders = (
        select(*columns)
        .join(other, (other.uscc == col(Entity.uscc)) & (other.id != col(Entity.id)) & _same_county(other))
        .join(CreditClass, col(CreditClass.entity_id) == other.id)
        .where(~gone)
    )
    return own.where(these), holders.where(these)
