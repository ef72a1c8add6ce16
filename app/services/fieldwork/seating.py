"""Officers in the places of a visit's team, as the register has them when they are placed."""

from collections.abc import Sequence
from typing import NamedTuple

from app.services.context import Act
from app.store.fieldwork import visits as store
from app.store.tables.fieldwork import VisitOfficer


class Place(NamedTuple):
    """A slot of a visit's team, and the inspector who takes it."""

    visit_id: str
    slot: int
    inspector: str


def officers_in(act: Act, places: Sequence[Place]) -> list[VisitOfficer]:
    """The officers of some places, with name, certificate and agency of today."""
    known = store.inspectors_by_code(act.session, [place.inspector for place in places])
    return [
        VisitOfficer(
            visit_id=place.visit_id,
            slot=place.slot,
            inspector=place.inspector,
            name=known[place.inspector].name,
            certificate_no=known[place.inspector].certificate_no,
            agency=known[place.inspector].agency,
        )
        for place in places
    ]
