"""Count the codebook's words in the gold articles, and measure what the codebook alone knows.

    python -m training.codebook GOLD            coverage, trust, modes and contexts
    python -m training.codebook GOLD --write    also writes `found` into the YAML files and bakes them

GOLD is a folder with ``docs`` and ``gold``. Articles are read with the packaged model's lemmas and parts of speech. A place where an
entry's words stand is a hit if it lies in the trigger of an event of the entry's type. Trust is checked by five-fold
cross-validation: counted on four fifths of the articles, compared on the last.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

from lapwing.analysis import load_model, parse_words
from lapwing.analysis.words import find_words
from lapwing.codebook import BAKED, FOLDER, PRIOR, WEIGHT, Codebook, TriggerEntry, load_codebook
from lapwing.codebook.bake import bake
from training.gold import read_articles

NEAR = 8
FOLDS = 5

Lemma = tuple[str, str]
Counts = dict[TriggerEntry, list[int]]


@dataclass
class Read:
    """An article's lemmas with their parts of speech, sentence by sentence, and for each event the words of its trigger."""

    sentences: list[list[Lemma]]
    events: list[tuple[dict[str, Any], list[int]]]


def read_gold(folder: Path) -> Iterator[Read]:
    """The gold articles, analysed sentence by sentence."""
    model = load_model()
    for article in read_articles(folder):
        words: list[str] = []
        numbers: list[int] = []
        spans: list[list[tuple[int, int]]] = []
        for k, sentence in enumerate(article["sentences"]):
            found = list(find_words(sentence))
            spans.append([(w.start, w.end) for w in found])
            words += [sentence[w.start : w.end] for w in found]
            numbers += [k] * len(found)
        lemmas = iter([(t.lemma.lower(), t.upos) for t in parse_words(words, numbers, model)])
        sentences = [[next(lemmas) for _ in row] for row in spans]
        yield Read(sentences, [(e, _inside(article, e, spans)) for e in article["events"]])


def _inside(article: dict[str, Any], event: dict[str, Any], spans: list[list[tuple[int, int]]]) -> list[int]:
    """Positions, in its sentence, of the words of an event's trigger."""
    start = article["sentences"][event["sentence"]].find(event["trigger"])
    end = start + len(event["trigger"])
    return [i for i, (s, e) in enumerate(spans[event["sentence"]]) if start >= 0 and s < end and e > start]


def entries_at(codebook: Codebook, sentence: Sequence[Lemma], i: int) -> tuple[TriggerEntry, ...]:
    """The entries whose words stand at position `i` of a sentence."""
    lemma, pos = sentence[i]
    near = {word for word, _ in sentence[max(0, i - NEAR) : i + NEAR + 1]}
    return codebook.find_triggers(lemma, pos, near)


def count(codebook: Codebook, articles: Sequence[Read]) -> Counts:
    """[hits, places] of every entry."""
    counts: Counts = {entry: [0, 0] for kind in codebook.types.values() for entry in kind.triggers}
    for article in articles:
        told = {(e["sentence"], i, e["type"]) for e, inside in article.events for i in inside}
        for k, sentence in enumerate(article.sentences):
            for i in range(len(sentence)):
                for entry in entries_at(codebook, sentence, i):
                    counts[entry][0] += (k, i, entry.type) in told
                    counts[entry][1] += 1
    return counts


def coverage(codebook: Codebook, articles: Sequence[Read]) -> dict[str, tuple[int, int]]:
    """For each type: events whose trigger holds a listed word of that type, and events."""
    covered: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for article in articles:
        for event, inside in article.events:
            sentence = article.sentences[event["sentence"]]
            types = {entry.type for i in inside for entry in entries_at(codebook, sentence, i)}
            total[event["type"]] += 1
            covered[event["type"]] += event["type"] in types
    return {kind: (covered[kind], n) for kind, n in sorted(total.items())}


def cross_validate(codebook: Codebook, articles: Sequence[Read]) -> tuple[float, dict[int, tuple[float, float, int]]]:
    """Log loss of the trust in unseen articles; and by tenths of trust: mean trust, share of hits, places."""
    folds = [count(codebook, articles[k::FOLDS]) for k in range(FOLDS)]
    loss, places, tenths = 0.0, 0, {k: [0.0, 0.0, 0.0] for k in range(10)}
    for k, held in enumerate(folds):
        for entry, (hits, seen) in held.items():
            others = [fold[entry] for j, fold in enumerate(folds) if j != k]
            trust = (sum(h for h, _ in others) + WEIGHT * PRIOR) / (sum(n for _, n in others) + WEIGHT)
            loss -= hits * log(trust) + (seen - hits) * log(1 - trust)
            places += seen
            row = tenths[min(int(trust * 10), 9)]
            row[0], row[1], row[2] = row[0] + trust * seen, row[1] + hits, row[2] + seen
    return loss / places, {k: (a / n, b / n, int(n)) for k, (a, b, n) in tenths.items() if n}


def mode_accuracy(codebook: Codebook, articles: Sequence[Read]) -> float:
    """Share of events with the right mode, given type, trigger and sentence, over the types that have modes."""
    right = total = 0
    for article in articles:
        for event, inside in article.events:
            if codebook.modes_of(event["type"]):
                sentence = article.sentences[event["sentence"]]
                listed = [e for i in inside for e in entries_at(codebook, sentence, i) if e.type == event["type"]]
                best = max(listed, key=lambda e: (len(e.words), e.precision), default=None)
                lemmas = [word for word, _ in sentence]
                implied = best.mode if best else None
                guess = codebook.guess_mode(event["type"], [lemmas[i] for i in inside], lemmas, implied=implied)
                right, total = right + (guess == event["mode"]), total + 1
    return right / total


def context_f1(codebook: Codebook, articles: Sequence[Read]) -> float:
    """Micro F1 of the contexts read from an event's sentence and type."""
    right = told = gold = 0
    for article in articles:
        for event, _ in article.events:
            lemmas = {word for word, _ in article.sentences[event["sentence"]]}
            found = set(codebook.find_contexts(lemmas, event=event["type"]))
            right += len(found & set(event["contexts"]))
            told, gold = told + len(found), gold + len(set(event["contexts"]))
    return 2 * right / (told + gold)


def write_counts(codebook: Codebook, counts: Counts) -> None:
    """Put `found` into the trigger lines of the YAML files, which stand in the order of the entries."""
    for name, kind in codebook.types.items():
        path = FOLDER / f"{name}.yaml"
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = [k for k, line in enumerate(lines) if line.startswith("  - {lemma:")]
        for k, entry in zip(rows, kind.triggers, strict=True):
            hits, seen = counts[entry]
            lines[k] = re.sub(r"(, found: \[\d+, \d+\])?\}$", f", found: [{hits}, {seen}]}}", lines[k])
        path.write_text("\n".join(lines), encoding="utf-8")
    BAKED.write_bytes(bake())


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--write", action="store_true", help="write the counts into the codebook")
    asked = parser.parse_args()
    codebook, articles = load_codebook(), list(read_gold(asked.gold))
    if asked.write:
        write_counts(codebook, count(codebook, articles))
        load_codebook.cache_clear()
        codebook = load_codebook()
    shares = coverage(codebook, articles)
    listed, events = (sum(row[k] for row in shares.values()) for k in (0, 1))
    print(f"coverage {listed / events:.3f} of {events} events:", {k: round(a / n, 2) for k, (a, n) in shares.items()})
    loss, tenths = cross_validate(codebook, articles)
    print(f"trust, cross-validated: log loss {loss:.4f}; trust, share of hits, places by tenths:")
    for k, (trust, share, places) in tenths.items():
        print(f"  {k / 10:.1f}  {trust:.2f}  {share:.2f}  {places}")
    print(
        f"mode accuracy {mode_accuracy(codebook, articles):.3f}; context micro F1 {context_f1(codebook, articles):.3f}"
    )


if __name__ == "__main__":
    main()
