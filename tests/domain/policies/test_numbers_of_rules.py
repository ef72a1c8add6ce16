"""The numbers of mission/rules.md, line by line, against the seeded documents, each with its basis.

Tables in the order of rules.md; `K` there is `confirm` here: the deploying bureau confirms before use.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.policy_documents import CLOCKS, POLICY

PLAN, LAW, CONFIRM, DEFAULT, DR1 = "plan", "law", "confirm", "default", "dr1"


def _addition(fact: str) -> dict[str, Any]:
    return next(rule for rule in POLICY["tickets"]["additions"] if rule["fact"] == fact)


def _duty(**match: object) -> dict[str, Any]:
    return next(rule for rule in POLICY["frequency"] if match.items() <= rule.items())


def _stratum(name: str) -> dict[str, Any]:
    return next(rule for rule in POLICY["strata"] if rule["name"] == name)


def _rhythm(item: str) -> dict[str, Any]:
    return next(rule for rule in POLICY["calendar"] if item in rule["items"])


def _extra(item: str, before: str) -> dict[str, Any]:
    return next(rule for rule in POLICY["extra_draws"] if item in rule["items"] and rule["before"] == before)


VENUES, CAFES, FIRE = "psb.venues", "psb.internet-cafes", "fire.units"
TEAMS, ZERO, DUTIES = POLICY["teams"], POLICY["zero_tickets"], POLICY["duties"]

Row = tuple[str, dict[str, Any], dict[str, Any], str, str]
"""Sentence, rule, its numbers, a part of its basis, its source."""

ROWS: list[Row] = [
    # «Frequency duties»
    *(
        (
            "level 1 at least once per 3 months, level 2 per 2 months, level 3 per month",
            _duty(regime=regime, level=level),
            {"visits": 1, "months": months},
            "实施方案三（一）",
            PLAN,
        )
        for regime in ("entertainment", "special_industry")
        for level, months in ((1, 3), (2, 2), (3, 1))
    ),
    (
        "fire unit: at least one draw each quarter",
        _rhythm(FIRE),
        {"every": "quarter"},
        "实施方案三（二）",
        PLAN,
    ),
    *(
        (
            "default rate 1/20, min 1 in each stratum (key, general)",
            _stratum(name),
            {"rate": [1, 20], "min": 1},
            "《消防监督检查规定》",
            DEFAULT,
        )
        for name in ("fire_unit-key", "fire_unit-general")
    ),
    (
        "fire unit, key and crowded: each at least once a year",
        _duty(regime="fire_unit", subtype="key"),
        {"visits": 1, "months": 12},
        "《消防监督检查规定》第七条",
        CONFIRM,
    ),
    (
        "internet cafe: three draws each month, one in each third of the month",
        _rhythm(CAFES),
        {"every": "third-of-month"},
        "实施方案三（三）",
        PLAN,
    ),
    (
        "each at least 1/20 of all operating cafes",
        _stratum("internet_cafe"),
        {"rate": [1, 20]},
        "实施方案三（三）",
        PLAN,
    ),
    (
        "an extra draw before each holiday of three days or more; rate 1/20, visits in the 14 days before",
        _extra(VENUES, "holiday"),
        {"least_days": 3, "visit_days": 14, "rate": [1, 20]},
        "实施方案三（一）",
        DEFAULT,
    ),
    (
        "fire unit: extra draws before major holidays",
        _extra(FIRE, "holiday"),
        {"rate": [1, 20]},
        "实施方案三（二）",
        CONFIRM,
    ),
    (
        "and in fire season",
        _extra(FIRE, "season"),
        {"rate": [1, 20]},
        "实施方案三（二）",
        CONFIRM,
    ),
    (
        "calendar windows by default; two attempts on different days, then unreachable",
        DUTIES,
        {"reading": "calendar", "attempts": 2, "rolling_opens": [1, 2], "default_level": None},
        "实施方案三（一）",
        DEFAULT,
    ),
    (
        "11 to 15 end the duty; 07 goes to the registrar",
        DUTIES,
        {
            "ending_codes": ["04", "11", "12", "13", "14", "15"],
            "registrar_codes": ["04", "07", "11", "12", "13", "14", "15"],
        },
        "实施方案三（一）",
        DEFAULT,
    ),
    (
        "which kinds of visit besides drawn ones count (default none); 04 is an attempt, 07 counts",
        POLICY["counting"],
        {
            "kinds": ["drawn"],
            "codes": ["01", "02", "03", "05", "06", "07", "08", "21", "22", "23"],
            "attempt": "04",
            "clean": "01",
        },
        "计入频次",
        DEFAULT,
    ),
    *(
        (
            "surprise: ceil(lines / 50) in each graded stratum",
            _stratum(f"{regime}-{level}"),
            {"surprise_per": 50},
            "实施方案三（一）",
            DEFAULT,
        )
        for regime in ("entertainment", "special_industry")
        for level in (1, 2, 3)
    ),
    # «Tickets»
    ("base 2", POLICY["tickets"]["base"], {"tickets": 2}, "公通字〔2015〕28号", DEFAULT),
    ("64 in all", POLICY["tickets"]["most"], {"tickets": 64}, "DR1", DR1),
    (
        "substantiated complaint, 12 months: +1 each, at most +4; unsubstantiated 0",
        _addition("complaint"),
        {"counts": "months", "months": 12, "substantiated": True, "each": 1, "most": 4},
        "投诉举报多",
        DEFAULT,
    ),
    (
        "serious hazard not yet remedied, open: +6 each, at most +12",
        _addition("hazard"),
        {"counts": "open", "each": 6, "most": 12},
        "消防安全隐患",
        DEFAULT,
    ),
    (
        "administrative penalty, 24 months: +3 each, at most +9",
        _addition("penalty"),
        {"counts": "months", "months": 24, "each": 3, "most": 9},
        "行政处罚",
        DEFAULT,
    ),
    (
        "fire accident, 24 months: +8 each, at most +16",
        _addition("fire"),
        {"counts": "months", "months": 24, "each": 8, "most": 16},
        "火灾事故",
        DEFAULT,
    ),
    (
        "abnormal-operations list, listed: +4",
        _addition("abnormal"),
        {"counts": "listed", "each": 4, "most": 4},
        "经营异常名录",
        DEFAULT,
    ),
    (
        "serious violation, blacklist, listed: +8",
        _addition("serious"),
        {"counts": "listed", "each": 8, "most": 8},
        "严重违法违规",
        DEFAULT,
    ),
    (
        "key area, in force: +2",
        _addition("key_area"),
        {"counts": "in-force", "each": 2, "most": 2},
        "重点区域",
        DEFAULT,
    ),
    (
        "relief: last counting visit within 90 days found nothing: halve, rounded up, not below 1",
        POLICY["tickets"]["relief"],
        {"days": 90, "keep": [1, 2], "least": 1},
        "减轻市场主体负担",
        DEFAULT,
    ),
    (
        "cool-down 30 days after any agency's visit",
        ZERO["cooldown"],
        {"days": 30},
        "国办发〔2024〕54号",
        DEFAULT,
    ),
    (
        "annual cap: none published; complaint, transfer, emergency and campaign visits not counted",
        ZERO["annual_cap"],
        {
            "visits": None,
            "published": False,
            "exempt_kinds": ["complaint", "transfer", "emergency", "campaign"],
        },
        "国办发〔2024〕54号",
        CONFIRM,
    ),
    # «Roster»
    (
        "merging: due within 30 days and at least 2 × team-size inspectors qualify",
        POLICY["merging"],
        {"within_days": 30, "spare_times": 2},
        "国办发〔2024〕54号",
        DEFAULT,
    ),
    # «Teams»
    (
        "at least two officers with valid enforcement certificates",
        TEAMS["officers"],
        {"least": 2},
        "《行政处罚法》第四十二条",
        LAW,
    ),
    (
        "rotation: not the same inspector at the same premises twice in a row",
        TEAMS["rotation"],
        {"last_visits": 1},
        "不连续两次",
        DEFAULT,
    ),
    ("fewer than 2 × is a warning", TEAMS["spare"], {"times": 2}, "两倍", DEFAULT),
    (
        "recusal decided within 2 days",
        TEAMS["recusal"],
        {"decide_within_days": 2},
        "《行政处罚法》第四十三条",
        DEFAULT,
    ),
    # «Clocks»
    (
        "inspection result public: 20 working days after the visit ends",
        CLOCKS["result"],
        {"working_days": 20},
        "20个工作日",
        CONFIRM,
    ),
    (
        "penalty or licence decision public: 7 working days",
        CLOCKS["penalty"],
        {"working_days": 7},
        "7个工作日",
        CONFIRM,
    ),
    (
        "re-check by the order's date; fire: within 3 working days of it",
        CLOCKS["recheck"],
        {"later": [{"regime": "fire_unit", "working_days": 3}]},
        "消防监督检查规定",
        CONFIRM,
    ),
    (
        "reveal_by at most 180 days after the visits",
        POLICY["clocks"]["reveal"],
        {"days": 180},
        "180日",
        DEFAULT,
    ),
    (
        "abnormal-list decision: 10 working days from verification",
        CLOCKS["abnormal_listing"],
        {"working_days": 10},
        "经营异常名录",
        LAW,
    ),
    (
        "serious-violation listing: 3 years; early removal possible after 1",
        CLOCKS["serious_listing"],
        {"months": 36, "early_removal_months": 12},
        "总局令第44号",
        CONFIRM,
    ),
    (
        "penalty publicity repair: after 6 months (food, drugs, special equipment 12)",
        CLOCKS["publicity_repair"],
        {"months": 6, "stricter_months": 12, "stricter_areas": ["food", "drugs", "special_equipment"]},
        "信用修复",
        LAW,
    ),
    (
        "a bureau's own list: 5 working days to be heard",
        CLOCKS["own_lists"],
        {"hearing_working_days": 5},
        "国办发〔2020〕49号",
        DEFAULT,
    ),
]


@pytest.mark.parametrize(("sentence", "rule", "numbers", "basis", "source"), ROWS, ids=lambda v: str(v)[:50])
def test_a_number_of_the_rules_is_seeded_with_its_basis(
    sentence: str, rule: dict[str, Any], numbers: dict[str, object], basis: str, source: str
) -> None:
    """`sentence` is rules.md's own."""
    assert {name: rule.get(name) for name in numbers} == numbers, sentence
    assert basis in rule["basis"], sentence
    assert rule["source"] == source, sentence


def test_the_relations_that_recuse_are_those_of_the_rules() -> None:
    """Art. 43: all of them; former employment for 3 years, the station officer by default."""
    found = {one["relation"]: one.get("months_after", 0) for one in TEAMS["recusal"]["relations"]}
    assert all(one["in_force"] for one in TEAMS["recusal"]["relations"])
    assert found == dict.fromkeys(
        ["self", "spouse", "lineal", "collateral", "in_law", "interest", "station_officer", "other"], 0
    ) | {"former_employment": 36}


def test_the_tables_leave_no_rule_of_the_documents_out() -> None:
    """Whatever names a basis is in the tables above, or is listed here with why rules.md does not name it."""
    named = [id(rule) for _, rule, _, _, _ in ROWS]
    left = {pointer for pointer, rule in _rules(POLICY) if id(rule) not in named}
    left |= {f"clocks{pointer}" for pointer, rule in _rules(CLOCKS) if id(rule) not in named}
    assert left == {
        "/calendar/0",  # venues: draws enough for every window, a choice of the calendar
        "/teams/single_random",  # clause M9
        "/teams/small_stratum",  # a warning of the preflight
        "/teams/load",
        "/teams/reminders",
        "clocks/alarm",
        "clocks/withholding",
        "clocks/calendar",
    }


def _rules(document: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    inner = (
        document.items()
        if isinstance(document, dict)
        else enumerate(document)
        if isinstance(document, list)
        else ()
    )
    if isinstance(document, dict) and "basis" in document:
        yield at, document
    for name, value in inner:
        yield from _rules(value, f"{at}/{name}")
