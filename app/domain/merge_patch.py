"""Changing part of a JSON document as RFC 7396 (JSON Merge Patch) says."""

from collections.abc import Mapping
from typing import Any


def merge_patch(target: object, patch: object) -> Any:  # noqa: ANN401 - any JSON value may come out
    """Apply a patch: members of objects one by one, where null removes; anything else replaces the whole.

    Args:
        target: the JSON value to change; it stays as it is.
        patch: the JSON value that says how.
    """
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged
