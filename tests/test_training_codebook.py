"""Counting the codebook's words in annotated articles, on an article read by hand."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="the training package needs the extra [train]")

from training.codebook import Read, count, coverage

from lapwing.codebook import load_codebook

ARTICLE = Read(
    sentences=[
        [("mayor", "NOUN"), ("urge", "VERB"), ("court", "NOUN"), ("to", "PART"), ("rule", "VERB")],
        [("nobody", "PRON"), ("urge", "VERB"), ("restraint", "NOUN")],
    ],
    events=[({"type": "REQUEST", "sentence": 0}, [1]), ({"type": "REJECT", "sentence": 1}, [0])],
)


def test_hits_are_places_inside_a_trigger_of_the_type() -> None:
    codebook = load_codebook()
    counts = {(e.type, e.words): n for e, n in count(codebook, [ARTICLE]).items() if e.lemma == "urge"}
    assert counts["REQUEST", ()] == [1, 2]


def test_coverage_asks_for_the_right_type() -> None:
    assert coverage(load_codebook(), [ARTICLE]) == {"REJECT": (0, 1), "REQUEST": (1, 1)}
