"""Fit what chooses the date of an act, on annotated articles.

    python -m training.dates GOLD OUT

GOLD is a folder with ``docs`` and ``gold``. The weights of the features are fitted on all of its articles, since features hold
nothing that the event head learnt (`lapwing.dates.candidates`); prints what they give in eight folds. How much the head's own
pointer counts, and how much "no date" is favoured, is set on the articles that the model was not trained on
(`training.gold.held_out`), with weights fitted on the others. Writes ``choice.json`` into the package.

OUT keeps the analyses, in ``gold.pkl`` as `training.tune` does.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from lapwing.dates import choice as choice_stage
from lapwing.dates.candidates import Candidate, Scene, candidates_of, none_features
from lapwing.dates.choice import Choice, Weights, choose
from lapwing.dates.events import read_scene
from lapwing.dates.values import value_of_time
from lapwing.records import Frame
from training.gold import held_out
from training.tune import Prepared, gold_acts, prepare

FOLDS = 8
RIDGE = 1.0
RAREST = 8
"""A feature of fewer options has no weight."""
INVENTED = 0.5
"""What a date where people gave none costs, against the gain of a right one. Such a date is mostly that of the sentence before, which
may well be true."""


class Act(NamedTuple):
    """A gold act: its candidates, which of them are right ("no date" last), and the date that people gave."""

    doc_id: str
    scene: Scene
    frame: Frame
    candidates: tuple[Candidate, ...]
    nothing: dict[str, float]
    right: tuple[bool, ...]
    gold: str | None


def acts_of(p: Prepared) -> Iterator[Act]:
    """The acts of an article at the triggers that people marked, less those whose date they disputed."""
    scene = read_scene(p.document, p.analysis)
    for act, event in gold_acts(p):
        if event.get("date_disputed"):
            continue
        token = act.trigger.token
        frame = Frame(
            token=token, tokens=act.trigger.tokens, sentence=p.analysis.tokens[token].sentence, event=event["type"],
            mode=None, contexts=(), actors=(), recipients=(), unknown_actor=False, magnitude=(),
            probability=act.trigger.score, trigger=act.trigger, reasons=(),
        )  # fmt: skip
        candidates = tuple(candidates_of(scene, frame))
        nothing = none_features(scene, frame, candidates)
        right = (*_right(scene, candidates, event.get("date")), not event.get("date"))
        yield Act(p.raw["doc_id"], scene, frame, candidates, nothing, right, (event.get("date") or {}).get("value"))


def _right(scene: Scene, candidates: Sequence[Candidate], date: dict[str, Any] | None) -> list[bool]:
    """Which candidates give the value; where none does, those that stand in the words which people marked."""
    if not date:
        return [False] * len(candidates)
    told = date.get("text") or ""
    text, at, spans = scene.document.text, -1, []
    while told and (at := text.find(told, at + 1)) >= 0:
        spans.append((at, at + len(told)))
    marked = [any(c.placed.time.start < b and a < c.placed.time.end for a, b in spans) for c in candidates]
    values = [value_of_time(scene.document, scene.planted, c.placed) for c in candidates]
    fits = [bool(v and v.value == date["value"]) or (v is None and m) for v, m in zip(values, marked, strict=True)]
    return fits if any(fits) else marked


# ── the weights of the features ───────────────────────────────────────────────────────────────────────────────────────


def fit(acts: Sequence[Act], *, steps: int = 300) -> dict[str, float]:
    """Conditional logit with a ridge: the weights that give the right options most of the chance."""
    counts = Counter(name for act in acts for option in _options(act) for name in option)
    index = {name: i for i, name in enumerate(sorted(n for n, k in counts.items() if k >= RAREST))}
    usable = [act for act in acts if any(act.right)]
    x = np.concatenate([_matrix(act, index) for act in usable])
    right = np.concatenate([np.array(act.right, dtype=float) for act in usable])
    sizes = np.array([len(act.right) for act in usable])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    group = np.repeat(np.arange(len(usable)), sizes)
    w, speed = np.zeros(len(index)), np.zeros(len(index))
    for _ in range(steps):
        z = x @ w
        p = np.exp(z - np.maximum.reduceat(z, starts)[group])
        p /= np.add.reduceat(p, starts)[group]
        q = p * right
        q /= np.maximum(np.add.reduceat(q, starts), 1e-12)[group]
        speed = 0.9 * speed + (x.T @ (q - p) - RIDGE * w) / len(usable)
        w = w + 0.3 * speed
    return {name: round(float(w[i]), 3) for name, i in index.items()}


def _options(act: Act) -> Iterator[Any]:
    yield from (c.features for c in act.candidates)
    yield act.nothing


def _matrix(act: Act, index: dict[str, int]) -> NDArray[np.float64]:
    x = np.zeros((len(act.right), len(index)))
    for k, option in enumerate(_options(act)):
        for name, value in option.items():
            if name in index:
                x[k, index[name]] = value
    return x


# ── how it does ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Tally(NamedTuple):
    """Of acts with a date: how many, with the right one, with one at all; of acts without: how many, with one."""

    dated: int = 0
    right: int = 0
    given: int = 0
    undated: int = 0
    invented: int = 0

    def told(self) -> str:
        """In a line."""
        return (
            f"right {self.right / max(self.dated, 1):.3f} of {self.dated} dated, "
            f"given {self.given / max(self.dated, 1):.3f}; "
            f"given {self.invented / max(self.undated, 1):.3f} of {self.undated} undated; "
            f"precision {self.right / max(self.given + self.invented, 1):.3f}"
        )


def tally(acts: Sequence[Act], weights: Sequence[Weights]) -> Tally:
    """Right and wrong dates, each act judged with its own weights."""
    told = [
        (act, told_value(act, choose(act.frame, act.candidates, act.nothing, w)))
        for act, w in zip(acts, weights, strict=True)
    ]
    dated = [(act.gold, value) for act, value in told if act.gold]
    rest = [value for act, value in told if not act.gold]
    return Tally(
        dated=len(dated),
        right=sum(gold == value for gold, value in dated),
        given=sum(value is not None for _, value in dated),
        undated=len(rest),
        invented=sum(value is not None for value in rest),
    )


def told_value(act: Act, choice: Choice) -> str | None:
    """The value that a choice gives the record."""
    value = value_of_time(act.scene.document, act.scene.planted, choice.best.placed) if choice.best else None
    return value.value if value else None


def fold_of(doc_id: str) -> int:
    """The fold of an article, the same in every run."""
    return hashlib.sha256(f"fold {doc_id}".encode()).digest()[0] % FOLDS


def cross_weights(acts: Sequence[Act]) -> list[dict[str, float]]:
    """For each act the weights that were fitted without its fold."""
    fitted = [fit([act for act in acts if fold_of(act.doc_id) != k]) for k in range(FOLDS)]
    return [fitted[fold_of(act.doc_id)] for act in acts]


def fit_head(acts: Sequence[Act], features: Sequence[dict[str, float]]) -> tuple[float, float]:
    """How much the head counts and how much "no date" is favoured, by grid on articles that the model has not seen."""
    best, lines = -1e9, (0.0, 0.0)
    for head, none in itertools.product((0.0, 0.2, 0.35, 0.5, 0.65), (0.0, -0.4, -0.8, -1.2, -1.6, -2.0)):
        found = tally(acts, [Weights(features=f, head=head, none=none) for f in features])
        gain = found.right - INVENTED * found.invented
        if gain > best:
            best, lines = gain, (head, none)
    return lines


def main() -> None:
    """Fit, report, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    acts = [act for p in prepare(options.gold, options.out / "gold.pkl", everything=True) for act in acts_of(p)]
    crossed = cross_weights(acts)
    unseen = [k for k, act in enumerate(acts) if held_out(act.doc_id)]
    head, none = fit_head([acts[k] for k in unseen], [crossed[k] for k in unseen])
    rules_alone = [Weights(features=f, head=0.0, none=-0.8) for f in crossed]
    both = [Weights(features=crossed[k], head=head, none=none) for k in unseen]
    known = [k for k, act in enumerate(acts) if act.scene.document.published.value]
    print(f"features alone, in folds: {tally(acts, rules_alone).told()}")
    print(f"   publication known: {tally([acts[k] for k in known], [rules_alone[k] for k in known]).told()}")
    print(f"with the head ({head}, no date {none}), held out: {tally([acts[k] for k in unseen], both).told()}")
    both_known = [Weights(features=crossed[k], head=head, none=none) for k in unseen if k in set(known)]
    print(f"   publication known: {tally([acts[k] for k in unseen if k in set(known)], both_known).told()}")
    weights = Weights(features=fit(acts), head=head, none=none)
    path = Path(choice_stage.__file__).parent / "choice.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(weights), indent=1) + b"\n")


if __name__ == "__main__":
    main()
