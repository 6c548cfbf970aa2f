"""Where documents and their records are kept: a DuckDB file, or a PostgreSQL database.

    >>> from lapwing.store import open_store
    >>> with open_store("events.duckdb") as store:  # doctest: +SKIP
    ...     for event in find_events(store, Filter(dyad="RUS-UKR", since="2022-03")):
    ...         print(event.date, event.event, event.mode)

One schema (``migrations/``), one set of statements, two engines (``duck.py``, ``postgres.py``) behind the seam that
``engine.py`` draws. What others need:

*to write documents*
    `start_run`, `store_document`, `store_failure`, `finish_run`, as `lapwing.ingest` does. A document is stored with all
    its records in one transaction, or not at all.
*to read*
    `find_events` and `find_table` by a `Filter` (`conditions` says what it means); `run_sql` for a person's own query;
    ``store.engine.rows`` and ``store.engine.arrow`` for a query of a program. What the pages of the workbench show: ``pages.py``
    a page of records in any order, ``series.py`` acts over time, ``ties.py`` who with whom and who says so, ``sites.py`` where,
    ``views.py`` questions that a person keeps.
*to compute from records, and write what was found*
    read with ``store.engine.stream``, write with ``store.engine.insert`` inside ``store.engine.transaction()``. The
    tables `pairs`, `clusters`, `memberships` and `judgements` wait for that. Refer to a record by its number
    (`records.seq`) in tables that can be computed again, and by its id in what a person decided. When recoding removes a
    record, its rows in `pairs` and `memberships` go with it; `changes` tells which.
*another table or column*
    a new file in ``migrations/``; then `python docs/build_reference.py`.
"""

from __future__ import annotations

from lapwing.store.conditions import Filter
from lapwing.store.opening import Store, open_store
from lapwing.store.query import find_events, find_table, run_sql
from lapwing.store.writing import (
    Run,
    Stored,
    coder_of,
    finish_run,
    start_run,
    store_document,
    store_failure,
    stored_articles,
)

__all__ = [
    "Filter",
    "Run",
    "Store",
    "Stored",
    "coder_of",
    "find_events",
    "find_table",
    "finish_run",
    "open_store",
    "run_sql",
    "start_run",
    "store_document",
    "store_failure",
    "stored_articles",
]
