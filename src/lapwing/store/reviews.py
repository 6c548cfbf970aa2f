"""What reviewers decide of records and articles: entered, taken back, read. Rows are added and never changed.

Nothing here asks whether a correction makes sense: `lapwing.review` does, and then enters it here. What follows from the
reviews that stand is worked out by `judged` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from lapwing.errors import QueryError
from lapwing.records import Coder, DocRef, Event
from lapwing.store.judged import (
    Action,
    Review,
    Verdict,
    as_judged,
    by_record,
    coded_of,
    review_of,
    reviews_of_document,
    revise,
    standing,
    taken_back,
    verdict_on,
)
from lapwing.store.opening import Store
from lapwing.store.rows import record_json, reference_of
from lapwing.store.writing import now

ADDED = "(added by a reviewer)"
"""What `coder.model` says of a record that no model wrote."""


class Reviewable(msgspec.Struct, frozen=True, kw_only=True):
    """An article as a reviewer needs it: `key` names it in what was decided, `text` is None where it is not kept."""

    doc: int
    key: str
    text: str | None
    given: str
    reference: DocRef


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A record as coded (None where a person added it, or a newer coder no longer tells it) and as judged (None where it was
    deleted), with the reviews of it that stand and each reviewer's verdict."""

    id: str
    number: int
    coded: Event | None
    judged: Event | None
    reviews: tuple[Review, ...] = ()
    verdicts: dict[str, Verdict] = {}


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far an article is reviewed: its records as coded, those that someone judged, and who said that none is missing."""

    doc: int
    key: str
    id: str
    title: str | None
    records: int
    judged: int
    complete_by: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Every record is judged, and a person said that none is missing."""
        return self.judged == self.records and bool(self.complete_by)

    @property
    def lacking(self) -> str | None:
        """What is lacking for that, in words."""
        left = self.records - self.judged
        if left:
            return f"{left} of {self.records} records not judged"
        return None if self.complete_by else "nobody has said that no event is missing"


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def reviewable(store: Store, doc: int) -> Reviewable:
    """The article with number `doc`. Raises `QueryError` where there is none."""
    rows = store.engine.rows(
        """
        SELECT key, text, given, id, title, outlet, url, published, published_basis, lang, sha256,
            CASE WHEN extracted THEN text END
        FROM documents WHERE seq = $1
        """,
        [doc],
    )
    if not rows:
        raise QueryError(f"the store holds no document number {doc}.")
    key, text, given, *about = rows[0]
    return Reviewable(doc=doc, key=key, text=text, given=given, reference=reference_of(about))


def document_of_record(store: Store, number: int) -> int:
    """The number of the document that record number `number` is of, also where a person added it or a newer coder dropped
    it. Raises `QueryError` where there is none such."""
    rows = store.engine.rows(
        "SELECT doc FROM records WHERE seq = $1 UNION SELECT doc FROM reviewed WHERE number = $1", [number]
    )
    if not rows:
        raise QueryError(f"the store holds no record number {number}.")
    return int(rows[0][0])


def judged_records(store: Store, doc: int, *, by: str | None = None) -> list[Judged]:
    """The records of document number `doc` in the order of the text, deleted ones too; with `by` as that reviewer alone left
    them."""
    reference = reviewable(store, doc).reference
    coded = coded_of(store, doc, reference=reference)
    reviews = [review for review in standing(reviews_of_document(store, doc)) if by in (None, review.reviewer)]
    groups = by_record(reviews)
    found = [_judged(id, coded.get(id), groups.get(id, []), reference) for id in dict.fromkeys([*coded, *groups])]
    return sorted((one for one in found if one.coded or one.judged), key=_place)


def _judged(id: str, known: tuple[int, Event] | None, reviews: list[Review], doc: DocRef) -> Judged:
    number, coded = known or (reviews[-1].number or 0, None)
    verdicts = {
        reviewer: verdict
        for reviewer in dict.fromkeys(review.reviewer for review in reviews)
        if (verdict := verdict_on(coded, [review for review in reviews if review.reviewer == reviewer]))
    }
    return Judged(
        id=id,
        number=number,
        coded=coded,
        judged=as_judged(coded, reviews, doc=doc),
        reviews=tuple(reviews),
        verdicts=verdicts,
    )


def _place(one: Judged) -> tuple[int, int]:
    event = one.judged or one.coded
    return (event.trigger.start if event else -1, one.number)


def reviews_made(
    store: Store, *, doc: int | None = None, reviewer: str | None = None, limit: int = 100, offset: int = 0
) -> list[tuple[Review, bool]]:
    """What was decided, the newest first, and whether it stands; of all articles or one, by all or one."""
    rows = store.engine.rows(
        """
        SELECT v.seq, v.made, v.reviewer, v.document, v.record, v.number, v.action, v.field, CAST(v.value AS TEXT),
            CAST(v.coded AS TEXT), v.note, v.revokes
        FROM reviews AS v JOIN documents AS d ON d.key = v.document
        WHERE d.seq = coalesce(CAST($1 AS BIGINT), d.seq) AND v.reviewer = coalesce(CAST($2 AS TEXT), v.reviewer)
        ORDER BY v.seq DESC LIMIT $3 OFFSET $4
        """,
        [doc, reviewer, limit, offset],
    )
    found = [review_of(row) for row in rows]
    gone = taken_back(store.engine.rows("SELECT seq, revokes FROM reviews WHERE revokes IS NOT NULL"))
    return [(review, review.seq not in gone) for review in found]


def progress(store: Store, *, docs: Sequence[int] | None = None) -> list[Progress]:
    """How far articles are reviewed: of `docs`, or of all in which someone decided something."""
    wanted = docs if docs is not None else [doc for (doc,) in store.engine.rows("SELECT DISTINCT doc FROM reviewed")]
    rows = store.engine.rows(
        """
        WITH wanted AS (SELECT unnest(CAST($1 AS BIGINT[])) AS doc),
        coded AS (
            SELECT r.doc, count(*) AS n,
                count(CASE WHEN r.seq IN (SELECT v.number FROM reviewed AS v WHERE v.number IS NOT NULL) THEN 1 END) AS judged
            FROM records AS r WHERE r.doc IN (SELECT doc FROM wanted) GROUP BY r.doc
        )
        SELECT d.seq, d.key, d.id, d.title, coalesce(coded.n, 0), coalesce(coded.judged, 0)
        FROM documents AS d LEFT JOIN coded ON coded.doc = d.seq
        WHERE d.seq IN (SELECT doc FROM wanted)
        ORDER BY d.seq
        """,
        [list(wanted)],
    )
    said: dict[int, list[str]] = {}
    for doc, reviewer in store.engine.rows(
        "SELECT doc, reviewer FROM reviewed WHERE verdict = 'complete' ORDER BY doc, reviewer"
    ):
        said.setdefault(doc, []).append(reviewer)
    return [
        Progress(doc=doc, key=key, id=id, title=title, records=n, judged=m, complete_by=tuple(said.get(doc, ())))
        for doc, key, id, title, n, m in rows
    ]


def reviewed_last(store: Store, *, limit: int) -> list[int]:
    """The numbers of the articles in which someone decided something last, the last first."""
    rows = store.engine.rows(
        """
        SELECT d.seq FROM reviews AS v JOIN documents AS d ON d.key = v.document
        GROUP BY d.seq ORDER BY max(v.seq) DESC LIMIT $1
        """,
        [limit],
    )
    return [int(doc) for (doc,) in rows]


def reviewers(store: Store) -> list[tuple[str, int]]:
    """Who judged, and how many records."""
    rows = store.engine.rows(
        "SELECT reviewer, count(number) FROM reviewed GROUP BY reviewer ORDER BY count(number) DESC, reviewer"
    )
    return [(str(name), int(count)) for name, count in rows]


def revised_count(store: Store, *, doc: int | None = None) -> int:
    """How many records, of document number `doc` or of all, are as judged other than as coded: corrected, deleted or added. 0
    for a store of an older version."""
    if doc is None and "revised" not in store.engine.tables():
        return 0
    ((count,),) = store.engine.rows(
        """
        SELECT count(DISTINCT v.number) FROM reviewed AS v
        WHERE v.verdict IN ('corrected', 'deleted', 'added') AND v.doc = coalesce(CAST($1 AS BIGINT), v.doc)
            AND v.number IN (SELECT o.number FROM revised AS o)
        """,
        [doc],
    )
    return int(count)


# ── deciding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def enter(
    store: Store,
    article: Reviewable,
    action: Action,
    *,
    by: str,
    record: Judged | None = None,
    added: Event | None = None,
    field: str | None = None,
    value: str | None = None,
    note: str | None = None,
    revokes: Review | None = None,
) -> Review:
    """Enter a decision, and work out what follows. `added` is a record that a person made: it gets its number here."""
    with store.engine.transaction():
        ((last,),) = store.engine.rows("SELECT coalesce(max(seq), 0) FROM reviews")
        id, number = (record.id, record.number) if record else (None, None)
        if revokes is not None:
            id, number = revokes.record, revokes.number
        if added is not None:
            id, number, value = added.id, _next_number(store), record_json(added)
        seen = (record.coded or record.judged) if record else None
        review = Review(
            seq=last + 1,
            made=now(),
            reviewer=by,
            document=article.key,
            record=id,
            number=number,
            action=action,
            field=field,
            value=value,
            coded=record_json(seen) if seen else None,
            note=note,
            revokes=revokes.seq if revokes else None,
        )
        store.engine.insert("reviews", [msgspec.structs.asdict(review)])
        revise(store, article.doc)
    return review


def _next_number(store: Store) -> int:
    ((number,),) = store.engine.rows("UPDATE counters SET records = records + 1 RETURNING records")
    return int(number)


def review_numbered(store: Store, seq: int) -> tuple[Review, int]:
    """Review number `seq`, and the number of its document. Raises `QueryError` where it is not there or does not stand."""
    rows = store.engine.rows(
        "SELECT d.seq FROM reviews AS v JOIN documents AS d ON d.key = v.document WHERE v.seq = $1", [seq]
    )
    if rows:
        doc = int(rows[0][0])
        reviews = reviews_of_document(store, doc)
        gone = taken_back((review.seq, review.revokes) for review in reviews)
        for review in reviews:
            if review.seq == seq and seq not in gone:
                return review, doc
    raise QueryError(f"there is no review {seq} that stands.")


def coder_of_added(lapwing: str) -> Coder:
    """Who wrote a record that a reviewer added."""
    return Coder(lapwing=lapwing, model=ADDED)
