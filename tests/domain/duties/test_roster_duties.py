"""Duties, caps and merging in the roster (mission/rules.md, «Roster», «Tickets»)."""

import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.authorities import Authority
from app.domain.draw.basics.lines import check_roster_line
from app.domain.duties.collisions import (
    UNDECIDED,
    CapThere,
    Collision,
    Yields,
    class_subject,
    decided,
    entity_subject,
    find_collisions,
    gives_way,
)
from app.domain.duties.owed import Why
from app.domain.facts import Change, Officer, OpenVisit, Premises, Registration, Visit
from app.domain.freezing import FreezeInput, RegisterFacts, freeze_input, visits_that_matter
from app.domain.items import current_items
from app.domain.policy import Policy
from app.domain.premises_line import PremisesLine
from app.domain.regions import Level
from app.domain.roster import build_roster
from app.domain.roster_lines import premises_line
from app.domain.roster_rules import RosterRules, Scope
from tests.domain.duties.cases import POLICY, ROLLING, VENUES, day, days, ktv, visit, with_duties

ON = date(2026, 11, 2)
DOCUMENTS = [json.loads(path.read_text("utf-8")) for path in sorted(Path("app/seeds/items").glob("*.json"))]
ITEMS = current_items(DOCUMENTS, ON)
SPECIAL = "psb.special-industry"
BOTH = ("entertainment", "special_industry")
PSB = Authority("psb", Level.COUNTY)
CAPPED = replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=4))


def hotel(level: int | None = 3, **facts: Any) -> Registration:
    """Give a hotel that the service has known for long."""
    known: dict[str, Any] = {"known_since": date(2025, 1, 1)} | facts
    return Registration(regime="special_industry", subtype="hotel", level=level, **known)


def place(*registrations: Registration, identity: str = "src:1", **facts: Any) -> Premises:
    """Give a premises of the county that was visited in October for both items."""
    october = (visit("10-20"), visit("10-20", item=SPECIAL))
    kept: dict[str, Any] = {"visits": october} | facts
    return Premises(id=identity, region="410928", registrations=registrations, **kept)


def rules(policy: Policy = POLICY, **changes: Any) -> RosterRules:
    """Give the rules of the first weekly draw of November, three more to come."""
    made = RosterRules(
        item=VENUES,
        agency="psb",
        scope=Scope(region="410928", regimes=BOTH),
        rules=policy.strata,
        policy=policy,
        on=ON,
        visit_from=day("11-03"),
        visit_to=day("11-06"),
        draw_ends=days("11-06", "11-15", "11-22", "11-30"),
    )
    return replace(made, **changes)


def line(premises: Premises, policy: Policy = POLICY, **changes: Any) -> PremisesLine:
    """Give the line of a premises that DR1 accepts."""
    found = premises_line(premises, rules(policy, **changes))
    assert found.line is not None
    check_roster_line(found.line)
    return found


def test_several_registrations_take_the_smallest_positive_draws_left() -> None:
    """Level 3 counts November's draws, level 2 those of two months; what owes nothing takes no part."""
    found = line(
        place(ktv(2), hotel(3)), draw_ends=days("11-06", "11-15", "11-22", "11-30", "12-06", "12-13")
    )
    assert found.line is not None
    assert (found.line.draws_left, found.owed and found.owed.why) == (3, Why.OWED)
    graded = line(
        place(ktv(None), hotel(3)), rules=tuple(r for r in POLICY.strata if r.match.level is not None)
    )
    assert graded.line is not None
    assert graded.line.draws_left == 3
    met = line(place(ktv(3), visits=(visit("11-01"),)))
    assert met.line is not None
    assert (met.line.draws_left, met.owed and met.owed.why) == (0, Why.MET)


def test_a_default_level_gives_the_ungraded_a_stratum_and_a_duty() -> None:
    """«No level: preflight error, unless the policy has a default level»."""
    without = build_roster([place(ktv(None))], rules())
    assert (without.ungraded, without.lines) == (("src:1",), ())
    roster = build_roster([place(ktv(None))], rules(with_duties(default_level=3)))
    assert roster.ungraded == ()
    assert [(one.stratum, one.draws_left) for one in roster.lines] == [("entertainment-3", 3)]


def test_what_owes_is_drawable_though_it_would_cool_down() -> None:
    """A level taken away in November leaves November owed: no cool-down, whoever visited yesterday."""
    ungraded = ktv(None, changes=(Change(on=ON, status_before="operating", level_before=3),))
    fire = Visit(item="fire.units", on=day("11-01"), kind="drawn", agency="fire", codes=("05",))
    everything = tuple(replace(r, match=replace(r.match, level=None)) for r in POLICY.strata[:1])
    found = line(place(ungraded, visits=(visit("10-20"), fire)), rules=everything)
    assert found.line is not None
    assert (found.line.tickets > 0, found.line.draws_left) == (True, 3)


def test_the_windows_that_visits_reach_over_are_told() -> None:
    """The draws that serve a window have their visits inside it."""
    roster = build_roster([place(ktv(3))], rules(visit_from=day("11-28"), visit_to=day("12-04")))
    assert [window.ends_on for window in roster.straddled] == [day("11-30")]
    assert build_roster([place(ktv(3))], rules()).straddled == ()


@pytest.mark.parametrize(
    ("visits", "told"),
    [
        ((OpenVisit(items=(VENUES,)),), ("src:1",)),
        # carried by another item's visit it cannot be drawn
        ((OpenVisit(items=(SPECIAL, VENUES)),), ()),
        # another item's visit, or one that nobody made in time
        ((OpenVisit(items=(SPECIAL,)),), ()),
        ((OpenVisit(items=(VENUES,), visit_to=day("11-01")),), ()),
        ((), ()),
    ],
)
def test_premises_that_can_be_drawn_over_an_open_visit_are_told(
    visits: tuple[OpenVisit, ...], told: tuple[str, ...]
) -> None:
    """«`draws_left` is 0 if a visit from an earlier draw of the item is still open»: its tickets stay."""
    assert build_roster([place(ktv(3), open_visits=visits)], rules()).visit_open == told


def test_merged_into_another_draws_visit_it_has_no_tickets() -> None:
    """«the other draws give it 0 tickets (`merged`)»; an own open visit leaves it drawable."""
    carried = line(place(ktv(3), open_visits=(OpenVisit(items=(SPECIAL, VENUES)),)))
    assert carried.line is not None
    assert (carried.line.tickets, carried.line.note, carried.line.draws_left) == (0, "merged", 0)
    assert carried.counted is not None
    assert sum(one.tickets for one in carried.counted.lines) == 0
    # what has no tickets anyway keeps its own reason
    capped = line(place(ktv(3), visits=used(4), open_visits=(OpenVisit(items=(SPECIAL, VENUES)),)), CAPPED)
    assert capped.line is not None
    assert capped.line.note == "annual-cap"
    own = line(place(ktv(3), open_visits=(OpenVisit(items=(VENUES, SPECIAL)),)))
    assert own.line is not None
    assert (own.line.tickets > 0, own.line.draws_left) == (True, 0)


def used(count: int) -> tuple[Visit, ...]:
    """Give so many visits of the police this year, the last of them in October."""
    return tuple(visit(f"{10 - n:02}-20") for n in range(count))


THREE = class_subject(next(duty for duty in POLICY.frequency if duty.match.level == 3))


@pytest.mark.parametrize(
    ("decisions", "tickets", "note", "draws_left", "undecided"),
    [
        # nobody decided: the line owes as ever, and is named; no plan with it is approved
        ({}, 1, None, 3, True),
        # the cap yields: drawable, with what it owes
        ({THREE: Yields.CAP}, 1, None, 3, False),
        # the duty yields: no tickets, and nothing owed
        ({THREE: Yields.DUTY}, 0, "annual-cap", 0, False),
        # its own decision goes before that of its class
        ({THREE: Yields.CAP, entity_subject("src:1"): Yields.DUTY}, 0, "annual-cap", 0, False),
        ({entity_subject("src:2"): Yields.DUTY}, 1, None, 3, True),
    ],
)
def test_what_yields_where_duty_and_cap_collide(
    decisions: dict[str, Yields],
    tickets: int,
    note: str | None,
    draws_left: int,
    undecided: bool,  # noqa: FBT001 - a table
) -> None:
    """«decided (which yields, why, by whom) before approval»; 2 tickets, halved after a clean visit."""
    found = line(place(ktv(3), visits=used(4)), CAPPED, decisions=decisions)
    assert found.line is not None
    assert found.line.note == note
    assert (found.line.tickets, found.line.draws_left) == (tickets, draws_left)
    assert found.undecided is undecided
    roster = build_roster([place(ktv(3), visits=used(4))], rules(CAPPED, decisions=decisions))
    assert roster.undecided == (("src:1",) if undecided else ())


def test_the_cap_of_the_visits_year_counts() -> None:
    """Frozen in December for visits in January: last year's visits are used up, this year's are not."""
    january = {
        "visit_from": day("2027-01-04"),
        "visit_to": day("2027-01-08"),
        "draw_ends": days("2027-01-08"),
    }
    found = line(place(ktv(3), visits=used(4)), CAPPED, on=day("12-30"), **january)
    assert found.line is not None
    assert (found.line.tickets > 0, found.undecided) == (True, False)


def collisions(
    *premises: Premises, policy: Policy = CAPPED, on: str = "11-02", **asked: Any
) -> list[Collision]:
    """Find the collisions of 2026."""
    given: dict[str, Any] = {"regimes": BOTH, "levels": (), "year": 2026} | asked
    return list(
        find_collisions(premises, policy=policy, item=ITEMS[VENUES], authority=PSB, on=day(on), **given)
    )


def test_a_class_collides_where_the_duty_wants_more_than_the_cap() -> None:
    """Four visits a year: 12 for level 3 and 6 for level 2 are impossible, 4 for level 1 are not."""
    county = [place(ktv(level), identity=f"src:{level}") for level in (1, 2, 3)] + [place(ktv(3))]
    found = [(one.subject, one.needed, one.registrations) for one in collisions(*county)]
    assert found == [("class:entertainment-2", 6, 1), ("class:entertainment-3", 12, 2)]
    assert [one.subject for one in collisions(*county, levels=(2,))] == ["class:entertainment-2"]
    assert collisions(*county, policy=POLICY) == []
    assert collisions(*county, regimes=("fire_unit",)) == []
    assert collisions(place(ktv(3, status="closed")), place(ktv(None))) == []
    # what is not owed yet, or not any more, wants nothing
    assert collisions(place(ktv(1, registered_on=ON), visits=used(4))) == []
    assert collisions(place(ktv(1, out_of_duty="12", out_since=ON), visits=used(4))) == []


@pytest.mark.parametrize(
    ("visits", "on", "policy", "collides"),
    [
        # 4 used, the last quarter is still wanted
        (("01-10", "02-10", "05-10", "08-10"), "11-02", CAPPED, (4, 1)),
        # 3 used and the last quarter make 4
        (("01-10", "05-10", "08-10"), "11-02", CAPPED, None),
        # 4 used, the last quarter is met
        (("01-10", "05-10", "08-10", "10-10"), "11-02", CAPPED, None),
        # in May 3 used: the second quarter is met, two more are wanted
        (("01-10", "02-10", "04-10"), "05-02", CAPPED, (3, 2)),
        # one visit that carried two items is one
        (("01-10", "01-10", "05-10", "08-10"), "11-02", CAPPED, None),
        # rolling: due in January again, not this year any more
        (("01-10", "02-10", "05-10", "10-20"), "11-02", replace(CAPPED, duties=ROLLING.duties), None),
        # rolling: due on 10 November
        (("01-10", "02-10", "05-10", "08-10"), "11-02", replace(CAPPED, duties=ROLLING.duties), (4, 1)),
        # rolling: overdue since July, wanted now and in three months no more this year
        (("01-10", "02-10", "03-10", "04-10"), "11-02", replace(CAPPED, duties=ROLLING.duties), (4, 1)),
    ],
)
def test_an_entity_collides_that_used_up_too_many(
    visits: tuple[str, ...], on: str, policy: Policy, collides: tuple[int, int] | None
) -> None:
    """Level 1 wants 4 a year: what was used and what is still wanted may be more than the cap."""
    found = collisions(place(ktv(1), visits=tuple(visit(one) for one in visits)), policy=policy, on=on)
    assert [(one.used, one.needed) for one in found] == ([] if collides is None else [collides])
    assert [one.subject for one in found] == [entity_subject("src:1") for _ in found]


def test_a_duty_gives_way_once_the_cap_is_reached() -> None:
    """Not before, not where nobody decided so, not without a cap."""
    duty = next(duty for duty in POLICY.frequency if duty.match.level == 3)
    there = CapThere(cap=CAPPED.annual_cap, decisions={THREE: Yields.DUTY}, authority=PSB)
    full, left, on = place(ktv(3), visits=used(4)), place(ktv(3), visits=used(3)), day("11-02")
    assert gives_way(full, duty, caps=(there,), on=on)
    assert not gives_way(left, duty, caps=(there,), on=on)
    assert not gives_way(full, duty, caps=(replace(there, cap=POLICY.annual_cap),), on=on)
    assert not gives_way(full, duty, caps=(replace(there, decisions=UNDECIDED),), on=on)
    # where a city's draws serve the duty besides, it must give way there too
    of_city = replace(there, authority=Authority("psb", Level.CITY))
    by_county = place(ktv(3), visits=tuple(replace(one, level=Level.COUNTY) for one in used(4)))
    assert gives_way(full, duty, caps=(there, of_city), on=on)
    assert not gives_way(by_county, duty, caps=(there, of_city), on=on)
    assert gives_way(by_county, duty, caps=(there,), on=on)
    assert not gives_way(full, duty, caps=(), on=on)
    assert decided({THREE: Yields.CAP}, entity="src:1", duty=None) is None


@dataclass(frozen=True)
class Ask:
    """A plan for the venues of the county, its visits in the first week of November."""

    region: str = "410928"
    scope: dict[str, list[Any]] = field(
        default_factory=lambda: {"regimes": ["entertainment"], "levels": [], "stations": []}
    )
    strata: list[dict[str, Any]] | None = None
    visit_from: date = date(2026, 11, 3)
    visit_to: date = date(2026, 11, 6)


def frozen(
    *premises: Premises,
    officers: int = 4,
    ask: Ask | None = None,
    slots: tuple[tuple[str, ...], ...] = (("agency:psb",), ("agency:psb",)),
    policy: Policy = POLICY,
    regimes: tuple[str, ...] = BOTH,
) -> FreezeInput:
    """Freeze these premises with so many officers who qualify for these regimes."""
    staff = [
        Officer(
            code=f"o{n}",
            region="410928",
            kind="officer",
            agency="psb",
            lead=True,
            certificate_to=date(2030, 1, 1),
            regimes=regimes,
        )
        for n in range(officers)
    ]
    return freeze_input(
        ask or Ask(),
        RegisterFacts(premises=list(premises), officers=staff, recusals=[]),
        slots=slots,
        item=ITEMS[VENUES],
        policy=policy,
        policy_digest="d" * 64,
        on=ON,
        draw_ends=days("11-06", "11-15", "11-22", "11-30"),
        items=ITEMS.values(),
    )


def test_what_falls_due_within_thirty_days_is_merged() -> None:
    """«their tags join `needs`, the visit carries those items»: a KTV in a hotel, due on 30 November."""
    found = frozen(
        place(ktv(3), hotel(3)), place(ktv(3), identity="src:2"), place(ktv(3), hotel(3), identity="src:3")
    )
    assert found.merged == {"src:1": (SPECIAL,), "src:3": (SPECIAL,)}
    assert {one.id: one.needs for one in found.roster if one.id != "src:3"} == {
        "src:1": ("district:410928", "regime:entertainment", "regime:special_industry"),
        "src:2": ("district:410928", "regime:entertainment"),
    }


@pytest.mark.parametrize(
    ("premises", "given"),
    [
        # level 1: due on 31 December, more than 30 days after 3 November
        (place(ktv(3), hotel(1), visits=(visit("10-20"), visit("09-20", item=SPECIAL))), {}),
        # met already; a visit for it is open; out of duty; closed
        (place(ktv(3), hotel(3), visits=(visit("10-20"), visit("11-01", item=SPECIAL))), {}),
        (place(ktv(3), hotel(3), open_visits=(OpenVisit(items=(SPECIAL,)),)), {}),
        (place(ktv(3), hotel(3, out_of_duty="04", out_since=ON)), {}),
        (place(ktv(3), hotel(3, status="closed")), {}),
        # 3 officers are fewer than 2 × 2; or too few of them qualify for both
        (place(ktv(3), hotel(3)), {"officers": 3}),
        (place(ktv(3), hotel(3)), {"regimes": ("entertainment",)}),
        # a window that closes before the last visit could be missed by the visit that should meet it
        (place(ktv(3), hotel(3)), {"ask": Ask(visit_from=day("11-25"), visit_to=day("12-04"))}),
        # no place of its agency in the team; a single-random draw; a policy that merges nothing
        (place(ktv(3), hotel(3)), {"slots": (("agency:fire",), ("agency:fire",))}),
        (place(ktv(3), hotel(3)), {"slots": ()}),
        (place(ktv(3), hotel(3)), {"policy": replace(POLICY, merging=None)}),
        # what is not drawable carries nothing
        (place(ktv(3), hotel(3), open_visits=(OpenVisit(items=("fire.units", VENUES)),)), {}),
    ],
)
def test_otherwise_there_is_no_merge(premises: Premises, given: dict[str, Any]) -> None:
    """Nothing joins the needs, the visit carries its own item alone."""
    found = frozen(premises, **given)
    assert found.merged == {}
    assert all("regime:special_industry" not in one.needs for one in found.roster)


def test_what_is_overdue_is_merged_whenever_it_was_due() -> None:
    """October was missed for the hotel: the first visit that can carry it does."""
    found = frozen(place(ktv(3), hotel(3), visits=(visit("10-20"),)))
    assert found.merged == {"src:1": (SPECIAL,)}


def test_visits_of_the_year_before_can_matter() -> None:
    """No window of a duty that can be overdue began before last new year; without duties the cap's year."""
    assert visits_that_matter(POLICY, ON) == date(2025, 1, 1)
