"""The records of a store as a table: filtered, sorted, page by page, kept as views, exported as they are shown."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Annotated, Literal
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BeforeValidator, Field

from lapwing.codebook import TYPES, load_codebook
from lapwing.errors import QueryError
from lapwing.exports import EXPORTERS, Format, write_events
from lapwing.records import Status
from lapwing.store import Store, find_events
from lapwing.store.pages import ORDERS, Listed, Order, find_page
from lapwing.store.views import kept_views
from lapwing.web.answers import answering, api_router
from lapwing.web.asking import STATUSES, Asked, countries
from lapwing.web.rates import limited
from lapwing.web.rendering import render
from lapwing.web.workbench import Page, Reading

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Events", path="/events")

FIRST_DESCENDING: frozenset[Order] = frozenset({"date", "confidence", "score", "sources"})
"""Orders whose other end is looked at first."""

COLUMNS: tuple[tuple[str, Order | None], ...] = (
    ("Date", "date"),
    ("What", "event"),
    ("Who", "actor"),
    ("To whom", "recipient"),
    ("Status", "status"),
    ("Where", "place"),
    ("Who says so", "source"),
    ("Sources", "sources"),
    ("Sure", "confidence"),
)

CHUNK = 1 << 16

IN_MEMORY = 4_000_000
"""Bytes of an export that are kept in memory; more go to a file until they are sent."""


def _order(value: str) -> str:
    if value.removeprefix("-") not in ORDERS:
        raise ValueError(
            f"there is no order {value!r}; there are {', '.join(ORDERS)}, each with - before it for the other way"
        )
    return value


class AskedPage(Asked):
    """Which records are wanted, in which order, which page of them."""

    order: Annotated[str, BeforeValidator(lambda value: _order(str(value)))] = Field(
        default="-date",
        description="What to sort by, with - before it from the end.",
        json_schema_extra={"enum": [sign + order for order in ORDERS for sign in ("", "-")]},
    )
    size: int = Field(default=50, ge=1, le=500)
    mark: str | None = Field(
        None, max_length=1000, description="`next` or `previous` of another page of the same list."
    )

    @property
    def by(self) -> Order:
        """What to sort by."""
        return next(order for order in ORDERS if order == self.order.removeprefix("-"))


class EventsView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of records; `total` and `statuses` count all that the filter finds, `next` and `previous` are marks."""

    records: tuple[Listed, ...]
    total: int
    statuses: dict[Status, int]
    next: str | None
    previous: str | None


NOTHING = EventsView(records=(), total=0, statuses=dict.fromkeys(STATUSES, 0), next=None, previous=None)


def read_events(store: Store, asked: AskedPage) -> EventsView:
    """The records that are asked for."""
    found = find_page(
        store,
        asked.filter(),
        order=asked.by,
        descending=asked.order.startswith("-"),
        size=asked.size,
        mark=asked.mark,
    )
    return EventsView(
        records=found.records,
        total=found.total,
        statuses={status: found.statuses.get(status, 0) for status in STATUSES},
        next=found.next,
        previous=found.previous,
    )


Wanted = Annotated[AskedPage, Query()]


@html.get("/events")
def show(request: Request, store: Reading, asked: Wanted) -> Response:
    """The page. What is wrong with a filter is told beside it."""
    try:
        view, fault = read_events(store, asked), None
    except QueryError as error:
        view, fault = NOTHING, str(error)
    page = render(
        request,
        "events.html",
        view=view,
        fault=fault,
        asked=asked,
        columns=[_column(name, order, asked) for name, order in COLUMNS],
        types=TYPES,
        modes=_modes(asked),
        all_statuses=STATUSES,
        exporters=EXPORTERS,
        views=kept_views(store, page="events"),
        countries=countries(),
        query=asked.address("", mark=None).removeprefix("?"),
        hidden=asked.pairs(),
        next=view.next and asked.address("/events", mark=view.next),
        previous=view.previous and asked.address("/events", mark=view.previous),
        article_address=article_address,
        cluster_address=cluster_address,
    )
    page.status_code = 400 if fault else 200
    return page


def article_address(one: Listed) -> str:
    """Where a record is read in its article."""
    return f"/records/{quote(one.event.id)}"


def cluster_address(one: Listed) -> str | None:
    """Where all is read that tells the record's act."""
    return one.cluster and f"/clusters/{quote(one.cluster)}"


def _modes(asked: Asked) -> list[str]:
    """The modes of the types that are asked for, of all types where none is."""
    codebook = load_codebook()
    return sorted({mode for event in asked.event or TYPES for mode in codebook.modes_of(event)})


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column's head: `sorted` as ``aria-sort`` has it, `address` sorts by it, the other way where it is sorted already."""

    name: str
    sorted: Literal["ascending", "descending", "none"] | None
    address: str | None


def _column(name: str, order: Order | None, asked: AskedPage) -> Column:
    if order is None:
        return Column(name=name, sorted=None, address=None)
    descending = asked.order.startswith("-")
    current = asked.by == order
    turned = not descending if current else order in FIRST_DESCENDING
    return Column(
        name=name,
        sorted=("descending" if descending else "ascending") if current else "none",
        address=asked.address("/events", order=f"{'-' if turned else ''}{order}", mark=None),
    )


@api.get("/events")
@answering(EventsView)
def events(store: Reading, asked: Wanted) -> EventsView:
    """Records by filter, a page at a time. Pass `next` as `mark` for the page after this one."""
    return read_events(store, asked)


# ── export ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class AskedExport(Asked):
    """Which records are to be written, and how."""

    format: Format = "csv"
    newest: bool = Field(default=False, description="Newest first; else as they were stored.")
    all_statuses: bool = Field(default=False, description="Also what did not happen, in a format that has no status.")


WantedExport = Annotated[AskedExport, Query()]

OFTEN = limited("export", per_minute=12)


@html.get("/events/export", dependencies=[OFTEN])
def export(store: Reading, asked: WantedExport) -> Response:
    """All records that the filter finds, as a file."""
    return _file(store, asked)


@api.get(
    "/events/export",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file."}},
    dependencies=[OFTEN],
)
def export_events(store: Reading, asked: WantedExport) -> Response:
    """All records that the filter finds, as a file. What the format cannot say is told in the header `X-Lapwing-Lost`."""
    return _file(store, asked)


def _file(store: Store, asked: AskedExport) -> Response:
    exporter, told = EXPORTERS[asked.format], list[str]()
    spool = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed when it has been sent
    try:
        wanted = asked.filter(order="date" if asked.newest else "stored")
        write_events(
            find_events(store, wanted), spool, format=asked.format, all_statuses=asked.all_statuses, tell=told.append
        )
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    name = f"events.{exporter.suffix or f'{asked.format}.txt'}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if told:
        headers["X-Lapwing-Lost"] = " ".join(told).encode("ascii", "replace").decode()
    return StreamingResponse(_chunks(spool), headers=headers, media_type="application/octet-stream")


def _chunks(spool: tempfile.SpooledTemporaryFile[bytes]) -> Iterator[bytes]:
    with spool:
        while chunk := spool.read(CHUNK):
            yield chunk
