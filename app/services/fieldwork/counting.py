"""A visit that is over among the register's past visits, where rosters look for duties and burdens.

What its result codes say of a business that may be gone goes to the registrar.
"""

from app.domain.fieldwork.parts import agency_of
from app.domain.registers import VisitRow
from app.services.context import Act
from app.services.planning import duties_record
from app.services.planning.duties_again import look_again
from app.services.registers import cases
from app.store.fieldwork import records as store
from app.store.registers.joined import Kept, kept_of
from app.store.registers.shelves import natural_key
from app.store.tables.fieldwork import Visit
from app.store.tables.registers import PastVisit


def enter(act: Act, visit: Visit) -> None:
    """Enter the visit for each of its items, or bring what was entered before in line with a correction.

    Its kind says what it counts for: a re-inspection looks at the old faults only and serves no duty (the
    policy's `counting.kinds` leaves it out), but it is a visit that the premises bears, in the cap, too.
    """
    if visit.ended_on is None:
        return
    team = tuple(one.inspector for one in store.team(act.session, visit.id))
    entity = kept_of(act.session, Kept(visit.entity_id, visit.entity_key))
    for item in visit.items:
        row = VisitRow(
            entity=entity.key,
            item=item,
            on=visit.ended_on,
            kind=visit.kind,
            agency=agency_of(visit.checklist, item=item, default=visit.agency),
            codes=tuple(visit.codes),
            inspectors=team,
        )
        store.put_past_visit(
            act.session,
            PastVisit(
                id=act.new_id(),
                entity_id=entity.id,
                natural_key=natural_key(row),
                item=row.item,
                visited_on=row.on,
                kind=row.kind,
                agency=row.agency,
                level=visit.level,
                codes=list(row.codes),
                inspectors=list(row.inspectors),
            ),
        )
    act.session.flush()
    duties_record.follow(act, entity_id=entity.id, region=visit.region, items=visit.items, at=act.now)
    cases.refer(act, visit)
    look_again(act, visit.region)
