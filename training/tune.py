"""Fit what stands between the model and the record, on the gold articles.

    python -m training.tune GOLD OUT

GOLD is a folder with ``docs`` and ``gold``. Fits, in this order, the weights of `lapwing.events.arguments` (`training.arguments`: cues
on all gold and written articles, heads on those that training held out), the lines for acts (grid, by sourced and dyad F1) and the
calibration of confidence, both on the held-out articles and by cues fitted without them; writes them into the package. OUT keeps the
analyses: empty it for a new model.
"""

from __future__ import annotations

import argparse
import itertools
import pickle
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from lapwing import events as events_stage
from lapwing.actors import resolve_actors
from lapwing.analysis import analyse, load_model
from lapwing.codebook import load_codebook
from lapwing.document import build_document
from lapwing.evaluation.gold import GoldArticle, figures_of, same_dyad, sentence_ranges, told_of_gold, told_of_record
from lapwing.events import arguments, triggers
from lapwing.events.triggers import Act, find_acts
from lapwing.exports import record_of
from lapwing.mentions import find_mentions
from lapwing.pipeline import finish
from lapwing.records import Actor, Analysis, Article, Document, Mention
from lapwing.repair import repair
from lapwing.trees import tree_of
from training.arguments import choose_all, fit_arguments, words_at
from training.gold import held_out, read_articles

PACKAGE = Path(events_stage.__file__).parent
WRITTEN = Path(__file__).parent / "written"


@dataclass
class Prepared:
    """An article as far as the stages before `events`."""

    raw: dict[str, Any]
    document: Document
    analysis: Analysis
    mentions: tuple[Mention, ...]
    actors: tuple[Actor, ...]
    model: str


def prepare(folder: Path, cache: Path, *, everything: bool = False) -> list[Prepared]:
    """The held-out articles, or all of them, analysed (from `cache` where it is there)."""
    if cache.exists():
        return pickle.loads(cache.read_bytes())  # type: ignore[no-any-return]
    model = load_model()
    out = []
    for raw in read_articles(folder):
        if everything or held_out(raw["doc_id"]):
            article = Article(id=raw["doc_id"], text=raw["text"], published=raw.get("published"))
            document = build_document(article, repair(article.text))
            analysis = analyse(document, model)
            mentions = find_mentions(document, analysis)
            actors = resolve_actors(document, analysis, mentions)
            out.append(Prepared(raw, document, analysis, mentions, actors, model.name))
    cache.write_bytes(pickle.dumps(out))
    return out


# ── arguments ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def gold_acts(p: Prepared) -> Iterator[tuple[Act, dict[str, Any]]]:
    """The model's act at each gold trigger (with its gold event), however unsure the model is of it."""
    tree = tree_of(p.analysis)
    lines = triggers.Weights(threshold=0.0, unlisted=0.0)
    acts = find_acts(p.analysis, tree, load_codebook(), lines)
    ranges = sentence_ranges(p.raw["text"], p.raw["sentences"])
    for event in p.raw["events"]:
        words = words_at(p, event["trigger"], ranges[event["sentence"]])
        inside = [a for a in acts if a.trigger.token in words]
        if inside:
            yield max(inside, key=lambda a: a.probability), event


Row = tuple[dict[str, float], bool]


def fit_logistic(
    rows: Sequence[Row], *, ridge: float = 1.0, prior: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Logistic regression by Newton steps; the ridge draws the weights towards those of `prior`, or towards zero."""
    known = prior or {}
    names = sorted({name for features, _ in rows for name in features} | known.keys())
    x = np.array([[features.get(n, 0.0) for n in names] for features, _ in rows])
    y = np.array([truth for _, truth in rows], dtype=float)
    weights = _newton(x, y, ridge, np.array([known.get(n, 0.0) for n in names]))
    return {n: round(float(w), 3) for n, w in zip(names, weights, strict=True)}


def _newton(
    x: NDArray[np.float64], y: NDArray[np.float64], ridge: float, centre: NDArray[np.float64]
) -> NDArray[np.float64]:
    w = centre.copy()
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + ridge * (w - centre)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


# ── acts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def records(p: Prepared, lines: triggers.Weights, weights: arguments.Weights) -> list[dict[str, Any]]:
    """The records of a prepared article."""
    frames = events_stage.find_events(p.document, p.analysis, p.mentions, p.actors, lines=lines, weights=weights)
    article = Article(id=p.raw["doc_id"], text=p.raw["text"], published=p.raw.get("published"))
    coded = finish(article, p.document, p.analysis, p.mentions, p.actors, frames, p.model)
    return [record_of(e) for e in coded.events]


ALIKE = 0.01
"""Lines whose score differs by less are taken for equal: the score of so few articles tells no more."""


def tune_lines(prepared: Sequence[Prepared], weights: arguments.Weights) -> triggers.Weights:
    """The threshold of acts and the codebook's share, by the mean of dyad and sourced F1; among equals the lowest threshold, since a
    record too many is seen and struck out, one too few is never missed."""
    gold = [GoldArticle(p.raw, p.raw["events"]) for p in prepared]
    tried = []
    for threshold, unlisted, share in itertools.product((0.15, 0.2, 0.25, 0.3, 0.35, 0.4), (0.0, 0.08), (0.2, 0.35)):
        lines = triggers.Weights(threshold=threshold, unlisted=unlisted, codebook=share)
        figures = figures_of(gold, [records(p, lines, weights) for p in prepared])
        tried.append(((figures["dyad"]["f1"] + figures["sourced"]["f1"]) / 2, lines))
        print(
            f"{lines} {figures['detect']['f1']:.3f} {figures['dyad']['f1']:.3f} {figures['sourced']['f1']:.3f}",
            flush=True,
        )
    enough = max(score for score, _ in tried) - ALIKE
    return min((t for t in tried if t[0] >= enough), key=lambda t: (t[1].threshold, t[1].unlisted, -t[0]))[1]


def calibrate(
    prepared: Sequence[Prepared], lines: triggers.Weights, weights: arguments.Weights
) -> events_stage.Calibration:
    """Confidence: the chance that a record's dyad is right, from its scores."""
    rows: list[Row] = []
    for p in prepared:
        ranges = _ranges(p)
        gold = [told_of_gold(e) for e in p.raw["events"]]
        for frame, record in zip(
            events_stage.find_events(p.document, p.analysis, p.mentions, p.actors, lines=lines, weights=weights),
            records(p, lines, weights),
            strict=True,
        ):
            told = told_of_record(record, ranges)
            right = any(
                g.type == told.type and abs(g.sentence - told.sentence) <= 1 and same_dyad(told, g) for g in gold
            )
            rows.append((events_stage.confidence_features(frame), right))
    return events_stage.Calibration(confidence=fit_logistic(rows, ridge=2.0), triggers=lines)


def _ranges(p: Prepared) -> list[tuple[int, int]]:
    return sentence_ranges(p.raw["text"], p.raw["sentences"])


def write(value: Any, name: str) -> None:
    """Write a struct into the package as indented JSON."""
    text = msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1).decode()
    (PACKAGE / name).write_text(text + "\n", encoding="utf8")


def write_rows(value: Any, name: str) -> None:
    """Write a struct of long tables into the package as JSON with a line for each row."""
    text = msgspec.json.encode(value, order="sorted").decode()
    for mark in ('],"', '},"', '{"'):
        text = text.replace(mark, mark[:-1] + '\n"')
    text = re.sub(r'(?<=\d),"', ',\n"', text)
    (PACKAGE / name).write_text(text + "\n", encoding="utf8")


def main() -> None:
    """Fit everything and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    arguments_ = parser.parse_args()
    gold = prepare(arguments_.gold, arguments_.out / "gold.pkl", everything=True)
    written = prepare(WRITTEN, arguments_.out / "written.pkl", everything=True)
    prepared = [p for p in gold if held_out(p.raw["doc_id"])]
    print(f"{len(gold)} gold and {len(written)} written articles; {len(prepared)} held out")
    packaged, weights = fit_arguments([*gold, *written])
    write_rows(packaged, "arguments.json")
    told = "with cues fitted on the other articles, held-out dyads right {:.3f}, parties in a filled role {:.2f}"
    print(told.format(*choose_all(prepared, weights)))
    lines = tune_lines(prepared, weights)
    write(calibrate(prepared, lines, weights), "calibration.json")


if __name__ == "__main__":
    main()
