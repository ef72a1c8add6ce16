"""Registers as files 名录导出: streamed from one snapshot, readable by the import again."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Literal

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import col

from app.adapters.tabular import template_xlsx, write_csv, write_ndjson, write_xlsx
from app.domain.registers import REGISTERS, headers, row_cells
from app.services.agencies import own_items
from app.services.context import Look
from app.services.registers.importing import RegisterName
from app.store.registers.credit_classes import CreditClassFilter
from app.store.registers.entities import EntityFilter
from app.store.registers.lists import InspectorFilter, RecusalFilter, RiskEventFilter, VisitFilter
from app.store.registers.shelves import (
    CREDIT_CLASS_SHELF,
    ENTITY_SHELF,
    INSPECTOR_SHELF,
    RECUSAL_SHELF,
    RISK_EVENT_SHELF,
    VISIT_SHELF,
    Shelf,
)
from app.store.tables.credit_classes import CreditClass
from app.store.tables.registers import PastVisit, RiskEvent

Ending = Literal["csv", "xlsx", "ndjson"]
Language = Literal["zh", "en"]
_CHUNK = 1 << 16


Opened = Callable[[], AbstractContextManager[Look]]
"""Opens the look that the file is read through, when its sending begins."""


def _stream(
    opened: Opened,
    shelf: Shelf,
    conditions: Sequence[ColumnElement[bool]],
    *,
    ending: Ending,
    language: Language,
) -> Iterator[bytes]:
    """The rows of a register that the caller sees, as a file in pieces."""
    register = shelf.register
    head = headers(register, language)
    with opened() as look:
        found = look.connection.execute(shelf.within(look.caller.region).where(*conditions)).mappings()
        rows = (row_cells(register, shelf.record(row), language) for row in found)
        if ending == "csv":
            yield from write_csv(head, rows)
        elif ending == "ndjson":
            yield from write_ndjson(head, rows)
        else:
            with tempfile.TemporaryFile() as target:
                write_xlsx(target, head, rows, sheet=register.zh)
                target.seek(0)
                while piece := target.read(_CHUNK):
                    yield piece


def entities(opened: Opened, where: EntityFilter, ending: Ending, language: Language) -> Iterator[bytes]:
    """Registrations, one row each.

    Raises:
        Missing: they are narrowed to a region outside the caller's.
    """
    with opened() as look:
        look.caller.within(where.region)  # before anything is sent
    conditions = [*where.of_entity(), *where.of_registration()]
    return _stream(opened, ENTITY_SHELF, conditions, ending=ending, language=language)


def inspectors(opened: Opened, where: InspectorFilter, ending: Ending, language: Language) -> Iterator[bytes]:
    """Inspectors."""
    return _stream(opened, INSPECTOR_SHELF, where.conditions(), ending=ending, language=language)


def recusals(opened: Opened, where: RecusalFilter, ending: Ending, language: Language) -> Iterator[bytes]:
    """Recusals."""
    return _stream(opened, RECUSAL_SHELF, where.conditions(), ending=ending, language=language)


def risk_events(
    opened: Opened, where: RiskEventFilter, ending: Ending, language: Language
) -> Iterator[bytes]:
    """Risk events; one that was withdrawn must not come back by way of a file."""
    conditions = [*where.conditions(), col(RiskEvent.withdrawn_at).is_(None)]
    return _stream(opened, RISK_EVENT_SHELF, conditions, ending=ending, language=language)


def visits(opened: Opened, where: VisitFilter, ending: Ending, language: Language) -> Iterator[bytes]:
    """Past visits; to a caller of an agency those that it made, and those of its items."""
    with opened() as look:
        conditions = [*where.conditions(), _own_visits(look)]
    return _stream(opened, VISIT_SHELF, conditions, ending=ending, language=language)


def _own_visits(look: Look) -> ColumnElement[bool]:
    items = own_items(look)
    return (
        true()
        if items is None
        else or_(col(PastVisit.agency) == look.caller.agency, col(PastVisit.item).in_(items))
    )


def credit_classes(
    opened: Opened, where: CreditClassFilter, ending: Ending, language: Language
) -> Iterator[bytes]:
    """Classes of credit risk that were not withdrawn."""
    conditions = [*where.conditions(), col(CreditClass.withdrawn_at).is_(None)]
    return _stream(opened, CREDIT_CLASS_SHELF, conditions, ending=ending, language=language)


def template(register: RegisterName) -> bytes:
    """An empty workbook of a register."""
    return template_xlsx(REGISTERS[register])
