"""Windows that ended: met, missed, or out of duty; what a league table counts."""

from datetime import date

import pytest

from app.domain.duties.ended import EndedWindow, ended_windows
from app.domain.duties.terms import DutyTerms
from app.domain.facts import Change, Registration
from app.domain.policy import Policy
from tests.domain.duties.cases import POLICY, ROLLING, VENUES, day, ktv, visit
from tests.policies_of_tests import first_policy


def ended(
    registration: Registration, *visits: str, first: str, last: str, policy: Policy = POLICY
) -> list[tuple[date, date | None, bool]]:
    """Give the end of each window, the day that met it, and whether it was missed."""
    found = ended_windows(
        registration,
        visits=[visit(on) for on in visits],
        policy=policy,
        terms=DutyTerms(policy),
        item=VENUES,
        first=day(first),
        last=day(last),
    )
    return [(one.window.ends_on, one.met_on, one.missed) for one in found]


def test_each_window_that_ended_is_met_or_missed() -> None:
    """Of September to November one visit in October: the first of two counts, November has none."""
    assert ended(ktv(3), "09-05", "10-31", "10-02", first="09-30", last="11-30") == [
        (day("09-30"), day("09-05"), False),
        (day("10-31"), day("10-02"), False),
        (day("11-30"), None, True),
    ]
    assert ended(ktv(3), first="10-01", last="10-30") == []


def test_what_lost_its_level_rolls_no_further() -> None:
    """The window that was begun is finished, and none follows."""
    eased = ktv(None, changes=(Change(on=day("01-20"), status_before="operating", level_before=3),))
    assert ended(eased, "01-10", first="01-01", last="06-30", policy=ROLLING) == [
        (day("02-01"), day("01-10"), False),
        (day("02-10"), None, True),
    ]


def test_what_does_not_operate_or_owes_nothing_has_no_windows() -> None:
    """Closed or suspended is not in the roster; a policy without duties owes nothing."""
    assert ended(ktv(3, status="suspended"), first="10-01", last="11-30") == []
    assert ended(ktv(3), first="10-01", last="11-30", policy=first_policy()) == []


def test_out_of_duty_is_no_miss_from_the_day_on() -> None:
    """«*unreachable*: reported apart from *missed*»: October was missed before, November is excused."""
    out = ktv(3, out_of_duty="04", out_since=day("11-05"))
    found = ended_windows(
        out,
        visits=(),
        policy=POLICY,
        terms=DutyTerms(POLICY),
        item=VENUES,
        first=day("10-01"),
        last=day("11-30"),
    )
    assert [(one.missed, one.out_of_duty) for one in found] == [(True, None), (False, "04")]
    assert found[1] == EndedWindow(found[1].window, None, "04")


@pytest.mark.parametrize(
    ("visits", "expected"),
    [
        # first due a month after the policy's first day, met on 10 January; then due on 10 February
        (("01-10", "02-08"), [("02-01", "01-10"), ("02-10", "02-08"), ("03-08", None)]),
        # never visited: due on 1 February, a month after the policy's first day, and each month after
        ((), [("02-01", None), ("03-01", None)]),
        # visited too late: what was due on 10 February is missed, the next was met; due again on 20 March
        (
            ("01-10", "02-20"),
            [("02-01", "01-10"), ("02-10", None), ("03-10", "02-20"), ("03-20", None)],
        ),
        # the last visit before the policy reaches into it
        (("2025-12-20",), [("01-20", None), ("02-20", None), ("03-20", None)]),
    ],
)
def test_windows_that_roll_end_too(visits: tuple[str, ...], expected: list[tuple[str, str | None]]) -> None:
    """From each visit to the next."""
    found = ended(ktv(3), *visits, first="01-01", last="03-20", policy=ROLLING)
    got = [(f"{end:%m-%d}", None if met is None else f"{met:%m-%d}") for end, met, _ in found]
    assert got == expected
