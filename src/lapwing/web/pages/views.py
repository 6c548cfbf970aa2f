"""Kept views: a page with its filters under a name. Not in the navigation; the pages that have filters show them."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from fastapi import APIRouter, Form, Path, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from lapwing.store.views import LONGEST_NAME, LONGEST_QUERY, View, drop_view, keep_view, kept_views
from lapwing.web.answers import answering, api_router
from lapwing.web.workbench import Page, Reading, Writing

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api)

PageName = Literal["events", "dyads", "network", "map"]

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Question = Annotated[str, Field(max_length=LONGEST_QUERY)]


def address_of(page: PageName, query: str) -> str:
    """Where a view leads: never elsewhere than to its page.

    >>> address_of("map", "status=denied"), address_of("events", "")
    ('/map?status=denied', '/events')
    """
    return urlsplit(f"/{page}")._replace(query=query).geturl()


@html.post("/views")
def keep(
    store: Writing,
    name: Annotated[Name, Form()],
    page: Annotated[PageName, Form()],
    query: Annotated[Question, Form()] = "",
) -> Response:
    """Keep what a page shows, and go back to it."""
    keep_view(store, name, page=page, query=query)
    return RedirectResponse(address_of(page, query), status_code=303)


@html.post("/views/drop")
def drop(
    store: Writing,
    name: Annotated[Name, Form()],
    page: Annotated[PageName, Form()],
    query: Annotated[Question, Form()] = "",
) -> Response:
    """Keep a view no longer, and go back to the page."""
    drop_view(store, name)
    return RedirectResponse(address_of(page, query), status_code=303)


class ViewsView(msgspec.Struct, frozen=True, kw_only=True):
    """The kept views, by name."""

    views: tuple[View, ...]


class NewView(BaseModel):
    """A view to be kept."""

    page: PageName
    query: Question = ""


@api.get("/views")
@answering(ViewsView)
def views(store: Reading) -> ViewsView:
    """The kept views."""
    return ViewsView(views=tuple(kept_views(store)))


@api.put("/views/{name}")
@answering(View)
def put_view(store: Writing, name: Annotated[Name, Path()], given: NewView) -> View:
    """Keep a view under a name, instead of the one that has it."""
    return keep_view(store, name, page=given.page, query=given.query)


@api.delete("/views/{name}", status_code=204)
def delete_view(store: Writing, name: Annotated[Name, Path()]) -> Response:
    """Keep a view no longer."""
    drop_view(store, name)
    return Response(status_code=204)
