"""Policies and clocks on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.domain.errors import FieldError, Malformed
from app.domain.merge_patch import merge_patch
from app.schemas.instant import Instant
from app.services.planning.policies import Changes, WholeDocument
from app.services.planning.policy_reading import SeenVersion

PolicyState = Literal["draft", "approved", "withdrawn"]
PolicyCode = Literal["default", "clocks"]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]

_OF_A_PATCH = ("based_on", "changes", "region", "valid_from")
_EXAMPLE: dict[str, Any] = {
    "based_on": "0" * 64,
    "changes": {
        "zero_tickets": {
            "annual_cap": {
                "visits": 2,
                "published": True,
                "document_no": "濮县司法〔2026〕12号",
                "basis": "国办发〔2024〕54号；濮县司法〔2026〕12号公布的年度频次上限",
            }
        }
    },
    "region": "410928",
    "valid_from": "2027-01-01",
    "reason": "本县公布了年度检查频次上限",
}


class PolicyWrite(BaseModel):
    """A new version: a whole document, or a merge patch (RFC 7396) of what holds on its first day."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    reason: Reason = Field(description="为何制定或修改 (why)")
    document: dict[str, Any] | None = Field(default=None, description="完整文件 (the whole document)")
    based_on: str | None = Field(default=None, description="所修改版本的摘要 (digest of the version changed)")
    changes: dict[str, Any] | None = Field(default=None, description="RFC 7396 修改 (a merge patch)")
    region: str | None = Field(default=None, description="适用区划 (region in which it holds)")
    valid_from: date | None = Field(default=None, description="自何日起 (first day, from tomorrow on)")
    valid_to: date | None = Field(default=None, description="至何日止，留空为长期 (last day)")

    def wanted(self) -> WholeDocument | Changes:
        """What the rules take.

        Raises:
            Malformed: neither a whole document nor all that a patch needs, or both.
        """
        if self.document is not None:
            extra = [name for name in (*_OF_A_PATCH, "valid_to") if getattr(self, name) is not None]
            if extra:
                raise Malformed("malformed", *(FieldError(f"/{name}", "extra-forbidden") for name in extra))
            return WholeDocument(document=self.document, reason=self.reason)
        based_on, changes, region, valid_from = (getattr(self, name) for name in _OF_A_PATCH)
        missing = [name for name in _OF_A_PATCH if getattr(self, name) is None]
        if missing:
            raise Malformed("malformed", *(FieldError(f"/{name}", "missing") for name in missing))
        return Changes(
            based_on=based_on,
            changes=changes,
            region=region,
            valid_from=valid_from,
            valid_to=self.valid_to,
            reason=self.reason,
        )


class PolicyPatch(BaseModel):
    """Changes to a draft (RFC 7396): of its document, or of the reason."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"document": {"tickets": {"base": {"tickets": 3}}}}]},
    )

    document: dict[str, Any] | None = None
    reason: Reason | None = None

    def document_of(self, before: Mapping[str, Any]) -> Mapping[str, Any]:
        """The draft's document with the changes made."""
        changed: dict[str, Any] = merge_patch(before, self.document or {})
        return changed


class Withdrawal(BaseModel):
    """Why a version is withdrawn."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "上位规定已修改"}]})

    reason: Reason


class Declining(BaseModel):
    """Why a version is not withdrawn."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "上位规定仍然有效，不予撤回"}]}
    )

    reason: Reason


class DeclinedWithdrawal(BaseModel):
    """A request to withdraw a version that somebody declined 不予撤回."""

    asked_by: str
    asked_at: Instant
    reason: str
    declined_by: str
    declined_at: Instant
    because: str


class PolicyRead(BaseModel):
    """A version of a policy 抽查规则 or of clocks 期限; its digest is that of the document by RFC 8785."""

    code: str = Field(description="default：抽查规则；clocks：期限 (which document)")
    version: int
    name: str
    name_en: str
    region: str
    valid_from: date
    valid_to: date | None
    in_force_to: date | None = Field(description="施行的最后一日，null：未定 (last day on which it holds)")
    state: PolicyState
    approved_at: Instant | None
    digests: dict[str, str] = Field(description="按算法的文件摘要 (H(JCS(document)) by algorithm)")
    document: dict[str, Any]

    @classmethod
    def of(cls, seen: SeenVersion) -> Self:
        """From a version as its readers see it."""
        return cls.model_validate(_members(seen))


class PolicyRecord(PolicyRead):
    """A version with who drafted, approved and withdrew it; null where it came with the application."""

    id: str | None
    based_on: str | None = Field(description="修改自 (digest of the version that was changed)")
    reason: str | None
    drafted_by: str | None
    drafted_at: Instant | None
    edited_by: str | None
    edited_at: Instant | None
    approved_by: str | None
    withdrawal_asked_by: str | None
    withdrawal_asked_at: Instant | None
    withdrawal_reason: str | None
    declined_withdrawals: list[DeclinedWithdrawal] = Field(
        description="未获批准的撤回申请 (requests to withdraw it that were declined)"
    )
    withdrawn_by: str | None
    withdrawn_at: Instant | None

    @classmethod
    def of(cls, seen: SeenVersion) -> Self:
        """From a version as the bureau sees it."""
        own = {name: getattr(seen.kept, name, None) for name in _OWN}
        return cls.model_validate(
            {**_members(seen), **own, "declined_withdrawals": own["declined_withdrawals"] or []}
        )


_OWN = tuple(name for name in PolicyRecord.model_fields if name not in PolicyRead.model_fields)


def _members(seen: SeenVersion) -> dict[str, Any]:
    document, kept = dict(seen.published.document), seen.kept
    names = document["name"]
    header = {name: document[name] for name in ("code", "version", "region", "valid_from", "valid_to")}
    return header | {
        "name": names["zh"],
        "name_en": names["en"],
        "in_force_to": seen.in_force_to,
        "state": "approved" if kept is None else kept.state,
        "approved_at": None if kept is None else kept.approved_at,
        "digests": dict(seen.published.digests),
        "document": document,
    }
