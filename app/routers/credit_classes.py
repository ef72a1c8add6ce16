"""Classes of credit risk of entities, by which a policy may draw other items."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute, Answer
from app.deps import ActDep, LookDep, allow
from app.routers.entities import EntityId
from app.schemas.credit_classes import CreditClassCorrection, CreditClassRead, CreditClassWrite
from app.schemas.page import PageOf
from app.schemas.registers_query import PageQuery
from app.schemas.registers_write import Withdrawal
from app.services.registers import credit_classes

router = APIRouter(prefix="/v1", tags=["名录库 registers"], route_class=ActRoute)

RatingId = Annotated[str, Path(description="编号，由 GET /v1/entities/{entity_id}/credit-classes 给出 (id)")]


@router.get(
    "/entities/{entity_id}/credit-classes",
    dependencies=allow("registers.read"),
    summary="信用风险分类列表 Credit classes of an entity",
)
def listed(
    entity_id: EntityId, look: LookDep, query: Annotated[PageQuery, Query()]
) -> PageOf[CreditClassRead]:
    """The classes that an entity was given, withdrawn ones too; the latest that has not ended holds."""
    return PageOf.of(credit_classes.read_page(look, entity_id, query.paging()), CreditClassRead.of)


@router.post(
    "/entities/{entity_id}/credit-classes",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=CreditClassRead,
    summary="登记信用风险分类 Enter a credit class",
)
def enter(entity_id: EntityId, body: CreditClassWrite, act: ActDep) -> Answer:
    """Enter a class with its source and basis; it holds for every premises of the same USCC."""
    made = CreditClassRead.of(credit_classes.report(act, entity_id, body.members()))
    return Answer(made, headers={"Location": f"/v1/credit-classes/{made.id}"})


@router.get(
    "/credit-classes/{rating_id}",
    dependencies=allow("registers.read"),
    summary="信用风险分类 A credit class",
)
def read(rating_id: RatingId, look: LookDep) -> CreditClassRead:
    """One class that was given."""
    return CreditClassRead.of(credit_classes.read(look, rating_id))


@router.post(
    "/credit-classes/{rating_id}/correct",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=CreditClassRead,
    summary="更正信用风险分类 Correct a credit class",
)
def correct(rating_id: RatingId, body: CreditClassCorrection, act: ActDep) -> Answer:
    """Mend what was entered wrongly; the history keeps what was said before, and why it was changed."""
    made = CreditClassRead.of(credit_classes.correct(act, rating_id, body.members(), reason=body.reason))
    return Answer(made, headers={"Location": f"/v1/credit-classes/{made.id}"})


@router.post(
    "/credit-classes/{rating_id}/withdraw",
    dependencies=allow("registers.write"),
    summary="撤销信用风险分类 Withdraw a credit class",
)
def withdraw(rating_id: RatingId, body: Withdrawal, act: ActDep) -> CreditClassRead:
    """Let a class entered wrongly count for nothing; it stays on file, with the reason."""
    return CreditClassRead.of(credit_classes.withdraw(act, rating_id, reason=body.reason))
