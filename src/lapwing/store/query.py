"""Questions to a store: records by a filter, and a person's own SQL.

What a filter means is said in `conditions`. Nothing that a person types becomes part of a statement, but for `run_sql`, which
runs it against a store that cannot be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from lapwing.errors import QueryError
from lapwing.records import Event
from lapwing.store.conditions import RECORD_TABLES, Filter, clauses_of
from lapwing.store.opening import Store
from lapwing.store.rows import event_of, reference_of

if TYPE_CHECKING:
    import pyarrow

As = Literal["arrow", "pandas", "polars"]

EVERYTHING = 1 << 62

# ── the statements ────────────────────────────────────────────────────────────────────────────────────────────────────

EVENTS = """
    SELECT CAST(r.record AS TEXT), d.id, d.title, d.outlet, d.url, d.published, d.published_basis, d.lang, d.sha256,
        CASE WHEN d.extracted THEN d.text END
    FROM {records} AS r JOIN documents AS d ON d.seq = r.doc
    WHERE {conditions}
    ORDER BY {order}
"""

TABLE = """
    SELECT r.id, d.id AS doc_id, d.title AS doc_title, d.outlet AS doc_outlet, d.url AS doc_url,
        d.published AS doc_published, r.event, r.mode, r.contexts, r.quad, r.score, r.status,
        r.date_value, r.date_precision, r.day_from, r.day_to,
        r.place, r.place_country, r.place_adm1, r.place_precision, r.lat, r.lon, r.geonameid,
        r.source, r.source_country, r.source_sector, r.source_kind, r.relay, r.confidence,
        r.coder_lapwing, r.coder_model
    FROM {records} AS r JOIN documents AS d ON d.seq = r.doc
    WHERE {conditions}
    ORDER BY {order}
"""

PAGE = """
    WITH page AS MATERIALIZED (
        SELECT r.seq, r.doc FROM {records} AS r
        WHERE {conditions}
        ORDER BY {order} LIMIT {limit} OFFSET {offset}
    )
"""
"""A page is chosen by the columns that decide it; the others, and the documents, are then read for its records alone."""

ON_PAGE = "r.seq IN (SELECT page.seq FROM page) AND d.seq IN (SELECT page.doc FROM page)"

ORDERS = {"stored": "r.seq", "date": "r.day_from DESC NULLS LAST, r.seq", "article": "r.doc, r.seq"}

# ── the questions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def find_events(store: Store, wanted: Filter | None = None) -> Iterator[Event]:
    """The records that `wanted` asks for, one by one. Raises `QueryError` where it asks for what there cannot be."""
    statement, values = _question(store, wanted or Filter(), EVENTS)
    for record, *doc in store.engine.stream(statement, values):
        yield event_of(record, reference_of(doc))


def find_table(store: Store, wanted: Filter | None = None, *, as_: As = "arrow") -> Any:
    """The records that `wanted` asks for as a table, one row each, for pyarrow, pandas or polars."""
    statement, values = _question(store, wanted or Filter(), TABLE)
    return TABLES[as_](store.engine.arrow(statement, values))


def _question(store: Store, wanted: Filter, form: str) -> tuple[str, list[object]]:
    clauses = clauses_of(store, wanted)
    told = {"records": RECORD_TABLES[wanted.values], "order": ORDERS[wanted.order]}
    if wanted.limit is None and not wanted.offset:
        return form.format(conditions=clauses, **told), clauses.values
    limit = clauses.place(EVERYTHING if wanted.limit is None else wanted.limit)
    page = PAGE.format(conditions=clauses, limit=limit, offset=clauses.place(wanted.offset), **told)
    return page + form.format(conditions=ON_PAGE, **told), clauses.values


def run_sql(store: Store, statement: str, *, as_: As = "arrow") -> Any:
    """The result of one query that a person wrote, as a table. Raises `QueryError` where it is wrong, or where the
    store is open for writing: open it with ``mode="read"``, so that nothing can be changed by it."""
    if store.mode != "read":
        raise QueryError("SQL of a person's own is run on a store that is open for reading only.")
    return TABLES[as_](store.engine.arrow(statement))


def _pandas(table: pyarrow.Table) -> Any:
    return table.to_pandas()


def _polars(table: pyarrow.Table) -> Any:
    try:
        import polars
    except ImportError:
        raise QueryError("polars is not installed: pip install polars, or ask for arrow.") from None
    return polars.from_arrow(table)


TABLES: dict[As, Callable[[pyarrow.Table], Any]] = {"arrow": lambda table: table, "pandas": _pandas, "polars": _polars}
