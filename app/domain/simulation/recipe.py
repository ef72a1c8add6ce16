"""What a simulation assumes, read from its documents: the made-up county, and what happens in a year.

The documents are seed data, so reading them trusts their shape: a test reads them. Rates are per thousand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

Document = Mapping[str, Any]
Days = tuple[int, int]
"""The least and the most days that something takes."""

THOUSAND: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Also:
    """A further registration that some premises of a kind have."""

    regime: str
    subtype: str | None
    per_thousand: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesKind:
    """A kind of premises and its weight among all."""

    regime: str
    subtype: str | None
    weight: int
    also: tuple[Also, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffUnit:
    """A unit 单位: so many inspectors; the first `leads` may lead, the last `auxiliaries` only help.

    `at_stations`: they are spread over the police stations 派出所 and serve only there.
    """

    unit: str
    agency: str
    regimes: tuple[str, ...]
    size: int
    leads: int
    auxiliaries: int
    cap: int
    at_stations: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyRecipe:
    """How a county is made up; weights and shares of its parts."""

    region: str
    stations: tuple[tuple[str, int], ...]
    kinds: tuple[PremisesKind, ...]
    graded: frozenset[str]
    levels: tuple[tuple[int, int], ...]
    key_stations: frozenset[str]
    key_there: int
    key_elsewhere: int
    units: tuple[StaffUnit, ...]
    recused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRate:
    """How many risk events of a kind a thousand registrations have in a year; no regimes: of any."""

    kind: str
    per_thousand: int
    regimes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What happens: per thousand registrations and year, per thousand visits, or a year and officer.

    Attributes:
        openings, closures, removals, suspensions, stricter, milder: of registrations.
        substantiated: of complaints.
        not_made: visits that do not take place at all; `nobody`: doors at which nobody is met the first time;
            `still_nobody`: of those, the second time.
        registrar_keeps: unreachable premises that the registrar 登记人员 keeps; the others are closed.
        results: result codes of a visit that met somebody, by weight.
    """

    openings: int
    closures: int
    removals: int
    suspensions: int
    suspension_days: Days
    stricter: int
    milder: int
    events: tuple[EventRate, ...]
    substantiated: int
    remedied_days: Days
    removed_days: Days
    absences_a_year: int
    absence_days: Days
    certificate_years: int
    renewed_days_before: int
    renewed_late: int
    late_days: int
    not_made: int
    nobody: int
    still_nobody: int
    registrar_days: Days
    registrar_keeps: int
    results: tuple[tuple[tuple[str, ...], int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRules:
    """How a planner answers an alarm 预警 with an ad-hoc draw 临时抽查.

    Attributes:
        lead_days: working days after the alarm that asking, approval, plan and commitment take; the visits
            begin on the working day after them.
        least_days: working days that must be left for the visits.
        rate: p/q at which it draws.
    """

    lead_days: int
    least_days: int
    rate: tuple[int, int]


def parse_answers(document: Document) -> AnswerRules:
    """Read how alarms are answered.

    Raises:
        KeyError: the document lacks a member.
    """
    p, q = document["rate"]
    return AnswerRules(
        lead_days=document["lead_working_days"], least_days=document["least_working_days"], rate=(p, q)
    )


def parse_county(document: Document) -> CountyRecipe:
    """Read how a county is made up.

    Raises:
        KeyError: the document lacks a member.
    """
    keys = document["key_areas"]
    return CountyRecipe(
        region=document["region"],
        stations=tuple((code, weight) for code, weight in document["stations"]),
        kinds=tuple(_kind(kind) for kind in document["premises"]),
        graded=frozenset(document["levels"]["regimes"]),
        levels=tuple((level, weight) for level, weight in document["levels"]["weights"]),
        key_stations=frozenset(keys["stations"]),
        key_there=keys["per_thousand_there"],
        key_elsewhere=keys["per_thousand_elsewhere"],
        units=tuple(StaffUnit(**unit | {"regimes": tuple(unit["regimes"])}) for unit in document["units"]),
        recused=document["recused_per_thousand"],
    )


def parse_course(document: Document) -> Course:
    """Read what happens.

    Raises:
        KeyError: the document lacks a member.
    """
    premises, officers, visits = document["premises"], document["officers"], document["visits"]
    return Course(
        **{name: premises[name] for name in ("openings", "closures", "removals", "suspensions")},
        suspension_days=_days(premises["suspension_days"]),
        stricter=premises["stricter"],
        milder=premises["milder"],
        events=tuple(EventRate(**rate | {"regimes": tuple(rate["regimes"])}) for rate in document["events"]),
        substantiated=document["substantiated_per_thousand"],
        remedied_days=_days(document["remedied_days"]),
        removed_days=_days(document["removed_days"]),
        absences_a_year=officers["absences_a_year"],
        absence_days=_days(officers["absence_days"]),
        certificate_years=officers["certificate_years"],
        renewed_days_before=officers["renewed_days_before"],
        renewed_late=officers["renewed_late_per_thousand"],
        late_days=officers["late_days"],
        not_made=visits["not_made_per_thousand"],
        nobody=visits["nobody_per_thousand"],
        still_nobody=visits["still_nobody_per_thousand"],
        registrar_days=_days(visits["registrar_days"]),
        registrar_keeps=visits["registrar_keeps_per_thousand"],
        results=tuple((tuple(codes), weight) for codes, weight in visits["results"]),
    )


def _kind(kind: Document) -> PremisesKind:
    return PremisesKind(
        regime=kind["regime"],
        subtype=kind["subtype"],
        weight=kind["weight"],
        also=tuple(Also(**also) for also in kind["also"]),
    )


def _days(pair: Sequence[int]) -> Days:
    least, most = pair
    return least, most


STILL: Final = Course(
    openings=0,
    closures=0,
    removals=0,
    suspensions=0,
    suspension_days=(1, 1),
    stricter=0,
    milder=0,
    events=(),
    substantiated=0,
    remedied_days=(1, 1),
    removed_days=(1, 1),
    absences_a_year=0,
    absence_days=(1, 1),
    certificate_years=0,
    renewed_days_before=0,
    renewed_late=0,
    late_days=0,
    not_made=0,
    nobody=0,
    still_nobody=0,
    registrar_days=(1, 1),
    registrar_keeps=THOUSAND,
    results=((("01",), 1),),
)
"""Nothing changes and every visit finds nothing: the registers as they stand."""
