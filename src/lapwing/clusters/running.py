"""`lapwing cluster`: texts first, because copies count for events, then records.

It may be run at any time and as often as one likes. What is new since the last run is compared, what was decided since then
takes effect, and where nothing is new nothing is written. A run that was cut off is taken up by the next one.
"""

from __future__ import annotations

import msgspec

from lapwing import __version__
from lapwing.clusters.acts import find_acts, uncompared
from lapwing.clusters.texts import find_copies
from lapwing.records import Coder
from lapwing.store import Store, start_run
from lapwing.store.writing import now


class Clustered(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did: texts that were new, documents that now repeat an earlier one, documents whose records were
    compared, clusters that there are and that were written."""

    texts: int
    copies: int
    compared: int
    clusters: int
    written: int


def cluster(store: Store) -> Clustered:
    """Find the documents that repeat others and the records that tell one act, and store both.

    Raises `StoreError` where the store fails; what was stored until then is kept, and the next run goes on from there.
    """
    anew = _was_cut_off(store)
    run = start_run(store, kind="cluster", inputs=[], coder=Coder(lapwing=__version__, model="")).seq
    texts, changed = find_copies(store, run)
    compared, clusters, written = find_acts(store, run, texts_changed=changed, anew=anew)
    store.engine.execute("UPDATE runs SET finished = $1 WHERE seq = $2", [now(), run])
    ((copies,),) = store.engine.rows("SELECT count(*) FROM copies")
    return Clustered(texts=texts, copies=int(copies), compared=compared, clusters=clusters, written=written)


def is_behind(store: Store) -> bool:
    """Whether there is something for `cluster` to do: documents that are new or were coded anew, or a run that was cut off."""
    return uncompared(store) or _was_cut_off(store)


def _was_cut_off(store: Store) -> bool:
    """Whether the last run did not come to its end: then what it had changed may not be in the summaries yet."""
    rows = store.engine.rows("SELECT finished FROM runs WHERE kind = 'cluster' ORDER BY seq DESC LIMIT 1")
    return bool(rows) and rows[0][0] is None
