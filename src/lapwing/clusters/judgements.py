"""What people decide of two records or two texts: the same, or different. Rows are added and never changed.

A later decision on the same pair stands instead of an earlier one, and a decision that was taken back does not count: so a
merge is undone by taking back "same" (or by deciding "different"), a split by taking back "different". Scores never touch
any of this.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from lapwing.errors import QueryError
from lapwing.store import Store
from lapwing.store.writing import now

JudgedKind = Literal["event", "text"]

Verdict = Literal["same", "different"]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that stands: `a` and `b` are ids of records (``event``) or keys of documents (``text``), ordered."""

    seq: int
    kind: JudgedKind
    a: str
    b: str
    verdict: Verdict
    judge: str
    note: str | None


def judge(
    store: Store, verdict: Verdict, a: str, b: str, *, by: str, kind: JudgedKind = "event", note: str | None = None
) -> int:
    """Enter a decision on two records (their ids) or two documents (their ids or keys); gives its number, by which it can be
    taken back. It takes effect with the next `cluster`. Raises `QueryError` where the store knows none such."""
    if verdict not in ("same", "different"):
        raise QueryError(f"{verdict!r} is no verdict: say same or different.")
    first, second = sorted(_known(store, kind, name) for name in (a, b))
    if first == second:
        raise QueryError(f"{a} and {b} are one and the same: there is nothing to decide.")
    return _enter(store, judge=by, kind=kind, a=first, b=second, verdict=verdict, note=note, revokes=None)


def take_back(store: Store, seq: int, *, by: str, note: str | None = None) -> int:
    """Take back decision number `seq`. Raises `QueryError` where it does not stand."""
    standing = {decision.seq: decision for decision in decisions(store)}
    if seq not in standing:
        raise QueryError(f"there is no decision {seq} that stands. `lapwing judge list` shows those that do.")
    old = standing[seq]
    return _enter(store, judge=by, kind=old.kind, a=old.a, b=old.b, verdict=old.verdict, note=note, revokes=seq)


def decisions(store: Store, *, kind: JudgedKind | None = None) -> list[Decision]:
    """The decisions that stand, in the order in which they were made: of each pair the last one not taken back."""
    rows = store.engine.rows("SELECT seq, kind, a, b, verdict, judge, note, revokes FROM judgements ORDER BY seq")
    gone = {row[7] for row in rows if row[7] is not None}
    standing: dict[tuple[str, str, str], Decision] = {}
    for seq, of, a, b, verdict, who, note, revokes in rows:
        if revokes is None and seq not in gone and kind in (None, of):
            standing[of, a, b] = Decision(seq=seq, kind=of, a=a, b=b, verdict=verdict, judge=who, note=note)
    return sorted(standing.values(), key=lambda decision: decision.seq)


def _known(store: Store, kind: JudgedKind, name: str) -> str:
    """The id or key under which a judgement is kept."""
    if kind == "event":
        rows = store.engine.rows("SELECT DISTINCT id FROM records WHERE id = $1", [name])
    else:
        rows = store.engine.rows("SELECT key FROM documents WHERE key = $1 OR id = $1", [name])
    if not rows:
        raise QueryError(f"the store holds no {'record' if kind == 'event' else 'document'} {name}.")
    if len(rows) > 1:
        keys = ", ".join(row[0] for row in rows)
        raise QueryError(f"there are {len(rows)} documents {name}: name one by its key ({keys}).")
    return str(rows[0][0])


def _enter(
    store: Store,
    *,
    judge: str,
    kind: JudgedKind,
    a: str,
    b: str,
    verdict: Verdict,
    note: str | None,
    revokes: int | None,
) -> int:
    with store.engine.transaction():
        ((last,),) = store.engine.rows("SELECT coalesce(max(seq), 0) FROM judgements")
        row = {
            "seq": last + 1,
            "made": now(),
            "judge": judge,
            "kind": kind,
            "a": a,
            "b": b,
            "verdict": verdict,
            "note": note,
            "revokes": revokes,
        }
        store.engine.insert("judgements", [row])
    return int(last) + 1
