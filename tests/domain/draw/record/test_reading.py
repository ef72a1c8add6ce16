"""The `format` check (sections 10 and 11): limits, pieces, and what kind of record the names make it."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.findings import DifferenceError, Place, show
from app.domain.draw.record.columns import Digests, Names
from app.domain.draw.record.reading import Holdings, holdings_of, read_record
from app.domain.draw.record.source import LIMITS, Limits, Reader, UnreadableError
from tests.domain.draw.forgery import MemoryRecord, sample, verified

PUBLIC = ["plan.json", "lines.ndjson", "ids.ndjson", "identities.ndjson"]
DRAWN = [*PUBLIC, "entropy.json", "strata.ndjson", "selection.ndjson"]


def rows_of(content: bytes, *, limits: Limits = LIMITS, piece: int = 1 << 20) -> list[bytes]:
    """Read one file's lines."""
    return list(Reader(MemoryRecord({"x": content}, piece=piece), limits).rows("x"))


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (PUBLIC, set()),
        (DRAWN, {"drawn"}),
        ([*DRAWN, "log.json"], {"drawn", "logged"}),
        ([*DRAWN, "teams.ndjson"], {"drawn", "audit"}),
        ([*PUBLIC, "secret.json"], {"audit"}),
        ([*DRAWN, "shortage.json"], {"drawn", "audit", "short"}),
        (["teams-final.ndjson"], {"audit", "amended"}),
        ([], set()),
    ],
)
def test_names_make_the_kind_of_record(names: list[str], kind: set[str]) -> None:
    """Section 10, last sentence: any file that only an audit record has makes it one."""
    flags = ("audit", "drawn", "amended", "short", "logged")
    assert holdings_of(names) == Holdings(**{flag: flag in kind for flag in flags})


LINES = st.lists(st.binary(min_size=1, max_size=9).filter(lambda line: not set(line) & set(b"\r\n")))


@given(lines=LINES, piece=st.integers(1, 20))
def test_lines_are_the_same_in_whatever_pieces_they_come(lines: list[bytes], piece: int) -> None:
    """Cutting a file anywhere changes no line."""
    assert rows_of(b"".join(line + b"\n" for line in lines), piece=piece) == lines


@pytest.mark.parametrize("piece", [1, 3, 1 << 20])
@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"a\nb", "line 2: the last line is not ended by LF"),
        (b"a\n\nb\n", "line 2: a blank line"),
        (b"\n", "line 1: a blank line"),
        (b"a\r\n", "line 1: a CR"),
        (b"a\rb\n", "line 1: a CR"),
        (b"a\nb\nc\nd\n", "line 4: more than 3 lines"),
        (b"a\n12345\n", "line 2: longer than 4 bytes"),
        (b"a\n12345", "line 2: longer than 4 bytes"),
    ],
)
def test_malformed_lines_are_named(content: bytes, word: str, piece: int) -> None:
    """The place and the fault are told; an endless line is refused before it ends."""
    with pytest.raises(DifferenceError, match=word):
        rows_of(content, limits=Limits(lines=3, line_bytes=4), piece=piece)


def test_exactly_as_many_as_allowed_are_read() -> None:
    """The limits themselves are allowed."""
    assert rows_of(b"1234\n" * 3, limits=Limits(lines=3, line_bytes=4, record_bytes=15)) == [b"1234"] * 3


def test_the_limits_are_those_of_the_text() -> None:
    """Section 10: 2,000,000 lines a file, 64 KiB a line, 4 GiB unpacked, 1,000 amendments."""
    assert (LIMITS.lines, LIMITS.line_bytes, LIMITS.record_bytes, LIMITS.amendments) == (
        *(2_000_000, 65_536, 4_294_967_296),
        1_000,
    )


def test_a_record_that_unpacks_to_too_much_is_refused() -> None:
    """The limit is over all files together, and counts what is read, not what a zip claims."""
    files = sample("public")
    everything = sum(map(len, files.values()))
    assert verified(files, limits=Limits(record_bytes=everything)).ok
    report = verified(files, limits=Limits(record_bytes=everything - 1))
    assert "the record unpacks to more than" in report.checks[0].detail


def test_a_json_file_is_bounded() -> None:
    """JSON is parsed as a whole, so its size is bounded."""
    files = sample("public")
    limits = Limits(json_bytes=len(files["plan.json"]) - 1)
    assert "plan.json: longer than" in verified(files, limits=limits).checks[0].detail


def test_more_amendments_than_allowed_are_refused() -> None:
    """Section 10: 1,000 amendments; here 3 of 4."""
    report = verified(sample("amended-sm3"), limits=Limits(amendments=3))
    assert "amendments.ndjson line 4: more than 3 lines" in report.checks[0].detail


def test_a_member_that_cannot_be_read_fails_the_format() -> None:
    """A link, an encrypted or a broken member is told in both languages."""

    class Broken(MemoryRecord):
        def pieces(self, name: str) -> Iterator[bytes]:
            if name == "ids.ndjson":
                raise UnreadableError("是链接", "a link")
            return super().pieces(name)

    with pytest.raises(DifferenceError, match=r"ids\.ndjson：是链接 \| ids\.ndjson: a link"):
        read_record(Broken(sample("public")))


def test_a_name_that_occurs_twice_is_refused() -> None:
    """In a zip a second member could hide behind the first."""
    with pytest.raises(DifferenceError, match="occurs more than once"):
        read_record(MemoryRecord(sample("public"), more=["ids.ndjson"]))


def test_lines_in_another_form_are_read_the_same() -> None:
    """The fast pattern and the full parser give the same columns."""
    files = sample("audit")
    usual = read_record(MemoryRecord(files)).lines
    parsed = [json.loads(line) for line in files["lines.ndjson"].splitlines()]
    files["lines.ndjson"] = "".join(
        json.dumps(dict(reversed(line.items())), indent=None) + " \n" for line in parsed
    ).encode()
    other = read_record(MemoryRecord(files)).lines
    assert list(usual.strata) == list(other.strata) == [line["stratum"] for line in parsed]
    assert list(usual.tickets) == list(other.tickets) == [line["tickets"] for line in parsed]
    assert list(usual.draws_left) == list(other.draws_left) == [line["draws_left"] for line in parsed]
    assert usual.seeds.packed == other.seeds.packed
    assert usual.seals.packed == other.seals.packed


@given(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), max_size=5))
def test_packed_digests_come_out_as_they_went_in(digests: list[str]) -> None:
    """32 bytes each, in order."""
    column = Digests()
    for digest in digests:
        column.append(digest)
    assert list(column) == digests


@given(st.lists(st.sampled_from(["a", "b", "c"])))
def test_packed_names_come_out_as_they_went_in(names: list[str]) -> None:
    """Each distinct name is kept once."""
    column = Names()
    for name in names:
        column.append(name)
    assert list(column) == names


def test_values_are_shown_short_and_harmless() -> None:
    """No control sequence reaches a terminal, and no flood a report."""
    assert show("\x1b[2J\u202e店") == r'"\u001b[2J\u202e店"'
    assert len(show("a" * 1_000_000)) < 130
    assert show(None) == "null"


def test_a_place_is_named_in_both_languages() -> None:
    """Rows count from 0 inside and from 1 for people."""
    difference = str(Place("ids.ndjson", 4, "id").differs(expected="甲", found=1))
    zh, en = difference.split(" | ")
    assert zh == 'ids.ndjson 第 5 行 id：应为 "甲"，实为 1'
    assert en == 'ids.ndjson line 5 id: expected "甲", found 1'
