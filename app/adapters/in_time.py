"""Asking the outside world within a time 限时, whatever the other side does.

A timeout for each read bounds neither a peer that sends a byte now and then, nor a name server that never
answers. So a thread asks, and nobody waits for it longer than agreed; then its connection is cut.
"""

import queue
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

Result = TypeVar("Result")


class OutOfTimeError(Exception):
    """The answer did not come in time."""


class Line:
    """The connection that a thread uses, so that somebody else can cut it: reading from it ends at once.

    Args:
        seconds: until the whole answer must be here.
    """

    def __init__(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._held: list[socket.socket] = []
        self._is_cut = False

    def check(self) -> None:
        """See that there is time left, and somebody waits.

        Raises:
            OutOfTimeError: it is over.
        """
        if self._is_cut or time.monotonic() > self._until:
            raise OutOfTimeError

    def watch(self, event: str, told: Mapping[str, Any]) -> None:
        """Hold a connection as httpcore makes it: for its `trace`.

        The descriptor is one of our own, since TLS takes the other over.
        """
        if event != "connection.connect_tcp.complete":
            return
        made: socket.socket = told["return_value"].get_extra_info("socket").dup()
        with self._lock:
            self._held.append(made)
            late = self._is_cut
        if late:
            self.cut()

    def cut(self) -> None:
        """End whatever is sent or awaited; closing is the thread's: it must never read another's socket."""
        with self._lock:
            self._is_cut = True
            for one in self._held:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def hang_up(self) -> None:
        """Let go of the connection."""
        with self._lock:
            for one in self._held:
                one.close()
            self._held.clear()


def in_time(seconds: float, ask: Callable[[Line], Result]) -> Result:
    """Ask in a thread, and give its answer, or raise what it raised.

    Args:
        seconds: how long to wait for the whole.
        ask: asks; hands `Line.watch` to httpx as the extension `trace`, and calls `Line.check` on its way.

    Raises:
        OutOfTimeError: the answer did not come in time.
    """
    line = Line(seconds)
    came: queue.SimpleQueue[tuple[Result | None, BaseException | None]] = queue.SimpleQueue()

    def carry_out() -> None:
        try:
            came.put((ask(line), None))
        except BaseException as error:  # noqa: BLE001 - whatever it is, who waits must know
            came.put((None, error))
        finally:
            line.hang_up()

    threading.Thread(target=carry_out, name="outbound", daemon=True).start()
    try:
        found, error = came.get(timeout=seconds)
    except queue.Empty:
        line.cut()
        raise OutOfTimeError from None
    if error is not None:
        raise error
    return found  # type: ignore[return-value]  # without an error it is what `ask` gave
