"""What a reviewer says of a field → what the record then holds, checked against the text and the codes.

A reviewer points at words (``{"start": 10, "end": 16}``) and names codes; the rest follows. A value that does not fit is
refused with a sentence that says why, never bent into shape: another type's mode, a country that no code list has, words
that do not stand where they are said to stand.

    event       PLOVER's type; its quad and score follow, and a mode that the type does not have goes
    mode        one of the type's, or null; the score follows
    contexts    PLOVER's contexts, three at most
    status      happened, expected, hypothetical or denied
    trigger     words; the evidence becomes their sentence where they stand outside of it
    cue         words, or null
    actors      a list of {words or null, name, country, sector}; recipients likewise
    date        {value, words or null}, or null; the precision follows from the value
    place       {name, country, precision, words or null}, or null; the point stays only where name and country do
    source      {words, name, country, sector, kind, cue}, or null for the article's own voice
    relay       {words, name}, or null
    magnitude   a list of {kind, value, words, claimant}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, get_args

from lapwing.codebook import load_codebook
from lapwing.errors import QueryError
from lapwing.records import (
    DatePrecision,
    Entity,
    Event,
    EventDate,
    Magnitude,
    Place,
    PlacePrecision,
    Relay,
    Source,
    SourceKind,
    Span,
    Status,
    best_of,
)
from lapwing.store.engine import clean
from lapwing.store.rows import days_of

MOST_CONTEXTS = 3

MOST_ENTITIES = 30

LONGEST = 300
"""Characters of a name that a person types."""

DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")

KIND = re.compile(r"[a-z][a-z_-]{1,30}")

PRECISIONS: dict[int, DatePrecision] = {4: "year", 7: "month", 10: "day"}

Text = tuple[str, tuple[tuple[int, int], ...]]
"""An article's text as given, and where its sentences stand in it."""


def correction(event: Event, field: str, given: Any, text: Text) -> dict[str, Any]:
    """The fields of the record that follow from giving `field` the value `given` (plain JSON): from their names to plain
    values. Raises `QueryError` where it does not fit."""
    if field not in FIELDS:
        raise QueryError(f"{field!r} is no field that can be corrected: {', '.join(FIELDS)}.")
    return FIELDS[field](event, given, text)


# ── one field each ────────────────────────────────────────────────────────────────────────────────────────────────────


def _event(event: Event, given: Any, text: Text) -> dict[str, Any]:
    codebook = load_codebook()
    kind = _one_of(given, tuple(codebook.types), "a type of PLOVER's")
    mode = event.mode if event.mode in codebook.modes_of(kind) else None
    return {"event": kind, "mode": mode, "quad": codebook.quad_of(kind), "score": codebook.score_of(kind, mode)}


def _mode(event: Event, given: Any, text: Text) -> dict[str, Any]:
    codebook = load_codebook()
    mode = _one_of(given, codebook.modes_of(event.event), f"a mode of {event.event}") if given is not None else None
    return {"mode": mode, "score": codebook.score_of(event.event, mode)}


def _contexts(event: Event, given: Any, text: Text) -> dict[str, Any]:
    known = tuple(load_codebook().contexts)
    contexts = [_one_of(context, known, "a context of PLOVER's") for context in _list(given, "contexts", MOST_CONTEXTS)]
    return {"contexts": list(dict.fromkeys(contexts))}


def _status(event: Event, given: Any, text: Text) -> dict[str, Any]:
    return {"status": _one_of(given, get_args(Status), "a status")}


def _trigger(event: Event, given: Any, text: Text) -> dict[str, Any]:
    trigger = _span(given, text, "trigger")
    inside = event.evidence.start <= trigger.start and trigger.end <= event.evidence.end
    return {
        "trigger": _plain(trigger),
        "evidence": _plain(event.evidence if inside else sentence_around(trigger, text)),
    }


def _cue(event: Event, given: Any, text: Text) -> dict[str, Any]:
    return {"cue": _plain(_span(given, text, "cue")) if given is not None else None}


def _actors(event: Event, given: Any, text: Text) -> dict[str, Any]:
    return {"actors": [_entity(one, text) for one in _list(given, "actors", MOST_ENTITIES)]}


def _recipients(event: Event, given: Any, text: Text) -> dict[str, Any]:
    return {"recipients": [_entity(one, text) for one in _list(given, "recipients", MOST_ENTITIES)]}


def _date(event: Event, given: Any, text: Text) -> dict[str, Any]:
    if given is None:
        return {"date": None}
    told = _object(given, "date")
    value = _words(told.get("value"), "the date's value")
    date = EventDate(
        value=value or "", precision=precision_of(value or ""), span=_span_or_none(told.get("span"), text, "date")
    )
    return {"date": _plain(date)}


def _place(event: Event, given: Any, text: Text) -> dict[str, Any]:
    if given is None:
        return {"place": None}
    told = _object(given, "place")
    name, country = _words(told.get("name"), "the place's name"), _country(told.get("country"))
    precision = _one_of(told.get("precision"), get_args(PlacePrecision), "a precision of places")
    span = _span_or_none(told.get("span"), text, "place")
    if name is None:
        raise QueryError("a place has a name.")
    known = event.place
    if known is not None and (known.name, known.country, known.precision) == (name, country, precision):
        return {"place": _plain(known) | {"span": _plain(span or known.span)}}
    place = Place(
        name=name, country=country, adm1=None, lat=None, lon=None, geonameid=None, precision=precision, span=span
    )
    return {"place": _plain(place)}


def _source(event: Event, given: Any, text: Text) -> dict[str, Any]:
    if given is None:
        return {"source": None}
    told = _object(given, "source")
    span = _span(told.get("span"), text, "source")
    known = event.source
    source = Source(
        name=_words(told.get("name"), "the source's name"),
        country=_country(told.get("country")),
        sector=_sector(told.get("sector")),
        kind=_one_of(told.get("kind"), get_args(SourceKind), "a kind of source"),
        span=span,
        cue=_span_or_none(told.get("cue"), text, "cue"),
        channel=known.channel if known is not None and known.span == span else None,
    )
    return {"source": _plain(source)}


def _relay(event: Event, given: Any, text: Text) -> dict[str, Any]:
    if given is None:
        return {"relay": None}
    told = _object(given, "relay")
    span = _span(told.get("span"), text, "relay")
    return {"relay": _plain(Relay(_words(told.get("name"), "the relay's name") or span.text, span))}


def _magnitude(event: Event, given: Any, text: Text) -> dict[str, Any]:
    told = [_count(one, text) for one in _list(given, "magnitude", MOST_ENTITIES)]
    return {"magnitude_spans": [_plain(one) for one in told], "magnitude": best_of(told)}


def _count(given: Any, text: Text) -> Magnitude:
    told = _object(given, "magnitude")
    kind, value = told.get("kind"), told.get("value")
    if not isinstance(kind, str) or not KIND.fullmatch(kind):
        raise QueryError(f"{kind!r} is no kind of magnitude: write troops, dead, injured, usd, …")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e18:
        raise QueryError(f"{value!r} is no number of {kind}.")
    return Magnitude(
        kind=kind,
        value=float(value),
        span=_span(told.get("span"), text, "magnitude"),
        claimant=_words(told.get("claimant"), "the claimant"),
    )


FIELDS: dict[str, Callable[[Event, Any, Text], dict[str, Any]]] = {
    "event": _event,
    "mode": _mode,
    "status": _status,
    "trigger": _trigger,
    "actors": _actors,
    "recipients": _recipients,
    "source": _source,
    "date": _date,
    "place": _place,
    "contexts": _contexts,
    "cue": _cue,
    "relay": _relay,
    "magnitude": _magnitude,
}


# ── what they are made of ─────────────────────────────────────────────────────────────────────────────────────────────


def precision_of(value: str) -> DatePrecision:
    """How precise an ISO 8601 date is. Raises `QueryError` where it is none.

    >>> precision_of("2022-12"), precision_of("2022-12-01/2022-12-05")
    ('month', 'span')
    """
    first, slash, last = value.partition("/")
    parts = [first, last] if slash else [first]
    if not all(DATE.fullmatch(part) for part in parts) or None in days_of(value):
        raise QueryError(f"{value!r} is no date: write 2022-12-19, 2022-12, 2022, or 2022-12-01/2022-12-19.")
    days = days_of(value)
    if days[0] and days[1] and days[0] > days[1]:
        raise QueryError(f"{value!r} ends before it begins.")
    return "span" if slash else PRECISIONS[len(first)]


def sentence_around(words: Span, text: Text) -> Span:
    """The sentence in which `words` begin."""
    given, sentences = text
    for start, end in sentences:
        if start <= words.start < end:
            return Span(start, max(end, words.end), given[start : max(end, words.end)])
    return words


def _entity(given: Any, text: Text) -> dict[str, Any]:
    told = _object(given, "actor")
    span = _span_or_none(told.get("span"), text, "actor")
    name, country, sector = _words(told.get("name"), "the name"), _country(told.get("country")), told.get("sector")
    sector = _sector(sector)
    if span is None and name is None:
        raise QueryError("an actor has words in the text, or a name.")
    return dict(
        _plain(
            Entity(
                span=span,
                text=span.text if span else None,
                name=name or (span.text if span else None),
                country=country,
                sector=sector,
                sectors=(sector,) if sector else (),
            )
        )
    )


def _span(given: Any, text: Text, what: str) -> Span:
    """The words at `given`, an object with start and end; where it also holds `text`, that is what must stand there."""
    told = _object(given, what)
    start, end = told.get("start"), told.get("end")
    if not (isinstance(start, int) and isinstance(end, int)) or isinstance(start, bool) or isinstance(end, bool):
        raise QueryError(f"the {what} has no start and end: select its words in the text.")
    if not 0 <= start < end <= len(text[0]):
        raise QueryError(f"there are no words at {start}–{end}: the text has {len(text[0])} characters.")
    words = text[0][start:end]
    if told.get("text") not in (None, words):
        raise QueryError(f"the text at {start}–{end} is {words[:60]!r}, not {str(told['text'])[:60]!r}.")
    if not words.strip():
        raise QueryError(f"the {what} would be blank.")
    return Span(start, end, words)


def _span_or_none(given: Any, text: Text, what: str) -> Span | None:
    return None if given is None else _span(given, text, what)


def _one_of(given: Any, known: Sequence[str], what: str) -> Any:
    if given not in known:
        listed = f": {', '.join(known)}" if known else "; there are none"
        raise QueryError(f"{given!r} is not {what}{listed}.")
    return given


def _words(given: Any, what: str) -> str | None:
    """What a person typed; None for nothing."""
    if given is None:
        return None
    if not isinstance(given, str) or len(given) > LONGEST:
        raise QueryError(f"{what} is text of at most {LONGEST} characters.")
    return " ".join((clean(given) or "").split()) or None


def _country(given: Any) -> str | None:
    code = _words(given, "the country")
    if code is not None and code not in known_countries():
        raise QueryError(
            f"{code!r} is no country's code: write three letters, for example UKR, or UNO, EUR, IGO, NGO, …"
        )
    return code


def _sector(given: Any) -> str | None:
    from lapwing.dictionaries import SECTORS

    code = _words(given, "the sector")
    if code is not None and code not in SECTORS:
        raise QueryError(f"{code!r} is no sector of PLOVER's: {', '.join(sorted(SECTORS))}.")
    return code


@cache
def known_countries() -> frozenset[str]:
    """The codes that an entity's country may have."""
    from lapwing.dictionaries import SUPRANATIONAL, load

    return frozenset(country.code for country in load().countries) | SUPRANATIONAL


def _object(given: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise QueryError(f"the {what} is told as an object, not as {type(given).__name__}.")
    return given


def _list(given: Any, what: str, most: int) -> Sequence[Any]:
    if not isinstance(given, list | tuple) or len(given) > most:
        raise QueryError(f"{what} are a list of at most {most}.")
    return given


def _plain(value: Any) -> Any:
    import msgspec

    return msgspec.to_builtins(value)
