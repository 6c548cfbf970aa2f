"""Records as annotation: one JSON file an article, in the shape that `lapwing evaluate gold` reads.

To correct a coder's records is faster than to write them anew; what was corrected measures the coder, and trains the next.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from lapwing.errors import ExportError
from lapwing.exports.columns import numbers_of
from lapwing.exports.files import new_file
from lapwing.records import Entity, Event, Span

UNSAFE = re.compile(r"[^\w.-]+")

LONGEST_NAME = 150


def gold_of(
    doc_id: str, events: Iterable[Event], *, sentences: Sequence[Sequence[int]] | None = None
) -> dict[str, Any]:
    """The annotation of an article. `sentences` are its sentences as (start, end) into the text as given, in order; without
    them `sentence` is None."""
    starts = [sentence[0] for sentence in sentences] if sentences is not None else None
    return {"doc_id": doc_id, "events": [_event(event, starts) for event in events]}


def _event(event: Event, starts: list[int] | None) -> dict[str, Any]:
    date, place, source = event.date, event.place, event.source
    return {
        "trigger": event.trigger.text,
        "sentence": max(bisect_right(starts, event.trigger.start) - 1, 0) if starts else None,
        "type": event.event,
        "mode": event.mode,
        "contexts": list(event.contexts),
        "actors": [_entity(actor) for actor in event.actors],
        "recipients": [_entity(recipient) for recipient in event.recipients],
        "date": {"text": _text(date.span), "value": date.value} if date else None,
        "place": {"text": _text(place.span), "name": place.name, "country": place.country} if place else None,
        "status": event.status,
        "source": {"text": source.span.text, "name": source.name, "country": source.country, "kind": source.kind}
        if source
        else None,
        "relay": event.relay.name if event.relay else None,
        "magnitude": numbers_of(event.magnitude) or None,
    }


def _entity(entity: Entity) -> dict[str, Any]:
    return {"text": entity.text, "name": entity.name, "country": entity.country, "sector": entity.sector}


def _text(span: Span | None) -> str | None:
    return span.text if span else None


def write_gold(
    events: Iterable[Event], folder: Path, *, sentences: dict[str, Sequence[Sequence[int]]] | None = None
) -> int:
    """Write one file for each article into `folder`; gives the number of records. The records of an article must come
    together. `sentences` gives the sentences of articles by their ids. Raises `ExportError`."""
    folder.mkdir(parents=True, exist_ok=True)
    written: set[str] = set()
    count = 0
    for doc_id, group in groupby(events, key=lambda event: event.doc.id):
        told = list(group)
        name = file_name(doc_id)
        if name in written:
            raise ExportError(
                f"two articles would be written to {name}: give them ids that differ, and sort by article."
            )
        written.add(name)
        annotation = gold_of(doc_id, told, sentences=(sentences or {}).get(doc_id))
        with new_file(folder / name) as stream:
            stream.write(json.dumps(annotation, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n")
        count += len(told)
    return count


def file_name(doc_id: str) -> str:
    """A file's name that stays in its folder.

    >>> file_name("news/2022 12.txt"), file_name("../x")
    ('news_2022_12.txt.json', 'x.json')
    """
    return (UNSAFE.sub("_", doc_id).strip("._")[-LONGEST_NAME:] or "article") + ".json"
