"""Published results as CSV, NDJSON and Atom: the same rows as the list, safe for whoever opens them."""

import csv
import io
import json
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi.testclient import TestClient

from app.deps import House
from tests.published_rows import publish_rows, result_row

HOSTILE = '=cmd|"/c calc"!A1<script>alert(1)</script>&\x0b'
ATOM = "{http://www.w3.org/2005/Atom}"


def listed(client: TestClient, query: dict[str, str]) -> list[dict[str, Any]]:
    """Every row of the list."""
    rows: list[dict[str, Any]] = client.get("/v1/public/results", params={**query, "limit": "200"}).json()[
        "items"
    ]
    return rows


@pytest.mark.parametrize("query", [{}, {"found": "true"}, {"name": "场所1"}, {"region": "99"}])
def test_files_hold_the_same_rows_as_the_list(
    house: House, client: TestClient, query: dict[str, str]
) -> None:
    """Issue: CSV and NDJSON export with the list's filters, in its order."""
    publish_rows(house, *(result_row(n, draw_id="d" if n == 3 else None) for n in range(1, 13)))
    rows = listed(client, query)
    lines = client.get("/v1/public/results.ndjson", params=query).text.splitlines()
    assert [json.loads(line) for line in lines] == [
        {name: value for name, value in row.items() if value is not None} for row in rows
    ]
    answer = client.get("/v1/public/results.csv", params={**query, "headers": "en"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    plain = {True: "true", False: "false", None: ""}
    assert table == [
        {
            name: ";".join(value)
            if isinstance(value, list)
            else plain[value]
            if value is None or isinstance(value, bool)
            else str(value)
            for name, value in row.items()
        }
        for row in rows
    ]


def test_a_formula_in_a_name_is_text_in_a_spreadsheet(house: House, client: TestClient) -> None:
    """Spec/api.md, Export: a formula-looking cell is neutralised; NDJSON keeps it as it is."""
    publish_rows(house, result_row(1, entity_name=HOSTILE))
    text = client.get("/v1/public/results.csv").content.decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert row[8] == f"'{HOSTILE}"
    assert text.startswith("编号,版本,公开时间")
    assert json.loads(client.get("/v1/public/results.ndjson").text)["entity_name"] == HOSTILE


def test_the_feed_is_valid_atom(house: House, client: TestClient) -> None:
    """RFC 4287 sections 4.1.1 and 4.1.2: what feed and entries must have, exactly once."""
    publish_rows(house, *(result_row(n) for n in (1, 2, 3)))
    answer = client.get(
        "/v1/public/results.atom", params={"region": "410928", "found": "false", "from": "2026-01-01"}
    )
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(answer.content)  # noqa: S314 - the application's own answer
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo is not None
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    query = "region=410928&found=false&from=2026-01-01"
    assert feed.findtext(f"{ATOM}id") == f"tag:test.example,2026:results?{query}"
    assert client.get(f"/results?{query}").status_code == 200
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver/v1/public/results.atom?{query}"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-02T04:00:00Z"
    rows = listed(client, {"found": "false"})
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [f"urn:uuid:{row['id']}" for row in rows]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    own = client.get(links["self"] or "")
    assert own.content == answer.content


def test_an_empty_feed_is_valid_and_a_hostile_name_stays_text(house: House, client: TestClient) -> None:
    """An empty feed has an `updated` too; characters that XML does not have are replaced."""
    empty = ET.fromstring(client.get("/v1/public/results.atom").content)  # noqa: S314 - the application's own answer
    assert empty.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    publish_rows(house, result_row(1, entity_name=HOSTILE))
    feed = ET.fromstring(client.get("/v1/public/results.atom").content)  # noqa: S314 - the application's own answer
    title = feed.findtext(f"{ATOM}entry/{ATOM}title") or ""
    assert title.startswith(HOSTILE.replace("\x0b", "\ufffd"))
    assert feed.find(".//script") is None
