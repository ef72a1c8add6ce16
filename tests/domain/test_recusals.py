"""Recusals in force (行政处罚法 art. 43)."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.days import add_months
from app.domain.draw.basics.lines import Recusal
from app.domain.eligibility import Visits
from app.domain.facts import DeclaredRecusal
from app.domain.policy import RelationRule, parse_policy
from app.domain.recusals import grounds_in_force, recusals_in_force, recuses

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.1.json").read_text("utf-8")))
VISITS = Visits(region="410928", starts_on=date(2026, 11, 10), ends_on=date(2026, 11, 20))


def _ground(relation: str = "spouse", start: date | None = None, end: date | None = None) -> DeclaredRecusal:
    return DeclaredRecusal(inspector="a1", entity="src:1", relation=relation, starts_on=start, ends_on=end)


@pytest.mark.parametrize(
    ("ground", "holds"),
    [
        (_ground(), True),
        (_ground(start=date(2026, 11, 20)), True),
        (_ground(start=date(2026, 11, 21)), False),
        (_ground(end=date(2026, 11, 10)), True),
        (_ground(end=date(2026, 11, 9)), False),
        (_ground("former_employment"), True),
        (_ground("former_employment", end=date(2023, 11, 11)), True),
        (_ground("former_employment", end=date(2023, 11, 10)), False),
        (_ground("former_employment", end=date(9999, 12, 31)), True),
        (_ground("station_officer"), True),
        (_ground("acquaintance"), False),
    ],
)
def test_a_recusal_holds_on_any_day_of_the_visits(ground: DeclaredRecusal, holds: bool) -> None:  # noqa: FBT001 - a table
    """行政处罚法 art. 43; former employment for three years after its end; open ends are unlimited."""
    assert recuses(ground, visits=VISITS, policy=POLICY) is holds


def test_the_station_officers_recusal_can_be_switched_off() -> None:
    """mission/rules.md: the station officer in charge (*default*, can be off)."""
    off = {**POLICY.relations, "station_officer": RelationRule(in_force=False, months_after=0)}
    policy = replace(POLICY, relations=off)
    assert not recuses(_ground("station_officer"), visits=VISITS, policy=policy)


def test_only_known_pairs_are_recused_each_once_and_sorted() -> None:
    """DR1 section 2: recusals name known inspectors and entities."""
    declared = [
        DeclaredRecusal(inspector=inspector, entity=entity, relation=relation)
        for inspector, entity, relation in [
            ("b", "src:1", "spouse"),
            ("a", "src:2", "self"),
            ("a", "src:2", "lineal"),
            ("x", "src:1", "spouse"),
            ("a", "src:9", "spouse"),
        ]
    ]
    found = recusals_in_force(
        declared, visits=VISITS, policy=POLICY, inspectors={"a", "b"}, entities={"src:1", "src:2"}
    )
    assert found == (Recusal("a", "src:2"), Recusal("b", "src:1"))
    grounds = grounds_in_force(
        declared, visits=VISITS, policy=POLICY, inspectors={"a", "b"}, entities={"src:1", "src:2"}
    )
    assert [(one.inspector, one.relation) for one in grounds] == [
        ("b", "spouse"),
        ("a", "self"),
        ("a", "lineal"),
    ]


DAYS = st.none() | st.dates(date(2023, 10, 1), date(2026, 12, 31))


@given(st.sampled_from(["spouse", "former_employment"]), DAYS, DAYS)
def test_a_ground_recuses_exactly_where_some_day_of_the_visits_lies_in_it(
    relation: str, start: date | None, end: date | None
) -> None:
    """Day by day; former employment goes on for 36 months, whose first day it excludes."""
    days = [VISITS.starts_on + timedelta(days=n) for n in range(11)]
    over = end and (add_months(end, 36) if relation == "former_employment" else end + timedelta(days=1))
    held = any((start is None or start <= day) and (over is None or day < over) for day in days)
    overlaps = start is None or end is None or start < (over or date.max)
    if overlaps:
        assert recuses(_ground(relation, start, end), visits=VISITS, policy=POLICY) is held
