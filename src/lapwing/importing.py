"""Files of POLECAT, ICEWS and GDELT into a store, beside Lapwing's own records.

A file is read row by row and stored a portion at a time, each in one transaction. A run may be cut off anywhere and called
again: what is there is recognised by its data set and id, and passed over. A later release of a file adds what is new in it; a
row that is there is left as it was read first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import msgspec

from lapwing import __version__
from lapwing.imports import ForeignFormat, read_foreign
from lapwing.records import Coder, Failure, ForeignEvent
from lapwing.store import Store, finish_run, start_run, store_failure
from lapwing.store.imported import store_imported

PORTION = 5_000
"""Rows that are stored at a time."""


class Imported(msgspec.Struct, kw_only=True):
    """What became of the rows so far."""

    stored: int = 0
    known: int = 0
    failed: int = 0

    @property
    def done(self) -> int:
        """Rows so far."""
        return self.stored + self.known + self.failed


def import_file(
    path: str | Path,
    store: Store,
    *,
    format: ForeignFormat,
    tell: Callable[[Failure | None, Imported], None] = lambda failure, so_far: None,
) -> Imported:
    """Keep the rows of a file. `tell` hears of each row that cannot be read, and after each portion. Raises `SourceError` where
    the file cannot be read, `StoreError` where the store fails; what was stored until then is kept."""
    return keep_foreign(read_foreign(path, format=format), store, inputs=[str(path)], tell=tell)


def keep_foreign(
    reads: Iterable[ForeignEvent | Failure],
    store: Store,
    *,
    inputs: list[str],
    tell: Callable[[Failure | None, Imported], None] = lambda failure, so_far: None,
) -> Imported:
    """Keep events of other data sets. `inputs` is what the run is entered with."""
    run = start_run(store, kind="import", inputs=inputs, coder=Coder(lapwing=__version__, model=""))
    so_far = Imported()
    stream = iter(reads)
    while portion := list(islice(stream, PORTION)):
        events = [read for read in portion if isinstance(read, ForeignEvent)]
        stored = store_imported(store, run, events)
        so_far.stored += stored
        so_far.known += len(events) - stored
        for read in portion:
            if isinstance(read, Failure):
                so_far.failed += 1
                store_failure(store, run, read)
                tell(read, so_far)
        tell(None, so_far)
    finish_run(
        store, run, stored=so_far.stored, recoded=0, unchanged=so_far.known, failed=so_far.failed, records=so_far.stored
    )
    return so_far
