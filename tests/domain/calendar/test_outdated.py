"""What an approved calendar lacks by a policy or a notice that came after it, of what is still to come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar.checks import year_rules
from app.domain.calendar.days_off import Week
from app.domain.calendar.draws import PlannedDraw, planned_draws
from app.domain.calendar.outdated import Term, lacks
from app.domain.calendar.starting import still_ahead
from app.domain.policies.rhythms import Rhythms
from app.domain.policy import Policy
from app.domain.working_days import WorkingCalendar
from tests.domain.calendar.test_checks import NEW_YEAR, POLICY, REGIMES, TABLE, year_of

CAFES, VENUES = "psb.internet-cafes", "psb.venues"
NOVEMBER = date(2026, 11, 2)
DECEMBER = date(2026, 12, 1)
STRICTER = replace(
    POLICY,
    rhythms=replace(
        POLICY.rhythms,
        regular=tuple(replace(one, rate=(1, 10), least_rate=(1, 10)) for one in POLICY.rhythms.regular),
    ),
)


def planned(item: str, policy: Policy, table: WorkingCalendar) -> tuple[PlannedDraw, ...]:
    """What a policy foresees of 2026."""
    regimes = [REGIMES[item]]
    return planned_draws(policy, item=item, regimes=regimes, region="410928", year=2026, working=table)


BY_DEFAULT = {item: planned(item, POLICY, TABLE) for item in REGIMES}


def term(
    item: str,
    policy: Policy = POLICY,
    *,
    since: date = NEW_YEAR,
    until: date = date.max,
    today: date = NEW_YEAR,
    table: WorkingCalendar = TABLE,
) -> Term:
    """What a policy wants of 2026 while it holds."""
    regimes = [REGIMES[item]]
    foreseen = planned(item, policy, table)
    rules = year_rules(policy, item=item, regimes=regimes, year=2026, since=since, until=until)
    ahead = still_ahead(foreseen, since=today, week=Week(table), least_working_days=3)
    return Term(rules=rules, foreseen=tuple(ahead))


def told(
    draws: Sequence[PlannedDraw], *terms: Term, today: date = NEW_YEAR, held: tuple[str, ...] = ()
) -> list[str]:
    """Codes and values."""
    found = lacks(draws, terms, today=today, held=held, beside=())
    return [" ".join([one.code, *map(str, one.values.values())]) for one in found]


@given(st.dates(NEW_YEAR, date(2026, 12, 31)), st.sampled_from(list(REGIMES)), st.integers(0, 400))
def test_what_was_planned_by_the_same_policy_lacks_nothing(since: date, item: str, later: int) -> None:
    """On the day of its approval, and on every day after."""
    today = min(since + timedelta(days=later), date(2026, 12, 31))
    rules = year_rules(POLICY, item=item, regimes=[REGIMES[item]], year=2026, since=since)
    at_first, now = (
        tuple(still_ahead(BY_DEFAULT[item], since=day, week=Week(TABLE), least_working_days=3))
        for day in (since, today)
    )
    assert told(at_first, Term(rules=rules, foreseen=now), today=today) == []


def test_a_policy_that_begins_in_december_asks_decembers_draws_for_more() -> None:
    """Each draw is asked by the policy of its own days: the calendar has 1/20, December wants 1/10."""
    old = term(CAFES, until=DECEMBER - timedelta(days=1), today=NOVEMBER)
    new = term(CAFES, STRICTER, since=DECEMBER, today=NOVEMBER)
    lacking = [f"draw-rate-too-low 2026-12.{third} 1/20 1/10" for third in (1, 2, 3)]
    assert told(year_of(CAFES), old, new, today=NOVEMBER) == lacking
    assert told(year_of(CAFES), old, new, today=NOVEMBER, held=("2026-12.2",)) == [lacking[0], lacking[2]]
    assert told(year_of(CAFES), new, today=date(2026, 12, 2)) == lacking[1:], "what has begun stays as it was"
    assert told(year_of(CAFES), new, today=date(2026, 12, 31)) == []


def test_spans_and_windows_that_are_over_or_under_the_policy_before_are_not_asked_about() -> None:
    """Fire units were drawn quarterly; from December on a policy wants them monthly, with two in reserve."""
    (quarterly,) = (one for one in POLICY.rhythms.regular if "fire.units" in one.items)
    often = replace(quarterly, every="month", lead_days=0, spare_days=0)
    monthly = replace(POLICY, rhythms=Rhythms(regular=(often,)))
    draws = [one for one in year_of("fire.units") if one.period == "2026Q4"]
    new = term("fire.units", monthly, since=DECEMBER, today=NOVEMBER)
    assert told(draws, new, today=NOVEMBER) == ["span-without-draw 2026-12-01 2026-12-31"]
    old = term("fire.units", monthly, until=date(2026, 11, 30), today=NOVEMBER)
    assert told(draws, old, today=NOVEMBER)[:1] == ["span-without-draw 2026-11-01 2026-11-30"]
    assert told([], new, today=date(2027, 1, 1)) == []


FRIDAY = date(2026, 12, 11)


def noticed(*off: date) -> WorkingCalendar:
    """2026 with more days off."""
    return replace(TABLE, off=TABLE.off | {*off})


@pytest.mark.parametrize(
    ("table", "found"),
    [
        (TABLE, []),
        # a Friday off makes three days with the weekend; the visits are in the 14 days before, and over
        # before the last draw of November's window: of 27 November to 10 December what lies in December
        (noticed(FRIDAY), ["extra-draw-missing 2026.holiday-1211 2026-12-01 2026-12-10"]),
        (noticed(FRIDAY - timedelta(days=2)), []),
    ],
)
def test_a_holiday_that_a_new_notice_names_lacks_its_extra_draw(
    table: WorkingCalendar, found: list[str]
) -> None:
    """«An extra draw before each statutory holiday of three days or more» (mission/rules.md)."""
    now = term(VENUES, today=NOVEMBER, table=table)
    assert told(year_of(VENUES), now, today=NOVEMBER) == found
    assert told(year_of(VENUES), now, today=NOVEMBER, held=("2026.holiday-1211",)) == []
    late = date(2026, 12, 9)
    assert told(year_of(VENUES), term(VENUES, today=late, table=table), today=late) == [], "too late for one"


@pytest.mark.parametrize(("first", "last", "serves"), [((12, 1), (12, 9), True), ((11, 30), (12, 9), False)])
def test_where_the_holiday_moved_the_draw_before_it_serves_if_its_days_do(
    first: tuple[int, int],
    last: tuple[int, int],
    serves: bool,  # noqa: FBT001 - a table's column
) -> None:
    """The period names the first day of the holiday as it was when the calendar was made."""
    (weekly,) = (one for one in year_of(VENUES) if one.period == "2026-12.1")
    before = replace(
        weekly,
        period="2026.holiday-1210",
        kind="extra",
        visit_from=date(2026, *first),
        visit_to=date(2026, *last),
        holiday=date(2026, 12, 10),
    )
    now = term(VENUES, today=NOVEMBER, table=noticed(FRIDAY))
    codes = [one.split()[0] for one in told([*year_of(VENUES), before], now, today=NOVEMBER)]
    assert ("extra-draw-missing" in codes) is not serves


def test_the_draw_before_new_years_day_is_asked_by_the_years_own_policy() -> None:
    """Its visits are in the year before, whose policy may foresee none."""
    today = date(2025, 12, 1)
    found = told(
        [], replace(term(VENUES, today=today), rules=term(VENUES, since=NEW_YEAR).rules), today=today
    )
    assert [one for one in found if "holiday-0101" in one] == [
        "extra-draw-missing 2026.holiday-0101 2025-12-18 2025-12-28"
    ]
    ended = term(VENUES, until=date(2025, 12, 31), today=today)
    assert told([], ended, today=today) == []
