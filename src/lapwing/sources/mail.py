"""An e-mail (``.eml``) → an article: its plain text, or else its HTML; subject, sender and date. Attachments are not
read, and that is told."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from email.utils import parseaddr

import msgspec

from lapwing.errors import EmptyArticle, NotText
from lapwing.records import Article
from lapwing.settings import Settings
from lapwing.sources.html import read_html
from lapwing.sources.text import check_article_text, decode, too_long

MOST_BOUNDARIES = 200
"""Multipart bodies in one e-mail: the parser's time grows with the square of their depth."""


def read_mail(data: bytes, *, article_id: str, settings: Settings) -> Article:
    """The article that an e-mail holds. Raises `NotText` or `EmptyArticle`."""
    if len(data) > settings.max_page_bytes:
        raise too_long(len(data), unit="bytes", limit=settings.max_page_bytes)
    if data.lower().count(b"boundary=") > MOST_BOUNDARIES:
        raise NotText("the e-mail is nested more deeply than mail is: it is broken or hostile.")
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        if not message.keys():
            raise NotText("this is no e-mail: it has no header.")
        return _article(message, article_id=article_id, settings=settings)
    except (RecursionError, LookupError, ValueError, AttributeError, AssertionError) as error:
        raise NotText(f"the e-mail is damaged ({type(error).__name__}: {str(error)[:100]}).") from None


def _article(message: EmailMessage, *, article_id: str, settings: Settings) -> Article:
    body = message.get_body(preferencelist=("plain", "html"))
    if not isinstance(body, EmailMessage):
        raise EmptyArticle("the e-mail holds no text.")
    payload = body.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if body.get_content_subtype() == "html":
        article = read_html(data, article_id=article_id, settings=settings, charset=body.get_content_charset())
    else:
        article = _plain(data, body.get_content_charset(), article_id=article_id, settings=settings)
    day = _day(message)
    return msgspec.structs.replace(
        article,
        title=_header(message, "subject") or article.title,
        outlet=parseaddr(_header(message, "from") or "")[0] or article.outlet,
        published=day,
        published_basis="metadata" if day else None,
        published_reason="the e-mail's own date" if day else None,
        notes=article.notes + _notes(message),
    )


def _plain(data: bytes, charset: str | None, *, article_id: str, settings: Settings) -> Article:
    notes: tuple[str, ...] = ()
    try:
        text = data.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        text, notes = decode(data)
    text = text.replace("\r\n", "\n")
    check_article_text(text, settings=settings)
    return Article(id=article_id, text=text, extracted=True, notes=notes)


def _header(message: EmailMessage, name: str) -> str | None:
    return " ".join(str(message.get(name) or "").split()) or None


def _day(message: EmailMessage) -> str | None:
    told = getattr(message.get("date"), "datetime", None)
    return told.date().isoformat() if told else None


def _notes(message: EmailMessage) -> tuple[str, ...]:
    count = sum(1 for _ in message.iter_attachments()) if message.is_multipart() else 0
    return (f"{count} attachments were not read",) if count else ()
