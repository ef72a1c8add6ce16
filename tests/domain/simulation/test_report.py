"""What a simulation shows: tables from sums, worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar.draws import PlannedDraw
from app.domain.calendar.spans import Span
from app.domain.simulation.parts import Part
from app.domain.simulation.report import gini, report
from app.domain.simulation.rows import (
    AdhocRow,
    AgainRow,
    LoadRow,
    MissedRow,
    NeverRow,
    ReliefRow,
    Report,
    TicketRow,
)
from app.domain.simulation.tally import DrawMade, Group, Made, Tally
from tests.simulated_county import FIRE, FIRST, VENUES, officers, setting

LEVEL_3 = Group(VENUES, "entertainment", "3")
GENERAL = Group(FIRE, "fire_unit", "general")
YEAR = setting(last=date(2027, 12, 31))
BOTH = replace(YEAR, law=setting(YEAR.law.policy, VENUES, FIRE).law)


def _draw(on: date, *, drawn: int, held: bool = True, short: int = 0) -> DrawMade:
    span = Span(first=on, last=on + timedelta(days=6))
    return DrawMade(
        planned=PlannedDraw(
            item=VENUES,
            period=f"{on:%Y-%m}.{on.day}",
            kind="regular",
            visit_from=span.first,
            visit_to=span.last,
            rate=None,
            basis="test",
            window=span,
        ),
        held=held,
        drawn=drawn,
        short=short,
    )


def _adhoc(draw: DrawMade) -> DrawMade:
    return replace(draw, planned=replace(draw.planned, kind="adhoc"))


def _made(entity: str, *days: date, group: Group = LEVEL_3, part: Part = Part.DUTY) -> list[Made]:
    return [Made(group.item, entity, on, ("p00", "p01"), group, part) for on in days]


def _reported(tally: Tally) -> Report:
    return report(tally, BOTH, officers(3))


def test_visits_a_year_against_the_duty() -> None:
    """Two registrations for half a year each, 13 visits: 13 a year; twelve are wanted."""
    tally = Tally(visits=_made("a", *(FIRST + timedelta(days=14 * n) for n in range(13))))
    tally.years[LEVEL_3] = 1.0
    tally.duties[LEVEL_3].update({"met": 10, "missed": 2, "unreachable": 1, "ended": 1})
    tally.announced[LEVEL_3] = 2
    tally.causes.update({("failed", "unanswered"): 1, ("changed", "too-late"): 1})
    tally.years[GENERAL] = 4.0
    found = _reported(tally)
    # by group: fire units before venues
    general, level_3 = found.duties
    assert (general.wanted, general.visits, general.due) == (None, 0.0, 0)
    assert (level_3.wanted, level_3.visits) == (12.0, 13.0)
    assert (level_3.due, level_3.met, level_3.missed, level_3.announced) == (14, 10, 2, 2)
    assert (level_3.unreachable, level_3.ended) == (1, 1)
    assert (found.missed, found.announced, found.too_late, found.due) == (2, 2, 1, 14)
    assert found.causes == (
        MissedRow(cause="changed", answer="too-late", count=1),
        MissedRow(cause="failed", answer="unanswered", count=1),
    )
    assert found.years == pytest.approx(365 / 365.25)


def test_load_per_draw_and_at_the_ends_of_months() -> None:
    """Of three draws held one begins in January's last seven days with 30 of 60 drawn: half, for a third."""
    tally = Tally(
        draws=[
            _draw(date(2027, 1, 4), drawn=20),
            _draw(date(2027, 1, 11), drawn=10, short=1),
            _draw(date(2027, 1, 18), drawn=0, held=False),
            _draw(date(2027, 1, 25), drawn=30),
        ]
    )
    found = _reported(tally)
    assert found.draws[0] == LoadRow(
        item=VENUES, draws=3, skipped=1, infeasible=1, mean=20, most=30, last_week=0.5, even=1 / 3
    )
    # no draw at all of the other item: nothing is divided by nothing
    assert found.draws[1] == LoadRow(
        item=FIRE, draws=0, skipped=0, infeasible=0, mean=0.0, most=0, last_week=0.0, even=0.0
    )
    assert [drawn for _, _, drawn in found.load] == [20, 10, 30]


def test_how_often_a_visit_is_followed_by_another_soon() -> None:
    """Gaps of 5 and 20 days, one visit without another: 1/3 within 7 and 14, 2/3 within 30.

    A visit three days before the end was not watched long enough. One that meets two registrations is one.
    """
    days = (FIRST, FIRST + timedelta(days=5), FIRST + timedelta(days=25))
    both = _made("a", *days) + _made("a", *days, group=Group(VENUES, "entertainment", "2"))
    found = _reported(Tally(visits=[*both, *_made("b", date(2027, 12, 29))]))
    assert found.again[0] == AgainRow(item=VENUES, visits=4, within={7: 1 / 3, 14: 1 / 3, 30: 2 / 3})
    assert found.again[1] == AgainRow(item=FIRE, visits=0, within={7: 0.0, 14: 0.0, 30: 0.0})
    assert found.visits == 4


def test_who_was_never_visited() -> None:
    """Of three fire units that operated all the time one was visited; a group without any is left out."""
    tally = Tally(visits=_made("a", FIRST, group=GENERAL))
    tally.stayed[GENERAL] = {"a", "b", "c"}
    tally.stayed[LEVEL_3] = {"a"}
    tally.stayed[Group(VENUES, "entertainment", "2")] = set()
    assert _reported(tally).never == (
        NeverRow(group=GENERAL, premises=3, never=2),
        NeverRow(group=LEVEL_3, premises=1, never=1),
    )


def test_where_the_visits_of_a_year_come_from() -> None:
    """Twelve for the duty and one of each other part, in half a registration's year: they add up to all."""
    others = [part for part in Part if part != Part.DUTY]
    visits = _made("a", *(FIRST + timedelta(days=14 * n) for n in range(12)))
    for n, part in enumerate(others):
        visits += _made("a", date(2027, 7, 1 + n), part=part)
    tally = Tally(visits=visits)
    tally.years[LEVEL_3] = 0.5
    (row,) = _reported(tally).duties
    assert row.parts == {Part.DUTY: 24.0} | dict.fromkeys(others, 2.0)
    assert sum(row.parts.values()) == row.visits == 34.0


def test_ad_hoc_draws_are_told_apart_from_those_of_the_calendar() -> None:
    """Two of them with 3 and 5 drawn, eight visits, three of them for a duty; a voided one is none."""
    calendar = [_draw(date(2027, 1, 4), drawn=20)]
    adhoc = [
        _adhoc(_draw(date(2027, 1, 27), drawn=3)),
        _adhoc(_draw(date(2027, 2, 24), drawn=5)),
        _adhoc(_draw(date(2027, 3, 24), drawn=0, held=False)),
    ]
    tally = Tally(draws=[*calendar, *adhoc])
    tally.adhoc.update({(VENUES, True): 3, (VENUES, False): 5})
    tally.answers = {
        (VENUES, "a", "entertainment", date(2027, 1, 31)): "asked",
        (VENUES, "b", "entertainment", date(2027, 1, 31)): "too-late",
    }
    found = _reported(tally)
    assert found.adhoc == (AdhocRow(item=VENUES, draws=2, most=5, visits=8, duties=3),)
    assert found.answered == 1
    assert (found.draws[0].draws, found.draws[0].skipped, found.draws[0].most) == (1, 0, 20)


def test_what_happened_outside_is_told() -> None:
    """As it was counted."""
    tally = Tally()
    tally.happened["openings"] = 3
    assert _reported(tally).happened == {"openings": 3}


def test_tickets_and_relief_as_draws_a_year() -> None:
    """52 draws: 100 lines with two tickets, five of them drawn, come to 2.6 a year; relieved to half."""
    weekly = [_draw(FIRST + timedelta(days=7 * n), drawn=1) for n in range(52)]
    tally = Tally(draws=weekly)
    tally.by_tickets[VENUES] = {1: [200, 5], 2: [100, 5], 3: [40, 4], 4: [10, 1]}
    tally.by_relief[VENUES] = {True: [200, 5], False: [100, 5]}
    found = _reported(tally)
    a_year = 52 * 365.25 / 365
    assert found.tickets == (
        TicketRow(item=VENUES, least=1, most=1, lines=200, drawn=5, a_year=0.025 * a_year),
        TicketRow(item=VENUES, least=2, most=2, lines=100, drawn=5, a_year=0.05 * a_year),
        TicketRow(item=VENUES, least=3, most=4, lines=50, drawn=5, a_year=0.1 * a_year),
    )
    assert found.relief[0] == ReliefRow(item=VENUES, relieved=0.025 * a_year, others=0.05 * a_year)
    assert found.relief[1] == ReliefRow(item=FIRE, relieved=None, others=None)


def test_inspectors_of_an_agency_with_the_same_regimes_are_compared() -> None:
    """Visits 4, 2 and 0 of three who could serve: Gini is (2 + 4 + 2) / (3 x 6) = 4/9."""
    tally = Tally(able={"p00", "p01", "p02"})
    tally.load.update({"p00": 4, "p01": 2})
    (row,) = report(tally, replace(YEAR, last=date(2030, 12, 31)), officers(4)).staff
    assert (row.agency, row.regimes, row.inspectors) == ("psb", (), 3)
    assert (row.least, row.middle, row.most) == pytest.approx((0, 0.5, 1), rel=1e-3)
    assert row.gini == pytest.approx(4 / 9)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12))
def test_gini_is_half_the_mean_difference_of_all_pairs(loads: list[int]) -> None:
    """From 0, all alike, towards 1; the definition in full."""
    pairs = sum(abs(one - other) for one in loads for other in loads)
    total = sum(loads)
    expected = pairs / (2 * len(loads) * total) if total else 0.0
    assert gini([float(load) for load in loads]) == pytest.approx(expected)


def test_groups_go_by_level_or_by_subtype() -> None:
    """A cafe has neither."""
    assert (LEVEL_3.level, LEVEL_3.subtype) == (3, None)
    assert (GENERAL.level, GENERAL.subtype) == (None, "general")
    assert Group("psb.internet-cafes", "internet_cafe", "").subtype is None
