"""The record of duties: windows that ended, met, late, missed or excused; what the league table counts."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final

from app.domain.days import shanghai_day
from app.domain.duties.counting import counting_days
from app.domain.duties.ended import ended_windows
from app.domain.duties.terms import DutyTerms
from app.domain.facts import Visit
from app.domain.items import Item
from app.domain.policy import Counting, Policy
from app.services.context import Act, Look
from app.services.planning import law
from app.store import duties as store
from app.store.duties import Record
from app.store.paging import Rows
from app.store.premises import KeptPremises

MET: Final = "met"
LATE: Final = "late"
MISSED: Final = "missed"


def ended_between(
    act: Act,
    kept: KeptPremises,
    items: Iterable[Item],
    *,
    policy: Policy,
    terms: DutyTerms,
    first: date,
    last: date,
) -> list[Record]:
    """What is to be recorded of a premises' windows that ended between two days, both included."""
    one = kept.premises
    return [
        {
            "id": act.new_id(),
            "registration_id": kept.registration_ids[registration.regime],
            "entity_id": kept.entity_id,
            "region": one.region,
            "station": one.station,
            "item": item.code,
            "regime": registration.regime,
            "level": registration.level,
            "window_from": ended.window.starts_on,
            "window_to": ended.window.ends_on,
            "done_on": ended.met_on,
            "excused": None if ended.met_on is not None else ended.out_of_duty,
            "recorded_at": act.now,
        }
        for item in items
        for registration in one.registrations
        if registration.regime in item.regimes
        for ended in ended_windows(
            registration,
            visits=one.visits,
            policy=policy,
            terms=terms,
            item=item.code,
            first=first,
            last=last,
        )
    ]


def made_up(act: Act, region: str, visits: Mapping[str, Iterable[Visit]], counting: Counting) -> None:
    """Note the first visit that came after a missed window: then it was late, not missed for good.

    Args:
        act: whose.
        region: the region.
        visits: those on file, by id of the entity.
        counting: which of them count.
    """
    today = shanghai_day(act.now)
    for row in store.unmet_in(act.session, region):
        days = counting_days(visits.get(row.entity_id, ()), counting, item=row.item, on=today)
        row.done_on = next((on for on in days if on >= row.window_from), None)


def follow(act: Act, *, entity_id: str, region: str, items: Iterable[str], at: datetime) -> None:
    """Bring what is recorded of an entity in line with its visits, after one was entered or corrected."""
    rows = store.ended_of(act.session, entity_id, items)
    if not rows:
        return
    counting = law.policy_for(act.session, region, shanghai_day(at)).policy.counting
    visits = store.visits_of(act.session, entity_id)
    for row in rows:
        days = counting_days(visits, counting, item=row.item, on=shanghai_day(at))
        done_on = next((on for on in days if on >= row.window_from), None)
        if row.excused is None or (done_on is not None and done_on <= row.window_to):
            row.done_on = done_on


def ended(
    look: Look,
    *,
    item: str | None,
    first: date | None,
    last: date | None,
    outcome: str | None,
    limit: int,
    cursor: str | None,
    count: bool,
) -> Rows:
    """The windows within the caller's region that are over, in order of their ends."""
    return store.ended_rows(
        look.connection,
        region=look.caller.region,
        item=item,
        first=first,
        last=last,
        outcome=outcome,
        limit=limit,
        cursor=cursor,
        count=count,
    )
