"""Fit how likely a proposed trigger is an act: ``python -m training.chances GOLD OUT``.

GOLD is a folder with ``docs`` and ``gold``. There are many articles that the event head was trained on, but it is surer of them than it
will ever be again; there are few that it was not (`training.gold.held_out`). The weights of ``chances.json`` are fitted on the many, and
then drawn to the few, as far as five folds of these ask for it. OUT keeps the analyses, in ``gold.pkl`` as `training.tune` does. Run it
after the model is replaced and before `training.tune`, which sets the line that an act must reach.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lapwing import events as events_stage
from lapwing.codebook import load_codebook
from lapwing.evaluation.gold import sentence_ranges
from lapwing.events import load_calibration
from lapwing.events.chances import chance, features_of
from lapwing.events.triggers import Act, proposals
from lapwing.trees import tree_of
from training.arguments import words_at
from training.gold import held_out
from training.tune import Prepared, Row, fit_logistic, prepare, write

RIDGES = (2.0, 8.0, 30.0, 100.0, 300.0)
NOISE = 0.02
"""About one standard error of F1 on so few articles: of ridges that differ by less, the strongest is taken (Breiman et al. 1984)."""


def rows_of(prepared: Sequence[Prepared]) -> list[Row]:
    """The features of each proposal, and whether it tells a gold event. Proposals that tell an optional one say nothing."""
    lines, codebook = load_calibration().triggers, load_codebook()
    rows: list[Row] = []
    for p in prepared:
        analysis, tree = p.analysis, tree_of(p.analysis)
        acts = proposals(analysis, tree, codebook, lines)
        events = sorted(p.raw["events"], key=lambda e: bool(e.get("optional")))
        told = tellers(acts, p, events)
        optional = {id(act) for act, event in zip(told, events, strict=True) if act and event.get("optional")}
        right = {id(act) for act in told if act} - optional
        found = zip(features_of(analysis, tree, acts), acts, strict=True)
        rows += [(f, id(act) in right) for f, act in found if id(act) not in optional]
    return rows


def tellers(acts: Sequence[Act], p: Prepared, events: Sequence[dict[str, Any]]) -> list[Act | None]:
    """For each gold event the likeliest proposal of its type in its trigger. No proposal tells two events."""
    ranges = sentence_ranges(p.raw["text"], p.raw["sentences"])
    used: set[int] = set()
    found = []
    for event in events:
        words = words_at(p, event["trigger"], ranges[event["sentence"]])
        inside = [a for a in acts if a.event == event["type"] and id(a) not in used and a.trigger.token in words]
        best = max(inside, key=lambda act: act.probability, default=None)
        used.add(id(best))
        found.append(best)
    return found


def best_f1(scores: Sequence[float], truths: Sequence[bool]) -> tuple[float, float]:
    """The best F1 at any line, and the line."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    hits = np.cumsum([truths[i] for i in order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + sum(truths))
    k = int(f1.argmax())
    return round(float(f1[k]), 4), round(scores[order[k]], 3)


def crossed(prepared: Sequence[Prepared], ridge: float, prior: Mapping[str, float], folds: int = 5) -> list[float]:
    """The chance of each proposal by weights fitted on the other articles."""
    parts = [rows_of([p]) for p in prepared]
    weights = [
        fit_logistic([row for j, rows in enumerate(parts) if j % folds != k for row in rows], ridge=ridge, prior=prior)
        for k in range(folds)
    ]
    return [chance(features, weights[k % folds]) for k, part in enumerate(parts) for features, _ in part]


def main() -> None:
    """Fit, tell, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    prepared = prepare(arguments.gold, arguments.out / "gold.pkl", everything=True)
    unseen = [p for p in prepared if held_out(p.raw["doc_id"])]
    judged = rows_of(unseen)
    truths = [truth for _, truth in judged]
    seen = fit_logistic(rows_of([p for p in prepared if not held_out(p.raw["doc_id"])]), ridge=2.0)
    print(f"the head's score: best F1 {best_f1([f['score'] for f, _ in judged], truths)}, {sum(truths)} acts")
    print(f"by the trained articles alone: best F1 {best_f1([chance(f, seen) for f, _ in judged], truths)}")
    reached = {ridge: best_f1(crossed(unseen, ridge, seen), truths) for ridge in RIDGES}
    for ridge, f1 in reached.items():
        print(f"drawn to the others, ridge {ridge}: best F1 {f1} on {len(truths)} proposals")
    most = max(f1 for f1, _ in reached.values())
    ridge = max(r for r, (f1, _) in reached.items() if f1 >= most - NOISE)
    write(fit_logistic(judged, ridge=ridge, prior=seen), "chances.json")
    print(f"wrote {Path(events_stage.__file__).parent / 'chances.json'}, ridge {ridge}")


if __name__ == "__main__":
    main()
