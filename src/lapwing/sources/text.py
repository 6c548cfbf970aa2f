"""Bytes → text, and a text file → an article.

A text file is read whole and kept as it is: no newline is translated, no character dropped but the byte order mark, so
that offsets into the text are offsets into the file's characters. Three questions are asked of the bytes, in this
order:

1. *Are they text at all?* A known signature (PDF, ZIP, …) or a NUL byte says no.
2. *Which encoding?* A byte order mark decides; else UTF-8 where the bytes are valid UTF-8.
3. *And where they are not?* Damaged UTF-8 has more valid multi-byte characters than bad bytes, and keeps them (each bad
   byte becomes U+FFFD). Any other text is read as Windows-1252, which most unlabelled western text is. Both leave a
   note.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO

from lapwing.errors import EmptyArticle, NotText, SourceError
from lapwing.records import Article
from lapwing.settings import Settings

SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"\xfd7zXZ\x00", "xz-compressed"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"OggS", "an Ogg recording"),
    (b"ID3", "an MP3 recording"),
)

BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

LINE_CHUNK = 1 << 16


def byte_order_mark(data: bytes) -> tuple[bytes, str] | None:
    """The byte order mark that `data` starts with, and its encoding.

    >>> byte_order_mark(b"\\xef\\xbb\\xbfKyiv")
    (b'\\xef\\xbb\\xbf', 'utf-8')
    """
    return next(((mark, name) for mark, name in BYTE_ORDER_MARKS if data.startswith(mark)), None)


def binary_kind(data: bytes) -> str | None:
    """What `data` is where it is not text, else None. Text in UTF-16 or UTF-32 must say so by a byte order mark.

    >>> binary_kind(b"%PDF-1.7"), binary_kind(b"a\\x00b"), binary_kind("naïve".encode())
    ('a PDF', 'binary (it holds NUL bytes)', None)
    """
    for signature, kind in SIGNATURES:
        if data.startswith(signature):
            return kind
    if byte_order_mark(data) is None and b"\x00" in data:
        return "binary (it holds NUL bytes)"
    return None


def refuse_binary(data: bytes) -> None:
    """Raise `NotText` where `data` is not text."""
    if kind := binary_kind(data):
        raise NotText(f"this is {kind}, not text. Convert it to plain text, HTML, JSON, JSONL or CSV first.")


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of `data`, and notes on what had to be assumed.

    >>> decode("Málaga".encode())
    ('Málaga', ())
    >>> decode("Málaga".encode("latin-1"))
    ('Málaga', ('not valid UTF-8 (byte 1): read as Windows-1252',))
    >>> decode("Málaga, España".encode() + b"\\xff")[1]
    ('damaged UTF-8 (byte 16): 1 unreadable place shown as U+FFFD',)
    """
    mark = byte_order_mark(data)
    encoding, body = (mark[1], data[len(mark[0]) :]) if mark else ("utf-8", data)
    try:
        return body.decode(encoding), ()
    except UnicodeDecodeError as error:
        return _decode_damaged(body, encoding, error.start)


def _decode_damaged(body: bytes, encoding: str, at: int) -> tuple[str, tuple[str, ...]]:
    text = body.decode(encoding, errors="replace")
    bad = text.count("\ufffd")
    valid = sum(character > "\x7f" for character in text) - bad
    if encoding == "utf-8" and valid <= bad:
        return windows_1252(body), (f"not valid UTF-8 (byte {at}): read as Windows-1252",)
    name = encoding.upper().removesuffix("-LE").removesuffix("-BE")
    places = "place" if bad == 1 else "places"
    return text, (f"damaged {name} (byte {at}): {bad} unreadable {places} shown as U+FFFD",)


def windows_1252(data: bytes) -> str:
    """`data` as Windows-1252; the five bytes that it leaves undefined become the control characters of Latin-1.

    >>> windows_1252(b"\\x93quoted\\x94")
    '“quoted”'
    """
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(
            bytes((byte,)).decode("latin-1" if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252") for byte in data
        )


def read_text(
    data: bytes,
    *,
    article_id: str,
    settings: Settings,
    title: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    published: str | None = None,
) -> Article:
    """The article that a text file's bytes hold. Raises `NotText` or `EmptyArticle`.

    >>> read_text(b"Hello.", article_id="a.txt", settings=Settings()).text
    'Hello.'
    """
    refuse_binary(data[:LINE_CHUNK] if len(data) > settings.max_page_bytes else data)
    if len(data) > settings.max_page_bytes:
        raise too_long(len(data), unit="bytes", limit=settings.max_page_bytes)
    text, notes = decode(data)
    check_article_text(text, settings=settings)
    return Article(
        id=article_id,
        text=text,
        title=title,
        outlet=outlet,
        url=url,
        published=published,
        published_basis="given" if published else None,
        notes=notes,
    )


def check_article_text(text: str, *, settings: Settings) -> None:
    """Raise where `text` cannot be an article: it is blank, or longer than `Settings.max_chars`."""
    if not text.strip("\ufeff \t\r\n\x0b\x0c"):
        raise EmptyArticle("the article is empty: there is nothing to code.")
    if len(text) > settings.max_chars:
        raise too_long(len(text), unit="characters", limit=settings.max_chars)


def too_long(size: int, *, unit: str, limit: int) -> SourceError:
    """The error for an input that is too large to be an article."""
    return SourceError(
        f"too long for one article: {size:,} {unit} (the limit is {limit:,}). "
        "Is it an archive or a book? Split it into articles, for example as JSONL."
    )


def read_lines(stream: IO[bytes], *, limit: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines of `stream` with their numbers, from 1; None in place of a line longer than `limit` bytes, which is
    skipped without being held in memory.

    >>> import io
    >>> list(read_lines(io.BytesIO(b"one\\na far too long one\\ntwo"), limit=8))
    [(1, b'one\\n'), (2, None), (3, b'two')]
    """
    number = 0
    while line := stream.readline(limit):
        number += 1
        if len(line) < limit or line.endswith(b"\n"):
            yield number, line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(limit)
        yield number, None
