"""Who re-inspects 复查: a team dealt by DR1 section 6 from a secret seed, so that nobody picks it.

The seed is kept sealed and its digest is recorded, with every list that went in: an auditor can deal again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.draw.teams.teams import deal, deal_secret

_HASH: Final = hasher("sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """What goes into the deal.

    Attributes:
        visit: id of the re-inspection, which the deal is bound to.
        entity: DR1 entity id.
        needs: tags that every officer must have.
        slots: tags of each place in the team.
        inspectors: who may serve.
        recusals: at this entity.
        previous: codes of the team before; it does not come again while others can (rotation).
    """

    visit: str
    entity: str
    needs: tuple[str, ...]
    slots: tuple[tuple[str, ...], ...]
    inspectors: tuple[Inspector, ...]
    recusals: tuple[Recusal, ...]
    previous: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dealt:
    """The team by place, and whether the rotation could be kept."""

    team: tuple[str, ...]
    rotated: bool


def deal_again(lists: Lists, seed: str) -> Dealt | None:
    """Deal a team; None when no complete team can be made.

    Args:
        lists: who may serve where.
        seed: a secret of 256 bits, in hex.
    """
    away = {Recusal(code, lists.entity) for code in lists.previous}
    known = {inspector.id for inspector in lists.inspectors}
    for rotated, extra in ((True, away), (False, set[Recusal]())):
        recusals = {one for one in {*lists.recusals, *extra} if one.inspector in known}
        team = _team(lists, recusals, seed)
        if len(team) == len(lists.slots):
            return Dealt(team, rotated)
    return None


def _team(lists: Lists, recusals: Collection[Recusal], seed: str) -> tuple[str, ...]:
    dealt = deal(
        drawn=[(lists.entity, lists.needs)],
        slots=lists.slots,
        inspectors=lists.inspectors,
        recusals=sorted(recusals),
        a=deal_secret(_HASH(f"reinspection|{lists.visit}"), seed, _HASH),
        h=_HASH,
    )
    return tuple(seat.inspector for seat in dealt.teams)


def seed_digest(seed: str) -> str:
    """Give the SHA-256 of a seed's text, in hex."""
    return sha256(seed.encode()).hexdigest()


def document_of(lists: Lists) -> dict[str, Any]:
    """Give the lists as a JSON object."""
    return {
        "visit": lists.visit,
        "entity": lists.entity,
        "needs": list(lists.needs),
        "slots": [list(slot) for slot in lists.slots],
        "inspectors": [{"id": one.id, "cap": one.cap, "tags": list(one.tags)} for one in lists.inspectors],
        "recusals": [one.inspector for one in lists.recusals],
        "previous": list(lists.previous),
    }


def lists_of(document: dict[str, Any]) -> Lists:
    """Read the lists from their JSON object."""
    entity = document["entity"]
    return Lists(
        visit=document["visit"],
        entity=entity,
        needs=tuple(document["needs"]),
        slots=tuple(tuple(slot) for slot in document["slots"]),
        inspectors=tuple(
            Inspector(one["id"], one["cap"], tuple(one["tags"])) for one in document["inspectors"]
        ),
        recusals=tuple(Recusal(code, entity) for code in document["recusals"]),
        previous=tuple(document["previous"]),
    )
