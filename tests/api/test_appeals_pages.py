"""The public pages of appeals: without scripts, escaped whatever is typed, receipts in no address."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.api.field_desk import FieldDesk
from tests.api.journey import Journey
from tests.api.test_public_results_pages import HOSTILE, Page, is_harmless
from tests.conftest import Clock

TYPED = {
    "capacity": "party",
    "name": "样例申诉人",
    "contact": "样例联系方式",
    "grounds": "公示内容与笔录不符",
}


@pytest.fixture
def desk(journey: Journey, clock: Clock) -> FieldDesk:
    """A public result, on 23 November 2026."""
    desk = FieldDesk.visited(journey).submitted()
    journey.publish(desk.visit)
    clock.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    return desk


class Fields(HTMLParser):
    """What a browser would send of a page's form."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Inputs with their values."""
        given = dict(attrs)
        if tag == "input":
            self.sent[str(given["name"])] = given.get("value") or ""


def opened(client: TestClient, desk: FieldDesk) -> dict[str, str]:
    """The form's fields as the page has them, and what somebody typed."""
    path = f"/appeals/new?result={desk.visit['id']}"
    assert path in Page(client.get(f"/results/{desk.visit['id']}")).hrefs()
    page = Page(client.get(path))
    assert is_harmless(page)
    assert desk.visit["entity_name"] in page.text
    return Fields(client.get(path)).sent | TYPED


def page_of(answer: Response, status: int) -> Page:
    """A page that is not 200, read all the same."""
    assert (answer.status_code, answer.headers["cache-control"]) == (status, "no-store")
    answer.status_code = 200
    page = Page(answer)
    assert is_harmless(page)
    return page


def receipt_in(page: Page) -> str:
    """The receipt that a page shows."""
    found = re.search(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}", page.text)
    assert found is not None, page.text
    return found[0]


def test_from_the_result_to_the_receipt_and_back(client: TestClient, desk: FieldDesk) -> None:
    """Sent twice it is filed once; what was decided is found by the receipt."""
    fields = opened(client, desk)
    receipt = receipt_in(page_of(client.post("/appeals/new", data=fields), 201))
    assert receipt_in(page_of(client.post("/appeals/new", data=fields), 201)) == receipt
    [appeal] = desk.journey.call("appeal_officer", "GET", "/v1/appeals").json()["items"]
    assert is_harmless(Page(client.get("/appeals")))
    found = page_of(client.post("/appeals", data={"receipt": receipt}), 200)
    assert "已收到，待受理" in found.text
    assert "2026-12-21" in found.text
    taken = desk.journey.call("appeal_officer", "POST", f"/v1/appeals/{appeal['id']}/accept", json={})
    assert taken.status_code == 200, taken.text
    assert "正在办理" in Page(client.get(f"/results/{desk.visit['id']}")).text
    assert "已受理，办理中" in page_of(client.post("/appeals", data={"receipt": receipt}), 200).text
    wrong = page_of(client.post("/appeals", data={"receipt": "2222-2222"}), 404)
    assert "没有此申诉回执编号" in wrong.text


def test_what_is_wrong_is_told_beside_what_was_typed(client: TestClient, desk: FieldDesk) -> None:
    """Nothing is lost, nothing is run, nothing is filed."""
    fields = opened(client, desk)
    empty = page_of(client.post("/appeals/new", data=fields | {"grounds": "", "name": HOSTILE}), 422)
    assert "请核对：申诉理由" in empty.text
    assert (
        Fields(client.post("/appeals/new", data=fields | {"grounds": "", "name": HOSTILE})).sent["name"]
        == HOSTILE
    )
    unknown = page_of(client.post("/appeals/new", data=fields | {"result": "nothing"}), 404)
    assert "没有公开的检查结果" in unknown.text
    assert client.get("/appeals/new?result=nothing").status_code == 404
    assert desk.journey.call("appeal_officer", "GET", "/v1/appeals").json()["items"] == []
    receipt_in(page_of(client.post("/appeals/new", data=fields), 201))
    other = page_of(client.post("/appeals/new", data=fields | {"grounds": "另有理由"}), 422)
    assert "Idempotency-Key" in other.text


def test_a_form_without_its_token_and_one_that_comes_too_late(
    client: TestClient, desk: FieldDesk, clock: Clock
) -> None:
    """The token is a help, no condition; the last day is told."""
    fields = {name: value for name, value in opened(client, desk).items() if name != "once"}
    assert receipt_in(page_of(client.post("/appeals/new", data=fields), 201))
    clock.now = datetime(2027, 1, 2, 1, 0, tzinfo=UTC)
    assert "2027-01-01" in page_of(client.post("/appeals/new", data=fields), 409).text
