"""`lapwing ingest`, `query` and `sql` as a user types them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from pyarrow import parquet

from lapwing.store import open_store
from served import page, rss, serving
from test_cli import run
from test_store import add, story


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


def test_export_writes_records_and_tells_what_is_lost(store: str, tmp_path: Path) -> None:
    done = run("export", "--store", store, "--text", "troops")
    assert [json.loads(line)["trigger"]["text"] for line in done.stdout.splitlines()] == ["Norway"]
    assert done.stderr == ""
    done = run("export", "--store", store, "-f", "gdelt", "-o", str(tmp_path / "acts.tsv"))
    assert done.stderr.splitlines() == [
        "lapwing: gdelt holds no status, source or spans: what it says looks like plain fact.",
        "lapwing: 2 records",
    ]
    assert [line.count("\t") for line in (tmp_path / "acts.tsv").read_text(encoding="utf-8").splitlines()] == [60, 60]


@pytest.mark.parametrize("command", ["query", "export"])
def test_what_did_not_happen_is_written_on_demand(tmp_path: Path, command: str) -> None:
    where = str(tmp_path / "events.duckdb")
    with open_store(where) as opened:
        add(
            opened,
            story("a", "They never met.", {"trigger": "met", "status": "denied", "actors": [("They", None, None)]}),
        )
    arguments = (command, "--store", where, "-f", "icews")
    left_out = run(*arguments)
    assert "left out (--all-statuses writes them): 1 denied" in left_out.stderr
    assert left_out.stdout.count("\n") == 1  # the header
    assert run(*arguments, "--all-statuses").stdout.count("\n") == 2


def test_gold_is_a_folder_that_the_evaluation_reads(store: str, tmp_path: Path) -> None:
    out = tmp_path / "annotation"
    done = run("export", "--store", store, "-f", "gold", "--values", "coded", "-o", str(out))
    assert (done.returncode, done.stderr) == (0, "lapwing: 2 records\n")
    figures = json.loads(run("evaluate", "gold", str(out / "docs"), str(out / "gold"), "--json").stdout)
    assert figures["n"] == {"pred": 2, "gold": 2, "docs": 2}
    assert figures["detect"]["f1"] == 1.0


def test_gold_overwrites_no_annotation(store: str, tmp_path: Path) -> None:
    (tmp_path / "corrected.json").write_text("{}", encoding="utf-8")
    done = run("export", "--store", store, "-f", "gold", "-o", str(tmp_path))
    assert done.returncode == 2
    assert "not an empty folder" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["corrected.json"]


def test_gold_of_a_store_without_texts_has_no_sentences(tmp_path: Path) -> None:
    where = str(tmp_path / "events.duckdb")
    (tmp_path / "a.txt").write_text("Norway sent troops.", encoding="utf-8")
    run("ingest", str(tmp_path / "a.txt"), "--store", where, "--no-text")
    done = run("export", "--store", where, "-f", "gold", "--values", "coded", "-o", str(tmp_path / "out"))
    assert "the store has no text of 1 articles" in done.stderr
    (file,) = (tmp_path / "out" / "gold").iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["events"][0]["sentence"] is None


def test_gold_of_two_versions_of_an_article_is_refused(tmp_path: Path) -> None:
    where = str(tmp_path / "events.duckdb")
    with open_store(where) as opened:
        add(opened, *(story("a", text, {"trigger": "met"}) for text in ("They met.", "They met again.")))
    done = run("export", "--store", where, "-f", "gold", "--values", "coded", "-o", str(tmp_path / "out"))
    assert done.returncode == 2
    assert "two versions of a" in done.stderr
    assert not (tmp_path / "out").exists()


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
        (("export", "-f", "xml"), "none of jsonl"),
        (("export", "-f", "gold"), "folder of files"),
        (("export", "-f", "gold", "-o", "x", "--newest"), "article by article"),
        (("sql", "SELECT 1", "-f", "gdelt"), "gdelt holds events"),
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


def test_an_address_that_did_not_change_is_not_sent_again(tmp_path: Path) -> None:
    where = str(tmp_path / "events.duckdb")
    with serving() as site:
        for name in ("one", "two"):
            site.serve(f"/{name}", page(f"Title {name}"))
        items = [(f"{site.address}/{name}", name) for name in ("one", "missing")]
        site.serve("/rss", rss(*items), kind="application/rss+xml", ETag='"v1"')
        arguments = ("ingest", f"{site.address}/rss", "--store", where, "--allow-private", "--jobs", "1")
        assert run(*arguments).returncode == 1
        site.pages["/missing"] = site.pages["/two"]
        assert "1 stored" in run(*arguments).stderr  # of what failed nothing was remembered
        assert "If-None-Match" not in site.asked[-1][1]
        before = len(site.paths())
        done = run(*arguments)
        assert done.returncode == 0
        assert "0 stored with 0 records, 0 known before, 0 failed" in done.stderr
        assert [path for path in site.paths()[before:] if path != "/robots.txt"] == ["/rss"]
        assert site.asked[-1][1]["If-None-Match"] == '"v1"'
        assert "2 known before" in run(*arguments, "--outlet", "The Post").stderr.replace("coded again", "known before")
