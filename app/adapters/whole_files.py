"""Files that appear whole or not at all: written under another name beside their own, then renamed."""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

_OWNER_ONLY = 0o600
_OWNER_ONLY_FOLDER = 0o700
_ANYBODY = 0o644


class ExistsError(Exception):
    """Something is there already, and it was not asked to be replaced; `path` says where."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists")
        self.path = path


@contextmanager
def whole_file(path: Path, *, private: bool = False, replace: bool = False) -> Iterator[Path]:
    """Give an empty file to write, which takes its own name when the block ends well.

    Args:
        path: its own name.
        private: only its owner may read it.
        replace: an older file of that name gives way.

    Raises:
        ExistsError: there is one.
        OSError: no space, no right; nothing is left behind.
    """
    check_free(path, replace=replace)
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        os.close(os.open(writing, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY if private else _ANYBODY))
        yield writing
        with writing.open("rb") as written:
            os.fsync(written.fileno())
        writing.replace(path)
    finally:
        writing.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, *, replaceable: Collection[str] = ()) -> Iterator[Path]:
    """Give an empty folder, its owner's only, which takes its own name when the block ends well.

    Args:
        path: its own name.
        replaceable: an older folder gives way when it holds no other files than these.

    Raises:
        ExistsError: there is something else.
        OSError: no space, no right; nothing is left behind.
    """
    check_folder_free(path, replaceable=replaceable)
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        writing.mkdir(mode=_OWNER_ONLY_FOLDER)
        yield writing
        if path.exists():
            shutil.rmtree(path)
        writing.replace(path)
    finally:
        shutil.rmtree(writing, ignore_errors=True)


def check_free(path: Path, *, replace: bool = False) -> None:
    """See that a file of this name may be written.

    Raises:
        ExistsError: there is something that may not be replaced.
    """
    if path.is_dir() or (path.exists() and not replace):
        raise ExistsError(path)


def check_folder_free(path: Path, *, replaceable: Collection[str] = ()) -> None:
    """See that a folder of this name may be written: new, empty, or holding only what may be replaced.

    Raises:
        ExistsError: there is something else.
    """
    if not path.exists():
        return
    if not path.is_dir() or any(found.name not in replaceable for found in path.iterdir()):
        raise ExistsError(path)
