"""`double-random draw`: a whole draw from files, honest in its order, and every refusal in a line."""

import json
import os
import pty
import subprocess
import zipfile
from pathlib import Path

import pytest

from app.cli.offline_draw import Places
from tests.offline_desk import (
    COMMAND,
    DICE,
    LOTTERY,
    SAMPLES,
    VALUES,
    committed,
    names,
    registers,
    run,
    start,
    write_plan,
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a draw held by the real command, its values given with it."""
    folder = tmp_path_factory.mktemp("held")
    result = start("draw", "--plan", write_plan(folder), *registers(), "--out", folder / "draw.zip", *VALUES)
    assert result.returncode == 0, result.stderr
    (folder / "said.txt").write_text(result.stdout + result.stderr, encoding="utf-8")
    return folder


class TestInOneGo:
    """Values given with the command that commits."""

    def test_the_record_verifies_against_the_commitment_that_was_printed(self, held: Path) -> None:
        """Issue 2: the same through `double-random draw` without a server."""
        said = (held / "said.txt").read_text(encoding="utf-8")
        c = (held / "draw-commitment.txt").read_text().strip()
        assert f"C {c}\n" in said
        result = start("verify", held / "draw.zip", "--commitment", c, "--json")
        report = json.loads(result.stdout)
        assert (result.returncode, report["ok"], report["C"]) == (0, True, c)
        assert {check["check"]: check["status"] for check in report["checks"]}["teams"] == "ok"
        public = run("verify", held / "draw-public.zip", "--commitment", c)
        assert public.exit_code == 0

    def test_one_changed_byte_is_named_by_the_verifier(self, held: Path, tmp_path: Path) -> None:
        """A digit of the lottery, in the record's own file: it is no longer what was drawn with."""
        with zipfile.ZipFile(held / "draw.zip") as archive:
            archive.extractall(tmp_path)
        path = tmp_path / "entropy.json"
        path.write_bytes(path.read_bytes().replace(b"+06", b"+07"))
        result = run("verify", tmp_path)
        assert result.exit_code == 1
        assert "selection 不符 failed" in result.stdout

    def test_the_order_is_admitted_to_be_unproven(self, held: Path) -> None:
        """A value that was there before the commitment proves nothing of the order; the user is told."""
        assert "不能证明承诺在先" in (held / "said.txt").read_text(encoding="utf-8")

    def test_secrets_are_their_owners_only_and_the_sealed_draw_is_gone(self, held: Path) -> None:
        """The audit record replaces it; until the visits are over both records name who will be visited."""
        assert names(held) - {"plan.json", "said.txt"} == {
            *("draw.zip", "draw-public.zip", "draw-plan.json", "draw-commitment.txt")
        }
        assert {(held / name).stat().st_mode & 0o777 for name in ("draw.zip", "draw-public.zip")} == {0o600}

    def test_a_pipe_sees_no_bars(self, held: Path) -> None:
        """Progress is for terminals."""
        said = (held / "said.txt").read_text(encoding="utf-8")
        assert "\x1b" not in said
        assert "━" not in said

    def test_a_record_can_be_a_folder(self, tmp_path: Path) -> None:
        """By the name: without `.zip`."""
        plan = write_plan(tmp_path)
        result = run("draw", "--plan", plan, *registers(), "--out", tmp_path / "draw", *VALUES)
        assert result.exit_code == 0
        assert run("verify", tmp_path / "draw").exit_code == 0
        assert run("verify", tmp_path / "draw-public").exit_code == 0
        assert (tmp_path / "draw").stat().st_mode & 0o777 == 0o700

    def test_all_values_may_come_in_one_file(self, tmp_path: Path) -> None:
        """DR1's `entropy.json`."""
        values = [{"source": "dice", "value": DICE}, {"source": "lottery", "value": LOTTERY}]
        path = tmp_path / "entropy.json"
        path.write_text(json.dumps({"kind": "ceremony", "values": values}))
        out = tmp_path / "draw.zip"
        result = run("draw", "--plan", write_plan(tmp_path), *registers(), "--out", out, "--entropy", path)
        assert result.exit_code == 0
        assert run("verify", out).exit_code == 0

    def test_workbooks_and_fewer_registers_do_as_well(self, tmp_path: Path) -> None:
        """Only entities and inspectors are needed; a single-random draw of cafes needs no team."""
        plan = write_plan(
            tmp_path, item="psb.internet-cafes", slots=[], scope={"regimes": ["internet_cafe"]}, alg="sm3"
        )
        files = registers(
            entities=SAMPLES / "xlsx/entities.xlsx",
            inspectors=SAMPLES / "xlsx/inspectors.xlsx",
            recusals=None,
            risk_events=None,
            visits=None,
        )
        out = tmp_path / "draw.zip"
        result = run("draw", "--plan", plan, *files, "--out", out, *VALUES)
        assert result.exit_code == 0, result.output
        assert run("verify", out).exit_code == 0


class TestInTwoSteps:
    """Commit now, throw the dice, draw later."""

    def test_the_sealed_draw_is_checked_by_the_verifier_and_holds_the_draw_later(
        self, tmp_path: Path
    ) -> None:
        """The commitment stands before the values; resuming draws under the same commitment."""
        sealed = committed(tmp_path)
        assert sealed.stat().st_mode & 0o777 == 0o600
        c = (tmp_path / "draw-commitment.txt").read_text().strip()
        assert run("verify", sealed, "--commitment", c).exit_code == 0
        result = run("draw", "--resume", sealed, *VALUES)
        assert result.exit_code == 0, result.output
        assert f"C {c}" in result.stdout
        assert "不能证明承诺在先" not in result.output
        assert run("verify", tmp_path / "draw.zip", "--commitment", c).exit_code == 0
        assert not sealed.exists()

    def test_the_guides_plan_can_be_drawn_as_it_stands(self, tmp_path: Path) -> None:
        """docs/offline.md: what an officer pastes must work."""
        guide = Path("docs/offline.md").read_text(encoding="utf-8")
        block = guide[guide.index("    {\n") : guide.index("    }\n") + len("    }\n")]
        plan = tmp_path / "plan.json"
        plan.write_text(block, encoding="utf-8")
        result = run("draw", "--plan", plan, *registers(), "--out", tmp_path / "draw.zip", "--commit-only")
        assert result.exit_code == 0, result.output

    def test_a_torn_file_of_values_is_told(self, tmp_path: Path) -> None:
        """A power cut in the middle of a line; the witnesses know the value."""
        sealed = committed(tmp_path)
        Places.beside(tmp_path / "draw.zip").values.write_text('{"source": "di')
        result = run("draw", "--resume", sealed, *VALUES)
        assert result.exit_code == 2
        assert "draw-values.ndjson" in result.stderr

    def test_a_committed_draw_is_never_overwritten_by_another(self, tmp_path: Path) -> None:
        """Not even by force: drawing again until one likes the result is what DR1 is against."""
        committed(tmp_path)
        again = ("draw", "--plan", tmp_path / "plan.json", *registers(), "--out", tmp_path / "draw.zip")
        result = run(*again, "--force", *VALUES)
        assert result.exit_code == 1
        assert "--resume" in result.stderr

    def test_a_value_once_accepted_cannot_be_changed(self, tmp_path: Path) -> None:
        """A kill between two values keeps the first; the second start may repeat it, not replace it."""
        sealed = committed(tmp_path)
        kept = Places.beside(tmp_path / "draw.zip").values
        kept.write_text(json.dumps({"source": "dice", "value": DICE}) + "\n")
        other = run(
            "draw", "--resume", sealed, "--value", f"dice={'1' * 20}", "--value", f"lottery={LOTTERY}"
        )
        assert other.exit_code == 1
        assert DICE in other.stderr
        result = run("draw", "--resume", sealed, "--value", f"lottery={LOTTERY}")
        assert result.exit_code == 0
        assert run("verify", tmp_path / "draw.zip").exit_code == 0
        assert not kept.exists()

    def test_a_sealed_draw_that_was_tampered_with_is_refused_by_the_check_that_fails(
        self, tmp_path: Path
    ) -> None:
        """Fewer tickets for one line, and nothing else."""
        sealed = committed(tmp_path)
        with zipfile.ZipFile(sealed) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        files["lines.ndjson"] = files["lines.ndjson"].replace(b'"tickets":2', b'"tickets":1', 1)
        with zipfile.ZipFile(sealed, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        result = run("draw", "--resume", sealed, *VALUES)
        assert result.exit_code == 1
        assert "lines" in result.stderr
        assert names(tmp_path) == {"plan.json", "draw-sealed.zip", "draw-commitment.txt", "draw-plan.json"}

    def test_a_record_that_was_drawn_is_not_drawn_again(self, held: Path, tmp_path: Path) -> None:
        """An audit record holds everything that a sealed draw does."""
        result = run("draw", "--resume", held / "draw.zip", "--out", tmp_path / "again.zip", *VALUES)
        assert result.exit_code == 1
        assert names(tmp_path) == set()


class TestAtATerminal:
    """Values typed by the officer."""

    def test_values_are_asked_for_after_the_commitment_and_again_when_wrong(self, tmp_path: Path) -> None:
        """A pseudo-terminal: nineteen digits first, then twenty with a space, then the lottery."""
        process, terminal = _at_a_terminal(
            "draw", "--plan", write_plan(tmp_path), *registers(), "--out", tmp_path / "draw.zip"
        )
        os.write(terminal, f"{DICE[:19]}\n{DICE[:10]} {DICE[10:]}\n{LOTTERY}\n".encode())
        said = _said(terminal)
        assert process.wait(timeout=120) == 0
        c = (tmp_path / "draw-commitment.txt").read_text().strip()
        assert 0 < said.index(c) < said.index("请输入 dice") < said.index("请重新输入")
        assert run("verify", tmp_path / "draw.zip", "--commitment", c).exit_code == 0

    def test_a_kill_while_the_dice_roll_loses_nothing(self, tmp_path: Path) -> None:
        """The first value was typed, the second not yet: only that one is missing afterwards."""
        process, terminal = _at_a_terminal(
            "draw", "--plan", write_plan(tmp_path), *registers(), "--out", tmp_path / "draw.zip"
        )
        os.write(terminal, f"{DICE}\n".encode())
        _said(terminal, until="请输入 lottery")
        process.kill()
        process.wait(timeout=120)
        c = (tmp_path / "draw-commitment.txt").read_text().strip()
        result = run("draw", "--resume", tmp_path / "draw-sealed.zip", "--value", f"lottery={LOTTERY}")
        assert result.exit_code == 0, result.output
        assert run("verify", tmp_path / "draw.zip", "--commitment", c).exit_code == 0

    def test_in_a_pipe_nobody_is_asked_and_nothing_is_committed(self, tmp_path: Path) -> None:
        """One line that says what to add."""
        plan = write_plan(tmp_path)
        result = start("draw", "--plan", plan, *registers(), "--out", tmp_path / "draw.zip")
        assert result.returncode == 2
        assert result.stdout == ""
        assert "--value dice=<digits:20> --value lottery=<lotto:6/33+1/16>" in result.stderr
        assert names(tmp_path) == {"plan.json"}


def _at_a_terminal(*arguments: object) -> "tuple[subprocess.Popen[bytes], int]":
    """Start the command at a terminal of its own; give the terminal's other side."""
    outer, inner = pty.openpty()
    process = subprocess.Popen([*COMMAND, *map(str, arguments)], stdin=inner, stdout=inner, stderr=inner)
    os.close(inner)
    return process, outer


def _said(terminal: int, *, until: str | None = None) -> str:
    """Read what a terminal shows, to the end or until something is seen."""
    said = bytearray()
    try:
        while (piece := os.read(terminal, 4096)) and not (until and until.encode() in said + piece):
            said += piece
    except OSError:  # Linux ends a pseudo-terminal so
        pass
    if until is None:
        os.close(terminal)
    return said.decode(errors="replace")
