"""What the rules of attribution look at, and what they find: a scene, and voices in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from lapwing.attribution.marks import quotations
from lapwing.dictionaries import lookup
from lapwing.dictionaries.reporting import ReportingWord
from lapwing.records import Actor, Analysis, AttributionSpan, Document, Mention, Span, TokenRange
from lapwing.trees import Tree, tree_of

SPOKEN = frozenset({"REQUEST", "THREATEN", "REJECT", "ACCUSE", "SUPPORT", "CONCEDE", "AGREE"})
"""Types whose act is done by speaking, so that the speaker is the actor."""

VOUCHING = frozenset({"say", "think", "hear", "find"})
"""Kinds of reporting word whose holder answers for what is told."""


class Voice(NamedTuple):
    """Someone who says or thinks something: `holder` heads the words that name them, `cue` says that they do,
    `content` heads what they say. `how` names the rule that found them."""

    holder: int | None
    cue: TokenRange
    word: ReportingWord
    content: int
    how: str


class Scene(NamedTuple):
    """An article as the rules of this stage look at it."""

    document: Document
    analysis: Analysis
    tree: Tree
    mentions: Sequence[Mention]
    actors: Sequence[Actor]
    quotations: tuple[tuple[int, int], ...]
    named: dict[int, int]
    """The mention that each token heads, or else lies in."""
    spans: dict[int, list[AttributionSpan]]
    """The attribution spans of each sentence."""
    called: frozenset[int]
    """The chains of mentions in which somebody is named."""
    speakers: dict[str, int]
    """In how many sentences each entity is told to speak; filled by the stage."""


ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)

POINTED = ReportingWord(lemma="", pos="", kind="say", stance="neutral", told=True)

QUOTED = ReportingWord(lemma="quote", pos="verb", kind="say", stance="neutral", told=True)

SEEN = ReportingWord(lemma="", pos="", kind="say", stance="neutral", told=True)

ACCORDING = ReportingWord(lemma="according to", pos="prep", kind="say", stance="neutral", told=True)


def set_scene(document: Document, analysis: Analysis, mentions: Sequence[Mention], actors: Sequence[Actor]) -> Scene:
    """What is looked up for every frame, prepared once."""
    named: dict[int, int] = {}
    for mention in sorted(mentions, key=lambda m: m.tokens.end - m.tokens.start):
        for i in range(mention.tokens.start, mention.tokens.end):
            named.setdefault(i, mention.id)
    named.update({mention.head: mention.id for mention in mentions})
    spans: dict[int, list[AttributionSpan]] = {}
    for span in analysis.attributions:
        spans.setdefault(analysis.tokens[span.tokens.start].sentence, []).append(span)
    called = frozenset(mention.chain for mention in mentions if mention.kind == "name")
    quoted = quotations(document.text)
    return Scene(document, analysis, tree_of(analysis), mentions, actors, quoted, named, spans, called, {})


def named(words: str) -> frozenset[str]:
    """A table of words, written in a row.

    >>> sorted(named("post put"))
    ['post', 'put']
    """
    return frozenset(words.split())


def name_of(scene: Scene, holder: int) -> str:
    """The canonical name of a holder, or the words that name it."""
    mention = scene.named.get(holder)
    if mention is None:
        return span_of(scene, holder).text
    entity = scene.actors[mention].entity
    if scene.mentions[mention].kind == "nominal" and entity.name is not None and is_country(entity.name):
        return ARTICLE.sub("", span_of(scene, holder).text)
    return entity.name or entity.text or span_of(scene, holder).text


@cache
def is_country(name: str) -> bool:
    """Whether a name is a country's.

    >>> is_country("Cuba"), is_country("Cuban officials")
    (True, False)
    """
    return any(sense.kind == "country" for sense in lookup(name))


def span_of(scene: Scene, holder: int) -> Span:
    """The words that name a holder."""
    mention = scene.named.get(holder)
    tokens = scene.mentions[mention].tokens if mention is not None else TokenRange(holder, holder + 1)
    return span_between(scene, tokens)


def span_between(scene: Scene, tokens: TokenRange) -> Span:
    """A range of tokens as a clean span."""
    start, end = scene.tree.tokens[tokens.start].start, scene.tree.tokens[tokens.end - 1].end
    return Span(start, end, scene.document.text[start:end])
