"""The made-up county, and the days off that are assumed where no notice is known."""

from collections import Counter
from datetime import date, timedelta

import pytest

from app.domain.errors import RuleBroken
from app.domain.simulation.chance import Chance
from app.domain.simulation.county import make_county
from app.domain.simulation.holidays import assumed_days_off
from app.domain.simulation.recipe import AnswerRules, parse_county
from tests.simulated_county import ANSWERS, FIRST, LIVELY, SEEDS

RECIPE = parse_county(SEEDS["county"])


def test_the_county_is_the_same_from_the_same_seed() -> None:
    """And another from another."""
    first, again, other = (
        make_county(RECIPE, Chance(seed), entities=60, on=FIRST) for seed in ("1", "1", "2")
    )
    assert first == again
    assert first.facts.premises != other.facts.premises


def test_the_county_has_what_its_recipe_says() -> None:
    """About 1,000 premises in the shares of the document, every graded registration with a level."""
    county = make_county(RECIPE, Chance("1"), entities=1000, on=FIRST)
    premises = list(county.facts.premises)
    assert abs(len(premises) - 1000) <= 5
    assert len({one.id for one in premises}) == len(premises)
    registrations = [r for one in premises for r in one.registrations]
    regimes = Counter(r.regime for r in registrations)
    assert set(regimes) == {"entertainment", "special_industry", "fire_unit", "internet_cafe"}
    assert all((r.level is not None) == (r.regime in RECIPE.graded) for r in registrations)
    assert all(len({r.regime for r in one.registrations}) == len(one.registrations) for one in premises)
    levels = Counter(r.level for r in registrations if r.level is not None)
    assert levels[1] > levels[2] > levels[3] > 0
    # cold start: registered long ago, known since the first day
    assert all(r.known_since == FIRST and r.registered_on < FIRST for r in registrations)  # type: ignore[operator]  # always given here
    key_areas = Counter((one.station in RECIPE.key_stations, one.key_area) for one in premises)
    assert key_areas[True, True] / key_areas[True, False] > key_areas[False, True] / key_areas[False, False]


def test_inspectors_come_in_units() -> None:
    """The last are auxiliaries, the first lead; those at stations serve theirs and perhaps the next."""
    county = make_county(RECIPE, Chance("1"), entities=100, on=FIRST)
    officers = county.facts.officers
    assert len(officers) == sum(unit.size for unit in RECIPE.units) == len(county.units)
    assert sum(officer.kind == "auxiliary" for officer in officers) == sum(
        u.auxiliaries for u in RECIPE.units
    )
    assert sum(officer.lead for officer in officers) == sum(unit.leads for unit in RECIPE.units)
    beats = Counter(len(o.districts) for o in officers if county.units[o.code].startswith("派出所"))
    assert beats == {1: len(RECIPE.stations), 2: 36 - len(RECIPE.stations)}
    assert all(officer.certificate_to > FIRST for officer in officers)
    known = {officer.code for officer in officers}
    assert county.facts.recusals
    assert all(recusal.inspector in known for recusal in county.facts.recusals)


def test_every_number_of_the_course_is_read() -> None:
    """`app/seeds/simulation/course.1.json`."""
    document = SEEDS["course"]
    assert LIVELY.openings == document["premises"]["openings"]
    assert LIVELY.suspension_days == tuple(document["premises"]["suspension_days"])
    assert LIVELY.events[0].per_thousand == document["events"][0]["per_thousand"]
    assert LIVELY.not_made == document["visits"]["not_made_per_thousand"]
    assert LIVELY.results[0] == (("01",), 66)
    assert LIVELY.late_days == document["officers"]["late_days"]


def test_how_alarms_are_answered_is_read() -> None:
    """`app/seeds/simulation/answers.1.json`: one working day for the answer, at least one for its visits."""
    assert AnswerRules(lead_days=1, least_days=1, rate=(1, 20)) == ANSWERS


@pytest.mark.parametrize(
    ("year", "first", "days"),
    [
        # 2027: New Year's Day is a Friday and takes the weekend along; Spring Festival is on 6 February
        (2027, date(2027, 1, 1), 3),
        (2027, date(2027, 2, 5), 8),
        # Qingming on Monday 5 April takes the weekend before along
        (2027, date(2027, 4, 3), 3),
        (2027, date(2027, 5, 1), 5),
        # Dragon Boat on Wednesday 9 June stands alone
        (2027, date(2027, 6, 9), 1),
        (2027, date(2027, 10, 1), 7),
        # Sunday 28 May 2028: Saturday to Monday
        (2028, date(2028, 5, 27), 3),
        # Saturday 22 September 2029: to Monday
        (2029, date(2029, 9, 22), 3),
    ],
)
def test_assumed_holidays(year: int, first: date, days: int) -> None:
    """全国年节及纪念日放假办法 (2024); single days join a weekend beside them."""
    off = {special.day for special in assumed_days_off([year], SEEDS["holidays"])}
    run = [first + timedelta(days=n) for n in range(days)]
    assert off.issuperset(run)
    assert not off & {run[0] - timedelta(days=1), run[-1] + timedelta(days=1)}


def test_two_holidays_that_meet_are_one_run_of_days() -> None:
    """Mid-Autumn is on 3 October 2028, inside the National Day's week."""
    found = list(assumed_days_off([2028], SEEDS["holidays"]))
    assert len({special.day for special in found}) == len(found)
    assert all(special.day.year == 2028 and not special.working for special in found)


def test_a_year_beyond_the_table_is_refused() -> None:
    """The lunar dates go to 2050."""
    with pytest.raises(RuleBroken, match="calendar-year-missing"):
        list(assumed_days_off([2051], SEEDS["holidays"]))
