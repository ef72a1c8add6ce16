"""Places that stay empty: how many are asked for, who can take how many, what lacks, and why."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.teams.teams import Deal, deal
from app.domain.eligibility import Exclusion, ReducedCap
from app.domain.exclusions import Exclusions
from app.domain.facts import DeclaredRecusal
from app.domain.policies.staffing import LoadRule
from app.domain.simulation.binding import Binding, binding
from app.domain.simulation.course import simulate
from app.domain.simulation.shortfall import Shortfall, Staff
from tests.simulated_county import POLICY, WINDOWS, officers, plain, registers, setting, venues

SLOTS = (("agency:psb", "role:lead"), ("agency:psb",))
H = hasher("sha256")


def _inspector(code: str, *, cap: int, lead: bool = False, district: str = "A") -> Inspector:
    tags = {"agency:psb", f"district:{district}", *(["role:lead"] if lead else [])}
    return Inspector(code, cap, tuple(sorted(tags)))


def _lead(code: str, *, cap: int, district: str = "A") -> Inspector:
    return _inspector(code, cap=cap, lead=True, district=district)


def _members(count: int, *, cap: int) -> list[Inspector]:
    return [_inspector(f"m{n}", cap=cap) for n in range(count)]


def _dealt(drawn: dict[str, str], staff: Staff) -> tuple[Binding | None, Deal]:
    needs = {entity: (f"district:{district}",) for entity, district in drawn.items()}
    dealt = deal(
        drawn=list(needs.items()),
        slots=SLOTS,
        inspectors=staff.inspectors,
        recusals=staff.recusals,
        a="a",
        h=H,
    )
    return binding(needs, slots=SLOTS, staff=staff, deal=dealt), dealt


def _bound(
    drawn: dict[str, str],
    inspectors: list[Inspector],
    recusals: tuple[Recusal, ...] = (),
    exclusions: Exclusions | None = None,
) -> Binding | None:
    staff = Staff(inspectors=inspectors, recusals=recusals, exclusions=exclusions or Exclusions())
    return _dealt(drawn, staff)[0]


def _short(found: Binding | None) -> Shortfall:
    assert found is not None
    assert found.shortfall is not None
    assert (found.asked, found.capacity) == (found.shortfall.asked, found.shortfall.capacity)
    assert found.share > 1
    return found.shortfall


def test_a_shortage_asks_for_more_than_the_certificate_can_take() -> None:
    """Two premises in district B, whose only lead takes one visit: of two lead places he takes one.

    Who could help is the lead of A, who lacks district:B alone; the member of B is on both teams already.
    """
    found = _bound(
        {"a": "A", "b": "B", "c": "B"},
        [
            _lead("lead-a", cap=9),
            _inspector("m-a", cap=9),
            _lead("lead-b", cap=1, district="B"),
            _inspector("m-b", cap=9, district="B"),
        ],
    )
    assert found is not None
    assert (found.kind, found.name, found.asked, found.capacity) == ("tag", "district:B", 2, 1)
    assert _short(found) == Shortfall(
        asked=2,
        capacity=1,
        tags=("district:B",),
        inspectors=("lead-b",),
        # m-a lacks the district and the lead: the district is asked first
        why={"other-district": 2, "not-lead": 1},
    )


def test_the_lead_is_named_where_members_have_room() -> None:
    """Three premises, a lead for one: two lead places are empty, and four idle members could fill them."""
    found = _bound({"a": "A", "b": "A", "c": "A"}, [_lead("l", cap=1), *_members(4, cap=9)])
    assert found is not None
    assert (found.name, found.asked, found.capacity) == ("role:lead", 3, 1)
    assert _short(found).why == {"not-lead": 4}


def test_the_lead_is_named_where_the_only_member_is_on_the_team_too() -> None:
    """Nobody has room to stand in, but only the lead places are short: a further lead is what lacks."""
    found = _bound({"a": "A"}, [_inspector("m", cap=9)])
    assert found is not None
    assert (found.kind, found.name, found.asked, found.capacity) == ("tag", "role:lead", 1, 0)
    assert found.share == 2


def test_people_lack_where_the_places_ask_for_no_more_than_all_others() -> None:
    """Four premises, eight places, two leads and a member whose loads leave two visits each: six of eight.

    Agency and district, which every place of the draw asks for and everybody has, tell nothing.
    """
    exclusions = Exclusions(
        officers=(
            Exclusion(inspector="busy", reason="load-reached"),
            Exclusion(inspector="ill", reason="absent"),
            Exclusion(inspector="away-b", reason="absent"),
            Exclusion(inspector="auxiliary", reason="auxiliary"),
            Exclusion(inspector="far", reason="other-district"),
        ),
        caps=(
            ReducedCap(inspector="l1", registered=9, taken=10, cap=2),
            ReducedCap(inspector="nobody", registered=9, taken=10, cap=2),
        ),
        missed=(
            _inspector("busy", cap=9),
            _lead("ill", cap=9),
            _lead("away-b", cap=9, district="B"),
        ),
    )
    found = _bound(
        dict.fromkeys("abcd", "A"),
        [_lead("l1", cap=2), _lead("l2", cap=2), _inspector("m", cap=2)],
        exclusions=exclusions,
    )
    assert found is not None
    assert (found.kind, found.name, found.asked, found.capacity) == ("people", "", 8, 6)
    short = _short(found)
    assert (short.lacking, short.tags, short.inspectors) == (2, (), ("l1", "l2", "m"))
    # who was left out and would fit neither place (away-b), or never could (auxiliary), is none of the others
    assert short.why == {"load-reached": 1, "absent": 1, "other-district": 1, "load-reduced": 1}


def test_districts_that_are_short_apart_are_each_named_the_worse_first() -> None:
    """A has no lead for one premises, B none for two; the leads of C could take them but for the district."""
    found = _bound(
        {"a": "A", "b1": "B", "b2": "B", "c": "C"},
        [
            *(_inspector(f"m-{place}", cap=9, district=place) for place in "ABC"),
            *(_lead(f"l{n}", cap=9, district="C") for n in range(2)),
        ],
    )
    assert found is not None
    assert (found.name, found.asked, found.capacity) == ("district:B", 3, 0)
    assert _short(found).tags == ("district:B", "district:A")


def test_a_tag_that_too_few_lack_does_not_bind() -> None:
    """Five lead places of B are empty, and one lead of A has room for one: leads lack, not the district."""
    found = _bound(
        {**{f"b{n}": "B" for n in range(5)}, "a": "A"},
        [
            _lead("l", cap=2),
            _inspector("m-a", cap=9),
            *(_inspector(f"m-b{n}", cap=1, district="B") for n in range(5)),
        ],
    )
    assert found is not None
    assert (found.name, found.asked, found.capacity) == ("role:lead", 5, 0)


def test_where_nobody_has_a_tag_it_binds_beyond_everything() -> None:
    """No officer of district C at all: more is asked than of any other tag."""
    found = _bound({"c": "C"}, [_lead("lead", cap=9), _inspector("m", cap=9)])
    assert found is not None
    assert (found.kind, found.name, found.asked, found.capacity) == ("tag", "district:C", 2, 0)
    assert found.share == 3
    assert _short(found).inspectors == ()


def test_a_tag_that_nobody_has_is_named_though_every_place_asks_for_it_and_nobody_has_room() -> None:
    """One lead of A without a visit left: nobody could go to C, whatever his districts."""
    found = _bound({"c": "C"}, [_lead("lead", cap=0)])
    assert found is not None
    assert found.name == "district:C"


def test_who_is_recused_or_rotated_everywhere_is_counted_so() -> None:
    """One premises, two leads: one declared a ground, one made the last visit. Two members share a place."""
    found = _bound(
        {"a": "A"},
        [_lead("kin", cap=9), _lead("last", cap=9), _inspector("m", cap=9)],
        (Recusal("kin", "a"), Recusal("last", "a")),
        Exclusions(grounds=(DeclaredRecusal(inspector="kin", entity="a", relation="spouse"),)),
    )
    short = _short(found)
    assert (short.asked, short.capacity) == (1, 0)
    assert short.why == {"recusal": 1, "rotation": 1, "not-lead": 1}


def test_places_that_ask_for_nothing_lack_people() -> None:
    """Two places at one premises and one inspector, who takes one of them though the cap is 9."""
    staff = Staff(inspectors=[Inspector("one", 9, ())])
    dealt = deal(drawn=[("a", ())], slots=((), ()), inspectors=staff.inspectors, recusals=(), a="a", h=H)
    found = binding({"a": ()}, slots=((), ()), staff=staff, deal=dealt)
    assert found is not None
    assert (found.kind, found.name, found.asked, found.capacity) == ("people", "", 2, 1)
    assert _short(found).inspectors == ("one",)


@pytest.mark.parametrize(
    ("tag", "why"),
    [("agency:fire", "other-agency"), ("regime:x", "not-qualified"), ("badge:gold", "not-qualified")],
)
def test_who_lacks_what_the_places_ask_for_is_counted_by_it(tag: str, why: str) -> None:
    """An agency, a qualification; what no reason is known for counts as a qualification."""
    staff = Staff(inspectors=[Inspector("one", 9, ())])
    dealt = deal(drawn=[("a", (tag,))], slots=((),), inspectors=staff.inspectors, recusals=(), a="a", h=H)
    found = binding({"a": (tag,)}, slots=((),), staff=staff, deal=dealt)
    assert _short(found).why == {why: 1}
    assert _short(found).tags == (tag,)


INSPECTORS = st.lists(
    st.builds(
        lambda cap, lead, districts: (cap, lead, sorted(districts)),
        st.integers(0, 4),
        st.booleans(),
        st.sets(st.sampled_from("ABC"), max_size=3),
    ),
    max_size=7,
)


@given(
    places=st.lists(st.sampled_from("ABC"), max_size=8),
    people=INSPECTORS,
    apart=st.sets(st.tuples(st.integers(0, 6), st.integers(0, 7)), max_size=12),
)
def test_more_is_asked_than_can_be_given_exactly_where_places_stay_empty(
    places: list[str], people: list[tuple[int, bool, list[str]]], apart: set[tuple[int, int]]
) -> None:
    """And by as many as stay empty: a draw that cannot be staffed is never half used."""
    staff = Staff(
        inspectors=[
            Inspector(
                f"i{n}",
                cap,
                tuple(
                    sorted(["agency:psb", *["role:lead"] * lead, *(f"district:{one}" for one in districts)])
                ),
            )
            for n, (cap, lead, districts) in enumerate(people)
        ],
        recusals=sorted(Recusal(f"i{one}", f"e{at}") for one, at in apart if one < len(people)),
    )
    found, dealt = _dealt({f"e{n}": district for n, district in enumerate(places)}, staff)
    if dealt.shortage is None:
        assert found is None or (found.share <= 1 and found.shortfall is None)
        assert (found is None) == (not places)
        return
    short = _short(found)
    assert short.asked > short.capacity
    assert short.lacking == len(dealt.shortage.short) == 2 * len(places) - len(dealt.teams)
    assert short.asked == len(dealt.shortage.slots)
    assert {*dealt.shortage.inspectors} <= {*short.inspectors}
    asked = {tag for entity, slot in dealt.shortage.slots for tag in SLOTS[slot]}
    assert {*short.tags} <= asked | {f"district:{one}" for one in places}
    assert sum(short.why.values()) == len(people) - len(short.inspectors)


def test_a_draw_whose_quarter_has_run_out_is_never_said_to_have_room() -> None:
    """Six officers take five visits each in a quarter: thirty places, 15 of the thirty visits that fall due.

    January's draws take 26 places, so of the first draw that is short four of ten places can be taken. Then
    everybody has reached the load, which is nobody's tag: people lack.
    """
    load = LoadRule(months=3, most=5, basis="test")
    policy = replace(plain(), staffing=replace(POLICY.staffing, load=load))
    facts = registers(venues(10), staff=officers(6))
    tally = simulate(facts, setting(policy, last=date(2027, 3, 31)), windows=WINDOWS)
    held = [draw for draw in tally.draws if draw.held]
    short = [draw for draw in held if draw.short]
    assert 0 < len(short) < len(held)
    for draw in held:
        assert draw.binds is not None
        assert (draw.binds.share > 1) == (draw.binds.shortfall is not None) == (draw.short > 0)
    first, last = short[0].binds, short[-1].binds
    assert sum(draw.drawn for draw in held[: held.index(short[0])]) == 13
    assert first is not None
    assert (first.kind, first.asked, first.capacity) == ("people", 10, 4)
    assert _short(first).why == {"load-reached": 3, "load-reduced": 3}
    assert last is not None
    assert (last.kind, last.asked, last.capacity) == ("people", 2 * short[-1].drawn, 0)
    assert _short(last).why == {"load-reached": 6}
