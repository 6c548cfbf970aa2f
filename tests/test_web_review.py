"""Review: a queue, decisions with the keyboard, their twin in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from browsing import LOOKS

if TYPE_CHECKING:
    from fastapi.testclient import TestClient
    from playwright.sync_api import Page

    from browsing import Looks

SELECT = """(part) => {
  const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(part);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + part.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return true;
  }
  return false;
}"""


def post(client: TestClient, **asked: Any) -> Any:
    answer = client.post("/api/v1/reviews", json={"reviewer": "Ada"} | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


# ── without a browser ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_decision_is_entered_told_and_taken_back(client: TestClient) -> None:
    queue = client.get("/api/v1/reviews/queue", params={"reviewer": "Ada", "limit": 2}).json()
    first = queue["records"][0]["number"]
    assert queue["records"][0]["priority"] >= queue["records"][1]["priority"]
    review = post(client, action="correct", record=first, field="status", value="hypothetical", note="feared")
    view = client.get(f"/api/v1/reviews/articles/{queue['records'][0]['doc']}", params={"reviewer": "Ada"}).json()
    record = next(one for one in view["records"] if one["number"] == first)
    assert (record["event"]["status"], record["coded"]["status"], record["verdict"]) == (
        "hypothetical",
        "happened",
        "corrected",
    )
    assert [one["field"] for one in record["changed"]] == ["status"]
    seen_by_bo = client.get(f"/api/v1/reviews/articles/{queue['records'][0]['doc']}", params={"reviewer": "Bo"}).json()
    assert next(one for one in seen_by_bo["records"] if one["number"] == first)["event"]["status"] == "happened"
    after = client.get("/api/v1/reviews/queue", params={"reviewer": "Ada"}).json()
    assert after["total"] == queue["total"] - 1
    post(client, action="undo", review=review["seq"])
    told = client.get("/api/v1/reviews").json()["reviews"]
    assert [(one["action"], one["stands"], one["note"]) for one in told] == [
        ("undo", True, None),
        ("correct", False, "feared"),
    ]
    assert client.get("/api/v1/reviews/queue", params={"reviewer": "Ada"}).json()["total"] == queue["total"]


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"action": "accept", "reviewer": "Ada"}, 400, "say which record"),
        ({"action": "accept", "reviewer": "Ada", "record": 999999}, 400, "no record number 999999"),
        ({"action": "accept", "reviewer": "", "record": 1}, 422, "reviewer"),
        ({"action": "love", "reviewer": "Ada"}, 422, "action"),
        ({"action": "correct", "reviewer": "Ada", "record": 1, "field": "id", "value": 1}, 400, "no field"),
        ({"action": "correct", "reviewer": "Ada", "record": 1, "field": "status", "value": {"a": [1]}}, 400, "status"),
        ({"action": "add", "reviewer": "Ada", "article": 1, "value": 7}, 400, "needs trigger"),
        ({"action": "add", "reviewer": "Ada", "article": 99}, 400, "no document"),
        ({"action": "undo", "reviewer": "Ada", "review": 5}, 400, "no review 5"),
        ({"action": "complete", "reviewer": "Ada", "article": 1}, 400, "not judged"),
    ],
)
def test_what_cannot_be_decided_is_told_as_a_problem(client: TestClient, asked: Any, status: int, words: str) -> None:
    answer = client.post("/api/v1/reviews", json=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words in answer.text
    assert client.get("/api/v1/reviews").json() == {"reviews": []}


def test_what_is_not_there_is_a_404(client: TestClient) -> None:
    for path in ("/review/records/99999", "/review/articles/99999", "/api/v1/reviews/articles/99999?reviewer=Ada"):
        assert client.get(path).status_code == 404


def test_agreement_is_told_and_its_faults_too(client: TestClient) -> None:
    answer = client.get("/api/v1/reviews/agreement", params={"a": "Ada", "b": "Bo"})
    assert (answer.status_code, "judged nothing" in answer.text) == (400, True)
    assert "Agreement is that of two" in client.get("/review/agreement").text
    for name in ("Ada", "Bo"):
        post(client, action="accept", record=1, reviewer=name)
    found = client.get("/api/v1/reviews/agreement", params={"a": "Ada", "b": "Bo"}).json()
    assert (found["records"], found["fields"]["kept"]["equal"]) == (1, 1.0)
    assert "1 record judged by both" in client.get("/review/agreement").text


def test_a_name_is_kept_for_the_session_and_is_never_html(client: TestClient) -> None:
    name = "<b>Zoë</b> O'Hara"
    answer = client.post("/review/name", data={"name": name, "to": "https://evil.example/"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    assert "HttpOnly" in answer.headers["set-cookie"]
    page = client.get("/review").text
    assert "&lt;b&gt;Zoë&lt;/b&gt; O&#39;Hara" in page
    assert name not in page


def test_without_a_name_nothing_is_decided(client: TestClient) -> None:
    answer = client.post("/review/records/1/accept", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    assert client.get("/api/v1/reviews").json() == {"reviews": []}
    assert "Begin to review" in client.get("/review/records/1").text


# ── in a browser ──────────────────────────────────────────────────────────────────────────────────────────────────────


def begin(page: Page, name: str = "Ada") -> None:
    page.goto("/review")
    page.fill("#reviewer-name", name)
    page.keyboard.press("Enter")
    page.wait_for_selector("#start")
    page.wait_for_load_state("load")


def decide(page: Page, **asked: Any) -> None:
    token = page.locator('meta[name="csrf"]').get_attribute("content") or ""
    answer = page.request.post("/api/v1/reviews", data=asked, headers={"X-CSRF-Token": token})
    assert answer.ok, answer.text()


def test_a_reviewer_needs_no_mouse(own_workbench: Looks) -> None:
    with own_workbench.page() as page:
        begin(page)
        page.keyboard.press("n")
        page.wait_for_selector("[data-review]")
        page.wait_for_load_state("load")
        first = page.url
        page.keyboard.press("w")
        page.keyboard.type("clear enough")
        page.keyboard.press("Escape")
        page.keyboard.press("a")
        page.wait_for_url(lambda url: url != first)
        second = page.url
        page.keyboard.press("d")
        page.wait_for_url(lambda url: url not in (first, second))
        page.keyboard.press("u")
        page.wait_for_url(second)
        assert page.locator(".record .verdict").count() == 0
        page.keyboard.press("j")
        page.wait_for_url(lambda url: url != second)
        page.keyboard.press("k")
        page.wait_for_url(second)
        told = page.request.get("/api/v1/reviews").json()["reviews"]
        assert [(one["action"], one["reviewer"], one["note"]) for one in reversed(told)] == [
            ("accept", "Ada", "clear enough"),
            ("delete", "Ada", None),
            ("undo", "Ada", None),
        ]


def test_a_field_is_corrected_and_an_event_added_by_selecting_words(own_workbench: Looks) -> None:
    with own_workbench.page() as page:
        begin(page)
        page.keyboard.press("n")
        page.wait_for_selector("[data-review]")
        page.wait_for_load_state("load")
        words = page.locator("#text").inner_text().split(" ")[8].strip('.,"')
        assert page.evaluate(SELECT, words)
        page.keyboard.press("2")
        page.wait_for_selector("[data-row=actors] details[open]")
        page.keyboard.type("chl")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-row=actors] .was")
        page.wait_for_load_state("load")
        row = page.locator("[data-row=actors]").inner_text()
        assert words in row
        assert "CHL" in row
        assert page.evaluate(SELECT, words)
        page.keyboard.press("s")
        page.wait_for_selector("#adding:not([hidden])")
        own_workbench.judge(page, "review-adding-light")
        before = page.url
        page.keyboard.type("PROTEST")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(lambda url: url != before)
        page.wait_for_selector(".verdict.added")
        assert "PROTEST" in page.locator("#record-h").inner_text()
        review = page.request.get("/api/v1/reviews").json()["reviews"][0]
        trigger, article = review["value"]["trigger"], page.locator("[data-review]").get_attribute("data-article")
        text = page.request.get(f"/api/v1/articles/{article}").json()["text"]
        assert text[trigger["start"] : trigger["end"]] == trigger["text"] == words


def test_what_the_server_refuses_is_told_beside_the_form(own_workbench: Looks) -> None:
    with own_workbench.page() as page:
        begin(page)
        page.goto("/review/records/1")
        page.locator("[data-row=date] summary").click()
        page.locator("[data-row=date] [name=value]").fill("next Tuesday")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-row=date] .fault:not(:empty)")
        assert "is no date" in page.locator("[data-row=date] .fault").inner_text()


def test_an_article_is_reviewed_to_its_end(own_workbench: Looks) -> None:
    with own_workbench.page() as page:
        begin(page)
        doc = page.request.get("/api/v1/reviews/queue?reviewer=Ada").json()["records"][0]["doc"]
        records = page.request.get(f"/api/v1/reviews/articles/{doc}?reviewer=Ada").json()["records"]
        for one in records[:-1]:
            decide(page, action="accept", reviewer="Ada", record=one["number"])
        page.goto(f"/review/articles/{doc}")
        assert page.locator("#all .open").count() == 1
        page.keyboard.press("a")
        page.wait_for_selector("#done")
        page.keyboard.press("c")
        page.wait_for_url(lambda url: url.endswith(tuple("0123456789")) and f"/{records[-1]['number']}" not in url)
        (known,) = page.request.get("/api/v1/reviews/progress").json()["articles"]
        assert (known["doc"], known["judged"], known["complete_by"]) == (doc, len(records), ["Ada"])


def test_the_pages_of_the_review_are_fit_to_be_seen(own_workbench: Looks) -> None:
    with own_workbench.page() as page:
        begin(page)
        for name in ("Ada", "Bo"):
            for number in (1, 2, 3):
                decide(page, action="accept", reviewer=name, record=number)
        decide(page, action="correct", reviewer="Ada", record=4, field="status", value="hypothetical", note="feared")
    for look in LOOKS:
        with own_workbench.page(look) as page:
            begin(page)
            for path, name in (
                ("/review", "review"),
                ("/review/records/4", "review-record"),
                ("/review/records/1?others=true", "review-others"),
                ("/review/agreement", "agreement"),
            ):
                page.goto(path)
                page.wait_for_selector("main h1")
                own_workbench.judge(page, f"{name}-{look}")
