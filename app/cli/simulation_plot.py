"""The plot of a simulation: what its tables say, to be seen at a glance."""

from collections.abc import Sequence
from datetime import date

from app.adapters.plots import Bars, Lines, Panel, Series, plot
from app.cli.simulation_summary import headline
from app.cli.simulation_words import PARTS, Names, group_name, staff_name, ticket_band
from app.domain.simulation.report import SOON_DAYS
from app.domain.simulation.rows import Report


def simulation_plot(report: Report, names: Names, *, notes: Sequence[str]) -> str:
    """Give the plot as SVG."""
    said = [line.partition(" | ")[0] for line in notes]
    return plot(
        f"双随机抽查模拟 {report.first} 至 {report.last}",
        [
            *_load(report, names),
            _duties(report),
            _parts(report),
            _again(report, names),
            _tickets(report, names),
            _staff(report),
        ],
        notes=[*said, headline(report)[0]],
    )


def _load(report: Report, names: Names) -> list[Panel]:
    by_item: dict[str, list[tuple[date, int]]] = {row.item: [] for row in report.draws}
    for day, item, drawn in report.load:
        by_item[item].append((day, drawn))
    series = tuple(
        Series(
            name=names.get(item, item),
            values=tuple(float(drawn) for _, drawn in points),
            days=tuple(day for day, _ in points),
        )
        for item, points in by_item.items()
    )
    return [Lines(title="每次抽取的户数（月末不应堆积）", series=series)]


def _duties(report: Report) -> Panel:
    rows = [row for row in report.duties if row.wanted is not None]
    return Bars(
        title="每户每年检查次数与频次义务",
        labels=tuple(group_name(row.group) for row in rows),
        series=(
            Series(name="义务", values=tuple(row.wanted or 0.0 for row in rows)),
            Series(name="实际", values=tuple(row.visits for row in rows)),
        ),
    )


def _parts(report: Report) -> Panel:
    return Bars(
        title="每户每年检查的由来（完成义务之外：比例、惊喜、加抽、临时抽查、同一场所顺带）",
        labels=tuple(group_name(row.group) for row in report.duties),
        series=tuple(
            Series(name=zh, values=tuple(round(row.parts[part], 2) for row in report.duties))
            for part, (zh, _) in PARTS.items()
        ),
        stacked=True,
    )


def _again(report: Report, names: Names) -> Panel:
    return Bars(
        title="检查之后再次被查的比例，%（大于零：刚查过也可能再查）",
        labels=tuple(names.get(row.item, row.item) for row in report.again),
        series=tuple(
            Series(
                name=f"{days} 天内", values=tuple(round(100 * row.within[days], 1) for row in report.again)
            )
            for days in SOON_DAYS
        ),
    )


def _tickets(report: Report, names: Names) -> Panel:
    bands = sorted({(row.least, row.most): ticket_band(row) for row in report.tickets}.items())
    found = {(row.item, row.least): row.a_year for row in report.tickets}
    return Bars(
        title="不欠义务时：签数与每年被抽次数（风险越高越常被抽，减签后越少）",
        labels=tuple(f"{band} 签" for _, band in bands),
        series=tuple(
            Series(
                name=names.get(row.item, row.item),
                values=tuple(round(found.get((row.item, least), 0.0), 2) for (least, _), _ in bands),
            )
            for row in report.draws
        ),
    )


def _staff(report: Report) -> Panel:
    return Bars(
        title="执法人员每年检查次数",
        labels=tuple(staff_name(row) for row in report.staff),
        series=(
            Series(name="最少", values=tuple(round(row.least, 1) for row in report.staff)),
            Series(name="中位", values=tuple(round(row.middle, 1) for row in report.staff)),
            Series(name="最多", values=tuple(round(row.most, 1) for row in report.staff)),
        ),
    )
