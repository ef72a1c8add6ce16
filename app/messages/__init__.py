"""Texts for people by slug: one flat table per language over all `*.zh.json` and `*.en.json`."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

LANGUAGES = ("zh", "en")


@cache
def _texts(lang: str) -> Mapping[str, str]:
    merged: dict[str, str] = {}
    for found in sorted(files(__package__).iterdir(), key=lambda f: f.name):
        if found.name.endswith(f".{lang}.json"):
            merged |= json.loads(found.read_text(encoding="utf-8"))
    return MappingProxyType(merged)


def text(slug: str, lang: str, **values: object) -> str:
    """The text of a slug in `zh` or `en`, with its `{placeholders}` filled.

    Raises:
        KeyError: no such slug, or a placeholder without a value.
    """
    return _texts(lang)[slug].format_map(values)


def pattern(slug: str, lang: str) -> str:
    """The text of a slug with an ellipsis for each placeholder: what its page under `/problems/` shows."""
    return re.sub(r"\{\w+\}", "…", _texts(lang)[slug])


def has_text(slug: str) -> bool:
    """Whether there is a text for the slug."""
    return slug in _texts("zh")
