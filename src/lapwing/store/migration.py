"""The schema and its versions: plain SQL files in ``migrations/``, run once each and in order.

``NNNN_name.sql`` is run by both engines; ``NNNN_name.ENGINE.sql``, where it is there, after it by that engine only. A
released file is never changed: a new table or column is a new file with the next number.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.resources import files
from typing import TYPE_CHECKING

from lapwing.errors import StoreError

if TYPE_CHECKING:
    from lapwing.store.engine import Engine

FIRST = """CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied TIMESTAMP NOT NULL)"""


def migration_names() -> list[str]:
    """The migrations in their order, without their suffix.

    >>> migration_names()[0]
    '0001_start'
    """
    folder = files("lapwing.store") / "migrations"
    return sorted(
        file.name.removesuffix(".sql")
        for file in folder.iterdir()
        if file.name.count(".") == 1 and file.name.endswith(".sql")
    )


def statements_of(name: str, engine: str) -> list[str]:
    """The text of a migration, and of what `engine` needs beside."""
    folder = files("lapwing.store") / "migrations"
    found = [folder / f"{name}.sql", folder / f"{name}.{engine}.sql"]
    return [file.read_text(encoding="utf-8") for file in found if file.is_file()]


def version_of(engine: Engine) -> int:
    """The store's version: the number of its last migration, 0 for an empty database. Raises `StoreError` for a
    database that holds something else."""
    tables = engine.tables()
    if "migrations" not in tables:
        if tables and engine.name == "duckdb":
            raise StoreError(f"{engine.where} is a database, but no store of Lapwing: name another file.")
        return 0
    ((version,),) = engine.rows("SELECT coalesce(max(version), 0) FROM migrations")
    return int(version)


def check_version(engine: Engine) -> int:
    """The store's version. Raises `StoreError` where a newer Lapwing wrote it."""
    version, newest = version_of(engine), len(migration_names())
    if version > newest:
        raise StoreError(
            f"the store {engine.where} was written by a newer Lapwing (version {version} of the schema; this one "
            f"knows {newest}). Upgrade Lapwing to use it."
        )
    return version


def migrate(engine: Engine) -> None:
    """Bring the store up to date: all in one transaction, so that a store is never half of one version."""
    if check_version(engine) == len(migration_names()):
        return
    with engine.transaction():
        version = version_of(engine)
        if version == 0 and "migrations" not in engine.tables():
            engine.execute(FIRST)
        for number, name in enumerate(migration_names(), start=1):
            if number > version:
                for statements in statements_of(name, engine.name):
                    engine.script(statements)
                now = datetime.now(UTC).replace(tzinfo=None)
                engine.insert("migrations", [{"version": number, "name": name, "applied": now}])
