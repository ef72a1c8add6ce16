"""Where a record of premises stands, and what it may say there."""

from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.registers import EntityRow
from app.domain.sources.identity import (
    IDENTITY_FIELDS,
    PREMISES_FIELDS,
    REGISTRATION_FIELDS,
    Link,
    Standing,
    as_standing,
    standing,
)

U1, U2 = "92410928MAEMWCAG3J", "91410928MAEB37GY60"


def row(uscc: str | None, premises: int = 1) -> EntityRow:
    """What the source `s` says of its record `k`."""
    return EntityRow(
        uscc=uscc,
        premises=premises,
        source="s",
        source_key="k",
        name="某酒店",
        regime="special_industry",
        subtype="hotel",
        level=2,
        status="operating",
        address=None,
        region="410928",
        station=None,
        legal_rep=None,
        licence_no=None,
        licence_to=None,
        registered_on=None,
        key_area=False,
    )


@pytest.mark.parametrize(
    ("said", "link", "premises_said", "taken", "found"),
    [
        # never seen before
        (row(None), None, False, (), Standing(key="s:k")),
        (row(None, 2), None, True, (), Standing(key="s:k#2")),
        (row(U1), None, False, (), Standing(key=U1)),
        (row(U1, 2), None, True, (), Standing(key=f"{U1}#2")),
        # another record of the source stands there already: which premises is which, only a person can say
        (row(U1), None, False, (U1,), Standing(key="s:k", shared=True)),
        (row(U1), Link(key="s:k", uscc=None), False, (U1,), Standing(key="s:k", shared=True)),
        # it stays where it stood
        (row(None), Link(key="s:k", uscc=None), False, (), Standing(key="s:k")),
        (row(None), Link(key=U1, uscc=U1), False, (), Standing(key=U1)),
        (row(U1), Link(key=U1, uscc=U1), False, (U1,), Standing(key=U1)),
        # a person or a file has put it under the second premises, and the source does not number premises
        (row(U1), Link(key=f"{U1}#2", uscc=U1), False, (U1,), Standing(key=f"{U1}#2")),
        (row(U1), Link(key=f"{U1}#2", uscc=U1), True, (), Standing(key=U1)),
        (row(U1), Link(key=f"{U1}#2", uscc=U1), True, (U1,), Standing(key="s:k", shared=True)),
        # its USCC has become known: what stood without one goes along
        (row(U1), Link(key="s:k", uscc=None), False, (), Standing(key=U1, joins=True)),
        # another holder: another entity
        (row(U2), Link(key=U1, uscc=U1), False, (), Standing(key=U2)),
        (row(U2), Link(key=U1, uscc=U1), False, (U2,), Standing(key="s:k", shared=True)),
    ],
)
def test_where_a_record_stands(
    *, said: EntityRow, link: Link | None, premises_said: bool, taken: tuple[str, ...], found: Standing
) -> None:
    """By its USCC, else where it stood, else by itself."""
    assert standing(said, link, premises_said=premises_said, taken=taken.__contains__) == found


@given(uscc=st.sampled_from([None, U1]), premises=st.integers(1, 3), premises_said=st.booleans())
def test_two_sources_with_one_uscc_and_number_name_one_premises(
    *, uscc: str | None, premises: int, premises_said: bool
) -> None:
    """And without a USCC they name two."""
    first = row(uscc, premises)
    second = replace(first, source="t", source_key="9")
    stand = [
        standing(one, None, premises_said=premises_said, taken=lambda _: False).key for one in (first, second)
    ]
    assert (stand[0] == stand[1]) == (uscc is not None)


HELD: dict[str, Any] = {
    "uscc": U1,
    "premises": 2,
    "source": "t",
    "source_key": "9",
    "name": "沐堤大酒店",
    "address": "甲路1号",
    "region": "410928",
    "station": None,
    "legal_rep": None,
    "key_area": True,
}
REGISTERED: dict[str, Any] = {
    "subtype": "hotel",
    "level": 3,
    "status": "suspended",
    "licence_no": None,
    "licence_to": None,
    "registered_on": None,
}
SAID = replace(row(None), station="003", legal_rep="某某", licence_no="特1号")


def test_a_new_entity_takes_all_that_the_source_says() -> None:
    """Under its own key the USCC is left out: the key would not be its own otherwise."""
    assert as_standing(SAID, "s:k", held=None, premises=None, registration=None) == SAID
    shared = as_standing(replace(SAID, uscc=U1), "s:k", held=None, premises=None, registration=None)
    assert (shared.entity_id, shared.uscc) == ("s:k", None)


def test_the_leading_source_says_what_holds_and_never_what_it_is() -> None:
    """Name, address, level are its word; the identity stays."""
    led = as_standing(SAID, f"{U1}#2", held=HELD, premises=None, registration=None)
    assert led.entity_id == f"{U1}#2"
    assert (led.source, led.source_key) == ("t", "9")
    assert (led.name, led.address, led.key_area, led.level, led.status) == (
        "某酒店",
        None,
        False,
        2,
        "operating",
    )


def test_a_source_of_lesser_rank_adds_only_what_nobody_has_said() -> None:
    """Of the premises and of the registration, each by itself."""
    both = as_standing(SAID, f"{U1}#2", held=HELD, premises=HELD, registration=REGISTERED)
    assert (both.name, both.address, both.key_area) == ("沐堤大酒店", "甲路1号", True)
    assert (both.station, both.legal_rep) == ("003", "某某")
    assert (both.level, both.status, both.licence_no) == (3, "suspended", "特1号")
    premises = as_standing(SAID, f"{U1}#2", held=HELD, premises=HELD, registration=None)
    assert (premises.name, premises.level, premises.status) == ("沐堤大酒店", 2, "operating")


_words = st.none() | st.text("甲乙丙1", max_size=3)
_rows = st.builds(
    EntityRow,
    uscc=st.sampled_from([None, U1, U2]),
    premises=st.integers(1, 3),
    source=st.sampled_from(["s", "t"]),
    source_key=st.sampled_from(["k", "9"]),
    name=st.text("甲乙丙1", min_size=1, max_size=3),
    regime=st.sampled_from(["entertainment", "fire_unit"]),
    subtype=_words,
    level=st.none() | st.integers(1, 3),
    status=st.sampled_from(["operating", "closed"]),
    address=_words,
    region=st.sampled_from(["410928", "410922"]),
    station=_words,
    legal_rep=_words,
    licence_no=_words,
    licence_to=st.none() | st.dates(),
    registered_on=st.none() | st.dates(),
    key_area=st.booleans(),
)


@given(_rows, _rows)
def test_a_row_lands_under_the_entity_that_it_is_to_stand_under(said: EntityRow, held: EntityRow) -> None:
    """Whatever both say; and nothing that a better source said is lost."""
    fields = asdict(held)
    made = as_standing(said, held.entity_id, held=fields, premises=fields, registration=fields)
    assert made.entity_id == held.entity_id
    assert made.regime == said.regime
    for name in (*IDENTITY_FIELDS, *PREMISES_FIELDS, *REGISTRATION_FIELDS):
        if fields[name] is not None or name in IDENTITY_FIELDS:
            assert getattr(made, name) == fields[name]
        else:
            assert getattr(made, name) == getattr(said, name)
