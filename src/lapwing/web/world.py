"""The world as a drawing: shapes of countries, a window on them, and degrees as places in the drawing.

The shapes ship with the package (``atlas/``, baked by ``training/atlas.py``), so that no map comes from anywhere else and none
needs a script: a map is plain SVG. Which borders are drawn is a choice: ``un`` follows the United Nations' views, ``de-facto``
draws who is in control. Neither is a statement of this program, and records are not touched by it.

The projection is the plainest there is, degrees of longitude shrunk by the cosine of the window's middle latitude: near the
middle shapes are right, and a place in the drawing goes back to degrees by one division.
"""

from __future__ import annotations

import gzip
import math
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

from lapwing.errors import QueryError
from lapwing.web.settings import Borders

Level = Literal["far", "near"]

WIDTH, HEIGHT = 1200, 600

NEAR_DEGREES = 100.0
"""A window that is narrower shows the finer shapes."""

NARROWEST = 0.5
"""Degrees of longitude that a window shows at least: towns are known by one point each."""

MERCATORS_END = 84.0


class Box(msgspec.Struct, frozen=True):
    """A part of the world in degrees."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> tuple[float, float]:
        """Latitude and longitude of the middle."""
        return (self.south + self.north) / 2, (self.west + self.east) / 2


WORLD = Box(-172.0, -56.0, 188.0, 76.0)


class Window(msgspec.Struct, frozen=True):
    """A box made as wide or high as the drawing is; `scale` are its units to a degree of latitude."""

    box: Box
    scale: float
    shrink: float

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """A point's place in the drawing."""
        return (lon - self.box.west) * self.shrink * self.scale, (self.box.north - lat) * self.scale

    def shows(self, lat: float, lon: float) -> bool:
        """Whether a point lies in the window."""
        x, y = self.at(lat, lon)
        return 0 <= x <= WIDTH and 0 <= y <= HEIGHT

    def moved(self, east: float, north: float, *, zoom: float = 1.0) -> Box:
        """The box that many widths and heights further; with `zoom` so many times nearer."""
        (lat, lon), box = self.box.middle, self.box
        wide, high = (box.east - box.west) / zoom, (box.north - box.south) / zoom
        lat, lon = lat + north * high, lon + east * wide
        return Box(lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2)


def window_on(box: Box) -> Window:
    """The window that shows all of `box`.

    >>> window = window_on(Box(20, 40, 40, 60))
    >>> [round(value) for value in window.at(50, 30)], window.box.south <= 40 and window.box.west <= 20
    ([600, 300], True)
    """
    lat, lon = box.middle
    lat = max(-80.0, min(80.0, lat))
    shrink = math.cos(math.radians(min(abs(lat), 75.0)))
    wide, high = max(box.east - box.west, NARROWEST), max(box.north - box.south, NARROWEST / 4)
    scale = min(WIDTH / (wide * shrink), HEIGHT / high)
    wide, high = WIDTH / (scale * shrink), HEIGHT / scale
    return Window(Box(lon - wide / 2, lat - high / 2, lon + wide / 2, lat + high / 2), scale, shrink)


def box_of(told: str) -> Box:
    """A box as an address has it.

    >>> box_of("20,40,40.5,60")
    Box(west=20.0, south=40.0, east=40.5, north=60.0)
    """
    try:
        west, south, east, north = (float(part) for part in told.split(","))
    except ValueError:
        west = south = east = north = math.nan
    if not (-360 <= west < east <= 540 and east - west <= 400 and -90 <= south < north <= 90):
        raise QueryError(
            f"{told!r} is no part of the world: write west,south,east,north in degrees, as in 20,40,40,60."
        )
    return Box(west, south, east, north)


def told(box: Box) -> str:
    """A box as an address has it, kept within what `box_of` takes."""
    south, north = max(box.south, -90.0), min(box.north, 90.0)
    west, east = max(box.west, -360.0), min(box.east, 540.0)
    return ",".join(f"{value:.3f}".rstrip("0").rstrip(".") for value in (west, south, east, north))


# ── shapes ────────────────────────────────────────────────────────────────────────────────────────────────────────────

Ring = tuple[tuple[float, float], ...]
"""Points as longitude and latitude."""


class Shape(msgspec.Struct, frozen=True):
    """A country: its code, where it has one, its rings, and the box around each."""

    code: str | None
    name: str
    rings: tuple[Ring, ...]
    boxes: tuple[Box, ...]


class Drawn(msgspec.Struct, frozen=True):
    """A country in a window: an SVG path, the place of its name, and how wide it is there."""

    code: str | None
    name: str
    path: str
    x: float
    y: float
    wide: float


@cache
def shapes(borders: Borders, level: Level) -> tuple[Shape, ...]:
    """The countries, read once."""
    packed = (files("lapwing.web") / "atlas" / f"{borders}.json.gz").read_bytes()
    levels: dict[str, list[tuple[str | None, str, list[list[int]]]]] = msgspec.json.decode(gzip.decompress(packed))
    found = []
    for code, name, rings in levels[level]:
        points = tuple(_ring(steps) for steps in rings)
        found.append(Shape(code, name, points, tuple(_around(ring) for ring in points)))
    return tuple(found)


def _ring(steps: list[int]) -> Ring:
    """
    >>> _ring([100, 200, 50, -50])
    ((1.0, 2.0), (1.5, 1.5))
    """
    x = y = 0
    points = []
    for k in range(0, len(steps), 2):
        x, y = x + steps[k], y + steps[k + 1]
        points.append((x / 100, y / 100))
    return tuple(points)


def _around(ring: Ring) -> Box:
    lons, lats = [point[0] for point in ring], [point[1] for point in ring]
    return Box(min(lons), min(lats), max(lons), max(lats))


@lru_cache(maxsize=64)
def drawing(borders: Borders, window: Window) -> tuple[Drawn, ...]:
    """The countries that the window shows. What lies beyond the 180th meridian is drawn on its other side too."""
    level: Level = "near" if window.box.east - window.box.west < NEAR_DEGREES else "far"
    found = []
    for shape in shapes(borders, level):
        paths = [
            path
            for ring, box in zip(shape.rings, shape.boxes, strict=True)
            for turn in (0.0, 360.0, -360.0)
            if _meets(box, turn, window.box) and (path := _path(ring, turn, window))
        ]
        if paths:
            lat, lon, wide = _label(shape)
            x, y = window.at(lat, lon)
            found.append(Drawn(shape.code, shape.name, "".join(paths), x, y, wide * window.scale * window.shrink))
    return tuple(found)


def _meets(box: Box, turn: float, window: Box) -> bool:
    return (
        box.east + turn >= window.west
        and box.west + turn <= window.east
        and box.north >= window.south
        and box.south <= window.north
    )


def _path(ring: Ring, turn: float, window: Window) -> str:
    """A ring as an SVG path in whole units, in steps, which are shorter; nothing where it is smaller than that."""
    steps: list[str] = []
    before: tuple[int, int] | None = None
    for lon, lat in ring:
        x, y = window.at(lat, lon + turn)
        now = round(x), round(y)
        if before is None:
            steps.append(f"M{now[0]} {now[1]}l")
        elif now != before:
            steps.append(f"{now[0] - before[0]} {now[1] - before[1]} ")
        before = now
    return "".join(steps).rstrip() + "z" if len(steps) > 3 else ""


@cache
def _label(shape: Shape) -> tuple[float, float, float]:
    """A point well inside of a country's largest piece, the middle of its longest line from west to east, and how long it is:
    for its name and its symbol, never for an act."""
    ring, box = max(
        zip(shape.rings, shape.boxes, strict=True),
        key=lambda pair: (pair[1].east - pair[1].west) * (pair[1].north - pair[1].south),
    )
    best = (*box.middle, 0.0)
    for k in range(3, 18):
        lat = box.south + (box.north - box.south) * k / 20
        for west, east in _chords(ring, lat):
            if (east - west) * math.cos(math.radians(lat)) > best[2]:
                best = (lat, (west + east) / 2, (east - west) * math.cos(math.radians(lat)))
    return best


def _chords(ring: Ring, lat: float) -> list[tuple[float, float]]:
    """Where a line at a latitude runs inside of a ring.

    >>> _chords(((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)), 1.0)
    [(0.0, 4.0)]
    """
    crossings = sorted(
        a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
        if (a[1] > lat) != (b[1] > lat)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


# ── divisions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Reach(msgspec.Struct, frozen=True):
    """Where a first-level division is: the middle of its towns, and the distance within which nearly all of them lie."""

    lat: float
    lon: float
    km: float


@cache
def reaches() -> dict[tuple[str, str], Reach]:
    """The divisions by country and name, as records have them."""
    packed = (files("lapwing.web") / "atlas" / "divisions.tsv.gz").read_bytes()
    found = {}
    for line in gzip.decompress(packed).decode().splitlines():
        country, name, lat, lon, km = line.split("\t")
        found[country, name] = Reach(float(lat), float(lon), float(km))
    return found


@cache
def known_countries(borders: Borders) -> frozenset[str]:
    """The codes that have a shape."""
    return frozenset(shape.code for shape in shapes(borders, "near") if shape.code)
