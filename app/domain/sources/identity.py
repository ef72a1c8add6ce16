"""Which premises a source's record speaks of, and what it may say of it.

A record with a USCC stands under that USCC and premises number, whatever source it comes from, so that one
premises of several sources is one entity. A record without one stands under `source:key`, and stays where it
once stood: a USCC that the source drops is no reason to move.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from app.domain.registers import EntityRow, entity_id

IDENTITY_FIELDS: Final = ("uscc", "premises", "source", "source_key")
PREMISES_FIELDS: Final = ("name", "address", "region", "station", "legal_rep", "key_area")
REGISTRATION_FIELDS: Final = ("subtype", "level", "status", "licence_no", "licence_to", "registered_on")

Fields = Mapping[str, Any]
"""What is held, by the names of the register's fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The entity under which a record stands so far: its DR1 id and USCC."""

    key: str
    uscc: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a record is to stand.

    Attributes:
        key: DR1 entity id.
        joins: the entity under which it stood so far is the same premises and goes into that one, because its
            USCC has become known.
        shared: another record of the same source stands under its USCC and premises number already; which
            of them is which premises only a person can say, so this one stands under its own key.
    """

    key: str
    joins: bool = False
    shared: bool = False


def standing(
    row: EntityRow, link: Link | None, *, premises_said: bool, taken: Callable[[str], bool]
) -> Standing:
    """Decide where a record stands.

    Args:
        row: what the source says, its own name and key included.
        link: where the record stands so far, if anywhere.
        premises_said: the source tells premises of one holder apart by number.
        taken: tells whether another record of the same source and regime stands under an entity id.
    """
    own = entity_id(uscc=None, source=row.source, source_key=row.source_key, premises=row.premises)
    if row.uscc is None:
        return Standing(key=link.key if link else own)
    same_holder = link is not None and link.uscc == row.uscc
    wanted = link.key if link and same_holder and not premises_said else row.entity_id
    if link is not None and link.key == wanted:
        return Standing(key=wanted)
    nameless = link is not None and link.uscc is None
    if taken(wanted):
        return Standing(key=link.key if link and nameless else own, shared=True)
    return Standing(key=wanted, joins=nameless)


def as_standing(
    row: EntityRow, key: str, *, held: Fields | None, premises: Fields | None, registration: Fields | None
) -> EntityRow:
    """Give the row as it may land under an entity id.

    Where the entity is there already, its identity stays. What a source of a better rank speaks of holds;
    this one adds only what nobody has said yet.

    Args:
        row: what the source says.
        key: the DR1 entity id under which it stands.
        held: the entity's fields as they are, None where it is new.
        premises: the same, if a source of a better rank speaks of this premises.
        registration: the registration's fields, if a source of a better rank speaks of it.
    """
    if held is None:
        return row if row.entity_id == key else replace(row, uscc=None)
    kept = {name: held[name] for name in IDENTITY_FIELDS}
    for names, said in ((PREMISES_FIELDS, premises), (REGISTRATION_FIELDS, registration)):
        kept |= {name: said[name] for name in names if said is not None and said[name] is not None}
    return replace(row, **kept)
