"""Records for tests, one line each: a parse written by hand, a document around a text."""

from __future__ import annotations

import hashlib

from lapwing.records import (
    Analysis,
    AttributionSpan,
    Document,
    NamedEntity,
    OffsetMap,
    Published,
    Sentence,
    Token,
    TokenRange,
    TriggerScore,
)


def parsed(
    *sentences: str,
    entities: tuple[tuple[str, int, int], ...] = (),
    attributions: tuple[tuple[str, int, int], ...] = (),
    triggers: tuple[TriggerScore, ...] = (),
    published: str | None = None,
) -> tuple[Document, Analysis]:
    """A document and its analysis from hand-written parses.

    Each sentence is a string of words ``form/UPOS/deprel/head`` (optionally ``/lemma`` and ``/xpos`` after it); `head` is the
    1-based position in the sentence, 0 for the root. Words are joined by single spaces.

    >>> document, analysis = parsed("Putin/PROPN/nsubj/2 visited/VERB/root/0/visit/VBD Minsk/PROPN/obj/2")
    >>> document.text, [t.head for t in analysis.tokens], analysis.tokens[1].lemma
    ('Putin visited Minsk', [1, -1, 1], 'visit')

    `entities` are (label, start token, end token), `attributions` (role, start token, end token), positions through the document.
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
        attributions=tuple(AttributionSpan(tokens=TokenRange(s, e), role=role, score=1.0) for role, s, e in attributions),
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
