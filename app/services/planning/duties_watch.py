"""The watch over duties: records windows when they end, and raises alarms before duties are missed."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from app.domain.days import SHANGHAI, shanghai_day
from app.domain.duties.history import OPERATING
from app.domain.duties.shortage import Force, Short, Shortage, shortage
from app.domain.duties.standing import Standing, in_todays_window
from app.domain.duties.terms import DutyTerms
from app.domain.duties.windows import window_of
from app.domain.eligibility import REGIME, Visits, eligible_inspectors
from app.domain.errors import Missing
from app.domain.facts import Officer, Premises, Registration, Visit
from app.domain.items import Item
from app.domain.policies.duties import DutyRules
from app.domain.policy import Policy
from app.domain.regions import district_tag
from app.services.access import log
from app.services.agencies import own_items
from app.services.context import Act, Look
from app.services.planning import duties_record
from app.services.planning.duties import Reader
from app.services.planning.freezing import taken_before
from app.store import duties as store
from app.store import duty_looks, facts
from app.store.fieldwork.disclosure import undisclosed_duties
from app.store.paging import Rows
from app.store.premises import KeptPremises, kept_premises_in

_ONE_DAY: Final = timedelta(days=1)
_A_MOMENT: Final = timedelta(microseconds=1)
_MOST_NAMED: Final = 20


def waiting(look: Look) -> list[str]:
    """The regions whose duties were not looked at for `duty_watch_s`, not today, or not since a change."""
    interval = timedelta(seconds=look.settings.duty_watch_s)
    midnight = datetime.combine(shanghai_day(look.now), time(), SHANGHAI)
    fresh = store.looked_since(look.connection, max(look.now - interval, midnight - _A_MOMENT))
    asked = duty_looks.asked(look.connection)
    # What was asked for is looked at also where no premises is left: then its alarms are over.
    return sorted(asked | ({*store.regions(look.connection)} - fresh))


@dataclass(slots=True)
class _Seen:
    """What one look at a region finds."""

    duties: list[tuple[KeptPremises, Registration, Item, Standing]] = field(default_factory=list)
    ungraded: list[tuple[KeptPremises, Registration, Item]] = field(default_factory=list)
    visits: dict[str, tuple[Visit, ...]] = field(default_factory=dict)


def look_at(act: Act, region: str) -> None:
    """Record the windows of a region that ended since the last look, and raise or clear its alarms."""
    today = shanghai_day(act.now)
    reader = Reader(act.session.connection(), today)
    duty_looks.take(act.session, region)
    clock = store.clock_for_change(act.session, region, recorded_to=today - _ONE_DAY, looked_at=act.now)
    if clock.recorded_to < today - _ONE_DAY:
        duties_record.record(act, region, first=clock.recorded_to + _ONE_DAY, last=today - _ONE_DAY)
    policy = _policy(reader, region)
    if policy is not None and policy.duties is not None:
        seen = _look_over(act, reader, region)
        duties_record.made_up(act, region, seen.visits, policy.counting)
        _alarm(act, reader, region, policy, policy.duties, seen)
    clock.recorded_to, clock.looked_at = today - _ONE_DAY, act.now


def _policy(reader: Reader, region: str) -> Policy | None:
    """The policy in force; where none is, nothing is owed."""
    try:
        return reader.policy(region)
    except Missing:
        return None


def _look_over(act: Act, reader: Reader, region: str) -> _Seen:
    seen, today = _Seen(), shanghai_day(act.now)
    regimes = {regime for item in reader.items.values() for regime in item.regimes}
    # Alarms have readers who may not learn from them what was drawn: one that is raised, cleared or changed
    # by a visit would tell it, so a visit counts from its disclosure on (clause B8).
    for kept in kept_premises_in(
        act.session,
        region=region,
        regimes=regimes,
        visits_since=reader.since(region),
        disclosed_by=act.now,
    ):
        one = kept.premises
        if one.region != region:
            continue
        seen.visits[kept.entity_id] = one.visits
        for registration, item in _pairs(one, reader):
            duties = reader.duties(item.code, region)
            found = reader.standing(one, registration, item)
            if found is not None:
                # What was missed may be missed again: the window of today has its own alarm, before its end.
                found = in_todays_window(found, duties, registration, on=today)
                seen.duties.append((kept, registration, item, found))
            # Once an old window is finished, or missed, a level may be missing for those that should follow.
            going_on = found is not None and found.window is not None and found.window.ends_on >= today
            if _ungraded(registration, duties.terms) and not going_on:
                seen.ungraded.append((kept, registration, item))
    return seen


def _pairs(one: Premises, reader: Reader) -> Iterator[tuple[Registration, Item]]:
    for item in reader.items.values():
        for registration in one.registrations:
            if registration.regime in item.regimes:
                yield registration, item


def _ungraded(registration: Registration, terms: DutyTerms) -> bool:
    """Whether a level is missing: of what operates, is in its duties, and gets none from the policy."""
    regime, level = registration.regime, registration.level
    in_duty = registration.status == OPERATING and registration.out_of_duty is None
    return in_duty and terms.graded(regime) and terms.level(regime, level) is None


def _alarm(act: Act, reader: Reader, region: str, policy: Policy, rules: DutyRules, seen: _Seen) -> None:
    """Raise what is new, keep what stands, clear what is over."""
    today = shanghai_day(act.now)
    officers = facts.officers_near(act.session, region=region, on_or_after=today) if seen.duties else []
    forces = {item: _force(act, region, policy, reader, item, seen, officers) for item in reader.items}
    unserved: list[date] = []
    found: dict[tuple[str, str, date], tuple[KeptPremises, Registration, Shortage]] = {}
    for kept, registration, item, standing in seen.duties:
        one = kept.premises
        why = shortage(
            standing,
            needs=_needs(one, registration),
            force=forces[item.code],
            draws_at_all=reader.duties(item.code, region).any_draw,
            alarm_days=rules.alarm_days,
            on=today,
        )
        if why is None or standing.window is None:
            continue
        if why.short == Short.NOBODY:
            unserved.append(standing.window.ends_on)
        else:
            key = kept.registration_ids[registration.regime], item.code, standing.window.ends_on
            found[key] = kept, registration, why
    for kept, registration, item in seen.ungraded:
        ends = window_of(_shortest(policy, registration.regime), today).ends_on
        key = kept.registration_ids[registration.regime], item.code, ends
        found[key] = kept, registration, Shortage(Short.LEVEL)
    _keep(act, region, found)
    _keep_of_region(act, region, unserved)


def _shortest(policy: Policy, regime: str) -> int:
    """«per n months» of the strictest level: that of what has none may turn out to be it."""
    return min(duty.months for duty in policy.frequency if duty.match.regime == regime)


def _needs(one: Premises, registration: Registration) -> tuple[str, ...]:
    return district_tag(region=one.region, station=one.station), REGIME + registration.regime


def _force(
    act: Act,
    region: str,
    policy: Policy,
    reader: Reader,
    code: str,
    seen: _Seen,
    officers: Sequence[Officer],
) -> Force:
    """Who could make an item's visits in the days before an alarm would be too late."""
    item, today = reader.items[code], shanghai_day(act.now)
    of_item = [(kept, standing) for kept, _, own, standing in seen.duties if own.code == code]
    visits = Visits(region=region, starts_on=today, ends_on=today)
    eligible = eligible_inspectors(
        officers,
        visits=visits,
        slots=item.slots,
        regimes=item.regimes,
        places={(kept.premises.region, kept.premises.station) for kept, _ in of_item},
        load=policy.staffing.load,
        taken=taken_before(act.session, policy.staffing, today) if of_item else {},
    )
    # What was drawn and is not disclosed has its team: it is no further burden on those who are there.
    drawn = undisclosed_duties(act.session, region, act.now)
    due = sum(one.draws_left == 1 and (kept.entity_id, code) not in drawn for kept, one in of_item)
    return Force(slots=item.slots, inspectors=eligible.inspectors, due=due, anybody=bool(officers))


def _keep(
    act: Act, region: str, found: dict[tuple[str, str, date], tuple[KeptPremises, Registration, Shortage]]
) -> None:
    standing = {
        (row.registration_id, row.item, row.due_on): row
        for row in store.alarms_in(act.session, region)
        if row.registration_id is not None and row.item is not None
    }
    for key, row in standing.items():
        if key not in found:
            row.cleared_at = act.now
        else:
            row.short, row.tag = found[key][2].short.value, found[key][2].tag
    raised: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, (kept, registration, why) in found.items():
        if key in standing:
            continue
        registration_id, item, due_on = key
        store.put_alarm(
            act.session,
            {
                "id": act.new_id(),
                "registration_id": registration_id,
                "entity_id": kept.entity_id,
                "region": region,
                "item": item,
                "regime": registration.regime,
                "level": registration.level,
                "due_on": due_on,
                "short": why.short.value,
                "tag": why.tag,
                "raised_at": act.now,
                "cleared_at": None,
            },
        )
        raised[item, why.short.value].append(kept.premises.id)
    _tell(act, region, raised)


def _keep_of_region(act: Act, region: str, unserved: list[date]) -> None:
    """One alarm for all duties of a region in which no inspector is registered, instead of one for each."""
    standing = [row for row in store.alarms_in(act.session, region) if row.registration_id is None]
    if not unserved:
        for row in standing:
            row.cleared_at = act.now
        return
    alarm = {"region": region, "short": Short.NOBODY.value, "due_on": min(unserved), "duties": len(unserved)}
    store.put_region_alarm(
        act.session, {"id": act.new_id(), "raised_at": act.now, "cleared_at": None, **alarm}
    )
    if not standing:
        log(act, what="duties.alarm", region=region, subject=region, short=Short.NOBODY, count=len(unserved))


def _tell(act: Act, region: str, raised: dict[tuple[str, str], list[str]]) -> None:
    """One audit event for each item and thing that is short: a county that starts may have hundreds."""
    counts = Counter({key: len(entities) for key, entities in raised.items()})
    for (item, short), entities in sorted(raised.items()):
        log(
            act,
            what="duties.alarm",
            region=region,
            subject=item,
            short=short,
            count=counts[item, short],
            entities=entities[:_MOST_NAMED],
        )


def alarms(
    look: Look,
    *,
    item: str | None,
    short: Short | None,
    open_only: bool,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """Alarms within the caller's region, the first that falls due first."""
    equal = {"item": item, "short": None if short is None else short.value}
    return store.alarm_rows(
        look.connection,
        region=look.caller.region,
        items=own_items(look),
        equal={name: value for name, value in equal.items() if value is not None},
        open_only=open_only,
        limit=limit,
        cursor=cursor,
        count=count,
    )
