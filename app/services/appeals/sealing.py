"""What people wrote in an appeal, sealed at rest: each text bound to its appeal and its place."""

import json
from collections.abc import Mapping

from app.adapters.vault import Vault
from app.domain.appeals.receipt import receipt_from

RECEIPT_CONTEXT = "appeal_receipts"
"""What binds a receipt, and its digest, to their use."""
RETRY_CONTEXT = "appeal_retries"

FILING, PROPOSAL, DECISION = "filing", "proposal", "decision"
"""The places of sealed texts."""


def sealed(vault: Vault, appeal_id: str, place: str, texts: Mapping[str, str]) -> bytes:
    """Texts by name, sealed."""
    return vault.seal(json.dumps(texts, ensure_ascii=False).encode(), context=_context(appeal_id, place))


def opened(vault: Vault, appeal_id: str, place: str, content: bytes | None) -> Mapping[str, str]:
    """The texts again; none where nothing was sealed yet."""
    if content is None:
        return {}
    texts: Mapping[str, str] = json.loads(vault.open(content, context=_context(appeal_id, place)))
    return texts


def receipt_of(vault: Vault, appeal_id: str) -> str:
    """The receipt of an appeal: it follows from the random id and the vault's key, and is kept nowhere."""
    return receipt_from(vault.digest(appeal_id, context=RECEIPT_CONTEXT))


def receipt_digest(vault: Vault, receipt: str) -> str:
    """What is kept of a receipt."""
    return vault.digest(receipt, context=RECEIPT_CONTEXT)


def _context(appeal_id: str, place: str) -> str:
    return f"appeals/{appeal_id}/{place}"
