"""What the worker does about inspectors: it looks at what changes in the registers, and reminds."""

from typing import Final

from app.domain.registers import INSPECTORS, RECUSALS
from app.services.context import Act, Look
from app.services.registers import kin_alerts, suspecting
from app.services.registers.assignments import HISTORY
from app.services.registers.inspector_records import QUALIFICATIONS, TRAININGS
from app.store.queues import wait_turn
from app.store.registers import watching as store

_ENTITIES: Final = "entities"
_OFFICERS: Final = frozenset({INSPECTORS.name, HISTORY})
RUNNING_OUT: Final = _OFFICERS | {TRAININGS.name, QUALIFICATIONS.name}
"""Registers whose changes may bring or settle reminders."""
_WATCHED: Final = (_ENTITIES, RECUSALS.name, *sorted(RUNNING_OUT))
_CHANGES_A_STEP: Final = 2000


def waiting(look: Look) -> str | None:
    """The first register that has changes nobody has looked at."""
    return store.unseen(look.connection, _WATCHED)


def follow(act: Act, register: str) -> None:
    """Look at some changes of a register: find suspected recusals, alert to forbidden ones."""
    wait_turn(act.session, f"watch:{register}")
    changes = store.changes_since(act.session, register, limit=_CHANGES_A_STEP)
    if changes is None:
        return
    if register == _ENTITIES:
        suspecting.of_entities(act, changes.subjects)
    elif register in _OFFICERS:
        suspecting.of_inspectors(act, changes.subjects)
    kin_alerts.raise_new(act)
    store.looked_at(act.session, register, changes)
