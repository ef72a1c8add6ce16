"""Duties whose windows are not over, as the league table counts them: met already, open, or excused.

They are judged by the very function that records a window when it ends, so that what is open today is what
will be recorded, and met or excused by what is known today. `/v1/duties` tells of the same on the same day: a
row there is met or open here. Where it shows a window that was missed before, the one that goes on is open
here; where it shows nobody found 无法联系 or gone, it is excused.
"""

from collections.abc import Iterator

from app.domain.days import shanghai_day
from app.domain.duties.collisions import gives_way
from app.domain.duties.ended import EndedWindow, ended_windows
from app.domain.duties.terms import DutyTerms
from app.domain.errors import Missing
from app.domain.facts import Registration
from app.domain.items import Item
from app.domain.oversight.league import NO_STATION, Obligation, Owed
from app.services.context import Look
from app.services.planning.duties import Reader
from app.services.planning.duties_record import BY_CAP
from app.store.oversight.obligations import Due
from app.store.premises import KeptPremises, kept_premises_in


def duties(look: Look, due: Due) -> Iterator[Obligation]:
    """The duties whose windows have begun, are not over, and end in the months asked for.

    `subject` is entity, item and regime, `name` the item's code: entities' names are looked up where shown.
    """
    if due.until >= shanghai_day(look.now):
        yield from _Windows(look, due).all()


class _Windows:
    """Says of premises which windows of duties go on; what many premises share is asked once."""

    def __init__(self, look: Look, due: Due) -> None:
        self._today = shanghai_day(look.now)
        self._look, self._due = look, due
        self._reader = Reader(look.connection, self._today)
        self._items = [
            item for item in self._reader.items.values() if due.items is None or item.code in due.items
        ]
        self._terms: dict[str, DutyTerms | None] = {}

    def all(self) -> Iterator[Obligation]:
        """Give them, in order of the entities' ids."""
        regimes = {regime for item in self._items for regime in item.regimes}
        for kept in kept_premises_in(
            self._look.connection,
            region=self._due.region,
            regimes=regimes,
            visits_since=self._reader.since(self._due.region),
            disclosed_by=self._due.disclosed_by,
        ):
            terms = self._terms_of(kept.premises.region)
            if terms is not None:
                for registration in kept.premises.registrations:
                    yield from self._of(kept, registration, terms)

    def _terms_of(self, region: str) -> DutyTerms | None:
        """The duties of a region's policy; None where none holds."""
        if region not in self._terms:
            try:
                self._terms[region] = DutyTerms(self._reader.policy(region))
            except Missing:
                self._terms[region] = None
        return self._terms[region]

    def _of(self, kept: KeptPremises, registration: Registration, terms: DutyTerms) -> Iterator[Obligation]:
        one, policy = kept.premises, self._reader.policy(kept.premises.region)
        for item in self._items:
            if registration.regime not in item.regimes:
                continue
            for found in ended_windows(
                registration,
                visits=one.visits,
                policy=policy,
                terms=terms,
                item=item.code,
                first=max(self._today, self._due.since),
                last=self._due.until,
            ):
                if found.window.starts_on <= self._today:
                    yield Obligation(
                        kind=Owed.DUTY,
                        region=one.region,
                        station=one.station or NO_STATION,
                        due_on=found.window.ends_on,
                        done_on=found.met_on,
                        subject=f"{kept.entity_id}/{item.code}/{registration.regime}",
                        name=item.code,
                        excused=self._excused(kept, registration, item, found, terms),
                    )

    def _excused(
        self,
        kept: KeptPremises,
        registration: Registration,
        item: Item,
        found: EndedWindow,
        terms: DutyTerms,
    ) -> str | None:
        """Why nothing is owed though no visit met it: a result code, or the annual cap of the year."""
        if found.met_on is not None:
            return None
        if found.out_of_duty is not None:
            return found.out_of_duty
        year = found.window.ends_on.year
        yields = gives_way(
            kept.premises,
            terms.duty(registration.regime, registration.level, registration.subtype),
            caps=self._reader.caps(item, kept.premises.region, year),
            on=self._today,
        )
        return BY_CAP if yields else None
