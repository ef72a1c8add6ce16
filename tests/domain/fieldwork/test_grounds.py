"""Who of a team may not go by now: at the door by the law, ahead by everything an amendment asks."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.domain.eligibility import Visits
from app.domain.facts import Absence, Officer
from app.domain.fieldwork.grounds import ahead, at_the_door, days_left

TODAY = date(2026, 11, 5)
LEFT = Visits(region="410928", starts_on=TODAY, ends_on=date(2026, 11, 10))
OFFICER = Officer(
    code="a", region="410928", kind="officer", agency="psb", lead=False, certificate_to=date(2030, 12, 31)
)
AWAY = (Absence(starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 20)),)
SLOTS = [["agency:psb"]]

CASES: list[tuple[dict[str, Any], bool, str | None, str | None]] = [
    ({}, False, None, None),
    ({}, True, "recused", "recused"),
    ({"certificate_to": date(2026, 11, 4)}, False, "certificate-expired", "certificate-expired"),
    # Valid today, not on the last day: he may go today, and somebody else on the others.
    ({"certificate_to": date(2026, 11, 5)}, False, None, "certificate-expired"),
    ({"certificate_to": date(2026, 11, 10)}, False, None, None),
    ({"kind": "auxiliary"}, False, "auxiliary", "auxiliary"),
    # The law asks for a certificate: training, leave and transfers change the team, not who may stand there.
    ({"absences": AWAY}, False, None, "absent"),
    ({"absences": (replace(AWAY[0], starts_on=date(2026, 11, 11)),)}, False, None, None),
    ({"training_to": date(2026, 11, 1)}, False, None, "training-expired"),
    ({"region": "410900"}, False, None, None),
    ({"region": "320102"}, False, None, "other-region"),
    ({"agency": "fire"}, False, None, "other-agency"),
]


@pytest.mark.parametrize(("changes", "recused", "door", "before"), CASES)
def test_each_ground_by_hand(
    changes: dict[str, Any], *, recused: bool, door: str | None, before: str | None
) -> None:
    """行政处罚法 art. 42 and 43 at the door; all of an amendment's grounds before it."""
    officer = replace(OFFICER, **changes)
    assert at_the_door(officer, on=TODAY, recused=recused) == door
    assert ahead(officer, visits=LEFT, slots=SLOTS, recused=recused) == before


def test_whoever_may_not_stand_at_the_door_can_be_replaced() -> None:
    """Each refusal leads somewhere: what holds at the door on a day holds for the days left of the visit."""
    for changes, recused, _, _ in CASES:
        officer = replace(OFFICER, **changes)
        if at_the_door(officer, on=TODAY, recused=recused) is not None:
            assert ahead(officer, visits=LEFT, slots=SLOTS, recused=recused) is not None


def test_nobody_whom_the_register_does_not_know_may_go() -> None:
    """There is no certificate to look at."""
    assert at_the_door(None, on=TODAY, recused=False) == "unknown"
    assert ahead(None, visits=LEFT, slots=(), recused=False) == "unknown"


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 1), date(2026, 11, 3)),
        (date(2026, 11, 5), date(2026, 11, 5)),
        (date(2026, 11, 30), date(2026, 11, 10)),
    ],
)
def test_only_the_days_left_count(today: date, first: date) -> None:
    """What was over before today keeps nobody from the rest; after the window its last day is left."""
    window = (date(2026, 11, 3), date(2026, 11, 10))
    assert days_left("410928", window, today=today) == Visits(
        region="410928", starts_on=first, ends_on=window[1]
    )
