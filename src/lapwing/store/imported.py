"""Events of other data sets beside Lapwing's own: kept in a table of their own, asked for by name, never mixed in.

A row says whose it is (`origin`), and what is counted over time is counted for each origin and scale apart: ICEWS has no status
and Goldstein's scores, and one line through both would say nothing. What a data set does not hold cannot be asked of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

import msgspec

from lapwing.errors import QueryError
from lapwing.records import ForeignEvent
from lapwing.store.conditions import Clauses, Filter, bounds_of, sides_of
from lapwing.store.opening import Store
from lapwing.store.query import TABLES, As
from lapwing.store.rows import Values, days_of
from lapwing.store.writing import Run

if TYPE_CHECKING:
    from lapwing.records import Entity

Origin = Literal["lapwing", "polecat", "icews", "gdelt"]

ORIGINS: tuple[Origin, ...] = get_args(Origin)

Period = Literal["day", "week", "month", "year"]

PERIODS: tuple[Period, ...] = get_args(Period)

NOT_TOLD = ("source", "text", "confidence", "min_sources")
"""Conditions that no data set but Lapwing's own can answer."""

TABLE = """
    SELECT dy.origin, dy.id, dy.event, dy.mode, dy.contexts, dy.quad, dy.score, dy.scale, dy.code, dy.status, dy.day,
        dy.actor, dy.actor_sector, dy.actor_name, dy.recipient, dy.recipient_sector, dy.recipient_name,
        dy.place, dy.place_country, dy.place_precision, dy.lat, dy.lon, dy.geonameid, dy.outlet, dy.url, dy.published, dy.lang
    FROM imported AS dy
    WHERE {conditions}
    ORDER BY {order}
"""

ORDERS = {"stored": "dy.run, dy.origin, dy.id", "date": "dy.day DESC NULLS LAST, dy.origin, dy.id"}

SERIES = """
    SELECT dy.origin, dy.scale, CAST(date_trunc('{period}', dy.day) AS DATE) AS start, count(*) AS events, avg(dy.score) AS score
    FROM side_by_side AS dy
    WHERE dy.day IS NOT NULL AND {conditions}
    GROUP BY dy.origin, dy.scale, start
    ORDER BY start, dy.origin, dy.scale
"""

EVENTS = "dy.event IN ({0})"
MODE = "dy.mode = {0}"
PLACE = "(dy.place_country = upper({0}) OR strpos(lower(dy.place), lower({0})) > 0)"
OUTLET = "strpos(lower(dy.outlet), lower({0})) > 0"
SINCE, UNTIL = "dy.day >= {0}", "dy.day <= {0}"
OF_ORIGINS = "dy.origin IN ({0})"
STATUSES = "(dy.origin <> 'lapwing' OR dy.status IN ({0}))"


# ── to keep ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def store_imported(store: Store, run: Run, events: Iterable[ForeignEvent]) -> int:
    """Keep those of `events` that are not there, all in one transaction; gives how many."""
    by_key = {(event.origin, event.id): event for event in reversed(list(events))}
    with store.engine.transaction():
        known = _known(store, by_key)
        rows = [_row(event, run) for key, event in reversed(by_key.items()) if key not in known]
        store.engine.insert("imported", rows)
    return len(rows)


def _known(store: Store, keys: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    by_origin: dict[str, list[str]] = {}
    for origin, id in keys:
        by_origin.setdefault(origin, []).append(id)
    statement = "SELECT id FROM imported WHERE origin = $1 AND id IN (SELECT unnest(CAST($2 AS TEXT[])))"
    return {
        (origin, str(id)) for origin, ids in by_origin.items() for (id,) in store.engine.rows(statement, [origin, ids])
    }


def _row(event: ForeignEvent, run: Run) -> Values:
    place = event.place
    return {
        "origin": event.origin,
        "id": event.id,
        "event": event.event,
        "mode": event.mode,
        "contexts": list(event.contexts),
        "quad": event.quad,
        "score": event.score,
        "scale": event.scale,
        "code": event.code,
        "status": event.status,
        "day": days_of(event.date.value)[0] if event.date else None,
        **_side("actor", event.actors),
        **_side("recipient", event.recipients),
        "place": place.name if place else None,
        "place_country": place.country if place else None,
        "place_precision": place.precision if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "geonameid": place.geonameid if place else None,
        "outlet": event.outlet,
        "url": event.url,
        "published": event.published,
        "lang": event.lang,
        "run": run.seq,
        "cells": msgspec.json.encode(event.row).decode(),
    }


def _side(role: str, entities: Sequence[Entity]) -> Values:
    """These sets have one entity on a side at most."""
    entity = entities[0] if entities else None
    return {
        role: entity.country if entity else None,
        f"{role}_sector": entity.sector if entity else None,
        f"{role}_name": (entity.name or entity.text) if entity else None,
    }


# ── to ask ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_imported(store: Store, origins: Sequence[Origin], wanted: Filter | None = None, *, as_: As = "arrow") -> Any:
    """The rows of `origins` that `wanted` asks for, as a table that says whose each is. Raises `QueryError` where it asks for
    what these data sets do not tell."""
    wanted = wanted or Filter()
    clauses = _conditions(wanted, origins)
    if wanted.status:
        raise QueryError(f"{', '.join(origins)}: no row tells a status, so none can be asked for.")
    for condition, value in ((MODE, wanted.mode), (PLACE, wanted.place), (OUTLET, wanted.outlet)):
        if value is not None:
            clauses.add(condition, value)
    statement = TABLE.format(conditions=clauses, order=ORDERS["date" if wanted.order == "date" else "stored"])
    if wanted.limit is not None or wanted.offset:
        limit = "" if wanted.limit is None else f"LIMIT {clauses.place(wanted.limit)}"
        statement += f"{limit} OFFSET {clauses.place(wanted.offset)}"
    return TABLES[as_](store.engine.arrow(statement, clauses.values))


def compare_series(
    store: Store,
    origins: Sequence[Origin],
    wanted: Filter | None = None,
    *,
    period: Period = "month",
    as_: As = "arrow",
) -> Any:
    """How many rows of each origin a period has, with their mean score on the scale that is named beside it: for Lapwing one
    row for each dyad of a record (as reviewers left it), for the others one for each event. `status` asks Lapwing's rows only, as
    the others tell none."""
    wanted = wanted or Filter()
    if asked := [name for name in ("mode", "place", "outlet") if getattr(wanted, name) is not None]:
        raise QueryError(f"a comparison of origins counts by sides, type, status and date, not by {asked[0]}.")
    clauses = _conditions(wanted, origins)
    if wanted.status:
        clauses.add(STATUSES, *wanted.status)
    return TABLES[as_](store.engine.arrow(SERIES.format(period=period, conditions=clauses), clauses.values))


def _conditions(wanted: Filter, origins: Sequence[Origin]) -> Clauses:
    if not origins:
        raise QueryError(f"name an origin: {', '.join(ORIGINS)}.")
    if asked := [name for name in NOT_TOLD if getattr(wanted, name) is not None]:
        raise QueryError(f"{asked[0]}: only Lapwing's own records tell it. Leave it out to ask other data sets.")
    clauses = Clauses()
    clauses.add(OF_ORIGINS, *origins)
    clauses.conditions.extend(sides_of(clauses, wanted))
    if wanted.event:
        clauses.add(EVENTS, *(event.upper() for event in wanted.event))
    since, until = bounds_of(wanted)
    for condition, value in ((SINCE, since), (UNTIL, until)):
        if value is not None:
            clauses.add(condition, value)
    return clauses
