"""Who may do what: roles and acts as data (spec/api.md)."""

from dataclasses import replace

import pytest

from app.domain.access import ACTS, Caller, Role
from app.domain.errors import Missing


def _caller(role: Role, region: str = "410928") -> Caller:
    return Caller(id="c", name="n", roles=frozenset({role}), region=region)


@pytest.mark.parametrize(
    ("role", "act", "may"),
    [
        (Role.PLANNER, "draws.commit", True),
        (Role.PLANNER, "draws.entropy", False),  # never gives entropy
        (Role.WITNESS, "draws.entropy", True),
        (Role.DISPATCHER, "draws.reveal", True),
        (Role.ADMIN, "registers.write", False),  # no business acts
        (Role.SUPERVISOR, "league.read", True),
        (Role.INSPECTOR, "league.read", False),
        (Role.APPEAL_OFFICER, "appeals.handle", True),
        (Role.APPEAL_OFFICER, "appeals.decide", True),
        (Role.APPEAL_OFFICER, "publications.correct", False),  # an appeal edits no result
        (Role.APPROVER, "appeals.decide", False),
        (Role.AUDITOR, "appeals.read", True),  # read-only everything, each access logged
        (Role.SUPERVISOR, "appeals.read", False),  # figures only, in the league table
    ],
)
def test_an_act_lists_the_roles_that_hold_it(role: Role, act: str, *, may: bool) -> None:
    """The table of roles, by a few of its rows."""
    assert _caller(role).may(act) is may
    assert (role in ACTS[act]) is may


def test_nothing_outside_the_prefix_is_seen() -> None:
    """A city sees its counties, a county no other."""
    assert _caller(Role.SUPERVISOR, "4109").sees("410928")
    assert not _caller(Role.SUPERVISOR).sees("410922")


def test_a_caller_of_an_agency_speaks_for_it_alone() -> None:
    """W3: each agency its part; without an agency the whole."""
    of_the_fire = replace(_caller(Role.DISPATCHER), agency="fire")
    assert of_the_fire.speaks_for(("psb", "fire"))
    assert not of_the_fire.speaks_for({"psb"})
    assert _caller(Role.DISPATCHER).speaks_for({"psb"})


@pytest.mark.parametrize(
    ("own", "asked", "prefix"),
    [
        ("4109", None, "4109"),
        ("4109", "", "4109"),
        ("4109", "410900", "4109"),
        ("4109", "410928", "410928"),
        ("410928", "410928", "410928"),
        ("", "410000", "41"),
        ("410928", "410922", None),  # a sister county
        ("410928", "4109", None),  # the city above: the county sees only a part of it
        ("410928", "410900", None),
        ("4109", "3201", None),
    ],
)
def test_a_question_stays_within_what_the_caller_sees(
    own: str, asked: str | None, prefix: str | None
) -> None:
    """«unseen jurisdiction 404» (spec/api.md), whichever list is asked."""
    caller = _caller(Role.SUPERVISOR, own)
    if prefix is not None:
        assert caller.within(asked) == prefix
        return
    with pytest.raises(Missing, match="not-found"):
        caller.within(asked)
