"""A visit for an act: known to the caller, locked, in the state that the act needs."""

from dataclasses import replace

from app.domain.days import shanghai_day
from app.domain.errors import Missing, NotAllowed, RuleBroken
from app.domain.fieldwork.visit import ATTEMPTS, Standing, State
from app.services.context import Act
from app.services.fieldwork import grounds
from app.services.planning import law
from app.store import amendments, recusal_requests
from app.store.fieldwork import visits as store
from app.store.fieldwork.visits import People
from app.store.tables.fieldwork import Visit


def visit_for(act: Act, visit_id: str, *, sealed: bool = False) -> Visit:
    """The visit, locked until the act ends, if the caller may see it now.

    Args:
        act: whose.
        visit_id: the visit.
        sealed: whether its own team may act on it before the disclosure.

    Raises:
        Missing: there is none, it lies outside the caller's region, or the caller may not know of it yet.
    """
    visit = store.visit_for_change(act.session, visit_id)
    condition = store.seen_by(act.caller, act.now, sealed=sealed)
    if visit is None or not store.sees(act.session, visit_id, condition):
        raise Missing("not-found")
    return visit


def visit_in_state(act: Act, visit_id: str, *wanted: str) -> Visit:
    """The visit, locked, in one of the states wanted.

    Raises:
        Missing: as `visit_for`.
        RuleBroken: it is in another state.
    """
    visit = visit_for(act, visit_id)
    if visit.state not in wanted:
        raise RuleBroken("wrong-state", state=visit.state, wanted=", ".join(wanted))
    return visit


def own_visit(act: Act, visit_id: str, *, sealed: bool = False, leaving: bool = False) -> tuple[Visit, str]:
    """A visit of whose team the caller is, locked, and the caller's code.

    Who was recused after the visit had begun takes no further part in it: he may only leave (`leaving`).

    Raises:
        Missing: as `visit_for`, the visit is another team's, or the caller's key names no officer.
        NotAllowed: the caller was recused there.
    """
    visit, officer = visit_for(act, visit_id, sealed=sealed), act.caller.inspector
    if officer is None or not store.sees(act.session, visit_id, store.team_of(act.caller)):
        raise Missing("not-found")
    if not leaving and recusal_requests.is_recused(act.session, visit.id, officer):
        raise NotAllowed("recused-here")
    return visit, officer


def standing_of(act: Act, visit: Visit) -> Standing:
    """What the acts of a visit depend on."""
    return standing(act, visit, store.people(act.session, visit.id))


def standing(act: Act, visit: Visit, people: People) -> Standing:
    """The same, of people that were read already."""
    policy = law.policy_for(act.session, visit.region, shanghai_day(visit.opened_at)).policy
    return Standing(
        state=State(visit.state),
        window=(visit.visit_from, visit.visit_to),
        disclose_at=visit.disclose_at,
        team=tuple(officer.inspector for officer in people.officers),
        least=policy.least_officers,
        present=tuple(one.inspector for one in people.check_ins),
        left=tuple(one.inspector for one in people.check_ins if one.out_at is not None),
        attempts=tuple(one.on for one in people.attempts),
        places=visit.places or 0,
        unreachable_after=ATTEMPTS if policy.duties is None else policy.duties.attempts,
        amending=_amending(act, visit, people),
    )


def standing_at_the_door(act: Act, visit: Visit, people: People) -> Standing:
    """The same, with who of the team may not inspect there today."""
    found = standing(act, visit, people)
    staffed = grounds.Staffed.of(visit.model_dump(), found.team)
    return replace(found, held=grounds.at_the_door(act.session, staffed, on=shanghai_day(act.now)))


def _amending(act: Act, visit: Visit, people: People) -> int | None:
    """The amendment that waits for its random value and can change who goes there."""
    if visit.draw_id is None or visit.state != State.PLANNED or people.check_ins:
        return None
    waiting = amendments.pending(act.session, visit.draw_id)
    if waiting is None or (waiting.may_change is not None and visit.entity_key not in waiting.may_change):
        return None
    return int(waiting.n)
