"""Words that tell who says something: ``reporting.csv``; and where it was said: ``channels.csv``.

A row of ``reporting.csv`` is a word with what it says of the speaker:

`kind`
    ``say`` (a statement was made), ``think`` (a belief or fear is told), ``hear`` (the holder has it from elsewhere),
    ``find`` (the holder found it to be so: a voice only where nobody else tells it), ``ask``
    and ``judge`` (the holder demands or praises something, but vouches for nothing), ``cite`` ("citing officials").
`stance`
    how the writer stands to it: ``neutral`` (said), ``committed`` (confirmed: the writer takes it for true),
    ``sceptical`` (claimed),
    ``denying`` (denied: the holder says that it is not so).
`object`
    ``told`` where a noun under the word is what is told ("confirmed the visit", "claims of torture").
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

from lapwing.errors import KnowledgeError

REPORTING = Path(__file__).parent / "reporting.csv"
CHANNELS = Path(__file__).parent / "channels.csv"
POS = frozenset({"verb", "noun", "adj", "prep"})

Kind = Literal["say", "think", "hear", "find", "ask", "judge", "cite"]
Stance = Literal["neutral", "committed", "sceptical", "denying"]


class ReportingWord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``reporting.csv``; `told` says whether a noun under the word is what is told."""

    lemma: str
    pos: str
    kind: Kind
    stance: Stance
    told: bool


@cache
def reporting_words(path: Path = REPORTING) -> dict[tuple[str, str], ReportingWord]:
    """Every row by (lemma, part of speech). Raises `KnowledgeError` naming file and line.

    >>> reporting_words()["deny", "verb"].stance, reporting_words()["claim", "noun"].stance
    ('denying', 'sceptical')
    """
    found: dict[tuple[str, str], ReportingWord] = {}
    for where, row in rows(path, columns=("lemma", "pos", "kind", "stance", "object", "source")):
        key = (row["lemma"], row["pos"])
        if key in found:
            raise KnowledgeError(f"{where}: {' '.join(key)} is there twice")
        found[key] = checked(row, where=where)
    return found


def checked(row: dict[str, str], *, where: str) -> ReportingWord:
    """A row as a word, or a `KnowledgeError` that says what is wrong with it."""
    if row["pos"] not in POS:
        raise KnowledgeError(f"{where}: part of speech {row['pos']!r} is none of {', '.join(sorted(POS))}")
    if row["kind"] not in get_args(Kind) or row["stance"] not in get_args(Stance):
        raise KnowledgeError(f"{where}: kind {row['kind']!r} or stance {row['stance']!r} is not known")
    if row["object"] not in ("", "told"):
        raise KnowledgeError(f"{where}: object must be empty or “told”, not {row['object']!r}")
    return ReportingWord(
        lemma=row["lemma"],
        pos=row["pos"],
        kind=row["kind"],  # type: ignore[arg-type]
        stance=row["stance"],  # type: ignore[arg-type]
        told=row["object"] == "told",
    )


@cache
def channels(path: Path = CHANNELS) -> dict[str, str]:
    """What each phrase, in lower case, says of where something was said.

    >>> channels()["news conference"]
    'press conference'
    """
    return {row["phrase"]: row["channel"] for _, row in rows(path, columns=("phrase", "channel", "source"))}


def rows(path: Path, *, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a file, each with its place in words; every row must have its key and its source."""
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != columns:
            raise KnowledgeError(f"{path.name}, line 1: the columns must be {','.join(columns)}")
        for row in reader:
            where = f"{path.name}, line {reader.line_num}"
            if None in row or any(value is None for value in row.values()):
                raise KnowledgeError(f"{where}: {len(columns)} cells are needed. A comma to quote?")
            if not row[columns[0]] or not row["source"]:
                raise KnowledgeError(f"{where}: a row needs a {columns[0]} and a source")
            yield where, row
