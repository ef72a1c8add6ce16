"""Characters that cannot be kept: NUL, which PostgreSQL refuses, and lone surrogates, which no UTF-8 has."""

import re

_UNKEEPABLE = re.compile("[\\0\ud800-\udfff]")
_UNSEEN = re.compile("[\\0-\x1f\x7f-\x9f\ud800-\udfff]")


def unkeepable(text: str) -> str | None:
    """The first character of a text that no database keeps, as `U+0000`; None when all can be kept."""
    found = _UNKEEPABLE.search(text)
    return found and f"U+{ord(found[0]):04X}"


def visible(text: str) -> str:
    """A text with escapes, a backslash and `u0000`, for its control characters and lone surrogates."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
