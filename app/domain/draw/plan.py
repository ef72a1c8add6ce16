"""The plan of a draw and its commitment (DR1 section 3)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from app.domain.draw.basics.canonical import canonical_json
from app.domain.draw.basics.digest import Alg, check_alg, new_digest
from app.domain.draw.basics.text import (
    MAX_INTEGER,
    Refused,
    check_hex64,
    check_integer,
    check_list,
    check_members,
    check_tags,
    check_token,
    shown,
)
from app.domain.draw.entropy import Entropy, entropy_object, parse_entropy

VERSION: Final = "dr1"
MAX_RATE_Q: Final = 10_000
MAX_COUNT: Final = 1_000_000
MAX_SLOTS: Final = 16

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LISTS: Final = ("lines", "ids", "inspectors", "recusals")
_MEMBERS: Final = (
    *("v", "alg", "origin", "seq", "prev", "item", "period", "policy", "strata", "slots", "entropy"),
    *("secret_commit", "reveal_by"),
    *_LISTS,
)


@dataclass(frozen=True, slots=True)
class Root:
    """A committed list: how many leaves, and the Merkle root over them in hex."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """How much of a stratum 分层 is drawn: at least rate_p of rate_q lines, and at least `minimum`.

    `surprise` lines are drawn beyond what frequency duties demand, so that nobody is safe after a visit.
    """

    name: str
    rate_p: int
    rate_q: int
    minimum: int
    surprise: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that can influence a draw, committed before the random value exists.

    Attributes:
        alg: hash algorithm.
        origin: the log's name.
        seq: number of this plan in the log, from 1 without gaps.
        prev: commitment of plan `seq - 1`, empty for the first.
        item: `<region>:<code>` of the inspection item 抽查事项.
        period: canonical period.
        policy: digest of the published policy that made tickets, deadlines and exclusions.
        lines, ids, inspectors, recusals: the frozen lists.
        strata: sorted by name.
        slots: tags wanted at each place of a team; slot 0 is the lead 主办; none: a single-random draw.
        entropy: the source of randomness, named in advance.
        secret_commit: commits to the secret.
        reveal_by: the record is public by the end of this day in Asia/Shanghai.
    """

    alg: Alg
    origin: str
    seq: int
    prev: str
    item: str
    period: str
    policy: str
    lines: Root
    ids: Root
    inspectors: Root
    recusals: Root
    strata: tuple[Stratum, ...]
    slots: tuple[tuple[str, ...], ...]
    entropy: Entropy
    secret_commit: str
    reveal_by: date


def parse_plan(value: object) -> Plan:
    """Read a plan object, as `strict_json` gives it.

    Whether its entropy's chain is known and its strata are those of the lines cannot be seen here:
    `beacon` and `check_strata` tell.

    Raises:
        Refused: with the code of the first fault.
    """
    m = check_members(value, _MEMBERS, what="plan")
    if m["v"] != VERSION:
        raise Refused("bad-version", f"v {shown(m['v'])} is not {VERSION}")
    lines, ids = _parse_root(m["lines"], what="lines"), _parse_root(m["ids"], what="ids")
    if lines.size != ids.size:
        raise Refused("size-mismatch", f"lines has size {lines.size}, ids has {ids.size}: they must be equal")
    seq = check_integer(m["seq"], 1, MAX_INTEGER, what="seq")
    return Plan(
        alg=check_alg(m["alg"]),
        origin=check_token(m["origin"], what="origin"),
        seq=seq,
        prev=_check_prev(m["prev"], seq=seq),
        item=check_item(m["item"]),
        period=check_token(m["period"], what="period"),
        policy=check_hex64(m["policy"], what="policy"),
        lines=lines,
        ids=ids,
        inspectors=_parse_root(m["inspectors"], what="inspectors"),
        recusals=_parse_root(m["recusals"], what="recusals"),
        strata=_parse_strata(m["strata"]),
        slots=_parse_slots(m["slots"]),
        entropy=parse_entropy(m["entropy"]),
        secret_commit=check_hex64(m["secret_commit"], what="secret_commit"),
        reveal_by=_parse_day(m["reveal_by"]),
    )


def check_item(value: object) -> str:
    """Return an item: `<region>:<code>`.

    Raises:
        Refused: `bad-token`, `bad-item`.
    """
    item = check_token(value, what="item")
    region, _, code = item.partition(":")
    if not (region and code):
        raise Refused("bad-item", f"item {shown(item)} is not <region>:<code>")
    return item


def _check_prev(value: object, *, seq: int) -> str:
    if seq > 1:
        return check_hex64(value, what="prev")
    if value != "":
        raise Refused("bad-prev", f"prev {shown(value)} of the first plan is not empty")
    return ""


def _parse_root(value: object, *, what: str) -> Root:
    m = check_members(value, ("size", "root"), what=what)
    size = check_integer(m["size"], 0, MAX_INTEGER, what=f"{what} size")
    return Root(size, check_hex64(m["root"], what=f"{what} root"))


def _parse_strata(value: object) -> tuple[Stratum, ...]:
    strata = tuple(_parse_stratum(item) for item in check_list(value, what="strata"))
    if any(left.name >= right.name for left, right in pairwise(strata)):
        raise Refused("bad-strata", "strata are not sorted by name without duplicates")
    return strata


def _parse_stratum(value: object) -> Stratum:
    m = check_members(value, ("name", "rate", "min", "surprise"), what="stratum")
    name = check_token(m["name"], what="stratum name")
    rate = check_list(m["rate"], what="rate")
    if len(rate) != 2:  # noqa: PLR2004 - a ratio has two terms
        raise Refused("bad-rate", f"rate of stratum {name} is not [p, q]")
    rate_q = check_integer(rate[1], 1, MAX_RATE_Q, what="rate q")
    return Stratum(
        name=name,
        rate_p=check_integer(rate[0], 0, rate_q, what="rate p"),
        rate_q=rate_q,
        minimum=check_integer(m["min"], 0, MAX_COUNT, what="min"),
        surprise=check_integer(m["surprise"], 0, MAX_COUNT, what="surprise"),
    )


def _parse_slots(value: object) -> tuple[tuple[str, ...], ...]:
    slots = check_list(value, what="slots")
    if len(slots) > MAX_SLOTS:
        raise Refused("bad-slots", f"{len(slots)} slots are more than {MAX_SLOTS}")
    return tuple(check_tags(slot, what="slot tags") for slot in slots)


def _parse_day(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Refused("bad-date", f"reveal_by {shown(value)} is not a day YYYY-MM-DD of the calendar")


def check_strata(plan: Plan, names: Iterable[str]) -> None:
    """See that the plan has exactly the strata of the lines.

    Raises:
        Refused: `wrong-strata`.
    """
    planned = {stratum.name for stratum in plan.strata}
    if difference := sorted(planned.symmetric_difference(names)):
        side = "has no line" if difference[0] in planned else "is not in the plan"
        raise Refused("wrong-strata", f"stratum {shown(difference[0])} {side}")


def plan_object(plan: Plan) -> dict[str, object]:
    """Give the plan as the JSON object of section 3."""
    roots = zip(_LISTS, (plan.lines, plan.ids, plan.inspectors, plan.recusals), strict=True)
    return {
        "v": VERSION,
        "alg": plan.alg,
        "origin": plan.origin,
        "seq": plan.seq,
        "prev": plan.prev,
        "item": plan.item,
        "period": plan.period,
        "policy": plan.policy,
        **{name: {"size": root.size, "root": root.root} for name, root in roots},
        "strata": _strata_objects(plan.strata),
        "slots": [list(slot) for slot in plan.slots],
        "entropy": entropy_object(plan.entropy),
        "secret_commit": plan.secret_commit,
        "reveal_by": plan.reveal_by.isoformat(),
    }


def _strata_objects(strata: Sequence[Stratum]) -> list[dict[str, object]]:
    return [
        {"name": s.name, "rate": [s.rate_p, s.rate_q], "min": s.minimum, "surprise": s.surprise}
        for s in strata
    ]


def plan_bytes(plan: Plan) -> bytes:
    """Give JCS(plan): the bytes that are committed and published."""
    return canonical_json(plan_object(plan))


def commitment(plan: bytes, alg: Alg) -> str:
    """Give C, the commitment to a plan's bytes, in hex."""
    return new_digest(alg)(plan).hexdigest()


def secret_commitment(secret: str, alg: Alg) -> str:
    """Give `secret_commit` for a secret of 64 hex digits, in hex.

    Raises:
        Refused: `bad-hex`.
    """
    return new_digest(alg)(f"dr1|sc|{check_hex64(secret, what='secret')}".encode()).hexdigest()
