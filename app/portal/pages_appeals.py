"""The public pages of appeals 申诉: a form that works without scripts, and a look-up by the receipt."""

import hashlib
import json
import secrets
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from pydantic import ValidationError

from app.acts import ActRoute
from app.deps import DoorDep, LookDep, UnkeptActDep, allow
from app.domain.errors import DomainError, Malformed, Missing
from app.messages import text
from app.portal.rendering import templates
from app.schemas.appeals import FileAppeal
from app.services.appeals import filing, reading
from app.services.context import Retry
from app.services.results import public

router = APIRouter(include_in_schema=False, route_class=ActRoute)

_STATES: Final = {
    "filed": "已收到，待受理",
    "accepted": "已受理，办理中",
    "proposed": "已受理，办理中",
    "decided": "已决定",
}
_OUTCOMES: Final = {"upheld": "申诉成立", "partly": "申诉部分成立", "rejected": "申诉不成立"}
_FIELDS: Final = {
    "result": "公示结果编号",
    "capacity": "申诉人身份",
    "name": "申诉人",
    "contact": "联系方式",
    "grounds": "申诉理由",
}
_TOKEN_BYTES: Final = 16
_MOST_RECEIPT: Final = 40
Field = Annotated[str, Form(max_length=20_000)]


@router.get("/appeals/new", dependencies=allow("public"))
def form(request: Request, look: LookDep, result: str = "") -> Response:
    """The form to appeal against a result; sent twice, it is filed once."""
    return _form(request, look, {"result": result, "once": secrets.token_urlsafe(_TOKEN_BYTES)})


def _form(request: Request, look: LookDep, given: dict[str, str]) -> Response:
    found = public.result(look, given["result"])
    # The token of the form is one person's: a proxy that kept the page would hand it to two.
    shown = {"result": found, "given": given}
    return templates.TemplateResponse(
        request, "appeal_form.html", shown, headers={"Cache-Control": "no-store"}
    )


@router.post("/appeals/new", dependencies=allow("public"))
def file(
    request: Request,
    act: UnkeptActDep,
    door: DoorDep,
    *,
    result: Field = "",
    capacity: Field = "party",
    name: Field = "",
    contact: Field = "",
    grounds: Field = "",
    once: Field = "",
) -> Response:
    """File what the form says, and show the receipt; what is wrong is told beside what was typed."""
    typed = {"result": result, "capacity": capacity, "name": name, "contact": contact, "grounds": grounds}
    status, faults, given = HTTPStatus.CREATED, [], None
    try:
        given = filing.file(act, FileAppeal.model_validate(typed).filing(), _retry(once, typed))
    except ValidationError as bad:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        named = dict.fromkeys(_FIELDS[str(fault["loc"][0])] for fault in bad.errors())
        faults = [f"请核对：{'、'.join(named)}"]
    except DomainError as broken:
        status = _status(broken)
        faults = [text(f"problem.{broken.slug}", "zh", **broken.values)]
    values = {"given": typed | {"once": once}, "faults": faults, "filed": given, "result": None}
    return templates.TemplateResponse(request, "appeal_form.html", values, status_code=status, headers=door)


def _status(broken: DomainError) -> HTTPStatus:
    if isinstance(broken, Missing):
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.UNPROCESSABLE_ENTITY if isinstance(broken, Malformed) else HTTPStatus.CONFLICT


def _retry(once: str, typed: dict[str, str]) -> Retry | None:
    """The form's own token: a page that is sent again files nothing new."""
    if not once:
        return None
    return Retry(f"form/{once}", hashlib.sha256(json.dumps(typed).encode()).hexdigest())


@router.get("/appeals", dependencies=allow("public"))
def ask(request: Request) -> Response:
    """Where the receipt is typed."""
    return templates.TemplateResponse(request, "appeal.html", {"receipt": "", "appeal": None})


@router.post("/appeals", dependencies=allow("public"))
def by_receipt(request: Request, look: LookDep, door: DoorDep, receipt: Field = "") -> Response:
    """How far an appeal is; the receipt stays out of addresses, which browsers remember."""
    try:
        status, appeal = HTTPStatus.OK, reading.by_receipt(look, receipt[:_MOST_RECEIPT])
    except Missing:
        status, appeal = HTTPStatus.NOT_FOUND, None
    shown = {"receipt": receipt[:_MOST_RECEIPT], "appeal": appeal, "states": _STATES, "outcomes": _OUTCOMES}
    return templates.TemplateResponse(request, "appeal.html", shown, status_code=status, headers=door)
