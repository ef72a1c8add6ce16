"""The random value of an amendment, and what follows at once: other teams on visits that have not begun."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.draw.basics.text import Refused
from app.domain.draw.entropy import CeremonyValues, DrandEntropy, DrandProof, Entropy, Given, given_object
from app.domain.draw.teams.amendments import MAX_DIGITS, MIN_DIGITS, SOURCE, Amendment, amendment_beacons
from app.domain.draw.teams.replay import Amended
from app.domain.draw.teams.teams import Seat
from app.domain.errors import FieldError, Missing, NotAllowed, RuleBroken
from app.services.access import log
from app.services.context import Act
from app.services.drawing import files
from app.services.drawing.finding import draw_in_state
from app.services.drawing.publishing import publish
from app.services.drawing.randomness import offered_values, parsed_given, refuse_early_round
from app.services.drawing.replaying import Standing, amendment_of, standing_of
from app.services.fieldwork.opening import Drawn, officers_of, open_visits
from app.store import amendments as store
from app.store import drawing
from app.store.tables.amendments import DrawAmendment
from app.store.tables.drawing import Draw

_VALUE_WANTED: Final = FieldError(
    "/value", "amendment-value", (("least", str(MIN_DIGITS)), ("most", str(MAX_DIGITS)))
)


@dataclass(frozen=True, slots=True)
class AmendmentResult:
    """What an amendment has come to: its random value, and the places that stayed empty."""

    n: int
    beacon: str
    state: str
    short: int


def give(act: Act, draw_id: str, n: int, body: dict[str, object]) -> AmendmentResult:
    """Take the random value of an amendment: of the plan's kind, for an amendment that was logged before.

    Taken after the end of a draw too: its record is complete only with it, though nobody moves any more.

    Raises:
        Missing: no such draw or amendment.
        Malformed: not in the shape of randomness.
        NotAllowed: the caller committed the draw or logged the amendment.
        RuleBroken: given already, too early, used before, or not what was pinned; nothing changed.
    """
    draw = draw_in_state(act, draw_id, "drawn", "infeasible", "revealed", "voided")
    rows = store.of_draw(act.session, draw.id)
    row = next((one for one in rows if one.n == n), None)
    if row is None:
        raise Missing("not-found")
    if row.beacon is not None:
        raise RuleBroken("source-already-given", source=SOURCE)
    if act.caller.id in {draw.committed_by, row.logged_by}:
        raise NotAllowed("committer-gives-no-entropy")
    store.lock_visits(act.session, draw.id)
    standing = standing_of(act, draw, rows)
    given = _given(act, standing, row, body)
    amendment = replace(amendment_of(row), entropy=given)
    if isinstance(given, CeremonyValues):
        _refuse_used(act, draw, rows, given)
    value = _beacon(act, standing, amendment)
    before = standing.replay.teams()
    amended = standing.carry_out(amendment, beacon=value)
    row.given, row.given_by, row.given_at, row.beacon = given_object(given), act.caller.id, act.now, value
    row.effect = _effect(amended, standing)
    _keep(act, draw, standing, amendment, before)
    log(act, what="draws.amendment.entropy", region=draw.region, subject=draw.id, n=n, short=draw.short)
    return AmendmentResult(n, value, draw.state, draw.short or 0)


def _given(act: Act, standing: Standing, row: DrawAmendment, body: dict[str, object]) -> Given:
    """What was given, in the form of the plan's kind and of the round that was pinned at the logging."""
    declared = standing.plan.entropy
    if not isinstance(declared, DrandEntropy):
        values = offered_values(body, wanted=f"{SOURCE} (digits:{MIN_DIGITS} - digits:{MAX_DIGITS})")
        _refuse_other_values(values)
        return CeremonyValues(tuple(values))
    given = parsed_given(body)
    if not isinstance(given, DrandProof) or row.round is None or given.round != row.round:
        raise RuleBroken("entropy-not-of-the-plan", wanted=f"drand {row.round}")
    refuse_early_round(act, DrandEntropy(declared.chain, given.round))
    return given


def _refuse_used(act: Act, draw: Draw, rows: Sequence[DrawAmendment], offered: CeremonyValues) -> None:
    """See that an amendment has randomness of its own: a value known before tells what follows from it.

    Raises:
        RuleBroken: the draw or an amendment of it had the value.
    """
    used = {kept.value for kept in drawing.values_of(act.session, draw.id)}
    used |= {one["value"] for row in rows if row.given for one in row.given.get("values", ())}
    if not used.isdisjoint(value for _, value in offered.values):
        raise RuleBroken("value-used-before", _VALUE_WANTED)


def _refuse_other_values(values: Sequence[tuple[str, str]]) -> None:
    """See that a ceremony's values are the one that DR1 section 7 wants of an amendment.

    Raises:
        RuleBroken: they are not, with what to send.
    """
    source = FieldError("/source", "amendment-source", (("source", SOURCE),))
    if [name for name, _ in values] != [SOURCE]:
        raise RuleBroken("entropy-refused", source, _VALUE_WANTED, reason="wrong-sources")
    digits = values[0][1]
    if not (MIN_DIGITS <= len(digits) <= MAX_DIGITS and digits.isascii() and digits.isdigit()):
        raise RuleBroken("entropy-refused", _VALUE_WANTED, reason="bad-value")


def _beacon(act: Act, standing: Standing, amendment: Amendment) -> str:
    try:
        return next(
            amendment_beacons(
                [amendment],
                declared=_last(standing),
                alg=standing.plan.alg,
                chains=act.chance.chains,
                bls=act.chance.bls,
            )
        )
    except Refused as refused:
        raise RuleBroken("entropy-refused", reason=refused.code) from refused


def _last(standing: Standing) -> Entropy:
    """The plan's source, with the last round that was used: rounds rise strictly."""
    declared = standing.plan.entropy
    if isinstance(declared, DrandEntropy):
        used = [one.entropy.round for one in standing.done if isinstance(one.entropy, DrandProof)]
        return replace(declared, round=max([declared.round, *used]))
    return declared


def _effect(amended: Amended, standing: Standing) -> dict[str, object]:
    return {
        "vacated": [[seat.entity, seat.slot, seat.inspector] for seat in amended.vacated],
        "filled": [[one.entity, one.slot] for one in amended.filled],
        "short": [list(slot) for slot in standing.replay.short()],
    }


def _keep(act: Act, draw: Draw, standing: Standing, amendment: Amendment, before: Sequence[Seat]) -> None:
    """Put the amendment into the audit record, and the teams as they stand now on the visits."""
    teams, short = standing.replay.teams(), standing.replay.short()
    files.put(act, draw.id, "audit", files.amended_teams((*standing.done, amendment), teams))
    draw.short = len(short)
    if draw.state == "infeasible" and not short:
        draw.state = "drawn"
        places, also = len(standing.plan.slots), files.merged_of(act, draw.id)
        open_visits(act, draw, Drawn(needs=standing.needs, teams=teams, places=places, also=also))
    elif draw.state == "drawn":
        _put_on_visits(act, draw, _by_entity(before), _by_entity(teams))
        if short:
            entities = sorted({entity for entity, _ in short})
            log(
                act,
                what="draws.alarm",
                region=draw.region,
                subject=draw.id,
                kind="team-incomplete",
                entities=entities,
            )
    act.session.flush()
    publish(act, draw)


def _put_on_visits(
    act: Act, draw: Draw, before: Mapping[str, list[Seat]], after: Mapping[str, list[Seat]]
) -> None:
    changed = sorted(one for one in before.keys() | after.keys() if before.get(one) != after.get(one))
    for visit in store.planned_of_draw(act.session, draw.id, changed):
        seats = after.get(visit.entity_key, [])
        store.replace_team(act.session, visit.id, officers_of(act, [(visit.id, seat) for seat in seats]))
        visit.version += 1
        log(
            act,
            what="visits.team",
            region=visit.region,
            subject=visit.id,
            inspectors=[seat.inspector for seat in seats],
        )


def _by_entity(seats: Sequence[Seat]) -> Mapping[str, list[Seat]]:
    found: defaultdict[str, list[Seat]] = defaultdict(list)
    for seat in seats:
        found[seat.entity].append(seat)
    return found
