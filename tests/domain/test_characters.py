"""Characters that no database keeps, and how they are shown."""

import pytest

from app.domain.characters import unkeepable, visible


@pytest.mark.parametrize(
    ("text", "first"),
    [("歌厅", None), ("a\x00b", "U+0000"), ("\ud800", "U+D800"), ("x\udfff\x00", "U+DFFF"), ("\x07", None)],
)
def test_the_first_that_cannot_be_kept(text: str, first: str | None) -> None:
    """NUL (PostgreSQL) and lone surrogates (UTF-8), nothing else."""
    assert unkeepable(text) == first


def test_what_cannot_be_seen_is_written_out() -> None:
    """Controls and lone surrogates become escapes; the rest stays."""
    assert visible("样\x00例\ud800\x9f") == "样\\u0000例\\ud800\\u009f"
