"""Which premises look alike: plain forms, Dice's coefficient, thresholds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import seeds
from app.domain.sources.likeness import (
    Likeness,
    LikenessRule,
    Lookout,
    Place,
    dice,
    pairs_of,
    parse_rule,
    plain_name,
    plain_text,
)

RULE = parse_rule(seeds.documents("source_rules")[-1]["likeness"])


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("沐堤大酒店", "沐堤大酒店"),
        ("沐堤大酒店有限公司", "沐堤大酒店"),
        ("沐堤大酒店（个体工商户）", "沐堤大酒店"),
        ("濮阳县沐堤酒店管理有限公司濮阳分公司", "濮阳县沐堤酒店管理有限公司濮阳"),
        ("ＡＢＣ网吧", "abc网吧"),
        ("ABC 网吧", "abc网吧"),
        ("甲·乙—丙〔丁〕", "甲乙丙丁"),
        ("有限公司", "有限公司"),
        ("Straße", "strasse"),
    ],
)
def test_the_plain_form_of_a_name(name: str, plain: str) -> None:
    """Full-width forms, punctuation, spaces and legal forms do not tell premises apart."""
    assert plain_name(name, RULE) == plain


def test_dice_worked_out_by_hand() -> None:
    """`night` and `nacht`: 4 pairs each, `ht` in common: 2·1/8 = 25 %; repeated pairs count repeatedly."""
    assert dice(pairs_of("night"), pairs_of("nacht")) == 25
    # aaaa: aa three times; aaa: aa twice: 2·2/5 = 80 %
    assert dice(pairs_of("aaaa"), pairs_of("aaa")) == 80
    # 沐堤大酒店 has 沐堤 堤大 大酒 酒店; 沐堤酒店 has 沐堤 堤酒 酒店: 2·2/7 = 57.1 %
    assert dice(pairs_of("沐堤大酒店"), pairs_of("沐堤酒店")) == 57
    assert dice(pairs_of("店"), pairs_of("店")) == 100
    assert dice(pairs_of(""), pairs_of("")) == 0


def like(mine: Place, *others: Place, rule: LikenessRule = RULE) -> list[Likeness]:
    """What looks like it."""
    return [*Lookout(rule, others).like(mine)]


HOTEL = Place(ref="a", name="沐堤大酒店", address="麦集镇稻香路63号")


@pytest.mark.parametrize(
    ("other", "found"),
    [
        # the same in another spelling
        (
            Place(ref="b", name="沐堤大酒店有限公司", address="麦集镇 稻香路６３号"),
            Likeness(ref="b", score=100, name=100, address=100),
        ),
        # another word in the name, the same address: 57·60 + 100·40 = 7420: 74 < 75
        (Place(ref="b", name="沐堤酒店", address="麦集镇稻香路63号"), None),
        # the same name elsewhere: a chain: 60 + little
        (Place(ref="b", name="沐堤大酒店", address="柳塘镇问渠路41号"), None),
        # no address: only the name counts, and must be almost the same
        (Place(ref="b", name="沐堤大酒店"), Likeness(ref="b", score=100, name=100, address=None)),
        (Place(ref="b", name="沐堤大酒店东店"), None),
        (Place(ref="b", name="完全不同", address="麦集镇稻香路63号"), None),
        # itself
        (Place(ref="a", name="沐堤大酒店", address="麦集镇稻香路63号"), None),
    ],
)
def test_which_premises_are_put_before_a_person(other: Place, found: Likeness | None) -> None:
    """Name 60, address 40, from 75 on; name alone from 95 on."""
    assert like(HOTEL, other) == ([] if found is None else [found])


def test_only_the_most_alike_are_put_before_a_person_in_that_order() -> None:
    """At most three; equal ones by their reference."""
    others = [Place(ref=ref, name="沐堤大酒店", address="麦集镇稻香路63号") for ref in "edcb"]
    near = Place(ref="n", name="沐堤大酒店", address="麦集镇稻香路36号")
    assert [one.ref for one in like(HOTEL, near, *others)] == ["b", "c", "d"]
    assert [one.ref for one in like(HOTEL, near, others[0])] == ["e", "n"]


_names = st.text("沐堤大酒店网吧AB１·（）有限公司 ", max_size=9)
_places = st.builds(
    lambda ref, name, address: Place(ref=ref, name=name, address=address),
    st.sampled_from("abcdefgh"),
    _names,
    st.none() | _names,
)


@given(_places, _places)
def test_likeness_is_mutual(one: Place, other: Place) -> None:
    """Whoever looks, the score is the same."""
    here, there = like(one, other), like(other, one)
    assert [found.score for found in here] == [found.score for found in there]
    assert all(0 <= found.score <= 100 for found in here)


@given(st.lists(_places, max_size=8), _places)
def test_the_lookout_finds_what_comparing_with_every_other_finds(others: list[Place], mine: Place) -> None:
    """The shortcuts leave nothing out: brute force by the definition gives the same."""
    rule = LikenessRule(
        name_weight=60,
        address_weight=40,
        propose_from=40,
        name_only_from=50,
        most=100,
        legal_forms=RULE.legal_forms,
    )

    def pairs(text: str | None) -> frozenset[tuple[str, int]]:
        return pairs_of(plain_text(text or ""))

    def names(place: Place) -> frozenset[tuple[str, int]]:
        return pairs_of(plain_name(place.name, rule))

    expected = []
    for other in others:
        name = dice(names(mine), names(other))
        both = pairs(mine.address) and pairs(other.address)
        address = dice(pairs(mine.address), pairs(other.address)) if both else None
        score = name if address is None else (name * 60 + address * 40) // 100
        enough = score >= (50 if address is None else 40) and name > 0
        if enough and other.ref != mine.ref:
            expected.append(Likeness(ref=other.ref, score=score, name=name, address=address))
    expected.sort(key=lambda found: (-found.score, found.ref))
    assert sorted(like(mine, *others, rule=rule), key=repr) == sorted(expected, key=repr)


@given(_names, st.sampled_from(["有限公司", "（个体工商户）", " ", "·", "有限责任公司"]))
def test_what_the_plain_form_drops_makes_no_difference(name: str, ending: str) -> None:
    """Adding a legal form or punctuation at the end, or writing it full-width, changes no likeness."""
    core = plain_name(name, RULE)
    if core and core not in RULE.legal_forms:
        assert plain_name(core + ending, RULE) == core
        wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in core)
        assert plain_name(wide, RULE) == core
