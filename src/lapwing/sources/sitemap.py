"""Sitemaps → the addresses that they list; also indexes of sitemaps, and compressed ones.

The title and date of a news sitemap are taken along; ``lastmod`` is not a date of publication, and is not.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator

from lapwing.errors import NotText
from lapwing.records import Failure
from lapwing.settings import Settings
from lapwing.sources.links import Entry, FurtherList, Listed, kind_of_xml, refuse_entities, too_many
from lapwing.sources.rows import iso_date
from lapwing.sources.text import too_long
from lapwing.sources.url import is_url

GZIP = b"\x1f\x8b"

DEEPEST = 3
"""Indexes within indexes that are followed; real ones have one level."""

NOT_FOLLOWED = "it is not followed: an index so deep, or an address so strange, is no real one."


def read_sitemap(data: bytes, *, name: str, settings: Settings, depth: int = 1) -> Iterator[Listed]:
    """The addresses that a sitemap lists, in its order. Raises `NotText` where it is none."""
    data = unpacked(data, settings=settings)
    refuse_entities(data)
    entries, sitemaps = _listed(data, name)
    yield from entries[: settings.max_entries]
    if len(entries) + len(sitemaps) > settings.max_entries:
        yield too_many(name, settings=settings)
    for url in sitemaps[: settings.max_entries]:
        if depth >= DEEPEST or not is_url(url):
            yield Failure(where=url, reason=NOT_FOLLOWED)
        else:
            yield FurtherList(url=url, depth=depth + 1)


def unpacked(data: bytes, *, settings: Settings) -> bytes:
    """`data`, unpacked where it is gzip-compressed. Raises `SourceError` where that is too much or damaged."""
    if data.startswith(GZIP):
        try:
            data = gzip.GzipFile(fileobj=io.BytesIO(data)).read(settings.max_page_bytes + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise NotText(f"the compressed file is damaged: {error}.") from None
    if len(data) > settings.max_page_bytes:
        raise too_long(len(data), unit="bytes", limit=settings.max_page_bytes)
    return data


def _listed(data: bytes, name: str) -> tuple[list[Entry], list[str]]:
    """The pages and the further sitemaps that a sitemap lists."""
    from lxml import etree

    if kind_of_xml(data[:8192]) != "sitemap":
        raise NotText("this is no sitemap.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotText(f"this is no sitemap that can be read: {error}.") from None
    if root is None:
        raise NotText("this is no sitemap that can be read.")
    found: list[Entry] = []
    sitemaps: list[str] = []
    for element in root.iterchildren("{*}url", "{*}sitemap"):
        told = {etree.QName(child).localname: (child.text or "").strip() for child in element.iter("{*}*")}
        if etree.QName(element).localname == "sitemap":
            sitemaps.append(told.get("loc", ""))
        else:
            day = iso_date(told.get("publication_date", ""))
            found.append(
                Entry(
                    url=told.get("loc", ""),
                    listed_in=name,
                    title=told.get("title") or None,
                    outlet=told.get("name") or None,
                    published=day,
                )
            )
    return found, sitemaps
