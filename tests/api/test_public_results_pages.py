"""The public pages of results: well-formed, escaped whatever a venue is called, without scripts."""

from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from app.deps import House, new_uuid7
from tests.api.journey import Journey, made_up_uscc
from tests.api.test_public_results_draws import revealed
from tests.conftest import Clock
from tests.published_rows import publish_rows, result_row

HOSTILE = """"><script>alert('x')</script><img src=x onerror=y>&amp;{{ 7 * 7 }}"""
VOID = {"meta", "link", "input", "img", "br"}


class Page(HTMLParser):
    """What a browser would make of a page: its elements and texts; a tag that is not closed is a fault."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        self.feed(answer.text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())

    @property
    def text(self) -> str:
        """Everything that is read."""
        return "\n".join(filter(None, self.texts))

    def hrefs(self) -> list[str]:
        """Every link."""
        return [str(given["href"]) for tag, given in self.elements if tag == "a"]


def is_harmless(page: Page) -> bool:
    """No script, no handler, no image, nothing that is fetched from elsewhere."""
    tags = {tag for tag, _ in page.elements}
    names = {name for _, given in page.elements for name in given}
    addresses = [str(given.get("href") or given.get("src") or "/") for _, given in page.elements]
    return (
        tags.isdisjoint({"script", "img", "iframe"})
        and not any(name.startswith("on") for name in names)
        and all(address.startswith("/") for address in addresses)
    )


def document(**result: Any) -> dict[str, Any]:
    """A public copy as it is published."""
    return {"version": 1, "withdrawn": False, "result": result}


def test_a_hostile_name_stays_text_on_every_page(house: House, client: TestClient) -> None:
    """Escaping everywhere: what registers and officers wrote is shown, never run."""
    finding = {"number": 1, "entry": HOSTILE, "severity": "serious", "clause": HOSTILE, "text": HOSTILE}
    result = new_uuid7()
    publish_rows(
        house,
        result_row(1, id=result, current=False, entity_name=HOSTILE, copy_=document()),
        result_row(
            2,
            id=result,
            version=2,
            reason=HOSTILE,
            entity_name=HOSTILE,
            entity_key=f"src:{HOSTILE}",
            uscc=None,
            draw_id=HOSTILE,
            item=HOSTILE,
            codes=["99"],
            copy_=document(findings=[finding], officers=[{"code": HOSTILE, "agency": "psb"}]),
        ),
    )
    paths = [
        *(
            "/results",
            f"/results?name={quote('<script>')}",
            f"/results/{result}",
            f"/results/{result}?version=1",
        ),
        f"/entities/{quote('src:' + HOSTILE)}",
    ]
    for path in paths:
        page = Page(client.get(path))
        assert is_harmless(page), path
        assert HOSTILE in page.text, path


def test_the_items_are_on_a_page_with_every_entry_and_its_basis(client: TestClient) -> None:
    """Mission clause P3, 事项公开: what may be inspected, on which law, without a key or a script."""
    listed = Page(client.get("/items"))
    assert is_harmless(listed)
    served = client.get("/v1/public/items").json()["items"]
    assert {f"/items/{item['code']}" for item in served} <= set(listed.hrefs())
    for item in served:
        page = Page(client.get(f"/items/{item['code']}"))
        assert is_harmless(page)
        assert all(entry["text"] in page.text for entry in item["checklist"])
        assert all(law["law"] in page.text for entry in item["checklist"] for law in entry["basis"])
    assert client.get("/items/nothing").status_code == 404


def test_the_search_page_finds_what_the_list_finds(house: House, client: TestClient) -> None:
    """Fields that a form leaves empty ask for nothing; the links carry on what was asked."""
    publish_rows(house, *(result_row(n) for n in range(1, 56)))
    empty = "name=&uscc=&region=&item=&code=&found=&from=&to="
    everything = Page(client.get(f"/results?{empty}"))
    assert "共 55 项" in everything.text
    assert sum(href.startswith("/results/") for href in everything.hrefs()) == 50
    following = next(href for href in everything.hrefs() if "cursor=" in href)
    assert sum(href.startswith("/results/") for href in Page(client.get(following)).hrefs()) == 5
    found = Page(client.get("/results?name=场所7&found=false&item=psb.venues&code=01&region=41"))
    assert "样例场所7" in found.text
    assert "共 1 项" in found.text
    export = next(href for href in found.hrefs() if ".ndjson" in href)
    assert len(client.get(export).text.splitlines()) == 1
    assert "没有符合条件的检查结果" in Page(client.get("/results?name=无此店")).text
    assert client.get("/results?from=yesterday").status_code == 422


def test_a_result_s_page_shows_findings_what_followed_and_every_version(
    house: House, client: TestClient
) -> None:
    """Clauses R3 to R5: the situation and its disposition; the chain of versions stays visible."""
    result = new_uuid7()
    finding = {"number": 1, "entry": "3", "severity": "grave", "clause": "第十四条", "text": "通道堵塞"}
    fine = {"finding": 1, "kind": "fine", "amount_cny": 5000, "state": "done", "done_on": "2026-11-01"}
    publish_rows(
        house,
        result_row(1, id=result, current=False, copy_=document(findings=[finding], dispositions=[fine])),
        result_row(2, id=result, version=2, withdrawn=True, reason="法院判决撤销", copy_=document()),
    )
    newest = Page(client.get(f"/results/{result}")).text
    assert "本结果已撤回：法院判决撤销" in newest
    assert "通道堵塞" not in newest
    old = Page(client.get(f"/results/{result}?version=1"))
    for words in ("通道堵塞", "特别严重", "罚款", "5000", "已完成 2026-11-01", "这是以前的版本"):
        assert words in old.text
    assert f"/results/{result}?version=2" in old.hrefs()
    assert client.get(f"/results/{result}?version=3").status_code == 404
    assert client.get(f"/entities/{made_up_uscc(9)}").status_code == 404


@pytest.mark.parametrize("by", ["item", "month"])
def test_the_statistics_page_has_a_chart_and_the_table_beside_it(
    journey: Journey, house: House, clock: Clock, by: str
) -> None:
    """Accessible: the picture has a title and a description, and the numbers are in a table too."""
    revealed(journey, house, clock)
    page = Page(journey.client.get(f"/statistics?by={by}&region=&from=&to="))
    assert is_harmless(page)
    chart = next(given for tag, given in page.elements if tag == "svg")
    ids = {given["id"] for _, given in page.elements if "id" in given}
    assert chart["role"] == "img"
    assert set(str(chart["aria-labelledby"]).split()) <= ids
    widths = {given["class"]: given["width"] for tag, given in page.elements if tag == "rect"}
    assert widths == {
        "bar-drawn": "520.0",
        "bar-visited": "346.7",
        "bar-in_time": "86.7",
        "bar-found": "86.7",
    }
    label = "娱乐场所治安检查" if by == "item" else "2026-11"
    assert f"{label}：抽取 6，已检查 4，按期公开 1，发现问题 1。" in page.text
    assert page.text.count(label) == 3


def test_without_a_revealed_draw_the_statistics_page_says_so(client: TestClient) -> None:
    """Nothing to count is no error."""
    page = Page(client.get("/statistics"))
    assert "还没有可统计的抽取" in page.text


def test_the_draw_s_page_shows_each_premises_with_its_result_or_its_clock(
    journey: Journey, house: House, clock: Clock
) -> None:
    """Issue: after the reveal; reasons are text."""
    draw, keys = revealed(journey, house, clock, ended_on=date(2026, 11, 5))
    page = Page(journey.client.get(f"/draws/{draw}"))
    assert is_harmless(page)
    for words in ("最迟公开日 2026-12-08", "逾期未公开", "<b>案件侦办</b>", "无法联系", "未检查，须重新安排"):
        assert words in page.text
    assert "共抽中 6 家" in page.text
    assert f"/entities/{keys[0]}" in page.hrefs()
