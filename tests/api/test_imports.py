"""Imports over HTTP: spec/api.md «The main journey» and «Import», spec/registers.md."""

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.registers_desk import (
    ENTITY_COLUMNS,
    INSPECTOR_COLUMNS,
    Desk,
    csv,
    officer,
    officers,
    uscc,
    venue,
    venues,
)

_SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """The registrar's desk of the county."""
    return Desk(client, keys, run_jobs)


def _result(created: int = 0, updated: int = 0, unchanged: int = 0, rejected: int = 0) -> dict[str, int]:
    return {"created": created, "updated": updated, "unchanged": unchanged, "rejected": rejected}


def test_an_import_is_answered_with_a_job_that_tells_what_came_of_it(desk: Desk) -> None:
    """202 and `Location`; first queued, then done, with exactly the members that spec/api.md names."""
    answer = desk.ask(
        "POST",
        "/v1/imports",
        files={"file": ("a.csv", venues(1, 2))},
        data={"register": "entities"},
    )
    assert answer.status_code == 202
    queued = answer.json()
    assert (queued["state"], queued["done"], queued["total"]) == ("queued", 0, None)
    assert answer.headers["location"] == f"/v1/jobs/{queued['id']}"
    desk.run_jobs()
    assert desk.get(answer.headers["location"]) == {
        "id": queued["id"],
        "state": "done",
        "done": 2,
        "total": 2,
        "result": _result(created=2),
        "errors": [],
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [("register", "premises"), ("on_error", "ignore"), ("mode", "replace"), ("dry_run", "perhaps")],
)
def test_an_unknown_register_or_option_is_refused_before_there_is_a_job(
    desk: Desk, field: str, value: str
) -> None:
    """422 with the field's pointer; nothing is queued."""
    form = {"register": "entities"} | {field: value}
    answer = desk.ask("POST", "/v1/imports", files={"file": ("a.csv", venues(1))}, data=form)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{field}"]


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    """Re-import is an upsert by natural key: all unchanged, and no history is added."""
    desk.load("entities", venues(1, 2, 3))
    before = desk.get(f"/v1/entities/{uscc(1)}/history")
    assert desk.load("entities", venues(3, 2, 1))["result"] == _result(unchanged=3)
    assert desk.get(f"/v1/entities/{uscc(1)}/history") == before


def test_a_row_that_differs_updates_and_is_counted_apart(desk: Desk) -> None:
    """One new, one changed, one the same."""
    desk.load("entities", venues(1, 2))
    rows = csv(ENTITY_COLUMNS, venue(1), venue(2, level=3, name="新名"), venue(3))
    assert desk.load("entities", rows)["result"] == _result(created=1, updated=1, unchanged=1)
    entity = desk.get(f"/v1/entities/{uscc(2)}")
    assert (entity["name"], entity["registrations"][0]["level"]) == ("新名", 3)


def test_a_column_that_the_file_does_not_have_is_left_as_it_is(desk: Desk) -> None:
    """A file without `level` says nothing about levels; a blank cell does."""
    desk.load("entities", venues(1))
    short = csv("uscc,name,regime,region", [uscc(1), "歌厅1", "entertainment", "410928"])
    assert desk.load("entities", short)["result"] == _result(unchanged=1)
    desk.load("entities", csv(ENTITY_COLUMNS, venue(1, level=None)))
    assert desk.get(f"/v1/entities/{uscc(1)}")["registrations"][0]["level"] is None


def test_valid_rows_land_while_bad_ones_are_reported_by_row_field_code_and_message(desk: Desk) -> None:
    """`on_error=skip`; the header is row 1; messages in the language of who asks."""
    content = csv(ENTITY_COLUMNS, venue(1), venue(2, uscc="91410928MA4000000X"), venue(3, level=7))
    job = desk.load("entities", content)
    assert (job["state"], job["done"], job["result"]) == ("done", 3, _result(created=1, rejected=2))
    assert [(e["row"], e["field"], e["code"]) for e in job["errors"]] == [
        (3, "uscc", "bad-uscc"),
        (4, "level", "out-of-range"),
    ]
    assert "治安等级" in job["errors"][1]["message"]
    english = desk.get(f"/v1/jobs/{job['id']}", headers={"Accept-Language": "en"})
    assert '"level" must lie between 1 and 3' in english["errors"][1]["message"]


def test_an_import_that_aborts_lands_all_rows_or_none(desk: Desk) -> None:
    """One bad row and the job has failed with nothing changed; without it all land."""
    bad = csv(ENTITY_COLUMNS, venue(1), venue(2, region="320102"), venue(3))
    job = desk.load("entities", bad, on_error="abort")
    assert (job["state"], job["result"]) == ("failed", _result(rejected=1))
    assert [(e["row"], e["code"]) for e in job["errors"]] == [(3, "region-outside")]
    assert desk.get("/v1/entities")["items"] == []
    good = desk.load("entities", venues(1, 2, 3), on_error="abort")
    assert (good["state"], good["result"]) == ("done", _result(created=3))
    assert len(desk.get("/v1/entities")["items"]) == 3


def test_a_dry_run_counts_what_would_happen_and_changes_nothing(desk: Desk) -> None:
    """The counts of a dry run are those of the import that follows it."""
    desk.load("entities", venues(1, 2))
    content = csv(ENTITY_COLUMNS, venue(1), venue(2, level=3), venue(3), venue(4, level=9))
    before = desk.get("/v1/entities")
    trial = desk.load("entities", content, dry_run="true")
    assert trial["result"] == _result(created=1, updated=1, unchanged=1, rejected=1)
    assert desk.get("/v1/entities") == before
    assert desk.load("entities", content)["result"] == trial["result"]


def test_a_full_import_marks_what_is_absent_as_not_seen_and_closes_nothing(desk: Desk) -> None:
    """Status stays; the next sight clears the mark; a bad row whose key can be read is not absent."""
    desk.load("entities", venues(1, 2, 3))
    job = desk.load("entities", csv(ENTITY_COLUMNS, venue(1), venue(2, level=9)), mode="full")
    assert job["result"] == _result(unchanged=1, rejected=1) | {"not_seen": 1}
    gone = desk.get(f"/v1/entities/{uscc(3)}")
    assert gone["not_seen_since"] == gone["registrations"][0]["not_seen_since"] == "2026-11-02T01:00:00Z"
    assert gone["registrations"][0]["status"] == "operating"
    assert [e["key"] for e in desk.get("/v1/entities?not_seen=true")["items"]] == [uscc(3)]
    assert desk.load("entities", venues(3))["result"] == _result(updated=1)
    assert desk.get("/v1/entities?not_seen=true")["items"] == []
    acts = [change["act"] for change in desk.get(f"/v1/entities/{uscc(3)}/history")["items"]]
    assert acts == ["updated", "not-seen", "created"]


def test_an_entity_is_not_seen_only_when_none_of_its_registrations_is(desk: Desk) -> None:
    """Two regimes at one premises; the file keeps one."""
    hotel = venue(1, regime="special_industry", subtype="hotel")
    desk.load("entities", csv(ENTITY_COLUMNS, venue(1), hotel))
    desk.load("entities", csv(ENTITY_COLUMNS, hotel), mode="full")
    entity = desk.get(f"/v1/entities/{uscc(1)}")
    assert entity["not_seen_since"] is None
    assert [r["not_seen_since"] is None for r in entity["registrations"]] == [False, True]


def test_every_register_takes_full_imports(desk: Desk) -> None:
    """Inspectors, recusals, risk events and visits are marked alike."""
    desk.load("entities", venues(1, 2))
    desk.load("inspectors", officers("a", "b"))
    files: dict[str, tuple[str, list[object], list[object]]] = {
        "recusals": ("inspector,entity,relation", ["a", uscc(1), "spouse"], ["b", uscc(2), "interest"]),
        "risk-events": ("entity,kind,on", [uscc(1), "fire", "2026-01-05"], [uscc(2), "hazard", "2026-02-05"]),
        "visits": (
            "entity,item,on,kind,agency,codes,inspectors",
            [uscc(1), "psb.venues", "2026-03-01", "drawn", "psb", "01", "a;b"],
            [uscc(2), "psb.venues", "2026-03-02", "drawn", "psb", "05;21", "a"],
        ),
        "inspectors": (INSPECTOR_COLUMNS, officer("a"), officer("b")),
    }
    for register, (header, *rows) in files.items():
        first = desk.load(register, csv(header, *rows))
        assert first["result"]["created"] == (0 if register == "inspectors" else 2), first
        again = desk.load(register, csv(header, rows[0]), mode="full")
        assert again["result"] == _result(unchanged=1) | {"not_seen": 1}, register


def test_rows_of_one_premises_must_agree_on_the_premises(desk: Desk) -> None:
    """The second row of a premises that says otherwise is an error, so that a file means one thing."""
    content = csv(
        ENTITY_COLUMNS,
        venue(1),
        venue(1, regime="fire_unit", subtype="general", level=None, station="004"),
        venue(1, regime="special_industry", subtype="hotel"),
    )
    job = desk.load("entities", content)
    assert job["result"] == _result(created=2, rejected=1)
    assert [(e["row"], e["field"], e["code"]) for e in job["errors"]] == [(3, "station", "contradicts-row")]


def test_what_a_row_refers_to_must_be_there(desk: Desk) -> None:
    """Unknown entity and unknown inspector are errors of the row, also when everything must land."""
    desk.load("entities", venues(1))
    desk.load("inspectors", officers("a"))
    content = csv(
        "inspector,entity,relation",
        ["a", uscc(1), "spouse"],
        ["a", uscc(9), "spouse"],
        ["zz", uscc(1), "spouse"],
    )
    wanted = [(3, "entity", "unknown-entity"), (4, "inspector", "unknown-inspector")]
    strict = desk.load("recusals", content, on_error="abort")
    assert strict["state"] == "failed"
    assert [(e["row"], e["field"], e["code"]) for e in strict["errors"]] == wanted
    assert desk.get("/v1/recusals")["items"] == []
    lenient = desk.load("recusals", content)
    assert lenient["result"] == _result(created=1, rejected=2)
    assert [(e["row"], e["field"], e["code"]) for e in lenient["errors"]] == wanted


def test_a_county_neither_sees_nor_takes_what_is_another_countys(desk: Desk) -> None:
    """Rows outside the prefix, entities and inspectors held elsewhere: errors; jobs of others: 404."""
    desk.load("entities", venues(1))
    desk.load("inspectors", officers("a"))
    elsewhere = csv(ENTITY_COLUMNS, venue(1, region="320102"), venue(2, region="320102"), venue(3))
    job = desk.load("entities", elsewhere, as_="elsewhere")
    assert job["result"] == _result(created=1, rejected=2)
    assert [(e["row"], e["code"]) for e in job["errors"]] == [(2, "held-elsewhere"), (4, "region-outside")]
    taken = desk.load("inspectors", officers("a"), as_="elsewhere")
    assert [e["code"] for e in taken["errors"]] == ["record-elsewhere"]
    recusal = csv("inspector,entity,relation", ["a", uscc(2), "spouse"])
    assert [e["code"] for e in desk.load("recusals", recusal, as_="elsewhere")["errors"]] == [
        "unknown-inspector"
    ]
    assert desk.ask("GET", f"/v1/jobs/{job['id']}").status_code == 404
    assert desk.ask("GET", f"/v1/entities/{uscc(2)}").status_code == 404
    assert [e["key"] for e in desk.get("/v1/entities")["items"]] == [uscc(1)]


def test_a_full_import_touches_the_callers_region_only(desk: Desk) -> None:
    """What another county holds is not absent from this county's file."""
    desk.load("entities", csv(ENTITY_COLUMNS, venue(2, region="320102")), as_="elsewhere")
    desk.load("entities", venues(1), mode="full")
    assert desk.get(f"/v1/entities/{uscc(2)}", as_="elsewhere")["not_seen_since"] is None


@pytest.mark.parametrize(
    ("content", "name", "row", "code"),
    [
        (b"", "a.csv", 1, "empty-file"),
        (b"name,regime\nx,y\n", "a.csv", 1, "missing-column"),
        (b"\xd0\xcf\x11\xe0old", "a.xls", 1, "old-spreadsheet"),
        (b"not a workbook", "a.xlsx", 1, "broken-workbook"),
        (b'{"name": \n[]', "a.ndjson", 1, "broken-json"),
        ("名称\n".encode() + b"\xff\xff\xff", "a.csv", 2, "bad-encoding"),
    ],
)
def test_a_file_that_is_no_such_table_fails_as_a_whole(
    desk: Desk, content: bytes, name: str, row: int, code: str
) -> None:
    """State `failed`, the row, and a text in both languages; nothing lands."""
    job = desk.load("entities", content, name=name)
    assert (job["state"], job["result"]) == ("failed", _result())
    assert (job["errors"][0]["row"], job["errors"][0]["code"]) == (row, code)
    english = desk.get(f"/v1/jobs/{job['id']}", headers={"Accept-Language": "en"})
    assert english["errors"][0]["message"] != job["errors"][0]["message"] != ""


def test_a_table_that_breaks_off_half_way_lands_nothing(desk: Desk) -> None:
    """The file is gone through before the first row lands."""
    content = venues(*range(1, 1500)) + b'\n"unclosed'
    job = desk.load("entities", content)
    assert (job["state"], job["errors"][0]["code"], job["errors"][0]["row"]) == ("failed", "broken-row", 1501)
    assert desk.get("/v1/entities")["items"] == []


def test_an_unknown_column_is_reported_and_rejects_nothing(desk: Desk) -> None:
    """Reported, not guessed."""
    content = csv(f"{ENTITY_COLUMNS},备注", [*venue(1), "x"])
    job = desk.load("entities", content, on_error="abort")
    assert job["result"] == _result(created=1)
    assert [(e["row"], e["field"], e["code"]) for e in job["errors"]] == [(1, "备注", "unknown-column")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headers_and_labels_come_in_utf8_and_gb18030(desk: Desk, encoding: str) -> None:
    """As spreadsheets in China save them."""
    header = "统一社会信用代码,名称,监管类别,行业细类,治安等级,行政区划,登记日期"
    row = [uscc(1), "䶮歌厅", "娱乐场所", "歌舞", 2, 410928, "2024/3/5"]
    assert desk.load("entities", csv(header, row).decode().encode(encoding))["result"] == _result(created=1)
    entity = desk.get(f"/v1/entities/{uscc(1)}")
    assert entity["name"] == "䶮歌厅"
    assert entity["registrations"][0]["registered_on"] == "2024-03-05"


def test_a_workbook_and_ndjson_mean_the_same_as_csv(desk: Desk) -> None:
    """Excel dates and numbers included: all three leave the register unchanged after the first."""
    text = csv(f"{ENTITY_COLUMNS},licence_to", [*venue(1), "2027-05-31"])
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, [*ENTITY_COLUMNS.split(","), "licence_to"])
        page.write_row(1, 0, venue(1))
        page.write_datetime(1, 8, date(2027, 5, 31))
    members = dict(zip(ENTITY_COLUMNS.split(","), venue(1), strict=True)) | {"licence_to": "2027-05-31"}
    assert desk.load("entities", text)["result"] == _result(created=1)
    assert desk.load("entities", target.getvalue(), name="a.xlsx")["result"] == _result(unchanged=1)
    ndjson = json.dumps(members).encode()
    assert desk.load("entities", ndjson, name="a.ndjson")["result"] == _result(unchanged=1)


def test_the_sample_of_bad_rows_is_told_row_by_row(desk: Desk) -> None:
    """Rows named 正确 (right) land, each other row has at least one error."""
    content = (_SAMPLES / "entities-bad-rows.csv").read_bytes()
    lines = content.decode("utf-8-sig").splitlines()[1:]
    right = sum("正确" in line for line in lines)
    job = desk.load("entities", content)
    assert job["state"] == "done"
    assert job["result"]["created"] + job["result"]["unchanged"] + job["result"]["updated"] == right
    assert job["result"]["rejected"] == len(lines) - right
    assert all(error["message"] for error in job["errors"])


def test_an_idempotency_key_makes_one_job_of_two_tries(desk: Desk) -> None:
    """The same key and file: the same job."""
    answers = [
        desk.ask(
            "POST",
            "/v1/imports",
            files={"file": ("a.csv", venues(1))},
            data={"register": "entities"},
            headers={"Idempotency-Key": "try-1"},
        )
        for _ in range(2)
    ]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    other = desk.ask(
        "POST",
        "/v1/imports",
        files={"file": ("a.csv", venues(2))},
        data={"register": "entities"},
        headers={"Idempotency-Key": "try-1"},
    )
    assert other.status_code == 422


_NUMBERS = st.lists(st.integers(1, 6), max_size=6, unique=True)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(files=st.lists(st.tuples(_NUMBERS, st.integers(1, 3)), min_size=1, max_size=4))
def test_whatever_was_imported_before_importing_again_changes_nothing(
    desk: Desk, files: list[tuple[list[int], int]]
) -> None:
    """After any series of files: the last one again is all unchanged, and counts add up to its rows."""
    for numbers, level in files:
        content = csv(ENTITY_COLUMNS, *(venue(number, level=level) for number in numbers))
        first = desk.load("entities", content)["result"]
        assert sum(first.values()) == len(numbers)
        assert desk.load("entities", content)["result"] == _result(unchanged=len(numbers))


def test_the_same_lists_in_another_order_change_nothing(desk: Desk) -> None:
    """Result codes, inspectors, regimes and districts are sets: order is no news."""
    desk.load("entities", venues(1))
    columns, visit = "entity,item,on,kind,agency,codes,inspectors", [uscc(1), "psb.venues", "2025-03-05"]
    for codes, inspectors, result in [("02;05", "A;B", "created"), ("05；02", "B;A;B", "unchanged")]:
        job = desk.load("visits", csv(columns, [*visit, "campaign", "psb", codes, inspectors]))
        assert job["result"][result] == 1, job
    columns = f"{INSPECTOR_COLUMNS},districts"
    desk.load("inspectors", csv(columns, [*officer("A"), "410928001;002"]))
    turned = officer("A", regimes="special_industry;entertainment")
    assert desk.load("inspectors", csv(columns, [*turned, "002;410928001"]))["result"] == _result(unchanged=1)
