"""The map: points only for towns, areas for what is coarser, nothing lost without a word; moved and timed without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browsing import running_workbench
from lapwing.records import Place
from lapwing.store import open_store
from lapwing.store.sites import Site
from lapwing.web import world
from lapwing.web.pages.map import areas_of, points_of
from test_store import add, story

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from playwright.sync_api import Browser

    from browsing import Looks

TEXT = "They met."

SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifted += one.value; })
        .observe({type: "layout-shift", buffered: true});
"""


def site(name: str, precision: Any, country: str | None = "UKR", adm1: str | None = None, **more: Any) -> Site:
    told = {"lat": None, "lon": None, "geonameid": None, "acts": 1, "quads": (1, 0, 0, 0), "records": 1}
    return Site(name=name, country=country, adm1=adm1, precision=precision, **(told | more))


WHOLE = world.window_on(world.WORLD)

NEAR = world.window_on(world.Box(30, 46, 34, 48))


def test_a_mark_of_several_towns_stands_at_the_one_with_most_acts() -> None:
    towns = [
        site("Kherson", "city", lat=46.6, lon=32.6, acts=5, quads=(0, 1, 0, 4)),
        site("Odesa", "city", lat=46.5, lon=30.7, acts=2, quads=(2, 0, 0, 0)),
    ]
    (mark,) = points_of(towns, WHOLE)
    assert (mark.lat, mark.lon, mark.acts, mark.places) == (46.6, 32.6, 7, ("Kherson", "Odesa"))
    assert (mark.quads.conflict, mark.quads.cooperation) == (4, 3)
    assert [point.places for point in points_of(towns, NEAR)] == [("Kherson",), ("Odesa",)]


def test_what_is_coarser_than_a_town_never_gets_a_point() -> None:
    coarse = [
        site("Ukraine", "country"),
        site("Kharkiv", "province", adm1="Kharkiv"),
        site("near Izyum", "district", adm1="Kharkiv"),
        site("eastern Ukraine", "province"),
        site("a village", "city", country="XXX"),
        site("Black Sea", "country", country=None),
    ]
    assert points_of(coarse, WHOLE) == []
    areas, unplaced = areas_of(coarse, borders="un")
    assert [(area.country, area.division, area.places) for area in areas] == [
        ("UKR", None, ("Ukraine", "eastern Ukraine")),
        ("UKR", "Kharkiv", ("Kharkiv", "near Izyum")),
    ]
    assert [place.name for place in unplaced] == ["a village", "Black Sea"]


@pytest.mark.parametrize("borders", ["un", "de-facto"])
@pytest.mark.parametrize("level", ["far", "near"])
def test_shapes_cover_the_states_of_the_world(borders: Any, level: Any) -> None:
    shapes = world.shapes(borders, level)
    codes = {shape.code for shape in shapes}
    assert {"UKR", "RUS", "SDN", "SSD", "KOS", "PSE", "TWN", "ESH", "USA", "FJI"} <= codes
    assert all(box.east - box.west < 200 for shape in shapes if shape.code != "ATA" for box in shape.boxes)
    crimea = world.Box(33.5, 44.8, 34.8, 45.5)
    owner = next(s.code for s in shapes if any(_holds(ring, *crimea.middle) for ring in s.rings))
    assert owner == ("UKR" if borders == "un" else "RUS")


def _holds(ring: world.Ring, lat: float, lon: float) -> bool:
    crossings = [
        a[0] + (lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
        if (a[1] > lat) != (b[1] > lat)
    ]
    return sum(x < lon for x in crossings) % 2 == 1


def test_the_map_answers_as_json(client: TestClient) -> None:
    view = client.get("/api/v1/map").json()
    assert view["statuses"] == ["happened"]
    events = client.get("/api/v1/events", params={"status": "happened", "size": 500}).json()
    placed = sum(mark["acts"] for mark in (*view["points"], *view["areas"], *view["unplaced"]))
    acts = {one["cluster"] or one["number"] for one in events["records"]}
    assert placed + view["placeless"] >= len(acts) > 0
    assert client.get("/api/v1/map", params={"until": "1990"}).json()["points"] == []


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "40,0,20,10", "0,0,900,10", "nan,0,1,1", "0,80,1,99"])
def test_a_part_of_the_world_that_is_none_is_refused(client: TestClient, box: str) -> None:
    answer = client.get("/api/v1/map", params={"box": box})
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    page = client.get("/map", params={"box": box})
    assert page.status_code == 400
    assert "is no part of the world" in page.text


def test_the_page_asks_for_its_drawing_and_there_is_a_whole_page_without_scripts(client: TestClient) -> None:
    frame = client.get("/map", params={"since": "2022"}).text
    assert 'data-drawing="/map/drawing?since=2022"' in frame
    assert '<noscript><meta http-equiv="refresh" content="0; url=/map/drawing?since=2022"></noscript>' in frame
    assert 'id="map"' not in frame
    whole = client.get("/map/drawing").text
    assert 'id="map"' in whole
    assert 'name="since"' in whole
    assert "data-drawing" not in whole
    assert "http-equiv" not in whole
    part = client.get("/map/drawing", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="mapped"')
    assert 'name="since"' not in part


def test_what_cannot_be_asked_for_is_told_by_the_page_itself(client: TestClient) -> None:
    page = client.get("/map", params={"since": "yesterday"})
    assert page.status_code == 400
    assert "is no date" in page.text


# ── in a browser ──────────────────────────────────────────────────────────────────────────────────────────────────────

TOWNS = {
    "Kyiv": (50.45, 30.52),
    "Kharkiv": (49.99, 36.23),
    "Kherson": (46.64, 32.62),
    "Minsk": (53.9, 27.57),
    "Khartoum": (15.55, 32.53),
}


def _act(name: str, number: int, place: Place) -> Any:
    fighting = number % 3 == 0
    return story(
        f"{name}-{number}",
        TEXT,
        {
            "trigger": "met",
            "event": "ASSAULT" if fighting else "CONSULT",
            "quad": 4 if fighting else 1,
            "date": (None, f"2022-{1 + number % 12:02}-05", "day"),
            "place": None,
        },
    ), place


@pytest.fixture(scope="module")
def placed(browser: Browser, tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Iterator[Looks]:
    """A workbench on a store of acts in towns, a division, a country and nowhere."""
    from msgspec.structs import replace

    from browsing import Looks

    def at(name: str, country: str, precision: Any, adm1: str | None = None) -> Place:
        lat, lon = TOWNS.get(name, (None, None))
        return Place(name=name, country=country, adm1=adm1, lat=lat, lon=lon, geonameid=None, precision=precision)

    places: list[Place | None] = [at(name, "UKR", "city") for name in ("Kyiv", "Kharkiv", "Kherson")]
    places += [at("Minsk", "BLR", "city"), at("Khartoum", "SDN", "city"), at("Ukraine", "UKR", "country")]
    places += [at("Donetsk", "UKR", "province", "Donetsk"), at("Black Sea", "", "country"), None]
    path = tmp_path_factory.mktemp("map") / "events.duckdb"
    with open_store(path) as store:
        stories = []
        for number in range(45):
            place = places[number % len(places)]
            (article, document), _ = _act("a", number, place)  # type: ignore[arg-type]
            told = replace(document.events[0], place=place and replace(place, country=place.country or None))
            stories.append((article, replace(document, events=(told,))))
        add(store, *stories)
    with running_workbench(path) as address:
        yield Looks(browser, address, pictures)


def test_the_map_is_fit_to_be_seen(placed: Looks) -> None:
    placed.look("/map", "map", ready="#map .mark")
    placed.look("/map?box=22,44,41,53", "map-near", ready="#map .mark")


def test_the_bars_over_time_say_that_empty_months_are_left_out(client: TestClient) -> None:
    months = [month["start"] for month in client.get("/api/v1/map").json()["months"]]
    page = client.get("/map/drawing").text
    assert page.count('<rect class="month') == len(months) < 12 * (int(months[-1][:4]) - int(months[0][:4]))
    assert "Months without any are left out." in page


def test_the_map_is_shown_without_scripts(placed: Looks) -> None:
    with placed.page(java_script_enabled=False) as page:
        page.goto("/map")
        page.wait_for_selector("#map .mark")
        assert page.locator("#places-h").count() == 1


@pytest.mark.parametrize("look", ["light", "phone"])
def test_nothing_jumps_when_the_drawing_comes(placed: Looks, look: str) -> None:
    with placed.page(look) as page:
        page.add_init_script(SHIFTS)
        page.goto("/map")
        page.wait_for_selector("#map .mark")
        page.wait_for_timeout(200)
        assert page.locator("#mapped[aria-busy]").count() == 0
        assert page.evaluate("window.shifted") < 0.01


def test_a_map_that_could_not_be_drawn_says_so(placed: Looks) -> None:
    with placed.page() as page:
        page.route("**/map/drawing*", lambda route: route.fulfill(status=500, body="no"))
        page.goto("/map")
        page.wait_for_selector("text=The map could not be drawn: the server failed")
        assert page.locator("#mapped[aria-busy]").count() == 0
        placed.judge(page, "map-failed")


def test_an_analyst_goes_to_a_place_and_a_time_without_a_mouse(placed: Looks) -> None:
    with placed.page() as page:
        page.goto("/map")
        page.wait_for_selector("#map .mark")
        assert page.locator("text=Black Sea").count() > 0
        page.focus("[data-map=in]")
        page.keyboard.press("Enter")
        page.wait_for_url("**box=**")
        page.wait_for_selector("[data-map=in]:focus")
        page.focus("[data-map=world]")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "box=" not in address)
        several = page.locator("a.mark.point[data-map=part]").first
        several.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**box=**")
        page.wait_for_selector("a.mark.point >> nth=1")
        page.focus("#slide-until")
        page.keyboard.press("Home")
        page.wait_for_url("**until=2022-01**")
        assert page.input_value("#ask-until") == "2022-01"
        page.go_back()
        page.wait_for_url(lambda address: "until=" not in address)
        page.focus("a.mark.country")
        page.keyboard.press("Enter")
        page.wait_for_url("**/events?**place=UKR**")
        assert page.locator(".record").count() > 0
