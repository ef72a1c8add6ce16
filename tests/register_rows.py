"""Hypothesis strategies for valid records of the six registers, formula-looking texts included."""

import re
import unicodedata
from datetime import date
from typing import Any

from hypothesis import strategies as st
from stdnum.cn import uscc

from app.domain.registers import (
    REGIMES,
    SUBTYPES,
    CreditClassRow,
    EntityRow,
    InspectorRow,
    RecusalRow,
    RiskEventRow,
    Row,
    VisitRow,
)
from app.domain.registers.columns import (
    AGENCIES,
    CREDIT_CLASSES,
    INSPECTOR_KINDS,
    RELATIONS,
    RISK_KINDS,
    STATUSES,
    VISIT_KINDS,
    Code,
)

# What a spreadsheet shows instead of content: formula errors and numbers that have lost digits.
_REFUSED = re.compile(r"#[A-Z0-9/]+[!?]?|[0-9](\.[0-9]+)?E\+[0-9]+")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_TOKEN_ALPHABET = "0123456789abcXYZ._:-"

days = st.dates(min_value=date(1950, 1, 1), max_value=date(2099, 12, 31))
tokens = st.text(_TOKEN_ALPHABET, min_size=1, max_size=12).filter(lambda text: text != "-")
sources = tokens.filter(lambda text: ":" not in text)
stations = st.from_regex(r"[0-9]{3}", fullmatch=True)
regions = st.from_regex(r"[1-9][0-9]{5}", fullmatch=True)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _is_plain(text: str) -> bool:
    if not text or _REFUSED.fullmatch(text):
        return False
    return text.isprintable() or all(unicodedata.category(c) == "Co" for c in text)


texts = (
    st.one_of(
        st.text(max_size=12),
        st.builds(
            str.__add__,
            st.sampled_from(["=", "+", "-", "@", "'=", "''", "＝", "'+", '"', ",", ";"]),
            st.text(),
        ),
        st.sampled_from(
            ["=1+1", "@SUM(A1)", "-大酒店", "+86", "'90年代", "'=x", "''@", "甲;乙", '甲"乙"', "䶮𠮷网吧"]
        ),
    )
    .map(_folded)
    .filter(_is_plain)
)


def codes(table: tuple[Code, ...]) -> st.SearchStrategy[str]:
    """Any value of a code table."""
    return st.sampled_from([code.value for code in table])


@st.composite
def usccs(draw: st.DrawFn) -> str:
    """A valid unified social credit code."""
    body = draw(st.from_regex(r"[0-9]{8}", fullmatch=True)) + draw(st.text(_ALPHABET, min_size=9, max_size=9))
    return body + str(uscc.calc_check_digit(body))


@st.composite
def entity_ids(draw: st.DrawFn) -> str:
    """A valid entity id in its one form."""
    holder = draw(usccs()) if draw(st.booleans()) else f"{draw(sources)}:{draw(source_keys)}"
    number = draw(st.integers(1, 30))
    return holder if number == 1 else f"{holder}#{number}"


source_keys = texts.filter(lambda text: "#" not in text and len(text.encode()) < 50)


@st.composite
def entity_rows(draw: st.DrawFn) -> EntityRow:
    """A valid registration."""
    regime = draw(codes(REGIMES))
    subtypes = [None, *(code.value for code in SUBTYPES[regime])]
    has_uscc = draw(st.booleans())
    has_source = not has_uscc or draw(st.booleans())
    return EntityRow(
        uscc=draw(usccs()) if has_uscc else None,
        premises=draw(st.integers(1, 9999)),
        source=draw(sources) if has_source else None,
        source_key=draw(source_keys) if has_source else None,
        name=draw(texts),
        regime=regime,
        subtype=draw(st.sampled_from(subtypes)),
        level=draw(st.none() | st.integers(1, 3)),
        status=draw(codes(STATUSES)),
        address=draw(st.none() | texts),
        region=draw(regions),
        station=draw(st.none() | stations),
        legal_rep=draw(st.none() | texts),
        licence_no=draw(st.none() | texts),
        licence_to=draw(st.none() | days),
        registered_on=draw(st.none() | days),
        key_area=draw(st.booleans()),
    )


def _lists(items: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(items, unique=True, max_size=4).map(lambda drawn: tuple(sorted(drawn)))


inspector_rows = st.builds(
    InspectorRow,
    code=tokens,
    name=texts,
    certificate_no=texts,
    certificate_to=days,
    kind=codes(INSPECTOR_KINDS),
    agency=codes(AGENCIES),
    unit=st.none() | texts,
    station=st.none() | stations,
    lead=st.booleans(),
    regimes=_lists(codes(REGIMES)),
    districts=_lists(stations | regions | st.builds(str.__add__, regions, stations)),
    cap=st.integers(0, 999),
    training_to=st.none() | days,
)


@st.composite
def recusal_rows(draw: st.DrawFn) -> RecusalRow:
    """A valid ground for recusal."""
    first, last = sorted([draw(days), draw(days)])
    return RecusalRow(
        inspector=draw(tokens),
        entity=draw(entity_ids()),
        relation=draw(codes(RELATIONS)),
        starts_on=draw(st.sampled_from([None, first])),
        ends_on=draw(st.sampled_from([None, last])),
    )


@st.composite
def risk_event_rows(draw: st.DrawFn) -> RiskEventRow:
    """A valid risk event."""
    on, later = sorted([draw(days), draw(days)])
    return RiskEventRow(
        entity=draw(entity_ids()),
        regime=draw(st.none() | codes(REGIMES)),
        kind=draw(codes(RISK_KINDS)),
        on=on,
        substantiated=draw(st.none() | st.booleans()),
        remedied_on=draw(st.sampled_from([None, later])),
        until=draw(st.sampled_from([None, later])),
        source_no=draw(st.none() | texts),
    )


visit_rows = st.builds(
    VisitRow,
    entity=entity_ids(),
    item=tokens,
    on=days,
    kind=codes(VISIT_KINDS),
    agency=codes(AGENCIES),
    codes=st.sampled_from([("01",), ("02", "21"), ("04",), ("07", "11"), ("05", "22", "23")]),
    inspectors=_lists(tokens),
)


@st.composite
def credit_class_rows(draw: st.DrawFn) -> CreditClassRow:
    """A valid class of credit risk."""
    on, later = sorted([draw(days), draw(days)])
    return CreditClassRow(
        entity=draw(entity_ids()),
        credit_class=draw(codes(CREDIT_CLASSES)),
        on=on,
        until=draw(st.sampled_from([None, later])),
        source=draw(texts),
        basis=draw(texts),
    )


ROWS: dict[str, st.SearchStrategy[Any]] = {
    "entities": entity_rows(),
    "inspectors": inspector_rows,
    "recusals": recusal_rows(),
    "risk-events": risk_event_rows(),
    "visits": visit_rows,
    "credit-classes": credit_class_rows(),
}


@st.composite
def registers_with_rows(draw: st.DrawFn) -> tuple[str, list[Row]]:
    """A register's name and some of its records."""
    name = draw(st.sampled_from(sorted(ROWS)))
    return name, draw(st.lists(ROWS[name], min_size=1, max_size=5, unique_by=lambda row: row.key))
