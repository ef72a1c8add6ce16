"""What binds a draw."""

from fractions import Fraction

from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.teams.teams import deal
from app.domain.simulation.binding import Binding, binding

SLOTS = (("agency:psb", "role:lead"), ("agency:psb",))
H = hasher("sha256")


def _inspector(code: str, *, cap: int, lead: bool = False, district: str = "A") -> Inspector:
    tags = {"agency:psb", f"district:{district}", *(["role:lead"] if lead else [])}
    return Inspector(code, cap, tuple(sorted(tags)))


def _bound(
    drawn: dict[str, str], inspectors: list[Inspector], recusals: tuple[Recusal, ...] = ()
) -> Binding | None:
    needs = {entity: (f"district:{district}",) for entity, district in drawn.items()}
    dealt = deal(drawn=list(needs.items()), slots=SLOTS, inspectors=inspectors, recusals=recusals, a="a", h=H)
    return binding(needs, slots=SLOTS, inspectors=inspectors, deal=dealt)


def test_the_person_who_is_nearest_to_the_cap_binds() -> None:
    """Three visits: the one lead takes 3 of 4, the members 3 of 100, places ask for 6 of 7 at the most."""
    found = _bound(
        {"a": "A", "b": "A", "c": "A"},
        [_inspector("lead", cap=4, lead=True), _inspector("m", cap=100), _inspector("n", cap=100)],
    )
    # role:lead: 3 places, and the lead's cap counts once for each of the 3 premises
    assert found == Binding(kind="tag", name="role:lead", asked=3, capacity=3)


def test_a_person_binds_where_no_tag_is_as_scarce() -> None:
    """One premises, two leads who take one visit each: the lead dealt is at the cap, role:lead at 1 of 2."""
    leads = [_inspector("first", cap=1, lead=True), _inspector("other", cap=1, lead=True)]
    found = _bound({"a": "A"}, [*leads, *(_inspector(f"m{n}", cap=9) for n in range(9))])
    assert found is not None
    assert (found.kind, found.asked, found.capacity, found.share) == ("inspector", 1, 1, Fraction(1))
    assert found.name in {"first", "other"}


def test_an_empty_place_names_the_tag_that_all_short_places_ask_for() -> None:
    """Two premises in district B, whose only officers are one lead who takes one visit, and one member."""
    found = _bound(
        {"a": "A", "b": "B", "c": "B"},
        [
            _inspector("lead-a", cap=9, lead=True),
            _inspector("m-a", cap=9),
            _inspector("lead-b", cap=1, lead=True, district="B"),
            _inspector("m-b", cap=9, district="B"),
        ],
    )
    # district:B: 4 places; the lead takes 1 and the member 2 (once for each premises)
    assert found == Binding(kind="tag", name="district:B", asked=4, capacity=3)


def test_where_nobody_has_a_tag_it_binds_beyond_everything() -> None:
    """No officer of district C at all: more is asked than of any other tag."""
    found = _bound({"c": "C"}, [_inspector("lead", cap=9, lead=True), _inspector("m", cap=9)])
    assert found == Binding(kind="tag", name="district:C", asked=2, capacity=0)
    assert found.share == 3


def test_short_places_without_a_tag_in_common_name_the_scarcest_of_theirs() -> None:
    """Places that ask for nothing, and a recused inspector: no tag can be named."""
    dealt = deal(
        drawn=[("a", ())],
        slots=((), ()),
        inspectors=[Inspector("one", 1, ())],
        recusals=(Recusal("one", "a"),),
        a="a",
        h=H,
    )
    assert dealt.shortage is not None
    assert binding({"a": ()}, slots=((), ()), inspectors=[Inspector("one", 1, ())], deal=dealt) is None


def test_nothing_drawn_binds_nothing() -> None:
    """An empty deal."""
    assert _bound({}, [_inspector("lead", cap=1, lead=True)]) is None
