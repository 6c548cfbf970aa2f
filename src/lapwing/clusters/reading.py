"""Clusters for people to look at: a page of them, one with all its reports, and what else may tell the same act.

A cluster is worked out from records as coded. What reviewers left of them can be put into its summary instead: which of the two
it is, is always asked for and told. And here a person's word on several records at once becomes decisions on pairs.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from lapwing.clusters.acts import KEPT, reports_of
from lapwing.clusters.judgements import Decision, decisions, judge
from lapwing.clusters.origins import Origin, Report, find_origins
from lapwing.clusters.summary import Summary, summarise, who_says
from lapwing.errors import QueryError
from lapwing.store import Store
from lapwing.store.conditions import Values
from lapwing.store.rows import event_of

MOST_DECISIONS = 400
"""Pairs that one splitting may decide."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A report of a cluster: `origin` is the position of its origin among those of the cluster, `voice` who says so. `judged` is
    true where reviewers left it other than it was coded."""

    report: Report
    origin: int
    voice: str
    judged: bool


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """One act as all articles tell it. `deleted` are the records that reviewers deleted, where values are wanted as judged."""

    id: str
    values: Values
    summary: Summary
    origins: tuple[Origin, ...]
    reports: tuple[Told, ...]
    judged: int
    deleted: tuple[str, ...]


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """A record outside of a cluster that was found to be like one inside: how likely both tell one act, and what spoke for it."""

    record: int
    id: str
    doc: int
    cluster: str | None
    sentence: str
    outlet: str | None
    published: str | None
    inside: str
    score: float
    reasons: tuple[str, ...]


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def list_clusters(store: Store, *, limit: int = 50, offset: int = 0) -> tuple[list[tuple[str, Summary]], int]:
    """A page of clusters, those with most independent origins first, and how many there are."""
    ((total,),) = store.engine.rows("SELECT count(*) FROM clusters")
    ids = store.engine.rows(
        """
        SELECT cluster FROM memberships GROUP BY cluster
        ORDER BY max(origins) DESC, count(*) DESC, cluster LIMIT $1 OFFSET $2
        """,
        [limit, offset],
    )
    rows = store.engine.rows(
        "SELECT id, CAST(summary AS TEXT) FROM clusters WHERE id IN (SELECT unnest(CAST($1 AS TEXT[])))",
        [[id for (id,) in ids]],
    )
    summaries = {id: msgspec.json.decode(told, type=Summary) for id, told in rows}
    return [(id, summaries[id]) for (id,) in ids if id in summaries], int(total)


def find_cluster(store: Store, id: str, *, values: Values = "coded") -> Cluster | None:
    """A cluster with its reports in the order in which they were published; None where there is none such."""
    coded = reports_of(store, id)
    if not coded:
        return None
    left = _as_judged(store, coded)
    reports = [left[report.record] for report in coded] if values == "judged" else coded
    kept = [report for report in reports if report is not None]
    shown = kept or coded
    origins = tuple(find_origins(shown))
    home = {record: k for k, origin in enumerate(origins) for record in origin.records}
    changed = {report.record for report in coded if left[report.record] != report}
    told = [
        Told(report=one, origin=home[one.record], voice=who_says(one)[0], judged=one.record in changed) for one in shown
    ]
    return Cluster(
        id=id,
        values=values,
        summary=summarise(shown),
        origins=origins,
        reports=tuple(sorted(told, key=lambda one: (one.report.event.doc.published or "9999", one.report.record))),
        judged=len(changed),
        deleted=tuple(report.event.id for report in coded if left[report.record] is None),
    )


def _as_judged(store: Store, reports: Sequence[Report]) -> dict[int, Report | None]:
    """What reviewers left of reports, by their numbers; None for one that they deleted."""
    numbers = [report.record for report in reports]
    asked = "(SELECT unnest(CAST($1 AS BIGINT[])))"
    changed = {row[0] for row in store.engine.rows(f"SELECT number FROM revised WHERE number IN {asked}", [numbers])}  # noqa: S608
    rows: dict[int, str] = dict(
        store.engine.rows(f"SELECT seq, CAST(record AS TEXT) FROM revised_records WHERE seq IN {asked}", [numbers])  # noqa: S608
    )
    found: dict[int, Report | None] = {}
    for report in reports:
        if report.record not in changed:
            found[report.record] = report
        elif report.record in rows:
            event = event_of(rows[report.record], report.event.doc)
            found[report.record] = msgspec.structs.replace(report, event=event)
        else:
            found[report.record] = None
    return found


def cluster_of(store: Store, record: str) -> str | None:
    """The cluster that a record (by its id) is in; None where it is in none."""
    rows = store.engine.rows(
        "SELECT m.cluster FROM memberships AS m JOIN records AS r ON r.seq = m.record WHERE r.id = $1 ORDER BY r.seq",
        [record],
    )
    return str(rows[0][0]) if rows else None


def near_records(store: Store, id: str, *, limit: int = 10) -> list[Near]:
    """Records outside of a cluster that are like one inside, the likest first, each once."""
    rows = store.engine.rows(
        """
        WITH inside AS (SELECT record FROM memberships WHERE cluster = $1),
        found AS (
            SELECT p.b AS record, p.a AS inside, p.score, p.reasons FROM pairs AS p
            WHERE p.a IN (SELECT record FROM inside) AND p.b NOT IN (SELECT record FROM inside) AND p.score >= $2
            UNION ALL
            SELECT p.a, p.b, p.score, p.reasons FROM pairs AS p
            WHERE p.b IN (SELECT record FROM inside) AND p.a NOT IN (SELECT record FROM inside) AND p.score >= $2
        )
        SELECT f.record, r.id, r.doc, m.cluster, CAST(r.record AS TEXT), d.outlet, d.published, i.id, f.score,
            CAST(f.reasons AS TEXT)
        FROM found AS f
        JOIN records AS r ON r.seq = f.record JOIN documents AS d ON d.seq = r.doc JOIN records AS i ON i.seq = f.inside
        LEFT JOIN memberships AS m ON m.record = f.record
        ORDER BY f.score DESC, f.record, f.inside LIMIT $3
        """,
        [id, KEPT, limit * 5],
    )
    found: dict[int, Near] = {}
    for record, name, doc, cluster, told, outlet, published, inside, score, reasons in rows:
        near = Near(
            record=record,
            id=name,
            doc=doc,
            cluster=cluster,
            sentence=msgspec.json.decode(told)["evidence"]["text"],
            outlet=outlet,
            published=published,
            inside=inside,
            score=score,
            reasons=tuple(f"{reason['words']} {reason['weight']:+.1f}" for reason in msgspec.json.decode(reasons)),
        )
        found.setdefault(record, near)
    return list(found.values())[:limit]


def decided_on(store: Store, ids: Sequence[str]) -> list[Decision]:
    """The decisions that stand on any of these records, the last first."""
    wanted = set(ids)
    return [one for one in reversed(decisions(store, kind="event")) if one.a in wanted or one.b in wanted]


# ── deciding on several at once ───────────────────────────────────────────────────────────────────────────────────────


def split_off(store: Store, cluster: str, ids: Sequence[str], *, by: str, note: str | None = None) -> list[int]:
    """Decide that the records `ids` tell another act than the rest of their cluster; gives the numbers of the decisions.
    Raises `QueryError` where nothing would be left on one side, or one is not in the cluster."""
    members = list(dict.fromkeys(report.event.id for report in reports_of(store, cluster)))
    parted = [id for id in members if id in set(ids)]
    rest = [id for id in members if id not in parted]
    if unknown := [id for id in ids if id not in members]:
        raise QueryError(f"{unknown[0]} is not in cluster {cluster}.")
    if not parted or not rest:
        raise QueryError("choose some of the reports, not all: those chosen are said to tell another act.")
    if len(parted) * len(rest) > MOST_DECISIONS:
        raise QueryError(f"that would be {len(parted) * len(rest):,} decisions: choose fewer reports at a time.")
    return [judge(store, "different", one, other, by=by, note=note) for one in parted for other in rest]


def join_with(store: Store, cluster: str, other: str, *, by: str, note: str | None = None) -> int:
    """Decide that `other`, a record or a cluster, tells the act of `cluster`; gives the number of the decision."""
    members = reports_of(store, cluster)
    if not members:
        raise QueryError(f"the store holds no cluster {cluster}.")
    others = [report.event.id for report in reports_of(store, other)] or [other]
    if others[0] in {report.event.id for report in members}:
        raise QueryError(f"{other} is in the cluster already.")
    return judge(store, "same", members[0].event.id, others[0], by=by, note=note)
