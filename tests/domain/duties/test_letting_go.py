"""A year that let duties go to its annual cap leaves nothing overdue behind.

mission/rules.md, «Tickets»: «A duty that the cap makes impossible is a *collision*: … decided (which yields,
why, by whom)».
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from app.domain.authorities import Authority
from app.domain.duties.collisions import CapThere, Yields
from app.domain.duties.letting_go import LetGo
from app.domain.duties.owed import DrawDuties, Why
from app.domain.duties.standing import DutyState, standing
from app.domain.duties.windows import Window
from app.domain.facts import OpenVisit, Premises, Visit
from app.domain.policy import AnnualCap, Policy
from app.domain.premises_line import PremisesLine
from app.domain.regions import Level
from app.domain.roster_lines import premises_line
from app.domain.roster_rules import RosterRules, Scope
from tests.domain.duties.cases import POLICY, ROLLING, VENUES, day, ktv, visit

CAP = AnnualCap(visits=4, exempt_kinds=("complaint",), basis="测试")
DUTY_YIELDS = {"entity:src:1": Yields.DUTY}
JANUARY = Window(day("2027-01-01"), day("2027-01-31"), 1)
USED = tuple(visit(on) for on in ("01-10", "02-10", "03-10", "04-10"))
"""The cap of 2026 is used up in April."""


def premises(*visits: Visit, open_visits: tuple[OpenVisit, ...] = ()) -> Premises:
    """Give a venue of level 3 with these visits."""
    return Premises(
        id="src:1", region="410928", registrations=(ktv(3),), visits=visits, open_visits=open_visits
    )


def in_january(
    one: Premises, before: Mapping[str, Yields], *, policy: Policy = POLICY, on: str = "2027-01-04"
) -> PremisesLine:
    """Give the line of a premises in a draw of January 2027, after decisions about 2026."""
    capped = replace(policy, annual_cap=CAP)
    return premises_line(
        one,
        RosterRules(
            item=VENUES,
            agency="psb",
            scope=Scope(region="410928", regimes=("entertainment",)),
            rules=capped.strata,
            policy=capped,
            on=day(on),
            visit_from=day("2027-01-04"),
            visit_to=day("2027-01-08"),
            draw_ends=tuple(day(f"2027-01-{n:02}") for n in (8, 15, 22, 29)),
            decisions_before=before,
        ),
    )


@pytest.mark.parametrize(
    ("visits", "before", "why", "draws_left"),
    [
        # decided to yield, and the cap was reached: January begins afresh, with three of its four draws
        (USED, DUTY_YIELDS, Why.OWED, 3),
        (USED, {"class:entertainment-3": Yields.DUTY}, Why.OWED, 3),
        # the entity's own decision goes before that of its class, and where the cap yields the duty holds
        (USED, {**DUTY_YIELDS, "entity:src:1": Yields.CAP}, Why.OVERDUE, 1),
        # nobody decided
        (USED, {}, Why.OVERDUE, 1),
        # decided, and yet a visit was left: December was missed
        (USED[:3], DUTY_YIELDS, Why.OVERDUE, 1),
        # a visit in January meets January, whatever was let go
        ((*USED, visit("2027-01-02")), DUTY_YIELDS, Why.MET, 0),
    ],
)
def test_what_yielded_is_not_overdue_on_new_year(
    visits: tuple[Visit, ...], before: Mapping[str, Yields], why: Why, draws_left: int
) -> None:
    """The draw of 4 to 8 January: the last window that ended is December's."""
    found = in_january(premises(*visits), before)
    assert found.owed is not None
    assert (found.owed.why, found.owed.draws_left) == (why, draws_left)
    assert found.owed.last == max(one.on for one in visits)
    if why == Why.OWED:
        assert found.owed.window == JANUARY


def test_a_draw_of_january_that_is_frozen_in_december() -> None:
    """On 30 December November ended last; the year lets it go, and the draw serves January."""
    found = in_january(premises(*USED), DUTY_YIELDS, on="2026-12-30").owed
    assert found is not None
    assert (found.why, found.window) == (Why.OWED, JANUARY)


def there(cap: AnnualCap) -> tuple[CapThere, ...]:
    """The county's cap, where it was decided that the duty yields."""
    return (CapThere(cap=cap, decisions=DUTY_YIELDS, authority=Authority("psb", Level.COUNTY)),)


def test_what_the_year_before_the_last_left_is_not_asked_about() -> None:
    """Rolling, due on 10 November 2025 by a policy of that year: the decision is about 2026 alone."""
    rules = ROLLING.duties and replace(ROLLING.duties, starts_on=date(2025, 1, 1))
    rolling = replace(ROLLING, duties=rules, annual_cap=replace(CAP, visits=0))
    duties = DrawDuties(
        rolling,
        item=VENUES,
        on=day("2026-12-30"),
        visit_from=day("2026-12-30"),
        visit_to=day("2026-12-31"),
        draw_ends=(),
    )
    one = premises(visit("11-15"))
    let_go = LetGo(duties, there(rolling.annual_cap), year=2025)
    owed = duties.owed(ktv(3), visits=one.visits, open_visits=())
    assert (owed.why, owed.window and owed.window.ends_on) == (Why.OVERDUE, day("12-15"))
    assert let_go.owed(owed, one, ktv(3)) == owed
    own = LetGo(duties, there(rolling.annual_cap), year=2026).owed(owed, one, ktv(3))
    # as if met on 15 December: half a month later the next opens, due on 15 January
    assert (own.why, own.window) == (Why.OWED, Window(day("12-30"), day("2027-01-15"), 1))
    assert own.last == day("11-15")


def test_the_list_of_duties_says_the_same() -> None:
    """On 4 January: open, not missed; while a visit is under way it says so."""
    capped = replace(POLICY, annual_cap=CAP)
    duties = DrawDuties(
        capped,
        item=VENUES,
        on=day("2027-01-04"),
        visit_from=day("2027-01-04"),
        visit_to=day("2027-01-04"),
        draw_ends=[day("2027-01-08"), day("2027-01-15")],
    )
    let_go = LetGo(duties, there(capped.annual_cap), year=2026)
    one = premises(*USED)
    for open_visits, state, draws_left in (
        ((), DutyState.OPEN, 1),
        ((OpenVisit(items=(VENUES,)),), DutyState.VISIT_OPEN, 0),
    ):
        found = standing(
            duties,
            ktv(3),
            visits=one.visits,
            open_visits=open_visits,
            anew=lambda owed: let_go.owed(owed, one, ktv(3)),
        )
        assert found is not None
        assert (found.state, found.draws_left, found.window) == (state, draws_left, JANUARY)
    plain = standing(duties, ktv(3), visits=one.visits, open_visits=())
    assert plain is not None
    assert plain.state == DutyState.MISSED
