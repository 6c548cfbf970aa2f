"""The web application: put together here, and nowhere else.

pages/*  →  routers, in the order of `PAGES`: HTML as it is named, JSON below /api/v1
guards   →  around all of it, from the outside in: headers, host, body, sign-in; and on each change its origin
errors   →  a problem or a page
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from lapwing import __version__
from lapwing.coding import Code, CodingProcess, coder_version, read_document
from lapwing.monitor import Feeds
from lapwing.records import Article
from lapwing.settings import Settings
from lapwing.store.sharing import SharedStore
from lapwing.web import signing
from lapwing.web.answers import PREFIX, describe
from lapwing.web.errors import add_error_handlers
from lapwing.web.guards import refuse_foreign_change, with_bounded_body, with_headers, with_known_host, with_sign_in
from lapwing.web.jobs import Jobs
from lapwing.web.keys import Keys
from lapwing.web.pages import PAGES
from lapwing.web.rates import Buckets
from lapwing.web.settings import WebSettings
from lapwing.web.watching import Watching
from lapwing.web.workbench import Page, Workbench

LOOK_WHETHER_IDLE_S = 1.0

DOCUMENTS_KEPT = 64
"""Articles whose repairs and parts are remembered."""

FIRST = Article(id="first", text="The minister met the envoy in Lima on Monday.")
"""Read once when the server starts, so that the dictionaries are there for the first page."""


def create_app(
    store: str | Path,
    *,
    code: Code,
    settings: WebSettings | None = None,
    reading: Settings | None = None,
    feeds: Feeds | None = None,
    say: Callable[[str], None] = lambda line: None,
    pages: Sequence[Page] = PAGES,
) -> FastAPI:
    """The workbench on a store (a file, or ``postgresql://…``), which is opened when it is first asked for. `code` codes
    what is submitted; a `CodingProcess` is started and ended with the application. `feeds` are watched beside it, and `say`
    hears of that."""
    settings, reading = settings or WebSettings(), reading or Settings(robots=False)
    keys, shared = Keys(settings.token), SharedStore(store)
    jobs = Jobs(
        shared,
        code=code,
        coder=coder_version(),
        max_jobs=settings.max_jobs,
        max_waiting=settings.max_waiting,
        max_articles=settings.max_articles,
    )
    watching = Watching(feeds, shared, code=code, coder=coder_version(), say=say) if feeds else None
    app = FastAPI(
        title="Lapwing",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=partial(_running, code=code, watching=watching),
        dependencies=[Depends(refuse_foreign_change)],
        middleware=[
            Middleware(with_headers),
            Middleware(with_known_host, settings=settings),
            Middleware(with_bounded_body, settings=settings),
            Middleware(with_sign_in, settings=settings, keys=keys),
        ],
    )
    app.state.workbench = Workbench(
        store=shared,
        store_name=Path(str(store)).name if "://" not in str(store) else "PostgreSQL",
        jobs=jobs,
        keys=keys,
        buckets=Buckets(),
        reading=reading,
        settings=settings,
        pages=tuple(pages),
        document_of=lru_cache(maxsize=DOCUMENTS_KEPT)(read_document),
    )
    _add_routes(app, pages)
    add_error_handlers(app)
    return app


def _add_routes(app: FastAPI, pages: Sequence[Page]) -> None:
    app.mount("/static", StaticFiles(directory=str(files("lapwing.web") / "static")), name="static")
    app.include_router(signing.html, include_in_schema=False)
    for page in pages:
        app.include_router(page.html, include_in_schema=False)
        app.include_router(page.api, prefix=PREFIX)
    app.openapi = describe(app, [page.api for page in pages])  # type: ignore[method-assign]
    app.add_api_route(f"{PREFIX}/openapi.json", partial(_openapi, app), include_in_schema=False)


def _openapi(app: FastAPI) -> JSONResponse:
    described: dict[str, Any] = app.openapi()
    return JSONResponse(described)


@asynccontextmanager
async def _running(app: FastAPI, *, code: Code, watching: Watching | None) -> AsyncIterator[None]:
    """What runs beside the pages: the jobs, the watch, the process that codes, and a look whether the store may be let
    go."""
    bench: Workbench = app.state.workbench
    if isinstance(code, CodingProcess):
        await asyncio.to_thread(code.start)
    bench.jobs.start()
    if watching:
        watching.start()
    warming = asyncio.create_task(asyncio.to_thread(bench.document_of, FIRST))
    looking = asyncio.create_task(_let_go_when_idle(bench.store))
    try:
        yield
    finally:
        for task in (looking, warming):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if watching:
            await asyncio.to_thread(watching.close)
        await asyncio.to_thread(bench.jobs.close)
        if isinstance(code, CodingProcess):
            await asyncio.to_thread(code.close)
        await asyncio.to_thread(bench.store.close)


async def _let_go_when_idle(store: SharedStore) -> None:
    while True:
        await asyncio.sleep(LOOK_WHETHER_IDLE_S)
        await asyncio.to_thread(store.let_go_if_idle)
