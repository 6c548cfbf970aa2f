"""Where acts were, on a map that is drawn here: towns as points, put together where they would overlap; provinces and countries
as areas; what cannot be placed is counted and said.

Never a false point: a record that knows a country, a province or a district marks the area and no spot in it. A country is
hatched, a division is a dashed circle around its towns; the number on either stands wherever there is room. Several towns that
lie close are told under the one with most acts, never at a place between them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pydantic import BeforeValidator, Field

from lapwing.codebook import TYPES
from lapwing.errors import QueryError
from lapwing.records import Status
from lapwing.store import Store
from lapwing.store.conditions import clauses_of
from lapwing.store.series import records_by_month
from lapwing.store.sites import Site, sites_of
from lapwing.store.views import kept_views
from lapwing.web import world
from lapwing.web.answers import answering, api_router
from lapwing.web.asking import STATUSES, Asked, countries
from lapwing.web.rendering import render
from lapwing.web.settings import Borders
from lapwing.web.workbench import Bench, Page, Reading
from lapwing.web.world import Box, Drawn, Window

html, api = APIRouter(), api_router()
PAGE = Page(html=html, api=api, title="Map", path="/map")

POINTS = frozenset({"city", "sub-city"})

APART = 40
"""Units of the drawing between two marks; what lies closer is told together."""

LISTED = 300
"""Places in the table below the map."""

ROOM_X, ROOM_Y = 34, 26
"""How far from the middle of a mark another may stand."""

LETTER, LINE = 7.2, 15
"""How wide a letter of a name is at most, how high a line."""

STEPS = (1, 5, 25, 125)
"""From how many acts on a country is hatched more densely."""

ROOM = ((0, 0), (0, 30), (0, -30), (34, 0), (-34, 0), (34, 30), (-34, 30), (34, -30), (-34, -30), (0, 60), (0, -60))
"""Where the number of an area may stand, from its middle on."""


class AskedMap(Asked):
    """Which records are wanted, and which part of the world."""

    box: Annotated[str | None, BeforeValidator(lambda value: value or None)] = Field(
        default=None, max_length=80, description="west,south,east,north in degrees; else the whole world."
    )
    borders: Borders | None = Field(
        default=None, description="Whose borders are drawn; else as the server was started."
    )


class Quads(msgspec.Struct, frozen=True, kw_only=True):
    """Acts by quad class."""

    verbal_cooperation: int
    material_cooperation: int
    verbal_conflict: int
    material_conflict: int

    @property
    def cooperation(self) -> int:
        """Words and deeds."""
        return self.verbal_cooperation + self.material_cooperation

    @property
    def conflict(self) -> int:
        """Words and deeds."""
        return self.verbal_conflict + self.material_conflict


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """Towns that are told under one mark: it stands at the one with most acts, which is named first in `places`."""

    lat: float
    lon: float
    acts: int
    quads: Quads
    country: str | None
    places: tuple[str, ...]
    box: tuple[float, float, float, float]


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A country, or a first-level division of one, and the acts of which no more is known than that they were in it. `lat`,
    `lon` and `km` say where a division's towns lie; no act is there."""

    country: str
    division: str | None
    acts: int
    quads: Quads
    places: tuple[str, ...]
    lat: float | None = None
    lon: float | None = None
    km: float | None = None


class Unplaced(msgspec.Struct, frozen=True, kw_only=True):
    """A place that the map has no area for: a sea, a region across borders, a country without a shape."""

    name: str
    country: str | None
    acts: int


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """How many records begin in a month."""

    start: date
    records: int


class MapView(msgspec.Struct, frozen=True, kw_only=True):
    """What the map shows. `box` is west, south, east, north; `statuses` are those counted; `placeless` acts have no place."""

    box: tuple[float, float, float, float]
    statuses: tuple[str, ...]
    points: tuple[Point, ...]
    areas: tuple[Area, ...]
    unplaced: tuple[Unplaced, ...]
    placeless: int
    months: tuple[Month, ...]


def read_map(store: Store, asked: AskedMap, *, borders: Borders) -> tuple[MapView, tuple[Site, ...], Window]:
    """What the map shows of what is asked for, all its places, and the window."""
    window = _window(asked)
    statuses = _statuses(asked)
    wanted = asked.filter(status=statuses)
    found = sites_of(store, wanted)
    months = records_by_month(store, asked.filter(status=statuses, since=None, until=None))
    areas, unplaced = areas_of(found.sites, borders=borders)
    view = MapView(
        box=msgspec.structs.astuple(window.box),
        statuses=statuses,
        points=tuple(points_of(found.sites, window)),
        areas=tuple(areas),
        unplaced=tuple(unplaced),
        placeless=found.placeless,
        months=tuple(Month(start=start, records=count) for start, count in months),
    )
    return view, found.sites, window


def _window(asked: AskedMap) -> Window:
    return world.window_on(world.box_of(asked.box) if asked.box else world.WORLD)


def _statuses(asked: AskedMap) -> tuple[Status, ...]:
    return tuple(asked.status) or ("happened",)


# ── places → marks ────────────────────────────────────────────────────────────────────────────────────────────────────


def points_of(sites: Iterable[Site], window: Window) -> list[Point]:
    """The towns in the window, those with most acts first; a town that lies close to an earlier one is told with it."""
    groups: list[list[Site]] = []
    cells: dict[tuple[int, int], list[tuple[float, float, list[Site]]]] = {}
    for site in sites:
        if site.precision not in POINTS or site.lat is None or site.lon is None or not window.shows(site.lat, site.lon):
            continue
        x, y = window.at(site.lat, site.lon)
        cell = int(x // APART), int(y // APART)
        near = (
            group
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            for (a, b, group) in cells.get((cell[0] + i, cell[1] + j), ())
            if math.hypot(x - a, y - b) < APART
        )
        if (group := next(near, None)) is not None:
            group.append(site)
        else:
            groups.append([site])
            cells.setdefault(cell, []).append((x, y, groups[-1]))
    return sorted((_point(group) for group in groups), key=lambda point: (-point.acts, point.places))


def _point(group: Sequence[Site]) -> Point:
    first = group[0]
    lats = [site.lat for site in group if site.lat is not None]
    lons = [site.lon for site in group if site.lon is not None]
    return Point(
        lat=lats[0],
        lon=lons[0],
        acts=sum(site.acts for site in group),
        quads=_quads(group),
        country=first.country,
        places=tuple(dict.fromkeys(site.name for site in group)),
        box=(min(lons), min(lats), max(lons), max(lats)),
    )


def areas_of(sites: Iterable[Site], *, borders: Borders) -> tuple[list[Area], list[Unplaced]]:
    """The areas that hold what has no point, and the places that no area is there for."""
    held: dict[tuple[str, str | None], list[Site]] = {}
    unplaced = []
    for site in sites:
        if site.precision in POINTS and site.lat is not None:
            continue
        area = _area_of(site, borders)
        if area is None:
            unplaced.append(Unplaced(name=site.name, country=site.country, acts=site.acts))
        else:
            held.setdefault(area, []).append(site)
    areas = [_area(country, division, group) for (country, division), group in held.items()]
    return sorted(areas, key=lambda area: (-area.acts, area.country, area.division or "")), unplaced


def _area_of(site: Site, borders: Borders) -> tuple[str, str | None] | None:
    """The finest area that is known to hold a place: its division, else its country, else none."""
    if site.country is None:
        return None
    if site.adm1 and (site.country, site.adm1) in world.reaches():
        return site.country, site.adm1
    return (site.country, None) if site.country in world.known_countries(borders) else None


def _area(country: str, division: str | None, group: Sequence[Site]) -> Area:
    reach = world.reaches()[country, division] if division else None
    return Area(
        country=country,
        division=division,
        acts=sum(site.acts for site in group),
        quads=_quads(group),
        places=tuple(dict.fromkeys(site.name for site in group)),
        lat=reach.lat if reach else None,
        lon=reach.lon if reach else None,
        km=reach.km if reach else None,
    )


def _quads(group: Iterable[Site]) -> Quads:
    one, two, three, four = (sum(quads) for quads in zip(*(site.quads for site in group), strict=True))
    return Quads(verbal_cooperation=one, material_cooperation=two, verbal_conflict=three, material_conflict=four)


# ── marks → the drawing ───────────────────────────────────────────────────────────────────────────────────────────────


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A mark in the drawing, which is a link: a point with its ring (of which `share` is conflict, in hundredths), or the number
    of an area. `cx`, `cy` are the middle of an area, `reach` is the radius of a division's circle."""

    kind: Literal["point", "division", "country"]
    x: float
    y: float
    size: float
    acts: int
    share: int
    words: str
    address: str
    name: str | None = None
    cx: float | None = None
    cy: float | None = None
    reach: float | None = None


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """The drawing: countries with how densely each is hatched (0 to 4), the marks on them, those marks that have their name
    beside them, and whether it is seen from near."""

    countries: tuple[tuple[Drawn, int], ...]
    marks: tuple[Mark, ...]
    names: tuple[Mark, ...]
    near: bool


def picture_of(view: MapView, asked: AskedMap, window: Window, *, borders: Borders) -> Picture:
    """The map as it is drawn."""
    drawn = world.drawing(borders, window)
    coarse = {area.country: area for area in view.areas if area.division is None}
    points = [_point_mark(point, asked, window) for point in view.points]
    taken = [(mark.x, mark.y) for mark in points]
    divisions = [mark for area in view.areas if (mark := _division_mark(area, asked, window, taken)) is not None]
    anchors = {shape.code: shape for shape in sorted(drawn, key=lambda shape: shape.wide) if shape.code}
    wholes = [
        _country_mark(area, anchors[code], asked, taken)
        for code, area in coarse.items()
        if code in anchors and 0 <= anchors[code].x <= world.WIDTH and 0 <= anchors[code].y <= world.HEIGHT
    ]
    hatched = tuple((shape, _step(coarse[shape.code].acts) if shape.code in coarse else 0) for shape in drawn)
    return Picture(
        countries=hatched,
        marks=(*divisions, *wholes, *reversed(points)),
        names=tuple(_names(points, (*divisions, *wholes, *points))),
        near=window.box.east - window.box.west < world.NEAR_DEGREES,
    )


def _names(named: Sequence[Mark], marks: Sequence[Mark]) -> Iterator[Mark]:
    """The marks that have room for their name on their right, those with most acts first."""
    taken = [(mark.x - mark.size, mark.y - mark.size, mark.x + mark.size, mark.y + mark.size) for mark in marks]
    for mark in named:
        left, wide = mark.x + mark.size + 3, LETTER * len(mark.name or "")
        box = (left, mark.y - LINE / 2, left + wide, mark.y + LINE / 2)
        if box[2] < world.WIDTH and not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken
        ):
            taken.append(box)
            yield mark


def _step(acts: int) -> int:
    """
    >>> _step(1), _step(30), _step(1000)
    (1, 3, 4)
    """
    return sum(acts >= step for step in STEPS)


def _point_mark(point: Point, asked: AskedMap, window: Window) -> Mark:
    x, y = window.at(point.lat, point.lon)
    alone = len(point.places) == 1
    others = "" if alone else f" and {len(point.places) - 1} more"
    here = world.told(_around(point, window))
    address = _events(asked, point.places[0]) if alone else asked.address("/map", box=here)
    return Mark(
        kind="point",
        x=x,
        y=y,
        size=9 + 1.7 * math.log2(1 + point.acts),
        acts=point.acts,
        share=_share(point.quads),
        words=_told(point.acts, f"in {point.places[0]}{others}", point.quads),
        address=address,
        name=point.places[0] if alone else f"{point.places[0]} +{len(point.places) - 1}",
    )


def _around(point: Point, window: Window) -> Box:
    """The box that parts the towns of a mark: around them, with room, and nearer than now."""
    west, south, east, north = point.box
    wide = min(max((east - west) * 1.6, world.NARROWEST), (window.box.east - window.box.west) / 2)
    lat, lon = (south + north) / 2, (west + east) / 2
    return Box(lon - wide / 2, lat - wide / 4, lon + wide / 2, lat + wide / 4)


def _division_mark(area: Area, asked: AskedMap, window: Window, taken: list[tuple[float, float]]) -> Mark | None:
    if area.lat is None or area.lon is None or area.km is None or not window.shows(area.lat, area.lon):
        return None
    x, y = window.at(area.lat, area.lon)
    at = _room(x, y, taken)
    reach = max(area.km / 111.2 * window.scale, 8.0)
    return Mark(
        kind="division",
        x=at[0],
        y=at[1],
        size=10,
        acts=area.acts,
        share=_share(area.quads),
        words=_told(area.acts, f"somewhere in {area.division} ({area.country})", area.quads),
        address=_events(asked, area.places[0]),
        cx=x,
        cy=y,
        reach=reach,
    )


def _country_mark(area: Area, shape: Drawn, asked: AskedMap, taken: list[tuple[float, float]]) -> Mark:
    x, y = _room(shape.x, shape.y, taken)
    return Mark(
        kind="country",
        x=x,
        y=y,
        cx=shape.x,
        cy=shape.y,
        size=10,
        acts=area.acts,
        share=_share(area.quads),
        words=_told(area.acts, f"somewhere in {shape.name}", area.quads),
        address=_events(asked, area.country),
    )


def _room(x: float, y: float, taken: list[tuple[float, float]]) -> tuple[float, float]:
    """The first place near `x`, `y` that no other mark has; the middle itself where there is none."""
    free = (
        (x + dx, y + dy)
        for dx, dy in ROOM
        if all(abs(x + dx - a) > ROOM_X or abs(y + dy - b) > ROOM_Y for a, b in taken)
    )
    found = next(free, (x, y))
    taken.append(found)
    return found


def _share(quads: Quads) -> int:
    """How much of the acts is conflict, in hundredths."""
    return round(100 * quads.conflict / max(quads.cooperation + quads.conflict, 1))


def _told(acts: int, where: str, quads: Quads) -> str:
    """A mark in words; they begin with the number as it is drawn."""
    noun = "act" if acts == 1 else "acts"
    return f"{_short(acts)} {noun} {where}: {quads.cooperation:,} of cooperation, {quads.conflict:,} of conflict"


def _events(asked: AskedMap, place: str) -> str:
    """The records of a place."""
    return asked.address("/events", place=place, box=None, borders=None, status=asked.status or ["happened"])


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────

Wanted = Annotated[AskedMap, Query()]


@html.get("/map")
def show(request: Request, store: Reading, bench: Bench, asked: Wanted) -> Response:
    """The page, which asks for its drawing as soon as it is there: to count all of a large store takes a moment. What cannot be
    asked for is told at once."""
    try:
        _window(asked)
        clauses_of(store, asked.filter())
    except QueryError:
        return drawing(request, store, bench, asked)
    return render(request, "map.html", **_frame(store, asked), picture=None)


def _frame(store: Store, asked: AskedMap) -> dict[str, Any]:
    """What the page asks for around its drawing."""
    return {
        "asked": asked,
        "statuses": _statuses(asked),
        "types": TYPES,
        "all_statuses": STATUSES,
        "countries": countries(),
        "views": kept_views(store, page="map"),
        "query": asked.address("").removeprefix("?"),
        "drawing_address": asked.address("/map/drawing"),
    }


@html.get("/map/drawing")
def drawing(request: Request, store: Reading, bench: Bench, asked: Wanted) -> Response:
    """The drawing with its tables: a part of the page, or the whole page for a browser that runs no scripts."""
    borders: Borders = asked.borders or bench.settings.borders
    try:
        (view, sites, window), fault = read_map(store, asked, borders=borders), None
    except QueryError as error:
        plain = AskedMap(status=asked.status)
        (view, sites, window), fault = read_map(store, plain, borders=borders), str(error)
    page = render(
        request,
        "map-part.html" if request.headers.get("HX-Request") else "map.html",
        **_frame(store, asked),
        view=view,
        picture=picture_of(view, asked, window, borders=borders),
        sites=sites[:LISTED],
        all_sites=len(sites),
        points=POINTS,
        moves=_moves(asked, window),
        height=world.HEIGHT,
        width=world.WIDTH,
        fault=fault,
        borders=borders,
        window=window,
        places_address=lambda place: _events(asked, place),
        short=_short,
        in_window=partial(_is_within, asked),
        first_month=_month_at(view.months, asked, first=True),
        last_month=_month_at(view.months, asked, first=False),
    )
    page.status_code = 400 if fault else 200
    return page


def _short(number: int) -> str:
    """A number in few characters.

    >>> _short(950), _short(1234), _short(250_000)
    ('950', '1.2k', '250k')
    """
    if number < 1000:
        return str(number)
    return f"{number / 1000:.1f}k" if number < 10_000 else f"{number // 1000}k"


def _is_within(asked: Asked, month: date) -> bool:
    """Whether records of a month are shown.

    >>> _is_within(AskedMap(since="2022-03", until="2022"), date(2022, 3, 1)), _is_within(AskedMap(since="2023"), date(2022, 3, 1))
    (True, False)
    """
    told = month.isoformat()[:7]
    return (asked.since or "")[:7] <= told and told <= ((asked.until or "9999") + "-99")[:7]


def _month_at(months: Sequence[Month], asked: Asked, *, first: bool) -> int:
    """The position of the first or last month that is shown."""
    shown = [k for k, month in enumerate(months) if _is_within(asked, month.start)]
    return (shown[0] if first else shown[-1]) if shown else (0 if first else max(len(months) - 1, 0))


def _moves(asked: AskedMap, window: Window) -> list[tuple[str, str, str, str]]:
    """Where the buttons around the map lead: a key, a sign, words, an address."""
    steps = (
        ("in", "+", "Nearer", window.moved(0, 0, zoom=2)),
        ("out", "−", "Farther", window.moved(0, 0, zoom=0.5)),
        ("west", "←", "West", window.moved(-0.3, 0)),
        ("east", "→", "East", window.moved(0.3, 0)),
        ("north", "↑", "North", window.moved(0, 0.3)),
        ("south", "↓", "South", window.moved(0, -0.3)),
    )
    found = []
    for key, sign, words, box in steps:
        whole = box.east - box.west > 360 or box.north - box.south > 170
        found.append((key, sign, words, asked.address("/map", box=None if whole else world.told(box))))
    return [*found, ("world", "◯", "The whole world", asked.address("/map", box=None))]


@api.get("/map")
@answering(MapView)
def map_view(store: Reading, bench: Bench, asked: Wanted) -> MapView:
    """Where acts were. Without `status` those are counted that happened."""
    view, _, _ = read_map(store, asked, borders=asked.borders or bench.settings.borders)
    return view
