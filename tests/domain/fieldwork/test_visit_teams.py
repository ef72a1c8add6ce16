"""Teams that are not complete, or about to change, do not begin a visit (DR1 section 7)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from app.domain.days import SHANGHAI
from app.domain.errors import RuleBroken
from app.domain.fieldwork.visit import Standing, State, attempt, check_at_work, check_in, staff

NOW = datetime(2026, 11, 3, 10, tzinfo=SHANGHAI)
PLANNED = Standing(
    state=State.PLANNED,
    window=(date(2026, 11, 3), date(2026, 11, 10)),
    disclose_at=datetime(2026, 11, 3, 6, tzinfo=SHANGHAI),
    team=("a", "b"),
    least=2,
    places=2,
)


def refused(act: Any) -> str:
    """The slug of a refusal."""
    with pytest.raises(RuleBroken) as caught:
        act()
    return caught.value.slug


@pytest.mark.parametrize("act", ["check_in", "attempt", "give_code"])
@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"places": 3}, "team-incomplete"),
        ({"amending": 4}, "amendment-pending"),
        ({"places": 3, "amending": 4}, "amendment-pending"),
    ],
)
def test_nothing_begins_without_the_whole_team(act: str, changes: dict[str, Any], slug: str) -> None:
    """Neither the door nor an attempt: who goes there is not settled."""
    waiting = replace(PLANNED, **changes)
    assert refused(lambda: check_at_work(waiting, act, inspector="a", now=NOW)) == slug


def test_a_complete_team_goes() -> None:
    """Both places are filled; where any number will do (0), as many as there are."""
    for places in (0, 2):
        begun = check_in(replace(PLANNED, places=places), inspector="a", now=NOW)
        assert begun.present == ("a",)
        assert attempt(replace(PLANNED, places=places), inspector="b", now=NOW).attempts == (NOW.date(),)


@pytest.mark.parametrize(
    ("team", "places", "named", "whole"),
    [
        ((), 0, ("a", "b"), ("a", "b")),
        ((), 0, ("a", "b", "c"), ("a", "b", "c")),
        (("b",), 2, ("c",), ("b", "c")),
        (("b",), 3, ("c", "d"), ("b", "c", "d")),
    ],
)
def test_who_is_named_fills_the_places(
    team: tuple[str, ...], places: int, named: tuple[str, ...], whole: tuple[str, ...]
) -> None:
    """A whole team for a single-random visit, or a successor for whoever was recused."""
    assert staff(replace(PLANNED, team=team, places=places), named).team == whole


@pytest.mark.parametrize(
    ("team", "places", "named", "slug"),
    [
        (("a", "b"), 0, ("c",), "team-stands"),
        (("a", "b"), 2, ("c",), "team-stands"),
        ((), 0, ("a",), "too-few-officers"),
        ((), 0, ("a", "a"), "too-few-officers"),
        (("b",), 2, ("b",), "too-few-officers"),
        (("b",), 3, ("c",), "too-few-officers"),
    ],
)
def test_a_team_is_named_whole_and_once(
    team: tuple[str, ...], places: int, named: tuple[str, ...], slug: str
) -> None:
    """行政处罚法 art. 42: at least two different officers; a complete team stays."""
    assert refused(lambda: staff(replace(PLANNED, team=team, places=places), named)) == slug


AWAY = {"b": "absent"}


@pytest.mark.parametrize(
    ("changes", "grounds", "named", "whole"),
    [
        ({}, AWAY, ("c",), ("a", "c")),
        ({}, AWAY, ("a", "c"), ("a", "c")),
        ({"places": 0}, AWAY, ("c", "d"), ("a", "c", "d")),
        ({}, {"a": "absent", "b": "recused"}, ("c", "d"), ("c", "d")),
        # Both are away on some day; naming one beside the successor keeps him.
        ({}, {"a": "absent", "b": "absent"}, ("a", "c"), ("a", "c")),
        ({"team": ("a", "b", "c"), "places": 0}, {"b": "absent"}, ("a",), ("a", "c")),
        # A place that is empty is filled first, whoever else has a ground.
        ({"team": ("b",)}, AWAY, ("c",), ("b", "c")),
    ],
)
def test_whoever_cannot_go_is_replaced_in_a_named_team(
    changes: dict[str, Any], grounds: dict[str, str], named: tuple[str, ...], whole: tuple[str, ...]
) -> None:
    """A ground in the registers lets another officer come; the others stay."""
    assert staff(replace(PLANNED, **changes), named, grounds=grounds).team == whole


@pytest.mark.parametrize(
    ("changes", "grounds", "named", "dealt", "slug"),
    [
        ({}, {}, ("a", "c"), False, "team-stands"),
        ({}, {"x": "absent"}, ("c",), False, "team-stands"),
        ({}, AWAY, ("a", "b"), False, "team-stands"),
        ({}, AWAY, ("c",), True, "team-stands"),
        ({"team": ("a",)}, {}, ("c",), True, "team-stands"),
        ({"present": ("a",)}, AWAY, ("c",), False, "team-stands"),
        ({}, AWAY, ("a",), False, "too-few-officers"),
        ({}, AWAY, ("c", "c"), False, "too-few-officers"),
        ({}, {"a": "absent", "b": "absent"}, ("c",), False, "too-few-officers"),
        ({"state": State.CHECKED_IN}, AWAY, ("c",), False, "wrong-state"),
    ],
)
def test_nobody_is_replaced_at_will(
    changes: dict[str, Any], grounds: dict[str, str], named: tuple[str, ...], *, dealt: bool, slug: str
) -> None:
    """Without a ground, after somebody came, or where randomness says who comes, the team stands."""
    team = replace(PLANNED, **changes)
    assert refused(lambda: staff(team, named, dealt=dealt, grounds=grounds)) == slug


@pytest.mark.parametrize(
    ("team", "held", "present", "who", "told"),
    [
        (("a", "b"), "a", (), "a", "a"),
        (("a", "b"), "b", (), "a", "b"),
        (("a", "b", "c"), "b", (), "a", None),
        (("a", "b", "c"), "b", (), "b", "b"),
        (("a", "b"), "b", ("a",), "a", None),
        (("a", "b"), "b", ("a",), "b", "b"),
    ],
)
def test_nobody_inspects_who_may_not_nor_begins_what_cannot_begin(
    team: tuple[str, ...], held: str, present: tuple[str, ...], who: str, told: str | None
) -> None:
    """行政处罚法 art. 42: two with valid certificates; a visit half begun could not be amended."""
    visit = replace(PLANNED, team=team, places=0, held={held: "recused"}, present=present)
    if told is None:
        check_at_work(visit, "give_code", inspector=who, now=NOW)
        return
    with pytest.raises(RuleBroken) as caught:
        check_at_work(visit, "give_code", inspector=who, now=NOW)
    assert (caught.value.slug, dict(caught.value.values)) == (
        "officer-held-back",
        {"inspector": told, "reason": "recused"},
    )


def test_a_team_too_small_by_itself_is_not_anybodys_fault() -> None:
    """Nobody is held back: that too few came shows when the visit is handed in."""
    alone = replace(PLANNED, team=("a",), places=0)
    assert check_in(alone, inspector="a", now=NOW).present == ("a",)
