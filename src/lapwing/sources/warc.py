"""Web archives (WARC, plain or compressed) → articles: the pages and plain texts among their records.

Reads record by record, so that an archive of any size streams. Only answers with the status 200 and a page or plain
text are articles; pictures, scripts and the like are passed over. Needs the extra ``[ingest]`` (warcio).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import IO, Any

from lapwing.errors import NotText, SourceError
from lapwing.records import Article, Failure
from lapwing.settings import Settings
from lapwing.sources.html import read_html
from lapwing.sources.text import read_text

PAGES = ("text/html", "application/xhtml+xml")

WITH_TEXT = ("response", "resource", "conversion")
"""Kinds of records: what a server answered, a file as it was fetched, and what was made of it (Common Crawl's WET)."""


def read_warc(stream: IO[bytes], *, name: str, settings: Settings) -> Iterator[Article | Failure]:
    """The articles of an archive; a page that is none is a `Failure`. Raises `NotText` where the archive is damaged:
    what stands before the damage is read."""
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError:
        raise SourceError("reading web archives needs more: pip install 'lapwing[ingest]'.") from None
    count = 0
    try:
        for count, record in enumerate(ArchiveIterator(stream), start=1):
            media = _media_type(record)
            if media in PAGES or media == "text/plain":
                yield _article(record, media, name=f"{name}:{count}", settings=settings)
    except (ArchiveLoadFailed, zlib.error, EOFError, ValueError, OSError) as error:
        raise NotText(f"the archive is damaged after {count:,} records, and was read up to there: {error}.") from None


def _media_type(record: Any) -> str | None:
    """The media type of a record that may hold an article, else None."""
    if record.rec_type not in WITH_TEXT:
        return None
    if record.rec_type == "response" and (record.http_headers is None or record.http_headers.get_statuscode() != "200"):
        return None
    headers = record.http_headers or record.rec_headers
    return str(headers.get_header("Content-Type") or "").partition(";")[0].strip().lower()


def _article(record: Any, media: str, *, name: str, settings: Settings) -> Article | Failure:
    url = record.rec_headers.get_header("WARC-Target-URI")
    where = str(url or name)[:500]
    headers = record.http_headers or record.rec_headers
    charset = str(headers.get_header("Content-Type") or "").partition("charset=")[2].strip(" \"';") or None
    try:
        data = record.content_stream().read(settings.max_page_bytes + 1)
        if media == "text/plain":
            return read_text(data, article_id=where, settings=settings, url=url)
        return read_html(data, article_id=where, settings=settings, url=url, charset=charset)
    except SourceError as error:
        return Failure(where=where, reason=str(error))
