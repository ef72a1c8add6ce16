"""Findings of checks, as they are told."""

from app.domain.findings import Finding, unnamed


def test_a_finding_can_be_told_without_naming_anybody() -> None:
    """Clause B8: how many there are may be said where who they are may not."""
    found = Finding("collision-undecided", {"count": 2, "examples": ["src:1", "src:2"]})
    assert unnamed(found) == Finding("collision-undecided", {"count": 2, "examples": ["…"]})
    plain = Finding("no-inspectors", {"lines": 3})
    assert unnamed(plain) == plain
