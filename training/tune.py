"""Fit what stands between the model and the record, on the gold articles that training never saw.

    python -m training.tune GOLD OUT

GOLD is a folder with ``docs`` and ``gold``; only its held-out articles are used (`training.gold.held_out`). Fits, in this order,
the weights of `lapwing.events.arguments` (logistic regression on candidates of gold triggers), the lines for fillers and for acts
(grid, by sourced and dyad F1), and the calibration of confidence; writes them into the package. OUT keeps the analyses.
"""

from __future__ import annotations

import argparse
import itertools
import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from lapwing import events as events_stage
from lapwing.actors import resolve_actors
from lapwing.analysis import analyse, load_model
from lapwing.codebook import load_codebook
from lapwing.document import build_document
from lapwing.evaluation.gold import GoldArticle, figures_of, same_dyad, same_parties, told_of_gold, told_of_record
from lapwing.events import arguments, triggers
from lapwing.events.triggers import Act, find_acts
from lapwing.exports import record_of
from lapwing.mentions import find_mentions
from lapwing.pipeline import finish
from lapwing.records import Actor, Analysis, Article, Document, Mention
from lapwing.repair import repair
from lapwing.trees import tree_of
from training.gold import held_out, read_articles

PACKAGE = Path(events_stage.__file__).parent


@dataclass
class Prepared:
    """An article as far as the stages before `events`."""

    raw: dict[str, Any]
    document: Document
    analysis: Analysis
    mentions: tuple[Mention, ...]
    actors: tuple[Actor, ...]
    model: str


def prepare(folder: Path, cache: Path) -> list[Prepared]:
    """The held-out articles, analysed (from `cache` where it is there)."""
    if cache.exists():
        return pickle.loads(cache.read_bytes())  # type: ignore[no-any-return]
    model = load_model()
    out = []
    for raw in read_articles(folder):
        if held_out(raw["doc_id"]):
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
    for event in p.raw["events"]:
        start = p.document.text.find(event["trigger"])
        end = start + len(event["trigger"])
        inside = [a for a in acts if start <= p.analysis.tokens[a.trigger.token].start < end]
        if start >= 0 and inside:
            yield max(inside, key=lambda a: a.probability), event


Row = tuple[dict[str, float], bool]


class Choice(NamedTuple):
    """A role of a gold act: the features of each candidate, of "nobody" last, and which of them are right."""

    options: list[dict[str, float]]
    right: list[bool]


def choices(prepared: Sequence[Prepared], role: str) -> list[Choice]:
    """The competitions for a role in all gold acts; for the recipient, without the gold actors."""
    found = []
    for p in prepared:
        tree = tree_of(p.analysis)
        for act, event in gold_acts(p):
            gold = told_of_gold(event)
            wanted, others = (gold.actors, gold.recipients) if role == "actor" else (gold.recipients, gold.actors)
            options, right = [], []
            for c in arguments.find_candidates(p.analysis, tree, p.mentions, p.actors, act):
                told = told_of_gold({**event, "actors": _named(p, [c.mention])}).actors
                fits = bool(wanted) and same_parties(told, wanted)
                if role == "recipient" and not fits and others and same_parties(told, others):
                    continue
                options.append(c.features[role])
                right.append(fits)
            found.append(Choice([*options, arguments.none_features(act, role)], [*right, not wanted]))
    return [c for c in found if any(c.right)]


def fit_choices(found: Sequence[Choice], *, ridge: float = 1.0, rare: int = 8, steps: int = 300) -> dict[str, float]:
    """Conditional logit: the weights that give the right options most of the chance (gradient steps with momentum)."""
    counts = Counter(name for c in found for option in c.options for name in option)
    kept = sorted(n for n, k in counts.items() if k >= rare or not n.startswith("rel="))
    index = {n: i for i, n in enumerate([*kept, "rel=other"])}
    matrices = []
    for c in found:
        x = np.zeros((len(c.options), len(index)))
        for k, option in enumerate(c.options):
            for name, value in option.items():
                x[k, index.get(name, index["rel=other"])] = value
        matrices.append((x, np.array(c.right, dtype=float)))
    w, speed = np.zeros(len(index)), np.zeros(len(index))
    for _ in range(steps):
        gradient = -ridge * w
        for x, right in matrices:
            z = x @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            q = p * right
            gradient += x.T @ (q / max(q.sum(), 1e-12) - p)
        speed = 0.9 * speed + gradient / len(matrices)
        w = w + 0.15 * speed
    return {n: round(float(w[i]), 3) for n, i in index.items()}


def fit_logistic(rows: Sequence[Row], *, ridge: float = 1.0) -> dict[str, float]:
    """Ridge logistic regression by Newton steps."""
    names = sorted({name for features, _ in rows for name in features})
    x = np.array([[features.get(n, 0.0) for n in names] for features, _ in rows])
    y = np.array([truth for _, truth in rows], dtype=float)
    weights = _newton(x, y, ridge)
    return {n: round(float(w), 3) for n, w in zip(names, weights, strict=True)}


def _newton(x: NDArray[np.float64], y: NDArray[np.float64], ridge: float) -> NDArray[np.float64]:
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + ridge * w
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def argument_score(prepared: Sequence[Prepared], weights: arguments.Weights) -> float:
    """The share of gold acts whose dyad comes out right."""
    right = total = 0
    for p in prepared:
        tree = tree_of(p.analysis)
        for act, event in gold_acts(p):
            candidates = arguments.find_candidates(p.analysis, tree, p.mentions, p.actors, act)
            done_by, done_to = arguments.choose_fillers(act, candidates, weights)
            told = told_of_gold(
                {**event, "actors": _named(p, done_by.mentions), "recipients": _named(p, done_to.mentions)}
            )
            right += same_dyad(told, told_of_gold(event))
            total += 1
    return right / max(total, 1)


def _named(p: Prepared, chosen: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {"country": p.actors[m].entity.country, "name": p.actors[m].entity.name or p.actors[m].entity.text}
        for m in chosen
    ]


def fit_arguments(prepared: Sequence[Prepared]) -> arguments.Weights:
    """Weights by regression; how much nobody is favoured, and the line for further fillers, by grid."""
    fitted = {role: fit_choices(choices(prepared, role)) for role in ("actor", "recipient")}
    best, score = None, -1.0
    for actor, recipient, further in itertools.product((-0.4, 0.0, 0.4), (-0.4, 0.0, 0.4), (0.5, 0.7)):
        weights = arguments.Weights(
            actor=fitted["actor"], recipient=fitted["recipient"],
            actor_nobody=actor, recipient_nobody=recipient, further=further,
        )  # fmt: skip
        its = argument_score(prepared, weights)
        if its > score:
            best, score = weights, its
    assert best is not None
    print(f"dyads of gold acts right: {score:.3f} with {best.actor_nobody} {best.recipient_nobody} {best.further}")
    return best


def cross_validated(prepared: Sequence[Prepared], folds: int = 5) -> float:
    """The same share on articles that the weights were not fitted on."""
    scores = []
    for k in range(folds):
        train = [p for i, p in enumerate(prepared) if i % folds != k]
        fitted = {role: fit_choices(choices(train, role)) for role in ("actor", "recipient")}
        scores.append(
            argument_score(
                [p for i, p in enumerate(prepared) if i % folds == k],
                arguments.Weights(actor=fitted["actor"], recipient=fitted["recipient"]),
            )
        )
    return sum(scores) / folds


# ── acts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def records(p: Prepared, lines: triggers.Weights, weights: arguments.Weights) -> list[dict[str, Any]]:
    """The records of a prepared article."""
    frames = events_stage.find_events(p.document, p.analysis, p.mentions, p.actors, lines=lines, weights=weights)
    article = Article(id=p.raw["doc_id"], text=p.raw["text"], published=p.raw.get("published"))
    coded = finish(article, p.document, p.analysis, p.mentions, p.actors, frames, p.model)
    return [record_of(e) for e in coded.events]


def tune_lines(prepared: Sequence[Prepared], weights: arguments.Weights) -> triggers.Weights:
    """The threshold of acts and the codebook's share, by the mean of dyad and sourced F1."""
    gold = [GoldArticle(p.raw, p.raw["events"]) for p in prepared]
    best, score = triggers.Weights(), -1.0
    for threshold, unlisted, share in itertools.product((0.15, 0.2, 0.25, 0.3, 0.4, 0.5), (0.0, 0.08), (0.35, 0.5)):
        lines = triggers.Weights(threshold=threshold, unlisted=unlisted, codebook=share)
        figures = figures_of(gold, [records(p, lines, weights) for p in prepared])
        its = (figures["dyad"]["f1"] + figures["sourced"]["f1"]) / 2
        print(
            f"{lines} {figures['detect']['f1']:.3f} {figures['dyad']['f1']:.3f} {figures['sourced']['f1']:.3f}",
            flush=True,
        )
        if its > score:
            best, score = lines, its
    return best


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
    from lapwing.evaluation.gold import sentence_ranges

    return sentence_ranges(p.raw["text"], p.raw["sentences"])


def write(value: Any, name: str) -> None:
    """Write a struct into the package as indented JSON."""
    text = msgspec.json.format(msgspec.json.encode(value, order="sorted"), indent=1).decode()
    (PACKAGE / name).write_text(text + "\n", encoding="utf8")


def main() -> None:
    """Fit everything and write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    arguments_ = parser.parse_args()
    prepared = prepare(arguments_.gold, arguments_.out / "tune.pkl")
    print(f"{len(prepared)} held-out articles, {sum(len(p.raw['events']) for p in prepared)} events")
    print(f"dyads of gold acts right, weights cross-validated: {cross_validated(prepared):.3f}")
    weights = fit_arguments(prepared)
    write(weights, "arguments.json")
    lines = tune_lines(prepared, weights)
    write(calibrate(prepared, lines, weights), "calibration.json")


if __name__ == "__main__":
    main()
