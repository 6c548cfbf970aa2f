"""Well-known events with their day, by which an undated article can be placed in time.

`landmarks.csv` has a row for each: `date`, `name`, `keys` (parts of words in small letters, one of which any text
with the event holds; they only save time), `pattern` (a regular expression for its names, without regard to case),
`single` (``no`` where the same words may mean another event of another year) and `source`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lapwing.errors import KnowledgeError

PATH = Path(__file__).parent / "landmarks.csv"


class Landmark(NamedTuple):
    """A row of ``landmarks.csv``."""

    day: date
    name: str
    keys: tuple[str, ...]
    pattern: str
    single: bool
    source: str


@cache
def landmarks(path: Path = PATH) -> tuple[Landmark, ...]:
    """All landmarks. Raises `KnowledgeError` where a row has no day, key or source.

    >>> next(str(mark.day) for mark in landmarks() if mark.name == "Russian invasion of Ukraine")
    '2022-02-24'
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        return tuple(_landmark(row, f"{path}, line {reader.line_num}") for row in reader)


def _landmark(row: dict[str, str], where: str) -> Landmark:
    try:
        day = date.fromisoformat(row["date"])
        pattern = row["pattern"]
    except (KeyError, TypeError, ValueError) as error:
        raise KnowledgeError(f"{where}: {error}; date must be YYYY-MM-DD") from error
    if not row["source"] or row["single"] not in {"yes", "no"} or not row["keys"]:
        raise KnowledgeError(f"{where}: keys and source must not be empty, single must be yes or no")
    return Landmark(day, row["name"], tuple(row["keys"].split("|")), pattern, row["single"] == "yes", row["source"])


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A landmark's pattern, compiled when a text holds one of its keys. Raises `KnowledgeError` where it is wrong."""
    try:
        return re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE)
    except re.error as error:
        raise KnowledgeError(f"{PATH}: {pattern!r} is no regular expression: {error}") from error


def find_landmarks(text: str) -> Iterator[tuple[Landmark, re.Match[str]]]:
    """Every mention of a landmark in a text.

    >>> [(mark.name, found[0]) for mark, found in find_landmarks("Months after the fall of Mosul, the army returned.")]
    [('fall of Mosul to the Islamic State', 'fall of Mosul')]
    """
    small = text.lower()
    for mark in landmarks():
        if any(key in small for key in mark.keys):
            yield from ((mark, found) for found in compiled(mark.pattern).finditer(text))
