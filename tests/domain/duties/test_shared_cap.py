"""The annual cap is the entity's: what several items of an agency want there adds up.

«Annual cap: visits per entity, agency level and year. … A duty that the cap makes impossible is a
*collision*: found for the year ahead, and decided … before approval» (mission/rules.md, «Tickets»).
"""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.authorities import Authority
from app.domain.duties.collisions import Collision, find_collisions
from app.domain.facts import Premises, Registration, Visit
from app.domain.policy import Policy
from app.domain.regions import Level
from tests.domain.duties.cases import POLICY, VENUES, ktv, visit
from tests.domain.duties.test_roster_duties import ITEMS, SPECIAL, hotel, place

WHOLE_YEAR = date(2027, 1, 1)


def capped(visits: int) -> Policy:
    """The policy with a cap of so many visits a year."""
    return replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=visits))


def collide(*premises: Premises, cap: int, item: str = VENUES, **asked: Any) -> list[Collision]:
    """The collisions of the venues in 2027, seen on its first day."""
    given: dict[str, Any] = {"regimes": ITEMS[item].regimes, "levels": (), "on": WHOLE_YEAR, "year": 2027}
    given["authority"] = Authority(ITEMS[item].agency, Level.COUNTY)
    found = find_collisions(
        premises, policy=capped(cap), item=ITEMS[item], items=ITEMS.values(), **given | asked
    )
    return list(found)


@pytest.mark.parametrize(
    ("venue", "lodging", "cap", "found"),
    [
        # 12 and 12 visits a year
        (3, 3, 24, []),
        (3, 3, 23, [("entity:src:1", 12, 12)]),
        # 4 as a venue, 6 as a hotel
        (1, 2, 10, []),
        (1, 2, 9, [("entity:src:1", 4, 6)]),
        # the hotel's duty is impossible by itself, and leaves nothing for the venue's
        (1, 3, 10, [("entity:src:1", 4, 12)]),
        # the venue's duty is impossible by itself: its class collides, whatever the hotel wants
        (3, 1, 10, [("class:entertainment-3", 12, 0)]),
    ],
)
def test_duties_of_two_items_add_up(
    venue: int, lodging: int, cap: int, found: list[tuple[str, int, int]]
) -> None:
    """Levels 3, 2, 1: 12, 6, 4 visits a year each, under one agency's cap."""
    both = place(ktv(venue), hotel(lodging), visits=())
    seen = [(one.subject, one.needed, one.of_others) for one in collide(both, cap=cap)]
    assert seen == found
    apart = [place(ktv(venue), visits=()), place(hotel(lodging), identity="src:2", visits=())]
    assert [one for one in collide(*apart, cap=cap) if one.kind == "entity"] == []


def test_another_agencys_items_have_a_cap_of_their_own() -> None:
    """The cap counts an agency's visits: a fire unit's yearly visit is the fire agency's."""
    fire = Registration(regime="fire_unit", subtype="key", known_since=date(2025, 1, 1))
    assert ITEMS["fire.units"].agency != ITEMS[VENUES].agency
    assert collide(place(ktv(3), fire, visits=()), cap=12) == []


def test_visits_made_for_either_item_are_used_up_once() -> None:
    """Two visits in October, one of them for both items, are two; two months are left for either."""
    october = (visit("10-05", item=SPECIAL), visit("10-20"), visit("10-20", item=SPECIAL))
    both = place(ktv(3), hotel(3), visits=october)
    now: dict[str, Any] = {"on": date(2026, 11, 2), "year": 2026}
    assert collide(both, cap=12, **now) == []
    many = tuple(visit(f"{month:02}-10") for month in range(1, 10))
    (found,) = collide(both._replace(visits=(*many, *october)), cap=14, **now)
    assert (found.used, found.needed, found.of_others, found.wanted) == (11, 2, 2, 15)


def test_an_attempt_is_a_visit_to_the_cap() -> None:
    """Code 04: officers stood at the door. Of what does not count the rule lists four kinds, and not that.

    A visit with two attempts is one visit still, and stands on file once.
    """
    attempts = tuple(visit(f"{month:02}-10", "04") for month in range(1, 11))
    (found,) = collide(place(ktv(1), visits=attempts), cap=10, on=date(2026, 11, 2), year=2026)
    assert (found.used, found.needed) == (10, 1)
    exempt = tuple(visit(f"{month:02}-10", kind="complaint") for month in range(1, 11))
    assert collide(place(ktv(1), visits=exempt), cap=10, on=date(2026, 11, 2), year=2026) == []


def test_a_closed_hotel_wants_nothing() -> None:
    """Nor one that is out of its duties, nor what is not graded."""
    for lodging in (
        hotel(3, status="closed"),
        hotel(3, out_of_duty="11", out_since=date(2026, 12, 1)),
        hotel(None),
    ):
        assert collide(place(ktv(3), lodging, visits=()), cap=12) == []


@given(
    levels=st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from([1, 2, 3])),
    used=st.sets(st.dates(date(2026, 1, 1), date(2026, 10, 31)), max_size=20),
    on=st.dates(date(2026, 11, 1), date(2026, 12, 31)),
    cap=st.integers(12, 40),
)
def test_a_collision_is_what_one_visit_for_each_window_cannot_keep(
    levels: tuple[int, int], used: set[date], on: date, cap: int
) -> None:
    """Counted out: each item visits once in each window that is left and not met, and nothing is merged.

    An item whose own duty is met for the year has no collision.
    """
    visits = tuple(
        Visit(item=VENUES, on=day, kind="drawn", agency="psb", codes=("01",)) for day in sorted(used)
    )
    both = place(ktv(levels[0]), hotel(levels[1]), visits=visits)
    left = []
    for level, made in zip(levels, (used, set[date]()), strict=True):
        months = 4 - level
        windows = [range(first, first + months) for first in range(1, 13, months)]
        met = {window for window in windows for day in made if day.month in window}
        left.append(len([window for window in windows if on.month < window.stop and window not in met]))
    counted = len(used) + sum(left)
    for item, own in zip((VENUES, SPECIAL), left, strict=True):
        found = [one.wanted for one in collide(both, cap=cap, on=on, year=2026, item=item)]
        assert found == ([counted] if own and counted > cap else [])
