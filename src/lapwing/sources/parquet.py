"""Parquet → articles, one a row, a few rows in memory at a time. Only the columns that are needed are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from lapwing.errors import BadLine, NotText, SourceError
from lapwing.records import Article, Failure
from lapwing.settings import Settings
from lapwing.sources.rows import COLUMNS, ID_NAMES, article_of_row, renamed

ROWS = 64


def read_parquet(stream: IO[bytes], *, name: str, settings: Settings) -> Iterator[Article | Failure]:
    """The articles of a Parquet file; a bad row is a `Failure` and the next is read. Raises `NotText` where the file
    is damaged, `BadLine` where it has no texts."""
    import pyarrow

    if not stream.seekable():
        raise SourceError("Parquet cannot be read from a pipe: name the file.")
    number = 0
    try:
        for batch in _batches(stream, settings=settings):
            for row in batch.to_pylist():
                number += 1
                yield _article(row, where=f"{name}:{number}", settings=settings)
    except (pyarrow.ArrowException, OSError) as error:
        told = str(error).partition("\n")[0]
        raise NotText(f"the Parquet file is damaged after {number:,} rows, and was read up to there: {told}.") from None


def _batches(stream: IO[bytes], *, settings: Settings) -> Iterator[Any]:
    from pyarrow import parquet

    file = parquet.ParquetFile(stream, pre_buffer=False, buffer_size=1 << 20)
    names = [field.name for field in file.schema_arrow]
    known = renamed(dict.fromkeys(names), settings=settings)
    if "text" not in known:
        raise BadLine(f"there is no column `text`, but {', '.join(names)[:200]}. Name it: --map text=COLUMN.")
    sources = [old for new, old in settings.columns]
    wanted = [name for name in names if name in (*COLUMNS, *ID_NAMES, *sources)]
    yield from file.iter_batches(batch_size=ROWS, columns=wanted, use_threads=False)


def _article(row: dict[str, Any], *, where: str, settings: Settings) -> Article | Failure:
    plain = {name: _plain(value) for name, value in row.items()}
    try:
        return article_of_row(plain, default_id=where, settings=settings)
    except SourceError as error:
        return Failure(where=where, reason=str(error))


def _plain(value: object) -> object:
    """A date as ISO 8601, which is what rows of text hold.

    >>> _plain(datetime(2022, 12, 19, 8, 30)), _plain(date(2022, 12, 19)), _plain("x")
    ('2022-12-19', '2022-12-19', 'x')
    """
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else value
