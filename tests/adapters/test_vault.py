"""The vault: what it seals opens only under the same key and context."""

from pathlib import Path

import pytest

from app.adapters.vault import Vault, WrongVaultKeyError, development_key

KEY = bytes(range(32))


def test_what_is_sealed_opens_again_and_never_looks_the_same_twice() -> None:
    """A fresh nonce each time."""
    vault = Vault(KEY)
    first, second = (vault.seal(b"secret", context="draws/1") for _ in range(2))
    assert first != second
    assert vault.open(first, context="draws/1") == vault.open(second, context="draws/1") == b"secret"


@pytest.mark.parametrize(
    ("key", "context", "flip"),
    [(bytes(32), "draws/1", 0), (KEY, "draws/2", 0), (KEY, "draws/1", 1)],
    ids=["another key", "another row", "a changed byte"],
)
def test_nothing_else_opens_it(key: bytes, context: str, flip: int) -> None:
    """AES-GCM authenticates the content and the context."""
    sealed = bytearray(Vault(KEY).seal(b"secret", context="draws/1"))
    sealed[-1] ^= flip
    with pytest.raises(WrongVaultKeyError):
        Vault(key).open(bytes(sealed), context=context)


def test_a_short_key_is_refused() -> None:
    """32 bytes, no less."""
    with pytest.raises(ValueError, match="64 hex digits"):
        Vault(b"short")


def test_development_keeps_its_key_for_its_owner_only(tmp_path: Path) -> None:
    """Made once, mode 0600."""
    made = development_key(tmp_path / "var")
    assert development_key(tmp_path / "var") == made
    assert (tmp_path / "var" / "vault.key").stat().st_mode & 0o777 == 0o600
