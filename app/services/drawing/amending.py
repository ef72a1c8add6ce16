"""Amendments 变更 of a draw's teams (DR1 section 7): logged first, their randomness comes afterwards.

Nobody picks a successor, and nobody amends at will: each amendment follows from what is on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from app.domain.amending import NOT_YET, may_change
from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.entropy import DrandEntropy, given_object
from app.domain.draw.teams.amendments import MAX_AMENDMENTS, amendment_body, first_round, parse_amendment
from app.domain.errors import FieldError, Malformed, RuleBroken
from app.services.access import log
from app.services.context import Act
from app.services.drawing import grounds
from app.services.drawing.finding import draw_in_state
from app.services.drawing.grounds import Ground
from app.services.drawing.publishing import publish
from app.services.drawing.replaying import Standing, standing_of
from app.store import amendments as store
from app.store.tables.amendments import DrawAmendment
from app.store.tables.drawing import Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a dispatcher asks for: who falls out, and where, or who is lent; `reason` if it was given."""

    kind: str
    inspector: str = ""
    entity: str = ""
    inspectors: Sequence[str] = ()
    reason: str | None = None


def amend(act: Act, draw_id: str, wanted: Wanted) -> DrawAmendment:
    """Log an amendment for which the registers give a ground.

    Raises:
        Missing: no such draw.
        Malformed: another reason than the registers give.
        RuleBroken: not drawn, ended, or an amendment waits; no teams; nobody or nowhere of this draw, already
            done, or nothing on record for it.
    """
    draw, rows = amendable(act, draw_id)
    standing = standing_of(act, draw, rows)
    members, ground = _members(act, draw, standing, wanted)
    if wanted.reason not in {None, ground.reason}:
        raise Malformed("malformed", FieldError("/reason", "other-reason", (("reason", ground.reason),)))
    return log_amendment(act, draw, standing, kind=wanted.kind, members=members, ground=ground)


def amendable(act: Act, draw_id: str) -> tuple[Draw, Sequence[DrawAmendment]]:
    """A draw whose teams can be amended, locked with its visits, and its amendments so far.

    Raises:
        Missing: no such draw.
        RuleBroken: not drawn, ended, drawn without teams, too many amendments, or one waits for its value.
    """
    draw = draw_in_state(act, draw_id, "drawn", "infeasible")
    rows = store.of_draw(act.session, draw.id)
    refuse_pending(rows)
    if len(rows) >= MAX_AMENDMENTS:
        raise RuleBroken("too-many-amendments", most=MAX_AMENDMENTS)
    store.lock_visits(act.session, draw.id)
    return draw, rows


def refuse_pending(rows: Sequence[DrawAmendment]) -> None:
    """See that no amendment waits for its random value.

    Raises:
        RuleBroken: `amendment-pending`.
    """
    waiting = next((row for row in rows if row.beacon is None), None)
    if waiting is not None:
        raise RuleBroken("amendment-pending", n=waiting.n)


def _members(act: Act, draw: Draw, standing: Standing, wanted: Wanted) -> tuple[Mapping[str, object], Ground]:
    """The amendment's own members, and what is on record for it."""
    if not standing.plan.slots:
        raise RuleBroken("no-teams-dealt")
    if wanted.kind == "lend":
        lent, ground = grounds.lending(act, draw, standing, wanted.inspectors)
        return {"inspectors": [{"id": i.id, "cap": i.cap, "tags": list(i.tags)} for i in lent]}, ground
    check_known(standing, wanted.inspector)
    if wanted.kind == "withdraw":
        return {"inspector": wanted.inspector}, grounds.withdrawal(
            act, draw, standing, inspector=wanted.inspector
        )
    pair = (wanted.inspector, wanted.entity)
    if wanted.entity not in standing.needs:
        raise RuleBroken("not-drawn", entity=wanted.entity)
    if pair in standing.recused:
        raise RuleBroken("already-amended", inspector=wanted.inspector)
    found = grounds.recusal(act, draw, inspector=wanted.inspector, entity=wanted.entity)
    return {"inspector": wanted.inspector, "entity": wanted.entity}, found


def check_known(standing: Standing, inspector: str) -> None:
    """See that somebody is an inspector of the draw and has not been withdrawn.

    Raises:
        RuleBroken: `not-of-the-draw` or `already-amended`.
    """
    if inspector not in standing.inspectors:
        raise RuleBroken("not-of-the-draw", inspector=inspector)
    if inspector in standing.left:
        raise RuleBroken("already-amended", inspector=inspector)


def log_amendment(
    act: Act,
    draw: Draw,
    standing: Standing,
    *,
    kind: str,
    members: Mapping[str, object],
    ground: Ground,
) -> DrawAmendment:
    """Log the next amendment of a locked draw; what has begun is read from the visits, nobody says it."""
    n = len(standing.done) + 1
    amendment = parse_amendment(
        {
            **members,
            "n": n,
            "kind": kind,
            "reason": ground.reason,
            "started": list(store.started_of_draw(act.session, draw.id)),
            "entropy": given_object(NOT_YET),
        }
    )
    body, salt = amendment_body(amendment, draw.commitment), act.chance.new_secret()
    act.now = _its_turn(act, draw)
    touched = may_change(standing.teams(), amendment)
    row = DrawAmendment(
        draw_id=draw.id,
        n=n,
        kind=kind,
        reason=ground.reason,
        body=body,
        salt=salt,
        digest=sha256(canonical_json({"body": body, "salt": salt})).hexdigest(),
        basis=ground.basis,
        may_change=None if touched is None else list(touched),
        logged_at=act.now,
        logged_by=act.caller.id,
        round=_round(act, standing),
    )
    store.add(act.session, row)
    publish(act, draw)
    detail: dict[str, Any] = {"n": n, "kind": kind, "reason": row.reason, "digest": row.digest}
    log(act, what="draws.amend", region=draw.region, subject=draw.id, **detail)
    return row


def _its_turn(act: Act, draw: Draw) -> datetime:
    """The log's own time: in whole seconds and never falling (DR1 section 9)."""
    rows = store.of_draw(act.session, draw.id)
    before = [draw.drawn_at, *(at for row in rows for at in (row.logged_at, row.given_at))]
    return max(act.clock(), *(at for at in before if at is not None)).replace(microsecond=0)


def _round(act: Act, standing: Standing) -> int | None:
    """The drand round that decides; it is later than that of the amendment before, since time is."""
    declared = standing.plan.entropy
    if not isinstance(declared, DrandEntropy):
        return None
    chain = next(one for one in act.chance.chains if one.hash == declared.chain)
    return first_round(int(act.now.timestamp()), chain)
