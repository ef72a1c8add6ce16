"""What plans must keep to: the calendar's days, its rate or the policy's, and that nobody is left out."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar.plans import (
    InCalendar,
    greatest,
    least_rate,
    plan_faults,
    too_few_of_all,
    wanted_rate,
)
from app.domain.calendar.spans import Span
from app.domain.items import Item, current_items
from app.domain.policies.rhythms import Rate, Rhythms
from app.domain.policy import Match, Policy, StratumRule, parse_policy

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.2.json").read_text("utf-8")))
RHYTHMS = POLICY.rhythms
ITEMS = current_items(
    [json.loads(path.read_text("utf-8")) for path in Path("app/seeds/items").glob("*.json")],
    date(2026, 11, 2),
)
VENUES, CAFES = ITEMS["psb.venues"], ITEMS["psb.internet-cafes"]
WEEK = Span(first=date(2026, 11, 9), last=date(2026, 11, 15))


@dataclass(frozen=True)
class Plan:
    """What a draw plan says of its time and scope."""

    period: str = "2026-11.2"
    visit_from: date = WEEK.first
    visit_to: date = WEEK.last
    scope: dict[str, Any] = field(default_factory=lambda: {"regimes": [], "levels": [], "stations": []})


def rule(name: str, p: int, q: int) -> StratumRule:
    """A stratum at a rate."""
    return StratumRule(name=name, match=Match(), rate_p=p, rate_q=q, minimum=1)


def contradictions(
    plan: Plan,
    entry: InCalendar | None,
    *strata: StratumRule,
    year: int | None = 2026,
    item: Item = VENUES,
    policy: Policy = POLICY,
) -> list[str]:
    """Pointers and codes."""
    found = plan_faults(plan, entry, item=item, strata=strata, year=year, policy=policy)
    return [f"{one.pointer} {one.code}" for one in found]


ENTRY = InCalendar(kind="regular", visits=WEEK, rate=(1, 20))


def test_a_plan_keeps_to_the_calendar() -> None:
    """The same days or fewer, the published rate or more, everybody."""
    assert contradictions(Plan(), ENTRY, rule("a", 1, 20), rule("b", 1, 5)) == []
    shorter = Plan(visit_from=date(2026, 11, 10), visit_to=date(2026, 11, 12))
    assert contradictions(shorter, replace(ENTRY, rate=None), rule("a", 1, 99)) == []


def test_a_period_outside_an_approved_calendar_is_refused() -> None:
    """Where no calendar is approved any period goes."""
    assert contradictions(Plan(period="2026-11.9"), None) == ["/period not-in-calendar"]
    assert contradictions(Plan(period="2026-11.9"), None, year=None) == []


def test_the_least_rate_holds_without_a_calendar_too() -> None:
    """«Each at least 1/20 of all operating cafes», for whose regime no duty of single entities holds."""
    strata = rule("a", 1, 20), rule("b", 1, 21)
    assert contradictions(Plan(), None, *strata, year=None, item=CAFES) == ["/strata/1/rate rate-too-low"]
    before = Plan(period="2026.holiday-1001")
    assert contradictions(before, None, *strata, year=None, item=CAFES) == ["/strata/1/rate rate-too-low"]
    assert contradictions(Plan(), None, *strata, year=None) == [], "what is due at venues is drawn anyway"


def stricter(rate: Rate) -> Rhythms:
    """The rhythms of a policy that lets no draw be below a rate."""
    return replace(RHYTHMS, regular=tuple(replace(one, least_rate=rate) for one in RHYTHMS.regular))


@pytest.mark.parametrize(
    ("kind", "published", "least", "own", "code"),
    [
        # the calendar was approved at 1/20, the policy of the draw's days demands 1/10
        ("regular", (1, 20), (1, 10), (1, 20), "rate-too-low"),
        ("regular", (1, 20), (1, 10), (1, 11), "rate-too-low"),
        ("regular", (1, 20), (1, 10), (1, 10), None),
        # the greater holds, whichever it is; of equal ones the one that is public
        ("regular", (1, 5), (1, 10), (1, 10), "below-calendar-rate"),
        ("regular", (2, 20), (1, 10), (1, 11), "below-calendar-rate"),
        ("regular", None, (1, 10), (1, 11), "rate-too-low"),
        # an ad-hoc draw has its own rate approved with a reason
        ("adhoc", (1, 20), (1, 10), (1, 20), None),
    ],
)
def test_a_calendar_is_no_leave_to_draw_fewer_than_the_policy_demands(
    kind: str, published: Rate | None, least: Rate, own: Rate, code: str | None
) -> None:
    """«Each at least 1/20 of all operating cafes», or what the policy of the draw's days says instead."""
    entry = InCalendar(kind=kind, visits=WEEK, rate=published)
    policy = replace(POLICY, rhythms=stricter(least))
    found = contradictions(Plan(), entry, rule("a", *own), item=CAFES, policy=policy)
    assert found == ([] if code is None else [f"/strata/0/rate {code}"])
    of_venues = contradictions(Plan(), entry, rule("a", *(published or (1, 99))), policy=policy)
    assert of_venues == [], "what is due at venues is drawn anyway"


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        (None, (1, 10)),
        (InCalendar(kind="regular", visits=WEEK, rate=(1, 20)), (1, 10)),
        (InCalendar(kind="regular", visits=WEEK, rate=(1, 5)), (1, 5)),
        (InCalendar(kind="extra", visits=WEEK, rate=None), (1, 10)),
        (InCalendar(kind="adhoc", visits=WEEK, rate=(1, 20)), (1, 20)),
    ],
)
def test_a_plan_without_strata_draws_at_the_greater_rate(entry: InCalendar | None, wanted: Rate) -> None:
    """The calendar's and the policy's least; of an ad-hoc draw its own."""
    rhythms = stricter((1, 10))
    assert wanted_rate(entry, rhythms, item="psb.internet-cafes", period="2026-11.2") == wanted


def test_the_greatest_of_no_rates_is_none() -> None:
    """And of equal ones it is the first."""
    assert greatest(None, None) is None
    assert greatest(None, (2, 20), (1, 10)) == (2, 20)


@pytest.mark.parametrize(
    ("item", "period", "least"),
    [
        ("psb.internet-cafes", "2026-11.2", (1, 20)),
        ("fire.units", "2026Q4", (1, 20)),
        ("fire.units", "2026-12.season", (1, 10)),
        ("fire.units", "2026.holiday-1001", (1, 5)),
        # cafes have no extra draws: no name makes a regular draw one
        ("psb.internet-cafes", "2026.holiday-1001", (1, 20)),
        ("none", "2026-11.2", None),
    ],
)
def test_each_kind_of_draw_has_its_least_rate(item: str, period: str, least: tuple[int, int] | None) -> None:
    """«Internet cafe: each at least 1/20 of all operating cafes»; extra draws have their own rate."""
    rates = {"holiday": (1, 5), "season": (1, 10)}
    extra = tuple(replace(one, rate=rates[one.occasion]) for one in RHYTHMS.extra)
    assert least_rate(replace(RHYTHMS, extra=extra), item=item, period=period) == least


@pytest.mark.parametrize(
    ("least", "wanted", "operating", "due"),
    [
        ((1, 20), 6, 120, None),
        ((1, 20), 6, 121, 7),
        ((1, 20), 1, 21, 2),
        (None, 0, 120, None),
        ((1, 20), 0, 0, None),
    ],
)
def test_a_part_of_the_premises_is_counted_against_all(
    least: tuple[int, int] | None, wanted: int, operating: int, due: int | None
) -> None:
    """«Each at least 1/20 of all operating cafes, rounded **up**»: 7 of 121, whatever the scope."""
    found = list(too_few_of_all(least, wanted=wanted, operating=operating))
    assert [one.values["due"] for one in found] == ([] if due is None else [due])


@given(p=st.integers(1, 20), q=st.integers(20, 99), wanted=st.integers(0, 200), operating=st.integers(0, 999))
def test_what_is_allowed_is_never_less_than_the_share(p: int, q: int, wanted: int, operating: int) -> None:
    """No draw that passes has less than p/q of all, and one more would not have been asked for in vain."""
    found = list(too_few_of_all((p, q), wanted=wanted, operating=operating))
    assert (not found) == (Fraction(wanted) >= Fraction(operating * p, q))


def test_a_plan_that_contradicts_the_calendar_is_told_where() -> None:
    """Days, rate and scope, each by its pointer."""
    early = Plan(visit_from=date(2026, 11, 8), visit_to=date(2026, 11, 16))
    assert contradictions(early, ENTRY, rule("a", 1, 20), rule("b", 1, 21)) == [
        "/visit_from off-calendar",
        "/visit_to off-calendar",
        "/strata/1/rate below-calendar-rate",
    ]


@pytest.mark.parametrize(
    ("scope", "leaves_out"),
    [
        ({}, False),
        ({"regimes": ["entertainment", "special_industry"]}, False),
        ({"regimes": ["special_industry"]}, True),
        ({"levels": [3]}, True),
        ({"stations": ["001"]}, True),
    ],
)
def test_a_draw_of_the_calendar_leaves_nobody_out(scope: dict[str, Any], leaves_out: bool) -> None:  # noqa: FBT001 - a table's column
    """Else its duties would count on a draw that cannot serve them; an ad-hoc draw may be for a part."""
    plan = Plan(scope={"regimes": [], "levels": [], "stations": []} | scope)
    wanted = ["/scope narrower-than-calendar"] if leaves_out else []
    assert contradictions(plan, ENTRY) == wanted
    assert contradictions(plan, replace(ENTRY, kind="adhoc")) == []
