"""Recusals found: same name and station officer, for a person to confirm (行政处罚法 art. 43)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.suspicions import (
    Represented,
    Suspect,
    Suspicion,
    plain_name,
    same_names,
    station_officers,
)

ZHANG = Suspect(id="i1", name="张 伟", home="410928", station="003")


@pytest.mark.parametrize(
    ("region", "rep", "lent_to", "found"),
    [
        ("410928", "张伟", (), True),
        ("410928", "张 伟", (), True),
        ("410928", "张伟民", (), False),
        ("410922", "张伟", (), False),
        ("410922", "张伟", ("410922",), True),
        ("410922", "张伟", ("4101",), False),
    ],
)
def test_an_officer_with_the_representatives_name_is_suspected_where_he_could_be_sent(
    region: str, rep: str, lent_to: tuple[str, ...], *, found: bool
) -> None:
    """Spaces that registers put into names do not matter; two letters in common do not either."""
    suspect = Suspect(id="i1", name="张 伟", home="410928", lent_to=lent_to)
    premises = [Represented(id="e1", region=region, legal_rep=rep)]
    suspicions = [Suspicion(inspector="i1", ground="same-name", region=region, entity="e1", matched="张伟")]
    assert list(same_names([suspect], premises)) == (suspicions if found else [])


@pytest.mark.parametrize(
    ("districts", "places", "found"),
    [
        ((), {("410928", "003")}, ["410928003"]),
        ((), {("410928", "004"), ("410928", None)}, []),
        ((), {("410922", "003")}, []),
        (("003",), {("410928", "003")}, ["410928003"]),
        # posted at 003 and sent elsewhere only: nobody would draw him there
        (("004",), {("410928", "003")}, []),
    ],
)
def test_an_officer_posted_at_a_station_is_suspected_there(
    districts: tuple[str, ...], places: set[tuple[str, str | None]], found: list[str]
) -> None:
    """The station officer in charge (管片, *default*): once for the station, not once for each premises."""
    suspect = Suspect(id="i1", name="张伟", home="410928", station="003", districts=districts)
    suspicions = list(station_officers([suspect], places))
    assert [one.matched for one in suspicions] == found
    assert {(one.entity, one.ground) for one in suspicions} <= {(None, "station-officer")}


def test_an_officer_of_the_city_may_be_in_charge_at_any_countys_station_of_that_number() -> None:
    """Every county has a station 003: a person says which."""
    suspect = Suspect(id="i1", name="张伟", home="4109", station="003")
    places: set[tuple[str, str | None]] = {("410928", "003"), ("410922", "003")}
    assert sorted(one.region for one in station_officers([suspect], places)) == ["410922", "410928"]


def test_an_officer_who_is_posted_nowhere_is_in_charge_nowhere() -> None:
    """No station, no suspicion; premises without a station neither."""
    assert not list(station_officers([Suspect(id="i1", name="张伟", home="410928")], {("410928", None)}))


def test_the_same_finding_has_the_same_key_and_another_name_another() -> None:
    """A rejected finding does not come up again, until what agreed is something else."""
    [found] = same_names([ZHANG], [Represented(id="e1", region="410928", legal_rep="张伟")])
    assert found.key == "i1\tsame-name\te1\t张伟"


@given(st.text("张伟 ·•・", max_size=8), st.text("张伟 ·•・", max_size=8))
def test_names_agree_exactly_where_they_agree_without_what_is_passed_over(one: str, other: str) -> None:
    """`阿卜杜拉·买买提` and `阿卜杜拉买买提` are one name; the rule is the same in SQL and here."""
    plain = [name.replace(" ", "").translate({ord(c): None for c in "·•・"}) for name in (one, other)]
    assert (plain_name(one) == plain_name(other)) is (plain[0] == plain[1])
    assert plain_name(plain_name(one)) == plain_name(one)
