"""GeoJSON (RFC 7946): one feature a record, longitude first.

A point is written only where the record has one and the place is a first-level division or finer; what is known to lie in a
country, and no more, has no geometry. A point in the middle of a country is not where anything happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

from lapwing.exports.columns import numbers_of, teller_of
from lapwing.exports.days import days_of
from lapwing.exports.dyads import title_of
from lapwing.exports.jsonl import json_line
from lapwing.records import Event, Place

POINTS = frozenset({"sub-city", "city", "district", "province"})

GEO_PRECISION = {"sub-city": 1, "city": 1, "district": 2, "province": 3}
"""ACLED's scale; it has none for a country."""

WHERE_PREC = {"sub-city": 1, "city": 1, "district": 3, "province": 4, "country": 6}
"""UCDP's scale."""


def feature_of(event: Event) -> dict[str, Any]:
    """A record as a feature."""
    return {
        "type": "Feature",
        "id": event.id,
        "geometry": _geometry(event.place),
        "properties": _properties(event),
    }


def _geometry(place: Place | None) -> dict[str, Any] | None:
    if place is None or place.precision not in POINTS or place.lat is None or place.lon is None:
        return None
    return {"type": "Point", "coordinates": [place.lon, place.lat]}


def _properties(event: Event) -> dict[str, Any]:
    place = event.place
    first, last = days_of(event.date) or (None, None)
    source = event.source
    return {
        "event_type": event.event,
        "mode": [event.mode] if event.mode else [],
        "contexts": list(event.contexts),
        "quad": event.quad,
        "plover_score": event.score,
        "status": event.status,
        "date_start": first and first.isoformat(),
        "date_end": last and last.isoformat(),
        "date_precision": event.date and event.date.precision,
        "actor": [title_of(actor) for actor in event.actors],
        "actor_country": [actor.country for actor in event.actors],
        "actor_sector": [actor.sector for actor in event.actors],
        "recipient": [title_of(recipient) for recipient in event.recipients],
        "recipient_country": [recipient.country for recipient in event.recipients],
        "recipient_sector": [recipient.sector for recipient in event.recipients],
        "place": place and place.name,
        "country": place and place.country,
        "admin1": place and place.adm1,
        "geonameid": place and place.geonameid,
        "precision": place and place.precision,
        "geo_precision": place and GEO_PRECISION.get(place.precision),
        "where_prec": place and WHERE_PREC[place.precision],
        "attributed_to": teller_of(event),
        "attribution": source and source.kind,
        "relay": event.relay and event.relay.name,
        "magnitude": numbers_of(event.magnitude) or None,
        "outlet": event.doc.outlet,
        "url": event.doc.url,
        "published": event.doc.published,
        "trigger": event.trigger.text,
        "quote": event.evidence.text,
        "confidence": event.confidence,
    }


def write_geojson(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write records as one feature collection, a feature a line; gives their number."""
    count = 0
    stream.write(b'{"type":"FeatureCollection","features":[\n')
    for event in events:
        stream.write((b",\n" if count else b"") + json_line(feature_of(event)))
        count += 1
    stream.write(b"\n]}\n")
    return count
