"""Merging 综合查一次 makes nothing impossible: it regards places, recusals and caps (rules.md, «Roster»)."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.lines import Recusal
from app.domain.facts import DeclaredRecusal, Officer, PlacedVisit, Premises, Registration
from app.domain.freezing import FreezeInput, RegisterFacts, freeze_input
from app.domain.items import current_items
from tests.domain.duties.cases import POLICY, VENUES, ktv, visit

ON = date(2026, 11, 2)
DOCUMENTS = [json.loads(path.read_text("utf-8")) for path in sorted(Path("app/seeds/items").glob("*.json"))]
ITEMS = current_items(DOCUMENTS, ON)
SPECIAL = "psb.special-industry"
KTV, BOTH = ("entertainment",), ("entertainment", "special_industry")
SLOTS = (("agency:psb", "role:lead"), ("agency:psb",))
STATIONS = ("101", "102")
SOME = [
    {"name": "all", "match": {"regime": "entertainment"}, "rate": [1, 4], "min": 1, "surprise": 0},
]


class Ask:
    """A plan for the county's venues in the second week of November 2026."""

    region = "410928"
    scope: dict[str, list[Any]] = {"regimes": [], "levels": [], "stations": []}  # noqa: RUF012 - a plan's own
    visit_from = date(2026, 11, 2)
    visit_to = date(2026, 11, 8)

    def __init__(self, strata: list[dict[str, Any]] | None = None, regimes: Sequence[str] = ()) -> None:
        """Keep the strata; None: the policy's; and the regimes, none: the item's."""
        self.strata = strata
        self.scope = self.scope | {"regimes": list(regimes)}


def officer(
    code: str,
    regimes: tuple[str, ...] = BOTH,
    *,
    lead: bool = True,
    cap: int = 10,
    station: str | None = None,
) -> Officer:
    """Give an officer of public security who knows these regimes."""
    return Officer(
        code=code,
        region="410928",
        kind="officer",
        agency="psb",
        lead=lead,
        certificate_to=date(2030, 1, 1),
        regimes=regimes,
        districts=("410928",) if station is None else (station,),
        cap=cap,
    )


def place(number: int, *, hotel: bool = True, level: int = 3, station: str = "101") -> Premises:
    """Give a KTV, in a hotel unless it stands alone, visited in October; level 3 is due on 30 November."""
    inn = Registration(regime="special_industry", subtype="hotel", level=3, known_since=date(2025, 1, 1))
    return Premises(
        id=f"src:{number:03}",
        region="410928",
        station=station,
        registrations=(ktv(level), inn) if hotel else (ktv(level),),
        visits=(visit("10-20"), visit("10-20", item=SPECIAL)),
    )


def frozen(
    premises: Sequence[Premises],
    officers: Sequence[Officer],
    recusals: Sequence[DeclaredRecusal] = (),
    *,
    merging: bool = True,
    last: Sequence[PlacedVisit] = (),
    ask: Ask | None = None,
    ends: tuple[date, ...] = (date(2026, 11, 8),),
) -> FreezeInput:
    """Freeze a draw of the venues; without more draws in November everything of level 3 must be drawn."""
    return freeze_input(
        ask or Ask(),
        RegisterFacts(premises=premises, officers=officers, recusals=recusals, last_visits=last),
        slots=SLOTS,
        item=ITEMS[VENUES],
        policy=POLICY if merging else replace(POLICY, merging=None),
        policy_digest="0" * 64,
        on=ON,
        draw_ends=ends,
        items=ITEMS.values(),
    )


def spouse(code: str, entity: str = "src:000") -> DeclaredRecusal:
    """Give a recusal in force."""
    return DeclaredRecusal(inspector=code, entity=entity, relation="spouse")


@pytest.mark.parametrize(
    ("officers", "recusals", "merged"),
    [
        # four who know both, one of them a lead: 2 × 2, and a team can be made
        ([officer("a"), *(officer(code, lead=False) for code in "bcd")], [], True),
        # four who know both, none a lead: the only lead knows venues alone
        ([officer("e", KTV), *(officer(code, lead=False) for code in "abcd")], [], False),
        # four who know both: three of them, or one, recused there, four others would do for the venue
        ([*map(officer, "abcd"), *(officer(code, KTV) for code in "efgh")], [*map(spouse, "abc")], False),
        ([*map(officer, "abcd"), *(officer(code, KTV) for code in "efgh")], [spouse("a")], False),
        # four who know both may go, but the one lead among those who do is recused there
        (
            [officer("a"), *(officer(code, lead=False) for code in "bcde"), officer("f", KTV)],
            [spouse("a")],
            False,
        ),
        # a recusal of somebody who could not go anyway, or at another premises, is none here
        ([*map(officer, "abcd"), officer("e", KTV)], [spouse("e"), spouse("a", "src:999")], True),
        # who fits no place of the team does not count, nor does one who takes nothing
        ([*map(officer, "abc"), replace(officer("d"), agency="fire")], [], False),
        ([*map(officer, "abc"), officer("d", cap=0)], [], False),
    ],
)
def test_who_qualifies_fits_a_place_and_is_not_recused(
    officers: list[Officer],
    recusals: list[DeclaredRecusal],
    merged: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """«At least 2 × team-size inspectors qualify for all; otherwise no merge»."""
    found = frozen([place(0)], officers, recusals)
    assert found.merged == ({"src:000": (SPECIAL,)} if merged else {})
    assert ("regime:special_industry" in found.roster[0].needs) is merged
    assert found.preflight.errors == ()


def test_no_more_is_merged_than_who_knows_both_can_serve() -> None:
    """60 KTVs in hotels, 4 officers who know both with 10 visits each, 30 who know KTVs only.

    All must be drawn: 120 seats. The four have 40, so 20 of the visits carry both, the first by id, and the
    deal stays possible; without the limit 120 seats would stand against 40.
    """
    officers = [
        *(officer(f"b{n}") for n in range(4)),
        *(officer(f"k{n:02}", KTV) for n in range(30)),
    ]
    found = frozen([place(n) for n in range(60)], officers)
    assert list(found.merged) == [f"src:{n:03}" for n in range(20)]
    assert [warning.code for warning in found.preflight.warnings if "capacity" in warning.code] == []


def test_a_quota_counts_what_is_drawn() -> None:
    """Of 60 lines a third are drawn, 40 seats for the 40 visits of those who know both: all merge."""
    officers = [*(officer(f"b{n}") for n in range(4)), *(officer(f"k{n:02}", KTV) for n in range(30))]
    later = (date(2026, 11, 8), date(2026, 11, 15), date(2026, 11, 22), date(2026, 11, 29))
    found = frozen([place(n) for n in range(60)], officers, ask=Ask(SOME), ends=later)
    assert sum(one.drawn for one in found.preflight.by_stratum) == 20
    assert len(found.merged) == 60


def test_what_must_be_drawn_is_merged_first() -> None:
    """Level 3 has its last draw, level 1 has others until December: 2 merges go where a visit is sure."""
    officers = [*(officer(f"b{n}", cap=1) for n in range(4)), *(officer(f"k{n}", KTV) for n in range(9))]
    ends = (date(2026, 11, 8), date(2026, 12, 6), date(2026, 12, 13))
    strata = [SOME[0] | {"rate": [1, 1]}]
    premises = [place(n, level=3 if n in {2, 5} else 1) for n in range(6)]
    found = frozen(premises, officers, ask=Ask(strata), ends=ends)
    assert list(found.merged) == ["src:002", "src:005"]


def test_where_everybody_knows_both_merging_asks_for_nothing_more() -> None:
    """4 officers with 10 visits each cannot serve 60 lines, merged or not: merging makes it no worse."""
    found = frozen([place(n) for n in range(60)], [officer(f"b{n}") for n in range(4)])
    assert len(found.merged) == 60


def test_what_needs_both_anyway_is_merged() -> None:
    """The plan inspects hotels too: the visit carries their item, whatever the caps hold."""
    officers = [*(officer(f"b{n}", cap=1) for n in range(4)), *(officer(f"k{n}", KTV) for n in range(9))]
    found = frozen([place(n, hotel=n < 6) for n in range(7)], officers, ask=Ask(regimes=BOTH))
    assert len(found.merged) == 6


def test_officers_of_two_districts_are_counted_once() -> None:
    """Four officers with 5 visits each serve both stations: 20 seats, so 10 merges in all, not in each."""
    officers = [*(officer(f"b{n}", cap=5) for n in range(4)), *(officer(f"k{n:02}", KTV) for n in range(30))]
    found = frozen([place(n, station=STATIONS[n % 2]) for n in range(40)], officers)
    assert len(found.merged) == 10


OFFICERS = st.lists(
    st.builds(
        officer,
        st.uuids(version=4).map(lambda one: one.hex[:8]),
        st.sampled_from([KTV, BOTH, BOTH]),
        lead=st.booleans(),
        cap=st.integers(0, 4),
        station=st.sampled_from([None, None, *STATIONS]),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda one: one.code,
)
PREMISES = st.lists(
    st.tuples(st.booleans(), st.sampled_from([1, 3]), st.sampled_from(STATIONS)), min_size=1, max_size=9
).map(
    lambda facts: [
        place(n, hotel=hotel, level=level, station=station) for n, (hotel, level, station) in enumerate(facts)
    ]
)


@given(data=st.data(), premises=PREMISES, officers=OFFICERS, few=st.booleans())
def test_merging_adds_no_error(
    data: st.DataObject, premises: list[Premises], officers: list[Officer], *, few: bool
) -> None:
    """Preflight errors with merging are among those without, recusals and rotation included."""
    pairs = st.tuples(st.sampled_from([one.code for one in officers]), st.sampled_from(premises))
    recusals = [spouse(code, at.id) for code, at in data.draw(st.lists(pairs, max_size=9))]
    last = [
        PlacedVisit(entity=at.id, on=date(2026, 10, 20), agency="psb", inspectors=(code,))
        for code, at in data.draw(st.lists(pairs, max_size=9))
    ]
    ask = Ask([SOME[0] | {"rate": [0, 1], "min": 0}] if few else None)
    ends = (date(2026, 11, 8), date(2026, 11, 15), date(2026, 11, 22))
    asked: dict[str, Any] = {"last": last, "ask": ask, "ends": ends}
    merged = frozen(premises, officers, recusals, **asked)
    plain = frozen(premises, officers, recusals, merging=False, **asked)
    errors, allowed = (_lines_by_error(one) for one in (merged, plain))
    assert errors.items() <= allowed.items()


def _lines_by_error(found: FreezeInput) -> dict[str, int]:
    """How many lines each error is about."""
    lines: dict[str, int] = {}
    for error in found.preflight.errors:
        lines[error.code] = lines.get(error.code, 0) + int(str(error.values["lines"]))
    return lines


PEOPLE = st.tuples(st.booleans(), st.integers(1, 4))


@given(
    hotels=st.lists(st.booleans(), min_size=1, max_size=5),
    both=st.lists(PEOPLE, min_size=4, max_size=6),
    others=st.lists(PEOPLE, max_size=5),
    drawn=st.integers(1, 5),
)
def test_merging_makes_no_deal_impossible(
    hotels: list[bool], both: list[tuple[bool, int]], others: list[tuple[bool, int]], drawn: int
) -> None:
    """One district, one other item: whatever lines are drawn, teams for them exist if they did unmerged."""
    staff = [
        officer(f"{name}{n}", known, lead=lead, cap=cap)
        for name, known, people in (("b", BOTH, both), ("k", KTV, others))
        for n, (lead, cap) in enumerate(people)
    ]
    premises = [place(n, hotel=hotel) for n, hotel in enumerate(hotels)]
    ask = Ask([SOME[0] | {"rate": [0, 1], "min": drawn}])
    later = (date(2026, 11, 8), date(2026, 11, 15), date(2026, 11, 22))
    merged = frozen(premises, staff, ask=ask, ends=later)
    plain = frozen(premises, staff, merging=False, ask=ask, ends=later)
    size = sum(one.drawn for one in merged.preflight.by_stratum)
    for chosen in combinations(range(len(hotels)), size):
        assert _dealt(merged, chosen) or not _dealt(plain, chosen)


def _dealt(found: FreezeInput, chosen: Sequence[int]) -> bool:
    """Tell whether every place of the chosen lines can be filled, nobody twice at one line, by max-flow."""
    graph = nx.DiGraph()
    apart = set(found.recusals)
    for inspector in found.inspectors:
        graph.add_edge(inspector.id, "to", capacity=inspector.cap)
    for number in chosen:
        line = found.roster[number]
        for k, slot in enumerate(SLOTS):
            graph.add_edge("from", (number, k), capacity=1)
            for inspector in found.inspectors:
                if {*slot, *line.needs} <= {*inspector.tags} and Recusal(inspector.id, line.id) not in apart:
                    graph.add_edge((number, k), (number, inspector.id), capacity=1)
                    graph.add_edge((number, inspector.id), inspector.id, capacity=1)
    if "from" not in graph or "to" not in graph:
        return False
    return bool(nx.maximum_flow_value(graph, "from", "to") == len(chosen) * len(SLOTS))
