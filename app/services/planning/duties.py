"""Duties 频次义务 as they stand: of each entity in its current window, and the draws that can still serve."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.domain.authorities import Authority
from app.domain.days import shanghai_day
from app.domain.duties.collisions import CapThere, Decisions, gives_way
from app.domain.duties.letting_go import LetGo
from app.domain.duties.owed import DrawDuties
from app.domain.duties.standing import DutyState, Standing, standing
from app.domain.facts import Premises, Registration
from app.domain.freezing import visits_that_matter
from app.domain.items import Item
from app.domain.policies.header import POLICY
from app.domain.policy import Policy
from app.domain.regions import region_prefix
from app.services.context import Look
from app.services.planning import calendar, law
from app.store import duties as store
from app.store import policies
from app.store.paging import cursor_of, cursor_values
from app.store.premises import KeptPremises, Source, kept_premises_in

_A_PIECE: Final = 500
"""Premises looked at between two answers to «is the page full?»."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One duty: of which entity and item, and how it stands."""

    entity_id: str
    entity: str
    name: str
    region: str
    station: str | None
    item: str
    registration: Registration
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyFilter:
    """What the list is narrowed to; `due_before`: the window ends earlier than this day."""

    item: str | None = None
    state: DutyState | None = None
    level: int | None = None
    region: str | None = None
    due_before: date | None = None

    def wants(self, item: Item, registration: Registration) -> bool:
        """Whether duties of a registration under an item belong to the list."""
        in_item = self.item in {None, item.code} and registration.regime in item.regimes
        return in_item and self.level in {None, registration.level}

    def fits(self, found: Standing) -> bool:
        """Whether a duty that stands so belongs to the list."""
        ends = found.window.ends_on if found.window is not None else None
        early = self.due_before is None or (ends is not None and ends < self.due_before)
        return early and self.state in {None, found.state}


@dataclass(frozen=True, slots=True)
class Duties:
    """A page of duties."""

    rows: list[Duty]
    next_cursor: str | None
    count: int | None = None


class Reader:
    """Says how duties of premises stand on a day; what many premises share is read once.

    Args:
        source: where to read.
        on: the day.
    """

    def __init__(self, source: Source, on: date) -> None:
        self.items = law.items(on)
        self._source = source
        self._on = on
        self._policies: dict[str, Policy] = {}
        self._duties: dict[tuple[str, str], DrawDuties] = {}
        self._decisions: dict[tuple[str, str, int], Decisions] = {}
        self._drawing: dict[tuple[str, str, int], tuple[str, ...]] = {}

    def policy(self, region: str) -> Policy:
        """The policy in force in a region."""
        if region not in self._policies:
            self._policies[region] = law.policy_for(self._source, region, self._on).policy
        return self._policies[region]

    def duties(self, item: str, region: str) -> DrawDuties:
        """The duties of an item as a draw with its visits today would meet them."""
        key = item, region
        if key not in self._duties:
            on = self._on
            self._duties[key] = DrawDuties(
                self.policy(region),
                item=item,
                on=on,
                visit_from=on,
                visit_to=on,
                draw_ends=calendar.draw_ends(self._source, item=item, region=region, plan=None, on=on),
            )
        return self._duties[key]

    def decisions(self, item: str, region: str, year: int) -> Decisions:
        """What was decided of a year's collisions of an item."""
        key = item, region, year
        if key not in self._decisions:
            self._decisions[key] = store.cap_decisions(self._source, item=item, region=region, year=year)
        return self._decisions[key]

    def caps(
        self, item: Item, region: str, year: int, *, policy: Policy | None = None
    ) -> tuple[CapThere, ...]:
        """The annual caps of the regions whose draws serve an item's duties in a place.

        Args:
            item: the inspection item.
            region: the place's.
            year: which year's decisions.
            policy: the region's own, where another held than holds today.
        """
        key = item.code, region, year
        if key not in self._drawing:
            self._drawing[key] = calendar.drawing_regions(
                self._source, item=item.code, region=region, year=year
            )
        own = region_prefix(region)
        return tuple(
            CapThere(
                cap=(policy if policy is not None and one == own else self.policy(one)).annual_cap,
                decisions=self.decisions(item.code, one, year),
                authority=Authority.of(item.agency, one),
            )
            for one in self._drawing[key]
        )

    def standing(self, one: Premises, registration: Registration, item: Item) -> Standing | None:
        """How the duty of a registration under an item stands; None where none applies."""
        duties = self.duties(item.code, one.region)
        let_go = self._let_go(item, one.region)
        found = standing(
            duties,
            registration,
            visits=one.visits,
            open_visits=one.open_visits,
            anew=lambda owed: let_go.owed(owed, one, registration),
        )
        if found is None or not found.owing:
            return found
        duty = duties.terms.duty(registration.regime, registration.level, registration.subtype)
        yields = gives_way(
            one,
            duty,
            caps=self.caps(item, one.region, self._on.year),
            on=self._on,
        )
        return found.yielding() if yields else found

    def _let_go(self, item: Item, region: str) -> LetGo:
        """What yielded to the cap of last year."""
        year = self._on.year - 1
        return LetGo(self.duties(item.code, region), self.caps(item, region, year), year=year)

    def since(self, region: str) -> date:
        """The first day whose visits matter to any of the policies in force in a region and in its parts."""
        regions = {region, *policies.parts(self._source, code=POLICY, region=region)}
        return min(visits_that_matter(self.policy(one), self._on) for one in regions)


def read_page(look: Look, where: DutyFilter, *, limit: int, cursor: str | None) -> Duties:
    """A page of the duties within the caller's region, and of its agency, in order of the entities' ids.

    Raises:
        Malformed: the cursor is not one that this list gave.
        Missing: it is narrowed to a region outside the caller's.
    """
    after = (
        [str(value) for value in cursor_values(cursor, [str, str, str])]
        if cursor is not None
        else ["", "", ""]
    )
    rows = []
    for duty in _all(look, where, after=after[0]):
        if _place(duty) > (after[0], after[1], after[2]):
            rows.append(duty)
        if len(rows) > limit:
            break
    more = len(rows) > limit
    rows = _named(look, rows[:limit])
    return Duties(rows, cursor_of(_place(rows[-1])) if more else None)


def _place(duty: Duty) -> tuple[str, str, str]:
    return duty.entity_id, duty.item, duty.registration.regime


def _all(look: Look, where: DutyFilter, *, after: str) -> Iterator[Duty]:
    on = shanghai_day(look.now)
    reader = Reader(look.connection, on)
    region = look.caller.within(where.region)
    own = [item for item in reader.items.values() if look.caller.speaks_for({item.agency})]
    items = sorted(own, key=lambda item: item.code)
    regimes = {regime for item in items for regime in item.regimes}
    # An entity has several duties: the page before may have ended in the midst of one, so begin before it.
    for kept in kept_premises_in(
        look.connection,
        region=region,
        regimes=regimes,
        visits_since=reader.since(region),
        disclosed_by=look.now,
        after=after[:-1],
        a_piece=_A_PIECE,
    ):
        yield from _of(reader, kept, items, where)


def _of(reader: Reader, kept: KeptPremises, items: list[Item], where: DutyFilter) -> Iterator[Duty]:
    one = kept.premises
    for item in items:
        for registration in sorted(one.registrations, key=lambda registration: registration.regime):
            if not where.wants(item, registration):
                continue
            found = reader.standing(one, registration, item)
            if found is not None and where.fits(found):
                yield Duty(
                    entity_id=kept.entity_id,
                    entity=one.id,
                    name="",
                    region=one.region,
                    station=one.station,
                    item=item.code,
                    registration=registration,
                    standing=found,
                )


def _named(look: Look, rows: list[Duty]) -> list[Duty]:
    names: Mapping[str, str] = store.names(look.connection, {row.entity_id for row in rows})
    return [replace(row, name=names[row.entity_id]) for row in rows]
