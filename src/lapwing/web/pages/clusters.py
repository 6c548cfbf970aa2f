"""One act as all articles tell it: who asserts, who denies, how its status went, how many were counted by whom, the sentences side
by side; and the decisions that merge and split, each of which can be taken back.

A decision is kept at once and takes effect when clusters are worked out, which a button does where the store is not too large.
"""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from lapwing.clusters import Clustered, Decision, Summary, decisions, judge, take_back
from lapwing.clusters import cluster as work_out
from lapwing.clusters.reading import (
    Cluster,
    Near,
    cluster_of,
    decided_on,
    find_cluster,
    join_with,
    list_clusters,
    near_records,
    split_off,
)
from lapwing.errors import QueryError
from lapwing.store import Store
from lapwing.store.conditions import Values
from lapwing.web.answers import answering, api_router
from lapwing.web.errors import missing
from lapwing.web.pages.review import LARGEST, Name, Reviewer
from lapwing.web.rates import limited
from lapwing.web.rendering import render
from lapwing.web.workbench import Page, Reading, Writing

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Acts", path="/clusters")

SIZE = 40

MOST_PAIRS = 300_000
"""Pairs of records up to which a button works clusters out anew: a few seconds. Larger stores have `lapwing cluster`."""

Id = Annotated[str, Path(max_length=100)]
Note = Annotated[str | None, Form(max_length=2000)]
RecordId = Annotated[str, Field(min_length=1, max_length=100)]


class ClusterLine(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster in a list."""

    id: str
    summary: Summary


class ClustersView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of clusters, those with most independent origins first; `total` counts all."""

    clusters: tuple[ClusterLine, ...]
    total: int


class ClusterView(msgspec.Struct, frozen=True, kw_only=True):
    """A cluster, what else may tell its act, and the decisions that stand on its records."""

    cluster: Cluster
    near: tuple[Near, ...]
    decisions: tuple[Decision, ...]


class DecisionsView(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions on pairs that stand, in the order in which they were made."""

    decisions: tuple[Decision, ...]


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of the decisions that were entered: each can be taken back by its number."""

    decisions: tuple[int, ...]


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read_clusters(store: Store, *, limit: int, offset: int) -> ClustersView:
    """A page of clusters."""
    found, total = list_clusters(store, limit=limit, offset=offset)
    return ClustersView(clusters=tuple(ClusterLine(id=id, summary=told) for id, told in found), total=total)


def read_cluster(store: Store, id: str, *, values: Values) -> ClusterView:
    """A cluster. Raises 404 where there is none."""
    found = find_cluster(store, id, values=values)
    if found is None:
        raise missing(f"act {id}")
    return ClusterView(
        cluster=found,
        near=tuple(near_records(store, id)),
        decisions=tuple(decided_on(store, [told.report.event.id for told in found.reports] + list(found.deleted))),
    )


def can_work_out(store: Store) -> bool:
    """Whether clusters can be worked out while a person waits."""
    ((count,),) = store.engine.rows("SELECT count(*) FROM pairs")
    return int(count) <= MOST_PAIRS


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────

OfPage = Annotated[int, Query(ge=1, le=100_000)]


@html.get("/clusters")
def show_all(request: Request, store: Reading, page: OfPage = 1) -> Response:
    """The acts that several records tell."""
    view = read_clusters(store, limit=SIZE, offset=(page - 1) * SIZE)
    return render(request, "clusters.html", view=view, page=page, size=SIZE)


@html.get("/clusters/{id}")
def show(
    request: Request, store: Reading, id: Id, reviewer: Reviewer, values: Values = "judged", decided: int = 0
) -> Response:
    """One act."""
    view = read_cluster(store, id, values=values)
    return render(
        request,
        "cluster.html",
        view=view,
        cluster=view.cluster,
        summary=view.cluster.summary,
        reviewer=reviewer,
        decided=decided,
        can_work_out=can_work_out(store),
        days=_days(view.cluster),
        denying=_denying(view.cluster),
        scale=_scale,
    )


def _days(cluster: Cluster) -> list[tuple[str, list[int]]]:
    """The days on which reports appeared, with the positions of the reports."""
    found: dict[str, list[int]] = {}
    for k, told in enumerate(cluster.reports):
        found.setdefault(told.report.event.doc.published or "day not known", []).append(k)
    return list(found.items())


def _denying(cluster: Cluster) -> set[int]:
    """The positions of origins of which every report denies the act: they are no origins of it."""
    asserting = {told.origin for told in cluster.reports if told.report.event.status != "denied"}
    return set(range(len(cluster.origins))) - asserting


def _scale(value: float, low: float, high: float) -> float:
    """Where a number stands between the lowest and the highest, 0 to 100.

    >>> _scale(15, 10, 20), _scale(3, 3, 3)
    (50.0, 50.0)
    """
    return 100 * (value - low) / (high - low) if high > low else 50.0


@html.post("/clusters/{id}/split")
def split(
    store: Writing, id: Id, reviewer: Reviewer, records: Annotated[list[str], Form()], note: Note = None
) -> Response:
    """The chosen reports tell another act."""
    if reviewer is None:
        return RedirectResponse("/review", status_code=303)
    made = split_off(store, id, records, by=reviewer, note=note)
    return _back(id, len(made))


@html.post("/clusters/{id}/join")
def join(
    store: Writing,
    id: Id,
    reviewer: Reviewer,
    other: Annotated[str, Form(min_length=1, max_length=100)],
    note: Note = None,
) -> Response:
    """Another record, or another cluster, tells this act too."""
    if reviewer is None:
        return RedirectResponse("/review", status_code=303)
    join_with(store, id, other.strip(), by=reviewer, note=note)
    return _back(id, 1)


@html.post("/clusters/{id}/undo")
def undo(
    store: Writing, id: Id, reviewer: Reviewer, decision: Annotated[int, Form(ge=1, le=LARGEST)], note: Note = None
) -> Response:
    """Take a decision back."""
    if reviewer is None:
        return RedirectResponse("/review", status_code=303)
    take_back(store, decision, by=reviewer, note=note)
    return _back(id, 1)


OFTEN = limited("cluster", per_minute=6)


@html.post("/clusters/{id}/work-out", dependencies=[OFTEN])
def work(store: Writing, id: Id) -> Response:
    """Work the clusters out anew, and go to where the act is told now."""
    found = find_cluster(store, id)
    if not can_work_out(store):
        raise QueryError("this store is large: run `lapwing cluster`, which takes its time, instead.")
    work_out(store)
    record = found.reports[0].report.event.id if found else ""
    now = cluster_of(store, record)
    return RedirectResponse(f"/clusters/{quote(now)}" if now else f"/records/{quote(record)}", status_code=303)


def _back(id: str, made: int) -> Response:
    return RedirectResponse(f"/clusters/{quote(id)}?decided={made}#decisions", status_code=303)


# ── the twin ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class NewJudgement(BaseModel):
    """A decision on two records, by their ids: they tell the same act, or different ones."""

    verdict: Literal["same", "different"]
    a: RecordId
    b: RecordId
    judge: Name
    note: str | None = Field(None, max_length=2000)


class NewSplit(BaseModel):
    """The records of a cluster, by their ids, that tell another act than the rest of it."""

    records: list[RecordId] = Field(min_length=1, max_length=400)
    judge: Name
    note: str | None = Field(None, max_length=2000)


class TakenBack(BaseModel):
    """Who takes a decision back, and why."""

    judge: Name
    note: str | None = Field(None, max_length=2000)


@api.get("/clusters", tags=["acts"])
@answering(ClustersView)
def clusters(
    store: Reading,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> ClustersView:
    """The acts that several records tell, as coded, those with most independent origins first."""
    return read_clusters(store, limit=limit, offset=offset)


@api.post("/clusters/work-out", tags=["acts"], dependencies=[OFTEN])
@answering(Clustered)
def work_out_clusters(store: Writing) -> Clustered:
    """Work the clusters out anew, from scores and decisions; refused where the store is too large for that."""
    if not can_work_out(store):
        raise QueryError("this store is large: run `lapwing cluster`, which takes its time, instead.")
    return work_out(store)


@api.get("/clusters/{id}", tags=["acts"])
@answering(ClusterView)
def cluster(store: Reading, id: Id, values: Values = "judged") -> ClusterView:
    """One act as all its reports tell it, with reviewers' corrections or as coded."""
    return read_cluster(store, id, values=values)


@api.post("/clusters/{id}/split", tags=["acts"])
@answering(Entered)
def split_cluster(store: Writing, id: Id, asked: NewSplit) -> Entered:
    """Decide that some records of a cluster tell another act. Takes effect when clusters are worked out."""
    return Entered(decisions=tuple(split_off(store, id, asked.records, by=asked.judge, note=asked.note)))


@api.get("/judgements", tags=["acts"])
@answering(DecisionsView)
def judgements(store: Reading) -> DecisionsView:
    """The decisions on pairs of records that stand."""
    return DecisionsView(decisions=tuple(decisions(store, kind="event")))


@api.post("/judgements", tags=["acts"])
@answering(Entered)
def new_judgement(store: Writing, asked: NewJudgement) -> Entered:
    """Decide that two records tell the same act, or different ones. Takes effect when clusters are worked out."""
    return Entered(decisions=(judge(store, asked.verdict, asked.a, asked.b, by=asked.judge, note=asked.note),))


@api.post("/judgements/{number}/undo", tags=["acts"])
@answering(Entered)
def undo_judgement(store: Writing, number: Annotated[int, Path(ge=1, le=LARGEST)], asked: TakenBack) -> Entered:
    """Take a decision back."""
    return Entered(decisions=(take_back(store, number, by=asked.judge, note=asked.note),))
