"""Dispositions 后续处置: what each kind needs, when it may be closed, and what a re-inspection looks at."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from app.domain.errors import FieldError
from app.domain.fieldwork.codes import CLEAN, OBSTRUCTED
from app.domain.fieldwork.record import Finding, Record, Reply


class Kind(StrEnum):
    """Kinds of dispositions (mission/rules.md, «Dispositions»)."""

    NONE = "none"
    CORRECTED_ON_SPOT = "corrected_on_spot"
    ORDER_TO_CORRECT = "order_to_correct"
    WARNING = "warning"
    FINE = "fine"
    CONFISCATION = "confiscation"
    SUSPENSION = "suspension"
    TEMPORARY_SEAL = "temporary_seal"
    REVOCATION = "revocation"
    TRANSFER = "transfer"
    NOTICE = "notice"
    CASE_OPENED = "case_opened"
    LISTING_PROPOSED = "listing_proposed"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind must state and may state, and whether it is done as soon as it is recorded."""

    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset({"due_on"})
    at_once: bool = False


_DONE = Rule(may=frozenset(), at_once=True)
_PLAIN = Rule()
RULES: Final = MappingProxyType(
    {
        Kind.NONE: _DONE,
        Kind.CORRECTED_ON_SPOT: _DONE,
        Kind.ORDER_TO_CORRECT: Rule(needs=frozenset({"due_on"})),
        Kind.WARNING: _PLAIN,
        Kind.FINE: Rule(needs=frozenset({"amount_cny"})),
        Kind.CONFISCATION: Rule(may=frozenset({"due_on", "amount_cny"})),
        Kind.SUSPENSION: Rule(needs=frozenset({"months"})),
        Kind.TEMPORARY_SEAL: _PLAIN,
        Kind.REVOCATION: _PLAIN,
        Kind.TRANSFER: Rule(needs=frozenset({"recipient"})),
        Kind.NOTICE: Rule(needs=frozenset({"recipient"})),
        Kind.CASE_OPENED: Rule(needs=frozenset({"case"})),
        Kind.LISTING_PROPOSED: _PLAIN,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a disposition says.

    Attributes:
        kind: what is done.
        finding: ref of the finding that it answers; None: the visit as a whole.
        due_on: until when.
        amount_cny: fine 罚款 or confiscated value, in yuan.
        months: of a suspension 责令停业整顿.
        recipient: whom it is transferred to 移送, or who is given notice 抄告.
        case: `administrative` or `criminal`.
        done_on: when it was carried out, where it is.
    """

    kind: Kind
    finding: str | None = None
    due_on: date | None = None
    amount_cny: int | None = None
    months: int | None = None
    recipient: str | None = None
    case: str | None = None
    done_on: date | None = None


def faults(terms: Terms, record: Record, *, ended_on: date, today: date) -> list[FieldError]:
    """Say what is wrong with a disposition of a visit; nothing when it may stand.

    Args:
        terms: the disposition.
        record: the visit's record.
        ended_on: the day the visit ended.
        today: the day in Shanghai.
    """
    return [
        *_member_faults(terms),
        *_day_faults(terms, ended_on=ended_on, today=today),
        *_story_faults(terms, record),
    ]


def _member_faults(terms: Terms) -> Iterator[FieldError]:
    rule = RULES[terms.kind]
    for name in ("due_on", "amount_cny", "months", "recipient", "case"):
        given = getattr(terms, name) is not None
        if name in rule.needs and not given:
            yield FieldError(f"/{name}", "needed-by-kind", (("kind", terms.kind.value),))
        elif given and name not in rule.needs | rule.may:
            yield FieldError(f"/{name}", "not-of-kind", (("kind", terms.kind.value),))
    for name in ("amount_cny", "months"):
        value = getattr(terms, name)
        if value is not None and value < 1:
            yield FieldError(f"/{name}", "not-positive")


def _day_faults(terms: Terms, *, ended_on: date, today: date) -> Iterator[FieldError]:
    if terms.due_on is not None and terms.due_on < ended_on:
        yield FieldError("/due_on", "before-the-visit", (("ended_on", ended_on.isoformat()),))
    if terms.done_on is None:
        return
    if terms.kind is Kind.ORDER_TO_CORRECT:
        yield FieldError("/done_on", "reinspection-needed")
    yield from done_faults(terms.done_on, since=ended_on, today=today)


def done_faults(done_on: date, *, since: date, today: date) -> Iterator[FieldError]:
    """See that a disposition is done after the visit and not in the future."""
    if done_on < since:
        yield FieldError("/done_on", "before-the-visit", (("ended_on", since.isoformat()),))
    if done_on > today:
        yield FieldError("/done_on", "in-the-future", (("today", today.isoformat()),))


def _story_faults(terms: Terms, record: Record) -> Iterator[FieldError]:
    if terms.finding is not None and all(one.ref != terms.finding for one in record.findings):
        yield FieldError("/finding", "unknown-finding", (("finding", terms.finding),))
    if CLEAN in record.codes and terms.kind is not Kind.NONE:
        yield FieldError("/kind", "nothing-was-found", (("kind", terms.kind.value),))


def may_be_checked_again(kind: str, codes: Iterable[str]) -> bool:
    """Tell whether a disposition may lead to a re-inspection 复查.

    After an order to correct, and after a refused inspection (code 06).
    """
    return kind == Kind.ORDER_TO_CORRECT or OBSTRUCTED in codes


def checked_late(rechecked_on: date | None, recheck_by: date | None) -> bool:
    """Tell whether an order was checked again after its last day; without either day it was not."""
    return rechecked_on is not None and recheck_by is not None and rechecked_on > recheck_by


def entries_to_check_again(
    checklist: Sequence[Mapping[str, Any]], record: Record, *, finding: str | None
) -> list[dict[str, Any]]:
    """Give just the entries that failed, as the checklist of a re-inspection.

    A finding outside the checklist becomes an entry of its own, with its clause as basis. After a refused
    inspection what was not checked has failed too.

    Args:
        checklist: that of the visit.
        record: that of the visit.
        finding: ref of the finding that the order is about; None: all of them.
    """
    meant = [one for one in record.findings if finding in {None, one.ref}]
    failed = {one.entry for one in meant}
    if OBSTRUCTED in record.codes:
        failed |= {one.entry for one in record.answers if one.reply is Reply.NOT_CHECKED}
    outside = [_as_entry(one) for one in meant if one.entry is None]
    return [*(dict(entry) for entry in checklist if entry["id"] in failed), *outside]


def _as_entry(finding: Finding) -> dict[str, Any]:
    return {
        "id": f"finding-{finding.ref}",
        "text": finding.text,
        "basis": [{"law": finding.clause, "articles": [], "note": None}],
    }
