"""★ The map: an article's way from text to sourced events, one stage a line.

    repair → document → analysis → mentions → actors → events → attribution → factuality → dates → places → records

A stage takes and returns the types of `records` and knows no other stage; only this file knows the order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from msgspec.structs import replace

from lapwing import __version__
from lapwing.actors import resolve_actors
from lapwing.analysis import Model, analyse, load_model
from lapwing.attribution import attribute
from lapwing.codebook import load_codebook
from lapwing.dates import date_events
from lapwing.document import build_document
from lapwing.events import calibrate, find_events
from lapwing.factuality import judge
from lapwing.mentions import find_mentions
from lapwing.places import place_events
from lapwing.records import (
    Actor,
    Analysis,
    Article,
    CodedDocument,
    Coder,
    Dating,
    DocRef,
    Document,
    Entity,
    Event,
    EventDate,
    Frame,
    Judgement,
    Magnitude,
    Mention,
    Place,
    Placing,
    Reason,
    Relay,
    Source,
    Sourcing,
    Span,
    TokenRange,
    best_of,
)
from lapwing.repair import repair

__all__ = ["code_article", "load_model"]


def code_article(article: Article, model: Model) -> CodedDocument:
    """All sourced events of an article. Deterministic: the same article and version give the same records."""
    repaired = repair(article.text)
    document = build_document(article, repaired)
    analysis = analyse(document, model)
    mentions = find_mentions(document, analysis)
    actors = resolve_actors(document, analysis, mentions)
    frames = find_events(document, analysis, mentions, actors)
    return finish(article, document, analysis, mentions, actors, frames, model.name)


def finish(
    article: Article,
    document: Document,
    analysis: Analysis,
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    frames: tuple[Frame, ...],
    model: str,
) -> CodedDocument:
    """The second half of the way, from acts to records; apart so that tuning can run it alone."""
    sourcings = attribute(document, analysis, mentions, actors, frames)
    judgements = judge(document, analysis, mentions, actors, frames, sourcings)
    datings = date_events(document, analysis, frames)
    placings = place_events(document, analysis, actors, mentions, frames)
    acts = zip(frames, sourcings, judgements, datings, placings, strict=True)
    coder = Coder(lapwing=__version__, model=model)
    reference = _reference(article, document)
    events = [_event(document, analysis, actors, reference, coder, *act) for act in acts]
    return CodedDocument(document=document, events=_numbered(events))


# ── stages' findings → the record ─────────────────────────────────────────────────────────────────────────────────────


def _event(
    document: Document,
    analysis: Analysis,
    actors: Sequence[Actor],
    reference: DocRef,
    coder: Coder,
    frame: Frame,
    sourcing: Sourcing,
    judgement: Judgement,
    dating: Dating,
    placing: Placing,
) -> Event:
    """One record, its spans led back to the text as given."""
    codebook = load_codebook()
    sentence = document.sentences[frame.sentence]
    return Event(
        id="",
        doc=reference,
        event=frame.event,
        mode=frame.mode,
        contexts=frame.contexts,
        quad=codebook.quad_of(frame.event),
        score=codebook.score_of(frame.event, frame.mode),
        trigger=_token_span(document, analysis, frame.tokens),
        actors=_entities(document, actors, frame.actors, unknown=_unknown(frame)),
        recipients=_entities(document, actors, frame.recipients),
        date=_date(document, dating.date),
        place=_place(document, placing.place),
        status=judgement.status,
        cue=_given(document, judgement.cue),
        source=_source(document, sourcing.source),
        relay=_relay(document, sourcing.relay or document.relay),
        magnitude=best_of(frame.magnitude),
        magnitude_spans=tuple(_magnitude(document, m) for m in frame.magnitude),
        confidence=calibrate(frame),
        evidence=_given_range(document, sentence.start, sentence.end),
        coder=coder,
        why=_reasons(actors, frame, sourcing, judgement, dating, placing),
    )


def _numbered(events: Sequence[Event]) -> tuple[Event, ...]:
    """Give each record its id: a digest of the text, the coder and the place and type of the act."""
    seen: dict[str, int] = {}
    out = []
    for e in events:
        key = f"{e.doc.sha256}|{e.doc.id}|{e.coder.lapwing}|{e.coder.model}|{e.event}|{e.trigger.start}|{e.trigger.end}"
        seen[key] = seen.get(key, 0) + 1
        digest = hashlib.sha256(f"{key}|{seen[key]}".encode("utf8", "surrogatepass")).hexdigest()
        out.append(replace(e, id=f"lw-{digest[:20]}"))
    return tuple(out)


def _reference(article: Article, document: Document) -> DocRef:
    return DocRef(
        id=document.id,
        title=document.title,
        outlet=document.outlet,
        url=document.url,
        published=document.published.value,
        published_basis=document.published.basis,
        lang=document.lang,
        sha256=document.sha256,
        text=document.given if article.extracted else None,
    )


def _given_range(document: Document, start: int, end: int) -> Span:
    a, b = document.offsets.to_given(start, end)
    return Span(a, b, document.given[a:b])


def _given(document: Document, span: Span | None) -> Span | None:
    return _given_range(document, span.start, span.end) if span else None


def _token_span(document: Document, analysis: Analysis, tokens: TokenRange) -> Span:
    return _given_range(document, analysis.tokens[tokens.start].start, analysis.tokens[tokens.end - 1].end)


def _entities(
    document: Document, actors: Sequence[Actor], chosen: Sequence[int], *, unknown: str | None = None
) -> tuple[Entity, ...]:
    found = []
    for k in chosen:
        entity = actors[k].entity
        span = _given(document, entity.span)
        found.append(replace(entity, span=span, text=span.text if span else entity.text))
    if unknown and not found:
        found.append(Entity(span=None, text=None, name=unknown, country=None, sector="UNK", sectors=("UNK",)))
    return tuple(found)


def _unknown(frame: Frame) -> str | None:
    """What to call those who did it where the text gives nobody, as the annotators do."""
    if not frame.unknown_actor:
        return None
    return "unknown attackers" if frame.event == "ASSAULT" else "unknown"


def _date(document: Document, date: EventDate | None) -> EventDate | None:
    return replace(date, span=_given(document, date.span)) if date else None


def _place(document: Document, place: Place | None) -> Place | None:
    return replace(place, span=_given(document, place.span)) if place else None


def _source(document: Document, source: Source | None) -> Source | None:
    if source is None:
        return None
    span = _given_range(document, source.span.start, source.span.end)
    return replace(source, span=span, cue=_given(document, source.cue))


def _relay(document: Document, relay: Relay | None) -> Relay | None:
    return Relay(relay.name, _given_range(document, relay.span.start, relay.span.end)) if relay else None


def _magnitude(document: Document, m: Magnitude) -> Magnitude:
    return replace(m, span=_given_range(document, m.span.start, m.span.end))


def _reasons(
    actors: Sequence[Actor],
    frame: Frame,
    sourcing: Sourcing,
    judgement: Judgement,
    dating: Dating,
    placing: Placing,
) -> tuple[Reason, ...]:
    who = [
        Reason(field=field, by="rule", because=f"{actors[k].entity.name or actors[k].entity.text}: {actors[k].reason}")
        for field, chosen in (("actors", frame.actors), ("recipients", frame.recipients))
        for k in chosen
    ]
    return (*frame.reasons, *who, *sourcing.reasons, *judgement.reasons, *dating.reasons, *placing.reasons)
