"""One article of the store with its records, as a page shows it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from lapwing.records import Article, Coder, DocRef, Event
from lapwing.store.opening import Store
from lapwing.store.rows import article_of, event_of, reference_of

ARTICLE = """
    SELECT d.id, d.title, d.outlet, d.url, d.published, d.published_basis, d.lang, d.sha256,
        CASE WHEN d.extracted THEN d.text END,
        d.text, d.given, d.length, d.coder_lapwing, d.coder_model, d.run, r.started, d.key
    FROM documents AS d LEFT JOIN runs AS r ON r.seq = d.run
    WHERE d.seq = $1
"""

RECORDS = "SELECT CAST(record AS TEXT) FROM records WHERE doc = $1 ORDER BY seq"

ACTS = """
    SELECT r.id, m.cluster FROM records AS r JOIN memberships AS m ON m.record = r.seq
    WHERE r.doc = $1
"""

NUMBER = "SELECT max(seq) FROM documents WHERE id = $1"

OF_RECORD = """
    SELECT max(doc) FROM (
        SELECT doc FROM records WHERE id = $1 UNION ALL SELECT doc FROM reviewed WHERE id = $1
    ) AS found
"""
"""Also of a record that only a reviewer tells."""


class StoredArticle(msgspec.Struct, frozen=True, kw_only=True):
    """A document of the store. `article` is what its source gave, None where its text was not kept; `length` are its
    characters, `key` what judgements call it."""

    number: int
    key: str
    reference: DocRef
    article: Article | None
    length: int
    coder: Coder
    run: int
    stored: datetime | None
    events: tuple[Event, ...]


def find_article(store: Store, number: int) -> StoredArticle | None:
    """The document with this number (`documents.seq`), its records in the order in which they were found; None where there
    is none."""
    rows = store.engine.rows(ARTICLE, [number])
    if not rows:
        return None
    *reference, text, given, length, lapwing, model, run, stored, key = rows[0]
    doc = reference_of(reference)
    return StoredArticle(
        number=number,
        key=key,
        reference=doc,
        article=None if text is None else article_of(doc.id, text, given),
        length=length,
        coder=Coder(lapwing=lapwing, model=model),
        run=run,
        stored=stored,
        events=tuple(event_of(record, doc) for (record,) in store.engine.rows(RECORDS, [number])),
    )


def acts_of(store: Store, number: int) -> dict[str, str]:
    """For the records of a document the clusters that they are in, by the records' ids."""
    return {str(record): str(cluster) for record, cluster in store.engine.rows(ACTS, [number])}


def number_of(store: Store, id: str) -> int | None:
    """The number of the newest document that its source calls `id`."""
    ((number,),) = store.engine.rows(NUMBER, [id])
    return None if number is None else int(number)


def number_of_record(store: Store, record: str) -> int | None:
    """The number of the document that a record was read in, or that a reviewer added it to."""
    ((number,),) = store.engine.rows(OF_RECORD, [record])
    return None if number is None else int(number)
