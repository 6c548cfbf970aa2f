"""How fast like texts are found, and how many of them: ``python -m benchmarks.duplicates [--articles 100000]``.

The articles are made up: words by Zipf's law, names and numbers among them. One in ten repeats an earlier one: as it is
but for one word in forty, as the beginning of a longer one, or in other words with the same names and numbers. Printed are
the seconds of CPU for sketching and for finding, and the share found of each kind, with the number of false pairs.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from lapwing.clusters.likeness import find_likenesses
from lapwing.clusters.sketches import sketch_texts

VOCABULARY, NAMES = 40_000, 8_000

KINDS = ("copy", "update", "translation")

Words = NDArray[np.int64]


def main() -> None:
    """Make the articles, sketch them, find the pairs."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--words", type=int, default=400, help="in an article, on average")
    chosen = options.parse_args()
    made = list(articles(chosen.articles, words=chosen.words))
    began = time.process_time()
    sketches = list(sketch_texts(text for text, _, _ in made))
    sketched = time.process_time()
    found = list(find_likenesses(sketches))
    ended = time.process_time()
    print(
        f"{len(made):,} articles of {chosen.words} words: {sketched - began:.1f} s to sketch, {ended - sketched:.1f} s to find"
    )
    told = {(pair.a, pair.b) for pair in found}
    for kind in KINDS:
        pairs = [(of, at) for at, (_, of, made_as) in enumerate(made) if of is not None and made_as == kind]
        if pairs:
            print(f"{kind:12}{sum(pair in told for pair in pairs) / len(pairs):.4f} of {len(pairs):,} found")
    roots = _roots(made)
    false = sum(roots[pair.a] != roots[pair.b] for pair in found)
    print(f"{'false':12}{false} of {len(found):,} pairs")


def _roots(made: list[tuple[str, int | None, str]]) -> list[int]:
    roots: list[int] = []
    for at, (_, of, _) in enumerate(made):
        roots.append(at if of is None else roots[of])
    return roots


def articles(count: int, *, words: int = 400, seed: int = 7) -> Iterator[tuple[str, int | None, str]]:
    """Articles, with the position of the one that they repeat (None for a new one) and how."""
    draw = np.random.default_rng(seed)
    names = np.array([word.capitalize() for word in _vocabulary(NAMES, seed=seed + 1)])
    vocabulary = np.array(_vocabulary(VOCABULARY, seed=seed + 2))
    kept: list[tuple[int, Words]] = []
    for at in range(count):
        repeats = draw.random() < 0.1 and len(kept) > 0
        of, old = kept[int(draw.integers(len(kept)))] if repeats else (None, _new(draw, words))
        kind = KINDS[int(draw.integers(3))] if repeats else "new"
        told = _retold(draw, old, kind)
        if not repeats and (len(kept) < 2_000 or draw.random() < 0.02):
            kept.append((at, told))
        yield _written(told, vocabulary, names), of, kind


def _vocabulary(count: int, *, seed: int) -> list[str]:
    draw = np.random.default_rng(seed)
    letters = np.array(list("etaoinshrdlucmfwypvbgk"))
    return ["".join(draw.choice(letters, size)) for size in draw.integers(3, 11, count)]


def _new(draw: np.random.Generator, words: int) -> Words:
    """An article as numbers: of words, of names (from `VOCABULARY`), and of numbers (negative)."""
    size = int(draw.integers(words // 4, words * 7 // 4))
    told = np.minimum((VOCABULARY ** draw.random(size)).astype(np.int64), VOCABULARY) - 1
    own = draw.integers(VOCABULARY, VOCABULARY + NAMES, 12)  # those whom it is about
    named = draw.random(size) < 0.12
    told[named] = draw.choice(own, int(named.sum()))
    counted = draw.random(size) < 0.02
    told[counted] = -draw.integers(2, 2_000, int(counted.sum()))
    return told


def _retold(draw: np.random.Generator, old: Words, kind: str) -> Words:
    if kind == "copy":
        other = draw.random(len(old)) < 1 / 40
        return np.where(other, draw.integers(0, VOCABULARY, len(old)), old)
    if kind == "update":
        return np.concatenate((old, _new(draw, len(old) + 40)))
    if kind == "translation":
        other = (old >= 0) & (old < VOCABULARY)
        return np.where(other, draw.integers(0, VOCABULARY, len(old)), old)
    return old


def _written(told: Words, vocabulary: NDArray[np.str_], names: NDArray[np.str_]) -> str:
    """The text: sentences of fourteen words."""
    words = [
        str(-word) if word < 0 else vocabulary[word] if word < VOCABULARY else names[word - VOCABULARY]
        for word in told.tolist()
    ]
    return ". ".join(" ".join(["so", *words[k : k + 14]]) for k in range(0, len(words), 14)) + "."


if __name__ == "__main__":
    main()
