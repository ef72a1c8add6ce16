"""JSON as DR1 hashes and reads it: RFC 8785 bytes out, and strict reading of what others wrote."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final, NoReturn

from app.domain.draw.basics.text import MAX_INTEGER, Refused, shown

MAX_DEPTH: Final = 8
_MAX_INTEGER_DIGITS: Final = len(str(MAX_INTEGER))


def canonical_json(value: object) -> bytes:
    """Serialise by RFC 8785 (JCS): objects with ASCII names, lists, text, integers, true, false, null.

    Raises:
        Refused: `bad-json` for any other value: floats, integers out of range, lone surrogates, other types.
    """
    _check_canonical(value)
    # Sorting ASCII names by code point is RFC 8785's order by UTF-16 units; Python escapes what it escapes.
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check_canonical(value: object) -> None:
    if isinstance(value, str):
        _check_scalar_text(value)
    elif isinstance(value, dict):
        for name, member in value.items():
            if not (isinstance(name, str) and name.isascii()):
                raise Refused("bad-json", f"member name {shown(name)} is not ASCII text")
            _check_canonical(member)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_canonical(item)
    elif isinstance(value, int):
        if not 0 <= value <= MAX_INTEGER:
            raise Refused("bad-json", f"integer {shown(value)} is not 0 to 2^53-1")
    elif value is not None:
        raise Refused("bad-json", f"{shown(value)} has no form in hashed JSON")


def _check_scalar_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Refused("bad-json", f"text {shown(text)} has a lone surrogate") from None


def _refuse_number(text: str) -> NoReturn:
    raise Refused("bad-json", f"number {shown(text)} is not an integer from 0 to 2^53-1")


def _integer(text: str) -> int:
    if len(text) > _MAX_INTEGER_DIGITS or text.startswith("-") or int(text) > MAX_INTEGER:
        _refuse_number(text)
    return int(text)


def _object(members: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(members)
    if len(result) != len(members):
        twice = next(name for name, count in Counter(name for name, _ in members).items() if count > 1)
        raise Refused("bad-json", f"member {shown(twice)} occurs twice in one object")
    return result


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_refuse_number, parse_constant=_refuse_number
)


def strict_json(source: bytes | str) -> object:
    """Read one JSON value, refusing whatever two readers could understand differently.

    Refused are invalid UTF-8, a BOM, duplicate members, floats, NaN, integers outside 0 to 2^53-1, lone
    surrogates and nesting deeper than 8 (section 10).

    Raises:
        Refused: `bad-json`.
    """
    try:
        text = source.decode() if isinstance(source, bytes) else source
        if text.startswith("\ufeff"):
            raise Refused("bad-json", "begins with a byte order mark; save as UTF-8 without BOM")
        value: object = _DECODER.decode(text)
    except UnicodeDecodeError as error:
        raise Refused("bad-json", f"byte {error.start} is not valid UTF-8") from None
    except json.JSONDecodeError as error:
        raise Refused("bad-json", f"{error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise _too_deep() from None
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _check_depth(value)
    if "\\u" in text or isinstance(source, str):
        _check_texts(value)
    return value


def _too_deep() -> Refused:
    return Refused("bad-json", f"is nested deeper than {MAX_DEPTH}")


def _children(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else ()


def _check_depth(value: object) -> None:
    level: Sequence[object] = [value]
    for _ in range(MAX_DEPTH):
        level = [child for item in level for child in _children(item)]
    if any(isinstance(item, dict | list) for item in level):
        raise _too_deep()


def _check_texts(value: object) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            _check_scalar_text(item)
        waiting.extend(_children(item))
