"""A drawn draw whose teams change: what the dispatcher, the registrar and the witness do about it."""

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from httpx2 import Response

from app.adapters import drand_bls
from app.adapters.record_files import open_record
from app.domain.draw.entropy import QUICKNET, BlsCheck, Chain
from app.domain.draw.verifier.verify import verify
from tests.api.journey import Journey
from tests.conftest import Clock

THROWN = "98765432109876543210"


@dataclass
class AmendmentDesk:
    """One draw, its visits open from the next day on."""

    journey: Journey
    clock: Clock
    draw: dict[str, Any]
    days: tuple[str, str] = ("2026-11-02", "2026-12-31")
    """On which somebody is absent or recused."""

    @property
    def path(self) -> str:
        """Of the draw."""
        return f"/v1/draws/{self.draw['id']}"

    def visits(self) -> list[dict[str, Any]]:
        """Its visits, in the order drawn."""
        return self.journey.visits(self.draw["id"])

    def absent(self, code: str) -> None:
        """The registrar enters that an officer is away."""
        body = {"starts_on": self.days[0], "ends_on": self.days[1], "reason": "病假"}
        answer = self.journey.call("registrar", "POST", f"/v1/inspectors/{code}/absences", json=body)
        assert answer.status_code == 201, answer.text

    def recused(self, code: str, entity: str, *, who: str = "registrar") -> None:
        """The registrar enters a ground for recusal."""
        days = {"from": self.days[0], "to": self.days[1]}
        body = {"inspector": code, "entity": entity, "relation": "spouse", **days}
        answer = self.journey.call(who, "POST", "/v1/recusals", json=body)
        assert answer.status_code == 201, answer.text

    def amend(self, kind: str, *, who: str = "dispatcher", **members: Any) -> Response:
        """Ask for an amendment."""
        return self.journey.call(who, "POST", f"{self.path}/amendments", json={"kind": kind, **members})

    def amended(self, kind: str, **members: Any) -> dict[str, Any]:
        """Log an amendment."""
        answer = self.amend(kind, **members)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def throw(
        self, n: int, value: str | None = None, *, who: str = "witness", source: str = "amendment"
    ) -> Response:
        """A witness reads the dice of an amendment aloud, which fall otherwise each time."""
        body = {"source": source, "value": value or f"{int(THROWN) + n - 1}"}
        return self.journey.call(who, "POST", f"{self.path}/amendments/{n}/entropy", json=body)

    def thrown(self, n: int, value: str | None = None) -> dict[str, Any]:
        """The random value of an amendment, taken."""
        answer = self.throw(n, value)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def one(self, n: int) -> dict[str, Any]:
        """An amendment as the dispatcher reads it."""
        found: dict[str, Any] = self.journey.call("dispatcher", "GET", f"{self.path}/amendments/{n}").json()
        return found

    def finish(self) -> None:
        """Every visit that has not begun takes place; two attempts where that is not possible."""
        for visit in self.visits():
            if visit["state"] == "planned":
                self.journey.go(visit)
                self.journey.submit_clean(visit)

    def revealed(self) -> bytes:
        """The audit record after the reveal."""
        answer = self.journey.call("dispatcher", "POST", f"{self.path}/reveal", json={})
        assert answer.status_code == 200, answer.text
        record = self.journey.call("auditor", "GET", f"{self.path}/record.zip?audience=audit")
        assert record.status_code == 200, record.text
        return record.content

    def checks(
        self, record: bytes, folder: Path, *, chain: Chain = QUICKNET, bls: BlsCheck = drand_bls.verify
    ) -> dict[str, str]:
        """What the verifier says of a record, by check."""
        path = folder / "record.zip"
        path.write_bytes(record)
        with open_record(path) as opened:
            report = verify(opened, bls=bls, chains=[chain], commitment=self.draw["commitment"])
        return {check.check: check.status for check in report.checks}


def lines_of(record: bytes, name: str) -> list[Any]:
    """The lines of a file of a record."""
    with zipfile.ZipFile(BytesIO(record)) as opened:
        return [json.loads(line) for line in opened.read(name).splitlines()]


def codes(visit: dict[str, Any]) -> list[str]:
    """The officers of a visit, by place."""
    return [seat["inspector"] for seat in visit["team"]]
