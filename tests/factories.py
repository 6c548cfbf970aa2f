"""Records for tests, one line each: a parse written by hand, a document around a text."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import msgspec

from lapwing.errors import EmptyArticle, ModelError
from lapwing.records import (
    Analysis,
    Article,
    AttributionSpan,
    CodedDocument,
    Coder,
    DocRef,
    Document,
    Entity,
    Event,
    EventDate,
    NamedEntity,
    OffsetMap,
    Place,
    Published,
    Reason,
    Sentence,
    Source,
    Span,
    Token,
    TokenRange,
    TriggerScore,
)

TESTS = Path(__file__).parent

ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{TESTS.parent / 'src'}{os.pathsep}{TESTS}"}
"""For a process that a test starts: it finds the package, and what the tests share."""


def parsed(
    *sentences: str,
    entities: tuple[tuple[str, int, int], ...] = (),
    attributions: tuple[tuple[str, int, int], ...] = (),
    triggers: tuple[TriggerScore, ...] = (),
    published: str | None = None,
) -> tuple[Document, Analysis]:
    """A document and its analysis from hand-written parses.

    Each sentence is a string of words ``form/UPOS/deprel/head`` (optionally ``/lemma`` and ``/xpos`` after it); `head`
    is the 1-based position in the sentence, 0 for the root. Words are joined by single spaces.

    >>> document, analysis = parsed("Putin/PROPN/nsubj/2 visited/VERB/root/0/visit/VBD Minsk/PROPN/obj/2")
    >>> document.text, [t.head for t in analysis.tokens], analysis.tokens[1].lemma
    ('Putin visited Minsk', [1, -1, 1], 'visit')

    `entities` are (label, start token, end token), `attributions` (role, start token, end token), positions through
    the document.
    """
    tokens: list[Token] = []
    text = ""
    lines: list[Sentence] = []
    ranges: list[TokenRange] = []
    for k, sentence in enumerate(sentences):
        if text:
            text += " "
        begin, offset = len(text), len(tokens)
        for n, word in enumerate(sentence.split()):
            parts = word.split("/")
            form, upos, deprel, head = parts[:4]
            lemma = parts[4] if len(parts) > 4 else form.lower() if upos != "PROPN" else form
            xpos = parts[5] if len(parts) > 5 else "_"
            if n:
                text += " "
            start = len(text)
            text += form
            tokens.append(
                Token(
                    i=offset + n,
                    text=form,
                    start=start,
                    end=len(text),
                    lemma=lemma,
                    upos=upos,
                    xpos=xpos,
                    head=offset + int(head) - 1 if int(head) else -1,
                    deprel=deprel,
                    sentence=k,
                )
            )
        lines.append(Sentence(index=k, start=begin, end=len(text), paragraph=k))
        ranges.append(TokenRange(offset, len(tokens)))
    document = plain_document(text, sentences=tuple(lines), published=published)
    analysis = Analysis(
        tokens=tuple(tokens),
        sentences=tuple(ranges),
        entities=tuple(NamedEntity(tokens=TokenRange(s, e), label=label, score=1.0) for label, s, e in entities),
        attributions=tuple(
            AttributionSpan(tokens=TokenRange(s, e), role=role, score=1.0) for role, s, e in attributions
        ),
        factuality=(3.0,) * len(tokens),
        triggers=triggers,
    )
    return document, analysis


def plain_document(
    text: str, *, sentences: tuple[Sentence, ...] | None = None, published: str | None = None, doc_id: str = "test"
) -> Document:
    """A document of undamaged text; one sentence and one paragraph unless told otherwise."""
    size = len(text)
    lines = sentences if sentences is not None else (Sentence(index=0, start=0, end=size, paragraph=0),)
    return Document(
        id=doc_id,
        given=text,
        text=text,
        offsets=OffsetMap((0,), (0,), (size,), (True,)),
        repairs=(),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        lang="en",
        published=Published(value=published, basis="given" if published else None, reason="given by the test"),
        sentences=lines,
        paragraphs=((0, size),),
    )


def span_of(text: str, part: str) -> Span:
    """The first place where `part` stands in `text`.

    >>> span_of("Putin visited Minsk", "visited")
    Span(start=6, end=13, text='visited')
    """
    start = text.index(part)
    return Span(start, start + len(part), part)


def coded(text: str, *events: dict[str, Any], doc_id: str = "test", published: str | None = None) -> CodedDocument:
    """A coded document with events told in words: parts of the text stand for their spans.

    >>> document = coded("Putin visited Minsk.", {"trigger": "visited", "actors": [("Putin", "RUS", "GOV")]})
    >>> document.events[0].actors[0].span.text, document.events[0].status
    ('Putin', 'happened')

    Keys are `Event`'s; `actors` and `recipients` are (text, country, sector), `source` (text, country, kind, cue),
    `date` (text or None, value, precision), `place` (text, country, precision).
    """
    document = plain_document(text, published=published, doc_id=doc_id)
    return CodedDocument(
        document=document, events=tuple(_event(document, n, dict(told)) for n, told in enumerate(events, start=1))
    )


def code_by_rote(article: Article, *, threads: int = 1) -> CodedDocument:
    """A pipeline that needs no model: one event for the first word. A text of "fail", "break" or "die" does so."""
    if article.text == "fail":
        raise EmptyArticle("there is nothing in it")
    if article.text == "break":
        raise ZeroDivisionError("by zero")
    if article.text == "damaged":
        raise ModelError("the model is damaged")
    if article.text == "die":
        os._exit(9)
    return coded(article.text, {"trigger": article.text.split()[0]}, doc_id=article.id, published=article.published)


def _event(document: Document, number: int, told: dict[str, Any]) -> Event:
    text = document.text
    trigger = span_of(text, told.pop("trigger"))
    values: dict[str, Any] = {
        "id": f"lw-{document.id}-{number}",
        "doc": DocRef(
            id=document.id,
            title=document.title,
            outlet=document.outlet,
            url=document.url,
            published=document.published.value,
            published_basis=document.published.basis,
            lang=document.lang,
            sha256=document.sha256,
        ),
        "event": "CONSULT",
        "mode": None,
        "contexts": (),
        "quad": 1,
        "score": 2.5,
        "trigger": trigger,
        "actors": tuple(_entity(text, *actor) for actor in told.pop("actors", ())),
        "recipients": tuple(_entity(text, *recipient) for recipient in told.pop("recipients", ())),
        "date": _date(text, told.pop("date", None)),
        "place": _place(text, told.pop("place", None)),
        "status": "happened",
        "cue": span_of(text, told.pop("cue")) if "cue" in told else None,
        "source": _source(text, told.pop("source", None)),
        "relay": None,
        "magnitude": None,
        "magnitude_spans": (),
        "confidence": 0.75,
        "evidence": Span(0, len(text), text),
        "coder": Coder(lapwing="0.1.0", model="test"),
        "why": (Reason(field="event", by="codebook", because=f"{trigger.text} is a trigger", score=0.9),),
    }
    return Event(**(values | told))


def _entity(text: str, part: str, country: str | None = None, sector: str | None = None) -> Entity:
    return Entity(span=span_of(text, part), text=part, name=part, country=country, sector=sector)


def _date(text: str, told: tuple[str | None, str, Any] | None) -> EventDate | None:
    if told is None:
        return None
    return EventDate(value=told[1], precision=told[2], span=span_of(text, told[0]) if told[0] else None)


def _place(text: str, told: tuple[str, str, Any] | None) -> Place | None:
    if told is None:
        return None
    part, country, precision = told
    place = Place(
        name=part,
        country=country,
        adm1=None,
        lat=None,
        lon=None,
        geonameid=None,
        precision=precision,
        span=span_of(text, part),
    )
    return msgspec.structs.replace(place, lat=-12.5, lon=28.25, geonameid=7) if precision == "city" else place


def _source(text: str, told: tuple[str, str | None, Any, str] | None) -> Source | None:
    if told is None:
        return None
    part, country, kind, cue = told
    return Source(
        name=part,
        country=country,
        sector=None,
        kind=kind,
        span=span_of(text, part),
        cue=span_of(text, cue),
        channel=None,
    )
