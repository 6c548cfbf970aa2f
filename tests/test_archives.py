"""Feeds, sitemaps, web archives, Parquet, mail, PDF and Word: what is taken from them, and what hostile ones come to."""

from __future__ import annotations

import gzip
import io
import threading
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from lapwing.records import Article, Failure
from lapwing.settings import Settings
from lapwing.sources import read_articles

LOCAL = Settings(allow_private=True, delay_s=0)

PAGE = """<!DOCTYPE html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>The foreign ministers of Norway and Chile met in Oslo on Friday, and discussed fishing rights for two hours.</p>
<p>They expect a treaty by summer, the Norwegian minister told reporters after the talks in the old town.</p>
</article></body></html>"""

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Northern Post</title>
<item><title>Ministers meet</title><link>{server}/one</link><pubDate>Thu, 04 May 2023 08:00:00 GMT</pubDate></item>
<item><title>Gone</title><link>{server}/missing</link></item>
<item><title>Strange</title><link>file:///etc/hostname</link></item>
<item><title>Told here</title><guid isPermaLink="false">g1</guid>
<description>&lt;p&gt;Peru &amp;amp; Chile agreed.&lt;/p&gt;&lt;p&gt;So they said.&lt;/p&gt;</description></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Atom Post</title>
<entry><id>a1</id><title>Ministers meet</title><link href="{server}/two"/><published>2023-05-05T08:00:00Z</published></entry>
</feed>"""

SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>{server}/one</loc><lastmod>2024-01-01</lastmod><news:news><news:publication><news:name>Post</news:name>
</news:publication><news:publication_date>2023-05-06</news:publication_date></news:news></url>
<url><loc>{server}/missing</loc></url></urlset>"""

INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{server}/inner.xml.gz</loc></sitemap>
<sitemap><loc>{server}/index.xml</loc></sitemap></sitemapindex>"""

BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<rss version="2.0"><channel><title>&b;</title></channel></rss>"""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = f"http://{self.headers['Host']}"
        pages = {
            "/one": ("text/html", PAGE.format(title="One").encode()),
            "/two": ("text/html", PAGE.format(title="Two").encode()),
            "/rss": ("application/rss+xml", RSS.format(server=server).encode()),
            "/index.xml": ("text/xml", INDEX.format(server=server).encode()),
            "/inner.xml.gz": ("application/gzip", gzip.compress(SITEMAP.format(server=server).encode())),
            "/a.pdf": ("application/pdf", pdf("Norway sent troops.")),
            "/rows.jsonl": ("application/json", b'{"text": "One."}\n{"text": "Two."}\n'),
        }
        kind, body = pages.get(self.path, ("text/plain", b""))
        self.send_response(200 if self.path in pages else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: Any) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()


def read(path: Path | str, data: bytes | None = None, **settings: Any) -> list[Article | Failure]:
    if data is not None:
        Path(path).write_bytes(data)
    return list(read_articles([str(path)], settings=Settings(allow_private=True, delay_s=0, **settings)))


def told(reads: list[Article | Failure]) -> list[str]:
    return [f"{r.where}: {r.reason}" if isinstance(r, Failure) else r.id for r in reads]


def article(path: Path | str, data: bytes | None = None, **settings: Any) -> Article:
    (only,) = read(path, data, **settings)
    assert isinstance(only, Article), only
    return only


def reason(path: Path | str, data: bytes | None = None, **settings: Any) -> str:
    last = read(path, data, **settings)[-1]
    assert isinstance(last, Failure), last
    return last.reason


# ── feeds and sitemaps ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["a.rss", "a.xml", "a.dat", "a.rss.gz"])
def test_the_articles_of_a_feed_are_fetched(tmp_path: Path, server: str, name: str) -> None:
    pytest.importorskip("feedparser")
    data = RSS.format(server=server).encode()
    reads = read(tmp_path / name, gzip.compress(data) if name.endswith("gz") else data)
    one, gone, strange, here = reads
    assert isinstance(one, Article)
    assert (one.id, one.title, one.outlet, one.published) == (f"{server}/one", "One", "The Northern Post", "2023-05-04")
    assert one.published_basis == "metadata"
    assert "404" in told([gone])[0]
    assert "no http or https" in told([strange])[0]
    assert isinstance(here, Article)
    assert (here.id, here.text, here.title) == ("g1", "Peru & Chile agreed.\nSo they said.", "Told here")


def test_a_feed_is_read_from_its_address_and_atom_is_too(tmp_path: Path, server: str) -> None:
    pytest.importorskip("feedparser")
    assert len(read(f"{server}/rss")) == 4
    two = article(tmp_path / "a.atom", ATOM.format(server=server).encode())
    assert (two.title, two.outlet, two.published) == ("Two", "Atom Post", "2023-05-05")


def test_a_sitemap_is_followed_compressed_and_in_an_index_but_not_in_a_circle(tmp_path: Path, server: str) -> None:
    one, missing = read(tmp_path / "a.xml", SITEMAP.format(server=server).encode())
    assert isinstance(one, Article)
    assert (one.published, one.outlet) == ("2023-05-06", "Post")
    assert "404" in told([missing])[0]
    through_index = read(f"{server}/index.xml")
    assert told(through_index)[0] == f"{server}/one"
    assert "an index so deep" in told(through_index)[-1]


def test_lists_have_an_end(tmp_path: Path, server: str) -> None:
    pytest.importorskip("feedparser")
    assert "more than 1 addresses" in reason(tmp_path / "a.rss", RSS.format(server=server).encode(), max_entries=1)
    reads = told(read(tmp_path / "a.xml", SITEMAP.format(server=server).encode(), max_entries=1))
    assert "more than 1 addresses" in reads[-1]


def test_a_feed_leads_to_no_machine_of_the_local_network(tmp_path: Path, server: str) -> None:
    pytest.importorskip("feedparser")
    (tmp_path / "a.rss").write_text(RSS.format(server=server))
    assert "not a public address" in told(list(read_articles([str(tmp_path / "a.rss")])))[0]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.rss", BOMB.encode(), "defines entities"),
        ("a.rss", BOMB.encode("utf-16"), "defines entities"),
        ("a.xml", BOMB.replace("rss", "urlset").encode(), "defines entities"),
        ("a.rss", b"<html><p>no feed</p>", "no RSS or Atom"),
        ("a.rss", b"", "no RSS or Atom"),
        ("a.xml", b"<note>Hello.</note>", "neither a feed nor a sitemap"),
        ("a.xml.gz", gzip.compress(b"<urlset>" + b" " * 5_000_000), "too long"),
        ("a.rss.gz", gzip.compress(RSS.encode())[:100], "damaged"),
        ("a.txt.gz", gzip.compress(gzip.compress(b"x")), "compressed twice"),
    ],
)
def test_hostile_lists_are_refused(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    pytest.importorskip("feedparser")
    assert words in reason(tmp_path / name, data, max_page_bytes=1_000_000)


# ── web archives ──────────────────────────────────────────────────────────────────────────────────────────────────────


def warc(*records: tuple[str, str, bytes, str], compressed: bool) -> bytes:
    """An archive of records (kind, address, body, status)."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed)
    for kind, url, body, status in records:
        headers = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        if "png" in url:
            headers.replace_header("Content-Type", "image/png")
        record = (
            writer.create_warc_record(url, kind, payload=io.BytesIO(body), http_headers=headers)
            if kind == "response"
            else writer.create_warc_record(url, kind, payload=io.BytesIO(body), warc_content_type="text/plain")
        )
        writer.write_record(record)
    return out.getvalue()


RECORDS = (
    ("response", "http://a.example/1", PAGE.format(title="Oslo").encode(), "200 OK"),
    ("response", "http://a.example/2", b"moved", "301 Moved"),
    ("response", "http://a.example/p.png", b"\x89PNG", "200 OK"),
    ("response", "http://a.example/3", b"<html><body></body></html>", "200 OK"),
    ("conversion", "http://a.example/4", b"Plain words of a page.", ""),
)


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.dat"])
def test_the_pages_of_a_web_archive_are_read(tmp_path: Path, name: str) -> None:
    pytest.importorskip("warcio")
    reads = read(tmp_path / name, warc(*RECORDS, compressed=name.endswith("gz")))
    assert [line.partition(":  ")[0][:18] for line in told(reads)] == [f"http://a.example/{n}" for n in (1, 3, 4)]
    assert isinstance(reads[0], Article)
    assert (reads[0].title, reads[0].url) == ("Oslo", "http://a.example/1")
    assert "no article" in told(reads)[1]


def test_a_damaged_archive_is_read_up_to_the_damage(tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    data = warc(*RECORDS[:1] * 3, compressed=True)
    reads = read(tmp_path / "a.warc.gz", data[: len(data) * 2 // 3] + b"\x00" * 200)
    assert isinstance(reads[0], Article)
    assert "damaged" in reason(tmp_path / "b.warc", b"WARC/nonsense\r\n\r\n" * 20)


# ── Parquet, and columns by other names ───────────────────────────────────────────────────────────────────────────────

MAP = (("text", "Body"), ("published", "day"))


def table() -> bytes:
    out = io.BytesIO()
    rows = {"Body": ["One.", None, "Three."], "day": [date(2023, 5, 4), None, date(2023, 5, 6)], "x": [1, 2, 3]}
    parquet.write_table(pyarrow.table(rows), out)
    return out.getvalue()


def test_the_rows_of_parquet_are_read_by_mapped_columns(tmp_path: Path) -> None:
    one, two, three = read(tmp_path / "a.parquet", table(), columns=MAP)
    assert isinstance(one, Article)
    assert isinstance(three, Article)
    assert (one.text, one.published, three.published) == ("One.", "2023-05-04", "2023-05-06")
    assert "there is no `text`" in told([two])[0]
    assert "Name it: --map text=COLUMN" in reason(tmp_path / "a.parquet")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", b'{"Body": "One.", "day": "2023-05-04", "text": "no"}\n'),
        ("a.csv", b"Body,day,text\nOne.,2023-05-04,no\n"),
    ],
)
def test_columns_are_mapped_in_text_files_too(tmp_path: Path, name: str, data: bytes) -> None:
    read = article(tmp_path / name, data, columns=MAP)
    assert (read.text, read.published) == ("One.", "2023-05-04")


def test_damaged_parquet_is_told(tmp_path: Path) -> None:
    assert "damaged" in reason(tmp_path / "a.parquet", table()[:-40] + b"\x00" * 40)
    assert "damaged" in reason(tmp_path / "a.parquet", b"PAR1")


# ── mail ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

MAIL = b"""From: The Northern Post <news@post.example>
Subject: =?utf-8?q?Ministers_meet_in_M=C3=A1laga?=
Date: Thu, 04 May 2023 08:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

Tm9yd2F5IHNlbnQgdHJvb3BzLg==
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename=a.pdf

x
--b--
"""


def test_a_mail_is_read(tmp_path: Path) -> None:
    mail = article(tmp_path / "a.eml", MAIL)
    assert (mail.text, mail.title) == ("Norway sent troops.", "Ministers meet in Málaga")
    assert (mail.outlet, mail.published, mail.published_basis) == ("The Northern Post", "2023-05-04", "metadata")
    assert mail.notes == ("1 attachments were not read",)


def test_a_mail_in_html_is_read(tmp_path: Path) -> None:
    data = b"Subject: Talks\nContent-Type: text/html; charset=utf-8\n\n" + PAGE.format(title="x").encode()
    assert "discussed fishing rights" in article(tmp_path / "a.eml", data).text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no header"),
        (b"Subject: x\n\n", "empty"),
        (b"Subject: x\nContent-Type: image/png\n\nx", "no text"),
        (
            b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
            "nested more deeply",
        ),
    ],
)
def test_a_mail_that_is_none_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    assert words in reason(tmp_path / "a.eml", data)


# ── PDF and Word ──────────────────────────────────────────────────────────────────────────────────────────────────────


def pdf(*lines: str) -> bytes:
    """A PDF of one page with a line for each of `lines`."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    content = f"BT /F1 12 Tf 14 TL 50 700 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /MediaBox [0 0 612 792] >>",
        b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (A title) >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer << /Size 7 /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF" % start)


def test_a_pdf_is_read_and_its_lines_are_joined(tmp_path: Path, server: str) -> None:
    pytest.importorskip("pypdf")
    read = article(
        tmp_path / "a.pdf", pdf("Norway sent troops and minis-", "ters to the", "border.", "Peru protested.")
    )
    assert read.text.strip() == "Norway sent troops and ministers to the border.\nPeru protested."
    assert (read.title, read.extracted) == ("A title", True)
    assert article(f"{server}/a.pdf").text.strip() == "Norway sent troops."


@pytest.mark.parametrize(
    ("data", "settings", "words"),
    [
        (b"%PDF-1.7 nothing", {}, "cannot be read"),
        (pdf(""), {}, "holds no text"),
        (pdf("x"), {"extract_s": 0.001}, "could not be read within"),
        (pdf("x" * 5000), {"max_page_bytes": 1000}, "too long"),
        (pdf("x" * 500), {"max_chars": 100}, "too long"),
    ],
)
def test_a_pdf_that_is_broken_or_hostile_is_refused(tmp_path: Path, data: bytes, settings: Any, words: str) -> None:
    pytest.importorskip("pypdf")
    assert words in reason(tmp_path / "a.pdf", data, **settings)


def test_a_pdf_that_swells_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    packed = zlib.compress(b"(x) Tj " * 40_000_000)
    data = pdf("x").replace(b"/Length", b"/Filter /FlateDecode /Length %d /Was" % len(packed))
    start, end = data.index(b"stream\n") + 7, data.index(b"\nendstream")
    said = reason(tmp_path / "a.pdf", data[:start] + packed + data[end:], extract_memory=500_000_000, extract_s=20)
    assert "hostile" in said or "cannot be read" in said, said


def test_a_word_document_is_read(tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.core_properties.title = "A title"
    for paragraph in ("Norway sent troops.", "Peru protested."):
        document.add_paragraph(paragraph)
    document.save(str(tmp_path / "a.docx"))
    read = article(tmp_path / "a.docx")
    assert (read.text, read.title, read.extracted) == ("Norway sent troops.\nPeru protested.", "A title", True)


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04nothing", "damaged"),
        (zipped(a_txt=b"x"), "no Word document"),
        (zipped(word__document_xml=b"<a/>"), "damaged"),
        (zipped(word__document_xml=b" " * 20_000_000), "unpacks to more than"),
    ],
)
def test_a_word_document_that_is_none_is_refused(tmp_path: Path, data: bytes, words: str) -> None:
    pytest.importorskip("docx")
    assert words in reason(tmp_path / "a.docx", data, max_page_bytes=1_000_000)


def test_a_table_at_an_address_is_read_row_by_row(server: str) -> None:
    assert len(read(f"{server}/rows.jsonl")) == 2


@pytest.mark.parametrize(
    ("name", "data", "module"),
    [
        ("a.rss", RSS.encode(), "feedparser"),
        ("a.warc", b"WARC/1.0", "warcio.archiveiterator"),
        ("a.docx", zipped(word__document_xml=b""), "docx"),
    ],
)
def test_what_needs_the_extra_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, module: str
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, module, None)
    assert "lapwing[ingest]" in reason(tmp_path / name, data)
