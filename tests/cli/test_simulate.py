"""`double-random simulate` from end to end."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.store.schema import migrate
from app.store.session import Database
from tests.offline_desk import SAMPLES, run

SMALL = ("--years", "1", "--entities", "60", "--start", "2027-01-01")
FILES = (
    *("--region", "410928", "--entities-file", str(SAMPLES / "entities.csv")),
    *("--inspectors-file", str(SAMPLES / "inspectors.csv")),
)


def test_a_small_county_is_simulated_printed_and_plotted(tmp_path: Path) -> None:
    """No duty is missed that could be met; the plot says the same, and a second run does not overwrite it."""
    svg = tmp_path / "plot.svg"
    shown = run("simulate", *SMALL, "--still", "--svg", svg)
    assert shown.exit_code == 0, shown.stderr
    for words in (
        "虚构的县",
        "频次义务 Duties",
        "每户每年检查的由来",
        "特种行业 3级",
        "月末七天",
        "30 天内",
        "从未 never",
        "基尼 Gini",
    ):
        assert words in shown.stdout
    # what was missed is said before any table
    assert shown.stdout.index("漏查 0 项") < shown.stdout.index("频次义务 Duties")
    assert "预警后 1 个工作日内申请、批准并承诺临时抽查" in shown.stdout
    assert "期间假定发生" not in shown.stdout
    assert "放假安排为假定的年份：2027、2028" in shown.stdout
    drawn = svg.read_text("utf-8")
    assert drawn.startswith("<svg ")
    assert "漏查 0 项" in drawn
    assert "每户每年检查的由来" in drawn
    again = run("simulate", *SMALL, "--still", "--svg", svg)
    assert again.exit_code == 2
    assert "--force" in again.stderr


def test_json_has_the_same_numbers_and_the_seed_decides(tmp_path: Path) -> None:
    """With failures, nobody at doors, and draws that are skipped."""
    assert tmp_path.exists()
    troubled = (
        *SMALL,
        "--json",
        "--fail",
        "0.3",
        "--nobody",
        "0.2",
        "--skip-draws",
        "0.5",
        "--beyond-reserve",
    )
    first, again = (json.loads(run("simulate", *troubled, "--seed", "7").stdout) for _ in range(2))
    assert first == again
    assert first["seed"] == "7"
    missed = sum(row["missed"] for row in first["duties"])
    assert missed == sum(row["announced"] for row in first["duties"]) > 0
    assert sum(row["count"] for row in first["causes"]) == missed
    for row in first["duties"]:
        assert sum(row["parts"].values()) == pytest.approx(row["visits"])
    assert first["not_made"] > 0
    assert any(row["skipped"] for row in first["draws"])
    assert all(0 <= row["within"]["7"] <= row["within"]["30"] for row in first["again"])


def test_alarms_are_answered_unless_nobody_is_to() -> None:
    """Most draws voided: with ad-hoc draws less is missed, and what they cost is told."""
    voided = (*SMALL, "--skip-draws", "0.8", "--json")
    answered, alone = (
        json.loads(run("simulate", *voided, *options).stdout) for options in ((), ("--no-answer-alarms",))
    )
    assert (answered["answers"]["lead_days"], alone["answers"]) == (1, None)
    missed = [sum(row["count"] for row in found["causes"]) for found in (answered, alone)]
    assert missed[0] < missed[1]
    assert {row["answer"] for row in alone["causes"]} == {"unanswered"}
    assert alone["adhoc"] == []
    assert all(0 < row["duties"] <= row["visits"] for row in answered["adhoc"])
    assert answered["adhoc"]
    assert answered["answered"] > 0
    told = run("simulate", *voided[:-1])
    assert "来不及临时抽查" in told.stdout
    assert "响应预警的临时抽查" in told.stdout
    slower = run("simulate", *voided[:-1], "--lead-days", "5")
    assert "预警后 5 个工作日内" in slower.stdout
    silent = run("simulate", *voided[:-1], "--no-answer-alarms")
    assert "预警后不组织临时抽查" in silent.stdout
    assert "未组织临时抽查" in silent.stdout


def test_register_files_are_simulated_as_they_are() -> None:
    """One item of the sample county; its lines are those of the file, and they change as time goes by."""
    shown = run(
        "simulate", "--years", "1", "--start", "2027-01-01", "--item", "psb.internet-cafes", *FILES, "--json"
    )
    found = json.loads(shown.stdout)
    happened = {"openings", "closures", "suspensions", "stricter", "milder", "absences", "complaint"}
    assert {what for what in happened if not found["happened"].get(what)} == set()
    assert (found["attempts"] > 0, found["visits"] > 0) == (True, True)
    (draws,) = found["draws"]
    assert draws["item"] == "psb.internet-cafes"
    # three draws a month, each at least 5 % of the operating cafes, rounded up (M10)
    assert draws["draws"] == 36
    assert 3 <= draws["mean"] <= 6


def test_the_registers_of_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """OF20: empty ones are no county without a miss; without the region nobody's are meant."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DR_VAR", str(tmp_path / "var"))
    database = Database(url)
    migrate(database)
    database.close()
    asked = ("--years", "1", "--start", "2027-01-01", "--from-database", "--json")
    empty = run("simulate", *asked, "--region", "410928")
    assert (empty.exit_code, empty.stdout) == (1, "")
    assert "410928 没有登记所选事项的检查对象" in empty.stderr
    assert "no premises of these items are registered in 410928" in empty.stderr
    imported = run("import", "entities", SAMPLES / "entities.csv", "--region", "410928")
    assert imported.exit_code == 0, imported.stderr
    cafes = ("--item", "psb.internet-cafes", "--region", "410928")
    assert json.loads(run("simulate", *asked, *cafes).stdout)["visits"] >= 0
    assert run("simulate", *asked, "--region", "999999").exit_code == 1
    assert run("simulate", *asked).exit_code == 2


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--from-database", *FILES), 2, "--from-database"),
        (FILES[:4], 2, "--inspectors-file"),
        ((*FILES[2:],), 2, "--region"),
        (("--start", "2020-01-01"), 1, "2020-01-01"),
        (("--item", "psb.nothing"), 1, "psb.nothing"),
        (("--lang", "fr"), 2, "--lang"),
        (("--years", "20", "--start", "2045-01-01", "--entities", "1"), 1, "2051"),
    ],
)
def test_what_cannot_be_simulated_is_refused_with_what_to_mend(
    options: tuple[str, ...], code: int, words: str
) -> None:
    """In Chinese and English, and nothing is written."""
    refused = run("simulate", *options)
    assert refused.exit_code == code
    assert words in refused.stderr
    assert refused.stdout == ""


def test_an_interrupted_simulation_leaves_no_half_file(tmp_path: Path) -> None:
    """Ctrl-C while it runs: neither the plot nor a piece of it."""
    svg = tmp_path / "plot.svg"
    # A shell starts what runs in its background deaf to Ctrl-C, and children inherit that: listen again.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    command = [
        *(sys.executable, "-c", f"{listening}; from app.cli import main; main()", "simulate"),
        *("--years", "20", "--entities", "3000", "--svg", str(svg)),
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ) as started:
        time.sleep(3)
        started.send_signal(signal.SIGINT)
        started.communicate(timeout=30)
    assert started.returncode != 0
    assert list(tmp_path.iterdir()) == []
