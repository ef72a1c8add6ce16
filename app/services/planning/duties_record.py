"""The record of duties: windows that ended, met, late, missed or excused; what the league table counts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from app.domain.days import shanghai_day
from app.domain.duties.collisions import gives_way
from app.domain.duties.counting import counting_days
from app.domain.duties.ended import EndedWindow, ended_windows
from app.domain.duties.terms import DutyTerms
from app.domain.facts import Registration, Visit
from app.domain.freezing import visits_that_matter
from app.domain.items import Item
from app.domain.policy import Counting
from app.services.agencies import own_items
from app.services.context import Act, Look
from app.services.planning import law
from app.services.planning.duties import Reader
from app.services.planning.law import HeldPolicy
from app.store import duties as store
from app.store.duties import Record
from app.store.paging import Rows
from app.store.premises import KeptPremises, kept_premises_in
from app.store.registers import cases

MET: Final = "met"
LATE: Final = "late"
MISSED: Final = "missed"
BY_CAP: Final = "annual-cap"
"""Why a window is excused whose duty was decided to yield to the annual cap."""


def record(act: Act, region: str, *, first: date, last: date) -> None:
    """Record the windows of a region that ended between two days, both included.

    Each is judged by the policy that was in force on its last day. What was decided to yield to the annual
    cap of its year is excused, not missed, and so is what had been out of its duties until the registrar
    closed it.
    """
    held = [
        one
        for one in law.policies_held(act.session, region, last)
        if one.last >= first and one.published.policy.duties is not None
    ]
    if not held:
        return
    judges = [_Judge(act, region, one, first=first, last=last) for one in held]
    regimes = {regime for item in judges[0].reader.items.values() for regime in item.regimes}
    since = min(visits_that_matter(judge.policy, judge.first) for judge in judges)
    rows: list[Record] = []
    for kept in kept_premises_in(act.session, region=region, regimes=regimes, visits_since=since):
        if kept.premises.region == region:
            rows += (row for judge in judges for row in judge.rows(kept))
    store.add_ended(act.session, rows)
    act.session.flush()


class _Judge:
    """A policy as it judges the windows that ended while it was in force."""

    def __init__(self, act: Act, region: str, held: HeldPolicy, *, first: date, last: date) -> None:
        self.first, self._last = max(first, held.first), min(last, held.last)
        self.policy = held.published.policy
        self.reader = Reader(act.session.connection(), shanghai_day(act.now))
        self._act = act
        self._region = region
        self._terms = DutyTerms(self.policy)

    def rows(self, kept: KeptPremises) -> Iterator[Record]:
        """What is to be recorded of a premises."""
        one = kept.premises
        for item in self.reader.items.values():
            for registration in one.registrations:
                if registration.regime in item.regimes:
                    yield from self._of(kept, registration, item)

    def _of(self, kept: KeptPremises, registration: Registration, item: Item) -> Iterator[Record]:
        ended = ended_windows(
            registration,
            visits=kept.premises.visits,
            policy=self.policy,
            terms=self._terms,
            item=item.code,
            first=self.first,
            last=self._last,
        )
        for one in ended:
            yield {
                **_record_of(self._act, kept, registration, item, one),
                "excused": self._excused(kept, registration, item, one) if one.met_on is None else None,
            }

    def _excused(
        self, kept: KeptPremises, registration: Registration, item: Item, ended: EndedWindow
    ) -> str | None:
        """Why nobody missed what no visit met; None: it was missed."""
        ends_on, code = ended.window.ends_on, ended.out_of_duty
        if code is None and registration.changes:
            code = cases.code_on(self._act.session, kept.registration_ids[registration.regime], ends_on)
        if code is not None:
            return code
        yields = gives_way(
            kept.premises,
            self._terms.duty(registration.regime, registration.level, registration.subtype),
            caps=self.reader.caps(item, self._region, ends_on.year, policy=self.policy),
            on=ends_on,
        )
        return BY_CAP if yields else None


def _record_of(
    act: Act, kept: KeptPremises, registration: Registration, item: Item, ended: EndedWindow
) -> Record:
    one = kept.premises
    return {
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
        "recorded_at": act.now,
    }


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
        items=own_items(look),
        item=item,
        first=first,
        last=last,
        outcome=outcome,
        limit=limit,
        cursor=cursor,
        count=count,
    )
