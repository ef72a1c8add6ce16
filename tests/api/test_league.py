"""The league table over HTTP (clause W7): every figure with the rows behind it, and who is to be named."""

from collections import Counter
from datetime import timedelta
from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from tests.api.journey import Journey
from tests.conftest import Clock

NOVEMBER = {"from": "2026-11", "to": "2026-11"}


def _rows(journey: Journey, **asked: str) -> list[dict[str, Any]]:
    answer = journey.call(
        "supervisor", "GET", "/v1/league-table/rows", params={**NOVEMBER, **asked, "limit": "200"}
    )
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_a_county_month_with_its_rows_and_the_list_for_criticism(journey: Journey, clock: Clock) -> None:
    """Two visits made in time, the others never: they count as missed, and the county is named."""
    journey.registers()
    draw = journey.drawn()
    visits = journey.visits(draw["id"])
    clock.now += timedelta(days=1)
    for visit in visits[:2]:
        assert (
            journey.work(journey.team(visit)[0], visit, "schedule", visit_on="2026-11-03").status_code == 200
        )
        journey.go(visit)
        journey.submit_clean(visit)
    open_still = journey.call("supervisor", "GET", "/v1/league-table", params=NOVEMBER).json()["items"]
    (row,) = [one for one in open_still if one["kind"] == "visit"]
    assert (row["due"], row["met"], row["missed"], row["open"]) == (len(visits), 2, 0, len(visits) - 2)
    assert row["kept_bp"] == 10_000

    clock.now += timedelta(days=30)
    table = journey.call("supervisor", "GET", "/v1/league-table", params=NOVEMBER).json()["items"]
    (row,) = [one for one in table if one["kind"] == "visit"]
    assert (row["region"], row["station"], row["month"]) == ("410928", None, "2026-11")
    assert (row["met"], row["missed"], row["open"]) == (2, len(visits) - 2, 0)
    assert row["kept_bp"] == 2 * 10_000 // len(visits)

    behind = _rows(journey, kind="visit")
    assert Counter(one["outcome"] for one in behind) == {"met": 2, "missed": len(visits) - 2}
    assert {one["subject"] for one in behind if one["outcome"] == "met"} == {v["id"] for v in visits[:2]}
    assert len(_rows(journey, kind="visit", outcome="missed")) == len(visits) - 2
    paged = journey.call(
        "supervisor",
        "GET",
        "/v1/league-table/rows",
        params={**NOVEMBER, "kind": "visit", "limit": 3, "count": True},
    )
    assert (len(paged.json()["items"]), paged.json()["count"]) == (3, len(visits))
    following = journey.client.get(
        paged.links["next"]["url"], headers={"Authorization": f"Bearer {journey.keys['supervisor']}"}
    )
    assert following.json()["items"] == behind[3:6]

    named = journey.call("supervisor", "GET", "/v1/league-table/criticism", params=NOVEMBER).json()["items"]
    (visit_row,) = [one for one in named if one["standing"]["kind"] == "visit"]
    assert visit_row["grounds"] == ["missed"]
    assert "实施方案五" in visit_row["basis"]
    proof = journey.call("supervisor", "GET", visit_row["rows"])
    assert Counter(one["outcome"] for one in proof.json()["items"])["missed"] == row["missed"]

    by_station = journey.call("supervisor", "GET", "/v1/league-table", params={**NOVEMBER, "by": "station"})
    stations = [one for one in by_station.json()["items"] if one["kind"] == "visit"]
    assert {one["station"] for one in stations} == {"101", "102"}
    assert sum(one["due"] for one in stations) == len(visits)

    book = journey.call("supervisor", "GET", "/v1/league-table.xlsx", params=NOVEMBER)
    assert book.status_code == 200, book.text
    header, *cells = CalamineWorkbook.from_filelike(BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert header[:6] == ["行政区划", "单位", "派出所", "派出所名称", "月份", "类别"]
    assert header[-1] == "排名"
    assert len(cells) == len(table)
    (shown,) = [one for one in cells if one[5] == "抽中检查"]
    assert shown[:2] == ["410928", "濮阳县"]
    assert shown[6:10] == [len(visits), 2, 0, len(visits) - 2]
    assert shown[-1] == 1


def test_a_question_that_makes_no_sense_or_is_not_the_callers_to_ask(journey: Journey) -> None:
    """A period upside down is told; another region is not seen; inspectors do not read the table."""
    wrong = journey.call("supervisor", "GET", "/v1/league-table", params={"from": "2026-11", "to": "2026-10"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "bad-period")
    assert "36" in wrong.json()["errors"][0]["detail"]
    journey.registers(entities=3)
    elsewhere = {**NOVEMBER, "region": "3201"}
    assert journey.call("supervisor", "GET", "/v1/league-table", params=elsewhere).status_code == 404
    assert journey.call("inspector", "GET", "/v1/league-table", params=NOVEMBER).status_code == 403
    bad = {**NOVEMBER, "kind": "visit", "cursor": "bm9uc2Vuc2U"}
    refused = journey.call("supervisor", "GET", "/v1/league-table/rows", params=bad)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/bad-cursor")
