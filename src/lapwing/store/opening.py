"""Opening a store: which engine, in which mode, at which version of the schema."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Literal

from lapwing.errors import StoreError
from lapwing.store.engine import Engine
from lapwing.store.migration import check_version, migrate, version_of

Mode = Literal["read", "write", "share"]

POSTGRESQL = ("postgresql://", "postgres://")


class Store:
    """An open store. Close it, or use it in a ``with``: a DuckDB file stays locked until then."""

    def __init__(self, engine: Engine, *, mode: Mode) -> None:
        self.engine = engine
        self.mode = mode

    def close(self) -> None:
        """Finish and let go of the database."""
        self.engine.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.close()
        except StoreError:
            if error is None:
                raise


def open_store(where: str | Path, *, mode: Mode = "write") -> Store:
    """The store at `where`, a file's path or ``postgresql://…``. With the mode ``write`` it is made where it is not
    there, and brought up to date; with ``read`` nothing in it can be changed; ``share`` is ``write`` for a program whose
    threads read and write it side by side (`store.sharing`).

    Raises `StoreBusyError` where another program has it open, `StoreError` where it cannot be opened.
    """
    engine = _engine(str(where), mode=mode)
    try:
        if mode != "read":
            migrate(engine)
        elif check_version(engine) == 0:
            raise StoreError(f"{engine.where} holds no store. `lapwing ingest` makes one.")
        _catch_up(engine, mode=mode)
    except BaseException:
        engine.close()
        raise
    return Store(engine, mode=mode)


def _engine(where: str, *, mode: Mode) -> Engine:
    if where.startswith(POSTGRESQL):
        from lapwing.store.postgres import PostgreSQL

        return PostgreSQL(where, read_only=mode == "read")
    if "://" in where:
        raise StoreError(f"{where} is neither a file nor postgresql://…")
    from lapwing.store.duck import DuckDB

    return DuckDB(Path(where), read_only=mode == "read", shared=mode == "share")


def _catch_up(engine: Engine, *, mode: Mode) -> None:
    """Let the search index of a DuckDB file have what a program that was killed did not get to."""
    from lapwing.store.duck import DuckDB

    if mode != "read" and isinstance(engine, DuckDB) and version_of(engine):
        engine.catch_up()
