"""Texts for people by slug: one flat table per language over all `*.zh.json` and `*.en.json`."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

LANGUAGES = ("zh", "en")
_ONE: Final = re.compile(r"(?<![\w.,/:-])1 ((?:working )?day|month|character)s\b")
"""In English one month is no `1 months`; Chinese counts the same way whatever the number."""
_CODED: Final = re.compile(r"\{(\w+):([\w.]+)\}")


@cache
def _texts(lang: str) -> Mapping[str, str]:
    merged: dict[str, str] = {}
    for found in sorted(files(__package__).iterdir(), key=lambda f: f.name):
        if found.name.endswith(f".{lang}.json"):
            merged |= json.loads(found.read_text(encoding="utf-8"))
    return MappingProxyType(merged)


def text(slug: str, lang: str, **values: object) -> str:
    """The text of a slug in `zh` or `en`, with its `{placeholders}` filled.

    A `{placeholder:family}` holds codes, separated by commas, and shows the texts `family.code` for them.

    Raises:
        KeyError: no such slug, or a placeholder without a value.
    """
    template = _texts(lang)[slug]
    if ":" in template:
        template = _CODED.sub(lambda found: _escaped(coded(found[2], str(values[found[1]]), lang)), template)
    told = template.format_map(values)
    return _ONE.sub(r"1 \1", told) if lang == "en" else told


def coded(family: str, codes: str, lang: str) -> str:
    """Codes such as `draft, approved` in words; `digits:20` is `family.digits`, with 20 as its `n`."""
    words = []
    for code in codes.split(", "):
        head, _, n = code.partition(":")
        word = _texts(lang).get(f"{family}.{head}")
        words.append(code if word is None else word.format_map({"n": n}))
    return listed(words, lang)


def listed(words: Iterable[str], lang: str) -> str:
    """Words one after another, as the language separates them."""
    return _texts(lang)["name.separator"].join(words)


def _escaped(words: str) -> str:
    return words.replace("{", "{{").replace("}", "}}")


def pattern(slug: str, lang: str) -> str:
    """The text of a slug with an ellipsis for each placeholder: what its page under `/problems/` shows."""
    return re.sub(r"\{\w+(:[\w.]+)?\}", "…", _texts(lang)[slug])


def has_text(slug: str) -> bool:
    """Whether there is a text for the slug."""
    return slug in _texts("zh")
