"""The typed records that rows become, one class for each register; every one frozen.

`key` is what makes two rows the same fact: a re-import updates by it, and a file that repeats it is reported.
"""

from dataclasses import dataclass
from datetime import date

from app.domain.registers.keys import entity_id


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRow:
    """One registration 登记: a premises 场所 in one regime."""

    uscc: str | None
    premises: int
    source: str | None
    source_key: str | None
    name: str
    regime: str
    subtype: str | None
    level: int | None
    status: str
    address: str | None
    region: str
    station: str | None
    legal_rep: str | None
    licence_no: str | None
    licence_to: date | None
    registered_on: date | None
    key_area: bool

    @property
    def entity_id(self) -> str:
        """The DR1 entity id of the premises."""
        return entity_id(
            uscc=self.uscc, source=self.source, source_key=self.source_key, premises=self.premises
        )

    @property
    def key(self) -> tuple[object, ...]:
        """(entity id, regime)."""
        return self.entity_id, self.regime


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectorRow:
    """One inspector 执法检查人员; `code` is a random code, never a police or certificate number."""

    code: str
    name: str
    certificate_no: str
    certificate_to: date
    kind: str
    agency: str
    unit: str | None
    station: str | None
    lead: bool
    regimes: tuple[str, ...]
    districts: tuple[str, ...]
    cap: int
    training_to: date | None

    @property
    def key(self) -> tuple[object, ...]:
        """(code,)."""
        return (self.code,)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalRow:
    """One ground for recusal 回避 of an inspector at a premises, in force from `starts_on` to `ends_on`."""

    inspector: str
    entity: str
    relation: str
    starts_on: date | None
    ends_on: date | None

    @property
    def key(self) -> tuple[object, ...]:
        """(inspector, entity, relation, start)."""
        return self.inspector, self.entity, self.relation, self.starts_on


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEventRow:
    """One risk fact 风险事件; `substantiated` is None while nobody has decided whether a complaint holds."""

    entity: str
    regime: str | None
    kind: str
    on: date
    substantiated: bool | None
    remedied_on: date | None
    until: date | None
    source_no: str | None

    @property
    def key(self) -> tuple[object, ...]:
        """(entity, regime, kind, day, document number)."""
        return self.entity, self.regime, self.kind, self.on, self.source_no


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One inspection 检查 made before this service: its result codes and the inspectors' codes."""

    entity: str
    item: str
    on: date
    kind: str
    agency: str
    codes: tuple[str, ...]
    inspectors: tuple[str, ...]

    @property
    def key(self) -> tuple[object, ...]:
        """(entity, item, day, kind, agency)."""
        return self.entity, self.item, self.on, self.kind, self.agency


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditClassRow:
    """A class of credit risk 信用风险分类 that an authority gave on some basis; the latest holds."""

    entity: str
    credit_class: str
    on: date
    until: date | None
    source: str
    basis: str

    @property
    def key(self) -> tuple[object, ...]:
        """(entity, day, source): authorities may differ, and none overwrites what another said."""
        return self.entity, self.on, self.source


Row = EntityRow | InspectorRow | RecusalRow | RiskEventRow | VisitRow | CreditClassRow
