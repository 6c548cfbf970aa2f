"""An article with its parts told apart: title, dateline, byline, outlet, date, language, paragraphs, sentences.

Later stages read sentences of the article's body and must not be misled by what stands around it: a dateline parsed
as a subject, a button taken for a demand ("Share"), a line of Spanish. So each paragraph is first told what it is,
and only then cut into sentences. Nothing is dropped: a line that is not coded stays in the document, marked, with
the reason in `Document.omitted`. All offsets are *clean*, into the repaired text.

One module a question: `paragraphs`, `sentences`, `heading` (title, dateline, byline), `furniture` (what belongs to
the page), `language`, `published`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from lapwing.document.furniture import recognise
from lapwing.document.heading import (
    TITLE_SUFFIX,
    Dateline,
    find_dateline,
    is_byline,
    joined_title_end,
    looks_like_title,
)
from lapwing.document.language import LANGUAGES, foreign_language
from lapwing.document.paragraphs import paragraphs as find_paragraphs
from lapwing.document.published import find_published
from lapwing.document.sentences import split_sentences
from lapwing.records import Article, Document, Omission, Relay, Repaired, Sentence, Span

LINES_BEFORE_BODY = 6
NOT_CODED = frozenset({"dateline", "byline", "foreign", "teaser", "boilerplate"})
LONGEST_SENTENCE = 4_000
"""Characters. What runs on longer without a stop is no prose; it is cut at a space, so that later stages are bounded."""


class Part(NamedTuple):
    """A stretch of one paragraph that is one thing: its kind and, where it is not coded, why."""

    start: int
    end: int
    paragraph: int
    kind: str
    reason: str = ""
    lang: str | None = None


class Head(NamedTuple):
    """What was found above the body."""

    title: tuple[int, int] | None
    dateline: Dateline | None
    byline: tuple[int, int] | None


def build_document(article: Article, repaired: Repaired, *, agencies: Mapping[str, str] | None = None) -> Document:
    """The document of an article whose text has been repaired.

    `agencies` leads from the names of agencies and outlets to the usual ones ("AP" to "Associated Press"); by
    default they are those of `lapwing.dictionaries`.
    """
    text = repaired.text
    known = _known_agencies() if agencies is None else agencies
    lines = find_paragraphs(text)
    head = find_head(text, lines, article.title, agencies=known)
    parts = tell_parts(text, lines, head)
    lang, whole = document_language(text, parts)
    sentences = cut_sentences(text, parts, coded=not whole)
    dateline = head.dateline
    outlet = article.outlet or outlet_in_title(text, head.title, agencies=known)
    return Document(
        id=article.id,
        given=repaired.given,
        text=text,
        offsets=repaired.offsets,
        repairs=repaired.steps,
        sha256=hashlib.sha256(repaired.given.encode("utf-8", "surrogatepass")).hexdigest(),
        lang=lang,
        published=find_published(article, text, lines=lines, dateline_date=_dateline_date(text, dateline)),
        sentences=sentences,
        paragraphs=tuple(lines),
        title=_title(article, text, head),
        title_span=_span(text, head.title),
        outlet=outlet,
        url=article.url,
        byline=_span(text, head.byline),
        dateline=_span(text, dateline.span if dateline else None),
        dateline_place=_span(text, dateline.place if dateline else None),
        relay=_relay(text, dateline, known),
        omitted=(*_omissions(parts), *whole),
    )


@cache
def _known_agencies() -> dict[str, str]:
    from lapwing.dictionaries import load

    return {alias: outlet.name for outlet in load().outlets for alias in (outlet.name, *outlet.aliases)}


def _span(text: str, found: tuple[int, int] | None) -> Span | None:
    return Span(*found, text[slice(*found)]) if found else None


# ── the head ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_head(text: str, lines: Sequence[tuple[int, int]], title: str | None, *, agencies: Mapping[str, str]) -> Head:
    """Title, dateline and byline among the first paragraphs.

    >>> text = "Envoys meet\\nBy Ana Ruiz\\nOSLO, May 4 (Reuters) - The two sides held talks on Monday."
    >>> head = find_head(text, find_paragraphs(text), None, agencies={})
    >>> [text[slice(*found)] for found in (head.title, head.byline, head.dateline.span)]
    ['Envoys meet', 'By Ana Ruiz', 'OSLO, May 4 (Reuters) -']
    """
    title_range = find_title(text, lines, title, agencies=agencies)
    byline = dateline = None
    for start, end in lines[:LINES_BEFORE_BODY]:
        if title_range and start < title_range[1]:
            start = title_range[1]
        while start < end and text[start] in " –—-":
            start += 1
        if start >= end:
            continue
        if byline is None and end - start < 200 and is_byline(text[start:end]):
            byline = (start, end)
        elif dateline is None:
            dateline = find_dateline(text, start, end, agencies=agencies)
        if dateline or end - start > 300:
            break
    return Head(title_range, dateline, byline)


def find_title(
    text: str, lines: Sequence[tuple[int, int]], title: str | None, *, agencies: Mapping[str, str]
) -> tuple[int, int] | None:
    """Where the title stands in the text: the one given, or the first line if it looks like one."""
    if not lines:
        return None
    start, end = lines[0]
    if title:
        words = r"\s+".join(map(re.escape, title.split()[:60]))
        found = re.compile(words, re.IGNORECASE).match(text, start)
        return found.span() if found else None
    if find_dateline(text, start, end, agencies=agencies):
        return None
    if looks_like_title(text[start : min(end, start + 300)], [text[s : min(e, s + 300)] for s, e in lines[1:6]]):
        return start, end
    first = split_sentences(text, start, min(end, start + LONGEST_SENTENCE))
    if not first or len(lines) > 3:
        return None
    joined = joined_title_end(text, start, end, agencies=agencies) if first[0][1] - start > 40 else None
    if joined and joined >= first[0][1]:
        joined = None
    return (start, joined) if joined else None


def _title(article: Article, text: str, head: Head) -> str | None:
    if article.title and article.title.strip():
        return " ".join(article.title.split())
    return " ".join(text[slice(*head.title)].split()) if head.title else None


def outlet_in_title(text: str, title: tuple[int, int] | None, *, agencies: Mapping[str, str]) -> str | None:
    """The outlet after a dash at the end of the title, if it is a known one.

    >>> outlet_in_title("Envoys meet — DW", (0, 16), agencies={"DW": "Deutsche Welle"})
    'Deutsche Welle'
    """
    found = TITLE_SUFFIX.search(text, title[0], title[1]) if title else None
    return agencies.get(found["outlet"].removesuffix(" in Russian")) if found else None


def _dateline_date(text: str, dateline: Dateline | None) -> tuple[int, int] | None:
    if not dateline or not dateline.date:
        return None
    start = text.index(dateline.date, dateline.span[0])
    return start, start + len(dateline.date)


def _relay(text: str, dateline: Dateline | None, agencies: Mapping[str, str]) -> Relay | None:
    if not dateline or not dateline.agency:
        return None
    name = text[slice(*dateline.agency)]
    return Relay(agencies.get(name, name), Span(*dateline.agency, name))


# ── what each paragraph is ────────────────────────────────────────────────────────────────────────────────────────────


def tell_parts(text: str, lines: Sequence[tuple[int, int]], head: Head) -> list[Part]:
    """The paragraphs, parted where a title or dateline ends inside one, each with its kind."""
    parts: list[Part] = []
    for number, (start, end) in enumerate(lines):
        for stop, kind in _cuts(start, end, head):
            parts.append(_tell(text, start, stop, number, kind))
            start = stop
    return parts


def _cuts(start: int, end: int, head: Head) -> list[tuple[int, str]]:
    """Where the parts of a paragraph end, and the kind of those that the head decides."""
    cuts: list[tuple[int, str]] = []
    if head.title and head.title[0] < end and start < head.title[1]:
        cuts.append((min(head.title[1], end), "title"))
    if head.dateline and start <= head.dateline.span[0] < end:
        cuts.append((head.dateline.span[1], "dateline"))
    if head.byline and head.byline[0] >= start and head.byline[1] <= end:
        cuts.append((head.byline[1], "byline"))
    return cuts if cuts and cuts[-1][0] == end else [*cuts, (end, "body")]


def _tell(text: str, start: int, end: int, number: int, kind: str) -> Part:
    if kind in ("dateline", "byline"):
        return Part(start, end, number, kind, f"a {kind}")
    foreign = foreign_language(text[start:end])
    if foreign:
        lang, evidence = foreign
        return Part(start, end, number, "foreign", f"{LANGUAGES[lang]} ({lang}): {evidence}", lang)
    if is_noise(text[start:end]):
        return Part(start, end, number, "boilerplate", "marks without words")
    furniture = recognise(text[start:end].strip()) if kind == "body" else None
    return Part(start, end, number, *furniture) if furniture else Part(start, end, number, kind)


LONGEST_MARKS = 200
LEAST_SHARE_OF_LETTERS = 0.2


def is_noise(line: str) -> bool:
    """Whether a long line is hardly made of letters and digits: drawn with marks, or damaged; nothing can be read in it.

    >>> is_noise("(" * 500), is_noise("* * *"), is_noise("The talks began. " * 50)
    (True, False, False)
    """
    if len(line) <= LONGEST_MARKS:
        return False
    return sum(map(str.isalnum, line)) < LEAST_SHARE_OF_LETTERS * len("".join(line.split()))


def document_language(text: str, parts: Sequence[Part]) -> tuple[str, tuple[Omission, ...]]:
    """The language most of the text is in, and, where that is not English, the reason why nothing is coded."""
    sizes: dict[str, int] = {"en": 0}
    for part in parts:
        lang = part.lang or "en"
        sizes[lang] = sizes.get(lang, 0) + part.end - part.start
    lang = max(sizes, key=lambda key: sizes[key])
    if lang == "en":
        return lang, ()
    reason = f"the article is in {LANGUAGES[lang]} ({lang}); only English is coded"
    return lang, (Omission(start=0, end=len(text), reason=reason, lang=lang),)


def _omissions(parts: Sequence[Part]) -> list[Omission]:
    return [
        Omission(start=part.start, end=part.end, reason=part.reason, lang=part.lang)
        for part in parts
        if part.kind in NOT_CODED
    ]


# ── sentences ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def cut_sentences(text: str, parts: Sequence[Part], *, coded: bool) -> tuple[Sentence, ...]:
    """The sentences of every part, in order. `coded` is false where the whole article is left out."""
    sentences: list[Sentence] = []
    for part in parts:
        whole = part.kind in NOT_CODED or part.kind == "title"
        for start, end in _bounded(
            text, _trimmed(text, part) if whole else split_sentences(text, part.start, part.end)
        ):
            sentences.append(
                Sentence(
                    index=len(sentences),
                    start=start,
                    end=end,
                    paragraph=part.paragraph,
                    kind=part.kind,
                    coded=coded and part.kind not in NOT_CODED,
                )
            )
    return tuple(sentences)


def _trimmed(text: str, part: Part) -> list[tuple[int, int]]:
    piece = text[part.start : part.end]
    start = part.start + len(piece) - len(piece.lstrip())
    end = part.end - (len(piece) - len(piece.rstrip()))
    return [(start, end)] if start < end else []


def _bounded(text: str, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The ranges, those that are too long cut at a space."""
    pieces: list[tuple[int, int]] = []
    for start, end in ranges:
        while end - start > LONGEST_SENTENCE:
            space = max(
                text.rfind(" ", start, start + LONGEST_SENTENCE), text.rfind("\n", start, start + LONGEST_SENTENCE)
            )
            stop = space if space > start else start + LONGEST_SENTENCE
            pieces += split_piece(text, start, stop)
            start = stop
        pieces += split_piece(text, start, end)
    return pieces


def split_piece(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The range without outer white space, if anything is left.

    >>> split_piece(" a ", 0, 3), split_piece("  ", 0, 2)
    ([(1, 2)], [])
    """
    piece = text[start:end]
    left, right = len(piece) - len(piece.lstrip()), len(piece) - len(piece.rstrip())
    return [(start + left, end - right)] if left < len(piece) else []
