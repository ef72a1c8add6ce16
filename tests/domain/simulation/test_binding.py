"""What binds a draw."""

from fractions import Fraction

from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.lines import Inspector
from app.domain.draw.teams.teams import deal
from app.domain.simulation.binding import Binding, binding
from app.domain.simulation.shortfall import Staff

SLOTS = (("agency:psb", "role:lead"), ("agency:psb",))
H = hasher("sha256")


def _inspector(code: str, *, cap: int, lead: bool = False, district: str = "A") -> Inspector:
    tags = {"agency:psb", f"district:{district}", *(["role:lead"] if lead else [])}
    return Inspector(code, cap, tuple(sorted(tags)))


def _bound(drawn: dict[str, str], inspectors: list[Inspector]) -> Binding | None:
    needs = {entity: (f"district:{district}",) for entity, district in drawn.items()}
    dealt = deal(drawn=list(needs.items()), slots=SLOTS, inspectors=inspectors, recusals=(), a="a", h=H)
    return binding(needs, slots=SLOTS, staff=Staff(inspectors=inspectors), deal=dealt)


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


def test_nothing_drawn_binds_nothing() -> None:
    """An empty deal."""
    assert _bound({}, [_inspector("lead", cap=1, lead=True)]) is None


def test_where_places_stay_empty_the_shortage_binds_however_busy_a_person_is() -> None:
    """The member is at his cap; there is no lead at all, so that is what binds."""
    found = _bound({"a": "A"}, [_inspector("m", cap=1)])
    assert found is not None
    assert (found.kind, found.name, found.asked, found.capacity) == ("tag", "role:lead", 1, 0)
    assert found.shortfall is not None
