"""What a database must do for the store: the seam between the two engines and everything else.

Statements are written once, in SQL that both engines read, with ``$1``, ``$2``, … for values. An engine adds no SQL
of its own but for what the two do differently: loading rows, full-text search, and the lock against a second writer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pyarrow

Row = tuple[Any, ...]


class Engine(Protocol):
    """A connection to a database. Whatever goes wrong in it is raised as a `StoreError`."""

    name: str
    where: str

    def script(self, statements: str) -> None:
        """Run several statements."""

    def execute(self, statement: str, parameters: Sequence[object] = ()) -> None:
        """Run one statement."""

    def rows(self, statement: str, parameters: Sequence[object] = ()) -> list[Row]:
        """All rows of a query, for queries that give few."""

    def stream(self, statement: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
        """The rows of a query one by one, in constant memory. Sees what was committed when it began."""

    def arrow(self, statement: str, parameters: Sequence[object] = ()) -> pyarrow.Table:
        """The result of a query as an Arrow table."""

    def insert(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Add rows, which all have the same columns."""

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing. Other writers wait, or are refused."""

    def tables(self) -> set[str]:
        """The names of the tables that are there."""

    def index(self, document: int, title: str | None, text: str | None) -> None:
        """Make a document findable by its words, once the transaction is committed."""

    def search(self, words: str) -> list[int]:
        """The documents (`documents.seq`, ascending) that hold `words`, written as `store.words` reads them."""

    def close(self) -> None:
        """Finish and let go of the database."""


def clean(text: str | None) -> str | None:
    """`text` as both engines can keep it: without half a surrogate pair, and without NUL, which PostgreSQL refuses. The
    length stays, so that offsets hold.

    >>> clean("a\\x00b\\ud800"), clean(None)
    ('a\ufffdb?', None)
    """
    if text is None:
        return None
    text = text.replace("\x00", "\ufffd")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def storable(value: object) -> object:
    """`value` with its text as `clean` leaves it.

    >>> storable(7), storable(["\\x00"])
    (7, ['\ufffd'])
    """
    if isinstance(value, str):
        return clean(value)
    return [storable(item) for item in value] if isinstance(value, list | tuple) else value
