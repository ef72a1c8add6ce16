"""Ad-hoc draws, what plans must keep to, and that the public copy never tells a day."""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar.adhoc import AdhocReason, adhoc_faults, adhoc_period, base_period
from app.domain.calendar.plans import InCalendar, plan_faults
from app.domain.calendar.public_copy import PublicDraw, public_months
from app.domain.calendar.spans import Span, months_span
from app.domain.draw.basics.text import is_token
from app.domain.items import Item, current_items
from app.domain.policies.rhythms import parse_rhythms
from app.domain.policy import Match, StratumRule

RHYTHMS = parse_rhythms(json.loads(Path("app/seeds/policies/default.2.json").read_text("utf-8")))
VENUES: Item = current_items(
    [json.loads(path.read_text("utf-8")) for path in Path("app/seeds/items").glob("*.json")],
    date(2026, 11, 2),
)["psb.venues"]
WEEK = Span(first=date(2026, 11, 9), last=date(2026, 11, 15))


@pytest.mark.parametrize(
    ("item", "day", "wanted"),
    [
        ("psb.venues", date(2026, 11, 30), "2026-11.adhoc-1"),
        ("psb.internet-cafes", date(2026, 2, 1), "2026-02.adhoc-1"),
        ("fire.units", date(2026, 12, 31), "2026Q4.adhoc-1"),
        ("fire.units", date(2026, 4, 1), "2026Q2.adhoc-1"),
        ("none", date(2026, 4, 1), "2026-04.adhoc-1"),
    ],
)
def test_ad_hoc_draws_count_in_their_month_or_quarter(item: str, day: date, wanted: str) -> None:
    """DR1 section 4: `<period>.adhoc-<n>`."""
    assert adhoc_period(base_period(day, RHYTHMS.regular_of(item)), taken=()) == wanted


@given(st.integers(0, 30))
def test_ad_hoc_draws_are_numbered_without_gaps(count: int) -> None:
    """Each next number is one more, so that the public sees all of them."""
    taken: list[str] = []
    for n in range(1, count + 1):
        taken.append(adhoc_period("2026-11", taken=taken))
        assert taken[-1] == f"2026-11.adhoc-{n}"
        assert is_token(taken[-1])


def test_the_days_of_an_ad_hoc_draw_lie_ahead_in_order() -> None:
    """Both faults are named."""
    visits = Span(first=date(2026, 11, 1), last=date(2026, 10, 31))
    assert [one.code for one in adhoc_faults(visits, today=date(2026, 11, 2))] == [
        "visits-end-early",
        "in-the-past",
    ]
    assert list(adhoc_faults(WEEK, today=date(2026, 11, 9))) == []


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
    plan: Plan, entry: InCalendar | None, *strata: StratumRule, year: int | None = 2026
) -> list[str]:
    """Pointers and codes."""
    found = plan_faults(plan, entry, item=VENUES, strata=strata, year=year)
    return [f"{one.pointer} {one.code}" for one in found]


ENTRY = InCalendar(kind="regular", visits=WEEK, rate=(1, 20))


def test_a_plan_keeps_to_the_calendar() -> None:
    """The same days or fewer, the published rate or more, everybody."""
    assert contradictions(Plan(), ENTRY, rule("a", 1, 20), rule("b", 1, 5)) == []
    shorter = Plan(visit_from=date(2026, 11, 10), visit_to=date(2026, 11, 12))
    assert contradictions(shorter, replace(ENTRY, rate=None), rule("a", 1, 99)) == []


def test_a_period_outside_an_approved_calendar_is_refused() -> None:
    """Where no calendar is approved anything goes."""
    assert contradictions(Plan(period="2026-11.9"), None) == ["/period not-in-calendar"]
    assert contradictions(Plan(period="2026-11.9"), None, year=None) == []


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


def test_the_public_copy_counts_by_month_kind_rate_and_reason() -> None:
    """Published: month, item, rate; ad-hoc draws with the code of their reason."""
    draws = [
        PublicDraw(kind="adhoc", visit_from=date(2026, 11, 3), rate=(1, 10), reason="complaints"),
        PublicDraw(kind="regular", visit_from=date(2026, 11, 9), rate=(1, 20)),
        PublicDraw(kind="regular", visit_from=date(2026, 11, 16), rate=(1, 20)),
        PublicDraw(kind="regular", visit_from=date(2026, 11, 23), rate=(1, 10)),
        PublicDraw(kind="extra", visit_from=date(2026, 12, 18), rate=(1, 20)),
        PublicDraw(kind="regular", visit_from=date(2026, 2, 2), rate=None),
    ]
    assert [tuple(line.values()) for line in public_months(draws)] == [
        ("2026-02", "regular", None, None, 1),
        ("2026-11", "regular", [1, 10], None, 1),
        ("2026-11", "regular", [1, 20], None, 2),
        ("2026-11", "adhoc", [1, 10], "complaints", 1),
        ("2026-12", "extra", [1, 20], None, 1),
    ]


@st.composite
def moved(draw: st.DrawFn) -> tuple[list[PublicDraw], list[PublicDraw]]:
    """Two calendars that differ only by days inside the months, and in the order of their draws."""
    kinds = st.sampled_from(["regular", "extra", "adhoc"])
    rates = st.sampled_from([None, (1, 20), (1, 10)])
    reasons = st.sampled_from([None, *(reason.value for reason in AdhocReason)])
    entries = draw(st.lists(st.tuples(st.integers(1, 12), kinds, rates, reasons), max_size=60))

    def somewhere(month: int) -> date:
        return draw(st.sampled_from(list(months_span(2026, month, 1))))

    one, other = (
        [PublicDraw(kind=k, visit_from=somewhere(m), rate=r, reason=why) for m, k, r, why in entries]
        for _ in range(2)
    )
    return one, draw(st.permutations(other))


@given(moved())
def test_no_day_leaks(pair: tuple[list[PublicDraw], list[PublicDraw]]) -> None:
    """The copy is the same wherever in its month each draw is; nothing in it looks like a day or a week."""
    one, other = pair
    assert public_months(one) == public_months(other)
    said = json.dumps(public_months(one))
    assert not re.search(r"\d{4}-\d{2}[-.]\d", said)
    assert sum(line["draws"] for line in public_months(one)) == len(one)
