"""``lapwing evaluate ner``: named entities on gold tokens, exact span and label."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from lapwing.analysis import Model, analyse_words
from lapwing.evaluation.corpora import read_names
from lapwing.records import Analysis, TokenRange


def evaluate_ner(path: Path, *, model: Model) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Micro precision, recall and F1 over the labels that the file itself uses, and F1 per label; one item per sentence."""
    documents = list(read_names(path))
    used = {label[2:] for d in documents for s in d for label in s.labels if label != "O"}
    right: Counter[str] = Counter()
    said: Counter[str] = Counter()
    true: Counter[str] = Counter()
    items = []
    for document in documents:
        words = [w for s in document for w in s.words]
        numbers = [k for k, s in enumerate(document) for _ in s.words]
        analysis = analyse_words(words, numbers, model)
        for k, sentence in enumerate(document):
            labels = _labels(analysis, analysis.sentences[k], used)
            gold, predicted = _entities(sentence.labels), _entities(labels)
            right.update(e[2] for e in gold & predicted)
            said.update(e[2] for e in predicted)
            true.update(e[2] for e in gold)
            items.append(
                {"sent_id": sentence.sent_id, "words": sentence.words, "gold": sentence.labels, "pred": labels}
            )
    figures = _prf(right.total(), said.total(), true.total())
    for label in sorted(used):
        figures[f"f1_{label}"] = _prf(right[label], said[label], true[label])["f1"]
    return {**figures, "entities": true.total(), "sentences": len(items)}, items


def _labels(analysis: Analysis, where: TokenRange, used: set[str]) -> list[str]:
    labels = ["O"] * (where.end - where.start)
    for entity in analysis.entities:
        if where.start <= entity.tokens.start < where.end and entity.label in used:
            for i in range(entity.tokens.start, entity.tokens.end):
                labels[i - where.start] = ("B-" if i == entity.tokens.start else "I-") + entity.label
    return labels


def _entities(labels: list[str]) -> set[tuple[int, int, str]]:
    found, start = set(), -1
    for i, label in enumerate([*labels, "O"]):
        if start >= 0 and not label.startswith("I-"):
            found.add((start, i, labels[start][2:]))
            start = -1
        if label.startswith("B-"):
            start = i
    return found


def _prf(right: int, said: int, true: int) -> dict[str, float]:
    p, r = right / said if said else 0.0, right / true if true else 0.0
    return {"precision": round(p, 4), "recall": round(r, 4), "f1": round(2 * p * r / (p + r) if p + r else 0.0, 4)}
