"""What holds for an entity, on the wire."""

from datetime import date
from typing import Any, Self

from pydantic import BaseModel, Field

from app.domain.duties.owed import Owed
from app.messages import text
from app.schemas.preflight import TicketLineRead
from app.schemas.rules import RuleRead, rules_read
from app.services.planning.holding import EntityHolding, ItemHolding, RegistrationHolding
from app.services.planning.policy_reading import SeenVersion


class VersionNamed(BaseModel):
    """Which version of a document said so; `/v1/policies/{digest}` has it whole."""

    code: str
    version: int
    region: str
    valid_from: date
    in_force_to: date | None = Field(description="施行的最后一日，null：未定 (last day on which it holds)")
    digests: dict[str, str]

    @classmethod
    def of(cls, seen: SeenVersion) -> Self:
        """From a version."""
        document = seen.published.document
        header = {name: document[name] for name in ("code", "version", "region", "valid_from")}
        return cls.model_validate(
            {**header, "in_force_to": seen.in_force_to, "digests": dict(seen.published.digests)}
        )


class DutyHeld(BaseModel):
    """The frequency duty of the day: its window, and how it stood."""

    why: str = Field(examples=["owed"])
    text: str
    text_en: str
    window_from: date | None
    window_to: date | None
    months: int | None
    last_counting_visit: date | None

    @classmethod
    def of(cls, owed: Owed) -> Self:
        """From what a registration owes."""
        window = owed.window
        return cls(
            why=owed.why.value,
            text=text(f"held.{owed.why.value}", "zh"),
            text_en=text(f"held.{owed.why.value}", "en"),
            window_from=None if window is None else window.starts_on,
            window_to=None if window is None else window.ends_on,
            months=None if window is None else window.months,
            last_counting_visit=owed.last,
        )


class ItemHeld(BaseModel):
    """What an item's draws would have of the registration on the day: its tickets line by line, its duty."""

    item: str
    in_roster: bool
    absent: str | None
    absent_text: str | None
    absent_text_en: str | None
    stratum: str | None
    tickets: int | None
    note: str | None
    lines: list[TicketLineRead] = Field(description="签数逐项说明 (the tickets, line by line)")
    duty: DutyHeld | None
    visits_this_year: int = Field(
        description="本年由同级同一部门检查的次数，未注明层级的一并计入 "
        "(visits this year by the agency at this level of government, those of unknown level included)"
    )

    @classmethod
    def of(cls, held: ItemHolding) -> Self:
        """From what its facts make of the rules."""
        found = held.found
        line, absent = found.line, found.absent
        own: dict[str, Any] = dict.fromkeys(("stratum", "tickets", "note"))
        if line is not None:
            own = {name: getattr(line, name) for name in own}
        return cls(
            item=held.item.code,
            in_roster=line is not None,
            absent=absent,
            absent_text=absent and text(f"absent.{absent}", "zh"),
            absent_text_en=absent and text(f"absent.{absent}", "en"),
            **own,
            lines=[] if found.counted is None else [TicketLineRead.of(one) for one in found.counted.lines],
            duty=None if found.owed is None else DutyHeld.of(found.owed),
            visits_this_year=held.visits_this_year,
        )


class RegistrationHeld(BaseModel):
    """What holds for one registration."""

    regime: str
    subtype: str | None
    level: int | None
    status: str
    out_of_duty: str | None = Field(description="终止义务的结果代码 (result code that ended its duties)")
    rules: list[RuleRead] = Field(description="逐条适用的规则 (the rules about it, one by one)")
    items: list[ItemHeld]

    @classmethod
    def of(cls, held: RegistrationHolding, holding: EntityHolding) -> Self:
        """From a registration of an entity."""
        one = held.registration
        rules: list[RuleRead] = []
        for lines, seen in (
            (held.policy_rules, holding.policy),
            (held.clocks_rules, holding.clocks),
        ):
            published = seen.published
            rules += rules_read(lines, document=published.document, digest=published.digests["sha256"])
        return cls(
            regime=one.regime,
            subtype=one.subtype,
            level=one.level,
            status=one.status,
            out_of_duty=one.out_of_duty,
            rules=rules,
            items=[ItemHeld.of(item) for item in held.items],
        )


class EntityRules(BaseModel):
    """What holds for an entity on a day, and which versions say so."""

    entity: str = Field(description="DR1 entity id")
    on: date
    region: str
    station: str | None
    key_area: bool | None
    known: bool = Field(description="当日名录中是否已有该对象 (whether the registers knew it that day)")
    policy: VersionNamed
    clocks: VersionNamed
    registrations: list[RegistrationHeld]

    @classmethod
    def of(cls, holding: EntityHolding) -> Self:
        """From the registers as they stood and the versions in force."""
        premises = holding.premises
        return cls(
            entity=holding.entity,
            on=holding.on,
            region=holding.region,
            station=None if premises is None else premises.station,
            key_area=None if premises is None else premises.key_area,
            known=premises is not None,
            policy=VersionNamed.of(holding.policy),
            clocks=VersionNamed.of(holding.clocks),
            registrations=[RegistrationHeld.of(one, holding) for one in holding.registrations],
        )
