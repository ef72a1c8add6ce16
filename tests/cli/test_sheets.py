"""`double-random sheets`: who goes where, to work on and to print."""

import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from app.adapters.task_sheets import Heading, write_html, write_workbook
from app.domain.task_sheets import TaskSheet
from tests.domain.draw.forgery import VECTORS
from tests.offline_desk import SAMPLES, VALUES, registers, run, start, write_plan

NAMED = ("--entities", SAMPLES / "entities.csv", "--inspectors", SAMPLES / "inspectors.csv")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an audit record of the sample county."""
    folder = tmp_path_factory.mktemp("record")
    out = folder / "draw.zip"
    result = run("draw", "--plan", write_plan(folder), *registers(), "--out", out, *VALUES)
    assert result.exit_code == 0, result.output
    return out


def drawn(record: Path) -> int:
    """Give how many premises the record says were drawn: more towards the end of a duty's window."""
    with zipfile.ZipFile(record) as opened:
        return len(opened.read("selection.ndjson").splitlines())


def overview(folder: Path) -> list[dict[str, object]]:
    """Give the rows of the workbook's overview by header."""
    book = CalamineWorkbook.from_path(str(folder / "task-sheets.xlsx"))
    header, *rows = book.get_sheet_by_name("任务总表").to_python()
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def pages(folder: Path) -> str:
    """Give the pages."""
    return (folder / "task-sheets.html").read_text(encoding="utf-8")


class _Sources(HTMLParser):
    """Collects whatever a page would fetch, and checks that tags nest."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetched += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href", "style"}]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class TestSheets:
    """From the sample county's record, with both registers."""

    def test_the_real_command_writes_a_workbook_and_pages(self, record: Path, tmp_path: Path) -> None:
        """Both say who will be visited, so both are their owner's only."""
        result = start("sheets", record, *NAMED, "--out", tmp_path / "sheets")
        assert result.returncode == 0, result.stderr
        count = drawn(record)
        assert result.stdout.startswith(f"任务单 {count} 份 | {count} task sheets")
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "sheets").iterdir()}
        assert modes == {"task-sheets.xlsx": 0o600, "task-sheets.html": 0o600}

    def test_every_row_has_premises_address_item_officers_and_room_to_sign(
        self, record: Path, tmp_path: Path
    ) -> None:
        """行政处罚法 art. 42: two officers with their certificate numbers."""
        run("sheets", record, *NAMED, "--out", tmp_path)
        rows = overview(tmp_path)
        assert len(rows) == drawn(record)
        for row in rows:
            assert row["检查对象"]
            assert re.search(r"\d+号", str(row["地址"]))
            assert row["抽查事项"] == "娱乐场所治安检查 psb.venues"
            assert str(row["检查人员1"]).startswith("主办 ")
            assert str(row["检查人员2"]).startswith("协办 ")
            assert str(row["执法证号1"]).startswith("示例-PSB-")
            assert row["执法证号1"] != row["执法证号2"]
            assert row["检查人员签名"] == row["被检查单位签名"] == ""

    def test_each_team_has_a_worksheet_and_a_page_of_its_own(self, record: Path, tmp_path: Path) -> None:
        """With the checklist of the item, and everybody who goes."""
        run("sheets", record, *NAMED, "--out", tmp_path)
        book = CalamineWorkbook.from_path(str(tmp_path / "task-sheets.xlsx"))
        assert book.sheet_names == ["任务总表", *(f"{n:03d}" for n in range(1, drawn(record) + 1))]
        first = [cell for row in book.get_sheet_by_name("001").to_python() for cell in row]
        sections = pages(tmp_path).split("<section>")[1:]
        assert len(sections) == drawn(record)
        for row, section in zip(overview(tmp_path), sections, strict=True):
            for column in ("检查对象", "地址", "执法证号1", "执法证号2"):
                assert str(row[column]) in section
            assert str(row["检查人员1"]).removeprefix("主办 ") in section
            assert "开业、变更后是否按规定到公安机关备案" in section
        assert overview(tmp_path)[0]["检查对象"] in first
        assert "检查人员签名" in first

    def test_pages_print_on_a4_and_fetch_nothing(self, record: Path, tmp_path: Path) -> None:
        """They open on a machine that has no network, and nobody learns that they were opened."""
        run("sheets", record, *NAMED, "--out", tmp_path)
        html = pages(tmp_path)
        assert "size: A4" in html
        assert "break-after: page" in html
        assert "://" not in html
        assert "url(" not in html
        assert "@import" not in html
        parser = _Sources()
        parser.feed(html)
        assert (parser.fetched, parser.open) == ([], [])

    def test_without_registers_there_are_ids_only(self, record: Path, tmp_path: Path) -> None:
        """The record itself names nobody."""
        assert run("sheets", record, "--out", tmp_path).exit_code == 0
        row = overview(tmp_path)[0]
        assert (row["检查对象"], row["地址"], row["执法证号1"]) == ("", "", "")
        assert str(row["统一社会信用代码或编号"]) in pages(tmp_path)

    def test_strangers_to_the_registers_are_warned_of(self, record: Path, tmp_path: Path) -> None:
        """Bad rows too: they only cost names, so they stop nothing."""
        other = ("--entities", SAMPLES / "entities-bad-rows.csv", *NAMED[2:])
        result = run("sheets", record, *other, "--out", tmp_path)
        assert result.exit_code == 0
        assert "26 处错误" in result.stderr
        assert f"{drawn(record)} 份任务单有对象或人员不在名录中" in result.stderr


class TestOtherRecords:
    """Infeasible, amended, public, forged."""

    def test_empty_places_of_an_infeasible_draw_are_marked(self, tmp_path: Path) -> None:
        """The partial teams are evidence, not a roster: who has fewer than two officers may not go."""
        result = run("sheets", VECTORS / "record-audit-infeasible", "--out", tmp_path)
        assert result.exit_code == 0
        assert "空缺席位" in result.stderr
        html = pages(tmp_path)
        assert "空缺" in html
        assert "补足之前不得实施检查" in html
        assert any("空缺" in str(value) for row in overview(tmp_path) for value in row.values())

    def test_after_amendments_the_teams_are_the_last_ones(self, tmp_path: Path) -> None:
        """`teams-final.ndjson`, never the withdrawn inspector of the deal."""
        assert run("sheets", VECTORS / "record-amended-sm3", "--out", tmp_path).exit_code == 0
        final = (VECTORS / "record-amended-sm3/teams-final.ndjson").read_text("utf-8")
        shown = {
            str(value).split(" ", 1)[1]
            for row in overview(tmp_path)
            for name, value in row.items()
            if name.startswith("检查人员") and name != "检查人员签名" and "空缺" not in str(value)
        }
        assert shown == set(re.findall(r'"inspector": ?"([^"]+)"', final))

    def test_a_public_record_has_no_teams(self, record: Path, tmp_path: Path) -> None:
        """One line, exit 1."""
        public = record.with_name("draw-public.zip")
        result = run("sheets", public, "--out", tmp_path)
        assert result.exit_code == 1
        assert "审计记录" in result.stderr
        assert list(tmp_path.iterdir()) == []

    def test_nobody_is_sent_out_by_a_forged_record(self, tmp_path: Path) -> None:
        """An inspector exchanged for another one."""
        forged = tmp_path / "forged"
        forged.mkdir()
        for path in (VECTORS / "record-audit").iterdir():
            (forged / path.name).write_bytes(path.read_bytes())
        teams = (forged / "teams.ndjson").read_text("utf-8").splitlines()
        (forged / "teams.ndjson").write_text("\n".join(teams[::-1]) + "\n", "utf-8")
        result = run("sheets", forged, "--out", tmp_path / "sheets")
        assert result.exit_code == 1
        assert "teams" in result.stderr
        assert not (tmp_path / "sheets").exists()

    def test_what_cannot_be_opened_or_overwritten_exits_with_2(self, record: Path, tmp_path: Path) -> None:
        """Absent record; older sheets without `--force`."""
        assert run("sheets", tmp_path / "absent.zip", "--out", tmp_path).exit_code == 2
        assert run("sheets", record, "--out", tmp_path).exit_code == 0
        again = run("sheets", record, "--out", tmp_path)
        assert again.exit_code == 2
        assert "--force" in again.stderr
        assert run("sheets", record, "--out", tmp_path, "--force").exit_code == 0


def test_hostile_names_are_text_in_both_forms(tmp_path: Path) -> None:
    """An entity id is free text: no markup on the page, no formula in the workbook."""
    hostile = "src:=HYPERLINK(1)<script>alert(1)</script>"
    sheet = TaskSheet(number=1, entity=hostile, stratum="s", reason="open", rows=(), places=())
    heading = Heading(item="x", period="p", commitment="0" * 64, checklist=())
    write_html(tmp_path / "task-sheets.html", heading, [sheet])
    write_workbook(tmp_path / "task-sheets.xlsx", heading, [sheet])
    assert "<script>" not in pages(tmp_path)
    assert "检查人员由承担检查的单位指派" in pages(tmp_path)
    assert overview(tmp_path)[0]["统一社会信用代码或编号"] == hostile
