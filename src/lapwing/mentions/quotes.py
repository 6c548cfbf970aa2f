"""Which words stand inside quotation marks, and who speaks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lapwing.records import Analysis, Document, TokenRange
from lapwing.trees import Tree

OPENING, CLOSING, EITHER = frozenset("“«„‟"), frozenset("”»"), frozenset('"')
LONGEST = 400
"""Tokens after which a quotation that is not closed is given up: a mark was lost."""


def quoted_tokens(document: Document, analysis: Analysis) -> tuple[int, ...]:
    """For each token, the number of the quotation that it stands in (from 1), or 0.

    A quotation left open at a paragraph's end goes on where the next paragraph begins with an opening mark, and ends
    otherwise.
    """
    paragraph_of = {sentence.index: sentence.paragraph for sentence in document.sentences}
    found = [0] * len(analysis.tokens)
    number, since, open_in = 0, -1, -1
    for token in analysis.tokens:
        paragraph = paragraph_of.get(token.sentence, 0)
        if since >= 0 and (paragraph != open_in or token.i - since > LONGEST):
            since = -1
        mark = token.text[:2] if token.text in ("``", "''") else token.text[:1] if len(token.text) == 1 else ""
        if since < 0 and (mark in OPENING or mark in EITHER or mark == "``"):
            number, since, open_in = number + 1, token.i, paragraph
        elif since >= 0 and (mark in CLOSING or mark in EITHER or mark == "''"):
            since = -1
        elif since >= 0:
            found[token.i] = number
    return tuple(found)


SAYING_TEXT = """
say tell add note announce declare state claim argue explain insist stress warn write reply respond ask admit
allege comment confirm deny emphasize emphasise observe recall remark report reveal suggest tweet urge vow
think believe
"""
SAYING = frozenset(SAYING_TEXT.split())
"""Verbs whose subject speaks. `attribution` has its own, much longer list; here the frequent ones are enough."""


def speaker_tokens(tree: Tree, analysis: Analysis, quoted: Sequence[int]) -> dict[int, int]:
    """For each quotation, a token of its speaker: a source that the attribution head or the tree finds around it."""
    found: dict[int, int] = {}
    sources = sources_by_sentence(analysis)
    quotes = sentences_of_quotes(analysis, quoted)
    for number, sentences in quotes.items():
        token = speaker_in(tree, analysis, quoted, sentences, sources)
        if token is None and sentences[0] > 0 and number - 1 in found:
            token = found[number - 1] if sentences[0] - quotes[number - 1][-1] <= 1 else None
        if token is not None:
            found[number] = token
    return found


def sentences_of_quotes(analysis: Analysis, quoted: Sequence[int]) -> dict[int, list[int]]:
    """The sentences that each quotation runs through."""
    found: dict[int, list[int]] = {}
    for token in analysis.tokens:
        number = quoted[token.i]
        if number and token.sentence not in found.setdefault(number, []):
            found[number].append(token.sentence)
    return found


def sources_by_sentence(analysis: Analysis) -> dict[int, list[TokenRange]]:
    """The sources that the attribution head finds, by the sentence that they begin in."""
    found: dict[int, list[TokenRange]] = {}
    for attribution in analysis.attributions:
        if attribution.role == "source":
            sentence = analysis.tokens[attribution.tokens.start].sentence
            found.setdefault(sentence, []).append(attribution.tokens)
    return found


def speaker_in(
    tree: Tree,
    analysis: Analysis,
    quoted: Sequence[int],
    sentences: Sequence[int],
    sources: Mapping[int, Sequence[TokenRange]],
) -> int | None:
    """The speaker told in the sentences of a quotation, outside its marks."""
    for sentence in (sentences[-1], sentences[0]):
        span = analysis.sentences[sentence]
        for at in sources.get(sentence, ()):
            if not quoted[at.start]:
                return at.end - 1 if tree.tokens[at.end - 1].upos in ("PROPN", "NOUN", "PRON") else at.start
        for token in tree.tokens[span.start : span.end]:
            if token.lemma in SAYING and token.upos == "VERB" and not quoted[token.i]:
                for child in tree.children[token.i]:
                    if tree.tokens[child].deprel == "nsubj" and not quoted[child]:
                        return child
    return None
