"""ICEWS: 20 columns under a header, CAMEO codes, names of countries and sectors in words.

``Source`` is the actor and ``Target`` the recipient. An event id is used again on other days, so that the id here is id and
day together. Excerpts that papers used hold four columns only, ``source``, ``event`` (a label), ``target`` and ``date``: there
an id is made of the row, and of how often the same row stood before it. The file of 2017 writes the month first
(``12/1/2017``). Codes are text: some programs have cut the nought of ``042``, and a code of two figures that cannot be a root is
given it back. A name without a country column has its country in brackets at its end: ``Police (Nigeria)``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import msgspec

from lapwing.crosswalks import act_of_cameo, cameo_code_of, country_named, quad_of_cameo, sector_of_icews
from lapwing.crosswalks.columns import ICEWS_COLUMNS
from lapwing.imports.cells import BadCell, dated, day, finest, number, party, place
from lapwing.imports.tables import events_of, headed_rows
from lapwing.records import Entity, Failure, ForeignEvent, Place

NEEDED = ("Event Date", "Source Name", "Target Name")

SYNONYMS = {
    "event_id": "Event ID",
    "event_date": "Event Date",
    "cameo_code": "CAMEO Code",
    "source": "Source Name",
    "event": "Event Text",
    "target": "Target Name",
    "date": "Event Date",
}

MADE = "row-"
"""How an id begins that was made of a row."""

SUPRANATIONAL = {
    "international government organization": "IGO",
    "regional diplomatic igos": "IGO",
    "global diplomatic igos": "IGO",
    "nongovernmental organization (international)": "NGO",
    "international ngo": "NGO",
    "multinational corporation": "MNC",
}
"""What ICEWS has as a sector and PLOVER as a country's code (ICEWS dictionaries, names of sectors)."""

BRACKETED = re.compile(r"\(([^()]+)\)\s*$")

BETWEEN = re.compile(r"\s*,\s*(?![^()]*\))")


def read_icews(lines: Iterable[str], *, where: str = "ICEWS") -> Iterator[ForeignEvent | Failure]:
    """The events of an ICEWS file."""
    rows = headed_rows(lines, ICEWS_COLUMNS, where=where, needed=NEEDED, synonyms=SYNONYMS)
    seen: Counter[str] = Counter()
    for read in events_of(rows, icews_event, where=where):
        if isinstance(read, ForeignEvent) and read.id.startswith(MADE):
            seen[read.id] += 1
            yield msgspec.structs.replace(read, id=f"{read.id}:{seen[read.id]}")
        else:
            yield read


def icews_event(row: dict[str, str]) -> ForeignEvent:
    """A row of ICEWS. Raises `BadCell`."""
    when = day(row, "Event Date")
    code, id = _code(row), _id(row, when)
    act = act_of_cameo(code)
    if act is None:
        raise BadCell(f"CAMEO Code is {row.get('CAMEO Code')!r}, which CAMEO does not have")
    return ForeignEvent(
        origin="icews",
        id=id,
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


def _code(row: dict[str, str]) -> str:
    """The code, or that of the label where a row has no code."""
    label = row.get("Event Text", "")
    if "CAMEO Code" not in row and "Event ID" not in row:
        code = cameo_code_of(label)
        if code is None:
            raise BadCell(f"Event Text is {label!r}, which is no label of CAMEO's, and there is no code")
        return code
    return whole_code(row.get("CAMEO Code", ""))


def _id(row: dict[str, str], when: str | None) -> str:
    if "Event ID" in row:
        return f"{row['Event ID']}:{when}"
    if "CAMEO Code" in row:
        raise BadCell("Event ID is empty")
    told = "\t".join(f"{name}={cell}" for name, cell in sorted(row.items()))
    return MADE + blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


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
    if country is None:
        country = country_named(name) or _bracketed(name)
    return (party(name, country, sectors),)


def _bracketed(name: str) -> str | None:
    """
    >>> _bracketed("Member of Legislative (Govt) (Nigeria)"), _bracketed("Hezbollah (Govt)")
    ('NGA', None)
    """
    found = BRACKETED.search(name)
    return country_named(found[1]) if found else None


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
