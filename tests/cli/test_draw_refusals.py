"""What `double-random draw` refuses: each a line that says what to mend; nothing is drawn then."""

import shlex
import subprocess
from pathlib import Path

import pytest

from tests.offline_desk import COMMAND, DICE, SAMPLES, VALUES, names, registers, run, write_plan


class TestRefusals:
    """Every refusal is a line that says what to mend, in Chinese and English; no traceback, nothing drawn."""

    def refused(self, tmp_path: Path, *arguments: object, code: int = 1) -> str:
        """Run with refusals expected; give what was said."""
        before = names(tmp_path)
        result = run("draw", *arguments, "--out", tmp_path / "draw.zip")
        assert result.exit_code == code, result.output
        assert names(tmp_path) == before
        assert "Traceback" not in result.output
        assert " | " in result.stderr.splitlines()[-1]
        return result.stderr

    def test_bad_rows_are_listed_with_row_field_and_message(self, tmp_path: Path) -> None:
        """Nothing is drawn from a register that has errors, for each may decide who is drawn."""
        files = registers(
            entities=SAMPLES / "entities-bad-rows.csv", visits=None, risk_events=None, recusals=None
        )
        plan = write_plan(tmp_path)
        said = self.refused(tmp_path, "--plan", plan, *files, *VALUES)
        assert "entities-bad-rows.csv 第 4 行 uscc: “91410928MA00000000”不是有效的统一社会信用代码" in said
        assert "没有抽取" in said.splitlines()[-1]
        english = self.refused(tmp_path, "--plan", plan, *files, *VALUES, "--lang", "en")
        assert "entities-bad-rows.csv row 4 uscc: " in english

    def test_what_dr1_refuses_is_said_in_both_languages(self, tmp_path: Path) -> None:
        """The English line names the value; the Chinese one is no copy of it."""
        given = tmp_path / "entropy.json"
        given.write_text('{"kind": "x"}', encoding="utf-8")
        plan = write_plan(tmp_path)
        said = self.refused(tmp_path, "--plan", plan, *registers(), "--entropy", given, code=2)
        zh, en = said.split(" | ")
        assert zh.endswith("不是 entropy.json：随机值的类别（kind）应为 drand 或 ceremony")
        assert "entropy kind 'x' is neither drand nor ceremony" in en

    def test_a_reference_to_nobody_is_an_error_of_its_row(self, tmp_path: Path) -> None:
        """A recusal whose inspector is mistyped would silently not hold."""
        lines = (SAMPLES / "recusals.csv").read_text("utf-8-sig").splitlines()
        inspector, rest = lines[1].split(",", 1)
        path = tmp_path / "recusals.csv"
        path.write_text("\n".join([lines[0], f"{inspector}x,{rest}"]), encoding="utf-8")
        said = self.refused(tmp_path, "--plan", write_plan(tmp_path), *registers(recusals=path), *VALUES)
        assert said.startswith("recusals.csv 第 2 行 inspector: ")

    def test_errors_of_the_preflight_are_listed(self, tmp_path: Path) -> None:
        """No officer of the fire brigade may inspect venues: a team cannot be made."""
        plan = write_plan(tmp_path, slots=[["agency:health", "role:lead"], ["agency:health"]])
        said = self.refused(tmp_path, "--plan", plan, *registers(), *VALUES)
        assert "预检发现 1 个问题" in said

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"item": "psb.unknown"}, "/item"),
            ({"period": "2026 年"}, "/period"),
            ({"colour": "red"}, "/colour"),
            ({"visit_from": "tomorrow"}, "/visit_from"),
            (
                {"entropy": {"kind": "ceremony", "sources": [{"name": "d", "format": "digits:3"}]}},
                "/entropy/sources",
            ),
            ({"slots": [["agency:psb"]]}, "/slots"),
            ({"reveal_by": "2026-01-01"}, "/reveal_by"),
            ({"origin": "县 局"}, "/origin"),
            ({"seq": 0}, "/seq"),
            ({"seq": 2}, "/prev"),
            ({"seq": 1, "prev": "00"}, "/prev"),
        ],
    )
    def test_a_faulty_plan_is_refused_by_json_pointer(
        self, tmp_path: Path, changes: dict[str, object], pointer: str
    ) -> None:
        """The same rules as of `POST /v1/draw-plans`, and the place in the log."""
        said = self.refused(tmp_path, "--plan", write_plan(tmp_path, **changes), *registers(), *VALUES)
        assert any(line.startswith(f"{pointer} ") for line in said.splitlines())

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"item":"a","item":"b"}', b"\xff\xfe{\x00"])
    def test_a_plan_that_is_no_json_object_is_refused(self, tmp_path: Path, content: bytes) -> None:
        """Duplicate members too: two readers could understand them differently."""
        path = tmp_path / "plan.json"
        path.write_bytes(content)
        code = 1 if content == b"[]" else 2
        assert "plan" in self.refused(tmp_path, "--plan", path, *registers(), *VALUES, code=code)

    @pytest.mark.parametrize(
        "values",
        [
            ("--value", "dice=123"),
            ("--value", f"cards={DICE}"),
            ("--value", DICE),
            ("--value", f"dice={DICE}", "--value", f"dice={DICE}"),
            ("--signature", "00" * 48),
            ("--entropy", SAMPLES / "README.md"),
            ("--entropy", "absent.json"),
            (*VALUES, "--commit-only"),
            ("--lang", "fr", *VALUES),
        ],
    )
    def test_values_that_do_not_fit_are_refused_before_anything_is_committed(
        self, tmp_path: Path, values: tuple[object, ...]
    ) -> None:
        """A wrong command line exits with 2."""
        plan = write_plan(tmp_path)
        self.refused(tmp_path, "--plan", plan, *registers(), *values, code=2)
        assert names(tmp_path) == {plan.name}

    def test_unreadable_files_are_named(self, tmp_path: Path) -> None:
        """Absent, a folder, no table, the table of another register."""
        plan = write_plan(tmp_path)
        png = tmp_path / "picture.csv"
        png.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
        for path in (tmp_path / "absent.csv", tmp_path, png, SAMPLES / "visits.csv"):
            files = registers(entities=path)
            said = self.refused(tmp_path, "--plan", plan, *files, *VALUES, code=2)
            assert path.name in said

    def test_what_is_needed_is_said(self, tmp_path: Path) -> None:
        """Without a plan or registers; and with them where a draw is resumed."""
        self.refused(tmp_path, code=2)
        self.refused(tmp_path, "--plan", write_plan(tmp_path), code=2)
        self.refused(tmp_path, "--resume", "absent.zip", "--plan", tmp_path / "plan.json", code=2)
        assert run("draw", "--resume", tmp_path / "absent.zip").exit_code == 2

    def test_a_disk_that_takes_no_more_leaves_nothing_behind(self, tmp_path: Path) -> None:
        """The sealed draw does not fit: nothing was committed, and the line says why."""
        plan, out = write_plan(tmp_path), tmp_path / "draw.zip"
        command = [*COMMAND, "draw", "--plan", plan, *registers(), "--out", out, *VALUES]
        limited = f"ulimit -f 4; exec {shlex.join(map(str, command))}"
        result = subprocess.run(
            ["sh", "-c", limited], check=False, capture_output=True, encoding="utf-8", timeout=120
        )
        assert result.returncode == 2
        assert result.stderr.splitlines()[-1].endswith("文件超过允许的大小，请换一个位置 | File too large")
        assert names(tmp_path) == {"plan.json"}

    def test_older_files_are_replaced_only_by_force(self, tmp_path: Path) -> None:
        """An older draw is somebody's evidence."""
        out, plan = tmp_path / "draw.zip", write_plan(tmp_path)
        out.write_bytes(b"older")
        assert "--force" in self.refused(tmp_path, "--plan", plan, *registers(), *VALUES, code=2)
        assert out.read_bytes() == b"older"
        result = run("draw", "--plan", plan, *registers(), "--out", out, *VALUES, "--force")
        assert result.exit_code == 0
        assert run("verify", out).exit_code == 0
