"""Texts made to break or stall: each is coded, or refused with a reason, in time that grows with its length only.

The sizes here are small, to keep the tests short; a stage whose time grew with the square of the length would still
show, because the model's own time (about a second for 10,000 characters) is what the limit is set by.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import lapwing
from lapwing.errors import SourceError
from lapwing.records import CodedDocument, Failure

SIZE = 5_000
LONGEST_CPU_S = 6.0
"""Several times what the slowest text takes on a slow core."""

TEXTS = {
    "opening brackets": "(" * 200_000,
    "quotation marks": '"' * 200_000,
    "curly quotation marks": "“" * 200_000,
    "no spaces": "abcdefghij" * 20_000,
    "glued names": "PutinandLukashenko" * 10_000,
    "one character": "1" * 200_000,
    "spaces": "a" + " " * 199_000 + "b",
    "tags": "<div>" * 40_000,
    "open tags": "<" * 200_000,
    "dots": "." * 200_000,
    "half quotations": '"yes ' * (SIZE // 5),
    "one sentence": "The minister of Iran met rebels in Aleppo, and he said that they would attack Kyiv on Monday; "
    * 50,
    "one-word lines": "Moscow\n" * (SIZE // 7),
    "hyphens": "a-" * (SIZE // 4),
    "combining marks": "e\u0301" * (SIZE // 4),
    "dates": "On Monday, December 12, 2022, at 5 p.m. " * (SIZE // 40),
}

coder = lapwing.load()


def cpu_seconds(text: str) -> tuple[CodedDocument, float]:
    began = time.process_time()
    coded = coder(text)
    return coded, time.process_time() - began


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_coded_in_bounded_time(name: str) -> None:
    coded, seconds = cpu_seconds(TEXTS[name])
    assert coded.text == TEXTS[name]
    assert seconds < LONGEST_CPU_S


@pytest.mark.parametrize("text", ["a" * 1_000_000, "word " * 2_000_000])
def test_a_text_beyond_the_limit_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(SourceError, match="characters"):
        coder(text)


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>" + "<div>" * 20_000 + "Police left." + "</div>" * 20_000 + "</body></html>",
        "<html><body>" + "<b>" * 20_000,
        "<html><body><p>" + "x" * 1_000_000 + "</p></body></html>",
    ],
    ids=["nested divisions", "never closed", "one long word"],
)
def test_a_hostile_page_ends_in_a_document_or_a_failure(html: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(html)
    began = time.process_time()
    (result,) = lapwing.code(str(page))
    assert isinstance(result, CodedDocument | Failure)
    assert time.process_time() - began < LONGEST_CPU_S


def test_a_single_line_of_ten_megabytes_is_refused_with_a_reason(tmp_path: Path) -> None:
    line = tmp_path / "line.txt"
    line.write_text("Police left the square. " * 420_000)
    (result,) = lapwing.code(str(line))
    assert isinstance(result, Failure)
    assert "characters" in result.reason


def test_marks_without_words_are_told_not_coded() -> None:
    coded = coder("The talks began in Oslo on Monday.\n\n" + "#" * 500)
    assert [omission.reason for omission in coded.document.omitted] == ["marks without words"]
