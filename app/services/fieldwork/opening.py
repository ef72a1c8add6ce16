"""Opening visits from a draw: one for each drawn premises, with the team that was dealt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain import items as domain_items
from app.domain.days import shanghai_day
from app.domain.draw.teams.teams import Seat
from app.domain.eligibility import REGIME
from app.domain.fieldwork.visit import MORNING, Kind, State, morning_of
from app.domain.joint import joint_of
from app.domain.regions import level_of
from app.services.access import log
from app.services.context import Act
from app.services.fieldwork.seating import Place, officers_in
from app.services.planning import law
from app.store import planning, premises
from app.store.fieldwork import visits as store
from app.store.tables.drawing import Draw
from app.store.tables.fieldwork import Visit, VisitOfficer
from app.store.tables.planning import DrawPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a draw has found, as its visits need it.

    Attributes:
        needs: tags that each drawn premises needs, by DR1 entity id, in the order drawn.
        teams: who goes where; complete teams, or none at all in a single-random draw.
        places: how many officers a dealt team has; 0 in a single-random draw.
        also: codes of the items that were merged into the visit of a premises (综合查一次).
    """

    needs: Mapping[str, tuple[str, ...]]
    teams: Sequence[Seat]
    places: int
    also: Mapping[str, Sequence[str]] = field(default_factory=dict)


def open_visits(act: Act, draw: Draw, drawn: Drawn) -> None:
    """Open the visits of a draw whose teams are complete.

    A visit of a single-random draw has no team until the dispatcher names one.
    """
    plan = planning.plan_for_change(act.session, draw.draw_plan_id)
    if plan is None:
        raise RuntimeError(f"draw {draw.id} has lost its plan {draw.draw_plan_id}")
    places = store.entities_by_key(act.session, list(drawn.needs))
    visits = [
        _visit(act, draw, plan, drawn, key=key, place=places[key], number=number)
        for number, key in enumerate(drawn.needs, start=1)
    ]
    visit_of = {visit.entity_key: visit.id for visit in visits}
    officers = officers_of(act, [(visit_of[seat.entity], seat) for seat in drawn.teams])
    store.add_visits(act.session, visits, officers)
    log(act, what="visits.open", region=draw.region, subject=draw.id, visits=len(visits))


def _visit(
    act: Act,
    draw: Draw,
    plan: DrawPlan,
    drawn: Drawn,
    *,
    key: str,
    place: Any,  # noqa: ANN401 - a row of the store
    number: int,
) -> Visit:
    on = shanghai_day(draw.committed_at)
    item = law.item(plan.item, on)
    joint = None if plan.joint is None else joint_of(plan.joint)
    codes = _once([plan.item, *(joint.codes if joint else ()), *drawn.also.get(key, ())])
    return Visit(
        id=act.new_id(),
        draw_id=draw.id,
        seq_in_draw=number,
        kind=Kind.DRAWN,
        item=item.code,
        items=codes,
        item_version=item.version,
        checklist=checklist_of(codes, on),
        entity_id=place.id,
        entity_key=key,
        entity_name=place.name,
        address=place.address,
        regimes=_regimes(act, place.id, drawn.needs[key], codes, on),
        region=place.region,
        agency=item.agency,
        level=level_of(draw.region),
        period=draw.period,
        visit_from=plan.visit_from,
        visit_to=plan.visit_to,
        disclose_at=morning_of(plan.visit_from, plan.disclose_from or MORNING),
        state=State.PLANNED,
        opened_at=act.now,
        places=drawn.places or None,
        agencies=None if joint is None else list(joint.agencies),
        codes=[],
        version=1,
    )


def _regimes(act: Act, entity_id: str, needs: Sequence[str], codes: Sequence[str], on: date) -> list[str]:
    """The regimes that the team must know; of a joint draw, whose lines name none, those of the register."""
    needed = [tag.removeprefix(REGIME) for tag in needs if tag.startswith(REGIME)]
    if needed:
        return needed
    wanted = {regime for code in codes for regime in law.item(code, on).permitted_regimes}
    found = premises.premises_of(act.session, entity_id=entity_id, regimes=wanted, visits_since=date.max)
    return [] if found is None else sorted(one.regime for one in found.registrations)


def _once(codes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def checklist_of(items: Sequence[str], on: date) -> list[dict[str, Any]]:
    """The checklist of a visit that carries these items, as they are in force on a day.

    Of one item it is that item's; entries of several are told apart by the item's code before their own id.
    """
    return domain_items.checklist_of([law.item(code, on) for code in items])


def officers_of(act: Act, seats: Sequence[tuple[str, Seat]]) -> list[VisitOfficer]:
    """The officers of dealt places, each with the id of its visit, as the register has them now."""
    return officers_in(act, [Place(visit_id, seat.slot, seat.inspector) for visit_id, seat in seats])
