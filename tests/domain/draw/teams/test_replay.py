"""Carrying out amendments (DR1 section 7): by hand, and against the text taken literally."""

import random
from typing import Any

import pytest

from app.domain.draw.basics.lines import Inspector
from app.domain.draw.basics.text import Refused
from app.domain.draw.teams.amendments import parse_amendment
from app.domain.draw.teams.replay import Amended, Filling, Replay
from app.domain.draw.teams.teams import Seat
from tests.domain.draw.amendment_cases import amendment, thrown
from tests.domain.draw.reference_teams import reference_amend
from tests.domain.draw.team_cases import Case, H, random_case


def replay_of(case: Case, *, elsewhere: str = "elsewhere") -> Replay:
    """Give the teams of a case after its deal."""
    return Replay(
        drawn=case.drawn,
        slots=case.slots,
        inspectors=case.inspectors,
        recusals=case.recusals,
        dealt=case.dealt().teams,
        entities={elsewhere, *(entity for entity, _ in case.drawn)},
        a=case.a,
        h=H,
    )


def amended(replay: Replay, value: dict[str, Any]) -> Amended:
    """Carry out an amendment with some random value."""
    return replay.amend(parse_amendment(value), beacon=H("b"))


ONE = Case((("e1", ()),), ((),), (Inspector("P1", 1, ()), Inspector("P2", 0, ())), frozenset())
"""P1 goes to e1; P2 has no room."""


class TestEffect:
    """The table of section 7, on teams of one."""

    def test_a_late_recusal_vacates_and_lasts(self) -> None:
        """P1 leaves e1, and may not come back in the next round either; P2 has no room."""
        replay = replay_of(ONE)
        found = amended(replay, amendment("recuse"))
        assert (found.vacated, found.filled, replay.short()) == ((Seat("e1", 0, "P1"),), (), (("e1", 0),))
        assert amended(replay, amendment(n=2, inspector="P2")).filled == ()
        assert replay.teams() == ()

    def test_a_recusal_from_an_entity_that_was_not_drawn_changes_nothing(self) -> None:
        """It is in the lines, so it may be named."""
        replay = replay_of(ONE)
        found = amended(replay, amendment("recuse", entity="elsewhere"))
        assert (found.vacated, replay.teams()) == ((), (Seat("e1", 0, "P1"),))

    def test_whoever_has_started_stays(self) -> None:
        """e1 has begun: neither recusal nor withdrawal takes P1 away."""
        replay = replay_of(ONE)
        amended(replay, amendment("recuse", started=["e1"]))
        found = amended(replay, amendment(n=2, started=["e1"]))
        assert (found.vacated, replay.teams()) == ((), (Seat("e1", 0, "P1"),))

    def test_who_withdraws_gets_nothing_more(self) -> None:
        """His cap becomes what he has started: 0 here, so e1 stays empty although it waits for somebody."""
        replay = replay_of(ONE)
        assert amended(replay, amendment()).vacated == (Seat("e1", 0, "P1"),)
        assert (replay.teams(), replay.short()) == ((), (("e1", 0),))

    def test_the_lent_fill_what_was_empty_and_narrow_lending_shows(self) -> None:
        """Two are lent with room for one: whoever lent them nearly chose the person."""
        replay = replay_of(ONE)
        assert amended(replay, amendment()).narrow_lending() == ()
        lent = [{"id": f"Z{k}", "cap": 1, "tags": []} for k in range(2)]
        found = amended(replay, amendment("lend", n=2, inspectors=lent))
        assert found.filled == found.narrow_lending() == (Filling("e1", 0, free=2),)
        assert replay.teams()[0].inspector in {"Z0", "Z1"}

    def test_lending_three_is_not_narrow(self) -> None:
        """Three were free for the slot."""
        replay = replay_of(ONE)
        amended(replay, amendment())
        lent = [{"id": f"Z{k}", "cap": 1, "tags": []} for k in range(3)]
        found = amended(replay, amendment("lend", n=2, inspectors=lent))
        assert (found.filled, found.narrow_lending()) == ((Filling("e1", 0, free=3),), ())

    def test_a_slot_of_a_started_entity_stays_empty(self) -> None:
        """Visits that have begun are never filled up."""
        short = Case((("e1", ()),), ((), ()), (Inspector("P1", 1, ()),), frozenset())
        replay = replay_of(short)
        found = amended(replay, amendment("lend", started=["e1"]))
        assert (found.filled, replay.short()) == ((), (("e1", 1),))

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (amendment(n=2), "wrong-number"),
            (amendment(started=["elsewhere"]), "not-drawn"),
            (amendment(inspector="P9"), "unknown-inspector"),
            (amendment("recuse", inspector="P9"), "unknown-inspector"),
            (amendment("recuse", entity="e9"), "unknown-entity"),
            (amendment("lend", inspectors=[{"id": "P2", "cap": 1, "tags": []}]), "known-inspector"),
        ],
    )
    def test_what_names_nobody_is_refused_and_changes_nothing(self, value: dict[str, Any], code: str) -> None:
        """Names are checked against the draw before anything happens."""
        replay = replay_of(ONE)
        with pytest.raises(Refused) as caught:
            amended(replay, value)
        assert caught.value.code == code
        assert replay.teams() == (Seat("e1", 0, "P1"),)
        amended(replay, amendment())

    def test_the_lent_are_known_from_then_on(self) -> None:
        """A lent inspector can withdraw, and cannot be lent again."""
        replay = replay_of(ONE)
        amended(replay, amendment("lend"))
        amended(replay, amendment(n=2, inspector="Z1"))
        with pytest.raises(Refused, match="known-inspector"):
            amended(replay, amendment("lend", n=3))


def random_amendment(
    chance: random.Random, n: int, *, started: list[str], known: list[str], case: Case, seats: list[Any]
) -> dict[str, Any]:
    """Give an amendment that mostly hits somebody seated."""
    kind = chance.choice(["recuse", "recuse", "withdraw", "lend"])
    common = {"n": n, "started": started, "entropy": thrown()}
    if kind == "lend":
        tags = sorted({tag for inspector in case.inspectors for tag in inspector.tags})
        lent = [
            {
                "id": f"Z{n}-{k}",
                "cap": chance.randint(0, 3),
                "tags": [tag for tag in tags if chance.random() < 0.6],
            }
            for k in range(chance.randint(0, 2))
        ]
        known.extend(str(inspector["id"]) for inspector in lent)
        return amendment(kind, inspectors=lent, **common)
    inspector, entity = chance.choice(known), "elsewhere"
    if seats and chance.random() < 0.7:
        entity, _, inspector = chance.choice(seats)
    own = {"entity": entity} if kind == "recuse" else {}
    return amendment(kind, inspector=inspector, **own, **common)


@pytest.mark.parametrize("block", range(4))
def test_sequences_equal_the_reference(block: int) -> None:
    """300 draws a block, up to 5 amendments each: the text gives the same teams after every one."""
    for seed in range(block * 300, block * 300 + 300):
        chance = random.Random(seed)
        case = random_case(seed)
        if not case.inspectors:
            continue
        reference, replay = case.by_reference(), replay_of(case)
        known = [inspector.id for inspector in case.inspectors]
        started: set[str] = set()
        for n in range(1, chance.randint(1, 5) + 1):
            if case.drawn and chance.random() < 0.4:
                started.add(chance.choice(case.drawn)[0])
            value = random_amendment(
                chance, n, started=sorted(started), known=known, case=case, seats=reference.seats()
            )
            reference_amend(reference, value, secret=case.a, beacon=H(str(n)))
            replay.amend(parse_amendment(value), beacon=H(str(n)))
            assert [(seat.entity, seat.slot, seat.inspector) for seat in replay.teams()] == reference.seats()
            empty = [slot for slot in reference.everything() if slot not in reference.team]
            assert list(replay.short()) == empty
