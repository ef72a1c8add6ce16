"""What `double-random simulate` prints: its tables, and the same numbers as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from app.cli.simulation_summary import beginnings, endings
from app.domain.registers.columns import AGENCIES, REGIMES, SUBTYPES
from app.domain.simulation.parts import Part
from app.domain.simulation.report import SOON_DAYS
from app.domain.simulation.rows import Report, StaffRow, TicketRow
from app.domain.simulation.tally import Group

_PIPE_WIDTH: Final = 118
_TEXT_COLUMNS: Final = 1
_KINDS: Final[Mapping[str, str]] = {code.value: code.label for codes in SUBTYPES.values() for code in codes}
_REGIMES: Final[Mapping[str, str]] = {code.value: code.label for code in REGIMES}
_AGENCIES: Final[Mapping[str, str]] = {code.value: code.label for code in AGENCIES}

PARTS: Final[Mapping[Part, tuple[str, str]]] = {
    Part.DUTY: ("完成义务", "for a duty"),
    Part.QUOTA: ("比例", "quota"),
    Part.SURPRISE: ("惊喜", "surprise"),
    Part.EXTRA: ("加抽", "extra"),
    Part.ADHOC: ("临时", "ad hoc"),
    Part.TOGETHER: ("顺带", "together"),
}
"""What visits are counted under, in Chinese and in English."""

Names = Mapping[str, str]
"""Chinese names of the items, by code."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table before it is laid out: its title, the heads of its columns, its rows."""

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[object]]


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

    def say(lines: Iterable[str]) -> None:
        for line in lines:
            console.print(line, highlight=False, markup=False, soft_wrap=True)

    say(said)
    say(map(" | ".join, beginnings(report)))
    for sheet in _sheets(report, names):
        body = [list(map(str, row)) for row in sheet.rows]
        if body:
            console.print(_table(sheet, body))
    say(map(" | ".join, endings(report)))


def _table(sheet: _Sheet, body: Iterable[Sequence[str]]) -> Table:
    table = Table(title=sheet.title, title_justify="left", title_style="bold")
    for n, column in enumerate(sheet.columns):
        first = n < _TEXT_COLUMNS
        table.add_column(column, justify="left" if first else "right", no_wrap=first)
    for row in body:
        table.add_row(*row)
    return table


def _sheets(report: Report, names: Names) -> Iterable[_Sheet]:
    yield _duties(report)
    yield _parts(report)
    yield _load(report, names)
    yield _adhoc(report, names)
    yield _again(report, names)
    yield _never(report)
    yield _tickets(report, names)
    yield _relief(report, names)
    yield _staff(report)


def _duties(report: Report) -> _Sheet:
    columns = (
        *("组别\ngroup", "户年\nyears", "应查\nduty", "实查\nvisits", "窗口\ndue"),
        *("完成\nmet", "漏查\nmissed", "事先预警\nwarned", "失联\nunreachable"),
        "退出\nended",
    )
    rows = (
        (group_name(row.group), f"{row.years:.0f}", _or_dash(row.wanted, "{:.0f}"), f"{row.visits:.2f}")
        + (
            ("—",) * 6
            if row.wanted is None
            else (row.due, row.met, row.missed, row.announced, row.unreachable, row.ended)
        )
        for row in report.duties
    )
    return _Sheet("频次义务 Duties: 每户每年 a year and registration; 窗口 windows", columns, rows)


def _parts(report: Report) -> _Sheet:
    columns = ("组别\ngroup", "应查\nduty", *(f"{zh}\n{en}" for zh, en in PARTS.values()), "合计\nall")
    rows = (
        (
            group_name(row.group),
            _or_dash(row.wanted, "{:.0f}"),
            *(f"{row.parts[part]:.2f}" for part in PARTS),
            f"{row.visits:.2f}",
        )
        for row in report.duties
    )
    return _Sheet("每户每年检查的由来 Where the visits come from, a year and registration", columns, rows)


def _load(report: Report, names: Names) -> _Sheet:
    columns = (
        *("事项\nitem", "次数\ndraws", "未抽\nskipped", "缺人\ninfeasible", "平均\nmean", "最多\nmax"),
        *("月末七天\nlast 7 days", "均匀时\nif even"),
    )
    rows = (
        (
            names.get(row.item, row.item),
            *(row.draws, row.skipped, row.infeasible, f"{row.mean:.1f}", row.most),
            *(_percent(row.last_week), _percent(row.even)),
        )
        for row in report.draws
    )
    return _Sheet("抽取负荷 Load per draw", columns, rows)


def _adhoc(report: Report, names: Names) -> _Sheet:
    columns = (
        *("事项\nitem", "次数\ndraws", "最多\nmax", "检查\nvisits", "完成义务\nfor a duty"),
        "额外\non top",
    )
    rows = (
        (names.get(row.item, row.item), row.draws, row.most, row.visits, row.duties, row.visits - row.duties)
        for row in report.adhoc
    )
    return _Sheet("响应预警的临时抽查 Ad-hoc draws that answer alarms", columns, rows)


def _again(report: Report, names: Names) -> _Sheet:
    columns = ("事项 item", "检查 visits", *(f"{days} 天内 days" for days in SOON_DAYS))
    rows = (
        (names.get(row.item, row.item), row.visits, *(_percent(row.within[days]) for days in SOON_DAYS))
        for row in report.again
    )
    return _Sheet("检查后再次被查 Visited again soon", columns, rows)


def _never(report: Report) -> _Sheet:
    rows = (
        (group_name(row.group), row.premises, row.never, _percent(row.never / row.premises))
        for row in report.never
    )
    columns = ("组别 group", "场所 premises", "从未 never", "比例 share")
    return _Sheet("全程营业而从未被查 Never visited, though it operated all the time", columns, rows)


def _tickets(report: Report, names: Names) -> _Sheet:
    columns = ("事项 item", "签数 tickets", "在册次数 lines", "抽中 drawn", "每年 a year")
    rows = (
        (names.get(row.item, row.item), ticket_band(row), row.lines, row.drawn, f"{row.a_year:.2f}")
        for row in report.tickets
    )
    return _Sheet("签数与被抽（不欠义务时） Tickets and draws, where nothing is owed", columns, rows)


def _relief(report: Report, names: Names) -> _Sheet:
    rows = (
        (names.get(row.item, row.item), _or_dash(row.relieved, "{:.2f}"), _or_dash(row.others, "{:.2f}"))
        for row in report.relief
    )
    columns = ("事项 item", "减签 relieved", "未减 others")
    return _Sheet("减签：无加签场所每年被抽 Relief: draws a year without additions", columns, rows)


def _staff(report: Report) -> _Sheet:
    columns = ("部门·业务 agency", "人数 staff", "最少 min", "中位 median", "最多 max", "基尼 Gini")
    rows = (
        (
            staff_name(row),
            row.inspectors,
            *(f"{value:.1f}" for value in (row.least, row.middle, row.most)),
            f"{row.gini:.2f}",
        )
        for row in report.staff
    )
    return _Sheet("执法人员每年检查次数 Visits a year and inspector", columns, rows)


def _or_dash(value: float | None, form: str) -> str:
    return "—" if value is None else form.format(value)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def as_json(report: Report, *, more: Mapping[str, Any]) -> str:
    """The same numbers for programs."""
    return json.dumps({**more, **asdict(report)}, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
