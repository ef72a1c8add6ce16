"""A draw's record on disk: a folder, or a zip with the files at its root (DR1 section 10).

Reading trusts nothing: links, encrypted members and unusual compression are refused when they are read,
names are handed on as they stand, and nothing is unpacked to disk. The same files give the same bytes.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import reduce
from operator import or_
from pathlib import Path
from typing import BinaryIO, Final

from app.domain.draw.record.source import RecordSource, UnreadableError

_PIECE: Final = 1 << 20
_MOST_NAMES: Final = 1_000
"""Names that are looked at; a record has at most 15 files, so this many prove that it is none."""
_MOST_DIRECTORY_BYTES: Final = 1 << 20
_READ_PLAINLY: Final = reduce(
    or_, (getattr(os, name, 0) for name in ("O_RDONLY", "O_BINARY", "O_NOFOLLOW", "O_NONBLOCK"))
)
"""Neither follow a link nor wait for somebody to write into a pipe, where the system knows these."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_FILE_MODE: Final = stat.S_IFREG | 0o644
_END: Final = struct.Struct("<4s4H2LH")
_END_64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64: Final = struct.Struct("<4sLQL")
_ENCRYPTED: Final = 0x1


class CannotOpenError(ValueError):
    """There is no record to be opened there."""


class FolderRecord:
    """A record as a folder of plain files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        names = []
        with os.scandir(folder) as entries:
            for entry in entries:
                names.append(entry.name)
                if len(names) >= _MOST_NAMES:
                    break
        self._names = sorted(names)

    def names(self) -> list[str]:
        """Every entry of the folder, sorted."""
        return self._names

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a plain file; see `RecordSource`."""
        path = self._folder / name
        try:
            if path.is_symlink():
                raise UnreadableError("是链接", "a link")
            descriptor = os.open(path, _READ_PLAINLY)
            with os.fdopen(descriptor, "rb") as file:
                if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                    raise UnreadableError("不是普通文件", "not a plain file")
                while piece := file.read(_PIECE):
                    yield piece
        except OSError as error:
            raise UnreadableError("无法读取", f"cannot be read: {error.strerror}") from error


class ZipRecord:
    """A record as a zip archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members = archive.infolist()[:_MOST_NAMES]

    def names(self) -> list[str]:
        """Every member as the archive names it, duplicates and paths included."""
        return [member.orig_filename for member in self._members]

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member; see `RecordSource`."""
        member = next(member for member in self._members if member.orig_filename == name)
        mode = member.external_attr >> 16
        if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
            raise UnreadableError("是链接或特殊文件", "a link or special file")
        if member.flag_bits & _ENCRYPTED:
            raise UnreadableError("已加密", "encrypted")
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise UnreadableError(
                "压缩方式不是 stored 或 deflate", "compressed with neither stored nor deflate"
            )
        try:
            with self._archive.open(member) as file:
                while piece := file.read(_PIECE):
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise UnreadableError("压缩成员已损坏", f"a broken member of the zip: {error}") from error


@contextmanager
def open_record(path: Path) -> Iterator[RecordSource]:
    """Open a folder or a zip as a record.

    Raises:
        CannotOpenError: no such path, neither a folder nor a zip, or not readable.
    """
    with ExitStack() as closing:
        try:
            record = _open(path, closing)
        except (OSError, zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            raise CannotOpenError(f"无法打开记录 cannot open the record {path}: {reason}") from error
        yield record


def _open(path: Path, closing: ExitStack) -> RecordSource:
    if path.is_dir():
        return FolderRecord(path)
    # A pipe would keep us waiting, and a device has no end.
    if path.exists() and not path.is_file():
        raise zipfile.BadZipFile("neither a folder nor a zip")
    file = closing.enter_context(path.open("rb"))
    _check_directory(file)
    return ZipRecord(closing.enter_context(zipfile.ZipFile(file)))


def _check_directory(file: BinaryIO) -> None:
    """Refuse a central directory that would fill the memory before the first name is seen."""
    size = file.seek(0, os.SEEK_END)
    tail_at = max(0, size - _END.size - 0xFFFF - _LOCATOR_64.size)
    file.seek(tail_at)
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise zipfile.BadZipFile("neither a folder nor a zip")
    directory = _END.unpack_from(tail, at)[5]
    locator = tail[max(0, at - _LOCATOR_64.size) : at]
    if len(locator) == _LOCATOR_64.size and locator.startswith(b"PK\x06\x07"):
        file.seek(max(0, min(size, tail_at + at - _LOCATOR_64.size - _END_64.size)))
        record = file.read(_END_64.size)
        directory = max(directory, _END_64.unpack(record)[8])
    if directory > _MOST_DIRECTORY_BYTES:
        raise zipfile.BadZipFile("far more members than a record has")
    file.seek(0)


def write_folder(folder: Path, files: Mapping[str, Iterable[bytes]]) -> None:
    """Write a record's files into a new or empty folder.

    Raises:
        FileExistsError: the folder has something in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} 不是空目录: is not an empty folder")
    for name, pieces in files.items():
        with (folder / name).open("xb") as file:
            file.writelines(pieces)


def write_zip(target: Path | BinaryIO, files: Mapping[str, Iterable[bytes]]) -> None:
    """Write a record's files as a zip; the same files give the same bytes."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files.items():
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = _FILE_MODE << 16
            member.create_system = 3
            with archive.open(member, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)
