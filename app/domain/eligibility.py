"""Who may take part in a draw: registered officers become DR1 inspectors, declared recusals DR1 recusals.

At least two officers with valid enforcement certificates make a visit (行政处罚法 art. 42), auxiliaries
(辅警) never count; recusal is art. 43. An EMPTY list of regimes or districts means that the register does not
restrict: such an officer qualifies for every regime, and for every place within the region of whoever keeps
the record.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.days import add_months
from app.domain.draw.lines import Inspector, Recusal
from app.domain.facts import DeclaredRecusal, Officer
from app.domain.policy import Policy
from app.domain.regions import STATION_DIGITS, covers, district_tag, overlap

AGENCY: Final = "agency:"
LEAD: Final = "role:lead"
REGIME: Final = "regime:"

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
    """An officer who cannot take part, and why.

    Reasons: `other-region`, `auxiliary`, `certificate-expired`, `training-expired`, `absent`, `other-agency`.
    """

    inspector: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligible:
    """The inspectors of a draw by code, and those left out.

    `unrestricted` are the codes of those whose regimes or districts the register does not restrict.
    """

    inspectors: tuple[Inspector, ...]
    excluded: tuple[Exclusion, ...]
    unrestricted: tuple[str, ...]
    not_seen: tuple[str, ...]


def eligible_inspectors(
    officers: Iterable[Officer],
    *,
    visits: Visits,
    slots: Sequence[Sequence[str]],
    regimes: Collection[str],
    places: Collection[Place],
) -> Eligible:
    """Give everyone who may serve, with tags for agency, lead, and the roster's regimes and districts.

    Args:
        officers: all registered ones, of any region.
        visits: when and where.
        slots: the tags of each place in a team.
        regimes: those that the roster or a slot asks for.
        places: where the roster's premises lie.
    """
    inspectors, excluded, unrestricted, not_seen = [], [], [], []
    for officer in sorted(officers, key=lambda officer: officer.code):
        reason = exclusion(officer, visits=visits, slots=slots)
        if reason is not None:
            excluded.append(Exclusion(inspector=officer.code, reason=reason))
            continue
        inspectors.append(
            Inspector(officer.code, officer.cap, inspector_tags(officer, regimes=regimes, places=places))
        )
        if not (officer.regimes and officer.districts):
            unrestricted.append(officer.code)
        if officer.not_seen:
            not_seen.append(officer.code)
    return Eligible(
        inspectors=tuple(inspectors),
        excluded=tuple(excluded),
        unrestricted=tuple(unrestricted),
        not_seen=tuple(not_seen),
    )


def exclusion(officer: Officer, *, visits: Visits, slots: Sequence[Sequence[str]]) -> str | None:
    """Give the first reason that keeps an officer out of a draw, or None.

    Certificate and training must be valid on the last day of the visits; without a date, training gates not.
    """
    training = officer.training_to
    grounds = (
        ("other-region", not overlap(officer.region, visits.region)),
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


def _of_no_slot(officer: Officer, slots: Sequence[Sequence[str]]) -> bool:
    """Tell whether every slot asks for an agency that is not the officer's."""
    own = AGENCY + officer.agency
    return bool(slots) and all(
        own not in slot and any(tag.startswith(AGENCY) for tag in slot) for slot in slots
    )


def inspector_tags(officer: Officer, *, regimes: Iterable[str], places: Iterable[Place]) -> tuple[str, ...]:
    """Give the sorted tags of an officer for a roster with such regimes and places."""
    tags = {AGENCY + officer.agency}
    if officer.lead:
        tags.add(LEAD)
    tags |= {REGIME + regime for regime in regimes if not officer.regimes or regime in officer.regimes}
    tags |= {
        district_tag(region=region, station=station)
        for region, station in places
        if _serves(officer, region=region, station=station)
    }
    return tuple(sorted(tags))


def _serves(officer: Officer, *, region: str, station: str | None) -> bool:
    """Tell whether a place is in an officer's districts.

    A region's code covers all its stations, nine digits are one station of a region, three are one at home.
    """
    at_home = covers(officer.region, region)
    if not officer.districts:
        return at_home
    return any(
        at_home and code == station if len(code) == STATION_DIGITS else covers(code, region + (station or ""))
        for code in officer.districts
    )


def recusals_in_force(
    declared: Iterable[DeclaredRecusal],
    *,
    visits: Visits,
    policy: Policy,
    inspectors: Collection[str],
    entities: Collection[str],
) -> tuple[Recusal, ...]:
    """Give the recusals in force on any day of the visits between known inspectors and entities, sorted.

    Args:
        declared: all declared grounds.
        visits: when.
        policy: which relations recuse, and for how long after their end.
        inspectors: codes of the draw's inspectors.
        entities: ids of the roster's premises.
    """
    return tuple(
        sorted(
            {
                Recusal(ground.inspector, ground.entity)
                for ground in declared
                if ground.inspector in inspectors
                and ground.entity in entities
                and recuses(ground, visits=visits, policy=policy)
            }
        )
    )


def recuses(ground: DeclaredRecusal, *, visits: Visits, policy: Policy) -> bool:
    """Tell whether a declared ground is in force on any day of the visits.

    A relation to which the policy gives months afterwards, as three years to former employment 曾任职, still
    recuses while `day < its end + n months`.
    """
    rule = policy.relations.get(ground.relation)
    if rule is None or not rule.in_force:
        return False
    if ground.starts_on is not None and ground.starts_on > visits.ends_on:
        return False
    if ground.ends_on is None:
        return True
    if rule.months_after:
        return visits.starts_on < add_months(ground.ends_on, rule.months_after)
    return visits.starts_on <= ground.ends_on
