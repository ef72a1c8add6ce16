"""Filing an appeal: by anybody, against the newest version of a public result, while its time runs."""

from dataclasses import dataclass
from typing import Any

from app.domain.appeals.appeal import Capacity, State
from app.domain.appeals.receipt import in_groups
from app.domain.appeals.time_limits import AppealRule, check_in_time
from app.domain.days import shanghai_day
from app.domain.errors import Malformed, Missing, RuleBroken
from app.services.access import log
from app.services.appeals import sealing
from app.services.appeals.clocks import rule_for, wind
from app.services.context import Act, Retry
from app.services.results.working_calendar import calendar_around
from app.store import access, appeals
from app.store.tables.appeals import Appeal


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What somebody appeals against, why, who it is, and how to reach them."""

    result: str
    capacity: Capacity
    name: str
    contact: str
    grounds: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An appeal that was filed, and the receipt in groups of four; `again`: this request was sent before."""

    appeal: Appeal
    code: str
    again: bool


def file(act: Act, filing: Filing, retry: Retry | None) -> Receipt:
    """Take an appeal, and give the receipt under which the decision is found.

    The same request under the same `Idempotency-Key` gets the same receipt, which is kept nowhere, as long as
    retries are known.

    Raises:
        Missing: no such result is public.
        RuleBroken: the result was withdrawn, its time has passed, or no appeals are taken there.
        Malformed: the key was used for another request.
    """
    digests = _retry_digests(act, retry)
    before = _filed_before(act, digests)
    if before is not None:
        return _receipt(act, before, again=True)
    shown = appeals.shown(act.session.connection(), filing.result)
    if shown is None:
        raise Missing("no-public-result")
    if shown.withdrawn:
        raise RuleBroken("appeal-withdrawn")
    appeal = _new(act, filing, shown, _rule(act, shown))
    appeal.retry_digest, appeal.request_digest = digests or (None, None)
    wind(act, appeal, calendar_around(act, appeal.filed_on))
    appeals.add(act.session, appeal)
    log(
        act,
        what="appeals.file",
        region=appeal.region,
        subject=appeal.id,
        result=appeal.visit_id,
        version=appeal.version,
        due_on=None if appeal.due_on is None else appeal.due_on.isoformat(),
    )
    return _receipt(act, appeal, again=False)


def _retry_digests(act: Act, retry: Retry | None) -> tuple[str, str] | None:
    """What is kept of a key and of its request: without the vault's key nobody finds a body by its digest."""
    if retry is None:
        return None
    if not access.hold_key(act.session, caller_id=act.caller.id, key=retry.key):
        raise RuleBroken("request-in-flight")
    both = (retry.key, retry.request_sha256)
    key, request = (act.vault.digest(one, context=sealing.RETRY_CONTEXT) for one in both)
    return key, request


def _filed_before(act: Act, digests: tuple[str, str] | None) -> Appeal | None:
    if digests is None:
        return None
    appeals.forget_retries(act.session, filed_before=act.now - access.RETRIES_KEPT_FOR)
    key, request = digests
    before = appeals.by_retry(act.session, key)
    if before is not None and before.request_digest != request:
        raise Malformed("idempotency-key-reused")
    return before


def _rule(act: Act, shown: Any) -> AppealRule:  # noqa: ANN401 - a row of the store
    today = shanghai_day(act.now)
    rule = rule_for(act.session, shown.region, today)
    if rule is None:
        raise RuleBroken("appeals-off")
    check_in_time(shanghai_day(shown.published_at), today=today, rule=rule)
    return rule


def _new(act: Act, filing: Filing, shown: Any, rule: AppealRule) -> Appeal:  # noqa: ANN401 - a row of the store
    appeal_id = act.new_id()
    texts = {"name": filing.name, "contact": filing.contact, "grounds": filing.grounds}
    return Appeal(
        id=appeal_id,
        receipt_digest=sealing.receipt_digest(act.vault, sealing.receipt_of(act.vault, appeal_id)),
        publication_id=shown.publication_id,
        visit_id=shown.id,
        version=shown.version,
        region=shown.region,
        entity_name=shown.entity_name,
        capacity=filing.capacity.value,
        sealed_filing=sealing.sealed(act.vault, appeal_id, sealing.FILING, texts),
        filed_at=act.now,
        filed_on=shanghai_day(act.now),
        working_days=rule.decide_working_days,
        state=State.FILED.value,
        handled_by=[],
    )


def _receipt(act: Act, appeal: Appeal, *, again: bool) -> Receipt:
    return Receipt(appeal=appeal, code=in_groups(sealing.receipt_of(act.vault, appeal.id)), again=again)
