"""The states of a visit 检查 and the acts that lead from one to the next.

A visit is `requested` (another kind than a drawn one, not approved yet) or `planned`, then `checked_in`,
`checked_out`, `submitted` and `closed`. It ends without a result as `unreachable` (nobody found on two days
of its window), `not_visited` (its draw was revealed without it) or `cancelled` (declined, or its draw was
voided before anybody went). That its target may be seen is no state but a time, `disclose_at`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.days import SHANGHAI, shanghai_day
from app.domain.errors import RuleBroken

ATTEMPTS: Final = 2
"""Attempts that make a visit unreachable where no policy says how many (mission/rules.md, «What counts»)."""

MORNING: Final = time(6, 0)
"""From when on the day of the visit its officers see where to go, unless they say otherwise."""


class Kind(StrEnum):
    """Why there is a visit; only a draw opens a `drawn` one, only a disposition a `reinspection`."""

    DRAWN = "drawn"
    COMPLAINT = "complaint"
    TRANSFER = "transfer"
    EMERGENCY = "emergency"
    CAMPAIGN = "campaign"
    CASE = "case"
    REINSPECTION = "reinspection"


ASKED_FOR: Final = frozenset({Kind.COMPLAINT, Kind.TRANSFER, Kind.EMERGENCY, Kind.CAMPAIGN, Kind.CASE})
"""Kinds that one person asks for and another approves; the officers of the others are dealt."""


class State(StrEnum):
    """How far a visit is."""

    REQUESTED = "requested"
    PLANNED = "planned"
    CHECKED_IN = "checked_in"
    CHECKED_OUT = "checked_out"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    UNREACHABLE = "unreachable"
    NOT_VISITED = "not_visited"
    CANCELLED = "cancelled"


OPEN: Final = frozenset({State.PLANNED, State.CHECKED_IN, State.CHECKED_OUT})
"""While a draw has visits in these states it is not revealed before `reveal_by`."""

UNDER_WAY: Final = frozenset({State.CHECKED_IN, State.CHECKED_OUT})
"""The premises has been visited, the record is to come: no reveal can make that a visit that never was."""

STEPS: Final[Mapping[str, Mapping[State, frozenset[State]]]] = MappingProxyType(
    {
        "approve": MappingProxyType({State.REQUESTED: frozenset({State.PLANNED})}),
        "decline": MappingProxyType({State.REQUESTED: frozenset({State.CANCELLED})}),
        "schedule": MappingProxyType({State.PLANNED: frozenset({State.PLANNED})}),
        "staff": MappingProxyType({State.PLANNED: frozenset({State.PLANNED})}),
        "give_code": MappingProxyType(
            {State.PLANNED: frozenset({State.PLANNED}), State.CHECKED_IN: frozenset({State.CHECKED_IN})}
        ),
        "attempt": MappingProxyType({State.PLANNED: frozenset({State.PLANNED, State.UNREACHABLE})}),
        "check_in": MappingProxyType(
            {
                State.PLANNED: frozenset({State.PLANNED, State.CHECKED_IN}),
                State.CHECKED_IN: frozenset({State.CHECKED_IN}),
            }
        ),
        "check_out": MappingProxyType(
            {State.CHECKED_IN: frozenset({State.CHECKED_IN, State.CHECKED_OUT})},
        ),
        "submit": MappingProxyType({State.CHECKED_OUT: frozenset({State.SUBMITTED})}),
        "close": MappingProxyType({State.SUBMITTED: frozenset({State.CLOSED})}),
        "give_up": MappingProxyType({State.PLANNED: frozenset({State.NOT_VISITED})}),
        "cancel": MappingProxyType({State.PLANNED: frozenset({State.CANCELLED})}),
    }
)
"""Where each act may begin and lead; everything else is a wrong state."""


NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
"""No officer, with no reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything about a visit that its acts depend on.

    Attributes:
        window: first and last day of the visit, both included.
        team: codes of its officers, in the order of their places.
        present: who checked in, in that order.
        left: who of them checked out.
        attempts: days on which nobody was found.
        least: officers that a visit takes (行政处罚法 art. 42: two).
        places: officers that its team has when it is complete; 0: any number from `least` on.
        unreachable_after: attempts on so many different days that make it unreachable.
        amending: the number of an amendment of the teams that waits for its random value and can change this
            one; None where there is none, or the visit has begun.
        held: officers of the team who may not inspect there today, with the reason of each.
    """

    state: State
    window: tuple[date, date]
    disclose_at: datetime
    team: tuple[str, ...]
    least: int
    present: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    attempts: tuple[date, ...] = ()
    places: int = 0
    unreachable_after: int = ATTEMPTS
    amending: int | None = None
    held: Mapping[str, str] = field(default_factory=dict)


def step(state: str, act: str) -> State:
    """Check that an act may begin in a state.

    Raises:
        RuleBroken: `wrong-state`.
    """
    if state not in STEPS[act]:
        raise RuleBroken("wrong-state", state=state, wanted=", ".join(sorted(STEPS[act])))
    return State(state)


def morning_of(day: date, at: time = MORNING) -> datetime:
    """Give the instant at which the target is disclosed on a day, in Asia/Shanghai."""
    return datetime.combine(day, at, SHANGHAI)


def schedule(visit: Standing, *, visit_on: date, disclose_from: time, now: datetime) -> Standing:
    """Let the team pick the day; the target shows on that day, not before.

    Once it has been disclosed the day may still move, the disclosure does not: nobody forgets what he knows.

    Raises:
        RuleBroken: not planned, or a day that is past or outside the window.
    """
    step(visit.state, "schedule")
    first, last = visit.window
    if not max(first, shanghai_day(now)) <= visit_on <= last:
        raise RuleBroken("outside-window", first=max(first, shanghai_day(now)), last=last)
    if now >= visit.disclose_at:
        return visit
    return replace(visit, disclose_at=morning_of(visit_on, disclose_from))


def staff(
    visit: Standing, named: tuple[str, ...], *, dealt: bool = False, grounds: Mapping[str, str] = NOBODY
) -> Standing:
    """Name the team of a visit that was drawn without one, or whoever comes for those who cannot go.

    In a complete team the named take the places of those for whom there is a ground; to name one of these
    beside them keeps him. The others stay, named or not.

    Args:
        visit: as it stands.
        named: codes of officers.
        dealt: whether its team was dealt: then randomness alone says who comes instead.
        grounds: why officers of the team cannot go, by code.

    Raises:
        RuleBroken: not planned, a dealt team, a complete one that has begun or of which nobody has a ground,
            or too few different officers.
    """
    step(visit.state, "staff")
    complete = bool(visit.team) and len(visit.team) >= visit.places
    leaving = {*grounds} - {*named} if complete and not visit.present else set()
    if dealt or (complete and not leaving.intersection(visit.team)):
        raise RuleBroken("team-stands")
    staying = tuple(one for one in visit.team if one not in leaving)
    whole = (*staying, *(one for one in named if one not in staying))
    least = max(visit.least, visit.places)
    if len(set(whole)) < max(least, len(whole)):
        raise RuleBroken("too-few-officers", least=least)
    return replace(visit, team=whole)


def check_at_work(visit: Standing, act: str, *, inspector: str, now: datetime) -> None:
    """Check that an officer may do an act at the premises now.

    Raises:
        RuleBroken: wrong state, not of the team, a team that is not complete or about to change (DR1
            section 7), before the disclosure, outside the window, or an officer who may not go.
    """
    step(visit.state, act)
    if inspector not in visit.team:
        raise RuleBroken("not-of-the-team")
    if visit.amending is not None:
        raise RuleBroken("amendment-pending", n=visit.amending)
    if len(visit.team) < visit.places:
        raise RuleBroken("team-incomplete", places=visit.places, filled=len(visit.team))
    first, last = visit.window
    if now < visit.disclose_at or not first <= shanghai_day(now) <= last:
        raise RuleBroken("outside-window", first=max(first, shanghai_day(visit.disclose_at)), last=last)
    _refuse_held(visit, inspector)


def _refuse_held(visit: Standing, inspector: str) -> None:
    """See that the officer may inspect today, and that a visit which nobody has begun can begin at all.

    Where too few may go (行政处罚法 art. 42), the others do not come in either: once somebody has, DR1
    section 7 lets nobody come for who was refused.
    """
    held = inspector if inspector in visit.held else None
    if held is None and not visit.present and len({*visit.team} - {*visit.held}) < visit.least:
        held = next(iter(visit.held), None)
    if held is not None:
        raise RuleBroken("officer-held-back", inspector=held, reason=visit.held[held])


def check_in(visit: Standing, *, inspector: str, now: datetime) -> Standing:
    """Check an officer in 签到; with the least number of officers the visit has begun.

    Raises:
        RuleBroken: as `check_at_work`, or checked in already.
    """
    check_at_work(visit, "check_in", inspector=inspector, now=now)
    if inspector in visit.present:
        raise RuleBroken("already-checked-in", inspector=inspector)
    present = (*visit.present, inspector)
    state = State.CHECKED_IN if len(present) >= visit.least else visit.state
    return replace(visit, present=present, state=state)


def check_out(visit: Standing, *, inspector: str) -> Standing:
    """Check an officer out 签退; when all who came have left, the visit is over and can be submitted.

    Raises:
        RuleBroken: the visit has not begun, or the officer is not there.
    """
    step(visit.state, "check_out")
    if inspector not in visit.present or inspector in visit.left:
        raise RuleBroken("not-checked-in", inspector=inspector)
    left = (*visit.left, inspector)
    state = State.CHECKED_OUT if len(left) == len(visit.present) else visit.state
    return replace(visit, left=left, state=state)


def attempt(visit: Standing, *, inspector: str, now: datetime) -> Standing:
    """Record that nobody was found (result code 04); after enough days the visit is unreachable.

    Raises:
        RuleBroken: as `check_at_work`, an officer is checked in, or today has its attempt.
    """
    check_at_work(visit, "attempt", inspector=inspector, now=now)
    if visit.present:
        raise RuleBroken("already-checked-in", inspector=visit.present[0])
    today = shanghai_day(now)
    if today in visit.attempts:
        raise RuleBroken("already-attempted", on=today)
    attempts = (*visit.attempts, today)
    return replace(
        visit,
        attempts=attempts,
        state=State.UNREACHABLE if len(attempts) >= visit.unreachable_after else visit.state,
    )


def check_submittable(visit: Standing) -> None:
    """Check that the visit took place: enough officers came, and all of them have left.

    Raises:
        RuleBroken: not checked out.
    """
    step(visit.state, "submit")
    if len(visit.left) < visit.least:
        raise RuleBroken("too-few-officers", least=visit.least)
