"""After the reveal: each drawn premises with its result or its clock; statistics; nothing private is read."""

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, select
from sqlmodel import col

from app.deps import NOBODY, House
from app.services.results.standings import restate
from app.store.tables.drawing import PublicDraw
from app.store.tables.fieldwork import Visit
from app.store.tables.results import Publication
from app.store.tables.standings import PublicStanding
from tests.api.journey import Journey
from tests.conftest import REGION, Clock
from tests.executed import statements
from tests.published_rows import publish_rows, result_row

ROOT = Path(__file__).parents[2]
PUBLIC_TABLES = {"public_results", "public_standings", "public_undrawn", "public_draws"}
STATES = ("published", "pending", "withheld", "withdrawn", "unreachable", "not_visited")


def revealed(journey: Journey, house: House, clock: Clock, **row: Any) -> tuple[str, list[str]]:
    """A revealed draw of six premises, their standings set to each state in turn, the first one public."""
    journey.registers()
    draw: str = journey.drawn()["id"]
    clock.move(days=70)
    answer = journey.call("dispatcher", "POST", f"/v1/draws/{draw}/reveal", json={})
    assert answer.status_code == 200, answer.text
    with house.database.unit_of_work() as session:
        session.execute(delete(PublicStanding).where(col(PublicStanding.place) > len(STATES)))
        keys = []
        for place, state in enumerate(STATES, start=1):
            standing = session.get(PublicStanding, (draw, place))
            assert standing is not None
            keys.append(standing.entity_key)
            standing.state = state
            standing.publication = state if state in STATES[:4] else None
            standing.due_on = date(2026, 12, 8) if state == "pending" else None
            if state in {"withheld", "withdrawn"}:
                standing.reason, standing.decided_on = "<b>案件侦办</b>", date(2026, 11, 30)
            if state == "published":
                result = result_row(4, draw_id=draw, entity_key=keys[0], uscc=keys[0], **row)
                standing.visit_id = result.id
                session.add(result)
    return draw, keys


def test_before_the_reveal_nobody_learns_who_was_drawn(journey: Journey) -> None:
    """Clause B8: the list stays secret until the visits are over."""
    journey.registers()
    draw = journey.drawn()["id"]
    answer = journey.call(None, "GET", f"/v1/public/draws/{draw}/results")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/no-public-record")
    assert "检查结果</h2>" not in journey.call(None, "GET", f"/draws/{draw}").text
    assert journey.call(None, "GET", "/v1/public/statistics").json()["items"] == []


def test_at_the_reveal_what_was_not_visited_is_owed_again_publicly(
    journey: Journey, house: House, clock: Clock
) -> None:
    """Issue: what was not visited by then is closed as not visited and owed again, publicly."""
    journey.registers()
    draw = journey.drawn()["id"]
    drawn = [
        row["id"] for row in journey.call("dispatcher", "GET", f"/v1/draws/{draw}/selection").json()["items"]
    ]
    clock.move(days=70)
    journey.call("dispatcher", "POST", f"/v1/draws/{draw}/reveal", json={})
    rows = journey.call(None, "GET", f"/v1/public/draws/{draw}/results").json()["items"]
    assert [row["entity_key"] for row in rows] == drawn
    assert {(row["state"], row["owed_again"]) for row in rows} == {("not_visited", True)}
    with house.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM public_standings").scalar() == len(drawn)


def test_a_revealed_draw_shows_each_premises_with_its_result_or_its_clock(
    journey: Journey, house: House, clock: Clock
) -> None:
    """Issue: after the reveal each drawn premises is shown with its result or its clock."""
    draw, keys = revealed(journey, house, clock)
    path = f"/v1/public/draws/{draw}/results"
    first = journey.call(None, "GET", f"{path}?limit=4&count=true")
    last = journey.call(None, "GET", first.links["next"]["url"])
    rows = [*first.json()["items"], *last.json()["items"]]
    assert first.json()["count"] == 6
    assert [(row["place"], row["entity_key"], row["state"]) for row in rows] == [
        (place, key, state) for place, (key, state) in enumerate(zip(keys, STATES, strict=True), start=1)
    ]
    published, pending, withheld, _, _, not_visited = rows
    assert (published["result"]["codes"], published["result"]["punished"]) == (["05", "21"], True)
    assert (pending["due_on"], pending["overdue"], pending["result"]) == ("2026-12-08", True, None)
    assert (withheld["reason"], withheld["decided_on"]) == ("<b>案件侦办</b>", "2026-11-30")
    assert not_visited["owed_again"]


def test_the_statistics_are_those_of_the_table_worked_out_by_hand(
    journey: Journey, house: House, clock: Clock
) -> None:
    """Six premises, one in each state: four were visited, one is public, in time, a violation, punished."""
    revealed(journey, house, clock)
    ones = (
        "unreachable",
        "not_visited",
        "published",
        "in_time",
        "pending",
        "overdue",
        "withheld",
        "withdrawn",
    )
    expected = {"drawn": 6, "visited": 4, **dict.fromkeys((*ones, "found", "punished"), 1)}
    path = "/v1/public/statistics"
    answer = journey.call(None, "GET", path).json()
    assert answer["items"] == [{"group": "psb.venues", **expected}]
    assert answer["total"] == {"group": "total", **expected}
    assert answer["undrawn"]["items"] == []
    months = journey.call(None, "GET", f"{path}?by=month&region=41&from=2026-11-01&to=2026-11-30").json()
    assert months["items"] == [{"group": "2026-11", **expected}]
    for none in ("region=32", "from=2026-12-01", "to=2026-10-31"):
        assert journey.call(None, "GET", f"{path}?{none}").json()["total"]["drawn"] == 0
    assert journey.call(None, "GET", f"{path}?by=officer").status_code == 422


def test_supervisors_see_the_numbers_of_every_draw_without_who_was_drawn(journey: Journey) -> None:
    """Spec/api.md: a supervisor sees statistics of the region, but no selection before the reveal."""
    journey.registers()
    draw = journey.drawn()["id"]
    drawn = len(journey.visits(draw))
    row = journey.call("supervisor", "GET", "/v1/statistics").json()["items"][0]
    assert (row["group"], row["drawn"], row["open"], row["visited"]) == ("psb.venues", drawn, drawn, 0)
    months = journey.call("auditor", "GET", "/v1/statistics?by=month&from=2026-11-10").json()
    assert [row["group"] for row in months["items"]] == ["2026-11"]
    assert months["total"]["drawn"] == drawn
    for who, status in (("planner", 403), ("dispatcher", 403), (None, 401)):
        assert journey.call(who, "GET", "/v1/statistics").status_code == status


@pytest.mark.parametrize(
    ("visit", "publication", "public_version", "standing"),
    [
        ("submitted", "draft", None, "pending"),
        ("submitted", "approved", None, "pending"),
        ("submitted", "withheld", None, "withheld"),
        ("closed", "published", 1, "published"),
        ("closed", "draft", 1, "published"),
        ("closed", "withdrawn", None, "withdrawn"),
        ("unreachable", "draft", None, "unreachable"),
        ("not_visited", None, None, "not_visited"),
    ],
)
def test_a_standing_follows_the_visit_and_its_publication(
    journey: Journey,
    house: House,
    clock: Clock,
    visit: str,
    publication: str | None,
    public_version: int | None,
    standing: str,
) -> None:
    """What the public sees of a drawn premises is what the bureau knows, at the reveal and after each act."""
    journey.registers()
    draw = journey.drawn()["id"]
    with house.database.unit_of_work() as session:
        first = session.scalars(select(Visit).where(col(Visit.draw_id) == draw).limit(1)).one()
        first.state, first.ended_on, first.entity_name = visit, date(2026, 11, 5), "样例 13912345678"
        found = None if publication is None else publication_of(first, publication, public_version)
        session.add_all([] if found is None else [found])
    clock.move(days=70)
    journey.call("dispatcher", "POST", f"/v1/draws/{draw}/reveal", json={})

    def shown() -> dict[str, Any]:
        rows = journey.call(None, "GET", f"/v1/public/draws/{draw}/results").json()["items"]
        row: dict[str, Any] = next(row for row in rows if row["entity_key"] == first.entity_key)
        return row

    now = shown()
    assert now["state"] == standing
    assert "13912345678" not in now["entity_name"]
    assert now["due_on"] == ("2026-12-03" if standing in {"pending", "unreachable"} else None)
    decided = ("举报人要求" not in str(now["reason"]), now["decided_on"], now["until"])
    until = "2026-12-31" if standing == "withheld" else None
    assert decided == (True, "2026-11-06" if standing in {"withheld", "withdrawn"} else None, until)
    if found is None:
        return
    with house.database.unit_of_work() as session:
        kept = session.get(Publication, found.id)
        assert kept is not None
        kept.state, kept.public_version = "published", 1
        session.flush()
        restate(house.act(session, NOBODY), first.id)
    assert shown()["state"] == ("unreachable" if standing == "unreachable" else "published")


def publication_of(visit: Visit, state: str, public_version: int | None) -> Publication:
    """How far a visit's result is on its way to the public."""
    at = datetime(2026, 11, 6, 1, 0, tzinfo=UTC)
    return Publication(
        id=visit.id,
        visit_id=visit.id,
        region=visit.region,
        item=visit.item,
        entity_key=visit.entity_key,
        entity_name=visit.entity_name,
        regimes=visit.regimes,
        officers=[],
        callers=[],
        ended_on=visit.ended_on or date(2026, 11, 5),
        version=1,
        revision=0,
        state=state,
        due_on=date(2026, 12, 3),
        alarm_on=date(2026, 11, 26),
        reason="举报人要求",
        withheld_until=date(2026, 12, 31),
        public_version=public_version,
        started_at=at,
        changed_at=at,
    )


def test_the_public_reads_public_tables_only(journey: Journey, house: House, clock: Clock) -> None:
    """Spec/api.md: the public API never filters private rows at read time."""
    draw, keys = revealed(journey, house, clock)
    result = journey.call(None, "GET", "/v1/public/results").json()["items"][0]["id"]
    paths = [
        *("/v1/public/results?name=a&count=true", f"/v1/public/results/{result}", "/v1/public/results.csv"),
        *("/v1/public/results.ndjson", "/v1/public/results.atom", f"/v1/public/entities/{keys[0]}"),
        *(f"/v1/public/draws/{draw}/results?count=true", "/v1/public/statistics", "/results"),
        *(f"/results/{result}", f"/entities/{keys[0]}", f"/draws/{draw}", "/statistics?by=month"),
    ]
    with statements() as seen:
        for path in paths:
            assert journey.client.get(path).status_code == 200, path
    tables = set(PublicDraw.metadata.tables)
    named = {word for statement in seen for word in re.findall(r"\w+", statement)} & tables
    assert named == PUBLIC_TABLES


@pytest.mark.parametrize(
    "path",
    [
        *("app/store/results/public.py", "app/store/results/public_standings.py"),
        *("app/services/results/public.py", "app/services/results/public_feed.py"),
        *("app/portal/pages_results.py", "app/routers/public_results.py"),
        *("app/routers/public_entities.py", "app/routers/feeds.py"),
    ],
)
def test_public_modules_import_no_private_table(path: str) -> None:
    """The tables that a public module names are the public ones."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.store.tables")
        for alias in node.names
    }
    assert found <= {"LISTED", "PublicResult", "PublicStanding", "PublicUndrawn", "PublicDraw"}


def test_another_county_s_numbers_are_not_a_supervisor_s(journey: Journey, client: TestClient) -> None:
    """Nothing outside the region prefix is visible, whatever region is asked for."""
    journey.registers()
    drawn = len(journey.visits(journey.drawn()["id"]))
    own = journey.call("supervisor", "GET", f"/v1/statistics?region={REGION}").json()
    assert own["total"]["drawn"] == drawn
    assert journey.call("supervisor", "GET", "/v1/statistics?region=3201").status_code == 404
    publish_rows(journey_house(client), result_row(1))
    assert client.get("/v1/public/statistics").json()["items"] == []


def journey_house(client: TestClient) -> House:
    """The house behind a client."""
    house: House = client.app.state.house  # type: ignore[attr-defined]  # Starlette's application
    return house
