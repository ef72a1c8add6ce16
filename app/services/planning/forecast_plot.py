"""The forecast as a picture for people."""

from app.adapters.plots import Bars, Series, plot
from app.services.planning import law
from app.services.planning.forecast import Forecast
from app.services.planning.forecast_draws import CALENDAR

_MOST_UNITS = 7


def forecast_plot(found: Forecast) -> str:
    """Give the plot as SVG: visits by week and item with infeasible weeks in red, and by week and unit."""
    named = law.items(found.last)
    labels = tuple(week.name[5:] for week in found.weeks)
    red = frozenset(n for n, week in enumerate(found.weeks) if week.infeasible)
    totals: dict[str, int] = {}
    for week in found.weeks:
        for unit, visits in week.by_unit.items():
            totals[unit] = totals.get(unit, 0) + visits
    units = sorted(totals, key=lambda unit: (-totals[unit], unit))[:_MOST_UNITS]
    return plot(
        f"{found.year} 年抽查预测 {found.region}",
        [
            Bars(
                title="每周检查次数（红色周次：有对象无人可派）",
                labels=labels,
                series=tuple(
                    Series(
                        name=named[item].document["name"]["zh"],
                        values=tuple(float(week.by_item.get(item, 0)) for week in found.weeks),
                    )
                    for item in dict.fromkeys(one.item for one in found.draws)
                ),
                stacked=True,
                marked=red,
            ),
            Bars(
                title="每周各单位检查次数（两个单位共同检查各计一次）",
                labels=labels,
                series=tuple(
                    Series(name=unit, values=tuple(float(week.by_unit.get(unit, 0)) for week in found.weeks))
                    for unit in units
                ),
                stacked=True,
                marked=red,
            ),
        ],
        notes=_notes(found),
    )


def _notes(found: Forecast) -> list[str]:
    approved = sum(one.source == CALENDAR for one in found.draws)
    missed = sum(row.missed for row in found.duties)
    said = [
        f"{found.first} 至 {found.last}；按现有名录推算一次",
        f"{approved} 项按已批准的日历，{len(found.draws) - approved} 项按规则推算",
        f"漏查 {missed} 项；无人可派 {len(found.infeasible)} 周；与年度上限冲突 {len(found.collisions)} 项",
    ]
    return [*said, "放假安排未录入，按周一至周五推算"] if found.plain_weeks else said
