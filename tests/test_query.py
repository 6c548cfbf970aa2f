"""`lapwing ingest`, `query` and `sql` as a user types them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyarrow import parquet

from test_cli import run


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of three articles, one of which failed."""
    folder = tmp_path_factory.mktemp("articles")
    for name, text in (("a", "Norway sent troops."), ("b", "fail"), ("c", "=Chile \x1b[31mprotested.")):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    where = str(folder / "events.duckdb")
    done = run("ingest", str(folder), "--store", where, "--published", "2023-05-04", "--jobs", "1")
    assert done.returncode == 1
    assert "b.txt: there is nothing in it" in done.stderr
    assert "2 stored with 2 records, 0 known before, 1 failed" in done.stderr
    return where


def test_ingest_goes_on_where_it_stopped(store: str) -> None:
    done = run("ingest", str(Path(store).parent), "--store", store, "--published", "2023-05-04", "--jobs", "1")
    assert "0 stored with 0 records, 2 known before, 1 failed" in done.stderr


def test_ingest_without_a_source_is_wrong_use() -> None:
    done = run("ingest")
    assert done.returncode == 2
    assert "name a file" in done.stderr


def test_recode_without_a_source_takes_the_texts_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Norway sent troops.", encoding="utf-8")
    where = str(tmp_path / "events.duckdb")
    run("ingest", str(tmp_path / "a.txt"), "--store", where)
    assert "0 known before, 0 failed" in run("ingest", "--recode", "--store", where).stderr


def test_query_shows_a_table(store: str) -> None:
    done = run("query", "--store", store)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("CONSULT") == 2
    assert "\x1b" not in done.stdout


def test_query_writes_what_code_writes(store: str) -> None:
    lines = run("query", "--store", store, "--text", "troops", "-f", "jsonl").stdout.splitlines()
    (record,) = [json.loads(line) for line in lines]
    assert (record["trigger"]["text"], record["doc"]["published"]) == ("Norway", "2023-05-04")
    rows = list(csv.DictReader(io.StringIO(run("query", "--store", store, "-f", "csv").stdout)))
    assert [row["trigger"] for row in rows] == ["Norway", "'=Chile"]


def test_query_writes_files(store: str, tmp_path: Path) -> None:
    run("query", "--store", store, "--limit", "1", "-o", str(tmp_path / "a.parquet"))
    assert parquet.read_table(tmp_path / "a.parquet").num_rows == 1


def test_sql_is_answered_in_each_format(store: str, tmp_path: Path) -> None:
    statement = "SELECT event, text AS t, seq FROM records JOIN documents USING (seq) ORDER BY seq"
    assert "CONSULT" in run("sql", statement, "--store", store).stdout
    assert "\x1b" not in run("sql", "-", "--store", store, input=statement).stdout
    rows = list(csv.DictReader(io.StringIO(run("sql", statement, "--store", store, "-f", "csv").stdout)))
    assert rows[1]["t"].startswith("'=Chile")
    lines = run("sql", statement, "--store", store, "-f", "jsonl").stdout.splitlines()
    assert json.loads(lines[0]) == {"event": "CONSULT", "t": "Norway sent troops.", "seq": 1}
    run("sql", statement, "--store", store, "-o", str(tmp_path / "a.parquet"))
    assert parquet.read_table(tmp_path / "a.parquet").column_names == ["event", "t", "seq"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("query", "--dyad", "RUS"), "is no dyad"),
        (("query", "--since", "May"), "is no date"),
        (("query", "--status", "maybe"), "is none of happened"),
        (("query", "-f", "xml"), "none of jsonl"),
        (("query", "-f", "table", "-o", "x.txt"), "for the terminal"),
        (("sql", "DROP TABLE records"), "read-only"),
        (("sql", "SELECT nothing"), "nothing"),
        (("query", "--store", "missing.duckdb"), "there is no store"),
    ],
)
def test_wrong_questions_are_told_in_a_line(store: str, arguments: tuple[str, ...], words: str) -> None:
    where = () if "--store" in arguments else ("--store", store)
    done = run(*arguments, *where)
    assert done.returncode == 2
    assert words in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
