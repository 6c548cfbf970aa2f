"""A record → what is compared of it: who, to whom, what, when, where, how many, in which words, in which article.

Names are compared by their folded words ("Ri Yong-ho" and "Ri Yong Ho" are one), words by rough stems; both are cut off
here once, so that comparing a pair is a matter of sets.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from importlib.resources import files

import msgspec

from lapwing.dictionaries.english import is_common
from lapwing.records import Entity, Event
from lapwing.store.rows import days_of

LETTERS = re.compile(r"[^\W\d_]{3,}|\d[\d.,]*\d|\d")

NAME = re.compile(r"[^\W\d_]{3,}")

SUFFIXES = ("ingly", "edly", "ings", "ation", "ing", "ied", "ies", "ers", "ed", "es", "er", "s")


@functools.cache
def word_list(name: str) -> frozenset[str]:
    """The words of a file of this package, without its remarks."""
    lines = (files("lapwing.clusters") / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


STOPWORDS, COMMON = "stopwords.txt", "common_stems.txt"

COMMON_WEIGHT = 0.25


def weigh(words: Iterable[str]) -> float:
    """How much a set of stems tells: one for each, less for those that are in many articles.

    >>> weigh({"zorbing", "attack"})
    1.25
    """
    common = word_list(COMMON)
    return sum(COMMON_WEIGHT if word in common else 1.0 for word in words)


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """An actor or recipient: the folded words of its name, its codes, and its Wikidata item."""

    name: frozenset[str]
    country: str | None
    sector: str | None
    wikidata: str | None


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """One record as it is compared. `days` are the first and last day that its date covers, `published` the article's day.
    `words` and `numbers` are of the sentence, without the parties' names, `names` all words of names in it that are in few
    articles; `anchors` are the article's names and numbers."""

    record: int
    doc: int
    event: str
    mode: str | None
    status: str
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    days: tuple[date, date] | None
    published: date | None
    place: str | None
    country: str | None
    point: tuple[float, float] | None
    fine: bool
    source: str | None
    magnitude: dict[str, float]
    trigger: frozenset[str]
    words: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]
    span: tuple[int, int]
    anchors: frozenset[int]
    text: int


def telling_of(event: Event, *, record: int, doc: int, anchors: Iterable[int] = (), text: int | None = None) -> Telling:
    """What is compared of `event`. `anchors` are of its article (`sketches`), `text` is the first document with the same
    text, where that is another one."""
    place = event.place
    actors, recipients = _parties(event.actors), _parties(event.recipients)
    said = stems(event.evidence.text)
    named = {stem(word) for party in (*actors, *recipients) for word in party.name}
    return Telling(
        record=record,
        doc=doc,
        event=event.event,
        mode=event.mode,
        status=event.status,
        actors=actors,
        recipients=recipients,
        days=_days(event.date.value) if event.date else None,
        published=_first_day(event.doc.published),
        place=folded(place.name) if place else None,
        country=place.country if place else None,
        point=(place.lat, place.lon) if place and place.lat is not None and place.lon is not None else None,
        fine=place is not None and place.precision in ("city", "sub-city"),
        source=folded(event.source.name) if event.source and event.source.name else None,
        magnitude={kind: value for kind, value in (event.magnitude or {}).items() if value is not None},
        trigger=frozenset(stems(event.trigger.text)),
        words=frozenset(word for word in said if not word[0].isdigit()) - named,
        numbers=frozenset(word for word in said if word[0].isdigit()),
        names=frozenset(stems(" ".join(names_in(event.evidence.text)))) - word_list(COMMON),
        span=(event.trigger.start, event.trigger.end),
        anchors=frozenset(anchors),
        text=doc if text is None else text,
    )


def _parties(entities: Iterable[Entity]) -> tuple[Party, ...]:
    return tuple(
        Party(
            name=name_words(entity.name or entity.text or ""),
            country=entity.country,
            sector=entity.sector,
            wikidata=entity.wikidata,
        )
        for entity in entities
    )


def name_words(name: str) -> frozenset[str]:
    """The words by which a name is known again.

    >>> sorted(name_words("the Foreign Ministry of Ukraine")), sorted(name_words("Ri Yong-ho"))
    (['foreign', 'ministry', 'ukraine'], ['ho', 'ri', 'yong'])
    """
    return frozenset(re.findall(r"\w+", folded(name))) - {"the", "of", "a", "an", "and", "for", "s"}


def folded(text: str) -> str:
    """`text` without case and accents.

    >>> folded("Đà Nẵng, Málaga")
    'đa nang, malaga'
    """
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def stems(text: str) -> set[str]:
    """The stems of the words that tell something, and the numbers.

    >>> sorted(stems("Police arrested 1,200 protesters, officials said."))
    ['1200', 'arrest', 'police', 'protest']
    """
    words = (word.replace(",", "") for word in LETTERS.findall(folded(text)))
    return {stem(word) for word in words if word not in word_list(STOPWORDS)}


def stem(word: str) -> str:
    """A word without its ending, roughly: enough to meet its other forms.

    >>> [stem(word) for word in ("visited", "visits", "visiting", "arrests", "his")]
    ['visit', 'visit', 'visit', 'arrest', 'his']
    """
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


def names_in(text: str) -> list[str]:
    """The words of names: with a capital, and no everyday words.

    >>> names_in("Soldiers struck Đà Nẵng’s harbour, Ana Ruiz told the BBC.")
    ['Nẵng', 'Ana', 'Ruiz', 'BBC']
    """
    return [word for word in NAME.findall(text) if word[0].isupper() and not is_common(word)]


def _days(value: str) -> tuple[date, date] | None:
    first, last = days_of(value)
    if first is None and last is None:
        return None
    return (first or last or date.min, last or first or date.max)


def _first_day(value: str | None) -> date | None:
    """The day of a publication date that names one."""
    if value is None:
        return None
    first, last = days_of(value[:10])
    return first if first == last else None
