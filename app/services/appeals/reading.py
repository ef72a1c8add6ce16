"""Appeals as their readers see them: officers by the list and one by one, the appellant by the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.access import Caller, Role
from app.domain.appeals.appeal import UNDECIDED, State
from app.domain.appeals.receipt import read_receipt
from app.domain.days import shanghai_day
from app.domain.errors import Missing, NotAllowed
from app.services.access import log
from app.services.appeals import sealing
from app.services.appeals.deciding import hands_of
from app.services.context import Act, Look
from app.store import appeals as store
from app.store.paging import AnyRow
from app.store.tables.appeals import Appeal
from app.store.tables.results import Publication

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFilter:
    """What a list of appeals is narrowed to."""

    state: State | None = None
    result: str | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Records:
    """A page of records, the cursor of the next one, and how many there are if that was asked."""

    rows: list[Record]
    next_cursor: str | None
    count: int | None


def appeals(look: Look, where: AppealFilter, *, limit: int, cursor: str | None, count: bool) -> Records:
    """Appeals of the caller's region, the oldest first, without what anybody wrote."""
    today = shanghai_day(look.now)
    given = {"state": where.state, "visit_id": where.result}
    found = store.rows(
        look.connection,
        seen=store.seen_by(look.caller),
        equal={name: value for name, value in given.items() if value is not None},
        overdue_on=today if where.overdue else None,
        limit=limit,
        cursor=cursor,
        count=count,
    )
    return Records([_record(_mapping(row), today) for row in found.rows], found.next_cursor, found.count)


def after(act: Act, changed: Appeal) -> Record:
    """An appeal as an act has left it, without what anybody wrote."""
    return _record(changed.model_dump(), shanghai_day(act.now))


def appeal(act: Act, appeal_id: str) -> Record:
    """One appeal with who filed it, why, and what was proposed and decided; each view is logged.

    Raises:
        Missing: there is none, or the caller may not see it.
        NotAllowed: the caller had a hand in the result: those whom it blames do not learn who complained. An
            auditor reads all.
    """
    row = store.row(act.session.connection(), appeal_id, store.seen_by(act.caller))
    if row is None:
        raise Missing("not-found")
    publication = act.session.get_one(Publication, row.publication_id)
    if act.caller.id in hands_of(act, publication) and not _audits(act.caller):
        raise NotAllowed("own-case")
    log(act, what="appeals.view", region=row.region, subject=row.id)
    content: Record = {}
    for place in (sealing.FILING, sealing.PROPOSAL, sealing.DECISION):
        content |= sealing.opened(act.vault, row.id, place, getattr(row, f"sealed_{place}"))
    return {**_record(_mapping(row), shanghai_day(act.now)), **content}


def _audits(caller: Caller) -> bool:
    return Role.AUDITOR in caller.roles


def by_receipt(look: Look, typed: str) -> Record:
    """How far an appeal is and what was decided, for whoever has its receipt.

    Raises:
        Missing: no such receipt.
    """
    digest = sealing.receipt_digest(look.vault, read_receipt(typed) or "")
    row = store.row_by_receipt(look.connection, digest)
    if row is None:
        raise Missing("no-such-receipt")
    texts = sealing.opened(look.vault, row.id, sealing.DECISION, row.sealed_decision)
    return {**_mapping(row), "decision": texts.get("decision")}


def _mapping(row: AnyRow) -> Mapping[str, Any]:
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def _record(row: Mapping[str, Any], today: date) -> Record:
    due_on = row["due_on"]
    over = row["state"] in UNDECIDED and due_on is not None and due_on < today
    return {**row, "result": row["visit_id"], "overdue": over}
