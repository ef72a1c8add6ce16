"""The public copy of a draw: written anew whenever something about it becomes public."""

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from app.adapters.record_files import write_zip
from app.domain.days import rfc3339
from app.domain.regions import region_prefix
from app.services.context import Act
from app.store import amendments
from app.store import drawing as store
from app.store.fieldwork.disclosure import undisclosed_until
from app.store.tables.amendments import DrawAmendment
from app.store.tables.drawing import Draw, PublicDraw
from app.store.tables.planning import DrawPlan


def publish(act: Act, draw: Draw, record: Mapping[str, Iterable[bytes]] | None = None) -> None:
    """Write what the public may know of the draw now, with its record once that is public."""
    zipped = None if record is None else _zip(record)
    sealed = None
    if zipped is not None:
        sealed = undisclosed_until(act.session, draw, region=region_prefix(draw.region), now=act.now)
    store.put_public(
        act.session,
        PublicDraw(
            draw_id=draw.id,
            origin=draw.origin,
            seq=draw.seq,
            region=draw.region,
            item=draw.item,
            state=draw.state,
            committed_at=draw.committed_at,
            reveal_by=draw.reveal_by,
            copy_=_copy(act, draw),
            plan=draw.plan,
            record=zipped,
            record_sha256=None if zipped is None else hashlib.sha256(zipped).hexdigest(),
            record_from=sealed,
        ),
    )


def _zip(record: Mapping[str, Iterable[bytes]]) -> bytes:
    target = io.BytesIO()
    write_zip(target, record)
    return target.getvalue()


def _copy(act: Act, draw: Draw) -> dict[str, object]:
    plan = json.loads(draw.plan)
    return {
        "id": draw.id,
        "origin": draw.origin,
        "seq": draw.seq,
        "item": draw.item,
        "period": draw.period,
        "region": draw.region,
        "state": draw.state,
        "commitment": draw.commitment,
        "committed_at": rfc3339(draw.committed_at),
        "alg": plan["alg"],
        "entropy": plan["entropy"],
        "lines": plan["lines"]["size"],
        "single_random": not plan["slots"],
        "joint": _joint(act, draw),
        "beacon": draw.beacon,
        "reveal_by": draw.reveal_by.isoformat(),
        "revealed_at": _instant(draw.revealed_at),
        "voided_at": _instant(draw.voided_at),
        "void_requested_at": _instant(draw.void_requested_at),
        "void_reason": draw.void_reason,
        "amendments": [_amendment(row) for row in amendments.of_draw(act.session, draw.id)],
        "record": draw.state in {"revealed", "voided"},
    }


def _joint(act: Act, draw: Draw) -> dict[str, object] | None:
    """The agencies of a joint inspection 联合抽查 and their items, as planned."""
    plan = act.session.get(DrawPlan, draw.draw_plan_id)
    if plan is None or plan.joint is None:
        return None
    items = {agency: plan.joint["items"][agency] for agency in sorted(plan.joint["items"])}
    return {"lead_agency": plan.joint["lead_agency"], "items": items}


def _amendment(row: DrawAmendment) -> dict[str, object]:
    """That there was an amendment, before there was its randomness; whom it concerns is nobody's business."""
    return {
        "n": row.n,
        "logged_at": rfc3339(row.logged_at),
        "digest": row.digest,
        "round": row.round,
        "beacon": row.beacon,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)
