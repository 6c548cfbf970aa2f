"""The page of an article: its pieces are its text, whatever overlaps; what is pointed at lights up; reasons are told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

import factories
from lapwing.records import Article, Coder, Published, RepairStep
from lapwing.review.deciding import correct, delete
from lapwing.store import open_store, start_run, store_document
from lapwing.web.app import create_app
from lapwing.web.pages.article import ArticleView, Omitted, ShownEvent, pieces_of

if TYPE_CHECKING:
    from browsing import Looks

EXAMPLES = Path(__file__).parent.parent / "examples"

TEXT = "Peru denied that Chile had attacked Lima, Quito said on Monday."

CODER = Coder(lapwing="0", model="test")


def view_of(
    text: str, *told: dict[str, Any], repairs: tuple[RepairStep, ...] = (), omitted: tuple[Omitted, ...] = ()
) -> ArticleView:
    events = factories.coded(text, *told).events
    return ArticleView(
        number=1,
        key="",
        id="a",
        title=None,
        outlet=None,
        url=None,
        lang="en",
        sha256="",
        length=len(text),
        run=1,
        stored=None,
        coder=CODER,
        older=False,
        published=Published(value=None, basis=None, reason=""),
        text=text,
        repairs=repairs,
        omitted=omitted,
        events=tuple(
            ShownEvent(number=n, status="", act=None, record=event) for n, event in enumerate(events, start=1)
        ),
    )


def step(start: int, end: int, before: str, after: str) -> RepairStep:
    return RepairStep(kind="glued-word", start=start, end=end, before=before, after=after, reason="two words")


# ── pieces ──


def test_pieces_know_their_records_and_roles() -> None:
    view = view_of(
        TEXT, {"trigger": "attacked", "actors": [("Chile", "CHL", "GOV")], "recipients": [("Lima", "PER", None)]}
    )
    marked = [(piece.text, piece.marks, piece.role) for piece in pieces_of(view) if piece.marks]
    assert marked == [
        ("Chile", ((1, "actor"),), "actor"),
        ("attacked", ((1, "trigger"),), "trigger"),
        ("Lima", ((1, "recipient"),), "recipient"),
    ]


def test_spans_that_overlap_are_cut_where_they_do() -> None:
    view = view_of(
        TEXT,
        {"trigger": "had attacked", "actors": [("Chile had", "CHL", "GOV")]},
        {"trigger": "attacked Lima", "cue": "denied", "actors": [("Peru", "PER", None)]},
    )
    pieces = {piece.text: piece for piece in pieces_of(view) if piece.marks}
    assert list(pieces) == ["Peru", "denied", "Chile ", "had", " ", "attacked", " Lima"]
    assert pieces["had"].marks == ((1, "trigger"), (1, "actor"))
    assert pieces["attacked"].marks == ((1, "trigger"), (2, "trigger"))
    assert (pieces["had"].begins, pieces["attacked"].begins, pieces["attacked"].ends) == ((1,), (2,), (1,))
    assert pieces[" Lima"].ends == (2,)


def test_two_records_of_one_trigger_share_its_piece() -> None:
    view = view_of(TEXT, {"trigger": "attacked"}, {"trigger": "attacked"})
    (piece,) = [piece for piece in pieces_of(view) if piece.marks]
    assert (piece.begins, piece.ends) == ((1, 2), (1, 2))


def test_repairs_and_omissions_are_marked_also_where_nothing_was_before() -> None:
    repairs = (step(0, 4, "Peru", "PERU"), step(11, 11, "", " "), step(len(TEXT), len(TEXT), "", "."))
    omitted = (Omitted(start=42, end=len(TEXT), reason="French", lang="fr"),)
    pieces = pieces_of(view_of(TEXT, repairs=repairs, omitted=omitted))
    assert [(piece.text, piece.repairs) for piece in pieces if piece.repairs] == [
        ("Peru", (1,)),
        ("", (2,)),
        ("", (3,)),
    ]
    assert [(piece.text, piece.omitted, piece.omission_begins) for piece in pieces if piece.omitted] == [
        ("Quito said on Monday.", "French", True)
    ]
    assert "".join(piece.text for piece in pieces) == TEXT


spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair)))


@given(
    text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=40),
    repaired=st.lists(spans, max_size=6),
    left_out=st.lists(spans, max_size=3),
    triggers=st.lists(spans, max_size=5),
)
def test_the_pieces_together_are_the_text(
    text: str, repaired: list[tuple[int, int]], left_out: list[tuple[int, int]], triggers: list[tuple[int, int]]
) -> None:
    within = [(start, min(end, len(text))) for start, end in triggers if start < min(end, len(text))]
    view = view_of(
        text,
        *({"trigger": text[start:end]} for start, end in within),
        repairs=tuple(step(start, end, "", "") for start, end in repaired if end <= len(text)),
        omitted=tuple(
            Omitted(start=start, end=end, reason="", lang=None) for start, end in left_out if end <= len(text)
        ),
    )
    pieces = pieces_of(view)
    assert "".join(piece.text for piece in pieces) == text
    for shown in view.events:
        own = "".join(piece.text for piece in pieces if (shown.number, "trigger") in piece.marks)
        assert own == shown.record.trigger.text


def test_many_repairs_take_time_in_proportion() -> None:
    text = "a " * 50_000
    repairs = tuple(step(n, n + 1, " ", "") for n in range(1, 100_000, 2))
    assert len(pieces_of(view_of(text, repairs=repairs))) == 100_000


# ── the page ──


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    """A store with an article that is written to harm, and one whose text was not kept."""
    hostile = (
        '</div><script>alert(1)</script> Peru \x1b[31mvisited\x00 Chile & "Lima"\r\n\r\n<img src=x onerror=alert(2)>'
    )
    path = tmp_path / "a.duckdb"
    with open_store(path) as store:
        run = start_run(store, kind="test", inputs=(), coder=CODER)
        for text, keep in ((hostile, True), (TEXT, False)):
            coded = factories.coded(
                text,
                {
                    "trigger": "visited" if keep else "attacked",
                    "actors": [("Peru", "PER", "GOV")],
                    "status": "denied" if keep else "happened",
                    "source": None if keep else ("Quito", "ECU", "indirect", "said"),
                },
                doc_id="kept" if keep else "not-kept",
            )
            article = Article(id="<b>name</b>", text=text, url="javascript:alert(3)")
            store_document(store, run, article, coded, keep_text=keep)
    return TestClient(
        create_app(path, code=factories.code_by_rote), base_url="http://127.0.0.1", follow_redirects=False
    )


def test_a_hostile_text_is_shown_and_not_obeyed(client: TestClient) -> None:
    page = client.get("/articles/1").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b>name" not in page
    assert 'href="javascript' not in page
    assert "\x1b" not in page
    assert "\x00" not in page
    assert "␛" in page


def test_status_and_source_are_told_in_words(client: TestClient) -> None:
    assert "denied, the article says" in client.get("/articles/1").text
    assert "happened, says Quito (ECU)" in client.get("/articles/2").text


def test_an_article_without_its_text_shows_what_its_records_quote(client: TestClient) -> None:
    page = client.get("/articles/2").text
    assert "was not kept" in page
    assert "Peru denied that Chile had attacked Lima" in page
    assert client.get("/api/v1/articles/2").json()["text"] is None


def test_another_version_is_told(client: TestClient) -> None:
    assert "written by another version" in client.get("/articles/1").text
    assert client.get("/api/v1/articles/1").json()["older"] is True


def test_a_record_has_an_address_and_reasons(client: TestClient) -> None:
    id = client.get("/api/v1/articles/1").json()["events"][0]["record"]["id"]
    assert client.get(f"/records/{id}").headers["location"] == "/articles/1#event-1"
    why = client.get(f"/api/v1/records/{id}").json()["why"]
    assert {"field": "event", "value": "CONSULT", "because": ["codebook 0.90: visited is a trigger"]} in why
    assert "visited is a trigger" in client.get(f"/records/{id}/why").text
    part = client.get(f"/records/{id}/why", headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert client.get("/records/nothing").status_code == client.get("/api/v1/records/nothing").status_code == 404


def test_what_reviewers_decided_is_shown_beside_what_was_read(client: TestClient) -> None:
    with client.app.state.workbench.store.writing() as store:  # type: ignore[attr-defined]
        correct(store, 1, "status", "happened", by="Ada")
        delete(store, 2, by="Ada", note="no act")
    (shown,) = client.get("/api/v1/articles/1").json()["events"]
    assert (shown["record"]["status"], shown["coded"]["status"]) == ("happened", "denied")
    assert shown["verdicts"] == {"Ada": "corrected"}
    page = client.get("/articles/1").text
    assert "happened, the article says" in page
    assert 'title="corrected by Ada"' in page
    (gone,) = client.get("/api/v1/articles/2").json()["events"]
    assert (gone["deleted"], gone["verdicts"]) == (True, {"Ada": "deleted"})
    assert 'class="event deleted"' in client.get("/articles/2").text
    assert client.get(f"/records/{gone['record']['id']}").status_code == 302


# ── in a browser ──


def number_of(looks: Looks, name: str) -> int:
    import httpx2

    for number in range(1, 10):
        told = httpx2.get(f"{looks.address}/api/v1/articles/{number}").json()
        if told.get("id", "").endswith(name):
            return number
    raise AssertionError(name)


@pytest.mark.parametrize("name", ["denials", "summit", "casualties"])
def test_the_page_is_fit_to_be_seen(workbench: Looks, name: str) -> None:
    workbench.look(f"/articles/{number_of(workbench, f'{name}.txt')}", f"article-{name}", ready=".event")


@pytest.mark.parametrize("name", ["denials", "summit", "protest"])
def test_what_is_shown_is_the_text_as_given(workbench: Looks, name: str) -> None:
    with workbench.page() as page:
        page.goto(f"/articles/{number_of(workbench, f'{name}.txt')}")
        assert page.evaluate("document.getElementById('text').textContent") == (EXAMPLES / f"{name}.txt").read_text()


def test_pointing_at_one_lights_the_other(workbench: Looks) -> None:
    with workbench.page() as page:
        page.goto(f"/articles/{number_of(workbench, 'denials.txt')}")
        page.hover("#event-1")
        assert "trigger" in page.eval_on_selector_all("[data-lit]", "found => found.map(one => one.dataset.lit)")
        assert page.locator("[data-lit-tag='act']").count() == 1
        page.mouse.move(0, 0)
        assert page.locator("[data-lit]").count() == 0
        page.hover("#trigger-2")
        assert page.eval_on_selector_all(".event.lit", "found => found.map(one => one.dataset.n)") == ["2"]


def test_nothing_moves_when_an_event_is_picked(workbench: Looks) -> None:
    places = (
        "[...document.querySelectorAll('#text .p')].map(one => one.getBoundingClientRect()).map(at => [at.x, at.y])"
    )
    with workbench.page(viewport={"width": 1280, "height": 2000}) as page:
        page.goto(f"/articles/{number_of(workbench, 'denials.txt')}")
        before = page.evaluate(places)
        page.keyboard.press("j")
        assert page.locator("[data-lit-tag]").count() > 1
        assert page.evaluate(places) == before


def test_the_keyboard_does_all_of_it(workbench: Looks) -> None:
    with workbench.page() as page:
        page.goto(f"/articles/{number_of(workbench, 'denials.txt')}")
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert page.get_attribute("#event-2 .pick", "aria-pressed") == "true"
        assert page.locator("[data-lit='trigger']").count() >= 1
        assert "Event 2" in page.inner_text("#said")
        page.keyboard.press("k")
        assert page.get_attribute("#event-1 .pick", "aria-pressed") == "true"
        page.keyboard.press("Escape")
        assert page.locator("[data-lit]").count() == 0
        page.focus("#trigger-3")
        assert page.locator("#event-3.lit").count() == 1
        page.keyboard.press("Enter")
        assert page.get_attribute("#event-3 .pick", "aria-pressed") == "true"
        workbench.judge(page, "article-picked-light")


def test_single_letters_can_be_turned_off(workbench: Looks) -> None:
    with workbench.page() as page:
        page.goto(f"/articles/{number_of(workbench, 'denials.txt')}")
        switch = page.get_by_role("button", name="Single letters as shortcuts")
        switch.click()
        assert switch.get_attribute("aria-pressed") == "false"
        page.keyboard.press("j")
        assert page.locator(".event.picked").count() == 0
        page.reload()
        page.keyboard.press("j")
        assert page.locator(".event.picked").count() == 0
        switch.click()
        page.keyboard.press("j")
        assert page.locator(".event.picked").count() == 1


def test_why_is_told_where_it_is_asked(workbench: Looks) -> None:
    with workbench.page() as page:
        page.goto(f"/articles/{number_of(workbench, 'denials.txt')}#event-1")
        page.click("#event-1 summary")
        page.wait_for_selector("#event-1 .why-table")
        assert "status" in page.inner_text("#event-1 .why-table")
        workbench.judge(page, "article-why-light")


def test_it_can_be_read_without_scripts(workbench: Looks) -> None:
    with workbench.page(java_script_enabled=False) as page:
        page.goto(f"/articles/{number_of(workbench, 'denials.txt')}")
        page.click("#trigger-2")
        assert page.url.endswith("#event-2")


def test_the_switch_of_colours_is_remembered(workbench: Looks) -> None:
    with workbench.page() as page:
        page.goto("/")
        page.click("[data-theme-switch]")
        page.click("[data-theme-switch]")
        assert page.get_attribute("html", "data-theme") == "dark"
        page.reload()
        assert page.get_attribute("html", "data-theme") == "dark"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 22, 20)"
