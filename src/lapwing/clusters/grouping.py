"""Scored pairs and what people decided → groups. Touches no database.

*Events* (`group`): pairs are taken from the likeliest down, and two groups become one when the mean score over all pairs
between them is at least `THRESHOLD` (a pair that was not compared, or found unlike, counts as `UNKNOWN`). The mean keeps a
chain of half-likely pairs from drawing distant acts together. What people decided comes first and is never outvoted: "same"
joins before any score is looked at, "different" keeps two groups apart.

*Texts* (`group_texts`): an article goes with the likeliest of the earlier ones that it is like, and so into that one's
group; the first of a group is its original. Later articles never move earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

Scores = Mapping[tuple[int, int], float]

Pair = tuple[int, int]

THRESHOLD = 0.35
"""Set on the parts `fit`, of 0.25 to 0.5: of records as Lapwing reads them, of which much is misread, 0.5 leaves a quarter of the
pairs that 0.35 finds; below 0.35 more unrelated reports meet."""

UNKNOWN = 0.1


class _Groups:
    """Groups that grow: who is where, and who must not meet."""

    def __init__(self, apart: Iterable[Pair]) -> None:
        self.home: dict[int, int] = {}
        self.members: dict[int, list[int]] = {}
        self._apart: dict[int, set[int]] = {}
        for a, b in apart:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def of(self, item: int) -> int:
        """The group of an item; its own until it joins another."""
        if item not in self.home:
            self.home[item] = item
            self.members[item] = [item]
        return self.home[item]

    def kept_apart(self, one: int, other: int) -> bool:
        """Whether it was decided that any member of one is not what any of the other is."""
        few, many = sorted((one, other), key=lambda group: len(self.members[group]))
        home = self.home
        return any(home.get(foe) == many for item in self.members[few] for foe in self._apart.get(item, ()))

    def join(self, one: int, other: int) -> int:
        """Make two groups one, under the smaller name."""
        kept, gone = min(one, other), max(one, other)
        for item in self.members[gone]:
            self.home[item] = kept
        self.members[kept].extend(self.members.pop(gone))
        return kept


def group(
    scores: Scores,
    *,
    same: Iterable[Pair] = (),
    different: Iterable[Pair] = (),
    compatible: Callable[[list[int], list[int]], bool] = lambda one, other: True,
    threshold: float = THRESHOLD,
) -> list[list[int]]:
    """The groups of two or more, each ascending, ordered. Pairs are (smaller, larger). `compatible` may forbid a union by
    scores (not one that people decided).

    >>> group({(1, 2): 0.9, (2, 3): 0.9, (1, 3): 0.8, (3, 4): 0.5})
    [[1, 2, 3]]
    >>> group({(1, 2): 0.9}, same=[(5, 6)], different=[(1, 2)])
    [[5, 6]]
    """
    groups = _Groups(different)
    for a, b in sorted(same):
        one, other = groups.of(a), groups.of(b)
        if one != other:
            groups.join(one, other)
    sums = _sums_between(scores, groups)
    for (a, b), score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])):
        one, other = groups.of(a), groups.of(b)
        if score < threshold or one == other:
            continue
        if _mean(sums, groups, one, other) < threshold or groups.kept_apart(one, other):
            continue
        if compatible(groups.members[one], groups.members[other]):
            kept = groups.join(one, other)
            _move(sums, kept, max(one, other))
    return sorted(sorted(members) for members in groups.members.values() if len(members) > 1)


def _sums_between(scores: Scores, groups: _Groups) -> dict[int, dict[int, tuple[float, int]]]:
    """For each two groups the sum of the scores between them, and of how many pairs."""
    sums: dict[int, dict[int, tuple[float, int]]] = {}
    for (a, b), score in scores.items():
        one, other = groups.of(a), groups.of(b)
        if one != other:
            _add(sums, one, other, (score, 1))
            _add(sums, other, one, (score, 1))
    return sums


def _add(sums: dict[int, dict[int, tuple[float, int]]], one: int, other: int, more: tuple[float, int]) -> None:
    total, count = sums.setdefault(one, {}).get(other, (0.0, 0))
    sums[one][other] = (total + more[0], count + more[1])


def _move(sums: dict[int, dict[int, tuple[float, int]]], kept: int, gone: int) -> None:
    for other, more in sums.pop(gone, {}).items():
        del sums[other][gone]
        if other != kept:
            _add(sums, kept, other, more)
            _add(sums, other, kept, more)


def _mean(sums: dict[int, dict[int, tuple[float, int]]], groups: _Groups, one: int, other: int) -> float:
    total, count = sums.get(one, {}).get(other, (0.0, 0))
    pairs = len(groups.members[one]) * len(groups.members[other])
    return (total + UNKNOWN * (pairs - count)) / pairs


def group_texts(
    likenesses: Scores, *, same: Iterable[Pair] = (), different: Iterable[Pair] = ()
) -> dict[int, tuple[int, int]]:
    """For each text that is one with an earlier one: (the original, the one that it is likest). Pairs are (earlier, later).

    >>> group_texts({(1, 2): 0.9, (2, 3): 0.8, (1, 3): 0.7})
    {2: (1, 1), 3: (1, 2)}
    """
    groups = _Groups(different)
    decided = dict.fromkeys(same, 2.0)
    by_later: dict[int, list[tuple[float, int]]] = {}
    for (a, b), score in {**likenesses, **decided}.items():
        by_later.setdefault(b, []).append((-score, a))
    likest: dict[int, int] = {}
    for b in sorted(by_later):
        for score, a in sorted(by_later[b]):
            one, other = groups.of(a), groups.of(b)
            if one == other or (score > -2 and (b in likest or groups.kept_apart(one, other))):
                continue
            groups.join(one, other)
            likest.setdefault(b, a)
    return {b: (groups.home[b], likest[b]) for b in sorted(likest)}
