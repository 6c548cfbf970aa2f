"""What came into the store: the runs that wrote to it, what failed and why, who coded what it holds."""

from __future__ import annotations

from datetime import datetime

import msgspec

from lapwing.records import Coder
from lapwing.store.opening import Store


class RunTold(msgspec.Struct, frozen=True, kw_only=True):
    """A run: `kind` is what ran, `inputs` what it was given. `finished` is None for one that was cut off, or still runs; then
    the counts that it enters at its end are None too, and `failures` counts what it has entered so far."""

    seq: int
    kind: str
    started: datetime
    finished: datetime | None
    inputs: tuple[str, ...]
    coder: Coder
    stored: int | None
    recoded: int | None
    unchanged: int | None
    failed: int | None
    records: int | None
    failures: int
    documents: int


class FailureTold(msgspec.Struct, frozen=True, kw_only=True):
    """An input that could not be read or coded: when, where it stood, and why."""

    run: int
    made: datetime
    origin: str
    reason: str


class CodedBy(msgspec.Struct, frozen=True, kw_only=True):
    """How many documents of the store a version of program and model coded last."""

    coder: Coder
    documents: int


class Unreached(msgspec.Struct, frozen=True, kw_only=True):
    """An address that a watch could not have, how often in a row, why, and when it asks again."""

    url: str
    visited: datetime
    due: datetime
    failures: int
    reason: str | None


RUNS = """
    SELECT r.seq, r.kind, r.started, r.finished, r.inputs, r.coder_lapwing, r.coder_model, r.stored, r.recoded, r.unchanged,
        r.failed, r.records,
        (SELECT count(*) FROM failures AS f WHERE f.run = r.seq),
        (SELECT count(*) FROM documents AS d WHERE d.run = r.seq)
    FROM runs AS r WHERE {condition} ORDER BY r.seq DESC {page}
"""


def list_runs(store: Store, *, limit: int = 50, offset: int = 0) -> tuple[list[RunTold], int]:
    """A page of runs, the newest first, and how many there are."""
    ((total,),) = store.engine.rows("SELECT count(*) FROM runs")
    rows = store.engine.rows(RUNS.format(condition="TRUE", page="LIMIT $1 OFFSET $2"), [limit, offset])
    return [_run(*row) for row in rows], int(total)


def find_run(store: Store, seq: int) -> RunTold | None:
    """Run number `seq`; None where there is none."""
    rows = store.engine.rows(RUNS.format(condition="r.seq = $1", page=""), [seq])
    return _run(*rows[0]) if rows else None


def _run(
    seq: int,
    kind: str,
    started: datetime,
    finished: datetime | None,
    inputs: str,
    lapwing: str,
    model: str,
    stored: int | None,
    recoded: int | None,
    unchanged: int | None,
    failed: int | None,
    records: int | None,
    failures: int,
    documents: int,
) -> RunTold:
    return RunTold(
        seq=seq,
        kind=kind,
        started=started,
        finished=finished,
        inputs=tuple(msgspec.json.decode(inputs)),
        coder=Coder(lapwing=lapwing, model=model),
        stored=stored,
        recoded=recoded,
        unchanged=unchanged,
        failed=failed,
        records=records,
        failures=failures,
        documents=documents,
    )


def failures_of(store: Store, *, run: int | None = None, limit: int = 200, offset: int = 0) -> list[FailureTold]:
    """What failed, the newest first; in one run or in all."""
    rows = store.engine.rows(
        """
        SELECT run, made, origin, reason FROM failures WHERE run = coalesce(CAST($1 AS BIGINT), run)
        ORDER BY made DESC, origin LIMIT $2 OFFSET $3
        """,
        [run, limit, offset],
    )
    return [FailureTold(run=seq, made=made, origin=origin, reason=reason) for seq, made, origin, reason in rows]


def reasons_of(store: Store, *, run: int, limit: int = 20) -> list[tuple[str, int]]:
    """Why inputs of a run failed, and how many for each reason, the most frequent first."""
    rows = store.engine.rows(
        "SELECT reason, count(*) FROM failures WHERE run = $1 GROUP BY reason ORDER BY count(*) DESC, reason LIMIT $2",
        [run, limit],
    )
    return [(str(reason), int(count)) for reason, count in rows]


def changes_of(store: Store, run: int) -> dict[str, int]:
    """What a run's recoding did to records: how many of each kind."""
    rows = store.engine.rows("SELECT kind, count(*) FROM changes WHERE run = $1 GROUP BY kind ORDER BY kind", [run])
    return {str(kind): int(count) for kind, count in rows}


def coders_of(store: Store) -> list[CodedBy]:
    """Who coded the documents of the store last, the most first."""
    rows = store.engine.rows(
        """
        SELECT coder_lapwing, coder_model, count(*) FROM documents
        GROUP BY coder_lapwing, coder_model ORDER BY count(*) DESC, coder_lapwing, coder_model
        """
    )
    return [CodedBy(coder=Coder(lapwing=lapwing, model=model), documents=n) for lapwing, model, n in rows]


def unreached(store: Store, *, limit: int = 50) -> list[Unreached]:
    """Addresses that a watch could not have the last time, those that failed most often first."""
    rows = store.engine.rows(
        """
        SELECT url, visited, due, failures, reason FROM visits WHERE failures > 0
        ORDER BY failures DESC, url LIMIT $1
        """,
        [limit],
    )
    return [
        Unreached(url=url, visited=visited, due=due, failures=n, reason=reason) for url, visited, due, n, reason in rows
    ]
