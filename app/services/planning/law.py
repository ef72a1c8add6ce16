"""Which items and which policy are in force: versioned documents that come with the application."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from app import seeds
from app.domain.draw.digest import ALGS
from app.domain.errors import Missing
from app.domain.items import Item, current_items
from app.domain.policy import Policy, in_force, parse_policy, policy_digest


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


@cache
def policies() -> tuple[PublishedPolicy, ...]:
    """Every policy, old versions included: a digest in a public plan must resolve for ever."""
    return tuple(
        PublishedPolicy(document, {alg: policy_digest(document, alg) for alg in ALGS}, parse_policy(document))
        for document in seeds.documents("policies")
    )


def policy_by_digest(digest: str) -> PublishedPolicy:
    """The policy whose document has this digest, by either algorithm.

    Raises:
        Missing: none has.
    """
    for published in policies():
        if digest in published.digests.values():
            return published
    raise Missing("not-found")


def policy_for(region: str, on: date) -> PublishedPolicy:
    """The policy in force in a region on a day.

    Raises:
        Missing: none is.
    """
    document = in_force(tuple(p.document for p in policies()), region=region, on=on)
    for published in policies():
        if published.document is document:
            return published
    raise Missing("no-policy", region=region, on=on.isoformat())
