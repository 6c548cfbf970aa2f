"""``lapwing evaluate ud``: tags and trees on gold tokens of a Universal Dependencies file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lapwing.analysis import Model, analyse_words
from lapwing.evaluation.corpora import ConlluSentence, read_conllu
from lapwing.records import Token


def evaluate_ud(path: Path, *, model: Model) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """UPOS accuracy, unlabelled and labelled attachment over all words, punctuation included; one item per sentence.

    ``las`` asks for the full relation ("nsubj:pass"), ``las_universal`` for its part before the colon, as CoNLL 2018 did. A
    document's sentences are read among their neighbours.
    """
    items: list[dict[str, Any]] = []
    counts = dict.fromkeys(("words", "upos", "lemma", "uas", "las", "las_universal"), 0)
    for name, sentences in read_conllu(path):
        words = [row[1] for s in sentences for row in s.rows]
        numbers = [k for k, s in enumerate(sentences) for _ in s.rows]
        analysis = analyse_words(words, numbers, model)
        for k, sentence in enumerate(sentences):
            where = analysis.sentences[k]
            tokens = analysis.tokens[where.start : where.end]
            predicted = [_row(t, where.start) for t in tokens]
            gold = [_gold_row(row) for row in sentence.rows]
            _count(counts, gold, predicted)
            items.append(_item(name, sentence, gold, predicted))
    total = max(counts.pop("words"), 1)
    figures: dict[str, float] = {k: round(v / total, 4) for k, v in counts.items()}
    return {**figures, "words": total, "sentences": len(items)}, items


def _row(token: Token, start: int) -> dict[str, Any]:
    head = 0 if token.head < 0 else token.head - start + 1
    return {"upos": token.upos, "head": head, "deprel": token.deprel, "lemma": token.lemma}


def _gold_row(columns: list[str]) -> dict[str, Any]:
    return {"upos": columns[3], "head": int(columns[6]), "deprel": columns[7], "lemma": columns[2]}


def _item(name: str, s: ConlluSentence, gold: list[dict[str, Any]], predicted: list[dict[str, Any]]) -> dict[str, Any]:
    return {"doc": name, "sent_id": s.sent_id, "words": [r[1] for r in s.rows], "gold": gold, "pred": predicted}


def _count(counts: dict[str, int], gold: list[dict[str, Any]], predicted: list[dict[str, Any]]) -> None:
    for g, p in zip(gold, predicted, strict=True):
        attached = g["head"] == p["head"]
        counts["words"] += 1
        counts["upos"] += g["upos"] == p["upos"]
        counts["lemma"] += g["lemma"].lower() == p["lemma"].lower()
        counts["uas"] += attached
        counts["las"] += attached and g["deprel"] == p["deprel"]
        counts["las_universal"] += attached and g["deprel"].split(":")[0] == p["deprel"].split(":")[0]
