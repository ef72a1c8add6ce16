"""Evidence of visits: photos and documents."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Path, Response, UploadFile

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, LookDep, allow
from app.schemas.visit_records import EvidenceList, EvidenceRead
from app.services.fieldwork import evidence
from app.services.fieldwork.evidence import Upload

router = APIRouter(prefix="/v1/visits/{visit_id}/evidence", tags=["检查 fieldwork"], route_class=ActRoute)

VisitId = Annotated[str, Path(description="检查编号 (id of a visit)")]
EvidenceId = Annotated[str, Path(description="证据编号 (id of a piece of evidence)")]
_MOST_NAME_CHARACTERS = 200


@router.post(
    "",
    status_code=201,
    dependencies=allow("evidence.write"),
    response_model=EvidenceRead,
    summary="上传证据 Hand in evidence",
)
def add(
    visit_id: VisitId,
    act: ActDep,
    file: Annotated[UploadFile, File(description="JPEG、PNG、WebP 照片或 PDF 文件")],
    sha256: Annotated[
        str, Form(pattern="^[0-9a-f]{64}$", description="文件的 SHA-256，十六进制 (of the file, in hex)")
    ],
) -> Answer:
    """Take a photo or a PDF whose content is what it says; the same content again is the same piece."""
    name = (file.filename or "")[-_MOST_NAME_CHARACTERS:]
    row = evidence.add(act, visit_id, Upload(filename=name, content=file.file.read(), sha256=sha256))
    return Answer(EvidenceRead.of(row), {"Location": f"/v1/visits/{visit_id}/evidence/{row.id}"})


@router.get("", dependencies=allow("evidence.read"), summary="证据清单 List evidence")
def list_evidence(visit_id: VisitId, look: LookDep) -> EvidenceList:
    """The evidence of a visit, what was withdrawn included."""
    return EvidenceList(items=[EvidenceRead.of(row) for row in evidence.list_of(look, visit_id)])


@router.get("/{evidence_id}", dependencies=allow("evidence.read"), summary="一份证据 One piece")
def one(visit_id: VisitId, evidence_id: EvidenceId, look: LookDep) -> EvidenceRead:
    """What is known of a piece of evidence; its ETag is what a DELETE must name."""
    return EvidenceRead.of(evidence.read(look, visit_id, evidence_id))


@router.get("/{evidence_id}/content", dependencies=allow("evidence.read"), summary="证据内容 Its content")
def content(visit_id: VisitId, evidence_id: EvidenceId, act: ActDep) -> Response:
    """The photo or document itself; each view is logged."""
    found = evidence.content(act, visit_id, evidence_id)
    return Response(
        found.content,
        media_type=found.row.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.row.filename, safe='')}",
            "Content-Security-Policy": "sandbox",
            "Cache-Control": "private, no-store",
        },
    )


@router.delete(
    "/{evidence_id}", status_code=204, dependencies=allow("evidence.write"), summary="撤回证据 Withdraw"
)
@if_match(one, turn="evidence")
def withdraw(visit_id: VisitId, evidence_id: EvidenceId, act: ConditionalActDep) -> Response:
    """Withdraw a piece before the submission; it is kept and shown as withdrawn."""
    evidence.withdraw(act, visit_id, evidence_id)
    return Response(status_code=204)
