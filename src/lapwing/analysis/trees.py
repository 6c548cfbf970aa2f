"""Arc scores → the best tree with one root (Chu and Liu 1965, Edmonds 1967)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def best_tree(scores: Floats) -> list[int]:
    """Heads of the words of one sentence: ``scores[i, h]`` is the score of head *h* for word *i*, column 0 being the root and
    column *k* + 1 word *k*. Returns for each word 0 for the root or the head's number plus one; exactly one word has 0.

    >>> s = np.array([[1, 0, 5, 0], [9, 1, 0, 1], [8, 0, 3, 0]], dtype=np.float32)
    >>> best_tree(s)
    [2, 0, 2]
    """
    n = scores.shape[0]
    if n == 1:
        return [0]
    clean = scores.astype(np.float64).copy()
    clean[np.arange(n), np.arange(n) + 1] = -np.inf
    heads = clean.argmax(1)
    if int((heads == 0).sum()) == 1 and _cycle(heads) is None:
        return [int(h) for h in heads]
    roots = np.argsort(-(clean[:, 0] - clean[:, 1:].max(1)))[:3]
    trees = [_rooted(clean, int(r)) for r in roots]
    return max(trees, key=lambda t: float(sum(clean[i, h] for i, h in enumerate(t))))


def _rooted(scores: NDArray[np.float64], root: int) -> list[int]:
    """The best tree in which `root` is the only word under the root."""
    fixed = scores.copy()
    fixed[:, 0] = -1e9
    fixed[root, :] = -1e9
    fixed[root, 0] = 0.0
    n = fixed.shape[0]
    full = np.full((n + 1, n + 1), -np.inf)
    full[1:, :] = fixed
    heads = _maximum_branching(full)
    return [int(heads[i]) for i in range(1, n + 1)]


def _cycle(heads: NDArray[np.int64]) -> list[int] | None:
    """Words (0-based) of a cycle in `heads` (1-based, 0 the root), if there is one."""
    state = [0] * len(heads)
    for start in range(len(heads)):
        path = []
        i = start
        while i >= 0 and state[i] == 0:
            state[i] = 1
            path.append(i)
            i = int(heads[i]) - 1
        if i >= 0 and state[i] == 1 and i in path:
            return path[path.index(i) :]
        for k in path:
            state[k] = 2
    return None


def _maximum_branching(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Best heads for nodes 1 … n of a graph rooted at node 0; ``scores[i, h]`` for the arc *h* → *i*."""
    n = scores.shape[0]
    heads = np.zeros(n, dtype=np.int64)
    heads[1:] = scores[1:].argmax(1)
    found = _cycle(heads[1:])
    if found is None:
        return heads
    cycle = [i + 1 for i in found]
    inside = np.zeros(n, dtype=bool)
    inside[cycle] = True
    outside = [i for i in range(n) if not inside[i]]
    kept = np.array([scores[i, heads[i]] for i in cycle])
    m = len(outside)
    reduced = np.full((m + 1, m + 1), -np.inf)
    reduced[:m, :m] = scores[outside][:, outside]
    entering = scores[cycle][:, outside] - kept[:, None]
    enter_at = entering.argmax(0)
    reduced[m, :m] = entering.max(0)
    leaving = scores[outside][:, cycle]
    leave_at = leaving.argmax(1)
    reduced[:m, m] = leaving.max(1)
    reduced[0, :] = -np.inf
    sub = _maximum_branching(reduced)
    for k in range(1, m):
        heads[outside[k]] = cycle[leave_at[k]] if sub[k] == m else outside[sub[k]]
    entry = int(sub[m])
    heads[cycle[enter_at[entry]]] = outside[entry]
    return heads
