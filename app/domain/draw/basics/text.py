"""The text forms of DR1 section 1: tokens, entity ids, tag lists, hex digests, integers, and what is refused.

Every check takes any value, as it came from a file or a caller, and returns it typed, or raises `Refused`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, pairwise
from typing import Final

MAX_INTEGER: Final = 2**53 - 1
MAX_ENTITY_ID_BYTES: Final = 128

_SHOWN_CHARACTERS: Final = 40
_SHOWN_BITS: Final = 64
_SHOWN_MEMBERS: Final = 5

_TOKEN: Final = re.compile(r"[0-9A-Za-z._:-]{1,64}")
_HEX: Final = re.compile(r"[0-9a-f]*")
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"})
# The Unicode property White_Space, which is neither `str.isspace` nor the category Zs.
_WHITE_SPACE: Final = frozenset(
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


class Refused(ValueError):
    """Input that DR1 refuses.

    Attributes:
        code: what is wrong, as a kebab-case slug such as `bad-token`.
        detail: one English line that names the value and what to mend.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail

    def __reduce__(self) -> tuple[type["Refused"], tuple[str, str]]:
        # Refusals cross process borders when a pool checks chunks of lines.
        return type(self), (self.code, self.detail)


def shown(value: object) -> str:
    """Show a value of unknown origin inside a one-line message: short, escaped, never failing."""
    if isinstance(value, str):
        return ascii(value if len(value) <= _SHOWN_CHARACTERS else value[:_SHOWN_CHARACTERS] + "...")
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, int) and value.bit_length() <= _SHOWN_BITS:
        return str(value)
    return f"a value of type {type(value).__name__}"


def is_token(value: object) -> bool:
    """Tell whether a value is a token: `[0-9A-Za-z._:-]{1,64}` as a whole and not `-`."""
    return isinstance(value, str) and value != "-" and _TOKEN.fullmatch(value) is not None


def check_token(value: object, *, what: str) -> str:
    """Return a token.

    Raises:
        Refused: `bad-token`.
    """
    if isinstance(value, str) and is_token(value):
        return value
    raise Refused("bad-token", f"{what} {shown(value)} is not 1 to 64 of 0-9 A-Z a-z . _ : - (and not '-')")


def entity_id_fault(value: object) -> str | None:
    """Say what keeps a value from being an entity id (section 1), or None when it is one."""
    if not isinstance(value, str):
        return "is not text"
    # The length comes first: normalising a long run of combining marks takes quadratic time.
    if not 1 <= len(value.encode(errors="surrogatepass")) <= MAX_ENTITY_ID_BYTES:
        return f"is not 1 to {MAX_ENTITY_ID_BYTES} UTF-8 bytes long"
    if _has_refused_character(value):
        return "has a control, format, surrogate, unassigned or line separator character"
    if not (value.isascii() or unicodedata.is_normalized("NFC", value)):
        return "is not in Unicode normal form NFC"
    if value[0] in _WHITE_SPACE or value[-1] in _WHITE_SPACE:
        return "begins or ends with white space"
    return None


def _has_refused_character(text: str) -> bool:
    # Printable text has only letters, marks, numbers, punctuation, symbols and U+0020: the common case, fast.
    return not text.isprintable() and any(unicodedata.category(c) in _REFUSED_CATEGORIES for c in text)


def is_entity_id(value: object) -> bool:
    """Tell whether a value is an entity id (section 1)."""
    return entity_id_fault(value) is None


def check_entity_id(value: object) -> str:
    """Return an entity id.

    Raises:
        Refused: `bad-entity-id`.
    """
    fault = entity_id_fault(value)
    if isinstance(value, str) and fault is None:
        return value
    raise Refused("bad-entity-id", f"entity id {shown(value)} {fault}")


def is_hex(value: object, *, digits: int) -> bool:
    """Tell whether a value is exactly so many lowercase hex digits."""
    return isinstance(value, str) and len(value) == digits and _HEX.fullmatch(value) is not None


def check_hex(value: object, *, digits: int, what: str) -> str:
    """Return text of exactly so many lowercase hex digits.

    Raises:
        Refused: `bad-hex`.
    """
    if isinstance(value, str) and is_hex(value, digits=digits):
        return value
    raise Refused("bad-hex", f"{what} {shown(value)} is not {digits} lowercase hex digits")


def check_hex64(value: object, *, what: str) -> str:
    """Return a digest or secret: 64 lowercase hex digits.

    Raises:
        Refused: `bad-hex`.
    """
    return check_hex(value, digits=64, what=what)


def check_integer(value: object, low: int, high: int, *, what: str) -> int:
    """Return an integer from `low` to `high`; booleans and floats are none.

    Raises:
        Refused: `bad-integer`.
    """
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise Refused("bad-integer", f"{what} {shown(value)} is not an integer from {low} to {high}")


def check_list(value: object, *, what: str) -> Sequence[object]:
    """Return a list (or tuple) whose items are yet to be checked.

    Raises:
        Refused: `bad-shape`.
    """
    if isinstance(value, list | tuple):
        return value
    raise Refused("bad-shape", f"{what} {shown(value)} is not a list")


def check_members(value: object, names: Iterable[str], *, what: str) -> Mapping[str, object]:
    """Return an object that has exactly the named members; their values are yet to be checked.

    Raises:
        Refused: `bad-shape` when it is no object, `bad-members` when one is missing or unknown.
    """
    if not isinstance(value, dict):
        raise Refused("bad-shape", f"{what} {shown(value)} is not an object")
    wanted = set(names)
    if value.keys() == wanted:
        return value
    missing = ", ".join(sorted(wanted - value.keys())) or "none"
    strangers = (shown(name) for name in value if name not in wanted)
    unknown = ", ".join(islice(strangers, _SHOWN_MEMBERS)) or "none"
    raise Refused("bad-members", f"{what}: members missing: {missing}; members unknown: {unknown}")


def check_tags(value: object, *, what: str) -> tuple[str, ...]:
    """Return a tag list: tokens sorted by bytes without duplicates.

    Raises:
        Refused: `bad-shape`, `bad-token`, or `bad-tags` when unsorted or repeated.
    """
    tags = tuple(check_token(tag, what=what) for tag in check_list(value, what=what))
    if any(left >= right for left, right in pairwise(tags)):
        raise Refused(
            "bad-tags", f"{what} are not sorted by bytes without duplicates: {shown(','.join(tags))}"
        )
    return tags


def tag_text(tags: Iterable[str]) -> str:
    """Join a tag list for hashing: with `,`, and `-` when it is empty."""
    return ",".join(tags) or "-"


def note_text(note: str | None) -> str:
    """Give a note for hashing: `-` when there is none."""
    return "-" if note is None else note


def byte_order(text: str) -> bytes:
    """Give the sort key of byte order: the UTF-8 bytes (what `COLLATE "C"` means in PostgreSQL).

    Python compares text by code point, and UTF-8 keeps that order, so sorting the text itself is the same.
    """
    return text.encode()
