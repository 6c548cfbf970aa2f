"""Names from the entity head: the likeliest sequence of B-, I- and O labels in which every I- goes on a name of its own kind.

Label by label the head breaks "Hayes Street Grill" in two where it wavers between kinds; the best sequence (Viterbi 1967) reads it as
one, since a name may not change its kind half-way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from lapwing.analysis.network import Floats
from lapwing.records import NamedEntity, TokenRange

IMPOSSIBLE = -1e4


def find_names(p: Floats, labels: Sequence[str], sentences: Sequence[int]) -> Iterator[NamedEntity]:
    """Names of all words, whose label probabilities are `p` [words, labels]; none runs over the end of a sentence.

    The score is the mean probability over the name's words that they are in a name at all.
    """
    scores = np.log(np.maximum(p, 1e-6))
    outside = p[:, labels.index("O")] if len(p) else p[:, 0]
    start = 0
    for end in range(1, len(p) + 1):
        if end == len(p) or sentences[end] != sentences[start]:
            for first, last, kind in _spans(best_sequence(scores[start:end], tuple(labels)), labels):
                inside = float(1 - outside[start + first : start + last].mean())
                yield NamedEntity(tokens=TokenRange(start + first, start + last), label=kind, score=round(inside, 4))
            start = end


def best_sequence(scores: Floats, labels: tuple[str, ...]) -> list[int]:
    """The labels of one sentence that have the highest sum of `scores` [words, labels] among those that may follow each other."""
    steps = _transitions(labels)
    best = scores[0] + steps[labels.index("O")]
    back = []
    for row in scores[1:]:
        reached = best[:, None] + steps
        back.append(reached.argmax(0))
        best = reached.max(0) + row
    path = [int(best.argmax())]
    for previous in reversed(back):
        path.append(int(previous[path[-1]]))
    return path[::-1]


@cache
def _transitions(labels: tuple[str, ...]) -> Floats:
    """[from, to]: 0 where a label may follow, else a large negative number."""
    allowed = [[not b.startswith("I-") or (a != "O" and a[2:] == b[2:]) for b in labels] for a in labels]
    return np.where(np.array(allowed), 0.0, IMPOSSIBLE).astype(np.float32)


def _spans(path: Sequence[int], labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    start = -1
    for i in range(len(path) + 1):
        label = labels[path[i]] if i < len(path) else "O"
        if start >= 0 and not label.startswith("I-"):
            yield start, i, labels[path[start]][2:]
            start = -1
        if label.startswith("B-"):
            start = i
