"""One draw from end to end: what is committed before the random value, and what follows from it.

`prepare` and `conduct` compose sections 2 to 6 of DR1 for a server and for a laptop without one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.draw.basics.chunks import Mapper
from app.domain.draw.basics.digest import Alg, hasher
from app.domain.draw.basics.lines import Inspector, Recusal, RosterLine
from app.domain.draw.entropy import BlsCheck, Chain, Entropy, Given, beacon
from app.domain.draw.freeze import Frozen, freeze
from app.domain.draw.plan import (
    Plan,
    Stratum,
    check_strata,
    commitment,
    parse_plan,
    plan_bytes,
    plan_object,
    secret_commitment,
)
from app.domain.draw.record.record import Drawing
from app.domain.draw.selection import draw_digest, select
from app.domain.draw.teams.teams import Deal, deal, deal_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the planner and the log decide of a plan; the rest follows from the frozen lists."""

    alg: Alg
    origin: str
    seq: int
    prev: str
    item: str
    period: str
    policy: str
    strata: Sequence[Stratum]
    slots: Sequence[tuple[str, ...]]
    entropy: Entropy
    reveal_by: date


@dataclass(frozen=True, slots=True)
class Prepared:
    """A draw ready to be committed: the plan, its bytes, their commitment C, and the frozen lists."""

    plan: Plan
    plan_bytes: bytes
    commitment: str
    frozen: Frozen


@dataclass(frozen=True, slots=True)
class Held:
    """A draw that was held: B in hex, the selection, and the teams (none in a single-random draw)."""

    beacon: str
    drawing: Drawing
    deal: Deal


def prepare(
    *,
    secret: str,
    terms: Terms,
    roster: Iterable[RosterLine],
    inspectors: Iterable[Inspector],
    recusals: Iterable[Recusal],
    mapper: Mapper = map,
) -> Prepared:
    """Freeze the lists and write the plan (sections 2 and 3).

    Raises:
        Refused: a list or a term that the specification does not allow.
    """
    frozen = freeze(
        alg=terms.alg, secret=secret, roster=roster, inspectors=inspectors, recusals=recusals, mapper=mapper
    )
    plan = Plan(
        alg=terms.alg,
        origin=terms.origin,
        seq=terms.seq,
        prev=terms.prev,
        item=terms.item,
        period=terms.period,
        policy=terms.policy,
        lines=frozen.roots.lines,
        ids=frozen.roots.ids,
        inspectors=frozen.roots.inspectors,
        recusals=frozen.roots.recusals,
        strata=tuple(sorted(terms.strata, key=lambda stratum: stratum.name)),
        slots=tuple(terms.slots),
        entropy=terms.entropy,
        secret_commit=secret_commitment(secret, terms.alg),
        reveal_by=terms.reveal_by,
    )
    parse_plan(plan_object(plan))  # whoever verifies refuses what this refuses, so nobody may commit to it
    check_strata(plan, frozen.lines.strata)
    written = plan_bytes(plan)
    return Prepared(plan, written, commitment(written, plan.alg), frozen)


def conduct(
    prepared: Prepared,
    *,
    secret: str,
    given: Given,
    chains: Iterable[Chain],
    bls: BlsCheck,
    mapper: Mapper = map,
) -> Held:
    """Draw with the random value given (sections 4 to 6).

    Raises:
        Refused: not the randomness that the plan declared.
    """
    plan, frozen = prepared.plan, prepared.frozen
    h = hasher(plan.alg)
    value = beacon(plan.entropy, given, alg=plan.alg, chains=chains, bls=bls)
    draw = draw_digest(prepared.commitment, value, h)
    ids = frozen.identities.ids
    selection = select(
        frozen.lines, plan.strata, draw=draw, alg=plan.alg, id_of=ids.__getitem__, mapper=mapper
    )
    teams = deal(
        drawn=[(drawn.id, frozen.identities.identity(drawn.line).needs) for drawn in selection.drawn],
        slots=plan.slots,
        inspectors=frozen.inspectors,
        recusals=frozen.recusals,
        a=deal_secret(draw, secret, h),
        h=h,
    )
    return Held(value, Drawing(given, selection), teams)
