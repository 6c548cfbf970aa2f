"""PostgreSQL: a store that several programs read and write at once. Needs the extra ``[postgres]``.

Writers queue: each transaction takes one advisory lock of the store, so that two programs that ingest at once take
turns, a document at a time, and neither stores what the other has stored. One that waits in vain is told so. The tables
are in the schema that the address leads to (``?options=-csearch_path%3Dnews`` names another than ``public``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lapwing.errors import QueryError, StoreBusyError, StoreError
from lapwing.store.engine import Row, storable
from lapwing.store.words import folded, parse_words, postgresql_query

if TYPE_CHECKING:
    import psycopg
    import pyarrow

FETCH = 1000
"""Rows that a stream holds at a time."""

CONNECT_S = 10
LOCK_S = 30
"""How long a writer waits for its turn."""

SEARCHED_CHARS = 120_000
"""Characters of a document that its words are taken from: PostgreSQL holds one megabyte of them."""

PASSWORD = re.compile(r"(?<=://)([^/@:]*):[^/@]*(?=@)")

QUERY = re.compile(r"\s*(?:(?:--[^\n]*\n|/\*.*?\*/)\s*)*\(*\s*(?:select|with|values|table|explain|show)\b", re.I | re.S)
"""How a statement begins that asks and does not command. The transaction is read-only beside that; COPY to a file of
the server, or to a program, would pass there."""


class PostgreSQL:
    """A PostgreSQL database."""

    name = "postgresql"

    def __init__(self, address: str, *, read_only: bool) -> None:
        self.where = PASSWORD.sub(r"\1:***", address)
        self._read_only = read_only
        self._connection = _connect(address, self.where, read_only=read_only)

    def script(self, statements: str) -> None:
        """Run several statements."""
        with self._told():
            self._connection.execute(statements.encode())

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement."""
        with self._told():
            self._connection.execute(statement.encode(), [storable(value) for value in parameters])

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query."""
        with self._told():
            return self._connection.execute(statement.encode(), [storable(value) for value in parameters]).fetchall()

    def stream(self, statement: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """The rows of a query one by one, from a connection of their own, so that others may be asked meanwhile."""
        import psycopg

        with self._told(), self._another() as connection, psycopg.RawServerCursor(connection, "lapwing") as cursor:
            cursor.itersize = FETCH
            cursor.execute(statement.encode(), [storable(value) for value in parameters])
            yield from cursor

    def _another(self) -> psycopg.Connection[Row]:
        import psycopg

        address = psycopg.conninfo.make_conninfo(self._connection.info.dsn, password=self._connection.info.password)
        connection = _connect(address, self.where, read_only=True)
        connection.autocommit = False
        return connection

    def arrow(self, statement: str, parameters: Sequence[object] = ()) -> pyarrow.Table:
        """The result of a query as an Arrow table."""
        import pyarrow

        if not QUERY.match(statement):
            raise QueryError(
                "only a query can be run here: it begins with SELECT, WITH, VALUES, TABLE, EXPLAIN or SHOW."
            )
        with self._told():
            # prepared, because only that way the server takes one statement and no more
            cursor = self._connection.execute(
                statement.encode(), [storable(value) for value in parameters], prepare=True
            )
            names = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        columns = [pyarrow.array([row[k] for row in rows]) for k in range(len(names))]
        return pyarrow.Table.from_arrays(columns, names=names)

    def insert(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows, sent together."""
        if not rows:
            return
        places = ", ".join(f"${n}" for n in range(1, len(rows[0]) + 1))
        statement = f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({places})"  # noqa: S608 - names from our own rows
        with self._told(), self._connection.cursor() as cursor:
            cursor.executemany(statement.encode(), [[storable(value) for value in row.values()] for row in rows])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, when it is this writer's turn."""
        with self._told(), self._connection.transaction():
            self._connection.execute(f"SET LOCAL lock_timeout = '{LOCK_S}s'".encode())
            self._connection.execute(
                b"SELECT pg_advisory_xact_lock(hashtextextended('lapwing ' || current_schema(), 0))"
            )
            yield

    def tables(self) -> set[str]:
        """The names of the tables that are there."""
        rows = self.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        return {str(row[0]) for row in rows}

    def index(self, document: int, title: str | None, text: str | None) -> None:
        """Make a document findable, in the same transaction."""
        self.execute(
            """
            INSERT INTO searches (doc, words)
            VALUES ($1, to_tsvector('english', $2) || to_tsvector('english', $3))
            """,
            [document, folded(title or ""), folded((text or "")[:SEARCHED_CHARS])],
        )

    def search(self, words: str) -> list[int]:
        """The documents that hold `words`."""
        rows = self.rows(
            "SELECT doc FROM searches WHERE words @@ websearch_to_tsquery('english', $1) ORDER BY doc",
            [postgresql_query(parse_words(words))],
        )
        return [int(row[0]) for row in rows]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of PostgreSQL as ours."""
        import psycopg

        try:
            yield
        except psycopg.errors.LockNotAvailable:
            raise StoreBusyError(
                f"the store {self.where} was being written to by another program for more than {LOCK_S} s. Try again later."
            ) from None
        except psycopg.errors.DiskFull as error:
            raise StoreError(
                f"the store {self.where} could not be written: the server has no room left. What was stored before is "
                f"safe: make room and run the same command again. ({_first_line(error)})"
            ) from None
        except (psycopg.ProgrammingError, psycopg.DataError, psycopg.NotSupportedError) as error:
            raise QueryError(_first_line(error)) from None
        except psycopg.errors.ReadOnlySqlTransaction as error:
            raise QueryError(f"the store is open for reading only: {_first_line(error)}") from None
        except psycopg.OperationalError as error:
            raise StoreError(
                f"the store {self.where} does not answer any more ({_first_line(error)}). What was stored before is safe: "
                "run the same command again when the server is back."
            ) from None
        except psycopg.Error as error:
            raise StoreError(f"the store {self.where} could not do what was asked: {_first_line(error)}") from None


def _connect(address: str, where: str, *, read_only: bool) -> psycopg.Connection[Row]:
    try:
        import psycopg
    except ImportError:
        raise StoreError("a store in PostgreSQL needs more: pip install 'lapwing[postgres]'.") from None
    options: dict[str, Any] = {"autocommit": True, "connect_timeout": CONNECT_S, "cursor_factory": psycopg.RawCursor}
    try:
        connection = psycopg.connect(address, **options)
        connection.add_notice_handler(lambda notice: None)
        connection.execute(b"SET client_encoding = 'UTF8'")
        if read_only:
            connection.execute(b"SET default_transaction_read_only = on")
    except psycopg.Error as error:
        raise StoreError(
            f"the store {where} cannot be reached: {_first_line(error)}. Is the address right, and does the server run?"
        ) from None
    return connection


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
