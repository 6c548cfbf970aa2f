"""FollowTheMoney: an act as an ``Event``, who takes part as ``LegalEntity``, and every value as a statement.

A statement is one value of one property, with the data set that it comes from and an ``origin``. That is where attribution
fits: ``origin`` holds who says so, or nothing where the article itself does. `write_followthemoney` writes statements, one
JSON object a line, which tools that aggregate them by entity read; `write_ftm_entities` writes the entities themselves.

An entity's id is made from its name, country and sector, so that the same actor of two records is one entity, and one that
has neither name nor words is none. Who an actor is (a person, a body, a company) the record does not say, so that all are
of the schema above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha1
from typing import IO, Any, NamedTuple

from lapwing.crosswalks import codes_of, sectors
from lapwing.exports.columns import teller_of
from lapwing.exports.dyads import title_of
from lapwing.exports.jsonl import json_line
from lapwing.records import Entity, Event

DATASET = "lapwing"

ISO2 = {"EUR": "eu"}
"""FollowTheMoney knows the European Union as a country."""


class FtmEntity(NamedTuple):
    """An entity before it is written: its id, its schema, its values."""

    id: str
    schema: str
    properties: dict[str, list[str]]


def ftm_entities_of(event: Event) -> Iterator[FtmEntity]:
    """The act, and those who take part in it."""
    actors = [party for actor in event.actors if (party := _party(actor))]
    recipients = [party for recipient in event.recipients if (party := _party(recipient))]
    yield from {party.id: party for party in (*actors, *recipients)}.values()
    yield FtmEntity(_id("event", event.id), "Event", _act(event, actors, recipients))


def _id(*parts: str | None) -> str:
    return "lw-" + sha1("\x1f".join(part or "" for part in parts).encode("utf-8", "replace")).hexdigest()  # noqa: S324


def _known(**values: Iterable[str | None] | str | None) -> dict[str, list[str]]:
    told = {name: [value] if isinstance(value, str) else list(value or ()) for name, value in values.items()}
    return {name: kept for name, some in told.items() if (kept := list(dict.fromkeys(filter(None, some))))}


def _party(entity: Entity) -> FtmEntity | None:
    name = title_of(entity)
    if name is None:
        return None
    sector = sectors().get(entity.sector or "")
    values = _known(
        name=name, country=_country(entity.country), sector=sector.word if sector else None, wikidataId=entity.wikidata
    )
    return FtmEntity(_id("party", name, entity.country, entity.sector), "LegalEntity", values)


def _country(code: str | None) -> str | None:
    codes = codes_of(code)
    return codes.iso2.lower() if codes and codes.iso2 else ISO2.get(code or "")


def _act(event: Event, actors: list[FtmEntity], recipients: list[FtmEntity]) -> dict[str, list[str]]:
    start, _, end = event.date.value.partition("/") if event.date else ("", "", "")
    source = teller_of(event)
    told = ", ".join(filter(None, (event.event, event.mode)))
    doubt = "" if event.status == "happened" else f"[{event.status}] "
    return _known(
        name=f"{doubt}{told}: {event.trigger.text}",
        summary=f"{doubt}{event.evidence.text}",
        description=f"Status: {event.status}." + (f" According to {source}." if source else ""),
        date=start if start and not end else None,
        startDate=start if end else None,
        endDate=end,
        location=event.place.name if event.place else None,
        country=_country(event.place.country) if event.place else None,
        keywords=event.contexts,
        organizer=[actor.id for actor in actors],
        involved=[party.id for party in (*actors, *recipients)],
        publisher=event.doc.outlet,
        sourceUrl=event.doc.url,
        recordId=event.id,
    )


def write_ftm_entities(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write the entities of records, one a line; gives the number of records. Who takes part in several comes several
    times, with the same id."""
    count = 0
    for event in events:
        for id, schema, properties in ftm_entities_of(event):
            stream.write(json_line({"id": id, "schema": schema, "properties": properties}) + b"\n")
        count += 1
    return count


def statements_of(event: Event) -> Iterator[dict[str, Any]]:
    """Each value of each entity of a record, with who says so."""
    origin = teller_of(event)
    for entity in ftm_entities_of(event):
        yield _statement(entity, "id", _checksum(entity), event, origin)
        for name, values in entity.properties.items():
            for value in values:
                yield _statement(entity, name, value, event, origin)


def _checksum(entity: FtmEntity) -> str:
    """The value of an entity's own statement: a digest of its statements."""
    told = sorted(f"{name}={value}" for name, values in entity.properties.items() for value in values)
    return sha1("\n".join(told).encode("utf-8", "replace")).hexdigest()  # noqa: S324


def _statement(entity: FtmEntity, name: str, value: str, event: Event, origin: str | None) -> dict[str, Any]:
    key = f"{DATASET}.{entity.id}.{name}.{value}"
    seen = event.doc.published
    return {
        "id": sha1(key.encode("utf-8", "replace")).hexdigest(),  # noqa: S324
        "entity_id": entity.id,
        "canonical_id": entity.id,
        "prop": name,
        "schema": entity.schema,
        "value": value,
        "dataset": DATASET,
        "lang": None,
        "original_value": None,
        "external": False,
        "first_seen": seen,
        "last_seen": seen,
        "origin": origin,
    }


def write_followthemoney(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write the statements of records, one a line; gives the number of records."""
    count = 0
    for event in events:
        for statement in statements_of(event):
            stream.write(json_line(statement) + b"\n")
        count += 1
    return count
