"""Registers as files, and templates to fill in."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response, StreamingResponse

from app.acts import ActRoute
from app.deps import SnapshotDep, allow
from app.domain.registers import REGISTERS
from app.schemas.registers_query import (
    CreditClassExportQuery,
    EntityExportQuery,
    InspectorExportQuery,
    RecusalExportQuery,
    RiskEventExportQuery,
    VisitExportQuery,
)
from app.services.registers import exporting
from app.services.registers.exporting import Ending
from app.services.registers.importing import RegisterName

router = APIRouter(prefix="/v1", tags=["名录库 registers"], route_class=ActRoute)

FileEnding = Annotated[Ending, Path(description="文件格式 (file format)")]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES: dict[Ending, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": _XLSX,
    "ndjson": "application/x-ndjson",
}


def _attachment(name: str, ending: Ending) -> dict[str, str]:
    register = REGISTERS[name]
    return {
        "Content-Disposition": f'attachment; filename="{name}.{ending}"; '
        f"filename*=UTF-8''{quote(f'{register.zh}.{ending}')}"
    }


def _file(name: str, ending: Ending, pieces: Iterator[bytes]) -> StreamingResponse:
    return StreamingResponse(pieces, media_type=_TYPES[ending], headers=_attachment(name, ending))


@router.get(
    "/exports/entities.{ending}",
    dependencies=allow("registers.read"),
    summary="导出检查对象 Export entities",
    response_class=StreamingResponse,
)
def export_entities(
    ending: FileEnding, opened: SnapshotDep, query: Annotated[EntityExportQuery, Query()]
) -> StreamingResponse:
    """The registrations of the caller's region, filtered as the list is; one row each."""
    return _file("entities", ending, exporting.entities(opened, query.where(), ending, query.headers))


@router.get(
    "/exports/inspectors.{ending}",
    dependencies=allow("registers.read"),
    summary="导出检查人员 Export inspectors",
    response_class=StreamingResponse,
)
def export_inspectors(
    ending: FileEnding, opened: SnapshotDep, query: Annotated[InspectorExportQuery, Query()]
) -> StreamingResponse:
    """The inspectors of the caller's region, filtered as the list is."""
    return _file("inspectors", ending, exporting.inspectors(opened, query.where(), ending, query.headers))


@router.get(
    "/exports/recusals.{ending}",
    dependencies=allow("registers.read"),
    summary="导出回避 Export recusals",
    response_class=StreamingResponse,
)
def export_recusals(
    ending: FileEnding, opened: SnapshotDep, query: Annotated[RecusalExportQuery, Query()]
) -> StreamingResponse:
    """The recusals at entities of the caller's region, filtered as the list is."""
    return _file("recusals", ending, exporting.recusals(opened, query.where(), ending, query.headers))


@router.get(
    "/exports/risk-events.{ending}",
    dependencies=allow("registers.read"),
    summary="导出风险事件 Export risk events",
    response_class=StreamingResponse,
)
def export_risk_events(
    ending: FileEnding, opened: SnapshotDep, query: Annotated[RiskEventExportQuery, Query()]
) -> StreamingResponse:
    """The risk events of the caller's region that were not withdrawn."""
    return _file("risk-events", ending, exporting.risk_events(opened, query.where(), ending, query.headers))


@router.get(
    "/exports/visits.{ending}",
    dependencies=allow("registers.read"),
    summary="导出以往检查 Export past visits",
    response_class=StreamingResponse,
)
def export_visits(
    ending: FileEnding, opened: SnapshotDep, query: Annotated[VisitExportQuery, Query()]
) -> StreamingResponse:
    """The past visits of the caller's region."""
    return _file("visits", ending, exporting.visits(opened, query.where(), ending, query.headers))


@router.get(
    "/exports/credit-classes.{ending}",
    dependencies=allow("registers.read"),
    summary="导出信用风险分类 Export credit classes",
    response_class=StreamingResponse,
)
def export_credit_classes(
    ending: FileEnding, opened: SnapshotDep, query: Annotated[CreditClassExportQuery, Query()]
) -> StreamingResponse:
    """The classes of credit risk in the caller's region that were not withdrawn."""
    found = exporting.credit_classes(opened, query.where(), ending, query.headers)
    return _file("credit-classes", ending, found)


@router.get(
    "/templates/{register}.xlsx",
    dependencies=allow("registers.read"),
    summary="名录模板 A template to fill in",
    response_class=Response,
)
def template(register: RegisterName) -> Response:
    """An empty workbook with the columns of a register, drop-downs and explanations."""
    return Response(exporting.template(register), media_type=_XLSX, headers=_attachment(register, "xlsx"))
