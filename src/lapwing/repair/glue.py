"""Words that lost the space between them.

Pages lose spaces where a link or bold type ended, and typesetters where two stories were joined. General word
splitters shred names ("Peskov" into "Pesko v"), so a word is split only with evidence from three sides:

1. the whole is no known word or name, and stands at most twice in the article;
2. what follows the split is a word that often follows a name (`tails.txt`);
3. what precedes it stands elsewhere in the article by itself, or is in the dictionary of names.

Between a stop and the next word no list of names is needed, but web addresses, abbreviations ("U.S."), numbers
("3.5") and file names must be let through: a stop parts words only after two small letters or a year, and before a
capital.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lapwing.dictionaries.english import is_common, is_word
from lapwing.errors import KnowledgeError
from lapwing.repair.edits import Edit

TAILS = Path(__file__).parent / "tails.txt"

WORD = re.compile(r"[^\W\d_]+")
GLUED_NAME = re.compile(r"\b(?:[A-Z][^\W\d_A-Z]{4,30}|[A-Z]{2,8}[a-z]{2,12})\b")
GLUED_BEFORE_NAME = re.compile(r"\b[A-Za-z][a-z]{1,14}[A-Z][^\W\d_A-Z]{2,30}\b")
GLUED_FUNCTION_WORDS = re.compile(r"\b[a-z]{4,24}\b")

MOST_OCCURRENCES = 2
SHORTEST_HEAD = 3
SHORTEST_HEAD_BEFORE_SHORT_TAIL = 5

KINDS_OF_TAIL = ("function", "verb", "short", "acronym")
FIRST_NAME_BEFORE = re.compile(r"\b[A-Z][a-z]{2,} $")
SHORTEST_UNKNOWN_SURNAME = 4
ENDINGS_OF_LONGER_VERBS = frozenset(
    {"signed", "noted", "stated", "ordered", "pledged", "asked", "faced", "killed", "agreed"}
)

FUNCTION_HEADS_WORDS = """
the in of to and by from with for at on that as after before when while where who which but said says than into over
"""
FUNCTION_HEADS = frozenset(FUNCTION_HEADS_WORDS.split())
FUNCTION_TAILS = frozenset(["the", "of", "and", "that", "with", "from"])
REASON = "two words without a space between them"


@cache
def tails(path: Path = TAILS) -> dict[str, str]:
    """The words that follow a name, with their kind.

    >>> tails()["and"], tails()["called"], tails()["in"], tails()["is"]
    ('function', 'verb', 'short', 'acronym')
    """
    kinds: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("#") or not line.strip():
            continue
        kind, colon, words = line.partition(":")
        if not colon or kind not in KINDS_OF_TAIL:
            raise KnowledgeError(f"{path}, line {number}: should begin with one of {', '.join(KINDS_OF_TAIL)} and ':'")
        kinds.update({word: kind for word in words.split() if word not in kinds})
    return kinds


def glued_words(text: str, *, names: frozenset[str]) -> Iterator[Edit]:
    """Names glued to the next word or to the word before, and pairs of function words run together.

    >>> text = "Vladimir Putinand Orlovacalled ofthe Kremlin: Putin spoke inMoscow. Orlova, Roland and Morrison smiled."
    >>> [text[e.start - 2 : e.start + 3] for e in glued_words(text, names=frozenset({"Moscow", "Roland"}))]
    ['inand', 'vacal', 'inMos', 'ofthe']
    """
    seen = Counter(WORD.findall(text))
    yield from _names_before_words(text, seen, names)
    yield from _words_before_names(text, seen, names)
    yield from _function_words(text, seen)


def _names_before_words(text: str, seen: Counter[str], names: frozenset[str]) -> Iterator[Edit]:
    """ "Putinand": a known name, then a word that follows names."""
    decided: dict[str, int | None] = {}
    for match in GLUED_NAME.finditer(text):
        word = match[0]
        if word not in decided:
            decided[word] = name_length(word, seen, names)
        length = decided[word]
        if length is not None:
            at = match.start() + length
            yield Edit(at, at, " ", "glued-word", f"{word[:length]!r} is known, the whole word is not")
        elif (surname := unknown_surname(word, text[max(0, match.start() - 30) : match.start()])) and not is_word(word):
            at = match.start() + surname
            yield Edit(at, at, " ", "glued-word", f"{word[surname:]!r} follows names, the whole word is not known")


def unknown_surname(word: str, before: str) -> int | None:
    """How long a surname nobody knows is, where a first name stands before it and a verb no name ends in is glued to
    it.

    >>> unknown_surname("Orlovacalled", "the spokeswoman, Daria "), unknown_surname("Orlovacalled", "the newly ")
    (6, None)
    >>> unknown_surname("Unassigned", "Seats Left ") is None
    True
    """
    if not FIRST_NAME_BEFORE.search(before):
        return None
    for length in range(len(word) - len("asked"), SHORTEST_UNKNOWN_SURNAME - 1, -1):
        tail = word[length:]
        if tails().get(tail) == "verb" and tail.endswith("ed") and tail not in ENDINGS_OF_LONGER_VERBS:
            return None if is_common(word[:length]) else length
    return None


def name_length(word: str, seen: Counter[str], names: frozenset[str]) -> int | None:
    """How long the name at the start of a glued word is; None where nothing shows that it is glued.

    >>> name_length("Zelenskywho", Counter(["Zelensky", "Zelenskywho"]), frozenset())
    8
    >>> name_length("Zelenskywho", Counter(["Zelenskywho"]), frozenset()) is None
    True
    >>> name_length("Ferdinand", Counter(["Ferdin"]), frozenset({"Ferdinand"})) is None
    True
    """
    if seen[word] > MOST_OCCURRENCES or word in names or is_word(word):
        return None
    for length in range(len(word) - 2, SHORTEST_HEAD - 1, -1):
        kind = tails().get(word[length:])
        if kind and _is_name(word[:length], kind, seen, names):
            return length
    return None


def _is_name(head: str, tail_kind: str, seen: Counter[str], names: frozenset[str]) -> bool:
    """Whether the piece before the split is a name that the article or the dictionary knows."""
    if is_common(head) or (tail_kind == "acronym" and not head.isupper()):
        return False
    if tail_kind == "short" and not head.isupper():
        return len(head) >= SHORTEST_HEAD_BEFORE_SHORT_TAIL and seen[head] > 0
    return seen[head] > 0 or (head in names and len(head) > SHORTEST_HEAD)


def _words_before_names(text: str, seen: Counter[str], names: frozenset[str]) -> Iterator[Edit]:
    """ "inMoscow", "theKremlin": a function word, then a known name."""
    for match in GLUED_BEFORE_NAME.finditer(text):
        word = match[0]
        length = next(k for k in range(2, len(word)) if word[k].isupper())
        head, tail = word[:length], word[length:]
        if head.lower() not in FUNCTION_HEADS or seen[word] > MOST_OCCURRENCES or is_word(word):
            continue
        if seen[tail] or (tail in names and head.islower()):
            at = match.start() + length
            yield Edit(at, at, " ", "glued-word", f"{tail!r} is known, the whole word is not")


def _function_words(text: str, seen: Counter[str]) -> Iterator[Edit]:
    """ "ofthe", "membersof": a common word and a function word that make no word together."""
    for match in GLUED_FUNCTION_WORDS.finditer(text):
        word = match[0]
        if is_word(word) or seen[word] > MOST_OCCURRENCES:
            continue
        length = _function_word_length(word)
        if length is not None:
            at = match.start() + length
            yield Edit(
                at, at, " ", "glued-word", f"{word[:length]!r} and {word[length:]!r} are words, the whole is not"
            )


def _function_word_length(word: str) -> int | None:
    """Where a word is two common ones, the second a function word.

    >>> _function_word_length("ofthe"), _function_word_length("membersof"), _function_word_length("lathe")
    (2, 7, None)
    """
    for tail in FUNCTION_TAILS:
        head = word.removesuffix(tail)
        if head == word:
            continue
        if head in FUNCTION_HEADS or (len(head) >= 5 and is_common(head, least=20)):
            return len(head)
    return None


ADDRESS = re.compile(
    r"[/@\\=_#]|www\.|\.(?:com|org|net|gov|edu|info|co|html?|php|pdf|jpg|png|ru|uk|us|de|fr|ua|tv|io)\b", re.I
)
MONTH = r"(?:January|February|March|April|June|July|August|September|October|November|December)"

LOST_SPACES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"(?<=[a-z][a-z][.?!])(?=[A-Z“][a-z’“]|[AI]\s)", "no space after a stop"),
        (r"(?<=[a-z][.?!][”’)])(?=[A-Z“][a-z])", "no space after a stop"),
        (r"(?<=(?:19|20)\d\d[.])(?=[A-Z][a-z])", "no space after a stop"),
        (r"(?<=[a-z][a-z],)(?=[A-Za-z][A-Za-z])", "no space after a comma"),
        (r"(?<=[a-z0-9],)(?=[“])", "no space after a comma"),
        (r"(?<=[a-z][a-z];)(?=[A-Za-z][a-z])", "no space after a semicolon"),
        (r"(?<=[a-z][a-z][a-z]:)(?=[A-Z][a-z]|“)", "no space after a colon"),
        (r"(?<=[\w.,?!]”)(?=[a-zA-Z][a-z])", "no space after a quotation"),
        (r"(?<=[a-z][a-z])(?=“\w)", "no space before a quotation"),
        (r"(?<=[A-Z][A-Z]\))(?=[a-z]{2})", "no space after a bracket"),
        (r"(?<=[a-z]{3})(?=\([A-Z][A-Za-z]{2})", "no space before a bracket"),
        (r"(?<=\b(?:in|of|by))(?=(?:19|20)\d\d\b)", "no space before a year"),
        (r"(?<=\bsince)(?=(?:19|20)\d\d\b)", "no space before a year"),
    )
)
YEAR_AFTER_MONTH = re.compile(rf"\b{MONTH}(?=(?:19|20)\d\d\b)")
CANDIDATE = re.compile(r"[a-z0-9A-Z][.?!,;:”’)(“]+[A-Za-z“]|[a-z](?:19|20)\d\d\b")
TOKEN = re.compile(r"\S{1,300}")


def missing_spaces(text: str) -> Iterator[Edit]:
    """Spaces lost after a stop, a comma, a bracket or a quotation, and before a year.

    >>> text = "He left in October2022.The U.S. envoy,who paid $3.5 at 5 p.m. on bbc.co.uk/News, said:“No”and went."
    >>> [text[e.start - 3 : e.start + 3] for e in missing_spaces(text)]
    ['ber202', '22.The', 'oy,who', 'id:“No', 'No”and']
    """
    if not CANDIDATE.search(text):
        return
    for token in TOKEN.finditer(text):
        if CANDIDATE.search(token[0]) and not ADDRESS.search(token[0]):
            for at, reason in _token_gaps(token[0]):
                yield Edit(token.start() + at, token.start() + at, " ", "missing-space", reason)


def _token_gaps(token: str) -> list[tuple[int, str]]:
    """The positions inside a token where a space is missing."""
    gaps = {match.start(): reason for pattern, reason in LOST_SPACES for match in pattern.finditer(token)}
    gaps.update({match.end(): "no space before a year" for match in YEAR_AFTER_MONTH.finditer(token)})
    return sorted(gaps.items())
