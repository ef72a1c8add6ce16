"""When a source is asked, and what is believed of what it gives."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sources.checks import Checks, Kind, doubt
from app.domain.sources.schedule import Schedule, is_clock_time, next_due, overdue_from

DAILY = Schedule(every_min=None, daily_at="02:30", overdue_min=120)
HOURLY = Schedule(every_min=60, daily_at=None, overdue_min=30)


def utc(*parts: int) -> datetime:
    """An instant in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("schedule", "after", "due"),
    [
        (HOURLY, utc(2026, 11, 2, 1, 7), utc(2026, 11, 2, 2, 7)),
        # 02:30 in Shanghai is 18:30 of the day before in UTC.
        (DAILY, utc(2026, 11, 2, 1, 0), utc(2026, 11, 2, 18, 30)),
        (DAILY, utc(2026, 11, 2, 18, 29), utc(2026, 11, 2, 18, 30)),
        (DAILY, utc(2026, 11, 2, 18, 30), utc(2026, 11, 3, 18, 30)),
        (DAILY, utc(2026, 12, 31, 19, 0), utc(2027, 1, 1, 18, 30)),
        (DAILY, utc(2028, 2, 28, 20, 0), utc(2028, 2, 29, 18, 30)),
    ],
)
def test_the_next_run_is_due_when_the_schedule_says(
    schedule: Schedule, after: datetime, due: datetime
) -> None:
    """So many minutes later, or the next time of day in Shanghai, strictly after."""
    assert next_due(schedule, after) == due


def test_a_source_is_overdue_so_long_after_a_run_was_due() -> None:
    """The last good run ended at 09:00 in Shanghai; daily at 02:30, two hours of grace: 04:30 tomorrow."""
    assert overdue_from(DAILY, utc(2026, 11, 2, 1, 0)) == utc(2026, 11, 2, 20, 30)


_FIRST, _LAST = (datetime(year, 1, 1) for year in (2000, 2100))  # noqa: DTZ001 - hypothesis wants them so


@given(
    st.datetimes(_FIRST, _LAST, timezones=st.just(UTC)),
    st.integers(1, 10_000) | st.from_regex(r"([01][0-9]|2[0-3]):[0-5][0-9]", fullmatch=True),
)
def test_runs_are_due_again_and_again_and_never_in_the_past(after: datetime, kind: int | str) -> None:
    """Strictly later, at most a day later for a daily one; the same answer from every instant in between."""
    text = kind if isinstance(kind, str) else None
    schedule = Schedule(every_min=kind if isinstance(kind, int) else None, daily_at=text, overdue_min=1)
    due = next_due(schedule, after)
    assert due > after
    if text is not None:
        assert is_clock_time(text)
        assert due - after <= timedelta(days=1)
        assert next_due(schedule, due - timedelta(microseconds=1)) == due


@pytest.mark.parametrize("text", ["24:00", "2:30", "02:60", "02:30:00", "０２:30"])
def test_what_is_no_time_of_day(text: str) -> None:
    """Two digits, a colon, two digits."""
    assert not is_clock_time(text)


CHECKS = Checks(least_rows=10, keep_p=7, keep_q=10, bad_p=1, bad_q=5)


@pytest.mark.parametrize(
    ("rows", "bad", "total", "good_rows", "accepted", "code"),
    [
        (100, 0, 100, 100, False, None),
        (100, 0, 101, 100, False, "source-incomplete"),
        (100, 0, 99, 100, False, None),
        (9, 0, None, None, False, "source-too-few"),
        (10, 0, None, None, False, None),
        (9, 0, None, 10, True, "source-too-few"),
        # a fifth of 100 is 20: no more than that
        (100, 20, None, 100, False, None),
        (100, 21, None, 100, False, "source-unreadable-rows"),
        # seven tenths of 100 are 70: no fewer than that
        (70, 0, None, 100, False, None),
        (69, 0, None, 100, False, "source-shrunk"),
        (69, 0, None, 100, True, None),
        (1000, 0, None, 100, False, None),
    ],
)
def test_what_is_believed(
    *, rows: int, bad: int, total: int | None, good_rows: int | None, accepted: bool, code: str | None
) -> None:
    """The bounds are inclusive; a person may vouch for a shrink, and for nothing else."""
    found = doubt(
        CHECKS, received=rows, rows=rows, bad=bad, total=total, good_rows=good_rows, accept_shrink=accepted
    )
    assert (found and found.code) == code


def test_a_doubt_says_its_kind_and_its_numbers() -> None:
    """What an alarm shows."""
    found = doubt(CHECKS, received=50, rows=50, bad=0, total=None, good_rows=100, accept_shrink=False)
    assert found is not None
    assert found.kind is Kind.SHRUNK
    assert dict(found.values) == {"rows": "50", "before": "100", "share": "7/10"}


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 10), st.integers(1, 10))
def test_more_records_are_never_a_shrink(rows: int, more: int, p: int, q: int) -> None:
    """If so many are believed, more are; and as many as before always are."""
    checks = Checks(least_rows=0, keep_p=min(p, q), keep_q=q, bad_p=0, bad_q=1)

    def doubted(count: int) -> bool:
        told = doubt(
            checks, received=count, rows=count, bad=0, total=None, good_rows=500, accept_shrink=False
        )
        return told is not None

    assert doubted(rows) or not doubted(rows + more)
    assert not doubted(500)
