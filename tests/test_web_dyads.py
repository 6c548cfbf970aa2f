"""Dyads, one side, the network: what is drawn is what is counted; read and gone through without a mouse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browsing import running_workbench
from lapwing.store import Store, open_store
from lapwing.store.series import Bucket, Series
from lapwing.store.ties import Tie
from lapwing.web import charts, network
from lapwing.web.pages.dyads import AskedDyads, partners_of, read_dyads
from lapwing.web.pages.network import AskedNetwork, read_network
from test_store import add, story

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from playwright.sync_api import Browser

    from browsing import Looks

TEXT = "Norway met Chile, and Chile met Peru, the minister said."

NORWAY, CHILE, PERU = ("Norway", "NOR", "GOV"), ("Chile", "CHL", "GOV"), ("Peru", "PER", None)


def act(actors: list[Any], recipients: list[Any], day: str, **more: Any) -> dict[str, Any]:
    return {"trigger": "met", "actors": actors, "recipients": recipients, "date": (None, day, "day")} | more


FIGHT: dict[str, Any] = {"event": "ASSAULT", "quad": 4, "score": -9.0}

SAID: dict[str, Any] = {"source": ("minister", "CHL", "indirect", "said")}

ACTS = (
    act([NORWAY], [CHILE], "2022-01-10", **FIGHT),
    act([NORWAY], [CHILE], "2022-01-20", **SAID),
    act([NORWAY], [CHILE], "2022-03-02", **FIGHT, **SAID, status="denied"),
    act([CHILE], [NORWAY], "2022-02-01", event="AID", quad=2, score=10.0),
    act([CHILE, PERU], [], "2022-02-03"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "events.duckdb") as opened:
        add(opened, *(story(f"a{n}", TEXT, told) for n, told in enumerate(ACTS)))
        yield opened


def test_two_sides_are_told_each_way(store: Store) -> None:
    view = read_dyads(store, AskedDyads(actor="nor", recipient="CHL"))
    there, back = view.directions
    assert [(b.start.month, b.quads, b.score) for b in there.series.buckets if b.statuses.get("happened")] == [
        (1, (1, 0, 0, 1), (2.5 - 9.0) / 2)
    ]
    assert there.series.buckets[-1].statuses == {"denied": 1}
    assert [b.quads for b in back.series.buckets] == [(0, 1, 0, 0)]
    assert {one.event.status for one in there.notable} == {"happened"}
    assert {(claim.speaker, claim.status) for claim in there.claims} == {
        (None, "happened"),
        ("minister", "happened"),
        ("minister", "denied"),
    }
    assert read_dyads(store, AskedDyads(dyad="NOR-CHL")) == view


def test_one_side_is_told_with_all_others(store: Store) -> None:
    view = read_dyads(store, AskedDyads(recipient="CHL"))
    assert (view.actor, view.recipient) == ("CHL", None)
    partners = {one.code: one for one in partners_of("CHL", view.ties)}
    nor, per = partners["NOR"], partners["PER"]
    assert nor.to
    assert nor.back
    assert (nor.to.acts, nor.back.acts) == (1, 2)
    assert per.to
    assert per.back
    assert (per.to.acts, per.back.acts) == (1, 1)
    assert {(claim.country, claim.actor, claim.status) for claim in view.says} == {
        ("CHL", "NOR", "happened"),
        ("CHL", "NOR", "denied"),
    }


def test_without_a_side_the_pairs_are_listed(store: Store) -> None:
    view = read_dyads(store, AskedDyads())
    assert next((tie.actor, tie.recipient, tie.acts) for tie in view.ties) == ("NOR", "CHL", 2)
    assert view.directions == ()


def test_a_network_counts_what_happened(store: Store) -> None:
    view = read_network(store, AskedNetwork())
    assert sum(tie.acts for tie in view.ties) == 5
    assert {tie.actor for tie in read_network(store, AskedNetwork(by="sector")).ties} == {"NOR/GOV", "CHL/GOV", "PER"}
    assert sum(tie.acts for tie in read_network(store, AskedNetwork(status=["denied"])).ties) == 1


# ── drawings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def bucket(month: int, quads: tuple[int, int, int, int], score: float | None) -> Bucket:
    return Bucket(start=date(2022, month, 1), statuses={}, quads=quads, score=score)


def test_a_chart_stands_to_scale_and_breaks_where_nothing_is_told() -> None:
    series = Series(
        period="month",
        buckets=(bucket(1, (1, 1, 0, 0), 10.0), bucket(2, (0, 0, 0, 4), -10.0), bucket(4, (0, 0, 2, 0), 0.0)),
        undated=0,
        coarse=0,
    )
    span = charts.span_of(series)
    assert span == charts.Span(date(2022, 1, 1), date(2022, 5, 1))
    assert span is not None
    drawn = charts.chart_of(series, (), span)
    assert [bar.score for bar in drawn.bars] == [charts.TOP, charts.TOP + charts.SCORE, charts.TOP + charts.SCORE / 2]
    heights = [(bar.verbal_up[1], bar.material_up[1], bar.verbal_down[1], bar.material_down[1]) for bar in drawn.bars]
    unit = heights[0][0]
    assert heights == [(unit, unit, 0, 0), (0, 0, 0, 4 * unit), (0, 0, 2 * unit, 0)]
    assert drawn.line.count("M") == 2
    assert drawn.line.count("L") == 1
    assert drawn.bars[0].words == "2022-01: 1 verbal cooperation, 1 material cooperation; mean score +10.0"


def tie(actor: str, recipient: str, acts: int, conflict: int = 0) -> Tie:
    return Tie(actor=actor, recipient=recipient, acts=acts, cooperation=acts - conflict, conflict=conflict, score=0.0)


def test_a_network_is_drawn_alike_each_time_with_the_strongest_side_by_side() -> None:
    ties = [tie("A", "B", 9, 8), tie("B", "A", 3, 3), tie("A", "C", 2), tie("D", "E", 1)]
    drawn = network.network_of(ties, most=4)
    assert drawn == network.network_of(list(reversed(ties)), most=4)
    assert [node.code for node in drawn.nodes] == ["A", "B", "C"]
    (strong, weak) = drawn.bows
    assert (strong.one, strong.to, strong.back, strong.kind) == ("A", 9, 3, "conflict")
    assert (weak.kind, weak.width < strong.width) == ("cooperation", True)


def test_names_of_many_actors_are_turned_and_do_not_meet() -> None:
    ties = [tie(f"A{n:02}", f"A{n + 1:02}", 5) for n in range(39)]
    nodes = network.network_of(ties, most=40).nodes
    assert len(nodes) == 40
    assert len({node.turn for node in nodes}) > 15
    assert all(-90 <= (node.turn + 180) % 360 - 180 <= 90 for node in nodes)


# ── the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/api/v1/dyads?since=May", "/api/v1/network?until=x", "/api/v1/dyads?dyad=A"])
def test_wrong_questions_are_problems(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert client.get(path.removeprefix("/api/v1")).status_code == 400


@pytest.fixture(scope="module")
def told(browser: Browser, tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Iterator[Looks]:
    """A workbench on two years of acts between a few countries."""
    from browsing import Looks

    path = tmp_path_factory.mktemp("dyads") / "events.duckdb"
    sides = (NORWAY, CHILE, PERU)
    with open_store(path) as opened:
        stories = []
        for n in range(72):
            a, b = sides[n % 3], sides[(n + 1 + n // 36) % 3]
            kind = (FIGHT, {}, {"event": "AID", "quad": 2, "score": 10.0}, FIGHT | {"status": "denied"})[n % 4]
            day = f"{2021 + n // 36}-{1 + n % 12:02}-{1 + n % 27:02}"
            stories.append(story(f"a{n}", TEXT, act([a], [b], day, **kind, **(SAID if n % 5 == 0 else {}))))
        add(opened, *stories)
    with running_workbench(path) as address:
        yield Looks(browser, address, pictures)


def test_the_pages_are_fit_to_be_seen(told: Looks) -> None:
    told.look("/dyads?actor=NOR&recipient=CHL", "dyad", ready="#voices-h")
    told.look("/dyads?actor=CHL", "actor", ready="#sayings-h")
    told.look("/dyads", "dyads", ready="table")
    told.look("/network", "network", ready="#network")


def test_sides_without_a_date_are_told_each_way_by_name(tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    from lapwing.coding import code_article
    from lapwing.web.app import create_app

    undated = act([("minister", "UNO", None)], [CHILE], "") | {"date": None}
    with open_store(tmp_path / "undated.duckdb") as opened:
        add(opened, story("a", TEXT, undated))
    with TestClient(create_app(tmp_path / "undated.duckdb", code=code_article), base_url="http://127.0.0.1") as client:
        told = client.get("/dyads?actor=UNO&recipient=CHL").text
    assert "What <b>United Nations</b> does to <b>Chile</b>: 1 record</a> without a date" in told
    assert "What <b>Chile</b> does" not in told


def test_who_says_so_is_there_without_a_script(client: TestClient) -> None:
    page = client.get("/dyads/voices", params={"actor": "GOV"})
    assert page.status_code == 200
    assert "<h1>Who says so</h1>" in page.text
    assert client.get("/dyads/voices").status_code == 404


def test_an_analyst_goes_from_the_network_to_an_act_without_a_mouse(told: Looks) -> None:
    with told.page() as page:
        page.goto("/network")
        page.focus("#network .node[data-code=NOR]")
        assert page.locator("#network.single .bow.shown").count() == 2
        page.keyboard.press("Enter")
        page.wait_for_url("**/dyads?**actor=NOR**")
        page.focus("table a:has-text('Chile')")
        page.keyboard.press("Enter")
        page.wait_for_url("**recipient=CHL**")
        page.select_option("#ask-period", "year")
        page.focus("form.asking button.main")
        page.keyboard.press("Enter")
        page.wait_for_url("**period=year**")
        page.focus(".sign >> nth=0")
        page.keyboard.press("Enter")
        page.wait_for_url("**/articles/*")


def test_the_key_shows_words_as_they_are_drawn(told: Looks) -> None:
    with told.page() as page:
        page.goto("/dyads?actor=NOR&recipient=CHL")
        assert page.locator(".legend-line rect.verbal-key + path.verbal-key").count() == 2
