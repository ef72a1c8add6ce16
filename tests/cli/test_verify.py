"""`double-random verify` and `verify-proof`: what they print, and their exit codes (sections 11, 12)."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.adapters.record_files import write_folder, write_zip
from app.cli import app
from app.domain.draw.record.proof import Prover, proof_object
from app.domain.draw.verifier.verify import CHECKS
from tests.domain.draw.forgery import VECTORS, ZEROS
from tests.domain.draw.honest import held, venues

PUBLIC = VECTORS / "record-public"
C = "33703ea1e46dee2641140e2ea9deb94c44e282634e268bf46cdc6dc23e970e38"


def run(*arguments: object) -> Result:
    """Run the command line in this process."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def key() -> str:
    """Give a C2SP verifier key of a made-up log."""
    content = b"\x01" + bytes(range(32))
    number = hashlib.sha256(b"draws.example\n" + content).hexdigest()[:8]
    return f"draws.example+{number}+{base64.b64encode(content).decode()}"


@pytest.fixture
def forged(tmp_path: Path) -> Path:
    """Give the public sample with one digit of one key changed."""
    shutil.copytree(PUBLIC, tmp_path / "record")
    path = tmp_path / "record" / "selection.ndjson"
    path.write_text(path.read_text().replace("1e69f3c9", "1e69f3c8", 1))
    return tmp_path / "record"


class TestVerify:
    """`verify RECORD [--json] [--commitment C] [--key KEY]… [--require CHECK,…]`."""

    def test_a_good_record_exits_with_0_and_says_so_in_chinese_and_english(self) -> None:
        """Each check on a line, then the warnings, C and the verdict."""
        result = run("verify", PUBLIC)
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        assert [line.split()[0] for line in lines[:13]] == list(CHECKS)
        assert lines[6] == "selection 通过 ok"
        assert f"C {C}" in lines
        assert lines[-1] == "结论：所含部分全部通过 | verdict: all that is in this record verified"

    def test_json_has_exactly_the_members_of_the_text(self) -> None:
        """Section 11: ok, complete, C, checks, warnings."""
        result = run("verify", "--json", PUBLIC)
        value = json.loads(result.stdout)
        assert list(value) == ["ok", "complete", "C", "checks", "warnings"]
        assert (value["ok"], value["complete"], value["C"]) == (True, False, C)
        assert [list(check) for check in value["checks"]] == [["check", "status", "detail"]] * 13
        assert all(isinstance(warning, str) for warning in value["warnings"])

    def test_a_changed_digit_exits_with_1_and_is_named(self, forged: Path) -> None:
        """File, line, expected, found: what an officer and a journalist read."""
        result = run("verify", forged)
        assert result.exit_code == 1
        assert 'selection 不符 failed selection.ndjson 第 1 行 key：应为 "1e69f3c9' in result.stdout
        assert "selection.ndjson line 1 key: expected" in result.stdout
        assert result.stdout.splitlines()[-1].startswith("结论：记录不符")
        assert json.loads(run("verify", forged, "--json").stdout)["ok"] is False

    def test_a_zip_verifies_like_the_folder(self, tmp_path: Path) -> None:
        """A folder, or a zip of it."""
        write_zip(tmp_path / "x.zip", {p.name: [p.read_bytes()] for p in sorted(PUBLIC.iterdir())})
        assert run("verify", tmp_path / "x.zip").stdout == run("verify", PUBLIC).stdout

    def test_a_drand_signature_is_checked(self) -> None:
        """The infeasible sample was drawn with a round of quicknet."""
        assert run("verify", VECTORS / "record-audit-infeasible").exit_code == 0

    @pytest.mark.parametrize(("commitment", "code"), [(C, 0), (ZEROS, 1)])
    def test_the_published_commitment_is_compared(self, commitment: str, code: int) -> None:
        """A record of another plan is not the record of this draw."""
        assert run("verify", PUBLIC, "--commitment", commitment).exit_code == code

    @pytest.mark.parametrize(
        ("required", "code"),
        [("selection", 0), ("format,plan", 0), ("teams", 1), ("selection,log", 1), ("witness", 1)],
    )
    def test_what_is_required_may_not_be_withheld(self, required: str, code: int) -> None:
        """Exit 1 when a required check is withheld."""
        assert run("verify", PUBLIC, "--require", required).exit_code == code

    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            (PUBLIC, "--require", "luck"),
            (PUBLIC, "--require", "plan,"),
            (PUBLIC, "--colour"),
            (PUBLIC, PUBLIC),
            (PUBLIC, "--key", "no key"),
            (PUBLIC, "--key", "name+00000000+AA=="),
            (PUBLIC, "--key", "name+00000000+A"),
        ],
    )
    def test_a_wrong_command_line_exits_with_2(self, arguments: tuple[object, ...]) -> None:
        """Nothing is verified, nothing is on stdout."""
        result = run("verify", *arguments)
        assert result.exit_code == 2
        assert result.stdout == ""

    def test_keys_are_taken_as_text(self) -> None:
        """Several may be given; this version checks no signature with them."""
        assert run("verify", PUBLIC, "--key", key(), "--key", key()).exit_code == 0

    @pytest.mark.parametrize("content", [None, b"", b"no zip"])
    def test_what_cannot_be_opened_exits_with_2_and_one_line(
        self, tmp_path: Path, content: bytes | None
    ) -> None:
        """No such path, or neither a folder nor a zip."""
        if content is not None:
            (tmp_path / "x").write_bytes(content)
        result = run("verify", tmp_path / "x")
        assert result.exit_code == 2
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1

    def test_a_pipe_in_place_of_a_record_exits_with_2_at_once(self, tmp_path: Path) -> None:
        """It is neither a folder nor a zip; waiting for somebody to write into it would take forever."""
        os.mkfifo(tmp_path / "pipe")
        done = subprocess.run(
            [sys.executable, "-c", "from app.cli import main; main()", "verify", str(tmp_path / "pipe")],
            capture_output=True,
            check=False,
            timeout=30,
        )
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1

    def test_an_empty_folder_is_a_bad_record(self, tmp_path: Path) -> None:
        """It can be opened, so its format fails."""
        assert run("verify", tmp_path).exit_code == 1

    def test_on_a_terminal_the_checks_are_a_table(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Rich draws it; details with brackets are shown as they are."""
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("COLUMNS", "160")
        result = run("verify", PUBLIC)
        assert result.exit_code == 0
        assert "抽取结果 selection" in result.stdout
        assert "┃" in result.stdout

    def test_the_command_itself_needs_no_chinese_console(self, forged: Path) -> None:
        """In a pipe with an ASCII encoding the report is escaped, not a traceback."""
        done = subprocess.run(
            [sys.executable, "-c", "from app.cli import main; main()", "verify", str(forged)],
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1
        assert b"failed" in done.stdout
        assert b"Traceback" not in done.stderr


class TestVerifyProof:
    """`verify-proof PROOF --plan PLAN [--record RECORD]`."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """Give a plan, two entities' proofs, one drawn and one not, and the public record."""
        draw = held(venues(20))
        prover = Prover(draw.prepared.frozen, commitment=draw.prepared.commitment)
        drawn = {row.line for row in draw.held.drawing.selection.drawn}
        for name, line in (("drawn", min(drawn)), ("spared", min(set(range(20)) - drawn))):
            value = proof_object(prover.prove(line, revealed=True))
            (tmp_path / f"{name}.json").write_text(json.dumps(value))
        (tmp_path / "plan.json").write_bytes(draw.prepared.plan_bytes)
        write_folder(tmp_path / "record", {name: [content] for name, content in draw.public().items()})
        return tmp_path

    def test_a_proof_holds_and_says_what_it_shows(self, folder: Path) -> None:
        """Line, stratum, tickets, in both languages."""
        result = run("verify-proof", folder / "drawn.json", "--plan", folder / "plan.json")
        assert result.exit_code == 0
        assert "证明成立" in result.stdout
        assert "in stratum ktv, with " in result.stdout

    @pytest.mark.parametrize(
        ("name", "word"), [("drawn", "被抽中（随机抽取） | drawn (open)"), ("spared", "未被抽中 | not drawn")]
    )
    def test_with_a_record_it_says_whether_and_why_drawn(self, folder: Path, name: str, word: str) -> None:
        """20 venues with 1, 2, 3, 1, … tickets have 39 in the stratum."""
        result = run(
            *("verify-proof", folder / f"{name}.json", "--plan", folder / "plan.json"),
            *("--record", folder / "record"),
        )
        assert result.exit_code == 0
        assert "of 39 tickets in the stratum" in result.stdout
        assert word in result.stdout

    def test_a_voided_record_says_that_nothing_was_drawn(self, folder: Path) -> None:
        """Before the random value there is no selection."""
        for name in ("entropy.json", "strata.ndjson", "selection.ndjson", "identities.ndjson"):
            (folder / "record" / name).unlink()
        result = run(
            *("verify-proof", folder / "drawn.json", "--plan", folder / "plan.json"),
            *("--record", folder / "record"),
        )
        assert result.exit_code == 0
        assert "nothing was drawn" in result.stdout

    def test_a_proof_that_does_not_hold_exits_with_1(self, folder: Path) -> None:
        """The difference is named."""
        value = json.loads((folder / "drawn.json").read_text()) | {"N": ZEROS}
        (folder / "drawn.json").write_text(json.dumps(value))
        result = run("verify-proof", folder / "drawn.json", "--plan", folder / "plan.json")
        assert result.exit_code == 1
        assert "proof.json X: expected" in result.stdout

    def test_a_record_of_another_draw_exits_with_1(self, folder: Path) -> None:
        """The record must be that of the plan."""
        result = run(
            *("verify-proof", folder / "drawn.json", "--plan", folder / "plan.json", "--record", PUBLIC)
        )
        assert result.exit_code == 1
        assert "the record does not verify: plan" in result.stdout

    @pytest.mark.parametrize("missing", ["drawn.json", "plan.json", "record"])
    def test_what_cannot_be_opened_exits_with_2(self, folder: Path, missing: str) -> None:
        """Proof, plan and record alike, with one line."""
        target = folder / missing
        shutil.rmtree(target) if target.is_dir() else target.unlink()
        result = run(
            *("verify-proof", folder / "drawn.json", "--plan", folder / "plan.json"),
            *("--record", folder / "record"),
        )
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1

    def test_an_endless_proof_is_given_up(self, folder: Path) -> None:
        """A device that never ends is read only so far."""
        result = run("verify-proof", "/dev/zero", "--plan", folder / "plan.json")
        assert result.exit_code == 2
