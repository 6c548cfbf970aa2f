"""Records a page at a time: filtered, in any order, from where the last page ended.

A page begins behind a record, not at a number of records: what is stored while a person turns pages moves nothing, and the
thousandth page costs what the first does. Where a page ends is told by a mark, which is good for the same filter and order
only. Values that are not known stand last in either direction.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Sequence
from typing import Any, Literal, get_args

import msgspec

from lapwing.errors import QueryError
from lapwing.records import Event
from lapwing.store.conditions import RECORD_TABLES, Clauses, Filter, Values, clauses_of
from lapwing.store.opening import Store
from lapwing.store.rows import event_of, reference_of

Order = Literal[
    "stored", "date", "event", "status", "actor", "recipient", "place", "source", "confidence", "score", "sources"
]

ORDERS: tuple[Order, ...] = get_args(Order)

LARGEST = 500
"""Records on a page, at most."""


class Key(msgspec.Struct, frozen=True):
    """What an order compares: an expression, its type, and what must be joined for it."""

    expression: str
    type: str
    join: str = ""


MEMBERSHIP = "LEFT JOIN memberships AS m ON m.record = r.seq"

PARTY = "LEFT JOIN {entities} AS e ON e.record = r.seq AND e.role = '{role}' AND e.n = 1"

ENTITY_TABLES: dict[Values, str] = {"coded": "entities", "judged": "judged_entities"}

KEYS: dict[Order, Key] = {
    "stored": Key("r.seq", "BIGINT"),
    "date": Key("r.day_from", "DATE"),
    "event": Key("r.event", "TEXT"),
    "status": Key("r.status", "TEXT"),
    "actor": Key("e.name", "TEXT", PARTY.replace("{role}", "actor")),
    "recipient": Key("e.name", "TEXT", PARTY.replace("{role}", "recipient")),
    "place": Key("r.place", "TEXT"),
    "source": Key("r.source", "TEXT"),
    "confidence": Key("r.confidence", "DOUBLE PRECISION"),
    "score": Key("r.score", "DOUBLE PRECISION"),
    "sources": Key("coalesce(m.origins, 1)", "INTEGER", MEMBERSHIP),
}

CHOSEN = """
    SELECT r.seq, {key} FROM {records} AS r {join}
    WHERE {conditions}
    ORDER BY {key} {direction} NULLS {nulls}, r.seq {ties}
    LIMIT {limit}
"""

LISTED = """
    SELECT r.seq, r.doc, m.cluster, coalesce(m.origins, 1), CAST(r.record AS TEXT),
        d.id, d.title, d.outlet, d.url, d.published, d.published_basis, d.lang, d.sha256
    FROM {records} AS r JOIN documents AS d ON d.seq = r.doc LEFT JOIN memberships AS m ON m.record = r.seq
    WHERE r.seq IN (SELECT unnest(CAST($1 AS BIGINT[])))
"""

COUNTED = "SELECT r.status, count(*) FROM {records} AS r WHERE {conditions} GROUP BY r.status"


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A record in a list: its number and its article's, the cluster that it is in, how many independent sources tell its act."""

    number: int
    doc: int
    cluster: str | None
    sources: int
    event: Event


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A page of records. `statuses` counts all records that the filter finds; `next` and `previous` are marks, None at the
    ends."""

    records: tuple[Listed, ...]
    statuses: dict[str, int]
    next: str | None
    previous: str | None

    @property
    def total(self) -> int:
        """How many records the filter finds."""
        return sum(self.statuses.values())


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """Where a page ends: the last record's value and number, and whether the page before it is wanted."""

    value: str | int | float | None
    number: int
    back: bool = False


def find_page(
    store: Store,
    wanted: Filter | None = None,
    *,
    order: Order = "date",
    descending: bool = True,
    size: int = 50,
    mark: str | None = None,
) -> Listing:
    """The records that `wanted` asks for, `size` of them from `mark` on. Its limit, offset and order do not matter here.
    Raises `QueryError` for a mark of another order, or none at all."""
    wanted = wanted or Filter()
    clauses = clauses_of(store, wanted)
    tables = {"records": RECORD_TABLES[wanted.values], "entities": ENTITY_TABLES[wanted.values]}
    counted = store.engine.rows(COUNTED.format(conditions=clauses, **tables), clauses.values)
    start = _read_mark(mark, order)
    chosen = _chosen(store, clauses, tables, order, descending=descending, size=size, start=start)
    more, chosen = len(chosen) > size, chosen[:size]
    back = start is not None and start.back
    if back:
        chosen.reverse()
    return Listing(
        records=tuple(read_listed(store, (number for number, _ in chosen), values=wanted.values)),
        statuses={str(status): int(n) for status, n in counted},
        next=_write_mark(chosen[-1], back=False) if chosen and (more or back) else None,
        previous=_write_mark(chosen[0], back=True) if chosen and (more if back else start is not None) else None,
    )


def _chosen(
    store: Store,
    clauses: Clauses,
    tables: dict[str, str],
    order: Order,
    *,
    descending: bool,
    size: int,
    start: Mark | None,
) -> list[tuple[int, Any]]:
    """Numbers and values of a page's records and of one more, from `start` on in the direction that it asks for."""
    key, back = KEYS[order], start is not None and start.back
    if start is not None:
        clauses.conditions.append(_beyond(clauses, key, start, descending=descending))
    statement = CHOSEN.format(
        key=key.expression,
        join=key.join.format(**tables),
        conditions=clauses,
        direction="DESC" if descending != back else "ASC",
        nulls="FIRST" if back else "LAST",
        ties="DESC" if back else "ASC",
        limit=clauses.place(min(size, LARGEST) + 1),
        **tables,
    )
    return [(int(number), value) for number, value in store.engine.rows(statement, clauses.values)]


def _beyond(clauses: Clauses, key: Key, start: Mark, *, descending: bool) -> str:
    """What lies beyond a mark, values that are not known being last."""
    number = clauses.place(start.number)
    later = f"r.seq {'<' if start.back else '>'} {number}"
    if start.value is None:
        known = f"{key.expression} IS NOT NULL OR " if start.back else ""
        return f"({known}({key.expression} IS NULL AND {later}))"
    value = f"CAST({clauses.place(start.value)} AS {key.type})"
    side = "<" if descending != start.back else ">"
    unknown = "" if start.back else f" OR {key.expression} IS NULL"
    return f"({key.expression} {side} {value} OR ({key.expression} = {value} AND {later}){unknown})"


def _write_mark(last: tuple[int, Any], *, back: bool) -> str:
    number, value = last
    plain = value if isinstance(value, str | int | float | None) else value.isoformat()
    return urlsafe_b64encode(msgspec.json.encode(Mark(plain, number, back))).decode().rstrip("=")


def _read_mark(mark: str | None, order: Order) -> Mark | None:
    """
    >>> _read_mark(_write_mark((7, "Chile"), back=True), "place")
    Mark(value='Chile', number=7, back=True)
    """
    if mark is None:
        return None
    text = KEYS[order].type in ("TEXT", "DATE")
    try:
        read = msgspec.json.decode(urlsafe_b64decode(mark + "=" * (-len(mark) % 4)), type=Mark)
    except (ValueError, msgspec.MsgspecError):
        read = None
    if read is None or (read.value is not None and isinstance(read.value, str) != text) or abs(read.number) >= 1 << 63:
        raise QueryError("this is no place in this list: go to its beginning.")
    return read


def read_listed(store: Store, numbers: Iterable[int], *, values: Values = "coded") -> Sequence[Listed]:
    """The records with these numbers, in this order; those that the store does not hold are left out."""
    wanted = list(numbers)
    rows = store.engine.rows(LISTED.format(records=RECORD_TABLES[values]), [wanted]) if wanted else []
    found = {
        int(number): Listed(
            number=int(number),
            doc=int(doc),
            cluster=cluster,
            sources=int(sources),
            event=event_of(record, reference_of([*reference, None])),
        )
        for number, doc, cluster, sources, record, *reference in rows
    }
    return [found[number] for number in wanted if number in found]
