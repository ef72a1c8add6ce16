"""The registers on the wire: what is read. Fields are the columns of spec/registers.md."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _in_utc(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)


Instant = Annotated[datetime, AfterValidator(_in_utc)]
"""RFC 3339 in UTC, which is what the database keeps without saying so."""


class _Read(BaseModel):
    """A record as a caller reads it; columns of the database that are not on the wire are left out."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    @classmethod
    def of(cls, record: Mapping[str, Any] | object) -> Self:
        """From a record or row of the store."""
        return cls.model_validate(record)


class RegistrationRead(_Read):
    """A registration 登记 of an entity in one regime."""

    regime: str = Field(examples=["entertainment"])
    subtype: str | None
    level: int | None
    status: str
    licence_no: str | None
    licence_to: date | None
    registered_on: date | None
    not_seen_since: Instant | None = Field(
        description="上次全量导入未见之时 (since when full imports omit it)"
    )


class EntityRead(_Read):
    """An entity 检查对象: one premises and its registrations."""

    id: str
    key: str = Field(description="DR1 检查对象编号 (the entity id that draws use)")
    uscc: str | None
    premises: int
    source: str | None
    source_key: str | None
    name: str
    address: str | None
    region: str
    station: str | None
    legal_rep: str | None
    key_area: bool
    created_at: Instant
    updated_at: Instant
    not_seen_since: Instant | None
    registrations: list[RegistrationRead]


class RegistrationsRead(BaseModel):
    """The registrations of one entity, which are few."""

    items: list[RegistrationRead]


class RiskEventRead(_Read):
    """A risk event 风险事件; a withdrawn one counts for nothing."""

    id: str
    entity: str
    regime: str | None
    kind: str
    on: date
    substantiated: bool | None
    remedied_on: date | None
    until: date | None
    source_no: str | None
    withdrawn_at: Instant | None
    withdrawn_because: str | None
    not_seen_since: Instant | None


class InspectorRead(_Read):
    """An inspector 执法检查人员."""

    code: str
    region: str = Field(validation_alias="held_region")
    name: str
    certificate_no: str
    certificate_to: date
    kind: str
    agency: str
    unit: str | None
    station: str | None
    lead: bool
    regimes: list[str]
    districts: list[str]
    cap: int
    training_to: date | None
    trained_to: date | None = Field(
        description="培训实际有效期至：以培训记录为准，无记录时为 training_to (what gates draws)"
    )
    not_seen_since: Instant | None


class AbsenceRead(_Read):
    """An absence 缺勤 of an inspector, both days included."""

    id: str
    starts_on: date
    ends_on: date
    reason: str | None


class RecusalRead(_Read):
    """A ground for recusal 回避."""

    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    inspector: str
    entity: str
    relation: str
    starts_on: date | None = Field(serialization_alias="from")
    ends_on: date | None = Field(serialization_alias="to")
    not_seen_since: Instant | None


class ChangeRead(_Read):
    """One change of a register: who, when, the fields before and after."""

    id: str
    at: Instant
    by: str = Field(validation_alias="caller_name")
    caller_id: str
    register_name: str = Field(serialization_alias="register", examples=["entities"])
    record_id: str
    act: str = Field(examples=["created", "updated", "not-seen", "withdrawn", "deleted"])
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None = Field(description="为何更改、更正或撤销 (why what was on file was changed)")

    model_config = ConfigDict(serialize_by_alias=True)
