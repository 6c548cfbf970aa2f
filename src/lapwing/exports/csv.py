"""CSV: one row a record, with the columns of ``columns.py``. Lists are joined by ``|``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from lapwing.exports.cells import LIST_SEPARATOR, listed, neutral
from lapwing.exports.columns import COLUMNS
from lapwing.records import Event

if TYPE_CHECKING:
    from _csv import Writer


@contextmanager
def csv_writer(stream: IO[bytes]) -> Iterator[Writer]:
    """A writer of rows to a stream of bytes, in UTF-8; the stream stays open."""
    out = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="", write_through=True)
    try:
        yield csv.writer(out, lineterminator="\r\n")
    finally:
        out.detach()


def write_csv(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write records as CSV in UTF-8, a header first; gives their number."""
    count = 0
    with csv_writer(stream) as rows:
        rows.writerow(COLUMNS)
        for event in events:
            rows.writerow([_cell(kind, value(event)) for kind, value in COLUMNS.values()])
            stream.flush()
            count += 1
    return count


def _cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "list":
        return neutral(listed(value))
    return neutral(value) if kind == "text" else repr(value)


def read_csv_rows(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The rows of a CSV file as `row_of` gave them (an empty cell is None, and an empty list)."""
    for row in csv.DictReader(io.TextIOWrapper(stream, encoding="utf-8", newline="")):
        yield {name: _value_of_cell(COLUMNS[name][0], cell) for name, cell in row.items()}


def _value_of_cell(kind: str, cell: str) -> Any:
    if kind == "integer":
        return int(cell) if cell else None
    if kind == "number":
        return float(cell) if cell else None
    text = cell.removeprefix("'")
    if kind == "list":
        return [item or None for item in text.split(LIST_SEPARATOR)] if text else []
    return text or None
