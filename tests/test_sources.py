"""Every kind of input, and every kind of damage to it: what is read, what is refused, and in which words."""

from __future__ import annotations

import contextlib
import io
import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.errors import FetchError
from lapwing.records import Article, Failure
from lapwing.settings import Settings
from lapwing.sources import read_articles
from lapwing.sources.network import is_public, resolve
from lapwing.sources.text import decode, read_lines
from lapwing.sources.url import fetch_article
from lapwing.sources.web import Web

PAGE = """<!DOCTYPE html><html><head><title>Ministers meet in Oslo</title>
<meta property="og:site_name" content="The Northern Post">
<meta property="article:published_time" content="2023-03-04T08:00:00Z">
<meta charset="{charset}"></head><body><nav><a href="/">Home</a></nav><article><h1>Ministers meet in Oslo</h1>
<p>The foreign ministers of Norway and Chile met in Oslo on Friday, and discussed fishing rights for two hours.</p>
<p>“We expect a treaty by summer,” the Norwegian minister told reporters after the talks in Málaga Street.</p>
</article></body></html>"""


def read_one(path: Path | str, **options: Any) -> Article | Failure:
    reads = list(read_articles([str(path)], **options))
    assert len(reads) == 1
    return reads[0]


def article(path: Path | str, **options: Any) -> Article:
    read = read_one(path, **options)
    assert isinstance(read, Article), read
    return read


def reason(path: Path | str, **options: Any) -> str:
    read = read_one(path, **options)
    assert isinstance(read, Failure), read
    return read.reason


# ── text ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_text_file_is_taken_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("Two lines\r\nand a “quote”.\n".encode())
    read = article(file)
    assert read.text == "Two lines\r\nand a “quote”.\n"
    assert (read.id, read.notes, read.published) == (str(file), (), None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        ("\ufeff \n".encode(), "empty"),
        (b"Hello\x00world", "NUL"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04...", "ZIP"),
        (b"\x89PNG\r\n", "PNG"),
        (b"word " * 2_000_000, "too long for one article: 10,000,000 characters"),
    ],
)
def test_what_is_no_article_is_refused_with_its_reason(tmp_path: Path, data: bytes, words: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(data)
    assert words in reason(file)


@pytest.mark.parametrize(
    ("data", "text", "note"),
    [
        ("Málaga".encode("utf-8-sig"), "Málaga", None),
        ("Málaga".encode("utf-16"), "Málaga", None),
        ("“Málaga”".encode("cp1252"), "“Málaga”", "Windows-1252"),
        ("Málaga, Coruña".encode() + b"\xff.", "Málaga, Coruña\ufffd.", "damaged UTF-8"),
        (b"a\x81b", "a\x81b", "Windows-1252"),
    ],
)
def test_encodings_and_what_had_to_be_assumed(tmp_path: Path, data: bytes, text: str, note: str | None) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(data)
    read = article(file)
    assert read.text == text
    assert (note is None) == (read.notes == ())
    assert note is None or note in read.notes[0]


@given(st.binary(max_size=200))
def test_any_bytes_decode_to_text_that_can_be_written(data: bytes) -> None:
    text, notes = decode(data)
    text.encode()
    assert notes or text.encode() == data.removeprefix(b"\xef\xbb\xbf") or data[:2] in (b"\xff\xfe", b"\xfe\xff")


# ── HTML ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "iso-8859-1", "no-such-charset"])
@pytest.mark.parametrize("name", ["page.html", "page"])
def test_a_page_gives_text_title_outlet_and_date_with_its_basis(tmp_path: Path, charset: str, name: str) -> None:
    file = tmp_path / name
    encoding = "utf-8" if charset == "no-such-charset" else "cp1252" if charset == "iso-8859-1" else charset
    file.write_bytes(PAGE.format(charset=charset).encode(encoding))
    read = article(file)
    assert (read.title, read.outlet) == ("Ministers meet in Oslo", "The Northern Post")
    assert (read.published, read.published_basis) == ("2023-03-04", "metadata")
    assert "“We expect a treaty by summer,”" in read.text
    assert "Málaga" in read.text
    assert "<p>" not in read.text
    assert "Home" not in read.text
    assert read.extracted


def test_a_page_that_contradicts_its_charset_is_read_and_noted(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(PAGE.format(charset="ascii").encode())
    read = article(file)
    assert "Málaga" in read.text
    assert "contradict" in read.notes[0]


def test_a_date_that_is_given_wins_over_the_page(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text(PAGE.format(charset="utf-8"), encoding="utf-8")
    read = article(file, published="2023-03-05", title="Mine")
    assert (read.published, read.published_basis, read.title) == ("2023-03-05", "given", "Ministers meet in Oslo")


def test_a_hostile_page_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("<html><body>" + "<div>" * 100_000 + "words", encoding="utf-8")
    assert "100,00" in reason(file)


def test_a_page_without_an_article_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("<html><body></body></html>", encoding="utf-8")
    assert "no article was found" in reason(file)


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

GOOD_ROW = {
    "id": "x1",
    "text": "Hello.",
    "published": "2022-12-19",
    "title": "T",
    "outlet": "O",
    "url": "https://a.example",
}


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "unnamed"])
def test_a_json_row_fills_all_fields(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(json.dumps(GOOD_ROW), encoding="utf-8")
    read = article(file)
    assert (read.id, read.text, read.published, read.published_basis) == ("x1", "Hello.", "2022-12-19", "given")
    assert (read.title, read.outlet, read.url) == ("T", "O", "https://a.example")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"text": "Hel', "not JSON"),
        ("nothing", "not JSON"),
        ("[1, 2]", "object is needed"),
        ("null", "object is needed"),
        ('{"title": "x"}', "no `text`"),
        ('{"text": null}', "no `text`"),
        ('{"text": 12}', "`text` is a number"),
        ('{"text": ["a"]}', "`text` is a list"),
        ('{"text": "a", "id": 1.5}', "`id` is a number"),
        ('{"text": "a", "id": true}', "`id` is true or false"),
        ('{"text": "a", "title": {}}', "`title` is an object"),
        ('{"text": "a", "published": 20221219}', "`published` is a number"),
        ('{"text": "  "}', "empty"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_read(tmp_path: Path, line: str, words: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "First."}\n' + line + '\n\n{"text": "Last."}\n', encoding="utf-8")
    first, failure, last = read_articles([str(file)])
    assert isinstance(first, Article)
    assert isinstance(failure, Failure)
    assert isinstance(last, Article)
    assert failure.where == f"{file}:2"
    assert words in failure.reason
    assert (first.id, last.id) == (f"{file}:1", f"{file}:4")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ('{"text": "a", "n": 1e999}', "a"),
        ('{"text": "a", "n": ' + "9" * 5000 + "}", "a"),
        ('{"text": "a", "n": NaN}', "a"),
        ('{"text": "a\\ud800b"}', "a\ufffdb"),
        ('{"text": "a\\u0000b"}', "a\x00b"),
        ('\ufeff{"text": "a"}', "a"),
    ],
)
def test_odd_json_is_read_where_the_article_is_sound(tmp_path: Path, line: str, text: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(line, encoding="utf-8")
    assert article(file).text == text


def test_a_huge_whole_number_is_an_id(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "a", "id": 123456789012345678901234567890}', encoding="utf-8")
    assert article(file).id == "123456789012345678901234567890"


def test_a_date_that_cannot_be_read_is_left_out_with_a_note(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text('{"text": "a", "published": "19 December"}', encoding="utf-8")
    read = article(file)
    assert read.published is None
    assert "19 December" in read.notes[0]


def test_a_list_in_a_json_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('[{"text": "a"}, 3, {"doc_id": "d", "text": "b"}]', encoding="utf-8")
    first, failure, last = read_articles([str(file)])
    assert isinstance(first, Article)
    assert isinstance(failure, Failure)
    assert isinstance(last, Article)
    assert last.id == "d"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_rows(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "a.csv"
    header = delimiter.join(["id", "text", "published"])
    row = delimiter.join(["1", '"Hello, ""you"";\nsecond line"', "2022-12-19"])
    file.write_text(f"{header}\n{row}\n{delimiter.join(['2', 'Bye.', ''])}\n", encoding="utf-8")
    first, second = read_articles([str(file)])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert (first.id, first.text, first.published) == ("1", 'Hello, "you";\nsecond line', "2022-12-19")
    assert (second.id, second.text, second.published) == ("2", "Bye.", None)


@pytest.mark.parametrize(
    ("rows", "where", "words"),
    [
        ("1,Good.\n2,Hello, world.\n", 3, "3 cells"),
        ("1,Good.\n2\n", 3, "no `text`"),
        ('1,Good.\n2,"never closed\n3,more\n', 3, "not a row of CSV"),
        ("1,Good.\n2,\n", 3, "empty"),
    ],
)
def test_bad_csv_rows_are_told(tmp_path: Path, rows: str, where: int, words: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text("id,text\n" + rows, encoding="utf-8")
    first, failure = read_articles([str(file)])
    assert isinstance(first, Article)
    assert isinstance(failure, Failure)
    assert failure.where == f"{file}:{where}"
    assert words in failure.reason


def test_a_csv_file_without_a_text_column(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "no column `text`" in reason(file)


def test_csv_in_another_encoding_leaves_a_note_on_its_row(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"id,text\n1,Good.\n" + "2,Málaga\n".encode("cp1252"))
    first, second = read_articles([str(file)])
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.notes == ()
    assert second.text == "Málaga"
    assert "line 3" in second.notes[0]


def test_a_long_csv_field_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("text\n" + "word " * 30_000 + "\n", encoding="utf-8")
    assert len(article(file).text) == 150_000


def test_a_line_over_the_limit_is_skipped_whole() -> None:
    lines = list(read_lines(io.BytesIO(b"a\n" + b"x" * 100 + b"\nb\n" + b"y" * 50), limit=10))
    assert lines == [(1, b"a\n"), (2, None), (3, b"b\n"), (4, None)]


# ── paths ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_folder_is_read_in_order_without_hidden_and_unknown_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", ".hidden.txt", "picture.png", "sub/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert [read.text for read in read_articles([str(tmp_path)]) if isinstance(read, Article)] == [
        "a.txt",
        "b.txt",
        "sub/c.txt",
    ]


def test_a_folder_that_links_to_itself_ends(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Hello.", encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert article(tmp_path).text == "Hello."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Hello.", encoding="utf-8")
    file.chmod(0)
    assert "no permission" in reason(file)


def test_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to(tmp_path / "self")
    assert "no such file" in reason(tmp_path / "missing.txt")
    assert "cannot be read" in reason(tmp_path / "self")
    assert "cannot be read" in reason("a\x00b")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no file to read" in reason(empty)


def test_standard_input_is_told_apart_by_how_it_begins() -> None:
    for data, text in ((b"Hello.", "Hello."), (b'{"text": "Hi."}\n', "Hi."), (b"id,text\n1,Ho.\n", "Ho.")):
        assert article("-", stdin=io.BytesIO(data)).text == text
        assert article("-", stdin=io.BufferedReader(io.BytesIO(data))).text == text


def test_ids_are_made_unique_and_that_is_told(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    ids = ["a", "a", "a#2", "a"]
    file.write_text("\n".join(json.dumps({"id": name, "text": "x"}) for name in ids), encoding="utf-8")
    reads = [read for read in read_articles([str(file)]) if isinstance(read, Article)]
    assert len({read.id for read in reads}) == 4
    assert reads[0].notes == ()
    assert all("was taken" in read.notes[0] for read in reads[1:])


def test_defaults_fill_what_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Hello.", encoding="utf-8")
    read = article(file, published="2022-12-19", title="T", outlet="O")
    assert (read.published, read.published_basis, read.title, read.outlet) == ("2022-12-19", "given", "T", "O")


# ── web addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────


class Pages(BaseHTTPRequestHandler):
    """A server of good and bad answers, by path."""

    def do_GET(self) -> None:
        headers, body, status = {"Content-Type": "text/html; charset=utf-8"}, PAGE.format(charset="utf-8").encode(), 200
        if self.path == "/moved":
            headers, body, status = {"Location": "/page"}, b"", 302
        elif self.path == "/loop":
            headers, body, status = {"Location": "/loop"}, b"", 302
        elif self.path == "/file":
            headers, body, status = {"Location": "file:///etc/hostname"}, b"", 302
        elif self.path == "/missing":
            body, status = b"gone", 404
        elif self.path == "/pdf":
            headers, body = {"Content-Type": "application/pdf"}, b"%PDF-1.7"
        elif self.path == "/picture":
            headers, body = {"Content-Type": "image/png"}, b"\x89PNG"
        elif self.path == "/plain":
            headers, body = {"Content-Type": "text/plain"}, b"Plain words."
        elif self.path == "/large":
            body = b"x" * 5000
        elif self.path == "/slow":
            threading.Event().wait(1.0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        with contextlib.suppress(OSError):  # a client that did not wait
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


LOCAL = Settings(allow_private=True, timeout_s=20, max_page_bytes=4000, delay_s=0, retries=0)


@pytest.mark.parametrize("path", ["/page", "/moved"])
def test_a_page_is_fetched_also_by_a_redirect(server: str, path: str) -> None:
    read = article(server + path, settings=LOCAL)
    assert (read.title, read.outlet, read.published_basis) == (
        "Ministers meet in Oslo",
        "The Northern Post",
        "metadata",
    )
    assert (read.id, read.url) == (server + path, server + "/page")


def test_plain_text_is_fetched(server: str) -> None:
    assert article(server + "/plain", settings=LOCAL).text == "Plain words."


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/loop", "more than 5 redirects"),
        ("/file", "no http or https"),
        ("/missing", "404"),
        ("/pdf", "the PDF cannot be read"),
        ("/picture", "image/png"),
        ("/large", "larger than 4,000"),
    ],
)
def test_what_a_server_may_do_wrong(server: str, path: str, words: str) -> None:
    assert words in reason(server + path, settings=LOCAL)


def test_a_server_that_does_not_answer(server: str) -> None:
    assert "did not answer within 0.2 s" in reason(
        server + "/slow", settings=Settings(allow_private=True, timeout_s=0.2, retries=0)
    )


def test_a_server_that_is_not_there() -> None:
    assert "could not be fetched" in reason("http://127.0.0.1:9/", settings=LOCAL)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "2130706433", "0.0.0.0", "[fe80::1]"],
)
def test_private_addresses_are_refused(address: str) -> None:
    assert "not a public address" in reason(f"http://{address}/")


@pytest.mark.parametrize("address", ["http://", "http://[", "https://exa mple.org", "http://\u2603.invalid"])
def test_malformed_addresses_are_refused(address: str) -> None:
    assert reason(address)


def test_a_redirect_to_a_private_address_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def resolve_twice(host: str, port: int, *, allow_private: bool) -> list[str]:
        asked.append(host)
        return [host] if len(asked) <= 2 else resolve(host, port, allow_private=False)  # robots.txt, the page

    monkeypatch.setattr("lapwing.sources.network.resolve", resolve_twice)
    with pytest.raises(FetchError, match="not a public address"):
        fetch_article(server + "/moved", web=Web(LOCAL))


def test_public_and_private() -> None:
    assert is_public("8.8.8.8")
    assert is_public("2606:4700:4700::1111")
    assert not is_public("64:ff9b::a00:1")
    assert not is_public("192.168.1.1")
    assert not is_public("224.0.0.1")
