"""Files that appear whole or not at all."""

from pathlib import Path

import pytest

from app.adapters.whole_files import ExistsError, whole_file, whole_folder


def _run_out_of_space(path: Path) -> None:
    path.write_bytes(b"half")
    raise OSError(28, "No space left on device")


def test_a_file_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    """Nobody reads half a record."""
    path = tmp_path / "deep" / "record.zip"
    with whole_file(path) as writing:
        writing.write_bytes(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole"
    assert list(path.parent.iterdir()) == [path]


def test_what_fails_half_way_leaves_nothing_and_keeps_the_older_file(tmp_path: Path) -> None:
    """A full disk must not cost what was there."""
    path = tmp_path / "record.zip"
    path.write_bytes(b"older")
    with pytest.raises(OSError, match="No space"), whole_file(path, replace=True) as writing:
        _run_out_of_space(writing)
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_private_file_is_its_owners_only(tmp_path: Path) -> None:
    """The secret of a draw lies in one."""
    with whole_file(tmp_path / "secret", private=True) as writing:
        writing.write_bytes(b"s")
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_an_older_file_gives_way_only_when_asked_and_a_folder_never(tmp_path: Path) -> None:
    """`--force` is the user's word."""
    path = tmp_path / "file"
    path.write_bytes(b"older")
    with pytest.raises(ExistsError), whole_file(path):
        pass
    with whole_file(path, replace=True) as writing:
        writing.write_bytes(b"newer")
    assert path.read_bytes() == b"newer"
    with pytest.raises(ExistsError), whole_file(tmp_path, replace=True):
        pass


def test_a_folder_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    """The same for a record as a folder; what fails leaves nothing."""
    path = tmp_path / "record"
    with pytest.raises(OSError, match="No space"), whole_folder(path) as writing:
        _run_out_of_space(writing / "plan.json")
    assert list(tmp_path.iterdir()) == []
    with whole_folder(path) as writing:
        (writing / "plan.json").write_bytes(b"{}")
    assert [found.name for found in path.iterdir()] == ["plan.json"]
    assert path.stat().st_mode & 0o777 == 0o700


def test_a_folder_gives_way_only_if_it_holds_nothing_but_a_record(tmp_path: Path) -> None:
    """`--out .` with `--force` must not delete somebody's documents."""
    path = tmp_path / "record"
    path.mkdir()
    (path / "plan.json").write_bytes(b"older")
    with pytest.raises(ExistsError), whole_folder(path):
        pass
    with whole_folder(path, replaceable=("plan.json",)) as writing:
        (writing / "plan.json").write_bytes(b"newer")
    assert (path / "plan.json").read_bytes() == b"newer"
    (path / "letters.txt").write_bytes(b"mine")
    with pytest.raises(ExistsError), whole_folder(path, replaceable=("plan.json",)):
        pass
