"""Publication by four people: every pair, every state, and no way round (issue, «Publication»; clause W5)."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.domain.errors import DomainError, NotAllowed, RuleBroken
from app.domain.results.publication import (
    Publication,
    approve,
    correct,
    lapsed,
    publish,
    recall,
    resume,
    review,
    send_back,
    submit,
    withdraw,
    withhold,
)
from app.domain.results.states import BEGINS, UNDECIDED, State, Step

TODAY = date(2026, 11, 10)
UNTIL = date(2026, 12, 1)
OFFICERS = frozenset({"officer", "other officer"})

Act = Callable[[Publication, str], Publication]
ACTS: dict[Step, Act] = {
    Step.SUBMIT: lambda p, by: submit(p, by=by),
    Step.REVIEW: lambda p, by: review(p, by=by, officers=OFFICERS),
    Step.APPROVE: lambda p, by: approve(p, by=by, officers=OFFICERS),
    Step.PUBLISH: lambda p, by: publish(p, by=by, officers=OFFICERS),
    Step.SEND_BACK: lambda p, by: send_back(p, by=by, officers=OFFICERS, reason="r"),
    Step.WITHHOLD: lambda p, by: withhold(p, by=by, officers=OFFICERS, reason="r", until=UNTIL),
    Step.RESUME: lambda p, _: resume(p, today=UNTIL + timedelta(days=1)),
    Step.RECALL: lambda p, _: recall(p, reason="r"),
    Step.CORRECT: lambda p, _: correct(p, reason="r"),
    Step.WITHDRAW: lambda p, by: withdraw(p, by=by, officers=OFFICERS, reason="r"),
}
FOUR = (Step.SUBMIT, Step.REVIEW, Step.APPROVE, Step.PUBLISH)
HANDS = ("officer", "reviewer", "approver", "publisher")


def after(*steps: Step) -> Publication:
    """A publication after steps, the four of them by four people, the rest by a fifth."""
    people = dict(zip(FOUR, HANDS, strict=True))
    publication = Publication()
    for step in steps:
        publication = ACTS[step](publication, people.get(step, "chief"))
    return publication


IN_STATE = {
    State.DRAFT: after(),
    State.SUBMITTED: after(*FOUR[:1]),
    State.REVIEWED: after(*FOUR[:2]),
    State.APPROVED: after(*FOUR[:3]),
    State.PUBLISHED: after(*FOUR),
    State.SENT_BACK: after(Step.SUBMIT, Step.SEND_BACK),
    State.WITHHELD: after(Step.SUBMIT, Step.WITHHOLD),
    State.WITHDRAWN: after(*FOUR, Step.WITHDRAW),
}


def test_every_state_has_its_example() -> None:
    """The tests below go through all of them."""
    assert {state: publication.state for state, publication in IN_STATE.items()} == {s: s for s in State}


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(FOUR, 2)))
def test_no_two_of_the_four_steps_are_one_person_s(first: Step, second: Step) -> None:
    """Every pair of submitting, reviewing, approving and publishing."""
    people = dict(zip(FOUR, HANDS, strict=True)) | {first: "same", second: "same"}
    publication = Publication()
    for step in FOUR[: FOUR.index(second)]:
        publication = ACTS[step](publication, people[step])
    with pytest.raises(NotAllowed):
        ACTS[second](publication, people[second])


@pytest.mark.parametrize("officer", sorted(OFFICERS))
@pytest.mark.parametrize(
    ("state", "step"),
    [
        (State.SUBMITTED, Step.REVIEW),
        (State.REVIEWED, Step.APPROVE),
        (State.APPROVED, Step.PUBLISH),
        (State.SUBMITTED, Step.SEND_BACK),
        (State.APPROVED, Step.WITHHOLD),
        (State.PUBLISHED, Step.WITHDRAW),
    ],
)
def test_an_inspecting_officer_decides_nothing(officer: str, state: State, step: Step) -> None:
    """Whether it was the one who submitted or not."""
    with pytest.raises(NotAllowed):
        ACTS[step](IN_STATE[state], officer)


@pytest.mark.parametrize(
    ("state", "step", "by"),
    [
        (State.APPROVED, Step.SEND_BACK, "submitter"),
        (State.APPROVED, Step.WITHHOLD, "submitter"),
        (State.APPROVED, Step.WITHHOLD, "reviewer"),
        (State.PUBLISHED, Step.WITHDRAW, "submitter"),
    ],
)
def test_who_took_it_further_keeps_it_from_nobody(state: State, step: Step, by: str) -> None:
    """Even a submitter who was not at the visit."""
    publication = replace(IN_STATE[state], submitted_by="submitter")
    with pytest.raises(NotAllowed):
        ACTS[step](publication, by)


@pytest.mark.parametrize(("state", "step"), list(itertools.product(State, Step)))
def test_a_step_in_the_wrong_state_changes_nothing(state: State, step: Step) -> None:
    """Every step in every state; only what is public can be withdrawn."""
    publication = IN_STATE[state]
    allowed = state in BEGINS[step] and (step is not Step.WITHDRAW or publication.public_version is not None)
    if allowed:
        assert ACTS[step](publication, "chief") is not None
    else:
        with pytest.raises(RuleBroken):
            ACTS[step](publication, "chief")


def test_sent_back_it_starts_over_with_its_reason() -> None:
    """Nobody's consent to the first revision holds for the second."""
    back = after(Step.SUBMIT, Step.REVIEW, Step.SEND_BACK)
    assert (back.state, back.reason, back.hands, back.revision) == (State.SENT_BACK, "r", frozenset(), 1)
    assert submit(back, by="officer").revision == 2


def test_withheld_it_comes_back_where_it_was_after_its_last_day() -> None:
    """The last day itself is still withheld; whoever had a hand in it still has."""
    withheld = after(Step.SUBMIT, Step.REVIEW, Step.WITHHOLD)
    assert not lapsed(withheld, UNTIL)
    with pytest.raises(RuleBroken, match="still-withheld"):
        resume(withheld, today=UNTIL)
    resumed = resume(withheld, today=UNTIL + timedelta(days=1))
    assert replace(resumed, reason=None) == after(Step.SUBMIT, Step.REVIEW)
    assert not lapsed(resumed, date.max)


def test_withheld_again_it_still_comes_back_where_it_first_was() -> None:
    """Prolonging a withholding does not lose the state before it."""
    again = after(Step.SUBMIT, Step.REVIEW, Step.WITHHOLD, Step.WITHHOLD)
    assert again.held_state is State.REVIEWED


@pytest.mark.parametrize("steps", [FOUR[:1], FOUR[:2], FOUR[:3]])
def test_a_corrected_record_recalls_what_was_handed_in(steps: tuple[Step, ...]) -> None:
    """Nobody approves one thing and publishes another."""
    recalled = after(*steps, Step.RECALL)
    assert (recalled.state, recalled.hands) == (State.SENT_BACK, frozenset())


def test_a_corrected_record_that_is_withheld_is_submitted_anew_later() -> None:
    """The withholding stays, with its reason; a draft that is withheld needs nothing."""
    recalled = recall(after(Step.SUBMIT, Step.WITHHOLD), reason="corrected")
    assert (recalled.state, recalled.held_state, recalled.reason) == (State.WITHHELD, State.SENT_BACK, "r")
    draft = after(Step.WITHHOLD)
    assert recall(draft, reason="corrected") == draft


def test_a_correction_is_a_version_of_its_own() -> None:
    """The public one stays until the correction has gone the whole way."""
    corrected = after(*FOUR, Step.CORRECT)
    assert (corrected.version, corrected.public_version, corrected.state) == (2, 1, State.DRAFT)
    again = after(*FOUR, Step.CORRECT, *FOUR)
    assert (again.version, again.public_version, again.state) == (2, 2, State.PUBLISHED)


def test_a_withdrawal_is_a_version_of_its_own_too() -> None:
    """With a correction under way it takes that one's number."""
    assert after(*FOUR, Step.WITHDRAW).version == 2
    assert after(*FOUR, Step.CORRECT, Step.SUBMIT, Step.WITHDRAW).version == 2
    withdrawn = after(*FOUR, Step.CORRECT, *FOUR, Step.WITHDRAW)
    assert (withdrawn.version, withdrawn.public_version, withdrawn.hands) == (3, None, frozenset())
    assert after(*FOUR, Step.WITHDRAW, Step.CORRECT).version == 3


class PublicationMachine(RuleBasedStateMachine):
    """Anybody tries anything at any time; what is reached is always by the rules."""

    def __init__(self) -> None:
        super().__init__()
        self.publication = Publication()
        self.public: list[int] = []

    @rule(
        step=st.sampled_from(Step),
        by=st.sampled_from(["officer", "other officer", "a", "b", "c", "d", "e"]),
    )
    def attempt(self, step: Step, by: str) -> None:
        """What is refused leaves everything as it was."""
        before = self.publication
        try:
            self.publication = ACTS[step](before, by)
        except DomainError:
            return
        assert before.state in BEGINS[step]
        if step is Step.PUBLISH:
            self.public.append(self.publication.version)
        if step is Step.WITHDRAW:
            self.public.append(self.publication.version)

    @precondition(lambda self: self.publication.state in UNDECIDED)
    @rule()
    def go_on(self) -> None:
        """Four people in their order: so that the machine gets far."""
        state = self.publication.state
        step, by = {
            State.DRAFT: (Step.SUBMIT, "officer"),
            State.SENT_BACK: (Step.SUBMIT, "officer"),
            State.SUBMITTED: (Step.REVIEW, "a"),
            State.REVIEWED: (Step.APPROVE, "b"),
            State.APPROVED: (Step.PUBLISH, "c"),
        }[state]
        self.attempt(step, by)

    @invariant()
    def who_is_public_went_through_four_hands(self) -> None:
        """No officer but as the submitter, nobody twice."""
        now = self.publication
        if now.state is State.PUBLISHED:
            assert len(now.hands) == 4
            assert now.public_version == now.version
        assert OFFICERS.isdisjoint({now.reviewed_by, now.approved_by, now.published_by, now.withheld_by})

    @invariant()
    def each_state_has_the_hands_that_lead_to_it(self) -> None:
        """Reviewed only after it was submitted, and so on."""
        now = self.publication
        needed = {
            State.SUBMITTED: 1,
            State.REVIEWED: 2,
            State.APPROVED: 3,
            State.PUBLISHED: 4,
        }
        if now.state in needed:
            assert len(now.hands) == needed[now.state]

    @invariant()
    def public_versions_only_grow(self) -> None:
        """The chain has neither gaps nor repetitions."""
        assert self.public == list(range(1, len(self.public) + 1))
        assert self.publication.public_version in {None, *self.public[-1:]}

    @invariant()
    def a_withholding_is_whole_or_not_there(self) -> None:
        """A reason, an approver, a date, and the state to which it returns."""
        now = self.publication
        parts = (now.withheld_by, now.withheld_until, now.held_state)
        assert all(part is not None for part in parts) == (now.state is State.WITHHELD)
        if now.state in {State.WITHHELD, State.SENT_BACK, State.WITHDRAWN}:
            assert now.reason


TestPublicationMachine = PublicationMachine.TestCase
TestPublicationMachine.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
