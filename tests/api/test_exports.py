"""Exports and templates (spec/api.md «Export»)."""

import csv as csv_module
import io
import json
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from python_calamine import load_workbook

from app.domain.registers import REGISTERS, headers
from tests.registers_desk import ENTITY_COLUMNS, Desk, csv, officers, uscc, venue, venues

_FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def desk(client: TestClient, keys: dict[str, str], run_jobs: Callable[[], None]) -> Desk:
    """A county with a little of everything, and a name that looks like a formula."""
    made = Desk(client, keys, run_jobs)
    made.load("entities", csv(ENTITY_COLUMNS, venue(1), venue(2, level=3, name=_FORMULA)))
    made.load("inspectors", officers("a"))
    made.load("recusals", csv("inspector,entity,relation,from", ["a", uscc(1), "spouse", "2026-01-01"]))
    made.load("risk-events", csv("entity,kind,on", [uscc(1), "fire", "2026-01-05"]))
    visit = [uscc(1), "psb.venues", "2026-03-01", "drawn", "psb", "05;21", "a"]
    made.load("visits", csv("entity,item,on,kind,agency,codes,inspectors", visit))
    rated = [uscc(1), "D", "2026-03-01", "2027-02-28", "省局", "年度分类"]
    made.load("credit-classes", csv("entity,credit_class,on,until,source,basis", rated))
    return made


def test_a_csv_export_has_chinese_headers_labels_and_harmless_cells(desk: Desk) -> None:
    """With a byte order mark for spreadsheets; a formula-looking cell begins with an apostrophe."""
    answer = desk.ask("GET", "/v1/exports/entities.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "filename*=UTF-8''%E6%A3%80" in answer.headers["content-disposition"]
    rows = list(csv_module.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == headers(REGISTERS["entities"], "zh")
    assert [row[4] for row in rows[1:]] == ["歌厅1", f"'{_FORMULA}"]
    assert rows[1][5:9] == ["娱乐场所", "歌舞", "2", "营业"]


def test_an_export_honours_the_filters_of_the_list(desk: Desk) -> None:
    """As `GET /v1/entities?level=3` does; English headers when asked."""
    answer = desk.ask("GET", "/v1/exports/entities.ndjson?level=3&headers=en")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [(line["uscc"], line["level"], line["name"]) for line in lines] == [(uscc(2), 3, _FORMULA)]
    assert desk.ask("GET", "/v1/exports/entities.csv?level=high").status_code == 422
    assert desk.ask("GET", "/v1/exports/entities.pdf").status_code == 422


def test_an_xlsx_export_keeps_text_as_text(desk: Desk) -> None:
    """The formula-looking name is a string cell."""
    content = desk.ask("GET", "/v1/exports/entities.xlsx").content
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0] == headers(REGISTERS["entities"], "zh")
    assert [row[4] for row in rows[1:]] == ["歌厅1", f"'{_FORMULA}"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ndjson"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_export_imported_again_changes_nothing(desk: Desk, ending: str, language: str) -> None:
    """Of every register, in every format and language."""
    for register in REGISTERS:
        content = desk.ask("GET", f"/v1/exports/{register}.{ending}?headers={language}").content
        result = desk.load(register, content, name=f"again.{ending}")["result"]
        expected = 2 if register == "entities" else 1
        assert result == {"created": 0, "updated": 0, "unchanged": expected, "rejected": 0}, register


def test_an_export_stays_within_the_region(desk: Desk) -> None:
    """Another county gets a header and nothing else."""
    for register in REGISTERS:
        content = desk.ask("GET", f"/v1/exports/{register}.csv", as_="elsewhere").content
        assert len(content.decode("utf-8-sig").splitlines()) == 1, register


def test_a_withdrawn_risk_event_is_not_exported(desk: Desk) -> None:
    """It must not come back by way of a file."""
    event = desk.get(f"/v1/entities/{uscc(1)}/risk-events")["items"][0]
    desk.ask("POST", f"/v1/risk-events/{event['id']}/withdraw", json={"reason": "重复"})
    assert desk.ask("GET", "/v1/exports/risk-events.ndjson").content == b""


def test_a_long_export_is_of_one_moment(desk: Desk) -> None:
    """Several fetches of rows; all there, each once, by DR1 entity id."""
    desk.load("entities", venues(*range(10, 2510)))
    lines = desk.ask("GET", "/v1/exports/entities.ndjson?headers=en").text.splitlines()
    found = [json.loads(line)["uscc"] for line in lines]
    assert found == sorted(set(found))
    assert len(found) == 2502


@pytest.mark.parametrize("register", sorted(REGISTERS))
def test_a_template_can_be_imported_as_it_is(desk: Desk, register: str) -> None:
    """An empty workbook with the Chinese headers: nothing to report, nothing to land."""
    answer = desk.ask("GET", f"/v1/templates/{register}.xlsx")
    assert answer.status_code == 200
    job = desk.load(register, answer.content, name="template.xlsx")
    assert (job["state"], job["total"], job["errors"]) == ("done", 0, [])
