"""Where acts were, place by place: towns with their point, and everything coarser without one.

Acts are counted, not reports. A record has coordinates only where its place is a town or finer; a district, a province or a
country has none, and none is made up for it here. Acts without a place are counted beside.
"""

from __future__ import annotations

import msgspec

from lapwing.records import PlacePrecision
from lapwing.store.conditions import RECORD_TABLES, Filter, clauses_of
from lapwing.store.opening import Store

PLACE = "place, place_country, place_adm1, place_precision, lat, lon, geonameid"

QUADS = (1, 2, 3, 4)

BY_QUAD = ", ".join(f"count(CASE WHEN quad = {quad} THEN 1 END) AS q{quad}" for quad in QUADS)

COMMONEST = """CASE WHEN q1 >= q2 AND q1 >= q3 AND q1 >= q4 THEN 1 WHEN q2 >= q3 AND q2 >= q4 THEN 2 WHEN q3 >= q4 THEN 3 ELSE 4 END"""
"""The quad class that most records of an act give; of equals the first."""

SITES = f"""
    WITH seen AS (
        SELECT {PLACE}, quad, m.act FROM {{records}} AS r LEFT JOIN memberships AS m ON m.record = r.seq
        WHERE {{conditions}} AND place IS NOT NULL
    ),
    acts AS (SELECT {PLACE}, {BY_QUAD}, count(*) AS records FROM seen WHERE act IS NOT NULL GROUP BY act, {PLACE}),
    told AS (
        SELECT {PLACE}, quad, 1 AS records FROM seen WHERE act IS NULL
        UNION ALL
        SELECT {PLACE}, {COMMONEST}, records FROM acts
    )
    SELECT {PLACE}, count(*) AS acts, {BY_QUAD}, CAST(sum(records) AS BIGINT)
    FROM told GROUP BY {PLACE}
    ORDER BY acts DESC, place, place_country, geonameid
"""  # noqa: S608 - put together from the constants above

PLACELESS = """
    SELECT count(DISTINCT m.act) + count(CASE WHEN m.act IS NULL THEN 1 END)
    FROM {records} AS r LEFT JOIN memberships AS m ON m.record = r.seq
    WHERE {conditions} AND r.place IS NULL
"""


class Site(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A place and its acts; `quads` counts them by quad class (1 to 4). `lat` and `lon` are there for towns only."""

    name: str
    country: str | None
    adm1: str | None
    precision: PlacePrecision
    lat: float | None
    lon: float | None
    geonameid: int | None
    acts: int
    quads: tuple[int, int, int, int]
    records: int


class Sites(msgspec.Struct, frozen=True, kw_only=True):
    """All places, those with most acts first; `placeless` counts the acts without one."""

    sites: tuple[Site, ...]
    placeless: int


def sites_of(store: Store, wanted: Filter) -> Sites:
    """Where the acts were that `wanted` asks for."""
    clauses = clauses_of(store, wanted)
    told = {"records": RECORD_TABLES[wanted.values], "conditions": clauses}
    rows = store.engine.rows(SITES.format(**told), clauses.values)
    ((placeless,),) = store.engine.rows(PLACELESS.format(**told), clauses.values)
    sites = tuple(
        Site(
            name=name,
            country=country,
            adm1=adm1,
            precision=precision,
            lat=lat,
            lon=lon,
            geonameid=geonameid,
            acts=int(acts),
            quads=(int(one), int(two), int(three), int(four)),
            records=int(records),
        )
        for name, country, adm1, precision, lat, lon, geonameid, acts, one, two, three, four, records in rows
    )
    return Sites(sites=sites, placeless=int(placeless))
