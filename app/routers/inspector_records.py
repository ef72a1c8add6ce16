"""Trainings and qualifications of inspectors."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, LookDep, allow
from app.routers.inspectors import TURN, Code
from app.schemas.inspector_records import (
    QualificationPatch,
    QualificationRead,
    QualificationWrite,
    TrainingPatch,
    TrainingRead,
    TrainingWrite,
)
from app.schemas.page import PageOf
from app.schemas.registers_query import PageQuery
from app.schemas.registers_write import Withdrawal
from app.services.registers import inspector_records as records
from app.services.registers.inspector_records import QUALIFICATIONS, TRAININGS

router = APIRouter(prefix="/v1/inspectors/{code}", tags=["名录库 registers"], route_class=ActRoute)


@router.get("/trainings", dependencies=allow("registers.read"), summary="培训记录列表 Trainings")
def list_trainings(code: Code, look: LookDep, query: Annotated[PageQuery, Query()]) -> PageOf[TrainingRead]:
    """The trainings of an inspector as they were entered, withdrawn ones too."""
    return PageOf.of(records.read_page(look, TRAININGS, code, query.paging()), TrainingRead.of)


@router.post(
    "/trainings",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=TrainingRead,
    summary="登记培训 Enter a training",
)
def enter_training(code: Code, body: TrainingWrite, act: ActDep) -> Answer:
    """Enter a training; the latest `valid_to` gates the inspector in draws."""
    made = TrainingRead.of(records.add(act, TRAININGS, code, body.members()))
    return Answer(made, headers={"Location": f"/v1/inspectors/{code}/trainings/{made.id}"})


@router.get("/trainings/{training_id}", dependencies=allow("registers.read"), summary="培训记录 A training")
def read_training(code: Code, training_id: str, look: LookDep) -> TrainingRead:
    """One training."""
    return TrainingRead.of(records.read(look, TRAININGS, code, training_id))


@router.patch(
    "/trainings/{training_id}", dependencies=allow("registers.write"), summary="更正培训 Correct a training"
)
@if_match(read_training, turn=TURN)
def correct_training(
    code: Code, training_id: str, body: TrainingPatch, act: ConditionalActDep
) -> TrainingRead:
    """Correct a training; the history keeps what was said before."""
    return TrainingRead.of(records.correct(act, TRAININGS, code, training_id, body.members()))


@router.post(
    "/trainings/{training_id}/withdraw",
    dependencies=allow("registers.write"),
    summary="撤销培训记录 Withdraw a training",
)
def withdraw_training(code: Code, training_id: str, body: Withdrawal, act: ActDep) -> TrainingRead:
    """Let a training that was entered wrongly count for nothing; it stays on file."""
    return TrainingRead.of(records.withdraw(act, TRAININGS, code, training_id, reason=body.reason))


@router.get("/qualifications", dependencies=allow("registers.read"), summary="业务资格列表 Qualifications")
def list_qualifications(
    code: Code, look: LookDep, query: Annotated[PageQuery, Query()]
) -> PageOf[QualificationRead]:
    """The qualifications of an inspector as they were entered, withdrawn ones too."""
    return PageOf.of(records.read_page(look, QUALIFICATIONS, code, query.paging()), QualificationRead.of)


@router.post(
    "/qualifications",
    status_code=201,
    dependencies=allow("registers.write"),
    response_model=QualificationRead,
    summary="登记业务资格 Enter a qualification",
)
def enter_qualification(code: Code, body: QualificationWrite, act: ActDep) -> Answer:
    """Enter a qualification; from then on records decide about its regime, not the register's list."""
    made = QualificationRead.of(records.add(act, QUALIFICATIONS, code, body.members()))
    return Answer(made, headers={"Location": f"/v1/inspectors/{code}/qualifications/{made.id}"})


@router.get(
    "/qualifications/{qualification_id}",
    dependencies=allow("registers.read"),
    summary="业务资格 A qualification",
)
def read_qualification(code: Code, qualification_id: str, look: LookDep) -> QualificationRead:
    """One qualification."""
    return QualificationRead.of(records.read(look, QUALIFICATIONS, code, qualification_id))


@router.patch(
    "/qualifications/{qualification_id}",
    dependencies=allow("registers.write"),
    summary="更正业务资格 Correct a qualification",
)
@if_match(read_qualification, turn=TURN)
def correct_qualification(
    code: Code, qualification_id: str, body: QualificationPatch, act: ConditionalActDep
) -> QualificationRead:
    """Correct or renew a qualification; the history keeps what was said before."""
    return QualificationRead.of(records.correct(act, QUALIFICATIONS, code, qualification_id, body.members()))


@router.post(
    "/qualifications/{qualification_id}/withdraw",
    dependencies=allow("registers.write"),
    summary="撤销业务资格 Withdraw a qualification",
)
def withdraw_qualification(
    code: Code, qualification_id: str, body: Withdrawal, act: ActDep
) -> QualificationRead:
    """Let a qualification that was entered wrongly count for nothing; it stays on file."""
    return QualificationRead.of(
        records.withdraw(act, QUALIFICATIONS, code, qualification_id, reason=body.reason)
    )
