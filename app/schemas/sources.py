"""Sources on the wire: what a registrar enters, and what is shown of it; the secret is never shown."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field

from app.domain.merge_patch import merge_patch
from app.messages import text
from app.schemas.instant import Instant
from app.schemas.source_forms import SourceForm
from app.services.sources.configuring import defaults, templates
from app.services.sources.reading import SourceReport

SourceState = Literal["active", "paused"]

_EXAMPLE: dict[str, Any] = {
    "template": "hotel-system",
    "configuration": {
        "region": "410928",
        "url": "http://127.0.0.1:8090/hotel-system/venues",
        "schedule": {"every_min": 60, "overdue_min": 180},
    },
    "secret": "sample-hotel-token",
}


class SourcePatch(BaseModel):
    """Changes to a source; the configuration is a merge patch (RFC 7396)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"configuration": {"rank": 10}, "state": "paused"}]}
    )

    configuration: dict[str, Any] = Field(
        default={}, description="来源配置，缺省取模板和默认值 (members of `SourceForm`)"
    )
    state: SourceState | None = None
    secret: str | None = Field(
        default=None,
        min_length=1,
        max_length=4096,
        pattern="^[\\x20-\\x7e]+$",
        description="密钥，只写不读 (goes in, never comes out)",
        json_schema_extra={"writeOnly": True},
    )

    def applied(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The whole configuration after the change."""
        return SourceForm.of_patch(before, self.configuration).document()


class SourceWrite(SourcePatch):
    """A new source: what it says, over a template if one is named, over the defaults."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    template: str | None = Field(default=None, description="模板代号 (code of a template)")

    def document(self) -> dict[str, Any]:
        """The whole configuration.

        Raises:
            RequestValidationError: no such template, or the result is no configuration.
        """
        base = dict(defaults())
        if self.template is not None:
            found = [one["configuration"] for one in templates() if one["code"] == self.template]
            if not found:
                names = ", ".join(one["code"] for one in templates())
                bad = {"type": "literal_error", "loc": ("template",), "msg": "", "ctx": {"expected": names}}
                raise RequestValidationError([bad])
            base = merge_patch(base, found[0])
        return self.applied(base)


class AlarmRead(BaseModel):
    """An alarm 告警 about a source; it stands until a run comes to a good end."""

    id: str
    kind: Literal["dead", "wrong", "shrunk", "broken", "overdue"]
    code: str
    message: str
    run_id: str | None
    raised_at: Instant
    last_at: Instant
    times: int
    cleared_at: Instant | None

    @classmethod
    def of(cls, alarm: Any, lang: str) -> Self:  # noqa: ANN401 - a row of the store
        """From a row, its message in Chinese or English."""
        said = {name: getattr(alarm, name) for name in cls.model_fields if name != "message"}
        return cls(**said, message=text(f"source.{alarm.code}", lang, **alarm.values))


class SourceAlarmRead(AlarmRead):
    """An alarm with its source."""

    source_id: str
    source: str = Field(description="来源代号 (the source's code)")
    region: str


class SourceRead(BaseModel):
    """A source 来源系统, its last good run, and the alarms that stand."""

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    id: str
    code: str
    region: str
    register_name: str = Field(alias="register")
    state: SourceState
    configuration: SourceForm
    has_secret: bool
    changed_by: str
    changed_at: Instant
    due_at: Instant = Field(description="下次拉取时间 (when the next run is due)")
    overdue_at: Instant = Field(description="逾期告警时间 (from when on it is overdue)")
    good_run_id: str | None
    good_at: Instant | None
    good_rows: int | None
    alarms: list[AlarmRead]

    @classmethod
    def of(cls, report: SourceReport, lang: str) -> Self:
        """From a report; the sealed secret stays behind."""
        source = report.source
        own = ("id", "code", "region", "register_name", "state", "changed_by", "changed_at", "due_at")
        good = ("overdue_at", "good_run_id", "good_at", "good_rows")
        return cls(
            **{name: getattr(source, name) for name in (*own, *good)},
            configuration=SourceForm.model_validate(source.configuration),
            has_secret=source.sealed_secret is not None,
            alarms=[AlarmRead.of(one, lang) for one in report.alarms],
        )


class SourceTemplate(BaseModel):
    """A ready-made configuration of a system."""

    code: str
    note: str
    configuration: dict[str, Any]


class SourceTemplates(BaseModel):
    """The templates, which are few."""

    items: list[SourceTemplate]

    @classmethod
    def of(cls, found: Sequence[Mapping[str, Any]]) -> Self:
        """From the seeds."""
        return cls(items=[SourceTemplate.model_validate(one) for one in found])
