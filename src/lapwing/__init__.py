"""Lapwing reads news and writes sourced event data: who did what to whom, when and where, and who says so.

    >>> import lapwing
    >>> coder = lapwing.load()  # doctest: +SKIP
    >>> coded = coder("The president visited Lima on Monday.", published="2023-05-03")  # doctest: +SKIP
    >>> coded.events[0].event, coded.events[0].mode  # doctest: +SKIP
    ('CONSULT', 'visit')

`load` gives a coder for texts, `code` codes files, folders and web addresses, `open_store` opens a store of documents and
records (`lapwing.store` writes and asks it). The types that they give are here too,
each imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lapwing.coding import Coder, code, load
    from lapwing.errors import LapwingError
    from lapwing.records import (
        CodedDocument,
        Document,
        Entity,
        Event,
        EventDate,
        Failure,
        Magnitude,
        Place,
        Published,
        Reason,
        Relay,
        Source,
        Span,
    )
    from lapwing.settings import Settings
    from lapwing.store import Store, open_store

__version__ = "0.1.0"

__all__ = [
    "CodedDocument",
    "Coder",
    "Document",
    "Entity",
    "Event",
    "EventDate",
    "Failure",
    "LapwingError",
    "Magnitude",
    "Place",
    "Published",
    "Reason",
    "Relay",
    "Settings",
    "Source",
    "Span",
    "Store",
    "__version__",
    "code",
    "load",
    "open_store",
]

_HOMES = {
    "Coder": "coding",
    "code": "coding",
    "load": "coding",
    "LapwingError": "errors",
    "Settings": "settings",
    "Store": "store",
    "open_store": "store",
}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'lapwing' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"lapwing.{_HOMES.get(name, 'records')}"), name)


def __dir__() -> list[str]:
    return __all__
