"""The command `double-random`; each command lives in a module of its own, imported when it is called.

So a stranger who verifies a record waits for none of what the service needs.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from io import TextIOWrapper
from typing import Any, Final, cast

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from app.cli.usage import usage_told

_COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "verify": ("app.cli.verify", "verify_record"),
    "verify-proof": ("app.cli.verify", "verify_proof_file"),
    "draw": ("app.cli.draw", "draw"),
    "simulate": ("app.cli.simulate", "simulate"),
    "sheets": ("app.cli.sheets", "sheets"),
    "import": ("app.cli.registers", "import_register"),
    "export": ("app.cli.registers", "export_register"),
    "template": ("app.cli.registers", "template"),
    "serve": ("app.cli.serve", "serve"),
    "migrate": ("app.cli.serve", "migrate"),
    "openapi": ("app.cli.serve", "openapi"),
    "quickstart": ("app.cli.quickstart", "quickstart"),
    "keys": ("app.cli.keys", "commands"),
}
"""Each command's module, and the function or the `typer.Typer` in it."""


class _OnDemand(TyperGroup):
    """Commands that are imported when they are asked for."""

    def list_commands(self, _: typer.Context) -> list[str]:  # type: ignore[override]  # click's is private
        """Name all commands, in the order of the table."""
        return list(_COMMANDS)

    def make_context(self, *given: Any, **more: Any) -> Any:  # noqa: ANN401 - click's own, which is private
        """Read the options before the command; mistakes are told in both languages."""
        with usage_told():
            return super().make_context(*given, **more)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as above
        """Read the command's options and run it; mistakes are told in both languages."""
        with usage_told():
            return super().invoke(ctx)

    def get_command(  # type: ignore[override]  # as above
        self, _: typer.Context, cmd_name: str
    ) -> TyperCommand | TyperGroup | None:
        """Import a command."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        found = getattr(import_module(module), name)
        if isinstance(found, typer.Typer):
            group = get_group(found)
            group.name = cmd_name
            return group
        alone = typer.Typer(add_completion=False)
        alone.command(cmd_name)(found)
        return cast("TyperCommand", get_command(alone))


app = typer.Typer(
    name="double-random",
    cls=_OnDemand,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def double_random() -> None:
    """双随机、一公开：人人可以核验的随机抽查 | random inspections that anyone can check."""


def main() -> None:
    """Run the command line; a wrong one exits with 2."""
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks Chinese must not end a verification in a traceback.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()
