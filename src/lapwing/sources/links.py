"""Lists of addresses → the articles at them: what feeds and sitemaps have in common.

An entry says what its list knows of the article: title, date, outlet. The page's own word counts for more, and the
list's fills what it leaves open. A page that cannot be had is a `Failure` at its place; the others are read. Who reads a
list touches no network: its entries are followed by whoever wants them.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import msgspec

from lapwing.errors import NotText, SourceError
from lapwing.records import Article, Failure
from lapwing.settings import Settings
from lapwing.sources.url import fetch_article, is_url
from lapwing.sources.web import Web

ENTITY = re.compile(rb"<!ENTITY", re.I)

ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")

FEED_ROOTS = (b"rss", b"feed", b"rdf")

SITEMAP_ROOTS = (b"urlset", b"sitemapindex")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An address with what the list `listed_in` says of the article there. `published` is an ISO 8601 date."""

    url: str
    listed_in: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None


class FurtherList(msgspec.Struct, frozen=True, kw_only=True):
    """The address of a sitemap that an index names, which is `depth` lists deep."""

    url: str
    depth: int


Listed = Article | Failure | Entry | FurtherList
"""What a list holds: mostly entries to follow, and what it holds itself."""


def follow(entry: Entry, *, web: Web) -> Article | Failure:
    """The article that `entry` leads to."""
    try:
        if not is_url(entry.url):
            raise SourceError("it is no http or https address.")
        return filled(fetch_article(entry.url, web=web), entry)
    except SourceError as error:
        return Failure(where=entry.url or entry.listed_in, reason=str(error))


def too_many(listed_in: str, *, settings: Settings) -> Failure:
    """What is told where a list goes on after `Settings.max_entries`."""
    return Failure(where=listed_in, reason=f"it lists more than {settings.max_entries:,} addresses: the rest was left.")


def filled(article: Article, entry: Entry) -> Article:
    """`article` with what its page leaves open as the list has it.

    >>> article = filled(Article(id="u", text="x"), Entry(url="u", published="2023-05-04", listed_in="news.rss"))
    >>> article.published, article.published_basis, article.published_reason
    ('2023-05-04', 'metadata', 'listed so in news.rss')
    """
    changes: dict[str, str] = {}
    if article.published is None and entry.published:
        reason = f"listed so in {entry.listed_in}"
        changes |= {"published": entry.published, "published_basis": "metadata", "published_reason": reason}
    if article.title is None and entry.title:
        changes["title"] = entry.title
    if entry.outlet and (article.outlet is None or _is_host(article.outlet, article.url or entry.url)):
        changes["outlet"] = entry.outlet
    return msgspec.structs.replace(article, **changes) if changes else article


def _is_host(outlet: str, url: str) -> bool:
    """Whether `outlet` is but the machine's name, which is taken where a page does not tell.

    >>> _is_host("post.example", "https://www.post.example/1"), _is_host("The Post", "https://post.example/1")
    (True, False)
    """
    return outlet.lower() in urlsplit(url).netloc.lower()


def kind_of_xml(head: bytes) -> str | None:
    """Whether a document that begins with `head` is a feed or a sitemap.

    >>> kind_of_xml(b'<?xml version="1.0"?><!-- x --><rss version="2.0">'), kind_of_xml(b"<urlset xmlns='x'>")
    ('feed', 'sitemap')
    >>> kind_of_xml(b"<html><body>"), kind_of_xml(b"rss")
    (None, None)
    """
    plain = head.replace(b"\x00", b"")  # UTF-16
    start = plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if not start.startswith(b"<"):
        return None
    names = (match[1].lower() for match in ROOT.finditer(start))
    root = next(names, b"")
    return "feed" if root in FEED_ROOTS else "sitemap" if root in SITEMAP_ROOTS else None


def refuse_entities(data: bytes) -> None:
    """Raise `NotText` where XML defines entities of its own: no feed needs that, and some fill the memory by it."""
    if ENTITY.search(data) or (b"\x00" in data and ENTITY.search(data.replace(b"\x00", b""))):
        raise NotText("the XML defines entities, which no feed needs: it is hostile, and was not read.")
