"""What a committed draw that waits for its random values 待摇号抽查 may bring: the next freeze counts it.

To whoever may not know yet what a draw gave, it is what it was before: a draw that waits.

Who will be drawn and who will serve is open until the values are there. Known is: what must be drawn, which
items its visits were decided to carry (综合查一次), and how many visits it can give an inspector at the most.
So what is sure counts as if the visit were open already; a duty that it may or may not serve stays owed; and
of an inspector's load the most is set aside, so that no order of values takes anybody beyond it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.domain.draw.basics.lines import Inspector, RosterLine
from app.domain.duties.merging import Merge
from app.domain.facts import OpenVisit
from app.domain.findings import Finding
from app.domain.regions import level_of
from app.domain.roster import Roster
from app.domain.roster_lines import MERGED


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDraw:
    """A draw that is committed and not drawn, or whose visits are not disclosed to the reader.

    Attributes:
        region: where it draws, as a code or prefix.
        item: code of its inspection item.
        period: its period.
        visit_from: the first day of its visits.
        visit_to: the last day of its visits.
        due: ids of the premises that must be drawn, since they have no later draw to be in.
        carried: codes of the items that their visits carry besides, where any were merged.
        most: how many visits each inspector may be dealt at the most, by code.
        drawn: whether it has its values, and only its reader may not know what they gave.
    """

    region: str
    item: str
    period: str
    visit_from: date
    visit_to: date
    due: frozenset[str]
    carried: Mapping[str, tuple[str, ...]]
    most: Mapping[str, int]
    drawn: bool = False

    @property
    def name(self) -> str:
        """The draw by region, item and period."""
        return f"{self.region}:{self.item} {self.period}"


def most_dealt(inspectors: Iterable[Inspector], *, drawn: int) -> dict[str, int]:
    """Give how many visits a draw can deal each inspector, by code.

    Args:
        inspectors: who may serve, with their caps.
        drawn: how many premises it draws.
    """
    return {one.id: min(one.cap, drawn) for one in inspectors if min(one.cap, drawn)}


def due_lines(lines: Iterable[RosterLine]) -> frozenset[str]:
    """Give the ids of the lines that DR1 draws whatever the random values are (DR1 section 5, `due`)."""
    return frozenset(line.id for line in lines if line.draws_left == 1)


def set_aside(taken: Mapping[str, int], waiting: Iterable[WaitingDraw]) -> dict[str, int]:
    """Give the visits of a period with those that waiting draws may deal, by inspector.

    Args:
        taken: visits that the period has brought already.
        waiting: draws whose visits begin in that period.
    """
    counted = Counter(taken)
    for draw in waiting:
        counted.update(draw.most)
    return dict(counted)


def sure_visits(
    waiting: Iterable[WaitingDraw], agencies: Mapping[str, str]
) -> dict[str, tuple[OpenVisit, ...]]:
    """Give the visits that waiting draws will surely bring, by premises: annual caps count them as open.

    Args:
        waiting: draws that were committed before and are not drawn.
        agencies: of the inspection items, by code.
    """
    found: dict[str, tuple[OpenVisit, ...]] = {}
    for draw in waiting:
        for entity in draw.due:
            visit = OpenVisit(
                items=(draw.item, *draw.carried.get(entity, ())),
                agency=agencies.get(draw.item, ""),
                visit_to=draw.visit_to,
                level=level_of(draw.region),
            )
            found[entity] = (*found.get(entity, ()), visit)
    return found


def after_waiting(roster: Roster, waiting: Collection[WaitingDraw], *, item: str) -> Roster:
    """Give a roster that knows what waiting draws will surely do.

    What another item's draw must draw and carries this item has no tickets (`merged`) and owes nothing here;
    what an earlier draw of this item must draw owes nothing more, as if its visit were open.

    Args:
        roster: the lines as the registers have them.
        waiting: draws that were committed before and are not drawn.
        item: code of the item that the roster is for.
    """
    own = frozenset().union(*(draw.due for draw in waiting if draw.item == item))
    carried = {
        entity
        for draw in waiting
        for entity, items in draw.carried.items()
        if item in items and entity in draw.due
    }
    if not any(draw.due for draw in waiting):
        return roster
    return replace(
        roster,
        lines=tuple(_after(line, own=own, carried=carried) for line in roster.lines),
        mergeable={
            one: merge
            for one, merge in roster.mergeable.items()
            if one not in carried and not any(_carries(draw, one, merge) for draw in waiting)
        },
    )


def _carries(draw: WaitingDraw, entity: str, merge: Merge) -> bool:
    """Whether a visit of a waiting draw surely carries something that would be merged once more."""
    return entity in draw.due and not {draw.item, *draw.carried.get(entity, ())}.isdisjoint(merge.items)


def _after(line: RosterLine, *, own: Collection[str], carried: Collection[str]) -> RosterLine:
    if line.id in carried and line.tickets:
        return replace(line, tickets=0, draws_left=0, note=MERGED)
    return replace(line, draws_left=0) if line.id in own else line


def waiting_findings(waiting: Iterable[WaitingDraw]) -> tuple[Finding, ...]:
    """Say which draws are waited for, so that whoever approves may let them be drawn first.

    Of those whose visits are not disclosed nothing more is said than that.
    """
    names: dict[str, list[str]] = {"draws-waiting": [], "draws-undisclosed": []}
    for draw in waiting:
        names["draws-undisclosed" if draw.drawn else "draws-waiting"].append(draw.name)
    return tuple(
        Finding(code, {"count": len(some), "draws": sorted(some)}) for code, some in names.items() if some
    )
