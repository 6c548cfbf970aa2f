"""Two sides over time, or one side and all others: how hostile, by words or deeds, and who says so.

Between two sides each direction is told apart. Of one side it is told what it does, what is done to it, with whom, what others say
of it and what its own voices say of whom. Scores and counts are of acts that happened; the other statuses are counted beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from lapwing.codebook import TYPES
from lapwing.errors import QueryError
from lapwing.records import Status
from lapwing.store import Filter, Store
from lapwing.store.pages import Listed
from lapwing.store.series import PERIODS, Period, Series, notable, series_of
from lapwing.store.ties import Claim, Tie, claims_of, ties_of
from lapwing.store.views import kept_views
from lapwing.web import charts
from lapwing.web.answers import answering, api_router
from lapwing.web.asking import STATUSES, Asked, countries
from lapwing.web.pages.events import article_address, cluster_address
from lapwing.web.rendering import render
from lapwing.web.workbench import Page, Reading

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Dyads", path="/dyads")

MARKS = 12
"""Acts that are marked in each drawing."""

VOICES = 15

PARTNERS = 40


class AskedDyads(Asked):
    """Two sides, or one, and the period by which acts are counted. Give `actor` and `recipient`, or `dyad`."""

    period: Period = Field(default="month", description="What is counted together.")


class Direction(msgspec.Struct, frozen=True, kw_only=True):
    """What one side does to another (None: to anyone, or anyone to it): its series, the acts that most sources tell, and who says
    so."""

    actor: str | None
    recipient: str | None
    series: Series
    notable: tuple[Listed, ...]
    claims: tuple[Claim, ...]


class DyadsView(msgspec.Struct, frozen=True, kw_only=True):
    """Two sides, or one. `directions` are two, or none where no side was named; `ties` are the pairs with most acts that happened
    among what was asked for; `says` is what voices of the country say of whom, where one side was named."""

    actor: str | None
    recipient: str | None
    directions: tuple[Direction, ...]
    ties: tuple[Tie, ...]
    says: tuple[Claim, ...]


def read_dyads(store: Store, asked: AskedDyads) -> DyadsView:
    """What is told between the sides that are asked for."""
    actor, recipient = (side.upper() if side else None for side in asked.sides)
    if actor is None and recipient is None:
        ties = tuple(ties_of(store, _filter(asked, None, None, happened=True), limit=PARTNERS))
        return DyadsView(actor=None, recipient=None, directions=(), ties=ties, says=())
    one = actor or recipient
    pairs = ((actor, recipient), (recipient, actor)) if actor and recipient else ((one, None), (None, one))
    alone = not (actor and recipient)
    return DyadsView(
        actor=one if alone else actor,
        recipient=None if alone else recipient,
        directions=tuple(_direction(store, asked, *pair, named=not alone) for pair in pairs),
        ties=tuple(
            tie for pair in pairs for tie in ties_of(store, _filter(asked, *pair, happened=True), limit=PARTNERS)
        )
        if alone
        else (),
        says=tuple(_sayings(store, asked, one)) if alone and one else (),
    )


def _filter(asked: AskedDyads, actor: str | None, recipient: str | None, *, happened: bool = False) -> Filter:
    status: tuple[Status, ...] = ("happened",) if happened else ()
    return asked.filter(dyad=None, actor=actor, recipient=recipient, status=status)


def _direction(store: Store, asked: AskedDyads, actor: str | None, recipient: str | None, *, named: bool) -> Direction:
    wanted = _filter(asked, actor, recipient)
    return Direction(
        actor=actor,
        recipient=recipient,
        series=series_of(store, wanted, period=asked.period),
        notable=tuple(notable(store, _filter(asked, actor, recipient, happened=True), limit=MARKS)),
        claims=tuple(claims_of(store, wanted, named=named)),
    )


def _sayings(store: Store, asked: AskedDyads, side: str) -> list[Claim]:
    """What voices of a side's country say of whom."""
    country = side.partition("/")[0]
    return claims_of(store, _filter(asked, None, None), named=False, country=country) if country else []


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What one voice says in one direction: acts by status, and the mean score of those that it says happened."""

    statuses: dict[Status, int]
    score: float | None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a table of claims."""

    name: str | None
    country: str | None
    own: bool
    cells: tuple[Cell, ...]
    total: int


def rows_of(columns: Iterable[Iterable[Claim]], *, by_actor: bool = False) -> list[Row]:
    """Voices (or, with `by_actor`, those that are spoken of) against directions, those with most claims first.

    >>> from lapwing.store.ties import Claim
    >>> claim = Claim(speaker="Ana", country="CHL", own=False, actor="NOR", recipient=None, status="denied", acts=2, score=1.0)
    >>> [(row.name, row.total, row.cells[1].statuses) for row in rows_of([[], [claim]])]
    [('Ana', 2, {'denied': 2})]
    """
    held: dict[tuple[str | None, str | None, bool], list[list[Claim]]] = {}
    told = [list(claims) for claims in columns]
    for k, claims in enumerate(told):
        for claim in claims:
            key = (None, claim.actor, False) if by_actor else (claim.speaker, claim.country, claim.own)
            held.setdefault(key, [[] for _ in told])[k].append(claim)
    rows = [
        Row(
            name=name,
            country=country,
            own=own,
            cells=tuple(_cell(claims) for claims in cells),
            total=sum(claim.acts for claims in cells for claim in claims),
        )
        for (name, country, own), cells in held.items()
    ]
    return sorted(rows, key=lambda row: (-row.total, row.name or "", row.country or ""))


def _cell(claims: Iterable[Claim]) -> Cell:
    statuses: dict[Status, int] = {}
    acts, total = 0, 0.0
    for claim in claims:
        statuses[claim.status] = statuses.get(claim.status, 0) + claim.acts
        if claim.status == "happened":
            acts, total = acts + claim.acts, total + claim.acts * claim.score
    return Cell(statuses=statuses, score=round(total / acts, 1) if acts else None)


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A side that another has to do with, each way; None where there is nothing that way."""

    code: str
    to: Tie | None
    back: Tie | None


def partners_of(side: str, ties: Iterable[Tie]) -> list[Partner]:
    """Whom a side has to do with, those with most acts first."""
    country = side.partition("/")[0]
    to = {tie.recipient: tie for tie in ties if tie.actor == country}
    back = {tie.actor: tie for tie in ties if tie.recipient == country}
    found = [Partner(code=code, to=to.get(code), back=back.get(code)) for code in {**to, **back}]
    return sorted(found, key=lambda one: (-sum(tie.acts for tie in (one.to, one.back) if tie), one.code))


def unrealised(series: Series) -> list[tuple[Status, int]]:
    """How many acts of a series did not happen, by status."""
    counted = [(status, sum(bucket.statuses.get(status, 0) for bucket in series.buckets)) for status in STATUSES]
    return [(status, count) for status, count in counted if count and status != "happened"]


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────

Wanted = Annotated[AskedDyads, Query()]


@html.get("/dyads")
def show(request: Request, store: Reading, asked: Wanted) -> Response:
    """The page."""
    fault = None
    try:
        view = read_dyads(store, asked)
    except QueryError as error:
        view, fault = DyadsView(actor=None, recipient=None, directions=(), ties=(), says=()), str(error)
    span = charts.span_of(*(direction.series for direction in view.directions)) if view.directions else None
    one = view.actor if view.recipient is None else None
    page = render(
        request,
        "dyads.html",
        view=view,
        drawn=[(way, charts.chart_of(way.series, way.notable, span)) for way in view.directions] if span else [],
        voices=rows_of(way.claims for way in view.directions)[:VOICES],
        sayings=rows_of([view.says], by_actor=True)[:VOICES],
        partners=partners_of(one, view.ties) if one else [],
        names=dict(countries()),
        size=charts,
        label_of=charts.label_of,
        unrealised=unrealised,
        periods=PERIODS,
        asked=asked,
        fault=fault,
        types=TYPES,
        all_statuses=STATUSES,
        countries=countries(),
        views=kept_views(store, page="dyads"),
        query=asked.address("").removeprefix("?"),
        article_address=article_address,
        cluster_address=cluster_address,
        dyad_address=lambda actor, recipient: asked.address("/dyads", dyad=None, actor=actor, recipient=recipient),
        events_address=lambda actor, recipient: asked.address(
            "/events", dyad=None, actor=actor, recipient=recipient, period=None
        ),
    )
    page.status_code = 400 if fault else 200
    return page


@api.get("/dyads")
@answering(DyadsView)
def dyads(store: Reading, asked: Wanted) -> DyadsView:
    """Two sides over time, or one side and all others; without a side the pairs with most acts. `status` does not matter here:
    scores are of what happened, and the other statuses are counted beside."""
    return read_dyads(store, asked)
