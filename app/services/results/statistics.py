"""Statistics for supervisors: every draw within the region, with what is open and what is not public yet."""

from dataclasses import replace

from app.domain.days import shanghai_day
from app.domain.fieldwork.codes import VIOLATIONS
from app.domain.fieldwork.visit import OPEN
from app.services.context import Look
from app.services.results.public import NUMBERS, Statistics, summed, undrawn
from app.store.results import statistics as store
from app.store.results.public_standings import By, Counted


def statistics(look: Look, where: Counted, *, by: By) -> Statistics:
    """Numbers of the drawn visits that the caller sees; who was drawn is not said.

    Raises:
        Missing: they are narrowed to a region outside the caller's.
    """
    where = replace(where, region=look.caller.within(where.region))
    rows = store.counts(
        look.connection,
        where,
        sees=look.caller.region,
        agency=look.caller.agency,
        by=by,
        today=shanghai_day(look.now),
        violations=sorted(VIOLATIONS),
        open_states=sorted(OPEN),
    )
    drawn = summed(rows, (*NUMBERS, "open", "found_unpublished"))
    seen = replace(where, within=look.caller.region)
    return Statistics(drawn.items, drawn.total, undrawn(look, seen))
