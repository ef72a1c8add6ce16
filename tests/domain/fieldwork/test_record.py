"""Records of visits: what a draft may hold, what a submission must (issue 3, «The record of a visit»)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fieldwork.codes import RESULT_CODES, conflict
from app.domain.fieldwork.record import (
    NOTHING,
    Answer,
    Finding,
    Record,
    Reply,
    Severity,
    Signature,
    document_of,
    draft_faults,
    entries_of,
    record_of,
    submission_faults,
)

ENTRIES = ("1", "2", "3")
SIGNED = Signature(signed=True, signer="现场负责人")
CLEAN = Record(
    answers=(
        Answer(entry="1", reply=Reply.CONFORMS),
        Answer(entry="2", reply=Reply.NOT_APPLICABLE),
        Answer(entry="3", reply=Reply.NOT_CHECKED, reason="上锁"),
    ),
    signature=SIGNED,
    codes=("01",),
)
FOUND = Record(
    answers=(
        Answer(entry="1", reply=Reply.CONFORMS),
        Answer(entry="2", reply=Reply.DOES_NOT),
        Answer(entry="3", reply=Reply.CONFORMS),
    ),
    findings=(Finding(ref="f1", entry="2", severity=Severity.MINOR, clause="第二十条", text="未公示"),),
    statement="立即整改",
    signature=SIGNED,
    codes=("05", "21"),
)
OBSTRUCTED = Record(
    answers=tuple(Answer(entry=e, reply=Reply.NOT_CHECKED, reason="拒绝进入") for e in ENTRIES),
    findings=(Finding(ref="f1", entry=None, severity=Severity.GRAVE, clause="第四十二条", text="拒绝检查"),),
    signature=Signature(signed=False, reason="拒绝", witness="社区工作者"),
    codes=("06",),
)
GONE = Record(
    answers=tuple(Answer(entry=e, reply=Reply.NOT_CHECKED, reason="已停业") for e in ENTRIES), codes=("11",)
)


def faults(record: Record) -> list[tuple[str, str]]:
    """(pointer, code) of what stands against a submission."""
    return [(one.pointer, one.code) for one in submission_faults(record, ENTRIES)]


@pytest.mark.parametrize("record", [CLEAN, FOUND, OBSTRUCTED, GONE])
def test_a_record_that_tells_one_story_can_be_submitted(record: Record) -> None:
    """Clean, found, obstructed, and nothing there to inspect."""
    assert faults(record) == []


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (replace(CLEAN, answers=CLEAN.answers[:2]), [("/answers", "unanswered")]),
        (
            replace(CLEAN, answers=(*CLEAN.answers[:2], Answer(entry="3", reply=Reply.NOT_CHECKED))),
            [("/answers/2/reason", "why-not-checked")],
        ),
        (replace(FOUND, codes=("01",)), [("/codes", "finding-without-violation")]),
        (replace(FOUND, codes=("01", "05")), [("/codes", "conflicting-codes")]),
        (
            replace(FOUND, findings=()),
            [("/answers/1/entry", "no-finding"), ("/codes", "violation-without-finding")],
        ),
        (
            replace(FOUND, findings=(replace(FOUND.findings[0], entry="1"),)),
            [("/answers/1/entry", "no-finding"), ("/findings/0/entry", "entry-conforms")],
        ),
        (replace(CLEAN, codes=()), [("/codes", "no-result-code")]),
        (replace(CLEAN, codes=("04",)), [("/codes", "attempt-is-no-result")]),
        (replace(GONE, codes=("01",)), [("/codes", "nothing-checked"), ("/signature", "unsigned")]),
        (replace(CLEAN, signature=None), [("/signature", "unsigned")]),
        (replace(CLEAN, signature=Signature(signed=True)), [("/signature/signer", "who-signed")]),
        (
            replace(CLEAN, signature=Signature(signed=False)),
            [("/signature/reason", "why-refused"), ("/signature/witness", "who-witnessed")],
        ),
    ],
)
def test_what_keeps_a_record_from_submission_is_named(
    record: Record, expected: list[tuple[str, str]]
) -> None:
    """Each rule by itself, with the place that has to be mended."""
    assert faults(record) == expected


def test_nothing_at_all_lacks_everything() -> None:
    """An empty record: an answer to each entry, a code, a signature."""
    lacking = [("/answers", "unanswered")] * 3
    assert faults(NOTHING) == [*lacking, ("/codes", "no-result-code"), ("/signature", "unsigned")]


def test_a_draft_may_be_incomplete_but_not_of_another_visit() -> None:
    """Unknown entries, doubles and unknown codes are refused even in a draft."""
    assert draft_faults(NOTHING, ENTRIES) == []
    draft = Record(
        answers=(
            Answer(entry="1", reply=Reply.CONFORMS),
            Answer(entry="1", reply=Reply.DOES_NOT),
            Answer(entry="9", reply=Reply.CONFORMS),
        ),
        findings=(
            replace(FOUND.findings[0], entry="8"),
            FOUND.findings[0],
            replace(FOUND.findings[0], ref="f2", entry=None),
        ),
        codes=("01", "99"),
    )
    assert [(one.pointer, one.code) for one in draft_faults(draft, ENTRIES)] == [
        ("/answers/1/entry", "given-twice"),
        ("/findings/1/ref", "given-twice"),
        ("/answers/2/entry", "unknown-entry"),
        ("/findings/0/entry", "unknown-entry"),
        ("/codes/1", "unknown-result-code"),
    ]


def test_the_entries_are_the_checklist_s() -> None:
    """By id, in order."""
    assert entries_of([{"id": "1", "text": "一"}, {"id": "2", "text": "二"}]) == ("1", "2")


words = st.text(min_size=1, max_size=8)
RECORDS = st.builds(
    Record,
    answers=st.lists(
        st.builds(
            Answer,
            entry=st.sampled_from(ENTRIES),
            reply=st.sampled_from(Reply),
            reason=st.none() | words,
        ),
        max_size=4,
    ).map(tuple),
    findings=st.lists(
        st.builds(
            Finding,
            ref=st.sampled_from(["f1", "f2"]),
            entry=st.none() | st.sampled_from(ENTRIES),
            severity=st.sampled_from(Severity),
            clause=words,
            text=words,
        ),
        max_size=3,
    ).map(tuple),
    statement=st.none() | words,
    signature=st.none()
    | st.builds(
        Signature, signed=st.booleans(), signer=st.none() | words, reason=st.none(), witness=st.none()
    ),
    codes=st.lists(st.sampled_from(sorted(RESULT_CODES)), max_size=3, unique=True).map(sorted).map(tuple),
)


@given(RECORDS)
def test_a_record_comes_back_from_its_stored_form(record: Record) -> None:
    """What is stored is what was sent."""
    assert record_of(document_of(record)) == record


@given(RECORDS)
def test_no_record_against_the_rules_can_be_submitted(record: Record) -> None:
    """Whatever passes has an answer to each entry, findings just where entries fail, and codes that agree."""
    if submission_faults(record, ENTRIES):
        return
    assert {one.entry for one in record.answers} == set(ENTRIES)
    assert len(record.answers) == len(ENTRIES)
    failed = {one.entry for one in record.answers if one.reply is Reply.DOES_NOT}
    assert {one.entry for one in record.findings} - {None} == failed
    assert record.codes
    assert not conflict(record.codes)
    assert bool(record.findings) == any(RESULT_CODES[code].sort == "violation" for code in record.codes)
