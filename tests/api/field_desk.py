"""A visit under way, and the papers that its officers hand in."""

import hashlib
from dataclasses import dataclass
from typing import Any

from httpx2 import Response

from tests.api.journey import Journey, entity_rows, inspector_rows, made_up_uscc

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00made up\xff\xd9"
FINDING: dict[str, Any] = {
    "ref": "f1",
    "entry": "2",
    "severity": "minor",
    "clause": "娱乐场所管理条例 第二十条",
    "text": "安全责任制度未公示",
}
SIGNED: dict[str, Any] = {"signed": True, "signer": "现场负责人", "reason": None, "witness": None}


@dataclass
class FieldDesk:
    """One visit and the two officers who make it."""

    journey: Journey
    visit: dict[str, Any]

    @classmethod
    def opened(
        cls,
        journey: Journey,
        *,
        inspectors: int = 8,
        day: str = "2026-11-02",
        until: str | None = None,
        item: str = "psb.venues",
        regime: str = "entertainment",
        agency: str = "psb",
    ) -> "FieldDesk":
        """An emergency visit of today: it needs no draw and no waiting."""
        assert journey.load("entities", entity_rows(2, regime=regime))["result"]["created"] == 2
        officers = inspector_rows(inspectors, agency=agency)
        assert journey.load("inspectors", officers)["result"]["created"] == inspectors
        asked = {
            "kind": "emergency",
            "entity": made_up_uscc(1),
            "item": item,
            "reason": "突发警情",
            "visit_from": day,
            "visit_to": until or day,
            "inspectors": [f"{agency}-001", f"{agency}-002"],
        }
        answer = journey.call("planner", "POST", "/v1/visits", json=asked)
        assert answer.status_code == 201, answer.text
        return cls(journey, answer.json())

    @classmethod
    def visited(cls, journey: Journey, **given: Any) -> "FieldDesk":
        """The same, its officers having come and left."""
        desk = cls.opened(journey, **given)
        journey.go(desk.visit)
        return desk

    @property
    def path(self) -> str:
        """Of the visit."""
        return f"/v1/visits/{self.visit['id']}"

    @property
    def lead(self) -> str:
        """The caller in the first place."""
        return self.journey.team(self.visit)[0]

    @property
    def second(self) -> str:
        """The caller in the second place."""
        return self.journey.team(self.visit)[1]

    def body(self, *, found: bool = True, codes: list[str] | None = None) -> dict[str, Any]:
        """A complete record: entry 2 fails, or everything conforms."""
        return {
            "answers": [
                {
                    "entry": entry["id"],
                    "reply": "does_not" if found and entry["id"] == "2" else "conforms",
                    "reason": None,
                }
                for entry in self.visit["checklist"]
            ],
            "findings": [FINDING] if found else [],
            "statement": "立即整改",
            "signature": SIGNED,
            "codes": codes if codes is not None else ["05", "21"] if found else ["01"],
        }

    def save(
        self, body: dict[str, Any], ref: str, *, who: str | None = None, revision: int | None = 0, **more: Any
    ) -> Response:
        """A draft as an officer sends it."""
        sent = {**body, "client_ref": ref}
        if revision is not None:
            sent["revision"] = revision
        return self.journey.call(who or self.lead, "PUT", f"{self.path}/record", json=sent, **more)

    def submitted(self, **given: Any) -> "FieldDesk":
        """The record saved and submitted."""
        saved = self.save(self.body(**given), "final")
        assert saved.status_code == 200, saved.text
        answer = self.submit()
        assert answer.status_code == 200, answer.text
        return self

    def submit(self, who: str | None = None, **body: Any) -> Response:
        """Hand the record in."""
        return self.journey.call(who or self.lead, "POST", f"{self.path}/submit", json=body)

    def upload(
        self, content: bytes = JPEG, *, who: str | None = None, name: str = "photo.jpg", sha256: str = ""
    ) -> Response:
        """Hand in a piece of evidence."""
        return self.journey.call(
            who or self.lead,
            "POST",
            f"{self.path}/evidence",
            files={"file": (name, content)},
            data={"sha256": sha256 or hashlib.sha256(content).hexdigest()},
        )

    def dispose(self, who: str | None = None, **terms: Any) -> Response:
        """Record a disposition."""
        return self.journey.call(who or self.lead, "POST", f"{self.path}/dispositions", json=terms)

    def close(self, disposition: dict[str, Any], who: str | None = None, **changes: Any) -> Response:
        """Close a disposition, having just read it."""
        path = f"/v1/dispositions/{disposition['id']}"
        tag = self.journey.call("auditor", "GET", path).headers["etag"]
        return self.journey.call(who or self.lead, "PATCH", path, json=changes, headers={"If-Match": tag})
