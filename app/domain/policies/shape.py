"""Shapes of JSON documents: what a value may be, and what is wrong with it, pointer by pointer.

Only values that strict JSON gives are meant: objects, lists, text, integers, booleans and null.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from app.domain.draw.plan import MAX_RATE_Q
from app.domain.errors import FieldError

_MOST_CHARACTERS: Final = 500
_MOST_ITEMS: Final = 200
_SHOWN_CHARACTERS: Final = 60


class Shape(Protocol):
    """What a value may be."""

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """Say what is wrong with a value.

        Args:
            value: the value.
            at: its JSON Pointer (RFC 6901).
        """
        ...


def step(at: str, name: str) -> str:
    """Give the pointer of a member."""
    return f"{at}/{name.replace('~', '~0').replace('/', '~1')}"


def shown(value: object) -> str:
    """Give a value as a text names it."""
    text = str(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


@dataclass(frozen=True, slots=True)
class Text:
    """Some text that is not blank."""

    most: int = _MOST_CHARACTERS

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        if not isinstance(value, str):
            yield FieldError(at, "string-type")
        elif not value.strip():
            yield FieldError(at, "blank-text")
        elif len(value) > self.most:
            yield FieldError(at, "long-text", (("most", str(self.most)),))


@dataclass(frozen=True, slots=True)
class Whole:
    """An integer, both bounds included."""

    least: int
    most: int

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        if type(value) is not int or not self.least <= value <= self.most:
            yield FieldError(at, "not-in-range", (("least", str(self.least)), ("most", str(self.most))))


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        if not isinstance(value, bool):
            yield FieldError(at, "bool-parsing")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few texts."""

    allowed: tuple[str, ...]

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        if not isinstance(value, str) or value not in self.allowed:
            yield FieldError(
                at, "unknown-value", (("value", shown(value)), ("allowed", ", ".join(self.allowed)))
            )


@dataclass(frozen=True, slots=True)
class Rate:
    """A ratio [p, q] with 0 ≤ p ≤ q and 1 ≤ q, as DR1 has it."""

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        terms = value if isinstance(value, list) else []
        p, q = terms if [type(term) for term in terms] == [int, int] else (1, 0)
        if not (0 <= p <= q and 1 <= q <= MAX_RATE_Q):
            yield FieldError(at, "bad-rate", (("value", shown(value)), ("most", str(MAX_RATE_Q))))


@dataclass(frozen=True, slots=True)
class Day:
    """A day `YYYY-MM-DD`."""

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        if read_day(value) is None:
            yield FieldError(at, "date-parsing")


def read_day(value: object) -> date | None:
    """Read a day in just the form `YYYY-MM-DD`; None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.isoformat() == value else None


@dataclass(frozen=True, slots=True)
class Nullable:
    """A value or null."""

    inner: Shape

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        if value is not None:
            yield from self.inner.faults(value, at)


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `unlike` are the members by which no two may be equal, or `""` for the items themselves."""

    each: Shape
    least: int = 0
    most: int = _MOST_ITEMS
    unlike: tuple[str, ...] = ()

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        if not isinstance(value, list):
            yield FieldError(at, "list-type")
            return
        if not self.least <= len(value) <= self.most:
            yield FieldError(at, "bad-length", (("least", str(self.least)), ("most", str(self.most))))
        bad = False
        for place, item in enumerate(value):
            for fault in self.each.faults(item, f"{at}/{place}"):
                bad = True
                yield fault
        if not bad and self.unlike:
            yield from self._repeated(value, at)

    def _repeated(self, items: list[Any], at: str) -> Iterator[FieldError]:
        seen: set[tuple[object, ...]] = set()
        for place, item in enumerate(items):
            key = (item,) if self.unlike == ITSELF else tuple(_at_path(item, path) for path in self.unlike)
            if key in seen:
                named = " ".join(shown(part) for part in key if part is not None)
                yield FieldError(f"{at}/{place}", "given-twice", (("value", named),))
            seen.add(key)


ITSELF: Final = ("",)
"""No item may come twice."""


def _at_path(item: Mapping[str, Any], path: str) -> object:
    found: Any = item
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


@dataclass(frozen=True, slots=True)
class Members:
    """An object of known members; `optional` ones may be left out."""

    required: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        if not isinstance(value, Mapping):
            yield FieldError(at, "model-attributes-type")
            return
        known = {**self.required, **self.optional}
        for name in value:
            if name not in known:
                yield FieldError(step(at, str(name)), "extra-forbidden")
        for name, shape in known.items():
            if name in value:
                yield from shape.faults(value[name], step(at, name))
            elif name in self.required:
                yield FieldError(step(at, name), "no-basis" if name in _BASIS else "missing")


_BASIS: Final = ("basis", "source")


def lawful(required: Mapping[str, Shape], optional: Mapping[str, Shape] | None = None) -> Members:
    """Give an object whose numbers name their legal basis and the source of the number."""
    return Members({**required, **dict.fromkeys(_BASIS, Text())}, optional or {})


@dataclass(frozen=True, slots=True)
class Named:
    """An object of any ASCII names whose members are all alike."""

    each: Shape

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        if not isinstance(value, Mapping):
            yield FieldError(at, "model-attributes-type")
            return
        for name, member in value.items():
            if not (isinstance(name, str) and name.isascii() and name.isidentifier()):
                yield FieldError(step(at, str(name)), "bad-name")
            else:
                yield from self.each.faults(member, step(at, name))
