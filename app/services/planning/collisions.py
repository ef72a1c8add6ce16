"""Collisions of duty and annual cap in the registers, and the decisions about them before an approval."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.domain.authorities import Authority
from app.domain.caps import YearCap
from app.domain.days import shanghai_day
from app.domain.duties.collisions import CLASS, Collision, Decisions, Yields, class_subject, find_collisions
from app.domain.errors import FieldError, Malformed, NotAllowed, RuleBroken
from app.domain.facts import Premises
from app.domain.policy import Policy
from app.domain.regions import covers, region_prefix
from app.services.access import log
from app.services.context import Act, Look
from app.services.planning import law, plan_law
from app.services.planning.finding import plan_for, plan_read
from app.services.planning.freezing import premises_of_plan
from app.services.planning.further_caps import further_caps
from app.store import duties as store
from app.store.paging import AnyRow
from app.store.premises import Source
from app.store.tables.duties import CapDecision
from app.store.tables.planning import DrawPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The collisions that a plan meets, and what was decided about the item in that year, in order."""

    year: int
    collisions: tuple[Collision, ...]
    decisions: Sequence[AnyRow]
    standing: Decisions

    @property
    def undecided(self) -> tuple[Collision, ...]:
        """Those that nobody has decided."""
        return tuple(
            one
            for one in self.collisions
            if one.subject not in self.standing and f"{CLASS}:{one.duty}" not in self.standing
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What an approver decides: which yields at these subjects, why, and on which basis."""

    subjects: tuple[str, ...]
    yields: Yields
    why: str
    basis: str


def read(look: Look, plan_id: str) -> Found:
    """The collisions of a plan.

    Raises:
        Missing: no such plan in the caller's region.
    """
    return _found(look.connection, plan_read(look, plan_id), shanghai_day(look.now))


def refuse_undecided(source: Source, plan: DrawPlan, now: datetime) -> None:
    """See that every collision of a plan was decided.

    Raises:
        RuleBroken: `collisions-undecided`, with the collisions.
    """
    undecided = _found(source, plan, shanghai_day(now)).undecided
    if undecided:
        fields = (
            FieldError(
                "",
                "cap-collision",
                (("name", one.name), ("cap", str(one.cap)), ("needed", str(one.wanted))),
            )
            for one in undecided
        )
        raise RuleBroken("collisions-undecided", *fields, count=len(undecided))


def decide(act: Act, plan_id: str, ruling: Ruling) -> Found:
    """Decide 裁定 which yields; a later decision about the same subject replaces it from then on.

    Raises:
        Missing: no such plan in the caller's region.
        NotAllowed: the caller drafted the plan or edited it last.
        Malformed: a subject that is neither a class of the policy nor a premises of the plan.
    """
    plan = plan_for(act, plan_id)
    if act.caller.id in {plan.drafted_by, plan.edited_by}:
        raise NotAllowed("own-plan")
    on = shanghai_day(act.now)
    known = {one.subject for one in _found(act.session, plan, on).collisions}
    known |= _classes(law.policy_by_digest(act.session, plan.policy).policy)
    faults = [
        FieldError(f"/subjects/{n}", "no-such-collision", (("value", subject),))
        for n, subject in enumerate(ruling.subjects)
        if subject not in known
    ]
    if faults:
        raise Malformed("malformed", *faults)
    for subject in ruling.subjects:
        store.add(act.session, _decision(act, plan, subject, ruling))
    log(
        act,
        what="collisions.decide",
        region=plan.region,
        subject=plan.id,
        collisions=list(ruling.subjects),
        yields=ruling.yields.value,
        why=ruling.why,
    )
    return _found(act.session, plan, on)


def _classes(policy: Policy) -> set[str]:
    return {class_subject(duty) for duty in policy.frequency}


def _decision(act: Act, plan: DrawPlan, subject: str, ruling: Ruling) -> CapDecision:
    return CapDecision(
        id=act.new_id(),
        region=region_prefix(plan.region),
        item=plan.item,
        year=plan.visit_from.year,
        subject=subject,
        yields=ruling.yields.value,
        why=ruling.why,
        basis=ruling.basis,
        plan_id=plan.id,
        decided_by=act.caller.id,
        decided_by_name=act.caller.name,
        decided_at=act.now,
    )


def _found(source: Source, plan: DrawPlan, on: date) -> Found:
    policy = plan_law.policy_of(source, plan, on).policy
    items, year = law.items(on).values(), plan.visit_from.year
    item = law.item(plan.item, on)
    own = YearCap(region=plan.region, authority=Authority.of(item.agency, plan.region), cap=policy.annual_cap)
    collisions: dict[str, Collision] = {}
    for cap in (own, *further_caps(source, plan, policy, on)):
        shared = {regime for one in items if one.agency == cap.authority.agency for regime in one.regimes}
        found = find_collisions(
            _in_place(premises_of_plan(source, plan, policy, on, also=shared), plan, cap),
            policy=replace(policy, annual_cap=cap.cap),
            item=item,
            authority=cap.authority,
            regimes=tuple(plan.scope["regimes"]) or item.regimes,
            levels=tuple(plan.scope["levels"]),
            on=on,
            year=year,
            items=items,
        )
        collisions = {**{one.subject: one for one in found}, **collisions}
    return Found(
        year=year,
        collisions=tuple(sorted(collisions.values(), key=lambda one: (one.kind, one.name))),
        decisions=store.decisions_of(source, item=plan.item, region=plan.region, year=year),
        standing=store.cap_decisions(source, item=plan.item, region=plan.region, year=year),
    )


def _in_place(premises: Iterator[Premises], plan: DrawPlan, cap: YearCap) -> Iterator[Premises]:
    """The premises at a plan's stations for which a cap holds."""
    stations = plan.scope["stations"]
    return (
        one
        for one in premises
        if covers(cap.region, one.region) and (not stations or one.station in stations)
    )
