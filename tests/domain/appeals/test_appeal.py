"""Who handles and decides an appeal, and what the public sees of it (mission clause W6)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.domain.appeals.appeal import (
    UNDECIDED,
    Appeal,
    Mark,
    Outcome,
    State,
    accept,
    decide,
    mark,
    propose,
)
from app.domain.errors import NotAllowed, RuleBroken

HANDS = frozenset({"officer", "reviewer", "approver", "publisher"})
FILED = Appeal()
ACCEPTED = accept(FILED, by="handler", hands=HANDS)
PROPOSED = propose(ACCEPTED, by="handler", outcome=Outcome.REJECTED, hands=HANDS)
DECIDED = decide(PROPOSED, by="decider", outcome=Outcome.UPHELD, hands=HANDS, shown=2)


def test_the_way_of_an_appeal_by_hand() -> None:
    """Filed, accepted by its handler, proposed, and decided otherwise by somebody else about version 2."""
    assert (FILED.state, FILED.handler) == (State.FILED, None)
    assert (ACCEPTED.state, ACCEPTED.handler) == (State.ACCEPTED, "handler")
    assert ACCEPTED.handled_by == {"handler"}
    assert (PROPOSED.state, PROPOSED.proposal, PROPOSED.outcome) == (State.PROPOSED, Outcome.REJECTED, None)
    assert (
        Appeal(
            state=State.DECIDED,
            handler="handler",
            handled_by=frozenset({"handler"}),
            proposal=Outcome.REJECTED,
            decider="decider",
            outcome=Outcome.UPHELD,
            decided_version=2,
        )
        == DECIDED
    )
    assert [one.state in UNDECIDED for one in (FILED, ACCEPTED, PROPOSED, DECIDED)] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("who", sorted(HANDS))
def test_whoever_had_a_hand_in_the_result_neither_handles_nor_decides(who: str) -> None:
    """Inspected, submitted, reviewed, approved or published: another officer takes the case."""
    with pytest.raises(NotAllowed, match="own-case"):
        accept(FILED, by=who, hands=HANDS)
    with pytest.raises(NotAllowed, match="own-case"):
        decide(PROPOSED, by=who, outcome=Outcome.REJECTED, hands=HANDS, shown=1)


def test_the_handler_is_not_the_decider_and_nobody_else_proposes() -> None:
    """W6 to the word."""
    with pytest.raises(NotAllowed, match="own-case"):
        decide(PROPOSED, by="handler", outcome=Outcome.REJECTED, hands=HANDS, shown=1)
    with pytest.raises(NotAllowed, match="not-the-handler"):
        propose(ACCEPTED, by="decider", outcome=Outcome.UPHELD, hands=HANDS)
    with pytest.raises(NotAllowed, match="own-case"):
        propose(ACCEPTED, by="handler", outcome=Outcome.UPHELD, hands=HANDS | {"handler"})


def test_a_case_is_taken_over_until_there_is_a_proposal() -> None:
    """A handler may fall ill; who handed the case on unproposed may decide: two officers are enough."""
    with pytest.raises(RuleBroken, match="wrong-state"):
        accept(ACCEPTED, by="handler", hands=HANDS)
    taken = accept(ACCEPTED, by="other", hands=HANDS)
    assert (taken.handler, taken.handled_by) == ("other", frozenset({"handler", "other"}))
    with pytest.raises(NotAllowed, match="not-the-handler"):
        propose(taken, by="handler", outcome=Outcome.UPHELD, hands=HANDS)
    ready = propose(taken, by="other", outcome=Outcome.UPHELD, hands=HANDS)
    with pytest.raises(NotAllowed, match="own-case"):
        decide(ready, by="other", outcome=Outcome.UPHELD, hands=HANDS, shown=1)
    assert decide(ready, by="handler", outcome=Outcome.UPHELD, hands=HANDS, shown=1).decider == "handler"
    with pytest.raises(RuleBroken, match="wrong-state"):
        accept(ready, by="third", hands=HANDS)


@pytest.mark.parametrize(
    ("appeal", "may"),
    [(FILED, "accept"), (ACCEPTED, "propose"), (PROPOSED, "decide"), (DECIDED, None)],
)
def test_each_step_has_its_turn(appeal: Appeal, may: str | None) -> None:
    """Everything else is a wrong state."""
    steps: dict[str, Callable[[], Appeal]] = {
        "accept": lambda: accept(appeal, by="handler", hands=HANDS),
        "propose": lambda: propose(appeal, by="handler", outcome=Outcome.PARTLY, hands=HANDS),
        "decide": lambda: decide(appeal, by="decider", outcome=Outcome.PARTLY, hands=HANDS, shown=1),
    }
    for name, step in steps.items():
        if name == may:
            assert step().state is not appeal.state
            continue
        with pytest.raises(RuleBroken, match="wrong-state"):
            step()


@pytest.mark.parametrize(("outcome", "grants"), [*zip(Outcome, (True, True, False), strict=True)])
def test_what_is_upheld_in_part_is_mended_too(outcome: Outcome, *, grants: bool) -> None:
    """Only what is rejected leaves the result as it is."""
    assert outcome.grants is grants


def decided(outcome: Outcome, version: int | None) -> Appeal:
    """An appeal that was decided while a version was public."""
    return decide(PROPOSED, by="decider", outcome=outcome, hands=HANDS, shown=version)


@pytest.mark.parametrize(
    ("appeals", "shown", "seen"),
    [
        ([], 1, None),
        ([FILED], 1, None),  # anybody can file: what nobody accepted marks no venue
        ([ACCEPTED], 1, Mark.PENDING),
        ([PROPOSED], 1, Mark.PENDING),
        ([decided(Outcome.REJECTED, 1)], 1, None),  # the mark goes
        ([decided(Outcome.UPHELD, 1)], 1, Mark.UPHELD),
        ([decided(Outcome.PARTLY, 1)], 1, Mark.UPHELD),
        ([decided(Outcome.UPHELD, 1)], 2, None),  # corrected or withdrawn since
        ([decided(Outcome.UPHELD, None)], 1, None),  # nothing was public when it was decided
        ([decided(Outcome.UPHELD, 1)], None, None),
        ([decided(Outcome.UPHELD, 1), ACCEPTED], 1, Mark.PENDING),
        ([decided(Outcome.REJECTED, 1), decided(Outcome.UPHELD, 1)], 1, Mark.UPHELD),
    ],
)
def test_what_the_public_sees_at_a_result(
    appeals: list[Appeal], shown: int | None, seen: Mark | None
) -> None:
    """Effect on publication (W6): pending while an accepted one is open; upheld until the next version."""
    assert mark(appeals, shown=shown) is seen


PEOPLE = st.sampled_from(["a", "b", "c", *sorted(HANDS)])


class Desks(RuleBasedStateMachine):
    """Anybody tries anything with three appeals at one result, while versions follow one another."""

    def __init__(self) -> None:
        super().__init__()
        self.appeals = [Appeal() for _ in range(3)]
        self.shown = 1

    def attempt(self, at: int, made: Appeal | None) -> None:
        """Keep what a step made."""
        if made is not None:
            self.appeals[at] = made

    @rule(at=st.integers(0, 2), by=PEOPLE)
    def somebody_accepts(self, at: int, by: str) -> None:
        """Or may not."""
        try:
            self.attempt(at, accept(self.appeals[at], by=by, hands=HANDS))
        except (NotAllowed, RuleBroken):
            return

    @rule(at=st.integers(0, 2), by=PEOPLE, outcome=st.sampled_from(Outcome))
    def somebody_proposes(self, at: int, by: str, outcome: Outcome) -> None:
        """Or may not."""
        try:
            self.attempt(at, propose(self.appeals[at], by=by, outcome=outcome, hands=HANDS))
        except (NotAllowed, RuleBroken):
            return

    @rule(at=st.integers(0, 2), by=PEOPLE, outcome=st.sampled_from(Outcome))
    def somebody_decides(self, at: int, by: str, outcome: Outcome) -> None:
        """Or may not."""
        try:
            self.attempt(at, decide(self.appeals[at], by=by, outcome=outcome, hands=HANDS, shown=self.shown))
        except (NotAllowed, RuleBroken):
            return

    @rule()
    def a_next_version_is_published(self) -> None:
        """Whatever for."""
        self.shown += 1

    @invariant()
    def hands_are_apart(self) -> None:
        """Whoever decides did not propose, and none of them had a hand in the result."""
        for one in self.appeals:
            if one.state is State.DECIDED:
                assert one.decider is not None
                assert one.handler in one.handled_by
                assert one.decider not in {one.handler} | HANDS
                assert one.handled_by.isdisjoint(HANDS)

    @invariant()
    def the_mark_says_what_is_open(self) -> None:
        """Pending exactly while a case that somebody took is not decided."""
        taken = any(one.handler is not None and one.decider is None for one in self.appeals)
        assert (mark(self.appeals, shown=self.shown) is Mark.PENDING) == taken


TestDesks = Desks.TestCase


@given(st.permutations([FILED, ACCEPTED, decided(Outcome.UPHELD, 1), decided(Outcome.REJECTED, 1)]))
def test_the_order_of_appeals_does_not_matter(appeals: list[Appeal]) -> None:
    """Nor does one hide another."""
    assert mark(appeals, shown=1) is Mark.PENDING
    assert mark([one for one in appeals if one != ACCEPTED], shown=1) is Mark.UPHELD
