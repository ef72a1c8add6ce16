"""What the registers 名录库 say at one moment: the input of tickets, roster, eligibility and preflight.

Ids of entities are DR1 entity ids; codes are those of spec/registers.md.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One registration 登记 of a premises: its regime 监管类别 with level 治安等级 and status.

    `not_seen` tells that the last full import of its source left it out; that closes nothing.
    """

    regime: str
    subtype: str | None = None
    level: int | None = None
    status: str = "operating"
    not_seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEvent:
    """One risk fact 风险事件; without a regime it counts for every registration of the premises."""

    kind: str
    on: date
    regime: str | None = None
    substantiated: bool | None = None
    remedied_on: date | None = None
    until: date | None = None
    source_no: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One inspection 检查 that took place, with its result codes 检查结果."""

    item: str
    on: date
    kind: str
    agency: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """One premises 场所 with everything known of it that can influence a draw."""

    id: str
    region: str
    station: str | None = None
    key_area: bool = False
    registrations: tuple[Registration, ...] = ()
    events: tuple[RiskEvent, ...] = ()
    visits: tuple[Visit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which an inspector is away 缺勤, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One inspector 执法检查人员 as registered; `region` is the prefix of whoever keeps the record.

    An empty list of `regimes` or `districts` means that the register does not restrict.
    """

    code: str
    region: str
    kind: str
    agency: str
    lead: bool
    certificate_to: date
    training_to: date | None = None
    regimes: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    cap: int = 10
    not_seen: bool = False
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRecusal:
    """A declared ground for recusal 回避; without a start or an end it is open on that side."""

    inspector: str
    entity: str
    relation: str
    starts_on: date | None = None
    ends_on: date | None = None
