"""The public pages: draws with their commitments and records, and a page for each problem."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.acts import ActRoute
from app.deps import Cursor, DoorDep, LookDep, allow
from app.domain.errors import Missing
from app.messages import has_text, pattern, text
from app.portal.rendering import templates
from app.services.drawing import public
from app.services.fieldwork import verifying
from app.services.results import public as results

router = APIRouter(include_in_schema=False, route_class=ActRoute)

STATES = {
    "committed": "已承诺，待随机值",
    "drawn": "已抽取，检查进行中",
    "infeasible": "已抽取，检查人员不足",
    "revealed": "已公开",
    "voided": "已作废",
}
STANDINGS = {
    "published": "结果已公开",
    "pending": "已检查，结果待公开",
    "withheld": "暂不公开",
    "withdrawn": "结果已撤回",
    "unreachable": "无法联系",
    "not_visited": "未检查，须重新安排",
}
RESULTS = {
    "published": "结果已公开",
    "pending": "结果待公开",
    "withheld": "暂不公开",
    "withdrawn": "结果已撤回",
}


@router.get("/", dependencies=allow("public"))
def home(request: Request, look: LookDep, cursor: Cursor = None) -> Response:
    """Every draw, newest first."""
    page = public.draws(look, region=None, item=None, state=None, limit=50, cursor=cursor, count=True)
    return templates.TemplateResponse(request, "home.html", {"page": page, "states": STATES})


@router.get("/draws/{draw_id}", dependencies=allow("public"))
def draw(request: Request, draw_id: str, look: LookDep, cursor: Cursor = None) -> Response:
    """One draw: what was committed, how to check it; once revealed, what became of each premises."""
    found = public.draw(look, draw_id)
    revealed = found["state"] == "revealed"
    page = results.draw_results(look, draw_id, limit=50, cursor=cursor, count=True) if revealed else None
    words = {"standings": STANDINGS, "results": RESULTS}
    shown = {"draw": found, "states": STATES, "page": page, **words}
    return templates.TemplateResponse(request, "draw.html", shown)


@router.get("/verify", dependencies=allow("public"))
def verify_form(request: Request, code: str = "") -> Response:
    """Where the premises types the code that the officers show; what was typed leads to its own page."""
    if code:
        return RedirectResponse(f"/verify/{quote(code, safe='')}", status_code=303)
    return templates.TemplateResponse(request, "verify.html", {"code": "", "visit": None})


@router.get("/verify/{visit_code}", dependencies=allow("public"))
def verify(request: Request, visit_code: str, look: LookDep, door: DoorDep) -> Response:
    """Whether the officers are genuine; a wrong code and an expired one look the same."""
    try:
        status, visit = 200, verifying.verify(look, visit_code)
    except Missing:
        status, visit = 404, None
    found = {"code": visit_code[:40], "visit": visit}
    return templates.TemplateResponse(request, "verify.html", found, status_code=status, headers=door)


@router.get("/problems/{slug}", dependencies=allow("public"))
def problem(request: Request, slug: str) -> Response:
    """What a problem means and what to mend, in both languages."""
    if not has_text(f"problem.{slug}.title"):
        raise Missing("not-found")
    words = {
        lang: (text(f"problem.{slug}.title", lang), pattern(f"problem.{slug}", lang)) for lang in ("zh", "en")
    }
    return templates.TemplateResponse(request, "problem.html", {"slug": slug, "words": words})
