"""The seeded policy and clocks, and changed copies of them."""

import copy
import json
from pathlib import Path
from typing import Any

SEEDS = Path("app/seeds")
ITEMS = sorted({json.loads(p.read_text("utf-8"))["code"] for p in (SEEDS / "items").glob("*.json")})
POLICY: dict[str, Any] = json.loads((SEEDS / "policies/default.2.json").read_text("utf-8"))
CLOCKS: dict[str, Any] = json.loads((SEEDS / "clocks/default.2.json").read_text("utf-8"))
DROP = object()
"""In place of a value: take the member or the item out."""


def put(document: Any, pointer: str, value: object) -> dict[str, Any]:
    """A copy with another value at a JSON Pointer; `-` at the end appends to a list."""
    made: dict[str, Any] = copy.deepcopy(document)
    *steps, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    place: Any = made
    for step in steps:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if last == "-":
        place.append(value)
    elif value is DROP:
        del place[int(last) if isinstance(place, list) else last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return made


def leaves(document: Any, at: str = "") -> list[tuple[str, Any]]:
    """Every value that is no object and no list, with its JSON Pointer."""
    if isinstance(document, dict):
        return [leaf for name, inner in document.items() for leaf in leaves(inner, f"{at}/{name}")]
    if isinstance(document, list):
        return [leaf for place, inner in enumerate(document) for leaf in leaves(inner, f"{at}/{place}")]
    return [(at, document)]
