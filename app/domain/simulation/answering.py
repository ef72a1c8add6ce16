"""Alarms answered 响应预警: a planner asks for an ad-hoc draw 临时抽查, and it is held.

A stricter level that is given after a window's last draw is due in that window all the same. The alarm says
so; the bureau answers with a draw that no calendar foresees (`.adhoc-n`) and whose visits end with the
window: `draws_left` is 1, so the line is drawn with certainty. Asking, approval, plan and commitment take
time: where too few working days are left after them, nothing can be done any more.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from app.domain.calendar.adhoc import adhoc_faults, adhoc_period, base_period
from app.domain.calendar.draws import ADHOC, PlannedDraw
from app.domain.calendar.spans import Span
from app.domain.duties.windows import Window
from app.domain.policies.rhythms import Rhythms
from app.domain.simulation.foreseen import Foreseen
from app.domain.simulation.recipe import AnswerRules
from app.domain.simulation.tally import ASKED, TOO_LATE, Tally, Warned
from app.domain.working_days import WorkingCalendar, add_working_days

_BASIS: Final = "预警：窗口内已无抽取可完成频次义务"


@dataclass(frozen=True, slots=True)
class Hanging:
    """A duty that no draw to come can meet.

    Attributes:
        duty: what the alarm is filed under.
        level: the level 治安等级 of the registration; None: its item has none.
        window: which must be met.
    """

    duty: Warned
    level: int | None
    window: Window


@dataclass(slots=True)
class Answering:
    """A planner who answers alarms.

    Attributes:
        rules: how long an answer takes, and at what rate it draws.
        rhythms: of the policy.
        calendar: working days.
        tally: where it is noted what became of each alarm.
        taken: gives the periods of an item's draws.
        put: enters an approved ad-hoc draw into the calendar, for these levels alone.
        asked: the draw that was last asked for on account of each alarm.
    """

    rules: AnswerRules
    rhythms: Rhythms
    calendar: WorkingCalendar
    tally: Tally
    taken: Callable[[str], Collection[str]]
    put: Callable[[PlannedDraw, tuple[int, ...]], Foreseen]
    asked: dict[Warned, Foreseen] = field(default_factory=dict)

    def answer(self, item: str, alarms: Sequence[Hanging], day: date) -> None:
        """Answer the alarms of an evening that are not answered, with as few draws as will do.

        Args:
            item: code of the inspection item.
            alarms: its duties that no draw to come can meet.
            day: the day.
        """
        waiting = [draw for draw in self.asked.values() if draw.planned.item == item]
        waiting = [draw for draw in waiting if day < draw.planned.visit_from]
        for one in sorted(alarms, key=lambda one: one.window.ends_on):
            if self._is_over(one):
                continue
            serving = next((draw for draw in waiting if _serves(draw, one)), None)
            if serving is None and (visits := self._visits(one.window, day)) is not None:
                together = [one, *(other for other in alarms if not self._is_over(other))]
                levels = {other.level for other in together if _inside(visits, other.window)}
                serving = self._ask(item, visits, levels)
                waiting.append(serving)
            self.tally.answers[one.duty] = TOO_LATE if serving is None else ASKED
            if serving is not None:
                self.asked[one.duty] = serving

    def _is_over(self, one: Hanging) -> bool:
        """Tell whether an alarm needs no answer any more; a draw that was voided is none."""
        answer = self.tally.answers.get(one.duty)
        return answer == TOO_LATE or (answer == ASKED and not self.asked[one.duty].lost)

    def _visits(self, window: Window, day: date) -> Span | None:
        """Give the days of the visits of a draw that is asked for on a day; None: too few are left."""
        first = add_working_days(day, self.rules.lead_days + 1, self.calendar)
        visits = Span(first=first, last=window.ends_on)
        late = any(adhoc_faults(visits, today=day))
        if late or sum(map(self.calendar.works, visits)) < self.rules.least_days:
            return None
        return visits

    def _ask(self, item: str, visits: Span, levels: set[int | None]) -> Foreseen:
        """Ask for a draw of those levels, and have it approved."""
        rhythm = self.rhythms.regular_of(item)
        planned = PlannedDraw(
            item=item,
            period=adhoc_period(base_period(visits.first, rhythm), taken=self.taken(item)),
            kind=ADHOC,
            visit_from=visits.first,
            visit_to=visits.last,
            rate=self.rules.rate,
            basis=_BASIS,
            window=visits,
            alarm_days=0 if rhythm is None else rhythm.alarm_days,
        )
        only = tuple(sorted(level for level in levels if level is not None)) if None not in levels else ()
        return self.put(planned, only)


def _serves(draw: Foreseen, one: Hanging) -> bool:
    """Tell whether a draw that is not held yet will have the line of a duty."""
    return _inside(draw.planned.visits, one.window) and (not draw.levels or one.level in draw.levels)


def _inside(visits: Span, window: Window) -> bool:
    """Tell whether visits surely end inside a window, and none begins before it."""
    return window.starts_on <= visits.first and visits.last <= window.ends_on
