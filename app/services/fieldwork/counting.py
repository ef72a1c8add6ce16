"""A submitted visit among the register's past visits, where rosters look for duties that are met."""

from app.domain.fieldwork.visit import Kind
from app.domain.registers import VisitRow
from app.services.context import Act
from app.store.fieldwork import records as store
from app.store.registers.shelves import natural_key
from app.store.tables.fieldwork import Visit
from app.store.tables.registers import PastVisit


def enter(act: Act, visit: Visit) -> None:
    """Enter the visit for each of its items, or bring what was entered before in line with a correction.

    A re-inspection serves no duty: it looks at the old faults only.
    """
    if visit.kind == Kind.REINSPECTION or visit.ended_on is None:
        return
    team = tuple(one.inspector for one in store.team(act.session, visit.id))
    for item in visit.items:
        row = VisitRow(
            entity=visit.entity_key,
            item=item,
            on=visit.ended_on,
            kind=visit.kind,
            agency=visit.agency,
            codes=tuple(visit.codes),
            inspectors=team,
        )
        store.put_past_visit(
            act.session,
            PastVisit(
                id=act.new_id(),
                entity_id=visit.entity_id,
                natural_key=natural_key(row),
                item=row.item,
                visited_on=row.on,
                kind=row.kind,
                agency=row.agency,
                codes=list(row.codes),
                inspectors=list(row.inspectors),
            ),
        )
