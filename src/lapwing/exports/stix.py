"""STIX 2.1: one bundle; an act is an ``incident``, who takes part an ``identity``, where it was a ``location``.

``attributed-to`` leads from the incident to the actor, ``targets`` to the recipient, ``located-at`` to the place; who says so is
the author of a ``note`` that quotes the sentence. Ids are made from the record (UUID version 5), so that the same record gives
the same objects. STIX wants to know when an object was created, and leaves the choice of that time to who makes it: it is
the day of publication here, and where that is not known the first day of 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Any
from uuid import UUID, uuid5

from lapwing.crosswalks import codes_of
from lapwing.exports.days import day_of
from lapwing.exports.dyads import title_of
from lapwing.exports.jsonl import json_line
from lapwing.records import Entity, Event, EventDate, Place, Source

SPACE = UUID("6a1f4a4e-7c57-5d0b-9f0d-0c2f1d1b7e11")
"""The namespace of Lapwing's ids."""

OBJECTS = b',"objects":[\n'
"""Left out with the rest where there are none: STIX has no empty lists."""

UNKNOWN = "1970-01-01"

LOCATED = frozenset({"city", "sub-city", "district", "province"})


def stix_of(event: Event) -> Iterator[dict[str, Any]]:
    """The objects of a record; those that several records share have the same id in each."""
    made = _made(event)
    incident = _object("incident", event.id, made, **_incident(event))
    yield incident
    for relation, entities in (("attributed-to", event.actors), ("targets", event.recipients)):
        for entity in entities:
            if title_of(entity):
                party = _identity(entity, made)
                yield party
                yield _relationship(incident, relation, party, made)
    if event.place and (location := _location(event.place, made)):
        yield location
        yield _relationship(incident, "located-at", location, made)
    if event.source:
        yield from _note(event, event.source, incident, made)


def _made(event: Event) -> str:
    day = day_of(EventDate(value=event.doc.published, precision="day")) if event.doc.published else None
    return f"{day.isoformat() if day else UNKNOWN}T00:00:00.000Z"


def _object(kind: str, key: str, made: str, **values: Any) -> dict[str, Any]:
    start = {"type": kind, "spec_version": "2.1", "id": f"{kind}--{uuid5(SPACE, f'{kind} {key}')}"}
    return start | {"created": made, "modified": made} | {name: value for name, value in values.items() if value}


def _incident(event: Event) -> dict[str, Any]:
    doubt = "" if event.status == "happened" else f"[{event.status}] "
    when = event.date.value if event.date else "unknown"
    labels = [event.event, event.mode, *event.contexts, f"status:{event.status}", f"date:{when}"]
    reference = {"source_name": event.doc.outlet or "article", "external_id": event.doc.id, "url": event.doc.url}
    reference["description"] = event.doc.title
    return {
        "name": f"{doubt}{event.event}: {event.trigger.text}",
        "description": f"{doubt}{event.evidence.text}",
        "labels": [label for label in labels if label],
        "confidence": round(event.confidence * 100),
        "external_references": [{name: value for name, value in reference.items() if value}],
    }


def _identity(entity: Entity, made: str) -> dict[str, Any]:
    name = title_of(entity) or ""
    key = "\x1f".join((name, entity.country or "", entity.sector or ""))
    roles = [role for role in (entity.country, entity.sector) if role]
    reference = [{"source_name": "wikidata", "external_id": entity.wikidata}] if entity.wikidata else None
    return _object("identity", key, made, name=name, roles=roles, external_references=reference)


def _location(place: Place, made: str) -> dict[str, Any] | None:
    """A location; None for a place without country and point, which STIX has no object for."""
    codes = codes_of(place.country)
    point = (place.lat, place.lon) if place.precision in LOCATED and None not in (place.lat, place.lon) else None
    country = codes.iso2 if codes else None
    if country is None and point is None:
        return None
    located = _object(
        "location",
        "\x1f".join((place.name, place.country or "", place.precision)),
        made,
        name=place.name,
        country=country,
        administrative_area=place.name if place.precision == "province" else place.adm1,
        city=place.name if place.precision == "city" else None,
    )
    return located | ({"latitude": point[0], "longitude": point[1]} if point else {})


def _relationship(incident: dict[str, Any], relation: str, other: dict[str, Any], made: str) -> dict[str, Any]:
    key = f"{incident['id']} {relation} {other['id']}"
    ends = {"source_ref": incident["id"], "target_ref": other["id"]}
    return _object("relationship", key, made, relationship_type=relation, **ends)


def _note(event: Event, source: Source, incident: dict[str, Any], made: str) -> Iterator[dict[str, Any]]:
    name = source.name or source.span.text
    author = _identity(
        Entity(span=source.span, text=source.span.text, name=name, country=source.country, sector=source.sector), made
    )
    yield author
    yield _object(
        "note",
        event.id,
        made,
        abstract=f"According to {name}",
        content=event.evidence.text,
        authors=[name],
        object_refs=[incident["id"], author["id"]],
    )


def write_stix(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write records as one bundle, an object a line; gives their number. Only the ids of shared objects are kept in
    memory."""
    count = 0
    seen: set[str] = set()
    stream.write(f'{{"type":"bundle","id":"bundle--{uuid5(SPACE, "bundle")}"'.encode())
    for event in events:
        for made in stix_of(event):
            if made["id"] not in seen:
                stream.write((b",\n" if seen else OBJECTS) + json_line(made))
                seen.add(made["id"])
        count += 1
    stream.write(b"\n]}\n" if seen else b"}\n")
    return count
