"""The workbench: read, check and correct in a browser. `lapwing serve` starts it; needs the extra ``[web]``.

    app        puts it together            rendering   data → HTML (templates/)
    guards     what may come in            answers     data → JSON, and its OpenAPI description
    keys       sessions, tokens of forms   errors      errors → statuses, problems, pages
    rates      how often                   jobs        what was submitted, coded beside the pages
    workbench  what routes share           pages/      one module a page

A page, in six steps:

1.  Below the web (`store`, `clusters`, …) or, where it is only the page's, in the page's module: a function that takes an
    open `Store` and plain values and returns a msgspec struct (or a list of them). Page and JSON are made from it alone.
2.  ``pages/NAME.py`` with two routers and the page::

        html, api = APIRouter(), api_router()
        PAGE = Page(html=html, api=api, title="Events", path="/events")     # without a title: not in the navigation

        @html.get("/events")
        def show(request: Request, store: Reading, wanted: Annotated[EventQuery, Query()]) -> Response:
            return render(request, "events.html", view=read_events(store, wanted))

        @api.get("/events")                                                 # answers at /api/v1/events
        @answering(EventsView)
        def events(store: Reading, wanted: Annotated[EventQuery, Query()]) -> EventsView:
            return read_events(store, wanted)

    Functions, not coroutines: they run in threads, and the store waits. `Reading` is the store as it is now and refuses to
    be written to; `Writing` is for changes, inside ``store.engine.transaction()``. ``raise missing("article 7")`` is a 404;
    errors of the core become what `errors.STATUSES` has. ``answering(View, status=201)`` for another status than 200.
    Parameters are pydantic's, with bounds (``Query(le=200)``).
3.  ``PAGE`` into the list in ``pages/__init__.py``: that is its place in the navigation.
4.  ``templates/NAME.html`` extends ``base.html`` (blocks `title`, `main`, `scripts`). Text is escaped; never use ``|safe``. No
    ``style=`` and no ``on…=``: the Content-Security-Policy refuses them (SVG attributes, ``<meter>``, classes instead). A
    change is ``<form method="post">`` with ``{{ csrf_field() }}`` from ``macros.html``; requests of htmx carry the token by
    themselves (attributes are ``hx-…``; they are inherited only when written ``hx-target:inherited``). A part for htmx is a
    template of its own, included by the page.
5.  Scripts are files in ``static/`` (``<script src="{{ static('events.js') }}" defer>``), data for them in a
    ``<script type="application/json">`` or from ``/api/v1``. ``static('name')`` changes with the content, so files may be kept for
    ever. A page works without its scripts as far as it can: they make it quicker to use. Single letters may be shortcuts:
    who turned them off is not heard (`lapwing.js`).
    Colours, spaces and roles are custom properties of ``lapwing.css``; statuses, roles and figures have macros.
6.  Tests: ``tests/test_web_NAME.py`` with the fixtures `client` (requests without a browser), `workbench` (a real
    server on a store made of the examples, a real browser) and `own_workbench` (the same, for changes); `look` takes pictures
    in light, dark and narrow, and lets axe-core judge each.

What costs much says ``dependencies=[limited("export", per_minute=6)]``.
"""

from __future__ import annotations
