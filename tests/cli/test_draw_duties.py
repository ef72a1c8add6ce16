"""Duties in a draw without a server: the plan file says which draws are to come."""

import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.offline_desk import VALUES, registers, run, write_plan


def lines(folder: Path, **changes: Any) -> set[tuple[str, int]]:
    """Draw from the sample county; give stratum and draws_left of every line, each once."""
    folder.mkdir()
    plan, out = write_plan(folder, **changes), folder / "draw.zip"
    result = run("draw", "--plan", plan, *registers(visits=None), "--out", out, *VALUES)
    assert result.exit_code == 0, result.output
    with zipfile.ZipFile(out) as record:
        found = [json.loads(line) for line in record.read("lines.ndjson").splitlines()]
    return {(line["stratum"], line["draws_left"]) for line in found}


def next_quarter() -> date:
    """Give the first day of the next quarter: every window of every level begins with it."""
    today = date.today()  # noqa: DTZ011 - any day near now will do
    months = 3 - (today.month - 1) % 3
    return (today.replace(day=1) + timedelta(days=31 * months)).replace(day=1)


def test_the_plan_file_may_name_the_draws_to_come(tmp_path: Path) -> None:
    """Five draws a month, one in reserve: level 3 has 4 left in its month, level 2 has 9, level 1 has 14."""
    first = next_quarter()
    days = [
        (first + timedelta(days=31 * month)).replace(day=5 * n) for month in range(3) for n in range(1, 6)
    ]
    visits = {
        "visit_from": first.isoformat(),
        "visit_to": first.replace(day=5).isoformat(),
        "reveal_by": first.replace(day=20).isoformat(),
    }
    ends = [day.isoformat() for day in days]
    assert lines(tmp_path / "fifteen", draw_ends=ends, **visits) == {
        ("entertainment-3", 4),
        ("entertainment-2", 9),
        ("entertainment-1", 14),
    }
    alone = lines(tmp_path / "one", draw_ends=[], **visits)
    assert {left for _, left in alone} == {1}


def test_registers_that_were_kept_for_long_can_be_overdue(tmp_path: Path) -> None:
    """Without any visit on file everything is overdue whose registers are kept since last year."""
    today = date.today()  # noqa: DTZ011 - as above
    since = today.replace(year=today.year - 1, month=1, day=1).isoformat()
    months_away = {"draw_ends": [(today + timedelta(days=9 + n)).isoformat() for n in range(9)]}
    found = lines(tmp_path / "old", known_since=since, **months_away)
    assert {left for stratum, left in found if stratum == "entertainment-3"} in ({1}, {0, 1})
