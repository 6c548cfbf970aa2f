"""Cells that harm no spreadsheet, and lines of them.

A spreadsheet runs a cell that starts with ``=`` as a formula, and an article is written by strangers. Text that starts
like a formula is therefore written with an apostrophe before it, and so is text that starts with an apostrophe: taking
one off gives the value back. Numbers are written as they are, negative ones too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LIST_SEPARATOR = "|"

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

LINE_BREAKS = dict.fromkeys(map(ord, "\t\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ") | {0: None}


def neutral(text: str) -> str:
    """`text` as a cell that no spreadsheet runs.

    >>> neutral("=HYPERLINK(1)"), neutral("'quoted'"), neutral("Kyiv")
    ("'=HYPERLINK(1)", "''quoted'", 'Kyiv')
    """
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "'")) else text


def listed(items: Iterable[str | None], *, separator: str = LIST_SEPARATOR) -> str:
    """A list as the text of one cell; an item that is not known is empty.

    >>> listed(["Peru", None, "a|b"])
    'Peru||a/b'
    """
    return separator.join((item or "").replace(separator, "/") for item in items)


def plain_cell(value: object) -> str:
    """Any value as a cell of CSV.

    >>> plain_cell("=1"), plain_cell(-1), plain_cell(None), plain_cell(["a", "b"]), plain_cell(-0.5)
    ("'=1", '-1', '', 'a|b', '-0.5')
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, (list, tuple)):
        return neutral(listed(None if item is None else str(item) for item in value))
    return str(value)


def tab_line(values: Sequence[object]) -> bytes:
    """Values as a line of tab-separated cells. Readers of such files know no quoting, so that a tab or a line break
    within a text becomes a space.

    >>> tab_line(["=1", -1.5, None, "two\\nlines", 8.0])
    b"'=1\\t-1.5\\t\\ttwo lines\\t8\\n"
    """
    return ("\t".join(map(_tab_cell, values)) + "\n").encode("utf-8", "replace")


def _tab_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return neutral(value.translate(LINE_BREAKS).strip())
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
