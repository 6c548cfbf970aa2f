"""Which voice counts: the options and "nobody" compete, by fitted weights.

A conditional logit gives every option a share of the chance, from the sum of its features' weights; those that stand for one entity add
up. The weights of what the tree, the quotation marks and the attribution head tell are fitted on all annotated articles; how much the
model's pointer counts beside them, on those that it was not trained on. ``weights.json`` holds them, one number a feature, so that any
choice can be taken apart (`weighed`). `training.attribution` fits them anew.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from lapwing.attribution.candidates import Features, Option, none_features, odds, options, ruled_key, share_of_none
from lapwing.attribution.scene import Scene
from lapwing.records import Frame

LEAST = 0.01
"""The least share of the pointer that counts."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """`features`: of what is told of an option or of nobody. `ruled`: of being whom the rules choose. `pointed`: of the pointer's share
    for an option; `unpointed`: of its odds for nobody. `nobody` is added to nobody."""

    features: dict[str, float]
    ruled: float = 0.0
    pointed: float = 0.0
    unpointed: float = 0.0
    nobody: float = 0.0


class Choice(NamedTuple):
    """The option that was chosen, None for nobody, and its chance; who came second; whether the pointer turned the choice."""

    option: Option | None
    chance: float
    other: Option | None
    turned: bool


@cache
def load_weights() -> Weights:
    """The fitted weights in this package."""
    return msgspec.json.decode(files("lapwing.attribution").joinpath("weights.json").read_bytes(), type=Weights)


def choose(scene: Scene, frame: Frame, weights: Weights) -> Choice:
    """The likeliest source of an act, or nobody."""
    found = options(scene, frame)
    base = [weighed(weights, option.features) for option in found]
    base.append(weighed(weights, none_features(scene, frame, found)))
    base = [s + weights.ruled * right for s, right in zip(base, by_rules(found, ruled_key(scene, frame)), strict=True)]
    with_pointer = [*(s + pointer(weights, option) for s, option in zip(base[:-1], found, strict=True)), base[-1]]
    with_pointer[-1] += weights.nobody + unpointed(weights, frame)
    base[-1] += weights.nobody
    option, chance, other = best_of(found, shares(with_pointer))
    alone, _, _ = best_of(found, shares(base))
    return Choice(option, chance, other, (option and option.key) != (alone and alone.key))


def weighed(weights: Weights, features: Features) -> float:
    """The sum of the weights of features; one that was too rare to be fitted counts nothing.

    >>> weighed(Weights(features={"kind=say": 0.5, "head source": 2.0}), {"kind=say": 1.0, "head source": 0.5, "new": 1.0})
    1.5
    """
    return sum(weights.features.get(name, 0.0) * value for name, value in features.items())


def by_rules(found: Sequence[Option], key: str | None) -> list[bool]:
    """Which options, or nobody (the last), the rules choose."""
    return [*(option.key == key for option in found), key is None]


def pointer(weights: Weights, option: Option) -> float:
    """What the model's pointer adds to an option."""
    return weights.pointed * math.log(max(option.pointed, LEAST) / LEAST)


def unpointed(weights: Weights, frame: Frame) -> float:
    """What the model's pointer adds to nobody."""
    share = share_of_none(frame)
    return weights.unpointed * odds(share) if share is not None else 0.0


def shares(scores: Sequence[float]) -> list[float]:
    """Scores as chances that sum to one.

    >>> shares([1.0, 1.0])
    [0.5, 0.5]
    """
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


def best_of(found: Sequence[Option], chances: Sequence[float]) -> tuple[Option | None, float, Option | None]:
    """The likeliest entity, by its likeliest option, or None where nobody is likelier, with its chance; and the second."""
    entities: dict[str, float] = {}
    best: dict[str, int] = {}
    for k, option in enumerate(found):
        entities[option.key] = entities.get(option.key, 0.0) + chances[k]
        if option.key not in best or chances[k] > chances[best[option.key]]:
            best[option.key] = k
    ranked = sorted(entities, key=lambda key: (-entities[key], best[key]))
    first = found[best[ranked[0]]] if ranked else None
    if first is None or entities[ranked[0]] <= chances[-1]:
        return None, chances[-1], first
    return first, entities[ranked[0]], None
