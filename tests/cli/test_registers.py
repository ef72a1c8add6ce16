"""`double-random import`, `export` and `template`: register files in and out of the database."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.domain.registers import REGISTERS, headers
from app.store.schema import migrate
from app.store.session import Database
from tests.offline_desk import SAMPLES, run, start

HERE = ("--region", "410928")


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of an installation whose settings are in the environment, with an empty database."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("DR_VAR", str(tmp_path / "var"))
    database = Database(url)
    migrate(database)
    database.close()
    return tmp_path


def counts(created: int, *, updated: int = 0, unchanged: int = 0, rejected: int = 0) -> str:
    """Give the line that an import ends with."""
    changed = f"新增 created {created}，更新 updated {updated}，未变 unchanged {unchanged}"
    return f"{changed}，退回 rejected {rejected}"


class TestImport:
    """The same job as `POST /v1/imports`."""

    def test_the_real_command_imports_and_says_what_became_of_the_rows(self, installation: Path) -> None:
        """And nothing in a pipe moves: no bars. The second time nothing changes."""
        assert installation.exists()
        first = start("import", "inspectors", SAMPLES / "inspectors.csv", *HERE)
        assert (first.returncode, first.stdout, first.stderr) == (0, counts(64) + "\n", "")
        again = run("import", "inspectors", SAMPLES / "xlsx/inspectors.xlsx", *HERE)
        assert again.stdout == counts(0, unchanged=64) + "\n"

    def test_bad_rows_are_listed_and_the_others_land(self, installation: Path) -> None:
        """Exit 1: the officer has something to mend."""
        assert installation.exists()
        bad = SAMPLES / "entities-bad-rows.csv"
        dry = run("import", "entities", bad, *HERE, "--dry-run")
        assert dry.exit_code == 1
        assert dry.stdout == f"预检 dry run: {counts(2, rejected=26)}\n"
        assert "entities-bad-rows.csv 第 4 行 uscc: " in dry.stderr
        landed = run("import", "entities", bad, *HERE, "--lang", "en")
        assert landed.stdout == counts(2, rejected=26) + "\n"
        assert "entities-bad-rows.csv row 4 uscc: " in landed.stderr

    def test_all_or_nothing_lands_nothing(self, installation: Path) -> None:
        """`--on-error abort`."""
        assert installation.exists()
        result = run("import", "entities", SAMPLES / "entities-bad-rows.csv", *HERE, "--on-error", "abort")
        assert result.exit_code == 1
        assert "导入未完成" in result.stderr
        assert run("export", "entities").stdout.count("\n") == 1

    def test_a_full_import_says_how_many_were_not_seen(self, installation: Path) -> None:
        """It closes nothing."""
        file = installation / "some.csv"
        lines = (SAMPLES / "inspectors.csv").read_text("utf-8-sig").splitlines()
        file.write_text("\n".join(lines[:11]), encoding="utf-8")
        run("import", "inspectors", SAMPLES / "inspectors.csv", *HERE)
        result = run("import", "inspectors", file, *HERE, "--mode", "full")
        assert result.stdout == counts(0, unchanged=10) + "，未见 not seen 54\n"

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (("entities", "absent.csv", *HERE), 2),
            (("entities", "samples", *HERE), 2),
            (("entities", SAMPLES / "entities.csv", "--region", "county"), 2),
            (("entities", SAMPLES / "entities.csv"), 2),
            (("hotels", SAMPLES / "entities.csv", *HERE), 2),
            (("entities", SAMPLES / "visits.csv", *HERE), 1),
        ],
    )
    def test_refusals_are_told(self, installation: Path, arguments: tuple[object, ...], code: int) -> None:
        """Unreadable files, a wrong command line, another register's file."""
        assert installation.exists()
        result = run("import", *arguments)
        assert result.exit_code == code
        assert "Traceback" not in result.output

    def test_a_database_that_is_behind_or_out_of_reach_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Which command mends it, or which setting."""
        monkeypatch.setenv("DR_VAR", str(tmp_path / "var"))
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
        behind = run("export", "entities")
        assert behind.exit_code == 1
        assert "double-random migrate" in behind.stderr
        (tmp_path / "text.db").write_text("no database at all, just text" * 100)
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'text.db'}")
        broken = run("export", "entities")
        assert broken.exit_code == 2
        assert "DATABASE_URL" in broken.stderr


class TestExport:
    """What comes out goes in again, and harms no spreadsheet."""

    @pytest.mark.parametrize("ending", ["csv", "xlsx", "ndjson"])
    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_an_export_imports_without_a_change(self, installation: Path, ending: str, lang: str) -> None:
        """In each format and language."""
        run("import", "inspectors", SAMPLES / "inspectors.csv", *HERE)
        out = installation / f"out.{ending}"
        result = run("export", "inspectors", "--format", ending, "--lang", lang, "--out", out)
        assert (result.exit_code, result.stdout) == (0, f"已写入 written: {out}\n")
        assert run("import", "inspectors", out, *HERE).stdout == counts(0, unchanged=64) + "\n"

    def test_formula_looking_cells_are_neutralised(self, installation: Path) -> None:
        """A unit whose name begins with = must not be computed by whoever opens the file."""
        file = installation / "one.csv"
        file.write_text(
            "code,name,certificate_no,certificate_to,agency,unit\na1,姓名,示例-1,2036-01-01,psb,=1+1\n",
            encoding="utf-8",
        )
        assert run("import", "inspectors", file, *HERE).exit_code == 0
        csv = run("export", "inspectors", "--lang", "en").stdout
        assert ",=1+1" not in csv
        out = installation / "one.xlsx"
        run("export", "inspectors", "--format", "xlsx", "--out", out)
        cells = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0).to_python()[1]
        assert any(str(cell).endswith("=1+1") for cell in cells)
        assert run("import", "inspectors", out, *HERE).stdout == counts(0, unchanged=1) + "\n"

    @pytest.mark.parametrize("register", sorted(REGISTERS))
    def test_every_register_is_exported(self, installation: Path, register: str) -> None:
        """With its headers, even when nothing is in it."""
        assert installation.exists()
        said = run("export", register, "--lang", "en").stdout
        assert said.removeprefix("\ufeff").splitlines() == [",".join(headers(REGISTERS[register], "en"))]

    def test_an_older_file_is_replaced_only_by_force(self, installation: Path) -> None:
        """Exit 2 without."""
        out = installation / "out.csv"
        out.write_bytes(b"older")
        assert run("export", "entities", "--out", out).exit_code == 2
        assert out.read_bytes() == b"older"
        assert run("export", "entities", "--out", out, "--force").exit_code == 0


@pytest.mark.parametrize("register", sorted(REGISTERS))
def test_templates_have_the_registers_headers(tmp_path: Path, register: str) -> None:
    """No database is needed for an empty workbook."""
    out = tmp_path / "empty.xlsx"
    assert run("template", register, "--out", out).exit_code == 0
    sheet = CalamineWorkbook.from_path(str(out)).get_sheet_by_index(0)
    assert sheet.to_python()[0] == headers(REGISTERS[register], "zh")
