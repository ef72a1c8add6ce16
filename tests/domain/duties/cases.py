"""A policy, registrations and draws to try duties on."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from app.domain.duties.owed import Owed, draws_left
from app.domain.facts import OpenVisit, Registration, Visit
from app.domain.policy import Policy, parse_policy

DOCUMENT = json.loads(Path("app/seeds/policies/default.2.json").read_text("utf-8"))
POLICY = parse_policy(DOCUMENT)
VENUES = "psb.venues"


def with_duties(**changes: Any) -> Policy:
    """Give the policy with other rules for duties."""
    if POLICY.duties is None:
        raise AssertionError("the seeded policy has duties")
    return replace(POLICY, duties=replace(POLICY.duties, **changes))


ROLLING = with_duties(rolling=True)


def day(text: str) -> date:
    """Give the day `MM-DD` of 2026, or a whole date."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


def days(*texts: str) -> tuple[date, ...]:
    """Give several days."""
    return tuple(day(text) for text in texts)


def weeks(month: str) -> list[tuple[date, date]]:
    """Give the weekly draws of a month of 2026: Monday to Friday, cut at the month's ends."""
    first = day(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    mondays = [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).weekday() == 0]
    return [(monday, min(monday + timedelta(days=4), last)) for monday in mondays if monday <= last]


def ktv(level: int | None = 3, **facts: Any) -> Registration:
    """Give a KTV of a level that the service has known since before the policy."""
    known: dict[str, Any] = {"known_since": date(2025, 1, 1)} | facts
    return Registration(regime="entertainment", subtype="ktv", level=level, **known)


def visit(on: str, *codes: str, kind: str = "drawn", item: str = VENUES) -> Visit:
    """Give a visit by the police; without codes one that found nothing."""
    return Visit(item=item, on=day(on), kind=kind, agency="psb", codes=codes or ("01",))


def owed(
    registration: Registration,
    *,
    visit_from: str = "11-02",
    visit_to: str = "11-06",
    ends: Iterable[str] = ("11-06", "11-13", "11-20", "11-27"),
    on: str | None = None,
    visits: Iterable[Visit] = (),
    open_visits: Iterable[OpenVisit] = (),
    policy: Policy = POLICY,
) -> Owed:
    """Ask what a registration owes the draw of the first week of November 2026, unless another is named."""
    return draws_left(
        registration,
        visits=tuple(visits),
        open_visits=tuple(open_visits),
        policy=policy,
        item=VENUES,
        on=day(on or visit_from),
        visit_from=day(visit_from),
        visit_to=day(visit_to),
        draw_ends=[day(one) for one in ends],
    )
