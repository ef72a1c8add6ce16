"""Public randomness given by witnesses 见证人, and the draw that follows from it at once."""

from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.draw.basics.canonical import strict_json
from app.domain.draw.basics.formats import check_value
from app.domain.draw.basics.text import Refused
from app.domain.draw.conduct import Held, Prepared, conduct
from app.domain.draw.entropy import (
    CeremonyEntropy,
    CeremonyValues,
    DrandEntropy,
    DrandProof,
    Given,
    parse_given,
    round_time,
)
from app.domain.draw.freeze import freeze
from app.domain.draw.plan import Plan, parse_plan
from app.domain.draw.record.record import audit_record, public_record
from app.domain.errors import FieldError, Malformed, NotAllowed, RuleBroken
from app.services.access import log
from app.services.context import Act
from app.services.drawing import files
from app.services.drawing.finding import draw_in_state, secret_of
from app.services.drawing.publishing import publish
from app.services.fieldwork.opening import Drawn, open_visits
from app.store import drawing as store
from app.store.tables.drawing import CeremonyValue, Draw

MIN_WITNESSES = 2
"""A ceremony of two or more sources needs two different witnesses (spec/api.md, roles)."""


@dataclass(frozen=True, slots=True)
class EntropyResult:
    """How far the randomness is: the sources that still lack a value, or what came of the draw."""

    state: str
    missing: tuple[str, ...]
    beacon: str | None
    drawn: int | None
    short: int | None


def give(act: Act, draw_id: str, body: dict[str, object]) -> EntropyResult:
    """Take what a witness gives: DR1's `entropy.json`, or one value of a ceremony.

    Raises:
        Malformed: not in the shape or format that the plan declares.
        NotAllowed: the caller had a hand in the draw.
        RuleBroken: wrong state, round, source or witness; nothing changed.
    """
    draw = draw_in_state(act, draw_id, "committed")
    if act.caller.id == draw.committed_by:
        raise NotAllowed("committer-gives-no-entropy")
    plan = parse_plan(strict_json(draw.plan))
    given = _given(act, draw, plan, body)
    log(act, what="draws.entropy", region=draw.region, subject=draw.id)
    if given is None:
        missing = _missing(act, draw, plan)
        return EntropyResult(draw.state, missing, None, None, None)
    return _hold(act, draw, plan, given)


def _given(act: Act, draw: Draw, plan: Plan, body: dict[str, object]) -> Given | None:
    """What the plan asked for, once it is complete."""
    if isinstance(plan.entropy, CeremonyEntropy):
        return _ceremony(act, draw, plan.entropy, body)
    given = parsed_given(body)
    if not isinstance(given, DrandProof):
        raise RuleBroken("entropy-not-of-the-plan", wanted=_wanted(plan))
    return given


def parsed_given(body: dict[str, object]) -> Given:
    """What a witness gives as DR1's `entropy.json`.

    Raises:
        Malformed: it is not that.
    """
    try:
        return parse_given(body)
    except Refused as refused:
        fault = FieldError("", "bad-randomness", (("reason", refused.code),))
        raise Malformed("bad-entropy", fault) from refused


def _wanted(plan: Plan) -> str:
    if isinstance(plan.entropy, DrandEntropy):
        return f"drand {plan.entropy.round}"
    return _sources(plan.entropy)


def _sources(declared: CeremonyEntropy) -> str:
    return ", ".join(f"{source.name} ({source.format})" for source in declared.sources)


def _ceremony(
    act: Act, draw: Draw, declared: CeremonyEntropy, body: dict[str, object]
) -> CeremonyValues | None:
    for source, value in offered_values(body, wanted=_sources(declared)):
        _take_value(act, draw, declared, source=source, value=value)
    kept = {value.source: value for value in store.values_of(act.session, draw.id)}
    if len(kept) < len(declared.sources):
        return None
    return CeremonyValues(tuple((s.name, kept[s.name].value) for s in declared.sources))


def offered_values(body: dict[str, object], *, wanted: str) -> list[tuple[str, str]]:
    """The (source, value) pairs of one call: a single `{"source","value"}`, or a ceremony's `entropy.json`.

    `wanted` is what a ceremony's sources are, for who gives something else.

    Raises:
        Malformed: neither.
        RuleBroken: `entropy.json` of another kind.
    """
    if "kind" not in body:
        faults = [FieldError(f"/{name}", "missing") for name in ("source", "value") if name not in body]
        faults += [
            FieldError(f"/{name}", "extra-forbidden") for name in body if name not in {"source", "value"}
        ]
        faults += [
            FieldError(f"/{name}", "string-type")
            for name in ("source", "value")
            if name in body and not isinstance(body[name], str)
        ]
        if faults:
            raise Malformed("malformed", *faults)
        return [(str(body["source"]), str(body["value"]))]
    given = parsed_given(body)
    if not isinstance(given, CeremonyValues):
        raise RuleBroken("entropy-not-of-the-plan", wanted=wanted)
    if not given.values:
        raise Malformed("malformed", FieldError("/values", "missing"))
    return list(given.values)


def _take_value(act: Act, draw: Draw, declared: CeremonyEntropy, *, source: str, value: str) -> None:
    formats = {s.name: s.format for s in declared.sources}
    if source not in formats:
        raise RuleBroken("unknown-source", source=source, sources=", ".join(formats))
    try:
        check_value(formats[source], value)
    except Refused as refused:
        raise Malformed(
            "bad-entropy",
            FieldError("/value", "source-value", (("format", formats[source]),)),
        ) from refused
    before = store.values_of(act.session, draw.id)
    if any(kept.source == source for kept in before):
        raise RuleBroken("source-already-given", source=source)
    witnesses = {kept.caller_id for kept in before} | {act.caller.id}
    complete = len(before) + 1 == len(formats)
    if complete and len(formats) >= MIN_WITNESSES and len(witnesses) < MIN_WITNESSES:
        raise RuleBroken("another-witness-needed")
    store.add_value(
        act.session,
        CeremonyValue(draw_id=draw.id, source=source, value=value, caller_id=act.caller.id, at=act.now),
    )


def _missing(act: Act, draw: Draw, plan: Plan) -> tuple[str, ...]:
    kept = {value.source for value in store.values_of(act.session, draw.id)}
    sources = plan.entropy.sources if isinstance(plan.entropy, CeremonyEntropy) else ()
    return tuple(source.name for source in sources if source.name not in kept)


def _hold(act: Act, draw: Draw, plan: Plan, given: Given) -> EntropyResult:
    if isinstance(plan.entropy, DrandEntropy):
        refuse_early_round(act, plan.entropy)
    secret = secret_of(act, draw)
    prepared = committed_lists(act, draw, plan, secret)
    try:
        held = conduct(
            prepared,
            secret=secret,
            given=given,
            chains=act.chance.chains,
            bls=act.chance.bls,
            mapper=act.chance.mapper,
        )
    except Refused as refused:
        raise RuleBroken("entropy-refused", reason=refused.code) from refused
    _keep(act, draw, prepared, secret, held)
    return EntropyResult(draw.state, (), draw.beacon, draw.drawn, draw.short)


def refuse_early_round(act: Act, declared: DrandEntropy) -> None:
    """See that a round is published by now.

    Raises:
        RuleBroken: it is not, or its chain is not pinned.
    """
    chain = next((c for c in act.chance.chains if c.hash == declared.chain), None)
    if chain is None:
        raise RuleBroken("entropy-refused", reason="unknown-chain")
    at = datetime.fromtimestamp(round_time(declared.round, chain), UTC)
    if act.now < at:
        raise RuleBroken("round-not-yet", at=at.isoformat())


def committed_lists(act: Act, draw: Draw, plan: Plan, secret: str) -> Prepared:
    """The frozen lists of a draw, made again from what was stored at its commitment.

    Raises:
        RuntimeError: they no longer give the committed roots: the database was tampered with.
    """
    roster, inspectors, recusals = files.read_frozen_lists(files.get(act, draw.id, files.FROZEN))
    frozen = freeze(
        alg=plan.alg,
        secret=secret,
        roster=roster,
        inspectors=inspectors,
        recusals=recusals,
        mapper=act.chance.mapper,
    )
    roots = frozen.roots
    if (roots.lines, roots.ids, roots.inspectors, roots.recusals) != (
        plan.lines,
        plan.ids,
        plan.inspectors,
        plan.recusals,
    ):
        raise RuntimeError(f"the stored lists of draw {draw.id} are not the committed ones")
    return Prepared(plan, draw.plan, draw.commitment, frozen)


def _keep(act: Act, draw: Draw, prepared: Prepared, secret: str, held: Held) -> None:
    shortage = held.deal.shortage
    draw.beacon, draw.drawn_at = held.beacon, act.now
    draw.drawn, draw.short = len(held.drawing.selection.drawn), 0 if shortage is None else len(shortage.short)
    draw.state = "drawn" if shortage is None else "infeasible"
    audit = audit_record(
        plan=draw.plan, frozen=prepared.frozen, drawing=held.drawing, secret=secret, deal=held.deal
    )
    files.put(act, draw.id, "audit", audit)
    files.put(
        act, draw.id, "public", public_record(plan=draw.plan, frozen=prepared.frozen, drawing=held.drawing)
    )
    if shortage is None:
        drawn, identities = held.drawing.selection.drawn, prepared.frozen.identities
        needs = {one.id: identities.identity(one.line).needs for one in drawn}
        places, also = len(prepared.plan.slots), files.merged_of(act, draw.id)
        open_visits(act, draw, Drawn(needs=needs, teams=held.deal.teams, places=places, also=also))
    publish(act, draw)
