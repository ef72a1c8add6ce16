"""How often something may be asked: counted in this process, by a clock that nobody sets back."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from math import ceil

_MOST_CLIENTS = 50_000


@dataclass(frozen=True, slots=True)
class Turn:
    """Whether a question is let in, and how many more are in this window, which ends in `reset_s` seconds."""

    admitted: bool
    remaining: int
    reset_s: int


@dataclass(slots=True)
class RequestRates:
    """Questions in windows of `window_s` seconds: so many for each client, so many in all."""

    window_s: float
    per_client: int
    in_all: int
    clock: Callable[[], float] = time.monotonic
    _began: float = field(default=float("-inf"), init=False)
    _total: int = field(default=0, init=False)
    _counts: dict[str, int] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def ask(self, address: str) -> Turn:
        """Count a question; what is refused counts too, so asking faster does not help.

        It counts for its client alone: nobody shuts the door for all others by asking too often.
        """
        client = network_of(address)
        with self._lock:
            now = self.clock()
            if now - self._began >= self.window_s:
                self._began, self._total, self._counts = now, 0, {}
            if client in self._counts or len(self._counts) < _MOST_CLIENTS:
                self._counts[client] = self._counts.get(client, 0) + 1
            asked = self._counts.get(client, self.per_client + 1)
            if asked <= self.per_client:
                self._total += 1
            left = min(self.per_client - asked, self.in_all - self._total)
            return Turn(left >= 0, max(left, 0), max(1, ceil(self._began + self.window_s - now)))


def network_of(address: str) -> str:
    """Who asks: an IPv4 address, or the /64 that one IPv6 customer has to itself."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(IPv6Address(int(found) >> 64 << 64))
    return str(found)
