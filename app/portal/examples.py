"""Examples for the explorer that run as they stand on the sample county that `make run` loads."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

PARAMETERS: Mapping[str, str] = MappingProxyType(
    {
        "entity_id": "92410928MAEMWCAG3J",
        "entity": "92410928MAU4DFH57H",
        "regime": "special_industry",
        "draw_id": "1",
        "code": "g468f5q",
        "item": "psb.special-industry",
    }
)
"""By parameter name; a draw may be named by its number in the log, and the sample draw is number 1."""

ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "plan_id": "POST /v1/draw-plans",
        "visit_id": "GET /v1/visits",
        "publication_id": "GET /v1/publications",
        "visit_code": "POST /v1/visits/{visit_id}/code",
        "job_id": "POST /v1/imports",
        "event_id": "GET /v1/entities/{entity_id}/risk-events",
        "recusal_id": "GET /v1/recusals",
        "absence_id": "GET /v1/inspectors/{code}/absences",
        "evidence_id": "GET /v1/visits/{visit_id}/evidence",
        "disposition_id": "GET /v1/dispositions",
        "result_id": "GET /v1/public/results",
        "named": "GET /v1/public/results",
        "digest": "GET /v1/policies",
    }
)
"""Ids that only a call gives: which one."""

_CSV = "统一社会信用代码,名称,监管类别,行政区划\\n92410928MAEMWCAG3J,沐堤玖大酒店,特种行业,410928\\n"
BODIES: Mapping[str, Any] = MappingProxyType(
    {
        "imports_import_file": {"file": _CSV, "register": "entities", "dry_run": True},
        "evidence_add": {"file": "（JPEG、PNG、WebP 或 PDF 文件）", "sha256": "0" * 64},
        "visit_records_submit": {},
        "draws_reveal": {},
        "draws_approve_void": {},
        "draws_reject_void": {},
        "visits_approve": {},
        "visits_give_code": {},
        "visits_check_in": {},
        "visits_check_out": {},
        "visits_attempt": {},
        "publications_submit": {},
        "publications_review": {},
        "publications_approve": {},
        "publications_publish": {},
    }
)
"""By operation id, where the schema itself has no example."""


def add_to(operation: dict[str, Any]) -> None:
    """Give an operation's parameters and body their examples."""
    for parameter in operation.get("parameters", ()):
        name, own = parameter["name"], parameter["schema"].get("examples")
        if own:
            parameter["example"] = own[0]
        elif name in PARAMETERS and "enum" not in parameter["schema"]:
            parameter.setdefault("example", PARAMETERS[name])
        elif name in ELSEWHERE:
            parameter["description"] = f"由 {ELSEWHERE[name]} 给出 (an id that {ELSEWHERE[name]} gives)"
    body = BODIES.get(operation["operationId"])
    if body is not None:
        for content in operation["requestBody"]["content"].values():
            content["example"] = body
