"""From sources to a store: each article once, whatever happens on the way.

Articles are coded by rote, so that no model is needed. The runs that are killed are children of one process that has
everything imported: 50 of them take seconds.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factories import ENVIRONMENT, code_by_rote
from lapwing.errors import StoreError
from lapwing.ingest import Ingested, Tally, ingest
from lapwing.records import Article, CodedDocument, Coder, Failure
from lapwing.store import Filter, Store, find_events, open_store, store_document
from nursery import Nursery

CODER = Coder(lapwing="0.1.0", model="test")
NEWER = Coder(lapwing="0.2.0", model="test")


def articles(*texts: str) -> list[Article | Failure]:
    return [Article(id=f"a{n}", text=text) for n, text in enumerate(texts, start=1)]


def run(store: Store, reads: list[Article | Failure], coder: Coder = CODER, **options: Any) -> tuple[Tally, list[str]]:
    told: list[Ingested] = []
    tally = ingest(
        reads,
        store,
        coder=coder,
        **{"jobs": 1, "code": code_by_rote, **options},
        tell=lambda done, _: told.append(done),
    )
    return tally, [f"{done.where} {done.outcome}" for done in told]


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as opened:
        yield opened


READS = [*articles("one", "fail", "break"), Failure(where="file", reason="unreadable"), *articles("two")]


def test_articles_are_stored_and_failures_are_entered(store: Store) -> None:
    tally, told = run(store, READS)
    assert told == ["a1 stored", "a2 failed", "a3 failed", "file failed", "a1 stored"]
    assert (tally.stored, tally.failed, tally.records, tally.done) == (2, 3, 2, 5)
    assert store.engine.rows("SELECT origin FROM failures") == [("a2",), ("a3",), ("file",)]
    assert store.engine.rows("SELECT stored, failed FROM runs") == [(2, 3)]


def test_a_second_run_repeats_nothing_and_tries_again_what_failed(store: Store) -> None:
    run(store, READS)
    coded: list[str] = []

    def code(article: Article) -> CodedDocument:
        coded.append(article.text)
        return code_by_rote(article)

    tally, told = run(store, READS, code=code)
    assert coded == ["fail", "break"]
    assert told == ["a1 unchanged", "a2 failed", "a3 failed", "file failed", "a1 unchanged"]
    assert (tally.unchanged, tally.records, len(list(find_events(store)))) == (2, 0, 2)


@pytest.mark.parametrize("jobs", [2, None])
def test_a_pool_stores_what_one_process_stores(store: Store, jobs: int | None) -> None:
    many = articles(*(f"text {n}" for n in range(20)))
    _, told = run(store, many, jobs=jobs)
    assert told == [f"a{n} stored" for n in range(1, 21)]
    assert [event.doc.id for event in find_events(store)] == [f"a{n}" for n in range(1, 21)]


def test_the_same_article_twice_in_a_run_is_stored_once(store: Store) -> None:
    tally, _ = run(store, [*articles("one"), *articles("one")])
    assert (tally.stored, tally.unchanged) == (1, 1)


def test_what_another_version_coded_is_left_alone_unless_asked(store: Store) -> None:
    run(store, articles("one", "two"))
    tally, _ = run(store, articles("one", "three"), coder=NEWER)
    assert (tally.unchanged, tally.older, tally.stored) == (1, 1, 1)
    tally, told = run(store, articles("one"), coder=NEWER, recode=True)
    assert (tally.recoded, told) == (1, ["a1 recoded"])


def test_articles_are_read_only_as_far_as_they_are_needed(store: Store) -> None:
    read = 0

    def reads() -> Iterator[Article | Failure]:
        nonlocal read
        for article in articles(*(f"text {n}" for n in range(50))):
            read += 1
            yield article

    ahead: list[int] = []
    ingest(
        reads(), store, coder=CODER, jobs=1, code=code_by_rote, tell=lambda done, tally: ahead.append(read - tally.done)
    )
    assert max(ahead) == 0


def test_a_store_that_fails_ends_the_run_and_loses_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from lapwing import ingest as module

    def full(store: Store, run: Any, article: Article, *rest: Any, **options: Any) -> Any:
        if article.text == "two":
            raise StoreError("no room left")
        return store_document(store, run, article, *rest, **options)

    monkeypatch.setattr(module, "store_document", full)
    with pytest.raises(StoreError, match="no room"):
        run(store, articles("one", "two", "three"))
    monkeypatch.undo()
    tally, _ = run(store, articles("one", "two", "three"))
    assert (tally.unchanged, tally.stored) == (1, 2)


def test_memory_does_not_grow_with_the_stream(tmp_path: Path) -> None:
    script = """
import resource, sys
from factories import code_by_rote
from lapwing.ingest import ingest
from lapwing.records import Article, Coder
from lapwing.store import open_store
def reads():
    for n in range(240):
        if n in (80, 239):
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
        yield Article(id=str(n), text=f"word {n} " + "x " * 50_000)
with open_store(sys.argv[1]) as store:
    ingest(reads(), store, coder=Coder(lapwing="1", model="m"), jobs=1, code=code_by_rote)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "a.duckdb"],
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT,
    )
    early, late = (int(line) / 1024 for line in done.stdout.split())
    assert late - early < 60, f"{early:.0f} MB after 80 articles, {late:.0f} MB after 240, which are 16 MB of text"


# ── killed ────────────────────────────────────────────────────────────────────────────────────────────────────────────

INGEST = """
from factories import code_by_rote
from lapwing.ingest import ingest
from lapwing.records import Coder
from lapwing.sources import read_articles
from lapwing.store import open_store

def run(articles, where):
    with open_store(where) as store:
        reads = read_articles([articles], unique_ids=False)
        ingest(reads, store, coder=Coder(lapwing="1", model="m"), jobs=1, code=code_by_rote)
"""

ARTICLES = 6


def content(where: Path) -> dict[str, list[Any]]:
    """All that a store holds, but for times and runs."""
    with open_store(where) as store:
        rows = store.engine.rows
        return {
            "documents": rows("SELECT seq, key, id, sha256, text, given, lang FROM documents ORDER BY seq"),
            "records": rows("SELECT seq, id, doc, event, CAST(record AS TEXT) FROM records ORDER BY seq"),
            "entities": rows("SELECT record, doc, role, n, name FROM entities ORDER BY ALL"),
            "dyads": rows("SELECT record, doc, actor, event FROM dyads ORDER BY ALL"),
            "changes": rows("SELECT * FROM changes"),
            "counters": rows("SELECT documents, records FROM counters"),
            "words": [event.doc.id for event in find_events(store, Filter(text="word"))],
        }


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    articles = tmp_path_factory.mktemp("killed") / "articles.jsonl"
    lines = [json.dumps({"id": f"a{n}", "text": f"Word {n} of a text."}) for n in range(ARTICLES)]
    articles.write_text("\n".join(lines), encoding="utf-8")
    return articles


@pytest.fixture(scope="module")
def nursery(listed: Path) -> Iterator[Nursery]:
    nursery = Nursery(INGEST, listed, listed.with_name("warm.duckdb"))
    yield nursery
    nursery.close()


@pytest.fixture(scope="module")
def undisturbed(nursery: Nursery, listed: Path) -> tuple[float, dict[str, list[Any]]]:
    """How long a run takes, and what it leaves."""
    where = listed.with_name("undisturbed.duckdb")
    return nursery.seconds(listed, where), content(where)


@pytest.mark.parametrize("seed", range(50))
def test_a_run_that_is_killed_anywhere_is_taken_up_where_it_stopped(
    tmp_path: Path, nursery: Nursery, listed: Path, undisturbed: tuple[float, dict[str, list[Any]]], seed: int
) -> None:
    took, expected = undisturbed
    where = tmp_path / "events.duckdb"
    nursery.run(listed, where, kill_after=random.Random(seed).uniform(0, took))
    assert nursery.run(listed, where) == 0
    assert content(where) == expected
    assert [text for _, _, _, _, text, _, _ in expected["documents"]] == [
        f"Word {n} of a text." for n in range(ARTICLES)
    ]
