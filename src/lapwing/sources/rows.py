"""A row (a JSON object, or a line of a CSV file by its header) → an article.

Columns are `id`, `text`, `published`, `title`, `outlet` and `url`; only `text` is needed, others are ignored. A wrong
type is an error, not a guess: a row whose `text` is a number is a row of something else. A date that cannot be read is
left out with a note, because the article can be coded without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from lapwing.errors import BadLine
from lapwing.records import Article
from lapwing.settings import Settings
from lapwing.sources.text import check_article_text

COLUMNS = ("id", "text", "published", "title", "outlet", "url")

ID_NAMES = ("id", "doc_id")
"""The second is what data sets of annotated articles call it."""

ISO_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ]\d\d:\d\d[0-9:.,]*(?:Z|[+-]\d\d:?\d\d)?)?)?)?", re.ASCII)

MAX_ID_CHARS = 500


def iso_date(value: str) -> str | None:
    """`value` as an ISO 8601 date at the precision that it has, without a time of day; None where it is no such date.

    >>> iso_date("2022-12-19"), iso_date("2022-12"), iso_date("2022-12-19T08:00:00Z")
    ('2022-12-19', '2022-12', '2022-12-19')
    >>> iso_date("19/12/2022"), iso_date("2022-13"), iso_date("2022-02-30")
    (None, None, None)
    """
    match = ISO_DATE.fullmatch(value.strip())
    if not match:
        return None
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def renamed(row: Mapping[str, object], *, settings: Settings) -> dict[str, object]:
    """`row` by the names that Lapwing knows: a column that `Settings.columns` names stands for another.

    >>> renamed({"body": "x", "text": "y", "id": 1}, settings=Settings(columns=(("text", "body"),)))
    {'text': 'x', 'id': 1}
    """
    if not settings.columns:
        return dict(row)
    columns = [(new, old if old in row else old.lower()) for new, old in settings.columns]  # CSV has lower case only
    taken = {new: row[old] for new, old in columns if old in row}
    left_out = {*taken, *(old for _, old in columns)}
    return taken | {name: value for name, value in row.items() if name not in left_out}


def article_of_row(row: Mapping[str, object], *, default_id: str, settings: Settings) -> Article:
    """The article that a row holds. Raises `BadLine`, or what `check_article_text` raises.

    >>> row = {"id": 7, "text": "Hello.", "published": "2022-12-19", "outlet": ""}
    >>> article = article_of_row(row, default_id="a.jsonl:1", settings=Settings())
    >>> article.id, article.published, article.published_basis, article.outlet
    ('7', '2022-12-19', 'given', None)
    """
    notes: list[str] = []
    row = renamed(row, settings=settings)
    text = _string(row, "text", required=True) or ""
    if clean := without_surrogates(text):
        text = clean
        notes.append("half a surrogate pair in the text shown as U+FFFD")
    check_article_text(text, settings=settings)
    published = _published(row, notes)
    return Article(
        id=_id(row) or default_id,
        text=text,
        title=_string(row, "title"),
        outlet=_string(row, "outlet"),
        url=_string(row, "url"),
        published=published,
        published_basis="given" if published else None,
        notes=tuple(notes),
    )


def without_surrogates(text: str) -> str | None:
    """`text` with lone surrogates as U+FFFD, or None where it has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    return None


def _id(row: Mapping[str, object]) -> str | None:
    for name in ID_NAMES:
        value = row.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise BadLine(f"`{name}` is {_type_name(value)}: a string or a whole number is needed.")
        return str(value)[:MAX_ID_CHARS]
    return None


def _string(row: Mapping[str, object], name: str, *, required: bool = False) -> str | None:
    value = row.get(name)
    if value is None and required:
        raise BadLine(f"there is no `{name}`. The columns are {', '.join(COLUMNS)}; only `text` is needed.")
    if value is not None and not isinstance(value, str):
        raise BadLine(f"`{name}` is {_type_name(value)}: a string is needed.")
    return value if required else value or None


def _published(row: Mapping[str, object], notes: list[str]) -> str | None:
    value = _string(row, "published")
    if value is None:
        return None
    if (day := iso_date(value)) is None:
        notes.append(f"`published` is not an ISO 8601 date, and was left out: {value[:40]!r}")
    return day


def _type_name(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    return {int: "a number", float: "a number", list: "a list", dict: "an object"}.get(
        type(value), type(value).__name__
    )
