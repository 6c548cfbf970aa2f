"""POLECAT: the 40 tab-separated columns of ``ngecEventsDV-*.txt`` (Harvard Dataverse, doi:10.7910/DVN/AJGVIT).

One row for each actor and recipient. A date that is no day, and what Lapwing does not find (COW codes, titles, the people,
organisations and places of the story), is left empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from lapwing.crosswalks.columns import POLECAT_COLUMNS
from lapwing.exports.cells import listed, tab_line
from lapwing.exports.days import day_of
from lapwing.exports.dyads import title_of, write_pairs
from lapwing.records import Entity, Event, Place

SEPARATOR = ";"

QUADS = {1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT"}


def write_polecat(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write records as POLECAT's table, a header first; gives the number of records."""
    stream.write(tab_line(POLECAT_COLUMNS))
    return write_pairs(events, stream, polecat_row)


def polecat_row(event: Event, id: str, actor: Entity | None, recipient: Entity | None) -> list[object]:
    """One row, in the order of the columns."""
    day = day_of(event.date)
    return [
        id,
        day and day.isoformat(),
        event.event,
        event.mode,
        event.score,
        QUADS.get(event.quad),
        listed(event.contexts, separator=SEPARATOR),
        *_party(actor),
        *_party(recipient),
        *_place(event.place),
        event.doc.outlet,
        event.doc.published,
        None,
        None,
        None,
        event.doc.lang,
        f"lapwing {event.coder.lapwing}",
    ]


def _party(entity: Entity | None) -> list[object]:
    if entity is None:
        return [None] * 8
    sectors = listed(dict.fromkeys(filter(None, (entity.sector, *entity.sectors))), separator=SEPARATOR)
    return [title_of(entity), entity.country, None, entity.sector, sectors, entity.office, entity.text, entity.wikidata]


def _place(place: Place | None) -> list[object]:
    if place is None:
        return [None] * 10
    kind = place.precision
    return [
        place.name,
        place.name if kind in ("city", "sub-city") else None,
        place.name if kind == "district" else None,
        place.name if kind == "province" else place.adm1,
        place.country,
        place.lat,
        place.lon,
        place.geonameid,
        place.span.text if place.span else None,
        kind,
    ]
