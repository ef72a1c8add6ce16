"""What teams show without a search (DR1 sections 6 and 11)."""

from dataclasses import replace

import pytest

from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.basics.text import Refused
from app.domain.draw.teams.certificate import NarrowSlot, check_certificate, narrow_slots
from app.domain.draw.teams.teams import Deal, Seat, Shortage
from tests.domain.draw.team_cases import Case, H, random_case

SHORT = Case(
    drawn=(("e1", ()), ("e2", ("x",))),
    slots=((), ()),
    inspectors=(Inspector("P1", 1, ("x",)), Inspector("P2", 2, ())),
    recusals=frozenset(),
)
"""P2 goes to e1; P1 goes to e2 or, in vain, to e1: somebody is missing."""


def check(case: Case, found: Deal) -> None:
    """Check a result against what it was dealt from."""
    check_certificate(
        drawn=case.drawn,
        slots=case.slots,
        inspectors=case.inspectors,
        recusals=case.recusals,
        teams=found.teams,
        shortage=found.shortage,
        a=case.a,
        h=H,
    )


def refusal(case: Case, found: Deal) -> str:
    """Give the code with which a result is refused."""
    with pytest.raises(Refused) as caught:
        check(case, found)
    return caught.value.code


def shortage(found: Deal) -> Shortage:
    """Give the certificate that is there."""
    assert found.shortage is not None
    return found.shortage


class TestCertificate:
    """Every deal is accepted; nothing that proves less or keeps fewer rules is."""

    def test_every_deal_is_accepted(self) -> None:
        """1,000 instances, short and complete."""
        for seed in range(20_000, 21_000):
            case = random_case(seed)
            check(case, case.dealt())

    def test_teams_that_fill_less_than_possible_are_refused(self) -> None:
        """Take any seat out and call it short: the identity no longer holds."""
        for seed in range(21_000, 21_200):
            case = random_case(seed)
            found = case.dealt()
            for seat in found.teams:
                old = found.shortage or Shortage((), (), ())
                missing = (seat.entity, seat.slot)
                order = [(entity, k) for entity in found.place for k in range(len(case.slots))]
                worse = Shortage(
                    short=tuple(sorted({*old.short, missing}, key=order.index)),
                    slots=tuple(sorted({*old.slots, missing}, key=order.index)),
                    inspectors=old.inspectors,
                )
                fewer = tuple(other for other in found.teams if other != seat)
                assert refusal(case, replace(found, teams=fewer, shortage=worse)) == "bad-certificate"

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            (lambda one: replace(one, shortage=None), "bad-certificate"),
            (lambda one: replace(one, shortage=replace(shortage(one), short=())), "bad-certificate"),
            (lambda one: replace(one, shortage=replace(shortage(one), slots=())), "bad-certificate"),
            (
                lambda one: replace(one, shortage=replace(shortage(one), slots=shortage(one).slots[::-1])),
                "bad-certificate",
            ),
            (
                lambda one: replace(one, shortage=replace(shortage(one), slots=(("e9", 0),))),
                "bad-certificate",
            ),
            (
                lambda one: replace(one, shortage=replace(shortage(one), inspectors=("P9",))),
                "bad-certificate",
            ),
            (
                lambda one: replace(one, shortage=replace(shortage(one), inspectors=("P2", "P1"))),
                "bad-certificate",
            ),
            (lambda one: replace(one, teams=one.teams[::-1]), "bad-teams"),
            (lambda one: replace(one, teams=(Seat("e9", 0, "P1"),)), "bad-teams"),
            (lambda one: replace(one, teams=(Seat("e1", 2, "P1"),)), "bad-teams"),
            (lambda one: replace(one, teams=(Seat("e1", 0, "P9"),)), "bad-teams"),
            (lambda one: replace(one, teams=(Seat("e1", 0, "P1"), Seat("e1", 1, "P1"))), "bad-teams"),
            (lambda one: replace(one, teams=(Seat("e2", 0, "P2"),)), "bad-teams"),
        ],
    )
    def test_forged_results_are_refused(self, change: object, code: str) -> None:
        """One thing wrong each: the certificate missing, cut, unsorted or unknown; seats against a rule."""
        assert callable(change)
        assert refusal(SHORT, change(SHORT.dealt())) == code

    def test_a_certificate_without_empty_slots_is_refused(self) -> None:
        """A complete deal has none."""
        case = Case((("e1", ()),), ((),), (Inspector("P1", 1, ()),), frozenset())
        assert refusal(case, replace(case.dealt(), shortage=Shortage((), (), ()))) == "bad-certificate"

    def test_a_seat_over_the_cap_is_refused(self) -> None:
        """P1 takes one entity, not two."""
        case = Case((("e1", ()), ("e2", ())), ((),), (Inspector("P1", 1, ()),), frozenset())
        found = case.dealt()
        both = tuple(Seat(entity, 0, "P1") for entity in found.place)
        assert refusal(case, replace(found, teams=both, shortage=None)) == "bad-teams"


class TestNarrowSlots:
    """The warning about slots with fewer than 3 eligible inspectors."""

    def test_recusals_and_tags_count_and_caps_do_not(self) -> None:
        """All 3 fit e1 slot 0, one with cap 0; one is recused from e2; one alone has the tag of slot 1."""
        found = narrow_slots(
            drawn=[("e2", ()), ("e1", ())],
            slots=[(), ("x",)],
            inspectors=[Inspector("P1", 0, ("x",)), Inspector("P2", 1, ()), Inspector("P3", 1, ())],
            recusals=[Recusal("P1", "e2"), Recusal("P2", "elsewhere")],
        )
        assert list(found) == [NarrowSlot("e2", 0, 2), NarrowSlot("e2", 1, 0), NarrowSlot("e1", 1, 1)]
