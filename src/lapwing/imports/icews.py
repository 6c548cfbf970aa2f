"""ICEWS: 20 columns under a header, CAMEO codes, names of countries and sectors in words.

``Source`` is the actor and ``Target`` the recipient. An event id is used again on other days, so that the id here is id and
day together. The file of 2017 writes the month first (``12/1/2017``). Codes are text: some programs have cut the nought of
``042``, and a code of two figures that cannot be a root is given it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lapwing.crosswalks import act_of_cameo, country_named, quad_of_cameo, sector_of_icews
from lapwing.crosswalks.columns import ICEWS_COLUMNS
from lapwing.imports.cells import BadCell, dated, day, finest, number, party, place
from lapwing.imports.tables import events_of, headed_rows
from lapwing.records import Entity, Failure, ForeignEvent, Place

NEEDED = ("Event ID", "Event Date", "Source Name", "CAMEO Code", "Target Name")

SYNONYMS = {"event_id": "Event ID", "event_date": "Event Date", "cameo_code": "CAMEO Code"}

SUPRANATIONAL = {
    "international government organization": "IGO",
    "regional diplomatic igos": "IGO",
    "global diplomatic igos": "IGO",
    "nongovernmental organization (international)": "NGO",
    "international ngo": "NGO",
    "multinational corporation": "MNC",
}
"""What ICEWS has as a sector and PLOVER as a country's code (ICEWS dictionaries, names of sectors)."""

BETWEEN = re.compile(r"\s*,\s*(?![^()]*\))")


def read_icews(lines: Iterable[str], *, where: str = "ICEWS") -> Iterator[ForeignEvent | Failure]:
    """The events of an ICEWS file."""
    return events_of(
        headed_rows(lines, ICEWS_COLUMNS, where=where, needed=NEEDED, synonyms=SYNONYMS), icews_event, where=where
    )


def icews_event(row: dict[str, str]) -> ForeignEvent:
    """A row of ICEWS. Raises `BadCell`."""
    id, when = row.get("Event ID"), day(row, "Event Date")
    if id is None:
        raise BadCell("Event ID is empty")
    code = whole_code(row.get("CAMEO Code", ""))
    act = act_of_cameo(code)
    if act is None:
        raise BadCell(f"CAMEO Code is {row.get('CAMEO Code')!r}, which CAMEO does not have")
    return ForeignEvent(
        origin="icews",
        id=f"{id}:{when}",
        event=act.event,
        mode=act.mode,
        contexts=act.contexts,
        quad=quad_of_cameo(code),
        score=number(row, "Intensity"),
        scale="goldstein",
        code=code,
        actors=_party(row, "Source"),
        recipients=_party(row, "Target"),
        date=dated(when),
        place=_place(row),
        outlet=row.get("Publisher"),
        url=None,
        published=None,
        lang=None,
        row=row,
    )


def whole_code(code: str) -> str:
    """A CAMEO code with the nought that was cut from it. Codes have three or four figures, roots two; roots go to 20.

    >>> [whole_code(code) for code in ("042", "42", "190", "19", "311", "1831", "1011")]
    ['042', '042', '190', '19', '0311', '1831', '1011']
    """
    if not code.isdigit():
        return code
    if len(code) == 1:
        return f"0{code}"
    if len(code) == 2 and int(code) > 20:
        return f"0{code}"
    if len(code) == 3 and int(code[:2]) > 20:
        return f"0{code}"
    return code


def _party(row: dict[str, str], side: str) -> tuple[Entity, ...]:
    name = row.get(f"{side} Name")
    if name is None:
        return ()
    told = [item for item in BETWEEN.split(row.get(f"{side} Sectors", "")) if item]
    sectors = list(dict.fromkeys(sector for item in told if (sector := sector_of_icews(item))))
    beyond = next((code for item in told if (code := SUPRANATIONAL.get(item.lower()))), None)
    country = country_named(row.get(f"{side} Country", "")) or beyond
    if country is None and country_named(name):
        country = country_named(name)
    return (party(name, country, sectors),)


def _place(row: dict[str, str]) -> Place | None:
    told = finest(row)
    if told is None:
        return None
    return place(
        *told,
        (number(row, "Latitude"), number(row, "Longitude")),
        country=country_named(row.get("Country", "")),
        adm1=row.get("Province") if told[1] not in ("province", "country") else None,
    )
