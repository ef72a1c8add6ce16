"""Levels of government: a city or province sees its counties, a county sees itself (clauses M3 and W1)."""

from collections import Counter
from dataclasses import dataclass

from app.adapters.region_names import region_name
from app.domain.regions import Level, level_of, regions_above
from app.services.context import Look
from app.store.oversight import regions as store


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionSeen:
    """A region with what it and the regions in it hold; `parent` is the one above that the caller sees."""

    code: str
    name: str | None
    level: Level
    parent: str | None
    held: dict[str, int]


def regions(look: Look) -> list[RegionSeen]:
    """Every region within the caller's that holds anything, and those between, in order of their codes."""
    held: dict[str, Counter[str]] = {}
    for code, found in store.counts(look.connection, sees=look.caller.region).items():
        for above in regions_above(code):
            if look.caller.sees(above):
                held.setdefault(above, Counter()).update(found)
    return [
        RegionSeen(
            code=code,
            name=region_name(code),
            level=level_of(code),
            parent=next((above for above in reversed(regions_above(code)[:-1]) if above in held), None),
            held={what: found[what] for what in store.WHAT},
        )
        for code, found in sorted(held.items())
    ]
