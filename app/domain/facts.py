"""What the registers 名录库 say at one moment: the input of tickets, roster, eligibility and preflight.

Ids of entities are DR1 entity ids; codes are those of spec/registers.md.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from app.domain.regions import Level

UNCHANGED: Final = "="
"""Stands for a subtype that did not change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A day on which a registration's status, level or subtype changed, and what they were until then."""

    on: date
    status_before: str
    level_before: int | None
    subtype_before: str | None = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One registration 登记 of a premises: its regime 监管类别 with level 治安等级 and status.

    Attributes:
        not_seen: the last full import of its source left it out; that closes nothing.
        registered_on: since when it exists, where the register says so.
        known_since: the day on which this service first knew it; no duty can have been missed before.
        changes: of status and level, in order of their days.
        out_of_duty: result code of a visit that ended its duties (04 unreachable, 11 to 15) until the
            registrar decides; None while they hold.
        out_since: the day on which it did.
        credit_class: class of credit risk 信用风险类别 that it is treated as having, where strata ask.
    """

    regime: str
    subtype: str | None = None
    level: int | None = None
    status: str = "operating"
    not_seen: bool = False
    registered_on: date | None = None
    known_since: date | None = None
    changes: tuple[Change, ...] = ()
    out_of_duty: str | None = None
    out_since: date | None = None
    credit_class: str | None = None


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
    """One inspection 检查 that took place, with its result codes 检查结果 and the codes of who made it.

    Attributes:
        level: of the government 行政层级 whose agency made it; None where a register does not say.
    """

    item: str
    on: date
    kind: str
    agency: str
    codes: tuple[str, ...]
    inspectors: tuple[str, ...] = ()
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenVisit:
    """A drawn visit that is not finished: `items[0]` is the draw's own, the others were merged into it.

    Attributes:
        items: codes of the items that it carries.
        agency: of the draw.
        visit_to: the last day on which it may be made.
        under_way: officers have been there, its record is to come.
        level: of the government that drew it; None where that is not known.
    """

    items: tuple[str, ...]
    agency: str = ""
    visit_to: date = date.max
    under_way: bool = False
    level: Level | None = None

    def open_on(self, day: date) -> bool:
        """Tell whether it can still meet a duty: what nobody made until its last day has failed."""
        return self.under_way or day <= self.visit_to


class Premises(NamedTuple):
    """One premises 场所 with everything known of it that can influence a draw; a province has a million."""

    id: str
    region: str
    station: str | None = None
    key_area: bool = False
    registrations: tuple[Registration, ...] = ()
    events: tuple[RiskEvent, ...] = ()
    visits: tuple[Visit, ...] = ()
    open_visits: tuple[OpenVisit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """Days on which an inspector is away 缺勤, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """A qualification 业务资格 for one regime that has a record of its own, both days included."""

    regime: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """An inspector lent 异地检查 to a region, both days included; `approved` by somebody who did not ask."""

    region: str
    starts_on: date
    ends_on: date
    approved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """One inspector 执法检查人员 as registered; `region` is the prefix of whoever keeps the record.

    An empty list of `districts` means that the register does not restrict, and so does one of `regimes` where
    there are no `qualifications`; where there are, those decide about their regimes.
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
    qualifications: tuple[Qualification, ...] = ()
    assignments: tuple[Assignment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRecusal:
    """A declared ground for recusal 回避; without a start or an end it is open on that side."""

    inspector: str
    entity: str
    relation: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedVisit:
    """A visit 检查 that took place: where, when, by which agency and by whom."""

    entity: str
    on: date
    agency: str
    inspectors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnconfirmedRecusal:
    """A suspected ground for recusal 疑似回避 that nobody has confirmed or rejected yet.

    It concerns one `entity`, or every premises at a `station` of a `region`.
    """

    inspector: str
    ground: str
    region: str
    entity: str | None = None
    station: str | None = None
