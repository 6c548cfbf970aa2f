"""What the cells of these sets mean."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from lapwing.crosswalks import country_named, country_of_alpha3
from lapwing.dictionaries import SUPRANATIONAL
from lapwing.records import Entity, EventDate, Place, PlacePrecision

MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "None", "NULL", "null", "\\N"})

AMERICAN_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")

LEVELS: tuple[tuple[str, PlacePrecision], ...] = (
    ("City", "city"),
    ("District", "district"),
    ("Province", "province"),
    ("Country", "country"),
)
"""The columns of a place in ICEWS and POLECAT, finest first."""


class BadCell(ValueError):
    """A cell is not what its column holds; the row is not read."""


def present(row: Mapping[str, str]) -> dict[str, str]:
    """The cells that hold something.

    >>> present({"a": " x ", "b": "NA", "c": '"y"'})
    {'a': 'x', 'c': 'y'}
    """
    cells = ((name, unquoted(cell.strip())) for name, cell in row.items())
    return {name: cell for name, cell in cells if cell not in MISSING}


def unquoted(cell: str) -> str:
    """A cell without the quotes that some programs put around it."""
    if len(cell) >= 2 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"').strip()
    return cell


def number(row: Mapping[str, str], column: str) -> float | None:
    """The number in a column, if there is one. Raises `BadCell`.

    >>> number({"x": "-9.5"}, "x"), number({}, "x")
    (-9.5, None)
    """
    cell = row.get(column)
    if cell is None:
        return None
    if not NUMBER.fullmatch(cell):
        raise BadCell(f"{column} is {cell!r}, which is no number")
    return float(cell)


def day(row: Mapping[str, str], column: str) -> str | None:
    """The day in a column as ISO 8601: ``2017-12-01``, ``20171201``, or ``12/1/2017`` with the month first, as the ICEWS
    file of 2017 has it. A time of day after it is left out. Raises `BadCell`.

    >>> [day({"x": cell}, "x") for cell in ("2017-12-01", "20171201", "12/1/2017", "2017-12-01 00:00:00")]
    ['2017-12-01', '2017-12-01', '2017-12-01', '2017-12-01']
    """
    cell = row.get(column)
    if cell is None:
        return None
    stem = cell.split("T")[0].split()[0]
    american = AMERICAN_DATE.fullmatch(stem)
    try:
        if american:
            month, of_month, year = map(int, american.groups())
            return date(year, month, of_month).isoformat()
        return date.fromisoformat(stem).isoformat()
    except ValueError:
        raise BadCell(f"{column} is {cell!r}, which is no day such as 2017-12-01 or 12/1/2017") from None


def dated(value: str | None) -> EventDate | None:
    """A day as the date of an event; these sets know nothing but days."""
    return EventDate(value=value, precision="day") if value else None


def country(cell: str | None) -> str | None:
    """PLOVER's country for a code of three letters or a name; None where neither is known.

    >>> country("PRI"), country("Russian Federation"), country("IGO"), country("Atlantis")
    ('USA', 'RUS', 'IGO', None)
    """
    if cell is None:
        return None
    if cell in SUPRANATIONAL:
        return cell
    return country_of_alpha3(cell) or country_named(cell)


def point(lat: float | None, lon: float | None) -> tuple[float | None, float | None]:
    """Both coordinates, or none. Raises `BadCell` for what is not on Earth."""
    if lat is None or lon is None:
        return None, None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise BadCell(f"latitude {lat:g} and longitude {lon:g} are nowhere on Earth")
    return lat, lon


def party(name: str | None, country: str | None, sectors: Sequence[str]) -> Entity:
    """An actor or a recipient without words of a text; the first of its sectors is the one that counts."""
    sector = sectors[0] if sectors else None
    return Entity(span=None, text=None, name=name, country=country, sector=sector, sectors=tuple(sectors[1:]))


def finest(row: Mapping[str, str]) -> tuple[str, PlacePrecision] | None:
    """The name of a place at the finest level that is told, and that level.

    >>> finest({"Province": "Kivu", "Country": "Congo"}), finest({})
    (('Kivu', 'province'), None)
    """
    return next(((row[column], level) for column, level in LEVELS if column in row), None)


def place(
    name: str,
    precision: PlacePrecision,
    at: tuple[float | None, float | None],
    *,
    country: str | None,
    adm1: str | None,
    geonameid: int | None = None,
) -> Place:
    """A place. A point is kept for a city only: others have the middle of their area. Raises `BadCell`."""
    lat, lon = point(*at)
    return Place(
        name=name,
        country=country,
        adm1=adm1,
        lat=lat if precision == "city" else None,
        lon=lon if precision == "city" else None,
        geonameid=geonameid,
        precision=precision,
    )
