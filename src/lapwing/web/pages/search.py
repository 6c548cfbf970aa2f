"""Articles by their words, with the places where they stand, and the records that are told there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from lapwing.errors import QueryError
from lapwing.store import Store
from lapwing.store.finding import Found, check_day, find_articles
from lapwing.web.answers import answering, api_router
from lapwing.web.asking import Day, Words
from lapwing.web.rates import limited
from lapwing.web.rendering import render
from lapwing.web.workbench import Page, Reading

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Search", path="/search")

SIZE = 20


class AskedWords(BaseModel):
    """What is looked for: words (all must be there; a phrase in quotation marks; not what follows a minus), and where."""

    model_config = ConfigDict(extra="ignore")

    q: Words = Field(None, description='Words of the article; "a phrase"; -without.')
    since: Day = Field(None, description="Published on or after.")
    until: Day = Field(None, description="Published on or before.")
    outlet: Words = Field(None, description="Part of the name of who published it.")
    page: int = Field(1, ge=1, le=10_000)


Wanted = Annotated[AskedWords, Query()]

OFTEN = limited("search", per_minute=120)


def read_found(store: Store, asked: AskedWords) -> Found:
    """A page of what is found. Raises `QueryError` where nothing is looked for, or a date is none."""
    if asked.q is None:
        raise QueryError("say what to look for: words of an article.")
    return find_articles(
        store,
        asked.q,
        since=check_day(asked.since),
        until=check_day(asked.until),
        outlet=asked.outlet,
        limit=SIZE,
        offset=(asked.page - 1) * SIZE,
    )


@html.get("/search", dependencies=[OFTEN])
def show(request: Request, store: Reading, asked: Wanted) -> Response:
    """The page. What is wrong with the words is told on it."""
    found, fault = None, None
    if asked.q is not None:
        try:
            found = read_found(store, asked)
        except QueryError as error:
            fault = str(error)
    page = render(request, "search.html", asked=asked, found=found, fault=fault, size=SIZE)
    page.status_code = 400 if fault else 200
    return page


@api.get("/search", tags=["articles"], dependencies=[OFTEN])
@answering(Found)
def search(store: Reading, asked: Wanted) -> Found:
    """Articles that hold words, the newest first, 20 a page, with the places where the words stand as pieces of text."""
    return read_found(store, asked)
