"""What came into the store and what did not: each run with its counts, what failed and why, who coded what, and which addresses a
watch cannot have."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, Request, Response

from lapwing.coding import coder_version
from lapwing.records import Coder
from lapwing.store import Store
from lapwing.store.runs import (
    CodedBy,
    FailureTold,
    RunTold,
    Unreached,
    changes_of,
    coders_of,
    failures_of,
    find_run,
    list_runs,
    reasons_of,
    unreached,
)
from lapwing.web.answers import answering, api_router
from lapwing.web.errors import missing
from lapwing.web.rendering import render
from lapwing.web.workbench import Page, Reading

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Runs", path="/runs")

SIZE = 40

FAILURES = 200


class RunsView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of runs, the newest first; who coded the store's documents (`current` is this program), and what a watch could
    not have."""

    runs: tuple[RunTold, ...]
    total: int
    current: Coder
    coders: tuple[CodedBy, ...]
    unreached: tuple[Unreached, ...]


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """A run: its failures (`failures` a page of them, `reasons` how many for each reason) and what its recoding changed."""

    run: RunTold
    reasons: dict[str, int]
    failures: tuple[FailureTold, ...]
    changes: dict[str, int]


def read_runs(store: Store, *, limit: int, offset: int) -> RunsView:
    """A page of runs."""
    found, total = list_runs(store, limit=limit, offset=offset)
    return RunsView(
        runs=tuple(found),
        total=total,
        current=coder_version(),
        coders=tuple(coders_of(store)),
        unreached=tuple(unreached(store)),
    )


def read_run(store: Store, seq: int, *, limit: int, offset: int) -> RunView:
    """A run. Raises 404 where there is none."""
    found = find_run(store, seq)
    if found is None:
        raise missing(f"run {seq}")
    return RunView(
        run=found,
        reasons=dict(reasons_of(store, run=seq)),
        failures=tuple(failures_of(store, run=seq, limit=limit, offset=offset)),
        changes=changes_of(store, seq),
    )


OfPage = Annotated[int, Query(ge=1, le=100_000)]
Number = Annotated[int, Path(ge=1, le=2**62)]
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


@html.get("/runs")
def show_all(request: Request, store: Reading, page: OfPage = 1) -> Response:
    """All runs."""
    view = read_runs(store, limit=SIZE, offset=(page - 1) * SIZE)
    return render(request, "runs.html", view=view, page=page, size=SIZE)


@html.get("/runs/{number}")
def show(request: Request, store: Reading, number: Number, page: OfPage = 1) -> Response:
    """One run."""
    view = read_run(store, number, limit=FAILURES, offset=(page - 1) * FAILURES)
    return render(request, "run.html", view=view, run=view.run, page=page, size=FAILURES)


@api.get("/runs", tags=["runs"])
@answering(RunsView)
def runs(store: Reading, limit: Limit = 50, offset: Offset = 0) -> RunsView:
    """The runs that wrote to the store, the newest first."""
    return read_runs(store, limit=limit, offset=offset)


@api.get("/runs/{number}", tags=["runs"])
@answering(RunView)
def run(store: Reading, number: Number, limit: Limit = 200, offset: Offset = 0) -> RunView:
    """A run, what failed in it and why, and what its recoding changed."""
    return read_run(store, number, limit=limit, offset=offset)
