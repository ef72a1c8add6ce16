"""Teams of re-inspections are dealt: nobody picks them, and an auditor gets the same again."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw.basics.lines import Inspector, Recusal
from app.domain.fieldwork.redealing import Lists, deal_again, document_of, lists_of, seed_digest

SEED = "5e" * 32
PLACE = "92410928MA0000001X"
NEEDS = ("district:410928101", "regime:entertainment")


def officer(code: str, *more: str) -> Inspector:
    """Somebody of the station who knows the regime."""
    return Inspector(code, 10, tuple(sorted({"agency:psb", *NEEDS, *more})))


LISTS = Lists(
    visit="v1",
    entity=PLACE,
    needs=NEEDS,
    slots=(("agency:psb", "role:lead"), ("agency:psb",)),
    inspectors=(
        officer("a", "role:lead"),
        officer("b", "role:lead"),
        officer("c", "role:lead"),
        officer("d"),
        officer("e"),
        officer("f"),
    ),
    recusals=(Recusal("c", PLACE),),
    previous=("a", "d"),
)


@given(st.binary(min_size=32, max_size=32).map(bytes.hex))
def test_whoever_is_recused_or_came_last_time_stays_away(seed: str) -> None:
    """Art. 43 of 行政处罚法 and the rotation leave b as lead, with e or f."""
    dealt = deal_again(LISTS, seed)
    assert dealt is not None
    assert dealt.rotated
    assert dealt.team[0] == "b"
    assert dealt.team[1] in {"e", "f"}


def test_the_seed_alone_decides() -> None:
    """The same lists and seed give the same team; over many seeds everybody's turn comes."""
    assert deal_again(LISTS, SEED) == deal_again(lists_of(document_of(LISTS)), SEED)
    seconds = Counter(
        dealt.team[1] for n in range(200) if (dealt := deal_again(LISTS, f"{n:064x}")) is not None
    )
    assert min(seconds["e"], seconds["f"]) > 60


def test_the_rotation_yields_when_nobody_else_is_there() -> None:
    """A small bureau: the same officers may come again, and the record says so."""
    few = replace(LISTS, inspectors=(officer("a", "role:lead"), officer("d")), recusals=())
    dealt = deal_again(few, SEED)
    assert dealt is not None
    assert (dealt.team, dealt.rotated) == (("a", "d"), False)


def test_a_recusal_never_yields() -> None:
    """Nobody complete can be dealt: there is no team."""
    few = replace(LISTS, inspectors=(officer("c", "role:lead"), officer("d")))
    assert deal_again(few, SEED) is None


def test_the_digest_names_the_seed() -> None:
    """SHA-256 of its text, as `sha256sum` gives it."""
    assert seed_digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
