"""The table of events: filters, order, pages, views, export, by API and in a browser, without a mouse."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from browsing import Looks


def events(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.get("/api/v1/events", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_events_are_filtered_and_turned_page_by_page(client: TestClient) -> None:
    whole = events(client, size=500)
    assert whole["total"] == len(whole["records"]) == sum(whole["statuses"].values()) > 5
    assert (whole["next"], whole["previous"]) == (None, None)
    denied = events(client, status="denied")
    assert denied["total"] == whole["statuses"]["denied"] > 0
    assert {one["event"]["status"] for one in denied["records"]} == {"denied"}
    numbers, mark = [], None
    while True:
        page = events(client, size=3, order="event", **({"mark": mark} if mark else {}))
        numbers += [one["number"] for one in page["records"]]
        mark = page["next"]
        if mark is None:
            break
    assert sorted(numbers) == sorted(one["number"] for one in whole["records"])
    types = [one["event"]["event"] for one in events(client, size=500, order="event")["records"]]
    assert types == sorted(types)


def test_an_empty_field_of_a_form_asks_for_nothing(client: TestClient) -> None:
    empty = {"actor": "", "since": "", "confidence": "", "min_sources": "", "status": "", "event": ""}
    assert events(client, **empty)["total"] == events(client)["total"]


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"dyad": "RUS"}, 400, "is no dyad"),
        ({"since": "May"}, 400, "is no date"),
        ({"mark": "x"}, 400, "no place in this list"),
        ({"text": "-only"}, 400, "no word to look for"),
        ({"event": "EAT"}, 422, "there is no type"),
        ({"status": "maybe"}, 422, "happened"),
        ({"order": "taste"}, 422, "there is no order"),
        ({"size": 0}, 422, "greater than or equal to 1"),
        ({"confidence": 2}, 422, "less than or equal to 1"),
    ],
)
def test_wrong_questions_are_problems(client: TestClient, asked: dict[str, Any], status: int, words: str) -> None:
    answer = client.get("/api/v1/events", params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words in answer.text


def test_a_page_says_what_is_wrong_with_its_conditions(client: TestClient) -> None:
    answer = client.get("/events", params={"since": "<b>May"})
    assert answer.status_code == 400
    assert "&lt;b&gt;May" in answer.text
    assert "is no date" in answer.text


def test_what_is_shown_is_exported(client: TestClient) -> None:
    answer = client.get("/api/v1/events/export", params={"status": "denied", "format": "csv"})
    assert answer.headers["content-disposition"] == 'attachment; filename="events.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert len(rows) == events(client, status="denied")["total"]
    assert {row["status"] for row in rows} == {"denied"}
    plain = client.get("/events/export", params={"format": "gdelt"})
    assert "gdelt holds no status" in plain.headers["x-lapwing-lost"]


def test_exports_are_not_for_asking_without_end(client: TestClient) -> None:
    answers = [client.get("/api/v1/events/export", params={"status": "denied"}).status_code for _ in range(13)]
    assert answers == [200] * 12 + [429]


def test_views_are_kept(client: TestClient) -> None:
    kept = client.put("/api/v1/views/Denials", json={"page": "events", "query": "status=denied"})
    assert (kept.status_code, kept.json()["name"]) == (200, "Denials")
    assert [view["query"] for view in client.get("/api/v1/views").json()["views"]] == ["status=denied"]
    assert '<a href="/events?status=denied">Denials</a>' in client.get("/events").text
    assert client.delete("/api/v1/views/Denials").status_code == 204
    assert client.delete("/api/v1/views/Denials").status_code == 400
    assert client.put("/api/v1/views/x", json={"page": "elsewhere"}).status_code == 422


def test_the_table_is_fit_to_be_seen(workbench: Looks) -> None:
    workbench.look("/events", "events", ready="table.events")


def test_an_analyst_filters_sorts_keeps_and_opens_without_a_mouse(own_workbench: Looks) -> None:
    with own_workbench.page() as page:
        page.goto("/events")
        page.focus("#ask-actor")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector("details.several[open] input[name=status]")
        page.focus("input[name=status][value=denied]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_url("**/events?status=denied**")
        assert "actor=" not in page.url
        assert set(page.locator(".record .status").all_inner_texts()) == {"⊘ denied"}
        page.focus("thead th:nth-child(9) a")
        page.keyboard.press("Enter")
        page.wait_for_url("**order=-confidence**")
        assert page.locator("th[aria-sort=descending]").inner_text().startswith("Sure")
        page.focus(".head details.menu summary")
        page.keyboard.press("Enter")
        page.fill("#view-name", "Denials")
        page.keyboard.press("Enter")
        page.wait_for_selector(".head summary:has-text('Views (1)')")
        page.focus(".record >> nth=0")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.activeElement === document.querySelectorAll('.record')[1]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/articles/*")
