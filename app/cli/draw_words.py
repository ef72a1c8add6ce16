"""What `double-random draw` says: the commitment before the random value, the result after it."""

import shlex
from collections.abc import Iterable
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from app.cli.offline_draw import Places
from app.domain.draw.conduct import Held, Prepared
from app.domain.draw.entropy import Chain, DrandEntropy, Entropy, round_time


def tell_commitment(prepared: Prepared, places: Places) -> None:
    """Show the commitment so that nobody in the room misses it."""
    console = Console()
    title = "承诺 C（抽取前公布） | commitment, to be published before the draw"
    if console.is_terminal:
        console.print(Panel(f"[bold]{prepared.commitment}[/]", title=title, expand=False))
    else:
        typer.echo(f"C {prepared.commitment}")
    typer.echo(
        f"请先公布 {places.commitment} 和 {places.plan}，再产生随机值 | publish both, then throw the dice"
    )


def tell_how_to_go_on(declared: Entropy, places: Places, *, chains: Iterable[Chain]) -> None:
    """Say how a committed draw is held later, and when at the earliest."""
    typer.echo(f"密封文件（含密值，勿外传） | sealed, keep it secret: {places.sealed}")
    if isinstance(declared, DrandEntropy):
        at = published_at(declared, chains)
        typer.echo(f"drand {declared.chain} 第 {declared.round} 轮 round，{at:%Y-%m-%d %H:%M:%S}Z")
        how = "--entropy entropy.json"
    else:
        how = " ".join(f"--value {source.name}=<{source.format}>" for source in declared.sources)
    typer.echo(f"抽取 draw: double-random draw --resume {shlex.quote(str(places.sealed))} {how}")


def published_at(declared: DrandEntropy, chains: Iterable[Chain]) -> datetime:
    """Give the instant of a round of a pinned chain."""
    chain = next(chain for chain in chains if chain.hash == declared.chain)
    return datetime.fromtimestamp(round_time(declared.round, chain), UTC)


def tell_result(prepared: Prepared, held: Held, places: Places) -> None:
    """Say what was drawn, and where the records are."""
    drawn, shortage = held.drawing.selection.drawn, held.deal.shortage
    _tell_strata(held)
    seats = len(held.deal.teams)
    typer.echo(f"抽中 {len(drawn)} 家，派出 {seats} 人次 | {len(drawn)} drawn, {seats} places filled")
    if shortage is not None:
        typer.echo(
            f"人员不足：{len(shortage.short)} 个席位空缺，本次抽取不可执行，证明见记录 | "
            f"infeasible: {len(shortage.short)} places are empty; the record proves why"
        )
    typer.echo(f"审计记录（含密值，勿外传） | audit record, keep it secret: {places.audit}")
    typer.echo(f"公开记录（检查结束后公布） | public record, for after the visits: {places.public}")
    typer.echo(f"任务单 sheets: double-random sheets {shlex.quote(str(places.audit))} --out DIR")
    verify = f"double-random verify {shlex.quote(str(places.audit))} --commitment {prepared.commitment}"
    typer.echo(f"核验 verify: {verify}")


def _tell_strata(held: Held) -> None:
    results = held.drawing.selection.strata
    console = Console()
    if console.is_terminal:
        table = Table("分层 stratum", "对象 lines", "可抽 drawable", "应抽 wanted", "抽中 drawn")
        for row in results:
            table.add_row(row.stratum, *map(str, (row.size, row.drawable, row.wanted, row.drawn)))
        console.print(table)
        return
    for row in results:
        typer.echo(f"{row.stratum}: 对象 {row.size} 可抽 {row.drawable} 应抽 {row.wanted} 抽中 {row.drawn}")
