"""A URL → an article: what kind of document the server sent, and who reads that."""

from __future__ import annotations

from lapwing.errors import NotText
from lapwing.records import Article
from lapwing.settings import Settings
from lapwing.sources.html import looks_like_html, read_html
from lapwing.sources.office import read_docx, read_pdf
from lapwing.sources.text import read_text
from lapwing.sources.web import Page, Web

HTML_TYPES = ("text/html", "application/xhtml+xml")

PDF_TYPE = "application/pdf"

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def is_url(path: str) -> bool:
    """Whether `path` is an address of the web rather than a file.

    >>> is_url("https://example.org/news"), is_url("news/https.txt")
    (True, False)
    """
    return path.lower().startswith(("http://", "https://"))


def fetch_article(url: str, *, web: Web) -> Article:
    """The article at `url`. Raises `FetchError` where it cannot be had, `NotText` or `EmptyArticle` where it is
    none."""
    return article_of_page(url, web.fetch(url), settings=web.settings)


def article_of_page(url: str, page: Page, *, settings: Settings) -> Article:
    """The article of a page that was fetched from `url`. Raises `NotText` or `EmptyArticle` where it is none."""
    data, kind = page.body, page.content_type
    unnamed = kind in ("", "application/octet-stream")
    if kind in HTML_TYPES or (unnamed and looks_like_html(data)):
        return read_html(data, article_id=url, settings=settings, url=page.address, charset=page.charset)
    if kind == "text/plain":
        return read_text(data, article_id=url, settings=settings, url=page.address)
    if kind == PDF_TYPE or (unnamed and data.startswith(b"%PDF")):
        return read_pdf(data, article_id=url, settings=settings, url=page.address)
    if kind == DOCX_TYPE:
        return read_docx(data, article_id=url, settings=settings, url=page.address)
    raise NotText(f"the server sent {kind or 'something unnamed'}, not a page or plain text.")
