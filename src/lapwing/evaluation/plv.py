"""``lapwing evaluate plv``: PLOVER root type and quad class of a marked source–target pair (Hu et al. 2024)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lapwing.analysis import Model, pair_scores
from lapwing.evaluation.corpora import marked_pair, read_pairs

QUAD = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "COOPERATE": 2, "AID": 2, "YIELD": 2, "REQUEST": 3, "ACCUSE": 3, "REJECT": 3,
    "THREATEN": 3, "PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4,
}  # fmt: skip
"""The benchmark's own quad classes of its 15 root types."""


def evaluate_plv(path: Path, *, model: Model) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Macro-F1 and accuracy over the root types and quad classes that the file has; one item per row."""
    kinds = model.labels["pairs"]
    items = []
    for row in read_pairs(path):
        words, marks = marked_pair(row["marked_sentence"])
        scores, _ = pair_scores(words, marks, model)
        best = max((k for k in range(len(kinds)) if kinds[k] in QUAD), key=lambda k: float(scores[k]))
        items.append(
            {
                "sentence": row.get("sentence"),
                "source": row.get("source"),
                "target": row.get("target"),
                "gold": row.get("root"),
                "gold_quad": int(row["quad"]) if row.get("quad") else None,
                "pred": kinds[best],
                "pred_quad": QUAD[kinds[best]],
                "score": round(float(scores[best]), 4),
            }
        )
    return pair_figures(items), items


def pair_figures(items: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The figures of predicted pairs."""
    roots = [(i["gold"], i["pred"]) for i in items]
    quads = [(i["gold_quad"], i["pred_quad"]) for i in items]
    return {
        "root_macro_f1": macro_f1(roots),
        "root_accuracy": round(sum(g == p for g, p in roots) / max(len(roots), 1), 4),
        "quad_macro_f1": macro_f1(quads),
        "quad_accuracy": round(sum(g == p for g, p in quads) / max(len(quads), 1), 4),
        "pairs": len(items),
    }


def macro_f1(pairs: Sequence[tuple[Any, Any]]) -> float:
    """The mean F1 over the classes that occur in gold, of (gold, predicted) pairs.

    >>> macro_f1([("a", "a"), ("a", "b"), ("b", "b")])
    0.6667
    """
    gold, said, right = (
        Counter(g for g, _ in pairs),
        Counter(p for _, p in pairs),
        Counter(g for g, p in pairs if g == p),
    )
    scores = [2 * right[c] / (gold[c] + said[c]) for c in gold]
    return round(sum(scores) / len(scores), 4) if scores else 0.0
