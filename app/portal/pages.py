"""The public pages: draws with their commitments and records, and a page for each problem."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates

from app.acts import ActRoute
from app.deps import Cursor, LookDep, allow
from app.domain.days import SHANGHAI
from app.domain.errors import Missing
from app.messages import has_text, pattern, text
from app.services.drawing import public
from app.services.planning import law

router = APIRouter(include_in_schema=False, route_class=ActRoute)
_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")

STATES = {
    "committed": "已承诺，待随机值",
    "drawn": "已抽取，检查进行中",
    "infeasible": "已抽取，检查人员不足",
    "revealed": "已公开",
    "voided": "已作废",
}


def in_china(instant: str | None) -> str:
    """An RFC 3339 instant as people in China read it."""
    if instant is None:
        return "—"
    return datetime.fromisoformat(instant).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def sources(entropy: dict[str, Any]) -> str:
    """The plan's source of randomness in a line."""
    if entropy["kind"] == "drand":
        return f"drand 公共信标第 {entropy['round']} 轮"
    return "、".join(f"{source['name']}（{source['format']}）" for source in entropy["sources"])


def item_name(item: str) -> str:
    """The Chinese name of `<region>:<code>`, by the newest version of the item."""
    code = item.partition(":")[2]
    found = law.items(date.max).get(code)
    return code if found is None else str(found.document["name"]["zh"])


_templates.env.filters |= {"in_china": in_china, "sources": sources, "item_name": item_name}


@router.get("/", dependencies=allow("public"))
def home(request: Request, look: LookDep, cursor: Cursor = None) -> Response:
    """Every draw, newest first."""
    page = public.draws(look, region=None, item=None, state=None, limit=50, cursor=cursor, count=True)
    return _templates.TemplateResponse(request, "home.html", {"page": page, "states": STATES})


@router.get("/draws/{draw_id}", dependencies=allow("public"))
def draw(request: Request, draw_id: str, look: LookDep) -> Response:
    """One draw: what was committed, when it becomes public, how to check it."""
    found = public.draw(look, draw_id)
    return _templates.TemplateResponse(request, "draw.html", {"draw": found, "states": STATES})


@router.get("/problems/{slug}", dependencies=allow("public"))
def problem(request: Request, slug: str) -> Response:
    """What a problem means and what to mend, in both languages."""
    if not has_text(f"problem.{slug}.title"):
        raise Missing("not-found")
    words = {
        lang: (text(f"problem.{slug}.title", lang), pattern(f"problem.{slug}", lang)) for lang in ("zh", "en")
    }
    return _templates.TemplateResponse(request, "problem.html", {"slug": slug, "words": words})
