"""From a source's record to register cells: which field becomes which column."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.sources.mapping import (
    CellFault,
    ColumnMap,
    Only,
    RecordMap,
    cells_of,
    digest_of,
    is_meant,
    source_key,
)

RECORD: dict[str, Any] = {
    "id": 17,
    "name": "  沐堤大酒店 ",
    "grade": "三级",
    "state": {"open": True, "code": 2},
    "area": "410928003000",
    "until": "2027年6月18日",
    "town": "麦集镇",
    "street": "稻香路63号",
    "people": ["厉某", "佟某"],
    "rate": 1.5,
    "rooms": 20.0,
    "nothing": None,
    "blank": " ",
    "nested": [{"a": 1}],
}


def column(**given: Any) -> ColumnMap:
    """One column's map."""
    places = given.pop("places", ())
    return ColumnMap(column="c", places=(places,) if isinstance(places, str) else places, **given)


def cell(one: ColumnMap, record: object = None) -> object:
    """What it makes of the record."""
    found = cells_of(RecordMap(key=("/id",), only=(), columns=(one,)), RECORD if record is None else record)
    return found["c"] if isinstance(found, dict) else found


@pytest.mark.parametrize(
    ("one", "made"),
    [
        (column(constant="hotel"), "hotel"),
        (column(constant=3), 3),
        (column(places="/name"), "沐堤大酒店"),
        (column(places="/id"), "17"),
        (column(places="/state/open"), "true"),
        (column(places="/rate"), "1.5"),
        (column(places="/rooms"), "20"),
        (column(places="/people"), "厉某;佟某"),
        (column(places="/nothing"), None),
        (column(places="/blank"), None),
        (column(places="/missing"), None),
        (column(places=("/town", "/street")), "麦集镇稻香路63号"),
        (column(places=("/town", "/missing", "/street"), separator=" "), "麦集镇 稻香路63号"),
        (column(places="/area", part=(0, 6)), "410928"),
        (column(places="/area", part=(6, 9)), "003"),
        (column(places="/area", part=(20, 23)), None),
        (column(places="/grade", values={"三级": "3"}), "3"),
        (column(places="/state/code", values={"2": "suspended"}), "suspended"),
        (column(places="/grade", values={"一级": "1"}, otherwise="2"), "2"),
        (column(places="/grade", values={"三级": ""}), ""),
        (column(places="/missing", values={"三级": "3"}), None),
        (column(places="/until", date="YYYY年M月D日"), "2027-06-18"),
        (column(places="/missing", date="YYYY年M月D日"), None),
    ],
)
def test_what_a_column_is_filled_with(one: ColumnMap, made: object) -> None:
    """Constants, places, parts, codes and days; where nothing stands the cell is blank."""
    assert cell(one) == made


@pytest.mark.parametrize(
    ("one", "code", "value"),
    [
        (column(places="/grade", values={"一级": "1"}), "unknown-source-value", "三级"),
        (column(places="/until", date="YYYYMMDD"), "bad-source-date", "2027年6月18日"),
        (column(places="/state"), "nested-value", "{'open': True, 'code': 2}"),
        (column(places="/nested"), "nested-value", "[{'a': 1}]"),
    ],
)
def test_a_field_that_does_not_fit_is_told_with_its_value(one: ColumnMap, code: str, value: str) -> None:
    """A code that nobody explained is never guessed."""
    assert cell(one) == [CellFault("c", code, value)]


def test_a_list_within_a_list_has_no_text() -> None:
    """Lists of scalars are lists of the register; deeper ones are not."""
    assert cell(column(places="/a"), {"a": [["x"]]}) == [CellFault("c", "nested-value", "[['x']]")]


def test_all_faults_of_a_record_are_told_at_once() -> None:
    """Not only the first."""
    columns = (
        ColumnMap(column="level", places=("/grade",), values={}),
        ColumnMap(column="name", places=("/name",)),
        ColumnMap(column="licence_to", places=("/until",), date="YYYYMMDD"),
    )
    found = cells_of(RecordMap(key=(), only=(), columns=columns), RECORD)
    assert isinstance(found, list)
    assert [fault.column for fault in found] == ["level", "licence_to"]


@pytest.mark.parametrize(
    ("places", "key"),
    [
        (("/id",), "17"),
        (("/area", "/id"), "410928003000-17"),
        (("/missing",), None),
        (("/id", "/blank"), None),
        (("/nested",), None),
        ((), ""),
    ],
)
def test_the_key_of_a_record(places: tuple[str, ...], key: str | None) -> None:
    """All of its parts, or none."""
    assert source_key(RecordMap(key=places, only=(), columns=()), RECORD) == key


def test_keys_are_written_as_the_registers_write_text() -> None:
    """NFC, white space folded: the same key twice is one record."""
    mapping = RecordMap(key=("/k",), only=(), columns=())
    assert source_key(mapping, {"k": " A\u3000\n1 "}) == "A 1"
    assert source_key(mapping, {"k": "e\u0301"}) == "\u00e9"


def test_which_records_are_meant() -> None:
    """Those that have one of the texts at each of the places."""
    both = (Only(place="/grade", texts=frozenset({"三级"})), Only(place="/id", texts=frozenset({"17", "18"})))
    assert is_meant(RecordMap(key=(), only=both, columns=()), RECORD)
    assert not is_meant(RecordMap(key=(), only=both, columns=()), {**RECORD, "id": 19})
    assert is_meant(RecordMap(key=(), only=(), columns=()), {})


_cells = st.dictionaries(
    st.text(max_size=5), st.none() | st.booleans() | st.integers() | st.text(max_size=5), max_size=5
)


@given(_cells, _cells)
def test_the_digest_tells_changes_and_nothing_else(first: dict[str, Any], second: dict[str, Any]) -> None:
    """Equal cells in any order have one digest; 1, true and "1" are three things that a cell can say."""
    backwards = dict(reversed(first.items()))
    assert digest_of(first) == digest_of(backwards)
    assert re.fullmatch("[0-9a-f]{64}", digest_of(first))
    same = first == second and [*map(type, first.values())] == [type(second[name]) for name in first]
    assert (digest_of(first) == digest_of(second)) == same


@given(st.text(max_size=20), st.integers(0, 20), st.integers(0, 20))
def test_a_field_that_nobody_asked_for_changes_nothing(text: str, first: int, second: int) -> None:
    """Change detection looks at the register's columns only."""
    mapping = RecordMap(key=(), only=(), columns=(ColumnMap(column="name", places=("/name",)),))
    one = cells_of(mapping, {"name": text, "rooms": first})
    other = cells_of(mapping, {"name": text, "rooms": second, "new": 1})
    assert one == other
