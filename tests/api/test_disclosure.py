"""Clause B8: «the list stays secret until the visit»; before it the dispatcher alone sees it (spec/api.md).

Every read that the OpenAPI document knows is asked by everybody who may ask it, before a draw has its random
values and after: whoever is no dispatcher learns from no answer who was drawn.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Final
from zlib import crc32

import pytest
from python_calamine import CalamineWorkbook

from app.deps import House
from app.domain.access import PUBLIC, Role
from app.services.access import create_key
from tests.api.calendar_desk import void
from tests.api.journey import PLAN, VALUES, Journey
from tests.conftest import REGION, Clock
from tests.planning_county import add_inspector, add_premises

ITEM: Final = "psb.venues"
NOBODY: Final = "00000000-0000-7000-8000-000000000000"
VISITS: Final = {"visit_from": "2026-11-26", "visit_to": "2026-11-30", "reveal_by": "2026-12-31"}
ONE_STRATUM: Final = [
    {"name": "all", "match": {"regime": "entertainment"}, "rate": [1, 3], "min": 1, "surprise": 0}
]

COUNTS_OF_DRAWS: Final = re.compile(
    r"/v1/(public/)?(draws|statistics)(/[^/?]+)?(\?|$)|/v1/(public/)?draws/[^/]+/record\.zip"
)
"""What says that the draw has its values now, and how many it drew: it may change, and must name nobody."""

BY_READER: Final = re.compile(
    r"/v1/(draws|draw-plans|visits|duties$|league-table/rows|recusal-requests|publications|dispositions)"
)
"""What is answered otherwise to one reader than to another."""

QUERY: Final = {
    "item": ITEM,
    "year": "2026",
    "region": REGION,
    "from": "2026-11",
    "to": "2026-12",
}
VARIANTS: Final[dict[str, list[str]]] = {
    "/v1/league-table": ["by=region", "by=station"],
    "/v1/league-table.xlsx": ["by=station"],
    "/v1/league-table/rows": [
        f"kind={kind}&limit=200" for kind in ("duty", "draw", "visit", "publication", "reveal", "appeal")
    ],
    "/v1/league-table/criticism": ["by=station"],
    "/v1/duties": ["limit=200", "state=visit-open&limit=200"],
    "/v1/duties/alarms": ["limit=200", "open_only=false&limit=200", "short=visit-not-done"],
    "/v1/entities": ["limit=200"],
    "/v1/statistics": ["by=item", "by=month"],
}


@dataclass
class County:
    """Venues of every level, one of them alone at its station, and officers for them."""

    journey: Journey
    house: House
    ids: dict[str, str] = field(default_factory=dict)
    """Ids of the premises by DR1 entity id."""
    path_values: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def opened(cls, journey: Journey, house: House, clock: Clock) -> "County":
        """Late in November: a draw of its last days is the last that serves the month."""
        clock.now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
        county = cls(journey, house)
        for n in range(6):
            columns: dict[str, Any] = {"regime": "entertainment", "subtype": "ktv", "level": n % 3 + 1}
            station = "102" if n == 4 else "101"
            known = columns | {"known_since": date(2026, 11, 1)}
            county.ids[f"src:v{n}"] = add_premises(house, f"src:v{n}", known, station=station)
        for n in range(8):  # who has room for all that the load of a quarter allows: each visit lessens it
            add_inspector(house, f"L{n}", lead=n < 4, cap=90)
        return county

    def names(self, key: str) -> set[str]:
        """What a premises is known by."""
        return {key, self.ids[key], f"场所{key}"}

    def plan(self, **changes: Any) -> str:
        """The id of a draft."""
        made = self.journey.call("planner", "POST", "/v1/draw-plans", json={**PLAN, **VISITS, **changes})
        assert made.status_code == 201, made.text
        found: str = made.json()["id"]
        return found

    def urls(self) -> Iterator[tuple[str, list[str]]]:
        """Every GET of the OpenAPI document with the roles that may ask it."""
        for path, operations in self.journey.client.get("/openapi.json").json()["paths"].items():
            asked = operations.get("get")
            if asked is None or not path.startswith("/v1/"):
                continue
            given = asked.get("parameters", [])
            names = [one["name"] for one in given if one["in"] == "path"]
            wanted = [one["name"] for one in given if one["in"] == "query" and one.get("required")]
            for values in itertools.product(*(self.path_values.get(name, [NOBODY]) for name in names)):
                url = path.format(**dict(zip(names, values, strict=True)))
                for variant in VARIANTS.get(path, [""]):
                    query = [f"{name}={QUERY[name]}" for name in wanted if name in QUERY]
                    for entity in [*self.ids] if "entity" in wanted else [None]:
                        said = [*query, *([variant] if variant else [])]
                        said += [] if entity is None else [f"entity={entity}"]
                        yield f"{url}?{'&'.join(said)}" if said else url, asked["x-roles"]

    def answers(self, *, of: str = "/v1/", only: str | None = None) -> dict[tuple[str, str], str]:
        """What each who is no dispatcher is told, by who and URL: of these URLs, or only to one role.

        What may differ by who asks is asked by all of them, the rest by one role after another.
        """
        told = {}
        for url, every in self.urls():
            roles = [one for one in every if one != Role.DISPATCHER and only in {None, one}]
            if only is None and not BY_READER.match(url):
                roles = [roles[crc32(url.encode()) % len(roles)]]
            for role in roles if re.match(of, url) else []:
                who = None if role == PUBLIC else role
                answer = self.journey.call(who, "GET", url)
                assert answer.status_code < 500, (who, url, answer.text)
                body = str(_cells(answer.content)) if ".xlsx?" in url else answer.text
                told[str(who), url] = f"{answer.status_code} {body}"
        return told


def _cells(content: bytes) -> object:
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def settled(told: str) -> str:
    """An answer without what names the draws themselves: that one waits, or has its values."""
    told = re.sub(r'\{"code":"draws-(waiting|undisclosed)".*?\]\}', "", told)
    return re.sub(r'"instance":"[^"]*"', "", told)


@pytest.fixture
def county(journey: Journey, house: House, clock: Clock) -> County:
    """A county with a committed draw, a further plan for all of it, and one that is cut to one venue."""
    found = County.opened(journey, house, clock)
    draw = journey.committed(**VISITS, strata=ONE_STRATUM)
    further = {"visit_from": "2026-12-01", "visit_to": "2026-12-05", "period": "2026-12.1"}
    alone = {"regimes": ["entertainment"], "levels": [2], "stations": ["102"]}
    plans = [found.plan(**further), found.plan(**further, scope=alone, strata=ONE_STRATUM)]
    found.path_values = {
        "entity_id": [*found.ids.values()],
        "regime": ["entertainment"],
        "plan_id": plans,
        "draw_id": [draw["id"]],
        "code": [ITEM, "L0"],
        "ending": ["ndjson"],
        "register": ["entities"],
        "year": ["2026"],
        "amendment_n": ["1"],
        "version": ["1"],
        "receipt": ["x" * 22],
        "named": ["src:v0"],
    }
    return found


def test_nobody_but_the_dispatcher_learns_from_any_read_who_was_drawn(
    county: County, journey: Journey, clock: Clock
) -> None:
    """Each answer before the draw has its values is the answer after, until the visits are disclosed."""
    (draw,) = county.path_values["draw_id"]
    clock.move(hours=2)
    journey.run_jobs()  # alarms are looked for
    before = county.answers()
    assert journey.give(draw, "dice-1", VALUES["dice-1"]).status_code == 200
    assert journey.give(draw, "lottery", VALUES["lottery"], who="witness-2").json()["state"] == "drawn"
    clock.move(hours=2)
    journey.run_jobs()
    after = county.answers()
    visits = journey.visits(draw)
    drawn = {visit["entity"] for visit in visits}
    assert {"src:v2", "src:v5"} <= drawn < {*county.ids}, "level 3 must, others may be drawn"

    assert before.keys() == after.keys()
    assert len({url for _, url in after}) > 200
    may_change = {one for one in after if COUNTS_OF_DRAWS.match(one[1])}
    told = {
        one: (before[one], after[one])
        for one in after.keys() - may_change
        if settled(before[one]) != settled(after[one])
    }
    assert not told
    secret = set().union(*(county.names(key) for key in county.ids), {visit["id"] for visit in visits})
    assert not [one for one in may_change for name in secret if f'"{name}"' in after[one]]

    # The same reads tell it once the visits are disclosed: the test does look where it can be seen.
    clock.now = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    journey.run_jobs()
    county.path_values["visit_id"] = [visits[0]["id"]]
    where = (
        r"/v1/league-table/rows.*visit",
        r"/v1/league-table\?.*station",
        r"/v1/duties\?state=visit-open",
        r"/v1/duties/alarms\?short=visit-not-done",
        r"/v1/visits$",
        f"/v1/visits/{visits[0]['id']}$",
        f"/v1/draw-plans/{county.path_values['plan_id'][0]}/preflight",
        r"/v1/entities/[^/]+/tickets",
    )
    later = county.answers(of="|".join(where))
    assert {url for _, url in later.keys() - after.keys()} == {f"/v1/visits/{visits[0]['id']}"}
    news = [url for (who, url), body in later.items() if body != after.get((who, url))]
    assert [one for one in where if not any(re.match(one, url) for url in news)] == []


def test_lists_that_know_of_an_earlier_draw_wait_for_its_disclosure(
    county: County, journey: Journey, clock: Clock
) -> None:
    """A later draw's lines and loads tell who was drawn before: nobody is asked about them, drawn or not."""
    (first,) = county.path_values["draw_id"]
    journey.give(first, "dice-1", VALUES["dice-1"])
    journey.give(first, "lottery", VALUES["lottery"], who="witness-2")
    further = {"visit_from": "2026-12-01", "visit_to": "2026-12-05", "period": "2026-12.2"}
    second = journey.committed(**{**VISITS, **further}, strata=ONE_STRATUM)["id"]

    def asked(draw: str, who: str) -> set[tuple[int, str | None]]:
        paths = [f"/v1/draws/{draw}/proof?entity={key}" for key in county.ids]
        if who != "planner":
            paths.append(f"/v1/draws/{draw}/exclusions")
        told = [journey.call(who, "GET", path) for path in paths]
        return {(one.status_code, one.json().get("type")) for one in told}

    for who in ("planner", "supervisor", "auditor"):
        assert asked(first, who) == {(200, None)}
        assert asked(second, who) == {(409, "/problems/not-disclosed-yet")}
    told = journey.call("dispatcher", "GET", f"/v1/draws/{second}/exclusions")
    assert told.status_code == 200, told.text
    journey.give(second, "dice-1", VALUES["dice-1"])
    journey.give(second, "lottery", VALUES["lottery"], who="witness-2")
    void(journey, second)
    records: list[tuple[str | None, str]] = [("auditor", f"/v1/draws/{second}/selection")]
    records += [("auditor", f"/v1/draws/{second}/record.zip?audience=audit")]
    records += [(None, f"/v1/public/draws/{second}/record.zip")]
    for reader, path in records:
        told = journey.call(reader, "GET", path)
        assert (told.status_code, told.json()["type"]) == (409, "/problems/not-disclosed-yet")
    clock.now = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    for who in ("planner", "supervisor", "auditor"):
        assert asked(second, who) == {(200, None)}
    for reader, path in records:
        assert journey.call(reader, "GET", path).status_code == 200


def test_an_officer_knows_only_that_he_has_a_visit(county: County, journey: Journey, house: House) -> None:
    """«own inspections only, from the disclosure time on»: nothing else that he may read names a premises."""
    (draw,) = county.path_values["draw_id"]
    journey.give(draw, "dice-1", VALUES["dice-1"])
    journey.give(draw, "lottery", VALUES["lottery"], who="witness-2")
    visits = journey.visits(draw)
    code = visits[0]["team"][0]["inspector"]
    with house.database.unit_of_work() as session:
        journey.keys["inspector"], _ = create_key(
            session,
            new_id=house.new_id(),
            role="inspector",
            region=REGION,
            name=code,
            now=house.clock(),
            inspector=code,
        )
    county.path_values["visit_id"] = [visits[0]["id"]]
    told = {url: body for (_, url), body in county.answers(only=Role.INSPECTOR).items()}
    assert '"disclosed":false' in told[f"/v1/visits/{visits[0]['id']}"]
    names = set().union(*(county.names(key) for key in county.ids))
    assert not [url for url, body in told.items() for name in names if f'"{name}"' in body]
