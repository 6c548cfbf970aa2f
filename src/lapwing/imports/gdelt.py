"""GDELT events: 61 columns (2.0) or 58 (1.0, which has no ADM2) without a header; BigQuery's exports have one.

Codes are text: ``010`` is not ``10``. Countries of actors are CAMEO's, of places FIPS 10-4. CAMEO's ``EUR`` is the continent
and not the European Union, and so is no country here. GDELT writes the middle of a country or of a state as its point; only
a city's point is kept. ``NumMentions`` and the like stay in `row`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lapwing.crosswalks import (
    act_of_cameo,
    country_of_alpha3,
    country_of_fips,
    quad_of_cameo,
    sector_of_cameo,
)
from lapwing.crosswalks.columns import GDELT_COLUMNS
from lapwing.imports.cells import BadCell, dated, day, number, party, place
from lapwing.imports.tables import events_of
from lapwing.records import Entity, Failure, ForeignEvent, Place, PlacePrecision

OLD_COLUMNS = tuple(name for name in GDELT_COLUMNS if not name.endswith("ADM2Code"))

DAILY_COLUMNS = OLD_COLUMNS[:-1]
"""GDELT 1.0's files before April 2013 have no address."""

BY_NUMBER = {len(columns): columns for columns in (GDELT_COLUMNS, OLD_COLUMNS, DAILY_COLUMNS)}

PRECISION: dict[str, PlacePrecision] = {"1": "country", "2": "province", "3": "city", "4": "city", "5": "province"}
"""GDELT's types of place: country, US state, US city, world city, world state."""

GROUPS = {"UNO": "UNO", "EEC": "EUR"}

KINDS = {"IGO": "IGO", "NGO": "NGO", "NGM": "NGO", "MNC": "MNC", "IMG": "IMG"}


def read_gdelt(lines: Iterable[str], *, where: str = "GDELT") -> Iterator[ForeignEvent | Failure]:
    """The events of a GDELT file."""
    return events_of(_rows(lines, where=where), gdelt_event, where=where)


def _rows(lines: Iterable[str], *, where: str) -> Iterator[tuple[int, dict[str, str] | Failure]]:
    for line, text in enumerate(lines, start=1):
        cells = text.split("\t")
        columns = BY_NUMBER.get(len(cells))
        if (line == 1 and cells[0].lower() == "globaleventid") or not text.strip():
            continue
        if columns is None:
            yield (
                line,
                Failure(where=f"{where}, line {line}", reason=f"{len(cells)} cells; GDELT has 61, 58 or 57."),
            )
        else:
            yield line, dict(zip(columns, cells, strict=True))


def gdelt_event(row: dict[str, str]) -> ForeignEvent:
    """A row of GDELT. Raises `BadCell`."""
    id, code = row.get("GlobalEventID"), row.get("EventCode", "")
    if id is None:
        raise BadCell("GlobalEventID is empty")
    act = act_of_cameo(code)
    if act is None:
        raise BadCell(f"EventCode is {code!r}, which CAMEO does not have")
    added = row.get("DATEADDED", "")[:8]
    return ForeignEvent(
        origin="gdelt",
        id=id,
        event=act.event,
        mode=act.mode,
        contexts=act.contexts,
        quad=quad_of_cameo(code),
        score=number(row, "GoldsteinScale"),
        scale="goldstein",
        code=code,
        actors=_actor(row, "Actor1"),
        recipients=_actor(row, "Actor2"),
        date=dated(day(row, "Day")),
        place=_place(row),
        outlet=None,
        url=row.get("SOURCEURL"),
        published=day({"DATEADDED": added}, "DATEADDED") if added else None,
        lang=None,
        row=row,
    )


def _actor(row: dict[str, str], side: str) -> tuple[Entity, ...]:
    if f"{side}Code" not in row and f"{side}Name" not in row:
        return ()
    types = [row[f"{side}Type{n}Code"] for n in (1, 2, 3) if f"{side}Type{n}Code" in row]
    sectors = list(dict.fromkeys(sector for kind in types if (sector := sector_of_cameo(kind))))
    country = country_of_alpha3(row.get(f"{side}CountryCode", "")) or GROUPS.get(row.get(f"{side}KnownGroupCode", ""))
    country = country or next((KINDS[kind] for kind in types if kind in KINDS), None)
    return (party(row.get(f"{side}Name"), country, sectors),)


def _place(row: dict[str, str]) -> Place | None:
    precision = PRECISION.get(row.get("ActionGeo_Type", ""))
    name = row.get("ActionGeo_Fullname")
    if precision is None or name is None:
        return None
    parts = [part.strip() for part in name.split(",")]
    return place(
        parts[0],
        precision,
        (number(row, "ActionGeo_Lat"), number(row, "ActionGeo_Long")),
        country=country_of_fips(row.get("ActionGeo_CountryCode", "")),
        adm1=parts[1] if precision == "city" and len(parts) == 3 else None,
    )
