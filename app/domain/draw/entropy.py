"""Public randomness of DR1 section 4: a drand round, or values that witnesses throw and read aloud."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.basics.digest import Alg, hasher, sha256_hex
from app.domain.draw.basics.formats import check_format, check_value, reach
from app.domain.draw.basics.text import (
    MAX_INTEGER,
    Refused,
    check_hex,
    check_hex64,
    check_integer,
    check_list,
    check_members,
    check_token,
    shown,
)

MIN_OUTCOMES: Final = 2**64
SIGNATURE_HEX_DIGITS: Final = 96

BlsCheck = Callable[[bytes, bytes, bytes], bool]
"""Tells whether (public key, message, signature) verify: key on G2, signature on G1, both compressed."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A drand chain that a verifier has pinned.

    Attributes:
        hash: name of the chain, 64 hex digits.
        public_key: compressed point on G2, hex.
        genesis: Unix time of round 1, seconds.
        period: seconds from one round to the next.
    """

    hash: str
    public_key: str
    genesis: int
    period: int


QUICKNET: Final = Chain(
    hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
        "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
        "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=1_692_803_367,
    period=3,
)


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a ceremony, declared in the plan: its name (a token) and the format of its value."""

    name: str
    format: str


@dataclass(frozen=True, slots=True)
class DrandEntropy:
    """The plan names a round of a drand chain."""

    chain: str
    round: int


@dataclass(frozen=True, slots=True)
class CeremonyEntropy:
    """The plan names sources whose values witnesses give, in this order."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class DrandProof:
    """A drand round as published: signature (G1, 96 hex digits) and randomness, its SHA-256."""

    round: int
    signature: str
    randomness: str


@dataclass(frozen=True, slots=True)
class CeremonyValues:
    """What the witnesses gave: (source name, value) in the declared order."""

    values: tuple[tuple[str, str], ...]


Entropy = DrandEntropy | CeremonyEntropy
Given = DrandProof | CeremonyValues


def round_at(unix: int, chain: Chain = QUICKNET) -> int:
    """Give the first round that is published at or after a Unix time."""
    return (unix - chain.genesis + chain.period - 1) // chain.period + 1


def round_time(number: int, chain: Chain = QUICKNET) -> int:
    """Give the Unix time at which a round is published."""
    return chain.genesis + chain.period * (number - 1)


def round_message(number: int) -> bytes:
    """Give what the chain signs for a round: SHA-256 of its number as unsigned 64-bit big-endian."""
    return bytes.fromhex(sha256_hex(number.to_bytes(8, "big")))


def enough_outcomes(sources: Iterable[Source]) -> bool:
    """Tell whether all sources together have at least 2^64 outcomes: too many to search for a good secret."""
    return reach((source.format for source in sources), MIN_OUTCOMES)


def parse_entropy(value: object) -> Entropy:
    """Read the plan's `entropy` member.

    Raises:
        Refused: on a wrong kind, member or value; `few-outcomes` under 2^64; `duplicate-source`.
    """
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "drand":
        m = check_members(value, ("kind", "chain", "round"), what="entropy")
        chain = check_hex64(m["chain"], what="chain")
        return DrandEntropy(chain, check_integer(m["round"], 1, MAX_INTEGER, what="round"))
    if kind == "ceremony":
        m = check_members(value, ("kind", "sources"), what="entropy")
        return _ceremony(check_list(m["sources"], what="sources"))
    raise Refused("bad-entropy", f"entropy kind {shown(kind)} is neither drand nor ceremony")


def _ceremony(items: Sequence[object]) -> CeremonyEntropy:
    members = [check_members(item, ("name", "format"), what="source") for item in items]
    sources = tuple(
        Source(check_token(m["name"], what="source name"), check_format(m["format"])) for m in members
    )
    if len({source.name for source in sources}) != len(sources):
        raise Refused("duplicate-source", "two sources of the ceremony have one name")
    if not enough_outcomes(sources):
        raise Refused(
            "few-outcomes", "the sources have fewer than 2^64 outcomes together; add one or lengthen it"
        )
    return CeremonyEntropy(sources)


def entropy_object(entropy: Entropy) -> dict[str, object]:
    """Give the plan's `entropy` member, ready for `canonical_json`."""
    if isinstance(entropy, DrandEntropy):
        return {"kind": "drand", "chain": entropy.chain, "round": entropy.round}
    sources = [{"name": source.name, "format": source.format} for source in entropy.sources]
    return {"kind": "ceremony", "sources": sources}


def parse_given(value: object) -> Given:
    """Read `entropy.json` or an amendment's `entropy`: shapes only, nothing is verified.

    Raises:
        Refused: on a wrong kind, member or value.
    """
    kind = value.get("kind") if isinstance(value, dict) else None
    if kind == "drand":
        m = check_members(value, ("kind", "round", "signature", "randomness"), what="entropy")
        return DrandProof(
            round=check_integer(m["round"], 1, MAX_INTEGER, what="round"),
            signature=check_hex(m["signature"], digits=SIGNATURE_HEX_DIGITS, what="signature"),
            randomness=check_hex64(m["randomness"], what="randomness"),
        )
    if kind == "ceremony":
        m = check_members(value, ("kind", "values"), what="entropy")
        items = [
            check_members(v, ("source", "value"), what="value")
            for v in check_list(m["values"], what="values")
        ]
        return CeremonyValues(
            tuple((check_token(i["source"], what="source"), _text(i["value"])) for i in items)
        )
    raise Refused("bad-entropy", f"entropy kind {shown(kind)} is neither drand nor ceremony")


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise Refused("bad-value", f"value {shown(value)} of a source is not text")


def given_object(given: Given) -> dict[str, object]:
    """Give the content of `entropy.json`, or an amendment's `entropy`."""
    if isinstance(given, DrandProof):
        return {
            "kind": "drand",
            "round": given.round,
            "signature": given.signature,
            "randomness": given.randomness,
        }
    return {"kind": "ceremony", "values": _value_objects(given)}


def _value_objects(given: CeremonyValues) -> list[dict[str, str]]:
    return [{"source": source, "value": value} for source, value in given.values]


def beacon(
    declared: Entropy, given: Given, *, alg: Alg, chains: Iterable[Chain] = (QUICKNET,), bls: BlsCheck
) -> str:
    """Give B of section 4 after checking that what was given is exactly what the plan declared.

    Args:
        declared: the plan's source.
        given: what the beacon published or the witnesses gave.
        alg: the hash algorithm of the draw.
        chains: the pinned chains.
        bls: checks a signature of the chain.

    Raises:
        Refused: `wrong-kind`, `unknown-chain`, `wrong-round`, `wrong-randomness`, `bad-signature`,
            `wrong-sources`, `bad-value`.
    """
    if isinstance(declared, DrandEntropy) and isinstance(given, DrandProof):
        return _drand_beacon(declared, given, chains=chains, bls=bls)
    if isinstance(declared, CeremonyEntropy) and isinstance(given, CeremonyValues):
        return _ceremony_beacon(declared, given, alg=alg)
    raise Refused("wrong-kind", "the randomness given is not of the kind that the plan declared")


def _drand_beacon(
    declared: DrandEntropy, given: DrandProof, *, chains: Iterable[Chain], bls: BlsCheck
) -> str:
    chain = next((chain for chain in chains if chain.hash == declared.chain), None)
    if chain is None:
        raise Refused("unknown-chain", f"chain {shown(declared.chain)} is not pinned here")
    if given.round != declared.round:
        raise Refused("wrong-round", f"round {given.round} was given, the plan declared {declared.round}")
    signature = bytes.fromhex(given.signature)
    if given.randomness != sha256_hex(signature):
        raise Refused("wrong-randomness", "the randomness is not the SHA-256 of the signature")
    if not bls(bytes.fromhex(chain.public_key), round_message(given.round), signature):
        raise Refused(
            "bad-signature", f"the signature of round {given.round} does not verify under the chain's key"
        )
    return given.randomness


def _ceremony_beacon(declared: CeremonyEntropy, given: CeremonyValues, *, alg: Alg) -> str:
    wanted = [source.name for source in declared.sources]
    if [source for source, _ in given.values] != wanted:
        raise Refused(
            "wrong-sources", f"values are wanted from exactly {shown(', '.join(wanted))}, in this order"
        )
    for source, (_, value) in zip(declared.sources, given.values, strict=True):
        check_value(source.format, value)
    return hasher(alg)(canonical_json(_value_objects(given)).decode())
