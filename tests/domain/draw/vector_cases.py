"""The vectors that come with DR1, read from `tests/vectors`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

VECTORS: Final = Path(__file__).parents[2] / "vectors"

Case = dict[str, Any]


def vector(name: str) -> Any:
    """Read one file of vectors."""
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def draws() -> Iterator[tuple[str, Case]]:
    """Give every whole draw among the vectors, with a name for the test's report."""
    for path in sorted(VECTORS.glob("*.json")):
        content = vector(path.stem)
        if isinstance(content, list):
            yield from ((f"{path.stem}-{number}", case) for number, case in enumerate(content))
        elif "roster" in content:
            yield path.stem, content
        else:
            named = ((name, case) for name, case in content.items() if isinstance(case, dict))
            yield from ((name, case) for name, case in named if "roster" in case)
