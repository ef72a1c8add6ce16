"""Evidence files in a local folder, named by their content."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class EvidenceFolder:
    """A folder that keeps each content once, under its SHA-256, and never changes what it keeps.

    A crash leaves either the whole file or one with a temporary name that nothing refers to.
    """

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep a content and give the name under which it is kept.

        Raises:
            OSError: no space, no right; nothing is kept.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.folder / sha256[:2] / sha256
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_whole(path, content)
        return f"{sha256[:2]}/{sha256}"

    def get(self, stored_as: str) -> bytes:
        """Give the content kept under a name.

        Raises:
            OSError: it is not there.
        """
        return (self.folder / stored_as).read_bytes()


def _write_whole(path: Path, content: bytes) -> None:
    """Write under a temporary name, bring it to the disk, then rename; the folder's entry goes there too."""
    # Another thread may be writing the same content: each has a temporary name of its own.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)
    entry = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
