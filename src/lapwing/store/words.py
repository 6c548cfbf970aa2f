"""What a person types to search → what the two full-text engines read.

Words must all be there, in any form and without regard to case and accents; ``"several words"`` must stand together;
a word or phrase after ``-`` must not be there. Nothing else has a meaning, so that no input is an error of syntax.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

from lapwing.errors import QueryError

TERM = re.compile(r'(?:^|(?<=\s))(-?)(?:"([^"]*)"|(\S+))')

LETTER_OR_DIGIT = re.compile(r"[^\W_]")


class Term(msgspec.Struct, frozen=True):
    """A word, or several that stand together."""

    text: str
    excluded: bool = False


def parse_words(words: str) -> tuple[Term, ...]:
    """The terms of `words`. Raises `QueryError` where none is left to look for.

    >>> [(term.text, term.excluded) for term in parse_words('troops "cease fire" -border')]
    [('troops', False), ('cease fire', False), ('border', True)]
    """
    found = [Term(folded(m[2] or m[3] or "").replace('"', " ").strip(), bool(m[1])) for m in TERM.finditer(words)]
    terms = tuple(term for term in found if LETTER_OR_DIGIT.search(term.text))
    if all(term.excluded for term in terms):
        raise QueryError(f"there is no word to look for in {words!r}. Words after - only take away from what is found.")
    return terms


def folded(text: str) -> str:
    """`text` without accents.

    >>> folded("Málaga, Đà Nẵng")
    'Malaga, Đa Nang'
    """
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def sqlite_query(terms: tuple[Term, ...]) -> str:
    """The terms as an FTS5 expression.

    >>> sqlite_query(parse_words('troops "cease fire" -border'))
    '("troops" AND "cease fire") NOT "border"'
    """
    wanted = " AND ".join(f'"{term.text}"' for term in terms if not term.excluded)
    return " NOT ".join((f"({wanted})", *(f'"{term.text}"' for term in terms if term.excluded)))


def postgresql_query(terms: tuple[Term, ...]) -> str:
    """The terms as ``websearch_to_tsquery`` reads them.

    >>> postgresql_query(parse_words('troops "cease fire" -border'))
    '"troops" "cease fire" -"border"'
    """
    return " ".join(f'{"-" if term.excluded else ""}"{term.text}"' for term in terms)
