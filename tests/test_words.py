"""Words, lemmas, chunks and trees: what happens to text before and after the model."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.analysis.chunks import cut_chunks
from lapwing.analysis.lemmas import find_lemma
from lapwing.analysis.trees import best_tree
from lapwing.analysis.words import find_words, word_shape

CUTS = [
    ("Moscow didn't sign.", "Moscow|did|n't|sign|."),
    ("Ukraine’s allies can’t wait", "Ukraine|’s|allies|ca|n’t|wait"),
    ("the Russian-backed forces' base", "the|Russian|-|backed|forces|'|base"),
    ("a pro-Beijing lawmaker, an ex-spy", "a|pro-Beijing|lawmaker|,|an|ex-spy"),
    ("U.S. Rep. John O'Neill (R-Texas)", "U.S.|Rep.|John|O'Neill|(|R|-|Texas|)"),
    ("9,000 troops and $3.5 million", "9,000|troops|and|$|3.5|million"),
    ("at 10:30 a.m. on the 21st", "at|10:30|a.m.|on|the|21st"),
    ("see https://example.org/a?b=c. Then", "see|https://example.org/a?b=c|.|Then"),
    ("“No,” he said…", "“|No|,|”|he|said|…"),
    ("He cannot.", "He|can|not|."),
    ("Gen. Smith left. He", "Gen.|Smith|left|.|He"),
    ("the 1990s, T-72 tanks", "the|1990s|,|T|-|72|tanks"),
    ("", ""),
    ("   ", ""),
]


@pytest.mark.parametrize(("text", "words"), CUTS)
def test_text_is_cut_as_treebanks_cut_it(text: str, words: str) -> None:
    assert "|".join(text[w.start : w.end] for w in find_words(text)) == words


@given(st.text(max_size=200))
def test_words_are_ordered_disjoint_and_lose_only_white_space(text: str) -> None:
    words = list(find_words(text))
    assert all(a.end <= b.start for a, b in itertools.pairwise(words))
    assert all(w.start < w.end for w in words)
    kept = "".join(text[w.start : w.end] for w in words)
    assert "".join(kept.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("form", "upos", "xpos", "lemma"),
    [
        ("withdrew", "VERB", "VBD", "withdraw"),
        ("denied", "VERB", "VBD", "deny"),
        ("shelling", "VERB", "VBG", "shell"),
        ("agreed", "VERB", "VBD", "agree"),
        ("imposed", "VERB", "VBN", "impose"),
        ("urges", "VERB", "VBZ", "urge"),
        ("casualties", "NOUN", "NNS", "casualty"),
        ("was", "AUX", "VBD", "be"),
        ("Minsk", "PROPN", "NNP", "Minsk"),
        ("news", "NOUN", "NN", "news"),
    ],
)
def test_lemma(form: str, upos: str, xpos: str, lemma: str) -> None:
    assert find_lemma(form, upos, xpos) == lemma


@pytest.mark.parametrize(("word", "shape"), [("war", 0), ("War", 1), ("NATO", 2), ("McCain", 3), ("G7", 4), ("“", 5)])
def test_shape(word: str, shape: int) -> None:
    assert word_shape(word) == shape


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=80), st.integers(9, 40))
def test_chunks_cover_all_words_in_order_and_stay_within_the_limit(words: list[tuple[int, bool]], limit: int) -> None:
    lengths = [length for length, _ in words]
    sentences = list(itertools.accumulate(int(new) for _, new in words))
    chunks = list(cut_chunks(lengths, sentences, limit=limit))
    assert [i for c in chunks for i in range(c.start, c.end)] == list(range(len(words)))
    assert all(sum(lengths[c.start : c.end]) <= limit for c in chunks)


def test_a_chunk_ends_with_a_sentence_where_it_can() -> None:
    assert [tuple(c) for c in cut_chunks([1] * 6, [0, 0, 0, 1, 1, 1], limit=5)] == [(0, 3), (3, 6)]


def _all_trees(n: int) -> list[tuple[int, ...]]:
    def leads_to_root(heads: tuple[int, ...], i: int) -> bool:
        for _ in range(n + 1):
            if heads[i] == 0:
                return True
            i = heads[i] - 1
        return False

    every = itertools.product(range(n + 1), repeat=n)
    return [h for h in every if h.count(0) == 1 and all(leads_to_root(h, i) for i in range(n))]


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_tree_is_the_best_of_all_with_one_root(n: int) -> None:
    rng = np.random.default_rng(n)
    for _ in range(40):
        scores = rng.normal(size=(n, n + 1)).astype(np.float32)
        heads = best_tree(scores)
        best = max(sum(float(scores[i, h]) for i, h in enumerate(t)) for t in _all_trees(n))
        assert sum(float(scores[i, h]) for i, h in enumerate(heads)) == pytest.approx(best, abs=1e-4)
