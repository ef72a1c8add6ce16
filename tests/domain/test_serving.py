"""Rotation, load and recusals reach the lists that DR1 freezes, from the facts of registers alone."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from app.domain.draw.basics.lines import Recusal
from app.domain.facts import DeclaredRecusal, Officer, PlacedVisit, Premises, Registration, Visit
from app.domain.freezing import FreezeInput, RegisterFacts, freeze_input
from app.domain.items import current_items
from app.domain.policies.staffing import LoadRule
from app.domain.policy import parse_policy

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.2.json").read_text("utf-8")))
DOCUMENTS = [json.loads(p.read_text("utf-8")) for p in sorted(Path("app/seeds/items").glob("*.json"))]
TODAY = date(2026, 11, 2)
VENUES = current_items(DOCUMENTS, TODAY)["psb.venues"]


class Ask:
    """A plan for the venues of the county."""

    region = "410928"
    item = "psb.venues"
    period = "2026-11.2"
    scope: dict[str, list[Any]] = {"regimes": [], "levels": [], "stations": []}  # noqa: RUF012 - a plan's own
    strata: list[dict[str, Any]] | None = None
    visit_from = date(2026, 11, 10)
    visit_to = date(2026, 11, 20)


def _visit(day: str, *inspectors: str) -> Visit:
    return Visit(
        item="psb.venues",
        on=date.fromisoformat(day),
        kind="drawn",
        agency="psb",
        codes=("05",),
        inspectors=inspectors,
    )


def _venue(n: int, *visits: Visit) -> Premises:
    return Premises(
        id=f"src:{n:03}",
        region="410928",
        station="001",
        registrations=(Registration(regime="entertainment", subtype="ktv", level=1),),
        visits=visits,
    )


def _officer(code: str) -> Officer:
    return Officer(
        code=code,
        region="410928",
        kind="officer",
        agency="psb",
        lead=True,
        certificate_to=date(2030, 1, 1),
        cap=5,
    )


def _frozen(facts: RegisterFacts, **policy: Any) -> FreezeInput:
    return freeze_input(
        Ask(),
        facts,
        slots=[["role:lead"], ["agency:psb"]],
        item=VENUES,
        policy=replace(POLICY, **policy),
        policy_digest="d" * 64,
        on=TODAY,
        draw_ends=(Ask.visit_to,),
    )


FACTS = RegisterFacts(
    premises=[
        _venue(1, _visit("2026-10-20", "a", "b")),
        _venue(2, _visit("2026-10-21", "a"), _visit("2026-07-01", "c")),
        *(_venue(n) for n in range(3, 13)),
    ],
    officers=[_officer(code) for code in "abcdef"],
    recusals=[DeclaredRecusal(inspector="c", entity="src:001", relation="spouse")],
)


def test_a_draw_from_files_rotates_by_the_visits_of_its_premises() -> None:
    """W4: the last team is recused together with the spouse; c's visit lies one visit further back."""
    found = _frozen(FACTS)
    assert found.recusals == (
        Recusal("a", "src:001"),
        Recusal("a", "src:002"),
        Recusal("b", "src:001"),
        Recusal("c", "src:001"),
    )
    kinds = [(row["kind"], row["inspector"], row["entity"]) for row in found.exclusions.rows()]
    assert kinds == [
        ("recusal", "c", "src:001"),
        ("rotation", "a", "src:001"),
        ("rotation", "a", "src:002"),
        ("rotation", "b", "src:001"),
    ]


def test_what_the_database_says_of_last_visits_counts_instead_of_the_premises_own() -> None:
    """A server reads them further back than what tickets need."""
    far_back = PlacedVisit(entity="src:003", on=date(2024, 1, 1), agency="psb", inspectors=("d",))
    found = _frozen(replace(FACTS, last_visits=(far_back,)))
    assert [(one.inspector, one.entity) for one in found.exclusions.rotation.kept] == [("d", "src:003")]


def test_the_load_of_the_quarter_lowers_caps_or_leaves_out() -> None:
    """Load 3 a quarter: a made two visits since 1 October and takes one more, b two; c made his in July."""
    load = LoadRule(months=3, most=3, basis="测试")
    found = _frozen(FACTS, staffing=replace(POLICY.staffing, load=load))
    assert {one.id: one.cap for one in found.inspectors} == {"a": 1, "b": 2, "c": 3, "d": 3, "e": 3, "f": 3}
    found = _frozen(replace(FACTS, taken={"a": 3}), staffing=replace(POLICY.staffing, load=load))
    assert [(one.inspector, one.reason) for one in found.excluded] == [("a", "load-reached")]


def test_a_policy_without_load_and_rotation_keeps_nobody_out() -> None:
    """Both are the policy's choice."""
    found = _frozen(FACTS, staffing=replace(POLICY.staffing, load=None, rotation_visits=0))
    assert found.recusals == (Recusal("c", "src:001"),)
    assert {one.cap for one in found.inspectors} == {5}
