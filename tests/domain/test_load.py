"""The visits that a period has brought, as files tell them."""

from datetime import date

from app.domain.facts import Premises, Visit
from app.domain.load import visits_taken

PERIOD = date(2026, 10, 1), date(2026, 12, 31)


def _visit(day: str, *inspectors: str, kind: str = "drawn", item: str = "psb.venues") -> Visit:
    return Visit(
        item=item,
        on=date.fromisoformat(day),
        kind=kind,
        agency="psb",
        codes=("01",),
        inspectors=inspectors,
    )


def test_drawn_visits_of_the_period_are_counted_once_a_premises_and_day() -> None:
    """Both ends of the period count; other kinds, other days and further items of the same visit do not."""
    premises = [
        Premises(
            id="a",
            region="410928",
            visits=(
                _visit("2026-10-01", "x", "y"),
                _visit("2026-10-01", "x", "y", item="fire.units"),
                _visit("2026-12-31", "x"),
                _visit("2026-09-30", "x"),
                _visit("2027-01-01", "x"),
                _visit("2026-11-01", "x", kind="complaint"),
            ),
        ),
        Premises(id="b", region="410928", visits=(_visit("2026-10-01", "x"),)),
    ]
    assert visits_taken(premises, PERIOD) == {"x": 3, "y": 1}
