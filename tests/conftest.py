"""What several test modules share: a place for a store, once for each engine.

The PostgreSQL server is a real one, started for the session in a folder of its own from the binaries that are found
(Debian's package `postgresql`); it listens on a socket only, and as root it runs as another user. Where there are no
binaries, its tests are skipped and say so.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

UNPRIVILEGED = ("postgres", "nobody")


def postgresql_binaries() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: that on the path, else the newest of Debian's."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return folders[-1] if folders else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a running server's database."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'lapwing[postgres]'")
    binaries = postgresql_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="lapwing-pg-"))
    user = next((name for name in UNPRIVILEGED if _exists(name)), None) if os.getuid() == 0 else None
    if user:
        shutil.chown(folder, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [binaries / program, *arguments],
            user=user,
            extra_groups=[] if user else None,
            cwd=folder,
            check=True,
            timeout=120,
            stdout=subprocess.DEVNULL,
        )

    try:
        run("initdb", "-D", "data", "-U", "lapwing", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        settings = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-D", "data", "-o", settings, "-l", "log", "-w", "start")
        try:
            yield f"postgresql://lapwing@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


@pytest.fixture
def schema(postgresql: str) -> str:
    """An address that leads to a new schema of the database."""
    import psycopg

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{postgresql}&options=-csearch_path%3D{name}"


@pytest.fixture(params=["duckdb", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store may be made: a file, and a schema of its own in PostgreSQL."""
    if request.param == "duckdb":
        return str(tmp_path / "events.duckdb")
    return str(request.getfixturevalue("schema"))
