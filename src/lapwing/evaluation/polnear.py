"""``lapwing evaluate polnear``: attribution spans, token by token (Newell et al. 2018)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lapwing.analysis import Model, analyse_words
from lapwing.analysis.words import find_words
from lapwing.evaluation.corpora import plain_sentences, read_polnear

ROLES = ("source", "cue", "content")


def evaluate_polnear(path: Path, *, model: Model) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """Precision, recall and F1 of the words inside any source, cue or content span, per role; one item per article with the
    character spans ``[role, start, end]`` in `gold` and `pred`."""
    counts = {role: [0, 0, 0] for role in ROLES}
    items = []
    for name, text, spans in read_polnear(path):
        cut = [(w.start, w.end) for w in find_words(text)]
        analysis = analyse_words([text[s:e] for s, e in cut], plain_sentences(text, cut), model, places=cut)
        predicted = [(a.role, cut[a.tokens.start][0], cut[a.tokens.end - 1][1]) for a in analysis.attributions]
        for role in ROLES:
            gold_words, said_words = _inside(cut, spans, role), _inside(cut, predicted, role)
            for k, words in enumerate((gold_words & said_words, said_words, gold_words)):
                counts[role][k] += len(words)
        items.append({"article": name, "gold": [list(s) for s in spans], "pred": [list(s) for s in predicted]})
    figures: dict[str, float] = {}
    for role, (right, said, true) in counts.items():
        p, r = right / max(said, 1), right / max(true, 1)
        figures[f"{role}_precision"], figures[f"{role}_recall"] = round(p, 4), round(r, 4)
        figures[f"{role}_f1"] = round(2 * p * r / (p + r) if p + r else 0.0, 4)
    return {**figures, "articles": len(items)}, items


def _inside(cut: list[tuple[int, int]], spans: list[tuple[str, int, int]], role: str) -> set[int]:
    """Positions of the words that a span of `role` covers."""
    ranges = sorted((s, e) for r, s, e in spans if r == role)
    found: set[int] = set()
    for start, end in ranges:
        found.update(i for i, (s, e) in enumerate(cut) if s < end and e > start)
    return found
