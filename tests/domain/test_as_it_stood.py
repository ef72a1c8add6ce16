"""The registers as they stood on a past day: worked out by hand, and going there and back again."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.as_it_stood import Recorded, registration_on, taken_back
from app.domain.facts import Change, Registration

KTV = Registration(
    regime="entertainment",
    subtype="arcade",
    level=3,
    status="operating",
    known_since=date(2026, 1, 5),
    changes=(
        Change(on=date(2026, 2, 1), status_before="suspended", level_before=1),
        Change(on=date(2026, 3, 1), status_before="operating", level_before=1, subtype_before="ktv"),
        Change(on=date(2026, 4, 1), status_before="out-of-duty", level_before=2, subtype_before="arcade"),
        Change(on=date(2026, 5, 1), status_before="operating", level_before=2, subtype_before="arcade"),
    ),
)


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2026-01-04", None),
        ("2026-01-05", ("suspended", 1, "ktv", 0)),
        ("2026-01-31", ("suspended", 1, "ktv", 0)),
        ("2026-02-01", ("operating", 1, "ktv", 1)),
        ("2026-03-01", ("operating", 2, "arcade", 2)),
        ("2026-04-15", ("operating", 2, "arcade", 3)),  # kept by the registrar: it never had another status
        ("2026-05-01", ("operating", 3, "arcade", 4)),
    ],
)
def test_a_registration_as_it_was_at_the_end_of_a_day(day: str, state: tuple[Any, ...] | None) -> None:
    """Status, level, subtype, and the changes until then."""
    found = registration_on(KTV, date.fromisoformat(day))
    said = None if found is None else (found.status, found.level, found.subtype, len(found.changes))
    assert said == state


def test_one_of_which_nobody_knows_since_when_was_always_there() -> None:
    """As in register files."""
    assert registration_on(replace(KTV, known_since=None, changes=()), date.min) is not None


def test_records_lose_what_was_recorded_later() -> None:
    """A correction is taken back, what was entered later is not there, changes of others are passed over."""
    now: dict[str, dict[str, Any]] = {"e1": {"until": "2026-05-01", "withdrawn": True}, "e2": {"until": None}}
    changes = [
        Recorded(record_id="e1", created=False, before={"withdrawn": False}),
        Recorded(record_id="e1", created=False, before={"until": None}),
        Recorded(record_id="e2", created=True, before={}),
        Recorded(record_id="e2", created=False, before={"until": "x"}),
        Recorded(record_id="e9", created=True, before={}),
        Recorded(record_id="e9", created=False, before={}),
    ]
    assert taken_back(now, changes) == {"e1": {"until": None, "withdrawn": False}}
    assert now["e1"]["withdrawn"] is True


_STATES = st.tuples(
    st.sampled_from(["operating", "suspended", "closed"]),
    st.integers(1, 3),
    st.sampled_from(["ktv", "arcade"]),
)


@given(_STATES, st.lists(st.tuples(st.integers(1, 30), _STATES), max_size=8))
def test_going_back_finds_what_was_said_on_every_day(
    first: tuple[str, int, str], steps: list[tuple[int, tuple[str, int, str]]]
) -> None:
    """Change a registration day after day, remembering what it was: each day is found again."""
    begins = date(2026, 1, 1)
    day, state, changes, history = begins, first, [], {begins: first}
    for later, following in steps:
        day += timedelta(days=later)
        status, level, subtype = state
        changes.append(Change(on=day, status_before=status, level_before=level, subtype_before=subtype))
        history[day] = state = following
    status, level, subtype = state
    registration = Registration(
        regime="entertainment",
        status=status,
        level=level,
        subtype=subtype,
        known_since=begins,
        changes=tuple(changes),
    )
    for asked, said in history.items():
        found = registration_on(registration, asked)
        assert found is not None
        assert (found.status, found.level, found.subtype) == said
