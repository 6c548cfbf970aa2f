"""An end that is asked for by a signal of the system, and kept at the next place where nothing is half done."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

NAP_S = 0.25


class Stopped(Exception):
    """The end was asked for while there was something to wait for."""


class Stop:
    """Whether the end was asked for."""

    def __init__(self) -> None:
        self.asked = False

    def sleep(self, seconds: float) -> None:
        """Wait. Raises `Stopped` as soon as the end is asked for."""
        until = time.monotonic() + seconds
        while True:
            if self.asked:
                raise Stopped
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(left, NAP_S))


@contextmanager
def stopping(stop: Stop) -> Iterator[None]:
    """Let SIGINT and SIGTERM ask `stop` for the end; the second one ends the program at once, as it always does."""

    def ask(number: int, frame: FrameType | None) -> None:
        stop.asked = True
        for known, before in earlier.items():
            signal.signal(known, before)

    earlier = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in earlier:
        signal.signal(number, ask)
    try:
        yield
    finally:
        for number, before in earlier.items():
            signal.signal(number, before)
