"""PLOVER's own JSON, one record a line (manual of 2024-02, chapter "Data Fields").

Names are those of the manual's table, not of its worked example. The manual asks for a status and says that no coder had
one: its auxiliary modes `future`, `hypothetical` and `negation` carry it. What else the manual has no field for (who says
so, the spans) stands under ``lapwing``, which a reader of PLOVER may skip.

``date`` must be a day there; a month becomes its first and last day (``date``, ``enddate``), and the comment says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import msgspec

from lapwing.crosswalks import codes_of
from lapwing.exports.columns import numbers_of
from lapwing.exports.days import days_of
from lapwing.exports.jsonl import json_line
from lapwing.records import Entity, Event, Place

AUXILIARY = {"expected": "future", "hypothetical": "hypothetical", "denied": "negation"}

RESOLUTION = {"sub-city": 5, "city": 4, "district": 3, "province": 2, "country": 1}

SIZES = ("dead", "injured", "arrested")


def plover_of(event: Event) -> dict[str, Any]:
    """A record as PLOVER has it. Fields that the record does not know are left out, but for the required ones."""
    first, last = days_of(event.date) or (None, None)
    numbers = numbers_of(event.magnitude)
    told: dict[str, Any] = {
        "id": event.id,
        "date": first and first.isoformat(),
        "enddate": last.isoformat() if last and last != first else None,
        "actor": [_entity(actor) for actor in event.actors],
        "recipient": [_entity(recipient) for recipient in event.recipients],
        "event": [event.event],
        "event_loc": _location(event.place) if event.place else None,
        "event_text": [event.trigger.text],
        "quad_code": event.quad,
        "event_scale": event.score,
        "mode": [mode for mode in (event.mode, AUXILIARY.get(event.status)) if mode],
        "context": list(event.contexts),
        "size": {kind: numbers[kind] for kind in SIZES if kind in numbers} or None,
        "link": event.doc.url,
        "text": event.evidence.text,
        "text_info": {"start": event.evidence.start, "end": event.evidence.end},
        "cite_info": _citation(event),
        "coder": f"lapwing {event.coder.lapwing} ({event.coder.model})",
        "comment": _comment(event),
        "lapwing": _beyond(event),
    }
    required = ("id", "date", "actor", "recipient", "event", "mode", "context")
    return {name: value for name, value in told.items() if value is not None or name in required}


def _entity(entity: Entity) -> dict[str, Any]:
    told = {
        "code": entity.country,
        "sector": entity.sector,
        "entity_text": entity.text,
        "identifier_id": entity.wikidata,
        "identifier_text": entity.name,
        "office": entity.office,
    }
    return {name: value for name, value in told.items() if value is not None}


def _location(place: Place) -> dict[str, Any]:
    codes = codes_of(place.country)
    told = {
        "extracted_place": place.span.text if place.span else None,
        "resolved_place": place.name,
        "geonameid": place.geonameid,
        "lat": place.lat,
        "lon": place.lon,
        "city": place.name if place.precision in ("city", "sub-city") else None,
        "district": place.name if place.precision == "district" else None,
        "province": place.name if place.precision == "province" else place.adm1,
        "country": codes.name if codes else None,
        "country_code": place.country,
        "resolution": RESOLUTION[place.precision],
    }
    return {name: value for name, value in told.items() if value is not None}


def _citation(event: Event) -> dict[str, Any]:
    doc = event.doc
    told = {
        "citation": doc.id,
        "url": doc.url,
        "title": doc.title,
        "language": doc.lang,
        "publication": doc.outlet,
        "publication_date": doc.published,
        "codebook": "PLOVER 2.0",
        "version": event.coder.lapwing,
    }
    return {name: value for name, value in told.items() if value is not None}


def _comment(event: Event) -> str | None:
    if event.date is None:
        return "the text gives no date"
    return (
        None
        if event.date.precision == "day"
        else f"the date is known to the {event.date.precision}: {event.date.value}"
    )


def _beyond(event: Event) -> dict[str, Any]:
    names = "status cue source relay trigger magnitude_spans confidence"
    return {name: msgspec.to_builtins(getattr(event, name)) for name in names.split()} | {
        "actor_spans": [msgspec.to_builtins(actor.span) for actor in event.actors],
        "recipient_spans": [msgspec.to_builtins(recipient.span) for recipient in event.recipients],
    }


def write_plover(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write records as PLOVER's JSON, one a line; gives their number."""
    count = 0
    for event in events:
        stream.write(json_line(plover_of(event)) + b"\n")
        count += 1
    return count
