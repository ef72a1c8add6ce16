"""Ratios by class of credit risk (rules.md «Frequency duties», other items): 1 / 2 / 10 / 30 in a hundred.

A made-up item of the culture bureau inspects internet cafes, for which no frequency duty holds.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from httpx2 import Response

from app import seeds
from app.deps import House
from app.services.access import create_key
from app.store.registers.credit_classes import classes_in
from tests.api.journey import PLAN, VALUES, Journey, entity_rows, inspector_rows, made_up_uscc
from tests.conftest import REGION, Clock

ITEM = "culture.cafes"
SIZES = {"A": 60, "B": 60, "C": 15, "D": 7}
QUOTAS = {"A": 1, "B": 2, "C": 2, "D": 3}
"""1 % of 60 is 0.6, 2 % of 60 is 1.2, 10 % of 15 is 1.5, 30 % of 7 is 2.1; rounded up as DR1 does."""
RATED = {"on": "2026-10-01", "source": "市场监督管理局", "basis": "2026年第三季度分类结果"}


@pytest.fixture(autouse=True)
def made_up_item(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another bureau's item beside those that come with the application."""
    told = seeds.documents("items")
    cafes = next(one for one in told if one["code"] == "psb.internet-cafes")
    made: Mapping[str, Any] = {
        **cafes,
        "code": ITEM,
        "agency": "culture",
        "slots": [["agency:culture", "role:lead"], ["agency:culture"]],
        "name": {"zh": "网吧经营活动检查", "en": "Business of internet cafes"},
    }
    documents = seeds.documents
    monkeypatch.setattr(
        seeds, "documents", lambda kind: (*told, made) if kind == "items" else documents(kind)
    )


def _classes() -> list[str]:
    return [name for name, size in SIZES.items() for _ in range(size)]


def _rated(*, first: int = 1, skip: int = 0) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = [
        {"entity": made_up_uscc(n), "credit_class": name, **RATED}
        for n, name in enumerate(_classes(), start=1)
    ]
    return rows[first - 1 : len(rows) - skip]


@pytest.fixture
def county(journey: Journey) -> Journey:
    """Cafes enough for each class, and officers of the culture bureau."""
    cafes = entity_rows(sum(SIZES.values()), regime="internet_cafe")
    assert journey.load("entities", cafes)["result"]["rejected"] == 0
    officers = inspector_rows(8, agency="culture")
    assert journey.load("inspectors", officers)["result"]["created"] == 8
    return journey


@pytest.fixture
def few(journey: Journey) -> Journey:
    """Five cafes."""
    assert journey.load("entities", entity_rows(5, regime="internet_cafe"))["result"]["created"] == 5
    return journey


def _adopt(journey: Journey, clock: Clock, **changes: Any) -> dict[str, Any]:
    """Adopt the ready-made policy; it holds from the next day on, which the clock then shows."""
    body = {"items": [ITEM], "region": REGION, "valid_from": "2026-11-03", "reason": "采用", **changes}
    made = journey.call("planner", "POST", "/v1/ready-made-policies/credit-classes/adopt", json=body)
    assert made.status_code == 201, made.text
    own = journey.call("planner", "POST", f"/v1/policies/{made.json()['id']}/approve", json={})
    assert own.status_code == 403
    approved = journey.call("approver", "POST", f"/v1/policies/{made.json()['id']}/approve", json={})
    assert approved.status_code == 200, approved.text
    clock.move(days=1)
    found: dict[str, Any] = approved.json()
    return found


def _plan(**changes: Any) -> dict[str, Any]:
    plan = {**PLAN, "item": ITEM, "scope": {"regimes": [], "levels": [], "stations": []}}
    plan |= {"visit_from": "2026-11-04", **changes}
    return {name: value for name, value in plan.items() if name not in {"strata", "slots"}}


def _preflight(journey: Journey, plan: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    made = journey.call("planner", "POST", "/v1/draw-plans", json=plan)
    assert made.status_code == 201, made.text
    found = journey.call("planner", "GET", f"/v1/draw-plans/{made.json()['id']}/preflight")
    assert found.status_code == 200, found.text
    return made.json()["id"], found.json()


def test_each_class_is_drawn_at_its_ratio(county: Journey, clock: Clock) -> None:
    """Adopted, imported, preflighted and drawn; whoever has no class is named and keeps the plan back."""
    policy = _adopt(county, clock)
    assert [one["name"] for one in policy["document"]["strata"][:4]] == [
        f"internet_cafe-credit-{name}" for name in SIZES
    ]
    plan, without = _preflight(county, _plan())
    assert [(one["code"], one["count"]) for one in without["errors"]] == [
        ("no-credit-class", sum(SIZES.values()))
    ]
    # Without a class they would fit the cafes' own stratum; the error keeps that from being drawn.
    assert county.call("approver", "POST", f"/v1/draw-plans/{plan}/approve", json={}).status_code == 409

    job = county.load("credit-classes", _rated(skip=1))
    assert job["result"] == {"created": 141, "updated": 0, "unchanged": 0, "rejected": 0}
    again = county.load("credit-classes", _rated(skip=1))
    assert again["result"] == {"created": 0, "updated": 0, "unchanged": 141, "rejected": 0}
    last = made_up_uscc(142)
    found = county.call("planner", "GET", f"/v1/draw-plans/{plan}/preflight").json()
    [missing] = found["errors"]
    assert (missing["code"], missing["examples"]) == ("no-credit-class", [last])
    entered = county.call(
        "registrar", "POST", f"/v1/entities/{last}/credit-classes", json={"credit_class": "D", **RATED}
    )
    assert entered.status_code == 201, entered.text

    found = county.call("planner", "GET", f"/v1/draw-plans/{plan}/preflight").json()
    assert found["errors"] == []
    assert {
        one["name"].rpartition("-")[2]: (one["size"], one["quota"], one["wanted"])
        for one in found["by_stratum"]
    } == {name: (SIZES[name], QUOTAS[name], QUOTAS[name]) for name in SIZES}
    approved = county.call("approver", "POST", f"/v1/draw-plans/{plan}/approve", json={})
    assert approved.status_code == 200, approved.text
    draw = county.call("planner", "POST", "/v1/draws", json={"draw_plan": plan}).json()
    county.give(draw["id"], "dice-1", VALUES["dice-1"])
    done = county.give(draw["id"], "lottery", VALUES["lottery"], who="witness-2").json()
    assert (done["state"], done["drawn"]) == ("drawn", sum(QUOTAS.values()))
    picked = county.call("dispatcher", "GET", f"/v1/draws/{draw['id']}/selection").json()["items"]
    assert Counter(one["stratum"].rpartition("-")[2] for one in picked) == QUOTAS
    drawn = {made_up_uscc(n): name for n, name in enumerate(_classes(), start=1)}
    assert all(one["stratum"].endswith(drawn[one["id"]]) for one in picked)
    # The police's item on the same cafes goes on as before.
    line = county.call(
        "registrar", "GET", f"/v1/entities/{last}/tickets", params={"item": "psb.internet-cafes"}
    ).json()
    assert (line["stratum"], line["unclassed"]) == ("internet_cafe", [])


def test_a_default_class_stands_for_none(county: Journey, clock: Clock) -> None:
    """As with levels: a policy may say how who has no class is treated, and says so to the entity."""
    made = _adopt(county, clock, valid_from="2026-11-03")
    patch = {"credit_classes": {"default_class": "B"}}
    changed = county.call(
        "planner",
        "POST",
        "/v1/policies",
        json={
            "reason": "缺省按 B 类",
            "based_on": made["digests"]["sha256"],
            "changes": patch,
            "region": REGION,
            "valid_from": "2026-11-04",
        },
    )
    assert changed.status_code == 201, changed.text
    policy = changed.json()["id"]
    assert county.call("approver", "POST", f"/v1/policies/{policy}/approve", json={}).status_code == 200
    clock.move(days=1)
    county.load("credit-classes", _rated(first=61))
    _, found = _preflight(county, _plan(visit_from="2026-11-05"))
    assert found["errors"] == []
    sizes = {one["name"].rpartition("-")[2]: (one["size"], one["quota"]) for one in found["by_stratum"]}
    assert sizes == {"B": (120, 3), "C": (15, 2), "D": (7, 3)}
    rules = county.call("registrar", "GET", f"/v1/entities/{made_up_uscc(1)}/rules").json()
    told = [one["text"] for one in rules["registrations"][0]["rules"] if one["section"] == "stratum"]
    assert any("B 类" in text and "2/100" in text for text in told)
    assert any("按 B 类对待" in text for text in told)
    assert not any("D 类" in text for text in told)


def _tickets(journey: Journey, entity: str, **query: str) -> dict[str, Any]:
    answer = journey.call(
        "registrar", "GET", f"/v1/entities/{entity}/tickets", params={"item": ITEM, **query}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_class_is_dated_corrected_and_withdrawn_with_history(few: Journey, clock: Clock) -> None:
    """The latest that has not ended holds, for every premises of the holder; the past stays as it was."""
    _adopt(few, clock)
    entity = made_up_uscc(1)
    at = f"/v1/entities/{entity}/credit-classes"

    def enter(**members: str) -> Response:
        return few.call("registrar", "POST", at, json={**RATED, **members})

    assert _tickets(few, entity)["unclassed"] == ["internet_cafe"]
    first = enter(credit_class="C", on="2026-01-01").json()
    assert _tickets(few, entity)["stratum"] == "internet_cafe-credit-C"
    clock.move(days=1)
    second = enter(credit_class="A", on="2026-10-01", until="2026-11-10").json()
    assert _tickets(few, entity)["stratum"] == "internet_cafe-credit-A"
    assert _tickets(few, entity, on="2026-11-03")["stratum"] == "internet_cafe-credit-C"
    # A further premises of the holder has its class.
    branch = {**entity_rows(1, regime="internet_cafe")[0], "premises": "2", "name": "分店"}
    assert few.load("entities", [branch])["result"]["created"] == 1
    assert _tickets(few, f"{entity}#2".replace("#", "%23"))["stratum"] == "internet_cafe-credit-A"

    clock.move(days=1)
    refused = few.call(
        "registrar", "POST", f"/v1/credit-classes/{second['id']}/correct", json={"reason": "误"}
    )
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "nothing-to-correct")
    mended = few.call(
        "registrar",
        "POST",
        f"/v1/credit-classes/{second['id']}/correct",
        json={"credit_class": "B", "reason": "录入有误"},
    )
    assert (mended.status_code, mended.json()["credit_class"]) == (201, "B")
    assert _tickets(few, entity)["stratum"] == "internet_cafe-credit-B"
    assert _tickets(few, entity, on="2026-11-04")["stratum"] == "internet_cafe-credit-A"
    moved = few.call(
        "registrar",
        "POST",
        f"/v1/credit-classes/{first['id']}/correct",
        json={"on": "2026-01-02", "reason": "日期有误"},
    ).json()
    assert (moved["on"], moved["credit_class"]) == ("2026-01-02", "C")
    gone = few.call("registrar", "GET", f"/v1/credit-classes/{first['id']}").json()
    assert gone["withdrawn_because"] == "日期有误"
    withdrawn = few.call(
        "registrar", "POST", f"/v1/credit-classes/{second['id']}/withdraw", json={"reason": "评定撤销"}
    )
    assert withdrawn.status_code == 200
    assert _tickets(few, entity)["stratum"] == "internet_cafe-credit-C"
    late = few.call("registrar", "POST", f"/v1/credit-classes/{second['id']}/withdraw", json={"reason": "又"})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/credit-class-withdrawn")
    [own] = [
        one["id"]
        for one in few.call("registrar", "GET", "/v1/entities", params={"uscc": entity}).json()["items"]
        if one["premises"] == 1
    ]
    at = f"/v1/entities/{own}/credit-classes"
    history = few.call("registrar", "GET", f"/v1/entities/{own}/history").json()["items"]
    assert [(one["act"], one["reason"]) for one in history if one["register"] == "credit-classes"] == [
        ("withdrawn", "评定撤销"),
        ("corrected", "日期有误"),
        ("created", None),
        ("updated", "录入有误"),
        ("created", None),
        ("created", None),
    ]
    # A class whose days are over holds no more, and no older one takes its place.
    assert enter(credit_class="D", on="2026-11-01", until="2026-11-05").status_code == 201
    assert _tickets(few, entity)["stratum"] == "internet_cafe-credit-D"
    clock.move(days=1)
    assert _tickets(few, entity)["unclassed"] == ["internet_cafe"]
    # Nobody outside the county sees or enters one.
    assert few.call("elsewhere", "GET", f"/v1/credit-classes/{moved['id']}").status_code == 404
    outside = few.call("elsewhere", "POST", at, json={"credit_class": "A", **RATED})
    assert outside.status_code == 404


def test_classes_come_and_go_as_files(few: Journey) -> None:
    """CSV with Chinese headers and NDJSON; bad rows are told by field; what is exported comes back."""
    entity = made_up_uscc(3)
    text = "统一社会信用代码,信用风险类别,评定日期,来源,依据\n"
    text += f"{entity},信用风险高,2026/10/1,省局,年度分类\n{entity},E,2026-10-02,省局,年度分类\n"

    def load(name: str, content: bytes) -> dict[str, Any]:
        answer = few.call(
            "registrar",
            "POST",
            "/v1/imports",
            files={"file": (name, content)},
            data={"register": "credit-classes"},
        )
        few.run_jobs()
        found: dict[str, Any] = few.call("registrar", "GET", answer.headers["location"]).json()
        return found

    job = load("a.csv", text.encode("gb18030"))
    assert (job["result"]["created"], job["result"]["rejected"]) == (1, 1)
    assert [(one["row"], one["field"], one["code"]) for one in job["errors"]] == [
        (3, "credit_class", "unknown-code")
    ]
    row = {"entity": made_up_uscc(4), "credit_class": "a", "on": "2026-10-01", "source": "省局", "basis": "x"}
    ends = {**row, "entity": made_up_uscc(5), "until": "2026-09-01"}
    job = load("b.ndjson", "\n".join(json.dumps(one) for one in (row, ends)).encode())
    assert (job["result"]["created"], [one["code"] for one in job["errors"]]) == (1, ["date-order"])
    query = {"credit_class": "D", "headers": "en"}
    told = few.call("registrar", "GET", "/v1/exports/credit-classes.ndjson", params=query)
    assert [json.loads(line)["entity"] for line in told.text.splitlines()] == [entity]
    whole = few.call("registrar", "GET", "/v1/exports/credit-classes.csv").content
    assert load("c.csv", whole)["result"]["unchanged"] == 2


def test_what_cannot_be_adopted_is_told(journey: Journey, clock: Clock) -> None:
    """An unknown item, another region, a day that is past; a second adoption adds its items to the strata."""
    listed = journey.call("planner", "GET", "/v1/ready-made-policies").json()["items"]
    assert [one["code"] for one in listed] == ["credit-classes"]
    told = journey.call("planner", "GET", "/v1/ready-made-policies/credit-classes").json()
    assert [tuple(one["rate"]) for one in told["document"]["strata"]] == [
        (1, 100),
        (2, 100),
        (10, 100),
        (30, 100),
    ]
    assert journey.call("planner", "GET", "/v1/ready-made-policies/none").status_code == 404

    def adopt(who: str = "planner", **changes: Any) -> Response:
        body = {"items": [ITEM], "region": REGION, "valid_from": "2026-11-03", "reason": "采用", **changes}
        return journey.call(who, "POST", "/v1/ready-made-policies/credit-classes/adopt", json=body)

    unknown = adopt(items=[ITEM, "culture.none"])
    assert [(one["pointer"], one["code"]) for one in unknown.json()["errors"]] == [
        ("/items/1", "unknown-value")
    ]
    assert adopt(region="320102").status_code == 404
    assert adopt(valid_from="2026-11-02").json()["type"] == "/problems/policy-too-early"
    assert adopt(valid_from="2019-01-01").json()["type"] == "/problems/no-policy-yet"
    assert adopt("approver").status_code == 403
    _adopt(journey, clock)
    more = adopt(items=["fire.units", "psb.internet-cafes"], valid_from="2026-11-04")
    strata = {one["name"]: one.get("items") for one in more.json()["document"]["strata"]}
    assert strata["internet_cafe-credit-D"] == [ITEM, "psb.internet-cafes"]
    assert strata["fire_unit-credit-A"] == ["fire.units"]
    assert strata["internet_cafe"] is None
    explained = journey.call("planner", "GET", f"/v1/policies/{more.json()['id']}/explanation").json()
    texts = [one["text"] for one in explained["items"] if one["section"] == "stratum"]
    assert any("信用风险 D 类" in text and "30/100" in text and "网吧" in text for text in texts)


def test_a_plan_may_name_classes_itself(county: Journey) -> None:
    """Strata of a plan match regime, level, subtype and class alike; a class that there is not is refused."""
    county.load("credit-classes", _rated(first=136))
    only = {"match": {"regime": "internet_cafe"}, "rate": [1, 10], "min": 0, "surprise": 0}
    strata = [
        {**only, "name": "d", "match": {"regime": "internet_cafe", "credit_class": "D"}, "rate": [3, 10]},
        {**only, "name": "others"},
    ]
    _, found = _preflight(county, {**_plan(), "strata": strata})
    sizes = {one["name"]: (one["size"], one["quota"]) for one in found["by_stratum"]}
    assert sizes == {"d": (7, 3), "others": (135, 14)}
    assert [(one["code"], one["count"]) for one in found["errors"]] == [("no-credit-class", 135)]
    strata[0]["match"] = {"credit_class": "E"}
    bad = county.call("planner", "POST", "/v1/draw-plans", json={**_plan(), "strata": strata})
    assert [(one["pointer"], one["code"]) for one in bad.json()["errors"]] == [
        ("/strata/0/match/credit_class", "unknown-value")
    ]


def test_authorities_may_differ_and_a_withdrawn_word_does_not_block_its_day(few: Journey) -> None:
    """Of one day the strictest holds; what was withdrawn stays as it was said, beside what is said anew."""
    venue = made_up_uscc(1)
    word: dict[str, object] = {"entity": venue, "credit_class": "D", **RATED}
    other = {**word, "credit_class": "A", "source": "文化和旅游局"}
    assert few.load("credit-classes", [word, other])["result"]["created"] == 2
    listed = f"/v1/entities/{venue}/credit-classes"
    said = few.call("registrar", "GET", listed).json()["items"]
    assert sorted(one["credit_class"] for one in said) == ["A", "D"]
    [wrong] = [one for one in said if one["credit_class"] == "D"]
    path = f"/v1/credit-classes/{wrong['id']}/withdraw"
    assert few.call("registrar", "POST", path, json={"reason": "评错"}).status_code == 200
    same = few.load("credit-classes", [word])["result"]
    assert (same["unchanged"], same["created"]) == (1, 0), "the file that was wrong does not bring it back"
    mended = few.load("credit-classes", [{**word, "credit_class": "C"}])["result"]
    assert (mended["created"], mended["updated"]) == (1, 0)
    said = few.call("registrar", "GET", listed).json()["items"]
    assert sorted((one["credit_class"], one["withdrawn_at"] is None) for one in said) == [
        ("A", True),
        ("C", True),
        ("D", False),
    ]


def test_another_county_decides_nothing_here(few: Journey, house: House) -> None:
    """W1, a county sees itself: another premises of the holder elsewhere, with another class."""
    elsewhere: list[dict[str, object]] = [
        {**entity_rows(1, regime="internet_cafe")[0], "premises": 77, "region": "320102"}
    ]
    with house.database.unit_of_work() as session:
        few.keys["elsewhere"], _ = create_key(
            session, new_id=house.new_id(), role="registrar", region="320102", name="e", now=house.clock()
        )
    assert few.load("entities", elsewhere, who="elsewhere")["result"]["created"] == 1
    away: dict[str, object] = {"entity": f"{made_up_uscc(1)}#77", "credit_class": "D", **RATED}
    assert few.load("credit-classes", [away], who="elsewhere")["result"]["created"] == 1
    with house.database.reading() as connection:
        assert classes_in(connection, region=REGION, on=date(2026, 11, 2)) == {}
        assert classes_in(connection, region="32", on=date(2026, 11, 2)) == {f"{made_up_uscc(1)}#77": "D"}
