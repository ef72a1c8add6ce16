"""The states of a visit: what may follow what, who must be there, and when."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.days import shanghai_day
from app.domain.errors import RuleBroken
from app.domain.fieldwork import visit as rules
from app.domain.fieldwork.visit import OPEN, STEPS, UNDER_WAY, Standing, State, morning_of

FIRST, LAST = date(2026, 11, 3), date(2026, 11, 10)
NOON = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)
TEAM = ("a", "b", "c")


def standing(**changes: object) -> Standing:
    """A planned visit of three officers, disclosed on the morning of the first day."""
    made: dict[str, object] = {
        "state": State.PLANNED,
        "window": (FIRST, LAST),
        "disclose_at": morning_of(FIRST),
        "team": TEAM,
        "least": 2,
        **changes,
    }
    return Standing(**made)  # type: ignore[arg-type]  # the keywords are those of Standing


def slug(broken: pytest.ExceptionInfo[RuleBroken]) -> str:
    """Which rule was broken."""
    return broken.value.slug


def test_the_target_is_disclosed_at_six_in_the_morning_of_shanghai() -> None:
    """Issue 3, Visits: default the morning of the day the team picks; 06:00 there is 22:00 UTC."""
    assert morning_of(FIRST) == datetime(2026, 11, 2, 22, 0, tzinfo=UTC)
    early = NOON - timedelta(days=1)
    picked = rules.schedule(standing(), visit_on=date(2026, 11, 5), disclose_from=time(20, 30), now=early)
    assert picked.disclose_at == datetime(2026, 11, 5, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("visit_on", "now", "broken"),
    [
        (date(2026, 11, 2), NOON - timedelta(days=2), "outside-window"),
        (date(2026, 11, 11), NOON - timedelta(days=2), "outside-window"),
    ],
)
def test_the_day_is_picked_inside_the_window(visit_on: date, now: datetime, broken: str) -> None:
    """The plan's window stands."""
    with pytest.raises(RuleBroken) as refused:
        rules.schedule(standing(), visit_on=visit_on, disclose_from=rules.MORNING, now=now)
    assert slug(refused) == broken


def test_what_is_disclosed_stays_disclosed() -> None:
    """The day may still move, the disclosure does not."""
    known = standing()
    assert rules.schedule(known, visit_on=LAST, disclose_from=rules.MORNING, now=NOON) == known


def test_a_day_that_is_past_cannot_be_picked() -> None:
    """A late disclosure leaves the team only the days that are still to come."""
    late = standing(disclose_at=morning_of(LAST))
    with pytest.raises(RuleBroken) as refused:
        rules.schedule(late, visit_on=FIRST, disclose_from=rules.MORNING, now=NOON + timedelta(days=1))
    assert slug(refused) == "outside-window"


def test_two_officers_make_a_visit_and_it_ends_when_all_have_left() -> None:
    """行政处罚法 art. 42: at least two officers."""
    one = rules.check_in(standing(), inspector="a", now=NOON)
    assert one.state is State.PLANNED
    two = rules.check_in(one, inspector="b", now=NOON)
    assert two.state is State.CHECKED_IN
    three = rules.check_in(two, inspector="c", now=NOON)
    gone = rules.check_out(rules.check_out(three, inspector="a"), inspector="b")
    assert gone.state is State.CHECKED_IN
    over = rules.check_out(gone, inspector="c")
    assert over.state is State.CHECKED_OUT
    rules.check_submittable(over)
    with pytest.raises(RuleBroken):
        rules.check_submittable(gone)


def test_a_visit_that_fewer_officers_left_than_it_takes_is_not_submitted() -> None:
    """Whatever its stored state says."""
    with pytest.raises(RuleBroken) as refused:
        rules.check_submittable(standing(state=State.CHECKED_OUT, present=("a",), left=("a",)))
    assert slug(refused) == "too-few-officers"


@pytest.mark.parametrize(
    ("changes", "inspector", "now", "broken"),
    [
        ({}, "stranger", NOON, "not-of-the-team"),
        ({}, "a", NOON - timedelta(days=1), "outside-window"),
        ({}, "a", NOON + timedelta(days=8), "outside-window"),
        ({"disclose_at": NOON + timedelta(hours=1)}, "a", NOON, "outside-window"),
        ({"present": ("a",)}, "a", NOON, "already-checked-in"),
        ({"state": State.REQUESTED}, "a", NOON, "wrong-state"),
        ({"state": State.NOT_VISITED}, "a", NOON, "wrong-state"),
    ],
)
def test_nobody_checks_in_who_or_when_he_may_not(
    changes: dict[str, object], inspector: str, now: datetime, broken: str
) -> None:
    """Own team, after the disclosure, inside the window, once."""
    with pytest.raises(RuleBroken) as refused:
        rules.check_in(standing(**changes), inspector=inspector, now=now)
    assert slug(refused) == broken


@pytest.mark.parametrize("left", [(), ("a",)])
def test_nobody_checks_out_who_is_not_there(left: tuple[str, ...]) -> None:
    """Neither who never came nor who has left."""
    there = standing(state=State.CHECKED_IN, present=("a", "b"), left=left)
    with pytest.raises(RuleBroken) as refused:
        rules.check_out(there, inspector="a" if left else "c")
    assert slug(refused) == "not-checked-in"


def test_two_attempts_on_different_days_make_a_visit_unreachable() -> None:
    """Mission/rules.md, «What counts»: code 04."""
    once = rules.attempt(standing(), inspector="a", now=NOON)
    assert once.state is State.PLANNED
    with pytest.raises(RuleBroken) as refused:
        rules.attempt(once, inspector="b", now=NOON + timedelta(hours=3))
    assert slug(refused) == "already-attempted"
    twice = rules.attempt(once, inspector="b", now=NOON + timedelta(days=1))
    assert (twice.state, twice.attempts) == (State.UNREACHABLE, (FIRST, date(2026, 11, 4)))


def test_the_policy_says_how_many_attempts_it_takes() -> None:
    """Three, where a bureau has it so."""
    visit, now = standing(unreachable_after=3), NOON
    for _ in range(2):
        visit = rules.attempt(visit, inspector="a", now=now)
        now += timedelta(days=1)
    assert visit.state is State.PLANNED
    assert rules.attempt(visit, inspector="b", now=now).state is State.UNREACHABLE


def test_an_officer_who_is_inside_has_found_somebody() -> None:
    """No attempt beside a check-in."""
    with pytest.raises(RuleBroken) as refused:
        rules.attempt(standing(present=("a",)), inspector="b", now=NOON)
    assert slug(refused) == "already-checked-in"


@pytest.mark.parametrize(
    ("team", "named", "broken"),
    [
        ((), ("a",), "too-few-officers"),
        ((), ("a", "a"), "too-few-officers"),
        (TEAM, ("d", "e"), "team-stands"),
    ],
)
def test_a_team_is_named_once_and_of_two_different_officers(
    team: tuple[str, ...], named: tuple[str, ...], broken: str
) -> None:
    """Only where the draw dealt none."""
    with pytest.raises(RuleBroken) as refused:
        rules.staff(standing(team=team), named)
    assert slug(refused) == broken
    assert rules.staff(standing(team=()), ("a", "b")).team == ("a", "b")


def test_every_act_begins_only_in_the_states_of_its_table() -> None:
    """Every act against every state."""
    for act, state in product(STEPS, State):
        if state in STEPS[act]:
            assert rules.step(state, act) is state
        else:
            with pytest.raises(RuleBroken, match="wrong-state"):
                rules.step(state, act)


def test_nothing_leads_out_of_an_end() -> None:
    """Closed, unreachable, not visited and cancelled visits stay so."""
    ends = {State.CLOSED, State.UNREACHABLE, State.NOT_VISITED, State.CANCELLED}
    assert all(state not in steps for steps in STEPS.values() for state in ends)


def test_no_reveal_makes_a_visit_undone() -> None:
    """Mission/rules.md: at `reveal_by` what was not visited is closed; where officers were, it was."""
    assert set(STEPS["give_up"]) == OPEN - UNDER_WAY == {State.PLANNED}


class VisitLife(RuleBasedStateMachine):
    """A visit under any sequence of acts by anybody at any time; acts against the rules change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON - timedelta(days=2)
        self.visit = standing()
        self.trail = [State.PLANNED]

    def _try(self, act: str, changed: object) -> None:
        if isinstance(changed, Standing):
            assert changed.state in STEPS[act][self.visit.state]
            self.visit = changed
            self.trail.append(changed.state)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(who=st.sampled_from((*TEAM, "stranger")))
    def check_in(self, who: str) -> None:
        self._try("check_in", attempted(lambda: rules.check_in(self.visit, inspector=who, now=self.now)))

    @rule(who=st.sampled_from((*TEAM, "stranger")))
    def check_out(self, who: str) -> None:
        self._try("check_out", attempted(lambda: rules.check_out(self.visit, inspector=who)))

    @rule(who=st.sampled_from((*TEAM, "stranger")))
    def attempt(self, who: str) -> None:
        self._try("attempt", attempted(lambda: rules.attempt(self.visit, inspector=who, now=self.now)))

    @rule(days=st.integers(-2, 10))
    def schedule(self, days: int) -> None:
        day = FIRST + timedelta(days=days)
        before = self.visit
        self._try(
            "schedule",
            attempted(
                lambda: rules.schedule(before, visit_on=day, disclose_from=rules.MORNING, now=self.now)
            ),
        )
        if self.visit is not before:
            assert self.now < before.disclose_at
            assert shanghai_day(self.visit.disclose_at) == day

    @invariant()
    def no_state_against_the_rules(self) -> None:
        """Two officers of the team are behind every visit, two days behind every unreachable one."""
        visit = self.visit
        assert set(visit.left) <= set(visit.present) <= set(TEAM)
        assert len(set(visit.present)) == len(visit.present)
        if visit.state in {State.CHECKED_IN, State.CHECKED_OUT}:
            assert len(visit.present) >= visit.least
        if visit.state is State.CHECKED_OUT:
            assert visit.left
            assert set(visit.left) == set(visit.present)
        if visit.state is State.UNREACHABLE:
            assert len(set(visit.attempts)) == rules.ATTEMPTS
            assert not visit.present
        assert all(FIRST <= day <= LAST for day in visit.attempts)
        assert (visit.state in OPEN) == (State.UNREACHABLE not in self.trail)


def attempted(act: object) -> object:
    """What an act gives, or that it was refused."""
    assert callable(act)
    try:
        return act()
    except RuleBroken as refused:
        return refused


TestVisitLife = VisitLife.TestCase
TestVisitLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
