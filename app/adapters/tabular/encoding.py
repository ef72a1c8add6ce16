"""Lines of a text file of untold encoding: UTF-8 if all of it is valid UTF-8, else GB18030, else an error.

Chinese text in GB18030 is hardly ever valid UTF-8, while UTF-8 often is valid GB18030: hence the order.
"""

import codecs
import io
from collections.abc import Iterator
from functools import partial
from typing import IO

from app.adapters.tabular.bounds import MAX_LINE, TableError

_CHUNK = 1 << 16
_BOM = "\ufeff"


def decoded_lines(stream: IO[bytes]) -> Iterator[str]:
    """Read a text file from its start, line ends kept, a byte order mark left out; the stream stays open.

    Raises:
        TableError: `nul-bytes`, `bad-encoding`, or `broken-row` for an endless line.
    """
    encoding = _encoding(stream)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        row = 0
        while line := text.readline(MAX_LINE):
            row += 1
            if len(line) == MAX_LINE:
                raise TableError("broken-row", row=row)
            yield line.removeprefix(_BOM) if row == 1 else line
    finally:
        if not stream.closed:
            text.detach()


def _encoding(stream: IO[bytes]) -> str:
    failures = []
    for encoding in ("utf-8", "gb18030"):
        failed_in = _failing_row(stream, encoding)
        if failed_in is None:
            return encoding
        failures.append(failed_in)
    raise TableError("bad-encoding", row=max(failures))


def _failing_row(stream: IO[bytes], encoding: str) -> int | None:
    """Tell about which row the file stops being valid in an encoding; None when it never does."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row = 1
    stream.seek(0)
    for chunk in iter(partial(stream.read, _CHUNK), b""):
        if b"\0" in chunk:
            raise TableError("nul-bytes", row=row + chunk[: chunk.index(b"\0")].count(b"\n"))
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as broken:
            return row + broken.object[: broken.start].count(b"\n")
        row += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return row
    return None
