"""Readers of the public data sets that `lapwing evaluate` measures on (and that training learns from)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from glob import escape as glob_escape
from pathlib import Path
from typing import Any, NamedTuple

from lapwing.analysis.words import find_words
from lapwing.errors import EvaluationError


def read_text(path: Path) -> str:
    """The file's text; EvaluationError when it cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"{path} cannot be read: {error}. Give the path of a file in the task's format."
        ) from error


class ConlluSentence(NamedTuple):
    """A sentence of a CoNLL-U file: its id and the ten columns of each word (multi-word ranges and empty nodes left out)."""

    sent_id: str
    rows: list[list[str]]


def read_conllu(path: Path) -> Iterator[tuple[str, list[ConlluSentence]]]:
    """(document name, sentences), one per ``# newdoc``; a file without any is one document."""
    name = path.stem
    sentences: list[ConlluSentence] = []
    for block in re.split(r"\n\s*\n", read_text(path)):
        sent_id = ""
        rows: list[list[str]] = []
        for line in block.split("\n"):
            if line.startswith("# newdoc"):
                if sentences:
                    yield name, sentences
                name, sentences = line.partition("=")[2].strip() or path.stem, []
            elif line.startswith("# sent_id"):
                sent_id = line.partition("=")[2].strip()
            elif line and line[0].isdigit():
                columns = line.split("\t")
                if len(columns) != 10:
                    raise EvaluationError(f"{path}: a CoNLL-U line has {len(columns)} columns, not 10: {line[:60]!r}")
                if columns[0].isdigit():
                    rows.append(columns)
        if rows:
            sentences.append(ConlluSentence(sent_id, rows))
    if sentences:
        yield name, sentences


class NamedSentence(NamedTuple):
    """Words with IOB2 labels."""

    sent_id: str
    words: list[str]
    labels: list[str]


def read_names(path: Path) -> Iterator[list[NamedSentence]]:
    """Documents of sentences, from UNER's ``n<TAB>word<TAB>label`` or CoNLL's ``word label`` lines; IOB1 becomes IOB2."""
    document: list[NamedSentence] = []
    for block in re.split(r"\n\s*\n", read_text(path)):
        words, labels, sent_id = [], [], ""
        for line in block.split("\n"):
            if line.startswith(("# newdoc", "-DOCSTART-")) and document:
                yield document
                document = []
            elif line.startswith("# sent_id"):
                sent_id = line.partition("=")[2].strip()
            columns = line.split("\t")
            if line.startswith("#") and len(columns) < 3:
                continue
            if len(columns) >= 3:
                words.append(columns[1])
                labels.append(columns[2])
            elif len(line.split()) >= 2 and not line.startswith("-DOCSTART-"):
                word, *_, label = line.split()
                words.append(word)
                labels.append(label)
        if words:
            document.append(NamedSentence(sent_id, words, _iob2(labels)))
    if document:
        yield document


def _iob2(labels: list[str]) -> list[str]:
    """Give every entity a B, whatever the scheme was."""
    out = []
    for i, label in enumerate(labels):
        prefix, _, kind = label.partition("-")
        goes_on = prefix == "I" and i > 0 and labels[i - 1].partition("-")[2] == kind
        out.append(f"B-{kind}" if prefix == "I" and not goes_on else label)
    return out


_MARK = re.compile(r"</?[st]>")


def marked_pair(marked: str) -> tuple[list[str], list[int]]:
    """Words of a sentence with ``<s>…</s>`` and ``<t>…</t>``, and for each 0, 1 (source) or 2 (target).

    >>> marked_pair("<s>Iran</s> condemned <t>the ban</t>.")
    (['Iran', 'condemned', 'the', 'ban', '.'], [1, 0, 2, 2, 0])
    """
    words: list[str] = []
    marks: list[int] = []
    state, position = 0, 0
    for m in [*_MARK.finditer(marked), None]:
        piece = marked[position : m.start() if m else len(marked)]
        found = [piece[w.start : w.end] for w in find_words(piece)]
        words += found
        marks += [state] * len(found)
        if m:
            state = {"<s>": 1, "<t>": 2}.get(m.group(), 0)
            position = m.end()
    return words, marks


def read_pairs(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a PLV or WikiEvents table, by column name."""
    lines = read_text(path).split("\n")
    columns = lines[0].rstrip("\r").split("\t")
    if "marked_sentence" not in columns:
        raise EvaluationError(f"{path}: no column 'marked_sentence' in the first line. Give a table as PLV has it.")
    for line in lines[1:]:
        if line.strip():
            yield dict(zip(columns, line.rstrip("\r").split("\t"), strict=False))


_BRAT = re.compile(r"(?m)^T\d+\t(Source|Cue|Content) (\d+ \d+(?:;\d+ \d+)*)\t")


def read_polnear(folder: Path) -> Iterator[tuple[str, str, list[tuple[str, int, int]]]]:
    """(name, text, spans as (role, start, end)) of each article; the parts of a split span come apart, and where several people
    annotated an article all their spans count."""
    texts = sorted((folder / "text").glob("*.txt"))
    if not texts:
        raise EvaluationError(f"{folder}: no text/*.txt. Give the folder that holds 'text' and 'attributions'.")
    for path in texts:
        spans = []
        for ann in sorted((folder / "attributions").glob(f"{glob_escape(path.stem)}_????.ann")):
            for role, offsets in _BRAT.findall(read_text(ann)):
                for part in offsets.split(";"):
                    start, end = part.split()
                    spans.append((role.lower(), int(start), int(end)))
        yield path.stem, read_text(path), spans


_STOP = re.compile(r"[.!?]+[\"'”’)\]]*$")


def plain_sentences(text: str, cut: list[tuple[int, int]]) -> list[int]:
    """Rough sentence numbers for words at `cut`, enough to pack chunks: a new line, or a stop before a capital, begins one."""
    numbers, current = [], 0
    for i, (s, _) in enumerate(cut):
        if i:
            ps, pe = cut[i - 1]
            gap = text[pe:s]
            before = text[max(0, pe - 3) : pe]
            if "\n" in gap or (gap and _STOP.search(before) and text[ps:pe][-1] in '.!?"”’)' and text[s].isupper()):
                current += 1
        numbers.append(current)
    return numbers


def read_json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file."""
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise EvaluationError(f"{path}, line {number}: not JSON ({error}).") from error
