"""Which articles are one text, and which records tell one act: "12 outlets, 2 origins".

    >>> from lapwing.clusters import cluster, read_clusters
    >>> from lapwing.store import open_store
    >>> with open_store("events.duckdb") as store:  # doctest: +SKIP
    ...     cluster(store)
    ...     for id, summary in read_clusters(store):
    ...         print(id, summary.event, summary.outlets, "outlets,", len(summary.origins), "origins")

Scores propose (`find_copies`, `find_acts`), people decide (`judge`, `take_back`), nothing is overwritten. The way of a text:
`sketches` → `likeness` → `grouping`; of a record: `tellings` → `blocks` → `comparison` → `grouping` → `origins`, `summary`.
`texts` and `acts` read and write the store, `running` calls them.
"""

from __future__ import annotations

from lapwing.clusters.acts import read_clusters, reasons_for, reports_of
from lapwing.clusters.judgements import Decision, decisions, judge, take_back
from lapwing.clusters.running import Clustered, cluster, is_behind
from lapwing.clusters.summary import Summary, summarise
from lapwing.clusters.texts import sketch_beside

__all__ = [
    "Clustered",
    "Decision",
    "Summary",
    "cluster",
    "decisions",
    "is_behind",
    "judge",
    "read_clusters",
    "reasons_for",
    "reports_of",
    "sketch_beside",
    "summarise",
    "take_back",
]
