"""What to look at next: the records of which a look is expected to repair most.

    priority = (1 − confidence) × weight of the act × weight of its status × weight of its dyad × 1 / √tellings

*Least certain.* `confidence` is calibrated: of the records with 0.6, six in ten are right. So 1 − confidence is how likely
a look finds something to repair. (Its entropy would put a record of 0.5 before one of 0.1, and the second is wrong far more
often.)

*Most consequential.* What a wrong record does to whoever counts records:

- the act weighs |score| / 10, PLOVER's own measure from −10 (an assault) to +10: a false assault moves a series ten times
  as far as a false remark, and never less than a tenth;
- a status of `happened` weighs 1 and any other a half: series, maps and most exports count what happened;
- a record that names the countries of both sides weighs 1, another a half: only the first stands in a dyad's series;
- a record that alone tells its act weighs 1, one of n tellings 1/√n: the others still tell it where this one is wrong.

Ties go by the record's number, so the same store and reviewer have the same queue. A record that the reviewer judged is
left out, and so is one of an article whose text is not kept: it cannot be checked. The weights are choices, not findings:
nothing was fitted.
"""

from __future__ import annotations

import msgspec

from lapwing.store import Store

LEAST_ACT, OTHER_STATUS, NO_DYAD = 0.1, 0.5, 0.5


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A record that waits for a reviewer, and what its place in the queue was reckoned from. `act`, `status`, `dyad` and
    `tellings` are the factors of `priority` beside `uncertainty`."""

    number: int
    doc: int
    id: str
    priority: float
    uncertainty: float
    act: float
    status: float
    dyad: float
    tellings: int
    judged_by_others: bool


WEIGHED = """
    WITH best AS (
        SELECT r.seq, r.doc, r.id, 1 - r.confidence AS uncertainty, greatest(abs(r.score) / 10, $1) AS act,
            CASE WHEN r.status = 'happened' THEN 1.0 ELSE CAST($2 AS DOUBLE PRECISION) END AS status
        FROM records AS r
        WHERE {condition}
        ORDER BY (1 - r.confidence) * greatest(abs(r.score) / 10, $1)
            * CASE WHEN r.status = 'happened' THEN 1.0 ELSE CAST($2 AS DOUBLE PRECISION) END DESC, r.seq
        LIMIT $4
    ),
    told AS (
        SELECT m.record, count(*) AS n FROM memberships AS m JOIN memberships AS o ON o.cluster = m.cluster
        WHERE m.record IN (SELECT seq FROM best) GROUP BY m.record
    ),
    weighed AS (
        SELECT b.*, coalesce(told.n, 1) AS tellings,
            CASE WHEN b.seq IN (
                SELECT dy.record FROM dyads AS dy WHERE dy.actor IS NOT NULL AND dy.recipient IS NOT NULL
                    AND dy.record IN (SELECT seq FROM best)
            ) THEN 1.0 ELSE CAST($3 AS DOUBLE PRECISION) END AS dyad
        FROM best AS b LEFT JOIN told ON told.record = b.seq
    )
    SELECT w.seq, w.doc, w.id, w.uncertainty * w.act * w.status * w.dyad / sqrt(w.tellings) AS priority,
        w.uncertainty, w.act, w.status, w.dyad, w.tellings,
        w.seq IN (SELECT v.number FROM reviewed AS v WHERE v.number IS NOT NULL), d.text IS NOT NULL
    FROM weighed AS w JOIN documents AS d ON d.seq = w.doc
    ORDER BY priority DESC, w.seq
"""
"""The factors that stand in `records` bound the priority from above: the others only take away. So they choose the records of
which the others are looked up."""

WAITS = """
    r.seq NOT IN (SELECT v.number FROM reviewed AS v WHERE v.reviewer = {reviewer} AND v.number IS NOT NULL)
    AND ({others} OR r.seq NOT IN (SELECT v.number FROM reviewed AS v WHERE v.number IS NOT NULL))
"""

QUEUE = WEIGHED.format(condition=WAITS.format(reviewer="$5", others="$6"))

ONE = WEIGHED.format(condition="r.seq = $5")

LEFT = """
    SELECT (SELECT count(*) FROM records)
        - (SELECT count(*) FROM records AS r WHERE r.doc IN (SELECT d.seq FROM documents AS d WHERE d.text IS NULL))
        - (SELECT count(DISTINCT r.seq) FROM records AS r
            JOIN reviewed AS v ON v.number = r.seq JOIN documents AS d ON d.seq = r.doc
            WHERE (v.reviewer = $1 OR NOT $2) AND d.text IS NOT NULL)
"""

MARGIN = 1_000
"""Records that are weighed beside those asked for; four times as many where that turns out too few."""


def next_records(
    store: Store, *, reviewer: str, limit: int = 20, offset: int = 0, judged_by_others: bool = True
) -> list[Waiting]:
    """The records that wait for `reviewer`, first things first; without `judged_by_others` only those that nobody judged."""
    wanted, weighed = limit + offset, limit + offset + MARGIN
    while True:
        rows = _weighed(store, QUEUE, weighed, reviewer, judged_by_others)
        kept = [one for one, has_text in rows if has_text]
        bound = min((one.uncertainty * one.act * one.status for one, _ in rows), default=0.0)
        if len(rows) < weighed or (len(kept) >= wanted and kept[wanted - 1].priority > bound):
            return kept[offset:wanted]
        weighed *= 4


def weigh(store: Store, number: int) -> Waiting | None:
    """What the place of a record in the queue is reckoned from, whether it waits or not; None where the coder has none such."""
    return next((one for one, _ in _weighed(store, ONE, 1, number)), None)


def _weighed(store: Store, statement: str, *values: object) -> list[tuple[Waiting, bool]]:
    """The records that were weighed, in their order, and whether the text of their articles is kept."""
    rows = store.engine.rows(statement, [LEAST_ACT, OTHER_STATUS, NO_DYAD, *values])
    return [(Waiting(**dict(zip(Waiting.__struct_fields__, row, strict=False))), row[-1]) for row in rows]


def waiting_count(store: Store, *, reviewer: str, judged_by_others: bool = True) -> int:
    """How many records wait for `reviewer`."""
    ((count,),) = store.engine.rows(LEFT, [reviewer, judged_by_others])
    return int(count)
