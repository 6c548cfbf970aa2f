"""Our own annotation of names on the training trees of EWT and GUM: its loader, and the maker's tools.

News has few of the names that web text is full of: shops, first names under an e-mail, user names, lower-case towns. So we
annotated the training trees of UD English EWT with PER, ORG and LOC ourselves (`training/written/README.md` tells how and by
what rules). The file is stand-off: it holds sentence ids and word numbers, no words, so that it says nothing without the
treebank. A sentence that is not in the file has no name.

GUM marks entities itself, but every mention of them, nested and with titles; which of their words are the name was made from
that by rule and corrected by hand.

    python -m training.names TREES LABELS

prints the candidates, runs of proper nouns, that LABELS leaves unlabelled: what is left for a person to look at. A missing
name teaches the model to overlook names, so these are worth more looks than the labelled ones.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from lapwing.evaluation.corpora import ConlluSentence, read_conllu

KINDS = ("PER", "ORG", "LOC", "MISC")
"""MISC, any other proper name, is annotated in GUM only."""
HEADER = "sent_id\tfirst\tlast\tlabel"

INSIDE = frozenset({"of", "the", "de", "la", "el", "del", "von", "al", "for", "&", "'s", "’s", "-"})
"""Words that join two runs of proper nouns into one name, when the tree joins the runs too."""

LINKS = frozenset({"flat", "compound", "goeswith", "nmod", "conj", "amod", "appos"})

Row = list[str]
NameSpan = tuple[int, int, str]
"""First word, last word (from 1, both inside, the treebank's own numbers), and one of KINDS."""


# ── Reading and writing ───────────────────────────────────────────────────────────────────────────────────────────────


def read_name_labels(path: Path) -> dict[str, list[NameSpan]]:
    """The names of each sentence that has any, in the order of the text; ValueError names the line that breaks the format."""
    found: dict[str, list[NameSpan]] = defaultdict(list)
    lines = path.read_text(encoding="utf8").splitlines()
    if lines[:1] != [HEADER]:
        raise ValueError(f"{path}: the first line is not {HEADER!r}. Give a file that training.names wrote.")
    for number, line in enumerate(lines[1:], start=2):
        sent_id, span = _parse(line, f"{path}, line {number}")
        found[sent_id].append(span)
    for sent_id, spans in found.items():
        spans.sort()
        _refuse_overlaps(spans, f"{path}, {sent_id}")
    return dict(found)


def write_name_labels(path: Path, names: dict[str, list[NameSpan]]) -> None:
    """The file that `read_name_labels` reads; sentences keep the order of the mapping."""
    rows = [
        f"{sent_id}\t{first}\t{last}\t{kind}" for sent_id, spans in names.items() for first, last, kind in sorted(spans)
    ]
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf8")


def _parse(line: str, where: str) -> tuple[str, NameSpan]:
    columns = line.split("\t")
    if len(columns) != 4 or not (columns[1].isdecimal() and columns[2].isdecimal()) or columns[3] not in KINDS:
        raise ValueError(f"{where}: not a sentence id, two word numbers and one of {', '.join(KINDS)}: {line!r}.")
    first, last = int(columns[1]), int(columns[2])
    if not 1 <= first <= last:
        raise ValueError(f"{where}: a name cannot go from word {first} to word {last}.")
    return columns[0], (first, last, columns[3])


def _refuse_overlaps(spans: Sequence[NameSpan], where: str) -> None:
    for before, after in pairwise(spans):
        if after[0] <= before[1]:
            raise ValueError(f"{where}: the names at words {before[:2]} and {after[:2]} overlap.")


def name_labels(spans: Iterable[NameSpan], n: int) -> list[str]:
    """B/I/O labels of a sentence of *n* words.

    >>> name_labels([(2, 3, "PER"), (5, 5, "LOC")], 6)
    ['O', 'B-PER', 'I-PER', 'O', 'B-LOC', 'O']
    """
    labels = ["O"] * n
    for first, last, kind in spans:
        if last > n:
            raise ValueError(
                f"A name ends at word {last} of a sentence of {n} words: these are not the trees it was made on."
            )
        labels[first - 1 : last] = [f"B-{kind}"] + [f"I-{kind}"] * (last - first)
    return labels


# ── Candidates for annotation ─────────────────────────────────────────────────────────────────────────────────────────


def candidates(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """First and last word of each run of proper nouns, with the capitalised words that hang on it.

    Two runs are one where the tree links them and only words such as "of" or "&" stand between.
    """
    spans: list[tuple[int, int]] = []
    for first, last in _runs(rows):
        if spans and _is_one_name(rows, spans[-1], (first, last)):
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return [_with_capitals(rows, span) for span in spans]


def _runs(rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
    start = 0
    for i, row in enumerate([*rows, [""] * 10], start=1):
        if row[3] == "PROPN":
            start = start or i
        elif start:
            yield start, i - 1
            start = 0


def _is_one_name(rows: Sequence[Row], left: tuple[int, int], right: tuple[int, int]) -> bool:
    between = [row[1].lower() for row in rows[left[1] : right[0] - 1]]
    return all(word in INSIDE for word in between) and (_hangs_on(rows, left, right) or _hangs_on(rows, right, left))


def _hangs_on(rows: Sequence[Row], part: tuple[int, int], whole: tuple[int, int]) -> bool:
    return any(
        whole[0] <= int(row[6]) <= whole[1] and row[7].partition(":")[0] in LINKS for row in rows[part[0] - 1 : part[1]]
    )


def _with_capitals(rows: Sequence[Row], span: tuple[int, int]) -> tuple[int, int]:
    """A capitalised word before (not the sentence's first) or after the run, if the tree hangs it on the run."""
    first, last = span
    while first > 2 and _is_capital(rows[first - 2]) and first <= int(rows[first - 2][6]) <= last:
        first -= 1
    while last < len(rows) and _is_capital(rows[last]) and _touch(rows, last + 1, (first, last)):
        last += 1
    return first, last


def _is_capital(row: Row) -> bool:
    return row[1][:1].isupper() and row[3] in {"ADJ", "NOUN", "NUM", "VERB", "X"}


def _touch(rows: Sequence[Row], word: int, span: tuple[int, int]) -> bool:
    return span[0] <= int(rows[word - 1][6]) <= span[1] or any(int(r[6]) == word for r in rows[span[0] - 1 : span[1]])


def unlabelled(sentence: ConlluSentence, spans: Sequence[NameSpan]) -> Iterator[str]:
    """One line for each candidate that no span touches: where it is, the words, and three words on either side."""
    words = [row[1] for row in sentence.rows]
    for first, last in candidates(sentence.rows):
        if not any(s <= last and first <= e for s, e, _ in spans):
            before, inside, after = (
                words[max(0, first - 4) : first - 1],
                words[first - 1 : last],
                words[last : last + 3],
            )
            yield f"{sentence.sent_id}\t{first}\t{last}\t{' '.join(before)} [{' '.join(inside)}] {' '.join(after)}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the candidates that are not labelled."""
    parser = argparse.ArgumentParser(prog="python -m training.names", description=main.__doc__)
    parser.add_argument(
        "trees", type=Path, help="en_ewt-train.conllu of UD English EWT, or en_gum_ccby-train.conllu of GUM"
    )
    parser.add_argument("labels", type=Path, help="training/written/ewt_names.tsv, or gum_names.tsv")
    options = parser.parse_args(arguments)
    names = read_name_labels(options.labels)
    for _, sentences in read_conllu(options.trees):
        for sentence in sentences:
            for line in unlabelled(sentence, names.get(sentence.sent_id, [])):
                print(line)


if __name__ == "__main__":
    main()
