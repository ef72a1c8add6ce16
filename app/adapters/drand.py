"""Fetching a drand round from public relays (drand HTTP API v1); the draw verifies what comes back."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import httpx

from app.adapters.in_time import Line, OutOfTimeError, in_time
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
            told = in_time(timeout_s, partial(_told, f"{url.rstrip('/')}/{chain}/public/{number}", timeout_s))
            return DrandProof(int(told["round"]), str(told["signature"]), str(told["randomness"]))
        except (httpx.HTTPError, OutOfTimeError, ValueError, KeyError, TypeError) as error:
            failures.append(f"{url}: {type(error).__name__}")
    raise RoundUnavailableError(f"round {number}: {'; '.join(failures) or 'no relay is configured'}")


def _told(url: str, timeout_s: float, line: Line) -> Any:  # noqa: ANN401 - any JSON value may come
    with httpx.Client(timeout=timeout_s) as client:
        answer = client.get(url, extensions={"trace": line.watch})
    answer.raise_for_status()
    return answer.json()
