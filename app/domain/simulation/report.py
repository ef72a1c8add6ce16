"""What a simulation shows, from its sums: the tables that people read, the numbers of its plot."""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from statistics import mean, median
from typing import Final

from app.domain.calendar.draws import ADHOC
from app.domain.calendar.spans import MONTHS
from app.domain.duties.terms import DutyTerms
from app.domain.facts import Officer
from app.domain.policy import Policy
from app.domain.simulation.accounts import YEAR_DAYS, month_end
from app.domain.simulation.course import Setting
from app.domain.simulation.parts import Part
from app.domain.simulation.rows import (
    AdhocRow,
    AgainRow,
    DutyRow,
    LoadRow,
    MissedRow,
    NeverRow,
    ReliefRow,
    Report,
    StaffRow,
    TicketRow,
)
from app.domain.simulation.tally import (
    ANSWERS,
    ASKED,
    CAUSES,
    ENDED,
    MET,
    MISSED,
    UNREACHABLE,
    DrawMade,
    Group,
    Tally,
)

TICKET_BANDS: Final = ((1, 1), (2, 2), (3, 4), (5, 8), (9, 16), (17, 64))
"""Few lines have many tickets, so those are counted together."""
SOON_DAYS: Final = (7, 14, 30)
"""How soon after a visit the next one is looked for."""
_WEEK_DAYS: Final = 7


def report(tally: Tally, setting: Setting, officers: Sequence[Officer]) -> Report:
    """Make the tables of a simulation.

    Args:
        tally: its sums.
        setting: what was simulated.
        officers: the inspectors on the first day.
    """
    years = ((setting.last - setting.first).days + 1) / YEAR_DAYS
    items = [item.code for item in setting.law.items]
    foreseen = {item: [d for d in _draws(tally, item) if d.planned.kind != ADHOC] for item in items}
    adhoc = {item: [d for d in _draws(tally, item) if d.planned.kind == ADHOC and d.held] for item in items}
    return Report(
        first=setting.first,
        last=setting.last,
        years=years,
        duties=tuple(duty_rows(tally, setting.law.policy)),
        draws=tuple(_load_row(item, made) for item, made in foreseen.items()),
        again=tuple(_again_row(item, tally, setting.last) for item in items),
        never=tuple(_never_rows(tally)),
        tickets=tuple(row for item in items for row in _ticket_rows(item, tally, years)),
        relief=tuple(_relief_row(item, tally, years) for item in items),
        staff=tuple(_staff_rows(tally, officers, years)),
        alarms=len(tally.warned),
        causes=tuple(
            MissedRow(cause=cause, answer=answer, count=tally.causes[cause, answer])
            for cause in CAUSES
            for answer in ANSWERS
            if tally.causes[cause, answer]
        ),
        adhoc=tuple(_adhoc_row(item, made, tally) for item, made in adhoc.items() if made),
        answered=sum(answer == ASKED for answer in tally.answers.values()),
        happened=dict(tally.happened),
        visits=sum(1 for _ in _visits(tally)),
        merged=tally.merged,
        attempts=tally.attempts,
        unreachable=tally.unreachable,
        not_made=tally.not_made,
        without_team=tally.without_team,
        load=tuple((d.planned.visit_from, d.planned.item, d.drawn) for d in tally.draws if d.held),
    )


def _draws(tally: Tally, item: str) -> Iterator[DrawMade]:
    return (draw for draw in tally.draws if draw.planned.item == item)


def duty_rows(tally: Tally, policy: Policy) -> Iterator[DutyRow]:
    """Give duties and visits of each group."""
    terms = DutyTerms(policy)
    made: Counter[Group] = Counter(visit.group for visit in tally.visits)
    parts = Counter((visit.group, visit.part) for visit in tally.visits)
    for group, years in sorted(tally.years.items()):
        months = terms.months(group.regime, group.level, group.subtype)
        ended = tally.duties.get(group) or Counter()
        yield DutyRow(
            group=group,
            years=years,
            wanted=None if months is None else MONTHS / months,
            visits=made[group] / years,
            due=ended.total(),
            met=ended[MET],
            missed=ended[MISSED],
            announced=tally.announced[group],
            unreachable=ended[UNREACHABLE],
            ended=ended[ENDED],
            parts={part: parts[group, part] / years for part in Part},
        )


def _adhoc_row(item: str, draws: Sequence[DrawMade], tally: Tally) -> AdhocRow:
    for_duty, beside = tally.adhoc[item, True], tally.adhoc[item, False]
    return AdhocRow(
        item=item,
        draws=len(draws),
        most=max(draw.drawn for draw in draws),
        visits=for_duty + beside,
        duties=for_duty,
    )


def _load_row(item: str, draws: Sequence[DrawMade]) -> LoadRow:
    held = [draw for draw in draws if draw.held]
    drawn = [draw.drawn for draw in held]
    late = [draw for draw in held if _in_last_week(draw.planned.visit_from)]
    return LoadRow(
        item=item,
        draws=len(held),
        skipped=len(draws) - len(held),
        infeasible=sum(draw.short > 0 for draw in held),
        mean=mean(drawn) if drawn else 0.0,
        most=max(drawn, default=0),
        last_week=sum(draw.drawn for draw in late) / (sum(drawn) or 1),
        even=len(late) / (len(held) or 1),
    )


def _in_last_week(day: date) -> bool:
    return (month_end(day) - day).days < _WEEK_DAYS


def _visits(tally: Tally) -> Iterator[tuple[str, str, date]]:
    """Give (item, premises, day) of each visit once, also where it met several registrations."""
    return iter({(visit.item, visit.entity, visit.on): None for visit in tally.visits})


def _again_row(item: str, tally: Tally, last: date) -> AgainRow:
    days: dict[str, list[date]] = defaultdict(list)
    for of, entity, on in _visits(tally):
        if of == item:
            insort(days[entity], on)
    within: dict[int, float] = {}
    for soon in SOON_DAYS:
        # A visit near the end was not watched long enough to tell.
        gaps = [
            (following - day).days if following is not None else soon + 1
            for every in days.values()
            for day, following in zip(every, [*every[1:], None], strict=True)
            if (last - day).days >= soon
        ]
        within[soon] = sum(gap <= soon for gap in gaps) / (len(gaps) or 1)
    return AgainRow(item=item, visits=sum(map(len, days.values())), within=within)


def _never_rows(tally: Tally) -> Iterator[NeverRow]:
    visited = {(item, entity) for item, entity, _ in _visits(tally)}
    for group, ids in sorted(tally.stayed.items()):
        if ids:
            never = sum((group.item, entity) not in visited for entity in ids)
            yield NeverRow(group=group, premises=len(ids), never=never)


def _ticket_rows(item: str, tally: Tally, years: float) -> Iterator[TicketRow]:
    draws = _draws_a_year(item, tally, years)
    for least, most in TICKET_BANDS:
        seen = [pair for tickets, pair in tally.by_tickets[item].items() if least <= tickets <= most]
        lines, drawn = sum(pair[0] for pair in seen), sum(pair[1] for pair in seen)
        if lines:
            yield TicketRow(
                item=item, least=least, most=most, lines=lines, drawn=drawn, a_year=drawn / lines * draws
            )


def _draws_a_year(item: str, tally: Tally, years: float) -> float:
    return sum(draw.held and draw.planned.kind != ADHOC for draw in _draws(tally, item)) / years


def _relief_row(item: str, tally: Tally, years: float) -> ReliefRow:
    draws = _draws_a_year(item, tally, years)
    seen = tally.by_relief[item]

    def a_year(relieved: bool) -> float | None:  # noqa: FBT001 - a key of the table
        lines, drawn = seen.get(relieved, (0, 0))
        return drawn / lines * draws if lines else None

    return ReliefRow(item=item, relieved=a_year(True), others=a_year(False))


def _staff_rows(tally: Tally, officers: Iterable[Officer], years: float) -> Iterator[StaffRow]:
    pools: dict[tuple[str, tuple[str, ...]], list[float]] = defaultdict(list)
    for officer in officers:
        if officer.code in tally.able:
            pools[officer.agency, officer.regimes].append(tally.load[officer.code] / years)
    for (agency, regimes), loads in sorted(pools.items()):
        yield StaffRow(
            agency=agency,
            regimes=regimes,
            inspectors=len(loads),
            least=min(loads),
            middle=median(loads),
            most=max(loads),
            gini=gini(loads),
        )


def gini(loads: Sequence[float]) -> float:
    """Give the Gini coefficient: half the mean difference between any two, as a share of the mean."""
    total = sum(loads)
    if not total:
        return 0.0
    weighted = sum(place * load for place, load in enumerate(sorted(loads), start=1))
    return 2 * weighted / (len(loads) * total) - (len(loads) + 1) / len(loads)
