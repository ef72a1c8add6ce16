"""The public page of the items 抽查事项清单: what may be inspected, on which basis, entry by entry."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.acts import ActRoute
from app.deps import LookDep, allow
from app.domain.days import shanghai_day
from app.portal.rendering import rendered
from app.schemas.public_results_query import Text
from app.services.planning import law

router = APIRouter(include_in_schema=False, route_class=ActRoute)


@router.get("/items", dependencies=allow("public"))
def items(request: Request, look: LookDep) -> Response:
    """Every item in force today, with its number of entries."""
    return rendered(request, "items.html", items=_documents(shanghai_day(look.now)))


@router.get("/items/{code}", dependencies=allow("public"))
def item(request: Request, look: LookDep, code: Annotated[Text, Path()]) -> Response:
    """One item: its subject, its basis, and each entry of its checklist with the law behind it."""
    return rendered(request, "item.html", item=law.item(code, shanghai_day(look.now)).document)


def _documents(on: date) -> list[dict[str, object]]:
    return [found.document for _, found in sorted(law.items(on).items())]
