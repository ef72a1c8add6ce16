"""Where a field stands (RFC 6901) and how a source writes days."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.days import SHANGHAI
from app.domain.sources.dates import is_date_form, read_day
from app.domain.sources.pointers import ABSENT, at, is_pointer

# The document of RFC 6901 section 5, with what each pointer there gives.
_RFC = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", _RFC),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_the_pointers_of_rfc_6901_give_what_it_says(pointer: str, found: object) -> None:
    """Section 5, all twelve."""
    assert is_pointer(pointer)
    assert at(_RFC, pointer) == found


@pytest.mark.parametrize(
    "pointer", ["/nothing", "/foo/2", "/foo/-", "/foo/01", "/foo/x", "/foo/0/x", "/a~1b/c"]
)
def test_where_nothing_stands_is_absent_and_not_null(pointer: str) -> None:
    """A null is something that a source says."""
    assert at(_RFC, pointer) is ABSENT
    assert at({"a": None}, "/a") is None


@pytest.mark.parametrize("text", ["foo", "/a~2", "/a~", "#/a", " /a"])
def test_what_is_no_pointer(text: str) -> None:
    """It begins with a slash, and `~` is escaped."""
    assert not is_pointer(text)


@pytest.mark.parametrize(
    ("form", "text", "day"),
    [
        ("YYYYMMDD", "20260307", date(2026, 3, 7)),
        ("YYYY-MM-DD", "2026-03-07", date(2026, 3, 7)),
        ("YYYY年M月D日", "2026年3月7日", date(2026, 3, 7)),
        ("YYYY年M月D日", "2026年12月31日", date(2026, 12, 31)),
        ("DD.MM.YYYY", "29.02.2028", date(2028, 2, 29)),
        ("YYYY/M/D*", "2026/3/7 08:15:00", date(2026, 3, 7)),
        # Midnight in Shanghai is 16:00 of the day before in UTC.
        ("instant", "2026-03-06T16:00:00Z", date(2026, 3, 7)),
        ("instant", "2026-03-06T15:59:59Z", date(2026, 3, 6)),
        ("instant", "2026-03-07T00:00:00+08:00", date(2026, 3, 7)),
        # 1772812800 is 2026-03-06 16:00 UTC.
        ("epoch_s", "1772812800", date(2026, 3, 7)),
        ("epoch_ms", "1772812799999", date(2026, 3, 6)),
        ("epoch_s", "-1", date(1970, 1, 1)),
    ],
)
def test_a_day_is_read_as_the_source_writes_it(form: str, text: str, day: date) -> None:
    """Days are Shanghai's."""
    assert is_date_form(form)
    assert read_day(form, text) == day


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("YYYYMMDD", "2026-03-07"),
        ("YYYYMMDD", "20260231"),
        ("YYYYMMDD", "00000101"),
        ("YYYY年M月D日", "2026年3月"),
        ("instant", "2026-03-07T00:00:00"),
        ("instant", "yesterday"),
        ("epoch_s", "1e9"),
        ("epoch_s", "999999999999999"),
    ],
)
def test_a_text_that_is_no_such_day_is_none(form: str, text: str) -> None:
    """Another form, a day that never was, an instant without its zone, a moment beyond all years."""
    assert read_day(form, text) is None


@pytest.mark.parametrize("form", ["", "YYYY", "YYYYMM", "MMDD", "YYYYMMDDDD", "yyyymmdd", "epoch"])
def test_what_says_no_day(form: str) -> None:
    """Year, month and day, once each."""
    assert not is_date_form(form)


@given(st.dates(date(1, 1, 2), date(9999, 12, 30)), st.sampled_from(["YYYYMMDD", "YYYY.M.D", "instant"]))
def test_every_day_is_read_back(day: date, form: str) -> None:
    """Writing and reading a day in a form gives the day."""
    written = {
        "YYYYMMDD": f"{day:%m%d}".join([f"{day.year:04d}", ""]),
        "YYYY.M.D": f"{day.year:04d}.{day.month}.{day.day}",
        "instant": (datetime.combine(day, datetime.min.time(), SHANGHAI) + timedelta(hours=23)).isoformat(),
    }[form]
    assert read_day(form, written) == day
