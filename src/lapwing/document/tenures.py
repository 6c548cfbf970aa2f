"""The years in which an article can have been written, by the offices that it gives people.

"Secretary of State Rex Tillerson" was written between February 2017 and March 2018, since newspapers give a title to those who
have it and say "former" of those who had. The leaders' dictionary has the dates of offices. One article names a few people, so
the months count in which all of them held the offices named; where there are none, nothing is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from lapwing.dictionaries import Leader, load, plain_words

#: how texts name the offices of the dictionary
_TITLES: Final = {
    "president": "President", "prime minister": "Prime Minister", "chancellor": "Chancellor",
    "vice president": "Vice President", "foreign minister": "Foreign Minister", "foreign secretary": "Foreign Secretary",
    "defence minister": "Defence Minister|Defense Minister", "defence secretary": "Defence Secretary",
    "secretary of defense": "Defense Secretary|Secretary of Defense", "secretary of state": "Secretary of State",
    "interior minister": "Interior Minister", "president-elect": "President-elect", "home secretary": "Home Secretary",
    "attorney general": "Attorney General", "secretary of the treasury": "Treasury Secretary|Secretary of the Treasury",
    "national security adviser": "National Security Adviser|National Security Advisor",
    "finance minister": "Finance Minister", "chief minister": "Chief Minister",
}  # fmt: skip
_FORMS: Final = sorted((form for forms in _TITLES.values() for form in forms.split("|")), key=len, reverse=True)
_TITLED: Final = re.compile(
    rf"\b(?P<title>{'|'.join(_FORMS)})(?P<name>(?: (?:de|al|van|von|bin|[A-Z][\w.'’-]{{1,30}})){{1,3}})"
)
_NO_LONGER: Final = re.compile(
    r"(?:\b(?:former|ex|late|then|outgoing|one-time|deputy|vice|assistant|incoming|candidate|under)[ -]|first )$",
    re.IGNORECASE,
)
_LAST: Final = 9999 * 12


class Months(NamedTuple):
    """Months from `first` to `last`, both counted from the year 0."""

    first: int
    last: int

    def years(self) -> range:
        """The years that they touch."""
        return range(self.first // 12, self.last // 12 + 1)


def month_count(iso: str, *, end: bool = False) -> int:
    """The months since the year 0 of an ISO date; a bare year begins in January and ends in December.

    >>> month_count("2017-02-01") - month_count("2017"), month_count("2017", end=True) - month_count("2017")
    (1, 11)
    """
    if not iso:
        return _LAST
    year, _, rest = iso.partition("-")
    return int(year) * 12 + (int(rest[:2]) - 1 if rest else 11 if end else 0)


def months_in_office(text: str) -> Months | None:
    """The months in which all titled people of a text held their offices; None where there are none, or no end of them.

    >>> found = months_in_office("Secretary of State Rex Tillerson met President Donald Trump. Ex-President Barack Obama.")
    >>> list(found.years())
    [2017, 2018]
    """
    terms = list(dict.fromkeys(_terms(text)))
    edges = sorted({first for spans in terms for first, _ in spans})
    found = [edge for edge in edges if all(_holding(spans, edge) for spans in terms)]
    if len(found) != 1:
        return None
    last = min(_holding(spans, found[0]) for spans in terms)
    return Months(found[0], last) if last < _LAST else None


def _holding(spans: tuple[Months, ...], month: int) -> int:
    """The end of the term that runs in a month, 0 if none does."""
    return max((last for first, last in spans if first <= month <= last), default=0)


def _terms(text: str) -> Iterator[tuple[Months, ...]]:
    """For each titled person of the dictionary their terms."""
    for found in _TITLED.finditer(text):
        if _NO_LONGER.search(text, max(0, found.start() - 12), found.start()):
            continue
        rows = _named(found["title"], found["name"].split())
        if len({row.name for row in rows}) == 1:
            yield tuple(Months(month_count(row.start), month_count(row.end, end=True)) for row in rows)


def _named(title: str, words: list[str]) -> list[Leader]:
    """Those who held an office by this title under this name, by as many words of it as make one."""
    plain = [word for word in (plain_words(word.removesuffix("'s").removesuffix("’s")) for word in words) if word]
    for count in range(len(plain), 0, -1):
        named = set(plain[:count])
        rows = [
            row
            for row in _by_surname().get(plain[count - 1], ())
            if title in _TITLES[row.office].split("|")
            and any(named <= set(plain_words(name).split()) for name in (row.name, *row.aliases))
        ]
        if rows:
            return rows
    return []


@cache
def _by_surname() -> Mapping[str, tuple[Leader, ...]]:
    found: dict[str, list[Leader]] = {}
    for row in load().leaders:
        if row.office in _TITLES and row.start:
            found.setdefault(plain_words(row.name).split()[-1], []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}
