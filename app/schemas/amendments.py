"""Amendments of teams on the wire."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from app.domain.amending import REASONS
from app.domain.draw.teams.amendments import MAX_DIGITS, MIN_DIGITS, SOURCE
from app.domain.errors import FieldError, Malformed
from app.schemas.drawing import DrawState
from app.schemas.instant import Instant
from app.services.drawing.amending import Wanted

Code = Annotated[str, Field(min_length=1, max_length=64)]

_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "recuse": ("inspector", "entity"),
    "withdraw": ("inspector",),
    "lend": ("inspectors",),
}


class AmendmentWrite(BaseModel):
    """An amendment 变更 of the teams of a draw: `recuse` 回避, `withdraw` 退出 or `lend` 借调.

    What the registers do not show cannot be amended: enter the absence, the certificate, the recusal or the
    assignment first. Who has begun is read from the visits.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "withdraw", "inspector": "g468f5q"}]}
    )

    kind: Literal["recuse", "withdraw", "lend"]
    inspector: Code | None = Field(default=None, description="执法检查人员编号 (recuse, withdraw)")
    entity: Annotated[str, Field(min_length=1, max_length=128)] | None = Field(
        default=None, description="检查对象编号 (DR1 entity id; recuse)"
    )
    inspectors: Annotated[list[Code], Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="借调人员编号 (lend: each with an approved assignment)"
    )
    reason: str | None = Field(
        default=None,
        description="变更原因；留空则按名录得出 (left out: as the registers have it): "
        + "; ".join(f"{kind}: {', '.join(reasons)}" for kind, reasons in REASONS.items()),
    )

    def wanted(self) -> Wanted:
        """The same for the use case.

        Raises:
            Malformed: a member that the kind needs is missing, or one is there that it does not have.
        """
        own = _MEMBERS[self.kind]
        given = {name: getattr(self, name) for name in ("inspector", "entity", "inspectors")}
        faults = [FieldError(f"/{name}", "missing") for name in own if given[name] is None]
        faults += [
            FieldError(f"/{name}", "extra-forbidden")
            for name, value in given.items()
            if value is not None and name not in own
        ]
        if faults:
            raise Malformed("malformed", *faults)
        return Wanted(kind=self.kind, reason=self.reason, **{name: given[name] for name in own})


class EntropyWanted(BaseModel):
    """The random value that an amendment waits for: one source and its format, or a round of drand."""

    kind: Literal["ceremony", "drand"]
    source: str | None = Field(description="source 应填 (what `source` must say)")
    format: str | None = Field(description="格式，n 为投出的位数 (digits:n, n from 20 to 64)")
    round: int | None = Field(description="drand 轮次 (the round pinned by the logging)")

    @classmethod
    def of(cls, row: Any) -> Self | None:  # noqa: ANN401 - as below
        """What a stored amendment still wants."""
        if row.beacon is not None:
            return None
        if row.round is not None:
            return cls(kind="drand", source=None, format=None, round=row.round)
        digits = f"digits:n, {MIN_DIGITS} <= n <= {MAX_DIGITS}"
        return cls(kind="ceremony", source=SOURCE, format=digits, round=None)


class AmendmentRead(BaseModel):
    """An amendment; `effect` is there once its random value is."""

    n: int
    kind: Literal["recuse", "withdraw", "lend"]
    reason: str
    inspector: str | None
    entity: str | None
    inspectors: list[dict[str, Any]] | None = Field(description="借调人员 (id, cap, tags of the lent)")
    started: list[str] = Field(description="已开始的检查对象 (their teams never change)")
    basis: dict[str, Any] = Field(description="依据 (what is on record)")
    digest: str = Field(description='记载摘要 (SHA-256 of JCS({"body","salt"}), DR1 section 9)')
    salt: str
    logged_at: Instant
    round: int | None = Field(description="drand 轮次；null：见证人投掷 (a value thrown before a witness)")
    state: Literal["pending", "done"]
    wanted: EntropyWanted | None = Field(description="待给出的随机值 (what is still to be given)")
    entropy: dict[str, Any] | None
    beacon: str | None
    given_at: Instant | None
    vacated: list[list[Any]] | None = Field(description="[entity, slot, inspector]")
    filled: list[list[Any]] | None = Field(description="[entity, slot]")
    short: list[list[Any]] | None = Field(description="仍空缺的席位 (places that stayed empty)")

    @classmethod
    def of(cls, row: Any) -> Self:  # noqa: ANN401 - a stored amendment or a row of one
        """From a stored amendment."""
        body, effect = row.body, row.effect or {}
        return cls(
            n=row.n,
            kind=row.kind,
            reason=row.reason,
            inspector=body.get("inspector"),
            entity=body.get("entity"),
            inspectors=body.get("inspectors"),
            started=body["started"],
            basis={name: row.basis[name] for name in sorted(row.basis)},
            digest=row.digest,
            salt=row.salt,
            logged_at=row.logged_at,
            round=row.round,
            state="pending" if row.beacon is None else "done",
            wanted=EntropyWanted.of(row),
            entropy=row.given,
            beacon=row.beacon,
            given_at=row.given_at,
            vacated=effect.get("vacated"),
            filled=effect.get("filled"),
            short=effect.get("short"),
        )


class AmendmentAnswer(BaseModel):
    """What the random value of an amendment has made of the teams."""

    n: int
    beacon: str
    state: DrawState
    short: int = Field(description="仍空缺的席位数 (places that stayed empty)")
