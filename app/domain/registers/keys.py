"""Entity ids: how a premises 场所 is named across all registers (DR1 section 1).

`<USCC>` or `<source>:<key>`; the second and further premises of the same holder end in `#n`. Different
holders never share an id: a source has no `:`, and a key does not itself end in `#` and digits.
"""

import re
import unicodedata

from stdnum.cn import uscc as uscc_number
from stdnum.exceptions import ValidationError

from app.domain.draw.basics.text import is_entity_id, is_token
from app.domain.registers.faults import Fault, RowErrorCode

_PREMISES = re.compile(r"#([1-9][0-9]{0,3})\Z")
_ENDS_LIKE_PREMISES = re.compile(r"#[0-9]+\Z")


def entity_id(*, uscc: str | None, source: str | None, source_key: str | None, premises: int = 1) -> str:
    """Name a premises; the USCC 统一社会信用代码 goes before the key of a source system."""
    holder = uscc or f"{source}:{source_key}"
    return holder if premises == 1 else f"{holder}#{premises}"


def check_uscc(text: str) -> str:
    """Return a USCC (GB 32100-2015) in its one form: 18 capitals and digits, spaces and hyphens dropped.

    Raises:
        Fault: `bad-uscc`.
    """
    try:
        return uscc_number.validate(text)
    except ValidationError as broken:
        raise Fault(RowErrorCode.BAD_USCC) from broken


def check_source_system(source: str) -> None:
    """Refuse a source name that would make entity ids ambiguous.

    Raises:
        Fault: `bad-source`.
    """
    if ":" in source:
        raise Fault(RowErrorCode.BAD_SOURCE, column="source", value=source)


def check_source_key(source_key: str) -> None:
    """Refuse a source's key that looks like another premises of a shorter key.

    Raises:
        Fault: `bad-source-key`.
    """
    if _ENDS_LIKE_PREMISES.search(source_key):
        raise Fault(RowErrorCode.BAD_SOURCE_KEY, column="source_key", value=source_key)


def check_id_length(identity: str) -> None:
    """Refuse an id that DR1 refuses; what is left to refuse after the cells were read is its length.

    Raises:
        Fault: `too-long`.
    """
    if not is_entity_id(identity):
        raise Fault(RowErrorCode.TOO_LONG, column="source_key", value=identity[:60], limit=128)


def read_entity_id(text: str) -> str:
    """Read an entity id as people write it: the USCC in any case, `：` for `:`, `#1` for the first premises.

    Raises:
        Fault: `bad-uscc` when it has no `:` and is no USCC, else `bad-entity`.
    """
    further = _PREMISES.search(text)
    premises = int(further[1]) if further else 1
    holder = text[: further.start()] if further else text
    source, colon, key = re.sub("[：:]", ":", holder, count=1).partition(":")
    if not colon:
        uscc = check_uscc(unicodedata.normalize("NFKC", holder))
        return entity_id(uscc=uscc, source=None, source_key=None, premises=premises)
    identity = entity_id(uscc=None, source=source, source_key=key, premises=premises)
    if not (key and is_token(source) and is_entity_id(identity)) or _ENDS_LIKE_PREMISES.search(key):
        raise Fault(RowErrorCode.BAD_ENTITY)
    return identity
