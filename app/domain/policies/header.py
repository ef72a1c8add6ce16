"""What every versioned document says of itself: which it is, where and when it holds, whence its numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.errors import FieldError
from app.domain.policies.shape import Day, Members, Named, Nullable, Shape, Text, Whole, read_day, shown, step
from app.domain.regions import REGION_DIGITS

POLICY: Final = "default"
"""The code of policies 抽查规则: what shapes rosters and draws."""
CLOCKS: Final = "clocks"
"""The code of clocks 期限."""

_MOST_VERSIONS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Prefix:
    """Where a document holds: a region of GB/T 2260 with 2, 4 or 6 digits; empty for everywhere."""

    def faults(self, value: object, at: str) -> Iterator[FieldError]:
        """See `Shape`."""
        digits = isinstance(value, str) and value.isascii() and value.isdigit()
        if value != "" and not (digits and len(str(value)) in range(2, REGION_DIGITS + 1, 2)):
            yield FieldError(at, "bad-region-code", (("value", shown(value)),))


HEADER: Final[Mapping[str, Shape]] = {
    "code": Text(),
    "version": Whole(1, _MOST_VERSIONS),
    "valid_from": Day(),
    "valid_to": Nullable(Day()),
    "region": Prefix(),
    "name": Members({"zh": Text(), "en": Text()}),
    "sources": Named(Text()),
}
"""The members of the header."""


def header_faults(document: Mapping[str, Any]) -> Iterator[FieldError]:
    """Check the validity of a document whose members have their shapes."""
    starts, ends = read_day(document["valid_from"]), read_day(document["valid_to"])
    if starts is not None and ends is not None and ends < starts:
        yield FieldError("/valid_to", "ends-before-start")


def no_such_sources(document: Mapping[str, Any]) -> Iterator[FieldError]:
    """Find every `source` that the document's own `sources` do not explain."""
    allowed = ", ".join(document["sources"])
    for at, value in _members_named("source", document, ""):
        if value not in document["sources"]:
            yield FieldError(at, "unknown-value", (("value", shown(value)), ("allowed", allowed)))


def _members_named(name: str, value: object, at: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for member, inner in value.items():
            if member == name:
                yield step(at, member), inner
            else:
                yield from _members_named(name, inner, step(at, member))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _members_named(name, inner, f"{at}/{place}")
