"""`double-random keys create`: keys of callers."""

from typing import Annotated

import typer

from app.cli.houses import opened_house
from app.cli.refusals import refusals_told
from app.deps import new_uuid7, utc_now
from app.services.access import create_key

commands = typer.Typer(no_args_is_help=True, help="调用方密钥 | keys of callers")


@commands.command("create")
def create(
    role: Annotated[str, typer.Option(help="角色 | role")],
    region: Annotated[str, typer.Option(help="行政区划前缀 | region prefix, e.g. 410928")],
    name: Annotated[str | None, typer.Option(help="名称 | what the audit log calls it")] = None,
    inspector: Annotated[
        str | None,
        typer.Option(help="检查人员编号（角色 inspector）| the officer's code, for the role inspector"),
    ] = None,
    agency: Annotated[
        str | None,
        typer.Option(
            help="部门：只见本部门的抽查、检查和频次义务，联合抽查只见本部门部分 | "
            "only this agency's draws, visits and duties, of joint ones its part"
        ),
    ] = None,
) -> None:
    """新建密钥，仅显示一次 | make a key; it is printed this once."""
    with refusals_told(), opened_house() as house, house.database.unit_of_work() as session:
        key, _ = create_key(
            session,
            new_id=new_uuid7(),
            role=role,
            region=region,
            name=name,
            now=utc_now(),
            inspector=inspector,
            agency=agency,
        )
    typer.echo(key)
