"""Two records → how likely they tell one act, and why.

Each rule below looks at one side of the two records and says what it found, one of a few words ("same day", "another
city") or a share between 0 and 1. ``weights.json`` gives each finding its weight in log odds, fitted by
``python -m benchmarks.clusters --fit`` on pairs that people decided; their sum is the score. So every score can be read: the
reasons are the findings with their weights.

Pairs are weighed twice: first each alone, then together with the others of the same two articles. Two articles that tell
three acts in common are on one story, and what looks alike in them is likelier to be one act; a record that has a closer
match in the other article is likelier to be another one.

Some findings settle the matter without weights. Two records of one article tell one act only when one asserts what the other
denies: an article tells an act once (the codebook's rule), and two raids in one list are two raids.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from importlib.resources import files
from typing import NamedTuple

import msgspec

from lapwing.clusters.blocks import REPORTED, VAGUE
from lapwing.clusters.tellings import COMMON, Party, Telling, name_words, stem, weigh, word_list

MUTUAL = frozenset(("CONSULT", "COOPERATE", "AGREE"))
"""Types whose sides are told in either order: who meets whom."""

SPOKEN = frozenset(("SUPPORT", "REQUEST", "ACCUSE", "REJECT", "THREATEN"))
"""Types that are words: who says them makes them the same act or another. Of an attack the actor is often not known."""

NEAR_KM = 30
"""A suburb and its city."""


class Finding(NamedTuple):
    """What a rule found: the name of its weight, how much of it (0 to 1), and in words."""

    name: str
    share: float
    words: str


class Reason(msgspec.Struct, frozen=True):
    """A finding and what it added to the log odds."""

    words: str
    weight: float


class Comparison(msgspec.Struct, frozen=True):
    """How likely two records tell one act, with the reasons, weightiest first."""

    score: float
    reasons: tuple[Reason, ...]


CONTESTED = Comparison(0.9, (Reason("one article tells who asserts it and who denies it", 2.2),))

LISTED = Comparison(0.0, (Reason("one article tells both, as two acts", -20.0),))


@functools.cache
def weights(table: str) -> dict[str, float]:
    """The weight of each finding, in log odds, of the table ``alone`` or ``together``."""
    text = (files("lapwing.clusters") / "weights.json").read_text(encoding="utf-8")
    found: dict[str, float] = json.loads(text)[table]
    return found


@functools.cache
def method() -> str:
    """A digest of the weights: pairs that were weighed with others are weighed anew."""
    text = (files("lapwing.clusters") / "weights.json").read_text(encoding="utf-8")
    return blake2b(text.encode(), digest_size=8).hexdigest()


def compare(pairs: Iterable[tuple[Telling, Telling]]) -> dict[tuple[int, int], Comparison]:
    """How likely the records of each pair tell one act, by their numbers. All pairs of two articles are given together."""
    by_articles: dict[tuple[int, int], list[tuple[Telling, Telling]]] = {}
    for a, b in pairs:
        by_articles.setdefault((min(a.doc, b.doc), max(a.doc, b.doc)), []).append((a, b))
    compared = {}
    for (one, other), group in by_articles.items():
        if one == other:
            compared.update({(a.record, b.record): CONTESTED if contested(a, b) else LISTED for a, b in group})
        else:
            for pair, found in found_together(group).items():
                compared[pair] = _weighed(found, weights("together"))
    return compared


def found_together(group: Sequence[tuple[Telling, Telling]]) -> dict[tuple[int, int], list[Finding]]:
    """What all rules find of the pairs of two articles, each alone and in the light of the others."""
    alone = {(a.record, b.record): list(findings(a, b)) for a, b in group}
    odds = {pair: _odds(found, weights("alone")) for pair, found in alone.items()}
    matches = one_to_one(odds)
    lone = _lone_pairs(group)
    return {
        pair: [*found, *_in_light(pair, odds, matches), *([lone[pair]] if pair in lone else ())]
        for pair, found in alone.items()
    }


def _lone_pairs(group: Sequence[tuple[Telling, Telling]]) -> dict[tuple[int, int], Finding]:
    """The pairs whose type each article tells but once, as far as it was compared: on one story that is likely one act."""
    told: dict[tuple[int, str], set[int]] = {}
    for telling in (telling for pair in group for telling in pair):
        told.setdefault((telling.doc, telling.event), set()).add(telling.record)
    return {
        (a.record, b.record): Finding("only ones", story_share(a, b), f"each article tells no other {a.event}")
        for a, b in group
        if a.event == b.event and len(told[a.doc, a.event]) == len(told[b.doc, b.event]) == 1
    }


def one_to_one(odds: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The likely pairs, the likeliest first, each record in one at most.

    >>> one_to_one({(1, 5): 2.0, (1, 6): 1.0, (2, 6): 0.5, (3, 7): -1.0})
    [(1, 5), (2, 6)]
    """
    taken: set[int] = set()
    matches = []
    for (a, b), value in sorted(odds.items(), key=lambda pair: (-pair[1], pair[0])):
        if value > 0 and a not in taken and b not in taken:
            taken |= {a, b}
            matches.append((a, b))
    return matches


MOST_OTHERS = 3


def _in_light(
    pair: tuple[int, int], odds: dict[tuple[int, int], float], matches: list[tuple[int, int]]
) -> Iterator[Finding]:
    others = sum(not set(match) & set(pair) for match in matches)
    if others:
        share = min(others, MOST_OTHERS) / MOST_OTHERS
        yield Finding("other acts", share, f"the articles have {others} more act{'s' if others > 1 else ''} in common")
    if any(set(match) & set(pair) and match != pair and odds[match] > odds[pair] for match in matches):
        yield Finding("rival", 1.0, "another record of the article is a closer match")


def _odds(found: Iterable[Finding], table: dict[str, float]) -> float:
    return table["bias"] + sum(table.get(finding.name, 0.0) * finding.share for finding in found)


def _weighed(found: list[Finding], table: dict[str, float]) -> Comparison:
    reasons = [Reason(one.words, round(table.get(one.name, 0.0) * one.share, 2)) for one in found]
    told = sorted((reason for reason in reasons if reason.weight), key=lambda reason: -abs(reason.weight))
    return Comparison(round(1 / (1 + math.exp(-_odds(found, table))), 4), tuple(told))


def contested(a: Telling, b: Telling) -> bool:
    """One article tells the act twice: one side asserts it, the other denies it."""
    one_denied = (a.status == "denied") != (b.status == "denied")
    who = (
        _side(a.actors, b.actors) in ("name", "state", "code", "unknown")
        and _side(a.recipients, b.recipients) != "other"
    )
    return one_denied and a.event == b.event and who and (a.place == b.place or None in (a.place, b.place))


def findings(a: Telling, b: Telling) -> Iterator[Finding]:
    """What all rules find."""
    for rule in RULES:
        if (found := rule(a, b)) is not None:
            yield found


# ── what ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def same_type(a: Telling, b: Telling) -> Finding | None:
    """Of one family they are, or they would not be compared."""
    if a.event == b.event:
        return Finding("type same", 1.0, f"both {a.event}")
    return Finding("type other", 1.0, f"{a.event} and {b.event}")


def same_mode(a: Telling, b: Telling) -> Finding | None:
    """A mode is told by both, or says nothing."""
    if a.mode is None or b.mode is None:
        return None
    if a.mode == b.mode:
        return Finding("mode same", 1.0, f"both {a.mode}")
    return Finding("mode other", 1.0, f"{a.mode} and {b.mode}")


# ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def same_actors(a: Telling, b: Telling) -> Finding | None:
    """Who acts."""
    found = _side(a.actors, _turned(a, b)[0])
    if found == "unknown" and {a.event, b.event} <= SPOKEN:
        return Finding("speaker unknown", 1.0, "one names no speaker that is known")
    return Finding(f"actor {found}", 1.0, WHO[found].format("actor"))


def same_recipients(a: Telling, b: Telling) -> Finding | None:
    """Who is acted on."""
    if not a.recipients and not b.recipients:
        return None
    found = _side(a.recipients, _turned(a, b)[1])
    return Finding(f"recipient {found}", 1.0, WHO[found].format("recipient"))


WHO = {
    "name": "the same {}",
    "state": "the same state as {}",
    "code": "{}s with the same codes",
    "country": "{}s of the same country",
    "unknown": "one names no {} that is known",
    "other": "different {}s",
}

ORDER = ("name", "state", "code", "country", "unknown", "other")


def _turned(a: Telling, b: Telling) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """The sides of `b`, turned where the act is mutual and they fit `a` better so."""
    if a.event not in MUTUAL or b.event not in MUTUAL:
        return b.actors, b.recipients
    if not a.recipients or not b.recipients:
        both = (*b.actors, *b.recipients)
        return both, both
    straight = ORDER.index(_side(a.actors, b.actors)) + ORDER.index(_side(a.recipients, b.recipients))
    turned = ORDER.index(_side(a.actors, b.recipients)) + ORDER.index(_side(a.recipients, b.actors))
    return (b.recipients, b.actors) if turned < straight else (b.actors, b.recipients)


def _side(a: tuple[Party, ...], b: tuple[Party, ...]) -> str:
    """The closest that any party of one is to any of the other."""
    return min((_likeness(one, other) for one in a for other in b), key=ORDER.index, default="unknown")


def _likeness(a: Party, b: Party) -> str:
    if a.wikidata and a.wikidata == b.wikidata:
        return "state" if a.name in state_names() else "name"
    if a.country and b.country and a.country != b.country:
        return "name" if _same_rare_name(a.name, b.name) else "other"
    if _same_name(a.name, b.name):
        return "state" if a.name in state_names() or b.name in state_names() else "name"
    if not a.country or not b.country:
        return "unknown"
    return "code" if a.sector == b.sector else "country"


@functools.cache
def state_names() -> frozenset[frozenset[str]]:
    """The words of the names of countries and unions: whoever acts for one may be called by it."""
    from babel import Locale

    names = (*Locale("en").territories.values(), *UNIONS)
    return frozenset(name_words(name) for name in names)


UNIONS = (
    "NATO",
    "EU",
    "European Union",
    "UN",
    "United Nations",
    "US",
    "United States of America",
    "Britain",
    "Russian",
    "African Union",
    "Turkey",
    "Czech Republic",
    "UK",
    "Ivory Coast",
)


def _same_name(a: frozenset[str], b: frozenset[str]) -> bool:
    """All words of the shorter name stand in the longer one.

    >>> _same_name(frozenset({"putin"}), frozenset({"vladimir", "putin"})), _same_name(frozenset(), frozenset())
    (True, False)
    """
    return bool(a and b) and (a <= b or b <= a)


def _same_rare_name(a: frozenset[str], b: frozenset[str]) -> bool:
    """The same name, with a word in it that few share: whoever bears it is one, whatever country each article was read to
    give. A ministry of one country is not that of another.

    >>> _same_rare_name(frozenset({"holte"}), frozenset({"anders", "holte"})), _same_rare_name(*[frozenset({"police"})] * 2)
    (True, False)
    """
    rare = {stem(word) for word in a & b} - word_list(COMMON)
    return _same_name(a, b) and bool(rare) and not {a, b} & state_names()


# ── when and where ────────────────────────────────────────────────────────────────────────────────────────────────────


def same_date(a: Telling, b: Telling) -> Finding | None:
    """The days that the dates cover."""
    if a.days is None or b.days is None:
        return None
    (first, last), (begin, end) = a.days, b.days
    vague = max((last - first).days, (end - begin).days) >= VAGUE
    gap = max((begin - last).days, (first - end).days, 0)
    if gap == 0:
        return (
            Finding("date overlaps", 1.0, "the dates overlap") if vague else Finding("date same", 1.0, "the same day")
        )
    if gap == 1 and not vague:
        return Finding("date next", 1.0, "one day apart")
    return Finding("date other", min(gap, 10) / 10, f"{gap} days apart")


def undated(a: Telling, b: Telling) -> Finding | None:
    """Nothing tells when one of the two was: neither its own date nor its article's."""
    known = (a.days or a.published) and (b.days or b.published)
    return None if known else Finding("undated", 1.0, "nothing tells when one of them was")


def reported_together(a: Telling, b: Telling) -> Finding | None:
    """How near the articles appeared, where an act has no date of its own."""
    if a.published is None or b.published is None or (a.days and b.days):
        return None
    gap = abs((a.published - b.published).days)
    if gap <= 1:
        return Finding("reported together", 1.0, "reported within a day")
    return Finding("reported apart", min(gap / REPORTED, 2.0), f"reported {gap} days apart")


def same_place(a: Telling, b: Telling) -> Finding | None:
    """Where it was."""
    if a.place is None or b.place is None:
        return None
    if a.country and b.country and a.country != b.country:
        name = "place abroad" if a.fine and b.fine else "place abroad area"
        return Finding(name, 1.0, "in different countries")
    if a.place == b.place or _km(a, b) <= NEAR_KM or (a.fine and b.fine and _within(a.place, b.place)):
        name = "place same" if a.fine else "place same area"
        return Finding(name, 1.0, "the same place")
    if a.fine and b.fine:
        return Finding("place other", 1.0, f"{a.place} and {b.place}")
    return None


def another_scene(a: Telling, b: Telling) -> Finding | None:
    """Another town, and nobody of the same name: two acts of one kind by the same sides on one day, as in a list of raids."""
    found = same_place(a, b)
    if found is None or found.name != "place other":
        return None
    named = "name" in (_side(a.actors, b.actors), _side(a.recipients, b.recipients))
    return None if named else Finding("another scene", 1.0, "another town, and nobody of the same name")


def _within(a: str, b: str) -> bool:
    """One name holds the other: "Karrada, Baghdad" and "Baghdad"."""
    return name_in(a, b) or name_in(b, a)


def name_in(a: str, b: str) -> bool:
    """
    >>> name_in("baghdad", "karrada, baghdad"), name_in("york", "yorkshire")
    (True, False)
    """
    return set(a.split()) <= set(b.replace(",", " ").split())


def _km(a: Telling, b: Telling) -> float:
    """The distance of two points, infinite where one is not known."""
    if a.point is None or b.point is None:
        return math.inf
    (lat, lon), (other_lat, other_lon) = a.point, b.point
    wide = math.cos(math.radians((lat + other_lat) / 2))
    return 111.2 * math.hypot(lat - other_lat, (lon - other_lon) * wide)


# ── how many, in which words ──────────────────────────────────────────────────────────────────────────────────────────


def same_numbers(a: Telling, b: Telling) -> Finding | None:
    """Numbers told of the act: the same, or of the same kind and others (counts of dead grow by the hour)."""
    kinds = sorted(a.magnitude.keys() & b.magnitude.keys())
    if not kinds:
        return None
    same = [kind for kind in kinds if a.magnitude[kind] == b.magnitude[kind]]
    if same:
        big = a.magnitude[same[0]] >= 10
        return Finding(
            "number same" if big else "number same small", 1.0, f"{a.magnitude[same[0]]:g} {same[0]} in both"
        )
    kind = kinds[0]
    return Finding("number other", 1.0, f"{a.magnitude[kind]:g} and {b.magnitude[kind]:g} {kind}")


def same_trigger(a: Telling, b: Telling) -> Finding | None:
    """The words that express the act."""
    both = a.trigger & b.trigger
    if not both:
        return Finding("trigger other", 1.0, "no word of the triggers is shared") if a.trigger and b.trigger else None
    share = weigh(both) / min(weigh(a.trigger), weigh(b.trigger))
    name = "trigger" if weigh(both) >= 1 else "trigger common"
    return Finding(name, share, f"triggers share {_list(both)}")


def same_words(a: Telling, b: Telling) -> Finding | None:
    """The words of the sentences."""
    both = a.words & b.words
    if not both:
        return None
    share = weigh(both) / math.sqrt(weigh(a.words) * weigh(b.words))
    return Finding("words", share, f"sentences share {_list(both)}")


def same_names(a: Telling, b: Telling) -> Finding | None:
    """The names in the sentences, but for those of states, whatever part they play there."""
    one, other = a.names - state_words(), b.names - state_words()
    if not one or not other:
        return None
    both = one & other
    if not both:
        return Finding("names other", 1.0, "the sentences name others")
    return Finding("names same", min(len(both), MOST_NAMES) / MOST_NAMES, f"sentences name {_list(both)}")


@functools.cache
def state_words() -> frozenset[str]:
    """The stems of the words in names of countries and unions."""
    return frozenset(stem(word) for name in state_names() for word in name)


MOST_NAMES = 2


def same_figures(a: Telling, b: Telling) -> Finding | None:
    """The numbers of two digits or more in the sentences."""
    one, other = ({number for number in side.numbers if len(number) > 1} for side in (a, b))
    if both := one & other:
        return Finding("figures", 1.0, f"both sentences have {_list(both)}")
    return Finding("figures other", 1.0, "the sentences have other numbers") if one and other else None


def same_source(a: Telling, b: Telling) -> Finding | None:
    """Who vouches for it."""
    if a.source is None or b.source is None:
        return None
    return Finding("source same", 1.0, f"both from {a.source}") if a.source == b.source else None


def same_story(a: Telling, b: Telling) -> Finding | None:
    """The names and numbers of the two articles."""
    if not a.anchors or not b.anchors or a.doc == b.doc:
        return None
    share = story_share(a, b)
    return Finding("story", share, f"the articles share {len(a.anchors & b.anchors)} of their names and numbers")


def story_share(a: Telling, b: Telling) -> float:
    """How much of the names and numbers of two articles is in both, 0 to 1; less where there are few, which agree by chance."""
    return len(a.anchors & b.anchors) / (math.sqrt(len(a.anchors) * len(b.anchors)) + FEW_ANCHORS)


FEW_ANCHORS = 4


def same_text(a: Telling, b: Telling) -> Finding | None:
    """The articles are one text, and the sentences are nearly the same."""
    if a.text != b.text or a.doc == b.doc:
        return None
    close = len(a.words & b.words) >= 0.8 * max(len(a.words), len(b.words), 1)
    return Finding("text same", 1.0, "the same sentence in copies of one text") if close else None


def _list(words: set[str] | frozenset[str]) -> str:
    """
    >>> _list({"b", "a"})
    'a, b'
    """
    return ", ".join(sorted(words)[:5])


RULES: tuple[Callable[[Telling, Telling], Finding | None], ...] = (
    same_type,
    same_mode,
    same_actors,
    same_recipients,
    same_date,
    reported_together,
    undated,
    same_place,
    another_scene,
    same_numbers,
    same_trigger,
    same_words,
    same_names,
    same_figures,
    same_source,
    same_story,
    same_text,
)
