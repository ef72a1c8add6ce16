"""Task sheets 任务单: who goes to each drawn premises, put together from a record and the registers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.draw.selection import Drawn
from app.domain.draw.teams.teams import Seat
from app.domain.eligibility import LEAD
from app.domain.registers import EntityRow, InspectorRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a team: what it asks for, and who holds it.

    Attributes:
        lead: whether it is the lead's 主办.
        inspector: code; None: the place is empty.
        officer: the register's row; None: the register was not given or lacks the code.
    """

    lead: bool
    inspector: str | None
    officer: InspectorRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSheet:
    """One premises to be visited by one team.

    Attributes:
        number: from 1, in the order drawn.
        entity: DR1 entity id.
        rows: the premises' registrations; none: the register was not given or lacks the id.
        places: one for each slot of the plan; none in a single-random draw.
    """

    number: int
    entity: str
    stratum: str
    reason: str
    rows: tuple[EntityRow, ...]
    places: tuple[Place, ...]

    @property
    def filled(self) -> int:
        """How many places somebody holds."""
        return sum(place.inspector is not None for place in self.places)


def task_sheets(
    drawn: Iterable[Drawn],
    *,
    seats: Iterable[Seat],
    slots: Sequence[Sequence[str]],
    entities: Iterable[EntityRow] = (),
    inspectors: Iterable[InspectorRow] = (),
) -> list[TaskSheet]:
    """Give a sheet for each drawn premises, in the order drawn.

    Args:
        drawn: the selection.
        seats: the teams as they stand.
        slots: tags of each place in a team.
        entities: the register of premises; a premises may have several rows.
        inspectors: the register of inspectors.
    """
    held = {(seat.entity, seat.slot): seat.inspector for seat in seats}
    rows: dict[str, list[EntityRow]] = defaultdict(list)
    for row in entities:
        rows[row.entity_id].append(row)
    officers = {row.code: row for row in inspectors}
    return [
        TaskSheet(
            number=number,
            entity=one.id,
            stratum=one.stratum,
            reason=one.reason,
            rows=tuple(rows.get(one.id, ())),
            places=tuple(
                _place(slot, held.get((one.id, index)), officers) for index, slot in enumerate(slots)
            ),
        )
        for number, one in enumerate(drawn, start=1)
    ]


def _place(slot: Sequence[str], inspector: str | None, officers: Mapping[str, InspectorRow]) -> Place:
    officer = None if inspector is None else officers.get(inspector)
    return Place(lead=LEAD in slot, inspector=inspector, officer=officer)
