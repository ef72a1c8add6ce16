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
        "source_id": "GET /v1/sources",
        "run_id": "GET /v1/sources/{source_id}/runs",
        "match_id": "GET /v1/source-matches",
        "event_id": "GET /v1/entities/{entity_id}/risk-events",
        "rating_id": "GET /v1/entities/{entity_id}/credit-classes",
        "recusal_id": "GET /v1/recusals",
        "absence_id": "GET /v1/inspectors/{code}/absences",
        "training_id": "GET /v1/inspectors/{code}/trainings",
        "qualification_id": "GET /v1/inspectors/{code}/qualifications",
        "assignment_id": "GET /v1/inspector-assignments",
        "candidate_id": "GET /v1/recusal-candidates",
        "alert_id": "GET /v1/kin-alerts",
        "evidence_id": "GET /v1/visits/{visit_id}/evidence",
        "disposition_id": "GET /v1/dispositions",
        "request_id": "GET /v1/recusal-requests",
        "receipt": "POST /v1/public/recusal-requests",
        "appeal_receipt": "POST /v1/public/appeals",
        "amendment_n": "GET /v1/draws/{draw_id}/amendments",
        "appeal_id": "GET /v1/appeals",
        "result_id": "GET /v1/public/results",
        "named": "GET /v1/public/results",
        "digest": "GET /v1/policies",
        "policy_id": "GET /v1/policies",
        "calendar_id": "GET /v1/calendar",
        "calendar_draw_id": "GET /v1/calendar",
        "adhoc_id": "GET /v1/calendar/ad-hoc",
        "case_id": "GET /v1/registrar-cases",
    }
)
"""Ids that only a call gives: which one."""

_CSV = "统一社会信用代码,名称,监管类别,行政区划\\n92410928MAEMWCAG3J,沐堤玖大酒店,特种行业,410928\\n"
BODIES: Mapping[str, Any] = MappingProxyType(
    {
        "imports_import_file": {"file": _CSV, "register": "entities", "dry_run": True},
        "calendar_days_enter_file": {
            "file": "日期,上班,节日\\n2027-01-01,否,元旦\\n2027-05-01,否,劳动节\\n2027-10-01,否,国庆节\\n"
            "2027-10-02,否,国庆节\\n2027-10-03,否,国庆节\\n",
            "source": "国务院办公厅关于2027年部分节假日安排的通知",
            "dry_run": True,
        },
        "evidence_add": {"file": "（JPEG、PNG、WebP 或 PDF 文件）", "sha256": "0" * 64},
        "visit_records_submit": {},
        "draws_reveal": {},
        "inspector_assignments_approve_assignment": {},
        "recusal_candidates_search": {},
        "draws_approve_void": {},
        "draws_reject_void": {},
        "extensions_approve": {"note": "同意延期"},
        "visits_approve": {},
        "visits_give_code": {},
        "visits_check_in": {},
        "visits_check_out": {},
        "visits_attempt": {},
        "publications_submit": {},
        "publications_review": {},
        "publications_approve": {},
        "publications_publish": {},
        "appeals_accept": {},
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
