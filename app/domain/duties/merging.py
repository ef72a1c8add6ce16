"""One visit for several duties 综合查一次, decided at the freeze (mission/rules.md, «Roster»).

«If other duties of the premises fall due within 30 days and at least 2 × team-size inspectors qualify for
all, their tags join `needs`, the visit carries those items, and the other draws give it 0 tickets (`merged`);
otherwise no merge.»

Readings: the days count from the first day of the visits; a window that closes before the last of them could
be missed by the very visit that should meet it, so it is not merged; what is overdue is. An item can be
merged where the team has places of its agency, or places for anybody. Whether enough inspectors qualify is
asked by `app.domain.merged_roster`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from app.domain.duties.collisions import CapThere
from app.domain.duties.owed import DrawDuties, Why
from app.domain.eligibility import AGENCY, REGIME
from app.domain.facts import Premises, Registration
from app.domain.items import Item
from app.domain.policies.merging import MergingRule
from app.domain.policy import Policy


@dataclass(frozen=True, slots=True)
class Merge:
    """Items that one visit could carry besides its own, and the tags that its team needs for them."""

    items: tuple[str, ...]
    tags: tuple[str, ...]


class OtherDuties:
    """The duties of other items as a draw's visits meet them.

    Args:
        policy: the numbers.
        rule: within how many days, and how many inspectors must qualify.
        items: the items other than the draw's own.
        on: the day up to which visits are known.
        visit_from: first day of the draw's visits.
        visit_to: last day of the draw's visits.
        decided: which yields where duty and annual cap collide, by item: what yielded is not owed.
    """

    __slots__ = ("_decided", "_last_due", "_on", "_others", "_visit_to", "_year")

    def __init__(
        self,
        policy: Policy,
        rule: MergingRule,
        items: Iterable[Item],
        *,
        on: date,
        visit_from: date,
        visit_to: date,
        decided: Mapping[str, CapThere] = MappingProxyType({}),
    ) -> None:
        self._on = on
        self._year = visit_from.year
        self._decided = decided
        self._visit_to = visit_to
        self._last_due = visit_from + timedelta(days=rule.within_days)
        self._others = tuple(
            (
                item,
                DrawDuties(
                    policy, item=item.code, on=on, visit_from=visit_from, visit_to=visit_to, draw_ends=()
                ),
            )
            for item in items
        )

    def due(self, premises: Premises) -> Merge | None:
        """Give every other duty of the premises that falls due in time; None without any."""
        items, tags = [], set()
        for item, duties in self._others:
            for registration in premises.registrations:
                if registration.regime not in item.regimes:
                    continue
                owed = duties.owed(registration, visits=premises.visits, open_visits=premises.open_visits)
                if owed.why == Why.OVERDUE or (
                    owed.window is not None
                    and owed.why == Why.OWED
                    and self._visit_to <= owed.window.ends_on <= self._last_due
                ):
                    if self._yields(item, duties, premises, registration):
                        continue
                    items.append(item.code)
                    tags.add(REGIME + registration.regime)
        if not items:
            return None
        return Merge(tuple(dict.fromkeys(items)), tuple(sorted(tags)))

    def _yields(self, item: Item, duties: DrawDuties, premises: Premises, registration: Registration) -> bool:
        there = self._decided.get(item.code)
        duty = duties.terms.duty(registration.regime, registration.level, registration.subtype)
        return there is not None and there.silences(premises, duty, on=self._on, year=self._year)


def mergeable_items(items: Iterable[Item], *, own: str, slots: Sequence[Sequence[str]]) -> tuple[Item, ...]:
    """Give the items other than the draw's own that a team with these places could inspect, by code."""
    agencies = [{tag.removeprefix(AGENCY) for tag in slot if tag.startswith(AGENCY)} for slot in slots]
    return tuple(
        item
        for item in sorted(items, key=lambda item: item.code)
        if item.code != own and any(not places or item.agency in places for places in agencies)
    )
