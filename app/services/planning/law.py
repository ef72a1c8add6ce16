"""Which items and which policy are in force: versioned documents, from the application or approved.

A policy is found among those that come with the application and those of the database alike. What an approved
document says never changes, so what was read of it once is kept by its text.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import chain
from typing import Any, Final

from app import seeds
from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.basics.digest import ALGS, hasher
from app.domain.errors import Missing
from app.domain.items import Item, current_items
from app.domain.policies.header import CLOCKS, POLICY
from app.domain.policies.validity import Version, course_of, version_in_force, version_of
from app.domain.policy import Policy, parse_policy
from app.store import policies as store
from app.store.policies import Source

_FOLDERS: Final[Mapping[str, str]] = {POLICY: "policies", CLOCKS: "clocks"}
_KEPT_IN_MIND: Final = 256
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    """A versioned document with its digests by algorithm."""

    document: Mapping[str, Any]
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """A policy document with its digests by algorithm, and what the rules read of it."""

    document: Mapping[str, Any]
    digests: Mapping[str, str]
    policy: Policy


def items(on: date) -> dict[str, Item]:
    """The items in force on a day, by code."""
    return current_items(seeds.documents("items"), on)


def item(code: str, on: date) -> Item:
    """The item in force on a day.

    Raises:
        Missing: there is none of this code.
    """
    found = items(on).get(code)
    if found is None:
        raise Missing("no-such-item", item=code, items=", ".join(items(on)))
    return found


def item_codes() -> tuple[str, ...]:
    """The codes of all items, whenever they are in force."""
    return tuple(sorted({document["code"] for document in seeds.documents("items")}))


def policy_by_digest(source: Source | None, digest: str) -> PublishedPolicy:
    """The policy whose document has this digest, by either algorithm: it resolves for ever.

    Args:
        source: where to read; None: only what comes with the application, as where there is no database.
        digest: in hex.

    Raises:
        Missing: none has.
    """
    text = _text_of(source, digest)
    if text is None or json.loads(text)["code"] != POLICY:
        raise Missing("not-found")
    return policy_in(text)


@dataclass(frozen=True, slots=True)
class HeldPolicy:
    """A policy and the days on which it was in force 施行 in a region, both included, as far as was asked."""

    first: date
    last: date
    published: PublishedPolicy


def policies_held(source: Source | None, region: str, on: date) -> list[HeldPolicy]:
    """Every policy that was in force in a region until a day, in order, each with those before it.

    Args:
        source: as `policy_by_digest`.
        region: code or prefix.
        on: the last day that is asked about.
    """
    course = course_of(versions(source, POLICY, region), region=region, on=on)
    held: list[HeldPolicy] = []
    for place, (first, version) in enumerate(course):
        text = None if version is None else _text_of(source, version.sha256)
        if text is None:
            continue
        last = course[place + 1][0] - _ONE_DAY if place + 1 < len(course) else on
        at_once = bool(held) and held[-1].last == first - _ONE_DAY
        before = held[-1].published.policy if at_once else None
        found = policy_in(text)
        own = replace(found.policy, since=first, before=before)
        held.append(HeldPolicy(first, last, replace(found, policy=own)))
    return held


def policy_for(source: Source | None, region: str, on: date) -> PublishedPolicy:
    """The policy in force in a region on a day; it knows those that were in force there before.

    Args:
        source: as `policy_by_digest`.
        region: code or prefix.
        on: the day.

    Raises:
        Missing: none is.
    """
    held = policies_held(source, region, on)
    if not held or held[-1].last < on:
        raise _no_policy(source, POLICY, region, on)
    return held[-1].published


def policy_of_plan(source: Source | None, digest: str, region: str, on: date) -> PublishedPolicy:
    """The policy that a plan was approved under; it knows those that were in force in the region before it.

    Args:
        source: as `policy_by_digest`.
        digest: in hex, as the plan names it.
        region: the plan's.
        on: the last day that is asked about.

    Raises:
        Missing: none has this digest.
    """
    held = (one.published for one in reversed(policies_held(source, region, on)))
    own = next((one for one in held if digest in one.digests.values()), None)
    return policy_by_digest(source, digest) if own is None else own


def document_by_digest(source: Source | None, digest: str) -> PublishedDocument:
    """The published document, policy or clocks, with this digest by either algorithm.

    Raises:
        Missing: none has.
    """
    text = _text_of(source, digest)
    if text is None:
        raise Missing("not-found")
    return published_document(text)


def document_for(source: Source | None, code: str, region: str, on: date) -> PublishedDocument:
    """The version of a document in force in a region on a day.

    Raises:
        Missing: none is.
    """
    return published_document(_text_in_force(source, code, region, on))


def versions(source: Source | None, code: str, region: str) -> list[Version]:
    """Every version of a document that was ever in force in a region or above it, or will be."""
    stored = () if source is None else store.versions_reaching(source, code=code, region=region)
    seeded = (version for version, _ in seeded_versions(code))
    return [*(one for one in seeded if region.startswith(one.reach)), *stored]


@cache
def seeded_versions(code: str) -> tuple[tuple[Version, str], ...]:
    """The versions of a document that come with the application, each with its canonical text."""
    texts = [canonical_text(document) for document in seeds.documents(_FOLDERS[code])]
    return tuple((version_in(text), text) for text in texts)


def version_in(text: str) -> Version:
    """What a canonical text says of its own validity."""
    found = published_document(text)
    return version_of(found.document, sha256=found.digests["sha256"])


def canonical_text(document: Mapping[str, Any]) -> str:
    """The document as RFC 8785 writes it: what is kept and hashed."""
    return canonical_json(document).decode()


def digests_of(text: str) -> dict[str, str]:
    """DR1's `policy`, `H(JCS(document))`, by algorithm."""
    return {alg: hasher(alg)(text) for alg in ALGS}


@lru_cache(_KEPT_IN_MIND)
def published_document(text: str) -> PublishedDocument:
    """A document read from its canonical text; treat it as read-only."""
    return PublishedDocument(json.loads(text), digests_of(text))


@lru_cache(_KEPT_IN_MIND)
def policy_in(text: str) -> PublishedPolicy:
    """A policy read from its canonical text; treat it as read-only."""
    found = published_document(text)
    return PublishedPolicy(found.document, found.digests, parse_policy(found.document))


def _text_in_force(source: Source | None, code: str, region: str, on: date) -> str:
    found = version_in_force(versions(source, code, region), region=region, on=on)
    text = None if found is None else _text_of(source, found.sha256)
    if text is None:
        raise _no_policy(source, code, region, on)
    return text


def _no_policy(source: Source | None, code: str, region: str, on: date) -> Missing:
    """Why none is in force: none was yet, which no new version can change, or none was published."""
    first = min((one.valid_from for one in versions(source, code, region)), default=date.max)
    if on < first < date.max:
        return Missing("no-policy-yet", region=region, on=on.isoformat(), first=first.isoformat())
    return Missing("no-policy", region=region, on=on.isoformat())


def _text_of(source: Source | None, digest: str) -> str | None:
    """The canonical text of a document that was ever published."""
    for text in _seeded_texts():
        if digest in published_document(text).digests.values():
            return text
    return None if source is None else store.published_text(source, digest)


def _seeded_texts() -> Iterable[str]:
    return (text for _, text in chain.from_iterable(map(seeded_versions, _FOLDERS)))
