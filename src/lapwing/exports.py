"""Records → JSONL, CSV, Parquet.

JSONL holds the record as ``docs/reference/record.md`` describes it, one a line. CSV and Parquet hold one row a record
with the columns below: who, what, when and where as plain values, each with the words that it was read from. All
writers take documents one by one and keep none of them. A file appears under its name when it is complete, and not
before.

A spreadsheet runs a cell that starts with ``=`` as a formula, and an article is written by strangers. In CSV, text that
starts like a formula is written with an apostrophe before it, and so is text that starts with an apostrophe: taking one
off gives the value back (`read_csv_rows` does).
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol

import msgspec

from lapwing.errors import ExportError
from lapwing.records import Entity, Event, Span

if TYPE_CHECKING:
    import pyarrow

Format = Literal["jsonl", "csv", "parquet"]

FORMATS: tuple[Format, ...] = ("jsonl", "csv", "parquet")

LIST_SEPARATOR = "|"

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

ROW_GROUP = 2000
"""Rows of Parquet held in memory at a time."""

C1_OR_DELETE = re.compile("[\x7f-\x9f]")


class WithEvents(Protocol):
    """What the writers take: a coded document, or any other bunch of records."""

    @property
    def events(self) -> Sequence[Event]:
        """The records."""


# ── columns ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _start(span: Span | None) -> int | None:
    return span.start if span else None


def _end(span: Span | None) -> int | None:
    return span.end if span else None


def _text(span: Span | None) -> str | None:
    return span.text if span else None


def _each(entities: Sequence[Entity], field: str) -> list[str | None]:
    return [getattr(entity, field) for entity in entities]


COLUMNS: dict[str, tuple[str, Callable[[Event], object]]] = {
    "id": ("text", lambda e: e.id),
    "doc_id": ("text", lambda e: e.doc.id),
    "doc_title": ("text", lambda e: e.doc.title),
    "doc_outlet": ("text", lambda e: e.doc.outlet),
    "doc_url": ("text", lambda e: e.doc.url),
    "doc_published": ("text", lambda e: e.doc.published),
    "doc_published_basis": ("text", lambda e: e.doc.published_basis),
    "doc_lang": ("text", lambda e: e.doc.lang),
    "doc_sha256": ("text", lambda e: e.doc.sha256),
    "event": ("text", lambda e: e.event),
    "mode": ("text", lambda e: e.mode),
    "contexts": ("list", lambda e: list(e.contexts)),
    "quad": ("integer", lambda e: e.quad),
    "score": ("number", lambda e: e.score),
    "trigger": ("text", lambda e: e.trigger.text),
    "trigger_start": ("integer", lambda e: e.trigger.start),
    "trigger_end": ("integer", lambda e: e.trigger.end),
    "actor_names": ("list", lambda e: _each(e.actors, "name")),
    "actor_countries": ("list", lambda e: _each(e.actors, "country")),
    "actor_sectors": ("list", lambda e: _each(e.actors, "sector")),
    "actor_texts": ("list", lambda e: _each(e.actors, "text")),
    "recipient_names": ("list", lambda e: _each(e.recipients, "name")),
    "recipient_countries": ("list", lambda e: _each(e.recipients, "country")),
    "recipient_sectors": ("list", lambda e: _each(e.recipients, "sector")),
    "recipient_texts": ("list", lambda e: _each(e.recipients, "text")),
    "date": ("text", lambda e: e.date and e.date.value),
    "date_precision": ("text", lambda e: e.date and e.date.precision),
    "date_text": ("text", lambda e: e.date and _text(e.date.span)),
    "place": ("text", lambda e: e.place and e.place.name),
    "place_country": ("text", lambda e: e.place and e.place.country),
    "place_adm1": ("text", lambda e: e.place and e.place.adm1),
    "place_lat": ("number", lambda e: e.place and e.place.lat),
    "place_lon": ("number", lambda e: e.place and e.place.lon),
    "place_geonameid": ("integer", lambda e: e.place and e.place.geonameid),
    "place_precision": ("text", lambda e: e.place and e.place.precision),
    "place_text": ("text", lambda e: e.place and _text(e.place.span)),
    "status": ("text", lambda e: e.status),
    "cue": ("text", lambda e: _text(e.cue)),
    "cue_start": ("integer", lambda e: _start(e.cue)),
    "cue_end": ("integer", lambda e: _end(e.cue)),
    "source": ("text", lambda e: e.source and e.source.name),
    "source_country": ("text", lambda e: e.source and e.source.country),
    "source_sector": ("text", lambda e: e.source and e.source.sector),
    "source_kind": ("text", lambda e: e.source and e.source.kind),
    "source_text": ("text", lambda e: e.source and e.source.span.text),
    "source_cue": ("text", lambda e: e.source and _text(e.source.cue)),
    "source_channel": ("text", lambda e: e.source and e.source.channel),
    "relay": ("text", lambda e: e.relay and e.relay.name),
    "magnitude": ("list", lambda e: [f"{kind}={number:g}" for kind, number in _numbers(e.magnitude).items()]),
    "confidence": ("number", lambda e: e.confidence),
    "evidence": ("text", lambda e: e.evidence.text),
    "evidence_start": ("integer", lambda e: e.evidence.start),
    "evidence_end": ("integer", lambda e: e.evidence.end),
    "coder_lapwing": ("text", lambda e: e.coder.lapwing),
    "coder_model": ("text", lambda e: e.coder.model),
}
"""Column → its kind (text, integer, number, list) and where its value stands in a record. The order is the files'
order."""


def row_of(event: Event) -> dict[str, Any]:
    """A record as one flat row, lists as lists."""
    return {name: value(event) for name, (_, value) in COLUMNS.items()}


def record_of(event: Event) -> dict[str, Any]:
    """A record as ``docs/reference/record.md`` shapes it: plain dictionaries, lists, strings and numbers."""
    record: dict[str, Any] = msgspec.to_builtins(event)
    if event.magnitude is not None:
        record["magnitude"] = _numbers(event.magnitude)
    if event.doc.text is None:
        del record["doc"]["text"]
    return record


def _numbers(magnitude: dict[str, float] | None) -> dict[str, float]:
    """Counts as whole numbers.

    >>> _numbers({"troops": 9000.0, "usd": 2.5})
    {'troops': 9000, 'usd': 2.5}
    """
    return {kind: int(value) if float(value).is_integer() else value for kind, value in (magnitude or {}).items()}


# ── JSONL ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def json_line(value: object) -> bytes:
    """`value` as one line of JSON that a terminal can be trusted with: JSON itself escapes most control characters,
    this the rest (a C1 character can start a terminal command).

    >>> json_line({"a": "x\\x9b31m", "é": 1})
    b'{"a":"x\\\\u009b31m","\\xc3\\xa9":1}'
    """
    text = msgspec.json.encode(value).decode()
    if C1_OR_DELETE.search(text):
        text = C1_OR_DELETE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return text.encode()


def write_jsonl(documents: Iterable[WithEvents], stream: IO[bytes]) -> int:
    """Write the records of `documents`, one a line; gives their number. A document's lines are written in one go, so
    that a reader at the other end of a pipe sees them as they come."""
    count = 0
    for document in documents:
        stream.write(b"".join(json_line(record_of(event)) + b"\n" for event in document.events))
        stream.flush()
        count += len(document.events)
    return count


def read_jsonl(stream: IO[bytes]) -> Iterator[Event]:
    """The records of a JSONL stream, as they were written."""
    decoder = msgspec.json.Decoder(Event)
    for line in stream:
        if line.strip():
            yield decoder.decode(line)


# ── CSV ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def neutral(text: str) -> str:
    """`text` as a cell that no spreadsheet runs.

    >>> neutral("=HYPERLINK(1)"), neutral("'quoted'"), neutral("Kyiv")
    ("'=HYPERLINK(1)", "''quoted'", 'Kyiv')
    """
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "'")) else text


def _cell(kind: str, value: Any) -> str:
    if value is None:
        return ""
    if kind == "list":
        return neutral(LIST_SEPARATOR.join((item or "").replace(LIST_SEPARATOR, "/") for item in value))
    return neutral(value) if kind == "text" else repr(value)


def write_csv(documents: Iterable[WithEvents], stream: IO[bytes]) -> int:
    """Write the records of `documents` as CSV in UTF-8, a header first; gives their number. Lists are joined by
    ``|``."""
    import io

    out = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(out, lineterminator="\r\n")
    count = 0
    try:
        rows.writerow(COLUMNS)
        for document in documents:
            for event in document.events:
                rows.writerow([_cell(kind, value(event)) for kind, value in COLUMNS.values()])
            count += len(document.events)
            stream.flush()
    finally:
        out.detach()
    return count


def read_csv_rows(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The rows of a CSV file as `row_of` gave them (an empty cell is None, and an empty list)."""
    import io

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


# ── Parquet ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_parquet(documents: Iterable[WithEvents], stream: IO[bytes]) -> int:
    """Write the records of `documents` as Parquet, columns as in CSV but lists as lists, and `doc_text` for texts that
    were extracted from a page; gives their number."""
    import pyarrow as pa
    from pyarrow import parquet

    types = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "list": pa.list_(pa.string())}
    schema = pa.schema([*((name, types[kind]) for name, (kind, _) in COLUMNS.items()), ("doc_text", pa.string())])
    count = 0
    with parquet.ParquetWriter(stream, schema) as writer:
        for rows in _row_groups(documents):
            writer.write_table(pa.Table.from_pylist(rows, schema=schema))
            count += len(rows)
    return count


def _row_groups(documents: Iterable[WithEvents]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    for document in documents:
        rows.extend(row_of(event) | {"doc_text": event.doc.text} for event in document.events)
        if len(rows) >= ROW_GROUP:
            yield rows
            rows = []
    if rows:
        yield rows


def read_parquet_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file as `row_of` gave them, with `doc_text`."""
    from pyarrow import parquet

    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows


# ── any other table ───────────────────────────────────────────────────────────────────────────────────────────────────


def write_table(table: pyarrow.Table, stream: IO[bytes], *, format: Format) -> int:
    """Write a table of any columns in `format`; gives the number of its rows. Lists are joined by ``|`` in CSV, and
    text that starts like a formula is written with an apostrophe before it."""
    from pyarrow import parquet

    if format == "parquet":
        parquet.write_table(table, stream)
    elif format == "jsonl":
        for batch in table.to_batches(max_chunksize=ROW_GROUP):
            stream.writelines(json_line(row) + b"\n" for row in batch.to_pylist())
    else:
        _write_csv_table(table, stream)
    return int(table.num_rows)


def _write_csv_table(table: pyarrow.Table, stream: IO[bytes]) -> None:
    import io

    out = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    rows = csv.writer(out, lineterminator="\r\n")
    try:
        rows.writerow([neutral(name) for name in table.column_names])
        for batch in table.to_batches(max_chunksize=ROW_GROUP):
            rows.writerows([_plain_cell(value) for value in row.values()] for row in batch.to_pylist())
    finally:
        out.detach()


def _plain_cell(value: object) -> str:
    """
    >>> _plain_cell("=1"), _plain_cell(-1), _plain_cell(None), _plain_cell(["a", "b"])
    ("'=1", '-1', '', 'a|b')
    """
    if isinstance(value, list):
        return _cell("list", [str(item) for item in value])
    return _cell("text", value) if value is None or isinstance(value, str) else str(value)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

WRITERS: dict[Format, Callable[[Iterable[WithEvents], IO[bytes]], int]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
}


def write_records(documents: Iterable[WithEvents], stream: IO[bytes], *, format: Format) -> int:
    """Write the records of `documents` in `format`; gives their number."""
    return WRITERS[format](documents, stream)


def format_of(path: str) -> Format | None:
    """The format that a file's name asks for.

    >>> format_of("out/events.csv"), format_of("events.txt")
    ('csv', None)
    """
    suffix = Path(path).suffix.lower().lstrip(".")
    return next((known for known in FORMATS if known == suffix), None)


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose content becomes `path` when the block ends well, and is thrown away when it does not: until then
    what stood there before stays. A device or a pipe is written to directly. Raises `ExportError`."""
    try:
        target = path.resolve()
        regular = target.is_file() or not target.exists()
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        stream = part.open("xb") if regular else target.open("wb")
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}. Does the folder exist?") from error
    try:
        with stream:
            yield stream
        if regular:
            part.replace(target)
    finally:
        if regular:
            part.unlink(missing_ok=True)
