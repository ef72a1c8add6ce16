"""Checking drand signatures: BLS on BLS12-381 with signatures on G1 (scheme bls-unchained-g1-rfc9380)."""

import hashlib
import sys
from typing import Final

from py_ecc.bls.g2_primitives import subgroup_check
from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.bls.point_compression import decompress_G1, decompress_G2
from py_ecc.bls.typing import G1Compressed, G1Uncompressed, G2Compressed, G2Uncompressed
from py_ecc.optimized_bls12_381.optimized_curve import G2, is_inf
from py_ecc.optimized_bls12_381.optimized_pairing import pairing

# py_ecc raises the limit to 100,000 when imported; with it, a deeply nested JSON body crashes the interpreter
# instead of raising RecursionError. This is CPython's own default.
sys.setrecursionlimit(1_000)

G1_BYTES: Final = 48
G2_BYTES: Final = 96
DOMAIN: Final = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
"""Domain separation tag of RFC 9380 for this scheme."""


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature of a message verifies under a public key.

    Both points are refused when they are not compressed canonically, not on the curve, not in the subgroup
    of prime order, or at infinity. Takes about a second: pure Python.

    Args:
        public_key: compressed point on G2, 96 bytes.
        message: what was signed; for drand quicknet the SHA-256 of the round's number.
        signature: compressed point on G1, 48 bytes.
    """
    point, key = _point_on_g1(signature), _point_on_g2(public_key)
    if point is None or key is None:
        return False
    hashed = hash_to_G1(message, DOMAIN, hashlib.sha256)  # type: ignore[arg-type]  # it wants the constructor
    return bool(pairing(G2, point) == pairing(key, hashed))


def _point_on_g1(compressed: bytes) -> G1Uncompressed | None:
    if len(compressed) != G1_BYTES:
        return None
    try:
        point = decompress_G1(G1Compressed(int.from_bytes(compressed, "big")))
    except ValueError:
        return None
    return point if subgroup_check(point) and not is_inf(point) else None


def _point_on_g2(compressed: bytes) -> G2Uncompressed | None:
    if len(compressed) != G2_BYTES:
        return None
    imaginary, real = (int.from_bytes(half, "big") for half in (compressed[:G1_BYTES], compressed[G1_BYTES:]))
    try:
        point = decompress_G2(G2Compressed((imaginary, real)))
    except ValueError:
        return None
    return point if subgroup_check(point) and not is_inf(point) else None
