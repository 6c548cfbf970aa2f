"""Who has to do with whom in a period: actors around a circle, ties between them, and the same as a table."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from lapwing.codebook import TYPES
from lapwing.errors import QueryError
from lapwing.store import Store
from lapwing.store.ties import By, Tie, ties_of
from lapwing.store.views import kept_views
from lapwing.web import network as drawing
from lapwing.web.answers import answering, api_router
from lapwing.web.asking import STATUSES, Asked, countries
from lapwing.web.rendering import render
from lapwing.web.workbench import Page, Reading

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Network", path="/network")

LISTED = 100


class AskedNetwork(Asked):
    """Which records are wanted, and how many actors are drawn."""

    by: By = Field(default="country", description="Countries, or countries with their sectors (RUS/GOV, /REB).")
    actors: int = Field(default=24, ge=2, le=60, description="So many actors at most.")
    ties: int = Field(default=600, ge=1, le=5_000, description="So many ties at most, the strongest.")


class NetworkView(msgspec.Struct, frozen=True, kw_only=True):
    """The strongest ties, each way apart. `statuses` are those counted."""

    statuses: tuple[str, ...]
    ties: tuple[Tie, ...]


def read_network(store: Store, asked: AskedNetwork) -> NetworkView:
    """The ties that are asked for."""
    statuses = tuple(asked.status) or ("happened",)
    ties = ties_of(store, asked.filter(status=statuses), by=asked.by, limit=asked.ties)
    return NetworkView(statuses=statuses, ties=tuple(ties))


Wanted = Annotated[AskedNetwork, Query()]


@html.get("/network")
def show(request: Request, store: Reading, asked: Wanted) -> Response:
    """The page."""
    try:
        view, fault = read_network(store, asked), None
    except QueryError as error:
        view, fault = NetworkView(statuses=("happened",), ties=()), str(error)
    names = dict(countries())
    page = render(
        request,
        "network.html",
        view=view,
        network=drawing.network_of(view.ties, most=asked.actors),
        shown=view.ties[:LISTED],
        size=drawing,
        name_of=lambda code: name_of(code, names),
        asked=asked,
        fault=fault,
        types=TYPES,
        all_statuses=STATUSES,
        countries=countries(),
        views=kept_views(store, page="network"),
        query=asked.address("").removeprefix("?"),
        dyad_address=lambda actor, recipient: asked.address(
            "/dyads", dyad=None, actor=actor, recipient=recipient, by=None, actors=None, ties=None, status=None
        ),
    )
    page.status_code = 400 if fault else 200
    return page


def name_of(code: str, names: dict[str, str]) -> str:
    """An actor in words.

    >>> name_of("RUS/GOV", {"RUS": "Russia"}), name_of("/REB", {})
    ('Russia GOV', 'REB')
    """
    country, _, sector = code.partition("/")
    return " ".join(part for part in (names.get(country, country), sector) if part)


@api.get("/network")
@answering(NetworkView)
def network(store: Reading, asked: Wanted) -> NetworkView:
    """Who has to do with whom. Without `status` acts are counted that happened."""
    return read_network(store, asked)
