"""The checks of what only an audit record has: secret, inspectors, recusals, teams, amendments."""

from collections.abc import Sequence
from itertools import zip_longest

from app.domain.draw.basics.digest import hasher
from app.domain.draw.basics.findings import Place, show
from app.domain.draw.basics.text import Refused
from app.domain.draw.plan import secret_commitment
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.record.record import seat_object
from app.domain.draw.roots import inspectors_root, recusals_root
from app.domain.draw.teams.amendments import amendment_beacons
from app.domain.draw.teams.replay import Replay
from app.domain.draw.teams.teams import Seat, Shortage, deal, deal_secret
from app.domain.draw.verifier.checks_drawn import compare_rows
from app.domain.draw.verifier.checks_frozen import check_root, check_size


def check_secret(work: Recomputed) -> None:
    """The secret is the committed one, and every E and N follows from it.

    Raises:
        DifferenceError: at the first difference; so do all checks.
    """
    record, plan, secret = work.record, work.plan, work.record.secret
    found = secret_commitment(secret, plan.alg)
    if found != plan.secret_commit:
        raise Place("secret.json", None, "secret_commit").differs(expected=plan.secret_commit, found=found)
    h = hasher(plan.alg)
    identities = record.identities
    columns = zip(identities.ids, record.lines.seeds, identities.openings, strict=True)
    for row, (entity, seed, opening) in enumerate(columns):
        found = h(f"dr1|es|{secret}|{entity}")
        if found != seed:
            raise Place("lines.ndjson", row, "E").differs(expected=found, found=seed)
        found = h(f"dr1|en|{secret}|{entity}")
        if found != opening:
            raise Place("identities.ndjson", row, "N").differs(expected=found, found=opening)


def check_inspectors(work: Recomputed) -> None:
    """Size and root."""
    record, plan = work.record, work.plan
    check_size("inspectors.ndjson", plan.inspectors, len(record.inspectors))
    root = inspectors_root(record.inspectors, secret=record.secret, alg=plan.alg)
    check_root("inspectors.ndjson", plan.inspectors, root)


def check_recusals(work: Recomputed) -> None:
    """Size, root, and known names."""
    record, plan = work.record, work.plan
    check_size("recusals.ndjson", plan.recusals, len(record.recusals))
    root = recusals_root(record.recusals, secret=record.secret, alg=plan.alg)
    check_root("recusals.ndjson", plan.recusals, root)
    known = {inspector.id for inspector in record.inspectors}
    # The identities were checked before this; the ids may have failed, and that is not told twice.
    entities = frozenset(record.identities.ids)
    for row, recusal in enumerate(record.recusals):
        if recusal.inspector not in known:
            raise Place("recusals.ndjson", row, "inspector").wrong(
                f"{show(recusal.inspector)} 不在 inspectors.ndjson 中",
                f"{show(recusal.inspector)} is not in inspectors.ndjson",
            )
        if recusal.entity not in entities:
            raise Place("recusals.ndjson", row, "entity").wrong(
                f"{show(recusal.entity)} 不在名录中", f"{show(recusal.entity)} is not in the lines"
            )


def check_teams(work: Recomputed) -> None:
    """The deal, and the certificate exactly when it is short."""
    record = work.record
    teams, shortage = _dealt(work)
    compare_rows("teams.ndjson", map(seat_object, teams), map(seat_object, record.teams))
    place = Place("shortage.json")
    if shortage is None and record.shortage is not None:
        raise place.wrong("分组并无短缺，不应有此文件", "is there although no place stayed empty")
    if shortage is not None and record.shortage is None:
        raise place.wrong("分组有短缺，却缺少此文件", "is missing although places stayed empty")
    if shortage is not None and record.shortage is not None:
        _compare_shortages(shortage, record.shortage)


def _compare_shortages(expected: Shortage, found: Shortage) -> None:
    members = (
        ("short", expected.short, found.short),
        ("slots", expected.slots, found.slots),
        ("inspectors", expected.inspectors, found.inspectors),
    )
    for name, wanted, given in members:
        for at, (one, other) in enumerate(zip_longest(wanted, given)):
            if one != other:
                raise Place("shortage.json", None, f"{name}[{at}]").differs(expected=one, found=other)


def _dealt(work: Recomputed) -> tuple[Sequence[Seat], Shortage | None]:
    """Deal again; a draw voided before its random value has no teams."""
    record, plan = work.record, work.plan
    if not record.holdings.drawn:
        return (), None
    h = hasher(plan.alg)
    result = deal(
        drawn=drawn_needs(work),
        slots=plan.slots,
        inspectors=record.inspectors,
        recusals=record.recusals,
        a=deal_secret(work.digest, record.secret, h),
        h=h,
    )
    return result.teams, result.shortage


def check_amendments(work: Recomputed) -> None:
    """The randomness of each, the replay, the final teams."""
    record, plan = work.record, work.plan
    if not record.amendments:
        return
    if not record.holdings.drawn:
        raise Place("amendments.ndjson").wrong(
            "随机值产生前已作废的抽查没有可变更的分组",
            "a draw voided before its random value has no teams to amend",
        )
    h = hasher(plan.alg)
    replay = Replay(
        drawn=drawn_needs(work),
        slots=plan.slots,
        inspectors=record.inspectors,
        recusals=record.recusals,
        dealt=record.teams,
        entities=frozenset(record.identities.ids),
        a=deal_secret(work.digest, record.secret, h),
        h=h,
    )
    beacons = amendment_beacons(
        record.amendments, declared=plan.entropy, alg=plan.alg, chains=work.chains, bls=work.bls
    )
    for row, amendment in enumerate(record.amendments):
        try:
            work.narrow_lending += replay.amend(amendment, beacon=next(beacons)).narrow_lending()
        except Refused as refusal:
            raise Place("amendments.ndjson", row).refused(refusal) from refusal
    compare_rows("teams-final.ndjson", map(seat_object, replay.teams()), map(seat_object, record.final_teams))


def drawn_needs(work: Recomputed) -> list[tuple[str, tuple[str, ...]]]:
    """Give id and needs of each drawn entity; needs the record's identities, which every drawn line has."""
    identities = work.record.identities
    needs = dict(zip(identities.ids, identities.needs, strict=True))
    return [(entity, needs[entity]) for entity in work.record.selection.ids]
