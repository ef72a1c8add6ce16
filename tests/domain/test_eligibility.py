"""Who may serve: certificates, kinds, training, absences, agencies, districts, assignments, load."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.lines import Inspector, check_inspector
from app.domain.eligibility import (
    REASONS,
    Eligible,
    Exclusion,
    ReducedCap,
    Visits,
    eligible_inspectors,
    inspector_tags,
    qualified,
)
from app.domain.facts import Absence, Assignment, Officer, Qualification
from app.domain.load import cap_left
from app.domain.policies.staffing import LoadRule

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
        # a region's code covers all its stations; outside the keeper's region it lends nobody
        ("410928", ("410928",), ["410928", "410928001", "410928002"]),
        ("410928", ("410900",), ["410928", "410928001", "410928002"]),
        ("410928", ("410922",), []),
        # a station is one of the keeper's own region
        ("410928", ("001",), ["410928001"]),
        ("4109", ("001",), ["410922001", "410928001"]),
        ("410928", ("009",), []),
        # nine digits are a station of a region
        ("410928", ("410928001",), ["410928001"]),
        ("4109", ("410922001", "002"), ["410922001", "410928002"]),
        ("4109", ("410928009",), []),
    ],
)
def test_districts_become_the_tags_of_the_places_they_cover(
    region: str, districts: tuple[str, ...], places: list[str]
) -> None:
    """An EMPTY list means that the register does not restrict, at home."""
    officer = replace(OFFICER, region=region, districts=districts)
    assert _places(officer) == places


def _places(officer: Officer) -> list[str]:
    tags = inspector_tags(officer, regimes=(), places=PLACES, visits=VISITS)
    return [tag.removeprefix("district:") for tag in tags if tag.startswith("district:")]


_LENT = Assignment(region="410928", starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 20))
_NEIGHBOUR = replace(OFFICER, region="410922", districts=("410922",))


@pytest.mark.parametrize(
    ("assignments", "reason", "places"),
    [
        ((), "other-region", []),
        ((_LENT,), None, ["410928", "410928001", "410928002"]),
        ((replace(_LENT, region="4109"),), None, ["410922001", "410928", "410928001", "410928002"]),
        # not the whole window, not approved, to yet another county
        ((replace(_LENT, starts_on=date(2026, 11, 11)),), "not-assigned", []),
        ((replace(_LENT, ends_on=date(2026, 11, 19)),), "not-assigned", []),
        ((replace(_LENT, approved=False),), "not-assigned", []),
        ((replace(_LENT, region="410923"),), "other-region", []),
        ((replace(_LENT, approved=False), _LENT), None, ["410928", "410928001", "410928002"]),
    ],
)
def test_lending_across_regions_needs_an_assignment_record(
    assignments: tuple[Assignment, ...], reason: str | None, places: list[str]
) -> None:
    """mission/rules.md «Teams» (异地检查): approved, and valid on every day of the visits."""
    officer = replace(_NEIGHBOUR, assignments=assignments)
    assert _reason(officer) == reason
    assert [place for place in _places(officer) if reason is None] == (
        sorted({*places, "410922001"}) if reason is None else []
    )


@pytest.mark.parametrize(
    ("listed", "records", "holds"),
    [
        ((), (), True),
        (("fire_unit",), (), True),
        (("entertainment",), (), False),
        # a record of the regime decides, whatever the list says
        (("fire_unit",), ((None, None),), True),
        (("fire_unit",), ((None, date(2026, 11, 19)),), False),
        ((), ((date(2026, 11, 11), None),), False),
        ((), ((date(2026, 11, 10), date(2026, 11, 20)),), True),
        (("entertainment",), ((None, date(2026, 11, 20)),), True),
        (("fire_unit",), ((None, date(2026, 11, 1)), (date(2026, 11, 2), None)), True),
    ],
)
def test_a_qualification_holds_on_every_day_of_the_visits(
    listed: tuple[str, ...],
    records: tuple[tuple[date | None, date | None], ...],
    holds: bool,  # noqa: FBT001 - a table
) -> None:
    """W4: qualification validity. With records of other regimes an empty list is not unlimited any more."""
    kept = tuple(Qualification(regime="fire_unit", starts_on=a, ends_on=b) for a, b in records)
    officer = replace(OFFICER, regimes=listed, qualifications=kept)
    assert qualified(officer, "fire_unit", VISITS) is holds
    if kept and not listed:
        assert not qualified(officer, "internet_cafe", VISITS)


def _eligible(officer: Officer, *, taken: int = 0, places: object = PLACES) -> Eligible:
    return eligible_inspectors(
        [officer],
        visits=VISITS,
        slots=SLOTS,
        regimes=["fire_unit"],
        places=places,  # type: ignore[arg-type]  # a set of places
        load=LoadRule(months=3, most=60, basis="测试"),
        taken={"a1": taken},
    )


@pytest.mark.parametrize(
    ("changes", "taken", "reason"),
    [
        ({}, 0, None),
        ({"regimes": ("entertainment",)}, 0, "not-qualified"),
        ({"districts": ("009",)}, 0, "other-district"),
        ({}, 59, None),
        ({}, 60, "load-reached"),
        ({}, 61, "load-reached"),
        ({"cap": 0}, 0, None),
    ],
)
def test_who_could_take_no_seat_is_left_out_with_a_reason(
    changes: dict[str, Any], taken: int, reason: str | None
) -> None:
    """Qualification, district and the load of the period; a cap of 0 is the register's own word."""
    found = _eligible(replace(OFFICER, **changes), taken=taken)
    assert [one.reason for one in found.excluded] == ([] if reason is None else [reason])


@pytest.mark.parametrize(
    ("agency", "regimes", "reason"),
    [
        ("psb", ("fire_unit",), None),
        ("psb", ("internet_cafe",), "not-qualified"),
        # the culture slot asks for no qualification of the police's
        ("culture", ("internet_cafe",), None),
        ("culture", (), None),
    ],
)
def test_where_slots_ask_for_qualifications_one_slots_are_enough(
    agency: str, regimes: tuple[str, ...], reason: str | None
) -> None:
    """W3, joint inspections: each place asks what it asks for."""
    officer = replace(OFFICER, agency=agency, regimes=regimes)
    found = eligible_inspectors(
        [officer],
        visits=VISITS,
        slots=[("agency:psb", "regime:fire_unit"), ("agency:culture",)]
        if agency == "culture"
        else [("agency:psb", "regime:fire_unit"), ("agency:culture", "regime:entertainment")],
        regimes=["fire_unit", "entertainment"],
        places=PLACES,
    )
    assert [one.reason for one in found.excluded] == ([] if reason is None else [reason])


def test_the_load_of_the_period_lowers_the_cap() -> None:
    """60 visits a period, 55 taken: 5 are left of a cap of 7; with 53 taken the cap is the lower one."""
    found = _eligible(OFFICER, taken=55)
    assert [inspector.cap for inspector in found.inspectors] == [5]
    assert found.reduced == (ReducedCap(inspector="a1", registered=7, taken=55, cap=5),)
    assert [
        (one.cap, _eligible(OFFICER, taken=53).reduced) for one in _eligible(OFFICER, taken=53).inspectors
    ] == [(7, ())]


@pytest.mark.parametrize(
    ("officer", "taken", "missed"),
    [
        (replace(OFFICER, certificate_to=date(2026, 11, 1)), 0, True),
        (replace(OFFICER, training_to=date(2026, 11, 1)), 0, True),
        (OFFICER, 60, True),
        (replace(_NEIGHBOUR, assignments=(replace(_LENT, approved=False),)), 0, True),
        (
            replace(OFFICER, qualifications=(Qualification(regime="fire_unit", ends_on=date(2026, 11, 1)),)),
            0,
            True,
        ),
        (replace(OFFICER, kind="auxiliary"), 0, False),
        (replace(OFFICER, agency="culture"), 0, False),
        (replace(OFFICER, region="320102"), 0, False),
    ],
)
def test_whoever_could_be_had_is_kept_in_mind_with_the_tags_that_they_would_have(
    officer: Officer,
    taken: int,
    missed: bool,  # noqa: FBT001 - a table
) -> None:
    """B5: the person who binds, by name; an auxiliary or another agency cannot be mended."""
    found = _eligible(officer, taken=taken)
    assert found.inspectors == ()
    assert [one.id for one in found.missed] == (["a1"] if missed else [])
    for one in found.missed:
        assert {"agency:psb", "role:lead", "regime:fire_unit", "district:410928001"} <= {*one.tags}


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


DAYS = st.dates(date(2026, 11, 8), date(2026, 11, 22))
ASSIGNMENTS = st.builds(
    Assignment,
    region=st.sampled_from(["410928", "4109", "410922"]),
    starts_on=DAYS,
    ends_on=DAYS,
    approved=st.booleans(),
)
QUALIFICATIONS = st.builds(
    Qualification,
    regime=st.sampled_from(["entertainment", "fire_unit"]),
    starts_on=st.none() | DAYS,
    ends_on=st.none() | DAYS,
)
OFFICERS = st.builds(
    Officer,
    code=st.integers(0, 50).map(lambda n: f"i{n}"),
    region=st.sampled_from(["410928", "4109", "320102", "410922"]),
    kind=st.sampled_from(["officer", "auxiliary"]),
    agency=st.sampled_from(["psb", "fire"]),
    lead=st.booleans(),
    certificate_to=st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    training_to=st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 1)),
    regimes=st.lists(st.sampled_from(["entertainment", "fire_unit"]), max_size=2).map(tuple),
    districts=st.lists(st.sampled_from(["001", "002", "410928", "410922"]), max_size=2).map(tuple),
    cap=st.integers(0, 20),
    qualifications=st.lists(QUALIFICATIONS, max_size=2).map(tuple),
    assignments=st.lists(ASSIGNMENTS, max_size=2).map(tuple),
)


@given(st.lists(OFFICERS, max_size=12, unique_by=lambda officer: officer.code))
def test_everyone_is_either_an_inspector_that_dr1_accepts_or_left_out_with_a_reason(
    officers: list[Officer],
) -> None:
    """Nobody is lost, nobody is both; each rule holds of whoever is taken, and each reason has its name."""
    found = eligible_inspectors(
        officers, visits=VISITS, slots=SLOTS, regimes=["entertainment"], places=PLACES
    )
    taken = {check_inspector(inspector).id: inspector for inspector in found.inspectors}
    left = {exclusion.inspector for exclusion in found.excluded}
    assert taken.keys().isdisjoint(left)
    assert taken.keys() | left == {officer.code for officer in officers}
    assert {exclusion.reason for exclusion in found.excluded} <= {*REASONS}
    for officer in officers:
        if officer.code not in taken:
            continue
        assert officer.kind == "officer"
        assert officer.certificate_to >= VISITS.ends_on
        in_force = [
            one.region
            for one in officer.assignments
            if one.approved and one.starts_on <= VISITS.starts_on and VISITS.ends_on <= one.ends_on
        ]
        for tag in taken[officer.code].tags:
            place = tag.removeprefix("district:")
            assert place == tag or any(place.startswith(to) for to in (officer.region, *in_force))


@given(OFFICERS)
def test_mending_what_keeps_somebody_out_never_takes_anybody_out(officer: Officer) -> None:
    """A renewed certificate or training, an approval or a longer qualification only ever helps."""

    def reason(one: Officer) -> str | None:
        found = eligible_inspectors(
            [one], visits=VISITS, slots=SLOTS, regimes=["entertainment"], places=PLACES
        )
        return found.excluded[0].reason if found.excluded else None

    mended = replace(
        officer,
        certificate_to=date(2030, 1, 1),
        training_to=None,
        qualifications=tuple(replace(one, starts_on=None, ends_on=None) for one in officer.qualifications),
        assignments=tuple(
            replace(one, approved=True, starts_on=VISITS.starts_on, ends_on=VISITS.ends_on)
            for one in officer.assignments
        ),
    )
    if reason(officer) is None:
        assert reason(mended) is None
    assert reason(mended) not in {"certificate-expired", "training-expired", "not-assigned"}


@given(st.integers(0, 999), st.integers(0, 500), st.integers(1, 200))
def test_a_cap_is_never_negative_never_above_the_registers_and_falls_with_the_load(
    cap: int, taken: int, most: int
) -> None:
    """Load over the period as `cap` (mission/rules.md, «Roster»)."""
    load = LoadRule(months=3, most=most, basis="测试")
    left = cap_left(cap, taken=taken, load=load)
    assert 0 <= left <= cap
    assert taken + left <= max(most, taken)
    assert cap_left(cap, taken=taken + 1, load=load) <= left
    assert cap_left(cap, taken=taken, load=None) == cap
