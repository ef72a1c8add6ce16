"""Which version holds on a day: worked out by hand, and against the rule said another way."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.policies.validity import Version, course_of, last_day, version_in_force, version_of

NATION = Version(region="", version=1, valid_from=date(2026, 1, 1), valid_to=None, sha256="nation-1")
NATION_2 = replace(NATION, version=2, valid_from=date(2026, 11, 1), sha256="nation-2")
PROVINCE = replace(NATION, region="410000", valid_from=date(2026, 3, 1), sha256="province")
COUNTY = replace(NATION, region="410928", valid_from=date(2026, 4, 1), sha256="county-1")
COUNTY_2 = replace(
    COUNTY, version=2, valid_from=date(2026, 6, 1), valid_to=date(2026, 6, 30), sha256="county-2"
)
COUNTY_3 = replace(
    COUNTY, version=3, valid_from=date(2026, 9, 1), ended_on=date(2026, 9, 14), sha256="county-3"
)
NEVER = replace(COUNTY, version=4, valid_from=date(2026, 9, 10), ended_on=date(2026, 9, 9), sha256="never")
ALL = (NATION, NATION_2, PROVINCE, COUNTY, COUNTY_2, COUNTY_3, NEVER)


@pytest.mark.parametrize(
    ("region", "day", "found"),
    [
        ("410928", "2025-12-31", None),
        ("410928", "2026-01-01", NATION),
        ("410928", "2026-03-01", PROVINCE),  # the smaller region comes first
        ("410928", "2026-04-01", COUNTY),
        ("410928", "2026-05-31", COUNTY),
        ("410928", "2026-06-01", COUNTY_2),  # the newer version of a region ends the older one
        ("410928", "2026-06-30", COUNTY_2),
        ("410928", "2026-07-01", PROVINCE),  # and when it ends itself the older one does not come back
        ("410928", "2026-09-01", COUNTY_3),
        ("410928", "2026-09-14", COUNTY_3),  # withdrawn on the 14th: it held through that day
        ("410928", "2026-09-15", PROVINCE),  # what was withdrawn before it began never held
        ("410923", "2026-09-01", PROVINCE),  # another county
        ("41", "2026-09-01", PROVINCE),  # a plan of the whole province
        ("320102", "2026-10-31", NATION),
        ("320102", "2026-11-01", NATION_2),
    ],
)
def test_the_version_of_the_smallest_region_that_began_last_holds(
    region: str, day: str, found: Version | None
) -> None:
    """Every edge: first day, last day, the day after."""
    assert version_in_force(ALL, region=region, on=date.fromisoformat(day)) == found


@pytest.mark.parametrize(
    ("version", "day"),
    [
        (NATION, "2026-10-31"),
        (NATION_2, None),
        (PROVINCE, None),
        (COUNTY, "2026-05-31"),
        (COUNTY_2, "2026-06-30"),
        (COUNTY_3, "2026-09-14"),
        (NEVER, "2026-09-09"),
    ],
)
def test_the_last_day_as_things_stand(version: Version, day: str | None) -> None:
    """A newer version of the same region, the own end, or the withdrawal."""
    assert last_day(version, ALL) == (None if day is None else date.fromisoformat(day))


def test_a_document_says_its_own_validity() -> None:
    """From its header."""
    header = {"region": "410928", "version": 4, "valid_from": "2026-04-01", "valid_to": "2026-12-31"}
    found = version_of(header, sha256="d")
    assert (found.version, found.valid_from, found.valid_to) == (4, date(2026, 4, 1), date(2026, 12, 31))
    assert version_of(header | {"valid_to": None}, sha256="d").valid_to is None
    assert (found.reach, replace(found, region="410000").reach) == ("410928", "41")


_DAYS = st.integers(0, 40).map(lambda n: date(2026, 1, 1) + timedelta(days=n))
_VERSIONS = st.lists(
    st.builds(
        Version,
        region=st.sampled_from(["", "41", "410000", "410928", "320000"]),
        version=st.integers(1, 99),
        valid_from=_DAYS,
        valid_to=st.none() | _DAYS,
        ended_on=st.none() | _DAYS,
        sha256=st.uuids().map(str),
    ),
    max_size=6,
    unique_by=lambda one: (one.reach, one.version),
)


@given(_VERSIONS, _DAYS)
def test_one_version_holds_and_its_last_day_says_so(versions: Sequence[Version], day: date) -> None:
    """What holds began, has not ended, and nothing of a smaller region holds: said by `last_day` alone."""
    holding = [
        one
        for one in versions
        if "410928".startswith(one.reach)
        and one.ever_held
        and one.valid_from <= day <= (last_day(one, versions) or date.max)
    ]
    found = version_in_force(versions, region="410928", on=day)
    assert found == max(holding, key=lambda one: len(one.reach), default=None)
    assert len({one.reach for one in holding}) == len(holding)


def test_the_course_of_a_county_in_a_year() -> None:
    """By hand: what began on which day, gaps of the county filled by its province."""
    found = course_of(ALL, region="410928", on=date(2026, 12, 31))
    assert [(f"{day:%m-%d}", version) for day, version in found] == [
        ("01-01", NATION),
        ("03-01", PROVINCE),
        ("04-01", COUNTY),
        ("06-01", COUNTY_2),
        ("07-01", PROVINCE),
        ("09-01", COUNTY_3),
        ("09-15", PROVINCE),
    ]
    ended = replace(NATION, valid_to=date(2026, 2, 1))
    assert course_of([ended], region="41", on=date(2026, 3, 1)) == [
        (date(2026, 1, 1), ended),
        (date(2026, 2, 2), None),
    ]
    assert course_of(ALL, region="410928", on=date(2025, 12, 31)) == []


@given(_VERSIONS, _DAYS, _DAYS)
def test_a_course_says_of_each_day_what_holds_on_it(
    versions: Sequence[Version], day: date, later: date
) -> None:
    """However far it reaches."""
    course = course_of(versions, region="410928", on=max(day, later))
    holding = next((version for begins, version in reversed(course) if begins <= day), None)
    assert holding == version_in_force(versions, region="410928", on=day)
