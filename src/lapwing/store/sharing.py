"""One store for the threads of a server: many read while one writes.

A DuckDB file belongs to one process at a time, so the server owns it: it is opened once, and each request has a connection
of its own to it. Readers see the store as it was when they began and wait for nobody; writers take turns, a transaction at
a time. When nobody has asked for anything for a while the file is let go, so that `lapwing ingest`, `cluster` or `watch`
in another process get their turn, and it is opened again for the next request. A request that comes while another process
has the file waits for a moment, and is then told so (`StoreBusyError`).

PostgreSQL does all of this itself: there each request has a connection of its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lapwing.errors import StoreBusyError
from lapwing.store.duck import DuckDB
from lapwing.store.opening import POSTGRESQL, Store, open_store

IDLE_S = 5.0
"""After how long without a request the file is let go."""

BUSY_S = 4.0
"""How long a request waits for another process to let go of the file."""

AGAIN_S = 0.1
"""Between two looks whether it has."""


class SharedStore:
    """A store that threads share. `reading` and `writing` give each its own connection; both may be used at once."""

    def __init__(self, where: str | Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.where = str(where)
        self._clock = clock
        self._lock = threading.Lock()
        self._owner: Store | None = None
        self._users = 0
        self._last_used = clock()

    @contextmanager
    def reading(self) -> Iterator[Store]:
        """The store as it is now. What is asked of it through the engine's `rows` and `arrow` is of one moment, and
        nothing can be written. Raises `StoreBusyError` where another program has the file."""
        if self.where.startswith(POSTGRESQL):
            with open_store(self.where, mode="read") as store:
                yield store
            return
        with self._connected(read_only=True) as store:
            yield store

    @contextmanager
    def writing(self) -> Iterator[Store]:
        """The store, to be written to inside ``store.engine.transaction()``."""
        if self.where.startswith(POSTGRESQL):
            with open_store(self.where, mode="write") as store:
                yield store
            return
        with self._connected(read_only=False) as store:
            yield store

    @contextmanager
    def _connected(self, *, read_only: bool) -> Iterator[Store]:
        engine = self._take().beside(read_only=read_only)
        try:
            yield Store(engine, mode="read" if read_only else "share")
        finally:
            engine.close()
            with self._lock:
                self._users -= 1
                self._last_used = self._clock()

    def _take(self) -> DuckDB:
        """The open file, opened where it is not; it stays open until its user is counted off."""
        until = self._clock() + BUSY_S
        while True:
            try:
                with self._lock:
                    self._owner = self._owner or open_store(self.where, mode="share")
                    self._users += 1
                    assert isinstance(self._owner.engine, DuckDB)
                    return self._owner.engine
            except StoreBusyError:
                if self._clock() >= until:
                    raise
            time.sleep(AGAIN_S)

    def let_go_if_idle(self, *, idle_s: float = IDLE_S) -> bool:
        """Let go of the file where nobody uses it and nobody has for `idle_s`; gives whether it is let go."""
        with self._lock:
            if self._users == 0 and self._owner is not None and self._clock() - self._last_used >= idle_s:
                self._owner.close()
                self._owner = None
            return self._owner is None

    def close(self) -> None:
        """Let go of the file. Whoever still uses it gets errors."""
        with self._lock:
            if self._owner is not None:
                self._owner.close()
                self._owner = None
