"""Ready-made policies 现成规则: strata that a bureau adopts for items of its own, as changes to what holds.

A ready-made document names no item; adopting it puts a stratum of each class and regime, for some items only,
before the strata that hold already. These go on for every other item.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.domain.items import Item

Document = Mapping[str, Any]


def adopting(ready: Document, base: Document, items: Sequence[Item]) -> dict[str, Any]:
    """Give the merge patch (RFC 7396) that lets a policy draw some items by a ready-made document.

    A stratum that was adopted before keeps its numbers and gets the further items.

    Args:
        ready: the ready-made document.
        base: the policy that holds.
        items: those that are to be drawn so.
    """
    made = {one["name"]: one for one in _strata(ready, items)}
    kept = [
        _with_items(one, made.pop(one["name"])) if one["name"] in made else dict(one)
        for one in base["strata"]
    ]
    return {
        "sources": {**ready["sources"], **base["sources"]},
        "credit_classes": {**ready["credit_classes"], **base.get("credit_classes", {})},
        "strata": [*made.values(), *kept],
    }


def _strata(ready: Document, items: Iterable[Item]) -> Iterable[dict[str, Any]]:
    by_regime: dict[str, list[str]] = {}
    for item in items:
        for regime in item.permitted_regimes:
            by_regime.setdefault(regime, []).append(item.code)
    for regime, codes in by_regime.items():
        for one in ready["strata"]:
            yield {
                "name": f"{regime}-credit-{one['credit_class']}",
                "match": {"regime": regime, "credit_class": one["credit_class"]},
                "items": sorted(codes),
                **{name: value for name, value in one.items() if name != "credit_class"},
            }


def _with_items(held: Document, made: Document) -> dict[str, Any]:
    return {**held, "items": sorted({*held.get("items", ()), *made["items"]})}
