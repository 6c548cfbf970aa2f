"""A filter → the conditions of a statement. The one room that says what a filter means, whoever asks: `lapwing query`, an
export, a page of the workbench, a series.

The conditions are written out below, each over ``records AS r``; a filter chooses among them, and its values travel beside
the statement. Nothing that a person types becomes part of a statement.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from lapwing.errors import QueryError
from lapwing.store.opening import Store
from lapwing.store.rows import days_of

ANY = "*"

Values = Literal["coded", "judged"]

RECORD_TABLES: dict[Values, str] = {"coded": "records", "judged": "judged_records"}
DYAD_TABLES: dict[Values, str] = {"coded": "dyads", "judged": "judged_dyads"}


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Which records are wanted; what is None does not matter.

    `dyad` is ``ACTOR-RECIPIENT``, `actor` and `recipient` one side. A side is a country, a country and a sector
    (``RUS/GOV``), a sector (``/REB``) or ``*``, by PLOVER's codes. `event` and `status` name one or several values.
    `source` and `place` are a country's code, or part of a name. `since` and `until` (ISO 8601, at any precision) ask for
    acts whose date lies, at least in part, between the two; acts without a date are then left out. `text` asks for words
    of the article, `min_sources` for acts that so many independent sources tell (`lapwing cluster` counts them). `order` is
    ``stored``, ``date`` (newest first) or ``article`` (what an article tells stands together).

    `values` says which records: as ``coded``, or as ``judged``. Then what reviewers corrected is corrected, what they deleted
    is not there, what they added is, and all conditions ask of that.
    """

    dyad: str | None = None
    actor: str | None = None
    recipient: str | None = None
    event: tuple[str, ...] = ()
    mode: str | None = None
    status: tuple[str, ...] = ()
    source: str | None = None
    place: str | None = None
    outlet: str | None = None
    since: str | None = None
    until: str | None = None
    text: str | None = None
    confidence: float | None = None
    min_sources: int | None = None
    limit: int | None = None
    offset: int = 0
    order: Literal["stored", "date", "article"] = "stored"
    values: Values = "coded"


# ── the conditions ────────────────────────────────────────────────────────────────────────────────────────────────────────

ACTOR_COUNTRY = "dy.actor = {0}"
ACTOR_SECTOR = "dy.actor_sector = {0}"
RECIPIENT_COUNTRY = "dy.recipient = {0}"
RECIPIENT_SECTOR = "dy.recipient_sector = {0}"
DYAD = "r.seq IN (SELECT dy.record FROM {dyads} AS dy WHERE {sides})"
ONE_OF_EVENTS = "r.event IN ({0})"
MODE = "r.mode = {0}"
ONE_OF_STATUSES = "r.status IN ({0})"
SOURCE = "(r.source_country = upper({0}) OR strpos(lower(r.source), lower({0})) > 0)"
PLACE = "(r.place_country = upper({0}) OR strpos(lower(r.place), lower({0})) > 0)"
OUTLET = "r.doc IN (SELECT o.seq FROM documents AS o WHERE strpos(lower(o.outlet), lower({0})) > 0)"
SINCE = "r.day_to >= {0}"
UNTIL = "r.day_from <= {0}"
CONFIDENCE = "r.confidence >= {0}"
MIN_SOURCES = "r.seq IN (SELECT m.record FROM memberships AS m WHERE m.origins >= {0})"
DOCUMENTS = "r.doc IN (SELECT unnest(CAST({0} AS BIGINT[])))"


class Clauses:
    """Conditions chosen so far, and the values that they refer to."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self.conditions: list[str] = []

    def place(self, value: object) -> str:
        """Keep a value, and give its place in the statement."""
        self.values.append(value)
        return f"${len(self.values)}"

    def add(self, condition: str, *values: object) -> None:
        """Ask for `condition`, where any of `values` will do."""
        self.conditions.append(condition.format(", ".join(self.place(value) for value in values)))

    def __str__(self) -> str:
        """All conditions together, as they stand behind WHERE."""
        return " AND ".join(self.conditions) or "TRUE"


def clauses_of(store: Store, wanted: Filter) -> Clauses:
    """What `wanted` asks for. Raises `QueryError` where it asks for what there cannot be."""
    clauses = Clauses()
    _ask_for_sides(clauses, wanted)
    if wanted.event:
        clauses.add(ONE_OF_EVENTS, *(event.upper() for event in wanted.event))
    if wanted.status:
        clauses.add(ONE_OF_STATUSES, *wanted.status)
    for condition, value in (
        (MODE, wanted.mode),
        (SOURCE, wanted.source),
        (PLACE, wanted.place),
        (OUTLET, wanted.outlet),
        (SINCE, _bound(wanted.since, last=False)),
        (UNTIL, _bound(wanted.until, last=True)),
        (CONFIDENCE, wanted.confidence),
        (MIN_SOURCES, wanted.min_sources if (wanted.min_sources or 0) > 1 else None),
    ):
        if value is not None:
            clauses.add(condition, value)
    if wanted.text is not None:
        clauses.add(DOCUMENTS, store.engine.search(wanted.text))
    return clauses


def _ask_for_sides(clauses: Clauses, wanted: Filter) -> None:
    if asked := sides_of(clauses, wanted):
        clauses.conditions.append(DYAD.format(dyads=DYAD_TABLES[wanted.values], sides=" AND ".join(asked)))


def sides_of(clauses: Clauses, wanted: Filter) -> list[str]:
    """What `wanted` asks of who acts on whom, each over ``dyads AS dy``."""
    actor, recipient = named_sides(wanted)
    forms = (ACTOR_COUNTRY, ACTOR_SECTOR, RECIPIENT_COUNTRY, RECIPIENT_SECTOR)
    codes = (*_codes(actor), *_codes(recipient))
    return [form.format(clauses.place(code)) for form, code in zip(forms, codes, strict=True) if code]


def named_sides(wanted: Filter) -> tuple[str, str]:
    """Who and to whom, each `ANY` where it does not matter. Raises `QueryError` for a dyad that is none."""
    if wanted.dyad is None:
        return wanted.actor or ANY, wanted.recipient or ANY
    if wanted.actor or wanted.recipient:
        raise QueryError("a dyad names both sides: leave out the actor and the recipient beside it.")
    actor, dash, recipient = wanted.dyad.partition("-")
    if not (dash and actor and recipient):
        raise QueryError(f"{wanted.dyad!r} is no dyad: write ACTOR-RECIPIENT, for example RUS-UKR, RUS/GOV-* or *-UKR.")
    return actor, recipient


def _codes(side: str) -> tuple[str | None, str | None]:
    """
    >>> _codes("rus/GOV"), _codes("/REB"), _codes("RUS"), _codes("*")
    (('RUS', 'GOV'), (None, 'REB'), ('RUS', None), (None, None))
    """
    country, _, sector = side.strip().upper().partition("/")
    return (None if country == ANY else country or None), (None if sector == ANY else sector or None)


def _bound(value: str | None, *, last: bool) -> date | None:
    if value is None:
        return None
    day = days_of(value)[1 if last else 0]
    if day is None or "/" in value:
        raise QueryError(f"{value!r} is no date: write 2022-12-19, 2022-12 or 2022.")
    return day


def bounds_of(wanted: Filter) -> tuple[date | None, date | None]:
    """The first and last day that `wanted` asks for. Raises `QueryError` where one is no date."""
    return _bound(wanted.since, last=False), _bound(wanted.until, last=True)
