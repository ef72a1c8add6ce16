"""What a visit is counted under: the duty that it meets, or what drew it beyond the duties."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.plan import Stratum
from app.domain.draw.selection import Drawn, Reason
from app.domain.simulation.parts import Part, surplus_of


def _stratum(name: str, surprise: int) -> Stratum:
    return Stratum(name=name, rate_p=1, rate_q=20, minimum=1, surprise=surprise)


def _drawn(stratum: str, reason: Reason, *ids: str) -> list[Drawn]:
    return [Drawn(stratum, reason, "0" * 64, n, one) for n, one in enumerate(ids)]


def test_what_is_opened_beyond_the_duties_is_quota_then_surprise() -> None:
    """By hand: level 3 opens three lines with a surprise of 1: two by the ratio, the last by surprise.

    Level 2 opens two with a surprise of 2, level 1 one with a surprise of 3: too few lines for more.
    """
    drawn = [
        *_drawn("level-3", "due", "a"),
        *_drawn("level-3", "coverage", "b"),
        *_drawn("level-3", "open", "c", "d", "e"),
        *_drawn("level-2", "open", "f", "g"),
        *_drawn("level-1", "open", "h"),
    ]
    strata = [_stratum("level-3", 1), _stratum("level-2", 2), _stratum("level-1", 3)]
    assert surplus_of("regular", drawn, strata) == {
        # drawn for a duty: where it is not of this registration, another one of the premises has it
        "a": Part.TOGETHER,
        "b": Part.TOGETHER,
        "c": Part.QUOTA,
        "d": Part.QUOTA,
        "e": Part.SURPRISE,
        "f": Part.SURPRISE,
        "g": Part.SURPRISE,
        "h": Part.SURPRISE,
    }


@pytest.mark.parametrize(("kind", "part"), [("extra", Part.EXTRA), ("adhoc", Part.ADHOC)])
def test_what_an_additional_draw_opens_is_its_own(kind: str, part: Part) -> None:
    """Neither would have been drawn without that draw, by whatever ratio or surprise."""
    drawn = [*_drawn("level-3", "due", "a"), *_drawn("level-3", "open", "b", "c")]
    assert surplus_of(kind, drawn, [_stratum("level-3", 1)]) == {"a": Part.TOGETHER, "b": part, "c": part}


@given(opened=st.integers(0, 12), surprise=st.integers(0, 12))
def test_no_more_is_surprise_than_the_stratum_says(opened: int, surprise: int) -> None:
    """Every line opened is counted once."""
    drawn = _drawn("s", "open", *(str(n) for n in range(opened)))
    counted = Counter(surplus_of("regular", drawn, [_stratum("s", surprise)]).values())
    assert counted[Part.SURPRISE] == min(opened, surprise)
    assert counted[Part.QUOTA] == opened - counted[Part.SURPRISE]
