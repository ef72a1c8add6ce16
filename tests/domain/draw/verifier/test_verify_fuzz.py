"""Hostile records: whatever the bytes, the verifier answers a report, in bounded memory and time."""

import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.draw.record.reading import ALL_FILES
from app.domain.draw.record.source import Limits
from app.domain.draw.verifier.verify import CHECKS, Report, verify
from tests.domain.draw.forgery import Files, MemoryRecord, sample

NAMES = ("public", "audit", "audit-infeasible", "amended-sm3")
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MIB = 1 << 20


def report_on(files: Files, *more: str) -> Report:
    """Verify with a curve that accepts nothing: fuzzed signatures need not cost a second each."""
    return verify(MemoryRecord(files, more=more), bls=lambda *_: False)


def is_whole(report: Report) -> bool:
    """Whether every check is answered in order, in text that can be written, and `ok` says what they say."""
    json.dumps([check.detail for check in report.checks]).encode()
    answered = tuple(check.check for check in report.checks)
    return answered == CHECKS and report.ok == all(check.status != "failed" for check in report.checks)


@st.composite
def mutated(draw: st.DrawFn) -> Files:
    """A sample with a few bytes of one file changed, cut out, or put in twice."""
    files = sample(draw(st.sampled_from(NAMES)))
    name = draw(st.sampled_from(sorted(files)))
    content = bytearray(files[name])
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(0, len(content) - 1)))
        length = draw(st.integers(0, 40))
        put = draw(
            st.one_of(st.binary(max_size=4), st.sampled_from(PIECES), st.just(content[at : at + length]))
        )
        content[at : at + draw(st.integers(0, length))] = put
    files[name] = bytes(content)
    return files


PIECES = (
    *(b"null", b"true", b"-1", b"1.5", b"1e9", b"NaN", b"9" * 400, b'"', b"\\ud800", b"\\", b"\x00"),
    *(b"[[[[[[[[[[", b"{}", b"\n", b"\r\n", b"\xef\xbb\xbf", b"\xff", b"\xe2\x80\xa8", b"0" * 64, b",", b":"),
)


@given(mutated())
@FUZZ
def test_mutated_bytes_are_answered(files: Files) -> None:
    """A byte changed anywhere ends in a report, never in a traceback."""
    assert is_whole(report_on(files))


@given(
    st.sampled_from(NAMES),
    st.dictionaries(st.sampled_from(ALL_FILES), st.one_of(st.binary(max_size=60), st.none()), max_size=3),
    st.lists(st.one_of(st.text(max_size=9), st.sampled_from(ALL_FILES)), max_size=2),
)
@FUZZ
def test_files_dropped_replaced_or_added_are_answered(
    name: str, changes: dict[str, bytes | None], more: list[str]
) -> None:
    """Any mixture of files, names and contents ends in a report."""
    files = sample(name)
    for file, content in changes.items():
        if content is None:
            files.pop(file, None)
        else:
            files[file] = content
    assert is_whole(report_on(files, *more))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 2**60), st.floats(), st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def misshapen(draw: st.DrawFn) -> Files:
    """A sample in which one member anywhere, at any depth, has another value."""
    files = sample(draw(st.sampled_from(NAMES)))
    name = draw(st.sampled_from(sorted(files)))
    lines = files[name].split(b"\n")
    at = draw(st.integers(0, max(0, len(lines) - 2)))
    root: dict[str, Any] = {"": json.loads(lines[at])}
    parent, key = draw(st.sampled_from(list(places(root))))
    parent[key] = draw(JSON)
    canonical = name == "plan.json"
    lines[at] = json.dumps(root[""], sort_keys=canonical, separators=(",", ":")).encode()
    files[name] = b"\n".join(lines)
    return files


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Give every (container, key) inside a JSON value."""
    keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in list(keys):
        yield value, key
        yield from places(value[key])


@given(misshapen())
@FUZZ
def test_any_value_in_any_place_is_answered(files: Files) -> None:
    """Types and shapes are checked before they are used."""
    assert is_whole(report_on(files))


class Endless:
    """A record whose `lines.ndjson` never ends."""

    def __init__(self, line: bytes) -> None:
        self._piece = line * (MIB // len(line)) or line
        self.given = 0

    def names(self) -> list[str]:
        return sorted(sample("public"))

    def pieces(self, name: str) -> Iterator[bytes]:
        if name != "lines.ndjson":
            yield sample("public")[name]
            return
        while True:
            self.given += len(self._piece)
            yield self._piece


@pytest.mark.parametrize(
    "line",
    [
        b'{"stratum":"a","tickets":1,"draws_left":0,"E":"%b","X":"%b"}\n' % (b"0" * 64, b"1" * 64),
        b" ",
        b"\n",
        b"[" * 60_000 + b"\n",
        b'"' + b"9" * 60_000,
    ],
    ids=["one line too many", "no LF", "blank lines", "deep", "one string"],
)
def test_an_endless_file_is_given_up_in_bounded_memory(line: bytes) -> None:
    """At most 2,000,000 lines are read, each into less than 200 bytes; here a tenth of them."""
    source = Endless(line)
    tracemalloc.start()
    report = verify(source, bls=lambda *_: False, limits=Limits(lines=200_000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert report.checks[0].status == "failed"
    assert source.given < 60 * MIB
    assert peak < 40 * MIB
