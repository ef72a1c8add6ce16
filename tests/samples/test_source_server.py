"""The sample source systems as a program: what README says of them."""

import json
from pathlib import Path

import httpx

from samples.source_server import HEADER, MODES, SourceServer, county_systems

FOLDER = Path(__file__).parents[2] / "samples"


def test_the_county_is_served_as_six_lists_with_switches() -> None:
    """Each behind its own secret; a switch is known and told, an unknown one is refused."""
    with SourceServer(county_systems(FOLDER)).running() as server, httpx.Client(base_url=server.url) as web:
        told = {one["system"]: one for one in web.get("/").json()["systems"]}
        assert {name: one["records"] for name, one in told.items()} == {
            name: len(one.system.records) for name, one in server.served.items()
        }
        assert len(told) == 6
        assert min(one["records"] for one in told.values()) > 40
        cafe = told["cafe-system"]
        assert web.get(cafe["records_at"]).status_code == 401
        page = web.get(cafe["records_at"], headers={HEADER: cafe["secret"]})
        assert len(page.text.splitlines()) == 25
        assert "next" in page.links
        assert web.get("/nowhere/records").status_code == 404

        switched = web.post("/cafe-system/switch", content=json.dumps({"mode": "down"}))
        assert (switched.status_code, switched.json()["mode"]) == (200, "down")
        assert web.get(cafe["records_at"], headers={HEADER: cafe["secret"]}).status_code == 503
        assert web.post("/cafe-system/switch", content=b'{"mode": "gone"}').status_code == 404
        assert "down" in MODES
        shrunk = web.post("/cafe-system/switch", content=b'{"mode": "shrunk"}').json()
        assert shrunk["records"] == -(-cafe["records"] // 10)
