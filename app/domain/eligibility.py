"""Who may take part in a draw: registered officers become DR1 inspectors.

At least two officers with valid enforcement certificates make a visit (行政处罚法 art. 42), auxiliaries
(辅警) never count. An EMPTY list of districts means that the register does not restrict:
such an officer serves every place within the region of whoever keeps the record. Elsewhere an officer serves
only under an assignment 异地检查. An empty list of regimes does not restrict either, unless there are records
of single qualifications.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final

from app.domain.draw.basics.lines import Inspector
from app.domain.facts import Assignment, Officer, Qualification
from app.domain.load import cap_left
from app.domain.policies.staffing import LoadRule
from app.domain.regions import STATION_DIGITS, covers, district_tag, overlap

AGENCY: Final = "agency:"
LEAD: Final = "role:lead"
REGIME: Final = "regime:"
DISTRICT: Final = "district:"

REASONS: Final = (
    *("other-region", "not-assigned", "auxiliary", "certificate-expired", "training-expired", "absent"),
    *("other-agency", "not-qualified", "other-district", "load-reached"),
)
"""Why an officer is left out, in the order in which it is asked."""

MENDABLE: Final = frozenset(
    {"not-assigned", "certificate-expired", "training-expired", "absent", "load-reached", "not-qualified"}
)
"""Reasons that somebody can do something about before the draw."""

Place = tuple[str, str | None]
"""(region, station 派出所 or None)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """The days of the visits, both included, and where they are."""

    region: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """An officer who cannot take part, and the first of `REASONS` that holds.

    `not-assigned`: of another region, and no approved assignment covers the visits; `not-qualified`: for none
    of the regimes; `other-district`: serves none of the places.
    """

    inspector: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReducedCap:
    """An inspector who takes less in a draw than registered, for what the period has brought already."""

    inspector: str
    registered: int
    taken: int
    cap: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """The inspectors of a draw by code, and those left out.

    Attributes:
        inspectors: who may serve.
        excluded: who may not, and why.
        unrestricted: codes of those whose regimes or districts the register does not restrict.
        not_seen: codes of those whom the last full import left out.
        reduced: those whose cap the load of the period lowers.
        missed: those left out for a reason that can be mended, with the tags that they would have.
    """

    inspectors: tuple[Inspector, ...]
    excluded: tuple[Exclusion, ...]
    unrestricted: tuple[str, ...]
    not_seen: tuple[str, ...]
    reduced: tuple[ReducedCap, ...] = ()
    missed: tuple[Inspector, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a draw asks of its inspectors: regimes and places that its roster or its slots name."""

    slots: Sequence[Sequence[str]]
    regimes: Collection[str]
    places: Collection[Place]


def eligible_inspectors(
    officers: Iterable[Officer],
    *,
    visits: Visits,
    slots: Sequence[Sequence[str]],
    regimes: Collection[str],
    places: Collection[Place],
    load: LoadRule | None = None,
    taken: Mapping[str, int] = MappingProxyType({}),
) -> Eligible:
    """Give everyone who may serve, with tags for agency, lead, and the roster's regimes and districts.

    Args:
        officers: all registered ones, of any region.
        visits: when and where.
        slots: the tags of each place in a team.
        regimes: those that the roster or a slot asks for.
        places: where the roster's premises lie.
        load: how much a period may bring; None: as much as the draws bring.
        taken: drawn visits that the period has brought already, by code.
    """
    asked = Asked(slots=slots, regimes=regimes, places=places)
    inspectors, excluded, unrestricted, not_seen = [], [], [], []
    reduced, missed = [], []
    for officer in sorted(officers, key=lambda officer: officer.code):
        took = taken.get(officer.code, 0)
        cap = cap_left(officer.cap, taken=took, load=load)
        reason, tags = _judged(officer, cap, visits, asked)
        if reason is not None:
            excluded.append(Exclusion(inspector=officer.code, reason=reason))
            if tags:
                missed.append(Inspector(officer.code, officer.cap, tags))
            continue
        inspectors.append(Inspector(officer.code, cap, tags))
        if cap < officer.cap:
            less = ReducedCap(inspector=officer.code, registered=officer.cap, taken=took, cap=cap)
            reduced.append(less)
        if not ((officer.regimes or officer.qualifications) and officer.districts):
            unrestricted.append(officer.code)
        if officer.not_seen:
            not_seen.append(officer.code)
    return Eligible(
        inspectors=tuple(inspectors),
        excluded=tuple(excluded),
        unrestricted=tuple(unrestricted),
        not_seen=tuple(not_seen),
        reduced=tuple(reduced),
        missed=tuple(missed),
    )


def exclusion(officer: Officer, *, visits: Visits, slots: Sequence[Sequence[str]]) -> str | None:
    """Give the first reason that keeps an officer out of any visit there and then, or None.

    Certificate and training must be valid on the last day of the visits; without a date, training gates not.
    """
    training = officer.training_to
    at_home = overlap(officer.region, visits.region)
    asked_for = any(overlap(one.region, visits.region) for one in officer.assignments)
    grounds = (
        ("other-region", not at_home and not asked_for),
        ("not-assigned", not at_home and not any(_lent(officer, visits))),
        ("auxiliary", officer.kind != "officer"),
        ("certificate-expired", officer.certificate_to < visits.ends_on),
        ("training-expired", training is not None and training < visits.ends_on),
        (
            "absent",
            any(a.starts_on <= visits.ends_on and a.ends_on >= visits.starts_on for a in officer.absences),
        ),
        ("other-agency", _of_no_slot(officer, slots)),
    )
    return next((reason for reason, holds in grounds if holds), None)


def _mended(officer: Officer, visits: Visits) -> Officer:
    """Give an officer as if assignments had been approved, and qualifications renewed, for these visits."""
    return replace(
        officer,
        assignments=tuple(
            replace(one, starts_on=visits.starts_on, ends_on=visits.ends_on, approved=True)
            for one in officer.assignments
        ),
        qualifications=tuple(Qualification(regime=one.regime) for one in officer.qualifications),
    )


def _judged(officer: Officer, cap: int, visits: Visits, asked: Asked) -> tuple[str | None, tuple[str, ...]]:
    """Give why an officer is left out, and the tags: of who is not, and of who need not be."""

    def tags_of(one: Officer) -> tuple[str, ...]:
        return inspector_tags(one, regimes=asked.regimes, places=asked.places, visits=visits)

    reason = exclusion(officer, visits=visits, slots=asked.slots)
    if reason is None:
        tags = tags_of(officer)
        if not _qualified_at_all({*tags}, asked):
            reason = "not-qualified"
        elif asked.places and not any(tag.startswith(DISTRICT) for tag in tags):
            reason = "other-district"
        elif officer.cap and not cap:
            reason = "load-reached"
        else:
            return None, tags
    return reason, tags_of(_mended(officer, visits)) if reason in MENDABLE else ()


def _qualified_at_all(tags: Collection[str], asked: Asked) -> bool:
    """Tell whether tags hold what some slot asks for; where none asks, one of the regimes of the roster."""
    of_slots = [{tag for tag in slot if tag.startswith(REGIME)} for slot in asked.slots]
    if any(of_slots):
        return any(wanted.issubset(tags) for wanted in of_slots)
    return not asked.regimes or any(REGIME + regime in tags for regime in asked.regimes)


def _lent(officer: Officer, visits: Visits) -> Iterable[Assignment]:
    """Give the approved assignments to the visits' region that cover all their days (异地检查)."""
    return (
        one
        for one in officer.assignments
        if one.approved
        and overlap(one.region, visits.region)
        and one.starts_on <= visits.starts_on
        and one.ends_on >= visits.ends_on
    )


def _of_no_slot(officer: Officer, slots: Sequence[Sequence[str]]) -> bool:
    """Tell whether every slot asks for an agency that is not the officer's."""
    own = AGENCY + officer.agency
    return bool(slots) and all(
        own not in slot and any(tag.startswith(AGENCY) for tag in slot) for slot in slots
    )


def inspector_tags(
    officer: Officer, *, regimes: Iterable[str], places: Iterable[Place], visits: Visits
) -> tuple[str, ...]:
    """Give the sorted tags of an officer for such regimes and places on the days of the visits."""
    tags = {AGENCY + officer.agency}
    if officer.lead:
        tags.add(LEAD)
    tags |= {REGIME + regime for regime in regimes if qualified(officer, regime, visits)}
    lent = [one.region for one in _lent(officer, visits)]
    tags |= {
        district_tag(region=region, station=station)
        for region, station in places
        if serves((region, station), home=officer.region, districts=officer.districts)
        or any(covers(to, region) for to in lent)
    }
    return tuple(sorted(tags))


def qualified(officer: Officer, regime: str, visits: Visits) -> bool:
    """Tell whether an officer is qualified for a regime on every day of the visits.

    Where a regime has records of its own, they decide; otherwise the register's list does.
    """
    records = [one for one in officer.qualifications if one.regime == regime]
    if records:
        return any(
            (one.starts_on is None or one.starts_on <= visits.starts_on)
            and (one.ends_on is None or one.ends_on >= visits.ends_on)
            for one in records
        )
    return regime in officer.regimes or not (officer.regimes or officer.qualifications)


def serves(place: Place, *, home: str, districts: Sequence[str]) -> bool:
    """Tell whether a place at home is in an officer's districts.

    A region's code covers all its stations, nine digits are one station of a region, three are one at home.

    Args:
        place: region and station.
        home: the region of whoever keeps the officer's record.
        districts: of the officer; none: everything at home.
    """
    region, station = place
    if not covers(home, region):
        return False
    return not districts or any(
        code == station if len(code) == STATION_DIGITS else covers(code, region + (station or ""))
        for code in districts
    )
