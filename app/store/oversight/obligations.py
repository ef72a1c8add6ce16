"""What fell due in some months and when it was done, read from the records behind it.

A drawn visit is in no table, no figure and no row before its disclosure (`spec/api.md`: the dispatcher is
«the only one who sees selection and teams before the reveal»; clause B8): a row would name who was drawn,
and a figure by station tells it where a station has few premises. Nothing that is judged waits for that: a
visit is disclosed before its last day is over, so only what is open is told later.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select
from sqlmodel import col

from app.domain.days import shanghai_day
from app.domain.fieldwork.visit import State
from app.domain.oversight.league import NO_STATION, Obligation, Owed
from app.domain.regions import REGION_DIGITS, region_prefix
from app.store.agencies import of_items, plans_of, visits_of, whose_visit
from app.store.tables.appeals import Appeal
from app.store.tables.draw_calendar import CalendarDraw
from app.store.tables.drawing import Draw
from app.store.tables.duties import EndedDuty
from app.store.tables.fieldwork import Visit
from app.store.tables.planning import DrawPlan
from app.store.tables.registers import Entity
from app.store.tables.results import Publication

_CAME_TO_NOTHING = {State.NOT_VISITED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Which obligations: within a region prefix, due from one day to another, both included.

    Visits are among them that were disclosed by `disclosed_by`; of an `agency`, whose `items` are named too,
    what concerns it.
    """

    region: str
    since: date
    until: date
    disclosed_by: datetime
    agency: str | None
    items: Collection[str] | None

    def within(self, region: Any, day: Any) -> tuple[ColumnElement[bool], ...]:  # noqa: ANN401 - any mapped column
        """The conditions on a row's region and its day."""
        return region.startswith(self.region, autoescape=True), day.between(self.since, self.until)


def duties(connection: Connection, due: Due) -> Iterator[Obligation]:
    """Windows of frequency duties that are over; those that are not over are in the list of duties."""
    query = (
        select(
            *(col(EndedDuty.id), col(EndedDuty.region), col(EndedDuty.station), col(EndedDuty.item)),
            *(col(EndedDuty.window_to), col(EndedDuty.done_on), col(EndedDuty.excused), col(Entity.name)),
        )
        .join(Entity, col(Entity.id) == col(EndedDuty.entity_id))
        .where(*due.within(col(EndedDuty.region), col(EndedDuty.window_to)))
        .where(of_items(col(EndedDuty.item), due.items))
    )
    for row in connection.execute(query):
        yield Obligation(
            kind=Owed.DUTY,
            region=row.region,
            station=row.station or NO_STATION,
            due_on=row.window_to,
            done_on=row.done_on,
            subject=row.id,
            name=f"{row.name} {row.item}",
            excused=row.excused,
        )


def draws(connection: Connection, due: Due) -> Iterator[Obligation]:
    """Draws of approved calendars, ad-hoc ones included; held is what was committed and not voided."""
    draw, slot = Draw, CalendarDraw
    held = select(
        col(draw.item), col(draw.region), col(draw.period), func.min(col(draw.committed_at)).label("at")
    )
    held = held.where(col(draw.state) != "voided").group_by(
        col(draw.item), col(draw.region), col(draw.period)
    )
    days = {
        (item.rpartition(":")[2], region_prefix(region), period): shanghai_day(at)
        for item, region, period, at in connection.execute(held)
    }
    query = select(
        *(col(slot.id), col(slot.item), col(slot.region), col(slot.period), col(slot.visit_to)),
        col(slot.missed_at),
    ).where(col(slot.in_force), *due.within(col(slot.region), col(slot.visit_to)))
    query = query.where(of_items(col(slot.item), due.items))
    for row in connection.execute(query):
        yield Obligation(
            kind=Owed.DRAW,
            region=row.region.ljust(REGION_DIGITS, "0"),
            station=NO_STATION,
            due_on=row.visit_to,
            done_on=days.get((row.item, row.region, row.period)),
            subject=row.id,
            name=f"{row.item} {row.period}",
            given_up=row.missed_at is not None,
        )


def visits(connection: Connection, due: Due) -> Iterator[Obligation]:
    """Disclosed drawn visits, owed by their premises' station; one that found nobody twice is excused."""
    query = (
        select(
            *(col(Visit.id), col(Visit.region), col(Entity.station), col(Visit.visit_to)),
            *(col(Visit.ended_on), col(Visit.state), col(Visit.entity_name)),
        )
        .join(Entity, col(Entity.id) == col(Visit.entity_id))
        .where(
            col(Visit.draw_id).is_not(None),
            col(Visit.disclose_at) <= due.disclosed_by,
            visits_of(due.agency),
            *due.within(col(Visit.region), col(Visit.visit_to)),
        )
    )
    for row in connection.execute(query):
        done = row.state in {State.SUBMITTED, State.CLOSED}
        yield Obligation(
            kind=Owed.VISIT,
            region=row.region,
            station=row.station or NO_STATION,
            due_on=row.visit_to,
            done_on=row.ended_on if done else None,
            subject=row.id,
            name=row.entity_name,
            excused=row.state if row.state in {State.UNREACHABLE, State.CANCELLED} else None,
            given_up=row.state in _CAME_TO_NOTHING,
        )


def publications(connection: Connection, due: Due) -> Iterator[Obligation]:
    """Publications; one that is withheld or withdrawn by decision is excused while that lasts."""
    query = (
        select(
            *(col(Publication.id), col(Publication.region), col(Entity.station), col(Publication.due_on)),
            *(col(Publication.published_at), col(Publication.state), col(Publication.entity_name)),
        )
        .join(Visit, col(Visit.id) == col(Publication.visit_id))
        .join(Entity, col(Entity.id) == col(Visit.entity_id))
        .where(visits_of(due.agency), *due.within(col(Publication.region), col(Publication.due_on)))
    )
    for row in connection.execute(query):
        yield Obligation(
            kind=Owed.PUBLICATION,
            region=row.region,
            station=row.station or NO_STATION,
            due_on=row.due_on,
            done_on=None if row.published_at is None else shanghai_day(row.published_at),
            subject=row.id,
            name=row.entity_name,
            excused=row.state if row.state in {"withheld", "withdrawn"} else None,
        )


def reveals(connection: Connection, due: Due) -> Iterator[Obligation]:
    """Records of draws; a draw that was voided published its record then."""
    query = select(
        *(col(Draw.id), col(Draw.region), col(Draw.item), col(Draw.period), col(Draw.reveal_by)),
        *(col(Draw.revealed_at), col(Draw.voided_at)),
    )
    query = query.join(DrawPlan, col(DrawPlan.id) == col(Draw.draw_plan_id))
    query = query.where(plans_of(due.agency, due.items), *due.within(col(Draw.region), col(Draw.reveal_by)))
    for row in connection.execute(query):
        yield Obligation(
            kind=Owed.REVEAL,
            region=row.region,
            station=NO_STATION,
            due_on=row.reveal_by,
            done_on=None if row.revealed_at is None else shanghai_day(row.revealed_at),
            subject=row.id,
            name=f"{row.item} {row.period}",
            excused=None if row.voided_at is None else "voided",
        )


def appeals(connection: Connection, due: Due) -> Iterator[Obligation]:
    """Decisions of appeals, owed by the bureau itself; named by the premises, never by who appealed."""
    query = select(
        *(col(Appeal.id), col(Appeal.region), col(Appeal.due_on), col(Appeal.decided_at)),
        col(Appeal.entity_name),
    )
    query = query.where(
        whose_visit(due.agency, col(Appeal.visit_id)), *due.within(col(Appeal.region), col(Appeal.due_on))
    )
    for row in connection.execute(query):
        yield Obligation(
            kind=Owed.APPEAL,
            region=row.region,
            station=NO_STATION,
            due_on=row.due_on,
            done_on=None if row.decided_at is None else shanghai_day(row.decided_at),
            subject=row.id,
            name=row.entity_name,
        )
