"""Questions to a store: records by a filter, and a person's own SQL.

The conditions are written out below; a filter chooses among them, and its values travel beside the statement. Nothing
that a person types becomes part of a statement, but for `run_sql`, which runs it against a store that cannot be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from lapwing.errors import QueryError
from lapwing.records import Event
from lapwing.store.opening import Store
from lapwing.store.rows import days_of, event_of, reference_of

if TYPE_CHECKING:
    import pyarrow

As = Literal["arrow", "pandas", "polars"]

ANY = "*"

EVERYTHING = 1 << 62


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which records are wanted; what is None does not matter.

    `dyad` is ``ACTOR-RECIPIENT``, `actor` and `recipient` one side. A side is a country, a country and a sector
    (``RUS/GOV``), a sector (``/REB``) or ``*``, by PLOVER's codes. `event` and `status` name one or several values.
    `source` and `place` are a country's code, or part of a name. `since` and `until` (ISO 8601, at any precision) ask for
    acts whose date lies, at least in part, between the two; acts without a date are then left out. `text` asks for words
    of the article. `order` is ``stored``, ``date`` (newest first) or ``article`` (what an article tells stands together).
    """

    dyad: str | None = None
    actor: str | None = None
    recipient: str | None = None
    event: tuple[str, ...] = ()
    mode: str | None = None
    status: tuple[str, ...] = ()
    source: str | None = None
    place: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None
    text: str | None = None
    confidence: float | None = None
    limit: int | None = None
    offset: int = 0
    order: Literal["stored", "date", "article"] = "stored"


# ── the statements ────────────────────────────────────────────────────────────────────────────────────────────────────

EVENTS = """
    SELECT CAST(r.record AS TEXT), d.id, d.title, d.outlet, d.url, d.published, d.published_basis, d.lang, d.sha256,
        CASE WHEN d.extracted THEN d.text END
    FROM records AS r JOIN documents AS d ON d.seq = r.doc
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
    FROM records AS r JOIN documents AS d ON d.seq = r.doc
    WHERE {conditions}
    ORDER BY {order}
"""

PAGE = """r.seq IN (
        SELECT r.seq FROM records AS r
        WHERE {conditions}
        ORDER BY {order} LIMIT {limit} OFFSET {offset}
    )"""
"""A page is chosen by the columns that decide it; the others are then read for its records alone."""

ORDERS = {"stored": "r.seq", "date": "r.day_from DESC NULLS LAST, r.seq", "article": "r.doc, r.seq"}

ACTOR_COUNTRY = "dy.actor = {0}"
ACTOR_SECTOR = "dy.actor_sector = {0}"
RECIPIENT_COUNTRY = "dy.recipient = {0}"
RECIPIENT_SECTOR = "dy.recipient_sector = {0}"
DYAD = "r.seq IN (SELECT dy.record FROM dyads AS dy WHERE {sides})"
ONE_OF_EVENTS = "r.event IN ({0})"
MODE = "r.mode = {0}"
ONE_OF_STATUSES = "r.status IN ({0})"
SOURCE = "(r.source_country = upper({0}) OR strpos(lower(r.source), lower({0})) > 0)"
PLACE = "(r.place_country = upper({0}) OR strpos(lower(r.place), lower({0})) > 0)"
OUTLET = "r.doc IN (SELECT o.seq FROM documents AS o WHERE strpos(lower(o.outlet), lower({0})) > 0)"
SINCE = "r.day_to >= {0}"
UNTIL = "r.day_from <= {0}"
CONFIDENCE = "r.confidence >= {0}"
DOCUMENTS = "r.doc IN (SELECT unnest(CAST({0} AS BIGINT[])))"


class _Clauses:
    """Conditions chosen so far, and the values that they refer to."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self.conditions: list[str] = []

    def place(self, value: object) -> str:
        """Keep a value, and give its place in the statement."""
        self.values.append(value)
        return f"${len(self.values)}"

    def add(self, condition: str, *values: object) -> None:
        """Ask for `condition`, where any of `values` will do."""
        self.conditions.append(condition.format(", ".join(self.place(value) for value in values)))

    def statement(self, form: str, wanted: Filter) -> str:
        """`form` with the conditions, for the page that is wanted."""
        conditions, order = " AND ".join(self.conditions) or "TRUE", ORDERS[wanted.order]
        if wanted.limit is not None or wanted.offset:
            limit, offset = self.place(EVERYTHING if wanted.limit is None else wanted.limit), self.place(wanted.offset)
            conditions = PAGE.format(conditions=conditions, order=order, limit=limit, offset=offset)
        return form.format(conditions=conditions, order=order)


def _clauses(store: Store, wanted: Filter) -> _Clauses:
    clauses = _Clauses()
    _ask_for_sides(clauses, wanted)
    if wanted.event:
        clauses.add(ONE_OF_EVENTS, *(event.upper() for event in wanted.event))
    if wanted.status:
        clauses.add(ONE_OF_STATUSES, *wanted.status)
    for condition, value in (
        (MODE, wanted.mode),
        (SOURCE, wanted.source),
        (PLACE, wanted.place),
        (OUTLET, wanted.outlet),
        (SINCE, _bound(wanted.since, last=False)),
        (UNTIL, _bound(wanted.until, last=True)),
        (CONFIDENCE, wanted.confidence),
    ):
        if value is not None:
            clauses.add(condition, value)
    if wanted.text is not None:
        clauses.add(DOCUMENTS, store.engine.search(wanted.text))
    return clauses


def _ask_for_sides(clauses: _Clauses, wanted: Filter) -> None:
    actor, recipient = _sides(wanted)
    forms = (ACTOR_COUNTRY, ACTOR_SECTOR, RECIPIENT_COUNTRY, RECIPIENT_SECTOR)
    codes = (*_codes(actor), *_codes(recipient))
    asked = [form.format(clauses.place(code)) for form, code in zip(forms, codes, strict=True) if code]
    if asked:
        clauses.conditions.append(DYAD.format(sides=" AND ".join(asked)))


def _sides(wanted: Filter) -> tuple[str, str]:
    if wanted.dyad is None:
        return wanted.actor or ANY, wanted.recipient or ANY
    if wanted.actor or wanted.recipient:
        raise QueryError("a dyad names both sides: leave out the actor and the recipient beside it.")
    actor, dash, recipient = wanted.dyad.partition("-")
    if not (dash and actor and recipient):
        raise QueryError(f"{wanted.dyad!r} is no dyad: write ACTOR-RECIPIENT, for example RUS-UKR, RUS/GOV-* or *-UKR.")
    return actor, recipient


def _codes(side: str) -> tuple[str | None, str | None]:
    """
    >>> _codes("rus/GOV"), _codes("/REB"), _codes("RUS"), _codes("*")
    (('RUS', 'GOV'), (None, 'REB'), ('RUS', None), (None, None))
    """
    country, _, sector = side.strip().upper().partition("/")
    return (None if country == ANY else country or None), (None if sector == ANY else sector or None)


def _bound(value: str | None, *, last: bool) -> date | None:
    if value is None:
        return None
    day = days_of(value)[1 if last else 0]
    if day is None or "/" in value:
        raise QueryError(f"{value!r} is no date: write 2022-12-19, 2022-12 or 2022.")
    return day


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
    clauses = _clauses(store, wanted)
    return clauses.statement(form, wanted), clauses.values


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
