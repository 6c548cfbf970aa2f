"""Fit how likely a proposed trigger is an act: ``python -m training.chances GOLD OUT``.

GOLD is a folder with ``docs`` and ``gold``. Fits ``chances.json`` on the articles that the event head was trained on
and prints what it does on the others (`training.gold.held_out`). OUT keeps the analyses. Run it after the model is
replaced and before `training.tune`, which sets the line that an act must reach.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lapwing import events as events_stage
from lapwing.analysis import analyse, load_model
from lapwing.codebook import load_codebook
from lapwing.document import build_document
from lapwing.events import load_calibration
from lapwing.events.chances import chance, features_of
from lapwing.events.triggers import Act, proposals
from lapwing.records import Analysis, Article, Document
from lapwing.repair import repair
from lapwing.trees import tree_of
from training.gold import held_out, read_articles
from training.tune import Row, fit_logistic, write

Read = tuple[dict[str, Any], Document, Analysis]


def read_all(folder: Path, cache: Path) -> list[Read]:
    """All gold articles, analysed (from `cache` where it is there)."""
    if cache.exists():
        return pickle.loads(cache.read_bytes())  # type: ignore[no-any-return]
    model = load_model()
    found = []
    for raw in read_articles(folder):
        article = Article(id=raw["doc_id"], text=raw["text"], published=raw.get("published"))
        document = build_document(article, repair(article.text))
        found.append((raw, document, analyse(document, model)))
    cache.write_bytes(pickle.dumps(found))
    return found


def rows_of(reads: Sequence[Read]) -> list[Row]:
    """The features of each proposal, and whether it is the best one of its type in a gold trigger."""
    lines, codebook = load_calibration().triggers, load_codebook()
    rows: list[Row] = []
    for raw, document, analysis in reads:
        tree = tree_of(analysis)
        acts = proposals(analysis, tree, codebook, lines)
        right = {id(best_of(acts, analysis, document, event)) for event in raw["events"]}
        rows += [(f, id(a) in right) for f, a in zip(features_of(analysis, tree, acts), acts, strict=True)]
    return rows


def best_of(acts: Sequence[Act], analysis: Analysis, document: Document, event: dict[str, Any]) -> Act | None:
    """The likeliest proposal within a gold trigger that has its type."""
    start = document.text.find(event["trigger"])
    end = start + len(event["trigger"])
    inside = [
        a
        for a in acts
        if start <= analysis.tokens[a.trigger.token].start < end and a.event == event["type"] and start >= 0
    ]
    return max(inside, key=lambda a: a.probability, default=None)


def best_f1(scores: Sequence[float], truths: Sequence[bool]) -> tuple[float, float]:
    """The best F1 at any line, and the line."""
    order = sorted(range(len(scores)), key=lambda i: -scores[i])
    hits = np.cumsum([truths[i] for i in order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + sum(truths))
    k = int(f1.argmax())
    return round(float(f1[k]), 4), round(scores[order[k]], 3)


def main() -> None:
    """Fit, tell, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    reads = read_all(arguments.gold, arguments.out / "chances.pkl")
    weights = fit_logistic(rows_of([r for r in reads if not held_out(r[0]["doc_id"])]), ridge=2.0)
    judged = rows_of([r for r in reads if held_out(r[0]["doc_id"])])
    truths = [truth for _, truth in judged]
    for name, scores in (
        ("the head's score", [f["score"] for f, _ in judged]),
        ("weighed", [chance(f, weights) for f, _ in judged]),
    ):
        print(f"{name}: best F1 {best_f1(scores, truths)} on {len(truths)} proposals, {sum(truths)} acts")
    write(weights, "chances.json")
    print(f"wrote {Path(events_stage.__file__).parent / 'chances.json'}")


if __name__ == "__main__":
    main()
