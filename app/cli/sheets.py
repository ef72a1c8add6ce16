"""`double-random sheets`: task sheets 任务单 from an audit record."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from app.adapters.cores import all_cores
from app.adapters.record_files import open_record
from app.adapters.task_sheets import Heading, write_html, write_workbook
from app.adapters.whole_files import check_free, whole_file
from app.cli.progress import Steps, steps
from app.cli.refusals import RefusalError, refusals_told, warn
from app.cli.register_files import read_register
from app.cli.verify import drand_check
from app.domain.draw.entropy import QUICKNET
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.record.source import LIMITS
from app.domain.draw.verifier.verify import recompute
from app.domain.registers import ENTITIES, INSPECTORS, Register
from app.domain.task_sheets import TaskSheet, task_sheets
from app.services.planning import law

WORKBOOK: Final = "task-sheets.xlsx"
PAGES: Final = "task-sheets.html"


def sheets(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="审计记录 | audit record, folder or zip")],
    *,
    out: Annotated[Path, typer.Option(metavar="DIR", help="写入的目录 | where the sheets go")],
    entities: Annotated[
        Path | None, typer.Option(metavar="FILE", help="检查对象名录，给出名称和地址 | for names, addresses")
    ] = None,
    inspectors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="检查人员名录，给出姓名和证号 | for names and numbers"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 | replace older files")] = False,
) -> None:
    """任务单：XLSX 和可打印网页 | task sheets to print. Exit: 0 done, 1 refused, 2 unreadable."""
    with refusals_told():
        for name in (WORKBOOK, PAGES):
            check_free(out / name, replace=force)
        with steps() as bars:
            work = _verified(record, bars)
            made = task_sheets(
                work.record.selection,
                seats=work.record.final_teams or work.record.teams,
                slots=work.plan.slots,
                entities=_rows(ENTITIES, entities, bars),
                inspectors=_rows(INSPECTORS, inspectors, bars),
            )
        heading = _heading(work)
        with whole_file(out / WORKBOOK, private=True, replace=force) as path:
            write_workbook(path, heading, made)
        with whole_file(out / PAGES, private=True, replace=force) as path:
            write_html(path, heading, made)
        _tell(made, out, named=entities is not None and inspectors is not None)


def _verified(path: Path, bars: Steps) -> Recomputed:
    """Read an audit record; nobody is sent out by one that does not verify.

    Raises:
        RefusalError: it does not verify, or has no teams.
        CannotOpenError: there is no record.
    """
    with open_record(path) as source, all_cores() as mapper:
        work = Recomputed(
            source=source,
            limits=LIMITS,
            bls=drand_check,
            chains=(QUICKNET,),
            mapper=bars.followed("核验记录 verifying", mapper),
        )
        report = recompute(work)
    failed = next((check for check in report.checks if check.status == "failed"), None)
    if failed is not None:
        raise RefusalError(
            f"记录核验不符，不出任务单：{failed.check} {failed.detail}",
            "the record does not verify: no sheets",
        )
    holdings = work.record.holdings
    if not (holdings.audit and holdings.drawn):
        raise RefusalError(
            f"{path} 不含检查人员分组：请给出已抽取的审计记录",
            f"{path} has no teams: give the audit record of a draw that was held",
        )
    return work


def _rows(register: Register[Any], path: Path | None, bars: Steps) -> list[Any]:
    """The good rows of a register; bad ones only leave names blank."""
    if path is None:
        return []
    found = read_register(register, path, steps=bars)
    if found.bad:
        count = len(found.bad)
        warn(f"{path} 有 {count} 处错误，有关行未采用", f"{count} errors in {path}: those rows are left out")
    return found.records


def _heading(work: Recomputed) -> Heading:
    _, _, code = work.plan.item.partition(":")
    item = law.items(work.plan.reveal_by).get(code)
    return Heading(
        item=f"{item.document['name']['zh']} {code}" if item else code,
        period=work.plan.period,
        commitment=work.commitment,
        checklist=tuple(line["text"] for line in item.document["checklist"]) if item else (),
    )


def _tell(made: list[TaskSheet], out: Path, *, named: bool) -> None:
    if named and (strangers := sum(_unnamed(sheet) for sheet in made)):
        warn(
            f"{strangers} 份任务单有对象或人员不在名录中，只有编号",
            f"{strangers} sheets name something that the registers lack; they have its id only",
        )
    if short := sum(sheet.filled < len(sheet.places) for sheet in made):
        warn(f"{short} 份任务单有空缺席位", f"{short} sheets have empty places")
    typer.echo(f"任务单 {len(made)} 份 | {len(made)} task sheets: {out / PAGES}, {out / WORKBOOK}")


def _unnamed(sheet: TaskSheet) -> bool:
    return not sheet.rows or any(place.inspector and place.officer is None for place in sheet.places)
