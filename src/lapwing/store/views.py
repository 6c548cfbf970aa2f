"""Kept views: a page with its filters and its order, under a name that a person gave it.

What is kept is the page's query as an address has it, so that a view is nothing but a link: it shows what the store holds when it
is opened. A view kept under a name that is taken replaces the one that had it.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from lapwing.errors import QueryError
from lapwing.store.opening import Store
from lapwing.store.writing import now

LONGEST_NAME = 80
LONGEST_QUERY = 4_000


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A view: `page` is the page's name, `query` its parameters as they stand behind the question mark."""

    name: str
    page: str
    query: str
    made: datetime
    maker: str | None


def keep_view(store: Store, name: str, *, page: str, query: str, maker: str | None = None) -> View:
    """Keep a view, and give it back. Raises `QueryError` for a name that is none, or too long."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise QueryError(f"a view needs a name of one to {LONGEST_NAME} characters that can be seen.")
    if len(query) > LONGEST_QUERY:
        raise QueryError("the view has too many conditions to be kept.")
    view = View(name=name, page=page, query=query, made=now(), maker=maker)
    with store.engine.transaction():
        store.engine.execute("DELETE FROM views WHERE name = $1", [name])
        store.engine.insert("views", [msgspec.structs.asdict(view)])
    return view


def kept_views(store: Store, *, page: str | None = None) -> list[View]:
    """The views, by name; with `page` those of that page."""
    rows = store.engine.rows("SELECT name, page, query, made, maker FROM views ORDER BY lower(name), name")
    views = [View(name=name, page=of, query=query, made=made, maker=maker) for name, of, query, made, maker in rows]
    return [view for view in views if page in (None, view.page)]


def drop_view(store: Store, name: str) -> None:
    """Keep a view no longer. Raises `QueryError` where there is none of this name."""
    with store.engine.transaction():
        if not store.engine.rows("SELECT name FROM views WHERE name = $1", [name]):
            raise QueryError(f"there is no view {name!r}.")
        store.engine.execute("DELETE FROM views WHERE name = $1", [name])
