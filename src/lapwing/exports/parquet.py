"""Parquet: columns as in CSV but lists as lists, and ``doc_text`` for texts that were extracted from a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from lapwing.exports.columns import COLUMNS, row_of
from lapwing.records import Event

ROW_GROUP = 2000
"""Rows held in memory at a time."""


def write_parquet(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write records as Parquet; gives their number."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "list": pa.list_(pa.string())}
    schema = pa.schema([*((name, types[kind]) for name, (kind, _) in COLUMNS.items()), ("doc_text", pa.string())])
    count = 0
    with parquet.ParquetWriter(stream, schema) as writer:
        for rows in _row_groups(iter(events)):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _row_groups(events: Iterator[Event]) -> Iterator[list[dict[str, Any]]]:
    while rows := [row_of(event) | {"doc_text": event.doc.text} for event in islice(events, ROW_GROUP)]:
        yield rows


def read_parquet_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file as `row_of` gave them, with `doc_text`."""
    from pyarrow import parquet

    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows
