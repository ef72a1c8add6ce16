"""The record of a visit: drafts, submission, corrections, and every version of it."""

import json
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Request, Response

from app.acts import ActRoute, entity_tag
from app.deps import ActDep, Cursor, Limit, LookDep, allow
from app.domain.errors import PreconditionRequired
from app.problems import problem_response
from app.schemas.page import PageOf
from app.schemas.visit_records import CorrectRecord, RecordRead, RecordWrite, SubmitRecord, VersionRead
from app.services.fieldwork import recording
from app.services.fieldwork.recording import Kept, Offer

router = APIRouter(prefix="/v1/visits/{visit_id}", tags=["检查 fieldwork"], route_class=ActRoute)

VisitId = Annotated[str, Path(description="检查编号 (id of a visit)")]
IfMatch = Annotated[
    str | None, Header(description="所见版本的 ETag；或在正文给出 revision (or give `revision` in the body)")
]


@router.get("/record", dependencies=allow("records.read"), summary="检查记录 The record")
def record(visit_id: VisitId, look: LookDep) -> RecordRead:
    """The record as it stands; its ETag, or its revision, is what a PUT names."""
    return RecordRead.of(recording.read(look, visit_id))


@router.put(
    "/record",
    dependencies=allow("records.write"),
    response_model=RecordRead,
    responses={
        HTTPStatus.PRECONDITION_FAILED: {
            "description": "已有较新版本；`current` 为现有记录，所送草稿已留存 "
            "(a newer revision: `current` is what is there, and what was sent is kept as not taken)"
        }
    },
    summary="暂存检查记录 Save a draft",
)
def save(
    visit_id: VisitId, body: RecordWrite, act: ActDep, request: Request, if_match: IfMatch = None
) -> RecordRead | Response:
    """Save a draft; a client that was offline may send it again under the same `client_ref`."""
    if if_match is None and body.revision is None:
        raise PreconditionRequired("if-match-required")

    def saw(kept: Kept) -> bool:
        tags = [tag.strip() for tag in (if_match or "*").split(",")]
        current = entity_tag(RecordRead.of(kept).model_dump_json().encode())
        return body.revision in {None, kept.revision} and ("*" in tags or current in tags)

    offer = Offer(record=body.record(), client_ref=body.client_ref, saw=saw)
    saved = recording.save(act, visit_id, offer)
    read = RecordRead.of(saved.kept)
    return read if saved.taken else _changed_meanwhile(request, read)


def _changed_meanwhile(request: Request, current: RecordRead) -> Response:
    """The problem, with what is there: an answer and no error, since what was sent is kept."""
    problem = problem_response(
        request, "record-changed", HTTPStatus.PRECONDITION_FAILED, values={"revision": current.revision}
    )
    document = {**json.loads(bytes(problem.body)), "current": current.model_dump(mode="json")}
    return Response(
        json.dumps(document, ensure_ascii=False).encode(),
        HTTPStatus.PRECONDITION_FAILED,
        {
            "Content-Language": problem.headers["content-language"],
            "Vary": "Accept-Language",
            "ETag": entity_tag(current.model_dump_json().encode()),
        },
        "application/problem+json",
    )


@router.get("/record/versions", dependencies=allow("records.read"), summary="检查记录的各版本 Every version")
def versions(
    visit_id: VisitId, look: LookDep, limit: Limit = 50, cursor: Cursor = None
) -> PageOf[VersionRead]:
    """Everything that was ever sent for the record, drafts that were not taken included."""
    found = recording.versions(look, visit_id, limit=limit, cursor=cursor)
    return PageOf.of(found, lambda row: VersionRead.model_validate(row, from_attributes=True))


@router.post("/submit", dependencies=allow("records.write"), summary="提交检查记录 Submit")
def submit(visit_id: VisitId, act: ActDep, body: Annotated[SubmitRecord | None, Body()] = None) -> RecordRead:
    """Submit the record after the check-out; the publication clock starts."""
    return RecordRead.of(recording.submit(act, visit_id, revision=None if body is None else body.revision))


@router.post(
    "/corrections", status_code=201, dependencies=allow("records.write"), summary="更正检查记录 Correct"
)
def correct(visit_id: VisitId, body: CorrectRecord, act: ActDep) -> RecordRead:
    """Correct a submitted record, with a reason; all versions stay, and the result is submitted anew."""
    return RecordRead.of(
        recording.correct(act, visit_id, body.changes(), reason=body.reason, revision=body.revision)
    )
