"""Policies and clocks: the numbers behind rosters and deadlines, from draft to approval; then public."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query

from app.acts import ActRoute, Answer, if_match
from app.deps import ActDep, ConditionalActDep, Count, Cursor, Limit, LookDep, allow
from app.schemas.page import PageOf
from app.schemas.policies import (
    Declining,
    PolicyCode,
    PolicyPatch,
    PolicyRead,
    PolicyRecord,
    PolicyState,
    PolicyWrite,
    Withdrawal,
)
from app.schemas.rules import ExplanationRead
from app.services.planning import policies, policy_reading, policy_withdrawals

router = APIRouter(prefix="/v1/policies", tags=["计划 planning"], route_class=ActRoute)
public = APIRouter(prefix="/v1/public/policies", tags=["公开 public"], route_class=ActRoute)

Digest = Annotated[
    str, Path(description="规则文件摘要 H(JCS(document))，SHA-256 或 SM3 (digest of a policy)")
]
PolicyId = Annotated[str, Path(description="编号或文件摘要 (id or digest of a version)")]
Code = Annotated[PolicyCode | None, Query(description="只列抽查规则或期限 (only these documents)")]


@router.post(
    "",
    status_code=201,
    response_model=PolicyRecord,
    dependencies=allow("policies.write"),
    summary="起草规则 Draft a policy",
)
def draft(body: PolicyWrite, act: ActDep) -> Answer:
    """Draft a version of a policy or of clocks: a whole document, or changes to the one in force."""
    made = policies.draft(act, body.wanted())
    record = PolicyRecord.of(policy_reading.after(act, made))
    return Answer(record, {"Location": f"/v1/policies/{made.id}"})


@router.get("", dependencies=allow("items.read"), summary="抽查规则 Policies")
def versions(
    look: LookDep,
    code: Code = None,
    state: PolicyState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    count: Count = False,
) -> PageOf[PolicyRecord]:
    """Every version by code, region and number: published ones everywhere, and drafts within the region."""
    found = policy_reading.page(look, code=code, state=state, limit=limit, cursor=cursor, count=count)
    return PageOf.of(found, PolicyRecord.of)


@router.get("/in-force", dependencies=allow("items.read"), summary="现行规则 The version in force")
def in_force(
    look: LookDep,
    region: Annotated[str, Query(description="行政区划 (region)", examples=["410928"])],
    on: Annotated[date | None, Query(description="哪一日，默认今天 (a day; default: today)")] = None,
    code: PolicyCode = "default",
) -> PolicyRecord:
    """The version that holds in a region on a day: what a new version is based on."""
    return PolicyRecord.of(policy_reading.in_force(look, code=code, region=region, on=on))


@router.get("/{policy_id}", dependencies=allow("items.read"), summary="一份抽查规则 One policy")
def version(policy_id: PolicyId, look: LookDep) -> PolicyRecord:
    """The version of this id, or that a plan names by digest; the ETag is what a PATCH must name."""
    return PolicyRecord.of(policy_reading.one(look, policy_id))


@router.patch(
    "/{policy_id}", dependencies=allow("policies.write"), summary="修改规则草案 Edit a draft policy"
)
@if_match(version, turn=policies.TURN)
def edit(policy_id: PolicyId, body: PolicyPatch, act: ConditionalActDep) -> PolicyRecord:
    """Change a draft by a merge patch; whoever does cannot approve it. What was approved never changes."""
    edited = policies.edit(act, policy_id, body.document_of, reason=body.reason)
    return PolicyRecord.of(policy_reading.after(act, edited))


@router.post(
    "/{policy_id}/approve", dependencies=allow("policies.approve"), summary="批准规则 Approve a policy"
)
def approve(policy_id: PolicyId, act: ActDep) -> PolicyRecord:
    """Approve a draft of somebody else, before the day on which it begins."""
    return PolicyRecord.of(policy_reading.after(act, policies.approve(act, policy_id)))


@router.post(
    "/{policy_id}/withdraw", dependencies=allow("policies.write"), summary="撤回规则 Withdraw a policy"
)
def withdraw(policy_id: PolicyId, body: Withdrawal, act: ActDep) -> PolicyRecord:
    """Withdraw a draft; of what was approved, ask for it: somebody else approves."""
    withdrawn = policy_withdrawals.withdraw(act, policy_id, reason=body.reason)
    return PolicyRecord.of(policy_reading.after(act, withdrawn))


@router.post(
    "/{policy_id}/withdraw/approve",
    dependencies=allow("policies.approve"),
    summary="批准撤回规则 Approve a withdrawal",
)
def approve_withdrawal(policy_id: PolicyId, act: ActDep) -> PolicyRecord:
    """End an approved version with today, or before it begins; then what the wider region says holds."""
    return PolicyRecord.of(policy_reading.after(act, policy_withdrawals.approve_withdrawal(act, policy_id)))


@router.post(
    "/{policy_id}/withdraw/decline",
    dependencies=allow("policies.approve"),
    summary="不予撤回规则 Decline a withdrawal",
)
def decline_withdrawal(policy_id: PolicyId, body: Declining, act: ActDep) -> PolicyRecord:
    """Decline to end an approved version that somebody else asked to withdraw: it stays in force."""
    kept = policy_withdrawals.decline_withdrawal(act, policy_id, reason=body.reason)
    return PolicyRecord.of(policy_reading.after(act, kept))


@router.get(
    "/{policy_id}/explanation", dependencies=allow("items.read"), summary="规则说明 A policy in words"
)
def explanation(policy_id: PolicyId, look: LookDep) -> ExplanationRead:
    """Every rule of a version in Chinese and English, with its basis and where it stands."""
    return ExplanationRead.of(policy_reading.explained(policy_reading.one(look, policy_id)))


@public.get("", dependencies=allow("public"), summary="抽查规则公开 Policies, for the public")
def public_versions(
    look: LookDep, code: Code = None, limit: Limit = 50, cursor: Cursor = None, count: Count = False
) -> PageOf[PolicyRead]:
    """Every version that was ever approved, by code, region and number (程序公开)."""
    found = policy_reading.public_page(look, code=code, limit=limit, cursor=cursor, count=count)
    return PageOf.of(found, PolicyRead.of)


@public.get("/{digest}", dependencies=allow("public"), summary="抽查规则公开 One policy, for the public")
def public_version(digest: Digest, look: LookDep) -> PolicyRead:
    """The policy that a public plan names by digest: its document hashes to it by RFC 8785."""
    return PolicyRead.of(policy_reading.public_one(look, digest))


@public.get(
    "/{digest}/explanation",
    dependencies=allow("public"),
    summary="规则说明公开 A policy in words, for the public",
)
def public_explanation(digest: Digest, look: LookDep) -> ExplanationRead:
    """Every rule of a version in Chinese and English, with its basis: who is drawn how often, and why."""
    return ExplanationRead.of(policy_reading.explained(policy_reading.public_one(look, digest)))
