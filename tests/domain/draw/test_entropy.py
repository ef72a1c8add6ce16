"""Public randomness of DR1 section 4: formats, outcomes, rounds, and what a beacon must match."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.draw import entropy
from app.domain.draw.basics.formats import check_format, check_value, outcomes
from app.domain.draw.basics.text import Refused
from app.domain.draw.entropy import (
    QUICKNET,
    CeremonyEntropy,
    CeremonyValues,
    Chain,
    DrandEntropy,
    DrandProof,
    Entropy,
    Given,
    Source,
    beacon,
    parse_entropy,
    parse_given,
)
from tests.domain.draw.vector_cases import Case, vector

REFUSALS = vector("refusals")
HEX = "0f" * 32
PROOF = DrandProof(
    round=7, signature="ab" * 48, randomness=hashlib.sha256(bytes.fromhex("ab" * 48)).hexdigest()
)
DICE = CeremonyEntropy((Source("dice-1", "digits:14"), Source("ssq-1", "lotto:6/33+1/16")))
THROWN = CeremonyValues((("dice-1", "31415926535897"), ("ssq-1", "03,09,17,21,28,33+06")))


class TestFormats:
    """Section 4's table."""

    @pytest.mark.parametrize("case", REFUSALS["values"], ids=lambda case: ascii(case["value"]))
    def test_values_are_accepted_as_the_vectors_say(self, case: dict[str, str]) -> None:
        if case["accept"]:
            assert check_value(case["format"], case["value"]) == case["value"]
        else:
            with pytest.raises(Refused, match="bad-value"):
                check_value(case["format"], case["value"])

    @pytest.mark.parametrize("case", REFUSALS["outcomes"], ids=lambda case: "+".join(case["formats"]))
    def test_outcomes_are_enough_as_the_vectors_say(self, case: Case) -> None:
        sources = [Source(f"s{number}", text) for number, text in enumerate(case["formats"])]
        assert entropy.enough_outcomes(sources) == case["accept"]

    @pytest.mark.parametrize(
        ("value_format", "count"),
        [
            ("digits:1", 10),
            ("digits:64", 10**64),
            ("hex:2", 256),
            ("lotto:6/33+1/16", 1107568 * 16),
            ("lotto:1/1", 1),
            ("lotto:99/99", 1),
            ("lotto:2/3+2/3+1/2", 18),
        ],
    )
    def test_outcomes_are_counted(self, value_format: str, count: int) -> None:
        """C(33,6) = 1107568."""
        assert check_format(value_format) == value_format
        assert outcomes(value_format) == count

    @pytest.mark.parametrize(
        "value_format",
        [
            *(
                "digits:0",
                "digits:01",
                "digits:65",
                "digits:100",
                "digits:",
                "digits:２",
                "Digits:3",
                "digits:3\n",
            ),
            *(
                "hex:-1",
                "hex:4 ",
                "dice:3",
                "",
                "lotto:",
                "lotto:7/6",
                "lotto:0/6",
                "lotto:06/33",
                "lotto:1/100",
            ),
            *("lotto:6/33+", "+1/16", "lotto:6/33,1/16", "lotto:6", None, 20),
        ],
        ids=ascii,
    )
    def test_other_formats_are_refused(self, value_format: object) -> None:
        """Numbers have no leading zeros."""
        with pytest.raises(Refused, match="bad-format"):
            check_format(value_format)

    @pytest.mark.parametrize(
        ("value_format", "value"),
        [
            ("lotto:2/9", "00,01"),
            ("lotto:2/9", "01,1"),
            ("lotto:2/9", "01"),
            ("lotto:2/9", "01,02,03"),
            ("lotto:2/9", "01,02\n"),
            ("lotto:2/9", "０1,02"),
            ("lotto:2/9", ""),
            ("lotto:1/9+1/9", "01+02+03"),
            ("hex:2", "0g"),
            ("digits:2", 12),
            ("digits:2", None),
        ],
        ids=ascii,
    )
    def test_more_values_are_refused(self, value_format: str, value: object) -> None:
        """Ascending two-digit numbers of 01..M, exactly K of them in each group."""
        with pytest.raises(Refused, match="bad-value"):
            check_value(value_format, value)

    @given(st.sampled_from(["digits:2", "hex:1", "lotto:2/4+1/3", "lotto:3/3"]))
    def test_as_many_values_fit_as_outcomes_are_counted(self, value_format: str) -> None:
        """Counting all candidate texts of the format's alphabet and length."""
        numbers = [f"{n:02}" for n in range(6)]
        candidates = {
            "digits:2": [f"{n:02}" for n in range(100)],
            "hex:1": list("0123456789abcdefABCDEFg"),
            "lotto:2/4+1/3": [f"{a},{b}+{c}" for a in numbers for b in numbers for c in numbers],
            "lotto:3/3": [f"{a},{b},{c}" for a in numbers for b in numbers for c in numbers],
        }[value_format]
        fitting = 0
        for text in candidates:
            try:
                check_value(value_format, text)
            except Refused:
                continue
            fitting += 1
        assert fitting == outcomes(value_format)

    def test_a_format_of_any_length_is_judged_at_once(self) -> None:
        """200,000 groups of two outcomes: the product is not computed beyond 2^64."""
        endless = "lotto:1/2" + "+1/2" * 2_000_000
        assert entropy.enough_outcomes([Source("a", endless)])
        assert not entropy.enough_outcomes([Source("a", "lotto:1/2" + "+1/2" * 62)])
        assert entropy.enough_outcomes([Source("a", "lotto:1/2" + "+1/2" * 63)])


class TestRounds:
    """Section 4's formulas, quicknet."""

    @pytest.mark.parametrize(
        ("unix", "number"),
        [(1692803367, 1), (1692803368, 2), (1692803370, 2), (1692803371, 3), (1694775603, 657413)],
    )
    def test_the_round_at_a_time_is_the_next_one_published(self, unix: int, number: int) -> None:
        """(T - 1692803367 + 2) // 3 + 1."""
        assert entropy.round_at(unix) == (unix - 1692803367 + 2) // 3 + 1 == number

    @given(st.integers(1, 2**53 - 1))
    def test_a_round_is_published_at_its_own_time(self, number: int) -> None:
        """The round at that time is itself; a second later it is the next."""
        time = entropy.round_time(number)
        assert time == 1692803367 + 3 * (number - 1)
        assert entropy.round_at(time) == number
        assert entropy.round_at(time + 1) == number + 1

    def test_another_chain_has_its_own_clock(self) -> None:
        """Period 30 s from 100."""
        chain = Chain(hash=HEX, public_key="", genesis=100, period=30)
        assert [entropy.round_at(unix, chain) for unix in (100, 101, 130, 131)] == [1, 2, 2, 3]
        assert entropy.round_time(3, chain) == 160

    def test_the_message_is_the_hash_of_the_number_in_8_bytes(self) -> None:
        """Unsigned, big-endian."""
        wanted = hashlib.sha256(b"\x00\x00\x00\x00\x00\x00\x01\x02").digest()
        assert entropy.round_message(258) == wanted


class TestDeclared:
    """The plan's member `entropy`."""

    @pytest.mark.parametrize("declared", [DrandEntropy(HEX, 1), DrandEntropy(HEX, 2**53 - 1), DICE])
    def test_read_as_written(self, declared: Entropy) -> None:
        assert parse_entropy(entropy.entropy_object(declared)) == declared

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ({"kind": "drand", "chain": HEX, "round": 0}, "bad-integer"),
            ({"kind": "drand", "chain": HEX, "round": True}, "bad-integer"),
            ({"kind": "drand", "chain": HEX[:-1], "round": 1}, "bad-hex"),
            ({"kind": "drand", "chain": HEX}, "bad-members"),
            ({"kind": "ceremony", "sources": []}, "few-outcomes"),
            ({"kind": "ceremony", "sources": [{"name": "a", "format": "digits:19"}]}, "few-outcomes"),
            ({"kind": "ceremony", "sources": [{"name": "a", "format": "hex:16"}] * 2}, "duplicate-source"),
            ({"kind": "ceremony", "sources": [{"name": "a b", "format": "hex:16"}]}, "bad-token"),
            ({"kind": "ceremony", "sources": [{"name": "a", "format": "hex:016"}]}, "bad-format"),
            ({"kind": "ceremony", "sources": [{"name": "a"}]}, "bad-members"),
            ({"kind": "ceremony", "sources": {}}, "bad-shape"),
            ({"kind": "ceremony"}, "bad-members"),
            ({"kind": ["drand"]}, "bad-entropy"),
            ({}, "bad-entropy"),
            ("drand", "bad-entropy"),
        ],
        ids=ascii,
    )
    def test_other_declarations_are_refused(self, value: object, code: str) -> None:
        with pytest.raises(Refused) as refusal:
            parse_entropy(value)
        assert refusal.value.code == code


class TestGiven:
    """`entropy.json`, and an amendment's `entropy`."""

    @pytest.mark.parametrize("given_value", [PROOF, THROWN, CeremonyValues(())])
    def test_read_as_written(self, given_value: Given) -> None:
        assert parse_given(entropy.given_object(given_value)) == given_value

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (entropy.given_object(PROOF) | {"signature": "ab" * 47}, "bad-hex"),
            (entropy.given_object(PROOF) | {"randomness": ""}, "bad-hex"),
            (entropy.given_object(PROOF) | {"round": 0}, "bad-integer"),
            (entropy.given_object(PROOF) | {"extra": 1}, "bad-members"),
            ({"kind": "ceremony", "values": [{"source": "a", "value": 1}]}, "bad-value"),
            ({"kind": "ceremony", "values": [{"source": "-", "value": "1"}]}, "bad-token"),
            ({"kind": "ceremony", "values": [{"source": "a"}]}, "bad-members"),
            ({"kind": "ceremony", "values": None}, "bad-shape"),
            ({"kind": "other"}, "bad-entropy"),
            (None, "bad-entropy"),
        ],
        ids=ascii,
    )
    def test_other_values_are_refused(self, value: object, code: str) -> None:
        with pytest.raises(Refused) as refusal:
            parse_given(value)
        assert refusal.value.code == code


class TestBeacon:
    """B, and everything that keeps it from being B."""

    def test_of_a_ceremony_it_is_the_hash_of_the_values_in_order(self) -> None:
        """Worked by hand: the JCS bytes written out."""
        text = (
            '[{"source":"dice-1","value":"31415926535897"},{"source":"ssq-1","value":"03,09,17,21,28,33+06"}]'
        )
        found = beacon(DICE, THROWN, alg="sha256", bls=lambda *_: False)
        assert found == hashlib.sha256(text.encode()).hexdigest()

    def test_of_drand_it_is_the_randomness_of_the_round(self) -> None:
        """And the check sees the chain's key, the round's message and the signature."""
        seen = []

        def bls(key: bytes, message: bytes, signature: bytes) -> bool:
            seen.append((key.hex(), message, signature.hex()))
            return True

        declared = DrandEntropy(QUICKNET.hash, 7)
        assert beacon(declared, PROOF, alg="sm3", bls=bls) == PROOF.randomness
        assert seen == [(QUICKNET.public_key, entropy.round_message(7), PROOF.signature)]

    @pytest.mark.parametrize(
        ("declared", "given_value", "code"),
        [
            (DICE, PROOF, "wrong-kind"),
            (DrandEntropy(QUICKNET.hash, 7), THROWN, "wrong-kind"),
            (DrandEntropy(HEX, 7), PROOF, "unknown-chain"),
            (DrandEntropy(QUICKNET.hash, 8), PROOF, "wrong-round"),
            (DrandEntropy(QUICKNET.hash, 7), replace(PROOF, randomness=HEX), "wrong-randomness"),
            (DrandEntropy(QUICKNET.hash, 7), PROOF, "bad-signature"),
            (DICE, CeremonyValues(THROWN.values[::-1]), "wrong-sources"),
            (DICE, CeremonyValues(THROWN.values[:1]), "wrong-sources"),
            (DICE, CeremonyValues((("dice-2", "31415926535897"), THROWN.values[1])), "wrong-sources"),
            (DICE, CeremonyValues((("dice-1", "3141592653589"), THROWN.values[1])), "bad-value"),
        ],
    )
    def test_what_the_plan_did_not_declare_is_refused(
        self, declared: Entropy, given_value: Given, code: str
    ) -> None:
        with pytest.raises(Refused) as refusal:
            beacon(declared, given_value, alg="sha256", bls=lambda *_: False)
        assert refusal.value.code == code

    def test_the_pinned_chains_are_the_caller_s(self) -> None:
        """Tests sign with a key of their own; strangers may pin another chain."""
        own = Chain(hash=HEX, public_key="aa" * 96, genesis=0, period=3)
        assert beacon(DrandEntropy(HEX, 7), PROOF, alg="sha256", chains=[QUICKNET, own], bls=lambda *_: True)
        with pytest.raises(Refused, match="unknown-chain"):
            beacon(DrandEntropy(HEX, 7), PROOF, alg="sha256", chains=[], bls=lambda *_: True)
