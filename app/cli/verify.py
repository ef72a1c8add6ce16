"""`double-random verify` and `verify-proof`: check a draw without network or server (DR1 sections 11, 12)."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.adapters.cores import all_cores
from app.adapters.record_files import CannotOpenError, open_record
from app.domain.draw.basics.findings import DifferenceError, show
from app.domain.draw.entropy import QUICKNET
from app.domain.draw.record.proof import Fate, ProvenLine, fate_of, verify_proof
from app.domain.draw.record.recomputed import Recomputed
from app.domain.draw.record.source import LIMITS, RecordSource
from app.domain.draw.verifier.verify import CHECKS, WITNESS, Report, recompute

FAILED: Final = 1
CANNOT_OPEN: Final = 2

_CHECKS_ZH: Final = {
    "format": "格式",
    "plan": "计划",
    "lines": "名录行",
    "ids": "对象编号",
    "identities": "身份",
    "entropy": "公开随机值",
    "selection": "抽取结果",
    "secret": "密值",
    "inspectors": "检查人员",
    "recusals": "回避",
    "teams": "分组",
    "amendments": "变更",
    "log": "日志",
}
_STATUSES_ZH: Final = {"ok": "通过", "failed": "不符", "withheld": "未含", "skipped": "跳过"}
_COLOURS: Final = {"ok": "green", "failed": "red", "withheld": "yellow", "skipped": "bright_black"}
_REASONS_ZH: Final = {"due": "到期必查", "coverage": "频次覆盖", "open": "随机抽取"}

_VERIFIER_KEY: Final = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})")
_KEY_ID_BYTES: Final = 4


def verify_record(
    record: Annotated[Path, typer.Argument(metavar="RECORD", help="记录：目录或 zip | a folder or a zip")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON | print JSON")] = False,
    commitment: Annotated[
        str | None,
        typer.Option(metavar="C", help="抽取前公布的承诺 | the commitment published before the draw"),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY", help="日志或见证方公钥（C2SP），可多次给出 | verifier key of the log or a witness"
        ),
    ] = None,
    require: Annotated[
        str, typer.Option(metavar="CHECK,…", help="必须通过的检查 | checks that must not be withheld")
    ] = "",
) -> None:
    """核验一次抽查的记录 | verify the record of a draw. Exit: 0 ok, 1 failed, 2 cannot be opened."""
    keys = [_verifier_key(text) for text in key or ()]
    required = _required(require)
    with _opened(record) as source:
        _, report = _recompute(source, commitment=commitment, signed=bool(keys))
    if as_json:
        typer.echo(report_json(report))
    else:
        _print_report(report)
    if not report.meets(required):
        raise typer.Exit(FAILED)


def verify_proof_file(
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="proof.json")],
    *,
    plan: Annotated[Path, typer.Option(metavar="PLAN", help="公布的 plan.json | the published plan.json")],
    record: Annotated[
        Path | None, typer.Option(metavar="RECORD", help="公开后的记录 | the record, once it is published")
    ] = None,
) -> None:
    """核验一个检查对象的证明 | verify an entity's proof. Exit: 0 ok, 1 failed, 2 cannot be opened."""
    proof_bytes, plan_bytes = _bounded(proof), _bounded(plan)
    try:
        line = verify_proof(proof_bytes, plan=plan_bytes)
    except DifferenceError as difference:
        typer.echo(f"证明不成立 the proof does not hold\n{difference}")
        raise typer.Exit(FAILED) from difference
    typer.echo(_line_words(line))
    if record is not None:
        _print_fate(line, record)


def report_json(report: Report) -> str:
    """Give a report as DR1 section 11 has it."""
    value = {
        "ok": report.ok,
        "complete": report.complete,
        "C": report.C,
        "checks": [{"check": c.check, "status": c.status, "detail": c.detail} for c in report.checks],
        "warnings": list(report.warnings),
    }
    return json.dumps(value, ensure_ascii=False)


def _recompute(source: RecordSource, *, commitment: str | None, signed: bool) -> tuple[Recomputed, Report]:
    with all_cores() as mapper:
        work = Recomputed(source=source, limits=LIMITS, bls=drand_check, chains=(QUICKNET,), mapper=mapper)
        return work, recompute(work, commitment=commitment, signed=signed)


def drand_check(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Check a drand signature; see `app.domain.draw.entropy.BlsCheck`."""
    from app.adapters import drand_bls  # noqa: PLC0415 - its curves take half a second, and few draws need them

    return drand_bls.verify(public_key, message, signature)


def _print_report(report: Report) -> None:
    console = Console(soft_wrap=False)
    if console.is_terminal:
        console.print(_table(report))
    else:
        for check in report.checks:
            typer.echo(f"{check.check} {_STATUSES_ZH[check.status]} {check.status} {check.detail}".rstrip())
    for warning in report.warnings:
        typer.echo(f"注意 warning: {warning}")
    typer.echo(f"C {report.C or '-'}")
    typer.echo(_verdict(report))


def _table(report: Report) -> Table:
    table = Table("检查 check", "结果 status", "说明 detail")
    for check in report.checks:
        colour = _COLOURS[check.status]
        table.add_row(
            f"{_CHECKS_ZH[check.check]} {check.check}",
            f"[{colour}]{_STATUSES_ZH[check.status]} {check.status}[/]",
            escape(check.detail),
        )
    return table


def _verdict(report: Report) -> str:
    if not report.ok:
        return "结论：记录不符 | verdict: the record does not verify"
    if report.complete:
        return "结论：全部通过 | verdict: everything verified"
    return "结论：所含部分全部通过 | verdict: all that is in this record verified"


def _line_words(line: ProvenLine) -> str:
    return (
        f"证明成立：{show(line.id)} 在第 {line.index + 1} 行（共 {line.size} 行），"
        f"分层 {line.stratum}，{line.tickets} 签\n"
        f"the proof holds: {show(line.id)} is line {line.index + 1} of {line.size}, "
        f"in stratum {line.stratum}, with {line.tickets} tickets"
    )


def _print_fate(line: ProvenLine, path: Path) -> None:
    with _opened(path) as source:
        work, report = _recompute(source, commitment=line.commitment, signed=False)
    if not report.ok:
        failed = next(check for check in report.checks if check.status == "failed")
        typer.echo(f"记录不符 the record does not verify: {failed.check}: {failed.detail}")
        raise typer.Exit(FAILED)
    typer.echo(_fate_words(line, fate_of(line, work)))


def _fate_words(line: ProvenLine, fate: Fate) -> str:
    share = (
        f"占该分层 {fate.stratum_tickets} 签中的 {line.tickets} 签 | "
        f"{line.tickets} of {fate.stratum_tickets} tickets in the stratum"
    )
    if fate.voided:
        return f"{share}\n随机值产生前已作废，没有抽取 | voided before its random value: nothing was drawn"
    if fate.drawn is None:
        return f"{share}\n未被抽中 | not drawn"
    return f"{share}\n被抽中（{_REASONS_ZH[fate.drawn.reason]}） | drawn ({fate.drawn.reason})"


@contextmanager
def _opened(path: Path) -> Iterator[RecordSource]:
    try:
        with open_record(path) as source:
            yield source
    except CannotOpenError as error:
        _refuse(str(error))


def _bounded(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LIMITS.json_bytes + 1)
    except OSError as error:
        _refuse(f"无法打开 cannot open {path}: {error.strerror}")
    if len(content) > LIMITS.json_bytes:
        _refuse(f"文件过大 too long: {path}")
    return content


def _refuse(line: str) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(CANNOT_OPEN)


def _required(text: str) -> tuple[str, ...]:
    names = tuple(text.split(",")) if text else ()
    for name in names:
        if name not in {*CHECKS, WITNESS}:
            known = ", ".join((*CHECKS, WITNESS))
            raise typer.BadParameter(
                f"没有检查 {name!a}: no such check; known: {known}", param_hint="--require"
            )
    return names


def _verifier_key(text: str) -> str:
    """See that a key is a C2SP verifier key (signed-note): name, key id, and base64 of algorithm and key."""
    match = _VERIFIER_KEY.fullmatch(text)
    wrong = typer.BadParameter(f"不是 C2SP 公钥 {text!a}: not a C2SP verifier key", param_hint="--key")
    if match is None:
        raise wrong
    try:
        key = base64.b64decode(match[3], validate=True)
    except binascii.Error as error:
        raise wrong from error
    if hashlib.sha256(f"{match[1]}\n".encode() + key).digest()[:_KEY_ID_BYTES].hex() != match[2]:
        raise wrong
    return text
