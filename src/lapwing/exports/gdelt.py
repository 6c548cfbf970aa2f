"""GDELT 2.0 events: 61 tab-separated columns without a header.

Acts become CAMEO codes and places FIPS 10-4 countries by ``lapwing.crosswalks``. GDELT's ids are numbers; they are made
from the record's id and stay the same. ``GoldsteinScale`` holds PLOVER's score, its successor, which was made on the same
scale from −10 to 10. A month or a year fills ``MonthYear`` or ``Year`` and leaves the day empty; a place never gets the point
of its country. ``DATEADDED`` is the day of publication: when the world could know of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import IO

from lapwing.crosswalks import cameo_of, codes_of, quad_of_cameo, sectors
from lapwing.exports.days import days_of
from lapwing.exports.dyads import number_of, title_of, write_pairs
from lapwing.records import Entity, Event, EventDate, Place

GROUPS = {"UNO": ("IGO", "UNO"), "EUR": ("IGO", "EEC"), "IGO": ("IGO", None)}
"""PLOVER's supranational codes → CAMEO's type and known group."""

TYPES = {"NGO": "NGO", "MNC": "MNC", "IMG": "IMG"}
"""… and those that are a type only. CAMEO has none for transnational movements (ISM)."""

GEO_TYPES = {"country": 1, "province": 5, "district": 5, "city": 4, "sub-city": 4}
AMERICAN = {"country": 1, "province": 2, "district": 2, "city": 3, "sub-city": 3}


def write_gdelt(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write records as GDELT's table of events; gives the number of records."""
    return write_pairs(events, stream, gdelt_row)


def gdelt_row(event: Event, id: str, actor: Entity | None, recipient: Entity | None) -> list[object]:
    """One row, in the order of the columns."""
    code = cameo_of(event.event, event.mode, event.contexts)
    nowhere: list[object] = [0, *[None] * 7]
    return [
        number_of(id),
        *_day(event.date),
        *_actor(actor),
        *_actor(recipient),
        None,
        code,
        code[:3],
        code[:2],
        quad_of_cameo(code),
        event.score,
        1,
        1,
        1,
        None,
        *nowhere,
        *nowhere,
        *(_geo(event.place) if event.place else nowhere),
        _added(event.doc.published),
        event.doc.url,
    ]


def _day(when: EventDate | None) -> list[object]:
    """Day, month, year and the part of the year gone by, each only where it is known."""
    days = days_of(when)
    if days is None:
        return [None] * 4
    first, last = days
    year = f"{first:%Y}" if first.year == last.year else None
    month = f"{first:%Y%m}" if year and first.month == last.month else None
    if first != last:
        return [None, month, year, None]
    return [f"{first:%Y%m%d}", month, year, f"{first.year + _fraction(first):.4f}"]


def _fraction(day: date) -> float:
    """GDELT's own reckoning: months of 30 days (GDELT 2.0 codebook, FractionDate).

    >>> round(_fraction(date(2022, 7, 1)), 4)
    0.4959
    """
    return (day.month * 30 + day.day - 30) / 365


def _actor(entity: Entity | None) -> list[object]:
    if entity is None:
        return [None] * 10
    codes = codes_of(entity.country)
    country = codes.cameo if codes else None
    kind, group = GROUPS.get(entity.country or "", (TYPES.get(entity.country or ""), None))
    known = sectors()
    told = [known[name].cameo for name in (entity.sector, *entity.sectors) if name in known]
    types = list(dict.fromkeys(code for code in (kind, *told) if code))[:3]
    code = "".join(filter(None, (country, kind, group, *(t for t in types if t != kind))))
    name = title_of(entity)
    return [
        code or None,
        name.upper() if name else None,
        country,
        group,
        *[None] * 3,
        *types,
        *[None] * (3 - len(types)),
    ]


def _geo(place: Place) -> list[object]:
    codes = codes_of(place.country)
    fips = codes.fips if codes else None
    kinds = AMERICAN if place.country == "USA" else GEO_TYPES
    parts = [place.name, place.adm1, codes.name if codes else None]
    fullname = ", ".join(dict.fromkeys(part for part in parts if part))
    return [kinds[place.precision], fullname, fips, fips, None, place.lat, place.lon, None]


def _added(published: str | None) -> str | None:
    """
    >>> _added("2022-12-19"), _added("2022-12")
    ('20221219000000', None)
    """
    return published.replace("-", "") + "000000" if published and len(published) == 10 else None
