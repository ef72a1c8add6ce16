"""A city's forecast is what lies ahead of its counties, added up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.calendar.draws import PlannedDraw
from app.domain.calendar.spans import Span
from app.domain.simulation.binding import Binding
from app.domain.simulation.parts import Part
from app.domain.simulation.rows import DutyRow, joined_rows
from app.domain.simulation.tally import DrawMade, Group, Made, Tally
from app.domain.simulation.weeks import ForecastWeek, forecast_weeks, joined_weeks

VENUES = "psb.venues"
MONDAY = date(2027, 1, 4)
LAST = date(2027, 1, 24)


def _draw(week: int, *, short: int = 0, capacity: int = 5, binds: Binding | None = None) -> DrawMade:
    first = MONDAY + timedelta(days=7 * week)
    span = Span(first=first, last=first + timedelta(days=4))
    planned = PlannedDraw(
        item=VENUES,
        period=f"2027-01.{week + 1}",
        kind="regular",
        visit_from=span.first,
        visit_to=span.last,
        rate=None,
        basis="test",
        window=span,
    )
    return DrawMade(planned=planned, held=True, short=short, capacity=capacity, binds=binds)


def _weeks(tally: Tally) -> tuple[ForecastWeek, ...]:
    return forecast_weeks(tally, units={"a": "一队", "b": "二队"}, first=MONDAY, last=LAST)


def _made(entity: str, week: int, *team: str) -> Made:
    on = MONDAY + timedelta(days=7 * week)
    return Made(VENUES, entity, on, team, Group(VENUES, "entertainment", "3"), Part.DUTY)


def test_two_counties_by_hand() -> None:
    """Both draw in the first week, one of them again in the second, where a premises gets no team."""
    tight, loose = (Binding(kind="tag", name=name, asked=n, capacity=10) for name, n in (("x", 9), ("y", 1)))
    one = _weeks(Tally(draws=[_draw(0, binds=loose), _draw(1, short=1)], visits=[_made("v1", 0, "a", "b")]))
    two = _weeks(
        Tally(draws=[_draw(0, capacity=3, binds=tight)], visits=[_made("v2", 0, "a"), _made("v3", 1, "a")])
    )
    first, second, third = joined_weeks({"410922": one, "410928": two})
    assert [draw.region for draw in first.draws] == ["410922", "410928"]
    assert (first.visits, first.capacity, first.binds, first.infeasible) == (2, 8, tight, False)
    assert (dict(first.by_unit), dict(first.by_inspector)) == ({"一队": 2, "二队": 1}, {"a": 2, "b": 1})
    assert (second.visits, second.capacity, second.infeasible) == (1, 5, True)
    assert (third.visits, third.capacity, third.draws, third.infeasible) == (0, None, (), False)


def _row(
    years: float, visits: float, *, wanted: float | None = 12.0, kind: str = "3", due: int = 0
) -> DutyRow:
    return DutyRow(
        group=Group(VENUES, "entertainment", kind),
        years=years,
        wanted=wanted,
        visits=visits,
        due=due,
        met=due,
        missed=0,
        announced=0,
        unreachable=0,
        ended=0,
        parts=dict.fromkeys(Part, visits / len(Part)),
    )


def test_duties_are_weighed_by_the_time_in_operation() -> None:
    """1 year with 12 visits and 3 years with 8 make 4 years with 9 visits each."""
    (joined,) = joined_rows([[_row(1, 12, due=12)], [_row(3, 8, due=24)]])
    assert (joined.years, joined.visits, joined.due, joined.met, joined.wanted) == (4, 9.0, 36, 36, 12.0)
    assert sum(joined.parts.values()) == pytest.approx(9.0)
    apart = joined_rows([[_row(1, 12)], [_row(1, 4, kind="1", wanted=4.0)]])
    assert [row.group.kind for row in apart] == ["1", "3"]
    assert joined_rows([[_row(1, 1, wanted=None)], [_row(1, 1, wanted=None)]])[0].wanted is None
    # A county whose policy asks for nothing counts in the visits, not in what is asked for.
    assert joined_rows([[_row(1, 1, wanted=None)], [_row(3, 1)]])[0].wanted == 12.0
    assert joined_rows([]) == ()


@given(
    counties=st.lists(
        st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["a", "b", "c"])), max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_nothing_is_lost_or_counted_twice(counties: list[list[tuple[int, str]]]) -> None:
    """Visits, loads and draws of the whole are those of the parts; one part alone is itself."""
    parts = {
        f"4109{n:02}": _weeks(
            Tally(
                draws=[_draw(week) for week, _ in made],
                visits=[_made(f"{n}-{m}", week, who) for m, (week, who) in enumerate(made)],
            )
        )
        for n, made in enumerate(counties)
    }
    whole = joined_weeks(parts)
    for place, week in enumerate(whole):
        same = [weeks[place] for weeks in parts.values()]
        assert week.visits == sum(one.visits for one in same)
        assert sum(week.by_inspector.values()) == sum(sum(one.by_inspector.values()) for one in same)
        assert len(week.draws) == sum(len(one.draws) for one in same)
        assert (week.capacity or 0) == sum(one.capacity or 0 for one in same)
    (alone,) = joined_weeks({"410928": whole[:1]})
    assert [replace(draw, region="") for draw in alone.draws] == [
        replace(d, region="") for d in whole[0].draws
    ]
    assert replace(alone, draws=()) == replace(whole[0], draws=())
