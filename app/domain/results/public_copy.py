"""The public copy 公示文书 of a result: redacted by rule when it is published, then frozen and hashed.

What it shows of natural persons: officers by their code and agency, without names (个人信息保护法 art. 6; the
codes are those of the draw's audit record, so an auditor can see that the team dealt is the team that came);
of the inspected party the registered name and code (企业信息公示暂行条例 art. 6), and whether it signed and
made a statement, not what it said.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.draw.basics.canonical import canonical_json
from app.domain.fieldwork.codes import VIOLATIONS
from app.domain.fieldwork.result import Consequence, VisitResult
from app.domain.results.redaction import RULE, redact, redact_marks
from app.domain.results.states import Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """Which version of a result a copy is.

    Attributes:
        version: from 1.
        published_at: when it became public.
        reason: why it follows the version before; None for the first.
        previous: SHA-256 of the version before; None for the first.
    """

    version: int
    published_at: datetime
    reason: str | None = None
    previous: str | None = None


def public_copy(result: VisitResult, *, names: Iterable[str] = ()) -> dict[str, Any]:
    """Give what the public may know of a result, as a JSON object.

    Args:
        result: what was submitted.
        names: natural persons whom the registers know to be concerned.
    """
    known = tuple(names)
    places = {finding.ref: number for number, finding in enumerate(result.findings, start=1)}
    copy: dict[str, Any] = {
        "visit": result.visit_id,
        "kind": result.kind,
        "draw": result.draw_id,
        "period": result.period,
        "item": result.item,
        "item_version": result.item_version,
        "region": result.region,
        "regimes": list(result.regimes),
        "entity": {
            "key": public_key(result.entity_key),
            "name": public_name(result.entity_name),
            "uscc": uscc_of(result.entity_key),
        },
        "ended_on": None if result.ended_on is None else result.ended_on.isoformat(),
        "codes": list(result.codes),
        "findings": [
            {
                "number": places[finding.ref],
                "entry": finding.entry,
                "severity": finding.severity.value,
                "clause": redact_marks(finding.clause, names=known),
                "text": redact(finding.text, names=known),
            }
            for finding in result.findings
        ],
        "dispositions": [_disposition(one, places) for one in result.dispositions],
        "officers": [{"code": one.code, "agency": one.agency} for one in result.officers],
        "statement": result.statement,
        "signature": result.signature,
        "redaction": RULE,
    }
    if len(result.items) > 1:
        copy["items"] = list(result.items)
    if result.agencies:
        _mark_parts(copy, result)
    return copy


def _mark_parts(copy: dict[str, Any], result: VisitResult) -> None:
    """Say of a joint inspection 联合抽查 who took part, and whose each finding and its consequence is."""
    copy["agencies"] = list(result.agencies)
    entries = {one.ref: one.entry for one in result.findings}
    for shown, finding in zip(copy["findings"], result.findings, strict=True):
        shown["agency"] = result.agency_of(finding.entry)
    for shown, one in zip(copy["dispositions"], result.dispositions, strict=True):
        shown["agency"] = result.agency_of(entries.get(one.finding or ""))


def _disposition(one: Consequence, places: Mapping[str, int]) -> dict[str, Any]:
    return {
        "finding": None if one.finding is None else places.get(one.finding),
        "kind": one.kind,
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "amount_cny": one.amount_cny,
        "months": one.months,
        "state": one.state,
        "done_on": None if one.done_on is None else one.done_on.isoformat(),
    }


def edition_copy(body: Mapping[str, Any], edition: Edition) -> dict[str, Any]:
    """Give a version's document: the copy, and its place in the chain."""
    return {**_place(edition), "withdrawn": False, "result": dict(body)}


def withdrawal_copy(visit_id: str, edition: Edition, ground: Ground) -> dict[str, Any]:
    """Give the document of a withdrawal 撤销: that there was a result, and why it is no longer shown."""
    return {**_place(edition), "withdrawn": True, "ground": ground.value, "result": {"visit": visit_id}}


def removed_copy(visit_id: str) -> dict[str, Any]:
    """Give what stands in place of a document that was taken off the public register; its digest stays."""
    return {"removed": True, "result": {"visit": visit_id}}


def _place(edition: Edition) -> dict[str, Any]:
    at = edition.published_at.isoformat().replace("+00:00", "Z")
    return {
        "version": edition.version,
        "published_at": at,
        "reason": None if edition.reason is None else redact(edition.reason),
        "previous": edition.previous,
    }


def copy_sha256(document: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a document's canonical JSON (RFC 8785), in lowercase hex."""
    return hashlib.sha256(canonical_json(dict(document))).hexdigest()


def found(result: VisitResult) -> bool:
    """Tell whether a violation was found."""
    return not VIOLATIONS.isdisjoint(result.codes)


def uscc_of(entity_key: str) -> str | None:
    """Give the USCC 统一社会信用代码 in an entity id, None where a source's key names the entity."""
    holder = entity_key.partition("#")[0]
    return None if ":" in holder else holder


def public_key(entity_key: str) -> str:
    """Give an entity id; a source's key that is somebody's number is hidden."""
    return entity_key if uscc_of(entity_key) is not None else redact_marks(entity_key)


def public_name(entity_name: str) -> str:
    """Give a registered name without numbers that are somebody's."""
    return redact_marks(entity_name)
