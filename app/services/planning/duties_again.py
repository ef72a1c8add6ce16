"""When the watch over duties looks again: once something has changed on which its alarms depend.

An alarm whose cause is gone shall be over then, and not when the next look by the clock is due. Registers
tell by their history; whoever approves or withdraws what duties and draws follow from says so here.
"""

from typing import Final

from app.domain.regions import region_prefix
from app.domain.registers import ENTITIES, INSPECTORS, VISITS
from app.services.context import Act, Look
from app.services.registers.assignments import HISTORY
from app.services.registers.inspector_records import QUALIFICATIONS, TRAININGS
from app.services.registers.inspectors import ABSENCES
from app.store import duty_looks as store
from app.store.queues import wait_turn

_OFFICERS: Final = (INSPECTORS.name, ABSENCES, HISTORY, QUALIFICATIONS.name, TRAININGS.name)
_WATCHED: Final = (ENTITIES.name, *_OFFICERS, VISITS.name)


def look_again(act: Act, region: str) -> None:
    """Ask that the duties of a region, or of every one in it, be looked at again.

    Args:
        act: what changed something.
        region: code or prefix.
    """
    _ask(act, {region_prefix(region)})


def waiting(look: Look) -> bool:
    """Whether a register has changed, and nothing more is on its way in just now.

    Premises without inspectors, seconds before these land, would only raise alarms that are false.
    """
    return store.to_follow(look.connection, _WATCHED)


def follow(act: Act) -> None:
    """Ask for looks at the regions of which the history of a register tells changes."""
    wait_turn(act.session, "watch:duties")
    changes = store.changed(act.session, _WATCHED)
    if changes is None:
        return
    regions = set(changes.regions)
    if changes.register in _OFFICERS:
        regions |= store.lent_to(act.session, changes.register)
    _ask(act, regions)
    store.looked_through(act.session, changes)


def _ask(act: Act, prefixes: set[str]) -> None:
    regions = {region for prefix in prefixes for region in store.known(act.session, prefix)}
    store.ask(act.session, [(act.new_id(), region) for region in sorted(regions)], at=act.now)
