"""Published results for anybody: found, filtered, paged, one by one with versions, by entity."""

from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.deps import House, new_uuid7
from app.store.tables.results import PublicResult
from tests.api.journey import made_up_uscc
from tests.published_rows import START, publish_rows, result_row

RESULTS = "/v1/public/results"


def listed(client: TestClient, **query: Any) -> list[dict[str, Any]]:
    """The rows of the list."""
    answer = client.get(RESULTS, params=query)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


def numbers(rows: list[dict[str, Any]]) -> list[int]:
    """Which of the made-up results these are."""
    return [int(row["sha256"], 16) for row in rows]


def test_the_newest_publication_comes_first_without_a_key(house: House, client: TestClient) -> None:
    """Issue: results are public; a row says what, where, when and by which document."""
    publish_rows(house, *(result_row(n) for n in (2, 1, 3)))
    rows = listed(client)
    assert numbers(rows) == [3, 2, 1]
    assert rows[1] | {"id": ""} == {
        "id": "",
        "version": 1,
        "published_at": "2026-11-02T03:00:00Z",
        "draw_id": None,
        "region": "410928",
        "item": "psb.venues",
        "regime": "entertainment",
        "entity_key": made_up_uscc(2),
        "entity_name": "样例场所2",
        "uscc": made_up_uscc(2),
        "ended_on": "2026-10-03",
        "kind": "drawn",
        "codes": ["05", "21"],
        "found": True,
        "punished": False,
        "in_time": True,
        "sha256": f"{2:064x}",
        "appeal": None,
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"name": "场所7"}, [7]),
        ({"name": "100%"}, [8]),
        ({"name": "_"}, []),
        ({"uscc": made_up_uscc(3)}, [3]),
        ({"entity": "src:old-6"}, [6]),
        ({"region": "41"}, [8, 7, 6, 4, 3, 2, 1]),
        ({"region": "410928"}, [8, 7, 6, 4, 3, 2, 1]),
        ({"region": "320102"}, [5]),
        ({"item": "fire.units"}, [4]),
        ({"regime": "fire_unit"}, [4]),
        ({"draw": "draw-2"}, [2]),
        ({"kind": "complaint"}, [1]),
        ({"code": "21"}, [8, 6, 4, 2]),
        ({"code": "01", "kind": "drawn"}, [7, 5, 3]),
        ({"found": "false", "region": "41"}, [7, 3, 1]),
        ({"punished": "true"}, [8, 4]),
        ({"from": "2026-10-04", "to": "2026-10-06"}, [5, 4, 3]),
        ({"found": "true", "punished": "false"}, [6, 2]),
    ],
)
def test_results_are_narrowed(
    house: House, client: TestClient, query: dict[str, str], expected: list[int]
) -> None:
    """Issue: search and filters; each narrows, together they narrow further, and `count` counts the same."""
    own: dict[int, dict[str, Any]] = {
        1: {"kind": "complaint"},
        2: {"draw_id": "draw-2"},
        4: {"item": "fire.units", "regime": "fire_unit"},
        5: {"region": "320102"},
        6: {"entity_key": "src:old-6", "uscc": None},
        8: {"entity_name": "百分100%之家"},
    }
    publish_rows(house, *(result_row(n, **own.get(n, {})) for n in range(1, 9)))
    answer = client.get(RESULTS, params={**query, "count": "true"}).json()
    assert (numbers(answer["items"]), answer["count"]) == (expected, len(expected))


@pytest.mark.parametrize(
    "query",
    [
        *({"region": "41%"}, {"code": "1"}, {"from": "yesterday"}, {"found": "perhaps"}, {"name": "a\0"}),
        *({"cursor": "nonsense"}, {"limit": "201"}, {"cursor": "WyIyMDI2LTAxLTAxIiwgImEiXQ"}),
    ],
)
def test_a_query_that_cannot_be_read_is_refused(client: TestClient, query: dict[str, str]) -> None:
    """Spec/api.md: 422 for a malformed request, never a server error."""
    assert client.get(RESULTS, params=query).status_code == 422


def test_what_was_corrected_or_withdrawn_stands_in_no_list_and_stays_visible(
    house: House, client: TestClient
) -> None:
    """Issue: corrections and withdrawals are new versions with reasons; the chain stays visible."""
    first, other = new_uuid7(), new_uuid7()
    publish_rows(
        house,
        result_row(1, id=first, current=False, copy_={"text": "旧"}),
        result_row(2, id=first, version=2, reason="笔误", copy_={"text": "新"}),
        result_row(3, id=other, current=False),
        result_row(4, id=other, version=2, withdrawn=True, reason="法院撤销", copy_={}),
    )
    assert [(row["id"], row["version"]) for row in listed(client)] == [(first, 2)]
    whole = client.get(f"{RESULTS}/{first}").json()
    assert (whole["version"], whole["document"], whole["reason"]) == (2, {"text": "新"}, "笔误")
    assert [(v["version"], v["reason"]) for v in whole["versions"]] == [(2, "笔误"), (1, None)]
    old = client.get(f"{RESULTS}/{first}/versions/1").json()
    assert (old["document"], old["current"], old["versions"]) == ({"text": "旧"}, False, whole["versions"])
    assert client.get(f"{RESULTS}/{other}").json()["withdrawn"] is True
    for missing in (f"{first}/versions/3", new_uuid7(), "nobody"):
        answer = client.get(f"{RESULTS}/{missing}")
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-public-result")


def test_an_entity_s_results_are_found_by_uscc_and_by_premises(house: House, client: TestClient) -> None:
    """Clause R8: the public looks up a venue; a USCC may have several premises."""
    code = made_up_uscc(1)
    publish_rows(
        house,
        *(result_row(n, uscc=code, entity_key=code) for n in (1, 2, 3)),
        result_row(4, uscc=code, entity_key=f"{code}#2", entity_name="分店"),
        result_row(5),
        result_row(6, uscc=code, entity_key=code, withdrawn=True),
    )
    path = f"/v1/public/entities/{code}"
    found = client.get(path, params={"limit": 2, "count": "true"})
    body = found.json()
    assert (numbers(body["items"]), body["count"]) == ([4, 3], 4)
    assert body["named"] == code
    rest = client.get(found.links["next"]["url"]).json()
    assert numbers(rest["items"]) == [2, 1]
    assert numbers(client.get(f"{path}%232").json()["items"]) == [4]
    answer = client.get(f"/v1/public/entities/{made_up_uscc(9)}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-public-result")


@pytest.mark.parametrize("path", [RESULTS, f"{RESULTS}.atom", f"/v1/public/entities/{made_up_uscc(1)}"])
def test_what_has_not_changed_is_not_sent_again(house: House, client: TestClient, path: str) -> None:
    """Spec/api.md: strong ETag, `If-None-Match` gives 304; a publication changes it."""
    publish_rows(house, result_row(1))
    tag = client.get(path).headers["etag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    publish_rows(house, result_row(2, uscc=made_up_uscc(1)))
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.headers["etag"] != tag) == (200, True)


rows_of_few_moments = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from([0, 1, 500_000, 999_999])),
    max_size=12,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=rows_of_few_moments, limit=st.integers(1, 5), found=st.sampled_from([None, True, False]))
def test_pages_have_no_gaps_and_no_repeats(
    house: House,
    client: TestClient,
    made: list[tuple[int, bool, int]],
    limit: int,
    found: bool | None,  # noqa: FBT001 - hypothesis names it
) -> None:
    """Keyset paging: whatever shares a moment, the pages together are the list, in one order."""
    region = f"{new_uuid7()[-12:].translate(str.maketrans('abcdef', '012345'))}"
    rows = [
        result_row(
            n, region=region, found=hit, published_at=START + timedelta(seconds=second, microseconds=micro)
        )
        for n, (second, hit, micro) in enumerate(made)
    ]
    expected = [
        row.id
        for row in sorted(rows, key=lambda row: (row.published_at, row.id), reverse=True)
        if found in {None, row.found}
    ]
    publish_rows(house, *rows)
    seen: list[str] = []
    query: dict[str, str | int | bool] = {"region": region, "limit": limit}
    query |= {} if found is None else {"found": found}
    answer = client.get(RESULTS, params=query)
    while True:
        assert len(answer.json()["items"]) <= limit
        seen += [row["id"] for row in answer.json()["items"]]
        if "next" not in answer.links:
            break
        answer = client.get(answer.links["next"]["url"])
    assert seen == expected


def test_days_of_the_made_up_rows_are_as_the_tests_say() -> None:
    """The table above counts on it."""
    assert [result_row(n).ended_on for n in (1, 60)] == [date(2026, 10, 2), date(2026, 10, 1)]
    assert isinstance(result_row(1), PublicResult)
