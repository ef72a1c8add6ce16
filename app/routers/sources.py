"""Registers from elsewhere: sources, their runs, records and alarms, and pairs that a person decides."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, Count, Cursor, Limit, LookDep, allow
from app.problems import language
from app.schemas.page import PageOf
from app.schemas.registers_query import PageQuery
from app.schemas.source_runs import (
    MatchConfirm,
    MatchPropose,
    MatchRead,
    MatchReject,
    MatchState,
    MatchUndo,
    RunCancel,
    RunLine,
    RunRead,
    RunWrite,
    SourceRecordRead,
)
from app.schemas.sources import (
    SourceAlarmRead,
    SourcePatch,
    SourceRead,
    SourceState,
    SourceTemplates,
    SourceWrite,
)
from app.services.sources import asking, configuring, deciding, proposing, reading
from app.services.sources.finding import source_to_change
from app.services.sources.reading import SourceReport
from app.store.registers.pages import Paging

router = APIRouter(prefix="/v1", tags=["名录来源 sources"], route_class=ActRoute)

SourceId = Annotated[str, Path(description="来源编号或代号 (id or code of a source)")]
Language = Annotated[str, Depends(language)]
_VARY = {"Vary": "Accept-Language"}


@router.get("/source-templates", dependencies=allow("sources.read"), summary="来源模板 Templates")
def list_templates(look: LookDep) -> SourceTemplates:  # noqa: ARG001 - a look is what makes it a read
    """Ready-made configurations of the five systems that the plan names; copy one by its code."""
    return SourceTemplates.of(configuring.templates())


@router.post(
    "/sources",
    status_code=201,
    dependencies=allow("sources.write"),
    response_model=SourceRead,
    summary="登记来源系统 Enter a source",
)
def enter_source(body: SourceWrite, act: ActDep, lang: Language) -> Answer:
    """Enter a source system; its secret is sealed and never shown, its first run is due at once."""
    made = configuring.enter(act, body.document(), state=body.state or "active", secret=body.secret)
    return Answer(
        SourceRead.of(SourceReport(made, []), lang), {"Location": f"/v1/sources/{made.id}", **_VARY}
    )


@router.get("/sources", dependencies=allow("sources.read"), summary="来源系统列表 List sources")
def list_sources(
    look: LookDep,
    lang: Language,
    state: SourceState | None = None,
    alarmed: Annotated[bool | None, Query(description="是否有告警 (with an alarm that stands)")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[SourceRead]:
    """The sources of the caller's region, by code."""
    found = reading.sources(look, state=state, alarmed=alarmed, paging=Paging(limit, cursor, count))
    return PageOf.of(found, lambda report: SourceRead.of(report, lang))


@router.get("/sources/{source_id}", dependencies=allow("sources.read"), summary="来源系统 A source")
def read_source(source_id: SourceId, look: LookDep, lang: Language) -> SourceRead:
    """A source, its last good run, and the alarms that stand; its ETag is what a PATCH must name."""
    return SourceRead.of(reading.source(look, source_id), lang)


@router.patch(
    "/sources/{source_id}", dependencies=allow("sources.write"), summary="修改来源系统 Change a source"
)
@if_match(read_source, turn=configuring.TURN)
def change_source(
    source_id: SourceId, body: SourcePatch, act: ConditionalActDep, lang: Language
) -> SourceRead:
    """Change configuration, state or secret; a source asked at another host needs its secret anew."""
    before = source_to_change(act, source_id)
    changed = configuring.change(
        act,
        before,
        body.applied(before.configuration),
        state=body.state or before.state,
        secret=body.secret,
    )
    return SourceRead.of(reading.source_report(act, changed), lang)


@router.post(
    "/sources/{source_id}/runs",
    status_code=202,
    dependencies=allow("sources.write"),
    response_model=RunLine,
    summary="立即拉取 Run a source now",
)
def run_source(source_id: SourceId, body: RunWrite, act: ActDep, lang: Language) -> Answer:
    """Queue a run; `Location` tells how far it is and what came of it."""
    run = asking.ask(act, source_id, body.options())
    location = f"/v1/sources/{run.source_id}/runs/{run.id}"
    return Answer(RunLine.of(run, lang), {"Location": location, **_VARY})


@router.get(
    "/sources/{source_id}/runs", dependencies=allow("sources.read"), summary="拉取日志 Runs of a source"
)
def list_runs(
    source_id: SourceId, look: LookDep, lang: Language, query: Annotated[PageQuery, Query()]
) -> PageOf[RunLine]:
    """The run log of a source, newest first."""
    found = reading.run_page(look, source_id, query.paging())
    return PageOf.of(found, lambda run: RunLine.of(run, lang))


@router.get(
    "/sources/{source_id}/runs/{run_id}",
    dependencies=allow("sources.read"),
    response_model=RunRead,
    summary="一次拉取 A run",
)
def read_run(source_id: SourceId, run_id: str, look: LookDep, lang: Language) -> Answer:
    """One run, with what is wrong with which record in the caller's language."""
    return Answer(RunRead.of_report(reading.run(look, source_id, run_id), lang), _VARY)


@router.post(
    "/sources/{source_id}/runs/{run_id}/cancel",
    dependencies=allow("sources.write"),
    response_model=RunRead,
    summary="取消拉取 Cancel a run",
)
def cancel_run(source_id: SourceId, run_id: str, body: RunCancel, act: ActDep, lang: Language) -> Answer:
    """Cancel a run that has landed nothing yet, such as one that waits to ask again; then ask for another."""
    cancelled = asking.cancel(act, source_id, run_id, reason=body.reason)
    return Answer(RunRead.of_report(reading.run_report(act, cancelled), lang), _VARY)


@router.get("/sources/{source_id}/records", dependencies=allow("sources.read"), summary="来源记录 Records")
def list_records(
    source_id: SourceId,
    look: LookDep,
    query: Annotated[PageQuery, Query()],
    not_seen: Annotated[
        bool | None, Query(description="来源已不再给出 (the source gives it no more)")
    ] = None,
) -> PageOf[SourceRecordRead]:
    """What a source said of each record, and the entity under which it stands, by source key."""
    found = reading.record_page(look, source_id, not_seen=not_seen, paging=query.paging())
    return PageOf.of(found, SourceRecordRead.model_validate)


@router.get("/source-alarms", dependencies=allow("sources.read"), summary="来源告警 Alarms about sources")
def list_alarms(
    look: LookDep,
    lang: Language,
    query: Annotated[PageQuery, Query()],
    standing: Annotated[bool | None, Query(description="未解除 (not cleared yet)")] = None,
) -> PageOf[SourceAlarmRead]:
    """Alarms about dead, wrong, shrunk and overdue sources, newest first."""
    found = reading.alarm_page(look, standing=standing, paging=query.paging())
    return PageOf.of(found, lambda alarm: SourceAlarmRead.of(alarm, lang))


@router.get("/source-matches", dependencies=allow("sources.read"), summary="疑似同一场所 Pairs to decide")
def list_matches(
    look: LookDep, query: Annotated[PageQuery, Query()], state: MatchState | None = None
) -> PageOf[MatchRead]:
    """Pairs of premises from different sources that may be one, in the order found."""
    return PageOf.of(deciding.read_page(look, state=state, paging=query.paging()), MatchRead.of)


@router.post(
    "/source-matches",
    status_code=201,
    dependencies=allow("sources.match"),
    response_model=MatchRead,
    summary="提出疑似同一场所 Propose a pair",
)
def propose_match(body: MatchPropose, act: ActDep) -> Answer:
    """Say that two entities may be one premises; somebody else confirms or rejects it."""
    made = MatchRead.of(proposing.propose(act, *body.entities, reason=body.reason))
    return Answer(made, {"Location": f"/v1/source-matches/{made.id}"})


@router.get("/source-matches/{match_id}", dependencies=allow("sources.read"), summary="一对疑似场所 A pair")
def read_match(match_id: str, look: LookDep) -> MatchRead:
    """A pair, and what is said of both."""
    return MatchRead.of(deciding.read(look, match_id))


@router.post(
    "/source-matches/{match_id}/confirm",
    dependencies=allow("sources.match"),
    summary="确认为同一场所 Confirm a pair",
)
def confirm_match(match_id: str, body: MatchConfirm, act: ActDep) -> MatchRead:
    """Say that both are one premises; `joined` goes into `kept` with all that belongs to it."""
    found = deciding.confirm(act, match_id, same_regime=body.same_regime, reason=body.reason)
    return MatchRead.of(found)


@router.post(
    "/source-matches/{match_id}/reject",
    dependencies=allow("sources.match"),
    summary="确认为不同场所 Reject a pair",
)
def reject_match(match_id: str, body: MatchReject, act: ActDep) -> MatchRead:
    """Say that both are different premises; the pair is not put before anybody again."""
    return MatchRead.of(deciding.reject(act, match_id, reason=body.reason))


@router.post(
    "/source-matches/{match_id}/undo",
    dependencies=allow("sources.match"),
    summary="撤销合并 Undo a confirmed pair",
)
def undo_match(match_id: str, body: MatchUndo, act: ActDep) -> MatchRead:
    """Say that a confirmed pair is two premises after all; what had moved goes back, the history stays."""
    return MatchRead.of(deciding.undo(act, match_id, reason=body.reason))
