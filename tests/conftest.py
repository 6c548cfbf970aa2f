"""What several test modules share: a place for a store, once for each engine, and the workbench with its browser.

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
from typing import TYPE_CHECKING

import pytest

from browsing import Looks, make_example_store, running_browser, running_workbench

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from playwright.sync_api import Browser

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


# ── the workbench ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def example_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the examples, coded and clustered. It is shared: copy it before you change it."""
    path = tmp_path_factory.mktemp("examples") / "examples.duckdb"
    if made := os.environ.get("LAPWING_EXAMPLE_STORE"):  # one made before, to save the time
        shutil.copyfile(made, path)
    else:
        make_example_store(path)
    return path


@pytest.fixture
def own_store(example_store: Path, tmp_path: Path) -> Path:
    """A copy of the store of the examples."""
    shutil.copyfile(example_store, tmp_path / "examples.duckdb")
    return tmp_path / "examples.duckdb"


@pytest.fixture
def client(own_store: Path) -> Iterator[TestClient]:
    """Requests to the workbench on a copy of the store of the examples, in this process; as from a program, no browser."""
    from fastapi.testclient import TestClient

    from lapwing.coding import code_article
    from lapwing.web.app import create_app

    with TestClient(create_app(own_store, code=code_article), base_url="http://127.0.0.1") as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    with running_browser() as running:
        yield running


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go."""
    if named := os.environ.get("LAPWING_SCREENSHOTS"):
        Path(named).mkdir(parents=True, exist_ok=True)
        return Path(named)
    return tmp_path_factory.mktemp("screenshots")


@pytest.fixture(scope="session")
def workbench(browser: Browser, example_store: Path, pictures: Path) -> Iterator[Looks]:
    """A running server on the store of the examples, with a browser to look at it. Only looked at; `own_workbench` is for
    changes."""
    with running_workbench(example_store) as address:
        yield Looks(browser, address, pictures)


@pytest.fixture
def own_workbench(browser: Browser, own_store: Path, pictures: Path) -> Iterator[Looks]:
    """A server on a store of the examples that the test may change."""
    with running_workbench(own_store) as address:
        yield Looks(browser, address, pictures)
