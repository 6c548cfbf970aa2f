"""How acts between two sides go over time: how many, of what kind, how hostile, by day, week, month or year.

What is counted are acts, not reports: records of one cluster count once, on the first day that any of them gives. An act that
some tell as having happened and others deny counts once under each status; nothing is ever added up over statuses. The
*score* of a period is the mean of PLOVER's scores (from −10, an attack, to 10, disarmament; each type and mode has one, see
the codebook) over the acts that happened, and over those alone.

An act whose date is coarser than the period stands in none: "in 2022" is not January. Those are counted beside.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, get_args

import msgspec

from lapwing.records import Status
from lapwing.store.conditions import RECORD_TABLES, Filter, clauses_of
from lapwing.store.opening import Store
from lapwing.store.pages import Listed, read_listed

Period = Literal["day", "week", "month", "year"]

PERIODS: tuple[Period, ...] = get_args(Period)

FITS = "r.day_to IS NOT NULL AND date_trunc('{period}', r.day_from) = date_trunc('{period}', r.day_to)"

COUNTED = """
    WITH seen AS (
        SELECT r.status, r.day_from, r.score, r.quad, m.act
        FROM {records} AS r LEFT JOIN memberships AS m ON m.record = r.seq
        WHERE {conditions} AND {fits}
    ),
    told AS (
        SELECT status, day_from AS day, score, quad FROM seen WHERE act IS NULL
        UNION ALL
        SELECT status, min(day_from), avg(score), mode() WITHIN GROUP (ORDER BY quad)
        FROM seen WHERE act IS NOT NULL GROUP BY act, status
    )
    SELECT CAST(date_trunc('{period}', day) AS DATE) AS start, status, quad, count(*), sum(score)
    FROM told GROUP BY start, status, quad ORDER BY start, status, quad
"""

OMITTED = """
    SELECT count(CASE WHEN r.day_from IS NULL THEN 1 END), count(CASE WHEN r.day_from IS NOT NULL AND NOT ({fits}) THEN 1 END)
    FROM {records} AS r WHERE {conditions}
"""

NOTABLE = """
    SELECT coalesce(m.act, r.seq) AS act, min(r.seq) AS first, max(coalesce(m.origins, 1)) AS origins, max(abs(r.score)) AS weight
    FROM {records} AS r LEFT JOIN memberships AS m ON m.record = r.seq
    WHERE {conditions} AND {fits}
    GROUP BY coalesce(m.act, r.seq), r.status
    ORDER BY origins DESC, weight DESC, first LIMIT {limit}
"""

MONTHS = """
    SELECT CAST(date_trunc('month', r.day_from) AS DATE) AS start, count(*) FROM {records} AS r
    WHERE {conditions} AND r.day_from IS NOT NULL GROUP BY start ORDER BY start
"""


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in the period that begins on `start`, in acts. `statuses` counts the acts of each status; `quads` those
    that happened by quad class (1 verbal and 2 material cooperation, 3 verbal and 4 material conflict); `score` is their mean,
    None where none happened."""

    start: date
    statuses: dict[Status, int]
    quads: tuple[int, int, int, int]
    score: float | None


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Periods in which anything was told, in order. `undated` and `coarse` count the records that stand in none, because they
    have no date or one that is coarser than the period."""

    period: Period
    buckets: tuple[Bucket, ...]
    undated: int
    coarse: int


def series_of(store: Store, wanted: Filter, *, period: Period = "month") -> Series:
    """How the acts that `wanted` asks for go over time."""
    records, clauses = RECORD_TABLES[wanted.values], clauses_of(store, wanted)
    told = {"records": records, "period": period, "conditions": clauses, "fits": FITS.format(period=period)}
    found: dict[date, dict[tuple[Status, int], tuple[int, float]]] = {}
    for start, status, quad, count, score in store.engine.rows(COUNTED.format(**told), clauses.values):
        found.setdefault(start, {})[status, int(quad)] = int(count), float(score)
    ((undated, coarse),) = store.engine.rows(OMITTED.format(**told), clauses.values)
    buckets = tuple(_bucket(start, cells) for start, cells in found.items())
    return Series(period=period, buckets=buckets, undated=int(undated), coarse=int(coarse))


def _bucket(start: date, cells: dict[tuple[Status, int], tuple[int, float]]) -> Bucket:
    statuses: dict[Status, int] = {}
    for (status, _), (count, _) in cells.items():
        statuses[status] = statuses.get(status, 0) + count
    happened = {quad: told for (status, quad), told in cells.items() if status == "happened"}
    acts = sum(count for count, _ in happened.values())
    one, two, three, four = (happened.get(quad, (0, 0.0))[0] for quad in (1, 2, 3, 4))
    return Bucket(
        start=start,
        statuses=statuses,
        quads=(one, two, three, four),
        score=round(sum(score for _, score in happened.values()) / acts, 3) if acts else None,
    )


def notable(store: Store, wanted: Filter, *, limit: int = 12) -> list[Listed]:
    """The acts dated to a day that most independent sources tell, the gravest of equals first; of each its first record. An
    act that some deny stands once for each status."""
    clauses = clauses_of(store, wanted)
    statement = NOTABLE.format(
        records=RECORD_TABLES[wanted.values],
        conditions=clauses,
        fits=FITS.format(period="day"),
        limit=clauses.place(limit),
    )
    numbers = [int(first) for _, first, _, _ in store.engine.rows(statement, clauses.values)]
    return list(read_listed(store, numbers, values=wanted.values))


def records_by_month(store: Store, wanted: Filter) -> list[tuple[date, int]]:
    """How many records begin in each month: what a slider over time shows."""
    clauses = clauses_of(store, wanted)
    statement = MONTHS.format(records=RECORD_TABLES[wanted.values], conditions=clauses)
    return [(start, int(count)) for start, count in store.engine.rows(statement, clauses.values)]
