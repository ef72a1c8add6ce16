"""The sample county's files and a plan, for draws without a server; the command as its users start it."""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from app.cli import app

SAMPLES = Path("samples").resolve()
DICE, LOTTERY = "27182818284590452353", "03,09,17,21,28,33+06"
VALUES = ("--value", f"dice={DICE}", "--value", f"lottery={LOTTERY}")
CEREMONY = {
    "kind": "ceremony",
    "sources": [
        {"name": "dice", "format": "digits:20"},
        {"name": "lottery", "format": "lotto:6/33+1/16"},
    ],
}


def plan(today: date, **changes: Any) -> dict[str, Any]:
    """Give a plan for the venues of the sample county."""
    return {
        "item": "psb.venues",
        "region": "410928",
        "period": "2026-12.1",
        "scope": {"regimes": ["entertainment"], "levels": [], "stations": []},
        "slots": [["agency:psb", "role:lead"], ["agency:psb"]],
        "entropy": CEREMONY,
        "visit_from": (today + timedelta(days=1)).isoformat(),
        "visit_to": (today + timedelta(days=10)).isoformat(),
        "reveal_by": (today + timedelta(days=30)).isoformat(),
    } | changes


def write_plan(folder: Path, **changes: Any) -> Path:
    """Write a plan of today."""
    path = folder / "plan.json"
    path.write_text(json.dumps(plan(date.today(), **changes)), encoding="utf-8")  # noqa: DTZ011 - any day near now will do
    return path


def registers(**instead: Path | None) -> list[str]:
    """Give the options that name the five files of the county, some of them others or left out."""
    files: Mapping[str, Path | None] = {
        "entities": SAMPLES / "entities.csv",
        "inspectors": SAMPLES / "inspectors.csv",
        "recusals": SAMPLES / "recusals.csv",
        "risk-events": SAMPLES / "risk-events.csv",
        "visits": SAMPLES / "visits.csv",
    } | {name.replace("_", "-"): path for name, path in instead.items()}
    return [part for name, path in files.items() if path is not None for part in (f"--{name}", str(path))]


def names(folder: Path) -> set[str]:
    """Give the names of what lies in a folder."""
    return {path.name for path in folder.iterdir()}


def run(*arguments: object) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


COMMAND = (sys.executable, "-c", "from app.cli import main; main()")


def start(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run the command as a process of its own, with nobody at a terminal."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        check=False,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=120,
    )


def committed(folder: Path) -> Path:
    """Commit to a draw of the sample county; give the sealed draw."""
    out = folder / "draw.zip"
    result = run("draw", "--plan", write_plan(folder), *registers(), "--out", out, "--commit-only")
    assert result.exit_code == 0, result.output
    return folder / "draw-sealed.zip"
