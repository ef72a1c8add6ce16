"""What a preflight finds: sizes of DR1 section 5, and everything that the roster leaves to mend."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.draw.basics.lines import Inspector, Recusal, RosterLine
from app.domain.draw.plan import Stratum
from app.domain.eligibility import Eligible, Exclusion, ReducedCap
from app.domain.facts import UnconfirmedRecusal
from app.domain.findings import Finding
from app.domain.policy import parse_policy
from app.domain.preflight import Preflight, forecast_strata, preflight
from app.domain.roster import Roster
from app.domain.rotation import Rotation
from app.domain.staffing import staffing

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
    rotation: Rotation = Rotation(),  # noqa: B008 - a frozen record
    suspected: Sequence[UnconfirmedRecusal] = (),
) -> Preflight:
    return preflight(
        roster,
        eligible,
        forecasts=forecast_strata(roster),
        recusals=rotation.kept,
        rotation=rotation,
        suspected=suspected,
        there=staffing(slots=SLOTS, inspectors=eligible.inspectors, spare_times=POLICY.spare_times),
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
        (replace(ROSTER, visit_open=("a",)), Finding("visit-open", {"count": 1, "examples": ["a"]})),
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


def test_whose_cap_the_load_lowers_is_said() -> None:
    """Load over the period as `cap`."""
    less = ReducedCap(inspector="i1", registered=30, taken=55, cap=5)
    found = _ahead(eligible=replace(ELIGIBLE, reduced=(less,))).warnings
    assert found == (Finding("inspectors-load-reduced", {"count": 1, "examples": ["i1"]}),)


TAGS = tuple(sorted(("agency:psb", "role:lead", *NEEDS)))


@pytest.mark.parametrize(
    ("inspectors", "missed", "helps"),
    [
        # nobody at all: whoever was left out would help
        ([], [Inspector("x", 9, ("agency:psb",))], ["x"]),
        # the lead is missing: the lead who was left out would help, the member would not
        (
            [Inspector(f"m{n}", 9, ("agency:psb", *NEEDS)) for n in range(4)],
            [Inspector("lead", 9, TAGS), Inspector("member", 9, ("agency:psb", *NEEDS))],
            ["lead"],
        ),
        # four could go, all but one far away: the district binds
        (
            [
                *(Inspector(f"i{n}", 99, TAGS) for n in range(2)),
                *(
                    Inspector(f"f{n}", 9, ("agency:psb", "regime:entertainment", "role:lead"))
                    for n in range(2)
                ),
            ],
            [Inspector("near", 9, TAGS), Inspector("far", 9, ("agency:psb", "role:lead"))],
            ["near"],
        ),
        # two seats of two entities are more than caps of one: whoever fits a slot eases it
        (
            [Inspector(f"i{n}", 1, TAGS) for n in range(4)],
            [Inspector("more", 9, TAGS), Inspector("alien", 9, ("agency:fire",))],
            ["more"],
        ),
        ([Inspector(f"i{n}", 30, TAGS) for n in range(4)], [Inspector("more", 9, TAGS)], []),
    ],
)
def test_who_would_ease_a_shortage_is_named(
    inspectors: list[Inspector], missed: list[Inspector], helps: list[str]
) -> None:
    """B5: the binding constraint by name, a person's too; three entities are wanted of 30 lines."""
    eligible = replace(
        ELIGIBLE,
        inspectors=tuple(inspectors),
        missed=tuple(missed),
        excluded=tuple(Exclusion(inspector=one.id, reason="absent") for one in missed),
    )
    ahead = _ahead(_roster(_lines(30), Stratum("s", 1, 10, 0, 0)), eligible)
    found = [one.values["inspectors"] for one in ahead.warnings if one.code == "would-help-absent"]
    assert found == ([helps] if helps else [])


def test_where_rotation_gives_way_is_said() -> None:
    """Rotation never makes a line impossible, and whoever comes again is known beforehand."""
    gave_way = Rotation(yielded=(Recusal("i1", "s:2.0.3"),), lines=("s:2.0.3",))
    [warning] = _ahead(rotation=gave_way).warnings
    assert warning == Finding("rotation-gives-way", {"count": 1, "examples": ["s:2.0.3"]})


@pytest.mark.parametrize(
    ("suspicion", "example"),
    [
        ({"inspector": "i1", "entity": "s:2.0.3"}, "i1×s:2.0.3"),
        ({"inspector": "i1", "station": "001"}, "i1×410928001"),
        ({"inspector": "stranger", "entity": "s:2.0.3"}, None),
        ({"inspector": "i1", "entity": "elsewhere"}, None),
        ({"inspector": "i1", "station": "002"}, None),
    ],
)
def test_a_suspected_recusal_excludes_nobody_but_is_said(
    suspicion: dict[str, str], example: str | None
) -> None:
    """Same name and station officer are candidates for a person to confirm, before the draw if possible."""
    roster = replace(ROSTER, places=frozenset({("410928", "001"), ("410928", None)}))
    ahead = _ahead(roster, suspected=[UnconfirmedRecusal(ground="any", region="410928", **suspicion)])
    assert ahead.errors == ()
    wanted = [Finding("suspected-recusals", {"count": 1, "examples": [example]})] if example else []
    assert list(ahead.warnings) == wanted


def test_lines_without_tickets_need_no_team() -> None:
    """What cannot be drawn asks for nobody."""
    nobody = replace(ELIGIBLE, inspectors=())
    assert _ahead(_roster(_lines(10, tickets=0)), nobody).errors == ()
    assert [error.code for error in _ahead(ROSTER, nobody).errors] == ["no-inspectors"]


def test_the_words_of_a_finding_join_its_lists() -> None:
    """Values stay JSON for readers, and become text for messages."""
    finding = Finding("x", {"n": 3, "ids": ["a", "b"], "tags": [["p", "q"], ["r"]]})
    assert finding.words() == (("n", "3"), ("ids", "a, b"), ("tags", "p+q, r"))
