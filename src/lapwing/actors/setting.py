"""Which country an article, and a place in it, is about: whose "the ministry", "police" and "the president" are.

News leaves out what its readers know. An unmarked institution belongs to the country that the words around it are about,
and the nearer words count more: those of the same sentence, of the sentences just before, then the article's title,
dateline and beginning, then all of it. Each naming of a country, by name, demonym, capital, seat of power, leader or
national body, is one vote; the vote counts only where it is clearly one-sided. Otherwise nothing is said.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

import msgspec

from lapwing.dictionaries import SUPRANATIONAL, Body, Country, Leader, Match, Outlet, Sense, holds, load

ARTICLE_WEIGHT = 1.0
TITLE_WEIGHT = 1.5
SENTENCE_WEIGHT = 1.0
BEFORE_WEIGHT = 1.0
"""How much a naming in the whole article (as a share), in title and dateline, in the same sentence and just before it
counts. Tuned on the training articles."""

CLEAR_SHARE = 0.5
"""The part of all votes that the first country must have. On the training articles eight in ten of the countries so told
are right; at 0.4 a few more are told, but three in four of those that come in are wrong."""


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an article before its actors are resolved.

    `starts` are the sentences' first positions (characters or tokens, as the caller counts), `votes` their countries.
    """

    when: str | None
    starts: tuple[int, ...]
    votes: tuple[Counter[str], ...]
    article: Counter[str]
    opening: Counter[str]
    outlet: str | None
    people: frozenset[str]


def setting_of(
    sentences: Sequence[tuple[int, Sequence[Match]]],
    *,
    when: str | None = None,
    opening: Sequence[Match] = (),
    outlet: str | None = None,
) -> Setting:
    """The setting of an article from the dictionary matches of each sentence (with its first position)."""
    votes = tuple(countries_in(matches, when=when) for _, matches in sentences)
    article: Counter[str] = Counter()
    for vote in votes:
        article.update(vote)
    people = frozenset(
        sense.row.name
        for _, matches in sentences
        for match in matches
        for sense in match.senses
        if isinstance(sense.row, Leader)
    )
    return Setting(
        when=when,
        starts=tuple(start for start, _ in sentences),
        votes=votes,
        article=article,
        opening=countries_in(opening, when=when),
        outlet=outlet_country(outlet),
        people=people,
    )


def countries_in(matches: Sequence[Match], *, when: str | None) -> Counter[str]:
    """How often each country is named by the matches. Ambiguous names do not count."""
    counted: Counter[str] = Counter()
    for match in matches:
        codes = {code for sense in match.senses if (code := country_of(sense)) and holds_then(sense, when)}
        if len(codes) == 1 and not codes & SUPRANATIONAL:
            counted[codes.pop()] += 1
    return counted


def country_of(sense: Sense) -> str:
    """PLOVER's code of a sense's country or kind of body."""
    return sense.row.code if isinstance(sense.row, Country) else sense.row.country


def holds_then(sense: Sense, when: str | None) -> bool:
    """Whether a sense's row holds on a date; rows without dates always do."""
    return holds(sense.row, when) if isinstance(sense.row, Leader | Body) else True


def outlet_country(outlet: str | None) -> str | None:
    """The country of an outlet that the dictionary knows."""
    if not outlet:
        return None
    known = outlet.casefold()
    rows = [row for row in load().outlets if known in {row.name.casefold(), *(a.casefold() for a in row.aliases)}]
    return rows[0].country if rows and isinstance(rows[0], Outlet) else None


def likely_country(
    setting: Setting, position: int | None, *, but: frozenset[str] = frozenset()
) -> tuple[str | None, str]:
    """The country that an unmarked institution at a position belongs to, and why; None where it is not clear."""
    votes = votes_at(setting, position)
    for code in but:
        votes.pop(code, None)
    if not votes:
        if setting.outlet and setting.outlet not in but:
            return setting.outlet, "the outlet's country; the article names none"
        return None, "the article names no country"
    (code, most), total = max(votes.items(), key=lambda vote: (vote[1], vote[0])), sum(votes.values())
    if most < CLEAR_SHARE * total:
        return None, "the article is about several countries"
    return code, f"the article is mostly about {code} here"


def votes_at(setting: Setting, position: int | None) -> dict[str, float]:
    """The votes for each country as seen from a position of the article."""
    votes: dict[str, float] = {}
    total = sum(setting.article.values())
    for code, count in setting.article.items():
        votes[code] = ARTICLE_WEIGHT * 3 * count / total
    for code in setting.opening:
        votes[code] = votes.get(code, 0.0) + TITLE_WEIGHT
    if position is None or not setting.starts:
        return votes
    here = max(bisect_right(setting.starts, position) - 1, 0)
    for code in setting.votes[here]:
        votes[code] = votes.get(code, 0.0) + SENTENCE_WEIGHT
    if here and not setting.votes[here]:
        for code in setting.votes[here - 1]:
            votes[code] = votes.get(code, 0.0) + BEFORE_WEIGHT
    return votes


EMPTY = setting_of(())
