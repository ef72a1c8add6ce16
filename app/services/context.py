"""What a use case works with: an `Act` changes something in one transaction, a `Look` only reads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection
from sqlmodel import Session

from app.adapters.vault import Vault
from app.domain.access import Caller
from app.services.ports import Chance, EvidenceStore
from app.settings import Settings


@dataclass(slots=True)
class Act:
    """One request's transaction: everything done with it lands together or not at all."""

    session: Session
    caller: Caller
    now: datetime
    new_id: Callable[[], str]
    vault: Vault
    settings: Settings
    chance: Chance
    clock: Callable[[], datetime]
    evidence: EvidenceStore


@dataclass(frozen=True, slots=True)
class Retry:
    """By what a request that is sent again is known, where its answer holds a secret and is kept nowhere."""

    key: str
    request_sha256: str


@dataclass(slots=True)
class Look:
    """One request's read: a connection, each statement by itself."""

    connection: Connection
    caller: Caller
    now: datetime
    vault: Vault
    settings: Settings
