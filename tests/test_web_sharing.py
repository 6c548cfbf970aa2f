"""The workbench beside others: pages while a watch writes, a coder that hangs or dies, another process that wants the file."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from factories import code_by_rote
from lapwing.coding import CodingProcess
from lapwing.errors import SourceError
from lapwing.monitor import load_feeds, with_options
from lapwing.records import Article, CodedDocument
from lapwing.store import open_store
from lapwing.web.app import create_app

HOME = "http://127.0.0.1"


def hang(article: Article) -> CodedDocument:
    if article.text == "hang":
        time.sleep(60)
    return code_by_rote(article)


def until(condition: object, *, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.02)
    raise AssertionError("it did not come about")


def test_pages_are_read_while_a_watch_writes(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for n in range(40):
        (folder / f"{n:02}.txt").write_text(f"Peru met Chile, {n}.")
    (tmp_path / "feeds.toml").write_text(f'cluster = false\n[[feed]]\npath = "{folder}"\n')
    store = tmp_path / "a.duckdb"
    half, go_on = threading.Event(), threading.Event()

    def code(article: Article) -> CodedDocument:
        if article.id.endswith("20.txt"):
            half.set()
            assert go_on.wait(20)
        return code_by_rote(article)

    feeds = with_options(load_feeds(tmp_path / "feeds.toml"), store=str(store), every="1h")
    with TestClient(create_app(store, code=code, feeds=feeds), base_url=HOME) as client:
        assert half.wait(30)
        began = time.monotonic()
        assert client.get("/api/v1/articles/1").status_code == 200
        assert client.get("/api/v1/articles/40").status_code == 404
        assert time.monotonic() - began < 10
        told = client.post("/api/v1/submissions/text", json={"text": "Lima met Quito."}).json()
        assert told["failed"] == 0
        go_on.set()
        until(lambda: client.get("/api/v1/articles/41").status_code == 200)
    with open_store(store, mode="read") as again:
        assert again.engine.rows("SELECT count(*) FROM documents") == [(41,)]


def test_the_file_is_let_go_for_another_process_and_taken_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(create_app.__globals__, "LOOK_WHETHER_IDLE_S", 0.05)
    store = tmp_path / "a.duckdb"
    app = create_app(store, code=code_by_rote)
    with TestClient(app, base_url=HOME) as client:
        assert client.get("/articles/1").status_code == 404
        shared = app.state.workbench.store
        monkeypatch.setattr(shared, "let_go_if_idle", partial(shared.let_go_if_idle, idle_s=0.1))
        until(lambda: shared._owner is None)
        with open_store(store):
            pass
        assert client.get("/articles/1").status_code == 404


# ── the process that codes ──


def article(text: str) -> Article:
    return Article(id="a", text=text)


def test_a_process_codes_and_is_used_again() -> None:
    code = CodingProcess(seconds=30, code=code_by_rote)
    try:
        assert code(article("Peru met Chile.")).events[0].trigger.text == "Peru"
        assert code(article("Lima met Quito.")).text == "Lima met Quito."
        with pytest.raises(SourceError, match="there is nothing in it"):
            code(article("fail"))
    finally:
        code.close()


def test_a_process_that_dies_is_replaced() -> None:
    code = CodingProcess(seconds=30, code=code_by_rote)
    try:
        with pytest.raises(SourceError, match="was killed"):
            code(article("die"))
        assert code(article("Peru met Chile.")).events
    finally:
        code.close()


def test_a_process_that_hangs_is_given_up() -> None:
    code = CodingProcess(seconds=30, code=hang)
    try:
        code(article("Peru met Chile."))
        code._seconds = 0.3
        with pytest.raises(SourceError, match=r"within 0\.3 seconds"):
            code(article("hang"))
        code._seconds = 30
        assert code(article("Peru met Chile.")).events
    finally:
        code.close()


def test_a_process_goes_with_its_parent() -> None:
    code = CodingProcess(seconds=30, code=code_by_rote)
    code.start()
    process = code._process
    assert process is not None
    assert process.pid is not None
    code.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
