"""Draws: commit, entropy, selection and teams, reveal or void, records and proofs."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Response

from app.acts import ActRoute, Answer
from app.deps import ActDep, Count, Cursor, Limit, LookDep, RetryableActDep, allow
from app.schemas.amendments import AmendmentAnswer, AmendmentRead, AmendmentWrite
from app.schemas.drawing import CommitDraw, DrawRead, EntropyAnswer, Lines, NoBody, Proof, VoidDraw
from app.schemas.exclusions import ExclusionQuery, KeptExclusion
from app.schemas.page import PageOf
from app.services.drawing import amended, amending, committing, ending, excluding, randomness, reading

router = APIRouter(prefix="/v1/draws", tags=["抽取 drawing"], route_class=ActRoute)

DrawId = Annotated[str, Path(description="抽取编号 (id of a draw)")]
AmendmentNumber = Annotated[int, Path(ge=1, le=1000, description="变更序号 (number of the amendment)")]
_DRAND_EXAMPLE = {
    "summary": "drand 公共随机信标",
    "value": {"kind": "drand", "round": 1, "signature": "…96 hex…", "randomness": "…64 hex…"},
}
EntropyBody = Annotated[
    dict[str, Any],
    Body(
        description="DR1 的 entropy.json，或一个随机源的值 (DR1's entropy.json, or one source's value)",
        openapi_examples={
            "ceremony": {
                "summary": "一个随机源的值",
                "value": {"source": "dice", "value": "3" * 20},
            },
            "drand": _DRAND_EXAMPLE,
        },
    ),
]
AmendmentEntropyBody = Annotated[
    dict[str, Any],
    Body(
        description="记载变更之后投出的随机值，或变更所定 drand 轮次的结果，见变更的 wanted "
        "(the value thrown after the logging, or the drand round that it pinned: `wanted` of the amendment)",
        openapi_examples={
            "ceremony": {
                "summary": "记载变更之后投出的 20 至 64 位数字",
                "value": {"source": "amendment", "value": "31415926535897932384"},
            },
            "drand": _DRAND_EXAMPLE,
        },
    ),
]


@router.post(
    "",
    status_code=201,
    dependencies=allow("draws.commit"),
    response_model=DrawRead,
    summary="提交抽取承诺 Commit a draw",
)
def commit(body: CommitDraw, act: RetryableActDep) -> Answer:
    """Freeze the registers and publish the commitment, before the random value exists."""
    draw = DrawRead.of(committing.commit_draw(act, body.draw_plan))
    return Answer(draw, {"Location": f"/v1/draws/{draw.id}"})


@router.get("", dependencies=allow("draws.read"), summary="抽取列表 List draws")
def list_draws(
    look: LookDep,
    item: Annotated[
        str | None, Query(description="项目代码，或 <地区>:<代码> (a code, or <region>:<code>)")
    ] = None,
    period: str | None = None,
    state: str | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[DrawRead]:
    """Draws within the caller's region, newest first."""
    page = reading.draws(look, item=item, period=period, state=state, limit=limit, cursor=cursor, count=count)
    return PageOf.of(page, DrawRead.of)


@router.get("/{draw_id}", dependencies=allow("draws.read"), summary="一次抽取 One draw")
def one(draw_id: DrawId, look: LookDep) -> DrawRead:
    """A draw; what was drawn is at its selection."""
    return DrawRead.of(reading.draw(look, draw_id))


@router.post("/{draw_id}/entropy", dependencies=allow("draws.entropy"), summary="给出公共随机值 Give entropy")
def entropy(draw_id: DrawId, body: EntropyBody, act: RetryableActDep) -> EntropyAnswer:
    """Take a witness's value; once the plan's sources are complete, the draw follows at once."""
    return EntropyAnswer.model_validate(randomness.give(act, draw_id, body), from_attributes=True)


@router.get("/{draw_id}/selection", dependencies=allow("draws.selection"), summary="抽中名单 Selection")
def selection(draw_id: DrawId, act: ActDep) -> Lines:
    """Who is inspected, in the order drawn; before the reveal for the dispatcher only, each view logged."""
    return Lines(items=reading.rows_of(act, draw_id, "selection.ndjson"))


@router.get("/{draw_id}/teams", dependencies=allow("draws.selection"), summary="检查人员 Teams")
def teams(
    draw_id: DrawId,
    act: ActDep,
    final: Annotated[bool, Query(description="变更之后的检查人员 (after the last amendment)")] = False,
) -> Lines:
    """Who inspects, by place and slot; before the reveal for the dispatcher only, each view logged."""
    return Lines(items=reading.teams(act, draw_id, final=final))


@router.post(
    "/{draw_id}/amendments",
    status_code=201,
    dependencies=allow("draws.amend"),
    response_model=AmendmentRead,
    summary="变更检查人员 Amend the teams",
)
def amend(draw_id: DrawId, body: AmendmentWrite, act: RetryableActDep) -> Answer:
    """Log that an officer falls out or officers are lent; its own randomness comes afterwards and deals."""
    made = AmendmentRead.of(amending.amend(act, draw_id, body.wanted()))
    return Answer(made, {"Location": f"/v1/draws/{draw_id}/amendments/{made.n}"})


@router.get("/{draw_id}/amendments", dependencies=allow("draws.amendments"), summary="变更列表 Amendments")
def list_amendments(
    draw_id: DrawId, act: ActDep, limit: Limit = 50, cursor: Cursor = None
) -> PageOf[AmendmentRead]:
    """The amendments of a draw in order; before the reveal for the dispatcher only, each view logged."""
    return PageOf.of(reading.amendments(act, draw_id, limit=limit, cursor=cursor), AmendmentRead.of)


@router.get(
    "/{draw_id}/amendments/{amendment_n}", dependencies=allow("draws.amendments"), summary="变更 An amendment"
)
def one_amendment(draw_id: DrawId, amendment_n: AmendmentNumber, act: ActDep) -> AmendmentRead:
    """One amendment, and what it has done; before the reveal for the dispatcher only, each view logged."""
    return AmendmentRead.of(reading.amendment(act, draw_id, amendment_n))


@router.post(
    "/{draw_id}/amendments/{amendment_n}/entropy",
    dependencies=allow("draws.entropy"),
    summary="给出变更的随机值 Give an amendment's entropy",
)
def amendment_entropy(
    draw_id: DrawId, amendment_n: AmendmentNumber, body: AmendmentEntropyBody, act: RetryableActDep
) -> AmendmentAnswer:
    """Take the value thrown after the logging (20 to 64 digits), or the drand round pinned by it."""
    return AmendmentAnswer.model_validate(amended.give(act, draw_id, amendment_n, body), from_attributes=True)


@router.get("/{draw_id}/exclusions", dependencies=allow("draws.exclusions"), summary="排除情况 Exclusions")
def exclusions(
    draw_id: DrawId, act: ActDep, query: Annotated[ExclusionQuery, Query()]
) -> PageOf[KeptExclusion]:
    """Who was left out, takes less or is kept away from where, and why; each view logged."""
    found = excluding.exclusions(
        act, draw_id, query.where(), limit=query.limit, cursor=query.cursor, count=query.count
    )
    return PageOf.of(found, KeptExclusion.of)


@router.post("/{draw_id}/reveal", dependencies=allow("draws.reveal"), summary="公开抽取记录 Reveal")
def reveal(draw_id: DrawId, act: RetryableActDep, _body: NoBody | None = None) -> DrawRead:
    """Publish the record, from the day `visit_to` on."""
    return DrawRead.of(ending.reveal(act, draw_id))


@router.post("/{draw_id}/void", dependencies=allow("draws.void"), summary="申请作废 Ask to void")
def void(draw_id: DrawId, body: VoidDraw, act: RetryableActDep) -> DrawRead:
    """Ask that the draw be voided, for a listed reason; another person decides."""
    return DrawRead.of(ending.ask_to_void(act, draw_id, body.reason))


@router.post(
    "/{draw_id}/void/approve", dependencies=allow("draws.void.approve"), summary="批准作废 Approve a void"
)
def approve_void(draw_id: DrawId, act: RetryableActDep, _body: NoBody | None = None) -> DrawRead:
    """Void the draw; its public record appears, the would-be list too."""
    return DrawRead.of(ending.approve_void(act, draw_id))


@router.post(
    "/{draw_id}/void/reject", dependencies=allow("draws.void.approve"), summary="驳回作废 Reject a void"
)
def reject_void(draw_id: DrawId, act: RetryableActDep, _body: NoBody | None = None) -> DrawRead:
    """Let the draw stand; from then on it can be revealed again."""
    return DrawRead.of(ending.reject_void(act, draw_id))


@router.get("/{draw_id}/record.zip", dependencies=allow("draws.record"), summary="抽取记录 The record")
def record(draw_id: DrawId, act: ActDep, audience: Literal["audit", "public"] = "public") -> Response:
    """The record of an ended draw; the audit one, secret and teams included, is for auditors; logged."""
    return Response(reading.record_zip(act, draw_id, audience), media_type="application/zip")


@router.get("/{draw_id}/proof", dependencies=allow("draws.proof"), summary="检查对象证明 An entity's proof")
def proof(draw_id: DrawId, entity: Annotated[str, Query(description="DR1 entity id")], act: ActDep) -> Proof:
    """Proof that an entity is in the drum with so many tickets (DR1 section 12)."""
    return Proof.model_validate(reading.proof_of(act, draw_id, entity))
