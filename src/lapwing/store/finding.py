"""Articles by their words, with the places where the words stand.

Which articles hold the words the index of the store knows (`search`, or PostgreSQL's own). Where in them the words stand is asked
of an index in memory with the same rules, made for the handful of articles that are shown: so what is marked is what was
found, forms and phrases included. A piece of text is told apart into what is marked and what is not; it is never HTML.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

import msgspec

from lapwing.records import Event
from lapwing.store.conditions import Values
from lapwing.store.opening import Store
from lapwing.store.pages import Listed, read_listed
from lapwing.store.rows import days_of
from lapwing.store.words import parse_words, sqlite_query

MOST = 20_000
"""Articles that are sorted, the last stored ones, where more hold the words."""

TOKENS = 44
"""Words of a snippet."""

EVENTS_SHOWN = 3

BEGIN, END = "\x02", "\x03"
"""What stands around a marked word until the text is taken apart: control characters, which shown text never holds."""


class Part(msgspec.Struct, frozen=True):
    """A piece of text; `hit` where it is one of the words looked for."""

    text: str
    hit: bool = False


class FoundArticle(msgspec.Struct, frozen=True, kw_only=True):
    """An article that holds the words: where they stand, and the records that are told in sentences with them."""

    number: int
    id: str
    title: tuple[Part, ...]
    outlet: str | None
    published: str | None
    lang: str
    snippet: tuple[Part, ...]
    records: int
    events: tuple[Listed, ...]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A page of articles that hold the words, the newest first; `total` counts all, `whole` is false where only the last
    stored of them were sorted."""

    articles: tuple[FoundArticle, ...]
    total: int
    whole: bool


PAGE = """
    SELECT d.seq, d.id, d.title, d.outlet, d.published, d.lang, d.text,
        (SELECT count(*) FROM records AS r WHERE r.doc = d.seq), count(*) OVER ()
    FROM documents AS d
    WHERE d.seq IN (SELECT unnest(CAST($1 AS BIGINT[])))
        AND coalesce(d.published, '') >= $2 AND ($3 = '' OR d.published <= $3)
        AND strpos(lower(coalesce(d.outlet, '')), lower($4)) > 0
    ORDER BY d.published DESC NULLS LAST, d.seq DESC LIMIT $5 OFFSET $6
"""

OF_DOCUMENTS = "SELECT doc, seq FROM judged_records WHERE doc IN (SELECT unnest(CAST($1 AS BIGINT[]))) ORDER BY seq"


def find_articles(
    store: Store,
    words: str,
    *,
    since: str | None = None,
    until: str | None = None,
    outlet: str | None = None,
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """The articles that hold `words`, as `store.words` reads them, published between two dates, by an outlet. Raises
    `QueryError` where there is no word to look for."""
    numbers = store.engine.search(words)
    looked_at = numbers[-MOST:]
    last = f"{until}~" if until else ""  # all of a day, a month or a year sorts before it
    rows = store.engine.rows(PAGE, [looked_at, since or "", last, outlet or "", limit, offset])
    if outlet is None and since is None and until is None:
        total = len(numbers)
    else:
        total = int(rows[0][-1]) if rows else 0
    told = _records_of(store, [row[0] for row in rows])
    titles = marked(words, [(row[2] or row[1]) for row in rows], whole=True)
    texts = marked(words, [row[6] or "" for row in rows])
    return Found(
        articles=tuple(
            FoundArticle(
                number=seq,
                id=id,
                title=title,
                outlet=outlet_name,
                published=published,
                lang=lang,
                snippet=snippet,
                records=records,
                events=tuple(_with_words(words, told.get(seq, []))),
            )
            for (seq, id, _, outlet_name, published, lang, _, records, _), title, snippet in zip(
                rows, titles, texts, strict=True
            )
        ),
        total=total,
        whole=len(looked_at) == len(numbers),
    )


def _records_of(store: Store, docs: Sequence[int]) -> dict[int, list[Listed]]:
    """The records of articles as judged, by the articles' numbers."""
    values: Values = "judged"
    numbers = [seq for _, seq in store.engine.rows(OF_DOCUMENTS, [list(docs)])]
    found: dict[int, list[Listed]] = {}
    for one in read_listed(store, numbers, values=values):
        found.setdefault(one.doc, []).append(one)
    return found


def _with_words(words: str, records: Sequence[Listed]) -> Iterable[Listed]:
    """Those of `records` whose sentence holds the words, the surest first."""
    holds = holding(words, [_sentence(one.event) for one in records])
    found = [one for one, held in zip(records, holds, strict=True) if held]
    return sorted(found, key=lambda one: (-one.event.confidence, one.number))[:EVENTS_SHOWN]


def _sentence(event: Event) -> str:
    return event.evidence.text


# ── where the words stand ─────────────────────────────────────────────────────────────────────────────────────────────


def marked(words: str, texts: Sequence[str], *, whole: bool = False) -> list[tuple[Part, ...]]:
    """For each text its best stretch with the words marked, or with `whole` all of it; its beginning where it has none.

    >>> [(part.text, part.hit) for part in marked("troop", ["Norway sent troops."])[0]]
    [('Norway sent ', False), ('troops', True), ('.', False)]
    """
    form = (
        f"highlight(words, 0, '{BEGIN}', '{END}')" if whole else f"snippet(words, 0, '{BEGIN}', '{END}', '…', {TOKENS})"
    )
    found = _asked(words, texts, form)
    return [parts_of(found.get(n, _beginning(text, whole=whole))) for n, text in enumerate(texts)]


def holding(words: str, texts: Sequence[str]) -> list[bool]:
    """For each text whether it holds one of the words that are looked for.

    >>> holding("troop -border", ["Norway sent troops.", "Chile did not."])
    [True, False]
    """
    found = _asked(words, texts, "1")
    return [n in found for n in range(len(texts))]


def parts_of(text: str) -> tuple[Part, ...]:
    """A text with marks, taken apart.

    >>> parts_of("a \\x02b\\x03")
    (Part(text='a ', hit=False), Part(text='b', hit=True))
    """
    parts = []
    for piece in text.split(BEGIN):
        hit, end, rest = piece.partition(END)
        parts += [Part(hit, bool(end)), Part(rest)]
    return tuple(part for part in parts if part.text)


def _asked(words: str, texts: Sequence[str], form: str) -> dict[int, str]:
    """What `form` gives for the texts that hold any of the words, by their places."""
    wanted = [term for term in parse_words(words) if not term.excluded]
    query = " OR ".join(sqlite_query((term,)) for term in wanted)
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize='porter unicode61')")
        connection.executemany(
            "INSERT INTO words (rowid, text) VALUES (?, ?)", [(n, _plain(text)) for n, text in enumerate(texts)]
        )
        rows = connection.execute(f"SELECT rowid, {form} FROM words WHERE words MATCH ?", (query,))  # noqa: S608 - our own forms
        return {int(n): str(told) for n, told in rows}


def _plain(text: str) -> str:
    """`text` without the characters that mark."""
    return text.replace(BEGIN, " ").replace(END, " ").encode("utf-8", "replace").decode()


def _beginning(text: str, *, whole: bool) -> str:
    plain = _plain(text)
    return plain if whole or len(plain) <= 280 else f"{plain[:279]}…"


def check_day(value: str | None) -> str | None:
    """`value` where it is a date at any precision. Raises `QueryError` where it is none."""
    from lapwing.errors import QueryError

    if value is not None and (days_of(value)[0] is None or "/" in value):
        raise QueryError(f"{value!r} is no date: write 2022-12-19, 2022-12 or 2022.")
    return value
