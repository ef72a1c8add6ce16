"""Who may do what: roles and acts as data (spec/api.md)."""

import pytest

from app.domain.access import ACTS, Caller, Role


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
