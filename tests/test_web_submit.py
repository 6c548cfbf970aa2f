"""The first page: pasting, uploading, fetching; what is hostile is refused, and what takes longer shows how far it is."""

from __future__ import annotations

import gzip
import io
import re
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from factories import code_by_rote
from lapwing.coding import Code
from lapwing.errors import SourceError
from lapwing.records import Article, CodedDocument
from lapwing.settings import Settings
from lapwing.store import open_store
from lapwing.web.app import create_app
from lapwing.web.pages.submit import refuse_bomb
from lapwing.web.settings import WebSettings
from served import Site, page, serving

if TYPE_CHECKING:
    from browsing import Looks

EXAMPLES = Path(__file__).parent.parent / "examples"

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;">]>
<rss version="2.0"><channel><title>&h;</title><item><title>&h;</title><description>&h;</description></item></channel></rss>"""


def running(path: Path, *, code: Code = code_by_rote, reading: Settings | None = None, **settings: Any) -> TestClient:
    app = create_app(
        path / "a.duckdb", code=code, reading=reading or Settings(robots=False), settings=WebSettings(**settings)
    )
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with running(tmp_path) as started:
        yield started


def over(client: TestClient, id: str) -> dict[str, Any]:
    """A submission when it is over."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        told: dict[str, Any] = client.get(f"/api/v1/submissions/{id}").json()
        if told["state"] in ("done", "failed", "stopped"):
            return told
        time.sleep(0.02)
    raise AssertionError(f"not over: {told}")


def upload(client: TestClient, *files: tuple[str, bytes], **fields: str) -> dict[str, Any]:
    answer = client.post("/api/v1/submissions/files", files=[("files", file) for file in files], data=fields)
    assert answer.status_code == 202, answer.text
    return over(client, answer.json()["id"])


def article_at(client: TestClient, where: str) -> dict[str, Any]:
    """The article that one is led to, at once or when it is coded."""
    if where.startswith("/submissions/"):
        where = f"/articles/{over(client, where.removeprefix('/submissions/'))['told'][0]['number']}"
    found: dict[str, Any] = client.get(f"/api/v1{where}").json()
    return found


# ── pasting ──


def test_a_pasted_article_is_coded_stored_and_shown(client: TestClient) -> None:
    text = "Peru met Chile.\r\nAnd that was <b>all</b>."
    answer = client.post("/submit/text", data={"text": text, "published": "2023-05-03", "outlet": "The Post"})
    assert answer.status_code == 303
    article = article_at(client, answer.headers["location"])
    assert article["text"] == "Peru met Chile.\nAnd that was <b>all</b>."
    assert (article["published"]["value"], article["events"][0]["record"]["trigger"]["text"]) == ("2023-05-03", "Peru")


def test_the_same_text_again_is_the_same_article(client: TestClient) -> None:
    first, second = (client.post("/submit/text", data={"text": "Peru met Chile."}) for _ in range(2))
    assert article_at(client, first.headers["location"])["number"] == 1
    assert article_at(client, second.headers["location"])["number"] == 1


def test_a_program_pastes_and_is_told_the_number(client: TestClient) -> None:
    told = over(client, client.post("/api/v1/submissions/text", json={"text": "Peru met Chile."}).json()["id"])
    assert (told["state"], told["records"], told["told"][0]["number"]) == ("done", 1, 1)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"text": " \n "}, "the article is empty"),
        ({"text": "word " * 50_000}, "too long for one article"),
        ({"text": "Peru met Chile.", "published": "yesterday"}, "is not an ISO 8601 date"),
    ],
)
def test_what_is_no_article_is_told_beside_what_was_given(
    client: TestClient, given: dict[str, str], words: str
) -> None:
    answer = client.post("/submit/text", data={"outlet": "The <Post>"} | given)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "The &lt;Post&gt;" in answer.text


def test_a_text_that_cannot_be_coded_is_told_with_the_reason(client: TestClient) -> None:
    told = client.post("/api/v1/submissions/text", json={"text": "fail"}).json()
    assert (told["failed"], told["told"][0]["reason"]) == (1, "there is nothing in it")
    broken = client.post("/api/v1/submissions/text", json={"text": "break"}).json()
    assert "Please report this" in broken["told"][0]["reason"]


def test_what_was_typed_reaches_the_page_as_text_only(client: TestClient) -> None:
    hostile = '<script>alert(1)</script> "><img src=x onerror=alert(2)>'
    answer = client.post("/submit/text", data={"text": hostile, "title": hostile, "outlet": hostile})
    number = article_at(client, answer.headers["location"])["number"]
    shown = client.get(f"/articles/{number}").text + client.get("/").text
    assert "<script>alert" not in shown
    assert "<img" not in shown


# ── files ──


def test_several_files_are_read_under_their_names(client: TestClient) -> None:
    told = upload(
        client, ("a.txt", b"Peru met Chile."), ("news/b.jsonl", b'{"id": "one", "text": "Lima met Quito."}\n')
    )
    assert (told["state"], told["stored"], told["failed"]) == ("done", 2, 0)
    assert told["told"][0]["where"] == "a.txt"
    assert client.get("/api/v1/articles/2").json()["text"] == "Lima met Quito."


def test_a_name_leads_nowhere(client: TestClient) -> None:
    told = upload(client, ("../../etc/passwd", b"Peru met Chile."), ("http://127.0.0.1/x", b"Lima met Quito."))
    assert (told["stored"], told["failed"]) == (2, 0)


def test_bad_files_are_told_and_the_others_read(client: TestClient) -> None:
    told = upload(client, ("a.txt", b""), ("b.txt", b"\x89PNG\r\n\x1a\n\x00"), ("c.txt", b"Peru met Chile."))
    assert (told["stored"], told["failed"]) == (1, 2)
    assert "PNG" in told["told"][1]["reason"]
    with open_store(client_store(client)) as store:
        assert len(store.engine.rows("SELECT * FROM failures")) == 2


def client_store(client: TestClient) -> str:
    """The path of the store, let go."""
    shared = client.app.state.workbench.store  # type: ignore[attr-defined]
    shared.let_go_if_idle(idle_s=0)
    return str(shared.where)


def test_nothing_of_an_upload_is_left_behind(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    upload(client, ("a.txt", b"Peru met Chile."))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_nothing_of_an_upload_that_still_waits_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    go_on = threading.Event()

    def slow(article: Article) -> CodedDocument:
        assert go_on.wait(20)
        return code_by_rote(article)

    with running(tmp_path, code=slow) as client:
        many = [("files", (f"{n}.txt", b"Peru met Chile %d." % n)) for n in range(2)]
        for _ in range(3):
            client.post("/api/v1/submissions/files", files=many)
        assert len(list((tmp_path / "temporary").iterdir())) == 3
        threading.Timer(0.2, go_on.set).start()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_too_many_files_and_none_are_refused(tmp_path: Path) -> None:
    with running(tmp_path, max_files=2) as client:
        files = [("files", (f"{n}.txt", b"Peru met Chile.")) for n in range(3)]
        answer = client.post("/api/v1/submissions/files", files=files)
        assert (answer.status_code, answer.json()["detail"]) == (422, "3 files: at most 2 may be sent at once.")
        assert client.post("/submit/files", data={"published": "2022"}).status_code == 422


def test_more_articles_than_may_be_are_left_out_and_told(tmp_path: Path) -> None:
    lines = b"".join(b'{"id": "%d", "text": "Peru met Chile, %d."}\n' % (n, n) for n in range(5))
    with running(tmp_path, max_articles=3) as client:
        told = upload(client, ("many.jsonl", lines))
    assert (told["stored"], told["failed"]) == (3, 1)
    assert "more than 3 articles" in told["told"][-1]["reason"]


# ── what is made to harm ──


def zipped(name: str, body: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
        archive.writestr("[Content_Types].xml", b"")
    return held.getvalue()


HARMFUL: dict[str, Callable[[], bytes]] = {
    "bomb.docx": lambda: zipped("word/document.xml", b"\0" * 300_000_000),
    "bomb.zip": lambda: zipped("a.txt", b"a" * 10_000_000),
    "laughs.docx": lambda: zipped("word/document.xml", BILLION_LAUGHS),
    "laughs.xml": lambda: BILLION_LAUGHS,
    "laughs.rss": lambda: BILLION_LAUGHS,
    "deep.html": lambda: b"<div>" * 200_000,
    "twice.txt.gz": lambda: gzip.compress(gzip.compress(b"Peru met Chile.")),
    "zeros.txt.gz": lambda: gzip.compress(b"\0" * 50_000_000),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_what_is_made_to_harm_is_refused_in_good_time(client: TestClient, name: str) -> None:
    body = HARMFUL[name]()
    began = time.process_time()
    told = upload(client, (name, body), ("good.txt", b"Peru met Chile."))
    assert time.process_time() - began < 10
    assert told["stored"] == 1, told
    assert all("haha" not in str(one) for one in told["told"])


def test_a_packed_bomb_is_not_unpacked_further_than_to_know_it(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"\0" * 20_000_000))
    refuse_bomb(path, limit=20_000_000)
    with pytest.raises(SourceError, match="hostile"):
        refuse_bomb(path, limit=19_999_999)
    path.write_bytes(b"\x1f\x8bno gzip at all")
    refuse_bomb(path)


# ── addresses ──


def test_an_address_is_fetched(tmp_path: Path) -> None:
    with serving() as site, running(tmp_path, reading=Settings(allow_private=True, robots=False)) as client:
        address = site.serve("/news", page("Peru met Chile on Monday. " * 20))
        answer = client.post("/submit/addresses", data={"addresses": f"\n {address} \n"})
        assert answer.status_code == 303
        assert article_at(client, answer.headers["location"])["id"] == address


def test_the_local_network_is_not_fetched(client: TestClient) -> None:
    with serving() as site:
        address = site.serve("/news", page("Peru met Chile."))
        told = client.post("/api/v1/submissions/addresses", json={"addresses": [address]}).json()
        assert over(client, told["id"])["failed"] == 1
        assert asked(site) == []


def asked(site: Site) -> list[str]:
    return [path for path, _ in site.asked]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "/etc/passwd", "ftp://a.example", "-", ""])
def test_only_addresses_of_the_web_are_fetched(client: TestClient, address: str) -> None:
    assert client.post("/submit/addresses", data={"addresses": address}).status_code == 422
    assert client.post("/api/v1/submissions/addresses", json={"addresses": [address]}).status_code == 422


# ── many ──


def test_many_show_how_far_they_are_and_can_be_stopped(tmp_path: Path) -> None:
    going, go_on = threading.Event(), threading.Event()

    def slow(article: Article) -> CodedDocument:
        going.set()
        assert go_on.wait(20)
        return code_by_rote(article)

    lines = b"".join(b'{"id": "%d", "text": "Peru met Chile, %d."}\n' % (n, n) for n in range(50))
    with running(tmp_path, code=slow) as client:
        files = [("files", ("many.jsonl", lines)), ("files", ("more.txt", b"Lima met Quito."))]
        id = client.post("/api/v1/submissions/files", files=files).json()["id"]
        assert going.wait(20)
        shown = client.get(f"/submissions/{id}/progress").text
        assert "Reading: 0 articles so far" in shown
        assert "hx-get" in shown
        assert client.get("/api/v1/submissions?limit=1").json()[0]["state"] == "running"
        assert client.get("/articles/1").status_code == 404
        client.post(f"/submissions/{id}/stop")
        go_on.set()
        told = over(client, id)
        assert told["state"] == "stopped"
        assert told["stored"] < 51
        assert "hx-get" not in client.get(f"/submissions/{id}/progress").text


def test_more_submissions_than_may_wait_are_refused(tmp_path: Path) -> None:
    go_on = threading.Event()

    def slow(article: Article) -> CodedDocument:
        assert go_on.wait(20)
        return code_by_rote(article)

    with running(tmp_path, code=slow, max_waiting=1) as client:
        many = [("files", (f"{n}.txt", b"Peru met Chile %d." % n)) for n in range(2)]
        answers = [client.post("/api/v1/submissions/files", files=many).status_code for _ in range(4)]
        go_on.set()
    assert answers[0] == 202
    assert answers[-1] == 429


def test_a_submission_that_is_not_known_is_told(client: TestClient) -> None:
    assert client.get("/submissions/nothing").status_code == 404
    assert client.post("/api/v1/submissions/nothing/stop").status_code == 404


def test_the_example_is_one_of_the_examples() -> None:
    static = Path(__file__).parent.parent / "src" / "lapwing" / "web" / "static"
    assert (static / "example.txt").read_text() == (EXAMPLES / "denials.txt").read_text()


def test_the_store_may_be_in_postgresql(schema: str) -> None:
    app = create_app(schema, code=code_by_rote)
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        answer = client.post("/submit/text", data={"text": "Peru met Chile."})
        assert article_at(client, answer.headers["location"])["text"] == "Peru met Chile."
        assert "PostgreSQL" in client.get("/articles/1").text


# ── in a browser ──


def test_the_first_page_is_fit_to_be_seen(workbench: Looks) -> None:
    workbench.look("/", "submit")


def test_a_newcomer_reads_the_example_without_a_mouse(own_workbench: Looks) -> None:
    from playwright.sync_api import expect

    with own_workbench.page() as page:
        page.goto("/")
        page.get_by_role("button", name="Fill in an example").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#text")).to_have_value(re.compile("Serbia"))
        page.keyboard.press("Control+Enter")
        page.wait_for_url("**/articles/*", timeout=60_000)
        assert "denied by" in page.inner_text(".events")


def test_a_folder_of_files_is_read_with_progress(own_workbench: Looks, tmp_path: Path) -> None:
    for n in range(3):
        (tmp_path / f"{n}.txt").write_text(f"Peru's president visited Chile on Monday, for the {n + 2}th time.")
    with own_workbench.page() as page:
        page.goto("/")
        page.set_input_files("#files", [tmp_path / f"{n}.txt" for n in range(3)])
        page.get_by_role("button", name="Upload and read").click()
        page.wait_for_url("**/submissions/*")
        page.get_by_text("Done: 3 articles").wait_for(timeout=60_000)
        own_workbench.judge(page, "progress-light")
        page.get_by_role("link", name="1.txt").click()
        page.wait_for_url("**/articles/*")


DROP = """(names) => {
    const dropped = new DataTransfer();
    for (const name of names) dropped.items.add(new File([`Peru met Chile, says ${name}.`], name, {type: "text/plain"}));
    const form = document.querySelector("[data-drop]");
    form.dispatchEvent(new DragEvent("drop", {dataTransfer: dropped, bubbles: true, cancelable: true}));
}"""


def test_files_may_be_dropped(own_workbench: Looks) -> None:
    with own_workbench.page() as page:
        page.goto("/")
        page.evaluate(DROP, ["one.txt", "two.txt"])
        page.wait_for_url("**/submissions/*")
        page.get_by_text("Done: 2 articles").wait_for(timeout=60_000)


def test_what_a_hostile_article_carries_does_not_run(own_workbench: Looks) -> None:
    hostile = "Peru's president visited Chile on Monday. <script>document.title = 'taken'</script><img src=x onerror=alert(1)>"
    with own_workbench.page() as page:
        page.goto("/")
        page.fill("#text", hostile)
        page.get_by_role("button", name="Read it").click()
        page.wait_for_url("**/articles/*", timeout=60_000)
        assert page.evaluate("document.getElementById('text').textContent") == hostile
        assert page.locator("#text img, #text script").count() == 0
        assert "taken" not in page.title().split(" · ")


def test_the_policy_stops_a_script_that_got_in_all_the_same(own_workbench: Looks) -> None:
    with own_workbench.browser.new_context(base_url=own_workbench.address) as context:
        page = context.new_page()
        page.goto("/")
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "window.taken = true";
                document.body.append(script);
                document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.taken = true'>");
            }"""
        )
        page.wait_for_timeout(300)
        assert page.evaluate("window.taken") is None
