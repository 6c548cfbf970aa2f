"""Where an outlet is at home: by its name in the dictionary of outlets, by its address, by its address's last part."""

from __future__ import annotations

import re
from functools import cache

from lapwing.dictionaries import load
from lapwing.dictionaries.gazetteer import country_of_ending, folded, words

HOST = re.compile(r"^(?:[a-z]+://)?(?:www\.)?([^/:?#]+)", re.I)
GENERIC = words("com org net info int tv co news eu me io fm am ai")
"""Endings that are sold to anyone."""
ENDINGS = {"gov": "USA", "mil": "USA", "edu": "USA"}


@cache
def outlet_names() -> dict[str, str]:
    """Outlets' names without spaces, with their countries."""
    return {
        folded(name).replace(" ", "").removeprefix("the"): row.country
        for row in load().outlets
        for name in (row.name, *row.aliases)
        if row.country
    }


def country_of_outlet(*, name: str | None = None, url: str | None = None) -> str | None:
    """The country of an outlet, by its name or address; None where neither tells.

    >>> country_of_outlet(url="http://www.examplegazette.ie/story/1"), country_of_outlet(url="example.com")
    ('IRL', None)
    """
    found = outlet_names().get(folded(name).replace(" ", "").removeprefix("the")) if name else None
    host = HOST.match(url.strip().lower()) if url else None
    if found or not host:
        return found
    labels = host.group(1).split(".")
    for label in labels[:-1]:
        if held := outlet_names().get(label.replace("-", "").removeprefix("the")):
            return held
    return None if labels[-1] in GENERIC else ENDINGS.get(labels[-1]) or country_of_ending(labels[-1])
