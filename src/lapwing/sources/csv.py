"""CSV → articles: a header line, then one article a row. Comma, semicolon and tab are told apart by the header.

The reader is strict: a quote that is never closed would otherwise swallow the rest of the file as one article, and
nobody would be told. Lines are decoded one by one, so that a file of any size streams.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

import msgspec

from lapwing.errors import BadLine, SourceError
from lapwing.records import Article, Failure
from lapwing.settings import Settings
from lapwing.sources.rows import COLUMNS, ID_NAMES, article_of_row
from lapwing.sources.text import byte_order_mark, decode, read_lines

DELIMITERS = (",", ";", "\t")


def delimiter_of(header: str, *, text: str = "text") -> str | None:
    """The delimiter by which `header` holds a column `text`, or None where it is no header of ours.

    >>> delimiter_of("id;text;published"), delimiter_of("text"), delimiter_of("Hello, world")
    (';', ',', None)
    """
    for delimiter in DELIMITERS:
        if text in _names(header, delimiter):
            return delimiter
    return None


def looks_like_header(line: str) -> bool:
    """Whether a file that starts with `line` is CSV for want of a name that says so: every column must be known.

    >>> looks_like_header("id,text,title"), looks_like_header("text"), looks_like_header("text, text and text")
    (True, False, False)
    """
    delimiter = delimiter_of(line)
    names = _names(line, delimiter) if delimiter else []
    return len(names) > 1 and len(set(names)) == len(names) and set(names) <= {*COLUMNS, *ID_NAMES}


def read_csv(stream: IO[bytes], *, name: str, settings: Settings) -> Iterator[Article | Failure]:
    """The articles of a CSV stream; a bad row is a `Failure` and the next is read. Raises `BadLine` for a bad header.

    >>> import io
    >>> rows = io.BytesIO(b'id,text\\n1,"Hello, world."\\n2\\n')
    >>> reads = read_csv(rows, name="a.csv", settings=Settings())
    >>> [read.id if isinstance(read, Article) else read.where for read in reads]
    ['1', 'a.csv:3']
    """
    lines = _TextLines(stream, settings=settings)
    header = next(lines, "")
    text = dict(settings.columns).get("text", "text").lower()
    delimiter = delimiter_of(header, text=text)
    if delimiter is None:
        raise BadLine(
            f"the first line has no column `{text}`. The columns are {', '.join(COLUMNS)}; only `text` is needed "
            "(if it has another name: --map text=NAME)."
        )
    names = _names(header, delimiter)
    _allow_long_fields(settings.max_line_bytes)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.number + 1
        try:
            cells = next(rows, None)
            if cells is None:
                return
            if cells:
                article = _article_of_cells(names, cells, default_id=f"{name}:{line}", settings=settings)
                yield msgspec.structs.replace(article, notes=lines.take_notes() + article.notes)
        except csv.Error as error:
            yield Failure(where=f"{name}:{line}", reason=f"not a row of CSV: {error}.")
        except SourceError as error:
            yield Failure(where=f"{name}:{line}", reason=str(error))


def _article_of_cells(names: list[str], cells: list[str], *, default_id: str, settings: Settings) -> Article:
    if len(cells) > len(names):
        raise BadLine(f"the row has {len(cells)} cells, the header {len(names)}. Is a comma or a quote not escaped?")
    return article_of_row(dict(zip(names, cells, strict=False)), default_id=default_id, settings=settings)


def _names(header: str, delimiter: str) -> list[str]:
    return [name.strip().strip('"').strip().lower() for name in header.strip("\ufeff\r\n").split(delimiter)]


def _allow_long_fields(limit: int) -> None:
    """The standard library keeps this limit (128 KB by default) for the whole process; it is raised, never lowered."""
    if csv.field_size_limit() < limit:
        csv.field_size_limit(limit)


class _TextLines:
    """The decoded lines of a stream, with the number of the line read last and the notes of decoding: `csv.reader`
    takes an iterator of lines, and does not tell where a row that failed began."""

    def __init__(self, stream: IO[bytes], *, settings: Settings) -> None:
        self.number = 0
        self._notes: list[str] = []
        self._lines = self._decoded(stream, settings=settings)

    def __iter__(self) -> _TextLines:
        return self

    def __next__(self) -> str:
        return next(self._lines)

    def take_notes(self) -> tuple[str, ...]:
        """The notes since they were taken last."""
        notes, self._notes = tuple(self._notes), []
        return notes

    def _decoded(self, stream: IO[bytes], *, settings: Settings) -> Iterator[str]:
        for number, line in read_lines(stream, limit=settings.max_line_bytes):
            if number == 1 and line and (mark := byte_order_mark(line)) and mark[1] != "utf-8":
                raise BadLine(f"the file is in {mark[1].upper()}: save it as UTF-8 first.")
            self.number = number
            if line is None:
                raise BadLine(f"a line is longer than {settings.max_line_bytes:,} bytes; the file was read up to here.")
            text, notes = decode(line)
            self._notes.extend(f"line {number}: {note}" for note in notes)
            yield text
