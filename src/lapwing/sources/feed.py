"""RSS and Atom → the addresses of pages that a feed's entries link to; of an entry without a link, the text in the feed.

Needs the extra ``[ingest]`` (feedparser, which reads what is not quite XML, as many feeds are not).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from lapwing.errors import NotText, SourceError
from lapwing.records import Article, Failure
from lapwing.settings import Settings
from lapwing.sources.links import Entry, Listed, filled, refuse_entities, too_many
from lapwing.sources.text import check_article_text, too_long

BLOCKS = ("p", "div", "br", "li", "h1", "h2", "h3", "h4", "blockquote", "tr")


def read_feed(data: bytes, *, name: str, settings: Settings) -> Iterator[Listed]:
    """The entries of a feed, in its order. Raises `NotText` where it is none, `SourceError` where it is too long."""
    if len(data) > settings.max_page_bytes:
        raise too_long(len(data), unit="bytes", limit=settings.max_page_bytes)
    refuse_entities(data)
    feed = _parsed(data)
    outlet = _text(feed.feed.get("title"))
    for number, item in enumerate(feed.entries, start=1):
        if number > settings.max_entries:
            yield too_many(name, settings=settings)
            return
        entry = _entry(item, outlet, listed_in=name)
        yield entry if entry.url else _without_link(item, entry, where=f"{name}:{number}", settings=settings)


def _parsed(data: bytes) -> Any:
    try:
        import feedparser
    except ImportError:
        raise SourceError("reading feeds needs more: pip install 'lapwing[ingest]'.") from None
    feed = feedparser.parse(data, resolve_relative_uris=False)
    if not feed.get("version"):
        raise NotText("this is no RSS or Atom feed that can be read.")
    return feed


def _entry(item: Any, outlet: str | None, *, listed_in: str) -> Entry:
    return Entry(
        url=str(item.get("link") or "").strip(),
        listed_in=listed_in,
        title=_text(item.get("title")),
        outlet=outlet,
        published=_day(item),
    )


def _text(markup: object) -> str | None:
    return " ".join(plain_text(str(markup)).split()) or None if markup else None


def _day(item: Any) -> str | None:
    told = item.get("published_parsed")
    try:
        return date(*told[:3]).isoformat() if told else None
    except ValueError:
        return None


def _without_link(item: Any, entry: Entry, *, where: str, settings: Settings) -> Article | Failure:
    markup = next((part.get("value") for part in item.get("content", ())), None) or item.get("summary") or ""
    try:
        text = plain_text(str(markup))
        check_article_text(text, settings=settings)
    except SourceError as error:
        return Failure(where=where, reason=str(error))
    article = Article(id=str(item.get("id") or where)[:500], text=text, extracted=True)
    return filled(article, entry)


def plain_text(markup: str) -> str:
    """The text of a piece of HTML, a paragraph a line.

    >>> plain_text("<p>One &amp; two.</p><p>Three.</p>")
    'One & two.\\nThree.'
    """
    from lxml import etree, html

    if "<" not in markup and "&" not in markup:
        return markup.strip()
    try:
        tree = html.fragment_fromstring(markup, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    for element in list(tree.iter(*BLOCKS)):
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in str(tree.text_content()).split("\n"))
    return "\n".join(line for line in lines if line)
