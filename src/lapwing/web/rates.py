"""How often costly things may be asked for: a bucket of tokens for each client and each kind of thing.

A route says ``dependencies=[limited("export", per_minute=6)]``. The buckets live in the application, not in the module.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from fastapi import Depends, HTTPException, Request

MOST_BUCKETS = 10_000


class Buckets:
    """Who has how much left of what. A bucket that nobody drew from for a minute is full again, and forgotten."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, client: str, kind: str, *, per_minute: int) -> float:
        """Draw once: gives 0, or after how many seconds there is something to draw again.

        >>> buckets = Buckets(clock=lambda: 0.0)
        >>> [buckets.take("a", "export", per_minute=2) for _ in range(3)], buckets.take("b", "export", per_minute=2)
        ([0.0, 0.0, 30.0], 0.0)
        """
        now = self._clock()
        left, since = self._left.get((client, kind), (float(per_minute), now))
        left = min(float(per_minute), left + (now - since) * per_minute / 60)
        if left < 1:
            return (1 - left) * 60 / per_minute
        self._forget(now)
        self._left[client, kind] = left - 1, now
        return 0.0

    def _forget(self, now: float) -> None:
        if len(self._left) >= MOST_BUCKETS:
            self._left = {key: value for key, value in self._left.items() if now - value[1] < 60}


def limited(kind: str, *, per_minute: int) -> Any:
    """The dependency of a route that may be asked for so often."""

    def draw(request: Request) -> None:
        buckets: Buckets = request.app.state.workbench.buckets
        client = request.client.host if request.client else ""
        if wait := buckets.take(client, kind, per_minute=per_minute):
            told = f"asked too often: at most {per_minute} times a minute. Try again in {wait:.0f} seconds."
            raise HTTPException(429, told)

    return Depends(draw)
