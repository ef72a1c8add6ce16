"""Ready-made policies 现成规则 that come with the application: read, adopted for a bureau's own items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app import seeds
from app.domain.days import shanghai_day
from app.domain.errors import FieldError, Malformed, Missing
from app.domain.policies.header import POLICY
from app.domain.policies.ready_made import adopting
from app.services.context import Act
from app.services.planning import law, policies
from app.services.planning.policies import Changes
from app.store.tables.policies import PolicyVersion

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What a bureau adopts.

    Attributes:
        items: codes of the inspection items that are to be drawn so.
        region: where.
        valid_from, valid_to: its days, both included; no last day: without end.
        reason: why.
    """

    items: Sequence[str]
    region: str
    valid_from: date
    valid_to: date | None
    reason: str


def listed() -> tuple[Document, ...]:
    """The newest version of each ready-made policy, by code."""
    newest: dict[str, Document] = {}
    for document in seeds.documents("ready_made"):
        held = newest.get(document["code"])
        if held is None or held["version"] < document["version"]:
            newest[document["code"]] = document
    return tuple(newest[code] for code in sorted(newest))


def one(code: str) -> Document:
    """The newest version of a ready-made policy.

    Raises:
        Missing: there is none of this code.
    """
    for document in listed():
        if document["code"] == code:
            return document
    raise Missing("not-found")


def adopt(act: Act, code: str, wanted: Adoption) -> PolicyVersion:
    """Draft the policy that holds in a region on the first day, so changed that it draws some items by this.

    Somebody else approves the draft, as any other.

    Raises:
        Missing: no such ready-made policy, or the region lies outside the caller's.
        Malformed: an item that there is not, or with everything that is wrong in the document.
        RuleBroken: it begins too early.
    """
    # A first day long past is refused with the draft; by then no item may have been in force.
    ready, known = one(code), law.items(max(wanted.valid_from, shanghai_day(act.now)))
    if not act.caller.sees(wanted.region):
        raise Missing("not-found")
    allowed = ", ".join(known)
    unknown = [
        FieldError(f"/items/{n}", "unknown-value", (("value", item), ("allowed", allowed)))
        for n, item in enumerate(wanted.items)
        if item not in known
    ]
    if unknown:
        raise Malformed("malformed", *unknown)
    base = law.document_for(act.session, POLICY, wanted.region, wanted.valid_from)
    changes = Changes(
        based_on=base.digests["sha256"],
        changes=adopting(ready, base.document, [known[item] for item in dict.fromkeys(wanted.items)]),
        region=wanted.region,
        valid_from=wanted.valid_from,
        valid_to=wanted.valid_to,
        reason=wanted.reason,
    )
    return policies.draft(act, changes)
