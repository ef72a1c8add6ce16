"""Amendments after the draw (DR1 section 7): their forms, their order, and the randomness of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.draw.basics.digest import Alg
from app.domain.draw.basics.lines import Inspector, parse_inspector
from app.domain.draw.basics.text import (
    Refused,
    check_entity_id,
    check_integer,
    check_list,
    check_members,
    check_token,
    shown,
)
from app.domain.draw.entropy import (
    QUICKNET,
    BlsCheck,
    CeremonyEntropy,
    CeremonyValues,
    Chain,
    DrandEntropy,
    DrandProof,
    Entropy,
    Given,
    Source,
    beacon,
    given_object,
    parse_given,
    round_at,
)

MAX_AMENDMENTS: Final = 1_000
DELAY_SECONDS: Final = 60
"""A drand round of an amendment is published at least so long after its log entry."""
SOURCE: Final = "amendment"
"""Name of the one source of a ceremony for an amendment."""
MIN_DIGITS: Final = 20
MAX_DIGITS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class _Amendment:
    """What every amendment has.

    Attributes:
        n: its number, from 1 without gaps.
        reason: token.
        started: drawn entities whose visit has begun, in byte order; never fewer than before.
        entropy: its own public randomness.
    """

    n: int
    reason: str
    started: tuple[str, ...]
    entropy: Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Recuse(_Amendment):
    """A recusal 回避 that came up after the draw: the pair is kept apart from now on."""

    inspector: str
    entity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(_Amendment):
    """An inspector falls out: he keeps only the visits that have begun."""

    inspector: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lend(_Amendment):
    """Inspectors join, lent by another agency."""

    inspectors: tuple[Inspector, ...]


Amendment = Recuse | Withdraw | Lend

_OWN_MEMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "recuse": ("inspector", "entity"),
    "withdraw": ("inspector",),
    "lend": ("inspectors",),
}


def parse_amendment(value: object) -> Amendment:
    """Read one amendment as `amendments.ndjson` has it: its shape alone, nothing is compared with a draw.

    Raises:
        Refused: `bad-amendment` for an unknown kind or ids out of order, else the code of the first fault.
    """
    kind = value.get("kind") if isinstance(value, dict) else None
    own = _OWN_MEMBERS.get(kind) if isinstance(kind, str) else None
    if own is None:
        raise Refused("bad-amendment", f"amendment kind {shown(kind)} is not recuse, withdraw or lend")
    m = check_members(value, ("n", "kind", "reason", "started", "entropy", *own), what=f"{kind} amendment")
    n = check_integer(m["n"], 1, MAX_AMENDMENTS, what="n of an amendment")
    reason = check_token(m["reason"], what="reason")
    started = tuple(check_entity_id(entity) for entity in check_list(m["started"], what="started"))
    _check_rising(started, what="started")
    entropy = parse_given(m["entropy"])
    if kind == "lend":
        lent = tuple(parse_inspector(item) for item in check_list(m["inspectors"], what="inspectors"))
        _check_rising([inspector.id for inspector in lent], what="lent inspectors")
        return Lend(n=n, reason=reason, started=started, entropy=entropy, inspectors=lent)
    inspector = check_token(m["inspector"], what="inspector")
    if kind == "withdraw":
        return Withdraw(n=n, reason=reason, started=started, entropy=entropy, inspector=inspector)
    entity = check_entity_id(m["entity"])
    return Recuse(n=n, reason=reason, started=started, entropy=entropy, inspector=inspector, entity=entity)


def _check_rising(ids: Iterable[str], *, what: str) -> None:
    previous = ""
    for text in ids:
        if text <= previous:
            raise Refused(
                "bad-amendment", f"{what} are not in byte order without duplicates at {shown(text)}"
            )
        previous = text


def check_follows(previous: Amendment | None, amendment: Amendment) -> None:
    """Check that an amendment continues the sequence: the next number, and whoever had started still has.

    Args:
        previous: the amendment before, or None for the first.
        amendment: the next one.

    Raises:
        Refused: `wrong-number`, or `started-shrinks`.
    """
    wanted = previous.n + 1 if previous else 1
    if amendment.n != wanted:
        raise Refused("wrong-number", f"amendment {amendment.n} stands where number {wanted} belongs")
    lost = sorted(set(previous.started if previous else ()).difference(amendment.started))
    if lost:
        raise Refused(
            "started-shrinks", f"started of amendment {wanted} lacks {shown(lost[0])}, there before"
        )


def amendment_object(amendment: Amendment) -> dict[str, object]:
    """Give an amendment as one line of `amendments.ndjson` has it."""
    content: dict[str, object] = {
        "n": amendment.n,
        "kind": "recuse",
        "reason": amendment.reason,
        "started": list(amendment.started),
        "entropy": given_object(amendment.entropy),
    }
    if isinstance(amendment, Lend):
        lent = [{"id": i.id, "cap": i.cap, "tags": list(i.tags)} for i in amendment.inspectors]
        return content | {"kind": "lend", "inspectors": lent}
    if isinstance(amendment, Withdraw):
        return content | {"kind": "withdraw", "inspector": amendment.inspector}
    return content | {"inspector": amendment.inspector, "entity": amendment.entity}


def amendment_body(amendment: Amendment, commitment: str) -> dict[str, object]:
    """Give the body of its log entry `draw.amended` (section 9): the amendment without randomness, and C."""
    body = amendment_object(amendment)
    del body["entropy"]
    return body | {"C": commitment}


def first_round(logged_at: int, chain: Chain = QUICKNET) -> int:
    """Give the drand round that decides an amendment logged at a Unix time."""
    return round_at(logged_at + DELAY_SECONDS, chain)


def amendment_beacons(
    amendments: Iterable[Amendment],
    *,
    declared: Entropy,
    alg: Alg,
    chains: Iterable[Chain] = (QUICKNET,),
    bls: BlsCheck,
) -> Iterator[str]:
    """Give B_n of each amendment in turn, after checking it.

    Args:
        amendments: all of a draw, from the first.
        declared: the plan's entropy; every amendment's is of its kind, drand's of the same chain and later.
        alg: the hash algorithm of the draw.
        chains: the pinned chains.
        bls: checks a signature of the chain.

    Raises:
        Refused: `wrong-round` when rounds do not rise, `bad-value` for other than 20 to 64 digits, else as
            `entropy.beacon`.
    """
    last_round = declared.round if isinstance(declared, DrandEntropy) else 0
    pinned = tuple(chains)
    for amendment in amendments:
        given = amendment.entropy
        yield beacon(_expected(declared, given, after=last_round), given, alg=alg, chains=pinned, bls=bls)
        if isinstance(given, DrandProof):
            last_round = given.round


def _expected(declared: Entropy, given: Given, *, after: int) -> Entropy:
    """Say what an amendment's randomness must be, as a plan would declare it."""
    if isinstance(declared, DrandEntropy):
        if isinstance(given, DrandProof) and given.round <= after:
            raise Refused("wrong-round", f"round {given.round} of an amendment is not after round {after}")
        return DrandEntropy(declared.chain, given.round if isinstance(given, DrandProof) else after + 1)
    digits = len(given.values[0][1]) if isinstance(given, CeremonyValues) and given.values else MIN_DIGITS
    if not MIN_DIGITS <= digits <= MAX_DIGITS:
        raise Refused(
            "bad-value", f"an amendment's value has {digits} digits, not {MIN_DIGITS} to {MAX_DIGITS}"
        )
    return CeremonyEntropy((Source(SOURCE, f"digits:{digits}"),))
