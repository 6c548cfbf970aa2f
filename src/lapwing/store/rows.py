"""A coded document → rows of the tables. Nothing here touches a database."""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Sequence
from datetime import date
from itertools import permutations, product
from typing import Any

import msgspec

from lapwing.records import Article, CodedDocument, Coder, DocRef, Entity, Event
from lapwing.store.engine import storable

Values = dict[str, Any]

Code = tuple[str | None, str | None]
"""A country and a sector."""

GIVEN = ("title", "outlet", "url", "published", "published_basis", "published_reason", "extracted")
"""What a source says of an article beside its text: the coder sees it, so another value asks for another coding."""


def text_digest(text: str) -> str:
    """SHA-256 of a text, as records carry it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def document_key(id: str, sha256: str) -> str:
    """What makes a document the same one: its name and its text.

    >>> document_key("a.txt", text_digest("Hello."))
    '5e751c0d134806b20309f9f6a093a45b'
    """
    return hashlib.sha256(f"{id}\0{sha256}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def given_of(article: Article) -> str:
    """What the source said of `article`, as JSON.

    >>> given_of(Article(id="a", text="x", title="T"))
    '{"title":"T"}'
    """
    values = {name: storable(value) for name in GIVEN if (value := getattr(article, name))}
    return msgspec.json.encode(values).decode()


def article_of(id: str, text: str, given: str) -> Article:
    """The article that `given_of` took apart.

    >>> article_of("a", "x", '{"title":"T"}').title
    'T'
    """
    return Article(id=id, text=text, **msgspec.json.decode(given))


def document_row(article: Article, coded: CodedDocument, *, coder: Coder, keep_text: bool) -> Values:
    """The row of a document, but for its number and its runs."""
    return {
        "key": document_key(article.id, text_digest(article.text)),
        "id": article.id,
        "sha256": text_digest(article.text),
        "length": len(article.text),
        "text": article.text if keep_text else None,
        "given": given_of(article),
        **coded_values(article, coded, coder=coder),
    }


def coded_values(article: Article, coded: CodedDocument, *, coder: Coder) -> Values:
    """What a coding says of a document as a whole."""
    document = coded.document
    return {
        "title": document.title,
        "outlet": document.outlet,
        "url": document.url,
        "published": document.published.value,
        "published_basis": document.published.basis,
        "lang": document.lang,
        "extracted": article.extracted,
        "coder_lapwing": coder.lapwing,
        "coder_model": coder.model,
    }


def record_row(event: Event, *, seq: int, doc: int, run: int) -> Values:
    """The row of a record."""
    day_from, day_to = days_of(event.date.value) if event.date else (None, None)
    place, source = event.place, event.source
    return {
        "seq": seq,
        "id": event.id,
        "doc": doc,
        "event": event.event,
        "mode": event.mode,
        "contexts": list(event.contexts),
        "quad": event.quad,
        "score": event.score,
        "status": event.status,
        "date_value": event.date.value if event.date else None,
        "date_precision": event.date.precision if event.date else None,
        "day_from": day_from,
        "day_to": day_to,
        "place": place.name if place else None,
        "place_country": place.country if place else None,
        "place_adm1": place.adm1 if place else None,
        "place_precision": place.precision if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "geonameid": place.geonameid if place else None,
        "source": source.name if source else None,
        "source_country": source.country if source else None,
        "source_sector": source.sector if source else None,
        "source_kind": source.kind if source else None,
        "relay": event.relay.name if event.relay else None,
        "confidence": event.confidence,
        "coder_lapwing": event.coder.lapwing,
        "coder_model": event.coder.model,
        "run": run,
        "record": record_json(event),
    }


def record_json(event: Event) -> str:
    """A record as JSON without `doc`: that is one and the same for all records of a document."""
    values = msgspec.to_builtins(event)
    del values["doc"]
    return msgspec.json.encode(values).decode()


def event_of(record: str, doc: DocRef) -> Event:
    """The record that `record_json` wrote."""
    return msgspec.convert(msgspec.json.decode(record) | {"doc": msgspec.to_builtins(doc)}, Event)


def reference_of(values: Sequence[Any]) -> DocRef:
    """What a record says of its document, from the values of the reference's fields in their order."""
    return DocRef(**dict(zip(DocRef.__struct_fields__, values, strict=True)))


def entity_rows(event: Event, *, seq: int, doc: int) -> list[Values]:
    """One row for each actor, recipient and source."""
    rows = [
        _entity_row(entity, role, n)
        for role, entities in (("actor", event.actors), ("recipient", event.recipients))
        for n, entity in enumerate(entities, start=1)
    ]
    if (source := event.source) is not None:
        told = Entity(
            span=source.span, text=source.span.text, name=source.name, country=source.country, sector=source.sector
        )
        rows.append(_entity_row(told, "source", 1))
    return [{"record": seq, "doc": doc, **row} for row in rows]


def _entity_row(entity: Entity, role: str, n: int) -> Values:
    return {
        "role": role,
        "n": n,
        "name": entity.name,
        "country": entity.country,
        "sector": entity.sector,
        "sectors": list(entity.sectors),
        "wikidata": entity.wikidata,
        "office": entity.office,
        "text": entity.text,
        "span_start": entity.span.start if entity.span else None,
        "span_end": entity.span.end if entity.span else None,
    }


def dyad_rows(event: Event, *, seq: int, doc: int) -> list[Values]:
    """One row for each distinct pair of actor and recipient, by their codes."""
    day = days_of(event.date.value)[0] if event.date else None
    return [
        {
            "record": seq,
            "doc": doc,
            "actor": actor[0],
            "actor_sector": actor[1],
            "recipient": recipient[0],
            "recipient_sector": recipient[1],
            "event": event.event,
            "quad": event.quad,
            "score": event.score,
            "status": event.status,
            "day": day,
            "confidence": event.confidence,
        }
        for actor, recipient in pairs_of(event)
    ]


def pairs_of(event: Event) -> list[tuple[Code, Code]]:
    """Who to whom, by country and sector, each pair once. A mutual act (several actors, no recipient) goes each way between
    each two of them; a side that is not known, or that the act does not have, is empty.

    >>> from types import SimpleNamespace as Record
    >>> a, b = (Entity(span=None, text=None, name=None, country=country) for country in ("NOR", "CHL"))
    >>> pairs_of(Record(actors=(a, b), recipients=()))
    [(('NOR', None), ('CHL', None)), (('CHL', None), ('NOR', None))]
    >>> pairs_of(Record(actors=(a,), recipients=()))
    [(('NOR', None), (None, None))]
    """
    if not event.recipients and len(event.actors) > 1:
        return list(dict.fromkeys(permutations([_code(actor) for actor in event.actors], 2)))
    actors, recipients = (
        list(dict.fromkeys(_code(entity) for entity in entities)) or [(None, None)]
        for entities in (event.actors, event.recipients)
    )
    return list(product(actors, recipients))


def _code(entity: Entity) -> Code:
    return entity.country, entity.sector


def days_of(value: str) -> tuple[date | None, date | None]:
    """The first and last day of an ISO 8601 date or interval; None for an end that is open or not on the calendar.

    >>> days_of("2022-12-19"), days_of("2024-02")
    ((datetime.date(2022, 12, 19), datetime.date(2022, 12, 19)), (datetime.date(2024, 2, 1), datetime.date(2024, 2, 29)))
    >>> days_of("2022/2023-01-05"), days_of("2022-13")
    ((datetime.date(2022, 1, 1), datetime.date(2023, 1, 5)), (None, None))
    """
    first, _, last = value.partition("/")
    return _day(first, last=False), _day(last or ("" if "/" in value else first), last=True)


def _day(value: str, *, last: bool) -> date | None:
    try:
        year, month, day = [*(int(part) for part in value.split("-")), None, None][:3]
        if year is None:
            return None
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except (ValueError, calendar.IllegalMonthError):
        return None
