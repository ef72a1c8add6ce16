"""Fetching a drand round from public relays (drand HTTP API v1); the draw verifies what comes back."""

from collections.abc import Sequence

import httpx

from app.domain.draw.entropy import DrandProof


class RoundUnavailableError(RuntimeError):
    """No relay gave the round; trying again later may help."""


def fetch_round(urls: Sequence[str], *, chain: str, number: int, timeout_s: float) -> DrandProof:
    """The round from the first relay that has it.

    Args:
        urls: base addresses of relays, asked in order.
        chain: the chain's hash, hex.
        number: the round.
        timeout_s: how long each relay may take, in seconds.

    Raises:
        RoundUnavailableError: none answered with such a round.
    """
    failures = []
    for url in urls:
        try:
            answer = httpx.get(f"{url.rstrip('/')}/{chain}/public/{number}", timeout=timeout_s)
            answer.raise_for_status()
            told = answer.json()
            return DrandProof(int(told["round"]), str(told["signature"]), str(told["randomness"]))
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            failures.append(f"{url}: {type(error).__name__}")
    raise RoundUnavailableError(f"round {number}: {'; '.join(failures) or 'no relay is configured'}")
