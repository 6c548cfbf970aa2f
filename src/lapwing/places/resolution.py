"""Which place does a name mean? Candidates from the gazetteer, and the article as the judge between them.

"Paris" is 30 places, "Georgia" a country and a state, "Alexandria" a city in Egypt, Virginia and Louisiana. What
decides is rarely the name and nearly always what stands around it, so the evidence is taken in this order of
strength:

1. what is written at the name itself: "Paris, Texas", "the Syrian city of Aleppo", "Cork in Ireland", "Kharkiv region";
2. the article's other places: towns of the same district, division, country, or simply near by;
3. the countries that the article speaks of (names, demonyms, its actors) and the outlet's own country;
4. how many people live there, which is the best guess where nothing else speaks.

Each candidate gets a score that is a plain sum of these (`Weights`, tuned on LGL and TR-News); every name is judged
twice, the second time in the light of what the first round made likely. One name has one meaning in an article, and
evidence at any of its mentions counts for all. Where two candidates of different countries end up close, the answer
is "unknown".

A name that is not in the gazetteer stays unknown. A region or a sea is found among ``regions.csv`` and never gets a
point.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

import msgspec

from lapwing.dictionaries import load
from lapwing.dictionaries.gazetteer import Spot, folded, spots_named, words
from lapwing.dictionaries.gazetteer import countries as gazetteer_countries
from lapwing.records import Span


class Weights(msgspec.Struct, frozen=True):
    """What each kind of evidence counts; a factor of ten in population counts `population`.

    Set by hand, then adjusted by a short random search on every second article of LGL and TR-News.
    """

    population: float = 0.8
    alias: float = -1.6
    country_kind: float = 3.1
    division_kind: float = 0.2
    district_kind: float = -1.0
    region_kind: float = 9.0
    capital: float = 3.0
    namesake: float = -2.0
    same_country: float = 2.0
    same_division: float = 1.9
    same_district: float = 2.0
    near: float = 1.0
    spoken_of: float = 0.8
    outlet: float = 2.0
    contained: float = 6.4
    kind_said: float = 4.0
    holds_other: float = 4.0


WEIGHTS = Weights()
UNDECIDED_BELOW = 0.30
"""A best candidate with less than this share of the likelihood is no answer, unless the others are of its country."""
MOST_CANDIDATES = 150


class Resolution(msgspec.Struct, frozen=True):
    """What a name means. `spot` is None where it is unknown or undecided, and `because` says why, either way.

    `part` is the word that takes a part of the place ("northern", "downtown"), or "".
    """

    span: Span
    spot: Spot | None
    because: str
    likelihood: float
    part: str = ""


# ── the words ─────────────────────────────────────────────────────────────────────────────────────────────────────────

COMPASS = (
    r"(?:far[- ])?(?:north|south|east|west|north-?west|north-?east|south-?west|south-?east|central)(?:ern|ernmost)?"
    r"|upper|lower|mainland|rural|upstate|downtown|suburban|greater|inner|outer|old"
)
PART = re.compile(
    rf"^(?:the\s+)?((?:{COMPASS})(?:\s+(?:and|or)\s+(?:{COMPASS}))?)\s+(?:part\s+of\s+|parts\s+of\s+)?(?=\S)", re.I
)
DIVISION_WORDS = (
    "province|region|oblast|governorate|state|territory|prefecture|republic|krai|department|voivodeship|canton|emirate"
)
DISTRICT_WORDS = "county|district|parish|township|borough|municipality|commune|subdistrict|tehsil|raion"
CITY_WORDS = (
    "city|town|village|port|suburb|neighbou?rhood|municipality|capital|hamlet|settlement|resort|stronghold|enclave"
)
KIND_AFTER = re.compile(
    rf"\s+(?:(?P<division>{DIVISION_WORDS})|(?P<district>{DISTRICT_WORDS})|(?P<city>city|town|village))\b", re.I
)
KIND_BEFORE = re.compile(
    rf"\b(?:(?P<division>{DIVISION_WORDS})|(?P<district>{DISTRICT_WORDS})|(?P<city>{CITY_WORDS}))s?(?:\s+of|,)?\s+(?:the\s+)?$",
    re.I,
)
KIND_INSIDE = re.compile(
    rf"^(?:the\s+)?(?:(?P<before>{DIVISION_WORDS}|{DISTRICT_WORDS}|city|town|village)\s+of\s+)?(?P<core>.+?)"
    rf"(?:\s+(?P<after>{DIVISION_WORDS}|{DISTRICT_WORDS}|city|town|village))?$",
    re.I,
)
OWNER = re.compile(
    r"(?P<owner>[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*){0,2}?)(?P<own>['’]s?)?(?:\s+[a-z][\w-]*){0,4}\s*,?\s*(?:the\s+)?$"
)
LINK = re.compile(r"[A-Za-z-]+")
NAME_AFTER_COMMA = re.compile(r"\s*[,(]\s*(?:in\s+)?(?:(?:the|northern|southern|eastern|western|central)\s+)*(?=[A-Z])")
NAME_AFTER_IN = re.compile(
    r",?\s+(?:in|of)\s+(?:the\s+)?(?:(?:north|south|east|west|central|coastal|rural|[a-z]+ern)[a-z-]*\s+)?(?=[A-Z])"
)
NAME = re.compile(r"[A-Z][\w’'-]*\.?(?:[A-Z]\.)*(?:\s+(?:(?:of|and|the)\s+)?[A-Z][\w’'-]*\.?(?:[A-Z]\.)*){0,3}")
POSSESSIVE = re.compile(r"['’]s?$")
WATER_OR_HILL = re.compile(
    r"\b(?:river|creek|lake|bay|mountains?|hills?|valley|sea|ocean|bridge|road|street|avenue|highway|airport)\b", re.I
)
CAPITALISED = re.compile(r"\b[A-Z][\w.&’'-]*")


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Name(msgspec.Struct, frozen=True):
    """A place name taken apart: "northern Kharkiv region" is a `part` of the `core` "Kharkiv" said to be a division."""

    core: str
    part: str
    kind: str


@lru_cache(maxsize=4096)
def taken_apart(surface: str) -> Name:
    """A name without article, possessive, part word and kind word.

    >>> taken_apart("the northern Kharkiv region")
    Name(core='Kharkiv', part='northern', kind='division')
    >>> taken_apart("Iraq's"), taken_apart("South Korea").core, taken_apart("downtown Istanbul").part
    (Name(core='Iraq', part='', kind=''), 'South Korea', 'downtown')
    """
    whole = POSSESSIVE.sub("", surface.strip().rstrip(",;:")) or surface
    if known(whole):
        return Name(whole, "", "")
    part = PART.match(whole)
    if part and not takes_part(part.group(1), whole[part.end() :]):
        part = None
    rest = whole[part.end() :] if part else whole
    if part and known(rest):
        return Name(rest, part.group(1).lower(), "")
    inside = KIND_INSIDE.match(rest)
    if inside and (word := inside.group("before") or inside.group("after")):
        return Name(inside.group("core"), part.group(1).lower() if part else "", kind_of_word(word))
    return Name(rest, part.group(1).lower() if part else "", "")


def takes_part(word: str, rest: str) -> bool:
    """Whether a compass word before a name takes a part of that place, and is not the beginning of another name.

    >>> takes_part("eastern", "Aleppo"), takes_part("Southern", "California"), takes_part("East", "Bank")
    (True, True, False)
    """
    return word[0].islower() or any(spot.kind in ("country", "division") for spot in spots_called(rest))


def kind_of_word(word: str) -> str:
    """What kind of place a word names.

    >>> kind_of_word("Oblast"), kind_of_word("county"), kind_of_word("town")
    ('division', 'district', 'city')
    """
    for kind, nouns in (("division", DIVISION_WORDS), ("district", DISTRICT_WORDS), ("city", CITY_WORDS)):
        if re.fullmatch(nouns, word.lower()):
            return kind
    return ""


def known(name: str) -> bool:
    """Whether the gazetteer or the dictionary of countries has a name."""
    return bool(spots_called(name))


@cache
def country_words() -> tuple[dict[str, str], dict[str, str]]:
    """Words for countries, and words for their people, with the country's code; ambiguous demonyms are left out."""
    names: dict[str, str] = {}
    people: dict[str, str] = {}
    for row in load().countries:
        for alias in (row.name, *row.aliases):
            names.setdefault(folded(alias), row.code)
        for word in row.demonyms:
            people.setdefault(folded(word), row.code)
    return names, people


@cache
def capitals() -> frozenset[tuple[str, str]]:
    """Capitals, as (key, country)."""
    return frozenset((folded(name), row.code) for row in load().countries for name in row.capital)


def country_called(name: str) -> Spot | None:
    """The country of which this is a name.

    >>> country_called("the U.S.").country, country_called("us"), country_called("Us")
    ('USA', None, None)
    """
    bare = name.removeprefix("the ").removeprefix("The ")
    letters = re.sub(r"[^A-Za-z]", "", bare)
    if len(letters) <= 3 and not letters.isupper():
        return None
    code = country_words()[0].get(folded(bare))
    return gazetteer_countries().get(code) if code else None


@lru_cache(maxsize=4096)
def spots_called(name: str) -> tuple[Spot, ...]:
    """Every place that a name may mean.

    >>> sorted({spot.kind for spot in spots_called("Georgia")})
    ['country', 'division']
    """
    bare = re.sub(r"^[Tt]he\s+", "", name)
    letters = re.sub(r"[^A-Za-z]", "", bare)
    code = country_words()[1].get(folded(bare))
    if code in gazetteer_countries() and not any(s.kind == "country" for s in spots_named(bare)):
        return (gazetteer_countries()[code],) if name[:1].isupper() else ()
    spots = spots_named(name) or (spots_named(bare) if bare != name else ())
    if letters.isupper() and len(letters) <= 3:
        spots = tuple(s for s in spots if s.kind in ("country", "division"))
    if not any(
        s.kind in ("country", "division", "region", "continent") and folded(s.name) == folded(bare) for s in spots
    ):
        country = country_called(name)
        spots = (country, *spots) if country and country not in spots else spots
    return spots[:MOST_CANDIDATES]


# ── what is written at the name ───────────────────────────────────────────────────────────────────────────────────────


def containers_after(text: str, end: int) -> list[Spot]:
    """The places in which the text says that a place lies: "Paris, Texas", "Cork, in Ireland", "Homs in Syria".

    >>> [s.name for s in containers_after("Paris, Texas, was hit", 5)]
    ['Texas']
    >>> [s.name for s in containers_after("Homs in Syria", 4)]
    ['Syria']
    """
    start = NAME_AFTER_COMMA.match(text, end) or NAME_AFTER_IN.match(text, end)
    if not start:
        return []
    name = NAME.match(text, start.end())
    return larger_places(name.group()) if name else []


def larger_places(name: str) -> list[Spot]:
    """The countries, divisions and districts that the longest beginning of some words names.

    >>> [s.name for s in larger_places("Texas Governor")], larger_places("Monday")
    (['Texas'], [])
    """
    pieces = name.split()
    for count in range(len(pieces), 0, -1):
        core = taken_apart(" ".join(pieces[:count])).core
        if len(core) < 2:
            continue
        spots = [s for s in spots_called(core) if s.kind in ("country", "division", "district")]
        if spots:
            return spots
    return []


def containers_before(text: str, start: int) -> list[Spot]:
    """The country or division that the words before a name give it: "the Syrian city of", "Iraq's Anbar", "Georgian".

    >>> [s.name for s in containers_before("the Syrian city of Aleppo", 19)]
    ['Syria']
    >>> containers_before("Russian jets over Aleppo", 18)
    []
    """
    found = OWNER.search(text, max(start - 80, 0), start)
    if not found:
        return []
    between = LINK.findall(text[found.end("owner") : start])
    if any(word.lower() not in BETWEEN for word in between if word not in ("s", "S")):
        return []
    owner = found.group("owner")
    code = country_words()[1].get(folded(owner))
    if code and code in gazetteer_countries():
        return [gazetteer_countries()[code]]
    return larger_places(owner) if found.group("own") else []


BETWEEN = words(
    """
    city town village port capital province region district governorate county state of the in northern
    southern eastern western central coastal border northeastern northwestern southeastern southwestern rebel
    held besieged stronghold largest second biggest main commercial industrial resort
    """
)


def kind_said(text: str, start: int, end: int) -> str:
    """The kind of place that the words next to a name say it is.

    >>> kind_said("in Kharkiv region", 3, 10), kind_said("the city of Gori", 12, 16), kind_said("in Gori", 3, 7)
    ('division', 'city', '')
    """
    found = KIND_AFTER.match(text, end) or KIND_BEFORE.search(text, max(start - 40, 0), start)
    return next((kind for kind in ("division", "district", "city") if found and found.group(kind)), "")


def lies_in(spot: Spot, container: Spot) -> bool:
    """Whether a place lies in another (by code)."""
    if not spot.country or spot.country != container.country or spot == container:
        return False
    if container.kind == "country":
        return spot.kind != "country"
    if container.kind == "division":
        return spot.division == container.division and spot.kind in ("city", "district")
    return spot.division == container.division and spot.district == container.district and spot.kind == "city"


# ── the article as the judge ──────────────────────────────────────────────────────────────────────────────────────────


class Asked(msgspec.Struct):
    """One name of the article with all that is said at its mentions."""

    name: Name
    spots: tuple[Spot, ...]
    containers: list[Spot]
    kinds: set[str]
    holds: list[int]
    shares: list[float]


class Surroundings(msgspec.Struct):
    """Where the article's other names lie, as likelihoods by country, division, district and square of a degree."""

    country: dict[str, float]
    division: dict[tuple[str, str], float]
    district: dict[tuple[str, str, str], float]
    square: dict[tuple[int, int], float]


def resolve_places(
    text: str,
    spans: Sequence[Span],
    *,
    countries: Iterable[str] = (),
    outlet_country: str | None = None,
    weights: Weights = WEIGHTS,
) -> tuple[Resolution, ...]:
    """What each of some place names in a text means, parallel to `spans`.

    `countries` are codes that the article's actors have; `outlet_country` is where it was published.

    >>> text = "A storm hit Paris, Texas."
    >>> found, = resolve_places(text, [Span(12, 17, "Paris")])
    >>> found.spot.country, found.spot.division, found.because
    ('USA', 'TX', 'the text says that it lies in Texas')
    """
    asked, order = asked_names(text, spans)
    spoken = countries_spoken_of(text, countries)
    for entry in asked:
        entry.shares = shares(base_scores(entry, spoken, outlet_country, weights))
    for _ in range(2):
        around = surroundings(asked)
        fresh = [shares(judged(entry, around, asked, spoken, outlet_country, weights)) for entry in asked]
        for entry, new in zip(asked, fresh, strict=True):
            entry.shares = new
    answers = [answered(entry) for entry in asked]
    return tuple(
        Resolution(span, answers[k][0], answers[k][1], answers[k][2], asked[k].name.part)
        for span, k in zip(spans, order, strict=True)
    )


def asked_names(text: str, spans: Sequence[Span]) -> tuple[list[Asked], list[int]]:
    """The different names among some spans, and for each span the position of its name."""
    asked: list[Asked] = []
    order: list[int] = []
    places: dict[tuple[str, str, bool], int] = {}
    for k, span in enumerate(spans):
        name = taken_apart(span.text)
        before = spans[k - 1] if k and 0 < span.start - spans[k - 1].end <= 3 else None
        inner = order[k - 1] if before and "," in text[before.end : span.start] else None
        key = (folded(name.core), name.part, inner is not None)
        if key not in places:
            places[key] = len(asked)
            asked.append(Asked(name, spots_called(name.core), [], {name.kind} - {""}, [], []))
        entry = asked[places[key]]
        entry.containers += containers_after(text, span.end) or containers_before(text, span.start)
        if not entry.containers and name.core != span.text:
            entry.containers += containers_before(text, span.start)
        said = kind_said(text, span.start, span.end)
        entry.kinds |= {said} - {""}
        if inner is not None:
            entry.holds.append(inner)
        order.append(places[key])
    return asked, order


def countries_spoken_of(text: str, countries: Iterable[str]) -> dict[str, float]:
    """How much an article speaks of each country: by names, demonyms and actors; 1 for the most spoken of.

    >>> countries_spoken_of("Iraqi troops and Iraq's allies met French envoys.", ())
    {'IRQ': 1.0, 'FRA': 0.5}
    """
    names, people = country_words()
    counts: dict[str, float] = defaultdict(float)
    for word in CAPITALISED.findall(text):
        key = folded(POSSESSIVE.sub("", word))
        code = people.get(key) or (names.get(key) if len(key) > 3 or word.isupper() else None)
        if code:
            counts[code] += 1
    for code in countries:
        counts[code] += 1
    most = max(counts.values(), default=1)
    return {code: count / most for code, count in counts.items()}


def base_scores(entry: Asked, spoken: dict[str, float], outlet: str | None, w: Weights) -> list[float]:
    """What speaks for each candidate of a name apart from the article's other places."""
    key = folded(entry.name.core)
    towns = {(s.country, s.division) for s in entry.spots if s.kind == "city" and folded(s.name) == key}
    return [
        prior(spot, key, w)
        + (w.namesake if spot.kind == "division" and (spot.country, spot.division) in towns else 0.0)
        + w.spoken_of * spoken.get(spot.country, 0.0)
        + (w.outlet if outlet and spot.country == outlet else 0.0)
        + (w.kind_said if spot.kind in entry.kinds else 0.0)
        + (w.contained if any(lies_in(spot, container) for container in entry.containers) else 0.0)
        for spot in entry.spots
    ]


def prior(spot: Spot, key: str, w: Weights) -> float:
    """What speaks for a candidate before anything is read: its size, its kind, and whether it is its proper name."""
    if spot.kind in ("region", "continent"):
        return w.region_kind + (0.0 if folded(spot.name) == key else w.alias / 2)
    kinds = {"country": w.country_kind, "division": w.division_kind, "district": w.district_kind, "city": 0.0}
    proper = folded(spot.name) == key
    capital = w.capital if spot.kind == "city" and (key, spot.country) in capitals() else 0.0
    weak_alias = 0.0 if proper or spot.kind in ("country", "division") else w.alias
    return w.population * math.log10(spot.population + 10) + kinds[spot.kind] + weak_alias + capital


def shares(scores: list[float]) -> list[float]:
    """Scores as shares of one."""
    if not scores:
        return []
    best = max(scores)
    raw = [math.exp(score - best) for score in scores]
    total = sum(raw)
    return [value / total for value in raw]


def surroundings(asked: list[Asked]) -> Surroundings:
    """Where all names of the article lie, as far as is known by now."""
    around = Surroundings(defaultdict(float), defaultdict(float), defaultdict(float), defaultdict(float))
    for entry in asked:
        for spot, share in zip(entry.spots, entry.shares, strict=True):
            add_to(around, spot, share)
    return around


def add_to(around: Surroundings, spot: Spot, share: float) -> None:
    """Counts a candidate's share where it lies."""
    if share < 0.01:
        return
    around.country[spot.country] += share
    if spot.division:
        around.division[spot.country, spot.division] += share
    if spot.district:
        around.district[spot.country, spot.division, spot.district] += share
    if spot.lat is not None and spot.lon is not None and spot.kind in ("city", "district"):
        around.square[round(spot.lat), round(spot.lon)] += share


def judged(
    entry: Asked, around: Surroundings, asked: list[Asked], spoken: dict[str, float], outlet: str | None, w: Weights
) -> list[float]:
    """What speaks for each candidate of a name in the light of the other names."""
    own = surroundings([entry])
    base = base_scores(entry, spoken, outlet, w)
    inner = [asked[k] for k in entry.holds]
    return [
        score + support(spot, around, own, w) + (w.holds_other if inner and holds(spot, inner) else 0.0)
        for spot, score in zip(entry.spots, base, strict=True)
    ]


def support(spot: Spot, around: Surroundings, own: Surroundings, w: Weights) -> float:
    """How well a candidate fits the article's other places, leaving out what its own name contributed."""
    if not spot.country:
        return 0.0
    place = (spot.country, spot.division)
    here = (spot.country, spot.division, spot.district)
    total = w.same_country * math.log1p(around.country.get(spot.country, 0.0) - own.country.get(spot.country, 0.0))
    if spot.division:
        total += w.same_division * math.log1p(around.division.get(place, 0.0) - own.division.get(place, 0.0))
    if spot.district:
        total += w.same_district * math.log1p(around.district.get(here, 0.0) - own.district.get(here, 0.0))
    if spot.lat is not None and spot.lon is not None and spot.kind in ("city", "district"):
        total += w.near * math.log1p(near_by(spot.lat, spot.lon, around, own))
    return total


def near_by(lat: float, lon: float, around: Surroundings, own: Surroundings) -> float:
    """What lies in the square of a degree of a point and in the eight around it."""
    y, x = round(lat), round(lon)
    cells = [(y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return max(sum(around.square.get(cell, 0.0) - own.square.get(cell, 0.0) for cell in cells), 0.0)


def holds(spot: Spot, inner: list[Asked]) -> bool:
    """Whether a place can hold what stands before it in "X, Y"."""
    return any(lies_in(candidate, spot) for entry in inner for candidate in entry.spots)


def answered(entry: Asked) -> tuple[Spot | None, str, float]:
    """The best candidate of a name with the reason, or None with the reason why not."""
    if not entry.spots:
        return None, f"the gazetteer has no place named “{entry.name.core}”", 0.0
    best = max(range(len(entry.spots)), key=lambda k: entry.shares[k])
    spot, share = entry.spots[best], entry.shares[best]
    country_share = sum(
        s for candidate, s in zip(entry.spots, entry.shares, strict=True) if candidate.country == spot.country
    )
    if share < UNDECIDED_BELOW and country_share < 2 * UNDECIDED_BELOW:
        return None, f"“{entry.name.core}” may be any of {len(entry.spots)} places and nothing decides", share
    return spot, reason_for(spot, entry), share


def reason_for(spot: Spot, entry: Asked) -> str:
    """Why a candidate was taken, in words."""
    for container in entry.containers:
        if lies_in(spot, container):
            return f"the text says that it lies in {container.name}"
    if len(entry.spots) == 1:
        return "the only place of that name in the gazetteer"
    if spot.kind in entry.kinds:
        return f"the text says that it is a {spot.kind}"
    return f"fits the article's other places best among {len(entry.spots)} of that name"
