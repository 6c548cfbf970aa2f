"""Documents and their records into the store, each document in one transaction.

A document that is there already, coded by the same program and model from the same input, is left alone. One that was
coded by another is compared record by record (`recoding`): records keep their ids where the act is the same, and the
change log says what became of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

from lapwing.records import Article, CodedDocument, Coder, DocRef, Event, Failure
from lapwing.store.judged import revise
from lapwing.store.opening import Store
from lapwing.store.recoding import Change, compare
from lapwing.store.rows import (
    Values,
    article_of,
    coded_values,
    document_key,
    document_row,
    dyad_rows,
    entity_rows,
    event_of,
    given_of,
    record_json,
    record_row,
    text_digest,
)

Outcome = Literal["stored", "recoded", "unchanged"]

Beside = Callable[[Article, int], Mapping[str, Sequence[Values]]]


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A run of a program that writes: its number, and who codes in it."""

    seq: int
    coder: Coder


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a document: `records` is how many it has now."""

    outcome: Outcome
    records: int
    changes: tuple[Change, ...] = ()


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the store says of a document that it holds."""

    seq: int
    given: str
    coder: Coder


def start_run(store: Store, *, kind: str, inputs: Sequence[str], coder: Coder) -> Run:
    """Enter a run."""
    with store.engine.transaction():
        ((last,),) = store.engine.rows("SELECT coalesce(max(seq), 0) FROM runs")
        run = {
            "seq": last + 1,
            "kind": kind,
            "started": now(),
            "inputs": msgspec.json.encode(list(inputs)).decode(),
            "coder_lapwing": coder.lapwing,
            "coder_model": coder.model,
        }
        store.engine.insert("runs", [run])
    return Run(seq=last + 1, coder=coder)


def finish_run(store: Store, run: Run, *, stored: int, recoded: int, unchanged: int, failed: int, records: int) -> None:
    """Enter that a run came to its end, and what it did."""
    store.engine.execute(
        """
        UPDATE runs
        SET finished = $1, stored = $2, recoded = $3, unchanged = $4, failed = $5, records = $6
        WHERE seq = $7
        """,
        [now(), stored, recoded, unchanged, failed, records, run.seq],
    )


def now() -> datetime:
    """The time in UTC, as the tables hold it."""
    return datetime.now(UTC).replace(tzinfo=None)


def coder_of(store: Store, article: Article) -> Coder | None:
    """Who coded `article` last; None where the store does not hold it, or its source now says something else of it."""
    known = _known(store, article)
    return known.coder if known is not None and known.given == given_of(article) else None


def _known(store: Store, article: Article) -> _Known | None:
    rows = store.engine.rows(
        "SELECT seq, given, coder_lapwing, coder_model FROM documents WHERE key = $1",
        [document_key(article.id, text_digest(article.text))],
    )
    return next((_Known(seq=s, given=g, coder=Coder(lapwing=v, model=m)) for s, g, v, m in rows), None)


def store_failure(store: Store, run: Run, failure: Failure) -> None:
    """Enter an input that could not be read or coded."""
    row = {"run": run.seq, "made": now(), "origin": failure.where, "reason": failure.reason}
    store.engine.insert("failures", [row])


def store_document(
    store: Store,
    run: Run,
    article: Article,
    coded: CodedDocument,
    *,
    keep_text: bool = True,
    beside: Beside = lambda article, doc: {},
) -> Stored:
    """Store a document with its records, or recode one that is there. All of it is stored when this returns, and
    nothing of it where this raises. `beside` gives rows of other tables for a document that is new and its number: what has to
    be computed from a text that is not kept."""
    with store.engine.transaction():
        known = _known(store, article)
        if known is None:
            return _store_new(store, run, article, coded, keep_text=keep_text, beside=beside)
        if known.coder == run.coder and known.given == given_of(article):
            return Stored(outcome="unchanged", records=len(coded.events))
        return _recode(store, run, known, article, coded)


def _store_new(
    store: Store, run: Run, article: Article, coded: CodedDocument, *, keep_text: bool, beside: Beside
) -> Stored:
    doc, record = _next_numbers(store, documents=1, records=len(coded.events))
    row = document_row(article, coded, coder=run.coder, keep_text=keep_text)
    store.engine.insert("documents", [{"seq": doc, **row, "run": run.seq, "coded_run": run.seq}])
    _insert_records(store, run, doc, list(enumerate(coded.events, start=record)))
    for table, rows in beside(article, doc).items():
        store.engine.insert(table, rows)
    store.engine.index(doc, row["title"], row["text"])
    return Stored(outcome="stored", records=len(coded.events))


def _next_numbers(store: Store, *, documents: int = 0, records: int = 0, changes: int = 0) -> tuple[int, int]:
    """Take numbers: gives the first for a document, and the first for a record."""
    ((document, record),) = store.engine.rows(
        """
        UPDATE counters
        SET documents = documents + $1, records = records + $2, changes = changes + $3
        RETURNING documents, records
        """,
        [documents, records, changes],
    )
    return document - documents + 1, record - records + 1


def _insert_records(store: Store, run: Run, doc: int, events: Sequence[tuple[int, Event]]) -> None:
    insert = store.engine.insert
    insert("records", [record_row(event, seq=seq, doc=doc, run=run.seq) for seq, event in events])
    insert("entities", [row for seq, event in events for row in entity_rows(event, seq=seq, doc=doc)])
    insert("dyads", [row for seq, event in events for row in dyad_rows(event, seq=seq, doc=doc)])


# ── recoding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _recode(store: Store, run: Run, known: _Known, article: Article, coded: CodedDocument) -> Stored:
    old = _records_of(store, known.seq)
    records, changes = compare([event for _, event in old], coded.events)
    numbers = {event.id: seq for seq, event in old}
    fresh = [event.id for event in records if event.id not in numbers]
    _, first = _next_numbers(store, records=len(fresh), changes=len(changes))
    numbers |= dict(zip(fresh, range(first, first + len(fresh)), strict=True))
    _forget(store, known.seq, gone=[seq for seq, event in old if event.id not in {record.id for record in records}])
    _insert_records(store, run, known.seq, [(numbers[event.id], event) for event in records])
    _log(store, run, known, changes, {event.id: record_json(event) for _, event in old})
    _update_document(store, run, known.seq, article, coded)
    revise(store, known.seq)
    return Stored(outcome="recoded", records=len(records), changes=tuple(changes))


def _records_of(store: Store, doc: int) -> list[tuple[int, Event]]:
    """A document's records with their numbers."""
    reference = DocRef(
        id="", title=None, outlet=None, url=None, published=None, published_basis=None, lang="", sha256=""
    )
    rows = store.engine.rows("SELECT seq, CAST(record AS TEXT) FROM records WHERE doc = $1 ORDER BY seq", [doc])
    return [(seq, event_of(record, reference)) for seq, record in rows]


def _forget(store: Store, doc: int, *, gone: Sequence[int]) -> None:
    """Take a document's records out, to be written anew, and what was computed from those that do not come back."""
    for statement in (
        "DELETE FROM records WHERE doc = $1",
        "DELETE FROM entities WHERE doc = $1",
        "DELETE FROM dyads WHERE doc = $1",
    ):
        store.engine.execute(statement, [doc])
    for seq in gone:
        store.engine.execute("DELETE FROM pairs WHERE a = $1 OR b = $1", [seq])
        store.engine.execute("DELETE FROM memberships WHERE record = $1", [seq])


def _log(store: Store, run: Run, known: _Known, changes: Sequence[Change], before: dict[str, str]) -> None:
    ((last,),) = store.engine.rows("SELECT changes FROM counters")
    rows: list[Values] = [
        {
            "seq": seq,
            "run": run.seq,
            "made": now(),
            "doc": known.seq,
            "kind": change.kind,
            "record": change.record,
            "other": change.other,
            "fields": list(change.fields),
            "before": before.get(change.record),
            "coder_lapwing": known.coder.lapwing,
            "coder_model": known.coder.model,
        }
        for seq, change in enumerate(changes, start=last - len(changes) + 1)
    ]
    store.engine.insert("changes", rows)


def _update_document(store: Store, run: Run, doc: int, article: Article, coded: CodedDocument) -> None:
    values = coded_values(article, coded, coder=run.coder)
    store.engine.execute(
        """
        UPDATE documents
        SET given = $1, title = $2, outlet = $3, url = $4, published = $5, published_basis = $6, lang = $7,
            extracted = $8, coder_lapwing = $9, coder_model = $10, coded_run = $11
        WHERE seq = $12
        """,
        [given_of(article), *values.values(), run.seq, doc],
    )


def stored_articles(store: Store, *, coder: Coder) -> Iterator[Article]:
    """The articles whose text is kept and that another than `coder` coded: what there is to recode."""
    rows = store.engine.stream(
        """
        SELECT id, text, given FROM documents
        WHERE text IS NOT NULL AND (coder_lapwing <> $1 OR coder_model <> $2)
        ORDER BY seq
        """,
        [coder.lapwing, coder.model],
    )
    for id, text, given in rows:
        yield article_of(id, text, given)
