"""Sketches → pairs of texts that are one text: a copy, an update of it, or another translation of one original.

Block, compare, judge. A text is compared with those that agree with it in a *band*, `BAND` neighbouring entries of a
sketch (locality-sensitive hashing): two texts that share a quarter of their runs of words meet in one of the 64 bands with
a probability of 0.98, two that share a hundredth with 0.006. In a band that many texts share (a long thread of copies, an
outlet's standing line) a text meets the `NEAREST` before it and the first of all, so that the work grows with the number
of texts and not with its square; which ones it meets depends on earlier texts only, so that what is found does not
depend on how texts were portioned.

Judged are, in this order:

*update*: most runs of the shorter text stand in the longer one, which says more.
*copy*: most runs of words are shared.
*translation*: hardly any runs are shared, but names and numbers are the same in the same order, and the lengths agree.

The thresholds were set on the written variants marked `fit` and checked on the others (``benchmarks/clusters.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

import msgspec

from lapwing.clusters.sketches import ANCHOR_BITS, WORD_BITS, Sketch, numbers_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pairs = NDArray[np.int64]

LikenessKind = Literal["copy", "update", "translation"]

BAND = 2

NEAREST = 16

COPY = 0.6
"""Share of all runs that both have: about one word in eight may be another."""

UPDATE = 0.65
"""Share of the shorter text's runs that the longer one has."""

LONGER = 0.8
"""A text of which another one is less than this share says more than that one."""

ORDERED, FEW = 0.5, 2.2
"""Share of the anchors of the longer list that stand in the other in the same order: `ORDERED` of many; with few, which agree
by chance, `FEW` more (of 11 anchors 0.7)."""

NUMBERS, FEWEST_NUMBERS = 0.6, 3
"""Share of the numbers of the text with fewer that stand in the other in the same order, where each has so many: daily
communiqués keep their wording and their names, and change the numbers."""

FEWEST_ANCHORS = 8
"""A text with fewer names and numbers cannot be known again by them."""

LENGTHS = 0.5
"""A translation is at least so long as a share of the other."""

CHUNK = 200_000


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """Two texts that are one: `a` and `b` are positions in what was compared, `a` the earlier."""

    a: int
    b: int
    kind: LikenessKind
    score: float
    reasons: tuple[str, ...]


def find_likenesses(sketches: Sequence[Sketch], *, known: int = 0) -> Iterator[Likeness]:
    """The pairs of like texts, ordered. The first `known` texts were compared with each other before."""
    found = {(pair.b, pair.a): pair for pair in _by_anchors(sketches, known)}
    found |= {(pair.b, pair.a): pair for pair in _by_words(sketches, known)}
    for _, likeness in sorted(found.items(), key=lambda item: item[0]):
        yield likeness


# ── block ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def candidates(minhashes: NDArray[np.uint32], *, known: int = 0) -> Pairs:
    """Pairs (earlier, later) of rows that agree in a band, each once and ordered; `later` is at least `known`."""
    import numpy as np

    rows, entries = minhashes.shape
    parts = [
        _in_band(minhashes[:, k].astype(np.uint64) << np.uint64(32) | minhashes[:, k + 1], known)
        for k in range(0, entries - 1, BAND)
    ]
    codes = np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)
    return np.stack((codes % rows, codes // rows), axis=1) if rows else np.zeros((0, 2), dtype=np.int64)


def _in_band(keys: NDArray[np.uint64], known: int) -> NDArray[np.int64]:
    """The pairs of rows with equal keys, as ``later * rows + earlier``: each with the nearest and with the first."""
    import numpy as np

    rows = len(keys)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    begins = np.concatenate(([True], keys[1:] != keys[:-1]))
    bucket = np.maximum.accumulate(np.where(begins, np.arange(rows), 0))  # where its bucket begins
    place = np.arange(rows) - bucket
    found = []
    for distance in range(1, NEAREST + 1):
        later = np.flatnonzero(place >= distance)
        if not len(later):
            break
        found.append(order[later] * rows + order[later - distance])
    far = np.flatnonzero(place > NEAREST)
    found.append(order[far] * rows + order[bucket[far]])
    codes = np.concatenate(found)
    return codes[codes >= known * rows]


# ── compare and judge ─────────────────────────────────────────────────────────────────────────────────────────────────


def _by_words(sketches: Sequence[Sketch], known: int) -> Iterator[Likeness]:
    import numpy as np

    at = [k for k, sketch in enumerate(sketches) if len(sketch.words) == 1 << WORD_BITS]
    if len(at) < 2:
        return
    minhashes = np.stack([sketches[k].words for k in at])
    pairs = candidates(minhashes, known=sum(k < known for k in at))
    for begin in range(0, len(pairs), CHUNK):
        chunk = pairs[begin : begin + CHUNK]
        shares = (minhashes[chunk[:, 0]] == minhashes[chunk[:, 1]]).mean(axis=1)
        for (a, b), share in zip(chunk.tolist(), shares.tolist(), strict=True):
            if likeness := judge_words(at[a], at[b], sketches, share):
                yield likeness


def judge_words(a: int, b: int, sketches: Sequence[Sketch], share: float) -> Likeness | None:
    """What two texts are that share `share` of all their runs of words; None for different texts."""
    sizes = sketches[a].size, sketches[b].size
    held = contained(share, *sizes)
    if held >= UPDATE and min(sizes) < LONGER * max(sizes):
        reasons = (f"{held:.0%} of the shorter text's runs of four words are in the longer one",)
        return Likeness(a=a, b=b, kind="update", score=round(held, 3), reasons=reasons)
    if share >= COPY:
        reasons = (f"{share:.0%} of all runs of four words are in both",)
        return Likeness(a=a, b=b, kind="copy", score=round(share, 3), reasons=reasons)
    return None


def contained(share: float, a: int, b: int) -> float:
    """The share of the smaller set that is in the larger one, from the share that both have of their union.

    >>> contained(0.25, 100, 400)
    1.0
    """
    both = share * (a + b) / (1 + share)
    return min(both / min(a, b), 1.0) if min(a, b) else 0.0


def _by_anchors(sketches: Sequence[Sketch], known: int) -> Iterator[Likeness]:
    import numpy as np

    at = [k for k, s in enumerate(sketches) if len(s.anchors) >= FEWEST_ANCHORS and len(s.pairs) == 1 << ANCHOR_BITS]
    if len(at) < 2:
        return
    minhashes = np.stack([sketches[k].pairs for k in at])
    for a, b in candidates(minhashes, known=sum(k < known for k in at)).tolist():
        if (minhashes[a] == minhashes[b]).sum() > BAND and (found := judge_anchors(at[a], at[b], sketches)):
            yield found


def judge_anchors(a: int, b: int, sketches: Sequence[Sketch]) -> Likeness | None:
    """Whether two texts are translations of one original."""
    one, other = sketches[a], sketches[b]
    if min(one.size, other.size) < LENGTHS * max(one.size, other.size):
        return None
    share = in_order(one.anchors.tolist(), other.anchors.tolist())
    fewer = min(len(one.anchors), len(other.anchors))
    if share < ORDERED + FEW / fewer or not _same_numbers(one, other):
        return None
    reasons = (f"{share:.0%} of the names and numbers stand in both in the same order",)
    return Likeness(a=a, b=b, kind="translation", score=round(share, 3), reasons=reasons)


def _same_numbers(one: Sketch, other: Sketch) -> bool:
    """The numbers are the same in the same order, or there are too few to tell."""
    a, b = numbers_of(one.anchors).tolist(), numbers_of(other.anchors).tolist()
    fewer, more = min(len(a), len(b)), max(len(a), len(b))
    return fewer < FEWEST_NUMBERS or in_order(a, b) * more >= NUMBERS * fewer


def in_order(a: Sequence[int], b: Sequence[int]) -> float:
    """The share of the longer of two sequences that the other has in the same order.

    >>> in_order([1, 2, 3, 4], [1, 9, 3, 4])
    0.75
    """
    from rapidfuzz.distance import LCSseq

    return float(LCSseq.normalized_similarity(a, b))
