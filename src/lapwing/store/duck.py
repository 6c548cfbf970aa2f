"""DuckDB: one file, one program that writes to it at a time, nothing to install or to run.

DuckDB locks the file while a program writes, so that a second one is refused; a program that is killed leaves a log
beside the file, from which the next one restores all that was committed. Extensions are neither loaded nor fetched.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lapwing.errors import QueryError, StoreBusyError, StoreError
from lapwing.store.engine import Row, clean, storable
from lapwing.store.search import SearchIndex

if TYPE_CHECKING:
    import duckdb
    import pyarrow

FETCH = 1000
"""Rows that a stream holds at a time."""

SIGNATURE, SIGNATURE_AT = b"DUCK", 8
"""What stands in every DuckDB file, and where."""

ALWAYS = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}

READING = {"enable_external_access": "false", "python_enable_replacements": "false", "lock_configuration": "true"}
"""A query of a read-only store reads the store: no other file, no address, no variable of the program."""

WRITING = {"threads": "1", "memory_limit": "2GB"}
"""A writer stores a document at a time, beside workers that need the cores; what DuckDB keeps of its file stays bounded.
A program that computes over the whole store may ask for more: ``SET threads = 4``."""

SHARING = READING | {"threads": "2", "memory_limit": "4GB"}
"""A server reads and writes the store for others, and keeps what they ask for inside of it."""

ARROW_TYPES = {
    "BIGINT": "int64",
    "INTEGER": "int32",
    "DOUBLE": "float64",
    "BOOLEAN": "bool",
    "DATE": "date32",
    "VARCHAR": "string",
    "JSON": "string",
}


class DuckDB:
    """A DuckDB file with its search index."""

    name = "duckdb"

    def __init__(self, path: Path, *, read_only: bool, shared: bool = False) -> None:
        self.where = str(path)
        self._path = path
        self._read_only = read_only
        self._schemas: dict[str, pyarrow.Schema] = {}
        self._waiting: list[tuple[int, str | None, str | None]] = []
        self._search: SearchIndex | None = None
        self._turn = threading.RLock()
        self._beside_another = False
        self._connection = _connect(path, read_only=read_only, shared=shared)
        try:
            if not read_only:
                self._search = SearchIndex(self._search_path(), exclusive=True)
        except BaseException:
            self._connection.close()
            raise

    def beside(self, *, read_only: bool) -> DuckDB:
        """Another connection to the file that this one has open, for another thread. One that only reads sees the store
        as it is now, whatever is written meanwhile; those that write take turns, a transaction at a time."""
        other = copy(self)
        other._beside_another, other._waiting, other._schemas = True, [], {}
        with _told(self.where):
            other._connection = self._connection.cursor()
        if read_only:
            other.execute("BEGIN TRANSACTION READ ONLY")
        return other

    def script(self, statements: str) -> None:
        """Run several statements."""
        self.execute(statements)

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement."""
        with _told(self.where):
            self._connection.execute(statement, [storable(value) for value in parameters])

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        with _told(self.where):
            return self._connection.execute(statement, [storable(value) for value in parameters]).fetchall()

    def stream(self, statement: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """The rows of a query one by one, from a connection of their own."""
        with _told(self.where), self._connection.cursor() as cursor:
            cursor.execute(statement, [storable(value) for value in parameters])
            while rows := cursor.fetchmany(FETCH):
                yield from rows

    def arrow(self, statement: str, parameters: Sequence[object] = ()) -> pyarrow.Table:
        """The result of a query as an Arrow table."""
        import pyarrow

        with _told(self.where), self._connection.cursor() as cursor:
            relation = cursor.sql(statement, params=[storable(value) for value in parameters] or None)
            return pyarrow.table({}) if relation is None else relation.to_arrow_table()

    def insert(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows by way of Arrow, which is the fastest there is for a handful as well as for many."""
        import pyarrow

        if not rows:
            return
        schema = self._schema(table)
        columns = ", ".join(rows[0])
        batch = pyarrow.Table.from_pylist(
            [{name: storable(value) for name, value in row.items()} for row in rows],
            schema=pyarrow.schema([schema.field(name) for name in rows[0]]),
        )
        with _told(self.where):
            self._connection.register("_batch", batch)
            try:
                self._connection.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM _batch")  # noqa: S608 - names from our own rows
            finally:
                self._connection.unregister("_batch")

    def _schema(self, table: str) -> pyarrow.Schema:
        import pyarrow

        if table not in self._schemas:
            columns = self.rows(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $1 ORDER BY column_index",
                [table],
            )
            self._schemas[table] = pyarrow.schema([(name, _arrow_type(kind)) for name, kind in columns])
        return self._schemas[table]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        with self._turn:
            self.execute("BEGIN TRANSACTION")
            try:
                yield
                self.execute("COMMIT")
            except BaseException:
                self._waiting.clear()
                with suppress(StoreError):
                    self.execute("ROLLBACK")
                raise
            if self._search:
                for document in self._waiting:
                    self._search.add(*document)
            self._waiting.clear()

    def tables(self) -> set[str]:
        """The names of the tables that are there."""
        return {str(row[0]) for row in self.rows("SELECT table_name FROM duckdb_tables()")}

    def index(self, document: int, title: str | None, text: str | None) -> None:
        """Make a document findable, once the transaction is committed."""
        self._waiting.append((document, clean(title), clean(text)))

    def catch_up(self) -> None:
        """Index what an earlier program did not get to."""
        if self._search is None:
            self._search = SearchIndex(self._search_path(), exclusive=False)
        ((newest,),) = self.rows("SELECT coalesce(max(seq), 0) FROM documents")
        self._search.catch_up(
            newest,
            lambda last: self.stream("SELECT seq, title, text FROM documents WHERE seq > $1 ORDER BY seq", [last]),
        )

    def search(self, words: str) -> list[int]:
        """The documents that hold `words`."""
        if self._search is None:
            self.catch_up()
        assert self._search is not None
        return self._search.find(words)

    def _search_path(self) -> Path:
        return self._path.with_name(self._path.name + ".search")

    def close(self) -> None:
        """Finish and let go of the file."""
        try:
            if self._search and not self._beside_another:
                self._search.close()
        finally:
            with _told(self.where):
                self._connection.close()


def _arrow_type(kind: str) -> pyarrow.DataType:
    """
    >>> _arrow_type("VARCHAR[]"), _arrow_type("TIMESTAMP")
    (ListType(list<item: string>), TimestampType(timestamp[us]))
    """
    import pyarrow

    if kind.endswith("[]"):
        return pyarrow.list_(_arrow_type(kind.removesuffix("[]")))
    return pyarrow.timestamp("us") if kind == "TIMESTAMP" else pyarrow.type_for_alias(ARROW_TYPES[kind])


def _connect(path: Path, *, read_only: bool, shared: bool) -> duckdb.DuckDBPyConnection:
    import duckdb

    if path.is_dir():
        raise StoreError(f"{path} is a folder: name a file in it, for example {path / 'events.duckdb'}.")
    if read_only and not path.exists():
        raise StoreError(f"there is no store {path}. `lapwing ingest` makes one.")
    if not path.parent.is_dir():
        raise StoreError(f"there is no folder {path.parent} to put the store into.")
    _refuse_other_files(path)
    config: dict[str, Any] = ALWAYS | (READING if read_only else SHARING if shared else WRITING)
    with _told(str(path)):
        if not path.exists():
            _begin(path, config)
        return duckdb.connect(str(path), read_only=read_only, config=config)


def _begin(path: Path, config: dict[str, Any]) -> None:
    """Make an empty file under another name, and give it its own when it is whole. DuckDB writes a new file in steps: one
    whose maker is killed between them can never be opened. Where the folder knows no hard links, DuckDB makes it in place."""
    import duckdb

    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        duckdb.connect(str(new), config=config).close()
        with suppress(OSError):  # another process was first, or there are no links
            path.hardlink_to(new)
    finally:
        new.unlink(missing_ok=True)


def _refuse_other_files(path: Path) -> None:
    """DuckDB would look for an extension that reads the file, or begin one of its own in it."""
    if not path.is_file():
        return
    try:
        with path.open("rb") as stream:
            head = stream.read(len(SIGNATURE) + SIGNATURE_AT)
    except OSError as error:
        raise _store_error(str(path), f"{error.strerror}") from None
    if head and head[SIGNATURE_AT:] != SIGNATURE:
        raise _store_error(str(path), "not a valid DuckDB file")


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Errors of DuckDB as ours."""
    import duckdb

    try:
        yield
    except (duckdb.ProgrammingError, duckdb.DataError, duckdb.NotSupportedError, duckdb.PermissionException) as error:
        raise QueryError(_first_line(error)) from None
    except duckdb.Error as error:
        raise _store_error(where, _first_line(error)) from None


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


BUSY = ("Could not set lock", "Conflicting lock", "different configuration", "already open in", "being used by another")

FULL = ("No space left", "File too large", "Could not write", "failed to write", "Out of Memory", "max_temp_directory")

FORBIDDEN = ("Permission denied", "Read-only file system", "Cannot open file", "read-only mode")

DAMAGED = (
    "not a valid DuckDB",
    "Corrupt",
    "corrupt",
    "checksum",
    "Could not read",
    "could not read",
    "Serialization",
    "truncated",
    "replaying WAL",
    "INTERNAL",
)


def _store_error(where: str, message: str) -> StoreError:
    """The error for a message of DuckDB.

    >>> type(_store_error("a", "IO Error: Could not set lock on file")).__name__
    'StoreBusyError'
    """
    if any(words in message for words in BUSY):
        return StoreBusyError(
            f"the store {where} is in use by another program, and DuckDB lets one at a time write. "
            "Wait until it has finished, or keep the store in PostgreSQL."
        )
    if any(words in message for words in FULL):
        return StoreError(
            f"the store {where} could not be written: there is no room left. What was stored before is safe: "
            f"make room and run the same command again. ({message})"
        )
    if any(words in message for words in FORBIDDEN):
        return StoreError(f"the store {where} may not be opened or written: check its permissions. ({message})")
    if any(words in message for words in DAMAGED):
        return StoreError(
            f"the store {where} is damaged, or is no DuckDB file. It was left as it is: restore it from a copy, "
            f"or name another file. ({message})"
        )
    return StoreError(f"the store {where} could not do what was asked: {message}")
