"""The documents of a store → which repeat an earlier one. Sketches and likenesses are kept; the groups are worked out anew
from them and from what people decided, so that a decision can be taken back.

A text that the store does not keep is sketched when it is stored (`sketch_beside`), as it is then seen for the last time."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, tee
from typing import TYPE_CHECKING, Any

import msgspec

from lapwing.clusters.grouping import group_texts
from lapwing.clusters.judgements import decisions
from lapwing.clusters.likeness import find_likenesses
from lapwing.clusters.sketches import Sketch, sketch_text, sketch_texts
from lapwing.records import Article
from lapwing.store import Store
from lapwing.store.engine import Row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PORTION = 20_000
"""Documents that are sketched and stored at a time."""

UNSKETCHED = """
    SELECT d.seq, d.text FROM documents AS d
    WHERE d.text IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sketches AS s WHERE s.doc = d.seq)
    ORDER BY d.seq
"""

FEW = 500
"""New documents for which only those sketches are read that meet theirs in a band (`likeness`): of a large store few."""

UNSEEN = 0
"""The run of a sketch that was made when its text was stored, and was not compared yet."""

WAITING = "SELECT doc, size, words, anchors, anchor_pairs FROM sketches WHERE run = 0 ORDER BY doc"

SKETCHES = "SELECT doc, size, words, anchors, anchor_pairs FROM sketches WHERE run <> 0 ORDER BY doc"

SKETCHES_THAT_MEET = """
    SELECT doc, size, words, anchors, anchor_pairs FROM sketches
    WHERE run <> 0 AND (words && CAST($1 AS BIGINT[]) OR anchor_pairs && CAST($2 AS BIGINT[]))
    ORDER BY doc
"""
"""A number of `words` or `anchor_pairs` holds the two entries of one band."""

EXACT = """
    SELECT first.seq, d.seq
    FROM documents AS d
    JOIN (SELECT sha256, min(seq) AS seq FROM documents GROUP BY sha256 HAVING count(*) > 1) AS first
        ON first.sha256 = d.sha256 AND first.seq < d.seq
    WHERE NOT EXISTS (SELECT 1 FROM likenesses AS l WHERE l.a = first.seq AND l.b = d.seq AND l.kind = 'exact')
    ORDER BY d.seq
"""


def find_copies(store: Store, run: int) -> tuple[int, set[int]]:
    """Bring sketches, likenesses and copies up to date. Gives how many texts are new, and the documents for which it
    changed whether, or of what, they are a copy."""
    _find_exact(store, run)
    count = _find_like(store, run)
    return count, _group(store, run)


def _find_exact(store: Store, run: int) -> None:
    rows = store.engine.rows(EXACT)
    found = [_likeness_row(a, b, "exact", 1.0, ("the same text",), run) for a, b in rows]
    if found:
        with store.engine.transaction():
            store.engine.insert("likenesses", found)


def _likeness_row(a: int, b: int, kind: str, score: float, reasons: Sequence[str], run: int) -> dict[str, Any]:
    return {"a": a, "b": b, "kind": kind, "score": score, "reasons": msgspec.json.encode(reasons).decode(), "run": run}


def _find_like(store: Store, run: int) -> int:
    """Sketch what is new and find what it is like; a portion is stored as a whole."""
    texts = ((seq, sketch, True) for seq, sketch in _sketched(store.engine.stream(UNSKETCHED)))
    waiting = ((seq, sketch, False) for seq, sketch in stored_sketches(store.engine.rows(WAITING)))
    fresh = heapq.merge(texts, waiting, key=lambda one: one[0])
    portion = list(islice(fresh, PORTION))
    if not portion:
        return 0
    docs, sketches = _known_sketches(store, None if len(portion) > FEW else [sketch for _, sketch, _ in portion])
    count = 0
    while portion:
        known = len(docs)
        docs += [seq for seq, _, _ in portion]
        sketches += [sketch for _, sketch, _ in portion]
        likenesses = [
            _likeness_row(docs[like.a], docs[like.b], like.kind, like.score, like.reasons, run)
            for like in find_likenesses(sketches, known=known)
        ]
        with store.engine.transaction():
            store.engine.insert("sketches", [_sketch_row(seq, sketch, run) for seq, sketch, new in portion if new])
            seen = [seq for seq, _, new in portion if not new]
            store.engine.execute(
                "UPDATE sketches SET run = $1 WHERE run = 0 AND doc IN (SELECT unnest(CAST($2 AS BIGINT[])))",
                [run, seen],
            )
            store.engine.insert("likenesses", likenesses)
        count += len(portion)
        portion = list(islice(fresh, PORTION))
    return count


def _sketched(rows: Iterator[Row]) -> Iterator[tuple[int, Sketch]]:
    """Documents with the sketches of their texts, from rows of `UNSKETCHED`."""
    numbers, texts = tee(rows)
    return zip((seq for seq, _ in numbers), sketch_texts(text for _, text in texts), strict=True)


def sketch_beside(article: Article, doc: int) -> dict[str, list[dict[str, Any]]]:
    """The sketch of a text that will not be kept, to be stored with its document: hashes, of which no word can be had back."""
    return {"sketches": [_sketch_row(doc, sketch_text(article.text), UNSEEN)]}


def _sketch_row(doc: int, sketch: Sketch, run: int) -> dict[str, Any]:
    return {
        "doc": doc,
        "size": sketch.size,
        "words": _packed(sketch.words),
        "anchors": _packed(sketch.anchors),
        "anchor_pairs": _packed(sketch.pairs),
        "run": run,
    }


def _packed(values: NDArray[np.generic]) -> list[int]:
    import numpy as np

    found: list[int] = np.ascontiguousarray(values).view(np.int64).tolist()
    return found


def _known_sketches(store: Store, fresh: Sequence[Sketch] | None) -> tuple[list[int], list[Sketch]]:
    """The stored sketches; with `fresh` only those that may be like one of them."""
    if fresh is None:
        rows = store.engine.stream(SKETCHES)
    else:
        words = {number for sketch in fresh for number in _packed(sketch.words)}
        pairs = {number for sketch in fresh for number in _packed(sketch.pairs)}
        rows = store.engine.stream(SKETCHES_THAT_MEET, [sorted(words), sorted(pairs)])
    docs, sketches = [], []
    for doc, sketch in stored_sketches(rows):
        docs.append(doc)
        sketches.append(sketch)
    return docs, sketches


def stored_sketches(rows: Iterable[Row]) -> Iterator[tuple[int, Sketch]]:
    """Documents with their sketches, from rows of `SKETCHES`."""
    import numpy as np

    for doc, size, words, anchors, pairs in rows:
        yield (
            doc,
            Sketch(
                size,
                np.array(words, dtype=np.int64).view(np.uint32),
                np.array(anchors, dtype=np.int64).view(np.uint64),
                np.array(pairs, dtype=np.int64).view(np.uint32),
            ),
        )


# ── groups ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _group(store: Store, run: int) -> set[int]:
    """Work out the groups, store what changed, and give the documents that it changed for."""
    rows = store.engine.rows("SELECT a, b, max(score) FROM likenesses GROUP BY a, b")
    same, different = _decided(store)
    found = group_texts({(a, b): score for a, b, score in rows}, same=same, different=different)
    before = {
        doc: (original, likest)
        for doc, original, likest in store.engine.rows("SELECT doc, original, likest FROM copies")
    }
    changed = {doc for doc in found.keys() | before.keys() if found.get(doc) != before.get(doc)}
    if not changed:
        return set()
    kinds = {
        (a, b): kind
        for a, b, kind in store.engine.rows("SELECT a, b, kind FROM likenesses ORDER BY kind = 'exact', score")
    }
    with store.engine.transaction():
        store.engine.execute("DELETE FROM copies WHERE doc IN (SELECT unnest(CAST($1 AS BIGINT[])))", [sorted(changed)])
        store.engine.insert(
            "copies",
            [
                {
                    "doc": doc,
                    "original": found[doc][0],
                    "likest": found[doc][1],
                    "kind": kinds.get((found[doc][1], doc), "judged"),
                    "run": run,
                }
                for doc in sorted(changed & found.keys())
            ],
        )
    return changed


def _decided(store: Store) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The pairs of documents that people decided: those that are the same, and those that are not."""
    standing = decisions(store, kind="text")
    if not standing:
        return [], []
    keys = sorted({key for decision in standing for key in (decision.a, decision.b)})
    numbers: dict[str, int] = dict(
        store.engine.rows("SELECT key, seq FROM documents WHERE key IN (SELECT unnest(CAST($1 AS TEXT[])))", [keys])
    )
    pairs: dict[str, list[tuple[int, int]]] = {"same": [], "different": []}
    for decision in standing:
        if decision.a in numbers and decision.b in numbers:
            a, b = sorted((numbers[decision.a], numbers[decision.b]))
            pairs[decision.verdict].append((a, b))
    return pairs["same"], pairs["different"]
