"""Teams (DR1 section 6): worked by hand, and against the text taken literally."""

import random
from collections import Counter

import pytest
from hypothesis import given, settings

from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.teams.board import Board
from app.domain.draw.teams.dealing import Dealer
from app.domain.draw.teams.eligibility import Eligibility, members
from app.domain.draw.teams.teams import Deal, Seat, Shortage, deal, deal_secret, place_order
from tests.domain.draw.reference_teams import ReferenceTeams
from tests.domain.draw.team_cases import Case, H, cases, random_case


def assert_same(found: Deal, reference: ReferenceTeams) -> None:
    """Teams and certificate are exactly those of the literal text."""
    assert [(seat.entity, seat.slot, seat.inspector) for seat in found.teams] == reference.seats()
    wanted = reference.shortage()
    if wanted is None:
        assert found.shortage is None
    else:
        short, slots, inspectors = wanted
        assert found.shortage == Shortage(tuple(short), tuple(slots), tuple(inspectors))


def plain(text: str) -> str:
    """Stand in for a hash: the last field of what is hashed, so that orders can be read off the ids."""
    return text.rpartition("|")[2]


def deal_plainly(
    *drawn: tuple[str, tuple[str, ...]],
    slots: tuple[tuple[str, ...], ...],
    inspectors: str,
    recusals: str = "",
) -> Deal:
    """Deal in the order of ids; inspectors as `P1/2/lead,x` (cap 2, two tags), recusals as `P1/e1`."""
    fields = [text.split("/") for text in inspectors.split()]
    return deal(
        drawn=drawn,
        slots=slots,
        inspectors=[Inspector(i, int(cap), tuple(filter(None, tags.split(",")))) for i, cap, tags in fields],
        recusals=[Recusal(*text.split("/")) for text in recusals.split()],
        a="a",
        h=plain,
    )


class TestWorkedByHand:
    """Section 6 with ids in place of hashes, so that every order is the order of the ids."""

    def test_the_least_loaded_goes_first_and_then_the_lowest_hash(self) -> None:
        """e1 takes P1 and, on the same team, P2; e2 then finds P3 alone without a load, then P1 (load 1)."""
        found = deal_plainly(("e2", ()), ("e1", ()), slots=((), ()), inspectors="P1/9/ P2/9/ P3/9/")
        assert found.place == ("e1", "e2")
        assert found.teams == (
            Seat("e1", 0, "P1"),
            Seat("e1", 1, "P2"),
            Seat("e2", 0, "P3"),
            Seat("e2", 1, "P1"),
        )
        assert found.shortage is None

    def test_somebody_moves_when_nobody_is_free(self) -> None:
        """e1 takes P1, the only one fit for e2: P1 moves on to e2, and P2 takes his place."""
        found = deal_plainly(("e1", ()), ("e2", ("x",)), slots=((),), inspectors="P1/1/x P2/1/")
        assert found.teams == (Seat("e1", 0, "P2"), Seat("e2", 0, "P1"))

    def test_a_lead_steps_back_into_his_own_team(self) -> None:
        """P1 leads; only he fits the second place, and P2 can lead: bullet 1 moves P1 within the team."""
        found = deal_plainly(("e1", ()), slots=(("l",), ("m",)), inspectors="P1/9/l,m P2/1/l")
        assert found.teams == (Seat("e1", 0, "P2"), Seat("e1", 1, "P1"))

    def test_an_own_team_alone_cannot_fill_both_places(self) -> None:
        """Room for nine visits is still one person: both slots are in the certificate, he is not."""
        found = deal_plainly(("e1", ()), slots=((), ()), inspectors="P1/9/")
        assert found.teams == (Seat("e1", 0, "P1"),)
        assert found.shortage == Shortage(short=(("e1", 1),), slots=(("e1", 0), ("e1", 1)), inspectors=())

    def test_an_inspector_with_cap_zero_is_in_the_certificate_though_he_holds_nothing(self) -> None:
        """The third bullet applies to him: load 0 is at cap 0."""
        found = deal_plainly(("e1", ()), slots=((),), inspectors="P1/0/")
        assert found.teams == ()
        assert found.shortage == Shortage(short=(("e1", 0),), slots=(("e1", 0),), inspectors=("P1",))

    def test_a_recusal_keeps_apart(self) -> None:
        """P1 alone could go but is recused from e1, so e1 stays empty and he is not in the certificate."""
        found = deal_plainly(("e1", ()), slots=((),), inspectors="P1/1/", recusals="P1/e1 P1/elsewhere")
        assert found.teams == ()
        assert found.shortage == Shortage(short=(("e1", 0),), slots=(("e1", 0),), inspectors=())

    def test_a_single_random_draw_has_no_teams(self) -> None:
        """No slots in the plan: entities are drawn, nobody is dealt."""
        found = deal_plainly(("e1", ()), slots=(), inspectors="P1/1/")
        assert (found.place, found.teams, found.shortage) == (("e1",), (), None)

    def test_the_deal_secret_joins_d_and_s(self) -> None:
        """A = H("dr1|as|" + D + "|" + s)."""
        assert deal_secret("d", "s", lambda text: f"<{text}>") == "<dr1|as|d|s>"

    def test_place_is_by_hash_and_then_id(self) -> None:
        """(H("dr1|ae|" + A + "|" + id), id); equal hashes fall back to byte order."""
        assert place_order(["b", "a"], a="A", h=lambda text: {"dr1|ae|A|a": "2"}.get(text, "1")) == ["b", "a"]
        assert place_order(["中", "é", "a", "Z"], a="", h=lambda _: "") == ["Z", "a", "é", "中"]


class TestAgainstTheText:
    """The fast deal gives what the sentences of section 6 give."""

    @pytest.mark.parametrize("block", range(8))
    def test_seeded_deals_equal_the_reference(self, block: int) -> None:
        """500 instances a block: caps of 0, recusals, no to 4 slots, chains through own teams, shortages."""
        for seed in range(block * 500, block * 500 + 500):
            case = random_case(seed)
            assert_same(case.dealt(), case.by_reference())

    @given(cases())
    @settings(max_examples=300, deadline=None)
    def test_any_deal_equals_the_reference(self, case: Case) -> None:
        """Whatever hypothesis finds; it shrinks what differs."""
        assert_same(case.dealt(), case.by_reference())

    @pytest.mark.parametrize("seed", range(12))
    def test_wide_classes_equal_the_reference(self, seed: int) -> None:
        """40 inspectors, nearly all fit for everything, no room to spare: long paths through teams."""
        chance = random.Random(seed)
        inspectors = tuple(
            Inspector(f"P{number:02d}", chance.choice([1, 1, 2]), ("x",) if number % 20 else ("x", "y"))
            for number in range(40)
        )
        room = sum(inspector.cap for inspector in inspectors)
        drawn = tuple((f"e{number}", ("x",)) for number in range(room // 3 + seed % 2))
        case = Case(
            drawn, ((), (), ("y",)) if seed % 3 else ((), (), ()), inspectors, frozenset(), a=str(seed)
        )
        assert_same(case.dealt(), case.by_reference())

    @pytest.mark.parametrize("seed", range(20))
    def test_inspectors_who_hold_slots_of_many_kinds_equal_the_reference(self, seed: int) -> None:
        """Caps of 4 to 6, three kinds, recusals: what the busy hold is queued by place, not by kind."""
        chance = random.Random(seed)
        kinds = ("x", "y", "z")
        inspectors = tuple(
            Inspector(
                f"P{number}",
                chance.randint(4, 6),
                tuple(sorted(chance.sample(kinds, chance.randint(1, 3)))),
            )
            for number in range(9)
        )
        room = sum(inspector.cap for inspector in inspectors)
        drawn = tuple((f"e{number}", (chance.choice(kinds),)) for number in range(room // 2))
        pairs = [Recusal(inspector.id, entity) for inspector in inspectors for entity, _ in drawn]
        recusals = frozenset(pair for pair in pairs if chance.random() < 0.3)
        case = Case(drawn, ((), ()), inspectors, recusals, a=str(seed))
        assert_same(case.dealt(), case.by_reference())

    @pytest.mark.parametrize("most_pooled", [0, 3, 10_000])
    def test_dropping_caches_changes_nothing(self, most_pooled: int) -> None:
        """Heaps and orders are rebuilt from the board at any time."""
        for seed in range(200):
            case = random_case(seed)
            needs = dict(case.drawn)
            place = place_order(needs, a=case.a, h=H)
            numbers = {inspector.id: number for number, inspector in enumerate(case.inspectors)}
            who = Eligibility(
                needs=[needs[entity] for entity in place],
                slots=case.slots,
                inspectors=case.inspectors,
                recused=[(numbers[r.inspector], place.index(r.entity)) for r in case.recusals],
            )
            board = Board(size=len(case.slots), entities=len(place), caps=[i.cap for i in case.inspectors])
            dealer = Dealer(board=board, who=who, order_secret=case.a, h=H, most_pooled=most_pooled)
            for slot in range(len(board.holder)):
                dealer.fill(slot)
            named = {number: inspector for inspector, number in numbers.items()}
            found = [
                (place[slot // board.size], slot % board.size, named[holder])
                for slot, holder in enumerate(board.holder)
                if holder in named
            ]
            assert found == case.by_reference().seats()


class TestProperties:
    """What holds for every deal."""

    @given(cases())
    @settings(max_examples=100, deadline=None)
    def test_teams_keep_every_rule(self, case: Case) -> None:
        """Nobody over the cap, twice on a team, recused, or without the tags."""
        found = case.dealt()
        by_id = {inspector.id: inspector for inspector in case.inspectors}
        needs = dict(case.drawn)
        loads = Counter(seat.inspector for seat in found.teams)
        assert all(loads[code] <= by_id[code].cap for code in loads)
        assert len({(seat.entity, seat.inspector) for seat in found.teams}) == len(found.teams)
        for seat in found.teams:
            assert Recusal(seat.inspector, seat.entity) not in case.recusals
            assert {*needs[seat.entity], *case.slots[seat.slot]} <= set(by_id[seat.inspector].tags)

    @given(cases())
    @settings(max_examples=100, deadline=None)
    def test_the_order_of_input_never_matters(self, case: Case) -> None:
        """Reversed entities, inspectors and recusals give the same deal."""
        turned = Case(
            drawn=case.drawn[::-1],
            slots=case.slots,
            inspectors=case.inspectors[::-1],
            recusals=case.recusals,
            a=case.a,
        )
        assert turned.dealt() == case.dealt()

    def test_every_hash_goes_through_the_one_handed_in(self) -> None:
        """Another hash gives another deal, and the fields hashed are those of section 6."""
        seen: set[str] = set()

        def spy(text: str) -> str:
            seen.add(text)
            return H(text)

        deal(drawn=[("e", ())], slots=[()], inspectors=[Inspector("P", 1, ())], recusals=[], a="A", h=spy)
        assert seen == {"dr1|ae|A|e", "dr1|ad|A|0|P", "dr1|ad|A|1|P"}


@pytest.mark.parametrize("mask", [0, 1, 0b1011, 1 << 500, (1 << 500) - 1, (1 << 300) | 5])
def test_members_lists_the_bits_that_are_set(mask: int) -> None:
    """Both ways, for dense and for sparse masks."""
    assert members(mask) == [bit for bit in range(501) if mask >> bit & 1]
