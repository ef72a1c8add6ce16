"""What `double-random simulate` prints: its tables, and the same numbers as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from app.domain.registers.columns import AGENCIES, REGIMES, SUBTYPES
from app.domain.simulation.report import SOON_DAYS
from app.domain.simulation.rows import Report, StaffRow, TicketRow
from app.domain.simulation.tally import Group

_CAUSES: Final[Mapping[str, tuple[str, str]]] = {
    "changed": ("窗口内升级，其后再无抽取", "a stricter level was given in the window, after its last draw"),
    "failed": ("抽中而未成行", "a drawn visit was not made"),
    "no-team": ("缺人，无法组队", "no team could be dealt"),
    "lost": ("抽取作废而未补", "a draw was voided and not replaced"),
    "other": ("其他", "something else"),
}
_PIPE_WIDTH: Final = 118
_TEXT_COLUMNS: Final = 1
_KINDS: Final[Mapping[str, str]] = {code.value: code.label for codes in SUBTYPES.values() for code in codes}
_REGIMES: Final[Mapping[str, str]] = {code.value: code.label for code in REGIMES}
_AGENCIES: Final[Mapping[str, str]] = {code.value: code.label for code in AGENCIES}

Names = Mapping[str, str]
"""Chinese names of the items, by code."""


def group_name(group: Group) -> str:
    """A group of registrations in Chinese: 娱乐场所 3级, 消防单位 重点单位."""
    regime = _REGIMES.get(group.regime, group.regime)
    if group.level is not None:
        return f"{regime} {group.level}级"
    return regime if group.subtype is None else f"{regime} {_KINDS.get(group.kind, group.kind)}"


def staff_name(row: StaffRow) -> str:
    """An agency with what its inspectors are qualified for: 公安（娱乐场所、特种行业）."""
    agency = _AGENCIES.get(row.agency, row.agency)
    regimes = "、".join(_REGIMES.get(regime, regime) for regime in row.regimes)
    return f"{agency}（{regimes}）" if regimes else agency


def ticket_band(row: TicketRow) -> str:
    """How many tickets: 2, 3–4."""
    return str(row.least) if row.least == row.most else f"{row.least}–{row.most}"


def tell(report: Report, names: Names, *, said: Sequence[str]) -> None:
    """Print everything; each line of `said` comes first."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPE_WIDTH)
    for line in said:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    for title, columns, rows in _tables(report, names):
        body = [list(map(str, row)) for row in rows]
        if body:
            console.print(_table(title, columns, body))
    for line in _endings(report):
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _table(title: str, columns: Iterable[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for n, column in enumerate(columns):
        first = n < _TEXT_COLUMNS
        table.add_column(column, justify="left" if first else "right", no_wrap=first)
    for row in rows:
        table.add_row(*row)
    return table


def _tables(report: Report, names: Names) -> Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]]:
    yield (
        "频次义务 Duties: 每户每年 a year and registration; 窗口 windows",
        (
            *("组别\ngroup", "户年\nyears", "应查\nduty", "实查\nvisits", "窗口\ndue"),
            *("完成\nmet", "漏查\nmissed", "事先预警\nwarned", "失联\nunreachable"),
        ),
        (
            (group_name(row.group), f"{row.years:.0f}", _or_dash(row.wanted, "{:.0f}"), f"{row.visits:.2f}")
            + (
                ("—",) * 5
                if row.wanted is None
                else (row.due, row.met, row.missed, row.announced, row.unreachable + row.ended)
            )
            for row in report.duties
        ),
    )
    yield (
        "抽取负荷 Load per draw",
        (
            *("事项\nitem", "次数\ndraws", "未抽\nskipped", "缺人\ninfeasible", "平均\nmean", "最多\nmax"),
            *("月末七天\nlast 7 days", "均匀时\nif even"),
        ),
        (
            (
                names.get(row.item, row.item),
                *(row.draws, row.skipped, row.infeasible, f"{row.mean:.1f}", row.most),
                *(_percent(row.last_week), _percent(row.even)),
            )
            for row in report.draws
        ),
    )
    yield (
        "检查后再次被查 Visited again soon",
        ("事项 item", "检查 visits", *(f"{days} 天内 days" for days in SOON_DAYS)),
        (
            (names.get(row.item, row.item), row.visits, *(_percent(row.within[days]) for days in SOON_DAYS))
            for row in report.again
        ),
    )
    yield (
        "没有频次义务、全程营业而从未被查 Never visited, no duty",
        ("组别 group", "场所 premises", "从未 never", "比例 share"),
        (
            (group_name(row.group), row.premises, row.never, _percent(row.never / row.premises))
            for row in report.never
        ),
    )
    yield (
        "签数与被抽（不欠义务时） Tickets and draws, where nothing is owed",
        ("事项 item", "签数 tickets", "在册次数 lines", "抽中 drawn", "每年 a year"),
        (
            (names.get(row.item, row.item), ticket_band(row), row.lines, row.drawn, f"{row.a_year:.2f}")
            for row in report.tickets
        ),
    )
    yield (
        "减签：无加签场所每年被抽 Relief: draws a year without additions",
        ("事项 item", "减签 relieved", "未减 others"),
        (
            (names.get(row.item, row.item), _or_dash(row.relieved, "{:.2f}"), _or_dash(row.others, "{:.2f}"))
            for row in report.relief
        ),
    )
    yield (
        "执法人员每年检查次数 Visits a year and inspector",
        ("部门·业务 agency", "人数 staff", "最少 min", "中位 median", "最多 max", "基尼 Gini"),
        (
            (
                staff_name(row),
                row.inspectors,
                *(f"{value:.1f}" for value in (row.least, row.middle, row.most)),
                f"{row.gini:.2f}",
            )
            for row in report.staff
        ),
    )


def _or_dash(value: float | None, form: str) -> str:
    return "—" if value is None else form.format(value)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _endings(report: Report) -> Iterable[str]:
    yield (
        f"检查 {report.visits} 次，其中综合查一次 {report.merged} 次 | "
        f"{report.visits} visits, {report.merged} of them for several items at once"
    )
    yield (
        f"上门无人 {report.attempts} 次，无法联系 {report.unreachable} 户，未成行 {report.not_made} 次，"
        f"缺人未派 {report.without_team} 次 | {report.attempts} attempts without anybody, "
        f"{report.unreachable} unreachable, {report.not_made} not made, {report.without_team} without a team"
    )
    yield (
        f"漏查 {report.missed} 项，其中事先预警 {report.announced} 项；预警共 {report.alarms} 项 | "
        f"{report.missed} duties missed, {report.announced} with an alarm before; {report.alarms} alarms"
    )
    for cause, count in report.causes.items():
        zh, en = _CAUSES[cause]
        yield f"  {count} 项：{zh} | {count}: {en}"


def as_json(report: Report, *, more: Mapping[str, Any]) -> str:
    """The same numbers for programs."""
    return json.dumps({**more, **asdict(report)}, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
