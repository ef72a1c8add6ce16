"""Lending across regions (异地检查): what may be asked for, who decides, how it ends."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import DomainError, Malformed, NotAllowed, RuleBroken
from app.domain.lending import check_decision, check_end, check_request, holds_from

TODAY = date(2026, 11, 2)


def _slug(error: DomainError) -> str:
    return error.fields[0].code if error.fields else error.slug


@pytest.mark.parametrize(
    ("region", "starts", "ends", "fault"),
    [
        ("410922", "2026-11-02", "2026-11-02", None),
        ("4101", "2026-11-10", "2026-11-20", None),
        ("410922", "2026-11-01", "2026-11-30", "past-day"),
        ("410922", "2020-01-01", "2026-11-30", "past-day"),
        ("41092", "2026-11-02", "2026-11-09", "bad-region-code"),
        ("濮阳", "2026-11-02", "2026-11-09", "bad-region-code"),
        ("410922", "2026-11-10", "2026-11-09", "ends-before-start"),
        ("410922", "2026-10-01", "2026-11-01", "past-day"),
        ("410928", "2026-11-02", "2026-11-09", "lent-at-home"),
        ("4109", "2026-11-02", "2026-11-09", "lent-at-home"),
        ("410900", "2026-11-02", "2026-11-09", "lent-at-home"),
    ],
)
def test_an_assignment_names_another_region_and_days_to_come(
    region: str, starts: str, ends: str, fault: str | None
) -> None:
    """To a region that contains the own one nobody is lent: a city's officers serve its counties anyway."""
    given = {"starts_on": date.fromisoformat(starts), "ends_on": date.fromisoformat(ends)}
    if fault is None:
        check_request(inspector="a", home="410928", region=region, **given, today=TODAY)
        return
    with pytest.raises((Malformed, RuleBroken)) as refused:
        check_request(inspector="a", home="410928", region=region, **given, today=TODAY)
    assert _slug(refused.value) == fault


@pytest.mark.parametrize(
    ("state", "decider", "ends", "error"),
    [
        ("requested", "other", "2026-11-02", None),
        ("approved", "other", "2026-11-09", RuleBroken),
        ("rejected", "other", "2026-11-09", RuleBroken),
        ("requested", "asker", "2026-11-09", NotAllowed),
        ("requested", "other", "2026-11-01", RuleBroken),
    ],
)
def test_somebody_else_decides_while_it_matters(
    state: str, decider: str, ends: str, error: type[DomainError] | None
) -> None:
    """Separation of duties; a decision when the days are past would only dress up what happened."""
    given = {"state": state, "requested_by": "asker", "decider": decider}
    if error is None:
        check_decision(**given, ends_on=date.fromisoformat(ends), today=TODAY)
        return
    with pytest.raises(error):
        check_decision(**given, ends_on=date.fromisoformat(ends), today=TODAY)


@pytest.mark.parametrize(
    ("state", "ended", "on", "fault"),
    [
        ("approved", None, "2026-11-02", None),
        ("approved", None, "2026-11-20", None),
        ("approved", None, "2026-11-21", "after-its-end"),
        ("approved", None, "2026-11-01", "past-day"),
        ("requested", None, "2026-11-02", "wrong-state"),
        ("approved", "2026-11-10", "2026-11-05", None),
        ("approved", "2026-11-10", "2026-11-20", None),
        ("approved", "2026-11-02", "2026-11-10", None),
        ("approved", "2026-11-10", "2026-11-21", "after-its-end"),
        ("approved", "2026-11-10", "2026-11-01", "past-day"),
        ("approved", "2026-11-01", "2026-11-10", "already-over"),
    ],
)
def test_an_assignment_ends_early_from_today_on(
    state: str, ended: str | None, on: str, fault: str | None
) -> None:
    """What was drawn under it stands; the end can be moved while it lies ahead, within what was approved."""
    given = {
        "state": state,
        "ends_on": date(2026, 11, 20),
        "ended_on": ended and date.fromisoformat(ended),
        "on": date.fromisoformat(on),
    }
    if fault is None:
        check_end(**given, today=TODAY)  # type: ignore[arg-type]  # as the table says
        return
    with pytest.raises((Malformed, RuleBroken)) as refused:
        check_end(**given, today=TODAY)  # type: ignore[arg-type]  # as the table says
    assert _slug(refused.value) == fault


def test_what_is_over_cannot_end() -> None:
    """Its last day was yesterday."""
    with pytest.raises(RuleBroken, match="already-over"):
        check_end(state="approved", ends_on=date(2026, 11, 1), ended_on=None, on=TODAY, today=TODAY)


@given(starts_on=st.dates(), approved_on=st.dates())
def test_no_approval_reaches_into_the_past(starts_on: date, approved_on: date) -> None:
    """OF10: whoever was left out before it stays rightly left out; days that were asked for ahead stay."""
    first = holds_from(starts_on, approved_on=approved_on)
    assert first >= approved_on
    assert (first == starts_on) == (starts_on >= approved_on)
