"""A record as one flat row: who, what, when and where as plain values, each with the words that it was read from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from lapwing.records import REVIEWER, Entity, Event, Span


def _start(span: Span | None) -> int | None:
    return span.start if span else None


def _end(span: Span | None) -> int | None:
    return span.end if span else None


def _text(span: Span | None) -> str | None:
    return span.text if span else None


def _each(entities: Sequence[Entity], field: str) -> list[str | None]:
    return [getattr(entity, field) for entity in entities]


COLUMNS: dict[str, tuple[str, Callable[[Event], object]]] = {
    "id": ("text", lambda e: e.id),
    "doc_id": ("text", lambda e: e.doc.id),
    "doc_title": ("text", lambda e: e.doc.title),
    "doc_outlet": ("text", lambda e: e.doc.outlet),
    "doc_url": ("text", lambda e: e.doc.url),
    "doc_published": ("text", lambda e: e.doc.published),
    "doc_published_basis": ("text", lambda e: e.doc.published_basis),
    "doc_lang": ("text", lambda e: e.doc.lang),
    "doc_sha256": ("text", lambda e: e.doc.sha256),
    "event": ("text", lambda e: e.event),
    "mode": ("text", lambda e: e.mode),
    "contexts": ("list", lambda e: list(e.contexts)),
    "quad": ("integer", lambda e: e.quad),
    "score": ("number", lambda e: e.score),
    "trigger": ("text", lambda e: e.trigger.text),
    "trigger_start": ("integer", lambda e: e.trigger.start),
    "trigger_end": ("integer", lambda e: e.trigger.end),
    "actor_names": ("list", lambda e: _each(e.actors, "name")),
    "actor_countries": ("list", lambda e: _each(e.actors, "country")),
    "actor_sectors": ("list", lambda e: _each(e.actors, "sector")),
    "actor_texts": ("list", lambda e: _each(e.actors, "text")),
    "recipient_names": ("list", lambda e: _each(e.recipients, "name")),
    "recipient_countries": ("list", lambda e: _each(e.recipients, "country")),
    "recipient_sectors": ("list", lambda e: _each(e.recipients, "sector")),
    "recipient_texts": ("list", lambda e: _each(e.recipients, "text")),
    "date": ("text", lambda e: e.date and e.date.value),
    "date_precision": ("text", lambda e: e.date and e.date.precision),
    "date_text": ("text", lambda e: e.date and _text(e.date.span)),
    "place": ("text", lambda e: e.place and e.place.name),
    "place_country": ("text", lambda e: e.place and e.place.country),
    "place_adm1": ("text", lambda e: e.place and e.place.adm1),
    "place_lat": ("number", lambda e: e.place and e.place.lat),
    "place_lon": ("number", lambda e: e.place and e.place.lon),
    "place_geonameid": ("integer", lambda e: e.place and e.place.geonameid),
    "place_precision": ("text", lambda e: e.place and e.place.precision),
    "place_text": ("text", lambda e: e.place and _text(e.place.span)),
    "status": ("text", lambda e: e.status),
    "cue": ("text", lambda e: _text(e.cue)),
    "cue_start": ("integer", lambda e: _start(e.cue)),
    "cue_end": ("integer", lambda e: _end(e.cue)),
    "source": ("text", lambda e: e.source and e.source.name),
    "source_country": ("text", lambda e: e.source and e.source.country),
    "source_sector": ("text", lambda e: e.source and e.source.sector),
    "source_kind": ("text", lambda e: e.source and e.source.kind),
    "source_text": ("text", lambda e: e.source and e.source.span.text),
    "source_cue": ("text", lambda e: e.source and _text(e.source.cue)),
    "source_channel": ("text", lambda e: e.source and e.source.channel),
    "relay": ("text", lambda e: e.relay and e.relay.name),
    "magnitude": ("list", lambda e: [f"{kind}={number:g}" for kind, number in numbers_of(e.magnitude).items()]),
    "confidence": ("number", lambda e: e.confidence),
    "evidence": ("text", lambda e: e.evidence.text),
    "evidence_start": ("integer", lambda e: e.evidence.start),
    "evidence_end": ("integer", lambda e: e.evidence.end),
    "coder_lapwing": ("text", lambda e: e.coder.lapwing),
    "coder_model": ("text", lambda e: e.coder.model),
    "reviewed": ("list", lambda e: [reason.field for reason in e.why if reason.by == REVIEWER]),
}
"""Column → its kind (text, integer, number, list) and where its value stands in a record. The order is the files'
order."""


def row_of(event: Event) -> dict[str, Any]:
    """A record as one flat row, lists as lists."""
    return {name: value(event) for name, (_, value) in COLUMNS.items()}


def record_of(event: Event) -> dict[str, Any]:
    """A record as ``docs/reference/record.md`` shapes it: plain dictionaries, lists, strings and numbers."""
    record: dict[str, Any] = msgspec.to_builtins(event)
    if event.magnitude is not None:
        record["magnitude"] = numbers_of(event.magnitude)
    if event.doc.text is None:
        del record["doc"]["text"]
    return record


def numbers_of(magnitude: dict[str, float] | None) -> dict[str, float]:
    """Counts as whole numbers.

    >>> numbers_of({"troops": 9000.0, "usd": 2.5})
    {'troops': 9000, 'usd': 2.5}
    """
    return {kind: int(value) if float(value).is_integer() else value for kind, value in (magnitude or {}).items()}


def teller_of(event: Event) -> str | None:
    """What the one is called who says so, or denies it; None for the article's own voice."""
    return (event.source.name or event.source.span.text) if event.source else None
