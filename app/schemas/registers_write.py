"""The registers on the wire: what is entered and changed.

Codes, USCC, regions and the like are checked by the rules of register rows, which have their own texts.
"""

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=500)]
Words = Annotated[list[Text], Field(max_length=100)]
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class _Write(BaseModel):
    """Fields that are not given are left as they are, or take their default."""

    model_config = ConfigDict(extra="forbid")

    def members(self) -> dict[str, Any]:
        """The fields that were given, by their names in register files."""
        return self.model_dump(exclude_unset=True, by_alias=True)


class EntityPatch(_Write):
    """Changes to a premises (RFC 7396); null empties a field."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"address": "某路 3 号", "key_area": True}]}
    )

    name: Text | None = None
    address: Text | None = None
    region: Text | None = None
    station: Text | None = None
    legal_rep: Text | None = None
    key_area: bool | None = None


class RegistrationPatch(_Write):
    """Changes to a registration (RFC 7396); null empties a field."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"level": 3, "status": "suspended"}]}
    )

    subtype: Text | None = None
    level: int | None = None
    status: Text | None = None
    licence_no: Text | None = None
    licence_to: date | None = None
    registered_on: date | None = None


class EntityWrite(EntityPatch, RegistrationPatch):
    """A registration and its premises: a row of the register `entities`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "source": "licence-system",
                    "source_key": "KTV-2031",
                    "name": "某某歌厅",
                    "regime": "entertainment",
                    "subtype": "ktv",
                    "level": 2,
                    "region": "410928",
                    "station": "003",
                }
            ]
        },
    )

    uscc: Text | None = None
    premises: int | None = None
    source: Text | None = None
    source_key: Text | None = None
    regime: Text


class _RiskEventState(_Write):
    """What becomes known of a risk event."""

    substantiated: bool | None = None
    remedied_on: date | None = None
    until: date | None = None


class RiskEventPatch(_RiskEventState):
    """What becomes known of a risk event (RFC 7396); to change what is on file needs a reason."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"remedied_on": "2026-11-20"}]})

    reason: Reason | None = Field(default=None, description="更改已登记内容的理由 (why)")

    def members(self) -> dict[str, Any]:
        """The fields that were given, without the reason."""
        return self.model_dump(exclude_unset=True, exclude={"reason"})


class RiskEventWrite(_RiskEventState):
    """A risk event of the entity in the path."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "hazard", "on": "2026-10-08", "source_no": "消改〔2026〕12号"}]
        },
    )

    regime: Text | None = None
    kind: Text
    on: date
    source_no: Text | None = None


class RiskEventCorrection(_RiskEventState):
    """What a risk event should have said from the beginning; what is not given was right."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"on": "2026-10-09", "reason": "日期登记有误"}]}
    )

    regime: Text | None = None
    kind: Text | None = None
    on: date | None = None
    source_no: Text | None = None
    reason: Reason

    def members(self) -> dict[str, Any]:
        """The fields that were given, without the reason."""
        return self.model_dump(exclude_unset=True, exclude={"reason"})


class Withdrawal(_Write):
    """Why a risk event is withdrawn."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "登记对象有误"}]})

    reason: Reason


class InspectorPatch(_Write):
    """Changes to an inspector (RFC 7396); null empties a field."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"certificate_to": "2028-12-31", "cap": 12}]}
    )

    name: Text | None = None
    certificate_no: Text | None = None
    certificate_to: date | None = None
    kind: Text | None = None
    agency: Text | None = None
    unit: Text | None = None
    station: Text | None = None
    lead: bool | None = None
    regimes: Words | None = None
    districts: Words | None = None
    cap: int | None = None
    training_to: date | None = None


class InspectorWrite(InspectorPatch):
    """An inspector; `code` is a random code, never a police number."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "code": "k7f3",
                    "name": "某某",
                    "certificate_no": "ZF-000731",
                    "certificate_to": "2028-12-31",
                    "agency": "psb",
                    "lead": True,
                    "regimes": ["entertainment"],
                }
            ]
        },
    )

    code: Text


class AbsenceWrite(_Write):
    """An absence, both days included."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"starts_on": "2026-11-02", "ends_on": "2026-11-08", "reason": "培训"}]
        },
    )

    starts_on: date
    ends_on: date
    reason: Text | None = None


class RecusalPatch(_Write):
    """Until when a recusal holds (RFC 7396); null: no end."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"to": "2027-06-30"}]})

    to: date | None = None


class RecusalWrite(RecusalPatch):
    """A ground for recusal of an inspector at an entity."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"inspector": "k7f3", "entity": "licence-system:KTV-2031", "relation": "spouse"}]
        },
    )

    inspector: Text
    entity: Text
    relation: Text
    starts_on: date | None = Field(default=None, alias="from")
