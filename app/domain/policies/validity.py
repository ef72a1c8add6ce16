"""Which version of a versioned document is in force 施行 in a region on a day.

A version begins on a day that lies ahead of its approval, so what holds today was settled before today. It
ends with the day before the next version of its own region, at the end of its own validity, or on the day on
which it was withdrawn 撤回, whichever is first; then what the wider region says holds again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.regions import region_prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a document, without its contents.

    Attributes:
        region: region code 行政区划 or prefix; empty for everywhere.
        version: from 1, counted in each region.
        valid_from: the first day.
        valid_to: the last day that it names itself; None without end.
        ended_on: the last day on which it held, where it was withdrawn before its end.
        sha256: digest of the document by SHA-256, in hex.
    """

    region: str
    version: int
    valid_from: date
    valid_to: date | None
    sha256: str
    ended_on: date | None = None

    @property
    def reach(self) -> str:
        """The prefix of every region in which it may hold."""
        return region_prefix(self.region)

    @property
    def own_end(self) -> date:
        """The last day by its own words or by its withdrawal."""
        return min(self.valid_to or date.max, self.ended_on or date.max)

    @property
    def ever_held(self) -> bool:
        """Whether there was a day on which it held; not, where it was withdrawn before it began."""
        return self.own_end >= self.valid_from


def version_in_force(versions: Iterable[Version], *, region: str, on: date) -> Version | None:
    """Give the version that holds: of the smallest region that has one, the one that began last.

    Args:
        versions: every version that was ever approved.
        region: the region of an entity or a plan, a code or prefix.
        on: the day.
    """
    newest: dict[str, Version] = {}
    for one in versions:
        begun = one.valid_from <= on and one.ever_held and region.startswith(one.reach)
        if begun and (one.reach not in newest or _age(newest[one.reach]) < _age(one)):
            newest[one.reach] = one
    holding = (one for one in newest.values() if on <= one.own_end)
    return max(holding, key=lambda one: len(one.reach), default=None)


def course_of(versions: Sequence[Version], *, region: str, on: date) -> list[tuple[date, Version | None]]:
    """Give since when which version was in force, from the first day of all to a day; None: none was.

    Args:
        versions: every version that was ever approved.
        region: a code or prefix.
        on: the last day that is asked about.
    """
    begin = {one.valid_from for one in versions}
    begin |= {one.own_end + timedelta(days=1) for one in versions if one.own_end < on}
    course: list[tuple[date, Version | None]] = []
    for day in sorted(day for day in begin if day <= on):
        holding = version_in_force(versions, region=region, on=day)
        if not course or course[-1][1] != holding:
            course.append((day, holding))
    return course


def last_day(version: Version, versions: Iterable[Version]) -> date | None:
    """Give the last day on which a version holds as things stand; None while there is none."""
    ends = [version.own_end]
    ends += [
        one.valid_from - timedelta(days=1)
        for one in versions
        if one.reach == version.reach and one.ever_held and _age(one) > _age(version)
    ]
    last = min(ends)
    return None if last == date.max else last


def version_of(document: Mapping[str, Any], *, sha256: str) -> Version:
    """Read what a document says of its own validity.

    Args:
        document: with a header.
        sha256: its digest.

    Raises:
        KeyError: it has no header.
    """
    ends = document["valid_to"]
    return Version(
        region=document["region"],
        version=document["version"],
        valid_from=date.fromisoformat(document["valid_from"]),
        valid_to=None if ends is None else date.fromisoformat(ends),
        sha256=sha256,
    )


def _age(version: Version) -> tuple[date, int]:
    return version.valid_from, version.version
