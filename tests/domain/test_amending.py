"""Amending teams: reasons, and which visits wait for an amendment's random value."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.amending import NOT_YET, REASONS, TRANSFERRED, Teams, may_change, withdrawal_reason
from app.domain.draw.basics.lines import Inspector
from app.domain.draw.teams.amendments import Amendment, Lend, Recuse, Withdraw
from app.domain.draw.teams.replay import Replay
from app.domain.draw.teams.teams import Seat
from tests.domain.draw.team_cases import Case, H, random_case

COMMON: dict[str, Any] = {"n": 1, "reason": "leave", "started": (), "entropy": NOT_YET}


@pytest.mark.parametrize(
    ("exclusion", "reason"),
    [
        ("absent", "leave"),
        ("certificate-expired", "certificate-expired"),
        ("training-expired", "training-expired"),
        ("not-assigned", "assignment-ended"),
        ("other-region", TRANSFERRED),
        ("auxiliary", TRANSFERRED),
        ("unknown", TRANSFERRED),
    ],
)
def test_what_excludes_an_officer_now_is_the_reason_of_his_withdrawal(exclusion: str, reason: str) -> None:
    """Issue 4: leave, expired certificate; whoever the register has no more as an officer here has moved."""
    assert withdrawal_reason(exclusion) == reason
    assert reason in REASONS["withdraw"]


def teams(case: Case) -> Teams:
    """A case after its deal."""
    deal = case.dealt()
    return Teams(
        slots=case.slots,
        needs=dict(case.drawn),
        inspectors={one.id: one for one in case.inspectors},
        recused=frozenset((one.inspector, one.entity) for one in case.recusals),
        left=frozenset(),
        seats=deal.teams,
        short=() if deal.shortage is None else deal.shortage.short,
    )


ONE = Case((("e1", ()), ("e2", ())), ((),), tuple(Inspector(f"P{n}", 1, ()) for n in range(3)), frozenset())
"""Two premises, teams of one; of three officers with room for one visit each, one is left over."""


def test_where_somebody_is_free_only_the_empty_place_waits() -> None:
    """The third officer takes the place, whoever it is: the other visit can begin meanwhile."""
    seat = next(one for one in teams(ONE).seats if one.entity == "e1")
    assert may_change(teams(ONE), Recuse(**COMMON, inspector=seat.inspector, entity="e1")) == ("e1",)
    assert may_change(teams(ONE), Withdraw(**COMMON, inspector=seat.inspector)) == ("e1",)


def test_where_nobody_is_free_everybody_may_move() -> None:
    """Recused at e1 with one officer only for both: DR1 section 6 would have to augment."""
    two = Case(ONE.drawn, ((),), (Inspector("P0", 1, ()), Inspector("P1", 1, ())), frozenset())
    seat = next(one for one in teams(two).seats if one.entity == "e1")
    assert may_change(teams(two), Recuse(**COMMON, inspector=seat.inspector, entity="e1")) is None


def test_lending_without_an_empty_place_moves_nobody() -> None:
    """They join, and that is all."""
    assert may_change(teams(ONE), Lend(**COMMON, inspectors=(Inspector("Z", 9, ()),))) == ()


def test_a_visit_that_has_begun_is_not_waited_for() -> None:
    """Its places are never vacated or filled (DR1 section 7)."""
    begun = {**COMMON, "started": ("e1",)}
    seat = next(one for one in teams(ONE).seats if one.entity == "e1")
    assert may_change(teams(ONE), Withdraw(**begun, inspector=seat.inspector)) == ()


def some_amendment(chance: random.Random, case: Case) -> Amendment | None:
    """An amendment that the case allows."""
    members = {**COMMON, "started": tuple(sorted(e for e, _ in case.drawn if chance.random() < 0.2))}
    kind = chance.choice(["recuse", "withdraw", "lend"])
    if kind == "lend":
        lent = tuple(
            Inspector(f"Z{n}", chance.randint(0, 2), ("t0", "t1")) for n in range(chance.randint(0, 3))
        )
        return Lend(**members, inspectors=lent)
    if not case.inspectors or not case.drawn:
        return None
    code = chance.choice(case.inspectors).id
    if kind == "withdraw":
        return Withdraw(**members, inspector=code)
    return Recuse(**members, inspector=code, entity=chance.choice(case.drawn)[0])


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32), value=st.text("0123456789abcdef", min_size=8, max_size=8))
def test_no_team_changes_that_was_not_expected_to(seed: int, value: str) -> None:
    """Whatever the random value: what `may_change` leaves out keeps its team (DR1 section 7)."""
    case = random_case(seed)
    before = teams(case)
    amendment = some_amendment(random.Random(seed), case)
    if amendment is None:
        return
    expected = may_change(before, amendment)
    replay = Replay(
        drawn=case.drawn,
        slots=case.slots,
        inspectors=case.inspectors,
        recusals=case.recusals,
        dealt=before.seats,
        entities={entity for entity, _ in case.drawn},
        a=case.a,
        h=H,
    )
    replay.amend(amendment, beacon=H(value))
    after = replay.teams()
    changed = {seat.entity for seat in {*before.seats} ^ {*after}}
    assert changed.isdisjoint(amendment.started)
    if expected is not None:
        assert changed <= set(expected)


def test_free_counts_who_fits_and_has_room() -> None:
    """By hand: of five, one lacks the tag, one is full, one is recused, one has left; one is free."""
    staff = (
        Inspector("lacks", 1, ()),
        Inspector("full", 1, ("a",)),
        Inspector("recused", 1, ("a",)),
        Inspector("left", 1, ("a",)),
        Inspector("free", 1, ("a",)),
    )
    standing = Teams(
        slots=((), ("a",)),
        needs={"e1": (), "e2": ()},
        inspectors={one.id: one for one in staff},
        recused=frozenset({("recused", "e1")}),
        left=frozenset({"left"}),
        seats=(Seat("e2", 0, "full"),),
        short=(("e1", 1),),
    )
    assert standing.free(("e1", 1)) == 1
