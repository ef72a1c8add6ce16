"""Register files 名录库文件: columns, reading a row into a typed record, writing it again."""

from app.domain.registers.columns import REGIMES, SUBTYPES, Code, Column, ColumnType
from app.domain.registers.faults import Fault, RowErrorCode
from app.domain.registers.keys import entity_id
from app.domain.registers.parse import Binding, RowError, bind_headers, parse_row, parse_rows
from app.domain.registers.register import (
    CREDIT_CLASSES,
    ENTITIES,
    INSPECTORS,
    RECUSALS,
    REGISTERS,
    RISK_EVENTS,
    VISITS,
    Register,
)
from app.domain.registers.render import headers, row_cells
from app.domain.registers.rows import (
    CreditClassRow,
    EntityRow,
    InspectorRow,
    RecusalRow,
    RiskEventRow,
    Row,
    VisitRow,
)
from app.domain.registers.values import Cell

__all__ = [
    "CREDIT_CLASSES",
    "ENTITIES",
    "INSPECTORS",
    "RECUSALS",
    "REGIMES",
    "REGISTERS",
    "RISK_EVENTS",
    "SUBTYPES",
    "VISITS",
    "Binding",
    "Cell",
    "Code",
    "Column",
    "ColumnType",
    "CreditClassRow",
    "EntityRow",
    "Fault",
    "InspectorRow",
    "RecusalRow",
    "Register",
    "RiskEventRow",
    "Row",
    "RowError",
    "RowErrorCode",
    "VisitRow",
    "bind_headers",
    "entity_id",
    "headers",
    "parse_row",
    "parse_rows",
    "row_cells",
]
