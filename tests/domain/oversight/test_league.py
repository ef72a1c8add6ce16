"""The league table: what a unit owed, and what became of it (clause W7, plan part five)."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import seeds
from app.domain.oversight.league import (
    NO_STATION,
    Criterion,
    Obligation,
    Outcome,
    Owed,
    criteria,
    criticised,
    outcome,
    standings,
)

TODAY = date(2026, 12, 1)


def owed(
    kind: Owed = Owed.VISIT,
    *,
    due: date = date(2026, 11, 30),
    done: date | None = None,
    region: str = "410928",
    station: str = NO_STATION,
    excused: str | None = None,
    given_up: bool = False,
) -> Obligation:
    """One obligation, a visit of November by default."""
    return Obligation(
        kind=kind,
        region=region,
        station=station,
        due_on=due,
        done_on=done,
        subject="s",
        name="n",
        excused=excused,
        given_up=given_up,
    )


@pytest.mark.parametrize(
    ("one", "became"),
    [
        (owed(done=date(2026, 11, 30)), Outcome.MET),  # on the last day
        (owed(done=date(2026, 12, 1)), Outcome.LATE),  # the day after it
        (owed(), Outcome.MISSED),  # nobody came, and the day is over
        (owed(due=TODAY), Outcome.OPEN),  # the last day is not over
        (owed(due=TODAY, given_up=True), Outcome.MISSED),  # closed as not visited
        (owed(excused="unreachable"), Outcome.EXCUSED),  # reported apart from missed
        (owed(excused="withheld", done=date(2026, 11, 2)), Outcome.MET),  # what is done is done
    ],
)
def test_what_becomes_of_an_obligation(one: Obligation, became: Outcome) -> None:
    """Met by its day, late after it, missed when the day is over; `unreachable` is apart (rules.md)."""
    assert outcome(one, TODAY) is became


def test_a_units_month_by_hand() -> None:
    """Two stations of a county in November: 3 visits met, 1 late, 1 missed, 1 excused; 1 open."""
    rows = [
        *[owed(station="001", done=date(2026, 11, day)) for day in (3, 9, 30)],
        owed(station="002", done=date(2026, 12, 1)),
        owed(station="002"),
        owed(station="002", excused="unreachable"),
        owed(Owed.PUBLICATION, due=date(2026, 12, 5)),
    ]
    november, december = standings(rows, today=TODAY, by_station=False)
    assert (november.region, november.station, november.month, november.kind) == (
        "410928",
        NO_STATION,
        "2026-11",
        Owed.VISIT,
    )
    assert (november.due, november.met, november.late, november.missed, november.excused) == (6, 3, 1, 1, 1)
    assert november.kept_bp == 6000  # 3 of the 5 judged
    assert november.late_bp == 2000
    assert (december.kind, december.open, december.kept_bp, december.late_bp) == (
        Owed.PUBLICATION,
        1,
        None,
        0,
    )
    by_station = standings(rows, today=TODAY, by_station=True)
    assert [(row.station, row.month, row.due) for row in by_station] == [
        (NO_STATION, "2026-12", 1),
        ("001", "2026-11", 3),
        ("002", "2026-11", 3),
    ]


def test_who_is_named_and_why() -> None:
    """One missed is enough here; lateness is named above its share; a kind without a criterion never is."""
    rules = (Criterion(kind=Owed.VISIT, missed=1, late_bp=2000, basis="b"),)
    table = standings(
        [
            owed(region="410901"),
            *[owed(region="410902", done=date(2026, 11, 2)) for _ in range(4)],
            owed(region="410902", done=date(2026, 12, 1)),  # exactly 20 %: not above
            owed(region="410903", done=date(2026, 12, 1)),
            owed(region="410904"),
            owed(region="410904"),
            owed(region="410904", done=date(2026, 12, 1)),
            owed(Owed.REVEAL, region="410905"),
        ],
        today=TODAY,
        by_station=False,
    )
    assert [(one.standing.region, one.grounds) for one in criticised(table, rules)] == [
        ("410904", ("missed", "late")),
        ("410901", ("missed",)),
        ("410903", ("late",)),
    ]


def test_every_kind_has_a_criterion_with_its_basis() -> None:
    """The seeded document names a basis for each."""
    first, newest = seeds.documents("criticism")
    assert {rule.kind for rule in criteria(first)} == set(Owed) - {Owed.APPEAL}  # version 1 knew no appeals
    rules = criteria(newest)
    assert {rule.kind for rule in rules} == set(Owed)
    assert all("实施方案" in rule.basis or "公开" in rule.basis for rule in rules)


_ONE = st.builds(
    owed,
    st.sampled_from(Owed),
    due=st.dates(date(2026, 10, 1), date(2027, 1, 31)),
    done=st.none() | st.dates(date(2026, 10, 1), date(2027, 1, 31)),
    region=st.sampled_from(["410901", "410928"]),
    station=st.sampled_from([NO_STATION, "001", "002"]),
    excused=st.sampled_from([None, "voided"]),
    given_up=st.booleans(),
)


@given(rows=st.lists(_ONE, max_size=30), by_station=st.booleans())
def test_every_figure_is_the_number_of_its_rows(*, rows: list[Obligation], by_station: bool) -> None:
    """Nothing is counted twice or lost, and what is judged grows no fewer as days pass."""
    table = standings(rows, today=TODAY, by_station=by_station)
    for row in table:
        own = [
            o
            for o in rows
            if (o.region, o.month, o.kind) == (row.region, row.month, row.kind)
            and (not by_station or o.station == row.station)
        ]
        counted = Counter(outcome(o, TODAY) for o in own)
        assert (row.met, row.late, row.missed, row.open, row.excused) == tuple(counted[o] for o in Outcome)
        assert row.due == len(own)
    assert sum(row.due for row in table) == len(rows)
    later = standings(rows, today=TODAY + timedelta(days=40), by_station=by_station)
    assert sum(row.judged for row in later) >= sum(row.judged for row in table)
