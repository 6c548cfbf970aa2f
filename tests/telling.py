"""A store in which one act is told by several articles, for the pages that show acts: written by hand, no model needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from factories import coded, span_of
from lapwing.clusters import cluster
from lapwing.records import Article, CodedDocument, Coder, Event, Failure, Magnitude
from lapwing.store import finish_run, open_store, start_run, store_document, store_failure

CODER = Coder(lapwing="0.1.0", model="test")

Telling = tuple[str, str, str, dict[str, Any], float | None]

TOLD: tuple[Telling, ...] = (
    (
        "Valley Courier",
        "2024-03-04",
        "Rebels of the Northern Front shelled the market of Ober on 3 March, killing 12 people, the Norland army said on Monday.",
        {"source": ("the Norland army", "NOR", "indirect", "said")},
        12,
    ),
    (
        "Coast Daily",
        "2024-03-04",
        "The Northern Front shelled a market in Ober on 3 March and 17 people died there, a doctor at the hospital told us.",
        {"source": ("a doctor", None, "indirect", "told")},
        17,
    ),
    (
        "Valley Courier",
        "2024-03-05",
        "The Northern Front denied that it shelled the market of Ober on 3 March and blamed the army for it.",
        {"source": ("The Northern Front", None, "indirect", "denied"), "status": "denied", "cue": "denied"},
        None,
    ),
    (
        "Hill Times",
        "2024-03-06",
        "Monitors of the United Nations confirmed that the Northern Front shelled the market of Ober on 3 March; 15 people were dead.",
        {"source": ("Monitors", "UNO", "indirect", "confirmed")},
        15,
    ),
)

ELSEWHERE = (
    "Hill Times",
    "2024-03-06",
    "The Northern Front shelled the harbour of Ober on 4 March, the Norland army said, and four boats burned.",
    {"source": ("the Norland army", "NOR", "indirect", "said"), "day": "2024-03-04", "where": "the harbour of Ober"},
    None,
)


def _event(text: str, told: dict[str, Any], dead: float | None) -> dict[str, Any]:
    front = "Northern Front"
    values: dict[str, Any] = {
        "trigger": "shelled",
        "event": "ASSAULT",
        "mode": "heavy-weapons",
        "quad": 4,
        "score": -9.5,
        "actors": [(front, "NOR", "REB")],
        "recipients": [("market" if "market" in text else "boats", "NOR", "CVL")],
        "date": ("3 March" if "3 March" in text else "4 March", told.get("day", "2024-03-03"), "day"),
        "place": ("Ober", "NOR", "city"),
        "status": told.get("status", "happened"),
        "source": told["source"],
    }
    if "cue" in told:
        values["cue"] = told["cue"]
    if dead is not None:
        values["magnitude"] = {"dead": dead}
        values["magnitude_spans"] = (Magnitude(kind="dead", value=dead, span=span_of(text, f"{dead:g}")),)
    return values


def _story(number: int, telling: Telling) -> tuple[Article, CodedDocument]:
    outlet, published, text, told, dead = telling
    id = f"{outlet.lower().replace(' ', '-')}-{number}.txt"
    document = coded(text, _event(text, told, dead), doc_id=id, published=published)
    title = f"Ober, {published}"
    reference = msgspec.structs.replace(document.events[0].doc, outlet=outlet, title=title)
    event: Event = msgspec.structs.replace(document.events[0], doc=reference)
    whole = msgspec.structs.replace(document.document, outlet=outlet, title=title)
    article = Article(id=id, text=text, title=title, outlet=outlet, published=published, published_basis="given")
    return article, CodedDocument(document=whole, events=(event,))


def make_told_store(path: Path | str) -> None:
    """A store with an act that four reports tell, one that tells of another act, and a run in which something failed."""
    with open_store(path) as store:
        run = start_run(store, kind="ingest", inputs=["news/"], coder=CODER)
        for number, telling in enumerate((*TOLD, ELSEWHERE), start=1):
            store_document(store, run, *_story(number, telling))
        store_failure(store, run, Failure(where="news/empty.txt", reason="it holds no text"))
        store_failure(store, run, Failure(where="news/all.jsonl, line 7", reason="the line is no JSON <b>object</b>"))
        finish_run(store, run, stored=5, recoded=0, unchanged=0, failed=2, records=5)
        start_run(store, kind="ingest", inputs=["https://news.example/feed"], coder=CODER)
        cluster(store)
