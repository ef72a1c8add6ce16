"""What the use cases need of the outside world, beyond the database and the vault."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.domain.draw.basics.chunks import Mapper
from app.domain.draw.entropy import QUICKNET, BlsCheck, Chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """Where a draw's secrets and its public randomness come from, and who may compute.

    Attributes:
        new_secret: 32 bytes from the operating system's CSPRNG, as 64 hex digits.
        bls: checks a drand signature.
        chains: the pinned drand chains.
        mapper: spreads the hashing of a draw over cores.
    """

    new_secret: Callable[[], str]
    bls: BlsCheck
    chains: tuple[Chain, ...] = (QUICKNET,)
    mapper: Mapper = map


class EvidenceStore(Protocol):
    """Where evidence files lie: by default a local folder."""

    def put(self, content: bytes) -> str:
        """Keep a content and give the name under which `get` finds it; the same content twice is one.

        Raises:
            OSError: it could not be kept, and nothing was.
        """
        ...

    def get(self, stored_as: str) -> bytes:
        """Give the content of a name.

        Raises:
            OSError: it cannot be read.
        """
        ...
