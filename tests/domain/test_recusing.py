"""Requests for recusal (行政处罚法 art. 43): who asks, who decides, by when."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import NotAllowed, RuleBroken
from app.domain.fieldwork.visit import State
from app.domain.recusing import (
    ASKABLE,
    By,
    Concerned,
    Decision,
    alarm,
    check_asking,
    check_deciding,
    decide_by,
)

TEAM = ("a", "b")
ASKED = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("by", "inspector", "officer"),
    [(By.OFFICER, "a", "a"), (By.PARTY, "a", "b"), (By.PARTY, "a", None), (By.PARTY, "b", None)],
)
def test_an_officer_asks_for_himself_and_the_party_for_anybody(
    by: By, inspector: str, officer: str | None
) -> None:
    """Art. 43: officers recuse themselves, the party may ask; the other officer writes it down."""
    for state in ASKABLE:
        check_asking(state, by=by, inspector=inspector, team=TEAM, officer=officer)


@pytest.mark.parametrize(
    ("by", "inspector", "officer", "slug"),
    [
        (By.OFFICER, "b", "a", "ask-for-yourself"),
        (By.PARTY, "a", "a", "ask-for-yourself"),
        (By.PARTY, "c", "a", "not-on-the-visit"),
        (By.PARTY, "", None, "not-on-the-visit"),
    ],
)
def test_nobody_asks_for_another_officer_or_writes_down_what_concerns_himself(
    by: By, inspector: str, officer: str | None, slug: str
) -> None:
    """A colleague's recusal is not one's own to ask for."""
    with pytest.raises(RuleBroken) as caught:
        check_asking(State.PLANNED, by=by, inspector=inspector, team=TEAM, officer=officer)
    assert caught.value.slug == slug


@pytest.mark.parametrize("state", sorted(set(State) - ASKABLE))
def test_after_the_record_was_handed_in_it_is_too_late(state: State) -> None:
    """From the opening of the visit until its submission."""
    with pytest.raises(RuleBroken, match="wrong-state"):
        check_asking(state, by=By.OFFICER, inspector="a", team=TEAM, officer="a")


CONCERNED = Concerned(callers={"asker", "officer-a"}, team=TEAM)


def test_somebody_else_decides_once() -> None:
    """Rules.md: decided by someone else; a decision stands."""
    check_deciding(Decision.OPEN, caller="approver", officer=None, concerned=CONCERNED)
    for caller, officer in (("asker", None), ("officer-a", None), ("approver", "b")):
        with pytest.raises(NotAllowed, match="own-recusal"):
            check_deciding(Decision.OPEN, caller=caller, officer=officer, concerned=CONCERNED)
    for state in (Decision.GRANTED, Decision.REFUSED):
        with pytest.raises(RuleBroken, match="wrong-state"):
            check_deciding(state, caller="approver", officer=None, concerned=CONCERNED)


def test_two_days_by_hand() -> None:
    """Rules.md, «Teams»: decided within 2 days; asked on Tuesday, decided by Thursday."""
    assert decide_by(ASKED, within_days=2) == date(2026, 11, 5)
    assert decide_by(ASKED, within_days=None) is None


@pytest.mark.parametrize(
    ("day", "alarmed", "overdue", "kind"),
    [
        (4, False, False, None),
        (5, False, False, "due-soon"),
        (5, True, False, None),
        (6, True, False, "overdue"),
        (6, False, False, "overdue"),
        (9, True, True, None),
    ],
)
def test_an_alarm_on_the_last_day_and_one_after_it(
    day: int, *, alarmed: bool, overdue: bool, kind: str | None
) -> None:
    """Before the clock runs out, and when it has; each once."""
    last = decide_by(ASKED, within_days=2)
    assert alarm(last, today=date(2026, 11, day), alarmed=alarmed, overdue=overdue) == kind


def test_without_a_clock_there_is_no_alarm() -> None:
    """A policy may have none."""
    assert alarm(None, today=date(2030, 1, 1), alarmed=False, overdue=False) is None


@given(days=st.integers(0, 30), past=st.integers(-40, 40))
def test_over_any_run_of_days_both_alarms_come_once_and_in_order(days: int, past: int) -> None:
    """Looked at daily, from the asking on: due-soon not after the last day, overdue right after it."""
    last = decide_by(ASKED, within_days=days)
    raised: list[tuple[int, str]] = []
    for n in range(days + max(past, 0) + 3):
        kinds = [kind for _, kind in raised]
        kind = alarm(
            last,
            today=ASKED + timedelta(days=n),
            alarmed="due-soon" in kinds,
            overdue="overdue" in kinds,
        )
        if kind is not None:
            raised.append((n, kind))
    assert raised == [(days, "due-soon"), (days + 1, "overdue")]
