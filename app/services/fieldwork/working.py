"""What a team does: pick the day, show the code at the door, check in and out, report an attempt."""

from dataclasses import dataclass
from datetime import date, datetime, time

from app.domain.days import SHANGHAI, shanghai_day
from app.domain.fieldwork import door
from app.domain.fieldwork import visit as rules
from app.domain.fieldwork.codes import ATTEMPT
from app.domain.fieldwork.visit import Standing, State
from app.services.access import log
from app.services.context import Act
from app.services.fieldwork import counting
from app.services.fieldwork.finding import own_visit, standing, standing_at_the_door
from app.services.results import clocks
from app.store.fieldwork import visits as store
from app.store.tables.fieldwork import CheckIn, Visit, VisitAttempt, VisitCode

CODE_CONTEXT = "visit_codes"
"""What binds a code's digest to its use."""


@dataclass(frozen=True, slots=True)
class GivenCode:
    """A code for the door and its time; the text is given this once."""

    code: str
    valid_from: datetime
    valid_to: datetime


def schedule(act: Act, visit_id: str, *, visit_on: date, disclose_from: time | None) -> Visit:
    """Pick the day of the visit; its target shows from the plan's hour of that day on, or from another.

    Raises:
        Missing: not a visit of the caller's team.
        RuleBroken: a wrong state, or a day that is past or outside the window.
    """
    visit, _ = own_visit(act, visit_id, sealed=True)
    before = standing(act, visit, store.people(act.session, visit.id))
    after = rules.schedule(
        visit=before, visit_on=visit_on, disclose_from=disclose_from or _hour_of(visit), now=act.now
    )
    visit.visit_on, visit.disclose_at = visit_on, after.disclose_at
    _changed(act, visit, after, "schedule", visit_on=visit_on.isoformat())
    return visit


def _hour_of(visit: Visit) -> time:
    """The hour at which its target shows as things stand: the plan's, or the one that was picked before."""
    return visit.disclose_at.astimezone(SHANGHAI).time()


def give_code(act: Act, visit_id: str) -> GivenCode:
    """Make the visit's code 检查码 for today; earlier ones answer no more.

    Raises:
        Missing: not a visit of the caller's team, or not disclosed yet.
        RuleBroken: the visit is over, today is outside its window, or an officer may not go.
    """
    visit, officer = own_visit(act, visit_id)
    before = standing_at_the_door(act, visit, store.people(act.session, visit.id))
    rules.check_at_work(before, "give_code", inspector=officer, now=act.now)
    code = door.code_from(act.chance.new_secret())
    given = GivenCode(code, act.now, door.end_of_day(act.now))
    digest = act.vault.digest(code, context=CODE_CONTEXT)
    store.replace_code(
        act.session,
        VisitCode(
            code_digest=digest, visit_id=visit.id, valid_from=given.valid_from, valid_to=given.valid_to
        ),
    )
    log(act, what="visits.code", region=visit.region, subject=visit.id)
    return given


def check_in(act: Act, visit_id: str) -> Visit:
    """Check the caller in 签到; with two officers there the visit has begun.

    Raises:
        Missing: not a visit of the caller's team, or not disclosed yet.
        RuleBroken: wrong state, outside the window, checked in already, or an officer may not go: by his
            certificate or a recusal, or so many of the others that the visit cannot begin.
    """
    visit, officer = own_visit(act, visit_id)
    people = store.people(act.session, visit.id)
    after = rules.check_in(standing_at_the_door(act, visit, people), inspector=officer, now=act.now)
    act.session.add(CheckIn(visit_id=visit.id, inspector=officer, caller_id=act.caller.id, at=act.now))
    for place in people.officers:
        if place.inspector == officer:
            place.caller_id = act.caller.id
    if after.state != visit.state:
        visit.checked_in_at = act.now
    _changed(act, visit, after, "check-in", inspector=officer)
    return visit


def check_out(act: Act, visit_id: str) -> Visit:
    """Check the caller out 签退; when all have left, the visit has ended and can be submitted.

    Raises:
        Missing: not a visit of the caller's team.
        RuleBroken: the visit has not begun, or the caller is not checked in.
    """
    visit, officer = own_visit(act, visit_id, leaving=True)
    people = store.people(act.session, visit.id)
    after = rules.check_out(standing(act, visit, people), inspector=officer)
    for one in people.check_ins:
        if one.inspector == officer:
            one.out_at = act.now
    if after.state != visit.state:
        visit.checked_out_at, visit.ended_on = act.now, shanghai_day(act.now)
    _changed(act, visit, after, "check-out", inspector=officer)
    return visit


def attempt(act: Act, visit_id: str) -> Visit:
    """Report an attempt 上门未遇 (code 04); the second day makes the visit unreachable.

    That is a result too: it is entered where rosters look, and begins its way to the public.

    Raises:
        Missing: not a visit of the caller's team, or not disclosed yet.
        RuleBroken: outside the window, somebody is checked in, today has its attempt, or an officer may not
            go.
    """
    visit, officer = own_visit(act, visit_id)
    people = store.people(act.session, visit.id)
    after = rules.attempt(standing_at_the_door(act, visit, people), inspector=officer, now=act.now)
    act.session.add(
        VisitAttempt(
            visit_id=visit.id,
            n=len(after.attempts),
            on=after.attempts[-1],
            by=act.caller.id,
            inspector=officer,
            at=act.now,
        )
    )
    if after.state != visit.state:
        visit.codes, visit.ended_on = [ATTEMPT], after.attempts[-1]
    _changed(act, visit, after, "attempt", inspector=officer)
    if visit.state == State.UNREACHABLE:
        counting.enter(act, visit)
        clocks.start_or_wait(act, visit)
    return visit


def _changed(act: Act, visit: Visit, after: Standing, what: str, **detail: object) -> None:
    visit.state = after.state
    visit.version += 1
    act.session.flush()
    log(act, what=f"visits.{what}", region=visit.region, subject=visit.id, **detail)
