"""POLECAT: 40 columns under a header, already in PLOVER's codes.

``Event Intensity`` is another name for ``Intensity``; coordinates are ``Latitude`` or ``Lat``, and may be missing. Several
contexts or sectors stand in one cell, parted by ``;`` or ``,``. A type or mode that PLOVER does not have is a failure, not a
guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lapwing.codebook import TYPES
from lapwing.crosswalks.columns import POLECAT_COLUMNS
from lapwing.dictionaries import SECTORS
from lapwing.imports.cells import BadCell, country, dated, day, finest, number, place
from lapwing.imports.tables import events_of, headed_rows
from lapwing.records import Entity, Failure, ForeignEvent, Place

SYNONYMS = {
    "event intensity": "Intensity",
    "lat": "Latitude",
    "long": "Longitude",
    "lon": "Longitude",
    "geonames id": "GeoNames ID",
}

QUADS = {"VERBAL COOPERATION": 1, "MATERIAL COOPERATION": 2, "VERBAL CONFLICT": 3, "MATERIAL CONFLICT": 4}

NEEDED = ("Event ID", "Event Date", "Event Type", "Actor Name", "Recipient Name")

BETWEEN = re.compile(r"\s*[;,|]\s*")


def read_polecat(lines: Iterable[str], *, where: str = "POLECAT") -> Iterator[ForeignEvent | Failure]:
    """The events of a POLECAT file."""
    rows = headed_rows(lines, POLECAT_COLUMNS, where=where, needed=NEEDED, synonyms=SYNONYMS)
    return events_of(rows, polecat_event, where=where)


def polecat_event(row: dict[str, str]) -> ForeignEvent:
    """A row of POLECAT. Raises `BadCell`."""
    id, event = row.get("Event ID"), row.get("Event Type", "").upper()
    if id is None:
        raise BadCell("Event ID is empty")
    if event not in TYPES:
        raise BadCell(f"Event Type is {event!r}, which is none of PLOVER's")
    mode = row.get("Event Mode")
    return ForeignEvent(
        origin="polecat",
        id=id,
        event=event,
        mode=mode.lower() if mode else None,
        contexts=_listed(row.get("Contexts"), lower=True),
        quad=_quad(row.get("Quad Code")),
        score=number(row, "Intensity"),
        scale="plover",
        code=None,
        actors=_party(row, "Actor"),
        recipients=_party(row, "Recipient"),
        date=dated(day(row, "Event Date")),
        place=_place(row),
        outlet=row.get("Source"),
        url=None,
        published=day(row, "Publication Date"),
        lang=row.get("Language"),
        row=row,
    )


def _listed(cell: str | None, *, lower: bool = False) -> tuple[str, ...]:
    """
    >>> _listed("military; diplomatic"), _listed(None)
    (('military', 'diplomatic'), ())
    """
    items = BETWEEN.split(cell.lower() if lower else cell) if cell else ()
    return tuple(item for item in items if item)


def _quad(cell: str | None) -> int | None:
    """A quad class, written as a number or in words.

    >>> _quad("MATERIAL CONFLICT"), _quad("2"), _quad("2.0"), _quad(None)
    (4, 2, 2, None)
    """
    if cell is None:
        return None
    told = QUADS.get(cell.upper().replace("-", " ")) or {"1": 1, "2": 2, "3": 3, "4": 4}.get(cell.removesuffix(".0"))
    if told is None:
        raise BadCell(f"Quad Code is {cell!r}, which is none of the four")
    return told


def _party(row: dict[str, str], side: str) -> tuple[Entity, ...]:
    name, raw = row.get(f"{side} Name"), row.get(f"{side} Name Raw")
    code = country(row.get(f"{side} Country"))
    sectors = [sector for sector in _listed(row.get(f"{side} Sectors")) if sector in SECTORS]
    first = row.get(f"Primary {side} Sector")
    sector = first if first in SECTORS else None
    if not (name or raw or code or sector):
        return ()
    others = tuple(other for other in sectors if other != sector)
    office = row.get(f"{side} Title")
    return (Entity(span=None, text=raw, name=name, country=code, sector=sector, sectors=others, office=office),)


def _place(row: dict[str, str]) -> Place | None:
    told = finest(row)
    if told is None:
        return None
    id = number(row, "GeoNames ID")
    return place(
        *told,
        (number(row, "Latitude"), number(row, "Longitude")),
        country=country(row.get("Country")),
        adm1=row.get("Province") if told[1] not in ("province", "country") else None,
        geonameid=int(id) if id is not None else None,
    )
