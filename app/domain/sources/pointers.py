"""JSON Pointers (RFC 6901): where in a document something stands."""

import re
from enum import Enum
from typing import Final

_POINTER: Final = re.compile(r"(?:/(?:[^~/]|~[01])*)*")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")


class Absent(Enum):
    """What stands where nothing stands: not even null."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT


def is_pointer(text: str) -> bool:
    """Tell whether a text is a JSON Pointer; the empty one is the whole document."""
    return _POINTER.fullmatch(text) is not None


def at(document: object, pointer: str) -> object:
    """Give what stands at a place of a JSON document, or `ABSENT`.

    Args:
        document: any JSON value.
        pointer: a JSON Pointer.
    """
    found = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict):
            found = found.get(name, ABSENT)
        elif isinstance(found, list) and _INDEX.fullmatch(name) and int(name) < len(found):
            found = found[int(name)]
        else:
            return ABSENT
    return found
