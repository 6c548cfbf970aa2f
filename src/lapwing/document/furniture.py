"""Lines that belong to the page and not to the article: pointers to other articles, buttons, credits, notices.

The patterns stand in `furniture.csv` and must match a whole line, without regard to case. They are kept narrow: a
line of the article that is lost costs an event, a button that is kept costs nothing much.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lapwing.errors import KnowledgeError

PATH = Path(__file__).parent / "furniture.csv"
LONGEST_LINE = 400
KINDS = ("teaser", "boilerplate")


class Furniture(NamedTuple):
    """A row: lines that match `pattern` are of this kind."""

    kind: str
    pattern: str
    reason: str


@cache
def furniture(path: Path = PATH) -> tuple[Furniture, ...]:
    """All rows. Raises `KnowledgeError` for an unknown kind or a row without a reason."""
    rows: list[Furniture] = []
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if row["kind"] not in KINDS or not row["reason"]:
                raise KnowledgeError(
                    f"{path}, line {reader.line_num}: kind must be one of {KINDS}, and reason not empty"
                )
            rows.append(Furniture(row["kind"], row["pattern"], row["reason"]))
    return tuple(rows)


@cache
def _any_pattern() -> re.Pattern[str]:
    """All patterns as one, because nearly every line matches none."""
    return _compiled("|".join(f"(?:{row.pattern})" for row in furniture()))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise KnowledgeError(f"{PATH}: a pattern does not compile: {error} in {error.pattern!r}") from error


def recognise(line: str) -> tuple[str, str] | None:
    """Kind and reason of a line that is no part of the article.

    >>> recognise("Read also: Talks on grain resume"), recognise("Share this article")
    (('teaser', 'a pointer to another article'), ('boilerplate', 'a button or a label of the page'))
    >>> recognise("Subscribers to the newsletter sued the ministry."), recognise("Related parties met in Oslo.")
    (None, None)
    """
    if len(line) > LONGEST_LINE:
        return None
    if not _any_pattern().fullmatch(line):
        return None
    for row in furniture():
        if _compiled(row.pattern).fullmatch(line):
            return row.kind, row.reason
    return None
