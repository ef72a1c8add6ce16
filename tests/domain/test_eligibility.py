"""Who may serve: certificates, kinds, training, absences, agencies, districts; and recusals in force."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.lines import Inspector, Recusal, check_inspector
from app.domain.eligibility import (
    Exclusion,
    Visits,
    eligible_inspectors,
    inspector_tags,
    recusals_in_force,
    recuses,
)
from app.domain.facts import Absence, DeclaredRecusal, Officer
from app.domain.policy import RelationRule, parse_policy

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.1.json").read_text("utf-8")))
VISITS = Visits(region="410928", starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 20))
SLOTS = [("agency:psb", "role:lead"), ("agency:psb",)]
PLACES = {("410928", "001"), ("410928", "002"), ("410928", None), ("410922", "001")}
OFFICER = Officer(
    code="a1",
    region="410928",
    kind="officer",
    agency="psb",
    lead=True,
    certificate_to=date(2026, 11, 20),
    training_to=date(2026, 11, 20),
    cap=7,
)


def _reason(officer: Officer, slots: list[tuple[str, ...]] | None = None) -> str | None:
    found = eligible_inspectors(
        [officer], visits=VISITS, slots=SLOTS if slots is None else slots, regimes=(), places=()
    )
    return found.excluded[0].reason if found.excluded else None


@pytest.mark.parametrize(
    ("officer", "reason"),
    [
        (OFFICER, None),
        (replace(OFFICER, kind="auxiliary"), "auxiliary"),
        (replace(OFFICER, certificate_to=date(2026, 11, 19)), "certificate-expired"),
        (replace(OFFICER, training_to=date(2026, 11, 19)), "training-expired"),
        (replace(OFFICER, training_to=None), None),
        (replace(OFFICER, agency="culture"), "other-agency"),
        (replace(OFFICER, region="320102"), "other-region"),
        (replace(OFFICER, region="4109"), None),
    ],
)
def test_an_officer_is_left_out_with_a_reason(officer: Officer, reason: str | None) -> None:
    """行政处罚法 art. 42 and W4, W8: valid to the last day of the visits; auxiliaries never count."""
    assert _reason(officer) == reason


@pytest.mark.parametrize(
    ("starts", "ends", "reason"),
    [(1, 9, None), (1, 10, "absent"), (12, 13, "absent"), (20, 30, "absent"), (21, 30, None)],
)
def test_an_absence_that_touches_the_visits_leaves_out(starts: int, ends: int, reason: str | None) -> None:
    """Both days of an absence count, and so do both ends of the visits, 10 to 20 November."""
    away = Absence(starts_on=date(2026, 11, starts), ends_on=date(2026, 11, ends))
    assert _reason(replace(OFFICER, absences=(away,))) == reason


def test_another_agency_may_take_a_slot_that_names_none() -> None:
    """W3: joint inspections; with no slots nobody is left out for an agency."""
    culture = replace(OFFICER, agency="culture")
    assert _reason(culture, [("agency:psb",), ("role:lead",)]) is None
    assert _reason(culture, [("agency:psb",), ("agency:culture",)]) is None
    assert _reason(culture, []) is None


def test_a_worked_inspector() -> None:
    """Tags for agency, lead, the roster's regimes and the places in the districts; sorted by bytes."""
    officer = replace(OFFICER, regimes=("entertainment", "fire_unit"), districts=("002",))
    found = eligible_inspectors(
        [officer],
        visits=VISITS,
        slots=SLOTS,
        regimes=["entertainment", "special_industry"],
        places=PLACES,
    )
    tags = ("agency:psb", "district:410928002", "regime:entertainment", "role:lead")
    assert found.inspectors == (Inspector("a1", 7, tags),)
    assert found.unrestricted == ()


@pytest.mark.parametrize(
    ("region", "districts", "places"),
    [
        # nothing named: everywhere within the region of the record's keeper
        ("410928", (), ["410928", "410928001", "410928002"]),
        ("4109", (), ["410922001", "410928", "410928001", "410928002"]),
        # a region's code covers all its stations, and lends across regions
        ("410928", ("410928",), ["410928", "410928001", "410928002"]),
        ("410928", ("410900",), ["410922001", "410928", "410928001", "410928002"]),
        ("410928", ("410922",), ["410922001"]),
        # a station is one of the keeper's own region
        ("410928", ("001",), ["410928001"]),
        ("4109", ("001",), ["410922001", "410928001"]),
        ("410928", ("009",), []),
        # nine digits are a station of a region, whoever keeps the record
        ("410928", ("410928001",), ["410928001"]),
        ("410928", ("410922001", "002"), ["410922001", "410928002"]),
        ("4109", ("410928009",), []),
    ],
)
def test_districts_become_the_tags_of_the_places_they_cover(
    region: str, districts: tuple[str, ...], places: list[str]
) -> None:
    """An EMPTY list means that the register does not restrict."""
    officer = replace(OFFICER, region=region, districts=districts)
    tags = inspector_tags(officer, regimes=(), places=PLACES)
    assert [tag.removeprefix("district:") for tag in tags if tag.startswith("district:")] == places


def test_those_whom_the_register_does_not_restrict_are_named() -> None:
    """No regimes, or no districts; and who was not seen lately."""
    officers = [
        replace(OFFICER, code="c", regimes=("fire_unit",), districts=("001",)),
        replace(OFFICER, code="b", regimes=("fire_unit",)),
        replace(OFFICER, code="a", districts=("001",), lead=False, not_seen=True),
        replace(OFFICER, code="d", kind="auxiliary"),
    ]
    found = eligible_inspectors(officers, visits=VISITS, slots=SLOTS, regimes=["fire_unit"], places=PLACES)
    assert [inspector.id for inspector in found.inspectors] == ["a", "b", "c"]
    assert found.unrestricted == ("a", "b")
    assert found.not_seen == ("a",)
    assert found.excluded == (Exclusion(inspector="d", reason="auxiliary"),)


def _ground(relation: str = "spouse", start: date | None = None, end: date | None = None) -> DeclaredRecusal:
    return DeclaredRecusal(inspector="a1", entity="src:1", relation=relation, starts_on=start, ends_on=end)


@pytest.mark.parametrize(
    ("ground", "holds"),
    [
        (_ground(), True),
        (_ground(start=date(2026, 11, 20)), True),
        (_ground(start=date(2026, 11, 21)), False),
        (_ground(end=date(2026, 11, 10)), True),
        (_ground(end=date(2026, 11, 9)), False),
        (_ground("former_employment"), True),
        (_ground("former_employment", end=date(2023, 11, 11)), True),
        (_ground("former_employment", end=date(2023, 11, 10)), False),
        (_ground("former_employment", end=date(9999, 12, 31)), True),
        (_ground("station_officer"), True),
        (_ground("acquaintance"), False),
    ],
)
def test_a_recusal_holds_on_any_day_of_the_visits(ground: DeclaredRecusal, holds: bool) -> None:  # noqa: FBT001 - a table
    """行政处罚法 art. 43; former employment for three years after its end; open ends are unlimited."""
    assert recuses(ground, visits=VISITS, policy=POLICY) is holds


def test_the_station_officers_recusal_can_be_switched_off() -> None:
    """mission/rules.md: the station officer in charge (*default*, can be off)."""
    off = {**POLICY.relations, "station_officer": RelationRule(in_force=False, months_after=0)}
    policy = replace(POLICY, relations=off)
    assert not recuses(_ground("station_officer"), visits=VISITS, policy=policy)


def test_only_known_pairs_are_recused_each_once_and_sorted() -> None:
    """DR1 section 2: recusals name known inspectors and entities."""
    declared = [
        DeclaredRecusal(inspector=inspector, entity=entity, relation=relation)
        for inspector, entity, relation in [
            ("b", "src:1", "spouse"),
            ("a", "src:2", "self"),
            ("a", "src:2", "lineal"),
            ("x", "src:1", "spouse"),
            ("a", "src:9", "spouse"),
        ]
    ]
    found = recusals_in_force(
        declared, visits=VISITS, policy=POLICY, inspectors={"a", "b"}, entities={"src:1", "src:2"}
    )
    assert found == (Recusal("a", "src:2"), Recusal("b", "src:1"))


OFFICERS = st.builds(
    Officer,
    code=st.integers(0, 50).map(lambda n: f"i{n}"),
    region=st.sampled_from(["410928", "4109", "320102"]),
    kind=st.sampled_from(["officer", "auxiliary"]),
    agency=st.sampled_from(["psb", "fire"]),
    lead=st.booleans(),
    certificate_to=st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    training_to=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    regimes=st.lists(st.sampled_from(["entertainment", "fire_unit"]), max_size=2).map(tuple),
    districts=st.lists(st.sampled_from(["001", "002", "410928"]), max_size=2).map(tuple),
    cap=st.integers(0, 20),
)


@given(st.lists(OFFICERS, max_size=12, unique_by=lambda officer: officer.code))
def test_everyone_is_either_an_inspector_that_dr1_accepts_or_left_out_with_a_reason(
    officers: list[Officer],
) -> None:
    """Nobody is lost, nobody is both; an inspector is never an auxiliary or out of date."""
    found = eligible_inspectors(
        officers, visits=VISITS, slots=SLOTS, regimes=["entertainment"], places=PLACES
    )
    taken = {check_inspector(inspector).id for inspector in found.inspectors}
    left = {exclusion.inspector for exclusion in found.excluded}
    assert taken.isdisjoint(left)
    assert taken | left == {officer.code for officer in officers}
    for officer in officers:
        if officer.code in taken:
            assert officer.kind == "officer"
            assert officer.certificate_to >= VISITS.ends_on
