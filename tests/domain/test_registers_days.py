"""Days of register rows: what has happened did not happen tomorrow (findings OF6 and OF23)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.registers import REGISTERS, CreditClassRow, RiskEventRow
from app.domain.registers.faults import RowErrorCode
from app.domain.registers.timeliness import EARLIEST, dated, day_faults

TODAY = date(2026, 11, 2)


def _event(**days: date) -> RiskEventRow:
    values = {"on": TODAY, "remedied_on": None, "until": None, **days}
    fixed = {"entity": "91410928000000001X", "regime": None, "kind": "hazard"}
    return RiskEventRow(**fixed, substantiated=None, source_no=None, **values)  # type: ignore[arg-type]  # made of parts


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ({}, []),
        ({"on": date(2026, 11, 3)}, [("on", "in-the-future")]),
        ({"on": date(2099, 1, 1)}, [("on", "in-the-future")]),
        ({"on": date(1, 1, 1)}, [("on", "too-early")]),
        ({"on": date(1949, 9, 30)}, [("on", "too-early")]),
        ({"on": date(1949, 10, 1)}, []),
        ({"remedied_on": date(2026, 11, 3)}, [("remedied_on", "in-the-future")]),
        # Until when somebody is on a list may be known before.
        ({"until": date(2029, 11, 1)}, []),
        (
            {"on": date(2027, 1, 1), "remedied_on": date(2027, 1, 2)},
            [("on", "in-the-future"), ("remedied_on", "in-the-future")],
        ),
    ],
)
def test_days_of_a_risk_event(days: dict[str, date], found: list[tuple[str, str]]) -> None:
    """Checked on 2 November 2026; 1 October 1949 is the first day that any register can name."""
    faults = list(day_faults(dated(REGISTERS["risk-events"]), _event(**days), TODAY))
    assert [(fault.column, str(fault.code)) for fault in faults] == found


def test_the_columns_that_lie_in_the_past_by_nature() -> None:
    """A licence, a certificate and a recusal may end or begin later; what has happened cannot."""
    past = {name: [c.name for c in dated(one) if c.past] for name, one in REGISTERS.items()}
    assert past == {
        "entities": ["registered_on"],
        "inspectors": [],
        "recusals": [],
        "risk-events": ["on", "remedied_on"],
        "visits": ["on"],
        "credit-classes": ["on"],
    }


@given(on=st.dates(), until=st.none() | st.dates(), today=st.dates(min_value=EARLIEST))
def test_exactly_days_between_the_earliest_and_today_are_taken(
    on: date, until: date | None, today: date
) -> None:
    """Whatever today is: nothing is wrong just where EARLIEST <= on <= today and until >= EARLIEST."""
    row = CreditClassRow(
        entity="91410928000000001X", credit_class="A", on=on, until=until, source="局", basis="据"
    )
    columns = dated(REGISTERS["credit-classes"])
    faults = {(fault.column, fault.code) for fault in day_faults(columns, row, today)}
    assert (("on", RowErrorCode.TOO_EARLY) in faults) == (on < EARLIEST)
    assert (("on", RowErrorCode.IN_THE_FUTURE) in faults) == (on > today >= EARLIEST)
    assert (("until", RowErrorCode.TOO_EARLY) in faults) == (until is not None and until < EARLIEST)
