"""Five-fold cross-validation of the pair head on PLV, with the packaged model's own recipe and 8-bit weights.

    python -m training.plv_folds ROOT OUT

Starts from the ``base`` checkpoint in OUT, which has seen no pairs. First events and pairs that are not PLV's (gold and written
articles, ConfliBERT's sentences, WikiEvents negatives), once for all folds; then, for each fold, the other four fifths of PLV. A fold
is measured by `lapwing.evaluation.plv` on the exported 8-bit model; the figures are macro-F1 over all 1,050 pairs.
"""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from lapwing.analysis import load_model, pair_scores
from lapwing.evaluation.corpora import marked_pair, read_pairs
from lapwing.evaluation.plv import QUAD, pair_figures
from training import corpora
from training.export import write_model
from training.gold import event_passages, pair_passages
from training.train import WRITTEN, Plan, run

OTHERS = Plan(epochs=2, tokens=1536, encoder_rate=2e-4, head_rate=1e-3, warm=0.1, floor=0.3)
FOLD = Plan(epochs=6, tokens=1024, encoder_rate=2.5e-4, head_rate=1.5e-3, warm=0.1, floor=0.0)
FOLDS = 5


def fold_of(count: int) -> list[int]:
    """The fold of each row, shuffled once."""
    numbers = [i % FOLDS for i in range(count)]
    random.Random(7).shuffle(numbers)
    return numbers


def other_pairs(root: Path, parser: Path) -> list[corpora.Passage]:
    """Gold and written articles with their events, and pairs that are not PLV's."""
    model = load_model(parser)
    articles = [*event_passages(root / "gold/train", model), *event_passages(WRITTEN, model)]
    return [
        *articles,
        *pair_passages(articles),
        *corpora.read_pairs(root / "data/wikievents_pairs/train.tsv", negatives=True),
        *(replace(p, weight=0.5) for p in corpora.read_cameo(root / "data/cameo_st/train.jsonl")),
    ]


def main() -> None:
    """Run all folds; a fold that is done is not run again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    table = arguments.root / "data/plv/train.tsv"
    rows = list(read_pairs(table))
    folds = fold_of(len(rows))
    passages = list(corpora.read_pairs(table))
    out = arguments.out / "plv"
    if not (out / "others.done").exists():
        run(
            "others",
            other_pairs(arguments.root, arguments.out / "base-model"),
            out,
            start_from=arguments.out / "base.pt",
            plan=OTHERS,
        )
        (out / "others.done").touch()
    items: list[dict[str, Any]] = []
    for fold in range(FOLDS):
        done = out / f"fold{fold}.json"
        if not done.exists():
            train = [p for p, f in zip(passages, folds, strict=True) if f != fold]
            run(f"fold{fold}", train, out, start_from=out / "others.pt", plan=FOLD)
            write_model(out / f"fold{fold}.pt", out / f"fold{fold}-model")
            test = [r for r, f in zip(rows, folds, strict=True) if f == fold]
            done.write_text(json.dumps(predict(test, out / f"fold{fold}-model")), encoding="utf8")
        items += json.loads(done.read_text(encoding="utf8"))
        print(f"after fold {fold}: {pair_figures(items)}", flush=True)


def predict(rows: list[dict[str, str]], folder: Path) -> list[dict[str, Any]]:
    """Gold and predicted type of each row."""
    model = load_model(folder)
    kinds = model.labels["pairs"]
    items = []
    for row in rows:
        scores, _ = pair_scores(*marked_pair(row["marked_sentence"]), model)
        best = max((k for k in range(len(kinds)) if kinds[k] in QUAD), key=lambda k: float(scores[k]))
        items.append(
            {"gold": row["root"], "gold_quad": int(row["quad"]), "pred": kinds[best], "pred_quad": QUAD[kinds[best]]}
        )
    return items


if __name__ == "__main__":
    main()
