"""What the cells of one row must satisfy together, once each of them has been read."""

from collections.abc import Iterator
from datetime import date

from app.domain.fieldwork.codes import conflict
from app.domain.registers.columns import SUBTYPES
from app.domain.registers.faults import Fault, RowErrorCode
from app.domain.registers.keys import check_id_length, check_source_key, check_source_system
from app.domain.registers.rows import (
    CreditClassRow,
    EntityRow,
    InspectorRow,
    RecusalRow,
    RiskEventRow,
    VisitRow,
)


def entity_faults(row: EntityRow) -> Iterator[Fault]:
    """Check identity (USCC, or source and its key) and that the subtype belongs to the regime."""
    if row.subtype is not None and row.subtype not in {code.value for code in SUBTYPES[row.regime]}:
        allowed = "、".join(f"{code.value} {code.label}" for code in SUBTYPES[row.regime])
        yield Fault(
            RowErrorCode.SUBTYPE_OF_OTHER_REGIME,
            column="subtype",
            value=row.subtype,
            regime=row.regime,
            allowed=allowed or "-",
        )
    if (row.source is None) != (row.source_key is None):
        yield Fault(RowErrorCode.REQUIRED, column="source" if row.source is None else "source_key")
    elif row.uscc is None and row.source is None:
        yield Fault(RowErrorCode.USCC_OR_SOURCE, column="uscc")
    elif row.source is not None and row.source_key is not None:
        yield from _source_faults(row, source=row.source, source_key=row.source_key)


def _source_faults(row: EntityRow, *, source: str, source_key: str) -> Iterator[Fault]:
    try:
        check_source_system(source)
        check_source_key(source_key)
        check_id_length(row.entity_id)
    except Fault as fault:
        yield fault


def inspector_faults(_row: InspectorRow) -> Iterator[Fault]:
    """Find nothing: an inspector's cells do not depend on each other."""
    return iter(())


def recusal_faults(row: RecusalRow) -> Iterator[Fault]:
    """Check that a recusal does not end before it starts."""
    if row.starts_on is not None:
        yield from _not_before(row.ends_on, row.starts_on, column="to", earlier="from")


def risk_event_faults(row: RiskEventRow) -> Iterator[Fault]:
    """Check that nothing is remedied or taken off a list before it happened."""
    yield from _not_before(row.remedied_on, row.on, column="remedied_on", earlier="on")
    yield from _not_before(row.until, row.on, column="until", earlier="on")


def visit_faults(row: VisitRow) -> Iterator[Fault]:
    """Check which result codes exclude each other."""
    if conflict(row.codes):
        yield Fault(RowErrorCode.CONFLICTING_CODES, column="codes", value="；".join(row.codes))


def credit_class_faults(row: CreditClassRow) -> Iterator[Fault]:
    """Check that a class does not end before it was given."""
    yield from _not_before(row.until, row.on, column="until", earlier="on")


def _not_before(later: date | None, day: date, *, column: str, earlier: str) -> Iterator[Fault]:
    if later is not None and later < day:
        yield Fault(RowErrorCode.DATE_ORDER, column=column, value=later, earlier=earlier, earliest=day)
