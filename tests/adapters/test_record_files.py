"""Records on disk: written to the same bytes, read without trust; hostile ones end in a refusal."""

import io
import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.record_files import CannotOpenError, open_record, write_folder, write_zip
from app.domain.draw.verifier.verify import CHECKS, Report, verify
from tests.domain.draw.forgery import Files, sample


def report_of(path: Path) -> Report:
    """Verify what is at a path."""
    with open_record(path) as record:
        return verify(record, bls=lambda *_: False)


def fault_of(path: Path) -> str:
    """Give the detail of the failed format check."""
    check = report_of(path).checks[0]
    assert check.status == "failed"
    return check.detail


def refusal_of(path: Path) -> str:
    """Give the one line that says why there is no record at a path."""
    with pytest.raises(CannotOpenError) as caught, open_record(path):
        pass
    said = str(caught.value)
    assert "\n" not in said
    return said


def zipped(
    path: Path, change: Callable[[zipfile.ZipFile], object] = lambda _: None, *, leave_out: str = ""
) -> Path:
    """Write the public sample as a zip, and something more."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sample("public").items():
            if name != leave_out:
                archive.writestr(name, content)
        change(archive)
    return path


def pieces(files: Files) -> dict[str, list[bytes]]:
    """Give files as the writers take them."""
    return {name: [content[:50], content[50:]] for name, content in files.items()}


@pytest.mark.parametrize("name", ["public", "audit"])
def test_a_folder_and_a_zip_of_one_record_verify_alike(tmp_path: Path, name: str) -> None:
    """What was written is read back, whichever way."""
    write_folder(tmp_path / "new" / "record", pieces(sample(name)))
    write_zip(tmp_path / "record.zip", pieces(sample(name)))
    folder, archive = report_of(tmp_path / "new" / "record"), report_of(tmp_path / "record.zip")
    assert folder == archive
    assert folder.ok
    assert {p.name: p.read_bytes() for p in (tmp_path / "new" / "record").iterdir()} == sample(name)


def test_the_same_files_give_the_same_zip() -> None:
    """No clock and no machine shows in a zip, so its digest can be published."""
    one, other = io.BytesIO(), io.BytesIO()
    write_zip(one, pieces(sample("public")))
    write_zip(other, {name: [content] for name, content in sample("public").items()})
    assert one.getvalue() == other.getvalue()
    with zipfile.ZipFile(one) as archive:
        assert archive.namelist() == list(sample("public"))
        assert all(member.date_time == (1980, 1, 1, 0, 0, 0) for member in archive.infolist())


def test_a_folder_with_something_in_it_is_not_written_into(tmp_path: Path) -> None:
    """A record never mixes with other files."""
    (tmp_path / "old").touch()
    with pytest.raises(FileExistsError):
        write_folder(tmp_path, {})


class TestWhatCannotBeOpened:
    """No record is there: the caller is told in one line."""

    @pytest.mark.parametrize(
        "content", [b"", b"PK", b"no zip", b"PK\x05\x06" + b"\0" * 10, bytes(range(256)) * 20]
    )
    def test_a_file_that_is_no_zip(self, tmp_path: Path, content: bytes) -> None:
        """A stray file, an empty one, a cut one."""
        (tmp_path / "x").write_bytes(content)
        assert "cannot open" in refusal_of(tmp_path / "x")

    def test_nothing_there(self, tmp_path: Path) -> None:
        """No such path."""
        assert "cannot open" in refusal_of(tmp_path / "missing")

    def test_a_zip_cut_in_two(self, tmp_path: Path) -> None:
        """Without its directory a zip has no members."""
        path = zipped(tmp_path / "x.zip")
        path.write_bytes(path.read_bytes()[:3000])
        assert "cannot open" in refusal_of(path)

    @pytest.mark.parametrize("zip64", [False, True])
    def test_a_directory_of_millions(self, tmp_path: Path, *, zip64: bool) -> None:
        """A directory over 1 MiB is refused before a single name is read from it."""
        directory = b"\0" * (2 << 20)
        size = 46 if zip64 else len(directory)
        end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, 0, 0)
        if zip64:
            record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(directory), 0)
            end = record + struct.pack("<4sLQL", b"PK\x06\x07", 0, len(directory), 1) + end
        (tmp_path / "x.zip").write_bytes(directory + end)
        assert "far more members" in refusal_of(tmp_path / "x.zip")


class TestHostileFolders:
    """Section 10: unknown files, links and paths are refused."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """Give the public sample as a folder."""
        write_folder(tmp_path / "record", pieces(sample("public")))
        return tmp_path / "record"

    def test_a_link_is_not_followed(self, folder: Path) -> None:
        """Though it leads to the very bytes that belong there."""
        (folder / "ids.ndjson").rename(folder.parent / "ids.ndjson")
        (folder / "ids.ndjson").symlink_to(folder.parent / "ids.ndjson")
        assert fault_of(folder).endswith("ids.ndjson: a link")

    def test_a_folder_is_no_file(self, folder: Path) -> None:
        """In the place of a file."""
        (folder / "ids.ndjson").unlink()
        (folder / "ids.ndjson").mkdir()
        assert "cannot be read" in fault_of(folder)

    def test_a_pipe_does_not_hang(self, folder: Path) -> None:
        """A pipe that nobody writes to is no plain file."""
        (folder / "ids.ndjson").unlink()
        os.mkfifo(folder / "ids.ndjson")
        assert "not a plain file" in fault_of(folder)

    @pytest.mark.parametrize("name", ["sub", ".hidden", "plan.json~"])
    def test_strangers_are_refused(self, folder: Path, name: str) -> None:
        """Folders and files that a record does not have."""
        (folder / name).mkdir()
        assert "unknown file" in fault_of(folder)

    def test_a_name_that_is_no_text(self, folder: Path) -> None:
        """A file name of invalid UTF-8 is shown escaped."""
        (folder / os.fsdecode(b"\xff\xfe")).touch()
        assert "unknown file" in fault_of(folder)
        fault_of(folder).encode()

    def test_a_folder_of_thousands_is_looked_at_only_so_far(self, folder: Path) -> None:
        """A thousand names prove that it is no record."""
        for number in range(1_100):
            (folder / f"{number}").touch()
        with open_record(folder) as record:
            assert len(record.names()) == 1_000
        assert "unknown file" in fault_of(folder)


class TestHostileZips:
    """Section 10, and what zips can do besides."""

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_two_members_of_one_name(self, tmp_path: Path) -> None:
        """Readers would disagree which one counts."""
        path = zipped(tmp_path / "x.zip", lambda archive: archive.writestr("ids.ndjson", b""))
        assert "occurs more than once" in fault_of(path)

    @pytest.mark.parametrize(
        "name",
        ["record/plan.json", "/plan.json", "../plan.json", "sub/", "plan.json\\", "C:plan.json", "notes.txt"],
    )
    def test_paths_and_strangers(self, tmp_path: Path, name: str) -> None:
        """Only the files of a record, at the root."""
        path = zipped(tmp_path / "x.zip", lambda archive: archive.writestr(name, b""))
        assert "unknown file" in fault_of(path)

    def test_a_name_with_a_nul(self, tmp_path: Path) -> None:
        """`plan.json`, NUL, something: some readers see the first half only."""
        path = zipped(tmp_path / "x.zip", lambda archive: archive.writestr("ids.ndjsonX", b""))
        path.write_bytes(path.read_bytes().replace(b"ids.ndjsonX", b"ids.ndjson\0"))
        assert "unknown file" in fault_of(path)

    def test_a_link(self, tmp_path: Path) -> None:
        """A member that unpacks to a symbolic link."""
        link = zipfile.ZipInfo("ids.ndjson")
        link.external_attr = 0o120777 << 16
        path = zipped(
            tmp_path / "x.zip", lambda archive: archive.writestr(link, "/etc/passwd"), leave_out="ids.ndjson"
        )
        assert "a link or special file" in fault_of(path)

    def test_an_encrypted_member(self, tmp_path: Path) -> None:
        """The flag is enough."""
        path = zipped(tmp_path / "x.zip")
        content = bytearray(path.read_bytes())
        content[content.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(bytes(content))
        assert ": encrypted" in fault_of(path)

    def test_another_compression(self, tmp_path: Path) -> None:
        """LZMA can ask for gigabytes of dictionary."""
        path = zipped(
            tmp_path / "x.zip",
            lambda archive: archive.writestr("ids.ndjson", b"", compress_type=zipfile.ZIP_LZMA),
            leave_out="ids.ndjson",
        )
        assert "neither stored nor deflate" in fault_of(path)

    def test_a_changed_byte(self, tmp_path: Path) -> None:
        """A member whose checksum does not fit."""
        path = zipped(tmp_path / "x.zip")
        content = path.read_bytes()
        crc = struct.pack("<L", zlib.crc32(sample("public")["ids.ndjson"]))
        path.write_bytes(content.replace(crc, b"\1\2\3\4"))
        assert "a broken member" in fault_of(path)

    def test_a_bomb_costs_what_is_read_of_it(self, tmp_path: Path) -> None:
        """128 MiB of spaces in 128 KiB: given up after a line's length."""
        bomb = [b" " * (1 << 20)] * 128
        files = {**pieces(sample("public")), "lines.ndjson": bomb}
        write_zip(tmp_path / "x.zip", files)
        assert (tmp_path / "x.zip").stat().st_size < 200 << 10
        assert "longer than 65536 bytes" in fault_of(tmp_path / "x.zip")

    def test_a_bomb_of_json_is_bounded(self, tmp_path: Path) -> None:
        """A JSON file is held whole, so at most 32 MiB of it."""
        files = {**pieces(sample("public")), "entropy.json": [b" " * (1 << 20)] * 40}
        write_zip(tmp_path / "x.zip", files)
        assert "entropy.json: longer than" in fault_of(tmp_path / "x.zip")

    @given(st.data())
    @settings(max_examples=150, deadline=None)
    def test_mutated_zips_are_refused_or_answered(
        self, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
    ) -> None:
        """Any bytes changed in a zip: no record, or a report; never anything else."""
        stream = io.BytesIO()
        write_zip(stream, pieces(sample("public")))
        content = bytearray(stream.getvalue())
        for _ in range(data.draw(st.integers(1, 4))):
            # Most structure is in the directory at the end.
            at = data.draw(
                st.integers(0, len(content) - 1) | st.integers(len(content) - 700, len(content) - 1)
            )
            content[at] = data.draw(st.integers(0, 255))
        path = tmp_path_factory.getbasetemp() / "mutated.zip"
        path.write_bytes(content)
        try:
            answer = tuple(check.check for check in report_of(path).checks)
        except CannotOpenError:
            return
        assert answer == CHECKS
