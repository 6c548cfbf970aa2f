"""Checking records by hand: a queue of what is worth a look, and what a person decides of it.

    >>> from lapwing.review import accept, correct, delete, next_records
    >>> from lapwing.store import open_store
    >>> with open_store("events.duckdb") as store:  # doctest: +SKIP
    ...     first = next_records(store, reviewer="Ada", limit=1)[0]
    ...     correct(store, first.number, "status", "denied", by="Ada", note="the ministry denies it")

`queue` says what to look at next, `corrections` what may be said of a field, `deciding` enters it. What was decided is kept
by `store.reviews`, beside the records and never in them; `store.judged` makes the records as judged from both.
"""

from __future__ import annotations

from lapwing.review.corrections import FIELDS, correction
from lapwing.review.deciding import accept, add, complete, correct, delete, undo
from lapwing.review.queue import Waiting, next_records
from lapwing.review.sentences import sentences_of

__all__ = [
    "FIELDS",
    "Waiting",
    "accept",
    "add",
    "complete",
    "correct",
    "correction",
    "delete",
    "next_records",
    "sentences_of",
    "undo",
]
