"""Text → words, as Universal Dependencies cuts English: clitics ("do|n't", "Putin|'s"), hyphens ("Russian|-|backed") and
punctuation stand alone; web addresses, numbers, initials and known abbreviations stay whole.

One regular expression, tried from the most specific form to the least, walks over the text once; clitics are cut off the
words that it finds. Both the model's training and its run-time use this file, so that they see the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

ABBREVIATIONS = [
    "Mr",
    "Mrs",
    "Ms",
    "Messrs",
    "Dr",
    "Prof",
    "Gen",
    "Lt",
    "Col",
    "Maj",
    "Capt",
    "Cmdr",
    "Adm",
    "Sgt",
    "Cpl",
    "Pvt",
    "Gov",
    "Sen",
    "Rep",
    "Reps",
    "Sens",
    "Rev",
    "Hon",
    "Pres",
    "Amb",
    "St",
    "Jr",
    "Sr",
    "Ph.D",
    "Inc",
    "Corp",
    "Co",
    "Ltd",
    "Bros",
    "vs",
    "etc",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Sept",
    "Oct",
    "Nov",
    "Dec",
    "Mon",
    "Tue",
    "Tues",
    "Wed",
    "Thu",
    "Thur",
    "Thurs",
    "Fri",
    "No",
    "Nos",
    "Vol",
    "Fig",
    "al",
    "approx",
    "est",
    "dept",
    "Dept",
    "Ave",
    "Blvd",
    "Rd",
    "Mt",
    "Ft",
    "Ala",
    "Ariz",
    "Ark",
    "Calif",
    "Colo",
    "Conn",
    "Del",
    "Fla",
    "Ga",
    "Ill",
    "Ind",
    "Kan",
    "Ky",
    "La",
    "Md",
    "Mass",
    "Mich",
    "Minn",
    "Miss",
    "Mo",
    "Mont",
    "Neb",
    "Nev",
    "Okla",
    "Ore",
    "Pa",
    "Tenn",
    "Tex",
    "Vt",
    "Va",
    "Wash",
    "Wis",
    "Wyo",
]

PREFIXES = [
    "anti",
    "cross",
    "e",
    "ex",
    "inter",
    "mid",
    "mini",
    "multi",
    "neo",
    "non",
    "post",
    "pre",
    "pro",
    "pseudo",
    "quasi",
    "re",
    "semi",
    "sub",
    "t",
    "trans",
    "uh",
    "ultra",
    "un",
    "vice",
    "x",
]
"""Written with a hyphen, these stay one word with what follows ("pro-Beijing"), as in the treebanks."""

_ABBREVIATION = "|".join(sorted((re.escape(a) for a in ABBREVIATIONS), key=len, reverse=True))

_PREFIX = "|".join(PREFIXES)

_WORD = re.compile(
    rf"""
      (?:https?://|www\.)[^\s<>"”’)\]]+[^\s<>"”’)\].,;:!?]         # web address
    | [\w.+-]{{1,64}}@[\w-]{{1,64}}(?:\.[\w-]{{1,64}}){{1,8}}      # e-mail address
    | [@\#]\w+                                                     # handle, hashtag
    | \b(?:[A-Za-z]\.){{2,}}(?:[A-Za-z]\b(?!\w))?                  # U.S.  p.m.  U.S.A
    | \b(?:{_ABBREVIATION})\.(?=\s|,|;|$|\))                       # Mr.  Gen.
    | \b[A-Z]\.(?=\s?[A-Z])                                        # initial
    | \d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s)?\b                        # 9,000  3.5  10:30  21st  1990s
    | \d+(?:[.,:]\d+)*                                             # 10 of "10km"
    | \b(?i:{_PREFIX})-[^\W\d_]+                                  # e-mail, pro-Beijing
    | [^\W\d_]+(?:\d+[^\W_]*)?(?:['’](?!s\b|S\b)[^\W\d_]+)*        # word, O'Neill, MiG29
    | \w+
    | \.{{2,}}|…|--+|[–—]|[!?]+|={{2,}}|\*{{2,}}|<<|>>
    | ``|''|[^\w\s]
    | \S
    """,
    re.VERBOSE,
)

_CLITIC = re.compile(r"(?i)(?<=[^\W\d_])(n['’]t|['’](?:s|re|ve|ll|d|m))$")
_POSSESSIVE = re.compile(r"['’](?:s|S)\b")
_SPLIT_WHOLE = {"cannot": 3, "gonna": 3, "gotta": 3, "wanna": 3}


class Word(NamedTuple):
    """A word by its character offsets into the text that was cut."""

    start: int
    end: int


def find_words(text: str, *, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """The words of ``text[start:end]``, in order, as offsets into `text`.

    >>> text = "U.S. Rep. John O'Neill didn't visit Russian-backed forces' bases at 5 p.m. (Putin's)."
    >>> [text[w.start : w.end] for w in find_words(text)]
    ['U.S.', 'Rep.', 'John', "O'Neill", 'did', "n't", 'visit', 'Russian', '-', 'backed', 'forces', "'", 'bases', 'at', '5',
     'p.m.', '(', 'Putin', "'s", ')', '.']
    """
    stop = len(text) if end is None else end
    position = start
    while position < stop:
        match = _WORD.search(text, position, stop)
        if match is None:
            return
        possessive = _POSSESSIVE.match(text, match.start(), stop)
        last = possessive.end() if possessive and match.end() < possessive.end() else match.end()
        yield from _cut_clitic(text, match.start(), last)
        position = last


def _cut_clitic(text: str, start: int, end: int) -> Iterator[Word]:
    """Cut "didn't" into "did" and "n't", "cannot" into "can" and "not"."""
    form = text[start:end]
    clitic = _CLITIC.search(form)
    split = clitic.start() if clitic else _SPLIT_WHOLE.get(form.lower())
    if split:
        yield Word(start, start + split)
        yield Word(start + split, end)
    else:
        yield Word(start, end)


@lru_cache(maxsize=65536)  # words come again in every second reading
def word_shape(form: str) -> int:
    """What the uncased encoder does not see: 0 lower-case, 1 Title, 2 UPPER, 3 mIxed, 4 with a digit, 5 no letter or digit.

    >>> [word_shape(w) for w in ("troops", "Putin", "NATO", "MiG", "T-72", "—", "I")]
    [0, 1, 2, 3, 4, 5, 1]
    """
    if any(c.isdigit() for c in form):
        return 4
    if not any(c.isalpha() for c in form):
        return 5
    if form.islower():
        return 0
    if form[0].isupper() and (len(form) == 1 or form[1:].islower()):
        return 1
    return 2 if form.isupper() else 3
