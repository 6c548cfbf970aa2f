"""Who speaks the quotation, or the statement after a colon, in which an act stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from lapwing.attribution.holders import holder_of, reporting_verb
from lapwing.attribution.marks import opens_with_quote
from lapwing.attribution.scene import VOUCHING, Scene, Voice
from lapwing.records import Frame

LONGEST_STATEMENT = 60
"""Sentences that a statement after a colon is followed."""

LONGEST_QUOTATION = 12
"""Sentences that a quotation over several paragraphs is followed back."""


def quotation_at(scene: Scene, position: int) -> tuple[int, int] | None:
    """The quotation in which a character stands."""
    k = bisect_right(scene.quotations, (position, len(scene.document.text))) - 1
    if k >= 0 and scene.quotations[k][0] <= position < scene.quotations[k][1]:
        return scene.quotations[k]
    return None


def of_quotation(scene: Scene, frame: Frame) -> Iterator[Voice]:
    """The speaker of the quotation in which an act stands: named in a sentence of the quotation, else in the one
    before or after."""
    position = scene.tree.tokens[frame.token].start
    quotation = quotation_at(scene, position)
    if quotation is None:
        yield from after_colon(scene, frame)
        return
    for sentence in near(scene, quotation, frame.sentence):
        voice = speaker(scene, sentence, frame)
        if voice is not None:
            yield voice
            return


def near(scene: Scene, quotation: tuple[int, int], own: int) -> Iterator[int]:
    """Sentences in which the speaker of a quotation may be named, the likeliest first."""
    sentences = scene.document.sentences
    first = last = own
    while first > 0 and sentences[first - 1].end > quotation[0]:
        first -= 1
    while last + 1 < len(sentences) and sentences[last + 1].start < quotation[1]:
        last += 1
    yield own
    yield from (k for k in range(last, first - 1, -1) if k != own)
    before = first - 1
    while before > 0 and first - before < LONGEST_QUOTATION and is_quoted(scene, before):
        yield before
        before -= 1
    if before >= 0:
        yield before
    if last + 1 < len(sentences):
        yield last + 1


def is_quoted(scene: Scene, sentence: int) -> bool:
    """Whether the end of a sentence stands in quotation marks, so that the quotation may run on in the next
    paragraph."""
    end = scene.document.sentences[sentence].end
    return quotation_at(scene, end - 1) is not None or quotation_at(scene, end - 2) is not None


def speaker(scene: Scene, sentence: int, frame: Frame | None) -> Voice | None:
    """The last verb of saying in a sentence that stands outside quotation marks and has a speaker."""
    span = scene.analysis.sentences[sentence]
    for i in range(span.end - 1, span.start - 1, -1):
        token = scene.tree.tokens[i]
        if token.upos != "VERB" or quotation_at(scene, token.start) is not None:
            continue
        found = reporting_verb(scene.tree, i)
        if found is None or found[0].kind not in VOUCHING:
            continue
        holder = holder_of(scene.tree, i)
        if holder is not None and quotation_at(scene, scene.tree.tokens[holder].start) is None:
            return Voice(holder, found[1], found[0], frame.token if frame else i, "speaker of the quotation")
    return None


def after_colon(scene: Scene, frame: Frame) -> Iterator[Voice]:
    """A statement given without quotation marks after "said:": it runs on until somebody else is told to say
    something."""
    text, sentences = scene.document.text, scene.document.sentences
    for k in range(frame.sentence - 1, max(frame.sentence - 1 - LONGEST_STATEMENT, -1), -1):
        line = text[sentences[k].start : sentences[k].end].rstrip()
        voice = speaker(scene, k, frame)
        if line.endswith(":") and voice is not None and not opens_with_quote(text, sentences[k].end):
            yield voice._replace(how="statement after a colon")
        if voice is not None:
            return
