"""The public copy of a result: what it shows, what it hides, and the hash that freezes it."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.fieldwork.record import Finding, Severity
from app.domain.fieldwork.result import Consequence, TeamOfficer, VisitResult
from app.domain.results.public_copy import (
    Edition,
    copy_sha256,
    edition_copy,
    found,
    public_copy,
    public_key,
    public_name,
    removed_copy,
    uscc_of,
    withdrawal_copy,
)
from app.domain.results.redaction import COMPLAINT_HIDDEN, HIDDEN, RULE
from app.domain.results.states import Ground

USCC = "92410928MA0000001N"
AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def finding(ref: str, text: str, *, clause: str = "娱乐场所管理条例第三十一条") -> Finding:
    """A finding at the register of staff."""
    return Finding(ref=ref, entry="staff-register", severity=Severity.SERIOUS, clause=clause, text=text)


def consequence(kind: str, ref: str | None, **terms: int | date | None) -> Consequence:
    """An open disposition."""
    stated = {"due_on": None, "amount_cny": None, "months": None, "done_on": None} | terms
    return Consequence(id="d", kind=kind, finding=ref, state="open", **stated)  # type: ignore[arg-type]  # each its own type


RESULT = VisitResult(
    visit_id="0192-visit",
    kind="drawn",
    draw_id="0192-draw",
    period="2026-11.1",
    item="psb.venues",
    item_version=1,
    region="410928",
    entity_key=USCC,
    entity_name="样例歌厅",
    regimes=("entertainment",),
    ended_on=date(2026, 11, 5),
    codes=("05", "21"),
    findings=(
        finding("a", "负责人张三，电话13800138000，未登记从业人员2人"),
        finding("b", "接举报后检查发现"),
    ),
    dispositions=(
        consequence("order_to_correct", "b", due_on=date(2026, 11, 20)),
        consequence("fine", None, amount_cny=5000, done_on=date(2026, 11, 6)),
        consequence("notice", "gone"),
    ),
    officers=(TeamOfficer(code="psb-001", agency="psb"), TeamOfficer(code="psb-002", agency="psb")),
    submitted_by="0192-caller",
    statement=True,
    signature="signed",
    revision=1,
)


def test_a_copy_by_hand() -> None:
    """Everything that is public of a result, and nothing else: no caller, no officer's own ref, no number."""
    assert public_copy(RESULT) == {
        "visit": "0192-visit",
        "kind": "drawn",
        "draw": "0192-draw",
        "period": "2026-11.1",
        "item": "psb.venues",
        "item_version": 1,
        "region": "410928",
        "regimes": ["entertainment"],
        "entity": {"key": USCC, "name": "样例歌厅", "uscc": USCC},
        "ended_on": "2026-11-05",
        "codes": ["05", "21"],
        "findings": [
            {
                "number": 1,
                "entry": "staff-register",
                "severity": "serious",
                "clause": "娱乐场所管理条例第三十一条",
                "text": f"负责人张某，电话{HIDDEN}，未登记从业人员2人",
            },
            {
                "number": 2,
                "entry": "staff-register",
                "severity": "serious",
                "clause": "娱乐场所管理条例第三十一条",
                "text": COMPLAINT_HIDDEN,
            },
        ],
        "dispositions": [
            {
                "finding": 2,
                "kind": "order_to_correct",
                "due_on": "2026-11-20",
                "amount_cny": None,
                "months": None,
                "state": "open",
                "done_on": None,
            },
            {
                "finding": None,
                "kind": "fine",
                "due_on": None,
                "amount_cny": 5000,
                "months": None,
                "state": "open",
                "done_on": "2026-11-06",
            },
            {
                "finding": None,
                "kind": "notice",
                "due_on": None,
                "amount_cny": None,
                "months": None,
                "state": "open",
                "done_on": None,
            },
        ],
        "officers": [{"code": "psb-001", "agency": "psb"}, {"code": "psb-002", "agency": "psb"}],
        "statement": True,
        "signature": "signed",
        "redaction": RULE,
    }


def test_a_copy_without_an_end_says_so() -> None:
    """A result of nobody found has no day on which a visit ended."""
    assert public_copy(replace(RESULT, ended_on=None))["ended_on"] is None


def test_a_name_that_the_registers_know_is_hidden() -> None:
    """Though no word marks it."""
    copied = public_copy(replace(RESULT, findings=(finding("a", "王五不配合"),)), names=["王五"])
    assert copied["findings"][0]["text"] == "王某不配合"


def test_a_document_has_its_place_in_the_chain_and_its_hash() -> None:
    """SHA-256 of RFC 8785 JSON, taken here without the house's own serialiser."""
    edition = Edition(version=2, published_at=AT, reason="张三举报有误", previous="ab" * 32)
    document = edition_copy(public_copy(RESULT), edition)
    assert (document["version"], document["published_at"]) == (2, "2026-11-20T02:00:00Z")
    assert (document["previous"], document["reason"]) == ("ab" * 32, COMPLAINT_HIDDEN)
    written = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert copy_sha256(document) == hashlib.sha256(written.encode()).hexdigest()


def test_a_withdrawal_shows_nothing_of_the_result() -> None:
    """Only that there was one, when and why it was taken back."""
    edition = Edition(version=2, published_at=AT, reason="行政复议撤销", previous="p")
    assert withdrawal_copy("v", edition, Ground.DECISION) == {
        "version": 2,
        "published_at": "2026-11-20T02:00:00Z",
        "reason": "行政复议撤销",
        "previous": "p",
        "withdrawn": True,
        "ground": "decision",
        "result": {"visit": "v"},
    }


def test_what_was_removed_leaves_only_that_it_was_there() -> None:
    """Nothing of it can be told from what stands in its place."""
    assert removed_copy("v") == {"removed": True, "result": {"visit": "v"}}


def test_only_privacy_takes_content_away() -> None:
    """政府信息公开条例 art. 15; whatever else was public stays readable, withdrawn or not."""
    assert [ground for ground in Ground if ground.removes_content] == [Ground.PRIVACY]


def test_a_first_version_needs_no_reason() -> None:
    """Nor has it anything before it."""
    document = edition_copy({}, Edition(version=1, published_at=AT))
    assert (document["reason"], document["previous"], document["withdrawn"]) == (None, None, False)


@pytest.mark.parametrize(
    ("key", "uscc", "public"),
    [
        (USCC, USCC, USCC),
        (f"{USCC}#2", USCC, f"{USCC}#2"),
        ("city:H-0012", None, "city:H-0012"),
        ("city:41092819900101123X", None, f"city:{HIDDEN}"),
    ],
)
def test_an_entity_is_named_without_anybody_s_number(key: str, uscc: str | None, public: str) -> None:
    """A USCC is public; a source's key that is a resident id is not."""
    assert (uscc_of(key), public_key(key)) == (uscc, public)


def test_a_registered_name_stays_what_it_is() -> None:
    """Registered names are public, a person's name in them too; numbers are not part of it."""
    assert public_name("濮阳县张三旅馆") == "濮阳县张三旅馆"
    assert public_name("张三旅馆13800138000") == f"张三旅馆{HIDDEN}"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [(("01",), False), (("07",), False), (("04",), False), (("05",), True), (("23",), True)],
)
def test_found_means_a_violation(codes: tuple[str, ...], expected: bool) -> None:  # noqa: FBT001 - a table's column
    """01 found nothing; 04 and 07 found nobody and no business."""
    assert found(replace(RESULT, codes=codes)) is expected


@given(st.text("检查发现张三李四在场的，1380013800-. 0", max_size=40))
def test_a_copy_can_always_be_hashed(text: str) -> None:
    """Whatever an officer wrote."""
    document = edition_copy(
        public_copy(replace(RESULT, findings=(finding("a", text),))), Edition(version=1, published_at=AT)
    )
    assert len(copy_sha256(document)) == 64


def test_a_joint_copy_says_whose_part_each_finding_is() -> None:
    """联合抽查 (W3): agencies and items are named; an entry of nobody's checklist is the lead agency's."""
    fire = replace(finding("c", "疏散通道被占用"), entry="fire.units:3")
    joint = replace(
        RESULT,
        items=("psb.venues", "fire.units"),
        agencies=("psb", "fire"),
        entry_agencies={"staff-register": "psb", "fire.units:3": "fire"},
        findings=(RESULT.findings[0], fire),
        dispositions=(consequence("order_to_correct", "c"), consequence("notice", "gone")),
    )
    copy = public_copy(joint)
    assert (copy["agencies"], copy["items"]) == (["psb", "fire"], ["psb.venues", "fire.units"])
    assert [one["agency"] for one in copy["findings"]] == ["psb", "fire"]
    assert [one["agency"] for one in copy["dispositions"]] == ["fire", "psb"]
    assert "agencies" not in public_copy(RESULT)
    assert "items" not in public_copy(RESULT)
