"""What a preflight finds: sizes of DR1 section 5, and everything that the roster leaves to mend."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.draw.lines import Inspector, RosterLine
from app.domain.draw.plan import Stratum
from app.domain.eligibility import Eligible, Exclusion
from app.domain.findings import Finding
from app.domain.policy import parse_policy
from app.domain.preflight import Preflight, preflight
from app.domain.roster import Roster

POLICY = parse_policy(json.loads(Path("app/seeds/policies/default.1.json").read_text("utf-8")))
SLOTS = (("agency:psb", "role:lead"), ("agency:psb",))
NEEDS = ("district:1", "regime:entertainment")
TODAY = date(2026, 11, 2)
ELIGIBLE = Eligible(
    inspectors=tuple(
        Inspector(f"i{n}", 30, tuple(sorted(("agency:psb", "role:lead", *NEEDS)))) for n in range(4)
    ),
    excluded=(),
    unrestricted=(),
    not_seen=(),
)


def _lines(count: int, *, tickets: int = 2, draws_left: int = 0, stratum: str = "s") -> list[RosterLine]:
    note = None if tickets else "cooldown"
    return [
        RosterLine(f"{stratum}:{tickets}.{draws_left}.{n}", stratum, tickets, draws_left, NEEDS, note)
        for n in range(count)
    ]


def _roster(lines: list[RosterLine], *strata: Stratum) -> Roster:
    return Roster(
        lines=tuple(lines),
        strata=strata or (Stratum("s", 1, 5, 0, 0),),
        empty_strata=(),
        unmatched=(),
        ungraded=(),
        not_seen=(),
        places=frozenset(),
    )


ROSTER = _roster(_lines(10))


def _ahead(
    roster: Roster = ROSTER,
    eligible: Eligible = ELIGIBLE,
    *,
    levels_filtered: bool = False,
    visit_to: date = TODAY,
) -> Preflight:
    return preflight(
        roster,
        eligible,
        recusals=(),
        slots=SLOTS,
        policy=POLICY,
        levels_filtered=levels_filtered,
        visit_to=visit_to,
        today=TODAY,
    )


def test_a_plan_in_order_has_neither_errors_nor_warnings() -> None:
    """Ten lines, four inspectors for teams of two."""
    ahead = _ahead()
    assert (ahead.lines, ahead.errors, ahead.warnings) == (10, (), ())


def test_a_worked_forecast() -> None:
    """24 lines, 4 of them in cool-down, 1 due, 4 with three draws left; rate 1/10, min 2, surprise 1.

    quota = max(ceil(24/10), 2) = 3; cover = ceil(1 + 4/3) = 3; wanted = max(3, 3 + 1) = 4.
    """
    lines = [
        *_lines(15),
        *_lines(4, tickets=0),
        *_lines(1, draws_left=1),
        *_lines(4, draws_left=3),
    ]
    [forecast] = _ahead(_roster(lines, Stratum("s", 1, 10, 2, 1))).by_stratum
    assert (forecast.size, forecast.drawable) == (24, 20)
    assert (forecast.quota, forecast.cover, forecast.wanted, forecast.drawn) == (3, 3, 4, 4)


@pytest.mark.parametrize(
    ("roster", "finding"),
    [
        (_roster([]), Finding("no-lines")),
        (replace(ROSTER, unmatched=("a", "b")), Finding("unmatched", {"count": 2, "examples": ["a", "b"]})),
        (replace(ROSTER, ungraded=("a",)), Finding("no-level", {"count": 1, "examples": ["a"]})),
    ],
)
def test_what_the_roster_cannot_have_is_an_error(roster: Roster, finding: Finding) -> None:
    """No lines; registrations that no stratum takes; a graded regime without a level."""
    assert finding in _ahead(roster).errors


def test_an_example_list_stays_short() -> None:
    """Five examples are enough to start mending."""
    many = tuple(f"e{n}" for n in range(9))
    [finding] = _ahead(replace(ROSTER, unmatched=many)).errors
    assert finding.values == {"count": 9, "examples": list(many[:5])}


def test_a_missing_level_is_a_warning_where_the_plan_names_levels() -> None:
    """Whoever has no level is then out of scope, which should be known."""
    ahead = _ahead(replace(ROSTER, ungraded=("a",)), levels_filtered=True)
    assert ahead.errors == ()
    assert [warning.code for warning in ahead.warnings] == ["no-level"]


@pytest.mark.parametrize(
    ("roster", "finding"),
    [
        (replace(ROSTER, not_seen=("a",)), Finding("not-seen", {"count": 1, "examples": ["a"]})),
        (replace(ROSTER, empty_strata=("t",)), Finding("empty-stratum", {"stratum": "t"})),
        (_roster(_lines(9)), Finding("small-stratum", {"stratum": "s", "lines": 9, "least": 10})),
        (
            _roster([*_lines(1), *_lines(11, tickets=0)]),
            Finding("short-stratum", {"stratum": "s", "wanted": 3, "drawable": 1}),
        ),
    ],
)
def test_what_is_doubtful_about_the_roster_is_a_warning(roster: Roster, finding: Finding) -> None:
    """Not seen, strata without lines, of fewer than ten lines, or with fewer drawable lines than wanted."""
    ahead = _ahead(roster)
    assert finding in ahead.warnings
    assert ahead.errors == ()


def test_visits_in_the_past_are_a_warning() -> None:
    """The last day of the visits may be today, not yesterday."""
    assert _ahead(visit_to=TODAY).warnings == ()
    past = Finding("visits-past", {"visit_to": "2026-11-01"})
    assert _ahead(visit_to=date(2026, 11, 1)).warnings == (past,)


def test_who_is_left_out_and_who_is_not_restricted_is_said() -> None:
    """Counts by reason; codes are listed by the eligibility itself."""
    eligible = replace(
        ELIGIBLE,
        excluded=(
            Exclusion(inspector="x", reason="auxiliary"),
            Exclusion(inspector="y", reason="absent"),
            Exclusion(inspector="z", reason="auxiliary"),
        ),
        unrestricted=("i1",),
        not_seen=("i1", "i2"),
    )
    assert _ahead(eligible=eligible).warnings == (
        Finding("inspectors-absent", {"count": 1}),
        Finding("inspectors-auxiliary", {"count": 2}),
        Finding("inspectors-unrestricted", {"count": 1}),
        Finding("inspectors-not-seen", {"count": 2}),
    )


def test_lines_without_tickets_need_no_team() -> None:
    """What cannot be drawn asks for nobody."""
    nobody = replace(ELIGIBLE, inspectors=())
    assert _ahead(_roster(_lines(10, tickets=0)), nobody).errors == ()
    assert [error.code for error in _ahead(ROSTER, nobody).errors] == ["no-inspectors"]


def test_the_words_of_a_finding_join_its_lists() -> None:
    """Values stay JSON for readers, and become text for messages."""
    finding = Finding("x", {"n": 3, "ids": ["a", "b"], "tags": [["p", "q"], ["r"]]})
    assert finding.words() == (("n", "3"), ("ids", "a, b"), ("tags", "p+q, r"))
