"""The draw of DR1 section 5: by hand, against the section read literally, and each of its properties."""

from array import array
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.draw.basics.lines import RosterLine
from app.domain.draw.freeze import freeze
from app.domain.draw.packed import PackedLines
from app.domain.draw.plan import Stratum
from app.domain.draw.selection import Drawn, StratumResult, cover, draw_digest, keys, quota, select
from tests.domain.draw.roster_cases import (
    DRAW,
    DRAWS,
    PLANS,
    SECRET,
    drawn_from,
    h,
    line,
    literal_draw,
    planned,
    rosters,
)

ANY = Stratum("a", 1, 20, 0, 0)


@pytest.mark.parametrize(
    ("size", "rate", "minimum", "wanted"),
    [
        (0, (1, 20), 0, 0),
        (0, (1, 20), 3, 3),
        (1, (1, 20), 0, 1),
        (20, (1, 20), 0, 1),
        (21, (1, 20), 0, 2),
        (100, (0, 1), 0, 0),
        (100, (1, 1), 0, 100),
        (7, (1, 3), 5, 5),
        (3, (10_000, 10_000), 0, 3),
        (2**53, (9_999, 10_000), 0, 9_006_298_534_815_518),
    ],
)
def test_a_quota_is_the_ratio_rounded_up_in_integers(
    size: int, rate: tuple[int, int], minimum: int, wanted: int
) -> None:
    """(n*p + q - 1) // q; the last row is where floats would err."""
    assert quota(size, Stratum("a", *rate, minimum, 0)) == wanted


@pytest.mark.parametrize(
    ("draws_left", "wanted"),
    [
        ([], 0),
        ([0, 0], 0),
        ([1], 1),
        ([999], 1),
        ([3, 3, 3], 1),
        ([3, 3, 3, 3], 2),
        ([2, 3, 6], 1),
        ([1, 2, 3, 6], 2),
        ([10] * 10 + [3] * 3 + [7] * 7, 3),
        ([1, 1, 0, 2], 3),
    ],
)
def test_cover_is_the_sum_of_the_fractions_rounded_up(draws_left: list[int], wanted: int) -> None:
    """1/2 + 1/3 + 1/6 is exactly 1; ten times 0.1 in floats is not."""
    assert cover(draws_left) == wanted


def by_hand(*lines: tuple[str, int, int, str]) -> PackedLines:
    """Pack lines of (stratum, tickets, draws_left, seed's first byte in hex)."""
    names = tuple(dict.fromkeys(entry[0] for entry in lines))
    seeds = b"".join(bytes.fromhex(entry[3]) * 32 for entry in lines)
    return PackedLines(
        strata=names,
        codes=array("I", [names.index(entry[0]) for entry in lines]),
        tickets=bytes(entry[1] for entry in lines),
        draws_left=array("H", [entry[2] for entry in lines]),
        seeds=seeds,
        commitments=seeds,
        seals=seeds,
    )


def test_a_key_is_the_smallest_ticket_as_text() -> None:
    """T(i,t) written out; a line without tickets has none."""
    found = keys(by_hand(("a", 2, 0, "11"), ("a", 0, 0, "22"), ("a", 12, 0, "33")), draw=DRAW, alg="sha256")
    assert found[:32].hex() == min(h(f"dr1|t|{DRAW}|{'11' * 32}|{t}") for t in (1, 2))
    assert found[32:64] == b"\xff" * 32
    assert found[64:].hex() == min(h(f"dr1|t|{DRAW}|{'33' * 32}|{t}") for t in range(1, 13))


def test_due_then_coverage_then_open() -> None:
    """Five lines of one ticket: cover = ceil(1 + 1/2 + 1/2) = 2, wanted = 2 + 1.

    By their keys the order is 4, 3, 2, 1, 0. Line 3 is due; line 2 comes first of those that owe more; line 4
    comes first of the rest.
    """
    lines = by_hand(
        ("a", 1, 2, "04"), ("a", 1, 0, "03"), ("a", 1, 2, "02"), ("a", 1, 1, "01"), ("a", 1, 0, "00")
    )
    all_keys = keys(lines, draw=DRAW, alg="sha256").hex()
    key = [all_keys[at : at + 64] for at in range(0, len(all_keys), 64)]
    assert sorted(range(5), key=key.__getitem__) == [4, 3, 2, 1, 0]
    stratum = replace(ANY, surprise=1)
    found = select(lines, [stratum], draw=DRAW, alg="sha256", id_of=str)
    assert found.strata == (StratumResult("a", size=5, drawable=5, quota=1, cover=2, wanted=3, drawn=3),)
    assert found.drawn == (
        Drawn("a", "due", key[3], 3, "3"),
        Drawn("a", "coverage", key[2], 2, "2"),
        Drawn("a", "open", key[4], 4, "4"),
    )


def test_every_due_line_is_drawn_even_beyond_the_quota() -> None:
    """Three due of three, a quota of one."""
    found = select(
        by_hand(*[("a", 1, 1, f"0{n}") for n in range(3)]), [ANY], draw=DRAW, alg="sha256", id_of=str
    )
    assert [drawn.reason for drawn in found.drawn] == ["due"] * 3


def test_a_stratum_with_too_few_drawable_lines_is_short() -> None:
    """One of two lines rests; both were wanted."""
    lines = by_hand(("a", 1, 0, "01"), ("a", 0, 0, "02"))
    found = select(lines, [Stratum("a", 1, 1, 0, 0)], draw=DRAW, alg="sha256", id_of=str)
    assert found.strata == (StratumResult("a", size=2, drawable=1, quota=2, cover=0, wanted=2, drawn=1),)
    assert found.strata[0].short


def test_a_stratum_without_lines_wants_its_minimum_and_gets_nothing() -> None:
    """The plan check refuses such a plan; the draw itself has an answer all the same."""
    found = select(by_hand(("a", 1, 0, "01")), [Stratum("z", 1, 2, 1, 0)], draw=DRAW, alg="sha256", id_of=str)
    assert found.strata == (StratumResult("z", size=0, drawable=0, quota=1, cover=0, wanted=1, drawn=0),)
    assert found.drawn == ()


def test_equal_keys_are_told_apart_by_k() -> None:
    """Two lines of one seed have one key; the smaller K is drawn, whichever stands first."""
    twins = by_hand(("a", 1, 0, "07"), ("a", 1, 0, "07"))
    for commitments in (b"\x01" * 32 + b"\x02" * 32, b"\x02" * 32 + b"\x01" * 32):
        lines = replace(twins, commitments=commitments)
        (drawn,) = select(lines, [ANY], draw=DRAW, alg="sha256", id_of=str).drawn
        assert drawn.line == commitments.index(b"\x01" * 32) // 32


def test_the_digest_of_the_draw_binds_commitment_and_beacon() -> None:
    """D written out."""
    assert draw_digest("C", "B", h) == h("dr1|draw|C|B")


def picked(
    roster: list[RosterLine], strata: tuple[Stratum, ...], draw: str
) -> list[tuple[str, str, str, str]]:
    """Give what was drawn without the line numbers."""
    found = drawn_from(roster, strata, draw=draw)
    return [(drawn.stratum, drawn.reason, drawn.key, drawn.id) for drawn in found.drawn]


class TestProperties:
    """Section 5's properties, for a fixed D."""

    @given(rosters(), PLANS, DRAWS)
    def test_the_draw_is_the_section_read_literally(
        self, roster: list[RosterLine], strata: tuple[Stratum, ...], draw: str
    ) -> None:
        assert picked(roster, strata, draw) == literal_draw(roster, strata, draw=draw)

    @given(rosters(), PLANS, DRAWS, st.randoms())
    def test_input_order_never_matters(
        self, roster: list[RosterLine], strata: tuple[Stratum, ...], draw: str, chance: Random
    ) -> None:
        shuffled, other = roster[:], list(strata)
        chance.shuffle(shuffled)
        chance.shuffle(other)
        assert drawn_from(shuffled, other, draw=draw) == drawn_from(roster, strata, draw=draw)

    @given(rosters(), PLANS, DRAWS, st.data())
    def test_raising_a_line_s_tickets_never_takes_it_out(
        self, roster: list[RosterLine], strata: tuple[Stratum, ...], draw: str, data: st.DataObject
    ) -> None:
        drawn = [entity for *_, entity in picked(roster, strata, draw)]
        assume(drawn)
        chosen = data.draw(st.sampled_from(drawn))
        more = data.draw(st.integers(1, 60))
        raised = [
            replace(made, tickets=made.tickets + more) if made.id == chosen else made for made in roster
        ]
        assert chosen in [entity for *_, entity in picked(raised, strata, draw)]

    @given(rosters(strata="a"), rosters(strata="b"), rosters(strata="b"), PLANS, DRAWS)
    def test_strata_do_not_influence_each_other(
        self,
        kept: list[RosterLine],
        before: list[RosterLine],
        after: list[RosterLine],
        strata: tuple[Stratum, ...],
        draw: str,
    ) -> None:
        """Whatever happens in b, a stays as it is."""
        own = {made.id for made in kept}
        results = [
            [
                pick
                for pick in picked([*kept, *(m for m in other if m.id not in own)], strata, draw)
                if pick[0] == "a"
            ]
            for other in (before, after)
        ]
        assert results[0] == results[1]

    @given(rosters(), DRAWS, st.data())
    def test_removing_a_line_changes_no_other_key(
        self, roster: list[RosterLine], draw: str, data: st.DataObject
    ) -> None:
        gone = data.draw(st.sampled_from(roster))

        def keys_by_id(lines: list[RosterLine]) -> dict[str, bytes]:
            frozen = freeze(alg="sha256", secret=SECRET, roster=lines, inspectors=(), recusals=())
            packed = keys(frozen.lines, draw=draw, alg="sha256")
            return {entity: packed[32 * at : 32 * at + 32] for at, entity in enumerate(frozen.identities.ids)}

        whole = keys_by_id(roster)
        del whole[gone.id]
        assert keys_by_id([made for made in roster if made is not gone]) == whole

    @given(rosters(), PLANS, DRAWS)
    def test_figures_and_lines_agree(
        self, roster: list[RosterLine], strata: tuple[Stratum, ...], draw: str
    ) -> None:
        """As many as wanted or all that can be drawn, none twice, none without tickets."""
        found = drawn_from(roster, strata, draw=draw)
        counts = Counter(drawn.stratum for drawn in found.drawn)
        tickets = {made.id: made.tickets for made in roster}
        assert [result.drawn for result in found.strata] == [
            counts[result.stratum] for result in found.strata
        ]
        assert all(result.drawn == min(result.wanted, result.drawable) for result in found.strata)
        assert len({drawn.id for drawn in found.drawn}) == len(found.drawn)
        assert all(tickets[drawn.id] for drawn in found.drawn)


class TestOverTime:
    """Section 5's properties over successive draws."""

    @settings(max_examples=40)
    @given(st.lists(st.integers(1, 6), min_size=1, max_size=12), planned("a"), st.integers(0, 2**32))
    def test_a_frequency_duty_is_never_missed(self, windows: list[int], stratum: Stratum, seed: int) -> None:
        """Each line must be drawn once in each window of so many draws; 24 draws are held."""
        served = [False] * len(windows)
        for number in range(24):
            for index, window in enumerate(windows):
                if number % window == 0:
                    served[index] = False
            left = [0 if served[i] else window - number % window for i, window in enumerate(windows)]
            roster = [line(f"e{index}", "a", 1 + index % 3, left[index]) for index in range(len(windows))]
            for drawn in drawn_from(roster, [stratum], draw=h(f"{seed}|{number}")).drawn:
                served[int(drawn.id[1:])] = True
            ending = [index for index, window in enumerate(windows) if number % window == window - 1]
            assert all(served[index] for index in ending)

    @settings(max_examples=40)
    @given(rosters(strata="a", max_size=6), planned("a"), st.data())
    def test_with_surprise_or_room_beyond_the_duties_every_drawable_line_has_a_chance(
        self, roster: list[RosterLine], stratum: Stratum, data: st.DataObject
    ) -> None:
        """One visited yesterday (draws_left 0) too: among 2,000 beacons one draws it."""
        owed = cover(made.draws_left for made in roster)
        assume(stratum.surprise >= 1 or quota(len(roster), stratum) > owed)
        drawable = [made.id for made in roster if made.tickets]
        assume(drawable)
        chosen = data.draw(st.sampled_from(drawable))
        frozen = freeze(alg="sha256", secret=SECRET, roster=roster, inspectors=(), recusals=())
        ids = frozen.identities.ids
        assert any(
            chosen in {drawn.id for drawn in found.drawn}
            for found in (
                select(frozen.lines, [stratum], draw=h(str(number)), alg="sha256", id_of=ids.__getitem__)
                for number in range(2000)
            )
        )

    def test_chances_follow_the_tickets(self) -> None:
        """3 tickets against 1 come first in 3 of 4 draws, within 5 standard deviations."""
        roster = [line("few", "a", 1, 0), line("many", "a", 3, 0)]
        frozen = freeze(alg="sha256", secret=SECRET, roster=roster, inspectors=(), recusals=())
        ids = frozen.identities.ids
        one = Stratum("a", 1, 2, 0, 0)
        draws = [
            select(frozen.lines, [one], draw=h(str(number)), alg="sha256", id_of=ids.__getitem__).drawn[0].id
            for number in range(4000)
        ]
        assert abs(draws.count("many") - 3000) < 5 * (4000 * 0.75 * 0.25) ** 0.5
