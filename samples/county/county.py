"""The whole county from one seed."""

from dataclasses import dataclass
from datetime import date
from random import Random

from app.domain.registers import (
    CreditClassRow,
    EntityRow,
    InspectorRow,
    RecusalRow,
    RiskEventRow,
    Row,
    VisitRow,
)
from samples.county.history import make_credit_classes, make_risk_events, make_visits
from samples.county.people import make_inspectors, make_recusals
from samples.county.premises import make_entities


@dataclass(frozen=True, slots=True)
class County:
    """The six registers of the county."""

    entities: list[EntityRow]
    inspectors: list[InspectorRow]
    recusals: list[RecusalRow]
    risk_events: list[RiskEventRow]
    visits: list[VisitRow]
    credit_classes: list[CreditClassRow]

    def registers(self) -> dict[str, list[Row]]:
        """Give the rows by the name of their register."""
        return {
            "entities": [*self.entities],
            "inspectors": [*self.inspectors],
            "recusals": [*self.recusals],
            "risk-events": [*self.risk_events],
            "visits": [*self.visits],
            "credit-classes": [*self.credit_classes],
        }


def make_county(*, seed: int, entities: int, today: date) -> County:
    """Make a county of about so many premises, its history ending the day before `today`.

    Each register has a random stream of its own, so that a change in one leaves the others' words alone.
    """
    streams = {
        name: Random(f"{seed}:{name}")
        for name in ("entities", "inspectors", "recusals", "risk", "visits", "credit")
    }
    premises = make_entities(streams["entities"], count=entities, today=today)
    inspectors = make_inspectors(streams["inspectors"], today=today)
    return County(
        entities=premises,
        inspectors=inspectors,
        recusals=make_recusals(streams["recusals"], inspectors, premises, today=today),
        risk_events=make_risk_events(streams["risk"], premises, today=today),
        visits=make_visits(streams["visits"], premises, inspectors, today=today),
        credit_classes=make_credit_classes(streams["credit"], premises, today=today),
    )
