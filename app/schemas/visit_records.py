"""Records of visits and their evidence on the wire."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.fieldwork.codes import RESULT_CODES
from app.domain.fieldwork.record import Record, Reply, Severity, document_of, record_of
from app.schemas.instant import Instant

_Strict = ConfigDict(extra="forbid")
Text = Annotated[str, Field(min_length=1, max_length=2000)]
ShortText = Annotated[str, Field(min_length=1, max_length=200)]
Ref = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Entry = Annotated[str, Field(min_length=1, max_length=80)]
ResultCode = Annotated[
    str,
    Field(
        min_length=2,
        max_length=2,
        description="；".join(f"{one.code} {one.zh}" for one in RESULT_CODES.values()),
        examples=["05"],
    ),
]
_ANSWERS: list[Any] = [
    {"entry": "1", "reply": "conforms", "reason": None},
    {"entry": "2", "reply": "does_not", "reason": None},
    {"entry": "3", "reply": "not_checked", "reason": "设备间上锁，负责人不在场"},
]
_FINDINGS: list[Any] = [
    {
        "ref": "f1",
        "entry": "2",
        "severity": "minor",
        "clause": "娱乐场所管理条例 第二十条",
        "text": "安全责任制度未上墙公示",
    }
]
_EXAMPLE: dict[str, Any] = {
    "answers": _ANSWERS,
    "findings": _FINDINGS,
    "statement": "立即整改",
    "signature": {"signed": True, "signer": "现场负责人", "reason": None, "witness": None},
    "codes": ["05", "21"],
}


class EntryAnswer(BaseModel):
    """The answer 检查情况 to an entry of the checklist."""

    model_config = _Strict

    entry: Entry
    reply: Reply = Field(description="符合、不符合、不适用、未检查")
    reason: Text | None = Field(default=None, description="未检查的理由 (why it was not checked)")


class FindingWrite(BaseModel):
    """A finding 发现的问题."""

    model_config = _Strict

    ref: Ref = Field(description="本记录内的编号 (names it within this record)")
    entry: Entry | None = Field(default=None, description="检查项；null：检查单以外 (outside the checklist)")
    severity: Severity
    clause: ShortText = Field(description="违反的条款 (the clause broken)")
    text: Text


class SignatureWrite(BaseModel):
    """The inspected party's signature 签字, or its refusal."""

    model_config = _Strict

    signed: bool
    signer: ShortText | None = None
    reason: Text | None = Field(default=None, description="拒签理由 (why it was refused)")
    witness: ShortText | None = Field(default=None, description="见证人 (who witnessed the refusal)")


class RecordBody(BaseModel):
    """The record 检查记录 as far as it goes."""

    model_config = _Strict

    answers: list[EntryAnswer] = Field(default=[], max_length=500)
    findings: list[FindingWrite] = Field(default=[], max_length=500)
    statement: Text | None = Field(default=None, description="被检查人陈述 (what the inspected party says)")
    signature: SignatureWrite | None = None
    codes: list[ResultCode] = Field(default=[], max_length=20)

    def record(self) -> Record:
        """The same as the rules take it."""
        return record_of(self.model_dump(include=set(RecordBody.model_fields)))


class RecordWrite(RecordBody):
    """A draft; sent again under the same `client_ref` it changes nothing."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"client_ref": "tablet-7-0001", "revision": 0, **_EXAMPLE}]},
    )

    client_ref: Ref = Field(description="客户端的草稿编号 (the client's own name of this draft)")
    revision: int | None = Field(
        default=None, ge=0, description="所见版本；也可用 If-Match (the revision seen; or If-Match)"
    )


class RecordRead(BaseModel):
    """The record as it stands; `revision` 0 before anything was saved."""

    visit: str
    revision: int
    answers: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    statement: str | None
    signature: dict[str, Any] | None
    codes: list[str]
    saved_by: str | None
    saved_at: Instant | None

    @classmethod
    def of(cls, kept: Any) -> Self:  # noqa: ANN401 - a kept record of the services
        """From what is kept."""
        return cls(
            visit=kept.visit_id,
            revision=kept.revision,
            saved_by=kept.saved_by,
            saved_at=kept.saved_at,
            **kept.body,
        )


VersionKind = Literal["draft", "not_taken", "submitted", "correction"]


class VersionRead(BaseModel):
    """Something that was sent for a record."""

    n: int
    kind: VersionKind = Field(description="暂存、未采用、提交、更正")
    revision: int = Field(description="成为的版本；未采用的为所遇版本 (of a draft not taken: the one it met)")
    body: dict[str, Any]
    reason: str | None
    saved_by: str
    saved_by_name: str
    saved_at: Instant
    client_ref: str | None


class SubmitRecord(BaseModel):
    """Submit the record."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"revision": 3}]})

    revision: int | None = Field(default=None, ge=1, description="所见版本 (the revision seen)")


class CorrectRecord(BaseModel):
    """Correct a submitted record: the members given replace the ones that stand."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "条款引用有误", "findings": _FINDINGS}]},
    )

    reason: Text
    revision: int | None = Field(default=None, ge=1, description="所见版本 (the revision seen)")
    answers: list[EntryAnswer] | None = Field(default=None, max_length=500)
    findings: list[FindingWrite] | None = Field(default=None, max_length=500)
    statement: Text | None = None
    signature: SignatureWrite | None = None
    codes: list[ResultCode] | None = Field(default=None, max_length=20)

    def changes(self) -> dict[str, Any]:
        """The members that were given, in stored form."""
        given = self.model_dump(mode="json", include=set(RecordBody.model_fields), exclude_unset=True)
        whole: Mapping[str, Any] = document_of(Record())
        return {name: whole[name] if value is None else value for name, value in given.items()}


class EvidenceRead(BaseModel):
    """A photo or document 证据材料."""

    id: str
    filename: str
    media_type: str
    size: int = Field(description="字节数 (bytes)")
    sha256: str
    agency: str | None = Field(description="联合抽查中属于哪一部门 (of a joint visit: whose part)")
    by: str
    at: Instant
    withdrawn_by: str | None
    withdrawn_at: Instant | None

    @classmethod
    def of(cls, row: object) -> Self:
        """From a stored piece or a row of one."""
        return cls.model_construct(**{name: getattr(row, name) for name in cls.model_fields})


class EvidenceList(BaseModel):
    """The evidence of a visit."""

    items: list[EvidenceRead]
