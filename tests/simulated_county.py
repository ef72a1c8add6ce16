"""Small counties and settings for simulations, and the seed documents that a simulation reads."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from app import seeds
from app.domain.facts import Officer, Premises, Registration
from app.domain.freezing import RegisterFacts
from app.domain.items import Item, current_items
from app.domain.policy import Policy, parse_policy, policy_digest
from app.domain.simulation.chance import Chance
from app.domain.simulation.course import Setting
from app.domain.simulation.drawing import Law
from app.domain.simulation.recipe import STILL, Course, parse_answers, parse_course
from app.domain.simulation.tally import Tally
from app.domain.working_days import SpecialDay, WorkingCalendar

REGION = "410928"
FIRST = date(2027, 1, 1)
VENUES = "psb.venues"
CAFES = "psb.internet-cafes"
FIRE = "fire.units"
DOCUMENT: dict[str, Any] = json.loads(Path("app/seeds/policies/default.2.json").read_text("utf-8"))
POLICY = parse_policy(DOCUMENT)
ITEMS: dict[str, Item] = current_items(seeds.documents("items"), FIRST)
SEEDS = {document["code"]: document for document in seeds.documents("simulation")}
LIVELY: Course = parse_course(SEEDS["course"])
ANSWERS = parse_answers(SEEDS["answers"])


def plain(policy: Policy = POLICY) -> Policy:
    """The policy with weekly draws alone: no extra draws before holidays."""
    return replace(policy, rhythms=replace(policy.rhythms, extra=()))


def with_surprise(policy: Policy, surprise: int) -> Policy:
    """The policy with the same surprise in each stratum, whatever its size."""
    strata = tuple(replace(rule, surprise=surprise, surprise_per=0) for rule in policy.strata)
    return replace(policy, strata=strata)


def venues(count: int, *, level: int = 3, prefix: str = "sim:v", station: str = "001") -> list[Premises]:
    """KTVs of a level, known since the first day."""
    return [
        Premises(
            id=f"{prefix}{level}-{n:03}",
            region=REGION,
            station=station,
            registrations=(
                Registration(
                    regime="entertainment",
                    subtype="ktv",
                    level=level,
                    registered_on=date(2020, 1, 1),
                    known_since=FIRST,
                ),
            ),
        )
        for n in range(count)
    ]


def officers(count: int, **changes: Any) -> list[Officer]:
    """Officers of the police, every other one a lead, whom nothing restricts."""
    members: dict[str, Any] = {
        "region": REGION,
        "kind": "officer",
        "agency": "psb",
        "certificate_to": date(2040, 1, 1),
        "cap": 40,
    } | changes
    return [Officer(code=f"p{n:02}", lead=n % 2 == 0, **members) for n in range(count)]


def registers(premises: list[Premises], staff: list[Officer] | None = None) -> RegisterFacts:
    """Registers without recusals."""
    return RegisterFacts(premises=premises, officers=officers(12) if staff is None else staff, recusals=())


def no_limits(policy: Policy = POLICY) -> Policy:
    """The policy without a load limit, so that few officers will do."""
    return replace(policy, staffing=replace(policy.staffing, load=None))


def law(policy: Policy = POLICY, *items: str) -> Law:
    """The policy in the county, with these items."""
    wanted = tuple(ITEMS[code] for code in items or (VENUES,))
    return Law(region=REGION, policy=policy, policy_digest=policy_digest(DOCUMENT, "sha256"), items=wanted)


def working(*years: int, off: tuple[date, ...] = ()) -> WorkingCalendar:
    """Plain weeks, with some days off."""
    return WorkingCalendar.of(years or range(2026, 2031), (SpecialDay(day, False, "") for day in off))


def setting(
    policy: Policy = POLICY,
    *items: str,
    last: date = date(2027, 3, 31),
    course: Course = STILL,
    seed: str = "1",
    **changes: Any,
) -> Setting:
    """The first quarter of 2027 in which nothing happens, unless other things are wanted."""
    members: dict[str, Any] = {
        "law": law(policy, *items),
        "calendar": working(),
        "first": FIRST,
        "last": last,
        "course": course,
        "chance": Chance(seed),
    }
    return Setting(**members | changes)


WINDOWS = {VENUES: (1, 2, 3), "psb.special-industry": (1, 2, 3), FIRE: (12,), CAFES: ()}
"""Lengths in months of the calendar windows of each item's duties under the policy."""


def outcomes(tally: Tally) -> dict[str, int]:
    """What became of all duties together."""
    sums: dict[str, int] = {}
    for found in tally.duties.values():
        for what, count in found.items():
            sums[what] = sums.get(what, 0) + count
    return sums
