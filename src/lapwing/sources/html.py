"""A web page → an article: its text, title, site name and date, by trafilatura.

The *extracted* text is the text as given: offsets point into it, and it travels with the records, because no file holds
it. The page's date comes from its metadata and says so; where the page has none that is marked as such, no date is
taken from the text of the page, because a sidebar's date is worse than none.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from lapwing.errors import EmptyArticle, NotText
from lapwing.records import Article
from lapwing.settings import Settings
from lapwing.sources.rows import iso_date
from lapwing.sources.text import byte_order_mark, check_article_text, decode, refuse_binary, too_long, windows_1252

OPENS_A_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}>\s*|<!--(?:(?!-->).){0,2000}-->\s*){0,5}<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)

META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{2,40})", re.I)

HEAD_BYTES = 4096

PARSER_DEPTH = 255
"""Elements within elements that the parser follows; it gives up on the rest. Real pages stay below 100."""

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b")

NEVER_CLOSED = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")

SELDOM_CLOSED = ("dd", "dt", "li", "option", "p", "param", "td", "th", "tr")


def looks_like_html(data: bytes) -> bool:
    """Whether `data` opens as a web page does.

    >>> looks_like_html(b"<!DOCTYPE html><title>x"), looks_like_html(b"<b>Kyiv</b>")
    (True, False)
    """
    mark = byte_order_mark(data)
    return bool(OPENS_A_PAGE.match(data, len(mark[0]) if mark else 0))


def declared_charset(data: bytes, header: str | None = None) -> str | None:
    """The encoding that the HTTP header `charset`, or else the page itself, declares; None where there is none that is
    known.

    >>> declared_charset(b'<meta charset="windows-1251">')
    'cp1251'
    >>> declared_charset(b"<html>", "no-such-charset") is None
    True
    """
    match = META_CHARSET.search(data[:HEAD_BYTES])
    for name in (header, match.group(1).decode("ascii") if match else None):
        if name is None:
            continue
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return None


def decode_page(data: bytes, *, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The markup of a page. A byte order mark wins over the declared encoding; a declaration that the bytes contradict
    gives way to what `decode` finds, with a note.

    >>> decode_page("<meta charset=windows-1251>Київ".encode("cp1251"))
    ('<meta charset=windows-1251>Київ', ())
    >>> decode_page("<meta charset=ascii>Málaga".encode())
    ('<meta charset=ascii>Málaga', ('the page declares ascii, which its bytes contradict',))
    """
    declared = None if byte_order_mark(data) else declared_charset(data, charset)
    if declared is None:
        return decode(data)
    try:
        if declared == "iso8859-1":  # as browsers read it
            return windows_1252(data), ()
        return data.decode(declared), ()
    except (UnicodeDecodeError, LookupError):
        text, notes = decode(data)
        return text, (f"the page declares {declared}, which its bytes contradict", *notes)


def depth_of(markup: str) -> int:
    """How deeply elements are nested, counted without parsing.

    >>> depth_of("<div><div><br><p>x</p></div></div>")
    2
    """
    depth = deepest = 0
    for match in TAG.finditer(markup):
        if match.group(2).lower() in (*NEVER_CLOSED, *SELDOM_CLOSED):
            continue
        depth = max(depth - 1, 0) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    return deepest


def read_html(
    data: bytes,
    *,
    article_id: str,
    settings: Settings,
    url: str | None = None,
    charset: str | None = None,
) -> Article:
    """The article on a page. Raises `NotText`, `EmptyArticle` where no article was found, or `SourceError`."""
    if len(data) > settings.max_page_bytes:
        raise too_long(len(data), unit="bytes", limit=settings.max_page_bytes)
    refuse_binary(data)
    markup, notes = decode_page(data, charset=charset)
    page = _extract(markup, url)
    text = str(getattr(page, "text", None) or "")
    if not text.strip():
        raise _no_article(markup)
    check_article_text(text, settings=settings)
    published = iso_date(str(page.date or ""))
    return Article(
        id=article_id,
        text=text,
        title=page.title or None,
        outlet=page.sitename or None,
        url=url or page.url or None,
        published=published,
        published_basis="metadata" if published else None,
        published_reason="the page's own metadata" if published else None,
        extracted=True,
        notes=notes,
    )


def _no_article(markup: str) -> NotText | EmptyArticle:
    depth = depth_of(markup)
    if depth > PARSER_DEPTH:
        return NotText(f"the page nests {depth:,} elements, deeper than it can be read: it is broken or hostile.")
    return EmptyArticle("no article was found on the page. Is it a list of links, a paywall, or built by script?")


def _extract(markup: str, url: str | None) -> Any:
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what it would say is said by our own errors
    return trafilatura.bare_extraction(
        markup,
        url=url,
        with_metadata=True,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
