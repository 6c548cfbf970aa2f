"""From paths to articles: files, folders, ``-`` for standard input, and web addresses, as one stream.

What a file is follows from its name, and where the name does not tell, from how it begins. A file that cannot be read
becomes a `Failure` in the stream, at its place; the others are read. Nothing is held in memory but the article at hand.
"""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from lapwing.errors import NotText, SourceError
from lapwing.records import Article, Failure
from lapwing.settings import Settings
from lapwing.sources.csv import looks_like_header, read_csv
from lapwing.sources.feed import read_feed
from lapwing.sources.html import looks_like_html, read_html
from lapwing.sources.jsonl import read_json, read_jsonl
from lapwing.sources.links import Entry, FurtherList, Listed, follow, kind_of_xml
from lapwing.sources.mail import read_mail
from lapwing.sources.office import read_docx, read_pdf
from lapwing.sources.parquet import read_parquet
from lapwing.sources.sitemap import read_sitemap, unpacked
from lapwing.sources.text import byte_order_mark, decode, read_text
from lapwing.sources.url import article_of_page, is_url
from lapwing.sources.warc import read_warc
from lapwing.sources.web import Web

__all__ = ["read_articles", "read_files", "read_list"]

KINDS = {
    ".txt": "text",
    ".text": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "xml",
    ".warc": "warc",
    ".parquet": "parquet",
    ".eml": "mail",
    ".pdf": "pdf",
    ".docx": "docx",
}
"""A folder is searched for files of these names, also with ``.gz`` behind them. A file that is named outright is read
whatever its name."""

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"WARC/", "warc"),
    (b"PAR1", "parquet"),
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "docx"),
)

GZIP = b"\x1f\x8b"

STANDARD_INPUT = "-"

HEAD_BYTES = 8192


def read_articles(
    paths: Sequence[str],
    *,
    settings: Settings | None = None,
    published: str | None = None,
    title: str | None = None,
    outlet: str | None = None,
    stdin: IO[bytes] | None = None,
    unique_ids: bool = True,
    web: Web | None = None,
) -> Iterator[Article | Failure]:
    """The articles that `paths` lead to, in their order, and a `Failure` for each that could not be read.

    `published` (ISO 8601), `title` and `outlet` are taken for articles that do not tell their own, and override a date
    that was only found in a page's metadata. Ids are made unique, with a note, unless `unique_ids` is false: that takes
    memory for each article. `stdin` stands in for standard input, `web` for a fetcher of pages of one's own.
    """
    fetcher = web or Web(settings)
    taken: dict[str, int] = {}
    for path in paths:
        for read in _followed(_read_path(path, web=fetcher, stdin=stdin), web=fetcher):
            if isinstance(read, Failure):
                yield read
            else:
                article = _with_defaults(read, published, title, outlet)
                yield _with_unique_id(article, taken) if unique_ids else article


def read_files(
    files: Iterable[tuple[str, Path]],
    *,
    settings: Settings | None = None,
    published: str | None = None,
    outlet: str | None = None,
    web: Web | None = None,
) -> Iterator[Article | Failure]:
    """The articles of files that bear another name than they have here, as uploaded ones do: pairs of name and path. What
    kind a file is follows from its name; nothing else is read than these files, and the pages that a feed among them lists."""
    fetcher = web or Web(settings)
    for name, path in files:
        for read in _followed(_read_named(path, name, settings=fetcher.settings), web=fetcher):
            yield read if isinstance(read, Failure) else _with_defaults(read, published, None, outlet)


def _read_named(path: Path, name: str, *, settings: Settings) -> Iterator[Listed]:
    try:
        with path.open("rb") as stream:
            yield from _read_stream(stream, name=name, settings=settings, kind=kind_of_name(name))
    except SourceError as error:
        yield Failure(where=name, reason=str(error))
    except (OSError, ValueError) as error:
        yield Failure(where=name, reason=_why_unreadable(error))


def _followed(reads: Iterator[Listed], *, web: Web) -> Iterator[Article | Failure]:
    """What `reads` holds, with the pages in the place of their addresses."""
    for read in reads:
        if isinstance(read, Entry):
            yield follow(read, web=web)
        elif isinstance(read, FurtherList):
            yield from _followed(further_list(read, web=web), web=web)
        else:
            yield read


def further_list(further: FurtherList, *, web: Web) -> Iterator[Listed]:
    """What a sitemap lists that an index names."""
    try:
        body = web.fetch(further.url).body
        yield from read_sitemap(body, name=further.url, settings=web.settings, depth=further.depth)
    except SourceError as error:
        yield Failure(where=further.url, reason=str(error))


def _read_path(path: str, *, web: Web, stdin: IO[bytes] | None) -> Iterator[Listed]:
    """What one path leads to; the one place where an error that concerns a whole input becomes a `Failure`."""
    settings = web.settings
    try:
        if path == STANDARD_INPUT:
            yield from _read_stream(stdin or sys.stdin.buffer, name="stdin", settings=settings)
        elif is_url(path):
            yield from _read_address(path, web=web)
        elif Path(path).is_dir():
            yield from _read_folder(Path(path), web=web)
        else:
            yield from _read_file(Path(path), name=path, settings=settings)
    except SourceError as error:
        yield Failure(where=path, reason=str(error))
    except (OSError, ValueError) as error:
        yield Failure(where=path, reason=_why_unreadable(error))


def _read_folder(folder: Path, *, web: Web) -> Iterator[Listed]:
    found = False
    for file in _files_below(folder, visited=set()):
        found = True
        if isinstance(file, Failure):
            yield file
        else:
            yield from _read_path(str(file), web=web, stdin=None)
    if not found:
        yield Failure(where=str(folder), reason=f"the folder holds no file to read ({', '.join(KINDS)}).")


def _files_below(folder: Path, *, visited: set[tuple[int, int]]) -> Iterator[Path | Failure]:
    """Files to read, sorted by name; hidden ones are left out, and a folder that links back to itself is entered
    once."""
    try:
        status = folder.stat()
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield Failure(where=str(folder), reason=_why_unreadable(error))
        return
    if (status.st_dev, status.st_ino) in visited:
        return
    visited.add((status.st_dev, status.st_ino))
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from _files_below(entry, visited=visited)
        elif kind_of_name(entry.name):
            yield entry


def _read_address(url: str, *, web: Web) -> Iterator[Listed]:
    """What a web address leads to: an article, or a list of them; nothing where one has its newest version."""
    page = web.fetch_changed(url)
    name = url.partition("?")[0]
    if not page.changed:
        return
    if _is_list(page.body, name):
        yield from read_list(page.body, name=url, settings=web.settings)
    elif kind_of_name(name) in ("jsonl", "csv", "warc", "parquet"):
        yield from _read_stream(io.BytesIO(page.body), name=url, settings=web.settings, kind=kind_of_name(name))
    else:
        yield article_of_page(url, page, settings=web.settings)


def _is_list(data: bytes, name: str) -> bool:
    packed = data.startswith(GZIP) and name.lower().endswith(".xml.gz")
    return packed or kind_of_xml(data[:HEAD_BYTES]) is not None


def read_list(data: bytes, *, name: str, settings: Settings) -> Iterator[Listed]:
    """What a feed or a sitemap holds, in its order; nothing is fetched. Raises `NotText` where `data` is neither."""
    if data.startswith(GZIP):
        data = unpacked(data, settings=settings)
    kind = kind_of_xml(data[:HEAD_BYTES])
    if kind is None:
        raise NotText("this is neither a feed nor a sitemap.")
    yield from LISTED[kind](data, name=name, settings=settings)


def kind_of_name(name: str) -> str | None:
    """What kind of file bears `name`, by its end.

    >>> kind_of_name("news.jsonl"), kind_of_name("crawl.WARC.gz"), kind_of_name("notes.md")
    ('jsonl', 'warc', None)
    """
    return KINDS.get(Path(name.lower().removesuffix(".gz")).suffix)


def _read_file(file: Path, *, name: str, settings: Settings) -> Iterator[Listed]:
    with file.open("rb") as stream:
        yield from _read_stream(stream, name=name, settings=settings, kind=kind_of_name(file.name))


def _read_stream(stream: IO[bytes], *, name: str, settings: Settings, kind: str | None = None) -> Iterator[Listed]:
    head = _head(stream)
    if head.startswith(GZIP) and kind != "warc":
        yield from _read_compressed(stream, name=name, settings=settings, kind=kind)
        return
    kind = kind or kind_of(head)
    if kind == "xml":
        kind = "html" if looks_like_html(head) else kind_of_xml(head)
        if kind is None:
            raise NotText("this is XML, but neither a feed nor a sitemap.")
    if kind in STREAMED:
        yield from STREAMED[kind](stream, name=name, settings=settings)
    else:
        yield from _read_whole(stream.read(settings.max_page_bytes + 1), kind, name=name, settings=settings)


STREAMED: dict[str, Callable[..., Iterator[Article | Failure]]] = {
    "jsonl": read_jsonl,
    "csv": read_csv,
    "warc": read_warc,
    "parquet": read_parquet,
}

LISTED: dict[str, Callable[..., Iterator[Listed]]] = {
    "json": read_json,
    "feed": read_feed,
    "sitemap": read_sitemap,
}

SINGLE: dict[str, Callable[..., Article]] = {"mail": read_mail, "pdf": read_pdf, "docx": read_docx, "html": read_html}


def _read_whole(data: bytes, kind: str, *, name: str, settings: Settings) -> Iterator[Listed]:
    if kind == "text" and looks_like_html(data[:HEAD_BYTES]):
        kind = "html"
    if kind in LISTED:
        yield from LISTED[kind](data, name=name, settings=settings)
    else:
        yield SINGLE.get(kind, read_text)(data, article_id=name, settings=settings)


def _read_compressed(stream: IO[bytes], *, name: str, settings: Settings, kind: str | None) -> Iterator[Listed]:
    """What a gzip-compressed stream holds; nothing is unpacked but what is read."""
    with gzip.GzipFile(fileobj=stream) as unpacked:
        inner = io.BufferedReader(unpacked)
        try:
            head = _head(inner)
            if head.startswith(GZIP):
                raise SourceError("this is compressed twice. Unpack it first.")
            yield from _read_stream(inner, name=name, settings=settings, kind=kind)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise SourceError(f"the compressed file is damaged, and was read up to there: {error}.") from None


def kind_of(head: bytes) -> str:
    """What kind of file begins with `head`.

    >>> kind_of(b'{"text": "Hello."}'), kind_of(b"id,text"), kind_of(b"<html>"), kind_of(b"Hello.")
    ('jsonl', 'csv', 'html', 'text')
    """
    if looks_like_html(head):
        return "html"
    if found := next((kind for signature, kind in SIGNATURES if head.startswith(signature)), None) or kind_of_xml(head):
        return found
    mark = byte_order_mark(head)
    start = head[len(mark[0]) if mark else 0 :].lstrip()
    if start.startswith(b"{") and start[1:].lstrip().startswith(b'"'):
        return "jsonl"
    first_line = decode(start.partition(b"\n")[0])[0]
    return "csv" if looks_like_header(first_line) else "text"


def _head(stream: IO[bytes]) -> bytes:
    """The first bytes of a stream, without taking them from it (`BufferedReader` and `BytesIO` can do that)."""
    if hasattr(stream, "peek"):
        return bytes(stream.peek(HEAD_BYTES))[:HEAD_BYTES]
    position = stream.tell()
    head = stream.read(HEAD_BYTES)
    stream.seek(position)
    return head


def _with_defaults(article: Article, published: str | None, title: str | None, outlet: str | None) -> Article:
    changes: dict[str, str | None] = {}
    if published and (article.published is None or article.published_basis == "metadata"):
        changes |= {"published": published, "published_basis": "given", "published_reason": None}
    if title and not article.title:
        changes["title"] = title
    if outlet and not article.outlet:
        changes["outlet"] = outlet
    return msgspec.structs.replace(article, **changes) if changes else article


def _with_unique_id(article: Article, taken: dict[str, int]) -> Article:
    """`article`, renamed where its id was taken before.

    >>> taken = {}
    >>> [_with_unique_id(Article(id="a", text="x"), taken).id for _ in range(3)]
    ['a', 'a#2', 'a#3']
    """
    count = taken.get(article.id, 0) + 1
    taken[article.id] = count
    if count == 1:
        return article
    new_id = f"{article.id}#{count}"
    while new_id in taken:
        count += 1
        new_id = f"{article.id}#{count}"
    taken[article.id], taken[new_id] = count, 1
    note = f"the id {article.id!r} was taken by an earlier article: this one is {new_id!r}"
    return msgspec.structs.replace(article, id=new_id, notes=(*article.notes, note))


def _why_unreadable(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file or folder. Is the path right?"
    if isinstance(error, PermissionError):
        return "no permission to read it."
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror[0].lower()}{error.strerror[1:]}."
    return f"cannot be read: {error}."
