"""Entities: premises with their registrations, risk events and history."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, LookDep, allow
from app.schemas.page import PageOf
from app.schemas.registers import ChangeRead, EntityRead, RegistrationRead, RegistrationsRead, RiskEventRead
from app.schemas.registers_query import EntityPageQuery, PageQuery, RiskEventPageQuery
from app.schemas.registers_write import (
    EntityPatch,
    EntityWrite,
    RegistrationPatch,
    RiskEventCorrection,
    RiskEventPatch,
    RiskEventWrite,
    Withdrawal,
)
from app.services.registers import entities, risk_events

router = APIRouter(prefix="/v1", tags=["名录库 registers"], route_class=ActRoute)

EntityId = Annotated[
    str, Path(description="编号，或仅对应一处场所的统一社会信用代码 (id, or a USCC that names one premises)")
]
TURN = "register:entities"


@router.get("/entities", dependencies=allow("registers.read"), summary="检查对象列表 List entities")
def list_entities(look: LookDep, query: Annotated[EntityPageQuery, Query()]) -> PageOf[EntityRead]:
    """Entities of the caller's region, by DR1 entity id; regime, level and status of one registration."""
    return PageOf.of(entities.read_page(look, query.where(), query.paging()), EntityRead.of)


@router.post(
    "/entities",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=EntityRead,
    summary="登记检查对象 Enter a registration",
)
def enter_entity(body: EntityWrite, act: ActDep) -> Answer:
    """Enter one registration, and its premises if that is new, under the rules of import rows."""
    made = EntityRead.of(entities.register(act, body.members()))
    return Answer(made, headers={"Location": f"/v1/entities/{made.id}"})


@router.get("/entities/{entity_id}", dependencies=allow("registers.read"), summary="检查对象 An entity")
def read_entity(entity_id: EntityId, look: LookDep) -> EntityRead:
    """One entity and its registrations."""
    return EntityRead.of(entities.read(look, entity_id))


@router.patch(
    "/entities/{entity_id}", dependencies=allow("registers.write"), summary="修改检查对象 Change an entity"
)
@if_match(read_entity, turn=TURN)
def change_entity(entity_id: EntityId, body: EntityPatch, act: ConditionalActDep) -> EntityRead:
    """Change what is said of the premises; the history keeps what was said before."""
    return EntityRead.of(entities.change(act, entity_id, body.members()))


@router.get(
    "/entities/{entity_id}/registrations",
    dependencies=allow("registers.read"),
    summary="登记列表 Registrations",
)
def list_registrations(entity_id: EntityId, look: LookDep) -> RegistrationsRead:
    """The registrations of an entity."""
    found = entities.read(look, entity_id)["registrations"]
    return RegistrationsRead(items=[RegistrationRead.of(one) for one in found])


@router.get(
    "/entities/{entity_id}/registrations/{regime}",
    dependencies=allow("registers.read"),
    summary="一项登记 A registration",
)
def read_registration(entity_id: EntityId, regime: str, look: LookDep) -> RegistrationRead:
    """The registration of an entity in one regime."""
    return RegistrationRead.of(entities.read_registration(look, entity_id, regime))


@router.patch(
    "/entities/{entity_id}/registrations/{regime}",
    dependencies=allow("registers.write"),
    summary="修改登记 Change a registration",
)
@if_match(read_registration, turn=TURN)
def change_registration(
    entity_id: EntityId, regime: str, body: RegistrationPatch, act: ConditionalActDep
) -> RegistrationRead:
    """Change level, status, licence and the like."""
    return RegistrationRead.of(entities.change_registration(act, entity_id, regime, body.members()))


@router.get("/entities/{entity_id}/history", dependencies=allow("registers.read"), summary="变更历史 History")
def entity_history(
    entity_id: EntityId, look: LookDep, query: Annotated[PageQuery, Query()]
) -> PageOf[ChangeRead]:
    """Who changed what and when, newest first: registrations, premises, risk events, visits."""
    return PageOf.of(entities.history(look, entity_id, query.paging()), ChangeRead.of)


@router.get(
    "/entities/{entity_id}/risk-events",
    dependencies=allow("registers.read"),
    summary="风险事件列表 Risk events",
)
def list_risk_events(
    entity_id: EntityId, look: LookDep, query: Annotated[RiskEventPageQuery, Query()]
) -> PageOf[RiskEventRead]:
    """The risk events of an entity, withdrawn ones too."""
    found = risk_events.read_page(look, entity_id, query.where(), query.paging())
    return PageOf.of(found, RiskEventRead.of)


@router.post(
    "/entities/{entity_id}/risk-events",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=RiskEventRead,
    summary="登记风险事件 Enter a risk event",
)
def enter_risk_event(entity_id: EntityId, body: RiskEventWrite, act: ActDep) -> Answer:
    """Enter a complaint, hazard, penalty, fire or listing."""
    made = RiskEventRead.of(risk_events.report(act, entity_id, body.members()))
    return Answer(made, headers={"Location": f"/v1/risk-events/{made.id}"})


@router.get("/risk-events/{event_id}", dependencies=allow("registers.read"), summary="风险事件 A risk event")
def read_risk_event(event_id: str, look: LookDep) -> RiskEventRead:
    """One risk event."""
    return RiskEventRead.of(risk_events.read(look, event_id))


@router.patch(
    "/risk-events/{event_id}",
    dependencies=allow("registers.write"),
    summary="更新风险事件 Change a risk event",
)
@if_match(read_risk_event, turn="register:risk-events")
def change_risk_event(event_id: str, body: RiskEventPatch, act: ConditionalActDep) -> RiskEventRead:
    """Say whether it holds, when it was remedied, until when it counts; a change of that needs a reason."""
    return RiskEventRead.of(risk_events.decide(act, event_id, body.members(), reason=body.reason))


@router.post(
    "/risk-events/{event_id}/correct",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=RiskEventRead,
    summary="更正风险事件 Correct a risk event",
)
def correct_risk_event(event_id: str, body: RiskEventCorrection, act: ActDep) -> Answer:
    """Put an event in the place of one that was entered wrongly; that one stays on file, withdrawn."""
    made = RiskEventRead.of(risk_events.correct(act, event_id, body.members(), reason=body.reason))
    return Answer(made, headers={"Location": f"/v1/risk-events/{made.id}"})


@router.post(
    "/risk-events/{event_id}/withdraw",
    dependencies=allow("registers.write"),
    summary="撤销风险事件 Withdraw a risk event",
)
def withdraw_risk_event(event_id: str, body: Withdrawal, act: ActDep) -> RiskEventRead:
    """Let an event entered wrongly count for nothing; it stays on file, with the reason."""
    return RiskEventRead.of(risk_events.withdraw(act, event_id, reason=body.reason))
