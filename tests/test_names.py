"""Names as the best sequence of labels."""

from __future__ import annotations

import numpy as np
import pytest

from lapwing.analysis.names import best_sequence, find_names

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


def rows(*words: dict[str, float]) -> np.ndarray:
    table = np.full((len(words), len(LABELS)), 0.01, dtype=np.float32)
    for i, word in enumerate(words):
        for label, p in word.items():
            table[i, LABELS.index(label)] = p
    table /= table.sum(1, keepdims=True)
    return table


def test_a_name_keeps_its_kind_where_one_word_wavers() -> None:
    p = rows({"B-LOC": 0.9}, {"I-PER": 0.5, "I-LOC": 0.4}, {"I-LOC": 0.9}, {"O": 0.9})
    assert [(n.tokens.start, n.tokens.end, n.label) for n in find_names(p, LABELS, [0] * 4)] == [(0, 3, "LOC")]


def test_two_names_side_by_side_stay_two() -> None:
    p = rows({"B-LOC": 0.9}, {"B-LOC": 0.8, "I-LOC": 0.1})
    assert [(n.tokens.start, n.tokens.end) for n in find_names(p, LABELS, [0, 0])] == [(0, 1), (1, 2)]


def test_no_name_runs_over_a_sentence() -> None:
    p = rows({"B-PER": 0.9}, {"I-PER": 0.9}, {"O": 0.9})
    found = [(n.tokens.start, n.tokens.end) for n in find_names(p, LABELS, [0, 1, 1])]
    assert (0, 2) not in found
    assert (0, 1) in found


def test_an_inside_label_never_opens_a_name() -> None:
    scores = np.log(rows({"I-PER": 0.6, "B-PER": 0.3}, {"I-PER": 0.9}))
    assert [LABELS[k] for k in best_sequence(scores, LABELS)] == ["B-PER", "I-PER"]


@pytest.mark.parametrize("n", [0, 1])
def test_few_words(n: int) -> None:
    assert list(find_names(rows(*[{"O": 0.9}] * n).reshape(n, len(LABELS)), LABELS, [0] * n)) == []
