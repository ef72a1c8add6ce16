"""What concerns an agency 部门, as SQL; a caller without one (None) sees the whole."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, or_, true
from sqlmodel import col

from app.store.tables.fieldwork import Visit
from app.store.tables.planning import DrawPlan


def visits_of(agency: str | None) -> ColumnElement[bool]:
    """The condition that a visit is an agency's, or a joint one 联合抽查 that it takes part in."""
    if agency is None:
        return true()
    return or_(col(Visit.agency) == agency, cast(col(Visit.agencies), String).contains(f'"{agency}"'))


def whose_visit(agency: str | None, visit_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any mapped column
    """The condition that the visit which a column names is such a one."""
    if agency is None:
        return true()
    return exists().where(col(Visit.id) == visit_id, visits_of(agency))


def plans_of(agency: str | None, items: Collection[str] | None) -> ColumnElement[bool]:
    """The condition that a plan is for an agency's items, or a joint one that it takes part in."""
    if agency is None or items is None:
        return true()
    return or_(col(DrawPlan.item).in_(items), cast(col(DrawPlan.joint), String).contains(f'"{agency}"'))


def of_items(column: Any, items: Collection[str] | None) -> ColumnElement[bool]:  # noqa: ANN401 - any mapped column
    """The condition that a column names one of an agency's items."""
    return true() if items is None else column.in_(items)
