"""A re-inspection 复查 is a burden and serves no duty, in every policy that comes with the application."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.authorities import Authority
from app.domain.facts import Registration, Visit
from app.domain.fieldwork.visit import Kind
from app.domain.policy import Policy, parse_policy
from app.domain.regions import Level
from app.domain.tickets import count_tickets

POLICIES = sorted(Path("app/seeds/policies").glob("*.json"))
ON = date(2026, 11, 2)
AGAIN = Visit(item="fire.units", on=date(2026, 9, 1), kind=Kind.REINSPECTION, agency="fire", codes=("01",))
DRAWN = replace(AGAIN, kind=Kind.DRAWN)


def note_of(policy: Policy, *visits: Visit) -> tuple[int, object]:
    """Tickets of a fire unit after some visits, and why there are none."""
    count = count_tickets(
        Registration(regime="fire_unit", subtype="general"),
        key_area=False,
        events=(),
        visits=visits,
        policy=policy,
        item="fire.units",
        authority=Authority("fire", Level.COUNTY),
        on=ON,
    )
    return count.tickets, count.note


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_reinspection_serves_no_duty_and_gives_no_relief(path: Path) -> None:
    """rules.md, «What counts»: drawn visits; a clean drawn one halves the tickets, this does not."""
    policy = parse_policy(json.loads(path.read_text("utf-8")))
    assert Kind.REINSPECTION not in policy.counting.kinds
    assert note_of(policy, DRAWN)[0] == 1
    assert note_of(policy, AGAIN)[0] == note_of(policy)[0] == policy.base


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_reinspection_counts_in_the_annual_cap(path: Path) -> None:
    """rules.md, «Tickets»: not counted are only complaint, transfer, emergency, campaign."""
    policy = parse_policy(json.loads(path.read_text("utf-8")))
    capped = replace(policy, annual_cap=replace(policy.annual_cap, visits=1))
    assert Kind.REINSPECTION not in capped.annual_cap.exempt_kinds
    assert note_of(capped)[0] == policy.base
    assert note_of(capped, AGAIN)[0] == 0
    assert note_of(capped, replace(AGAIN, kind=Kind.COMPLAINT))[0] == policy.base
