"""How fast a large store answers: ten million synthetic records in DuckDB.

    python -m benchmarks.store [RECORDS] [FILE]

The generator fills the tables by SQL, with the skew of real data: a few countries take part in most acts. Then a dyad's
monthly series and filtered pages are asked for, each several times; the medians of wall and processor time are printed (a busy machine
shows in the difference). `--write` measures the
other way: what storing costs a document.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from lapwing.store import Filter, Store, find_table, open_store
from lapwing.store.pages import find_page
from lapwing.store.series import notable, records_by_month, series_of
from lapwing.store.sites import sites_of
from lapwing.store.ties import claims_of, ties_of

COUNTRIES = (
    "USA",
    "RUS",
    "UKR",
    "CHN",
    "ISR",
    "IRN",
    "GBR",
    "FRA",
    "DEU",
    "TUR",
    "IND",
    "PAK",
    "NOR",
    "CHL",
    "PER",
    "KEN",
)

EVENTS = ("CONSULT", "ACCUSE", "REQUEST", "SUPPORT", "AGREE", "THREATEN", "PROTEST", "ASSAULT", "COERCE", "AID")

PER_DOCUMENT = 5

DOCUMENTS = """
    INSERT INTO documents
    SELECT i + 1, 'key' || i, 'doc' || i, md5(i::TEXT), 2000, NULL, '{}', 'A title ' || i, 'Outlet ' || (i % 200), NULL,
        (DATE '2010-01-01' + (i * 5800 // $1)::INTEGER)::TEXT, 'given', 'en', FALSE, '1', 'synthetic', 1, 1
    FROM range($1) AS r(i)
"""

DYADS = """
    INSERT INTO dyads
    SELECT i + 1, i // 5 + 1,
        ($2::TEXT[])[1 + (16 * pow((hash(i) % 1000) / 1000.0, 2))::INTEGER % 16], 'GOV',
        ($2::TEXT[])[1 + (16 * pow((hash(i + 7) % 1000) / 1000.0, 2))::INTEGER % 16], 'GOV',
        ($3::TEXT[])[(1 + hash(i + 3) % 10)::INTEGER], (1 + hash(i + 3) % 4)::INTEGER, 0.0,
        (['happened', 'happened', 'happened', 'expected', 'hypothetical', 'denied'])[(1 + hash(i + 5) % 6)::INTEGER],
        DATE '2010-01-01' + (i * 5800 // $1 + (hash(i) % 20)::INTEGER)::INTEGER, 0.8
    FROM range($1) AS r(i)
"""

RECORDS = """
    INSERT INTO records
    SELECT record, 'lw-' || md5(record::TEXT)[:20], doc, event, NULL, [], quad, score, status, day::TEXT, 'day', day, day,
        'Place ' || hash(record) % 15000, ($2::TEXT[])[(1 + hash(record) % 15000 % 16)::INTEGER], NULL, 'city',
        -60 + (hash(record) % 15000 // 125), -180 + (hash(record) % 15000 % 125) * 2.8, hash(record) % 15000,
        'Spokesman ' || hash(doc) % 3000,
        actor, 'GOV', 'indirect', NULL, confidence, '1', 'synthetic', 1, $1
    FROM dyads ORDER BY record
"""

RECORD = """{"id":"","event":"CONSULT","mode":null,"contexts":[],"quad":1,"score":1.0,"trigger":{"start":0,"end":3,"text":"met"},
"actors":[],"recipients":[],"date":null,"place":null,"status":"happened","cue":null,"source":null,"relay":null,
"magnitude":null,"magnitude_spans":[],"confidence":0.8,"evidence":{"start":0,"end":3,"text":"met"},
"coder":{"lapwing":"1","model":"synthetic"},"why":[]}"""

ENTITIES = """
    INSERT INTO entities
    SELECT record, doc, 'actor', 1, actor, actor, actor_sector, [actor_sector], NULL, NULL, actor, 0, 3 FROM dyads
"""

MEMBERSHIPS = """
    INSERT INTO memberships (record, cluster, run, act, origins)
    SELECT seq, 'lc-' || seq // 10, 1, seq // 10 * 10, 1 + seq // 10 % 4 FROM records WHERE seq % 10 < 3
"""

SERIES = """
    SELECT date_trunc('month', day) AS month, count(*) AS n, avg(score) AS score FROM dyads
    WHERE actor = $1 AND recipient = $2 AND status = 'happened'
    GROUP BY month ORDER BY month
"""

EVERYTHING = Filter(values="judged")

HAPPENED = Filter(values="judged", status=("happened",))

QUESTIONS: dict[str, Callable[[Store], object]] = {
    "a dyad's monthly series": lambda store: store.engine.rows(SERIES, ["RUS", "UKR"]),
    "a page by dyad and type": lambda store: find_table(store, Filter(dyad="NOR-CHL", event=("AGREE",), limit=50)),
    "a page by date, place and status": lambda store: find_table(
        store, Filter(since="2022-03", until="2022-03", place="UKR", status=("denied",), limit=50)
    ),
    "the newest page of a dyad": lambda store: find_table(store, Filter(dyad="PER-KEN", order="date", limit=50)),
    "the workbench: newest events": lambda store: find_page(store, EVERYTHING),
    "the workbench: events by sources": lambda store: find_page(store, EVERYTHING, order="sources"),
    "the workbench: events by actor": lambda store: find_page(store, EVERYTHING, order="actor", descending=False),
    "the workbench: denied, 3 sources": lambda store: find_page(
        store, replace(EVERYTHING, status=("denied",), min_sources=3)
    ),
    "the workbench: a dyad's months": lambda store: series_of(store, replace(EVERYTHING, dyad="RUS-UKR")),
    "the workbench: an actor's months": lambda store: series_of(store, replace(EVERYTHING, actor="USA")),
    "the workbench: a dyad's claims": lambda store: claims_of(store, replace(EVERYTHING, dyad="RUS-UKR")),
    "the workbench: an actor's marks": lambda store: notable(store, replace(EVERYTHING, actor="USA")),
    "the workbench: a year's network": lambda store: ties_of(store, replace(HAPPENED, since="2020", until="2020")),
    "the workbench: the whole network": lambda store: ties_of(store, HAPPENED),
    "the workbench: the whole map": lambda store: sites_of(store, HAPPENED),
    "the workbench: a month's map": lambda store: sites_of(store, replace(HAPPENED, since="2020-03", until="2020-03")),
    "the workbench: months of the map": lambda store: records_by_month(store, HAPPENED),
    "a page far back": lambda store: find_table(store, Filter(dyad="RUS-*", since="2015", limit=50, offset=5000)),
}


def fill(store: Store, records: int) -> None:
    """Synthetic documents and records."""
    engine = store.engine
    engine.execute("SET threads = 4")
    engine.execute(DOCUMENTS, [records // PER_DOCUMENT])
    engine.execute(DYADS, [records, list(COUNTRIES), list(EVENTS)])
    engine.execute(RECORDS, [RECORD, list(COUNTRIES)])
    engine.execute(ENTITIES)
    engine.execute(MEMBERSHIPS)
    engine.execute("CHECKPOINT")


def medians_ms(ask: Callable[[], object], *, times: int = 7) -> tuple[float, float]:
    """The medians of wall and processor time of several runs, the first not counted."""
    ask()
    wall, processor = [], []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        ask()
        wall.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - busy) * 1000)
    return statistics.median(wall), statistics.median(processor)


def main() -> None:
    """Fill, ask, print."""
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(folder) / "events.duckdb"
        if not path.exists():
            began = time.perf_counter()
            with open_store(path) as store:
                fill(store, records)
            print(f"{records:,} records in {time.perf_counter() - began:.0f} s, {path.stat().st_size / 1e6:,.0f} MB")
        with open_store(path, mode="read") as store:
            for name, ask in QUESTIONS.items():
                wall, processor = medians_ms(partial(ask, store))
                print(f"{name:36}{wall:8.0f} ms{processor:8.0f} ms of processor")


if __name__ == "__main__":
    main()
