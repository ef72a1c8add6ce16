"""`double-random import`, `export`, `template`: register files in and out of the installation's database."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, get_args

import typer

from app.adapters.tabular import template_xlsx
from app.adapters.whole_files import check_free, whole_file
from app.cli.houses import opened_house
from app.cli.progress import steps
from app.cli.refusals import (
    REFUSED,
    UNREADABLE,
    Lang,
    RefusalError,
    chosen_lang,
    listed,
    refusals_told,
    row_line,
)
from app.deps import House
from app.domain.access import Caller, Role
from app.domain.registers import REGISTERS
from app.jobs.imports import Imports
from app.services.context import Look
from app.services.registers import exporting, importing, jobs
from app.services.registers.exporting import Ending, Opened
from app.services.registers.importing import Options, RegisterName
from app.services.registers.jobs import JobReport
from app.services.registers.landing import BadRow
from app.store.registers.credit_classes import CreditClassFilter
from app.store.registers.entities import EntityFilter
from app.store.registers.lists import InspectorFilter, RecusalFilter, RiskEventFilter, VisitFilter

_ENDED: Final = frozenset({"done", "failed"})
_WAIT_S: Final = 0.2
"""Between two looks at a job that a running service has taken up."""

_MOST_REGION_DIGITS: Final = 12

_EXPORTS: Final[Mapping[str, Callable[[Opened, Ending, Lang], Iterator[bytes]]]] = MappingProxyType(
    {
        "entities": lambda o, e, lang: exporting.entities(o, EntityFilter(), e, lang),
        "inspectors": lambda o, e, lang: exporting.inspectors(o, InspectorFilter(), e, lang),
        "recusals": lambda o, e, lang: exporting.recusals(o, RecusalFilter(), e, lang),
        "risk-events": lambda o, e, lang: exporting.risk_events(o, RiskEventFilter(), e, lang),
        "credit-classes": lambda o, e, lang: exporting.credit_classes(o, CreditClassFilter(), e, lang),
        "visits": lambda o, e, lang: exporting.visits(o, VisitFilter(), e, lang),
    }
)

RegisterArgument = Annotated[
    RegisterName, typer.Argument(metavar="REGISTER", help=" · ".join(get_args(RegisterName)))
]
LangOption = Annotated[str, typer.Option(metavar="zh|en", help="语言 | language")]
ForceOption = Annotated[bool, typer.Option("--force", help="覆盖已有文件 | replace older files")]
RegionOption = Annotated[str, typer.Option(help="行政区划前缀 | region prefix, e.g. 410928")]


def import_register(
    register: RegisterArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV · XLSX · NDJSON")],
    *,
    region: RegionOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 | report only")] = False,
    on_error: Annotated[
        Literal["skip", "abort"], typer.Option(help="遇错跳过该行或整体放弃 | leave bad rows out, or all")
    ] = "skip",
    mode: Annotated[
        Literal["delta", "full"], typer.Option(help="增量或全量 | full marks absent rows as not seen")
    ] = "delta",
    lang: LangOption = "zh",
) -> None:
    """导入名录到数据库 | import a register file. Exit: 0 all rows, 1 some refused, 2 unreadable."""
    options = Options(register=register, dry_run=dry_run, on_error=on_error, mode=mode)
    with refusals_told():
        chosen, caller = chosen_lang(lang), _caller(region)
        content = file.read_bytes()
        with opened_house() as house:
            with house.database.unit_of_work() as session:
                job = importing.hand_in(
                    house.act(session, caller), options, filename=file.name, content=content
                )
            report = _carried_out(house, caller, job.id, label=file.name)
        _tell(report, file, options, chosen)


def export_register(
    register: RegisterArgument,
    *,
    ending: Annotated[Ending, typer.Option("--format", help="格式 | format")] = "csv",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="不给则写到标准输出 | else to standard output")
    ] = None,
    region: RegionOption = "",
    lang: LangOption = "zh",
    force: ForceOption = False,
) -> None:
    """从数据库导出名录，可再导入 | export a register; the file can be imported again."""
    with refusals_told():
        chosen, caller = chosen_lang(lang), _caller(region)
        if out is None and ending == "xlsx" and sys.stdout.isatty():
            raise RefusalError(
                "请用 --out 给出 XLSX 文件名", "name the XLSX file with --out", code=UNREADABLE
            )
        with opened_house() as house:
            pieces = _EXPORTS[register](_opener(house, caller), ending, chosen)
            _write(pieces, out, force=force)


def template(
    register: RegisterArgument,
    *,
    out: Annotated[Path, typer.Option(metavar="FILE.xlsx", help="写入的文件 | where it goes")],
    force: ForceOption = False,
) -> None:
    """带下拉选项的 XLSX 空表 | an empty workbook with drop-downs to fill in."""
    with refusals_told():
        _write([template_xlsx(REGISTERS[register])], out, force=force)


def _caller(region: str) -> Caller:
    """Whoever sits at this machine, as the history will name them.

    Raises:
        RefusalError: not a region prefix.
    """
    digits = region.isascii() and region.isdigit()
    if region and not (digits and len(region) <= _MOST_REGION_DIGITS):
        raise RefusalError(
            "--region 应为行政区划代码前缀，如 410928",
            "--region takes a region prefix such as 410928",
            code=UNREADABLE,
        )
    return Caller(
        id="command-line", name="命令行 command line", roles=frozenset({Role.REGISTRAR}), region=region
    )


def _carried_out(house: House, caller: Caller, job_id: str, *, label: str) -> JobReport:
    """Work on the database's imports until this one has ended, here or in a service that runs beside."""
    step = Imports()
    with steps() as bars, bars.step(label) as move:
        while True:
            worked = step(house)
            with house.database.reading() as connection:
                report = jobs.report(house.look(connection, caller), job_id)
            move(report.job.done, report.job.total)
            if report.job.state in _ENDED:
                return report
            if not worked:
                time.sleep(_WAIT_S)


def _tell(report: JobReport, file: Path, options: Options, lang: Lang) -> None:
    lines = [
        row_line(file, BadRow(row, field, code, values), lang) for row, field, code, values in report.errors
    ]
    for line in listed(lines):
        typer.echo(line, err=True)
    result: Mapping[str, Any] = report.job.result
    typer.echo(
        f"{'预检 dry run: ' if options.dry_run else ''}新增 created {result['created']}，"
        f"更新 updated {result['updated']}，未变 unchanged {result['unchanged']}，"
        f"退回 rejected {result['rejected']}"
        + (f"，未见 not seen {result['not_seen']}" if "not_seen" in result else "")
    )
    if report.job.state == "failed":
        raise RefusalError(
            "导入未完成，请按上列更正后重试", "the import failed; mend what is listed and try again"
        )
    if result["rejected"]:
        raise typer.Exit(REFUSED)


def _opener(house: House, caller: Caller) -> Callable[[], AbstractContextManager[Look]]:
    @contextmanager
    def opened() -> Iterator[Look]:
        with house.database.snapshot() as connection:
            yield house.look(connection, caller)

    return opened


def _write(pieces: Iterable[bytes], out: Path | None, *, force: bool) -> None:
    if out is None:
        sys.stdout.buffer.writelines(pieces)
        return
    check_free(out, replace=force)
    with whole_file(out, replace=force) as path, path.open("wb") as file:
        file.writelines(pieces)
    typer.echo(f"已写入 written: {out}")
