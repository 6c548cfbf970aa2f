"""What the pages of acts and runs read, on each engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lapwing.clusters import cluster
from lapwing.clusters.reading import (
    cluster_of,
    decided_on,
    find_cluster,
    join_with,
    list_clusters,
    near_records,
    split_off,
)
from lapwing.errors import QueryError
from lapwing.review import correct, delete
from lapwing.store import Store, open_store
from lapwing.store.runs import changes_of, coders_of, failures_of, find_run, list_runs, reasons_of, unreached
from telling import make_told_store

HARBOUR = "lw-hill-times-5.txt-1"


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    make_told_store(where)
    with open_store(where) as opened:
        yield opened


def test_an_act_is_read_split_and_joined(store: Store) -> None:
    ((id, summary),), total = list_clusters(store)
    assert (total, summary.reports, list_clusters(store, offset=1)[0]) == (1, 5, [])
    with pytest.raises(QueryError, match="not all"):
        split_off(store, id, summary.records, by="Ada")
    with pytest.raises(QueryError, match="is not in cluster"):
        split_off(store, id, ["lw-other"], by="Ada")
    made = split_off(store, id, [HARBOUR], by="Ada", note="another day")
    assert [decision.seq for decision in decided_on(store, [HARBOUR])] == made[::-1]
    cluster(store)
    assert cluster_of(store, HARBOUR) is None
    now = cluster_of(store, "lw-coast-daily-2.txt-1") or ""
    (near,) = near_records(store, now)
    assert (near.id, near.cluster, near.outlet) == (HARBOUR, None, "Hill Times")
    assert near.reasons
    with pytest.raises(QueryError, match="already"):
        join_with(store, now, "lw-coast-daily-2.txt-1", by="Ada")
    assert join_with(store, now, HARBOUR, by="Bo") == made[-1] + 1
    assert find_cluster(store, "lc-none") is None
    assert near_records(store, "lc-none") == []


def test_an_act_as_judged_is_told_without_what_was_deleted(store: Store) -> None:
    ((id, _),), _ = list_clusters(store)
    correct(store, 2, "status", "denied", by="Ada")
    delete(store, 4, by="Ada")
    coded, judged = find_cluster(store, id), find_cluster(store, id, values="judged")
    assert coded is not None
    assert judged is not None
    assert [len(one.reports) for one in (coded, judged)] == [5, 4]
    assert [len(one.summary.denied_by) for one in (coded, judged)] == [1, 2]
    assert (coded.judged, judged.deleted) == (2, ("lw-hill-times-4.txt-1",))
    for number in (1, 2, 3, 5):
        delete(store, number, by="Ada")
    nothing = find_cluster(store, id, values="judged")
    assert nothing is not None
    assert (nothing.values, len(nothing.deleted), len(nothing.reports)) == ("judged", 5, 5)


def test_runs_tell_what_came_in(store: Store) -> None:
    runs, total = list_runs(store, limit=2)
    assert (total, [run.kind for run in runs]) == (3, ["cluster", "ingest"])
    first = find_run(store, 1)
    assert first is not None
    assert (first.inputs, first.failures, first.documents, first.finished is None) == (("news/",), 2, 5, False)
    assert find_run(store, 9) is None
    assert sorted(dict(reasons_of(store, run=1))) == ["it holds no text", "the line is no JSON <b>object</b>"]
    assert [len(failures_of(store, run=run)) for run in (1, 2, None)] == [2, 0, 2]
    assert changes_of(store, 1) == {}
    assert [(one.coder.model, one.documents) for one in coders_of(store)] == [("test", 5)]
    assert unreached(store) == []
