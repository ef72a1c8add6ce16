"""Policies: the published numbers behind every roster; their digests stand in the plans of draws."""

from typing import Annotated

from fastapi import APIRouter, Path

from app.acts import ActRoute
from app.deps import LookDep, allow
from app.schemas.law import PoliciesRead, PolicyRead
from app.services.planning import law

router = APIRouter(prefix="/v1/policies", tags=["计划 planning"], route_class=ActRoute)
public = APIRouter(prefix="/v1/public/policies", tags=["公开 public"], route_class=ActRoute)

Digest = Annotated[
    str, Path(description="规则文件摘要 H(JCS(document))，SHA-256 或 SM3 (digest of a policy)")
]


@router.get("", dependencies=allow("items.read"), summary="抽查规则 Policies")
def policies(look: LookDep) -> PoliciesRead:  # noqa: ARG001 - a look gives the answer its ETag
    """Every policy, old versions included."""
    return PoliciesRead(items=[PolicyRead.of(published) for published in law.policies()])


@router.get("/{digest}", dependencies=allow("items.read"), summary="一份抽查规则 One policy")
def policy(digest: Digest, look: LookDep) -> PolicyRead:  # noqa: ARG001 - as above
    """The policy that a plan names by digest."""
    return PolicyRead.of(law.policy_by_digest(digest))


@public.get("/{digest}", dependencies=allow("public"), summary="抽查规则公开 One policy, for the public")
def public_policy(digest: Digest, look: LookDep) -> PolicyRead:
    """The policy that a public plan names by digest: its document hashes to it by RFC 8785."""
    return policy(digest, look)
