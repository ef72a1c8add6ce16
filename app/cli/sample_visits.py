"""The sample draw's visits: each team comes, records and submits, and each result becomes public."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx

from app.deps import House, new_uuid7, utc_now
from app.domain.access import Role
from app.domain.working_days import FIXED_DAYS_OFF
from app.services.access import create_key

Call = Callable[..., Awaitable[httpx.Response]]
"""`call(key, method, path, step, **body)`: one request under a key, made once however often it is sent."""


def officers_keys(house: House, codes: list[str], *, region: str, path: Path) -> dict[str, str]:
    """A key for each officer of the sample register, made once and kept in `path`, by the officer's code."""
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    with house.database.unit_of_work() as session:
        for code in (code for code in codes if code not in kept):
            kept[code], _ = create_key(
                session,
                new_id=new_uuid7(),
                role=Role.INSPECTOR,
                region=region,
                name=f"dev officer {code}",
                now=utc_now(),
                inspector=code,
            )
        written = path.with_suffix(".tmp")
        written.touch(mode=0o600)
        written.write_text(json.dumps(kept, indent=1), encoding="utf-8")
        written.rename(path)
    return kept


@dataclass(frozen=True, slots=True)
class SampleVisits:
    """The visits of a draw, carried out today over the service's own HTTP interface."""

    call: Call
    keys: dict[str, str]
    officers: dict[str, str]

    async def prepare_calendar(self, today: date) -> None:
        """Enter a made-up calendar for a year whose notice is not known, since no deadline counts in it."""
        for year in (today.year, today.year + 1):
            path = f"/v1/calendar-days/{year}"
            known = await self.call(self.keys["admin"], "GET", path, "")
            if known.json()["source"] is None:
                days = [
                    {"day": date(year, month, day).isoformat(), "working": False, "name": "法定节假日"}
                    for month, day in FIXED_DAYS_OFF
                ]
                entered = {"source": "样例日历，不作依据（made up for the sample county）", "days": days}
                seen = {"If-Match": known.headers["etag"]}
                await self.call(self.keys["admin"], "PUT", path, "", json=entered, headers=seen)

    async def carry_out(self, draw_id: str, today: date) -> int:
        """Carry out every visit of the draw and publish its result; gives how many there were."""
        listed = await self.call(
            self.keys["dispatcher"], "GET", "/v1/visits", "", params={"draw": draw_id, "limit": 200}
        )
        visits: list[dict[str, Any]] = listed.json()["items"]
        for visit in visits:
            if visit["state"] != "closed":
                await self._visit(visit, today)
                await self._publish(visit)
        return len(visits)

    async def _visit(self, visit: dict[str, Any], today: date) -> None:
        team = [self.officers[officer["inspector"]] for officer in visit["team"]]
        path = f"/v1/visits/{visit['id']}"
        day = {"visit_on": today.isoformat(), "disclose_from": "00:00"}
        await self.call(team[0], "POST", f"{path}/schedule", f"{visit['id']}-day", json=day)
        for step in ("check-in", "check-out"):
            for place, key in enumerate(team):
                await self.call(key, "POST", f"{path}/{step}", f"{visit['id']}-{step}-{place}", json={})
        record = {"client_ref": "sample-1", "revision": 0, **_record(visit)}
        await self.call(team[0], "PUT", f"{path}/record", "", json=record)
        await self.call(team[0], "POST", f"{path}/submit", f"{visit['id']}-submit", json={})

    async def _publish(self, visit: dict[str, Any]) -> None:
        """Four people, one after another: an officer, the reviewer, and two approvers."""
        steps = (
            ("submit", self.officers[visit["team"][0]["inspector"]]),
            ("review", self.keys["reviewer"]),
            ("approve", self.keys["approver"]),
            ("publish", self.keys["approver-2"]),
        )
        for step, key in steps:
            path = f"/v1/publications/{visit['id']}/{step}"
            await self.call(key, "POST", path, f"{visit['id']}-public-{step}", json={})


def _record(visit: dict[str, Any]) -> dict[str, Any]:
    """A made-up record: the first premises of the draw has a finding, the others have none."""
    found = visit["seq_in_draw"] == 1
    entries = [entry["id"] for entry in visit["checklist"]]
    answers = [
        {"entry": entry, "reply": "does_not" if found and entry == entries[0] else "conforms"}
        for entry in entries
    ]
    finding = {
        "ref": "f1",
        "entry": entries[0],
        "severity": "minor",
        "clause": "样例条款",
        "text": "样例问题：登记事项变更后未及时备案",
    }
    return {
        "answers": answers,
        "findings": [finding] if found else [],
        "signature": {"signed": True, "signer": "现场负责人"},
        "codes": ["05", "21"] if found else ["01"],
    }
