"""Amendments for tests, as `amendments.ndjson` has them."""

from collections.abc import Mapping
from typing import Any

from app.domain.draw.basics.digest import sha256_hex


def thrown(value: str = "12345678901234567890", source: str = "amendment") -> dict[str, Any]:
    """Give a ceremony's entropy."""
    return {"kind": "ceremony", "values": [{"source": source, "value": value}]}


def rounded(number: int) -> dict[str, Any]:
    """Give a drand round whose signature a test declares good."""
    signature = f"{number:096x}"
    return {
        "kind": "drand",
        "round": number,
        "signature": signature,
        "randomness": sha256_hex(bytes.fromhex(signature)),
    }


def amendment(kind: str = "withdraw", **members: object) -> dict[str, Any]:
    """Give a valid amendment with some members replaced."""
    own: Mapping[str, dict[str, object]] = {
        "withdraw": {"inspector": "P1"},
        "recuse": {"inspector": "P1", "entity": "e1"},
        "lend": {"inspectors": [{"id": "Z1", "cap": 1, "tags": []}, {"id": "Z2", "cap": 0, "tags": ["a"]}]},
    }
    common = {"n": 1, "kind": kind, "reason": "ill", "started": [], "entropy": thrown()}
    return common | own.get(kind, {}) | members
