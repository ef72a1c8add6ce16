"""Dispositions: what each kind needs, and what a re-inspection looks at (mission/rules.md)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fieldwork.dispositions import (
    RULES,
    Kind,
    Terms,
    checked_late,
    entries_to_check_again,
    faults,
    may_be_checked_again,
)
from app.domain.fieldwork.record import Answer, Finding, Record, Reply, Severity

ENDED, TODAY = date(2026, 11, 3), date(2026, 11, 5)
CHECKLIST: list[dict[str, object]] = [
    {"id": n, "text": f"检查项{n}", "basis": []} for n in ("1", "2", "3", "4")
]
RECORD = Record(
    answers=(
        Answer(entry="1", reply=Reply.CONFORMS),
        Answer(entry="2", reply=Reply.DOES_NOT),
        Answer(entry="3", reply=Reply.DOES_NOT),
        Answer(entry="4", reply=Reply.NOT_CHECKED, reason="上锁"),
    ),
    findings=(
        Finding(ref="f1", entry="2", severity=Severity.MINOR, clause="第二十条", text="未公示"),
        Finding(ref="f2", entry="3", severity=Severity.SERIOUS, clause="第十五条", text="监控损坏"),
        Finding(ref="f3", entry=None, severity=Severity.GRAVE, clause="第四十二条", text="拒绝检查"),
    ),
    codes=("05", "21"),
)


def codes(terms: Terms, record: Record = RECORD) -> list[tuple[str, str]]:
    """(pointer, code) of what stands against a disposition."""
    return [(one.pointer, one.code) for one in faults(terms, record, ended_on=ENDED, today=TODAY)]


@pytest.mark.parametrize(
    "terms",
    [
        Terms(kind=Kind.NONE),
        Terms(kind=Kind.CORRECTED_ON_SPOT, finding="f1", done_on=ENDED),
        Terms(kind=Kind.ORDER_TO_CORRECT, finding="f2", due_on=date(2026, 11, 20)),
        Terms(kind=Kind.WARNING),
        Terms(kind=Kind.FINE, amount_cny=2000, due_on=date(2026, 11, 18)),
        Terms(kind=Kind.CONFISCATION, amount_cny=500),
        Terms(kind=Kind.SUSPENSION, months=3, done_on=TODAY),
        Terms(kind=Kind.TEMPORARY_SEAL),
        Terms(kind=Kind.REVOCATION),
        Terms(kind=Kind.TRANSFER, recipient="消防救援大队"),
        Terms(kind=Kind.NOTICE, recipient="文化和旅游局"),
        Terms(kind=Kind.CASE_OPENED, case="criminal"),
        Terms(kind=Kind.LISTING_PROPOSED),
    ],
)
def test_every_kind_of_the_rules_can_be_recorded(terms: Terms) -> None:
    """Each with what it needs."""
    assert codes(terms) == []


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms(kind=Kind.ORDER_TO_CORRECT), [("/due_on", "needed-by-kind")]),
        (
            Terms(kind=Kind.ORDER_TO_CORRECT, due_on=TODAY, done_on=TODAY),
            [("/done_on", "reinspection-needed")],
        ),
        (Terms(kind=Kind.ORDER_TO_CORRECT, due_on=date(2026, 11, 2)), [("/due_on", "before-the-visit")]),
        (Terms(kind=Kind.FINE), [("/amount_cny", "needed-by-kind")]),
        (Terms(kind=Kind.FINE, amount_cny=0), [("/amount_cny", "not-positive")]),
        (Terms(kind=Kind.SUSPENSION, months=0), [("/months", "not-positive")]),
        (Terms(kind=Kind.WARNING, months=2), [("/months", "not-of-kind")]),
        (Terms(kind=Kind.NONE, due_on=TODAY), [("/due_on", "not-of-kind")]),
        (Terms(kind=Kind.TRANSFER), [("/recipient", "needed-by-kind")]),
        (Terms(kind=Kind.CASE_OPENED), [("/case", "needed-by-kind")]),
        (Terms(kind=Kind.WARNING, finding="f9"), [("/finding", "unknown-finding")]),
        (Terms(kind=Kind.WARNING, done_on=date(2026, 11, 2)), [("/done_on", "before-the-visit")]),
        (Terms(kind=Kind.WARNING, done_on=date(2026, 11, 6)), [("/done_on", "in-the-future")]),
    ],
)
def test_what_is_wrong_with_a_disposition_is_named(terms: Terms, expected: list[tuple[str, str]]) -> None:
    """Members that a kind needs or lacks, days, and findings that are not there."""
    assert codes(terms) == expected


def test_nothing_follows_from_a_visit_that_found_nothing() -> None:
    """Code 01 leaves only `none`."""
    clean = Record(codes=("01",))
    assert codes(Terms(kind=Kind.WARNING), clean) == [("/kind", "nothing-was-found")]
    assert codes(Terms(kind=Kind.NONE), clean) == []


@given(st.sampled_from(Kind), st.integers(-3, 3) | st.none(), st.integers(-3, 3) | st.none())
def test_no_disposition_stands_without_what_its_kind_needs(
    kind: Kind, amount: int | None, months: int | None
) -> None:
    """A fine has a positive amount, a suspension positive months, an order its day; nothing else has them."""
    terms = Terms(kind=kind, amount_cny=amount, months=months)
    if codes(terms):
        return
    assert (kind is not Kind.FINE) or (amount or 0) > 0
    assert (months is not None) == (kind is Kind.SUSPENSION)
    assert not RULES[kind].needs & {"due_on", "recipient", "case"}


def test_a_reinspection_follows_an_order_or_a_refusal() -> None:
    """«Re-inspection of just what failed»: after an order to correct, and after code 06."""
    assert may_be_checked_again("order_to_correct", ["05"])
    assert may_be_checked_again("fine", ["06"])
    assert not may_be_checked_again("fine", ["05"])


def ids(record: Record, finding: str | None) -> list[str]:
    """The entries of a re-inspection."""
    return [entry["id"] for entry in entries_to_check_again(CHECKLIST, record, finding=finding)]


def test_a_reinspection_looks_at_just_what_failed() -> None:
    """The entry of the order's finding, or all that failed; what lies outside the checklist comes along."""
    assert ids(RECORD, "f1") == ["2"]
    assert ids(RECORD, "f3") == ["finding-f3"]
    assert ids(RECORD, None) == ["2", "3", "finding-f3"]
    outside = entries_to_check_again(CHECKLIST, RECORD, finding="f3")[0]
    assert outside["text"] == "拒绝检查"
    assert outside["basis"] == [{"law": "第四十二条", "articles": [], "note": None}]


def test_after_a_refusal_what_could_not_be_checked_is_checked() -> None:
    """Code 06: the entries that were not checked have failed too."""
    assert ids(replace(RECORD, codes=("06",)), "f1") == ["2", "4"]


@pytest.mark.parametrize(
    ("rechecked_on", "recheck_by", "late"),
    [
        (date(2026, 11, 13), date(2026, 11, 13), False),
        (date(2026, 11, 14), date(2026, 11, 13), True),
        (None, date(2026, 11, 13), False),
        (date(2026, 11, 14), None, False),
    ],
)
def test_a_recheck_after_its_last_day_is_late(
    rechecked_on: date | None,
    recheck_by: date | None,
    late: bool,  # noqa: FBT001 - a table's column
) -> None:
    """The last day itself is in time; what has not happened, or has no day, is not late."""
    assert checked_late(rechecked_on, recheck_by) is late
