"""The records of a store → which tell one act. Pairs with their scores are kept; the clusters are worked out anew from them
and from what people decided, and only what changed is written.

A document whose records were compared with the same weights and have not been coded anew since is not compared again. One
that was is compared anew with all others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from hashlib import blake2b
from itertools import islice
from typing import Any

import msgspec

from lapwing.clusters.blocks import REPORTED, find_pairs, looked_at_days
from lapwing.clusters.comparison import compare, method
from lapwing.clusters.grouping import group
from lapwing.clusters.judgements import decisions
from lapwing.clusters.origins import Report
from lapwing.clusters.summary import Summary, summarise
from lapwing.clusters.tellings import Telling, telling_of
from lapwing.clusters.texts import stored_sketches
from lapwing.store import Store
from lapwing.store.rows import event_of, reference_of

PORTION = 2_000
"""Documents whose records are compared and stored at a time."""

KEPT = 0.2
"""Pairs that are less likely are not kept."""

UNCOMPARED = """
    SELECT d.seq, d.coded_run FROM documents AS d
    WHERE NOT EXISTS (
        SELECT 1 FROM compared AS c WHERE c.doc = d.seq AND c.coded_run = d.coded_run AND c.method = $1
    )
    ORDER BY d.seq
"""

RECORDS = """
    SELECT r.seq, r.doc, CAST(r.record AS TEXT),
        d.id, d.title, d.outlet, d.url, d.published, d.published_basis, d.lang, d.sha256, coalesce(c.original, r.doc)
    FROM records AS r JOIN documents AS d ON d.seq = r.doc LEFT JOIN copies AS c ON c.doc = r.doc
    WHERE {condition}
    ORDER BY r.seq
"""

OF_DOCUMENTS = "r.doc IN (SELECT unnest(CAST($1 AS BIGINT[])))"

OF_NUMBERS = "r.seq IN (SELECT unnest(CAST($1 AS BIGINT[])))"

COMPARED_AND_NEAR = """
    r.doc IN (SELECT doc FROM compared WHERE method = $1)
    AND r.doc NOT IN (SELECT unnest(CAST($2 AS BIGINT[])))
    AND ($3 OR (r.day_from IS NULL AND d.published IS NULL) OR EXISTS (
        SELECT 1 FROM (SELECT CAST(unnest(CAST($4 AS TEXT[])) AS DATE) AS day) AS near
        WHERE coalesce(r.day_from, near.day) <= near.day + 31
            AND coalesce(r.day_to, near.day) >= near.day
            AND (r.day_from IS NOT NULL OR length(d.published) < 10
                OR substr(d.published, 1, 7) = substr(CAST(near.day AS TEXT), 1, 7))
    ))
"""
"""Records that were compared and lie in one of the months, or whose time is not known."""

Doc = tuple[int, int]


def find_acts(store: Store, run: int, *, texts_changed: set[int], anew: bool = False) -> tuple[int, int, int]:
    """Bring pairs and clusters up to date, with `anew` all of them. Gives how many documents were compared, how many
    clusters there are, and how many of them were written."""
    fresh = compare_documents(store, run)
    return (len(fresh), *_cluster(store, run, touched=fresh | texts_changed, anew=anew))


def uncompared(store: Store) -> bool:
    """Whether there are documents whose records were not compared since they were coded."""
    return bool(store.engine.rows(f"{UNCOMPARED} LIMIT 1", [method()]))


# ── pairs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_documents(store: Store, run: int) -> set[int]:
    """Compare the records of documents that are new or were coded anew; gives the documents."""
    waiting = iter(store.engine.rows(UNCOMPARED, [method()]))
    done: set[int] = set()
    while portion := list(islice(waiting, PORTION)):
        docs = [doc for doc, _ in portion]
        tellings = _with_near(store, docs)
        scored = compare(find_pairs(tellings, fresh=frozenset(docs)))
        rows = [
            {
                "a": a,
                "b": b,
                "score": found.score,
                "reasons": msgspec.json.encode(found.reasons).decode(),
                "run": run,
            }
            for (a, b), found in sorted(scored.items())
            if found.score >= KEPT
        ]
        with store.engine.transaction():
            _forget(store, docs)
            store.engine.insert("pairs", rows)
            store.engine.insert(
                "compared",
                [{"doc": doc, "coded_run": coded, "method": method(), "run": run} for doc, coded in portion],
            )
        done.update(docs)
    return done


def _forget(store: Store, docs: Sequence[int]) -> None:
    for statement in (
        "DELETE FROM compared WHERE doc IN (SELECT unnest(CAST($1 AS BIGINT[])))",
        "DELETE FROM pairs WHERE a IN (SELECT seq FROM records WHERE doc IN (SELECT unnest(CAST($1 AS BIGINT[]))))",
        "DELETE FROM pairs WHERE b IN (SELECT seq FROM records WHERE doc IN (SELECT unnest(CAST($1 AS BIGINT[]))))",
    ):
        store.engine.execute(statement, [docs])


def _with_near(store: Store, docs: list[int]) -> list[Telling]:
    """The records of `docs`, and those compared before that lie near them in time, ordered by their numbers."""
    reports = list(_reports(store, OF_DOCUMENTS, [docs]))
    anchors = _anchors(store, docs)
    fresh = [_telling(report, anchors) for report in reports]
    if not fresh:
        return []
    days = [looked_at_days(telling) for telling in fresh]
    everything = any(not span for span in days)
    months = sorted({month for span in days for month in _months(span)})
    parameters = [method(), docs, everything, [month.isoformat() for month in months]]
    near = list(_reports(store, COMPARED_AND_NEAR, parameters))
    anchors |= _anchors(store, sorted({report.doc for report in near}))
    found = [*fresh, *(_telling(report, anchors) for report in near)]
    return sorted(found, key=lambda telling: telling.record)


def _months(span: tuple[date, date] | None) -> Iterator[date]:
    """The first days of the months around the days at which is looked."""
    if span is None:
        return
    month = (max(span[0], date(2, 1, 1)) - timedelta(REPORTED)).replace(day=1)
    last = min(span[1], date(9998, 1, 1)) + timedelta(REPORTED)
    while month <= last:
        yield month
        month = (month + timedelta(31)).replace(day=1)


def _telling(report: Report, anchors: dict[int, list[int]]) -> Telling:
    return telling_of(
        report.event, record=report.record, doc=report.doc, anchors=anchors.get(report.doc, ()), text=report.text
    )


def _anchors(store: Store, docs: Sequence[int]) -> dict[int, list[int]]:
    """The hashed names and numbers of documents that were sketched."""
    rows = store.engine.rows(
        """
        SELECT doc, size, words, anchors, anchor_pairs FROM sketches
        WHERE doc IN (SELECT unnest(CAST($1 AS BIGINT[])))
        """,
        [docs],
    )
    return {doc: sketch.anchors.tolist() for doc, sketch in stored_sketches(rows)}


def _reports(store: Store, condition: str, parameters: Sequence[object]) -> Iterator[Report]:
    for record, doc, told, *about, text in store.engine.rows(RECORDS.format(condition=condition), parameters):
        yield Report(record=record, doc=doc, text=text, event=event_of(told, reference_of([*about, None])))


# ── clusters ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _cluster(store: Store, run: int, *, touched: set[int], anew: bool) -> tuple[int, int]:
    """Work the clusters out, and write those that changed or of which a document is in `touched`; with `anew` all."""
    scores = {(a, b): score for a, b, score in store.engine.rows("SELECT a, b, score FROM pairs")}
    same, different = _decided(store)
    docs = _documents_of(store, {record for pair in (*scores, *same) for record in pair})
    found = group(scores, same=same, different=different, compatible=compatible_groups(scores, docs))
    names = _names(store, [members[0] for members in found])
    wanted = {names[members[0]]: members for members in found}
    held: dict[str, list[int]] = defaultdict(list)
    for record, cluster in store.engine.rows("SELECT record, cluster FROM memberships ORDER BY record"):
        held[cluster].append(record)
    changed = [
        id
        for id, members in wanted.items()
        if anew or held.get(id) != members or any(docs.get(member) in touched for member in members)
    ]
    gone = [id for id in held if id not in wanted]
    _write(store, run, {id: wanted[id] for id in changed}, gone=gone)
    return len(wanted), len(changed)


def compatible_groups(scores: dict[tuple[int, int], float], docs: dict[int, int]) -> Any:
    """A test whether two groups may become one: no article is to tell an act twice, but where it tells who asserts and who
    denies it (then the pair has a score)."""

    def compatible(one: list[int], other: list[int]) -> bool:
        held: dict[int | None, list[int]] = defaultdict(list)
        for member in one:
            held[docs.get(member)].append(member)
        return all(
            scores.get((min(mine, member), max(mine, member)), 0.0) >= KEPT
            for member in other
            for mine in held.get(docs.get(member), ())
        )

    return compatible


def _decided(store: Store) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The pairs of records that people decided, by their numbers. An id stands for its record in each copy of the text."""
    standing = decisions(store, kind="event")
    ids = sorted({id for decision in standing for id in (decision.a, decision.b)})
    numbers: dict[str, list[int]] = defaultdict(list)
    if ids:
        statement = "SELECT id, seq FROM records WHERE id IN (SELECT unnest(CAST($1 AS TEXT[]))) ORDER BY seq"
        for id, seq in store.engine.rows(statement, [ids]):
            numbers[id].append(seq)
    pairs: dict[str, list[tuple[int, int]]] = {"same": [], "different": []}
    for decision in standing:
        for a in numbers[decision.a]:
            for b in numbers[decision.b]:
                pairs[decision.verdict].append((min(a, b), max(a, b)))
    return pairs["same"], pairs["different"]


def _documents_of(store: Store, records: Iterable[int]) -> dict[int, int]:
    statement = "SELECT seq, doc FROM records WHERE seq IN (SELECT unnest(CAST($1 AS BIGINT[])))"
    return dict(store.engine.rows(statement, [sorted(records)]))


def _names(store: Store, firsts: list[int]) -> dict[int, str]:
    """The ids of clusters, from their first records: the same whenever and wherever they are worked out."""
    statement = """
        SELECT r.seq, r.id, d.key FROM records AS r JOIN documents AS d ON d.seq = r.doc
        WHERE r.seq IN (SELECT unnest(CAST($1 AS BIGINT[])))
    """
    return {
        seq: "lc-" + blake2b(f"{id}\0{key}".encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        for seq, id, key in store.engine.rows(statement, [firsts])
    }


def _write(store: Store, run: int, wanted: dict[str, list[int]], *, gone: list[str]) -> None:
    if not wanted and not gone:
        return
    members = sorted(member for group in wanted.values() for member in group)
    reports = {report.record: report for report in _reports(store, OF_NUMBERS, [members])}
    summaries = {id: summarise([reports[member] for member in group]) for id, group in wanted.items()}
    with store.engine.transaction():
        for table, column in (("memberships", "cluster"), ("clusters", "id")):
            store.engine.execute(DELETES[table, column], [[*wanted, *gone]])
        store.engine.insert(
            "clusters",
            [
                {"id": id, "summary": msgspec.json.encode(summary).decode(), "run": run}
                for id, summary in summaries.items()
            ],
        )
        store.engine.insert(
            "memberships",
            [
                {"record": member, "cluster": id, "run": run, "act": group[0], "origins": len(summaries[id].origins)}
                for id, group in wanted.items()
                for member in group
            ],
        )


DELETES = {
    ("memberships", "cluster"): "DELETE FROM memberships WHERE cluster IN (SELECT unnest(CAST($1 AS TEXT[])))",
    ("clusters", "id"): "DELETE FROM clusters WHERE id IN (SELECT unnest(CAST($1 AS TEXT[])))",
}


def read_clusters(store: Store, *, ids: Sequence[str] = ()) -> Iterator[tuple[str, Summary]]:
    """The clusters of a store with their summaries, those with most origins first; with `ids` only these."""
    statement = "SELECT id, CAST(summary AS TEXT) FROM clusters ORDER BY id"
    rows = store.engine.rows(statement)
    found = [(id, msgspec.json.decode(told, type=Summary)) for id, told in rows if not ids or id in ids]
    yield from sorted(found, key=lambda one: (-len(one[1].origins), -one[1].reports, one[0]))


def reports_of(store: Store, cluster: str) -> list[Report]:
    """The records of a cluster with their documents."""
    rows = store.engine.rows("SELECT record FROM memberships WHERE cluster = $1", [cluster])
    return list(_reports(store, OF_NUMBERS, [[record for (record,) in rows]]))


def reasons_for(store: Store, cluster: str) -> list[tuple[str, str, float, list[tuple[str, float]]]]:
    """The pairs within a cluster: ids of both records, score, and the reasons with their weights."""
    rows = store.engine.rows(
        """
        SELECT a.id, b.id, p.score, CAST(p.reasons AS TEXT)
        FROM pairs AS p
        JOIN memberships AS ma ON ma.record = p.a AND ma.cluster = $1
        JOIN memberships AS mb ON mb.record = p.b AND mb.cluster = $1
        JOIN records AS a ON a.seq = p.a JOIN records AS b ON b.seq = p.b
        ORDER BY p.score DESC, p.a, p.b
        """,
        [cluster],
    )
    return [(a, b, score, [(r["words"], r["weight"]) for r in msgspec.json.decode(told)]) for a, b, score, told in rows]
