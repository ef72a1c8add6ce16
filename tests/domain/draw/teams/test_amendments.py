"""Amendments (DR1 section 7): their forms, their order, and their randomness."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.text import Refused
from app.domain.draw.entropy import QUICKNET, CeremonyEntropy, DrandEntropy, Entropy, Source, round_time
from app.domain.draw.teams.amendments import (
    amendment_beacons,
    amendment_body,
    amendment_object,
    check_follows,
    first_round,
    parse_amendment,
)
from tests.domain.draw.amendment_cases import amendment, rounded, thrown

CEREMONY = CeremonyEntropy((Source("dice-1", "digits:20"),))
DRAND = DrandEntropy(QUICKNET.hash, 1000)


def refusal(value: object) -> str:
    """Give the code with which an amendment is refused."""
    with pytest.raises(Refused) as caught:
        parse_amendment(value)
    return caught.value.code


class TestForm:
    """Exactly the members of the table in section 7, each in its shape."""

    @pytest.mark.parametrize("kind", ["recuse", "withdraw", "lend"])
    @pytest.mark.parametrize("entropy", [thrown(), rounded(7)])
    def test_what_is_read_is_written_again(self, kind: str, entropy: dict[str, Any]) -> None:
        """Parsing and writing are inverse; the log's body is the same without entropy, and with C."""
        value = amendment(kind, entropy=entropy, started=["Z", "a", "中"])
        parsed = parse_amendment(value)
        assert amendment_object(parsed) == value
        assert amendment_body(parsed, "c" * 64) == {k: v for k, v in value.items() if k != "entropy"} | {
            "C": "c" * 64
        }
        assert canonical_json(amendment_object(parsed)) == canonical_json(value)

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (None, "bad-amendment"),
            ([], "bad-amendment"),
            (amendment(kind="replace"), "bad-amendment"),
            (amendment() | {"kind": ["withdraw"]}, "bad-amendment"),
            (amendment(note=None), "bad-members"),
            (amendment(entity="e1"), "bad-members"),
            (amendment("lend", inspector="P1"), "bad-members"),
            ({k: v for k, v in amendment().items() if k != "reason"}, "bad-members"),
            (amendment(n=0), "bad-integer"),
            (amendment(n=1001), "bad-integer"),
            (amendment(n=True), "bad-integer"),
            (amendment(n="1"), "bad-integer"),
            (amendment(reason="-"), "bad-token"),
            (amendment(reason="他病了"), "bad-token"),
            (amendment(started="e1"), "bad-shape"),
            (amendment(started=["e1", "e1"]), "bad-amendment"),
            (amendment(started=["e2", "e1"]), "bad-amendment"),
            (amendment(started=[" e1"]), "bad-entity-id"),
            (amendment(started=[1]), "bad-entity-id"),
            (amendment(entropy=None), "bad-entropy"),
            (amendment(entropy=thrown() | {"note": 1}), "bad-members"),
            (amendment(inspector="-"), "bad-token"),
            (amendment("recuse", entity=""), "bad-entity-id"),
            (amendment("lend", inspectors={}), "bad-shape"),
            (amendment("lend", inspectors=[{"id": "Z1", "cap": 1}]), "bad-members"),
            (amendment("lend", inspectors=[{"id": "Z1", "cap": 1000, "tags": []}]), "bad-integer"),
            (amendment("lend", inspectors=[{"id": "Z1", "cap": 1, "tags": ["b", "a"]}]), "bad-tags"),
            (
                amendment("lend", inspectors=[{"id": i, "cap": 1, "tags": []} for i in ("Z2", "Z1")]),
                "bad-amendment",
            ),
            (
                amendment("lend", inspectors=[{"id": i, "cap": 1, "tags": []} for i in ("Z1", "Z1")]),
                "bad-amendment",
            ),
        ],
    )
    def test_anything_else_is_refused(self, value: object, code: str) -> None:
        """Unknown kinds, missing and extra members, wrong types, ranges and orders."""
        assert refusal(value) == code

    @given(
        st.recursive(
            st.none() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
        )
    )
    @settings(max_examples=50)
    def test_no_input_ends_in_anything_but_a_refusal(self, value: object) -> None:
        """Whatever stands in a member, the answer is `Refused`."""
        for member in ("n", "kind", "reason", "started", "entropy", "inspectors"):
            with pytest.raises(Refused):
                parse_amendment(amendment("lend") | {member: {"": value}})

    @pytest.mark.parametrize(
        ("before", "after", "code"),
        [
            (None, amendment(n=2), "wrong-number"),
            (amendment(n=1), amendment(n=1), "wrong-number"),
            (amendment(n=1), amendment(n=3), "wrong-number"),
            (amendment(n=1, started=["a", "b"]), amendment(n=2, started=["a", "c"]), "started-shrinks"),
        ],
    )
    def test_numbers_have_no_gap_and_started_never_shrinks(
        self, before: dict[str, Any] | None, after: dict[str, Any], code: str
    ) -> None:
        """`n` = 1, 2, …; `started` contains the one before."""
        with pytest.raises(Refused) as caught:
            check_follows(parse_amendment(before) if before else None, parse_amendment(after))
        assert caught.value.code == code

    def test_a_sequence_that_grows_follows(self) -> None:
        """The first is number 1, the second contains what had started."""
        first = parse_amendment(amendment(n=1, started=["a"]))
        check_follows(None, first)
        check_follows(first, parse_amendment(amendment(n=2, started=["a", "b"])))


class TestRandomness:
    """Each amendment has randomness of its own, of the plan's kind."""

    def beacons(self, declared: Entropy, *entropies: dict[str, Any], good: bool = True) -> list[str]:
        amendments = [
            parse_amendment(amendment(n=n, entropy=entropy)) for n, entropy in enumerate(entropies, 1)
        ]
        return list(amendment_beacons(amendments, declared=declared, alg="sm3", bls=lambda *_: good))

    def refused(self, declared: Entropy, *entropies: dict[str, Any], good: bool = True) -> str:
        with pytest.raises(Refused) as caught:
            self.beacons(declared, *entropies, good=good)
        return caught.value.code

    def test_a_thrown_value_hashes_with_its_source(self) -> None:
        """B_n = H(JCS([{"source":"amendment","value":…}])), in the draw's own algorithm."""
        text = '[{"source":"amendment","value":"12345678901234567890"}]'
        assert self.beacons(CEREMONY, thrown()) == [hasher("sm3")(text)]

    @pytest.mark.parametrize("digits", [20, 21, 64])
    def test_twenty_digits_or_more_will_do(self, digits: int) -> None:
        """`digits:n` with n >= 20; a format has n <= 64."""
        assert len(self.beacons(CEREMONY, thrown("7" * digits))) == 1

    @pytest.mark.parametrize(
        ("entropy", "code"),
        [
            (thrown("7" * 19), "bad-value"),
            (thrown("7" * 65), "bad-value"),
            (thrown("a" * 20), "bad-value"),
            (thrown("٣" * 20), "bad-value"),
            (thrown(source="dice-1"), "wrong-sources"),
            ({"kind": "ceremony", "values": []}, "wrong-sources"),
            ({"kind": "ceremony", "values": thrown()["values"] * 2}, "wrong-sources"),
            (rounded(1001), "wrong-kind"),
        ],
    )
    def test_other_values_are_refused_after_a_ceremony(self, entropy: dict[str, Any], code: str) -> None:
        """Too short, too long, no digits, another source, none or two, another kind."""
        assert self.refused(CEREMONY, entropy) == code

    def test_rounds_rise_strictly_from_the_plans(self) -> None:
        """Round 1000 is the plan's: 1001 and 1005 follow; 1000 itself, or the same twice, does not."""
        good = [rounded(1001), rounded(1005)]
        assert self.beacons(DRAND, *good) == [entropy["randomness"] for entropy in good]
        assert self.refused(DRAND, rounded(1000)) == "wrong-round"
        assert self.refused(DRAND, rounded(1001), rounded(1001)) == "wrong-round"

    def test_other_rounds_are_refused_after_drand(self) -> None:
        """A bad signature, a forged randomness, dice instead of drand, a chain that is not pinned."""
        assert self.refused(DRAND, rounded(1001), good=False) == "bad-signature"
        assert self.refused(DRAND, rounded(1001) | {"randomness": "0" * 64}) == "wrong-randomness"
        assert self.refused(DRAND, thrown()) == "wrong-kind"
        assert self.refused(DrandEntropy("0" * 64, 1), rounded(2)) == "unknown-chain"

    def test_the_round_is_the_first_at_least_a_minute_after_the_log_entry(self) -> None:
        """Published at or after at + 60 s, the one before it earlier than that."""
        for at in range(1_800_000_000, 1_800_000_004):
            number = first_round(at)
            assert round_time(number - 1) < at + 60 <= round_time(number)
