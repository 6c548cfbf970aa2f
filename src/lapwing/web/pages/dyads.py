"""Two sides over time, or one side and all others: how hostile, by words or deeds, and who says so.

Between two sides each direction is told apart. Of one side it is told what it does, what is done to it, with whom, what others say
of it and what its own voices say of whom. Scores and counts are of acts that happened; the other statuses are counted beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from lapwing.codebook import TYPES
from lapwing.errors import QueryError
from lapwing.records import Status
from lapwing.store import Filter, Store
from lapwing.store.conditions import ANY, named_sides
from lapwing.store.pages import Listed
from lapwing.store.series import PERIODS, Period, Series, notable, series_of
from lapwing.store.ties import Claim, Tie, claims_of, ties_of
from lapwing.store.views import kept_views
from lapwing.web import charts
from lapwing.web.answers import answering, api_router
from lapwing.web.asking import STATUSES, Asked, countries
from lapwing.web.errors import missing
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
    one, other = sides_of(asked)
    if one is None:
        ties = tuple(ties_of(store, _filter(asked, (None, None), happened=True), limit=PARTNERS))
        return DyadsView(actor=None, recipient=None, directions=(), ties=ties, says=())
    voices = read_voices(store, asked)
    directions = tuple(
        msgspec.structs.replace(way, claims=claims)
        for way, claims in zip(read_ways(store, asked), voices.claims, strict=True)
    )
    return DyadsView(actor=one, recipient=other, directions=directions, ties=voices.ties, says=voices.says)


def sides_of(asked: AskedDyads) -> tuple[str | None, str | None]:
    """The two sides, the first one being there where any is. Raises `QueryError` for a dyad that is none."""
    sides = [side.strip().upper() for side in named_sides(asked.filter()) if side != ANY]
    one, other = (*sides, None, None)[:2]
    return one, other


def read_ways(store: Store, asked: AskedDyads) -> tuple[Direction, ...]:
    """What is drawn of both directions, without the voices."""
    return tuple(
        Direction(
            actor=way[0],
            recipient=way[1],
            series=series_of(store, _filter(asked, way), period=asked.period),
            notable=tuple(notable(store, _filter(asked, way, happened=True), limit=MARKS)),
            claims=(),
        )
        for way in _ways(asked)
    )


class Voices(msgspec.Struct, frozen=True, kw_only=True):
    """Who says so: claims of each direction; where one side was named also its ties, and what its own voices say."""

    claims: tuple[tuple[Claim, ...], ...]
    ties: tuple[Tie, ...]
    says: tuple[Claim, ...]


def read_voices(store: Store, asked: AskedDyads) -> Voices:
    """Who says what about whom, between the sides or of the one."""
    one, other = sides_of(asked)
    alone = one is not None and other is None
    ways = _ways(asked)
    return Voices(
        claims=tuple(tuple(claims_of(store, _filter(asked, way), named=not alone)) for way in ways),
        ties=tuple(
            tie for way in ways for tie in ties_of(store, _filter(asked, way, happened=True), limit=PARTNERS) if alone
        ),
        says=tuple(_sayings(store, asked, one)) if one is not None and alone else (),
    )


Way = tuple[str | None, str | None]


def _ways(asked: AskedDyads) -> tuple[Way, Way]:
    """Both directions between the sides, or from and to the one."""
    one, other = sides_of(asked)
    return (one, other), (other, one)


def _filter(asked: AskedDyads, way: Way, *, happened: bool = False) -> Filter:
    status: tuple[Status, ...] = ("happened",) if happened else ()
    return asked.filter(dyad=None, actor=way[0], recipient=way[1], status=status)


def _sayings(store: Store, asked: AskedDyads, side: str) -> list[Claim]:
    """What voices of a side's country say of whom."""
    country = side.partition("/")[0]
    return claims_of(store, _filter(asked, (None, None)), named=False, country=country) if country else []


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
    """The page. What is drawn is there at once, who says so comes after it."""
    fault: str | None = None
    one: str | None = None
    other: str | None = None
    directions: tuple[Direction, ...] = ()
    ties: tuple[Tie, ...] = ()
    try:
        one, other = sides_of(asked)
        if one is None:
            ties = read_dyads(store, asked).ties
        else:
            directions = read_ways(store, asked)
    except QueryError as error:
        fault = str(error)
    span = charts.span_of(*(way.series for way in directions)) if directions else None
    page = render(
        request,
        "dyads.html",
        **_shared(asked),
        one=one,
        other=other,
        directions=directions,
        ties=ties,
        drawn=[(way, charts.chart_of(way.series, way.notable, span)) for way in directions] if span else [],
        size=charts,
        label_of=charts.label_of,
        unrealised=unrealised,
        periods=PERIODS,
        fault=fault,
        types=TYPES,
        countries=countries(),
        views=kept_views(store, page="dyads"),
        query=asked.address("").removeprefix("?"),
        voices_address=asked.address("/dyads/voices"),
        article_address=article_address,
        cluster_address=cluster_address,
    )
    page.status_code = 400 if fault else 200
    return page


@html.get("/dyads/voices")
def voices(request: Request, store: Reading, asked: Wanted) -> Response:
    """Who says so: a part of the page, or a page of its own."""
    one, other = sides_of(asked)
    if one is None:
        raise missing("side of nobody")
    told = read_voices(store, asked)
    return render(
        request,
        "dyads-voices-part.html" if request.headers.get("HX-Request") else "dyads-voices.html",
        **_shared(asked),
        one=one,
        other=other,
        ways=_ways(asked),
        voices=rows_of(told.claims)[:VOICES],
        sayings=rows_of([told.says], by_actor=True)[:VOICES],
        partners=partners_of(one, told.ties) if other is None else [],
        back=asked.address("/dyads"),
    )


def _shared(asked: AskedDyads) -> dict[str, Any]:
    """What the templates of both ask for."""
    return {
        "asked": asked,
        "names": dict(countries()),
        "all_statuses": STATUSES,
        "dyad_address": lambda one, other: asked.address("/dyads", dyad=None, actor=one, recipient=other),
        "events_address": lambda actor, recipient: asked.address(
            "/events", dyad=None, actor=actor, recipient=recipient, period=None
        ),
    }


@api.get("/dyads")
@answering(DyadsView)
def dyads(store: Reading, asked: Wanted) -> DyadsView:
    """Two sides over time, or one side and all others; without a side the pairs with most acts. `status` does not matter here:
    scores are of what happened, and the other statuses are counted beside."""
    return read_dyads(store, asked)
