"""Runs, records and pairs of sources on the wire."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.messages import has_text, text
from app.schemas.instant import Instant
from app.services.sources.asking import RunOptions
from app.services.sources.reading import RunReport

RunState = Literal["queued", "fetching", "landing", "marking", "matching", "done", "failed", "cancelled"]
MatchState = Literal["open", "confirmed", "rejected", "undone", "obsolete"]


class RunWrite(BaseModel):
    """How a source is to be pulled."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"trial": True}]})

    trial: bool = Field(default=False, description="只取数、检查，不入库 (fetch and check, land nothing)")
    anew: bool = Field(default=False, description="不论是否变化，全部重新入库 (land every record again)")
    accept_shrink: bool = Field(
        default=False, description="已核实来源记录确实减少，须说明理由 (the shrink is real; needs a reason)"
    )
    reason: str | None = Field(default=None, min_length=2, max_length=500)

    def options(self) -> RunOptions:
        """As the service takes it."""
        return RunOptions(
            trial=self.trial, anew=self.anew, accept_shrink=self.accept_shrink, reason=self.reason
        )


class RunLine(BaseModel):
    """A run 拉取 of a source: how far it is, what came of it."""

    id: str
    source_id: str
    state: RunState
    asked_by: str
    asked_at: Instant
    trial: bool
    anew: bool
    accept_shrink: bool
    reason: str | None
    started_at: Instant | None
    next_try_at: Instant | None = Field(description="再次请求的时间 (when it asks again)")
    ended_at: Instant | None
    attempts: int
    pages: int
    rows: int
    total: int | None = Field(description="来源所称总数 (how many the source says it has)")
    created: int
    updated: int
    unchanged: int
    rejected: int
    not_seen: int
    matches: int = Field(description="新发现的疑似同一场所 (pairs found for a person to decide)")
    not_modified: bool = Field(description="来源答复未变化 (304)")
    unsteady: bool = Field(description="取数期间来源有变动，本次不标记未见")
    alarm: bool
    failure: str | None = Field(
        description="未成的原因，含再次请求之前的 (why it failed, or has to ask again)"
    )
    message: str | None

    @classmethod
    def of(cls, run: Any, lang: str) -> Self:  # noqa: ANN401 - a row of the store
        """From a row, its failure in Chinese or English."""
        return cls(**_line(run, lang))


class RunCancel(BaseModel):
    """Why a run is cancelled."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "来源地址已更换，改正后重新拉取"}]}
    )

    reason: str = Field(min_length=2, max_length=500, description="理由 (why)")


class RunNote(BaseModel):
    """What is wrong with a record, or what a person should know of it."""

    row: int = Field(description="本次拉取中的序号 (the record's number in the run)")
    source_key: str | None
    field: str
    code: str
    message: str


class RunRead(RunLine):
    """One run with its notes."""

    notes: list[RunNote]
    notes_left_out: int = Field(exclude_if=lambda value: value == 0)

    @classmethod
    def of_report(cls, report: RunReport, lang: str) -> Self:
        """From a report, its messages in Chinese or English."""
        notes = [
            RunNote(
                row=one.row,
                source_key=one.source_key,
                field=one.field,
                code=one.code,
                message=_about_row(one.code, lang, one.values),
            )
            for one in report.notes
        ]
        return cls(**_line(report.run, lang), notes=notes, notes_left_out=report.notes_left_out)


def _line(run: Any, lang: str) -> dict[str, Any]:  # noqa: ANN401 - a row of the store
    own = RunLine.model_fields.keys() - {"asked_by", "alarm", "message", "next_try_at"}
    said = {name: getattr(run, name) for name in own}
    trouble = run.failure is not None
    return {
        **said,
        "asked_by": run.asked_by_name,
        "alarm": run.state == "failed" and not run.trial,
        "message": text(f"source.{run.failure}", lang, **run.failure_values) if trouble else None,
        "next_try_at": run.not_before,
    }


def _about_row(code: str, lang: str, values: dict[str, str]) -> str:
    slug = f"row.{code}"
    return text(slug if has_text(slug) else f"problem.{code}", lang, **values)


class SourceRecordRead(BaseModel):
    """What a source said of a record, and the entity under which it stands."""

    model_config = ConfigDict(from_attributes=True)

    source_key: str
    entity_id: str | None
    entity: str | None = Field(description="DR1 检查对象编号 (the entity's DR1 id)")
    regime: str | None
    uscc: str | None = Field(description="来源所称统一社会信用代码 (as the source says)")
    first_seen_at: Instant
    seen_at: Instant = Field(description="上次入库时间 (when it last landed)")
    not_seen_since: Instant | None


class PremisesSide(BaseModel):
    """One of two premises that may be the same."""

    id: str
    key: str
    uscc: str | None
    name: str
    address: str | None
    legal_rep: str | None


class MatchRead(BaseModel):
    """Two entities that may be one premises 疑似同一场所."""

    id: str
    state: MatchState
    source: str | None = Field(description="发现它的来源；人工提出的为 null (null: proposed by hand)")
    source_key: str | None
    region: str
    by: Literal["uscc", "likeness", "hand"]
    score: int = Field(description="相似度 0–100 (likeness)")
    name_likeness: int | None
    address_likeness: int | None = Field(description="null：一方无地址 (one of them has no address)")
    joined: PremisesSide = Field(description="确认后并入 kept (goes into `kept` when confirmed)")
    kept: PremisesSide
    found_at: Instant
    proposed_by: str | None
    proposed_because: str | None
    decided_by: str | None
    decided_at: Instant | None
    reason: str | None
    undone_by: str | None
    undone_at: Instant | None
    undone_because: str | None

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a row of the store
        """From a row."""
        own = (
            *("id", "state", "source", "source_key", "region", "score", "found_at", "decided_at", "reason"),
            *("proposed_because", "undone_at", "undone_because"),
        )
        return cls(
            **{name: getattr(row, name) for name in own},
            by=row.likeness["by"],
            name_likeness=row.likeness["name"],
            address_likeness=row.likeness["address"],
            joined=_side(row, "joined"),
            kept=_side(row, "kept"),
            proposed_by=row.proposed_by_name,
            decided_by=row.decided_by_name,
            undone_by=row.undone_by_name,
        )


def _side(row: Any, which: str) -> PremisesSide:  # noqa: ANN401 - a row of the store
    return PremisesSide(**{name: getattr(row, f"{which}_{name}") for name in PremisesSide.model_fields})


class MatchConfirm(BaseModel):
    """That two entities are one premises."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"same_regime": "kept", "reason": "已现场核实"}]}
    )

    same_regime: Literal["kept", "joined"] | None = Field(
        default=None, description="两者同一监管类别登记不一致时以谁为准 (whose word holds where they differ)"
    )
    reason: str | None = Field(default=None, min_length=2, max_length=500)


class MatchPropose(BaseModel):
    """Two entities that may be one premises, as a registrar has found."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "entities": ["92410928MAEMWCAG3J", "hotel-system:HO1"],
                    "reason": "现场核对：同一地址、同一招牌，登记了两次",
                }
            ]
        },
    )

    entities: tuple[str, str] = Field(
        description="两个检查对象的编号、DR1 编号或统一社会信用代码 (ids of the two)"
    )
    reason: str = Field(min_length=2, max_length=500)


class MatchUndo(BaseModel):
    """Why two entities that were made one are two."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "经核实为同楼两家旅馆，合并有误"}]}
    )

    reason: str = Field(min_length=2, max_length=500)


class MatchReject(BaseModel):
    """That two entities are two premises."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "同楼不同层的两家旅馆"}]}
    )

    reason: str = Field(min_length=2, max_length=500)
