"""Trainings and qualifications of inspectors on the wire."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from app.schemas.registers import Instant
from app.schemas.registers_query import Regime

Text = Annotated[str, Field(min_length=1, max_length=500)]
Hours = Annotated[int, Field(ge=1, le=9999)]


class _Write(BaseModel):
    """Fields that are not given are left as they are, or are empty."""

    model_config = ConfigDict(extra="forbid")

    def members(self) -> dict[str, Any]:
        """The fields that were given."""
        return self.model_dump(exclude_unset=True)


class _Read(BaseModel):
    """A record on file; a withdrawn one counts for nothing."""

    model_config = ConfigDict(extra="ignore", from_attributes=True)

    id: str
    withdrawn_at: Instant | None
    withdrawn_because: str | None

    @classmethod
    def of(cls, record: Mapping[str, Any] | object) -> Self:
        """From a record or row of the store."""
        return cls.model_validate(record)


class TrainingRead(_Read):
    """A training 培训 that an inspector took; `valid_to` gates the inspector in draws."""

    course: str
    held_on: date
    hours: int
    valid_to: date | None
    certificate: str | None


class TrainingPatch(_Write):
    """Corrections of a training (RFC 7396); null empties a field."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"hours": 24, "valid_to": "2028-10-31"}]}
    )

    course: Text | None = None
    held_on: date | None = None
    hours: Hours | None = None
    valid_to: date | None = None
    certificate: Text | None = None


class TrainingWrite(TrainingPatch):
    """A training that an inspector took."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "course": "行政执法人员年度培训",
                    "held_on": "2026-10-20",
                    "hours": 16,
                    "valid_to": "2027-10-31",
                    "certificate": "培〔2026〕108号",
                }
            ]
        },
    )

    course: Text
    held_on: date
    hours: Hours


class QualificationRead(_Read):
    """A qualification 业务资格 for one regime, both days included."""

    regime: str
    certificate: str | None
    valid_from: date | None
    valid_to: date | None


class QualificationPatch(_Write):
    """Corrections of a qualification (RFC 7396); null empties a field."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"valid_to": "2028-12-31"}]})

    regime: Regime | None = None
    certificate: Text | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class QualificationWrite(QualificationPatch):
    """A qualification for one regime."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"regime": "fire_unit", "valid_from": "2026-01-01", "valid_to": "2027-12-31"}]
        },
    )

    regime: Regime
