"""What a running workbench works with, and how a route gets at it.

def article(number: int, store: Reading) -> …: …       # the store as it is now
def judge(…, store: Writing) -> …: …                    # write inside `store.engine.transaction()`
def submit(…, bench: Bench) -> …: …                     # all of it
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request

from lapwing.records import Article, Document
from lapwing.settings import Settings
from lapwing.store import Store
from lapwing.store.sharing import SharedStore
from lapwing.web.jobs import Jobs
from lapwing.web.keys import Keys
from lapwing.web.rates import Buckets
from lapwing.web.settings import WebSettings


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the workbench. `html` are its routes, `api` those of its twin, below ``/api/v1``. A page with a `title` and
    a `path` stands in the navigation; its link is marked as the current one below each of `below`."""

    html: APIRouter
    api: APIRouter
    title: str | None = None
    path: str | None = None
    below: tuple[str, ...] = ()

    def is_current(self, path: str) -> bool:
        """Whether the page at `path` belongs to this one."""
        return path == self.path or path.startswith(
            tuple(f"{start}/" for start in (self.path, *self.below) if start != "/")
        )


class Workbench(msgspec.Struct, frozen=True, kw_only=True):
    """What the routes share. `reading` are the limits on what is read, `settings` those of the web. `document_of` is
    `coding.read_document`, which remembers the last ones."""

    store: SharedStore
    store_name: str
    jobs: Jobs
    keys: Keys
    buckets: Buckets
    reading: Settings
    settings: WebSettings
    pages: tuple[Page, ...]
    document_of: Callable[[Article], Document]


def _bench(request: Request) -> Workbench:
    bench: Workbench = request.app.state.workbench
    return bench


Bench = Annotated[Workbench, Depends(_bench)]


def _reading(bench: Bench) -> Iterator[Store]:
    with bench.store.reading() as store:
        yield store


def _writing(bench: Bench) -> Iterator[Store]:
    with bench.store.writing() as store:
        yield store


Reading = Annotated[Store, Depends(_reading)]
Writing = Annotated[Store, Depends(_writing)]
