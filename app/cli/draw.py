"""`double-random draw`: a whole draw from register files, without a server."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.adapters.cores import all_cores
from app.cli.draw_session import Desk, Told, hold_new, hold_sealed
from app.cli.refusals import UNREADABLE, RefusalError, chosen_lang, refusals_told
from app.cli.verify import drand_check
from app.domain.registers import ENTITIES, INSPECTORS, RECUSALS, RISK_EVENTS, VISITS
from app.services.ports import Chance
from app.settings import Settings

RegisterPath = Annotated[Path | None, typer.Option(metavar="FILE", help="CSV · XLSX · NDJSON")]


def draw(
    *,
    plan: Annotated[
        Path | None, typer.Option(metavar="PLAN", help="计划文件，见 docs/offline.md | the plan, JSON")
    ] = None,
    policy: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="本地规则文件，缺省为内置规则 | a policy instead of the seeded one"
        ),
    ] = None,
    entities: RegisterPath = None,
    inspectors: RegisterPath = None,
    recusals: RegisterPath = None,
    risk_events: RegisterPath = None,
    visits: RegisterPath = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT", help="审计记录，目录或 .zip；其余写在旁边 | the audit record, folder or .zip"
        ),
    ] = None,
    commit_only: Annotated[
        bool, typer.Option("--commit-only", help="只冻结并承诺 | freeze and commit, draw later")
    ] = False,
    resume: Annotated[
        Path | None, typer.Option(metavar="SEALED", help="从 …-sealed.zip 继续 | go on with a committed draw")
    ] = None,
    value: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE=VALUE", help="仪式随机值，每个来源一次 | a ceremony's value"),
    ] = None,
    entropy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="entropy.json：全部随机值或 drand 轮次 | all values")
    ] = None,
    signature: Annotated[
        str | None, typer.Option(metavar="HEX", help="drand 轮次的签名 | the drand round's signature")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 | replace older files")] = False,
    lang: Annotated[str, typer.Option(metavar="zh|en", help="错误列表的语言 | of listed errors")] = "zh",
) -> None:
    """不用服务器完成一次抽取 | hold a draw without a server. Exit: 0 done, 1 refused, 2 unreadable."""
    told = Told(values=tuple(value or ()), entropy=entropy, signature=signature)
    files = {
        ENTITIES.name: entities,
        INSPECTORS.name: inspectors,
        RECUSALS.name: recusals,
        RISK_EVENTS.name: risk_events,
        VISITS.name: visits,
    }
    given = {name: path for name, path in files.items() if path is not None}
    with refusals_told(), all_cores() as mapper:
        desk = Desk(
            chance=Chance(new_secret=lambda: secrets.token_hex(32), bls=drand_check, mapper=mapper),
            now=datetime.now(UTC),
            lead_s=Settings().drand_lead_s,
            lang=chosen_lang(lang),
            force=force,
            policy=policy,
        )
        if resume is not None:
            _refuse_superfluous(plan=plan or policy, files=given, commit_only=commit_only)
            hold_sealed(resume, out, told, desk=desk)
        elif plan is None or out is None or not {ENTITIES.name, INSPECTORS.name} <= given.keys():
            raise RefusalError(
                "请给出 --plan、--entities、--inspectors 和 --out（或 --resume）",
                "--plan, --entities, --inspectors and --out are needed (or --resume)",
                code=UNREADABLE,
            )
        else:
            hold_new(plan, given, out, told, desk=desk, commit_only=commit_only)


def _refuse_superfluous(*, plan: Path | None, files: Mapping[str, Path], commit_only: bool) -> None:
    if plan is not None or files or commit_only:
        raise RefusalError(
            "--resume 沿用已承诺的计划和名录，请去掉其他输入",
            "--resume goes on with the committed plan and registers; leave the others out",
            code=UNREADABLE,
        )
