"""A small pattern language over the words of a text, and the reading of a text into such words.

A rule such as ``last {unit:unit}`` has to be found fast and without surprises in any text. So a text is first cut into
words and each word replaced by one letter that stands for the set of classes it belongs to ("Monday": full weekday;
"second": an ordinal and a unit); most words of a text belong to none and all get the same letter. A rule then is a
regular expression over these letters, tried only where a word stands that it can begin with. Work grows with the length
of the text, and no pattern sees more than a few dozen letters.

The language: ``word`` matches itself, ``<class>`` a word of that class, ``{name:class}`` the same and keeps it under
`name`, ``name=( … )`` keeps a stretch of words; ``( | ) ? *`` have their usual meaning; spaces mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import count
from typing import Final, NamedTuple

from lapwing.dates import words as table

_WORD: Final = re.compile(
    r"""
      [QH][1-4]\b
    | [^\W\d_]{2,}(?:['’](?:ll|[trvdmTRVDM]e?)\b)?          # words, with "won't", "they've"
    | [.,]
    | \d(?:
        \d{3}-\d{2}-\d{2}(?![\d-])                          # 2022-12-19
      | \d?[/.]\d{1,2}[/.](?:\d{4}|\d{2})(?![\d/])          # 12/19/22, 19.12.2022
      | \d?:\d{2}(?::\d{2})?(?!\d)                          # 17:30
      | \d?/\d{1,2}(?![\d/])                                # 1/2, 9/11
      | \d{0,2}(?:st|nd|rd|th)\b
      | (?:\d{2}0|(?<!\d\d)0)s\b                           # 1990s, 90s
      | \d{0,2}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,9})?
      | \d*(?:\.\d{1,9})?
      )
    | ['’‘]\d0s\b                                          # '90s
    | [apAP]\.[mM]\.?(?![^\W\d_])
    | [oO]['’]clock\b
    | \n[ \t\r\f\v]*+\n                                    # an empty line
    | [^\W\d_](?:['’](?:ll|[trvdmTRVDM]e?)\b)?
    | ['’][sS]\b
    | \S
    """,
    re.VERBOSE,
)
_OTHER: Final = "."
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?")

#: classes of words by their lower-case form
_COMMON: Final[dict[str, Iterable[str]]] = {
    "unit": table.UNITS, "units": table.UNIT_PLURALS, "part": table.PARTS_OF_DAY, "ones": table.ONES, "tens":
    table.TENS, "number": table.ONES | table.TEENS | table.TENS, "ordinal": table.ORDINALS, "decade":
    table.DECADE_WORDS, "season": table.SEASONS, "seasons": table.SEASON_PLURALS, "vague": table.VAGUE_COUNTS, "early":
    table.EARLY, "middle": table.MIDDLE, "late": table.LATE, "dozen": ("dozen", "score"), "hundred": ("hundred",
    "thousand"), "spelled": ("nineteen", "eighteen"), "ampm": ("am", "pm", "a.m.", "p.m.", "a.m", "p.m"), "zone":
    ("gmt", "est", "edt", "utc", "cet", "pst", "pdt", "bst", "cst", "msk"), "dot": (".",), "comma": (",",), "dash":
    ("-", "–", "‑"), "lparen": ("(",), "rparen": (")",), "own": ("'s",), "oclock": ("o'clock",),
}  # fmt: skip
#: classes of words that count only with a capital letter
_CAPITALISED: Final[dict[str, Iterable[str]]] = {
    "fullmonth": table.MONTHS, "abbrmonth": table.MONTH_ABBREVIATIONS, "fullweekday": table.WEEKDAYS, "abbrweekday":
    table.WEEKDAY_ABBREVIATIONS, "weekdays": [f"{day}s" for day in table.WEEKDAYS],
}  # fmt: skip
_MACROS: Final = {
    "$MONTH": "({month:fullmonth} | {month_:abbrmonth} <dot>?)",
    "$END": "({end:fullmonth} | {end_:abbrmonth} <dot>?)",
    "$WEEKDAY": "({weekday:fullweekday} | {weekday_:abbrweekday} <dot>)",
    "$YEAR": "({year:year} | year_=(<spelled> <tens> (<dash>? <ones>)?) | year__=(<spelled> <number>))",
    "$COUNT": (
        "count=(a couple of? | couple of | half a <dozen> | (a | <number>)? <dozen> | (<number> | a) <hundred>"
        " | <tens> <dash>? <ones> | <number> (<fraction> | and a half)? | a? <vague> (<hundred> | of)? )"
    ),
    "$CLOCK": (
        "({clock:clock} {ampm:ampm}? | {hour:number} {ampm_:ampm} | {noon:noon} | {hour_:number} <oclock>)"
        " (<zone> | local time)?"
    ),
    "$DAY": "({weekday:fullweekday} | {weekday_:abbrweekday} <dot> | {relative:relative})",
}
_ATOM: Final = re.compile(r"\{(\w+):(\w+)\}|<(\w+)>|(\w+)=\(|([()|?*])|([\w'’.]+)")


class Words(NamedTuple):
    """The words of a text: `letters` has one letter for each, `forms` their lower-case forms, `starts` and `ends`
    offsets."""

    letters: str
    forms: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    text: str

    def form(self, position: int) -> str:
        """The word at a position, "" outside the text."""
        return self.forms[position] if 0 <= position < len(self.forms) else ""


def number_classes(form: str) -> frozenset[str]:
    """The classes of a word that starts with a figure.

    >>> (sorted(number_classes("12")), sorted(number_classes("1998")), sorted(number_classes("3rd")),
    ...     sorted(number_classes("17:30")))
    (['day', 'number', 'short'], ['number', 'year'], ['day', 'ordinal'], ['clock'])
    """
    if form[-2:] in {"st", "nd", "rd", "th"}:
        return frozenset({"ordinal", "day"} if 1 <= int(form[:-2]) <= 31 else {"ordinal"})
    if form.endswith("s"):
        return frozenset({"decade"})
    for mark, name in (("-", "isodate"), (":", "clock"), ("/", "fraction")):
        if mark in form:
            return frozenset({"slashdate"} if form.count("/") == 2 else {name})
    if form.count(".") == 2:
        return frozenset({"slashdate"})
    if not _NUMBER.fullmatch(form) or len(form) > 12:
        return frozenset()
    return _plain_number_classes(form)


def _plain_number_classes(form: str) -> frozenset[str]:
    found = {"number"}
    if form.isascii() and form.isdigit() and len(form) <= 4:
        value = int(form)
        found |= {"day"} if len(form) <= 2 and 1 <= value <= 31 else set()
        found |= {"short"} if len(form) == 2 else set()
        found |= {"year"} if len(form) == 4 and 1000 <= value <= 2199 else set()
    return frozenset(found)


class Rule(NamedTuple):
    """A pattern as a regular expression over letters, the letters it can begin with, and the name of the rule."""

    name: str
    regex: str
    starts: frozenset[str]

    def match(self, letters: str, start: int, stop: int) -> re.Match[str] | None:
        """The match at `start`. The expression is compiled when it is first tried: most articles need a few."""
        return _compiled(self.regex).match(letters, start, stop)


@cache
def _compiled(regex: str) -> re.Pattern[str]:
    return re.compile(regex)


class Grammar:
    """Rules over one alphabet. Built once, never changed afterwards.

    >>> grammar = Grammar({"ago": ["$COUNT {unit:units} ago"]})
    >>> words = grammar.read("It fell two years ago .")
    >>> [(rule.name, found.span()) for rule, found in grammar.matches(words, 2)]
    [('ago', (2, 5))]
    """

    def __init__(self, patterns: Mapping[str, Sequence[str]]) -> None:
        expanded = [(name, _expand(pattern)) for name, several in patterns.items() for pattern in several]
        literals = {m[6].lower() for _, pattern in expanded for m in _ATOM.finditer(pattern) if m[6]}
        self._common, self._capitalised = _vocabulary(literals)
        self._letters: dict[frozenset[str], str] = {frozenset(): _OTHER}
        self._name_all_letters()
        self._rules: dict[str, list[Rule]] = {}
        letters = _letters_of_classes(self._letters)
        for name, pattern in expanded:
            rule = _compile(name, pattern, letters)
            for letter in rule.starts:
                self._rules.setdefault(letter, []).append(rule)
        self.letter = lru_cache(maxsize=65536)(self._letter)

    def _name_all_letters(self) -> None:
        names = (chr(code) for code in count(0xE000))
        sets = [self._common.get(form, frozenset()) for form in self._common]
        sets += [self._common.get(form, frozenset()) | classes for form, classes in self._capitalised.items()]
        samples = ("1", "13", "32", "100", "1000", "3rd", "99th", "1/2", "17:30", "1990s", "2000-01-01", "1/1/2000")
        sets += [number_classes(form) for form in samples]
        sets.append(frozenset({"fraction", "nineeleven"}))
        for classes in sets:
            if classes not in self._letters:
                self._letters[classes] = next(names)

    def _letter(self, form: str) -> str:
        low = form.lower().replace("’", "'")
        if form[0].isdigit() or low[-2:] == "0s":
            return self._letters.get(
                frozenset({"fraction", "nineeleven"}) if low == "9/11" else number_classes(low), _OTHER
            )
        classes = self._common.get(low, frozenset())
        if form[0].isupper():
            classes |= self._capitalised.get(low, frozenset())
        return self._letters.get(classes, _OTHER)

    def read(self, text: str) -> Words:
        """Cut a text into words and give each its letter."""
        forms, starts, ends = [], [], []
        for match in _WORD.finditer(text):
            forms.append(match[0])
            starts.append(match.start())
            ends.append(match.end())
        letters = "".join([self.letter(form) if len(form) < 40 else _OTHER for form in forms])
        return Words(letters, [form.lower().replace("’", "'") for form in forms], starts, ends, text)

    def matches(self, words: Words, position: int) -> list[tuple[Rule, re.Match[str]]]:
        """The rules that match at a position, longest first; of equally long ones the one written first."""
        rules = self._rules.get(words.letters[position])
        if not rules:
            return []
        stop = min(position + 40, len(words.letters))
        found = [(rule, m) for rule in rules if (m := rule.match(words.letters, position, stop)) and m.end() > position]
        return sorted(found, key=lambda pair: -pair[1].end())


def _expand(pattern: str) -> str:
    for name, meaning in _MACROS.items():
        pattern = pattern.replace(name, meaning)
    return pattern


def _vocabulary(literals: set[str]) -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    common: dict[str, set[str]] = {form: {f"={form}"} for form in literals}
    capitalised: dict[str, set[str]] = {}
    for target, classes in ((common, _COMMON), (capitalised, _CAPITALISED)):
        for name, forms in classes.items():
            for form in forms:
                target.setdefault(form, set()).add(name)
    for name, forms in _EXTRA.items():
        for form in forms:
            common.setdefault(form, set()).add(name)
    return _frozen(common), _frozen(capitalised)


_EXTRA: Final[dict[str, tuple[str, ...]]] = {
    "noon": ("noon", "midnight", "midday"),
    "relative": ("today", "yesterday", "tomorrow", "tonight"),
    "named": ("last", "this", "next", "past", "coming", "previous"),
    "lastword": ("last",),
    "night": ("night",),
    "yearword": ("year",),
    "weekendword": ("weekend",),
    "firstword": ("first",),
    "secondword": ("second",),
    "extent": ("consecutive", "straight", "full", "whole", "long", "entire"),
    "till": ("-", "–", "‑", "to", "and", "until", "through"),
    "roman": ("i", "ii"),
    "currentword": ("current", "latest"),
    "recentword": ("recent", "coming"),
    "stepword": ("same", "following", "next", "previous", "preceding"),
    "thatword": ("that",),
    "pointunit": ("day", "week", "month", "year", "night", "morning", "evening", "afternoon", "weekend"),
    "calendar": ("week", "month", "year", "quarter", "decade", "century", "weekend"),
    "way": ("earlier", "later", "before", "after", "afterward", "afterwards", "previously", "hence"),
    "stretch": ("past", "last", "next", "coming", "previous", "preceding", "first", "latest"),
    "paststretch": ("past", "preceding"),
    "qnumber": ("q1", "q2", "q3", "q4"),
}


def _frozen(sets: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    return {form: frozenset(classes) for form, classes in sets.items()}


class _Piece(NamedTuple):
    regex: str
    starts: frozenset[str]
    empty: bool


def _letters_of_classes(letters: Mapping[frozenset[str], str]) -> dict[str, frozenset[str]]:
    """The letters of the words of each class, given the letter of each set of classes."""
    found: dict[str, set[str]] = {}
    for classes, letter in letters.items():
        for one in classes:
            found.setdefault(one, set()).add(letter)
    return {one: frozenset(those) for one, those in found.items()}


def _compile(name: str, pattern: str, letters: Mapping[str, frozenset[str]]) -> Rule:
    atoms = list(_ATOM.finditer(pattern))
    piece, end = _alternatives(atoms, 0, letters)
    if end != len(atoms) or piece.empty:
        raise ValueError(f"the pattern of rule {name!r} does not parse or matches nothing: {pattern}")
    return Rule(name, piece.regex, piece.starts)


def _alternatives(atoms: Sequence[re.Match[str]], at: int, letters: Mapping[str, frozenset[str]]) -> tuple[_Piece, int]:
    pieces = []
    while True:
        piece, at = _sequence(atoms, at, letters)
        pieces.append(piece)
        if at == len(atoms) or atoms[at][5] != "|":
            break
        at += 1
    starts = frozenset[str]().union(*(piece.starts for piece in pieces))
    return _Piece("|".join(piece.regex for piece in pieces), starts, any(piece.empty for piece in pieces)), at


def _sequence(atoms: Sequence[re.Match[str]], at: int, letters: Mapping[str, frozenset[str]]) -> tuple[_Piece, int]:
    regex, starts, empty = "", frozenset[str](), True
    while at < len(atoms) and atoms[at][5] not in {")", "|"}:
        piece, at = _item(atoms, at, letters)
        regex += piece.regex
        starts |= piece.starts if empty else frozenset()
        empty = empty and piece.empty
    return _Piece(regex, starts, empty), at


def _item(atoms: Sequence[re.Match[str]], at: int, letters: Mapping[str, frozenset[str]]) -> tuple[_Piece, int]:
    atom = atoms[at]
    if atom[4] or atom[5] == "(":
        inner, at = _alternatives(atoms, at + 1, letters)
        opening = f"(?P<{atom[4]}>" if atom[4] else "(?:"
        piece, at = _Piece(f"{opening}{inner.regex})", inner.starts, inner.empty), at + 1
    else:
        piece, at = _word(atom, letters), at + 1
    if at < len(atoms) and atoms[at][5] in {"?", "*"}:
        piece, at = _Piece(f"(?:{piece.regex}){atoms[at][5]}", piece.starts, True), at + 1
    return piece, at


def _word(atom: re.Match[str], letters: Mapping[str, frozenset[str]]) -> _Piece:
    if atom[5]:
        raise ValueError(f"{atom[5]!r} stands at character {atom.start()} of {atom.string!r}, where a word must")
    name = atom[2] or atom[3] or f"={atom[6].lower()}"
    fitting = letters.get(name)
    if not fitting:
        raise ValueError(f"no word is of the class {name!r}")
    one = f"[{''.join(sorted(fitting))}]"
    return _Piece(f"(?P<{atom[1]}>{one})" if atom[1] else one, fitting, False)
