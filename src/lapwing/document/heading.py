"""What stands above an article's body: title, dateline, byline; and the outlet or agency that they name.

Datelines follow a few patterns that news agencies have kept for a century: a place, mostly in capitals, perhaps a
date, perhaps the agency in brackets, then a dash. A place in small letters is taken for a dateline only with a date
or a known agency beside it, because "Putin – the leader" looks the same.

A page whose line ends are lost joins title and body ("Envoys meet in Oslo The two sides held talks."). They are
parted only where the second part begins with a common word, capitalised without any stop before it, or where a
dateline begins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

LONGEST_TITLE = 200
LONGEST_TITLE_WORDS = 28
LONGEST_BYLINE = 120

MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
DATE = (
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?(?:{MONTH} \d{{1,2}}|\d{{1,2}} {MONTH})(?:,? (?:19|20)\d\d)?"
)
CAPITALS = r"[A-ZÀ-Þ][A-ZÀ-Þ’'-]+(?:[ -][A-ZÀ-Þ][A-ZÀ-Þ’'-]+){0,3}"
WORDS = r"[A-ZÀ-Þ][\wÀ-ÿ’'-]+(?:[ -][A-ZÀ-Þ][\wÀ-ÿ’'-]+){0,3}"
REGION = r"(?:, (?:[A-Z][\wÀ-ÿ’'-]+\.?|[A-Z]\.[A-Z]\.)(?: (?:(?:of|and)(?: the)? )?[A-Z][\w’'-]+\.?){0,2})"
AGENCY = r"(?:\((?P<agency>[A-Z][\w .&/-]{1,40})\)|/(?P<agency2>[A-Z][\w -]{1,20})/)"
DASH = r"(?:[—–:_]|--?|\.)"

DATELINES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<place>{CAPITALS}{REGION}?)(?:, (?P<date>{DATE}))?[,.]? ?{AGENCY}\s?{DASH}{{0,2}}(?=\s|$)",
        rf"(?P<place>{CAPITALS}{REGION}?), (?P<date>{DATE})\.?\s?{DASH}{{1,2}}(?=\s|$)",
        rf"(?P<place>{CAPITALS}{REGION}?) ?(?:[—–_]|--)(?=\s)",
        rf"(?P<place>{CAPITALS}{REGION}?) - (?=[A-Z][a-z])",
        rf"(?P<place>{CAPITALS})\.(?P<agency>[A-Z]{{3,20}}) ?[—–-]+(?=\s)",
        rf"(?P<place>{WORDS}{REGION}?), (?P<date>{DATE}),? ?{AGENCY}\s?{DASH}{{0,2}}(?=\s|$)",
        rf"(?P<place>{WORDS}{REGION}?),? (?P<date>{DATE})\.?\s?(?:[—–_]|--?)(?=\s)",
        rf"(?P<place>{WORDS}{REGION}?) {AGENCY}\s?{DASH}{{0,2}}(?=\s|$)",
        rf"(?P<date>{DATE}) {AGENCY}?\s?(?:[—–_]|--?)(?=\s)",
        rf"(?P<place>{WORDS}{REGION}?) {AGENCY}, (?P<date>{DATE})\.?\s?(?:[—–_]|--?)(?=\s)",
    )
)
NEEDS_KNOWN_AGENCY = DATELINES[7]
NO_PLACE_WORDS = """
BREAKING UPDATE UPDATED EXCLUSIVE OPINION ANALYSIS WATCH VIDEO LIVE NEWS FACTBOX CORRECTED NOTE URGENT
"""
NO_PLACE = frozenset(NO_PLACE_WORDS.split())

NAME = r"[A-ZÀ-Þ][\wÀ-ÿ.’'-]*(?: (?:de|da|van|von|al|bin|el|[A-ZÀ-Þ][\wÀ-ÿ.’'-]*)){1,4}"
BYLINE = re.compile(
    rf"(?:By|BY|by) {NAME}(?:(?:, | and |,? & ){NAME}){{0,4}}(?:(?:,| \||/| for| in| at) ?[\w .&’'-]{{2,60}})?"
    rf"|{NAME},? (?:[Ss]taff [Ww]riter|[Cc]orrespondent|(?:AP|Reuters|AFP|BBC)(?: News)?(?: [a-z]+)?)"
)
TITLE_SUFFIX = re.compile(
    r"\s(?:[-–—|:]|::) ?(?P<outlet>[\w][\w .!&’'-]{1,40}?)(?:\s[-–—|] ?(?P<date>\d{1,2}\.\d{1,2}\.\d{4}))?\s*$"
)
WORD = re.compile(r"[^\W\d_][\w'’-]*")


class Dateline(NamedTuple):
    """Ranges of a dateline and of its parts; `agency` is the name in brackets as it stands."""

    span: tuple[int, int]
    place: tuple[int, int] | None
    date: str | None
    agency: tuple[int, int] | None


def find_dateline(text: str, start: int, end: int, *, agencies: Mapping[str, str]) -> Dateline | None:
    """The dateline at the start of a paragraph. `agencies` leads from the names of agencies and outlets to the usual
    ones.

    >>> text = "KABUL, Afghanistan, Dec. 3 (AP) — Two men met."
    >>> found = find_dateline(text, 0, len(text), agencies={"AP": "Associated Press"})
    >>> text[slice(*found.span)], text[slice(*found.place)], found.date, text[slice(*found.agency)]
    ('KABUL, Afghanistan, Dec. 3 (AP) —', 'KABUL, Afghanistan', 'Dec. 3', 'AP')
    >>> text = "BELGRADE, Serbia (AP), March 14, 2023 - Two men met."
    >>> find_dateline(text, 0, len(text), agencies={}).date
    'March 14, 2023'
    >>> find_dateline("Putin – the leader – left.", 0, 26, agencies={}) is None
    True
    """
    for pattern in DATELINES:
        found = pattern.match(text, start, min(end, start + 160))
        if not found:
            continue
        groups = found.groupdict()
        key = "agency" if groups.get("agency") else "agency2"
        agency = groups.get(key)
        if pattern is NEEDS_KNOWN_AGENCY and agency not in agencies:
            continue
        if groups.get("place") and groups["place"].split()[0] in NO_PLACE:
            continue
        return Dateline(
            found.span(),
            found.span("place") if groups.get("place") else None,
            groups.get("date"),
            found.span(key) if agency else None,
        )
    return None


def is_byline(line: str) -> bool:
    """Whether a line names the authors.

    >>> is_byline("By Ana Ruiz and John Hale, Daily Herald"), is_byline("By Monday the talks had failed.")
    (True, False)
    """
    return len(line) <= LONGEST_BYLINE and bool(BYLINE.fullmatch(line.rstrip(" .")))


def looks_like_title(line: str, following: Sequence[str]) -> bool:
    """Whether the first line is a title: short, without a final stop, and above something longer.

    >>> looks_like_title("Envoys meet in Oslo", ["The two sides held talks on Monday in the Norwegian capital."])
    True
    >>> looks_like_title("The two sides held talks.", ["They will meet again."])
    False
    """
    if len(line) > LONGEST_TITLE or len(line.split()) > LONGEST_TITLE_WORDS or not following:
        return False
    if not any(character.isalpha() for character in line):
        return False
    body = max(following[:4], key=len)
    if len(body) < len(line) * 0.6:
        return False
    if not line.endswith((".", ":", ";", ",", ".”", '."')):
        return len(body) > 40
    return line.endswith(".") and ". " not in line and len(line) < 100 and following_starts_anew(following[0])


def following_starts_anew(line: str) -> bool:
    """Whether the line after the title begins with a dateline, which nothing but a title precedes."""
    return find_dateline(line, 0, len(line), agencies={}) is not None


def joined_title_end(text: str, start: int, end: int, *, agencies: Mapping[str, str]) -> int | None:
    """Where a title that was joined to the body without a line end or stop ends.

    `start` and `end` are those of the first sentence.

    >>> text = "Envoys meet in Oslo The two sides held talks in the Norwegian capital on Monday."
    >>> text[: joined_title_end(text, 0, len(text), agencies={})]
    'Envoys meet in Oslo'
    >>> text = "Talks between the Norwegian and Swedish ministers began in Oslo on Monday."
    >>> joined_title_end(text, 0, len(text), agencies={}) is None
    True
    """
    words = list(WORD.finditer(text, start, min(end, start + LONGEST_TITLE)))
    for k in range(3, len(words)):
        title_end, body = words[k - 1].end(), words[k].start()
        gap = text[title_end:body]
        if not gap.strip(" –—-") and words[k][0][0].isupper() and find_dateline(text, body, end, agencies=agencies):
            return title_end
        if not gap.strip(" ”’\"'?!)") and (_begins_body(words, k) or (gap == " " and _repeats_subject(words, k))):
            return title_end + len(gap.rstrip())
    return None


def _repeats_subject(words: Sequence[re.Match[str]], k: int) -> bool:
    """Whether word `k` is a name that stood before, right behind a word that no name follows in a sentence of its
    own.

    >>> text = "Peru minister to form new government Peru president Ana Ruiz on Monday asked for calm"
    >>> words = list(WORD.finditer(text))
    >>> _repeats_subject(words, 6)
    True
    """
    word, before = words[k][0], words[k - 1][0]
    plain = re.split(r"['’]", word)[0]
    named = {re.split(r"['’]", w[0])[0] for w in words[: k - 1]}
    if k < 4 or not plain[0].isupper() or plain not in named or len(plain) < 4 or len(words) - k < 8:
        return False
    return before.islower() and before not in SMALL_BEFORE_NAMES and not before.endswith(("s", "ed", "ing"))


SMALL_BEFORE_NAMES_WORDS = """
the a an of in on at by to for from with and or but as that than over into against about after before between under
near new former late says said tell told when while who which if not all old president minister then met son via per
around amid across against within without like since until during whether where because led ally outside inside
"""
SMALL_BEFORE_NAMES = frozenset(SMALL_BEFORE_NAMES_WORDS.split())


def _begins_body(words: Sequence[re.Match[str]], k: int) -> bool:
    """Whether word `k` opens a sentence: a common opener with a capital that the title's style would not give it."""
    word = words[k][0]
    following = words[k + 1][0] if k + 1 < len(words) else ""
    if word not in OPENERS or (word == "The" and following in NAMES_AFTER_THE):
        return False
    before = [w[0][0].isupper() for w in words[1:k] if len(w[0]) > 3]
    after = [w[0][0].isupper() for w in words[k + 1 : k + 9] if len(w[0]) > 3]
    if len(before) < 2 or len(after) < 3:
        return False
    share_before, share_after = sum(before) / len(before), sum(after) / len(after)
    return share_before <= 0.6 or (share_before >= 0.8 and share_after <= 0.5)


NAMES_AFTER_THE_WORDS = "Hague Guardian Times New Associated Washington Wall Gambia Bahamas Economist Independent"
NAMES_AFTER_THE = frozenset(NAMES_AFTER_THE_WORDS.split())
OPENERS_WORDS = """
The A An In On At It He She They This That These There After As According When While Two Three Some Many For
"""
OPENERS = frozenset(OPENERS_WORDS.split())
