"""The record of a visit 检查记录: answers to the checklist, findings, statement, signature and result codes.

A draft may be incomplete, but what it names must be the visit's. What is submitted must be complete, and its
codes, answers and findings must tell one story.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.domain.errors import FieldError
from app.domain.fieldwork.codes import ATTEMPT, CLEAN, NOT_INSPECTED, RESULT_CODES, VIOLATIONS, conflict


class Reply(StrEnum):
    """How an entry of the checklist was answered."""

    CONFORMS = "conforms"
    DOES_NOT = "does_not"
    NOT_APPLICABLE = "not_applicable"
    NOT_CHECKED = "not_checked"


class Severity(StrEnum):
    """How bad a finding is."""

    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer 检查情况 to one entry; `not_checked` needs a reason in the end."""

    entry: str
    reply: Reply
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding 发现的问题: `ref` names it in this record; without an entry it lies outside the checklist."""

    ref: str
    entry: str | None
    severity: Severity
    clause: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The inspected party's signature 签字, or its refusal with the reason and a witness 见证人."""

    signed: bool
    signer: str | None = None
    reason: str | None = None
    witness: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The record as far as it goes; `statement` is the inspected party's own 陈述."""

    answers: tuple[Answer, ...] = ()
    findings: tuple[Finding, ...] = ()
    statement: str | None = None
    signature: Signature | None = None
    codes: tuple[str, ...] = ()


NOTHING: Final = Record()


def record_of(document: Mapping[str, Any]) -> Record:
    """Read a record from its stored form."""
    signature = document["signature"]
    return Record(
        answers=tuple(Answer(**{**one, "reply": Reply(one["reply"])}) for one in document["answers"]),
        findings=tuple(
            Finding(**{**one, "severity": Severity(one["severity"])}) for one in document["findings"]
        ),
        statement=document["statement"],
        signature=None if signature is None else Signature(**signature),
        codes=tuple(document["codes"]),
    )


def document_of(record: Record) -> dict[str, Any]:
    """Give a record in its stored form, a JSON object; codes are sorted."""
    signature = record.signature
    return {
        "answers": [
            {"entry": one.entry, "reply": one.reply.value, "reason": one.reason} for one in record.answers
        ],
        "findings": [
            {
                "ref": one.ref,
                "entry": one.entry,
                "severity": one.severity.value,
                "clause": one.clause,
                "text": one.text,
            }
            for one in record.findings
        ],
        "statement": record.statement,
        "signature": None
        if signature is None
        else {
            "signed": signature.signed,
            "signer": signature.signer,
            "reason": signature.reason,
            "witness": signature.witness,
        },
        "codes": sorted(record.codes),
    }


def draft_faults(record: Record, entries: Collection[str]) -> list[FieldError]:
    """Say what even a draft may not hold: entries that are not the checklist's, doubles, unknown codes.

    Args:
        record: the draft.
        entries: ids of the checklist's entries.
    """
    known, codes = set(entries), record.codes
    return [
        *_doubles("answers", "entry", [one.entry for one in record.answers]),
        *_doubles("findings", "ref", [one.ref for one in record.findings]),
        *(
            FieldError(f"/answers/{n}/entry", "unknown-entry", (("entry", one.entry),))
            for n, one in enumerate(record.answers)
            if one.entry not in known
        ),
        *(
            FieldError(f"/findings/{n}/entry", "unknown-entry", (("entry", str(one.entry)),))
            for n, one in enumerate(record.findings)
            if one.entry is not None and one.entry not in known
        ),
        *(
            FieldError(f"/codes/{n}", "unknown-result-code", (("code", code),))
            for n, code in enumerate(codes)
            if code not in RESULT_CODES
        ),
    ]


def _doubles(place: str, member: str, given: list[str]) -> Iterator[FieldError]:
    count = Counter(given)
    for n, value in enumerate(given):
        if count[value] > 1 and given.index(value) < n:
            yield FieldError(f"/{place}/{n}/{member}", "given-twice", (("value", value),))


def submission_faults(record: Record, entries: Collection[str]) -> list[FieldError]:
    """Say why a record cannot be submitted; nothing when it can.

    Args:
        record: the record.
        entries: ids of the checklist's entries.
    """
    return [
        *draft_faults(record, entries),
        *_answer_faults(record, entries),
        *_finding_faults(record),
        *_code_faults(record),
        *_signature_faults(record),
    ]


def _answer_faults(record: Record, entries: Iterable[str]) -> Iterator[FieldError]:
    answered = {one.entry for one in record.answers}
    for entry in entries:
        if entry not in answered:
            yield FieldError("/answers", "unanswered", (("entry", entry),))
    found = {one.entry for one in record.findings}
    for n, one in enumerate(record.answers):
        if one.reply is Reply.NOT_CHECKED and not one.reason:
            yield FieldError(f"/answers/{n}/reason", "why-not-checked", (("entry", one.entry),))
        if one.reply is Reply.DOES_NOT and one.entry not in found:
            yield FieldError(f"/answers/{n}/entry", "no-finding", (("entry", one.entry),))


def _finding_faults(record: Record) -> Iterator[FieldError]:
    failed = {one.entry for one in record.answers if one.reply is Reply.DOES_NOT}
    for n, one in enumerate(record.findings):
        if one.entry is not None and one.entry not in failed:
            yield FieldError(f"/findings/{n}/entry", "entry-conforms", (("entry", one.entry),))


def _code_faults(record: Record) -> Iterator[FieldError]:
    codes = set(record.codes)
    violations = not codes.isdisjoint(VIOLATIONS)
    rules = (
        ("no-result-code", not codes),
        ("conflicting-codes", conflict(codes)),
        ("attempt-is-no-result", ATTEMPT in codes),
        ("violation-without-finding", violations and not record.findings),
        ("finding-without-violation", bool(record.findings) and not violations),
        ("nothing-checked", CLEAN in codes and all(a.reply is not Reply.CONFORMS for a in record.answers)),
    )
    for code, broken in rules:
        if broken:
            yield FieldError("/codes", code, (("value", ", ".join(sorted(codes))),))


def _signature_faults(record: Record) -> Iterator[FieldError]:
    signature = record.signature
    if signature is None:
        if not record.codes or not NOT_INSPECTED.issuperset(record.codes):
            yield FieldError("/signature", "unsigned")
    elif signature.signed:
        if not signature.signer:
            yield FieldError("/signature/signer", "who-signed")
    else:
        if not signature.reason:
            yield FieldError("/signature/reason", "why-refused")
        if not signature.witness:
            yield FieldError("/signature/witness", "who-witnessed")


def entries_of(checklist: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Give the ids of a checklist's entries, in its order."""
    return tuple(entry["id"] for entry in checklist)
