"""Any table, whatever its columns, as JSONL, CSV or Parquet."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from lapwing.errors import ExportError
from lapwing.exports.cells import neutral, plain_cell
from lapwing.exports.csv import csv_writer
from lapwing.exports.jsonl import json_line
from lapwing.exports.parquet import ROW_GROUP

if TYPE_CHECKING:
    import pyarrow

TABLE_FORMATS = ("jsonl", "csv", "parquet")


def write_table(table: pyarrow.Table, stream: IO[bytes], *, format: str) -> int:
    """Write a table of any columns in `format`; gives the number of its rows. Lists are joined by ``|`` in CSV, and
    text that starts like a formula is written with an apostrophe before it. Raises `ExportError`."""
    from pyarrow import parquet

    if format not in TABLE_FORMATS:
        raise ExportError(
            f"{format} holds events, and this is a table. It can be written as {', '.join(TABLE_FORMATS)}."
        )
    if format == "parquet":
        parquet.write_table(table, stream)
    elif format == "jsonl":
        for batch in table.to_batches(max_chunksize=ROW_GROUP):
            stream.writelines(json_line(row) + b"\n" for row in batch.to_pylist())
    else:
        with csv_writer(stream) as rows:
            rows.writerow([neutral(name) for name in table.column_names])
            for batch in table.to_batches(max_chunksize=ROW_GROUP):
                rows.writerows([plain_cell(value) for value in row.values()] for row in batch.to_pylist())
    return int(table.num_rows)
