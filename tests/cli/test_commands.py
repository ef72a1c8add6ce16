"""The command line as a whole: every command is found, and verifying waits for nothing of the service."""

import subprocess
import sys
from pathlib import Path

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


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        ("simulate --years 0", "--years 不得小于 1", "--years must be 1 or more"),
        ("simulate --years 21", "--years 不得大于 20", "--years must be 20 or less"),
        ("simulate --years x", "--years 应为整数", "--years must be an integer"),
        ("simulate --start x", "--start 应为日期", "does not match the formats"),
        ("simulate --yeers 1", "没有选项 --yeers", "No such option"),
        ("simulate --years", "选项 --years 后面缺少值", "requires an argument"),
        ("simulate --still=1", "选项 --still 不带值", "does not take a value"),
        ("simulate a", "多余的参数：a", "unexpected extra argument"),
        ("template nonsense", "可填：", "is not one of"),
        ("template", "缺少 'REGISTER'", "Missing argument"),
        ("keys create", "缺少 '--role'", "Missing option"),
        ("keys nonsense", "没有命令 nonsense", "No such command"),
        ("nonsense", "没有命令 nonsense", "No such command"),
        ("--nonsense", "没有选项 --nonsense", "No such option"),
        ("verify --require x y", "没有检查", "no such check"),
    ],
)
def test_a_wrong_command_line_is_told_in_chinese_and_english(arguments: str, zh: str, en: str) -> None:
    """OF20: what is wrong and what may be typed instead; nothing runs."""
    refused = CliRunner(env={"COLUMNS": "300", "TERMINAL_WIDTH": "300"}).invoke(app, arguments.split())
    assert refused.exit_code == 2
    assert zh in refused.stderr
    assert en in refused.stderr
    assert refused.stdout == ""


def test_a_bare_group_still_shows_its_help() -> None:
    """`double-random keys` is no mistake to translate."""
    assert "create" in CliRunner().invoke(app, ["keys"]).output


def test_keys_wait_for_the_schema(tmp_path: Path) -> None:
    """Before `migrate` there is nowhere to keep a key: one line says what to run, and nothing is printed."""
    env = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}", "DR_VAR": str(tmp_path / "var")}
    asked = ["keys", "create", "--role", "planner", "--region", "410928"]
    refused = CliRunner(env=env).invoke(app, asked)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "double-random migrate" in refused.stderr
    assert CliRunner(env=env).invoke(app, ["migrate"]).exit_code == 0
    made = CliRunner(env=env).invoke(app, asked)
    assert (made.exit_code, made.stderr) == (0, "")
    assert made.stdout.strip()
    wrong = CliRunner(env=env).invoke(app, [*asked[:3], "king", *asked[4:]])
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert " | " in wrong.stderr
