"""ICEWS: 20 tab-separated columns, as the weekly and yearly files had them until April 2023.

``Event Text`` is the label of the CAMEO code there, never words of an article. Ids are numbers, made from the record's id.
``Intensity`` holds PLOVER's score, the successor of the scale that ICEWS used. What is not known is empty, not ``NA``: a
spreadsheet, and pandas, take both for missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

from lapwing.crosswalks import cameo_acts, cameo_of, codes_of, sectors
from lapwing.crosswalks.columns import ICEWS_COLUMNS
from lapwing.exports.cells import listed, tab_line
from lapwing.exports.days import day_of
from lapwing.exports.dyads import number_of, title_of, write_pairs
from lapwing.records import Entity, Event, Place

SUPRANATIONAL = {
    "UNO": "International Government Organization",
    "EUR": "International Government Organization",
    "IGO": "International Government Organization",
    "NGO": "Nongovernmental Organization (International)",
    "MNC": "Multinational Corporation",
}
"""What has no country is a sector in ICEWS."""


def write_icews(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write records as ICEWS's table, a header first; gives the number of records."""
    stream.write(tab_line(ICEWS_COLUMNS))
    return write_pairs(events, stream, icews_row)


def icews_row(event: Event, id: str, source: Entity | None, target: Entity | None) -> list[object]:
    """One row, in the order of the columns. ICEWS calls the actor "source"; it is not who says so."""
    code = cameo_of(event.event, event.mode, event.contexts)
    day = day_of(event.date)
    return [
        number_of(id),
        day and day.isoformat(),
        *_party(source),
        cameo_acts()[code].label,
        code,
        event.score,
        *_party(target),
        number_of(event.doc.sha256),
        None,
        event.doc.outlet,
        *_place(event.place),
    ]


def _party(entity: Entity | None) -> list[object]:
    if entity is None:
        return [None] * 3
    known = sectors()
    words = [known[name].word for name in (entity.sector, *entity.sectors) if name in known]
    told = dict.fromkeys(filter(None, (SUPRANATIONAL.get(entity.country or ""), *words)))
    codes = codes_of(entity.country)
    return [title_of(entity), listed(told, separator=",") or None, codes.name if codes else None]


def _place(place: Place | None) -> list[object]:
    if place is None:
        return [None] * 6
    kind = place.precision
    codes = codes_of(place.country)
    return [
        place.name if kind in ("city", "sub-city") else None,
        place.name if kind == "district" else None,
        place.name if kind == "province" else place.adm1,
        codes.name if codes else None,
        place.lat,
        place.lon,
    ]
