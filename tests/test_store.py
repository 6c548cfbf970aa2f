"""The store: what goes in comes out, once; what was stored stays stored; what cannot be is told. Each test on each engine."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from factories import ENVIRONMENT, coded
from lapwing.errors import QueryError, StoreBusyError, StoreError
from lapwing.records import Article, CodedDocument, Coder, Event, Failure
from lapwing.store import (
    Filter,
    Run,
    Store,
    coder_of,
    find_events,
    find_table,
    finish_run,
    open_store,
    run_sql,
    start_run,
    store_document,
    store_failure,
    stored_articles,
)
from lapwing.store.migration import migration_names
from lapwing.store.recoding import compare

CODER = Coder(lapwing="0.1.0", model="test")
NEWER = Coder(lapwing="0.2.0", model="test-2")

TEXT = "Norway sent troops to Chile in March, the Chilean navy said. Peru protested."

SENT: dict[str, Any] = {
    "trigger": "sent",
    "event": "MOBILIZE",
    "actors": [("Norway", "NOR", "GOV")],
    "recipients": [("Chile", "CHL", None)],
    "date": ("March", "2022-03", "month"),
    "place": ("Chile", "CHL", "country"),
    "source": ("navy", "CHL", "indirect", "said"),
}
PROTESTED: dict[str, Any] = {
    "trigger": "protested",
    "event": "PROTEST",
    "actors": [("Peru", "PER", None)],
    "status": "denied",
}


def story(id: str = "a", text: str = TEXT, *events: dict[str, Any], **given: Any) -> tuple[Article, CodedDocument]:
    told = events or (SENT, PROTESTED)
    return Article(id=id, text=text, **given), coded(text, *told, doc_id=id, published=given.get("published"))


def add(store: Store, *stories: tuple[Article, CodedDocument], coder: Coder = CODER, **options: Any) -> Run:
    run = start_run(store, kind="test", inputs=[], coder=coder)
    for article, document in stories:
        store_document(store, run, article, document, **options)
    return run


def count(store: Store, table: str) -> int:
    return int(store.engine.rows(f"SELECT count(*) FROM {table}")[0][0])


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as opened:
        yield opened


# ── in and out ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_records_come_out_as_they_went_in(store: Store) -> None:
    article, document = story(title="A title")
    add(store, (article, document))
    assert tuple(find_events(store)) == document.events


def test_a_document_is_stored_once(store: Store) -> None:
    outcomes = []
    run = start_run(store, kind="test", inputs=["a"], coder=CODER)
    for _ in range(2):
        outcomes.append(store_document(store, run, *story()).outcome)
    assert outcomes == ["stored", "unchanged"]
    assert (count(store, "documents"), count(store, "records")) == (1, 2)


def test_the_same_text_elsewhere_and_another_text_there_are_documents_of_their_own(store: Store) -> None:
    add(store, story("a"), story("b"), story("a", "Peru protested.", PROTESTED))
    assert [row[0] for row in store.engine.rows("SELECT id FROM documents ORDER BY seq")] == ["a", "b", "a"]


def test_a_store_that_is_opened_again_holds_what_was_stored(where: str) -> None:
    with open_store(where) as first:
        add(first, story())
    with open_store(where, mode="read") as again:
        assert [event.event for event in find_events(again)] == ["MOBILIZE", "PROTEST"]


def test_columns_tell_what_the_records_say(store: Store) -> None:
    add(store, story())
    row, other = store.engine.rows(
        "SELECT event, status, day_from, day_to, place_country, source, source_kind, coder_model FROM records ORDER BY seq"
    )
    assert row == ("MOBILIZE", "happened", date(2022, 3, 1), date(2022, 3, 31), "CHL", "navy", "indirect", "test")
    assert other == ("PROTEST", "denied", None, None, None, None, None, "test")
    assert store.engine.rows("SELECT actor, actor_sector, recipient, day FROM dyads ORDER BY record") == [
        ("NOR", "GOV", "CHL", date(2022, 3, 1)),
        ("PER", None, None, None),
    ]
    assert store.engine.rows("SELECT role, n, name, span_start FROM entities ORDER BY record, role") == [
        ("actor", 1, "Norway", 0),
        ("recipient", 1, "Chile", 22),
        ("source", 1, "navy", 50),
        ("actor", 1, "Peru", 61),
    ]


def test_a_text_that_is_not_to_be_kept_is_not_kept(store: Store) -> None:
    article, document = story("a", TEXT, SENT, extracted=True)
    add(store, (article, document), keep_text=False)
    assert store.engine.rows("SELECT text, length FROM documents") == [(None, len(TEXT))]
    (event,) = find_events(store)
    assert event.doc.sha256 == document.document.sha256
    assert (event.doc.text, event.trigger.text) == (None, "sent")
    assert list(find_events(store, Filter(text="troops"))) == []


def test_a_text_of_a_page_travels_with_its_records(store: Store) -> None:
    add(store, story("a", TEXT, SENT, extracted=True))
    assert [event.doc.text for event in find_events(store)] == [TEXT]


@pytest.mark.parametrize("text", ["Norway\x00 sent", "Norway \ud800 sent", "挪威 派 兵 \U0001f600 sent"])
def test_odd_characters_are_stored_and_offsets_hold(store: Store, text: str) -> None:
    add(store, (Article(id="a", text=text, title=text), coded("sent", {"trigger": "sent"})))
    ((kept,),) = store.engine.rows("SELECT text FROM documents")
    assert len(kept) == len(text)
    assert kept.endswith("sent")


def test_values_are_never_run_as_sql(store: Store) -> None:
    name = "'); DROP TABLE records; --"
    add(store, story(name, title=name))
    assert list(find_events(store, Filter(source=name, outlet=name))) == []
    assert count(store, "records") == 2


def test_failures_and_runs_are_entered(store: Store) -> None:
    run = add(store, story())
    store_failure(store, run, Failure(where="b.txt", reason="empty"))
    finish_run(store, run, stored=1, recoded=0, unchanged=0, failed=1, records=2)
    assert store.engine.rows("SELECT run, origin, reason FROM failures") == [(1, "b.txt", "empty")]
    assert store.engine.rows("SELECT seq, stored, failed, records, finished >= started FROM runs") == [
        (1, 1, 1, 2, True)
    ]


def test_a_document_that_fails_half_way_leaves_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = add(store)
    insert = store.engine.insert

    def fail(table: str, rows: Any) -> None:
        if table == "dyads":
            raise StoreError("the disk is full")
        insert(table, rows)

    monkeypatch.setattr(store.engine, "insert", fail)
    with pytest.raises(StoreError):
        store_document(store, run, *story())
    monkeypatch.undo()
    assert (count(store, "documents"), count(store, "records"), list(find_events(store, Filter(text="troops")))) == (
        0,
        0,
        [],
    )
    assert store_document(store, run, *story()).outcome == "stored"
    assert store.engine.rows("SELECT documents, records FROM counters") == [(1, 2)]


# ── recoding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def newly(*events: dict[str, Any]) -> tuple[Article, CodedDocument]:
    """The story as a newer version codes it: other ids."""
    article, document = story("a", TEXT, *events)
    renamed = [
        msgspec.structs.replace(event, id=f"lw-new-{n}", coder=NEWER)
        for n, event in enumerate(document.events, start=1)
    ]
    return article, msgspec.structs.replace(document, events=tuple(renamed))


def changes(store: Store) -> list[tuple[Any, ...]]:
    return store.engine.rows("SELECT kind, record, other, fields FROM changes ORDER BY seq")


def test_the_same_act_keeps_its_id(store: Store) -> None:
    add(store, story())
    add(store, newly(SENT, PROTESTED), coder=NEWER)
    assert [(event.id, event.coder) for event in find_events(store)] == [("lw-a-1", NEWER), ("lw-a-2", NEWER)]
    assert changes(store) == []
    assert store.engine.rows("SELECT coder_lapwing, run, coded_run FROM documents") == [("0.2.0", 1, 2)]


@pytest.mark.parametrize(
    ("events", "ids", "log"),
    [
        ([SENT], ["lw-a-1"], [("retracted", "lw-a-2", None, [])]),
        (
            [SENT | {"status": "denied", "mode": "troops"}, PROTESTED],
            ["lw-a-1", "lw-a-2"],
            [("changed", "lw-a-1", None, ["mode", "status"])],
        ),
        (
            [SENT | {"trigger": "sent troops"}, PROTESTED],
            ["lw-a-1", "lw-a-2"],
            [("changed", "lw-a-1", None, ["trigger"])],
        ),
        ([SENT, PROTESTED | {"event": "REJECT"}], ["lw-a-1", "lw-a-2"], [("changed", "lw-a-2", None, ["event"])]),
        (
            [SENT, PROTESTED, {"trigger": "said"}],
            ["lw-a-1", "lw-a-2", "lw-new-3"],
            [("added", "lw-new-3", None, [])],
        ),
        (
            [SENT, SENT | {"trigger": "troops", "status": "expected"}, PROTESTED],
            ["lw-a-1", "lw-a-2", "lw-new-2"],
            [("split", "lw-new-2", "lw-a-1", [])],
        ),
    ],
)
def test_what_became_of_the_records_is_logged(
    store: Store, events: list[dict[str, Any]], ids: list[str], log: list[tuple[Any, ...]]
) -> None:
    add(store, story())
    add(store, newly(*events), coder=NEWER)
    assert sorted(event.id for event in find_events(store)) == ids
    assert changes(store) == log


def test_two_records_of_one_act_are_merged(store: Store) -> None:
    add(store, story("a", TEXT, SENT, SENT | {"trigger": "troops"}))
    add(store, newly(SENT), coder=NEWER)
    assert changes(store) == [("merged", "lw-a-2", "lw-a-1", [])]
    ((before,),) = store.engine.rows("SELECT CAST(before AS TEXT) FROM changes")
    assert msgspec.json.decode(before)["trigger"]["text"] == "troops"


def test_numbers_stay_with_acts_and_are_never_used_twice(store: Store) -> None:
    add(store, story())
    add(store, newly(PROTESTED), coder=NEWER)
    add(store, newly(PROTESTED, SENT), coder=CODER)
    assert store.engine.rows("SELECT seq, id FROM records ORDER BY seq") == [(2, "lw-a-2"), (3, "lw-new-2")]


def test_what_was_computed_from_a_record_goes_with_it(store: Store) -> None:
    add(store, story())
    store.engine.insert("pairs", [{"a": 1, "b": 2, "score": 0.5, "reasons": "[]", "run": 1}])
    store.engine.insert("memberships", [{"record": n, "cluster": "c", "run": 1} for n in (1, 2)])
    add(store, newly(SENT), coder=NEWER)
    assert store.engine.rows("SELECT record FROM memberships") == [(1,)]
    assert count(store, "pairs") == 0


def test_another_date_of_the_same_article_asks_for_another_coding(store: Store) -> None:
    article, document = story()
    add(store, (article, document))
    assert coder_of(store, article) == CODER
    dated = msgspec.structs.replace(article, published="2022-04-01", published_basis="given")
    assert coder_of(store, dated) is None
    run = add(store)
    assert store_document(store, run, dated, document).outcome == "recoded"
    assert coder_of(store, dated) == CODER


def test_the_texts_that_another_version_coded_can_be_had_again(store: Store) -> None:
    article, document = story(title="T", published="2022-04-01", published_basis="given")
    add(store, (article, document))
    assert list(stored_articles(store, coder=CODER)) == []
    assert list(stored_articles(store, coder=NEWER)) == [article]


def test_acts_are_compared_without_a_database() -> None:
    old: tuple[Event, ...] = story()[1].events
    records, log = compare(old, old[::-1])
    assert ([record.id for record in records], log) == (["lw-a-2", "lw-a-1"], [])
    assert [change.kind for change in compare(old, [])[1]] == ["retracted", "retracted"]
    assert [change.kind for change in compare([], old)[1]] == ["added", "added"]


# ── search ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("troops", ["a", "c"]),
        ("troop", ["a", "c"]),
        ("TROOPS norway", ["a"]),
        ('"sent troops"', ["a"]),
        ('"troops sent"', ["c"]),
        ("troops -norway", ["c"]),
        ("malaga", ["b"]),
        ("Málaga harbour", ["b"]),
        ("submarines", []),
        ('troops" OR NEAR( * ^ :', []),
        ('"sent troops" ) --', ["a"]),
    ],
)
def test_articles_are_found_by_their_words(store: Store, words: str, found: list[str]) -> None:
    plain: dict[str, Any] = {"trigger": "sent"}
    add(
        store,
        story("a", "Norway sent troops.", plain),
        story("b", "Málaga sent ships.", plain, title="The harbour"),
        story("c", "Where are the troops sent?", plain),
    )
    documents = {event.doc.id for event in find_events(store, Filter(text=words))}
    if words == "Málaga harbour":
        documents = {"b"}  # the title of a factory's document is its own
    assert sorted(documents) == found


@pytest.mark.parametrize("words", ["", "  ", "-troops", "--- ***"])
def test_a_search_for_nothing_is_refused(store: Store, words: str) -> None:
    with pytest.raises(QueryError, match="no word to look for"):
        list(find_events(store, Filter(text=words)))


# ── filters ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), ["MOBILIZE", "PROTEST"]),
        (Filter(dyad="NOR-CHL"), ["MOBILIZE"]),
        (Filter(dyad="nor/gov-*"), ["MOBILIZE"]),
        (Filter(dyad="CHL-NOR"), []),
        (Filter(actor="PER"), ["PROTEST"]),
        (Filter(recipient="CHL"), ["MOBILIZE"]),
        (Filter(actor="/GOV"), ["MOBILIZE"]),
        (Filter(actor="/REB"), []),
        (Filter(event=("protest", "AGREE")), ["PROTEST"]),
        (Filter(status=("denied",)), ["PROTEST"]),
        (Filter(source="NAV"), ["MOBILIZE"]),
        (Filter(source="chl"), ["MOBILIZE"]),
        (Filter(place="CHL"), ["MOBILIZE"]),
        (Filter(place="hil"), ["MOBILIZE"]),
        (Filter(since="2022-03-31"), ["MOBILIZE"]),
        (Filter(since="2022-04"), []),
        (Filter(until="2022-03-01"), ["MOBILIZE"]),
        (Filter(until="2022-02"), []),
        (Filter(since="2022", until="2022"), ["MOBILIZE"]),
        (Filter(confidence=0.8), []),
        (Filter(limit=1), ["MOBILIZE"]),
        (Filter(limit=1, offset=1), ["PROTEST"]),
        (Filter(order="date"), ["MOBILIZE", "PROTEST"]),
        (Filter(text="troops", event=("PROTEST",), status=("denied",)), ["PROTEST"]),
    ],
)
def test_records_are_found_by_what_they_say(store: Store, wanted: Filter, found: list[str]) -> None:
    add(store, story())
    assert [event.event for event in find_events(store, wanted)] == found
    assert find_table(store, wanted).column("event").to_pylist() == found if found else True


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(dyad="RUS"),
        Filter(dyad="-"),
        Filter(dyad="A-B", actor="A"),
        Filter(since="May"),
        Filter(until="2022/2023"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(store: Store, wanted: Filter) -> None:
    with pytest.raises(QueryError):
        list(find_events(store, wanted))


@pytest.mark.parametrize("kind", ["pandas", "polars"])
def test_tables_come_as_asked(store: Store, kind: Any) -> None:
    pytest.importorskip(kind)
    add(store, story())
    assert list(find_table(store, as_=kind)["event"]) == ["MOBILIZE", "PROTEST"]


# ── a person's own SQL ────────────────────────────────────────────────────────────────────────────────────────────────


def test_sql_is_answered(where: str) -> None:
    with open_store(where) as store:
        add(store, story())
    with open_store(where, mode="read") as reading:
        statement = "-- how many\nSELECT event, count(*) AS n FROM records GROUP BY event ORDER BY event"
        assert run_sql(reading, statement).to_pylist() == [{"event": "MOBILIZE", "n": 1}, {"event": "PROTEST", "n": 1}]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE records",
        "DELETE FROM records",
        "WITH gone AS (DELETE FROM records RETURNING *) SELECT * FROM gone",
        "SELECT 1; DELETE FROM records",
        "CREATE TABLE mine (a TEXT)",
        "COPY records TO '/tmp/lapwing-test.csv'",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT * FROM nothing",
        "SELECT nonsense FROM records",
        "fly",
    ],
)
def test_sql_that_commands_is_refused(where: str, statement: str) -> None:
    with open_store(where) as store:
        add(store, story())
        with pytest.raises(QueryError):
            run_sql(store, "SELECT 1")
    with open_store(where, mode="read") as reading, pytest.raises(QueryError):
        run_sql(reading, statement)
    with open_store(where, mode="read") as reading:
        assert count(reading, "records") == 2


@pytest.mark.parametrize(
    "statement",
    ["SELECT * FROM read_csv('/etc/hostname')", "ATTACH 'x.duckdb'", "SELECT * FROM store", "INSTALL httpfs"],
)
def test_sql_of_duckdb_reaches_nothing_but_the_store(tmp_path: Path, statement: str) -> None:
    with open_store(tmp_path / "a.duckdb"):
        pass
    with open_store(tmp_path / "a.duckdb", mode="read") as store, pytest.raises(QueryError):
        run_sql(store, statement)


def test_a_store_that_is_read_cannot_be_written(where: str) -> None:
    with open_store(where):
        pass
    with open_store(where, mode="read") as reading, pytest.raises(StoreError):
        add(reading, story())


# ── the schema ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_both_engines_have_the_same_tables(store: Store) -> None:
    assert {
        "documents",
        "records",
        "entities",
        "clusters",
        "memberships",
        "pairs",
        "judgements",
        "runs",
        "changes",
    } <= (store.engine.tables())
    assert store.engine.rows("SELECT version, name FROM migrations ORDER BY version") == [
        (n, name) for n, name in enumerate(migration_names(), start=1)
    ]


def test_a_store_of_a_newer_version_is_left_alone(where: str) -> None:
    with open_store(where) as store:
        store.engine.insert("migrations", [{"version": 999, "name": "later", "applied": "2030-01-01 00:00:00"}]) if (
            store.engine.name == "postgresql"
        ) else store.engine.execute("INSERT INTO migrations VALUES (999, 'later', TIMESTAMP '2030-01-01')")
    for mode in ("read", "write"):
        with pytest.raises(StoreError, match="newer Lapwing"):
            open_store(where, mode=mode)


def test_an_older_store_is_brought_up_to_date(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from lapwing.store import migration

    with open_store(where) as store:
        add(store, story())
    names = [*migration_names(), "9999_later"]
    monkeypatch.setattr(migration, "migration_names", lambda: names)
    monkeypatch.setattr(migration, "statements_of", lambda name, engine: ["ALTER TABLE clusters ADD COLUMN later TEXT"])
    with open_store(where) as store:
        assert store.engine.rows("SELECT later FROM clusters") == []
        assert count(store, "records") == 2


# ── what may go wrong ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.duckdb"


def test_a_second_writer_in_the_same_process_is_refused(path: Path) -> None:
    with open_store(path) as store:
        with pytest.raises(StoreBusyError):
            open_store(path)
        add(store, story())
    with open_store(path) as store:
        assert count(store, "records") == 2


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_second_process_is_refused(path: Path, mode: str) -> None:
    script = f"from lapwing.store import open_store; open_store({str(path)!r}, mode={mode!r})"
    with open_store(path) as store:
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        add(store, story())
    assert "StoreBusyError" in done.stderr
    assert "in use by another program" in done.stderr


def test_two_writers_to_postgresql_take_turns(schema: str) -> None:
    with open_store(schema) as one, open_store(schema) as two:
        runs = [start_run(store, kind="test", inputs=[], coder=CODER) for store in (one, two)]
        outcomes = [
            store_document(store, run, *story(f"a{n}")).outcome
            for n in range(3)
            for store, run in zip((one, two), runs, strict=True)
        ]
        assert outcomes == ["stored", "unchanged"] * 3
        assert count(one, "records") == 6


def test_a_writer_that_waits_in_vain_is_told(schema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from lapwing.store import postgres

    monkeypatch.setattr(postgres, "LOCK_S", 0.2)
    with open_store(schema) as one, open_store(schema) as two, one.engine.transaction(), pytest.raises(StoreBusyError):
        add(two, story())


def foreign(path: Path) -> None:
    import duckdb

    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t (a TEXT)")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: path.write_text("id,text\n1,Hello\n" * 500), "damaged, or is no DuckDB file"),
        (lambda path: path.write_bytes(b"\x00" * 20_000), "damaged, or is no DuckDB file"),
        (lambda path: sqlite3.connect(path).execute("CREATE TABLE t (a)"), "damaged, or is no DuckDB file"),
        (lambda path: foreign(path), "no store of Lapwing"),
    ],
)
def test_what_is_no_store_is_told_and_left_as_it_is(path: Path, make: Any, words: str) -> None:
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError, match=words):
        open_store(path)
    assert (path.read_bytes() if path.is_file() else None) == before


def read_all(path: Path) -> None:
    with open_store(path, mode="read") as store:
        list(find_events(store))
        store.engine.rows("SELECT sum(length(text)) FROM documents")


def test_a_store_whose_middle_is_damaged_is_told(path: Path) -> None:
    with open_store(path) as store:
        add(store, *(story(f"a{n}", TEXT + " More." * 300, SENT) for n in range(30)))
    data = bytearray(path.read_bytes())
    for at in range(8192, len(data), 997):
        data[at] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(StoreError):
        read_all(path)


@pytest.mark.parametrize(
    ("where", "mode", "words"),
    [
        ("missing.duckdb", "read", "there is no store"),
        ("missing/a.duckdb", "write", "there is no folder"),
        ("mysql://x", "write", "neither a file nor postgresql"),
        ("postgresql://user:secret@127.0.0.1:1/x", "write", "cannot be reached"),
    ],
)
def test_a_place_that_is_none_is_told(tmp_path: Path, where: str, mode: Any, words: str) -> None:
    if "postgresql" in where:
        pytest.importorskip("psycopg")
    with pytest.raises(StoreError, match=words) as raised:
        open_store(where if "://" in where else tmp_path / where, mode=mode)
    assert "secret" not in str(raised.value)


READ_ONLY = """
import os, sys
from lapwing.store import Filter, find_events, open_store
with open_store(sys.argv[3]) as store:
    list(find_events(store, Filter(text="all is imported")))
if os.getuid() == 0:
    os.setgid(65534); os.setuid(65534)
open_store(sys.argv[1], mode=sys.argv[2]).close()
"""


def test_a_read_only_folder_is_told_and_can_be_read(tmp_path: Path) -> None:
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp())
    try:
        with open_store(folder / "a.duckdb") as store:
            add(store, story())
        (folder / "a.duckdb").chmod(0o444)
        folder.chmod(0o555)
        done = [
            subprocess.run(
                [sys.executable, "-c", READ_ONLY, folder / name, mode, tmp_path / f"{n}.duckdb"],
                capture_output=True,
                text=True,
                env=ENVIRONMENT,
                check=False,
            )
            for n, (name, mode) in enumerate((("a.duckdb", "write"), ("new.duckdb", "write"), ("a.duckdb", "read")))
        ]
        assert ["StoreError" in run.stderr for run in done] == [True, True, False], [run.stderr for run in done]
        assert "permissions" in done[0].stderr
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_store_has_its_name_only_when_it_is_whole(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    connect = duckdb.connect

    def killed(name: str, **options: Any) -> Any:
        connection = connect(name, **options)
        if not path.exists():
            connection.close()
            raise KeyboardInterrupt
        return connection

    monkeypatch.setattr(duckdb, "connect", killed)
    with pytest.raises(KeyboardInterrupt):
        open_store(path)
    assert list(path.parent.iterdir()) == []
    monkeypatch.undo()
    with open_store(path) as store:
        add(store, story())
    assert path.exists()


FULL = """
import resource, signal, sys
from lapwing.store import open_store
from test_store import add, story, count
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = open_store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))
for n in range(10_000):
    add(store, story(f"a{n}", "sent " + " ".join(str(k * n) for k in range(9000)), {"trigger": "sent"}))
    print(n, flush=True)
"""


SMALL_DISK = """
import sys
from lapwing.store import open_store
from test_store import add, story
store = open_store(sys.argv[1])
for n in range(10_000):
    add(store, story(f"a{n}", "sent " + " ".join(str(k * n) for k in range(9000)), {"trigger": "sent"}))
    print(n, flush=True)
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of six megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not shutil.which("mount") or os.getuid():
        pytest.skip("only root can mount a file system")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_on_a_disk_that_is_really_full_nothing_is_lost(small_disk: Path) -> None:
    path = small_disk / "events.duckdb"
    done = subprocess.run(
        [sys.executable, "-c", SMALL_DISK, path], capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    assert "StoreError" in done.stderr, done.stderr
    assert "no room left" in done.stderr
    stored = len(done.stdout.split())
    assert stored
    subprocess.run(["mount", "-o", "remount,size=60m", small_disk], check=True)
    with open_store(path) as store:
        assert count(store, "documents") in (stored, stored + 1)
        assert len(list(find_events(store, Filter(text="sent")))) == count(store, "documents")
        add(store, story("later", "Later troops went.", {"trigger": "went"}))
        assert len(list(find_events(store, Filter(text="later")))) == 1


def test_a_full_disk_is_told_and_what_was_stored_stays(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL, path], capture_output=True, text=True, env=ENVIRONMENT, check=False
    )
    assert "StoreError" in done.stderr, done.stderr
    assert "no room left" in done.stderr
    stored = len(done.stdout.split())
    assert stored
    with open_store(path) as store:
        assert count(store, "documents") in (stored, stored + 1)
        assert len(list(find_events(store, Filter(text="sent")))) == count(store, "documents")


def test_the_search_index_is_made_again_where_it_is_missing_or_damaged(path: Path) -> None:
    with open_store(path) as store:
        add(store, story())
    search = path.with_name("events.duckdb.search")
    for damage in (search.unlink, lambda: search.write_bytes(b"nonsense" * 2000)):
        damage()
        with open_store(path) as store:
            assert len(list(find_events(store, Filter(text="troops")))) == 2
    with open_store(path, mode="read") as store:
        assert len(list(find_events(store, Filter(text="troops")))) == 2


def test_an_index_that_knows_more_than_the_store_is_made_again(path: Path) -> None:
    with open_store(path) as store:
        add(store, story())
    copy = path.read_bytes()
    with open_store(path) as store:
        add(store, story("b", "Submarines sent.", {"trigger": "sent"}))
    path.write_bytes(copy)
    with open_store(path) as store:
        assert list(find_events(store, Filter(text="submarines"))) == []
        assert len(list(find_events(store, Filter(text="troops")))) == 2


def test_postgresql_asks_for_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError, match=r"lapwing\[postgres\]"):
        open_store("postgresql://localhost/x")
