"""Ad-hoc draws, and that the public copy never tells a day."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar.adhoc import (
    AdhocReason,
    adhoc_faults,
    adhoc_period,
    base_period,
    longest_visits,
)
from app.domain.calendar.public_copy import PublicDraw, public_months
from app.domain.calendar.spans import Span, months_span
from app.domain.draw.basics.text import is_token
from app.domain.policy import parse_policy

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.2.json").read_text("utf-8")))
RHYTHMS = POLICY.rhythms
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


@pytest.mark.parametrize(
    ("first", "last", "longest", "allowed"),
    [
        # 92 days from 10 November reach into the new year: its end counts; 30 days end on 9 December
        (date(2026, 11, 10), date(2026, 12, 31), 92, None),
        (date(2026, 11, 10), date(2027, 1, 1), 92, ("2026-11-10", "2026-12-31")),
        (date(2026, 11, 10), date(2026, 12, 10), 30, ("2026-11-10", "2026-12-09")),
        (date(2026, 11, 10), date(2026, 12, 9), 30, None),
        (date(2027, 1, 1), date(2027, 12, 31), None, None),
        (date(2028, 1, 1), date(2028, 1, 2), 92, ("2026-11-09", "2027-12-31")),
        (date(2026, 11, 10), date.max, None, ("2026-11-10", "2026-12-31")),
    ],
)
def test_an_ad_hoc_draw_keeps_to_a_year_and_to_a_length(
    first: date, last: date, longest: int | None, allowed: tuple[str, str] | None
) -> None:
    """This year or the next, and no longer than any draw of the policy; with the days allowed."""
    found = list(adhoc_faults(Span(first=first, last=last), today=date(2026, 11, 9), longest=longest))
    assert [dict(one.values) for one in found] == (
        [] if allowed is None else [{"first": allowed[0], "last": allowed[1]}]
    )


@given(
    today=st.dates(date(2026, 1, 1), date(2030, 12, 31)), ahead=st.integers(0, 900), days=st.integers(1, 200)
)
def test_what_is_allowed_ends_in_the_year_in_which_it_begins(today: date, ahead: int, days: int) -> None:
    """And never lasts longer than it may; of what is refused the named days would be allowed."""
    first = today + timedelta(days=ahead)
    span = Span(first=first, last=first + timedelta(days=days - 1))
    found = list(adhoc_faults(span, today=today, longest=92))
    if not found:
        assert (span.last.year, span.days <= 92) == (first.year, True)
        assert first.year <= today.year + 1
    for one in found:
        named = {name: date.fromisoformat(value) for name, value in one.values}
        if one.pointer == "/visit_to":
            assert not list(adhoc_faults(Span(**named), today=today, longest=92))


def test_the_longest_visits_are_those_of_the_policys_own_draws() -> None:
    """A quarter by the seeded policy; before a holiday so many days; a policy without draws sets no limit."""
    assert longest_visits(RHYTHMS) == 92
    weekly = tuple(one for one in RHYTHMS.regular if one.every == "week")
    holiday = tuple(one for one in RHYTHMS.extra if one.occasion == "holiday")
    assert longest_visits(replace(RHYTHMS, regular=weekly, extra=holiday)) == 14
    assert longest_visits(replace(RHYTHMS, regular=weekly, extra=())) == 13
    season = tuple(one for one in RHYTHMS.extra if one.occasion == "season")
    assert longest_visits(replace(RHYTHMS, regular=(), extra=season)) == 31
    assert longest_visits(replace(RHYTHMS, regular=(), extra=())) is None


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
