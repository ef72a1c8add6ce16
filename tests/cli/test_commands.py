"""The command line as a whole: every command is found, and verifying waits for nothing of the service."""

import subprocess
import sys

import pytest
from typer.main import get_group
from typer.testing import CliRunner

from app.cli import app

COMMANDS = list(get_group(app).list_commands(None))  # type: ignore[arg-type]  # the names need no context


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_importable_and_has_help(command: str) -> None:
    """Each name in the table leads to a command."""
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.stdout


def test_the_help_names_every_command() -> None:
    """`double-random --help` lists them all."""
    help_text = CliRunner().invoke(app, ["--help"]).stdout
    assert all(f" {command} " in help_text for command in COMMANDS)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["--nonsense"]])
def test_a_wrong_command_line_exits_with_2(arguments: list[str]) -> None:
    """No command, an unknown one, an unknown option."""
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_verifying_imports_neither_the_service_nor_the_store() -> None:
    """Whoever verifies offline waits for no web framework and no database, nor do the pool's workers."""
    code = "import app.cli.verify, sys; print({'fastapi', 'sqlalchemy', 'pydantic'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
