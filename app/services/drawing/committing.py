"""Committing a draw: the registers are frozen and the plan's digest is published before chance is asked."""

from app.domain.days import shanghai_day
from app.domain.draw.basics.digest import check_alg
from app.domain.draw.basics.text import Refused
from app.domain.draw.conduct import Prepared, Terms, prepare
from app.domain.errors import NotAllowed, RuleBroken
from app.domain.freezing import FreezeInput
from app.domain.joint import joint_of
from app.domain.rounds import committed_entropy
from app.services.access import log
from app.services.context import Act
from app.services.drawing import excluding, files, undrawn
from app.services.drawing.finding import secret_context
from app.services.drawing.publishing import publish
from app.services.planning import freezing, plan_law
from app.services.planning.calendar_linking import refuse_off_calendar
from app.services.planning.finding import plan_in_state
from app.store import drawing as store
from app.store.registers import bulk
from app.store.tables.drawing import Draw, DrawLog
from app.store.tables.planning import DrawPlan


def commit_draw(act: Act, plan_id: str) -> Draw:
    """Commit 提交承诺 to an approved plan: its lists are stored, its digest is public.

    Raises:
        Missing: no such plan in the caller's region.
        NotAllowed: the caller approved the plan.
        RuleBroken: not approved, off the calendar, under a policy that does not hold when the visits begin,
            errors in the preflight, a standing draw of this item and period, or a round of randomness that is
            too near.
    """
    plan = plan_in_state(act, plan_id, "approved")
    if act.caller.id == plan.approved_by:
        raise NotAllowed("own-request")
    end_of_log = store.lock_log(act.session, act.settings.origin)
    bulk.hold_still(act.session)
    # The log's own time: taken when it is this commitment's turn, and never falling (DR1 section 9).
    act.now = max(act.clock(), end_of_log.committed_at or act.now)
    today = shanghai_day(act.now)
    plan_law.refuse_replaced(act.session, plan, today)
    refuse_off_calendar(act.session, plan, today)
    lists = freezing.freeze_input(act.session, act.vault, plan, act.now)
    item = f"{plan.region}:{plan.item}"
    standing = store.standing_draw(act.session, item=item, period=plan.period)
    if standing is not None:
        raise RuleBroken("already-drawn", item=item, period=plan.period, draw=standing)
    secret = act.chance.new_secret()
    prepared = _prepared(act, plan, lists, end_of_log, secret)
    draw = _kept(act, plan, prepared, secret)
    files.put(act, draw.id, files.FROZEN, files.frozen_lists(lists.roster, lists.inspectors, lists.recusals))
    files.put(act, draw.id, files.MERGED, files.merged_items(lists.merged))
    excluding.keep(act, draw, lists.exclusions)
    joint = () if plan.joint is None else joint_of(plan.joint).codes
    undrawn.keep(act, draw, lists, joint=[code for code in joint if code != plan.item])
    end_of_log.seq, end_of_log.commitment, end_of_log.committed_at = draw.seq, draw.commitment, act.now
    plan.state = "committed"
    publish(act, draw)
    log(act, what="draws.commit", region=draw.region, subject=draw.id, commitment=draw.commitment)
    return draw


def _prepared(act: Act, plan: DrawPlan, lists: FreezeInput, end_of_log: DrawLog, secret: str) -> Prepared:
    terms = Terms(
        alg=check_alg(plan.alg),
        origin=act.settings.origin,
        seq=end_of_log.seq + 1,
        prev=end_of_log.commitment,
        item=f"{plan.region}:{plan.item}",
        period=plan.period,
        policy=lists.policy,
        strata=lists.strata,
        slots=[tuple(slot) for slot in plan.slots],
        entropy=committed_entropy(
            plan.entropy,
            chains=act.chance.chains,
            now=act.now,
            lead_s=act.settings.drand_lead_s,
            reveal_by=plan.reveal_by,
        ),
        reveal_by=plan.reveal_by,
    )
    try:
        return prepare(
            secret=secret,
            terms=terms,
            roster=lists.roster,
            inspectors=lists.inspectors,
            recusals=lists.recusals,
            mapper=act.chance.mapper,
        )
    except Refused as refused:
        raise RuleBroken("plan-refused", reason=refused.code) from refused


def _kept(act: Act, plan: DrawPlan, prepared: Prepared, secret: str) -> Draw:
    draw_id = act.new_id()
    draw = Draw(
        id=draw_id,
        draw_plan_id=plan.id,
        origin=prepared.plan.origin,
        seq=prepared.plan.seq,
        commitment=prepared.commitment,
        region=plan.region,
        item=prepared.plan.item,
        period=plan.period,
        state="committed",
        plan=prepared.plan_bytes,
        sealed_secret=act.vault.seal(secret.encode(), context=secret_context(draw_id)),
        committed_at=act.now,
        committed_by=act.caller.id,
        visit_to=plan.visit_to,
        reveal_by=plan.reveal_by,
    )
    store.add_draw(act.session, draw)
    return draw
