"""Where a record comes from, and reading it in bounded pieces (DR1 section 10, limits)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.domain.draw.basics.findings import Place

_KIB = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a record is read; the numbers of DR1 section 10, and one of our own for JSON files."""

    lines: int = 2_000_000
    line_bytes: int = 64 * _KIB
    record_bytes: int = 4 * _KIB**3
    json_bytes: int = 32 * _KIB**2
    """A JSON file is parsed as a whole: this bounds the memory for it."""
    amendments: int = 1_000


LIMITS = Limits()


class UnreadableError(ValueError):
    """A member that is no plain readable file; `zh` and `en` say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


class RecordSource(Protocol):
    """A folder, a zip or a mapping that holds a record's files."""

    def names(self) -> Sequence[str]:
        """Every member as it is named, duplicates, folders and strangers included."""
        ...

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member in pieces of at most 1 MiB.

        Raises:
            UnreadableError: a link, a folder, an encrypted or broken member.
        """
        ...


class Reader:
    """Reads the files of one source, and counts what it has read in all."""

    def __init__(self, source: RecordSource, limits: Limits = LIMITS) -> None:
        self._source = source
        self._limits = limits
        self._read = 0

    def whole(self, name: str) -> bytes:
        """All bytes of a JSON file.

        Raises:
            DifferenceError: it is too long or cannot be read.
        """
        content = bytearray()
        for piece in self._pieces(name):
            content += piece
            if len(content) > self._limits.json_bytes:
                raise Place(name).wrong("JSON 文件过大", f"longer than {self._limits.json_bytes} bytes")
        return bytes(content)

    def rows(self, name: str, *, most: int | None = None) -> Iterator[bytes]:
        """The lines of an NDJSON file without their LF.

        Raises:
            DifferenceError: no LF at the end, a CR, a blank or overlong line, too many lines, no plain file.
        """
        most = self._limits.lines if most is None else most
        row = 0
        rest = b""
        for piece in self._pieces(name):
            block = rest + piece
            lines = block.split(b"\n")
            rest = lines.pop()
            kept = lines[: most - row]
            # Whole blocks are looked through at machine speed, and only a faulty one line by line.
            if b"\r" in block or not all(kept) or max(map(len, kept), default=0) > self._limits.line_bytes:
                yield from self._checked(name, row, kept)
            else:
                yield from kept
            if len(kept) < len(lines):
                raise Place(name, most).wrong(f"超过 {most} 行", f"more than {most} lines")
            row += len(lines)
            self._check_length(Place(name, row), rest)
        if rest:
            raise Place(name, row).wrong("最后一行没有以 LF 结尾", "the last line is not ended by LF")

    def _checked(self, name: str, first: int, lines: list[bytes]) -> Iterator[bytes]:
        for row, line in enumerate(lines, start=first):
            place = Place(name, row)
            if not line:
                raise place.wrong("空行", "a blank line")
            if b"\r" in line:
                raise place.wrong("行内有 CR，行须以 LF 结尾", "a CR: lines end with LF alone")
            self._check_length(place, line)
            yield line

    def _check_length(self, place: Place, line: bytes) -> None:
        if len(line) > self._limits.line_bytes:
            raise place.wrong(
                f"一行超过 {self._limits.line_bytes} 字节", f"longer than {self._limits.line_bytes} bytes"
            )

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            for piece in self._source.pieces(name):
                self._read += len(piece)
                if self._read > self._limits.record_bytes:
                    most = self._limits.record_bytes
                    raise Place(name).wrong(
                        f"整个记录解压后超过 {most} 字节", f"the record unpacks to more than {most} bytes"
                    )
                yield piece
        except UnreadableError as error:
            raise Place(name).wrong(error.zh, error.en) from error
