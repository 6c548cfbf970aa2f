"""Conditional logit on sparse features: the weights by which the right option of each choice gets most of the chance.

A choice is a list of options, each a dict of features, of which one or more are right. Used wherever the package lets a few
candidates compete and has to say why one won: modes of an act, places of an act.

>>> seen = Choices.of([([{"cue": 1.0}, {"none": 1.0}], [True, False]), ([{"other": 1.0}, {"none": 1.0}], [False, True])] * 20)
>>> weights = fit(seen, ridge=0.1)
>>> weights["cue"] > weights["none"] > weights["other"]
True
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Whole = NDArray[np.int64]
Options = Sequence[Mapping[str, float]]

MEMORY = 8
"""How many earlier steps the quasi-Newton direction remembers."""


class Choices(NamedTuple):
    """Choices as flat arrays: each feature's name, and for each filled cell its option, feature and value; for each option its
    choice and whether it is right."""

    names: tuple[str, ...]
    option: Whole
    feature: Whole
    value: Vector
    choice: Whole
    right: Vector

    @staticmethod
    def of(choices: Sequence[tuple[Options, Sequence[bool]]], *, rare: int = 1) -> Choices:
        """Choices with a right option, with the features that stand in at least `rare` of them."""
        usable = [(options, right) for options, right in choices if any(right)]
        counts = Counter(name for options, _ in usable for name in {n for option in options for n in option})
        index = {name: k for k, name in enumerate(sorted(n for n, c in counts.items() if c >= rare))}
        cells = [
            (k, index[name], value)
            for k, features in enumerate(option for options, _ in usable for option in options)
            for name, value in features.items()
            if name in index
        ]
        return Choices(
            tuple(index),
            np.array([c[0] for c in cells], dtype=np.int64),
            np.array([c[1] for c in cells], dtype=np.int64),
            np.array([c[2] for c in cells], dtype=np.float64),
            np.array([k for k, (options, _) in enumerate(usable) for _ in options], dtype=np.int64),
            np.array([r for _, right in usable for r in right], dtype=np.float64),
        )


def fit(choices: Choices, *, ridge: float = 1.0, steps: int = 80) -> dict[str, float]:
    """The weights of least penalised loss, by limited-memory BFGS (Nocedal and Wright 2006, algorithm 7.5)."""
    w = np.zeros(len(choices.names))
    loss, slope = _loss(choices, w, ridge)
    past: list[tuple[Vector, Vector]] = []
    for _ in range(steps):
        direction = -_direction(slope, past)
        step, sinking = 1.0, float(slope @ direction)
        while True:
            new_loss, new_slope = _loss(choices, w + step * direction, ridge)
            if new_loss <= loss + 1e-4 * step * sinking or step < 1e-6:
                break
            step /= 2
        moved, turned = step * direction, new_slope - slope
        w, small = w + moved, loss - new_loss < 1e-6 * loss
        loss, slope = new_loss, new_slope
        if moved @ turned > 1e-12:
            past = [*past[1 - MEMORY :], (moved, turned)]
        if small:
            break
    return {name: round(float(v), 3) for name, v in zip(choices.names, w, strict=True)}


def _direction(slope: Vector, past: Sequence[tuple[Vector, Vector]]) -> Vector:
    q, kept = slope.copy(), []
    for moved, turned in reversed(past):
        a = (moved @ q) / (moved @ turned)
        q = q - a * turned
        kept.append(a)
    if past:
        moved, turned = past[-1]
        q = q * ((moved @ turned) / (turned @ turned))
    else:
        q = q / max(float(np.abs(slope).sum()), 1.0)
    for (moved, turned), a in zip(past, reversed(kept), strict=True):
        q = q + moved * (a - (turned @ q) / (moved @ turned))
    return q


def _loss(choices: Choices, w: Vector, ridge: float) -> tuple[float, Vector]:
    """Minus the log of the chance of what is right, plus the penalty; and its slope."""
    options, total = len(choices.choice), int(choices.choice[-1]) + 1
    z = np.bincount(choices.option, weights=choices.value * w[choices.feature], minlength=options)
    top = np.full(total, -np.inf)
    np.maximum.at(top, choices.choice, z)
    e = np.exp(z - top[choices.choice])
    all_ = np.bincount(choices.choice, weights=e, minlength=total)
    good = np.maximum(np.bincount(choices.choice, weights=e * choices.right, minlength=total), 1e-300)
    loss = float(np.log(all_ / good).sum() + ridge / 2 * (w @ w))
    delta = e / all_[choices.choice] - e * choices.right / good[choices.choice]
    slope = np.bincount(choices.feature, weights=choices.value * delta[choices.option], minlength=len(w)) + ridge * w
    return loss, slope
