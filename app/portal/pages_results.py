"""The public pages of results: search, one result with its versions, an entity, statistics."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Request, Response
from pydantic import TypeAdapter

from app.acts import ActRoute, Given, validated
from app.deps import Cursor, LookDep, allow
from app.domain.fieldwork.codes import RESULT_CODES
from app.portal.chart import bar_chart
from app.portal.rendering import item_name, kind_name, rendered
from app.schemas.public_results_query import ResultPageQuery, StatisticsQuery, Text
from app.services.planning import law
from app.services.results import public
from app.services.results.public import Totalled
from app.store.results.public import Record

router = APIRouter(include_in_schema=False, route_class=ActRoute)

_SHOWN = ("drawn", "visited", "in_time", "found")
_NAMES = {"drawn": "抽取", "visited": "已检查", "in_time": "按期公开", "found": "发现问题"}
_PAGE = 50
Named = Annotated[Text, Path()]
_RESULTS, _STATISTICS = TypeAdapter(ResultPageQuery), TypeAdapter(StatisticsQuery)


def _asked(request: Request, kind: TypeAdapter[Given]) -> Given:
    """What a form asks for: a field that was left empty asks for nothing."""
    return validated(kind, {name: value for name, value in request.query_params.items() if value}, "query")


@router.get("/results", dependencies=allow("public"))
def results(request: Request, look: LookDep) -> Response:
    """Published results, newest first, with a form to search them."""
    query = _asked(request, _RESULTS)
    page = public.results(look, query.where(), limit=_PAGE, cursor=query.cursor, count=query.cursor is None)
    return rendered(
        request,
        "results.html",
        page=page,
        asked=query.asked(),
        query=urlencode(query.asked()),
        items=sorted(law.items(date.max)),
        codes=RESULT_CODES.values(),
    )


@router.get("/results/{result_id}", dependencies=allow("public"))
def result(request: Request, look: LookDep, result_id: Named, version: int | None = None) -> Response:
    """One result: what was found, what followed, and every version that was published."""
    return rendered(request, "result.html", result=public.result(look, result_id, version))


@router.get("/entities/{named:path}", dependencies=allow("public"))
def entity(request: Request, look: LookDep, named: Named, cursor: Cursor = None) -> Response:
    """An entity's published results."""
    page = public.entity(look, named, limit=_PAGE, cursor=cursor, count=True)
    return rendered(request, "entity.html", page=page, newest=page.rows[0], named=named)


@router.get("/statistics", dependencies=allow("public"))
def statistics(request: Request, look: LookDep) -> Response:
    """Numbers of revealed draws as a table, and the same as bars; visits without a draw by themselves."""
    query = _asked(request, _STATISTICS)
    counted = public.statistics(look, query.where(), by=query.by)
    rows = _named(counted, item_name if query.by == "item" else str)
    undrawn = _named(counted.undrawn, kind_name)
    return rendered(
        request,
        "statistics.html",
        rows=rows,
        table=_summed(rows, counted),
        undrawn=_summed(undrawn, counted.undrawn) if undrawn else [],
        asked=query.model_dump(mode="json", by_alias=True, exclude_none=True),
        chart=bar_chart(rows, label="label", kinds=_SHOWN),
        names=_NAMES,
    )


def _named(counted: Totalled, name: Callable[[str], str]) -> list[Record]:
    """The rows of a table, each group with its name."""
    return [{**row, "label": name(row["group"])} for row in counted.items]


def _summed(rows: list[Record], counted: Totalled) -> list[Record]:
    """The rows with their sum below them."""
    return [*rows, {**counted.total, "label": "合计"}]
