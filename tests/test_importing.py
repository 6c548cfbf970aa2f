"""Files of other data sets in a store: kept once, apart from Lapwing's records, and counted beside them by their origin."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from lapwing.crosswalks.columns import GDELT_COLUMNS as GDELT
from lapwing.crosswalks.columns import ICEWS_COLUMNS as ICEWS
from lapwing.crosswalks.columns import POLECAT_COLUMNS as POLECAT
from lapwing.errors import QueryError, SourceError
from lapwing.importing import PORTION, import_file, keep_foreign
from lapwing.imports import ForeignFormat, read_icews
from lapwing.records import Failure, ForeignEvent
from lapwing.store import Filter, Store, find_events, open_store
from lapwing.store.imported import compare_series, find_imported
from test_cli import run
from test_imports import GDELT_ROW, ICEWS_ROW, POLECAT_ROW, headed, line
from test_store import add, story


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as opened:
        yield opened


def polecat(count: int) -> list[str]:
    days = [f"2021-{1 + n % 12:02}-{1 + n % 28:02}" for n in range(count)]
    rows = ({"Event ID": f"P{n}", "Event Date": day} for n, day in enumerate(days))
    return headed(POLECAT, *(line(POLECAT, POLECAT_ROW, **row) for row in rows))


def icews(count: int) -> list[str]:
    rows = ({"Event ID": f"{n}", "Event Date": f"5/{1 + n % 28}/2021"} for n in range(count))
    return headed(ICEWS, *(line(ICEWS, ICEWS_ROW, **row) for row in rows))


def gdelt(count: int) -> list[str]:
    rows = ({"GlobalEventID": f"9{n:08}", "Day": f"202105{1 + n % 28:02}"} for n in range(count))
    return [line(GDELT, GDELT_ROW, **row) for row in rows]


LINES = {"polecat": polecat, "icews": icews, "gdelt": gdelt}


def written(folder: Path, format: str, count: int = 12) -> Path:
    path = folder / f"{format}.tsv.gz"
    path.write_bytes(gzip.compress("\n".join(LINES[format](count)).encode()))
    return path


@pytest.mark.parametrize("format", ["polecat", "icews", "gdelt"])
def test_a_file_is_kept_once_with_its_origin(store: Store, tmp_path: Path, format: ForeignFormat) -> None:
    path = written(tmp_path, format)
    told = import_file(path, store, format=format)
    assert (told.stored, told.known, told.failed) == (12, 0, 0)
    again = import_file(path, store, format=format)
    assert (again.stored, again.known, again.failed) == (0, 12, 0)
    table = find_imported(store, [format]).to_pylist()
    assert {row["origin"] for row in table} == {format}
    assert len({row["id"] for row in table}) == len(table) == 12
    assert {row["status"] for row in table} == {None}
    assert list(find_events(store)) == []
    runs = store.engine.rows("SELECT kind, stored, unchanged FROM runs ORDER BY seq")
    assert runs == [("import", 12, 0), ("import", 0, 12)]


def test_what_a_row_says_stands_in_its_columns_and_the_cells_stay(store: Store, tmp_path: Path) -> None:
    import_file(written(tmp_path, "polecat", 1), store, format="polecat")
    (row,) = find_imported(store, ["polecat"]).to_pylist()
    assert (row["actor"], row["actor_sector"], row["recipient"], row["recipient_sector"]) == (
        "PER",
        "MIL",
        "PER",
        "AGR",
    )
    assert (row["event"], row["mode"], row["score"], row["scale"]) == ("ASSAULT", "firearms", -9.0, "plover")
    assert (row["place"], row["place_country"], row["outlet"]) == ("Cusco", "PER", "Example Post")
    ((cells,),) = store.engine.rows("SELECT CAST(cells AS TEXT) FROM imported")
    assert "Peruvian army" in cells


def test_a_run_that_was_cut_off_is_taken_up(store: Store) -> None:
    def broken() -> Iterator[ForeignEvent | Failure]:
        for number, read in enumerate(read_icews(icews(PORTION + 50))):
            if number == PORTION + 20:
                raise SourceError("the disk was pulled out")
            yield read

    with pytest.raises(SourceError):
        keep_foreign(broken(), store, inputs=[])
    assert store.engine.rows("SELECT count(*) FROM imported") == [(PORTION,)]
    told = keep_foreign(read_icews(icews(PORTION + 50)), store, inputs=[])
    assert (told.stored, told.known) == (50, PORTION)
    assert store.engine.rows("SELECT count(DISTINCT id), count(*) FROM imported") == [(PORTION + 50, PORTION + 50)]


def test_a_later_release_adds_what_is_new_and_bad_rows_are_told(store: Store) -> None:
    first, later = icews(3), icews(5)
    keep_foreign(read_icews(first), store, inputs=[])
    told: list[str] = []
    later.insert(3, line(ICEWS, ICEWS_ROW, **{"CAMEO Code": "999"}))
    kept = keep_foreign(
        read_icews(later), store, inputs=[], tell=lambda failure, _: told.append(str(failure)) if failure else None
    )
    assert (kept.stored, kept.known, kept.failed) == (2, 3, 1)
    assert "line 4" in told[0]
    assert store.engine.rows("SELECT count(*) FROM failures") == [(1,)]


def test_excerpts_of_four_columns_keep_rows_that_stand_twice(store: Store) -> None:
    row = "Police (Nigeria)\tAbduct, hijack, or take hostage\tMember of Parliament (Chile)\t2005-01-02"
    lines = ["source\tevent\ttarget\tdate", row, row, row.replace("Abduct, hijack, or take hostage", "Sing")]
    for expected in (2, 0):
        assert keep_foreign(read_icews(lines), store, inputs=[]).stored == expected
    rows = store.engine.rows("SELECT event, code, actor, recipient FROM imported")
    assert rows == [("ASSAULT", "181", "NGA", "CHL")] * 2


def test_origins_stand_side_by_side_and_are_never_added_up(store: Store, tmp_path: Path) -> None:
    met = {"trigger": "met", "actors": [("Peru", "PER", "GOV")], "recipients": [("Peru", "PER", "AGR")]}
    add(
        store,
        *(
            story(f"a{n}", "Peru met Peru.", {**met, "status": s, "date": (None, "2021-05-03", "day")})
            for n, s in enumerate(("happened", "denied"))
        ),
    )
    for format in ("polecat", "icews", "gdelt"):
        import_file(written(tmp_path, format, 28), store, format=format)
    wanted = Filter(since="2021-05", until="2021-05")
    every = compare_series(store, ["lapwing", "polecat", "icews", "gdelt"], wanted).to_pylist()
    assert [(row["origin"], row["scale"], row["events"]) for row in every] == [
        ("gdelt", "goldstein", 28),
        ("icews", "goldstein", 28),
        ("lapwing", "plover", 2),
        ("polecat", "plover", 2),
    ]
    happened = compare_series(
        store, ["lapwing", "polecat"], Filter(status=("happened",), dyad="PER-PER", since="2021-05", until="2021-05")
    )
    assert [(row["origin"], row["events"]) for row in happened.to_pylist()] == [("lapwing", 1), ("polecat", 2)]
    yearly = compare_series(store, ["icews"], period="year").to_pylist()
    assert [(row["start"].isoformat(), row["events"]) for row in yearly] == [("2021-01-01", 28)]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Filter(status=("happened",)), "no row tells a status"),
        (Filter(text="troops"), "only Lapwing's own records tell it"),
        (Filter(confidence=0.5), "only Lapwing's own records tell it"),
        (Filter(dyad="PER"), "is no dyad"),
        (Filter(since="soon"), "is no date"),
    ],
)
def test_what_a_data_set_does_not_tell_cannot_be_asked_of_it(store: Store, wanted: Filter, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        find_imported(store, ["icews"], wanted)


def test_a_page_in_an_order(store: Store, tmp_path: Path) -> None:
    lines = icews(28)
    random.Random(1).shuffle(lines[1:])
    keep_foreign(read_icews(lines), store, inputs=[])
    page = find_imported(store, ["icews"], Filter(order="date", limit=3, offset=2)).to_pylist()
    assert [row["day"].day for row in page] == [26, 25, 24]
    assert len(find_imported(store, ["icews"], Filter(place="per", event=("consult",), actor="RUS")).to_pylist()) == 28
    assert find_imported(store, ["icews"], Filter(actor="CHL")).num_rows == 0


def test_the_commands(tmp_path: Path) -> None:
    where = str(tmp_path / "events.duckdb")
    done = run("import", str(written(tmp_path, "gdelt")), "-f", "gdelt", "--store", where)
    assert (done.returncode, done.stderr.partition(": ")[2]) == (
        0,
        f"{tmp_path}/gdelt.tsv.gz: 12 stored, 0 known before, 0 failed\n",
    )
    assert run("query", "--origin", "gdelt", "--store", where, "-f", "csv").stdout.count("gdelt,9") == 12
    assert run("query", "--store", where, "-f", "jsonl").stdout == ""
    shown = run("series", "--store", where, "--status", "happened", "-f", "csv")
    assert shown.stdout.splitlines()[1].startswith("gdelt,goldstein,2021-05-01,12,")
    assert "of the other data sets all rows are counted" in shown.stderr
    assert run("query", "--origin", "lapwing", "--origin", "icews", "--store", where).returncode == 2
    assert run("import", str(tmp_path / "none.tsv"), "-f", "acled", "--store", where).returncode == 2
