"""What stands between the network and the pages of the workbench: hosts, origins, sizes, tokens, and how it says no."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter, HTTPException
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from factories import code_by_rote
from lapwing import errors
from lapwing.cli import app
from lapwing.store import open_store
from lapwing.web.app import create_app
from lapwing.web.errors import STATUSES, status_of
from lapwing.web.guards import HEADERS, SESSION
from lapwing.web.keys import SESSION_S, Keys
from lapwing.web.pages import PAGES
from lapwing.web.serving import _listening, announcement, token_for
from lapwing.web.settings import WebSettings
from lapwing.web.workbench import Page, Reading

HOME = "http://127.0.0.1"

TOKEN = "a token of some length"

BROWSER = {"Origin": HOME, "Sec-Fetch-Site": "same-origin"}

FAULTY = APIRouter()


@FAULTY.get("/break")
def break_down() -> None:
    raise RuntimeError("a secret of the inside")


@FAULTY.get("/api/v1/raise/{name}")
def raise_it(name: str) -> None:
    raise getattr(errors, name)("what happened, and what to do")


@FAULTY.get("/raise")
def raise_hostile() -> None:
    raise errors.SourceError("<script>alert(1)</script>")


@FAULTY.get("/rows")
def ask_store(store: Reading) -> dict[str, int]:
    return {"runs": len(store.engine.rows("SELECT * FROM runs"))}


@FAULTY.post("/api/v1/change")
def change() -> dict[str, str]:
    return {"changed": "yes"}


def serving(path: Path, **settings: Any) -> TestClient:
    pages = (*PAGES, Page(html=FAULTY, api=APIRouter()))
    workbench = create_app(path / "a.duckdb", code=code_by_rote, settings=WebSettings(**settings), pages=pages)
    return TestClient(workbench, base_url=HOME, follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with serving(tmp_path) as running:
        yield running


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[TestClient]:
    with serving(tmp_path, token=TOKEN, host="0.0.0.0") as running:
        yield running


def csrf(client: TestClient, path: str = "/") -> str:
    found = re.search(r'<meta name="csrf" content="(\w+)">', client.get(path).text)
    assert found is not None
    return found[1]


# ── headers ──


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/break", "/api/v1/nothing", "/static/lapwing.js", "/static/nothing.js", "/raise"]
)
def test_every_answer_keeps_scripts_and_frames_out(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_no_template_holds_what_the_policy_refuses() -> None:
    templates = Path(__file__).parent.parent / "src" / "lapwing" / "web" / "templates"
    for template in templates.glob("*.html"):
        text = template.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<style", text), template.name
        assert "|safe" not in text.replace(" ", ""), template.name
        inline = [
            tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag and "application/json" not in tag
        ]
        assert inline == [], template.name
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text), template.name


def test_static_files_are_kept_under_an_address_that_changes_with_them(client: TestClient) -> None:
    address = re.search(r'href="(/static/lapwing.css\?v=\w+)"', client.get("/").text)
    assert address is not None
    assert "immutable" in client.get(address[1]).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/lapwing.css").headers["Cache-Control"]
    assert client.get("/static/../app.py").status_code == 404


# ── host ──


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8765", 200),
        ("localhost:8765", 200),
        ("[::1]:8765", 200),
        ("192.168.7.1", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("", 421),
        ("[", 421),
        ("evil.example@127.0.0.1", 421),
        ("127.0.0.1/evil.example", 421),
    ],
)
def test_a_name_that_is_not_ours_is_refused(client: TestClient, host: str, status: int) -> None:
    assert client.get("/", headers={"Host": host}).status_code == status


def test_a_name_may_be_allowed(tmp_path: Path) -> None:
    with serving(tmp_path, hosts=("news.example",)) as client:
        assert client.get("/", headers={"Host": "news.example"}).status_code == 200


# ── change ──


def test_a_change_from_our_own_page_goes_through(client: TestClient) -> None:
    token = csrf(client)
    answer = client.post("/api/v1/change", headers=BROWSER | {"X-CSRF-Token": token})
    assert answer.json() == {"changed": "yes"}
    assert client.post("/api/v1/change", headers=BROWSER, data={"csrf": token}).status_code == 200


def test_a_change_from_a_program_goes_through(client: TestClient) -> None:
    assert client.post("/api/v1/change").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "null"},
        {"Origin": HOME},
        {"Origin": HOME, "X-CSRF-Token": "wrong"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Referer": "http://evil.example/"},
        {"Cookie": "a=b"},
    ],
)
def test_a_change_from_elsewhere_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/api/v1/change", headers=headers)
    assert answer.status_code == 403
    assert answer.json()["detail"]


def test_another_origin_is_refused_even_with_the_token(client: TestClient) -> None:
    headers = {"Origin": "http://evil.example", "X-CSRF-Token": csrf(client)}
    assert client.post("/api/v1/change", headers=headers).status_code == 403


# ── body ──


def test_a_request_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with serving(tmp_path, max_body_bytes=1000) as client:
        assert client.post("/submit/text", data={"text": "a" * 2000}).status_code == 413
        assert client.post("/api/v1/change", content=b"", headers={"Content-Length": "-5"}).status_code in (400, 413)


def test_a_request_that_does_not_say_its_size_is_broken_off(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(100):
            yield b'{"text": "' + b"a" * 100

    with serving(tmp_path, max_body_bytes=1000) as client:
        answer = client.post("/api/v1/submissions/text", content=pieces(), headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


def test_uploads_may_be_larger_than_other_requests(tmp_path: Path) -> None:
    with serving(tmp_path, max_body_bytes=1000) as client:
        answer = client.post("/api/v1/submissions/files", files={"files": ("a.txt", b"Lima met Quito. " * 200)})
        assert answer.status_code == 202


# ── sign-in ──


def test_where_a_token_is_demanded_nothing_is_shown_without_it(locked: TestClient) -> None:
    answer = locked.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/")
    assert locked.get("/api/v1/submissions").status_code == 401
    assert locked.post("/submit/text", data={"text": "Hello."}).status_code == 401
    assert locked.get("/static/lapwing.css").status_code == 200


def test_a_program_sends_the_token(locked: TestClient) -> None:
    assert locked.get("/api/v1/submissions", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert locked.get("/api/v1/submissions", headers={"Authorization": "Bearer other"}).status_code == 401


def test_a_person_signs_in_and_out(locked: TestClient) -> None:
    page = csrf(locked, "/sign-in")
    wrong = locked.post("/sign-in", data={"token": "guess", "csrf": page}, headers=BROWSER)
    assert wrong.status_code == 403
    assert "That is not the token" in wrong.text
    answer = locked.post("/sign-in", data={"token": TOKEN, "csrf": page, "next": "/runs"}, headers=BROWSER)
    assert (answer.status_code, answer.headers["location"]) == (303, "/runs")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert locked.get("/").status_code == 200
    assert locked.post("/api/v1/change", headers=BROWSER | {"X-CSRF-Token": page}).status_code == 403
    assert locked.post("/api/v1/change", headers=BROWSER | {"X-CSRF-Token": csrf(locked)}).status_code == 200
    locked.post("/sign-out", data={"csrf": csrf(locked)}, headers=BROWSER)
    assert locked.get("/").status_code == 303


def test_guessing_the_token_is_slowed_down(locked: TestClient) -> None:
    statuses = [locked.post("/sign-in", data={"token": f"guess {n}"}).status_code for n in range(12)]
    assert statuses[:10] == [403] * 10
    assert statuses[10:] == [429, 429]
    assert "Retry-After" in locked.post("/sign-in", data={"token": TOKEN}).headers


def test_after_signing_in_one_stays_here(locked: TestClient) -> None:
    answer = locked.post("/sign-in", data={"token": TOKEN, "next": "//evil.example/"})
    assert answer.headers["location"] == "/"


def test_a_session_ends_and_cannot_be_made_up() -> None:
    now = [1000.0]
    keys = Keys(TOKEN, clock=lambda: now[0])
    session = keys.new_session()
    assert keys.is_session(session)
    assert not keys.is_session(session.replace("1000", "1001", 1))
    assert not Keys("another token here", clock=lambda: now[0]).is_session(session)
    now[0] += SESSION_S + 1
    assert not keys.is_session(session)


def test_a_cookie_of_no_session_opens_nothing(locked: TestClient) -> None:
    assert locked.get("/", headers={"Cookie": f"{SESSION}=1000.x.y"}).status_code == 303


# ── how it says no ──


def every_error() -> list[str]:
    return [
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.LapwingError)
    ]


@pytest.mark.parametrize("name", every_error())
def test_every_error_of_the_core_is_a_problem_with_its_status(client: TestClient, name: str) -> None:
    answer = client.get(f"/api/v1/raise/{name}")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "what happened, and what to do"
    assert answer.json()["status"] == answer.status_code == status_of(getattr(errors, name)("x"))


def test_the_table_of_statuses_holds_errors_only() -> None:
    assert all(issubclass(kind, errors.LapwingError) and 400 <= status < 600 for kind, status in STATUSES.items())


def test_a_page_tells_an_error_as_text(client: TestClient) -> None:
    answer = client.get("/raise")
    assert answer.status_code == 422
    assert "&lt;script&gt;alert(1)" in answer.text
    assert "<script>alert" not in answer.text


def test_a_part_of_a_page_gets_a_part(client: TestClient) -> None:
    answer = client.get("/nothing", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text


def test_a_mistake_of_ours_tells_nothing_of_the_inside(client: TestClient) -> None:
    answer = client.get("/break")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "report" in answer.text


def test_what_is_not_there_and_what_cannot_be_done(client: TestClient) -> None:
    assert client.get("/api/v1/nothing").json()["detail"] == "there is nothing under this address."
    assert client.delete("/api/v1/submissions").status_code == 405
    assert client.get("/articles/0").status_code == 422
    assert client.get("/articles/12").status_code == 404


def test_a_store_that_another_program_writes_to_is_told_with_when_to_ask_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lapwing.store.sharing.BUSY_S", 0.1)
    with serving(tmp_path) as client, open_store(tmp_path / "a.duckdb"):
        answer = client.get("/rows")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "in use by another program" in answer.text
    with serving(tmp_path) as client:
        assert client.get("/rows").json() == {"runs": 0}


def test_too_much_of_what_is_costly_is_refused(client: TestClient) -> None:
    for _ in range(10):
        client.post("/api/v1/submissions/addresses", json={"addresses": ["ftp://a.example"]})
    answer = client.post("/api/v1/submissions/addresses", json={"addresses": ["ftp://a.example"]})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_an_http_error_keeps_its_words() -> None:
    from lapwing.web.errors import detail_of

    assert detail_of(HTTPException(404, "there is no such thing.")) == "there is no such thing."


# ── starting ──


def test_a_token_that_is_too_short_is_refused() -> None:
    with pytest.raises(errors.LapwingError, match="too short"):
        token_for("127.0.0.1", "secret")


def test_an_address_that_is_taken_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(errors.LapwingError, match="another program listens there"):
            _listening("127.0.0.1", port)
    with pytest.raises(errors.LapwingError, match="cannot listen on"):
        _listening("no-such-host.invalid", 0)


def test_what_others_can_reach_demands_a_token_and_says_so() -> None:
    token = token_for("0.0.0.0", None)
    assert token is not None
    lines = announcement(WebSettings(host="0.0.0.0", token=token), given=False)
    assert any(token in line for line in lines)
    assert any("other machines can reach it" in line for line in lines)
    assert all("hidden" not in line for line in announcement(WebSettings(token="a hidden token"), given=True))


def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in sys.modules if name == "lapwing.web" or name.startswith("lapwing.web.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    told = CliRunner().invoke(app, ["serve", "--store", str(tmp_path / "a.duckdb")])
    assert told.exit_code == 2
    assert "pip install 'lapwing[web]'" in told.stderr
