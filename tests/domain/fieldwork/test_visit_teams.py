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
