"""Bakes the list of English word forms that `lapwing.repair` and `lapwing.document` ask whether a word is usual.

    python training/english_words.py DATA src/lapwing/dictionaries/english_words.tsv

DATA is the folder with `ud/*-train.conllu`, `plv/train.tsv` and `polnear/train/text/*.txt`. A row is a form in lower
case, how often it was seen in lower case, and how often with a capital where that capital says something (not at the
start of a sentence). Forms seen fewer than twice are left out: among them are typing errors. Only counts are kept,
no sentence.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
SENTENCE_START = re.compile(r"(?:^|[.!?:]['\"”’)]*\s+|[\"“(]\s*)$")
LEAST = 2


def treebank_sentences(folder: Path) -> Iterator[str]:
    """The sentences of the treebanks' training files."""
    for path in sorted(folder.glob("ud/*-train.conllu")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("# text = "):
                yield line.removeprefix("# text = ")


def news_sentences(folder: Path) -> Iterator[str]:
    """The sentences and lines of the news sets' training files."""
    with (folder / "plv" / "train.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield row["sentence"]
    for path in sorted((folder / "polnear" / "train" / "text").glob("*.txt")):
        yield from path.read_text(encoding="utf-8").splitlines()


def count_forms(sentences: Iterator[str]) -> tuple[Counter[str], Counter[str]]:
    """How often each form stands in lower case, and with a capital inside a sentence.

    >>> lower, capital = count_forms(iter(["The envoy met Putin.", "Putin left the hall."]))
    >>> lower["the"], capital["putin"], capital["the"]
    (1, 1, 0)
    """
    lower: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for sentence in sentences:
        for match in WORD.finditer(sentence):
            form = match[0]
            if form.islower():
                lower[form] += 1
            elif not SENTENCE_START.search(sentence[max(0, match.start() - 8) : match.start()]):
                capital[form.lower()] += 1
    return lower, capital


def main(data: str, target: str) -> None:
    """Counts the forms under `data` and writes them to `target`."""
    folder = Path(data)
    lower, capital = count_forms(
        sentence for source in (treebank_sentences, news_sentences) for sentence in source(folder)
    )
    forms = sorted(form for form in lower.keys() | capital.keys() if lower[form] + capital[form] >= LEAST)
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        file.write("# English word forms: form, times in lower case, times with a capital inside a sentence.\n")
        file.write(
            "# Counted by training/english_words.py over training files of UD English EWT and GUM, PLV, PolNeAR.\n"
        )
        for form in forms:
            file.write(f"{form}\t{lower[form]}\t{capital[form]}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
