"""Earlier draws whose visits may still be made 尚未查完的抽查 when the last draw of a window is frozen.

«One draw stays in reserve for visits that fail» (mission/rules.md, «`draws_left`»): it can make up for a
visit only if that has failed when the lists are frozen, since what is open owes nothing. So the last draw of
a window is best committed when the visits of the others are over. Draws are told apart here, never premises:
how many of them wait for a visit would tell whom chance drew (clause B8).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.calendar.fitting import duties_of
from app.domain.duties.windows import window_of
from app.domain.findings import Finding
from app.domain.regions import overlap
from app.domain.roster_rules import RosterRules


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedDraw:
    """A draw that has drawn and of which a visit is not finished.

    Attributes:
        region: where it draws, as a code or prefix.
        item: code of its inspection item.
        period: its period.
        visit_to: the last day of its visits.
    """

    region: str
    item: str
    period: str
    visit_to: date

    @property
    def name(self) -> str:
        """The draw by region, item and period."""
        return f"{self.region}:{self.item} {self.period}"


def still_open_findings(draws: Iterable[UnfinishedDraw], rules: RosterRules) -> tuple[Finding, ...]:
    """Say which earlier draws of the item are better waited for, where no later draw makes up for them.

    Args:
        draws: those with unfinished visits.
        rules: of the draw at hand.
    """
    before = [
        draw
        for draw in draws
        if draw.item == rules.item
        and overlap(draw.region, rules.scope.region)
        and rules.on <= draw.visit_to < rules.visit_from
    ]
    if not before or not _last_of_a_window(rules):
        return ()
    names, until = sorted(draw.name for draw in before), max(draw.visit_to for draw in before)
    values = {"count": len(names), "draws": names, "until": until.isoformat()}
    return (Finding("visits-still-open", values),)


def _last_of_a_window(rules: RosterRules) -> bool:
    """Tell whether a window of a duty has no draw after this one; where windows roll, some never has."""
    frequency = duties_of(rules.policy, rules.scope.regimes)
    if rules.policy.duties is None or not frequency:
        return False
    if rules.policy.duties.rolling:
        return True
    duties = rules.duties()
    windows = {window_of(duty.months, rules.visit_from) for duty in frequency}
    return any(duties.draws_in(window) <= 1 for window in windows)
