"""Measure the float and the 8-bit model side by side and write the model card.

    python -m training.card ROOT OUT

ROOT holds ``data`` and ``gold``; OUT the blended checkpoint (``packaged.pt``), and ``plv/fold*.json`` where `training.plv_folds` has
run. The float model is exported into OUT; the 8-bit one is the packaged one. Figures go to ``card.json`` in OUT and, with `card.md`
around them, to ``src/lapwing/model/README.md``. With ``--reuse`` the figures of the last run are written again.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from lapwing.analysis import load_model
from lapwing.analysis.network import Model
from lapwing.evaluation.factuality import evaluate_factuality
from lapwing.evaluation.ner import evaluate_ner
from lapwing.evaluation.plv import pair_figures
from lapwing.evaluation.polnear import evaluate_polnear
from lapwing.evaluation.ud import evaluate_ud
from training.export import write_model

PACKAGED = Path(__file__).parents[1] / "src/lapwing/model"
FIGURES = (
    ("Part of speech, EWT dev, gold tokens", "UPOS accuracy", "ud", "upos"),
    ("Tree, EWT dev, gold tokens", "LAS (full relations)", "ud", "las"),
    ("", "LAS (universal relations)", "ud", "las_universal"),
    ("", "UAS", "ud", "uas"),
    ("Lemmas, EWT dev, predicted tags", "accuracy", "ud", "lemma"),
    ("Named entities, UNER EWT dev", "F1", "ner", "f1"),
    ("Attribution, PolNeAR dev", "content, token F1", "polnear", "content_f1"),
    ("", "cue, token F1", "polnear", "cue_f1"),
    ("", "source, token F1", "polnear", "source_f1"),
    ("Factuality, UW dev", "Pearson r", "uw", "pearson_r"),
    ("", "MAE", "uw", "mae"),
    ("Factuality, MEANTIME dev", "Pearson r", "meantime", "pearson_r"),
    ("", "MAE", "meantime", "mae"),
)


def measure(model: Model, data: Path) -> dict[str, dict[str, Any]]:
    """The figures of one model on the development sets."""
    return {
        "ud": evaluate_ud(data / "ud/en_ewt-dev.conllu", model=model)[0],
        "ner": evaluate_ner(data / "uner_en_ewt-dev.iob2", model=model)[0],
        "polnear": evaluate_polnear(data / "polnear/dev", model=model)[0],
        "uw": evaluate_factuality(data / "factuality/uw-dev.jsonl", model=model)[0],
        "meantime": evaluate_factuality(data / "factuality/meantime-dev.jsonl", model=model)[0],
    }


def table(float_: dict[str, Any], bytes_: dict[str, Any]) -> str:
    """The figures as a Markdown table."""
    rows = ["| what | figure | float | 8-bit |", "|---|---|---|---|"]
    rows += [f"| {what} | {name} | {float_[s][k]:.4f} | {bytes_[s][k]:.4f} |" for what, name, s, k in FIGURES]
    return "\n".join(rows)


def folds(out: Path) -> str:
    """The cross-validated figures of the pair head."""
    items = [i for f in sorted((out / "plv").glob("fold*.json")) for i in json.loads(f.read_text(encoding="utf8"))]
    if not items:
        return "not measured"
    f = pair_figures(items)
    return f"root macro-F1 {f['root_macro_f1']:.4f}, quad macro-F1 {f['quad_macro_f1']:.4f} over {f['pairs']} pairs"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reuse", action="store_true")
    arguments = parser.parse_args()
    kept = arguments.out / "card.json"
    if not arguments.reuse:
        write_model(arguments.out / "packaged.pt", arguments.out / "float-model", quantize=False)
        models = {"float": load_model(arguments.out / "float-model"), "8-bit": load_model()}
        figures = {name: measure(model, arguments.root / "data") for name, model in models.items()}
        kept.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf8")
    figures = json.loads(kept.read_text(encoding="utf8"))
    text = Path(__file__).with_name("card.md").read_text(encoding="utf8")
    text = text.replace("{{table}}", table(figures["float"], figures["8-bit"])).replace(
        "{{folds}}", folds(arguments.out)
    )
    text = text.replace("{{name}}", load_model().name)
    (PACKAGED / "README.md").write_text(text, encoding="utf8")
    print(text)


if __name__ == "__main__":
    main()
