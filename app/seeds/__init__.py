"""Items, policies and other law as versioned data: one JSON file per version, never edited once used."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def documents(kind: str) -> tuple[Mapping[str, Any], ...]:
    """Every document of a kind, `items` or `policies`, in order of file names; treat them as read-only."""
    folder = files(__package__).joinpath(kind)
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name)
    return tuple(json.loads(file.read_text(encoding="utf-8")) for file in found)
