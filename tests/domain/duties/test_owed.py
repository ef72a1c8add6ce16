"""What a registration owes a draw (mission/rules.md, «draws_left», «What counts»)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.duties.counting import last_counted
from app.domain.duties.owed import DrawDuties, Why
from app.domain.facts import OpenVisit, Registration, Visit
from app.domain.policy import Policy
from tests.domain.duties.cases import DOCUMENT, POLICY, VENUES, day, ktv, owed, visit, with_duties
from tests.policies_of_tests import first_policy


@pytest.mark.parametrize(
    ("ends", "left"),
    [
        # max(1, d - 1): one draw stays in reserve
        (("11-06", "11-13", "11-20", "11-27"), 3),
        (("11-06", "11-13", "11-20"), 2),
        (("11-06", "11-13"), 1),
        (("11-06",), 1),
        # only draws whose visits end inside the window are counted
        (("11-06", "11-13", "11-30", "12-04", "12-11"), 2),
        # a draw that is over, or none at all, serves nothing
        (("10-30", "11-06"), 1),
        ((), 1),
    ],
)
def test_otherwise_it_is_the_draws_of_the_window_but_one_and_at_least_one(
    ends: tuple[str, ...], left: int
) -> None:
    """«Otherwise `max(1, d - 1)`, where d counts the item's draws, this one included, …»."""
    assert owed(ktv(3), visits=[visit("10-08")], ends=ends).draws_left == left


@pytest.mark.parametrize(
    ("level", "visited", "left"),
    # the weekly draws of the rest of 2026: 4 in November, 8 to the end of December
    [(3, "10-15", 3), (2, "10-15", 7), (1, "09-30", 7), (1, "10-15", 0)],
)
def test_the_level_gives_the_window(level: int, visited: str, left: int) -> None:
    """«level 1 at least once per 3 months, level 2 per 2 months, level 3 per month»."""
    fridays = [str(date(2026, 11, 6) + timedelta(days=7 * n)) for n in range(8)]
    assert owed(ktv(level), visits=[visit(visited)], ends=fridays).draws_left == left


def test_a_met_window_owes_nothing() -> None:
    """«0 only if … the window's duty is met»: by a visit on its first day, or on its last."""
    for on in ("11-01", "11-05"):
        found = owed(ktv(3), visits=[visit(on)], on="11-05")
        assert (found.draws_left, found.why, found.last) == (0, Why.MET, day(on))
    assert owed(ktv(3), visits=[visit("10-31")]).draws_left == 3


def test_visits_of_other_days_to_come_are_not_known_yet() -> None:
    """A row dated after the day of the freeze meets nothing."""
    assert owed(ktv(3), visits=[visit("10-20"), visit("11-04")], on="11-02").draws_left == 3


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (("psb.venues",), Why.VISIT_OPEN),
        (("fire.units", "psb.venues"), Why.VISIT_OPEN),
        (("fire.units",), Why.OVERDUE),
    ],
)
def test_a_visit_that_is_still_open_owes_nothing_more(items: tuple[str, ...], why: Why) -> None:
    """«or a visit from an earlier draw of the item is still open»: overdue or not, merged into it or not."""
    found = owed(ktv(3), open_visits=[OpenVisit(items=items)])
    assert (found.why, found.draws_left) == (why, int(why == Why.OVERDUE))


@pytest.mark.parametrize(
    ("visit_to", "under_way", "why"),
    [
        ("11-05", False, Why.VISIT_OPEN),
        # one draw stays in reserve for visits that fail: nobody went, and the reserve may serve
        ("11-04", False, Why.OVERDUE),
        # officers have been there: the record will say what they found
        ("11-04", True, Why.VISIT_OPEN),
    ],
)
def test_a_visit_that_nobody_made_until_its_last_day_has_failed(
    *, visit_to: str, under_way: bool, why: Why
) -> None:
    """«one draw stays in reserve for visits that fail»: asked on 5 November, before anything is revealed."""
    one = OpenVisit(items=("psb.venues",), visit_to=day(visit_to), under_way=under_way)
    assert owed(ktv(3), open_visits=[one], on="11-05").why == why


@pytest.mark.parametrize(
    ("visits", "left", "why"),
    [
        # October was missed, and none came since
        ([], 1, Why.OVERDUE),
        (["09-30"], 1, Why.OVERDUE),
        # visited in October, or since
        (["10-31"], 3, Why.OWED),
        (["11-02"], 0, Why.MET),
    ],
)
def test_overdue_is_one(visits: list[str], left: int, why: Why) -> None:
    """«Overdue is 1», until a visit that counts has come."""
    found = owed(ktv(3), visits=[visit(one) for one in visits])
    assert (found.draws_left, found.why) == (left, why)


def test_a_window_that_goes_on_is_not_overdue() -> None:
    """Frozen in October for visits in November: what October owes may still come."""
    found = owed(ktv(3), visits=[visit("09-15")], on="10-29")
    assert (found.why, found.draws_left) == (Why.OWED, 3)


@pytest.mark.parametrize(
    ("visits", "window_ends"),
    [
        # not met yet in November: November, though no draw ends inside it any more
        (["10-20"], "11-30"),
        # met in November: December
        (["11-10"], "12-31"),
    ],
)
def test_the_earliest_unmet_window_at_the_visits_is_owed(visits: list[str], window_ends: str) -> None:
    """A draw whose visits reach over the end of a window looks at both."""
    found = owed(
        ktv(3),
        visits=[visit(one) for one in visits],
        visit_from="11-28",
        visit_to="12-04",
        ends=("12-04", "12-11", "12-18"),
    )
    assert found.window is not None
    assert found.window.ends_on == day(window_ends)
    assert found.draws_left == (1 if window_ends == "11-30" else 2)


def test_both_windows_at_the_visits_can_be_met() -> None:
    """Nothing is owed where each has its visit: one on the next window's first day is known already."""
    found = owed(
        ktv(3), visits=[visit("11-10"), visit("12-01")], on="12-01", visit_from="11-28", visit_to="12-04"
    )
    assert (found.why, found.draws_left) == (Why.MET, 0)


@pytest.mark.parametrize(
    ("codes", "kind", "counts"),
    [
        (("01",), "drawn", True),
        (("02",), "drawn", True),
        (("05", "21"), "drawn", True),
        (("06",), "drawn", True),
        (("08",), "drawn", True),
        # 07 counts and goes to the registrar
        (("07",), "drawn", True),
        (("22",), "drawn", True),
        (("23",), "drawn", True),
        # an attempt
        (("04",), "drawn", False),
        # 11 to 15 end the duty: they do not meet it
        *((((code,), "drawn", False)) for code in ("11", "12", "13", "14", "15")),
        # no code at all: not completed with a result
        ((), "drawn", False),
        # the policy lists which kinds count besides drawn ones: none
        *((("01",), kind, False) for kind in ("complaint", "transfer", "emergency", "campaign", "case")),
    ],
)
def test_what_counts(codes: tuple[str, ...], kind: str, counts: bool) -> None:  # noqa: FBT001 - a table
    """«A visit that was drawn and completed with a result code that counts»."""
    one = Visit(item=VENUES, on=day("11-02"), kind=kind, agency="psb", codes=codes)
    assert owed(ktv(3), visits=[visit("10-20"), one]).draws_left == (0 if counts else 3)


def test_a_policy_may_let_other_kinds_count() -> None:
    """«the policy lists which kinds of visit besides drawn ones count»."""
    generous = replace(POLICY, counting=replace(POLICY.counting, kinds=("drawn", "campaign")))
    campaign = visit("11-02", kind="campaign")
    assert owed(ktv(3), visits=[campaign], policy=generous).draws_left == 0


def test_only_visits_of_the_item_count() -> None:
    """A fire inspection does not meet the police's duty."""
    assert owed(ktv(3), visits=[visit("10-20"), visit("11-02", item="fire.units")]).draws_left == 3


@pytest.mark.parametrize("code", ["04", "11", "12", "13", "14", "15"])
def test_what_ended_a_duty_owes_nothing_until_the_registrar_decides(code: str) -> None:
    """«it is *unreachable*: … out of the duty …»; «11 to 15 end the duty»; overdue or not."""
    found = owed(ktv(3, out_of_duty=code, out_since=day("10-20")))
    assert (found.why, found.draws_left) == (Why.OUT_OF_DUTY, 0)


@pytest.mark.parametrize(
    "registration",
    [
        Registration(regime="internet_cafe"),
        Registration(regime="fire_unit", subtype="general"),
        ktv(None),
        ktv(3, status="suspended"),
    ],
)
def test_no_duty_owes_nothing(registration: Registration) -> None:
    """Cafes and general fire units have draws, no duties of their own; what has no level has none either."""
    assert owed(registration) == owed(Registration(regime="internet_cafe"))
    assert owed(registration).why == Why.NO_DUTY


def test_a_key_fire_unit_is_owed_once_a_year() -> None:
    """消防监督检查规定: four quarterly draws, one in reserve."""
    key = Registration(regime="fire_unit", subtype="key", known_since=day("2025-01-01"))
    quarters = ("03-31", "06-30", "09-30", "12-31")
    first = owed(key, visit_from="01-01", visit_to="03-31", ends=quarters)
    assert (first.draws_left, first.why) == (3, Why.OWED)
    last = owed(key, visit_from="10-01", visit_to="12-31", ends=quarters[3:])
    assert last.draws_left == 1


def test_a_policy_without_duties_owes_nothing() -> None:
    """The first version of the seeded policy has no section `duties`."""
    assert owed(ktv(3), policy=first_policy()).why == Why.NO_DUTY


def test_a_default_level_gives_the_ungraded_its_duty() -> None:
    """«No level: preflight error, unless the policy has a default level»."""
    graded = with_duties(default_level=2)
    found = owed(ktv(None), visits=[visit("10-20")], policy=graded)
    assert (found.draws_left, found.window and found.window.months) == (3, 2)
    assert owed(Registration(regime="internet_cafe"), policy=graded).why == Why.NO_DUTY


def test_of_several_duties_that_fit_the_shortest_holds() -> None:
    """A policy may name a subtype besides its level."""
    strict = {"regime": "entertainment", "subtype": "ktv", "visits": 1, "months": 1, "window": "calendar"}
    document = {**DOCUMENT, "frequency": [*DOCUMENT["frequency"], strict]}
    policy = first_policy(document)
    found = owed(ktv(1), visits=[visit("10-20")], policy=policy)
    assert found.window is not None
    assert found.window.months == 1


def test_no_more_is_said_than_dr1_can_hold() -> None:
    """`draws_left` is at most 999 (DR1 section 2)."""
    assert owed(ktv(3), visits=[visit("10-20")], ends=["11-06"] * 1200).draws_left == 999


def test_the_windows_that_visits_reach_over_are_named() -> None:
    """«the draws that serve a window have their visits inside it»."""
    duties = DrawDuties(
        POLICY,
        item=VENUES,
        on=day("11-02"),
        visit_from=day("11-28"),
        visit_to=day("12-04"),
        draw_ends=(),
    )
    for level in (1, 3):
        duties.owed(ktv(level), visits=(), open_visits=())
    assert [window.ends_on for window in duties.straddled()] == [day("11-30")]
    assert not duties.any_draw


SOME_DAY = st.dates(date(2025, 10, 1), date(2027, 3, 1))


@given(
    registration=st.builds(
        Registration,
        regime=st.sampled_from(["entertainment", "fire_unit"]),
        subtype=st.sampled_from(["ktv", "key"]),
        level=st.sampled_from([None, 1, 2, 3]),
        registered_on=st.none() | SOME_DAY,
        known_since=st.none() | SOME_DAY,
    ),
    on=st.dates(date(2026, 1, 1), date(2027, 1, 20)),
    wait=st.integers(-5, 20),
    length=st.integers(0, 40),
    visited=st.lists(SOME_DAY, max_size=3),
    starts_on=st.none() | SOME_DAY,
)
def test_the_short_way_says_the_same_as_the_history(
    registration: Registration,
    on: date,
    wait: int,
    length: int,
    visited: list[date],
    starts_on: date | None,
) -> None:
    """Where nothing changed the windows need no history: what lines share gives the same answer."""
    policy: Policy = POLICY if starts_on is None else with_duties(starts_on=starts_on)
    visit_from = on + timedelta(days=wait)
    asked = DrawDuties(
        policy,
        item=VENUES,
        on=on,
        visit_from=visit_from,
        visit_to=visit_from + timedelta(days=length),
        draw_ends=(visit_from + timedelta(days=length),),
    )
    visits = [Visit(item=VENUES, on=one, kind="drawn", agency="psb", codes=("01",)) for one in visited]
    last = last_counted(visits, policy.counting, item=VENUES, on=on)
    rules = policy.duties
    assert rules is not None
    found = asked.owed(registration, visits=visits, open_visits=())
    assert found == asked._of_history(registration, rules, last and last.on)  # noqa: SLF001 - the long way that it shortens
