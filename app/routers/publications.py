"""Publications: from a submitted record to the public copy, each step by another person; what is missing."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute
from app.deps import ActDep, Count, Cursor, Limit, LookDep, RetryableActDep, allow
from app.schemas.drawing import NoBody
from app.schemas.page import PageOf
from app.schemas.results import (
    Correct,
    PublicationRead,
    PublicationState,
    PublicationWhole,
    SendBack,
    StepRead,
    StepsRead,
    UnpublishedRead,
    VersionRead,
    VersionsRead,
    Withdraw,
    Withhold,
)
from app.services.results import publishing, reading

router = APIRouter(prefix="/v1/publications", tags=["公示 results"], route_class=ActRoute)
reports = APIRouter(prefix="/v1/reports", tags=["公示 results"], route_class=ActRoute)

PublicationId = Annotated[str, Path(description="公示或其检查的编号 (id of a publication, or of its visit)")]


@router.get("", dependencies=allow("publications.read"), summary="公示办理列表 List publications")
def list_publications(
    look: LookDep,
    state: PublicationState | None = None,
    due_before: Annotated[date | None, Query(description="期限早于该日 (due before this day)")] = None,
    overdue: Annotated[bool | None, Query(description="是否逾期未公开 (not public in time)")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[PublicationRead]:
    """Publications of the region by their last day; an officer sees those of own visits."""
    found = reading.publications(
        look,
        state=state,
        due_before=due_before,
        overdue=overdue,
        limit=limit,
        cursor=cursor,
        count=count,
    )
    return PageOf.of(found, PublicationRead.of)


@router.get("/{publication_id}", dependencies=allow("publications.read"), summary="一项公示 One publication")
def one(publication_id: PublicationId, look: LookDep) -> PublicationWhole:
    """A publication, with what would be public of what was submitted last."""
    return PublicationWhole.of(reading.publication(look, publication_id))


@router.get("/{publication_id}/steps", dependencies=allow("publications.read"), summary="办理过程 Its steps")
def steps(publication_id: PublicationId, look: LookDep) -> StepsRead:
    """Who did what, when and why; every submission as it was."""
    return StepsRead(items=[StepRead.of(row) for row in reading.steps(look, publication_id)])


@router.get(
    "/{publication_id}/versions", dependencies=allow("publications.read"), summary="公开版本 Its versions"
)
def versions(publication_id: PublicationId, look: LookDep) -> VersionsRead:
    """The public versions in order, corrections and withdrawals among them."""
    return VersionsRead(items=[VersionRead.of(row) for row in reading.versions(look, publication_id)])


@router.post("/{publication_id}/submit", dependencies=allow("publications.submit"), summary="提交公示 Submit")
def submit(publication_id: PublicationId, act: ActDep, _body: NoBody | None = None) -> PublicationRead:
    """Hand the visit's result in as it stands now, by an officer of the visit."""
    return PublicationRead.of(reading.after(act, publishing.submit(act, publication_id)))


@router.post("/{publication_id}/review", dependencies=allow("publications.review"), summary="审核通过 Review")
def review(publication_id: PublicationId, act: ActDep, _body: NoBody | None = None) -> PublicationRead:
    """Find it fit for approval; never by an inspecting officer."""
    return PublicationRead.of(reading.after(act, publishing.review(act, publication_id)))


@router.post(
    "/{publication_id}/approve", dependencies=allow("publications.approve"), summary="审批通过 Approve"
)
def approve(publication_id: PublicationId, act: ActDep, _body: NoBody | None = None) -> PublicationRead:
    """Decide that it becomes public; never by who submitted or reviewed it."""
    return PublicationRead.of(reading.after(act, publishing.approve(act, publication_id)))


@router.post("/{publication_id}/publish", dependencies=allow("publications.publish"), summary="公开 Publish")
def publish(
    publication_id: PublicationId, act: RetryableActDep, _body: NoBody | None = None
) -> PublicationRead:
    """Make the redacted public copy and show it; by a fourth person."""
    return PublicationRead.of(reading.after(act, publishing.publish(act, publication_id)))


@router.post(
    "/{publication_id}/send-back", dependencies=allow("publications.send-back"), summary="退回 Send back"
)
def send_back(publication_id: PublicationId, body: SendBack, act: ActDep) -> PublicationRead:
    """Give it back to its officers with a reason; what was submitted stays in the history."""
    return PublicationRead.of(
        reading.after(act, publishing.send_back(act, publication_id, reason=body.reason))
    )


@router.post(
    "/{publication_id}/withhold", dependencies=allow("publications.withhold"), summary="暂缓公示 Withhold"
)
def withhold(publication_id: PublicationId, body: Withhold, act: ActDep) -> PublicationRead:
    """Keep it from the public until a day, with a reason; it is counted publicly."""
    withheld = publishing.withhold(act, publication_id, reason=body.reason, until=body.until)
    return PublicationRead.of(reading.after(act, withheld))


@router.post("/{publication_id}/correct", dependencies=allow("publications.correct"), summary="更正 Correct")
def correct(publication_id: PublicationId, body: Correct, act: ActDep) -> PublicationRead:
    """Begin the next version; the public one stays until that is published."""
    return PublicationRead.of(reading.after(act, publishing.correct(act, publication_id, reason=body.reason)))


@router.post(
    "/{publication_id}/withdraw", dependencies=allow("publications.withdraw"), summary="撤销公示 Withdraw"
)
def withdraw(publication_id: PublicationId, body: Withdraw, act: ActDep) -> PublicationRead:
    """Take the public result back; a version that says why takes its place; privacy hides its content."""
    withdrawn = publishing.withdraw(act, publication_id, reason=body.reason, ground=body.ground)
    return PublicationRead.of(reading.after(act, withdrawn))


@reports.get(
    "/unpublished", dependencies=allow("publications.report"), summary="未公开结果 Unpublished results"
)
def unpublished(
    look: LookDep, limit: Limit = 50, cursor: Cursor = None, count: Count = False
) -> PageOf[UnpublishedRead]:
    """Every venue or special-industry visit whose result is not public, and why (mission clause R1)."""
    return PageOf.of(reading.unpublished(look, limit=limit, cursor=cursor, count=count), UnpublishedRead.of)
