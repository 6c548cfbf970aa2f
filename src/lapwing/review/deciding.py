"""What a reviewer decides: accept a record, correct a field of it, delete it, add one that is missing, say that an article is
complete, take any of that back. Each is kept with who, when and why; nothing is overwritten.

A reviewer decides of a record as that reviewer sees it: as coded, with the reviewer's own corrections. Those of others are
not mixed in, so that two readings of one article are two, and their agreement means something.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from lapwing import __version__
from lapwing.errors import QueryError
from lapwing.records import REVIEWER, Event, Reason, Span
from lapwing.review.corrections import FIELDS, Text, correction
from lapwing.review.sentences import sentences_of
from lapwing.store import Store
from lapwing.store.judged import WHOLE, Review
from lapwing.store.reviews import (
    Judged,
    Reviewable,
    coder_of_added,
    document_of_record,
    enter,
    judged_records,
    progress,
    review_numbered,
    reviewable,
)
from lapwing.store.rows import article_of

LONGEST_NAME, LONGEST_NOTE = 100, 2_000

NOT_YET = Span(0, 0, "")
"""The words of a record whose words are not known yet."""

NEEDED = ("trigger", "event")
"""What an added record must be given; the rest may be left open."""


def accept(store: Store, number: int, *, by: str, note: str | None = None) -> Review:
    """The record is right as it stands. `number` is its number (`records.seq`). Raises `QueryError`."""
    by, note, article, record = _asked(store, number, by, note)
    if record.judged is None:
        raise QueryError("the record is deleted: take that back first.")
    return enter(store, article, "accept", by=by, record=record, note=note)


def delete(store: Store, number: int, *, by: str, note: str | None = None) -> Review:
    """The text tells no such act."""
    by, note, article, record = _asked(store, number, by, note)
    if record.judged is None:
        raise QueryError("the record is deleted already.")
    return enter(store, article, "delete", by=by, record=record, note=note)


def correct(store: Store, number: int, field: str, value: Any, *, by: str, note: str | None = None) -> Review:
    """`field` is to be `value`, as `corrections` has it. Raises `QueryError` where that cannot be, or says nothing new."""
    by, note, article, record = _asked(store, number, by, note)
    if record.judged is None:
        raise QueryError("the record is deleted: take that back first.")
    values = correction(record.judged, field, value, text_of(article))
    now: dict[str, Any] = msgspec.to_builtins(record.judged)
    if all(now[name] == new for name, new in msgspec.to_builtins(values).items()):
        raise QueryError(f"{field} is that already.")
    return enter(
        store,
        article,
        "correct",
        by=by,
        record=record,
        field=field,
        value=msgspec.json.encode(values).decode(),
        note=note,
    )


def add(store: Store, doc: int, given: Mapping[str, Any], *, by: str, note: str | None = None) -> Review:
    """Add a record to article number `doc`: `given` holds its fields as `corrections` has them, at least `trigger` and
    `event`. Raises `QueryError`."""
    by, note = _signed(by, note)
    article = reviewable(store, doc)
    event = _added(article, given)
    if any(_same_act(event, one) for one in judged_records(store, doc, by=by)):
        raise QueryError(f"there is a record of {event.event} at “{event.trigger.text}” already: correct that one.")
    return enter(store, article, "add", by=by, added=event, note=note)


def complete(store: Store, doc: int, *, by: str, note: str | None = None) -> Review:
    """All records of article number `doc` are judged, by whomever, and no event is missing. Raises `QueryError` where one
    is not judged."""
    by, note = _signed(by, note)
    article = reviewable(store, doc)
    text_of(article)
    (known,) = progress(store, docs=[doc])
    if known.judged < known.records:
        raise QueryError(f"the article is not complete: {known.lacking}.")
    if by in known.complete_by:
        raise QueryError(f"{by} has said so already.")
    return enter(store, article, "complete", by=by, note=note)


def undo(store: Store, seq: int, *, by: str, note: str | None = None) -> Review:
    """Take review number `seq` back; an undo too can be taken back. Raises `QueryError` where it does not stand."""
    by, note = _signed(by, note)
    review, doc = review_numbered(store, seq)
    return enter(store, reviewable(store, doc), "undo", by=by, revokes=review, note=note)


# ── checks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _asked(store: Store, number: int, by: str, note: str | None) -> tuple[str, str | None, Reviewable, Judged]:
    """Who says so, why, the article, and the record as that reviewer sees it (one that another added as that one left it)."""
    by, note = _signed(by, note)
    doc = document_of_record(store, number)
    seen = [*judged_records(store, doc, by=by), *judged_records(store, doc)]
    record = next(one for one in seen if one.number == number)
    return by, note, reviewable(store, doc), record


def _signed(by: str, note: str | None) -> tuple[str, str | None]:
    """A name and a note as they are kept."""
    name, why = " ".join(by.split()), (note or "").strip() or None
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise QueryError(f"a decision is kept with who made it: give a name of at most {LONGEST_NAME} characters.")
    if why is not None and len(why) > LONGEST_NOTE:
        raise QueryError(f"a note has at most {LONGEST_NOTE:,} characters.")
    return name, why


def text_of(article: Reviewable) -> Text:
    """The article's text and its sentences. Raises `QueryError` where the store keeps no text of it."""
    if article.text is None:
        raise QueryError("the store keeps no text of this article (--no-text): its words cannot be checked.")
    return article.text, sentences_of(article_of(article.reference.id, article.text, article.given))


# ── an added record ───────────────────────────────────────────────────────────────────────────────────────────────────


def _added(article: Reviewable, given: Mapping[str, Any]) -> Event:
    """The record that a reviewer made, its fields checked one by one."""
    if lacking := [name for name in NEEDED if given.get(name) is None]:
        raise QueryError(f"an added record needs {' and '.join(lacking)}.")
    if unknown := [name for name in given if name not in FIELDS]:
        raise QueryError(f"{', '.join(map(repr, unknown))}: no such field. There are {', '.join(FIELDS)}.")
    text = text_of(article)
    event = _blank(article, given["trigger"], text)
    for field in FIELDS:  # in this order: the type before its mode
        if field in given and field != "trigger":
            event = msgspec.convert(msgspec.to_builtins(event) | correction(event, field, given[field], text), Event)
    return msgspec.structs.replace(event, id=_id_of(event, article.key))


def _id_of(event: Event, key: str) -> str:
    """The id of an added record: the same whoever adds the same act at the same words."""
    who = [[one.name, one.country] for one in (*event.actors, *event.recipients)]
    place = event.place.name if event.place else None
    told = [key, event.trigger.start, event.trigger.end, event.event, event.status, who, place]
    return "lw-" + hashlib.blake2b(msgspec.json.encode(told), digest_size=8).hexdigest()


def _blank(article: Reviewable, trigger: Any, text: Text) -> Event:
    """A record of which only the trigger is known."""
    none = Event(
        id="",
        doc=article.reference,
        event="CONSULT",
        mode=None,
        contexts=(),
        quad=1,
        score=0.0,
        trigger=NOT_YET,
        actors=(),
        recipients=(),
        date=None,
        place=None,
        status="happened",
        cue=None,
        source=None,
        relay=None,
        magnitude=None,
        magnitude_spans=(),
        confidence=1.0,
        evidence=NOT_YET,
        coder=coder_of_added(__version__),
        why=(Reason(field=WHOLE, by=REVIEWER, because="added by a reviewer"),),
    )
    return msgspec.convert(msgspec.to_builtins(none) | correction(none, "trigger", trigger, text), Event)


def _same_act(event: Event, known: Judged) -> bool:
    """Whether a record that stands is of the same type at the same words, and told as much."""
    other = known.judged
    return (
        other is not None
        and (other.event, other.status, other.trigger) == (event.event, event.status, event.trigger)
        and (other.actors, other.recipients) == (event.actors, event.recipients)
    )
