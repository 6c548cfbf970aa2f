"""Full-text search beside a DuckDB file: an SQLite FTS5 index, ``events.duckdb.search``.

The index holds nothing that is not in the store: it may be deleted, and is then made again. It is written after the
store, a batch of documents at a time, and remembers the last document that it holds; what a program that was killed
left out is added when the store is opened next. The text itself is not kept in it a second time.

A server's threads share one index: each use of it waits for the one before.

The file has a second use. A writer holds it locked, so that a second writer in the *same* process, which DuckDB itself
would let in, is refused too.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lapwing.errors import StoreBusyError, StoreError
from lapwing.store.words import folded, parse_words, sqlite_query

Texts = Iterable[tuple[int, str | None, str | None]]
"""Documents by number, with title and text."""

BATCH = 64
"""Documents that wait to be indexed together: a commit costs more than adding one."""

TABLES = """
    CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(title, text, content='', tokenize='porter unicode61');
    CREATE TABLE IF NOT EXISTS progress (last INTEGER NOT NULL);
    INSERT INTO progress SELECT 0 WHERE NOT EXISTS (SELECT * FROM progress);
"""


class SearchIndex:
    """The index of one store. Opened for writing, it keeps everyone else out until it is closed."""

    def __init__(self, path: Path, *, exclusive: bool) -> None:
        self.path = path
        self._pending: list[tuple[int, str | None, str | None]] = []
        self._turn = threading.RLock()
        with self._told():
            try:
                self._open(exclusive=exclusive)
            except sqlite3.DatabaseError as error:
                if not _is_damage(error):
                    raise
                path.unlink()
                self._open(exclusive=exclusive)

    def _open(self, *, exclusive: bool) -> None:
        self._connection = sqlite3.connect(
            self.path, timeout=0.2 if exclusive else 10.0, isolation_level=None, check_same_thread=False
        )
        try:
            if exclusive:
                self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("BEGIN IMMEDIATE")
            for statement in TABLES.strip().split(";\n"):
                self._connection.execute(statement)
            self._connection.execute("UPDATE progress SET last = last")
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.close()
            raise

    @property
    def last(self) -> int:
        """The last document that is indexed or waits for it."""
        if self._pending:
            return self._pending[-1][0]
        with self._told():
            return int(self._connection.execute("SELECT last FROM progress").fetchone()[0])

    def add(self, document: int, title: str | None, text: str | None) -> None:
        """Index a document, at the latest when the index is closed. Documents come in their order."""
        with self._turn:
            self._pending.append((document, title, text))
            if len(self._pending) >= BATCH:
                self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._turn, self._told():
            if not self._pending:
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                (last,) = self._connection.execute("SELECT last FROM progress").fetchone()
                rows = [(n, folded(title or ""), folded(text or "")) for n, title, text in self._pending if n > last]
                self._connection.executemany("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", rows)
                self._connection.execute("UPDATE progress SET last = max(last, ?)", (self._pending[-1][0],))
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise
            self._pending.clear()

    def catch_up(self, newest: int, after: Callable[[int], Texts]) -> None:
        """Index the documents that the store holds and the index does not: `newest` is the store's last one, `after`
        gives those behind a number. An index that knows more than the store belongs to another, and is made anew."""
        if self.last > newest:
            with self._told():
                self._connection.execute("INSERT INTO words (words) VALUES ('delete-all')")
                self._connection.execute("UPDATE progress SET last = 0")
        if self.last < newest:
            for document, title, text in after(self.last):
                self.add(document, title, text)
            self.flush()

    def find(self, words: str) -> list[int]:
        """The documents that hold `words`."""
        query = sqlite_query(parse_words(words))
        with self._turn, self._told():
            self.flush()
            found = self._connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid", (query,))
            return [int(row[0]) for row in found]

    def close(self) -> None:
        """Write what waits, and let go of the file."""
        with self._turn:
            try:
                self.flush()
            finally:
                self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise StoreBusyError(f"{self.path} is held by another program that writes to the store.") from None
            raise StoreError(_why(self.path, error)) from None
        except sqlite3.Error as error:
            raise StoreError(_why(self.path, error)) from None


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    return any(words in str(error) for words in ("malformed", "not a database", "no such column", "vtable constructor"))


def _why(path: Path, error: sqlite3.Error) -> str:
    return f"the search index {path} cannot be used ({error}). It may be deleted: it is made again from the store."
