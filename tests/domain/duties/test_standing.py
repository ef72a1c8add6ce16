"""How duties stand, what is short, and what goes to the registrar."""

from dataclasses import replace

import pytest

from app.domain.draw.basics.lines import Inspector
from app.domain.duties.owed import DrawDuties
from app.domain.duties.referring import Referral, referral
from app.domain.duties.shortage import Force, Short, Shortage, shortage
from app.domain.duties.standing import DutyState, Standing, standing
from app.domain.facts import OpenVisit, Registration
from tests.domain.duties.cases import POLICY, VENUES, day, days, ktv, visit

OPEN = (OpenVisit(items=(VENUES,)),)


def stands(
    registration: Registration,
    *ends: str,
    on: str = "11-09",
    visits: tuple[str, ...] = ("10-20",),
    going: bool = False,
) -> Standing | None:
    """Say how a duty stands on a day with these draws to come."""
    duties = DrawDuties(
        POLICY, item=VENUES, on=day(on), visit_from=day(on), visit_to=day(on), draw_ends=days(*ends)
    )
    return standing(
        duties, registration, visits=[visit(one) for one in visits], open_visits=OPEN if going else ()
    )


@pytest.mark.parametrize(
    ("found", "state", "draws"),
    [
        (stands(ktv(3), "11-15", "11-22"), DutyState.OPEN, 2),
        (stands(ktv(3), "11-15"), DutyState.LAST_DRAW, 1),
        (stands(ktv(3), "12-06"), DutyState.AT_RISK, 0),
        (stands(ktv(3), "11-15", going=True), DutyState.VISIT_OPEN, 1),
        (stands(ktv(3), "11-15", visits=("11-02",)), DutyState.MET, 1),
        (stands(ktv(3), "11-15", visits=("11-02",), going=True), DutyState.MET, 1),
        (stands(ktv(3), "11-15", visits=()), DutyState.MISSED, 0),
        (stands(ktv(3, registered_on=day("11-05")), "11-15"), DutyState.NOT_YET, 0),
        (stands(ktv(3, out_of_duty="04", out_since=day("11-05")), "11-15"), DutyState.UNREACHABLE, 0),
        (stands(ktv(3, out_of_duty="12", out_since=day("11-05")), "11-15"), DutyState.OUT_OF_DUTY, 0),
    ],
)
def test_every_state(found: Standing | None, state: DutyState, draws: int) -> None:
    """Met, open, in the last draw, at risk, missed, out of reach, out of duty, not yet, under way."""
    assert found is not None
    assert (found.state, found.draws) == (state, draws)


def test_no_duty_stands_nowhere() -> None:
    """With and without a visit under way; what yields to the cap owes nothing."""
    cafe = Registration(regime="internet_cafe")
    assert stands(cafe) is None
    assert stands(cafe, going=True) is None
    found = stands(ktv(3), "11-15")
    assert found is not None
    assert found.owing
    assert (found.yielding().state, found.yielding().draws_left) == (DutyState.YIELDS, 0)
    assert not found.yielding().owing


PAIR = (Inspector("a", 2, ("district:1", "regime:x")), Inspector("b", 2, ("district:1", "regime:x")))
FORCE = Force(slots=(("role:lead",), ()), inspectors=PAIR, due=1)


@pytest.mark.parametrize(
    ("found", "force", "draws_at_all", "on", "short"),
    [
        (stands(ktv(3), "11-15", "11-22"), FORCE, True, "11-09", None),
        # nothing left in the window; nothing left at all
        (stands(ktv(3), "12-06"), FORCE, True, "11-09", Shortage(Short.DRAW)),
        (stands(ktv(3)), FORCE, False, "11-09", Shortage(Short.CALENDAR)),
        # one visit under way: all hangs on it where no draw is left, or when the end is near
        (stands(ktv(3), going=True), FORCE, True, "11-09", Shortage(Short.VISIT)),
        (stands(ktv(3), "11-30", on="11-23", going=True), FORCE, True, "11-23", Shortage(Short.VISIT)),
        (stands(ktv(3), "11-15", going=True), FORCE, True, "11-09", None),
        # nobody can make the visit: the tag that fewest have
        (
            stands(ktv(3), "11-15", "11-22"),
            replace(FORCE, inspectors=(PAIR[0], Inspector("b", 2, ("district:1",)))),
            True,
            "11-09",
            Shortage(Short.INSPECTORS, "regime:x"),
        ),
        (
            stands(ktv(3), "11-15", "11-22"),
            replace(FORCE, inspectors=(PAIR[0], replace(PAIR[1], cap=0))),
            True,
            "11-09",
            Shortage(Short.INSPECTORS, "district:1"),
        ),
        # nobody is registered at all: not a matter of tags
        (
            stands(ktv(3), "11-15", "11-22"),
            replace(FORCE, inspectors=(), anybody=False),
            True,
            "11-09",
            Shortage(Short.NOBODY),
        ),
        # somebody is, and nobody is able
        (
            stands(ktv(3), "11-15", "11-22"),
            replace(FORCE, inspectors=()),
            True,
            "11-09",
            Shortage(Short.INSPECTORS, "district:1"),
        ),
        # more has to be drawn than the caps hold: 3 visits of two need 6 places of 4
        (stands(ktv(3), "11-15"), replace(FORCE, due=3), True, "11-09", Shortage(Short.CAPACITY)),
        (stands(ktv(3), "11-15", "11-22", "11-30"), replace(FORCE, due=3), True, "11-09", None),
        # a week before its end what is not met is alarming in any case
        (stands(ktv(3), "11-30", on="11-23"), FORCE, True, "11-23", Shortage(Short.TIME)),
        (stands(ktv(3), "11-30", on="11-22"), FORCE, True, "11-22", None),
        # nothing is owed in this window
        (stands(ktv(3), "11-15", visits=("11-02",)), FORCE, True, "11-09", None),
        (stands(ktv(3), "11-15", visits=()), FORCE, True, "11-09", None),
        (stands(ktv(3, out_of_duty="04", out_since=day("11-05"))), FORCE, True, "11-09", None),
    ],
)
def test_the_alarm_names_what_is_short(
    found: Standing | None,
    force: Force,
    draws_at_all: bool,  # noqa: FBT001 - a table
    on: str,
    short: Shortage | None,
) -> None:
    """«otherwise the alarm comes before the miss», naming what is short."""
    assert found is not None
    said = shortage(
        found,
        needs=("district:1", "regime:x"),
        force=force,
        draws_at_all=draws_at_all,
        alarm_days=7,
        on=day(on),
    )
    assert said == short


@pytest.mark.parametrize(
    ("codes", "kind", "expected"),
    [
        (("01",), "drawn", None),
        (("05", "21"), "drawn", None),
        (("04",), "drawn", Referral("04", ends_duty=True)),
        # another kind has no window in which it must come twice
        (("04",), "complaint", Referral("04", ends_duty=False)),
        # 07 counts and goes to the registrar
        (("07",), "drawn", Referral("07", ends_duty=False)),
        *(((code,), "drawn", Referral(code, ends_duty=True)) for code in ("11", "12", "13", "14", "15")),
        (("12",), "complaint", Referral("12", ends_duty=True)),
        (("07", "12"), "drawn", Referral("12", ends_duty=True)),
    ],
)
def test_what_goes_to_the_registrar(codes: tuple[str, ...], kind: str, expected: Referral | None) -> None:
    """«07 counts and goes to the registrar. 11 to 15 end the duty.»."""
    assert POLICY.duties is not None
    assert referral(codes, kind=kind, rules=POLICY.duties, counting=POLICY.counting) == expected
