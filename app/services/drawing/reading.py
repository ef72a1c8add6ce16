"""Reading draws: the bureau's own view, and selection, teams and records for those who may see them."""

import io
import json
from collections.abc import Mapping
from typing import Any

from app.adapters.record_files import write_zip
from app.domain.access import Role
from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.plan import parse_plan
from app.domain.draw.record.proof import Prover, proof_object
from app.domain.eligibility import AGENCY
from app.domain.errors import Missing, NotAllowed, RuleBroken
from app.domain.regions import region_prefix
from app.services.access import log
from app.services.agencies import leads
from app.services.context import Act, Look
from app.services.drawing import files
from app.services.drawing.finding import (
    draw_for,
    draw_in_state,
    refuse_before_disclosure,
    secret_of,
)
from app.services.drawing.randomness import committed_lists
from app.store import amendments as amendment_store
from app.store import drawing as store
from app.store.paging import Rows
from app.store.tables.amendments import DrawAmendment
from app.store.tables.drawing import Draw


def draws(
    look: Look,
    *,
    item: str | None,
    period: str | None,
    state: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Draws within the caller's region, newest first."""
    return store.draw_rows(
        look.connection,
        region=look.caller.region,
        item=item,
        period=period,
        state=state,
        limit=limit,
        cursor=cursor,
        count=count,
    )


def draw(look: Look, draw_id: str) -> Mapping[str, Any]:
    """One draw.

    Raises:
        Missing: there is none, or it lies outside the caller's region.
    """
    row = store.draw_row(look.connection, store.DrawName(draw_id, look.settings.origin))
    if row is None or not look.caller.sees(row.region):
        raise Missing("not-found")
    return dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def rows_of(act: Act, draw_id: str, name: str) -> list[dict[str, Any]]:
    """The lines of `selection.ndjson` or `teams.ndjson`, in record order; each view is logged.

    Raises:
        NotAllowed: before the reveal only the dispatcher sees it.
        RuleBroken: there is no selection yet, or whom it leaves out was drawn by an earlier draw that is not
            disclosed.
    """
    found = draw_for(act, draw_id)
    if found.state not in {"revealed", "voided"} and Role.DISPATCHER not in act.caller.roles:
        raise NotAllowed("dispatcher-only-before-reveal")
    refuse_before_disclosure(act, found, region=region_prefix(found.region))
    content = files.get(act, found.id, "audit").get(name)
    if content is None:
        raise RuleBroken("wrong-state", state=found.state, wanted="drawn, infeasible, revealed")
    log(act, what=f"draws.{name.partition('.')[0]}", region=found.region, subject=found.id)
    return _own_part(act, found, [json.loads(line) for line in content.splitlines()])


def _own_part(act: Act, draw: Draw, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The caller's part: of a joint draw that another agency leads every premises, of its teams its places.

    Each visit of a joint draw is also that agency's.
    """
    if leads(act, draw):
        return rows
    slots, own = parse_plan(strict_json(draw.plan)).slots, f"{AGENCY}{act.caller.agency}"
    return [row for row in rows if "slot" not in row or own in slots[row["slot"]]]


def teams(act: Act, draw_id: str, *, final: bool) -> list[dict[str, Any]]:
    """The teams as they were dealt or, `final`, as they stand after the last amendment; each view is logged.

    Raises:
        NotAllowed: before the reveal only the dispatcher sees them.
        RuleBroken: there are none yet.
    """
    if final and any(row.beacon for row in amendment_store.of_draw(act.session, draw_for(act, draw_id).id)):
        return rows_of(act, draw_id, "teams-final.ndjson")
    return rows_of(act, draw_id, "teams.ndjson")


def amendments(act: Act, draw_id: str, *, limit: int, cursor: str | None) -> Rows:
    """The amendments of a draw, in their order; each view is logged.

    Raises:
        Missing: no such draw.
        NotAllowed: before the reveal only the dispatcher sees them.
    """
    found = _opened(act, draw_id)
    return amendment_store.rows(act.session.connection(), found.id, limit=limit, cursor=cursor)


def amendment(act: Act, draw_id: str, n: int) -> DrawAmendment:
    """One amendment; each view is logged.

    Raises:
        Missing: no such draw or amendment.
        NotAllowed: before the reveal only the dispatcher sees it.
    """
    found = _opened(act, draw_id)
    for row in amendment_store.of_draw(act.session, found.id):
        if row.n == n:
            return row
    raise Missing("not-found")


def _opened(act: Act, draw_id: str) -> Draw:
    """A draw whose selection the caller may see now; that its amendments were looked at is logged."""
    found = draw_for(act, draw_id)
    if found.state not in {"revealed", "voided"} and Role.DISPATCHER not in act.caller.roles:
        raise NotAllowed("dispatcher-only-before-reveal")
    log(act, what="draws.amendments", region=found.region, subject=found.id)
    return found


def record_zip(act: Act, draw_id: str, audience: str) -> bytes:
    """The record as a zip: `public` once it is public, `audit` for auditors once the draw has ended; logged.

    Raises:
        NotAllowed: the audit record is for auditors.
        RuleBroken: too early.
    """
    if audience == "audit" and Role.AUDITOR not in act.caller.roles:
        raise NotAllowed("auditors-only")
    found = draw_in_state(act, draw_id, "revealed", "voided")
    refuse_before_disclosure(act, found, region=region_prefix(found.region))
    content = files.get(act, found.id, audience)
    if not content:
        raise RuleBroken("no-audit-record")
    log(act, what="draws.record", region=found.region, subject=found.id, audience=audience)
    target = io.BytesIO()
    write_zip(target, {name: [data] for name, data in content.items()})
    return target.getvalue()


def proof_of(act: Act, draw_id: str, entity: str) -> dict[str, object]:
    """An entity's proof (DR1 section 12) that it is in the drum with so many tickets; more after the reveal.

    Raises:
        Missing: the entity is not in the roster of this draw.
        RuleBroken: its lists know of visits of an earlier draw that are not disclosed yet.
    """
    found = draw_for(act, draw_id)
    refuse_before_disclosure(act, found, region=region_prefix(found.region))
    plan = parse_plan(strict_json(found.plan))
    prepared = committed_lists(act, found, plan, secret_of(act, found))
    ids = prepared.frozen.identities.ids
    if entity not in ids:
        raise Missing("not-found")
    log(act, what="draws.proof", region=found.region, subject=found.id, entity=entity)
    prover = Prover(prepared.frozen, commitment=found.commitment)
    ended = found.state in {"revealed", "voided"}
    return proof_object(prover.prove(ids.index(entity), revealed=ended))
