"""Where sentences end.

A paragraph is cut after a stop, with the quotation marks and brackets that close on it, if the words on both sides
allow it. News is hard on splitters in four places, and each has its rule here: abbreviations before names ("U.S.
Rep. John Smith"), abbreviations that may or may not end the sentence ("5 p.m. Monday"), a speaker after a question
in quotation marks ("“Why?” Smith asked"), and pages that put lines one below the other without stops.

What an abbreviation lets follow is data (`abbreviations.txt`). Where it may end a sentence, the word after it
decides: a word that is common in small letters ("The", "He", "Police") begins one, a name or a weekday does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from lapwing.dictionaries.english import is_common
from lapwing.errors import KnowledgeError

ABBREVIATIONS = Path(__file__).parent / "abbreviations.txt"
FOLLOWERS = ("before-name", "before-number", "month", "either")

STOP = re.compile(r"[.!?…。]+(?P<closers>[\"'”’)\]»*]{0,4}(?:\s?\[\d{1,3}\]){0,5})(?P<space>\s+|$)")
NEXT_TOKEN = re.compile(r"[\"'“‘(\[«\-–—•*_\s]{0,6}(?P<word>[\w'’.&-]{1,40})?")
INITIAL = re.compile(r"[A-Z]")
ACRONYM = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]")
SPEAKER = re.compile(
    r"(?:[A-Z][\w.’'-]*|the|of|for|and|a|an|his|her|its|[a-z]+man|minister|president)"
    r"(?:,? (?:[A-Z][\w.’'-]*|[a-z]+)){0,5}?"
    r" (?:said|says|asked|asks|wrote|writes|added|adds|told|cried|shouted|replied|tweeted|wondered|declared)\b"
)
TIME_WORDS_WORDS = """
Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September
October November December EST EDT CST CDT MST MDT PST PDT ET PT GMT UTC BST CET Eastern Pacific Central Moscow
"""
TIME_WORDS = frozenset(TIME_WORDS_WORDS.split())
LIST_NUMBER = re.compile(r"\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})[.)]?")
LONGEST_LIST_NUMBER = 8
LOWER_CASE_NAMES = ("al-", "el-", "an-", "ar-", "as-", "ash-", "at-", "iPhone", "eBay", "iPad", "kyiv", "de ", "von ")


@cache
def abbreviations(path: Path = ABBREVIATIONS) -> dict[str, str]:
    """Abbreviations without their last stop, with what may follow.

    >>> abbreviations()["Rep"], abbreviations()["U.S"], abbreviations()["Jan"]
    ('before-name', 'either', 'month')
    """
    followers: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#") or not line.strip():
            continue
        follower, colon, words = line.partition(":")
        if not colon or follower not in FOLLOWERS:
            raise KnowledgeError(f"{path}, line {number}: should begin with one of {', '.join(FOLLOWERS)} and ':'")
        followers.update({word: follower for word in words.split() if word not in followers})
    return followers


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The sentences of a paragraph ``text[start:end]``, as ranges without outer white space.

    >>> def show(text): return [text[s:e] for s, e in split_sentences(text)]
    >>> show("U.S. Rep. John Smith left at 5 p.m. Monday. He met J. F. Clark of Acme Corp. in Jan. 2020.")
    ['U.S. Rep. John Smith left at 5 p.m. Monday.', 'He met J. F. Clark of Acme Corp. in Jan. 2020.']
    >>> show("“Will they come?” Orlova asked. “No.” She paid $3.5 million to the U.S. The rest was free.")
    ['“Will they come?” Orlova asked.', '“No.”', 'She paid $3.5 million to the U.S.', 'The rest was free.']
    """
    end = len(text) if end is None else end
    sentences: list[tuple[int, int]] = []
    begin = start
    for at in sentence_ends(text, start, end):
        sentences.append(_strip(text, begin, at))
        begin = at
    sentences.append(_strip(text, begin, end))
    return [(s, e) for s, e in sentences if s < e]


def sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """The positions behind each sentence but the last."""
    begin = start
    for stop in STOP.finditer(text, start, end):
        at = stop.end("closers")
        if stop.end() >= end or not stop["space"]:
            continue
        last = _last_token(text, begin, stop.start())
        after = NEXT_TOKEN.match(text, stop.end(), end)
        following = (after["word"] or "") if after else ""
        if all(rule(text, begin, stop, last, following) for rule in RULES):
            yield at
            begin = at


Rule = Callable[[str, int, "re.Match[str]", str, str], bool]
"""Whether a rule lets the sentence that began at a position end at a stop, given the words before and after it."""


def begins_like_a_sentence(text: str, begin: int, stop: re.Match[str], last: str, following: str) -> bool:
    """What follows starts with a capital, a digit or a mark, not with a small letter.

    >>> len(split_sentences("He waited ... and left. Then came 5,000 men. al-Hadi spoke."))
    3
    """
    if following[:1].islower():
        return text.startswith(LOWER_CASE_NAMES, stop.end())
    return True


def is_no_abbreviation(text: str, begin: int, stop: re.Match[str], last: str, following: str) -> bool:
    """The word before a full stop is no abbreviation that goes on.

    >>> len(split_sentences("He met Gen. Mark Hale in Nov. 2019 at Acme Inc. The talks began at 3 p.m. Police came."))
    3
    """
    if not _is_single_full_stop(stop) or not last:
        return True
    word = last.rsplit("-", 1)[-1] if last not in abbreviations() else last
    follower = abbreviations().get(word.rstrip(".")) or (
        abbreviations().get(word.capitalize()) if len(word) > 1 else None
    )
    if ACRONYM.fullmatch(last) and last[-1].isupper():
        return following in CLOSED_CLASS or not following
    if follower is None and ACRONYM.fullmatch(last):
        follower = "either"
    if follower in ("before-name", "before-number"):
        return _ends_anyway(word, follower, following)
    if follower == "month":
        return not following[:1].isdigit() and starts_sentence(following)
    return follower is None or starts_sentence(following)


def _ends_anyway(word: str, follower: str, following: str) -> bool:
    """ "No." is an answer unless a number follows; a title never ends a sentence."""
    if follower == "before-number" and word in {"No", "no", "in", "Art", "Sec", "p", "par"}:
        return not following[:1].isdigit()
    return False


def is_no_initial(text: str, begin: int, stop: re.Match[str], last: str, following: str) -> bool:
    """A single capital letter is an initial, unless a common word follows.

    >>> len(split_sentences("George W. Hale chose plan B. The rest followed John F. Clark."))
    2
    """
    if not _is_single_full_stop(stop) or not INITIAL.fullmatch(last.rsplit(".", 1)[-1]) or last == "I":
        return True
    return starts_sentence(following)


def is_no_list_number(text: str, begin: int, stop: re.Match[str], last: str, following: str) -> bool:
    """A number or letter at the very beginning numbers a list.

    >>> len(split_sentences("1. Leave the city. 2. Go home."))
    2
    """
    if stop.start() - begin > LONGEST_LIST_NUMBER:
        return True
    opening = text[begin : stop.start()].strip()
    return not (stop[0].startswith(".") and LIST_NUMBER.fullmatch(opening) and opening != "I")


def names_no_speaker(text: str, begin: int, stop: re.Match[str], last: str, following: str) -> bool:
    """After a question or exclamation in quotation marks, a name with a verb of saying belongs to it.

    >>> len(split_sentences("“Why now?” Interior Minister Ana Ruiz asked. “Go home!” The crowd did not move."))
    3
    """
    if not stop["closers"] or stop[0][0] not in "!?":
        return True
    return not SPEAKER.match(text, stop.end(), stop.end() + 160)


def has_content(text: str, begin: int, stop: re.Match[str], last: str, following: str) -> bool:
    """The sentence holds a word; "..." alone does not end one.

    >>> split_sentences("... He left.")
    [(0, 12)]
    """
    return stop.start() > begin + 40 or any(map(str.isalnum, text[begin : stop.start()]))


def is_no_pause(text: str, begin: int, stop: re.Match[str], last: str, following: str) -> bool:
    """Three dots end a sentence only before a word that begins one.

    >>> len(split_sentences("We saw ... Moscow burn. I do not know... The rest is history."))
    3
    """
    if not stop[0].startswith(("..", "…")) or stop["closers"]:
        return True
    return starts_sentence(following)


RULES: tuple[Rule, ...] = (
    begins_like_a_sentence,
    is_no_abbreviation,
    is_no_initial,
    is_no_list_number,
    names_no_speaker,
    has_content,
    is_no_pause,
)


def starts_sentence(word: str) -> bool:
    """Whether a capitalised word is rather a common one at the beginning of a sentence than a name or a time.

    >>> starts_sentence("The"), starts_sentence("Monday"), starts_sentence("Senate"), starts_sentence("")
    (True, False, False, True)
    """
    if not word or word in TIME_WORDS:
        return not word
    plain = re.split(r"['’.-]", word, maxsplit=1)[0]
    return (
        word == "I"
        or (word[0].isupper() and not plain.isupper() and is_common(plain))
        or (len(word) == 1 and word == "A")
    )


CLOSED_CLASS_WORDS = """
The A An This That These Those He She It We They You I His Her Its Their Our My Your But And Or So Yet In On At By
For From With As After Before When While If Although Though Since Because However Meanwhile Still Now Then There
Here What Who Why How Where Which Some Many Most All Both Each Every No Not Nor One Two Several Under Over During
Despite According Asked Last Earlier Later Also Even Only Once Until Instead Moreover Today Yesterday
"""
CLOSED_CLASS = frozenset(CLOSED_CLASS_WORDS.split())
"""Words that begin a sentence and hardly ever a name; after "U.S." nothing else does ("U.S. Security Council")."""


def _last_token(text: str, begin: int, end: int) -> str:
    """The word that ends at `end`, with the marks that abbreviations and names hold."""
    start = end
    while start > max(begin, end - 40) and (text[start - 1].isalnum() or text[start - 1] in ".&'’-_"):
        start -= 1
    return text[start:end]


def _is_single_full_stop(stop: re.Match[str]) -> bool:
    return stop[0][0] == "." and not stop[0].startswith("..")


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
