r"""Paragraphs: lines, unless a line was only broken to fit a page.

Wire copy and text files break lines at some 70 characters. Such a block shows itself: its lines are about equally
long, and a line without a stop is followed by one that begins with a small letter. Then the whole block is one
paragraph; otherwise every line is one, because headings and lists end without a stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

NARROWEST, WIDEST = 40, 110
ENDS = tuple('.!?:;"”’)…')


def paragraphs(text: str) -> list[tuple[int, int]]:
    r"""The paragraphs as ranges without outer white space.

    >>> text = "Talks fail\n\nThe envoys met for hours on the border but\ncould not agree on the terms of a truce."
    >>> [text[s:e][:11] for s, e in paragraphs(text)]
    ['Talks fail', 'The envoys ']
    >>> [text[s:e] for text in ["Aid sent\nTwo lorries left."] for s, e in paragraphs(text)]
    ['Aid sent', 'Two lorries left.']
    """
    return [_strip(text, s, e) for s, e in _pieces(text)]


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for block in _blocks(text):
        if len(block) > 1 and is_wrapped([text[s:e] for s, e in block]):
            yield block[0][0], block[-1][1]
        else:
            yield from block


def _blocks(text: str) -> Iterator[list[tuple[int, int]]]:
    """Runs of lines that hold something."""
    block: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+|\n", text):
        if line[0] == "\n":
            continue
        apart = block and text.count("\n", block[-1][1], line.start()) > 1
        blank = line[0].isspace()
        if block and (apart or blank):
            yield block
            block = []
        if not blank:
            block.append(line.span())
    if block:
        yield block


def is_wrapped(lines: list[str]) -> bool:
    """Whether the lines of a block are one paragraph broken to fit a page.

    >>> is_wrapped(["The envoys met for many hours on the border but", "could not agree on the terms of a truce then."])
    True
    >>> is_wrapped(["Ministers present at the meeting of the council", "Ana Ruiz, foreign affairs"])
    False
    """
    full = [len(line.rstrip()) for line in lines[:-1]]
    if min(full) < NARROWEST or max(full) > WIDEST or len(lines[-1]) > WIDEST:
        return False
    joins = [not one.rstrip().endswith(ENDS) and other.lstrip()[:1].islower() for one, other in pairwise(lines)]
    return any(joins) and max(full) - min(full) <= 0.4 * max(full)


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
