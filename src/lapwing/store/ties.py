"""Who is tied to whom, and who says what about whom: acts counted by pairs of sides.

Acts are counted, not reports. Statuses stay apart: a tie counts only what the filter asks for, a claim says of each status how
often it was told.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from lapwing.records import Status
from lapwing.store.conditions import DYAD_TABLES, RECORD_TABLES, Filter, clauses_of, sides_of
from lapwing.store.opening import Store

By = Literal["country", "sector"]

SIDES: dict[By, str] = {
    "country": "dy.{side}",
    "sector": "coalesce(dy.{side}, '') || coalesce('/' || dy.{side}_sector, '')",
}

ACTS = "count(DISTINCT {act}) + count(CASE WHEN {alone} THEN 1 END)"
"""Acts of clusters once each, and every record that is in none."""


def acts_counted(condition: str = "TRUE") -> str:
    """The expression that counts the acts among records that meet `condition`."""
    return ACTS.format(
        act=f"CASE WHEN {condition} THEN m.act END",
        alone=f"m.act IS NULL AND {condition}",
    )


PAIRS = """(
        SELECT DISTINCT r.seq, {act} AS act, {{actor}} AS actor, {{recipient}} AS recipient, r.quad, r.score
        FROM {{dyads}} AS dy JOIN {{records}} AS r ON r.seq = dy.record LEFT JOIN memberships AS m ON m.record = r.seq
        WHERE {{conditions}} AND {{sides}} AND {when}
    ) AS p WHERE actor <> '' AND recipient <> '' AND actor <> recipient"""
"""Records once for each pair of sides, whatever sectors stand on them."""

TIES = f"""
    WITH told AS (
        SELECT actor, recipient, count(*) AS acts, count(CASE WHEN quad <= 2 THEN 1 END) AS cooperation,
            count(CASE WHEN quad >= 3 THEN 1 END) AS conflict, sum(score) AS score, count(*) AS records
        FROM {PAIRS.format(act="NULL", when="m.act IS NULL")} GROUP BY actor, recipient
        UNION ALL
        SELECT actor, recipient, 1, max(CASE WHEN quad <= 2 THEN 1 ELSE 0 END), max(CASE WHEN quad >= 3 THEN 1 ELSE 0 END),
            sum(score), count(*)
        FROM {PAIRS.format(act="m.act", when="m.act IS NOT NULL")} GROUP BY act, actor, recipient
    )
    SELECT actor, recipient, sum(acts) AS acts, sum(cooperation), sum(conflict), sum(score) / sum(records)
    FROM told GROUP BY actor, recipient
    ORDER BY acts DESC, actor, recipient LIMIT {{limit}}
"""  # noqa: S608 - put together from the constants above
"""What is in no cluster is counted at once, which is most of a store; only the rest is put together by acts. Counting
distinct acts of everything takes three times as long."""

CLAIMS = f"""
    SELECT {{speaker}}, r.source_country, r.source_kind IS NULL, {{actor}}, {{recipient}}, r.status, {acts_counted()}, avg(r.score)
    FROM {{records}} AS r JOIN {{dyads}} AS dy ON dy.record = r.seq LEFT JOIN memberships AS m ON m.record = r.seq
    WHERE {{conditions}}
    GROUP BY 1, 2, 3, 4, 5, 6
    ORDER BY 1, 2, 3, 4, 5, 6
"""  # noqa: S608 - put together from the constants above


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """What `actor` did to `recipient`, in acts; `score` is the mean over their records."""

    actor: str
    recipient: str
    acts: int
    cooperation: int
    conflict: int
    score: float


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What one voice says of acts of `actor` towards `recipient`, all with one status. `own` is the article's own voice, which
    names nobody; `speaker` is None for a voice without a name, or where voices were put together by country."""

    speaker: str | None
    country: str | None
    own: bool
    actor: str | None
    recipient: str | None
    status: Status
    acts: int
    score: float


def ties_of(store: Store, wanted: Filter, *, by: By = "country", limit: int = 200) -> list[Tie]:
    """The pairs with most acts among what `wanted` asks for, each way apart; ``sector`` tells ``RUS/GOV`` from ``RUS/MIL``."""
    clauses = clauses_of(store, wanted)
    statement = TIES.format(
        records=RECORD_TABLES[wanted.values],
        dyads=DYAD_TABLES[wanted.values],
        conditions=clauses,
        sides=" AND ".join(sides_of(clauses, wanted)) or "TRUE",
        actor=SIDES[by].format(side="actor"),
        recipient=SIDES[by].format(side="recipient"),
        limit=clauses.place(limit),
    )
    return [
        Tie(
            actor=actor,
            recipient=recipient,
            acts=int(acts),
            cooperation=int(cooperation),
            conflict=int(conflict),
            score=round(float(score), 3),
        )
        for actor, recipient, acts, cooperation, conflict, score in store.engine.rows(statement, clauses.values)
    ]


def claims_of(store: Store, wanted: Filter, *, named: bool = True, country: str | None = None) -> list[Claim]:
    """Who says what about whom among what `wanted` asks for, or only what voices of a country say; without `named` the voices of
    a country are one."""
    clauses = clauses_of(store, wanted)
    clauses.conditions.extend(sides_of(clauses, wanted))
    if country is not None:
        clauses.add("r.source_country = {0}", country)
    statement = CLAIMS.format(
        records=RECORD_TABLES[wanted.values],
        dyads=DYAD_TABLES[wanted.values],
        conditions=clauses,
        speaker="r.source" if named else "CAST(NULL AS TEXT)",
        actor="dy.actor",
        recipient="dy.recipient",
    )
    return [
        Claim(
            speaker=speaker,
            country=country,
            own=bool(own),
            actor=actor,
            recipient=recipient,
            status=status,
            acts=int(acts),
            score=round(float(score), 3),
        )
        for speaker, country, own, actor, recipient, status, acts, score in store.engine.rows(statement, clauses.values)
    ]
