"""What a watcher of feeds remembers in the store: when to ask whom again, and how far its rules have looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

import msgspec

from lapwing.records import Event
from lapwing.store.opening import Store
from lapwing.store.rows import event_of, reference_of

NEVER = datetime(9999, 1, 1)
"""When a page is asked for again that was given up."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an address. `due` is UTC; `failures` were in a row, `reason` is that of the last."""

    url: str
    visited: datetime
    due: datetime
    failures: int = 0
    reason: str | None = None
    etag: str | None = None
    modified: str | None = None


def visit_of(store: Store, url: str) -> Visit | None:
    """The last visit to `url`; None where there was none."""
    rows = store.engine.rows(
        "SELECT url, visited, due, failures, reason, etag, modified FROM visits WHERE url = $1", [url]
    )
    return next((Visit(**dict(zip(Visit.__struct_fields__, row, strict=True))) for row in rows), None)


def note_visit(store: Store, visit: Visit) -> None:
    """Remember a visit in place of the last one."""
    store.engine.execute(
        """
        INSERT INTO visits (url, visited, due, failures, reason, etag, modified) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (url) DO UPDATE
        SET visited = excluded.visited, due = excluded.due, failures = excluded.failures, reason = excluded.reason,
            etag = excluded.etag, modified = excluded.modified
        """,
        list(msgspec.structs.astuple(visit)),
    )


def forget_visit(store: Store, url: str) -> None:
    """Forget what was noted of `url`."""
    store.engine.execute("DELETE FROM visits WHERE url = $1", [url])


def stored_ids(store: Store, ids: Sequence[str]) -> set[str]:
    """Those of `ids` under which the store holds a document."""
    rows = store.engine.rows(
        "SELECT DISTINCT id FROM documents WHERE id IN (SELECT unnest(CAST($1 AS TEXT[])))", [list(ids)]
    )
    return {id for (id,) in rows}


def put_off(store: Store, urls: Sequence[str], *, now: datetime) -> dict[str, datetime]:
    """Those of `urls` that are not to be asked for yet, with the time when they are."""
    rows = store.engine.rows(
        "SELECT url, due FROM visits WHERE due > $1 AND url IN (SELECT unnest(CAST($2 AS TEXT[])))", [now, list(urls)]
    )
    return dict(rows)


# ── records that came since ───────────────────────────────────────────────────────────────────────────────────────────


def last_record(store: Store) -> int:
    """The number of the newest record."""
    ((last,),) = store.engine.rows("SELECT records FROM counters")
    return int(last)


def watermark_of(store: Store, name: str) -> int | None:
    """The number of the last record that the rule `name` looked at; None for a rule that is new."""
    return next(
        (int(seq) for (seq,) in store.engine.rows("SELECT record FROM watermarks WHERE name = $1", [name])), None
    )


def set_watermark(store: Store, name: str, record: int) -> None:
    """Remember that the rule `name` has looked at all records up to `record`."""
    store.engine.execute(
        """
        INSERT INTO watermarks (name, record) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET record = excluded.record
        """,
        [name, record],
    )


def records_since(store: Store, last: int) -> Iterator[tuple[int, Event]]:
    """The records with a greater number than `last`, in order."""
    rows = store.engine.stream(
        """
        SELECT r.seq, CAST(r.record AS TEXT), d.id, d.title, d.outlet, d.url, d.published, d.published_basis, d.lang,
            d.sha256, CASE WHEN d.extracted THEN d.text END
        FROM records AS r JOIN documents AS d ON d.seq = r.doc
        WHERE r.seq > $1
        ORDER BY r.seq
        """,
        [last],
    )
    for seq, record, *doc in rows:
        yield int(seq), event_of(record, reference_of(doc))


def records_between(
    store: Store, event: str, actor: str | None, recipient: str | None, *, first: date, last: date, until: int
) -> list[tuple[int, Event]]:
    """The records of a type between two countries whose date, or else that of their article, lies from `first` to
    `last`, up to the number `until`, in order."""
    rows = store.engine.rows(
        """
        SELECT r.seq, CAST(r.record AS TEXT), d.id, d.title, d.outlet, d.url, d.published, d.published_basis, d.lang,
            d.sha256, NULL
        FROM records AS r JOIN documents AS d ON d.seq = r.doc
        WHERE r.seq <= $6 AND r.seq IN (
            SELECT dy.record FROM dyads AS dy JOIN documents AS o ON o.seq = dy.doc
            WHERE dy.event = $1 AND dy.actor IS NOT DISTINCT FROM $2 AND dy.recipient IS NOT DISTINCT FROM $3
                AND (dy.day BETWEEN $4 AND $5 OR (dy.day IS NULL AND o.published BETWEEN $7 AND $8))
        )
        ORDER BY r.seq
        """,
        [event, actor, recipient, first, last, until, first.isoformat(), last.isoformat()],
    )
    return [(int(seq), event_of(record, reference_of(doc))) for seq, record, *doc in rows]


def records_of_act(store: Store, record: int) -> list[tuple[int, Event]]:
    """The records that were clustered with `record`, it among them, up to its number and in order."""
    rows = store.engine.rows(
        """
        SELECT r.seq, CAST(r.record AS TEXT), d.id, d.title, d.outlet, d.url, d.published, d.published_basis, d.lang,
            d.sha256, NULL
        FROM memberships AS mine
            JOIN memberships AS m ON m.cluster = mine.cluster AND m.record <= mine.record
            JOIN records AS r ON r.seq = m.record
            JOIN documents AS d ON d.seq = r.doc
        WHERE mine.record = $1
        ORDER BY r.seq
        """,
        [record],
    )
    return [(int(seq), event_of(record, reference_of(doc))) for seq, record, *doc in rows]


def originals_of(store: Store, records: Sequence[int]) -> dict[int, int]:
    """The first document (`documents.seq`) with the text of each record's article: its own, or that which it repeats."""
    rows = store.engine.rows(
        """
        SELECT r.seq, coalesce(c.original, r.doc)
        FROM records AS r LEFT JOIN copies AS c ON c.doc = r.doc
        WHERE r.seq IN (SELECT unnest(CAST($1 AS BIGINT[])))
        """,
        [list(records)],
    )
    return {int(seq): int(doc) for seq, doc in rows}
