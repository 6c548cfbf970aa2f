"""A text → a sketch of it: little enough to keep for millions of articles, enough to see which of them are one text.

Two sketches, for two kinds of likeness:

*words*
    MinHash over runs of `SHINGLE` words (Broder 1997): the share of equal entries of two sketches estimates the share of
    runs that both texts have. All entries come from one hash of each run (one-permutation hashing, Li, Owen & Zhang 2012;
    what stays empty is filled from its neighbour, Shrivastava & Li 2014), so that a text is sketched by sorting once.
*anchors*
    the names and numbers in the order in which they stand, hashed, and a MinHash over neighbouring pairs of them. Two
    translations of one original share no runs of words, but they name the same names and numbers in the same order.

Hashes are fixed (BLAKE2), so that sketches of different days, machines and Python versions can be compared. This is
written in numpy and not taken from a library because both sketches must stay the same for as long as a store is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    MinHash = NDArray[np.uint32]

SHINGLE = 4
"""Words in a run. Unrelated reports of one day share runs of three; of four hardly any."""

WORD_BITS, ANCHOR_BITS = 7, 6
"""The sketch of the words has 2 ** 7 = 128 entries, that of the anchors 64."""

MOST_WORDS, MOST_ANCHORS = 20_000, 400
"""What is sketched of one text: a longer one is a book."""

ANCHOR = re.compile(r" (?<=[\w,;:] )[($€£]?([A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĘĚĞİŁŃŇŐŒŘŚŞŠŤŮŰŹŻŽЀ-Я][\w'’-]*|\d[\d.,]*)")
"""A capitalised word inside a sentence (at its beginning any word is), or a number. Begins with a space, for which the
engine looks fast."""

PUNCTUATION = bytes.maketrans((marks := b"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"), b" " * len(marks))

CURLY = {ord(mark): " " for mark in "“”„«»‘’‚…–—\u00a0"}

UTF8 = ("utf-8", "surrogatepass")

MIXERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93)


class Sketch(msgspec.Struct, frozen=True, eq=False):
    """A text's size (in distinct runs of words), the MinHash of its words (empty for a text of fewer than `SHINGLE`
    words), its hashed anchors in their order and the MinHash of their pairs (empty for fewer than two)."""

    size: int
    words: MinHash
    anchors: Hashes
    pairs: MinHash


class _Hashes(dict[bytes, int]):
    """The hash of a word, remembered."""

    def __missing__(self, word: bytes) -> int:
        if len(self) > 1_000_000:
            self.clear()
        value = int.from_bytes(blake2b(word, digest_size=8).digest(), "little")
        self[word] = value
        return value


def sketch_texts(texts: Iterable[str]) -> Iterator[Sketch]:
    """The sketches of `texts`, one by one."""
    hashes = _Hashes()
    for text in texts:
        yield _sketch(text, hashes)


def sketch_text(text: str) -> Sketch:
    """The sketch of a text.

    >>> sketch = sketch_text("Talks between Chile and Peru began on 3 May in Lima.")
    >>> sketch.size, len(sketch.words), len(sketch.anchors)
    (8, 128, 5)
    """
    return _sketch(text, _Hashes())


def _sketch(text: str, hashes: _Hashes) -> Sketch:
    words = _array(list(map(hashes.__getitem__, words_of(text))))
    anchors = _anchor_hashes(anchors_of(text), hashes)
    size, minhash = _min_hash(_runs(words, SHINGLE), WORD_BITS)
    return Sketch(size, minhash, anchors, _min_hash(_runs(anchors, 2), ANCHOR_BITS)[1])


def _anchor_hashes(anchors: list[str], hashes: _Hashes) -> Hashes:
    """The hashes of anchors: odd for a number, even for a name, so that the two can be told apart."""
    return _array([hashes[anchor.encode(*UTF8)] & ~1 | anchor[0].isdigit() for anchor in anchors])


def numbers_of(anchors: Hashes) -> Hashes:
    """Those of the hashed anchors that are numbers.

    >>> len(numbers_of(sketch_text("In May Chile sent 1,200 soldiers on 12 ships to Arica.").anchors))
    2
    """
    odd: Hashes = anchors[anchors % 2 == 1]
    return odd


def words_of(text: str) -> list[bytes]:
    """The words of a text, without marks and case, in UTF-8.

    >>> words_of("“Talks” began in Đà Nẵng.")[:3]
    [b'talks', b'began', b'in']
    """
    plain = text if text.isascii() else text.translate(CURLY)
    return plain.lower().encode(*UTF8).translate(PUNCTUATION).split()[:MOST_WORDS]


def anchors_of(text: str) -> list[str]:
    """The names and numbers of a text in their order.

    >>> anchors_of("In May Chile sent 1,200 soldiers to Arica. They left.")
    ['May', 'Chile', '1200', 'Arica']
    """
    found = [anchor.replace(",", "").rstrip(".") for anchor in ANCHOR.findall(text)[:MOST_ANCHORS]]
    return [anchor[:-2] if anchor.endswith(("'s", "’s")) else anchor for anchor in found]


def _array(values: list[int]) -> Hashes:
    import numpy as np

    return np.array(values, dtype=np.uint64)


def _runs(values: Hashes, length: int) -> Hashes:
    """The hash of each run of `length` values."""
    import numpy as np

    count = len(values) - length + 1
    if count < 1:
        return values[:0]
    total = np.zeros(count, dtype=np.uint64)
    for k in range(length):
        total += values[k : k + count] * np.uint64(MIXERS[k])
    total ^= total >> np.uint64(31)
    total *= np.uint64(MIXERS[1])
    return total ^ (total >> np.uint64(29))


def _min_hash(runs: Hashes, bits: int) -> tuple[int, MinHash]:
    """How many distinct runs there are, and the smallest of each of the 2 ** `bits` classes into which they fall."""
    import numpy as np

    if not len(runs):
        return 0, np.zeros(0, dtype=np.uint32)
    runs = np.sort(runs)
    first = np.empty(len(runs), dtype=bool)
    first[0] = True
    np.not_equal(runs[1:], runs[:-1], out=first[1:])
    runs = runs[first]
    classes = (runs >> np.uint64(64 - bits)).astype(np.int64)
    smallest = np.concatenate(([0], np.flatnonzero(np.diff(classes)) + 1))
    filled = classes[smallest]
    low = runs[smallest].astype(np.uint32)  # the last 32 bits
    if len(filled) == 1 << bits:
        return len(runs), low
    return len(runs), _densified(filled, low, 1 << bits)


def _densified(filled: NDArray[np.int64], low: MinHash, entries: int) -> MinHash:
    """A MinHash whose empty classes hold the next filled one's value, marked with the distance."""
    import numpy as np

    at = np.arange(entries)
    following = np.searchsorted(filled, at) % len(filled)
    distance = ((filled[following] - at) % entries).astype(np.uint32)
    filled_in: MinHash = low[following] + distance * np.uint32(0x9E3779B1)
    return filled_in
