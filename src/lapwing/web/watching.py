"""`lapwing watch` inside of the server: the store is the server's, so pages are read while feeds are written."""

from __future__ import annotations

import threading
from collections.abc import Callable

from lapwing.coding import Code
from lapwing.errors import LapwingError
from lapwing.monitor import Feeds, Stop, watch
from lapwing.records import Coder
from lapwing.store.sharing import SharedStore


class Watching:
    """A watch of feeds in a thread of its own. `reason` is why it ended, where nobody asked for that."""

    def __init__(
        self, feeds: Feeds, store: SharedStore, *, code: Code, coder: Coder, say: Callable[[str], None]
    ) -> None:
        self.reason: str | None = None
        self._feeds, self._store, self._code, self._coder, self._say = feeds, store, code, coder, say
        self._stop = Stop()
        self._thread = threading.Thread(target=self._watch, name="lapwing-watch", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def close(self) -> None:
        """End after the article at hand."""
        self._stop.asked = True
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def _watch(self) -> None:
        try:
            watch(
                self._feeds,
                coder=self._coder,
                code=self._code,
                stop=self._stop,
                say=self._say,
                opening=self._store.writing,
            )
        except LapwingError as error:
            self.reason = str(error)
            self._say(f"the watch ended: {error}")
