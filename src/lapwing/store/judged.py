"""What reviewers decided of a record → the record as judged. The record as coded stays beside it, untouched.

A review speaks of a record by its id within an article. From the reviews that stand, in their order:

- the last of accepting, correcting, adding and deleting says whether the record is one at all;
- an acceptance holds the record as the coder had it *then*, so that a newer coder does not change what was accepted;
- a correction replaces the fields that it names, whatever the coder says of them, until it is taken back or the field is
  corrected again; fields that nobody decided follow the coder;
- a deletion is of an act: where a newer coder reads another type at these words, it is another record, to be judged anew;
- a record that a newer coder no longer tells stays, where a person accepted, corrected or added it.

`reviewed` and the `revised…` tables hold what follows from this. They are worked out anew for a document whenever one of
its reviews or its coding changes (`revise`); `reviews` itself is never touched by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from lapwing.records import REVIEWER, DocRef, Event, Reason
from lapwing.store.rows import Values, dyad_rows, entity_rows, event_of, record_row

if TYPE_CHECKING:
    from lapwing.store.opening import Store

Action = Literal["accept", "correct", "delete", "add", "complete", "undo"]

Verdict = Literal["accepted", "corrected", "deleted", "added", "complete"]

VERDICTS: dict[str, Verdict] = {
    "accept": "accepted",
    "correct": "corrected",
    "delete": "deleted",
    "add": "added",
    "complete": "complete",
}

WHOLE = "record"
"""What `Reason.field` says where the reviewer decided of the record as a whole."""

NOWHERE = DocRef(id="", title=None, outlet=None, url=None, published=None, published_basis=None, lang="", sha256="")
"""Stands for an article where only its records matter."""


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `reviews`: who decided what of which record, when and why. `value` and `coded` are JSON."""

    seq: int
    made: datetime
    reviewer: str
    document: str
    record: str | None
    number: int | None
    action: Action
    field: str | None
    value: str | None
    coded: str | None
    note: str | None
    revokes: int | None


def standing(reviews: Sequence[Review]) -> list[Review]:
    """Those that were not taken back, in their order. What was taken back and then taken back again stands."""
    gone = taken_back((review.seq, review.revokes) for review in reviews)
    return [review for review in reviews if review.seq not in gone and review.revokes is None]


def taken_back(entries: Iterable[tuple[int, int | None]]) -> set[int]:
    """The numbers of the entries that do not stand, from pairs of an entry and the one that it takes back.

    >>> sorted(taken_back([(1, None), (2, 1), (3, None), (4, 3), (5, 4)]))
    [1, 4]
    """
    gone: set[int] = set()
    for seq, revokes in sorted(entries, reverse=True):
        if seq not in gone and revokes is not None:
            gone.add(revokes)
    return gone


# ── one record ────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_judged(coded: Event | None, reviews: Sequence[Review], *, doc: DocRef = NOWHERE) -> Event | None:
    """The record after `reviews`, which stand and are all of this record; None where there is none to tell. `doc` is its
    article, for where only reviews tell the record."""
    counted = [review for review in reviews if not is_of_another_act(review, coded)]
    if not counted:
        return coded
    if counted[-1].action == "delete":
        return None
    base = _base(coded, counted, doc)
    record = _patched(base, [review for review in counted if review.action == "correct"]) if base else None
    return msgspec.structs.replace(record, why=_reasons(record, counted)) if record else None


def is_of_another_act(review: Review, coded: Event | None) -> bool:
    """A deletion of a record that the coder now reads as another act."""
    if review.action != "delete" or coded is None or review.coded is None:
        return False
    before = event_of(review.coded, NOWHERE)
    overlap = before.trigger.start < coded.trigger.end and coded.trigger.start < before.trigger.end
    return before.event != coded.event or not overlap


def verdict_on(coded: Event | None, reviews: Sequence[Review]) -> Verdict | None:
    """What one reviewer's reviews that stand come to; None where they do not speak of the act any more."""
    counted = [review.action for review in reviews if not is_of_another_act(review, coded)]
    if not counted:
        return None
    if counted[-1] == "accept" and "correct" in counted:
        return "corrected"
    return VERDICTS[counted[-1]]


def _base(coded: Event | None, reviews: Sequence[Review], doc: DocRef) -> Event | None:
    """The record that corrections are made to."""
    added = next((review.value for review in reviews if review.action == "add"), None)
    accepted = next((review.coded for review in reversed(reviews) if review.action == "accept"), None)
    last = next((review.coded for review in reversed(reviews) if review.coded), None)
    pinned = added or accepted or (last if coded is None else None)
    return event_of(pinned, coded.doc if coded else doc) if pinned else coded


def _patched(record: Event, corrections: Sequence[Review]) -> Event:
    values: dict[str, Any] = {}
    for correction in corrections:
        values |= msgspec.json.decode(correction.value or "{}")
    return msgspec.convert(msgspec.to_builtins(record) | values, Event)


def _reasons(record: Event, reviews: Sequence[Review]) -> tuple[Reason, ...]:
    """The reasons of the fields that nobody corrected, and who decided the others."""
    decided: dict[str, Review] = {}
    for review in reviews:
        decided[review.field or WHOLE] = review
    kept = [reason for reason in record.why if reason.field not in decided and reason.by != REVIEWER]
    return (*kept, *(Reason(field=field, by=REVIEWER, because=words_for(review)) for field, review in decided.items()))


def words_for(review: Review) -> str:
    """Who decided, when and why.

    >>> words_for(Review(seq=1, made=datetime(2024, 5, 1, 9, 30), reviewer="Ada", document="k", record="lw-1", number=1,
    ...     action="accept", field=None, value=None, coded=None, note="clear", revokes=None))
    'accepted by Ada on 2024-05-01: clear'
    """
    note = f": {review.note}" if review.note else ""
    return f"{VERDICTS[review.action]} by {review.reviewer} on {review.made:%Y-%m-%d}{note}"


# ── all of a document ─────────────────────────────────────────────────────────────────────────────────────────────────


def revise(store: Store, doc: int) -> None:
    """Work out anew, within a transaction, what reviews make of the records of document number `doc`."""
    reviews = standing(reviews_of_document(store, doc))
    known = store.engine.rows("SELECT 1 FROM reviewed WHERE doc = $1 LIMIT 1", [doc])
    if not reviews and not known:
        return
    for statement in FORGET:
        store.engine.execute(statement, [doc])
    coded = coded_of(store, doc)
    groups = by_record(reviews)
    _write_verdicts(store, doc, coded, groups, reviews)
    for id, group in groups.items():
        number, record = coded.get(id, (group[-1].number, None))
        judged = as_judged(record, group)
        if number is not None and judged != record:
            _write_judged(store, doc, number, judged)


FORGET = (
    "DELETE FROM reviewed WHERE doc = $1",
    "DELETE FROM revised WHERE doc = $1",
    "DELETE FROM revised_records WHERE doc = $1",
    "DELETE FROM revised_entities WHERE doc = $1",
    "DELETE FROM revised_dyads WHERE doc = $1",
)


def _write_verdicts(
    store: Store,
    doc: int,
    coded: dict[str, tuple[int, Event]],
    groups: dict[str, list[Review]],
    reviews: Sequence[Review],
) -> None:
    rows: list[Values] = []
    for id, group in groups.items():
        number, record = coded.get(id, (group[-1].number, None))
        for reviewer in dict.fromkeys(review.reviewer for review in group):
            verdict = verdict_on(record, [review for review in group if review.reviewer == reviewer])
            if verdict:
                rows.append({"number": number, "doc": doc, "id": id, "reviewer": reviewer, "verdict": verdict})
    for reviewer in dict.fromkeys(review.reviewer for review in reviews if review.action == "complete"):
        rows.append({"number": None, "doc": doc, "id": None, "reviewer": reviewer, "verdict": "complete"})
    store.engine.insert("reviewed", rows)


def _write_judged(store: Store, doc: int, number: int, judged: Event | None) -> None:
    """Let a record's row be replaced by that of the record as judged, or by none."""
    insert = store.engine.insert
    insert("revised", [{"number": number, "doc": doc}])
    if judged is None:
        return
    ((run,),) = store.engine.rows("SELECT coded_run FROM documents WHERE seq = $1", [doc])
    insert("revised_records", [record_row(judged, seq=number, doc=doc, run=run)])
    insert("revised_entities", entity_rows(judged, seq=number, doc=doc))
    insert("revised_dyads", dyad_rows(judged, seq=number, doc=doc))


def by_record(reviews: Iterable[Review]) -> dict[str, list[Review]]:
    """The reviews of records, by the records' ids."""
    groups: dict[str, list[Review]] = {}
    for review in reviews:
        if review.record is not None:
            groups.setdefault(review.record, []).append(review)
    return groups


def coded_of(store: Store, doc: int, *, reference: DocRef = NOWHERE) -> dict[str, tuple[int, Event]]:
    """A document's records as coded, with their numbers, by id and in order."""
    rows = store.engine.rows("SELECT seq, CAST(record AS TEXT) FROM records WHERE doc = $1 ORDER BY seq", [doc])
    return {event.id: (seq, event) for seq, event in ((seq, event_of(record, reference)) for seq, record in rows)}


def reviews_of_document(store: Store, doc: int) -> list[Review]:
    """All that was decided of a document and its records, in order."""
    rows = store.engine.rows(
        """
        SELECT v.seq, v.made, v.reviewer, v.document, v.record, v.number, v.action, v.field, CAST(v.value AS TEXT),
            CAST(v.coded AS TEXT), v.note, v.revokes
        FROM reviews AS v JOIN documents AS d ON d.key = v.document
        WHERE d.seq = $1
        ORDER BY v.seq
        """,
        [doc],
    )
    return [review_of(row) for row in rows]


def review_of(row: Sequence[Any]) -> Review:
    """The review from its columns in their order."""
    return Review(**dict(zip(Review.__struct_fields__, row, strict=True)))
