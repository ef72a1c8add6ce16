"""The folder of evidence: whole files or none, each content once."""

import hashlib
import threading
from pathlib import Path

import pytest

from app.adapters.evidence_store import EvidenceFolder


def test_a_content_is_kept_once_under_its_digest(tmp_path: Path) -> None:
    """The name follows from the content."""
    folder = EvidenceFolder(tmp_path / "evidence")
    name = folder.put(b"photo")
    digest = hashlib.sha256(b"photo").hexdigest()
    assert name == f"{digest[:2]}/{digest}"
    assert folder.put(b"photo") == name
    assert folder.get(name) == b"photo"
    assert [one for one in (tmp_path / "evidence").rglob("*") if one.is_file()] == [
        tmp_path / "evidence" / name
    ]


def test_a_write_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A folder where a file is in the way; the error is the operating system's."""
    (tmp_path / "evidence").write_bytes(b"in the way")
    folder = EvidenceFolder(tmp_path / "evidence")
    with pytest.raises(OSError, match="evidence"):
        folder.put(b"photo")
    assert [one.name for one in tmp_path.iterdir()] == ["evidence"]


def test_what_a_crash_left_behind_is_in_nobody_s_way(tmp_path: Path) -> None:
    """Half a file under a temporary name, or a whole one without a row: the next attempt succeeds."""
    folder = EvidenceFolder(tmp_path)
    name = folder.put(b"photo")
    (tmp_path / name).unlink()
    (tmp_path / name[:2] / ".crashed.tmp").write_bytes(b"pho")
    assert folder.put(b"photo") == name
    assert folder.put(b"photo") == name
    assert folder.get(name) == b"photo"


def test_several_at_once_keep_the_same_content(tmp_path: Path) -> None:
    """Each has a temporary name of its own."""
    folder = EvidenceFolder(tmp_path)
    content = b"photo" * 100_000
    threads = [threading.Thread(target=folder.put, args=(content,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert len(files) == 1
    assert files[0].read_bytes() == content


def test_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Reading says so."""
    with pytest.raises(FileNotFoundError):
        EvidenceFolder(tmp_path).get("00/none")
