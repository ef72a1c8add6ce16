"""The vault: secrets sealed at rest with AES-256-GCM (NIST SP 800-38D); its key never enters the database."""

import hashlib
import hmac
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_KEY_BYTES = 32


class WrongVaultKeyError(RuntimeError):
    """The sealed bytes do not open under this key: the key changed, or the bytes did."""


class Vault:
    """Seals bytes under one key; `context` (a table and a row's id, say) must be the same to open them."""

    def __init__(self, key: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise ValueError(
                "the vault's key must be 32 bytes, 64 hex digits (保险库密钥必须是 64 位十六进制)"
            )
        self._cipher = AESGCM(key)
        self._digest_key = hmac.digest(key, b"double-random/digest", hashlib.sha256)

    def seal(self, content: bytes, *, context: str) -> bytes:
        """Encrypt; the nonce goes first."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, context.encode())

    def digest(self, content: str, *, context: str) -> str:
        """A keyed digest (HMAC-SHA-256): what is short cannot be guessed from it without the vault's key."""
        keyed = f"{context}|{content}".encode()
        return hmac.digest(self._digest_key, keyed, hashlib.sha256).hex()

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt.

        Raises:
            WrongVaultKeyError: not sealed under this key and context.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], context.encode())
        except InvalidTag as error:
            raise WrongVaultKeyError(
                f"{context} does not open: check DR_VAULT_KEY or var/vault.key (无法解密，请核对保险库密钥)"
            ) from error


def development_key(var: Path) -> bytes:
    """The key kept in `var/vault.key`, made on first use, readable by its owner only."""
    path = var / "vault.key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(_KEY_BYTES), encoding="ascii")
    return bytes.fromhex(path.read_text(encoding="ascii").strip())
