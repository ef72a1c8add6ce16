"""A registrar's desk with source systems on loopback: entered from the templates, pulled at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi.testclient import TestClient

from app.domain.registers import EntityRow, RiskEventRow
from samples.county.systems import systems
from samples.source_server import Served, SourceServer
from tests.conftest import REGION
from tests.registers_desk import Desk, uscc

HOTEL = EntityRow(
    uscc=uscc(1),
    premises=1,
    source="hotel-system",
    source_key="HO1",
    name="甲大酒店",
    regime="special_industry",
    subtype="hotel",
    level=2,
    status="operating",
    address="麦集镇稻香路1号",
    region=REGION,
    station="003",
    legal_rep="某甲",
    licence_no="特〔2020〕1号",
    licence_to=date(2028, 6, 30),
    registered_on=date(2020, 3, 7),
    key_area=False,
)
"""A hotel of level 2; others differ from it."""


EVERY_HOTEL: dict[str, Any] = {
    "item": "psb.special-industry",
    "scope": {"regimes": ["special_industry"], "levels": [], "stations": []},
    "strata": [
        {"name": "all", "match": {"regime": "special_industry"}, "rate": [1, 1], "min": 1, "surprise": 0}
    ],
}
"""What a draw plan says that draws every hotel."""


def hotel(number: int, **changed: Any) -> EntityRow:
    """Another hotel: its USCC, key, name and address follow from its number."""
    plain = {
        "uscc": uscc(number),
        "source_key": f"HO{number}",
        "name": f"{_word(number)}大酒店",
        "address": f"{_word(number)}镇{_word(number + 7)}路{number}号",
    }
    return replace(HOTEL, **{**plain, **changed})


def fire_unit(of: EntityRow, **changed: Any) -> EntityRow:
    """The same premises as an organisation under fire supervision."""
    plain: dict[str, Any] = {"regime": "fire_unit", "subtype": "general", "level": None}
    return replace(of, **{**plain, **changed})


def _word(number: int) -> str:
    """Two characters that no other number has."""
    return chr(0x4E00 + 37 * number) + chr(0x5E00 + 53 * number)


def server_of(entities: Iterable[EntityRow], events: Iterable[RiskEventRow] = ()) -> SourceServer:
    """The systems of some premises."""
    return SourceServer(systems([*entities], [*events]))


@dataclass
class SourcesDesk(Desk):
    """The desk beside a server of source systems."""

    client: TestClient
    keys: dict[str, str]
    run_jobs: Callable[[], None]
    server: SourceServer

    def served(self, name: str) -> Served:
        """A system as it is served."""
        return self.server.served[name]

    def enter(self, name: str, **configuration: Any) -> dict[str, Any]:
        """Enter a source from its template."""
        given = {"region": REGION, "url": f"{self.server.url}/{name}/records", **configuration}
        secret = self.server.served[name].system.secret
        answer = self.ask(
            "POST", "/v1/sources", json={"template": name, "configuration": given, "secret": secret}
        )
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def pull(self, name: str, **options: Any) -> dict[str, Any]:
        """Run a source, and give the run when the worker has nothing left to do."""
        answer = self.ask("POST", f"/v1/sources/{name}/runs", json=options)
        assert answer.status_code == 202, answer.text
        self.run_jobs()
        found: dict[str, Any] = self.get(answer.headers["location"])
        return found

    def last_run(self, name: str) -> dict[str, Any]:
        """The newest run of a source."""
        newest = self.get(f"/v1/sources/{name}/runs?limit=1")["items"][0]
        found: dict[str, Any] = self.get(f"/v1/sources/{name}/runs/{newest['id']}")
        return found

    def alarms(self, name: str) -> list[str]:
        """The kinds of alarm that stand about a source."""
        return [alarm["kind"] for alarm in self.get(f"/v1/sources/{name}")["alarms"]]

    def register(self) -> dict[str, Mapping[str, Any]]:
        """Every entity by its DR1 id."""
        found = self.get("/v1/entities?limit=200")["items"]
        assert len(found) < 200
        return {one["key"]: one for one in found}

    def pairs(self, state: str = "open") -> list[dict[str, Any]]:
        """The pairs in a state."""
        found: list[dict[str, Any]] = self.get(f"/v1/source-matches?limit=200&state={state}")["items"]
        return found


def counts(run: Mapping[str, Any]) -> tuple[int, ...]:
    """What a run created, updated, left unchanged, rejected and did not see."""
    return tuple(run[name] for name in ("created", "updated", "unchanged", "rejected", "not_seen"))
