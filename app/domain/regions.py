"""Regions 行政区划 by GB/T 2260: a prefix is the higher level, and `00` pairs at the end mean all of it."""

from enum import StrEnum
from functools import lru_cache
from typing import Final

REGION_DIGITS: Final = 6
_MOST_CACHED: Final = 4096
STATION_DIGITS: Final = 3


def region_prefix(code: str) -> str:
    """Give the prefix that every code within a region shares: `410900` and `4109` both give `4109`."""
    prefix = code
    while len(prefix) <= REGION_DIGITS and len(prefix) > 2 and prefix.endswith("00"):  # noqa: PLR2004 - a level is two digits
        prefix = prefix[:-2]
    return prefix


@lru_cache(maxsize=_MOST_CACHED)
def covers(code: str, region: str) -> bool:
    """Tell whether the region of `code` contains another region or is the same."""
    return region.startswith(region_prefix(code))


def overlap(one: str, other: str) -> bool:
    """Tell whether one of two regions contains the other."""
    return covers(one, other) or covers(other, one)


def district_tag(*, region: str, station: str | None) -> str:
    """Give the tag of a place: `district:`, the region's six digits, and the station's 派出所 three if known.

    The region is part of it because every county has a station 001.
    """
    return f"district:{region}{station or ''}"


class Level(StrEnum):
    """Levels of government 行政层级 that keep registers and draw."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"


def level_of(code: str) -> Level:
    """Give the level of a region's code or prefix; what covers every region counts as a province."""
    return (Level.PROVINCE, Level.CITY, Level.COUNTY)[max(min(len(region_prefix(code)) // 2, 3), 1) - 1]


def regions_above(code: str) -> tuple[str, ...]:
    """Give the six digits of a region and of every one that contains it, the largest first."""
    prefix = region_prefix(code)
    return tuple(prefix[:length].ljust(REGION_DIGITS, "0") for length in range(2, len(prefix) + 1, 2))
