"""Which time expression dates an act, if any: a conditional logit over the candidates and "no date".

Each option has the sum of the weights of its features; the chance of an option is its share of the exponentials (McFadden's
choice model). To that the event head adds its say: how much of its pointer for the date lies on the expression, and how sure it
is that the text gives none. Expressions with one value ("Sunday", "Dec. 18") share their chances. The weights are in
``choice.json``, fitted on annotated articles by ``training/dates.py``; nothing else in the package depends on their values.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from lapwing.dates.candidates import Candidate
from lapwing.dates.clauses import Placed
from lapwing.errors import KnowledgeError
from lapwing.records import Frame

PATH = Path(__file__).parent / "choice.json"


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """`features` weighs each named feature; `head` the logarithm of the event head's score, which counts as `floor` where it is
    less; `none` is added to "no date" where the head was asked, since it is all too fond of that answer."""

    features: Mapping[str, float]
    head: float = 0.5
    none: float = 0.0
    floor: float = 0.02


class Choice(NamedTuple):
    """The expression chosen and the chance that its value is right; `best` None where no date is likelier. `no_date` is the
    chance of that."""

    best: Candidate | None
    chance: float
    no_date: float


@cache
def load_weights(path: Path = PATH) -> Weights:
    """The fitted weights. Raises `KnowledgeError` where the file does not hold them."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Weights)
    except msgspec.MsgspecError as error:
        raise KnowledgeError(f"{path}: {error}; fit it again with training/dates.py") from error


def choose(
    frame: Frame, candidates: Sequence[Candidate], nothing: Mapping[str, float], weights: Weights | None = None
) -> Choice:
    """The likeliest value among the candidates, or none. `nothing` holds the features of "no date"."""
    lines = weights or load_weights()
    scores = [weigh(c.features, lines) + _say(head_score(frame, c.placed), lines) for c in candidates]
    scores.append(weigh(nothing, lines) + _say(head_none(frame), lines) + (lines.none if frame.trigger else 0.0))
    shares = softmax(scores)
    chances: dict[str, float] = {}
    for candidate, share in zip(candidates, shares, strict=False):
        chances[value_of(candidate)] = chances.get(value_of(candidate), 0.0) + share
    value = max(chances, key=lambda one: chances[one], default=None)
    if value is None or chances[value] <= shares[-1]:
        return Choice(None, chances[value] if value else 0.0, shares[-1])
    named = [(share, c) for share, c in zip(shares, candidates, strict=False) if value_of(c) == value]
    return Choice(max(named, key=lambda one: one[0])[1], chances[value], shares[-1])


def value_of(candidate: Candidate) -> str:
    """What an expression says: its place on the calendar, else its words.

    Two that cannot be put on the calendar are one only if they read alike.
    """
    time = candidate.placed.time
    return time.iso or f"?{time.text.lower()}"


def weigh(features: Mapping[str, float], weights: Weights) -> float:
    """The sum of an option's weights; a feature that was too rare to fit counts nothing."""
    return sum(weights.features.get(name, 0.0) * value for name, value in features.items())


def softmax(scores: Sequence[float]) -> list[float]:
    """Shares of one.

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    top = max(scores)
    parts = [math.exp(score - top) for score in scores]
    return [part / sum(parts) for part in parts]


def head_score(frame: Frame, placed: Placed) -> float | None:
    """How much of the event head's pointer for the date lies on an expression; None where the head was not asked."""
    if frame.trigger is None:
        return None
    found = (role.score for role in frame.trigger.roles if role.role == "date" and role.token in placed.tokens)
    return min(1.0, sum(found))


def head_none(frame: Frame) -> float | None:
    """The event head's probability that the text gives no date; None where it was not asked."""
    return dict(frame.trigger.none).get("date", 0.0) if frame.trigger is not None else None


def _say(score: float | None, weights: Weights) -> float:
    return 0.0 if score is None else weights.head * math.log(max(score, 0.0) + weights.floor)
