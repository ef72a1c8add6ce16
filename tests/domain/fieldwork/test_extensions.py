"""Putting off the day of a disposition: in time, later, once at a time, and decided by another person."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import NotAllowed, RuleBroken
from app.domain.fieldwork.extensions import State, check_decision, check_extendable, faults

DUE = date(2026, 11, 13)


@pytest.mark.parametrize(
    ("state", "due_on", "asked", "broken"),
    [
        ("done", DUE, False, "wrong-state"),
        ("open", None, False, "nothing-to-put-off"),
        ("open", DUE, True, "extension-asked"),
    ],
)
def test_only_an_open_day_without_a_waiting_request_is_put_off(
    state: str,
    due_on: date | None,
    asked: bool,  # noqa: FBT001 - a table's column
    broken: str,
) -> None:
    """What is done needs no time; two requests at once would have two answers."""
    with pytest.raises(RuleBroken, match=broken):
        check_extendable(state=state, due_on=due_on, asked=asked)
    assert check_extendable(state="open", due_on=DUE, asked=False) == DUE


@pytest.mark.parametrize(
    ("today", "wanted", "codes"),
    [
        (date(2026, 11, 2), date(2026, 11, 14), []),
        # The last day still belongs to the term, the day after it does not.
        (DUE, date(2026, 11, 30), []),
        (date(2026, 11, 14), date(2026, 11, 30), ["term-is-over"]),
        (date(2026, 11, 2), DUE, ["not-later"]),
        (date(2026, 11, 2), date(2026, 11, 12), ["not-later"]),
        (date(2026, 11, 14), DUE, ["term-is-over", "not-later"]),
    ],
)
def test_a_later_day_is_asked_for_before_the_term_is_over(
    today: date, wanted: date, codes: list[str]
) -> None:
    """Otherwise whoever is late would not have been."""
    assert [fault.code for fault in faults(due_on=DUE, wanted=wanted, today=today)] == codes


@given(st.dates(), st.integers(-40, 40), st.integers(-40, 40))
def test_what_passes_is_later_and_in_time(due_on: date, ahead: int, more: int) -> None:
    """Nothing else does."""
    today = date.fromordinal(min(max(due_on.toordinal() + ahead, 1), date.max.toordinal()))
    wanted = date.fromordinal(min(max(due_on.toordinal() + more, 1), date.max.toordinal()))
    fine = not list(faults(due_on=due_on, wanted=wanted, today=today))
    assert fine == (today <= due_on < wanted)
    assert timedelta(0) < wanted - today or not fine


def test_nobody_decides_about_an_own_request() -> None:
    """Spec/api.md, separation: nor whoever recorded the order or was at the visit; and it is decided once."""
    hands = {"asker", "recorder", "officer"}
    for one in hands:
        with pytest.raises(NotAllowed, match="own-request"):
            check_decision(State.ASKED, by=one, hands=hands)
    check_decision(State.ASKED, by="approver", hands=hands)
    for decided in (State.APPROVED, State.DECLINED):
        with pytest.raises(RuleBroken, match="wrong-state"):
            check_decision(decided, by="approver", hands=hands)
