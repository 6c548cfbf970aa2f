"""Where a text stands in quotation marks."""

from __future__ import annotations

import re

CLOSING = {"“": "”", "„": "“”", "«": "»", '"': '"', "''": "''", "``": "''", "‘": "’"}

QUOTES = re.compile(r"``|''|[“”„«»\"‘]|’(?!\w)|\n\s*\n")

LONGEST_QUOTED = 4000
"""Characters over which a quotation is followed past the end of its paragraph."""


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches between quotation marks, without the marks.

    A quotation may run over paragraphs. If each begins with a mark of its own, it is cut there; one never closed ends
    with its first paragraph.

    >>> quotations('He said: “We go.” She "stayed".')
    ((10, 16), (23, 29))
    """
    found: list[tuple[int, int]] = []
    opened: tuple[int, str] | None = None
    broken: int | None = None
    for match in QUOTES.finditer(text):
        mark = match.group()
        if mark[0] == "\n":
            broken = match.start() if opened is not None and broken is None else broken
            continue
        opening = mark in CLOSING and opens(text, match.start(), match.end(), mark)
        if opened is not None and mark in opened[1] and not (broken is not None and opening):
            end = match.start() if match.start() - opened[0] <= LONGEST_QUOTED or broken is None else broken
            found.append((opened[0], end))
            opened = None
            broken = None
        elif opening and (opened is None or broken is not None):
            if opened is not None:
                found.append((opened[0], broken or match.start()))
            opened, broken = (match.end(), CLOSING[mark]), None
    if opened is not None:
        found.append((opened[0], broken or len(text)))
    return tuple(found)


def opens(text: str, start: int, end: int, mark: str) -> bool:
    """Whether a quotation mark may open a quotation: no letter stands before it, and something follows it; a straight
    mark also does not lean on a word before it."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or not after:
        return False
    return mark not in ('"', "''") or not after.isspace() or not before or before.isspace()


def opens_with_quote(text: str, position: int) -> bool:
    """Whether a quotation mark is the next thing in a text.

    >>> opens_with_quote("He said:  “No.”", 8), opens_with_quote("He said: No.", 8)
    (True, False)
    """
    return text[position : position + 8].lstrip()[:1] in ("“", '"', "«", "„", "'", "‘", "`")
