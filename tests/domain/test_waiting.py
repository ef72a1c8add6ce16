"""Two draws that wait for their random values at once: the second counts what the first may bring.

«Merging (综合查一次) is decided at the freeze: … the visit carries those items, and the other draws give it 0
tickets (`merged`). … Load over the period enters as `cap`» (mission/rules.md, «Roster»); «a visit from an
earlier draw of the item is still open» («`draws_left`»).
"""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.authorities import Authority
from app.domain.draw.basics.lines import Inspector, RosterLine
from app.domain.draw.freeze import freeze
from app.domain.draw.selection import select
from app.domain.duties.collisions import CapThere, Yields, class_subject
from app.domain.duties.merging import OtherDuties
from app.domain.facts import Officer, Premises, Registration, Visit
from app.domain.freezing import FreezeInput, RegisterFacts, freeze_input
from app.domain.items import current_items
from app.domain.policies.staffing import LoadRule
from app.domain.policy import Policy
from app.domain.regions import Level
from app.domain.waiting import WaitingDraw, due_lines, most_dealt, set_aside, waiting_findings
from tests.domain.duties.cases import POLICY
from tests.domain.test_freezing import Ask, officer

ITEMS = current_items(
    [json.loads(path.read_text("utf-8")) for path in sorted(Path("app/seeds/items").glob("*.json"))],
    date(2026, 11, 2),
)
VENUES, HOTELS = "psb.venues", "psb.special-industry"
LAST_WEEK = Ask(visit_from=date(2026, 11, 23), visit_to=date(2026, 11, 30))
LAST, TWO_MORE = ("2026-11-30",), ("2026-11-22", "2026-11-28", "2026-11-30")


def both(n: int, level: int = 3) -> Premises:
    """A premises that is a karaoke venue and a hotel, known since the month began."""
    known: dict[str, Any] = {"known_since": date(2026, 11, 1), "level": level}
    return Premises(
        id=f"src:{n:03}",
        region="410928",
        station="001",
        registrations=(
            Registration(regime="entertainment", subtype="ktv", **known),
            Registration(regime="special_industry", subtype="hotel", **known),
        ),
    )


def frozen(
    item: str,
    ends: tuple[str, ...] = LAST,
    *,
    waiting: tuple[WaitingDraw, ...] = (),
    policy: Policy = POLICY,
    officers: list[Officer] | None = None,
    taken: dict[str, int] | None = None,
    **more: Any,
) -> FreezeInput:
    """The lists of the last draw of November, where no other end is named."""
    facts = RegisterFacts(
        premises=[both(n) for n in range(4)],
        officers=[officer(code) for code in "abcdef"] if officers is None else officers,
        recusals=[],
        taken=taken or {},
        last_visits=(),
        waiting=waiting,
    )
    return freeze_input(
        LAST_WEEK,
        facts,
        slots=[["agency:psb", "role:lead"], ["agency:psb"]],
        item=ITEMS[item],
        policy=policy,
        policy_digest="d" * 64,
        on=LAST_WEEK.visit_from,
        draw_ends=tuple(date.fromisoformat(end) for end in ends),
        items=ITEMS.values(),
        **more,
    )


def waiting(item: str, lists: FreezeInput, **changes: Any) -> WaitingDraw:
    """What is kept of a draw when it is committed."""
    due = due_lines(lists.roster)
    drawn = sum(one.drawn for one in lists.preflight.by_stratum)
    first = WaitingDraw(
        region="410928",
        item=item,
        period="2026-11.4",
        visit_from=LAST_WEEK.visit_from,
        visit_to=LAST_WEEK.visit_to,
        due=due,
        carried={entity: items for entity, items in lists.merged.items() if entity in due},
        most=most_dealt(lists.inspectors, drawn=drawn),
    )
    return replace(first, **changes)


def lines(lists: FreezeInput) -> set[tuple[int, int, str | None]]:
    """Tickets, `draws_left` and notes of the roster, each once."""
    return {(line.tickets, line.draws_left, line.note) for line in lists.roster}


def warnings(lists: FreezeInput) -> list[object]:
    """The names of the draws that the preflight says are waited for."""
    return [found.values["draws"] for found in lists.preflight.warnings if found.code == "draws-waiting"]


def test_what_a_waiting_draw_must_draw_and_carries_is_merged() -> None:
    """Level 3, the last draw of the month: every line is due, and carries the hotel's duty of that month."""
    first = frozen(VENUES)
    assert first.merged == dict.fromkeys((f"src:{n:03}" for n in range(4)), (HOTELS,))
    assert lines(frozen(HOTELS)) == {(2, 1, None)}, "without the first it would be a second visit"
    second = frozen(HOTELS, waiting=(waiting(VENUES, first),))
    assert lines(second) == {(0, 0, "merged")}
    assert second.merged == {}
    assert warnings(second) == [["410928:psb.venues 2026-11.4"]]


def test_what_a_waiting_draw_may_leave_out_stays_owed() -> None:
    """Three draws to come: nobody must be in this one, so the hotels' duties are not left to chance.

    Nor does the second draw merge the venues' duties, which the first is about to meet.
    """
    first = frozen(VENUES, TWO_MORE)
    assert lines(first) == {(2, 2, None)}
    assert len(first.merged) == 4
    second = frozen(HOTELS, waiting=(waiting(VENUES, first),))
    assert lines(second) == {(2, 1, None)}
    assert second.merged == {}
    assert len(frozen(HOTELS).merged) == 4


def test_what_an_earlier_draw_of_the_item_must_draw_owes_nothing_more() -> None:
    """As if its visit were open: it stays drawable, but no second visit is due."""
    first = frozen(VENUES)
    assert lines(frozen(VENUES, waiting=(waiting(VENUES, first),))) == {(2, 0, None)}


def test_what_a_waiting_visit_carries_is_not_merged_once_more() -> None:
    """The fire units' draw carries the hotels' duties; then the venues' visits do not carry them too."""
    carried = dict.fromkeys((f"src:{n:03}" for n in range(3)), (HOTELS,))
    fire = WaitingDraw(
        region="4109",
        item="fire.units",
        period="2026Q4",
        visit_from=date(2026, 10, 11),
        visit_to=date(2026, 12, 11),
        due=frozenset(carried) - {"src:002"},
        carried=carried,
        most={},
    )
    assert frozen(VENUES, waiting=(fire,)).merged == {"src:002": (HOTELS,), "src:003": (HOTELS,)}


def test_what_a_waiting_draw_will_surely_visit_uses_up_the_annual_cap() -> None:
    """Cap 1: the hotels' duties collide before the venues' draw has its values; not with a city's."""
    capped = replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=1))
    first = frozen(VENUES, policy=capped)
    assert [one.code for one in first.preflight.errors] == []
    alone = waiting(VENUES, first, carried={})
    for waits, errors in (
        (waiting(VENUES, first), []),  # its visits carry the hotels' item
        (alone, [("collision-undecided", 4)]),
        (replace(alone, region="4109"), []),
        (replace(alone, visit_to=date(2027, 1, 8)), []),
        (replace(alone, due=frozenset({"src:002"})), [("collision-undecided", 1)]),
    ):
        second = frozen(HOTELS, waiting=(waits,), policy=capped)
        assert [(one.code, one.values["count"]) for one in second.preflight.errors] == errors


def test_what_a_waiting_draw_of_the_item_will_surely_visit_is_asked_nothing() -> None:
    """Cap 1, and that draw brings the visit: no tickets, nothing owed, and no collision to decide."""
    capped = replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=1))
    first = waiting(VENUES, frozen(VENUES, policy=capped))
    second = frozen(VENUES, waiting=(first,), policy=capped)
    assert lines(second) == {(0, 0, "annual-cap")}
    assert second.preflight.errors == ()


def test_a_merge_asks_the_year_of_the_visits() -> None:
    """Frozen in December for January: what the cap of 2026 used up says nothing of 2027."""
    rule = POLICY.merging
    assert rule is not None
    cap = replace(POLICY.annual_cap, visits=1)
    yielding = {class_subject(duty): Yields.DUTY for duty in POLICY.frequency}
    there = CapThere(cap=cap, decisions=yielding, authority=Authority("psb", Level.COUNTY))
    days = {"on": date(2026, 12, 28), "visit_from": date(2027, 1, 25), "visit_to": date(2027, 1, 31)}
    others = OtherDuties(POLICY, rule, [ITEMS[HOTELS]], **days, decided={HOTELS: there})
    made = Visit(item=HOTELS, on=date(2026, 12, 10), kind="drawn", agency="psb", codes=("01",))
    visited = both(1)._replace(visits=(made,))
    assert others.due(visited) is not None
    silent = CapThere.silences
    duty = next(one for one in POLICY.frequency if one.match.regime == "special_industry")
    asked = visited, duty
    assert silent(there, *asked, on=date(2026, 12, 28))
    assert not silent(there, *asked, on=date(2026, 12, 28), year=2027)


def test_what_yielded_to_the_cap_is_not_carried() -> None:
    """The hotels' duty was decided to yield and the cap is reached: the venues' visits do not carry it."""
    capped = replace(POLICY, annual_cap=replace(POLICY.annual_cap, visits=0))
    carried = {f"src:{n:03}": (HOTELS,) for n in range(4)}
    assert frozen(VENUES, policy=capped).merged == carried
    yielding = {class_subject(duty): Yields.DUTY for duty in POLICY.frequency}
    assert frozen(VENUES, policy=capped, decided={HOTELS: yielding}).merged == {}
    assert frozen(VENUES, decided={HOTELS: yielding}).merged == carried, "without a cap nothing yields"


def test_a_draw_elsewhere_takes_only_load() -> None:
    """Premises of another county are none of this draw; its officers may be lent."""
    first = waiting(VENUES, frozen(VENUES), region="410922")
    second = frozen(HOTELS, waiting=(first,))
    assert lines(second) == {(2, 1, None)}
    assert warnings(second) == []


@pytest.mark.parametrize(
    ("most", "visit_from", "caps"),
    [
        # Ten in the quarter, four already made, four that the first draw may deal: two are left of them.
        (10, date(2026, 11, 23), {"a": 2, "b": 6}),
        # Its visits begin in another quarter.
        (10, date(2026, 9, 30), {"a": 6, "b": 10}),
        # Nothing is left: out of the draw.
        (8, date(2026, 11, 23), {"b": 4}),
    ],
)
def test_the_load_that_a_waiting_draw_may_bring_is_set_aside(
    most: int, visit_from: date, caps: dict[str, int]
) -> None:
    """W4: four premises are drawn, so it deals nobody more than four."""
    policy = replace(POLICY, staffing=replace(POLICY.staffing, load=LoadRule(months=3, most=most, basis="—")))
    people = [officer(code, cap=20) for code in "ab"]
    taken = {"a": 4}
    first = waiting(VENUES, frozen(VENUES, policy=policy, officers=people), visit_from=visit_from)
    assert first.most == dict.fromkeys("ab", 4)
    second = frozen(HOTELS, policy=policy, officers=people, taken=taken, waiting=(first,))
    assert {one.id: one.cap for one in second.inspectors} == caps


@given(
    caps=st.lists(st.integers(0, 12), min_size=1, max_size=4),
    drawn=st.lists(st.integers(0, 12), max_size=3),
    most=st.integers(0, 30),
    taken=st.integers(0, 30),
)
def test_whatever_the_waiting_draws_deal_nobody_exceeds_the_load(
    caps: list[int], drawn: list[int], most: int, taken: int
) -> None:
    """Each is frozen while those before it wait; each deals as much as it can."""
    people = [Inspector(f"i{n}", cap, ()) for n, cap in enumerate(caps)]
    waits: list[WaitingDraw] = []
    for n, entities in enumerate(drawn):
        known = set_aside({one.id: taken for one in people}, waits)
        left = [replace(one, cap=min(one.cap, max(0, most - known[one.id]))) for one in people]
        waits.append(
            WaitingDraw(
                region="41",
                item=VENUES,
                period=f"2026-11.{n}",
                visit_from=date(2026, 11, 2),
                visit_to=date(2026, 11, 6),
                due=frozenset(),
                carried={},
                most=most_dealt(left, drawn=entities),
            )
        )
    for one in people:
        dealt = sum(
            min(draw.most.get(one.id, 0), entities) for draw, entities in zip(waits, drawn, strict=True)
        )
        assert taken + dealt <= max(most, taken)


@given(
    left=st.lists(st.integers(0, 3), min_size=1, max_size=20),
    value=st.integers(0, 2**64),
    rate=st.integers(1, 9),
)
def test_due_lines_are_drawn_whatever_the_values(left: list[int], value: int, rate: int) -> None:
    """DR1 section 5 takes every line that has no later draw: only those may be counted on beforehand."""
    roster = [RosterLine(f"src:{n:03}", "s", 1, one, ("regime:x",), None) for n, one in enumerate(left)]
    kept = freeze(alg="sha256", secret="5" * 64, roster=roster, inspectors=(), recusals=())
    strata = [replace(frozen(VENUES).strata[0], name="s", rate_p=rate, rate_q=10, minimum=0, surprise=0)]
    ids = kept.identities.ids
    found = select(kept.lines, strata, draw=f"{value:064x}", alg="sha256", id_of=ids.__getitem__)
    assert due_lines(roster) <= {one.id for one in found.drawn}


def test_a_draw_that_is_not_disclosed_is_told_apart_from_one_that_waits() -> None:
    """Clause B8: of whose visits nobody may know yet, only that it was drawn is said."""
    first = WaitingDraw(
        region="410928",
        item=VENUES,
        period="2026-11.4",
        visit_from=LAST_WEEK.visit_from,
        visit_to=LAST_WEEK.visit_to,
        due=frozenset(),
        carried={},
        most={},
    )
    sealed = replace(first, drawn=True, item=HOTELS)
    assert [(one.code, one.values) for one in waiting_findings([sealed, first])] == [
        ("draws-waiting", {"count": 1, "draws": ["410928:psb.venues 2026-11.4"]}),
        ("draws-undisclosed", {"count": 1, "draws": ["410928:psb.special-industry 2026-11.4"]}),
    ]
    assert [one.code for one in waiting_findings([sealed])] == ["draws-undisclosed"]
    assert waiting_findings([]) == ()
