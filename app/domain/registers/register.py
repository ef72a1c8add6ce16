"""The six registers: columns, record type and row rule of each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from app.domain.registers.columns import (
    CREDIT_CLASS_COLUMNS,
    ENTITY_COLUMNS,
    INSPECTOR_COLUMNS,
    RECUSAL_COLUMNS,
    RISK_EVENT_COLUMNS,
    VISIT_COLUMNS,
    Column,
)
from app.domain.registers.consistency import (
    credit_class_faults,
    entity_faults,
    inspector_faults,
    recusal_faults,
    risk_event_faults,
    visit_faults,
)
from app.domain.registers.faults import Fault
from app.domain.registers.rows import (
    CreditClassRow,
    EntityRow,
    InspectorRow,
    RecusalRow,
    RiskEventRow,
    Row,
    VisitRow,
)

RowT = TypeVar("RowT", bound=Row)


@dataclass(frozen=True, slots=True)
class Register(Generic[RowT]):
    """One register: its name in URLs and file names, its columns in file order, and what its rows become."""

    name: str
    zh: str
    columns: tuple[Column, ...]
    record: type[RowT]
    faults: Callable[[RowT], Iterator[Fault]]

    def column(self, name: str) -> Column:
        """Find a column by its English header.

        Raises:
            KeyError: the register has no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


ENTITIES = Register("entities", "检查对象名录库", ENTITY_COLUMNS, EntityRow, entity_faults)
INSPECTORS = Register("inspectors", "执法检查人员名录库", INSPECTOR_COLUMNS, InspectorRow, inspector_faults)
RECUSALS = Register("recusals", "回避登记", RECUSAL_COLUMNS, RecusalRow, recusal_faults)
RISK_EVENTS = Register("risk-events", "风险事件", RISK_EVENT_COLUMNS, RiskEventRow, risk_event_faults)
VISITS = Register("visits", "以往检查记录", VISIT_COLUMNS, VisitRow, visit_faults)
CREDIT_CLASSES = Register(
    "credit-classes", "信用风险分类", CREDIT_CLASS_COLUMNS, CreditClassRow, credit_class_faults
)

REGISTERS: Mapping[str, Register[Any]] = MappingProxyType(
    {
        register.name: register
        for register in (ENTITIES, INSPECTORS, RECUSALS, RISK_EVENTS, VISITS, CREDIT_CLASSES)
    }
)
"""The registers by the name that `POST /v1/imports` takes."""
