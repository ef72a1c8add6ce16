"""Which drand round a plan may name (DR1 section 4, and «at least an hour ahead»)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.text import Refused
from app.domain.draw.entropy import QUICKNET, CeremonyEntropy, DrandEntropy, Entropy, Source, round_time
from app.domain.errors import RuleBroken
from app.domain.rounds import committed_entropy

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
LEAD_S = 3600
# An hour after 2026-11-02T01:00Z is Unix 1793584800. The first round published after that second is the one
# at 100781434 s after the genesis, rounded up to periods of 3 s: 33593812, counted from 1.
EARLIEST = 33_593_813
# The last second of 2026-11-30 in Shanghai is Unix 1796054399, 103251032 s after the genesis.
LATEST = 34_417_012


def _committed(declared: dict[str, Any], *, now: datetime = NOW, lead_s: int = LEAD_S) -> Entropy:
    return committed_entropy(
        declared, chains=(QUICKNET,), now=now, lead_s=lead_s, reveal_by=date(2026, 11, 30)
    )


def test_a_plan_that_names_no_round_gets_the_first_one_an_hour_ahead() -> None:
    """Worked by hand above."""
    assert _committed({"kind": "drand"}) == DrandEntropy(QUICKNET.hash, EARLIEST)


@pytest.mark.parametrize("number", [EARLIEST, EARLIEST + 1, LATEST])
def test_a_named_round_within_the_time_is_taken(number: int) -> None:
    """From an hour ahead to the end of the day on which the record is due."""
    assert _committed({"kind": "drand", "round": number, "chain": QUICKNET.hash}) == DrandEntropy(
        QUICKNET.hash, number
    )


@pytest.mark.parametrize(
    ("declared", "slug"),
    [
        ({"kind": "drand", "round": EARLIEST - 1}, "round-too-early"),
        ({"kind": "drand", "round": 1}, "round-too-early"),
        ({"kind": "drand", "round": LATEST + 1}, "round-too-late"),
        ({"kind": "drand", "chain": "00" * 32}, "unknown-chain"),
    ],
)
def test_other_rounds_and_chains_are_refused(declared: dict[str, Any], slug: str) -> None:
    """A round that somebody may know already would let the committer choose the result."""
    with pytest.raises(RuleBroken) as refused:
        _committed(declared)
    assert refused.value.slug == slug


def test_a_ceremony_is_taken_as_declared() -> None:
    """Nothing is chosen in it."""
    sources = [{"name": "dice", "format": "digits:20"}]
    assert _committed({"kind": "ceremony", "sources": sources}) == CeremonyEntropy(
        (Source("dice", "digits:20"),)
    )
    with pytest.raises(Refused):
        _committed({"kind": "ceremony", "sources": [{"name": "dice", "format": "digits:3"}]})


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 11, 29), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds are naive by contract
    st.integers(60, 86_000),
)
def test_a_chosen_round_is_never_known_at_the_commitment(now: datetime, lead_s: int) -> None:
    """It is published later than the lead after the commitment, and at most a period and a second later."""
    chosen = _committed({"kind": "drand"}, now=now, lead_s=lead_s)
    assert isinstance(chosen, DrandEntropy)
    ahead = round_time(chosen.round) - int(now.timestamp()) - lead_s
    assert 1 <= ahead <= QUICKNET.period
