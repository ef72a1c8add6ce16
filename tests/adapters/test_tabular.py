"""Tables in and out: every format gives the same records back, and no broken file gives a traceback."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.tabular import TableError, read_rows, write_csv, write_ndjson, write_xlsx
from app.adapters.tabular.formulas import neutralised, restored
from app.domain.registers import (
    REGISTERS,
    Binding,
    Cell,
    Fault,
    Row,
    bind_headers,
    headers,
    parse_rows,
    row_cells,
)
from app.domain.registers.render import Language
from app.messages import text
from tests.register_rows import registers_with_rows


def rows_of(source: bytes, filename: str = "x.csv") -> list[tuple[int, list[Cell] | Fault]]:
    """Read a whole table."""
    return list(read_rows(source, filename))


def slug_of(source: bytes, filename: str = "x.csv") -> tuple[str, object]:
    """Give slug and row of the error of a file; its texts exist in both languages."""
    with pytest.raises(TableError) as caught:
        rows_of(source, filename)
    error = caught.value
    for language in ("zh", "en"):
        assert text(f"problem.{error.slug}", language, **error.values)
        assert text(f"problem.{error.slug}.title", language)
    return error.slug, error.values["row"]


def xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a workbook to bytes."""
    target = io.BytesIO()
    write_xlsx(target, header, rows)
    return target.getvalue()


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, bom: bool = False) -> bytes:
    """Write CSV to bytes."""
    return b"".join(write_csv(header, rows, bom=bom))


LANGUAGES: tuple[Language, ...] = ("zh", "en")

WRITERS: dict[str, Callable[[Sequence[str], Iterable[Sequence[Cell]]], bytes]] = {
    "csv": partial(csv_bytes, bom=True),
    "csv without mark": csv_bytes,
    "csv in gb18030": lambda header, rows: csv_bytes(header, rows).decode().encode("gb18030"),
    "xlsx": xlsx,
    "ndjson": lambda header, rows: b"".join(write_ndjson(header, rows)),
}


@pytest.mark.parametrize("form", WRITERS)
@settings(deadline=None, max_examples=40)
@given(drawn=registers_with_rows(), language=st.sampled_from(LANGUAGES))
def test_what_is_exported_imports_as_the_same_records(
    form: str, drawn: tuple[str, list[Row]], language: Language
) -> None:
    """write, read, bind, parse is the identity for every register, formula-looking texts included."""
    name, records = drawn
    register = REGISTERS[name]
    written = WRITERS[form](
        headers(register, language), [row_cells(register, record, language) for record in records]
    )
    table = read_rows(written, f"x.{form[:4]}")
    _, header = next(table)
    assert not isinstance(header, Fault)
    binding = bind_headers(header, register)
    assert isinstance(binding, Binding)
    assert [record for _, record in parse_rows(register, binding, table)] == records


@given(st.text() | st.text("'=+-@\t\r\n＝a ", max_size=4))
def test_neutralised_text_is_no_formula_and_can_be_restored(cell: str) -> None:
    """OWASP's list for CSV injection, full-width forms included; the rule can be undone."""
    written = neutralised(cell)
    assert not written.startswith(tuple("=+-@＝＋－＠\t\r\n"))
    assert restored(written) == cell


def test_a_spreadsheet_gets_no_formula_to_run() -> None:
    """The worked bytes of a CSV export, and the cell's type in a workbook."""
    hostile = "=HYPERLINK(1)"
    assert b"".join(write_csv(["a"], [[hostile], ["-甲"], [-5], ["'90"]], bom=False)) == (
        "a\r\n'=HYPERLINK(1)\r\n'-甲\r\n-5\r\n'90\r\n".encode()
    )
    with zipfile.ZipFile(io.BytesIO(xlsx(["=a"], [[hostile]]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "'=HYPERLINK(1)" in sheet


def test_every_kind_of_cell_is_written_in_its_plain_form() -> None:
    """Booleans, numbers, days, moments and nothing."""
    cells: list[Cell] = [True, False, 3, 1.5, date(2026, 3, 5), datetime(2026, 3, 5, 8, 1), None, ""]  # noqa: DTZ001 -- spreadsheets know no time zone
    header = list("abcdefgh")
    assert b"".join(write_csv(header, [cells], bom=False)).splitlines()[1] == (
        b"true,false,3,1.5,2026-03-05,2026-03-05T08:01:00,,"
    )
    assert rows_of(xlsx(header, [cells]))[1][1] == [
        *("true", "false", 3.0, 1.5, date(2026, 3, 5), "2026-03-05T08:01:00", "", ""),
    ]
    assert b"".join(write_ndjson(header, [cells])) == (
        b'{"a":true,"b":false,"c":3,"d":1.5,"e":"2026-03-05","f":"2026-03-05T08:01:00","h":""}\n'
    )


def test_csv_is_streamed_in_chunks() -> None:
    """A long table is many pieces, none of them large."""
    chunks = list(write_csv(["a"], (["甲" * 100] for _ in range(5000))))
    assert len(chunks) > 5
    assert max(map(len, chunks)) < 400_000
    assert len(rows_of(b"".join(chunks))) == 5001


def test_a_sheet_has_an_end() -> None:
    """Rows past the last that a workbook can hold are not dropped in silence."""
    with pytest.raises(ValueError, match="1048575"):
        write_xlsx(io.BytesIO(), ["a"], ([] for _ in range(1_048_576)))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"a,b\n1,2\n", [(1, ["a", "b"]), (2, ["1", "2"])]),
        (b"a;b\n1;2,5\n", [(1, ["a", "b"]), (2, ["1", "2,5"])]),
        (b"a\tb\r\n1\t2", [(1, ["a", "b"]), (2, ["1", "2"])]),
        (b'"a,x";b\n1;2', [(1, ["a,x", "b"]), (2, ["1", "2"])]),
        (b"a\r1\r", [(1, ["a"]), (2, ["1"])]),
        (b'a,b\n"1\n2",3\n4,5\n', [(1, ["a", "b"]), (2, ["1\n2", "3"]), (3, ["4", "5"])]),
        (b"\n,,\na,b\n\n , \n4,5,,\n", [(3, ["a", "b"]), (6, ["4", "5"])]),
        ("名称\n甲\n".encode("utf-8-sig"), [(1, ["名称"]), (2, ["甲"])]),
        ("名称\n䶮𠮷\n".encode("gb18030"), [(1, ["名称"]), (2, ["䶮𠮷"])]),
        (b"a\n'=1\n''=1\n'b\n", [(1, ["a"]), (2, ["=1"]), (3, ["'=1"]), (4, ["'b"])]),
        (b"a,b\n" + b"1,2" + b"," * 500 + b"\n", [(1, ["a", "b"]), (2, ["1", "2"])]),
    ],
)
def test_csv_is_read_as_a_spreadsheet_shows_it(source: bytes, expected: list[tuple[int, list[Cell]]]) -> None:
    """Delimiters, quoted line breaks, row numbers that count records and blank rows, both encodings."""
    assert rows_of(source) == expected


def test_ndjson_keys_make_the_header_wherever_they_first_appear() -> None:
    """One object a line; absent keys are empty, lists of text are joined as list cells are written."""
    source = '\ufeff{"a":1,"b":"=x"}\n\n{"c":["甲","乙"],"b":null}\n{"a":true,"b":1.5}'.encode()
    assert rows_of(source, "x.ndjson") == [
        (0, ["a", "b", "c"]),
        (1, [1, "=x", None]),
        (3, [None, None, "甲;乙"]),
        (4, [True, 1.5, None]),
    ]
    assert rows_of(source, "upload") == rows_of(source, "x.jsonl")


def test_a_workbook_keeps_types_and_row_numbers() -> None:
    """Numbers and days keep their type, a formula gives its last value, blank rows count."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        book.add_worksheet("other").write(0, 0, "not read")
        day, moment, clock = (
            book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm")
        )
        sheet.write_row(1, 0, ["a", "b", "c", "d", "e"])
        sheet.write_row(3, 0, ["甲", 5, True])
        sheet.write_formula(3, 3, "=1+1", None, 2)
        sheet.write_datetime(4, 0, datetime(2026, 3, 5), day)  # noqa: DTZ001 -- spreadsheets know no time zone
        sheet.write_datetime(4, 1, datetime(2026, 3, 5, 13, 30), moment)  # noqa: DTZ001 -- the same
        sheet.write_number(4, 2, 0.5, clock)
        sheet.write_string(4, 3, "'=1")
        sheet.write_string(4, 4, "'b")
    assert rows_of(target.getvalue(), "x.xlsx") == [
        (2, ["a", "b", "c", "d", "e"]),
        (4, ["甲", 5.0, True, 2.0, ""]),
        (5, [date(2026, 3, 5), datetime(2026, 3, 5, 13, 30), "12:00:00", "=1", "'b"]),  # noqa: DTZ001 -- the same
    ]


def _archive(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _far_cell(row: int, column: int) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write(row, column, "x")
    return target.getvalue()


def _only_a_chart() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_chartsheet()
    return target.getvalue()


GOOD_XLSX = xlsx(["a"], [["甲"] for _ in range(500)])


@pytest.mark.parametrize(
    ("source", "filename", "slug", "row"),
    [
        (b"", "x.csv", "empty-file", 0),
        (b"\n \n,,\n", "x.csv", "empty-file", 0),
        (b"\n" * 5000 + b"a", "x.csv", "empty-file", 0),
        (b"{}\n", "x.ndjson", "empty-file", 0),
        (b"a\n\xff\xff\n", "x.csv", "bad-encoding", 2),
        (b"a\nb\n\xe4", "x.csv", "bad-encoding", 3),
        ("名称\n".encode("utf-16"), "x.csv", "nul-bytes", 2),
        (b"a\nb\0c\n", "x.csv", "nul-bytes", 2),
        (b'a\nb\n"c\n', "x.csv", "broken-row", 3),
        (b'a\n"b"c\n', "x.csv", "broken-row", 2),
        (b"a\n" + b"b" * 200_000, "x.csv", "broken-row", 2),
        (b"a\n" + b"b" * (2 << 20), "x.csv", "broken-row", 2),
        (b"a," * 52 + b"a\n", "x.csv", "too-many-columns", 1),
        (b'[1]\n{"a":\n', "x.ndjson", "broken-json", 1),
        (b'{"a":NaN}\n', "x.ndjson", "broken-json", 1),
        (b'{"a":1,"a":2}\n', "x.ndjson", "broken-json", 1),
        (b'{"a":{"b":1}}\n', "x.ndjson", "broken-json", 1),
        (b'{"a":' + b"[" * 100_000 + b"\n", "x.ndjson", "broken-json", 1),
        (b'{"a":' + b"1" * 5000 + b"}\n", "x.ndjson", "broken-json", 1),
        (b"{" + b",".join(b'"%d":1' % n for n in range(53)) + b"}", "x.ndjson", "too-many-columns", 1),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "x.xls", "old-spreadsheet", 0),
        (b"not a zip", "x.XLSX", "broken-workbook", 0),
        (b"PK\x03\x04" + b"x" * 100, "x.xlsx", "broken-workbook", 0),
        (GOOD_XLSX[:3000], "x.xlsx", "broken-workbook", 0),
        (_archive(a=b"not a workbook"), "x.xlsx", "broken-workbook", 0),
        (_only_a_chart(), "x.xlsx", "broken-workbook", 0),
        (xlsx([], []), "x.xlsx", "empty-file", 0),
        (_far_cell(1_048_575, 16_383), "x.xlsx", "too-many-rows", 0),
        (_far_cell(199_999, 0), "x.xlsx", "too-many-rows", 0),
        (_far_cell(0, 52), "x.xlsx", "too-many-rows", 0),
        (_archive(**{f"part{n}": b"0" * (1 << 20) for n in range(257)}), "x.xlsx", "file-too-large", 0),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason(
    source: bytes, filename: str, slug: str, row: int
) -> None:
    """Each kind of damage has its own slug, and the row near which it lies where there is one."""
    assert slug_of(source, filename) == (slug, row)


@pytest.mark.parametrize("line", [b"[1]", b'{"a":', b'{"a":NaN}', b'{"a":1,"a":2}', b'{"a":{"b":1}}'])
def test_a_broken_line_of_ndjson_is_a_fault_of_its_row_alone(line: bytes) -> None:
    """The header is that of the other lines, whose cells are read."""
    header, broken, good = read_rows(line + b'\n{"b":2}', "x.ndjson")
    assert (header, good) == ((0, ["b"]), (2, [2]))
    assert isinstance(broken[1], Fault)
    assert (broken[0], broken[1].code) == (1, "broken-json")


def test_the_last_cell_within_bounds_is_read() -> None:
    """AZ199999 is inside: the guard against huge sheets refuses nothing smaller."""
    assert rows_of(_far_cell(0, 51), "x.xlsx") == [(1, ["x"])]
    assert rows_of(_far_cell(199_998, 0), "x.xlsx") == [(199_999, ["x"])]


def test_a_stream_is_read_from_its_start_and_left_open() -> None:
    """Uploads are spooled files that somebody else closes."""
    with tempfile.SpooledTemporaryFile(max_size=10) as stream:
        stream.write("名称\n甲\n".encode("gb18030"))
        assert list(read_rows(stream, "x.csv")) == [(1, ["名称"]), (2, ["甲"])]
        assert not stream.closed
        half_read = read_rows(stream, "x.csv")
        next(half_read)
    with pytest.raises(ValueError, match="closed"):
        next(half_read)


def test_a_directory_that_lies_before_the_file_is_damage(tmp_path: Path) -> None:
    """The archive's last bytes say where its directory begins: in memory and on a disk alike."""
    damaged = GOOD_XLSX[:-5] + b"\x1d" + GOOD_XLSX[-4:]
    (path := tmp_path / "x.xlsx").write_bytes(damaged)
    with path.open("rb") as stream, pytest.raises(TableError, match="broken-workbook"):
        list(read_rows(stream, "x.xlsx"))
    with pytest.raises(TableError, match="broken-workbook"):
        rows_of(damaged, "x.xlsx")


@settings(deadline=None, max_examples=150)
@given(
    position=st.integers(0, len(GOOD_XLSX) - 1),
    junk=st.binary(min_size=1, max_size=8),
    filename=st.sampled_from(["x.xlsx", "x.csv", "x.ndjson"]),
)
def test_damaged_files_never_give_anything_but_rows_or_a_table_error(
    position: int, junk: bytes, filename: str
) -> None:
    """Bytes overwritten anywhere in a workbook, and read under any name."""
    damaged = GOOD_XLSX[:position] + junk + GOOD_XLSX[position + len(junk) :]
    for source in (damaged, GOOD_XLSX[:position] + junk, junk):
        with suppress(TableError):
            numbers = [number for number, _ in rows_of(source, filename)]
            assert all(one < other for one, other in pairwise(numbers))
