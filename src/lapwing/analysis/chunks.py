"""Words → the numbers that the model reads, in chunks of whole neighbouring sentences.

A chunk is fed alone (a batch of one): its length is its own, nothing is padded, and what the model says of it depends on
nothing but the document. Training uses the same cut.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

PIECES_PER_CHUNK = 128
"""Word pieces in a chunk, [CLS] and [SEP] not counted. On held-out articles triggers with their type have an average precision of .43
at 128 and .41 at 220 (each of four sets of weights was better at 128), though arguments in far sentences would want more. The
position table ends at 512."""

PIECES_PER_WORD = 8
CLS, SEP, UNKNOWN = 101, 102, 100


class Chunk(NamedTuple):
    """Words ``start`` … ``end`` − 1 of a document."""

    start: int
    end: int


def cut_chunks(lengths: Sequence[int], sentences: Sequence[int], *, limit: int = PIECES_PER_CHUNK) -> Iterator[Chunk]:
    """Pack consecutive sentences into chunks of at most `limit` pieces; a longer sentence is cut where the limit falls.

    `lengths[i]` is the number of pieces of word *i*, `sentences[i]` the number of its sentence.

    >>> list(cut_chunks([1, 1, 2, 1, 1, 5], [0, 0, 1, 1, 2, 2], limit=5))
    [Chunk(start=0, end=4), Chunk(start=4, end=5), Chunk(start=5, end=6)]
    """
    start, used, boundary, at_boundary = 0, 0, 0, 0
    for i, length in enumerate(lengths):
        if i and sentences[i] != sentences[i - 1]:
            boundary, at_boundary = i, used
        if used + length > limit and i > start:
            end = boundary if boundary > start else i
            used -= at_boundary if boundary > start else used
            yield Chunk(start, end)
            start, at_boundary = end, 0
            if used + length > limit and i > start:
                yield Chunk(start, i)
                start, used = i, 0
        used += length
    if start < len(lengths):
        yield Chunk(start, len(lengths))


def word_pieces(words: Sequence[str], encode: Callable[[str], Sequence[int]]) -> list[list[int]]:
    """Piece ids of each word; at least one, at most `PIECES_PER_WORD`."""
    return [list(encode(word)[:PIECES_PER_WORD]) or [UNKNOWN] for word in words]


def near_range(sentences: Sequence[int], word: int) -> Chunk:
    """The sentence of `word` and the one before: what the model reads again for one act. `sentences[i]` is the number of word *i*'s.

    >>> near_range([0, 0, 1, 1, 2, 2], 3)
    Chunk(start=0, end=4)
    """
    start, end = word, word + 1
    while end < len(sentences) and sentences[end] == sentences[word]:
        end += 1
    while start > 0 and sentences[start - 1] == sentences[word]:
        start -= 1
    first = start
    while first > 0 and sentences[first - 1] == sentences[start - 1]:
        first -= 1
    return Chunk(first, end)
