"""PDF and Word documents → articles. Needs the extra ``[ingest]`` (pypdf, python-docx).

A PDF is a program of sorts, and can be written to run for ever or to fill the memory. So its text is taken out by a
process of its own (``pdf_text.py``), with limits of time and memory that the operating system keeps. A Word document is a
ZIP archive, whose unpacked size is looked at before it is unpacked.

The text of a PDF comes in the lines of its pages. Lines are joined to paragraphs where the next one goes on.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec

from lapwing.errors import EmptyArticle, NotText, SourceError
from lapwing.records import Article
from lapwing.settings import Settings
from lapwing.sources.rows import without_surrogates
from lapwing.sources.text import check_article_text, too_long

HYPHEN = re.compile(r"(?<=[^\W\d_])-\n(?=[a-z])")

GOES_ON = re.compile(r"(?<![.!?:;”\"'’\n])\n(?=[^\W_])")

PARTS = 5000
"""Files in a Word document; real ones have some dozens."""

UNPACKED = 10
"""How many times `Settings.max_page_bytes` a Word document may be when unpacked."""


class PdfText(msgspec.Struct, frozen=True, kw_only=True):
    """What the process that reads a PDF tells."""

    text: str = ""
    title: str | None = None
    error: str | None = None


def read_pdf(data: bytes, *, article_id: str, settings: Settings, url: str | None = None) -> Article:
    """The article that a PDF holds. Raises `NotText`, `EmptyArticle` or `SourceError`."""
    if len(data) > settings.max_page_bytes:
        raise too_long(len(data), unit="bytes", limit=settings.max_page_bytes)
    told = _pdf_text(data, settings=settings)
    if told.error == "pypdf":
        raise SourceError("reading PDFs needs more: pip install 'lapwing[ingest]'.")
    if told.error:
        raise NotText(f"the PDF cannot be read: {told.error}.")
    if not told.text.strip():
        raise EmptyArticle("the PDF holds no text. Are its pages pictures? Run text recognition over it first.")
    text = unwrapped(without_surrogates(told.text) or told.text)
    check_article_text(text, settings=settings)
    return Article(id=article_id, text=text, title=told.title or None, url=url, extracted=True)


def _pdf_text(data: bytes, *, settings: Settings) -> PdfText:
    program = Path(__file__).with_name("pdf_text.py")
    command = [sys.executable, "-P", str(program), str(settings.max_chars + 1), str(settings.extract_memory)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=settings.extract_s, check=False)  # noqa: S603
        return msgspec.json.decode(done.stdout, type=PdfText)
    except subprocess.TimeoutExpired:
        raise NotText(f"the PDF could not be read within {settings.extract_s:g} s: it is broken or hostile.") from None
    except msgspec.MsgspecError:
        raise NotText(
            "the PDF broke the program that reads it, or needs too much memory: it is broken or hostile."
        ) from None


def unwrapped(text: str) -> str:
    """Lines of a page as paragraphs.

    >>> unwrapped("The minis-\\nter met the\\nenvoy.\\nShe left.")
    'The minister met the envoy.\\nShe left.'
    """
    return GOES_ON.sub(" ", HYPHEN.sub("", text))


def read_docx(data: bytes, *, article_id: str, settings: Settings, url: str | None = None) -> Article:
    """The article that a Word document holds: its paragraphs, without tables and notes. Raises `NotText`,
    `EmptyArticle` or `SourceError`."""
    if len(data) > settings.max_page_bytes:
        raise too_long(len(data), unit="bytes", limit=settings.max_page_bytes)
    _check_archive(data, limit=UNPACKED * settings.max_page_bytes)
    try:
        import docx
    except ImportError:
        raise SourceError("reading Word documents needs more: pip install 'lapwing[ingest]'.") from None
    try:
        document = docx.Document(io.BytesIO(data))
        text = "\n".join(paragraph.text for paragraph in document.paragraphs)
        title = document.core_properties.title or None
    except Exception as error:  # whatever python-docx or lxml raise for a broken document: there is no common class
        raise NotText(f"the Word document is damaged ({type(error).__name__}: {str(error)[:100]}).") from None
    check_article_text(text, settings=settings)
    return Article(id=article_id, text=text, title=title, url=url, extracted=True)


def _check_archive(data: bytes, *, limit: int) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise NotText(f"the file is damaged: {error}.") from None
    if "word/document.xml" not in {part.filename for part in parts}:
        raise NotText("this is a ZIP archive, but no Word document.")
    if len(parts) > PARTS or sum(part.file_size for part in parts) > limit:
        raise NotText(f"the Word document unpacks to more than {limit:,} bytes: it is hostile, and was not read.")
