"""``lapwing evaluate factuality``: certainty of marked predicates, −3 (certainly not) … +3 (certainly)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from lapwing.analysis import Model, analyse_words
from lapwing.errors import EvaluationError
from lapwing.evaluation.corpora import read_json_lines


def evaluate_factuality(path: Path, *, model: Model) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Pearson r and mean absolute error over all marked words; one item per sentence with `gold` and `pred` per mark."""
    items = []
    for row in read_json_lines(path):
        if "text" not in row or "targets" not in row:
            raise EvaluationError(
                f"{path}: a line lacks 'text' or 'targets'. Give a file as the factuality sets have it."
            )
        words = row["text"].split()
        values = analyse_words(words, [0] * len(words), model).factuality
        where = [min(t["span1"][0], len(words) - 1) for t in row["targets"]]
        gold = [float(t["label"]) for t in row["targets"]]
        items.append({"text": row["text"], "words": where, "gold": gold, "pred": [values[i] for i in where]})
    gold_all = np.array([g for i in items for g in i["gold"]])
    said_all = np.array([p for i in items for p in i["pred"]])
    if len(gold_all) < 2:
        raise EvaluationError(f"{path}: fewer than two marked words: nothing to correlate.")
    r = float(np.corrcoef(gold_all, said_all)[0, 1]) if said_all.std() and gold_all.std() else 0.0
    mae = float(np.abs(gold_all - said_all).mean())
    return {"pearson_r": round(r, 4), "mae": round(mae, 4), "targets": len(gold_all), "sentences": len(items)}, items
