"""Ranks of units: the rule as it is written down, ties, and who has none (clause W7)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import seeds
from app.domain.oversight.league import Owed, Standing
from app.domain.oversight.ranking import Total, rank_rule, ranked, ranked_by_month, totals

(DOCUMENT,) = seeds.documents("ranking")
RULE = rank_rule(DOCUMENT)


def unit(region: str, *, met: int = 0, late: int = 0, missed: int = 0, **more: int) -> Total:
    """A unit with so many met, late and missed."""
    figures = {"open": 0, "excused": 0} | more
    due = met + late + missed + sum(figures.values())
    return Total(region=region, station="", due=due, met=met, late=late, missed=missed, **figures)


def row(month: str, kind: Owed, of: Total) -> Standing:
    """The same as a row of the table."""
    figures = {name: getattr(of, name) for name in ("due", "met", "late", "missed", "open", "excused")}
    return Standing(region=of.region, station=of.station, month=month, kind=kind, **figures)


def test_units_by_hand() -> None:
    """9 of 10 before 8 of 10; of these who missed less; equals share a rank, the next is left out."""
    units = (
        unit("410901", met=8, missed=2),
        unit("410902", met=9, late=1),
        unit("410903", met=16, late=2, missed=2),
        unit("410904", met=4, missed=1),
        unit("410905", late=1),
        unit("410906", open=7, excused=1),
    )
    assert {one.region: rank for one, rank in ranked(units, RULE).items()} == {
        "410902": 1,  # 90 %
        "410903": 2,  # 80 %, missed 10 %
        "410901": 3,  # 80 %, missed 20 %
        "410904": 3,  # the same shares of fewer
        "410905": 5,  # nothing in time
        "410906": None,  # nothing is judged yet
    }
    assert (units[5].kept_bp, units[5].late_bp, units[5].missed_bp) == (None, 0, 0)


def test_a_rank_is_among_those_of_the_same_month_and_kind() -> None:
    """A unit's draws of December are no match for another's visits of November."""
    good, bad = unit("410901", met=1), unit("410902", missed=1)
    table = (
        row("2026-11", Owed.VISIT, good),
        row("2026-11", Owed.VISIT, bad),
        row("2026-11", Owed.DRAW, bad),
        row("2026-12", Owed.VISIT, bad),
    )
    assert [ranked_by_month(table, RULE)[one] for one in table] == [1, 2, 1, 1]
    whole = totals(table)
    assert [(one.region, one.due, one.met, one.missed) for one in whole] == [
        ("410901", 1, 1, 0),
        ("410902", 3, 0, 3),
    ]


def test_the_rule_is_written_down_with_its_basis() -> None:
    """Each measure, how ties are treated, in both languages; a measure that there is not is refused."""
    assert RULE.order == (("kept_bp", -1), ("missed_bp", 1))
    for one in (*DOCUMENT["order"], DOCUMENT["ties"]):
        assert {"zh", "en", "basis"} <= one.keys()
        assert one["source"] in DOCUMENT["sources"]
    with pytest.raises(ValueError, match="luck"):
        rank_rule({"order": [{"measure": "luck", "best": "high"}]})


_UNIT = st.builds(
    unit,
    st.sampled_from([f"41{n:04}" for n in range(40)]),
    met=st.integers(0, 6),
    late=st.integers(0, 6),
    missed=st.integers(0, 6),
    open=st.integers(0, 2),
)


@given(units=st.lists(_UNIT, max_size=12, unique_by=lambda one: one.region))
def test_whoever_is_better_stands_before_and_equals_stand_together(units: list[Total]) -> None:
    """A rank is one more than how many are better; more met instead of missed never lowers it."""
    better: Callable[[Total], tuple[int, int]] = lambda one: (-(one.kept_bp or 0), one.missed_bp)  # noqa: E731 - said once
    ranks = ranked(units, RULE)
    for one in units:
        if not one.judged:
            assert ranks[one] is None
            continue
        assert ranks[one] == 1 + sum(better(other) < better(one) for other in units if other.judged)
        if one.missed:
            mended = replace(one, met=one.met + 1, missed=one.missed - 1)
            again = ranked([mended if other is one else other for other in units], RULE)[mended]
            assert again is not None
            assert again <= (ranks[one] or 0)
