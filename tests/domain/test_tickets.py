"""Tickets 签: every number of the table in mission/rules.md, «Tickets», under the default policy."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.authorities import Authority
from app.domain.caps import YearCap
from app.domain.facts import OpenVisit, Premises, Registration, RiskEvent, Visit
from app.domain.policy import Policy, parse_policy
from app.domain.regions import Level
from app.domain.tickets import DrawTickets, TicketCount, count_tickets

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.1.json").read_text("utf-8")))
ON = date(2026, 11, 2)
ITEM = "fire.units"
FIRE = Registration(regime="fire_unit", subtype="general")
KEY = Registration(regime="fire_unit", subtype="key")
CAFE = Registration(regime="internet_cafe")
VENUE = Registration(regime="entertainment", level=2)


def _count(
    *events: RiskEvent,
    registration: Registration = FIRE,
    visits: tuple[Visit, ...] = (),
    key_area: bool = False,
    policy: Policy = POLICY,
    on: date = ON,
) -> TicketCount:
    return count_tickets(
        registration,
        key_area=key_area,
        events=events,
        visits=visits,
        policy=policy,
        item=ITEM,
        authority=Authority("fire", Level.COUNTY),
        on=on,
    )


def _of(level: Level, on: date) -> Visit:
    return replace(_visit(on, "05"), level=level)


def _event(kind: str, on: date = ON, **members: Any) -> RiskEvent:
    return RiskEvent(kind=kind, on=on, **members)


def _visit(on: date, *codes: str, **members: Any) -> Visit:
    given_members = {"item": ITEM, "kind": "drawn", "agency": "fire"} | members
    return Visit(on=on, codes=codes or ("01",), **given_members)


def test_everybody_has_the_same_base() -> None:
    """Base 2."""
    count = _count()
    assert count.tickets == 2
    assert count.note is None
    assert [(line.fact, line.tickets) for line in count.lines] == [("base", 2)]


COMPLAINT = _event("complaint", substantiated=True)


@pytest.mark.parametrize(
    ("events", "tickets"),
    [
        ([COMPLAINT], 1),
        ([COMPLAINT] * 4, 4),
        ([COMPLAINT] * 5, 4),
        ([_event("complaint", substantiated=False)], 0),
        ([_event("complaint", substantiated=None)], 0),
        ([_event("hazard")], 6),
        ([_event("hazard")] * 2, 12),
        ([_event("hazard")] * 3, 12),
        ([_event("penalty")], 3),
        ([_event("penalty")] * 3, 9),
        ([_event("penalty")] * 4, 9),
        ([_event("fire")], 8),
        ([_event("fire")] * 2, 16),
        ([_event("fire")] * 3, 16),
        ([_event("abnormal")], 4),
        ([_event("abnormal")] * 2, 4),
        ([_event("serious")], 8),
        ([_event("serious")] * 2, 8),
    ],
)
def test_each_fact_adds_its_tickets_up_to_its_limit(events: list[RiskEvent], tickets: int) -> None:
    """The table: complaint 1/4, hazard 6/12, penalty 3/9, fire 8/16, abnormal 4, serious 8."""
    assert _count(*events).tickets == 2 + tickets


def test_a_key_area_adds_two() -> None:
    """Key area, in force: +2."""
    assert _count(key_area=True).tickets == 4


@pytest.mark.parametrize(
    ("event", "last"),
    [
        (_event("complaint", date(2025, 11, 3), substantiated=True), date(2026, 11, 2)),
        (_event("penalty", date(2024, 11, 3)), date(2026, 11, 2)),
        (_event("fire", date(2024, 11, 3)), date(2026, 11, 2)),
        (_event("hazard", date(2026, 1, 1), remedied_on=date(2026, 11, 3)), date(2026, 11, 2)),
        (_event("abnormal", date(2026, 1, 1), until=date(2026, 11, 3)), date(2026, 11, 2)),
        (_event("serious", date(2026, 1, 1), until=date(2026, 11, 3)), date(2026, 11, 2)),
        # 29 February + 24 months is clipped to 28 February, so the 27th is its last day.
        (_event("penalty", date(2024, 2, 29)), date(2026, 2, 27)),
        (_event("complaint", date(2025, 8, 31), substantiated=True), date(2026, 8, 30)),
    ],
)
def test_a_fact_counts_to_its_last_day_and_not_on_the_next(event: RiskEvent, last: date) -> None:
    """12 months for complaints, 24 for penalties and fires, until remedied or removed for the others."""
    counted = _count(event, on=last)
    assert counted.lines[1].until == last
    assert counted.lines[1].tickets > 0
    assert _count(event, on=last + timedelta(days=1)).tickets == 2


def test_what_has_not_happened_yet_does_not_count() -> None:
    """A fact counts from its own day on."""
    event = _event("fire", ON + timedelta(days=1))
    assert _count(event).tickets == 2
    assert _count(event, on=event.on).tickets == 10


def test_an_event_of_another_regime_does_not_count() -> None:
    """Without a regime it counts for each registration of the premises."""
    assert _count(_event("penalty", regime="internet_cafe")).tickets == 2
    assert _count(_event("penalty", regime="internet_cafe"), registration=CAFE).tickets == 5
    assert _count(_event("penalty"), registration=CAFE).tickets == 5


def test_beyond_the_limit_a_fact_is_shown_with_no_tickets_the_longest_lasting_first() -> None:
    """Explained line by line: three hazards, of which the open ones outlast the one with a date."""
    dated = _event("hazard", date(2026, 3, 1), remedied_on=date(2026, 12, 1), source_no="文3")
    count = _count(dated, _event("hazard", date(2026, 1, 1)), _event("hazard", date(2026, 2, 1)))
    assert [(line.tickets, line.on, line.until) for line in count.lines[1:]] == [
        (6, date(2026, 2, 1), None),
        (6, date(2026, 1, 1), None),
        (0, date(2026, 3, 1), date(2026, 11, 30)),
    ]
    assert count.lines[3].source_no == "文3"


def test_a_worked_example() -> None:
    """2 + (1 + 1) + 6 + 3 + 4 + 2 = 19; a clean visit lately halves it to 10 (9.5 rounded up)."""
    events = (
        COMPLAINT,
        COMPLAINT,
        _event("hazard"),
        _event("penalty"),
        _event("abnormal"),
        _event("complaint", substantiated=False),
    )
    assert _count(*events, key_area=True).tickets == 19
    relieved = _count(*events, key_area=True, visits=(_visit(date(2026, 10, 1)),))
    assert relieved.tickets == 10
    assert (relieved.lines[-1].fact, relieved.lines[-1].tickets) == ("relief", -9)


def test_no_line_has_more_than_64() -> None:
    """64 in all: a policy whose limits allow more is cut, visibly."""
    generous = replace(POLICY, base=60)
    count = _count(_event("fire"), policy=generous)
    assert count.tickets == 64
    assert (count.lines[-1].fact, count.lines[-1].tickets) == ("most", -4)


@pytest.mark.parametrize(
    ("visits", "tickets"),
    [
        ([_visit(ON - timedelta(days=89))], 1),
        ([_visit(ON - timedelta(days=90))], 2),
        ([_visit(ON + timedelta(days=1))], 2),
        ([_visit(ON - timedelta(days=40), "05")], 2),
        ([_visit(ON - timedelta(days=40), "07")], 2),
        ([_visit(ON - timedelta(days=40), "04")], 2),
        ([_visit(ON - timedelta(days=40), "11")], 2),
        ([_visit(ON - timedelta(days=40), kind="campaign")], 2),
        ([_visit(ON - timedelta(days=40), item="psb.venues")], 2),
        ([_visit(ON - timedelta(days=60)), _visit(ON - timedelta(days=40), "22")], 2),
        ([_visit(ON - timedelta(days=60), "22"), _visit(ON - timedelta(days=40))], 1),
        ([_visit(ON - timedelta(days=60)), _visit(ON - timedelta(days=40), "04")], 1),
    ],
)
def test_relief_is_for_a_last_counting_visit_that_found_nothing(visits: list[Visit], tickets: int) -> None:
    """Within 90 days, drawn, of this item, code 01 alone; an attempt (04) is no visit."""
    assert _count(visits=tuple(visits), registration=KEY).tickets == tickets


@pytest.mark.parametrize(
    ("registration", "events", "note"),
    [
        (FIRE, [], "cooldown"),
        (CAFE, [], "cooldown"),
        (KEY, [], None),
        (VENUE, [], None),
        (FIRE, [_event("penalty")], None),
    ],
)
def test_a_cooldown_needs_no_duty_and_nothing_that_escalates(
    registration: Registration, events: list[RiskEvent], note: str | None
) -> None:
    """Graded venues and key fire units have frequency duties; a penalty escalates."""
    visit = _visit(ON - timedelta(days=29), "05", agency="culture", item="other.item", kind="case")
    count = _count(*events, registration=registration, visits=(visit,))
    assert count.note == note
    assert (count.tickets == 0) == (note is not None)


@pytest.mark.parametrize(("days", "note"), [(0, "cooldown"), (29, "cooldown"), (30, None)])
def test_a_cooldown_lasts_thirty_days(days: int, note: str | None) -> None:
    """30 days: the visit's own and the 29 after it."""
    count = _count(visits=(_visit(ON - timedelta(days=days), "05"),))
    assert count.note == note


def test_an_attempt_that_found_nobody_does_not_cool_down() -> None:
    """Code 04 is an attempt."""
    assert _count(visits=(_visit(ON, "04"),)).note is None


CAPPED = replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=2))


FIRE_CAP = YearCap(
    region="410928",
    authority=Authority("fire", Level.COUNTY, frozenset({ITEM})),
    cap=CAPPED.annual_cap,
)


@pytest.mark.parametrize(
    ("visits", "note"),
    [
        ([_visit(date(2026, 1, 1), "05"), _visit(date(2026, 5, 1), "05")], "annual-cap"),
        ([_visit(date(2025, 12, 31), "05"), _visit(date(2026, 5, 1), "05")], None),
        ([_visit(date(2026, 1, 1), "05", kind="complaint"), _visit(date(2026, 5, 1), "05")], None),
        ([_visit(date(2026, 1, 1), "05", agency="psb"), _visit(date(2026, 5, 1), "05")], None),
        # of the county's two, one of the city's; a register that does not say counts with both
        ([_visit(date(2026, 1, 1), "05"), _of(Level.CITY, date(2026, 5, 1))], None),
        ([_visit(date(2026, 1, 1), "05"), _of(Level.COUNTY, date(2026, 5, 1))], "annual-cap"),
    ],
)
def test_an_annual_cap_counts_the_agencys_visits_of_the_year(visits: list[Visit], note: str | None) -> None:
    """国办发〔2024〕54号, by agency and level; complaint, transfer, emergency, campaign visits not."""
    assert _count(visits=tuple(visits), policy=CAPPED).note == note
    assert _count(visits=tuple(visits)).note is None


@pytest.mark.parametrize(
    ("agency", "visit_to", "under_way", "note"),
    [
        ("fire", date(2026, 12, 31), False, "annual-cap"),
        ("psb", date(2026, 12, 31), False, None),
        ("fire", date(2027, 1, 3), False, None),
        # nobody went: it did not happen
        ("fire", ON - timedelta(days=1), False, None),
        ("fire", ON - timedelta(days=1), True, "annual-cap"),
    ],
)
def test_a_drawn_visit_that_is_not_finished_counts_towards_the_cap(
    *, agency: str, visit_to: date, under_way: bool, note: str | None
) -> None:
    """Cap 2, one made, one drawn and open: a third would be one too many."""
    draw = DrawTickets(CAPPED, item=ITEM, caps=(FIRE_CAP,), on=ON)
    open_visit = OpenVisit(items=("other.item",), agency=agency, visit_to=visit_to, under_way=under_way)
    made = (_visit(date(2026, 1, 1), "05"),)
    premises = Premises(id="src:1", region="410928", visits=made, open_visits=(open_visit,))
    count = draw.count(FIRE, premises, None)
    assert count.note == note


EVENTS = st.builds(
    RiskEvent,
    kind=st.sampled_from(["complaint", "hazard", "penalty", "fire", "abnormal", "serious"]),
    on=st.dates(date(2023, 1, 1), date(2027, 1, 1)),
    regime=st.sampled_from([None, "fire_unit", "internet_cafe"]),
    substantiated=st.sampled_from([None, True, False]),
    remedied_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    until=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
)
VISITS = st.builds(
    Visit,
    item=st.sampled_from([ITEM, "psb.venues"]),
    on=st.dates(date(2025, 6, 1), date(2027, 1, 1)),
    kind=st.sampled_from(["drawn", "complaint", "campaign", "case"]),
    agency=st.sampled_from(["fire", "psb"]),
    codes=st.sampled_from([("01",), ("04",), ("05", "22"), ("07",), ("12",)]),
)
REGISTRATIONS = st.sampled_from([FIRE, KEY, CAFE, VENUE])


@given(
    st.lists(EVENTS, max_size=20), st.lists(VISITS, max_size=5), REGISTRATIONS, st.booleans(), st.booleans()
)
def test_tickets_are_0_to_64_explained_in_full_and_noted_when_0(
    events: list[RiskEvent],
    visits: list[Visit],
    registration: Registration,
    key_area: bool,  # noqa: FBT001 - hypothesis gives it by position
    capped: bool,  # noqa: FBT001 - as above
) -> None:
    """DR1 section 2: 0 to 64, a note exactly at 0; relief alone never goes below 1."""
    count = _count(
        *events,
        registration=registration,
        visits=tuple(visits),
        key_area=key_area,
        policy=CAPPED if capped else POLICY,
    )
    assert 0 <= count.tickets <= 64
    assert (count.tickets == 0) == (count.note is not None)
    assert sum(line.tickets for line in count.lines) == count.tickets
    assert all(line.basis for line in count.lines)


@given(st.lists(EVENTS, max_size=20), EVENTS, st.lists(VISITS, max_size=5), REGISTRATIONS)
def test_another_risk_fact_never_takes_tickets_away(
    events: list[RiskEvent], more: RiskEvent, visits: list[Visit], registration: Registration
) -> None:
    """Tickets are monotone in the facts, so the risky are never better off for being riskier."""
    before = _count(*events, registration=registration, visits=tuple(visits))
    after = _count(*events, more, registration=registration, visits=tuple(visits))
    assert after.tickets >= before.tickets


@given(st.lists(EVENTS, max_size=8), st.lists(VISITS, max_size=4), st.randoms())
def test_the_order_of_facts_does_not_matter(
    events: list[RiskEvent], visits: list[Visit], random: Random
) -> None:
    """Database order never reaches a draw."""
    shuffled, visited = list(events), list(visits)
    random.shuffle(shuffled)
    random.shuffle(visited)
    assert _count(*events, visits=tuple(visits)).tickets == _count(*shuffled, visits=tuple(visited)).tickets


def test_whether_a_complaint_must_be_substantiated_is_the_policys_to_say() -> None:
    """Mission/rules.md, «unsubstantiated 0», is a default: `substantiated` of the addition."""
    complaint = RiskEvent(kind="complaint", on=ON, substantiated=False)
    anyone = tuple(replace(addition, substantiated=False) for addition in POLICY.additions)
    assert _count(complaint).tickets == 2
    assert _count(complaint, policy=replace(POLICY, additions=anyone)).tickets == 3
