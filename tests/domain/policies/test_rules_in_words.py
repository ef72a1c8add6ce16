"""Documents rule by rule: what is left out is not said, what is another choice is said otherwise."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.policies.clocks_rules import clocks_rules
from app.domain.policies.document import policy_faults
from app.domain.policies.explained import Subject
from app.domain.policies.policy_rules import policy_rules
from app.schemas.rules import rules_read
from tests.policy_documents import CLOCKS, DROP, ITEMS, POLICY, SEEDS, leaves, put

FIRST = json.loads((SEEDS / "policies/default.1.json").read_text("utf-8"))
FIRST_CLOCKS = json.loads((SEEDS / "clocks/default.1.json").read_text("utf-8"))
KTV = Subject(regime="entertainment", level=3, subtype="ktv", items=("psb.venues",))
UNGRADED = Subject(regime="entertainment", level=None, subtype="ktv", items=("psb.venues",))
CAFE = Subject(regime="internet_cafe", level=None, subtype=None, items=("psb.internet-cafes",))
PLANT = Subject(regime="fire_unit", level=None, subtype="key", items=("fire.units",))
PUBLISHED_CAP = {
    "visits": 2,
    "published": True,
    "document_no": "文7",
    "exempt_kinds": ["case"],
    "basis": "依据",
    "source": "law",
}


def _policy(document: dict[str, Any], subject: Subject | None = None) -> dict[str, list[str]]:
    """Texts in Chinese by code."""
    found: dict[str, list[str]] = {}
    for line in rules_read(policy_rules(document, subject), document=document, digest="d"):
        found.setdefault(line.code, []).append(line.text)
    return found


def _clocks(document: dict[str, Any], subject: Subject | None = None) -> dict[str, str]:
    lines = rules_read(clocks_rules(document, subject), document=document, digest="d")
    return {line.code: line.text for line in lines}


@pytest.mark.parametrize(
    ("pointer", "value", "subject", "code", "text"),
    [
        ("/name/zh", "", KTV, "frequency.calendar", "娱乐场所（3 级）：每个日历窗口（1 个月）至少检查 1 次"),
        (
            "/duties/reading",
            "rolling",
            KTV,
            "frequency.rolling",
            "娱乐场所（3 级）：上次计入频次的检查之后 1 个月内至少检查 1 次",
        ),
        ("/name/zh", "", CAFE, "frequency.none", "网吧：没有频次义务"),
        ("/name/zh", "", UNGRADED, "frequency.none", "娱乐场所（歌舞）：没有频次义务"),
        (
            "/frequency/2/subtype",
            "ktv",
            KTV,
            "frequency.calendar",
            "娱乐场所（歌舞、3 级）：每个日历窗口（1 个月）至少检查 1 次",
        ),
        ("/duties/default_level", 2, KTV, "duties.default-level", "应有治安等级而未登记的，按 2 级对待"),
        ("/name/zh", "", CAFE, "stratum", "分层“internet_cafe”（网吧）：每次抽取比例 1/20，至少 0 个"),
        ("/calendar/1/every", "month", PLANT, "calendar.month", "单位履行消防安全职责检查：每月抽取一次"),
        ("/name/zh", "", PLANT, "extra.season", "单位履行消防安全职责检查：1、2、12月加抽，比例 1/20"),
        (
            "/tickets/additions/0/substantiated",
            DROP,
            KTV,
            "tickets.months",
            "投诉举报：每项加 1 签，最多加 4 签，自发生之日起 12 个月内有效",
        ),
        (
            "/zero_tickets/annual_cap",
            PUBLISHED_CAP,
            CAFE,
            "cap",
            "每年由同一部门检查 2 次后本年不再抽取（文7）；案件调查不计",
        ),
        (
            "/zero_tickets/annual_cap",
            DROP,
            CAFE,
            "cap.unknown",
            "年度检查频次上限：没有登记，登记之前不得批准计划",
        ),
        (
            "/teams/recusal/relations/7/in_force",
            False,
            KTV,
            "recusal.off",
            "“管片”关系不作为回避情形",
        ),
    ],
)
def test_a_rule_is_said_as_the_document_has_it(
    pointer: str, value: object, subject: Subject, code: str, text: str
) -> None:
    """One choice at a time."""
    assert text in _policy(put(POLICY, pointer, value), subject)[code]


@pytest.mark.parametrize(
    ("pointer", "subject", "code"),
    [
        ("/merging", KTV, "merging"),
        ("/teams/rotation", KTV, "rotation"),
        ("/teams/load", KTV, "load"),
        ("/teams/reminders", None, "reminders"),
        ("/teams/recusal/decide_within_days", KTV, "recusal.decide"),
        ("/extra_draws/0/alarm_days", KTV, "extra.alarm-days"),
        ("/calendar/0/rate", KTV, "calendar.rate"),
        ("/duties", KTV, "duties.from"),
    ],
)
def test_what_a_document_leaves_out_is_not_said(pointer: str, subject: Subject | None, code: str) -> None:
    """It is off."""
    assert code in _policy(POLICY, subject)
    assert code not in _policy(put(POLICY, pointer, DROP), subject)


def test_what_is_not_about_a_registration_is_not_said_of_it() -> None:
    """A cafe hears nothing of duties, of levels, of the draws of others."""
    cafe, venue = _policy(POLICY, CAFE), _policy(POLICY, KTV)
    assert not {"duties.from", "calendar.week", "extra.holiday", "cooldown.off"} & cafe.keys()
    assert not {"single-random", "calendar.quarter", "cooldown", "frequency.none"} & venue.keys()
    assert len(venue["stratum.surprise"]) == len(venue["frequency.calendar"]) == 1
    assert len(_policy(POLICY)["frequency.calendar"]) == len(POLICY["frequency"])


def test_the_first_versions_are_said_too() -> None:
    """Their plans and records are still there."""
    found = _policy(FIRST)
    assert found["draws"] == ["消防单位：每 3 个月组织 1 次抽取", "网吧：每 1 个月组织 3 次抽取"]
    assert not {"merging", "duties.from", "calendar.week"} & found.keys()
    assert (
        not {"clocks.recheck", "clocks.own-lists", "clocks.publicity-repair"} & _clocks(FIRST_CLOCKS).keys()
    )


def test_the_clocks_of_a_registration() -> None:
    """Fire units have three working days more for a re-check; venues' results are all public."""
    assert _clocks(CLOCKS)["clocks.recheck"] == "责令限期改正的，在期限届满前复查"
    venue, plant = _clocks(CLOCKS, KTV), _clocks(CLOCKS, PLANT)
    assert venue["clocks.wholly-public"] == "娱乐场所的检查结果全部公开"
    assert plant["clocks.recheck-later"] == "消防单位责令限期改正的，期限届满后 3 个工作日内复查"
    assert ("clocks.recheck" in venue, "clocks.recheck" in plant) == (True, False)
    assert not {"clocks.wholly-public", "clocks.calendar"} & plant.keys()


@given(st.data())
def test_every_document_without_faults_can_be_said(data: st.DataObject) -> None:
    """Other numbers wherever there are numbers, and every member that may go gone; all registrations."""
    document = POLICY
    numbers = [(pointer, value) for pointer, value in leaves(POLICY) if type(value) is int]
    for pointer, value in data.draw(st.lists(st.sampled_from(numbers), max_size=4)):
        document = put(document, pointer, data.draw(st.integers(0, 2 * value + 1)))
    for name in data.draw(st.sets(st.sampled_from(["duties", "calendar", "extra_draws", "merging"]))):
        document = put(document, f"/{name}", DROP)
    assume(not policy_faults(document, items=ITEMS))
    for subject in (None, KTV, UNGRADED, CAFE, PLANT):
        for line in rules_read(policy_rules(document, subject), document=document, digest="d"):
            assert line.text
            assert line.text_en != line.text
            assert line.basis
