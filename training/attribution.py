"""Fit how the options for an act's source are weighed, on annotated articles.

    python -m training.attribution GOLD OUT

GOLD is a folder with ``docs`` and ``gold``. All its articles are used for the weights of what tree, quotation marks and attribution
head tell (a conditional logit on the acts of gold triggers); the weight of the model's pointer, which has learnt the other articles by
heart, comes from the held-out ones (`training.gold.held_out`). Writes ``weights.json`` into `lapwing.attribution`. OUT keeps the
analyses: after the model has changed, give an empty folder. ``--folds 5`` tells first how good the weights are on articles that they were
not fitted on.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

import lapwing.attribution as stage
from lapwing.attribution import prepared
from lapwing.attribution.candidates import Features, Option, none_features, odds, options, ruled_key, share_of_none
from lapwing.attribution.choice import LEAST, Weights, best_of, by_rules, shares
from lapwing.attribution.scene import POINTED, Scene
from lapwing.attribution.told import source_of
from lapwing.evaluation.gold import same_source
from lapwing.events import arguments
from lapwing.records import Frame
from lapwing.trees import tree_of
from training.gold import held_out
from training.tune import Prepared, gold_acts, prepare

FILE = Path(stage.__file__).parent / "weights.json"
GIVEN = 1.5
"""What an act with a source counts in the fit: collections differ in how many acts have one (on ours, 22 to 42 in a hundred)."""
NOBODY = -0.5
"""Added to nobody, for the same reason."""
RULED = 1.0
"""What the rules' verdict counts. They say what the annotation's guidelines say, which its single acts do not always follow; a fit on
those alone would make less of them (0.5), and be worse on articles annotated twice."""
RIDGE = 3.0
RARE = 4
STEPS = 400


@dataclass
class Row:
    """The options for the source of a gold act, which of them are right, and what speaks for nobody."""

    article: str
    options: list[Option]
    right: list[bool]
    none: Features
    given: bool
    share_of_none: float | None
    ruled: str | None


# ── from articles to options ──────────────────────────────────────────────────────────────────────────────────────────


def rows_of(articles: Sequence[Prepared]) -> list[Row]:
    """The options of every gold act."""
    return [row for p in articles for row in _rows(p)]


def _rows(p: Prepared) -> list[Row]:
    scene = prepared(p.document, p.analysis, p.mentions, p.actors)
    return [row_of(p, scene, frame, event) for frame, event in gold_frames(p)]


def gold_frames(p: Prepared) -> list[tuple[Frame, dict[str, Any]]]:
    """The acts of gold triggers with the gold's type and the actors that the package finds."""
    tree = tree_of(p.analysis)
    scene = arguments.set_scene(p.document, p.analysis, tree, p.mentions, p.actors)
    found = []
    for its, event in gold_acts(p):
        act = its._replace(event=event["type"])
        done_by, done_to = arguments.choose_fillers(scene, act, arguments.find_candidates(scene, act))
        frame = Frame(
            token=act.trigger.token, tokens=act.tokens, sentence=tree.tokens[act.trigger.token].sentence, event=act.event, mode=None,
            contexts=(), actors=done_by.mentions, recipients=done_to.mentions, unknown_actor=False, magnitude=(),
            probability=act.probability, trigger=act.trigger, reasons=(),
        )  # fmt: skip
        found.append((frame, event))
    return found


def row_of(p: Prepared, scene: Scene, frame: Frame, event: dict[str, Any]) -> Row:
    """The options of one act."""
    found = options(scene, frame)
    right = [is_right(source_of(scene, frame, option.voice), event) for option in found]
    none = none_features(scene, frame, found)
    return Row(
        p.raw["doc_id"], found, right, none, bool(event.get("source")), share_of_none(frame), ruled_key(scene, frame)
    )


def is_right(source: Any, event: dict[str, Any]) -> bool:
    """Whether a source is the gold's, or its alternative."""
    told = {"name": source.name, "country": source.country, "text": source.span.text}
    golds = [event.get("source"), event.get("source_alt")]
    return any(gold and same_source(told, gold) for gold in golds)


# ── the fit ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def fit(rows: Sequence[Row]) -> dict[str, float]:
    """Conditional logit with a ridge: the weights that give the right options most of the chance (Adam on the whole set).

    Options that only the pointer names take no part: on articles that the model has learnt, they are too good."""
    used = [row for row in rows if not row.given or any(_by_text(row, row.right))]
    counts = Counter(name for row in used for told in _told(row) for name in told)
    index = {name: i for i, name in enumerate(sorted(name for name, n in counts.items() if n >= RARE))}
    x = np.concatenate([_matrix(_told(row), index) for row in used])
    right = np.concatenate([[*_by_text(row, row.right), not row.given] for row in used]).astype(float)
    act = np.repeat(np.arange(len(used)), [len(_told(row)) for row in used])
    weight = np.array([GIVEN if row.given else 1.0 for row in used])
    w = _ascend(x, right, act, weight)
    return {name: round(float(w[i]), 3) for name, i in index.items() if abs(w[i]) >= 0.005}


def _by_text(row: Row, values: Sequence[bool]) -> list[bool]:
    return [value for value, option in zip(values, row.options, strict=True) if option.voice.word is not POINTED]


def _told(row: Row) -> list[Features]:
    return [*(option.features for option in row.options if option.voice.word is not POINTED), row.none]


def _matrix(told: Sequence[Features], index: dict[str, int]) -> NDArray[np.float32]:
    x = np.zeros((len(told), len(index)), dtype=np.float32)
    for k, features in enumerate(told):
        for name, value in features.items():
            if name in index:
                x[k, index[name]] = value
    return x


def _ascend(
    x: NDArray[np.float32], right: NDArray[np.float64], act: NDArray[np.int64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    w, first, second = (np.zeros(x.shape[1]) for _ in range(3))
    n = len(weight)
    for step in range(1, STEPS + 1):
        z = (x @ w.astype(np.float32)).astype(float)
        highest = np.full(n, -np.inf)
        np.maximum.at(highest, act, z)
        power = np.exp(z - highest[act])
        chance = power / np.bincount(act, power, n)[act]
        good = chance * right
        wanted = good / (np.bincount(act, good, n)[act] + 1e-12)
        gradient = x.T @ (weight[act] * (wanted - chance)).astype(np.float32) - RIDGE * w
        first = 0.9 * first + 0.1 * gradient
        second = 0.99 * second + 0.01 * gradient**2
        size = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        w = w + 0.1 * (1 - step / (STEPS + 1)) * size
    return w


def add_pointer(features: dict[str, float], rows: Sequence[Row]) -> Weights:
    """How much the pointer counts beside fitted weights: the likeliest point on held-out rows."""
    grid = itertools.product((0.0, 0.15, 0.3), (0.25, 0.5, 0.75))
    start = Weights(features=features, ruled=RULED, nobody=NOBODY)
    tried = [msgspec.structs.replace(start, pointed=p, unpointed=u) for p, u in grid]
    return max(tried, key=lambda weights: sum(_likelihood(row, weights) for row in rows))


def scores_of(row: Row, weights: Weights) -> list[float]:
    """The scores of the options and, last, of nobody, as `lapwing.attribution.choice` has them."""
    base = [
        sum(weights.features.get(n, 0.0) * v for n, v in told.items())
        for told in [*(o.features for o in row.options), row.none]
    ]
    base = [score + weights.ruled * right for score, right in zip(base, by_rules(row.options, row.ruled), strict=True)]
    for k, option in enumerate(row.options):
        base[k] += weights.pointed * math.log(max(option.pointed, LEAST) / LEAST)
    base[-1] += weights.nobody + (weights.unpointed * odds(row.share_of_none) if row.share_of_none is not None else 0.0)
    return base


def _likelihood(row: Row, weights: Weights) -> float:
    chances = shares(scores_of(row, weights))
    good = sum(chance for chance, right in zip(chances, row.right, strict=False) if right) if row.given else chances[-1]
    return (GIVEN if row.given else 1.0) * math.log(good + 0.01)


# ── how good ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def verdict(row: Row, weights: Weights) -> str:
    """What comes out of a row: right, or how it is wrong."""
    option, _, _ = best_of(row.options, shares(scores_of(row, weights)))
    if option is None:
        return "missed" if row.given else "right: none"
    if not row.given:
        return "spurious"
    return "right: given" if row.right[row.options.index(option)] else "other"


def tell(name: str, verdicts: Sequence[str]) -> None:
    """Print the share of right sources, of those that are given and of those that are not."""
    n = Counter(verdicts)
    given, none = n["right: given"] + n["missed"] + n["other"], n["right: none"] + n["spurious"]
    right = (n["right: given"] + n["right: none"]) / max(given + none, 1)
    print(
        f"{name:10s} {right:.3f} of {given + none}; given {n['right: given'] / max(given, 1):.3f} of {given}, "
        f"none {n['right: none'] / max(none, 1):.3f} of {none}; {dict(n)}",
        flush=True,
    )


def cross_validate(rows: Sequence[Row], folds: int) -> None:
    """Tell how good the weights are on articles that they were not fitted on; the pointer only on held-out ones."""
    plain: list[str] = []
    held: list[str] = []
    for k in range(folds):
        other = [row for row in rows if _fold(row.article, folds) != k]
        its = [row for row in rows if _fold(row.article, folds) == k]
        features = fit(other)
        plain += [verdict(row, Weights(features=features)) for row in its]
        weights = add_pointer(features, [row for row in other if held_out(row.article)])
        held += [verdict(row, weights) for row in its if held_out(row.article)]
    tell("no pointer", plain)
    tell("held out", held)


def _fold(article: str, folds: int) -> int:
    return int(hashlib.md5(article.encode(), usedforsecurity=False).hexdigest(), 16) % folds


def main() -> None:
    """Fit and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    given = parser.parse_args()
    rows = rows_of(prepare(given.gold, given.out / "gold.pkl", everything=True))
    print(f"{len(rows)} acts, {sum(row.given for row in rows)} with a source")
    if given.folds:
        cross_validate(rows, given.folds)
    held = [row for row in rows if held_out(row.article)]
    pointer = add_pointer(fit([row for row in rows if not held_out(row.article)]), held)
    weights = msgspec.structs.replace(pointer, features=fit(rows))
    tell("fitted", [verdict(row, weights) for row in rows])
    print(
        f"rules {weights.ruled}, pointer {weights.pointed} {weights.unpointed}, nobody {weights.nobody}, {len(weights.features)} features"
    )
    text = msgspec.json.format(msgspec.json.encode(weights, order="sorted"), indent=1).decode()
    FILE.write_text(text + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
