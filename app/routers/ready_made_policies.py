"""Ready-made policies: adopted for items of a bureau's own, as a draft that somebody else approves."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.acts import ActRoute, Answer
from app.deps import ActDep, allow
from app.schemas.policies import PolicyRecord
from app.schemas.ready_made import AdoptionWrite, ReadyMadeList, ReadyMadeRead
from app.services.planning import policy_reading, ready_made

router = APIRouter(prefix="/v1/ready-made-policies", tags=["计划 planning"], route_class=ActRoute)

Code = Annotated[
    str, Path(description="现成规则编码 (code of a ready-made policy)", examples=["credit-classes"])
]


@router.get("", dependencies=allow("items.read"), summary="现成规则清单 Ready-made policies")
def listed() -> ReadyMadeList:
    """Every ready-made policy that comes with the application."""
    return ReadyMadeList(items=[ReadyMadeRead.of(one) for one in ready_made.listed()])


@router.get("/{code}", dependencies=allow("items.read"), summary="一份现成规则 A ready-made policy")
def one(code: Code) -> ReadyMadeRead:
    """A ready-made policy with its numbers and their basis."""
    return ReadyMadeRead.of(ready_made.one(code))


@router.post(
    "/{code}/adopt",
    status_code=201,
    response_model=PolicyRecord,
    dependencies=allow("policies.write"),
    summary="采用现成规则 Adopt a ready-made policy",
)
def adopt(code: Code, body: AdoptionWrite, act: ActDep) -> Answer:
    """Draft the policy of the region, changed so that it draws these items by the ready-made one."""
    made = ready_made.adopt(act, code, body.wanted())
    return Answer(PolicyRecord.of(policy_reading.after(act, made)), {"Location": f"/v1/policies/{made.id}"})
