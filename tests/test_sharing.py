"""A store that the threads of a server share: readers beside a writer, and a file that is let go."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from factories import ENVIRONMENT
from lapwing.errors import QueryError, StoreBusyError, StoreError
from lapwing.records import Coder
from lapwing.store import find_table, open_store, run_sql, start_run
from lapwing.store.sharing import SharedStore

CODER = Coder(lapwing="0", model="test")


def runs(shared: SharedStore) -> int:
    with shared.reading() as store:
        ((count,),) = store.engine.rows("SELECT count(*) FROM runs")
        return int(count)


def enter(shared: SharedStore) -> None:
    with shared.writing() as store:
        start_run(store, kind="test", inputs=(), coder=CODER)


def test_a_reader_sees_what_was_committed_when_it_began(where: str) -> None:
    shared = SharedStore(where)
    enter(shared)
    with shared.writing() as writer, writer.engine.transaction():
        writer.engine.execute("UPDATE runs SET kind = 'changed'")
        with shared.reading() as reader:
            assert reader.engine.rows("SELECT kind FROM runs") == [("test",)]
    with shared.reading() as reader:
        assert reader.engine.rows("SELECT kind FROM runs") == [("changed",)]
    shared.close()


def test_a_reader_cannot_write(where: str) -> None:
    shared = SharedStore(where)
    enter(shared)
    with shared.reading() as store, pytest.raises(StoreError):
        store.engine.execute("DELETE FROM runs")
    assert runs(shared) == 1
    shared.close()


def test_a_query_of_a_person_reaches_no_other_file(tmp_path: Path) -> None:
    shared = SharedStore(tmp_path / "a.duckdb")
    enter(shared)
    with shared.reading() as store, pytest.raises(QueryError):
        run_sql(store, "SELECT * FROM read_csv('/etc/hostname')")
    shared.close()


def test_many_threads_write_and_read_and_nothing_is_lost(where: str) -> None:
    shared = SharedStore(where)
    enter(shared)
    wrong: list[BaseException] = []

    def work(action: object) -> None:
        try:
            for _ in range(10):
                action(shared)  # type: ignore[operator]
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(action,)) for action in (enter, enter, enter, runs, runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert runs(shared) == 31
    shared.close()


def test_search_serves_several_threads(tmp_path: Path) -> None:
    shared = SharedStore(tmp_path / "a.duckdb")
    found: list[list[int]] = []

    def search() -> None:
        with shared.reading() as store:
            found.append(store.engine.search("nothing"))

    for thread in [threading.Thread(target=search) for _ in range(4)]:
        thread.start()
        thread.join()
    assert found == [[], [], [], []]
    shared.close()


OTHER = "import sys; from lapwing.store import open_store; open_store(sys.argv[1]).close()"


def another_process_can_write(path: Path) -> bool:
    done = subprocess.run([sys.executable, "-c", OTHER, str(path)], env=ENVIRONMENT, capture_output=True, check=False)
    return done.returncode == 0


def test_the_file_is_let_go_when_idle_and_taken_again(tmp_path: Path) -> None:
    now = [0.0]
    path = tmp_path / "a.duckdb"
    shared = SharedStore(path, clock=lambda: now[0])
    enter(shared)
    now[0] = 3.0
    assert not shared.let_go_if_idle(idle_s=5.0)
    assert not another_process_can_write(path)
    now[0] = 6.0
    with shared.reading():
        assert not shared.let_go_if_idle(idle_s=5.0)
    now[0] = 12.0
    assert shared.let_go_if_idle(idle_s=5.0)
    assert another_process_can_write(path)
    assert runs(shared) == 1
    shared.close()


def test_a_store_that_another_has_open_is_waited_for_and_then_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lapwing.store.sharing.BUSY_S", 0.2)
    shared = SharedStore(tmp_path / "a.duckdb")
    with open_store(tmp_path / "a.duckdb"), pytest.raises(StoreBusyError), shared.reading():
        raise AssertionError("it was open twice")
    with shared.reading() as store:
        assert find_table(store).num_rows == 0
    shared.close()
