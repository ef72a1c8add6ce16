"""BLS signatures of drand quicknet: a real round, and everything that is not one."""

import hashlib
import json
import sys

import pytest
from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.bls.point_compression import compress_G1, compress_G2
from py_ecc.optimized_bls12_381.optimized_curve import G2, curve_order, multiply

from app.adapters.drand_bls import DOMAIN, verify
from app.domain.draw.basics.text import Refused
from app.domain.draw.entropy import QUICKNET, DrandEntropy, DrandProof, beacon, parse_given, round_message
from tests.domain.draw.vector_cases import vector

ROUND = vector("drand")
KEY = bytes.fromhex(QUICKNET.public_key)
MESSAGE = round_message(ROUND["round"])
SIGNATURE = bytes.fromhex(ROUND["signature"])
INFINITY = bytes([0xC0])
# x = 4 lies on the curve y^2 = x^3 + 4, but outside the subgroup of prime order.
OUTSIDE_SUBGROUP = (1 << 383 | 4).to_bytes(48, "big")
FIELD = 0x1A0111EA397FE69A4B1BA7B6434BACD764774B84F38512BF6730D2A0F6B0F6241EABFFFEB153FFFFB9FEFFFFFFFFAAAB


def flipped(compressed: bytes, bit: int) -> bytes:
    """Flip one bit, counted from the left."""
    return (int.from_bytes(compressed, "big") ^ 1 << (8 * len(compressed) - 1 - bit)).to_bytes(
        len(compressed), "big"
    )


def signed(message: bytes, secret: int) -> bytes:
    """Sign a message with a secret number."""
    hashed = hash_to_G1(message, DOMAIN, hashlib.sha256)  # type: ignore[arg-type]  # it wants the constructor
    return compress_G1(multiply(hashed, secret)).to_bytes(48, "big")


def test_a_real_round_verifies_and_gives_its_randomness() -> None:
    """Round 657413 of quicknet, down to B."""
    given = parse_given(
        {"kind": "drand"} | {name: ROUND[name] for name in ("round", "signature", "randomness")}
    )
    declared = DrandEntropy(ROUND["chain"], ROUND["round"])
    assert beacon(declared, given, alg="sha256", bls=verify) == ROUND["randomness"]
    assert hashlib.sha256(SIGNATURE).hexdigest() == ROUND["randomness"]


def test_a_signature_of_one_s_own_verifies_under_one_s_own_key() -> None:
    """So tests can pin a chain whose key they have."""
    secret = 0x5E
    key = b"".join(part.to_bytes(48, "big") for part in compress_G2(multiply(G2, secret)))
    signature = signed(MESSAGE, secret)
    assert verify(key, MESSAGE, signature)
    assert not verify(KEY, MESSAGE, signature)


def test_another_round_s_message_does_not_verify() -> None:
    """A signature belongs to one round."""
    assert not verify(KEY, round_message(ROUND["round"] + 1), SIGNATURE)


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param(b"", id="empty"),
        pytest.param(SIGNATURE[:-1], id="short"),
        pytest.param(SIGNATURE + b"\x00", id="long"),
        pytest.param(bytes(48), id="zeros"),
        pytest.param(b"\xff" * 48, id="ones"),
        pytest.param(INFINITY + bytes(47), id="infinity"),
        pytest.param(bytes([0xE0]) + bytes(47), id="infinity with a sign"),
        pytest.param(flipped(SIGNATURE, 0), id="uncompressed flag"),
        pytest.param(flipped(SIGNATURE, 1), id="infinity flag"),
        pytest.param(flipped(SIGNATURE, 2), id="the other y"),
        pytest.param(OUTSIDE_SUBGROUP, id="outside the subgroup"),
        pytest.param((1 << 383 | FIELD).to_bytes(48, "big"), id="x not below the modulus"),
        pytest.param(signed(b"another message", 3), id="of another key and message"),
        *(pytest.param(flipped(SIGNATURE, bit), id=f"bit {bit}") for bit in (3, 200, 383)),
    ],
)
def test_no_other_signature_verifies(signature: bytes) -> None:
    """Nor does one end in a traceback."""
    assert not verify(KEY, MESSAGE, signature)


def test_a_beacon_without_its_signature_is_refused() -> None:
    """The randomness fits the signature, and the signature nothing."""
    signature = flipped(SIGNATURE, 0)
    proof = DrandProof(ROUND["round"], signature.hex(), hashlib.sha256(signature).hexdigest())
    with pytest.raises(Refused, match="bad-signature"):
        beacon(DrandEntropy(QUICKNET.hash, ROUND["round"]), proof, alg="sha256", bls=verify)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(b"", id="empty"),
        pytest.param(KEY[:-1], id="short"),
        pytest.param(INFINITY + bytes(95), id="infinity"),
        pytest.param(flipped(KEY, 0), id="uncompressed flag"),
        pytest.param(KEY[:48] + b"\xff" * 48, id="x not below the modulus"),
        pytest.param(flipped(KEY, 2), id="the other y"),
        pytest.param(bytes([0x80]) + bytes(94) + b"\x02", id="outside the subgroup or the curve"),
        pytest.param(flipped(KEY, 700), id="another x"),
    ],
)
def test_no_other_key_verifies(key: bytes) -> None:
    """Not even the point at infinity, under which infinity would sign everything."""
    assert not verify(key, MESSAGE, SIGNATURE)
    assert not verify(key, MESSAGE, INFINITY + bytes(47))


def test_the_subgroup_has_the_order_that_the_check_assumes() -> None:
    """The r of BLS12-381."""
    assert curve_order == 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001


def test_importing_it_leaves_deep_json_an_error_and_not_a_crash() -> None:
    """py_ecc raises the recursion limit when imported; the adapter puts it back."""
    assert sys.getrecursionlimit() < 10_000
    with pytest.raises(RecursionError):
        json.loads("[" * 100_000)
