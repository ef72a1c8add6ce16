"""The main journey of spec/api.md as a test drives it: small registers, a plan, a draw."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response
from stdnum.cn import uscc

from app.deps import House
from app.jobs.imports import Imports
from app.jobs.worker import Worker
from app.services.access import create_key
from tests.conftest import REGION


def made_up_uscc(n: int) -> str:
    """A valid USCC of nobody: the check digit is right, the body is a count."""
    body = f"92410928MA{n:07d}"
    return body + uscc.calc_check_digit(body)


def entity_rows(count: int, *, regime: str = "entertainment", start: int = 1) -> list[dict[str, object]]:
    """Operating premises with levels 1 to 3 in turn, at two stations."""
    return [
        {
            "uscc": made_up_uscc(n),
            "name": f"样例场所{n}",
            "regime": regime,
            "subtype": {"entertainment": "ktv", "special_industry": "hotel", "fire_unit": "general"}.get(
                regime, ""
            ),
            "level": "" if regime in {"fire_unit", "internet_cafe"} else n % 3 + 1,
            "region": REGION,
            "station": "101" if n % 2 else "102",
        }
        for n in range(start, start + count)
    ]


def inspector_rows(count: int, *, agency: str = "psb", cap: int = 20) -> list[dict[str, object]]:
    """Officers, every other one a lead, qualified for everything in the county."""
    return [
        {
            "code": f"{agency}-{n:03d}",
            "name": f"样例人员{n}",
            "certificate_no": f"ZF{n:06d}",
            "certificate_to": "2030-12-31",
            "agency": agency,
            "lead": "true" if n % 2 else "false",
            "regimes": "entertainment;special_industry;fire_unit;internet_cafe",
            "districts": REGION,
            "cap": cap,
        }
        for n in range(1, count + 1)
    ]


def as_csv(rows: Sequence[dict[str, object]]) -> bytes:
    """Rows as a UTF-8 CSV with a header."""
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


PLAN: dict[str, Any] = {
    "item": "psb.venues",
    "region": REGION,
    "period": "2026-11.1",
    "scope": {"regimes": ["entertainment"], "levels": [], "stations": []},
    "strata": [
        {
            "name": f"level-{n}",
            "match": {"regime": "entertainment", "level": n},
            "rate": [n, 10],
            "min": 1,
            "surprise": 1,
        }
        for n in (1, 2, 3)
    ],
    "slots": [["agency:psb", "role:lead"], ["agency:psb"]],
    "entropy": {
        "kind": "ceremony",
        "sources": [
            {"name": "dice-1", "format": "digits:20"},
            {"name": "lottery", "format": "lotto:6/33+1/16"},
        ],
    },
    "visit_from": "2026-11-03",
    "visit_to": "2026-11-10",
    "reveal_by": "2026-12-31",
}
VALUES = {"dice-1": "01234567890123456789", "lottery": "03,09,17,21,28,33+06"}


@dataclass
class Journey:
    """Steps of the journey; each gives the response, so that a test says what it expects of it."""

    client: TestClient
    keys: dict[str, str]
    run_jobs: Callable[[], None]
    calls: int = field(default=0)

    @property
    def house(self) -> House:
        """The house of the service."""
        house: House = self.client.app.state.house  # type: ignore[attr-defined]  # the application, not any ASGI callable
        return house

    def call(self, who: str | None, method: str, path: str, **given: Any) -> Response:
        """One request as a caller, each POST under a key of its own unless one is given."""
        headers = dict(given.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = f"Bearer {self.keys[who]}"
        if method == "POST":
            self.calls += 1
            headers.setdefault("Idempotency-Key", f"call-{self.calls}")
        return self.client.request(method, path, headers=headers, **given)

    def load(
        self, register: str, rows: Sequence[dict[str, object]], *, who: str = "registrar", **options: str
    ) -> dict[str, Any]:
        """Import rows and give the finished job; nothing else of the worker's is done."""
        answer = self.call(
            who,
            "POST",
            "/v1/imports",
            files={"file": (f"{register}.csv", as_csv(rows))},
            data={"register": register, **options},
        )
        assert answer.status_code == 202, answer.text
        Worker(self.house, (Imports(),)).run_pending()
        job: dict[str, Any] = self.call(who, "GET", answer.headers["location"]).json()
        return job

    def settled(self, register: str, rows: Sequence[dict[str, object]]) -> dict[str, Any]:
        """Import rows, let the worker do all that follows from them, and give the finished job."""
        job = self.load(register, rows)
        self.run_jobs()
        return job

    def registers(self, *, entities: int = 30, inspectors: int = 8, cap: int = 20) -> None:
        """A small county's registers."""
        assert self.load("entities", entity_rows(entities))["result"]["created"] == entities
        assert self.load("inspectors", inspector_rows(inspectors, cap=cap))["result"]["created"] == inspectors

    def approved_plan(self, **changes: Any) -> str:
        """The id of a plan, drafted and approved."""
        answer = self.call("planner", "POST", "/v1/draw-plans", json={**PLAN, **changes})
        assert answer.status_code == 201, answer.text
        plan: str = answer.json()["id"]
        approved = self.call("approver", "POST", f"/v1/draw-plans/{plan}/approve", json={})
        assert approved.status_code == 200, approved.text
        return plan

    def committed(self, **changes: Any) -> dict[str, Any]:
        """A committed draw."""
        answer = self.call("planner", "POST", "/v1/draws", json={"draw_plan": self.approved_plan(**changes)})
        assert answer.status_code == 201, answer.text
        draw: dict[str, Any] = answer.json()
        return draw

    def give(self, draw: str, source: str, value: str, *, who: str = "witness") -> Response:
        """A witness gives a value."""
        return self.call(who, "POST", f"/v1/draws/{draw}/entropy", json={"source": source, "value": value})

    def drawn(self, **changes: Any) -> dict[str, Any]:
        """A draw whose random values were given by two witnesses."""
        draw = self.committed(**changes)
        assert self.give(draw["id"], "dice-1", VALUES["dice-1"]).status_code == 200
        last = self.give(draw["id"], "lottery", VALUES["lottery"], who="witness-2")
        assert last.status_code == 200, last.text
        return {**draw, **last.json()}

    def officer(self, code: str) -> str:
        """The name of a caller who is this officer; its key is made on first use."""
        if code not in self.keys:
            with self.house.database.unit_of_work() as session:
                self.keys[code], _ = create_key(
                    session,
                    new_id=self.house.new_id(),
                    role="inspector",
                    region=REGION,
                    name=code,
                    now=self.house.clock(),
                    inspector=code,
                )
        return code

    def visits(self, draw: str) -> list[dict[str, Any]]:
        """A draw's visits as the dispatcher sees them, in the order drawn."""
        found = self.call("dispatcher", "GET", "/v1/visits", params={"draw": draw, "limit": 200}).json()
        return sorted(found["items"], key=lambda visit: visit["seq_in_draw"])

    def team(self, visit: dict[str, Any]) -> list[str]:
        """The callers who are the visit's officers, by place."""
        return [self.officer(seat["inspector"]) for seat in visit["team"]]

    def work(self, who: str, visit: dict[str, Any], step: str, **body: Any) -> Response:
        """A step of an officer at a visit, such as `check-in`."""
        return self.call(who, "POST", f"/v1/visits/{visit['id']}/{step}", json=body)

    def go(self, visit: dict[str, Any]) -> None:
        """The whole team comes and leaves."""
        for step in ("check-in", "check-out"):
            for who in self.team(visit):
                answer = self.work(who, visit, step)
                assert answer.status_code == 200, answer.text

    def submit_clean(self, visit: dict[str, Any]) -> None:
        """The first of the team records that everything conforms, and submits."""
        lead = self.team(visit)[0]
        record = {
            "client_ref": "tablet-1",
            "revision": 0,
            "answers": [{"entry": entry["id"], "reply": "conforms"} for entry in visit["checklist"]],
            "signature": {"signed": True, "signer": "现场负责人"},
            "codes": ["01"],
        }
        saved = self.call(lead, "PUT", f"/v1/visits/{visit['id']}/record", json=record)
        assert saved.status_code == 200, saved.text
        submitted = self.work(lead, visit, "submit")
        assert submitted.status_code == 200, submitted.text

    def publish(self, visit: dict[str, Any], *, steps: int = 4) -> None:
        """Four people take the visit's result to the public, or the first of them some of the way."""
        people = (self.team(visit)[0], "reviewer", "approver", "approver-2")
        for who, step in list(zip(people, ("submit", "review", "approve", "publish"), strict=True))[:steps]:
            answer = self.call(who, "POST", f"/v1/publications/{visit['id']}/{step}", json={})
            assert answer.status_code == 200, answer.text

    def find_nobody(self, draw: str) -> None:
        """One attempt at every visit that is not finished, today."""
        for visit in self.visits(draw):
            answer = self.work(self.team(visit)[0], visit, "attempts")
            assert answer.status_code == 200, answer.text
