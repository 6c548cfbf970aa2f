"""Acts as all articles tell them, search, runs: the pages and their twins."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browsing import Looks, running_workbench
from lapwing.errors import QueryError
from lapwing.records import Article
from lapwing.store import open_store, start_run, store_document
from lapwing.store.finding import find_articles, holding, marked
from telling import CODER, TOLD, make_told_store

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from playwright.sync_api import Browser

HOSTILE = "<script>alert(1)</script> & <img src=x onerror=alert(2)> shelled the market."


@pytest.fixture(scope="module")
def told_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("told") / "told.duckdb"
    make_told_store(path)
    return path


@pytest.fixture
def told(told_store: Path, tmp_path: Path) -> Path:
    shutil.copyfile(told_store, tmp_path / "told.duckdb")
    return tmp_path / "told.duckdb"


@pytest.fixture
def client(told: Path) -> Iterator[TestClient]:
    from fastapi.testclient import TestClient

    from lapwing.coding import code_article
    from lapwing.web.app import create_app

    with TestClient(create_app(told, code=code_article), base_url="http://127.0.0.1") as running:
        yield running


@pytest.fixture
def acts(browser: Browser, told: Path, pictures: Path) -> Iterator[Looks]:
    with running_workbench(told) as address:
        yield Looks(browser, address, pictures)


@pytest.fixture(scope="module")
def seen(browser: Browser, told_store: Path, pictures: Path) -> Iterator[Looks]:
    """A server that is only looked at."""
    with running_workbench(told_store) as address:
        yield Looks(browser, address, pictures)


def act(client: TestClient) -> str:
    (found,) = client.get("/api/v1/clusters").json()["clusters"]
    return str(found["id"])


# ── acts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_act_says_who_asserts_and_who_denies_and_how_many(client: TestClient) -> None:
    view = client.get(f"/api/v1/clusters/{act(client)}").json()["cluster"]
    summary = view["summary"]
    assert [voice["name"] for voice in summary["denied_by"]] == ["The Northern Front"]
    assert [stage["status"] for stage in summary["course"]] == ["happened", "denied", "happened"]
    dead = summary["magnitudes"]["dead"]
    assert (dead["low"]["value"], dead["high"]["value"]) == (12, 17)
    assert (summary["status"], len(view["reports"])) == ("disputed", 5)
    page = client.get(f"/clusters/{act(client)}").text
    for outlet, published, *_ in TOLD:
        assert outlet in page
        assert published in page
    assert "denies it" in page


def test_an_act_is_shown_as_coded_or_as_reviewed_and_says_which(client: TestClient) -> None:
    id = act(client)
    for asked in (
        {"action": "correct", "record": 2, "field": "status", "value": "hypothetical"},
        {"action": "delete", "record": 4},
    ):
        assert client.post("/api/v1/reviews", json={"reviewer": "Ada"} | asked).status_code == 200
    coded = client.get(f"/api/v1/clusters/{id}", params={"values": "coded"}).json()["cluster"]
    judged = client.get(f"/api/v1/clusters/{id}").json()["cluster"]
    assert (coded["summary"]["reports"], judged["summary"]["reports"]) == (5, 4)
    assert (coded["judged"], judged["judged"], judged["deleted"]) == (2, 2, ["lw-hill-times-4.txt-1"])
    assert [one["judged"] for one in judged["reports"]] == [False, True, False, False]
    assert "Values as reviewed (2 reports differ from the coder’s)" in client.get(f"/clusters/{id}").text
    assert "reviewers left 2 reports otherwise" in client.get(f"/clusters/{id}?values=coded").text


def test_a_split_is_decided_pair_by_pair_and_taken_back(client: TestClient) -> None:
    id = act(client)
    asked = {"records": ["lw-hill-times-5.txt-1"], "judge": "Ada", "note": "the harbour"}
    made = client.post(f"/api/v1/clusters/{id}/split", json=asked).json()["decisions"]
    assert len(made) == 4
    client.post("/api/v1/clusters/work-out")
    view = client.get(f"/api/v1/clusters/{act(client)}").json()
    assert len(view["cluster"]["reports"]) == 4
    assert [near["id"] for near in view["near"]] == ["lw-hill-times-5.txt-1"]
    assert {decision["note"] for decision in view["decisions"]} == {"the harbour"}
    for number in made:
        assert client.post(f"/api/v1/judgements/{number}/undo", json={"judge": "Bo"}).status_code == 200
    client.post("/api/v1/clusters/work-out")
    assert len(client.get(f"/api/v1/clusters/{act(client)}").json()["cluster"]["reports"]) == 5
    assert client.get("/api/v1/judgements").json() == {"decisions": []}


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/api/v1/clusters/lc-none/split", {"records": ["x"], "judge": "Ada"}, 400),
        ("/api/v1/judgements", {"verdict": "same", "a": "x", "b": "y", "judge": "Ada"}, 400),
        ("/api/v1/judgements", {"verdict": "alike", "a": "x", "b": "y", "judge": "Ada"}, 422),
        ("/api/v1/judgements/77/undo", {"judge": "Ada"}, 400),
    ],
)
def test_what_cannot_be_decided_is_told(client: TestClient, path: str, asked: Any, status: int) -> None:
    answer = client.post(path, json=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_an_act_that_is_not_there_is_a_404(client: TestClient) -> None:
    assert client.get("/clusters/lc-none").status_code == 404
    assert client.get("/api/v1/clusters/lc-none").status_code == 404
    assert "ends before this page" in client.get("/clusters?page=9").text


def test_acts_are_split_and_merged_in_a_browser(acts: Looks) -> None:
    with acts.page() as page:
        page.goto("/review")
        page.fill("#reviewer-name", "Ada")
        page.keyboard.press("Enter")
        page.wait_for_selector("#start")
        page.goto("/clusters")
        page.locator(".acts a").first.click()
        page.wait_for_selector(".report")
        page.locator(".report", has_text="harbour").locator("input[type=checkbox]").check()
        page.fill("#split-note", "another place, another day")
        page.get_by_role("button", name="Split off what is ticked").click()
        page.wait_for_selector(".notice")
        assert "4 decisions kept" in page.locator(".notice").inner_text()
        page.get_by_role("button", name="Work out anew").click()
        page.wait_for_selector(".near li")
        assert page.locator(".report").count() == 4
        page.locator(".near li button").click()
        page.wait_for_selector(".notice")
        assert "= same" in page.locator("#decisions").inner_text()


@pytest.mark.parametrize("name", ["clusters", "cluster", "search", "runs", "run"])
def test_the_pages_are_fit_to_be_seen(seen: Looks, name: str) -> None:
    with seen.page() as page:
        id = page.request.get("/api/v1/clusters").json()["clusters"][0]["id"]
    paths = {
        "clusters": "/clusters",
        "cluster": f"/clusters/{id}",
        "search": "/search?q=shelling+market",
        "runs": "/runs",
        "run": "/runs/1",
    }
    seen.look(paths[name], name, ready="main h1")


# ── search ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_found_in_any_form_and_marked(client: TestClient) -> None:
    found = client.get("/api/v1/search", params={"q": "shelling market -boats"}).json()
    assert (found["total"], found["whole"]) == (4, True)
    assert [one["published"] for one in found["articles"]] == ["2024-03-06", "2024-03-05", "2024-03-04", "2024-03-04"]
    assert [part["text"] for part in found["articles"][0]["snippet"] if part["hit"]] == ["shelled", "market"]
    assert [one["event"]["event"] for one in found["articles"][0]["events"]] == ["ASSAULT"]
    text = client.get("/search", params={"q": '"shelled the harbour"'}).text
    assert (
        "<mark>shelled the harbour</mark>" in text
        or "<mark>shelled</mark> <mark>the</mark> <mark>harbour</mark>" in text
    )


def test_search_is_narrowed_by_day_and_outlet(client: TestClient) -> None:
    def found(**asked: str) -> list[str]:
        answer = client.get("/api/v1/search", params={"q": "shelled"} | asked)
        return [one["id"] for one in answer.json()["articles"]]

    assert found(since="2024-03-05", until="2024-03-05") == ["valley-courier-3.txt"]
    assert found(outlet="coast") == ["coast-daily-2.txt"]
    assert found(until="2024-02") == []
    assert len(found(since="2024-03", until="2024-03")) == 5


@pytest.mark.parametrize("asked", [{}, {"q": "   "}, {"q": "-only"}, {"q": "x", "since": "soon"}])
def test_what_cannot_be_looked_for_is_told(client: TestClient, asked: dict[str, str]) -> None:
    assert client.get("/api/v1/search", params=asked).status_code == 400
    assert client.get("/search", params=asked).status_code in (200, 400)


def test_a_hostile_article_is_shown_as_text(client: TestClient, told: Path) -> None:
    from factories import coded

    with open_store(told) as store:
        article = Article(id="x<b>.txt", text=HOSTILE, title="<i>shelled</i>")
        store_document(
            store, start_run(store, kind="test", inputs=[], coder=CODER), article, coded(HOSTILE, doc_id="x<b>.txt")
        )
    page = client.get("/search", params={"q": "shelled alert"}).text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "<i>" not in page


def test_what_is_marked_is_what_was_found(where: str) -> None:
    with open_store(where) as store:
        run = start_run(store, kind="test", inputs=[], coder=CODER)
        from factories import coded

        for id, text in (
            ("a", "The ministers protested in Málaga."),
            ("b", "A protest was planned."),
            ("c", "Nothing."),
        ):
            store_document(store, run, Article(id=id, text=text), coded(text, doc_id=id))
        found = find_articles(store, "protesting malaga")
        assert [(one.id, [part.text for part in one.snippet if part.hit]) for one in found.articles] == [
            ("a", ["protested", "Málaga"])
        ]
        assert [one.id for one in find_articles(store, "protest", limit=1, offset=1).articles] == ["a"]
        assert find_articles(store, "protest").total == 2
        with pytest.raises(QueryError):
            find_articles(store, "-nothing")


def test_marks_never_come_from_the_text() -> None:
    (parts,) = marked("troops", ["\x02bold\x03 troops\x02"])
    assert [part.text for part in parts if part.hit] == ["troops"]
    assert marked("absent", ["x" * 500])[0][0].text.endswith("…")
    assert holding('"sent troops"', ["sent troops", "troops sent"]) == [True, False]


# ── runs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_runs_tell_what_came_in_and_what_failed(client: TestClient) -> None:
    view = client.get("/api/v1/runs").json()
    assert [(run["kind"], run["stored"], run["failures"]) for run in view["runs"]] == [
        ("cluster", None, 0),
        ("ingest", None, 0),
        ("ingest", 5, 2),
    ]
    assert view["runs"][1]["finished"] is None
    assert view["coders"] == [{"coder": {"lapwing": "0.1.0", "model": "test"}, "documents": 5}]
    run = client.get("/api/v1/runs/1").json()
    assert run["reasons"] == {"it holds no text": 1, "the line is no JSON <b>object</b>": 1}
    assert {one["origin"] for one in run["failures"]} == {"news/empty.txt", "news/all.jsonl, line 7"}
    page = client.get("/runs/1").text
    assert "&lt;b&gt;object&lt;/b&gt;" in page
    assert "line 7" in page
    assert "cut off, or still running" in client.get("/runs").text
    assert client.get("/runs/99").status_code == 404
