"""GraphML: who acts on whom as a directed graph with an edge for each pair of a record, so with parallel edges.

A node is an actor (name, country, sector). A mutual act has an edge each way. An act of one party alone has no second node
and is left out. XML cannot hold most control characters, not even escaped: they are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from lapwing.exports.columns import teller_of
from lapwing.exports.dyads import dyads_of, title_of
from lapwing.records import Entity, Event

NODE_KEYS = {"name": "string", "country": "string", "sector": "string"}

EDGE_KEYS = {
    "record": "string", "event": "string", "mode": "string", "contexts": "string", "quad": "int", "score": "double",
    "status": "string", "date": "string", "place": "string", "place_country": "string", "source": "string",
    "confidence": "double", "outlet": "string", "published": "string", "trigger": "string",
}  # fmt: skip

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write the records with two parties or more as a graph; gives their number. A node stands before the first edge that
    needs it; the names of nodes are all that is kept in memory."""
    nodes: dict[tuple[str | None, ...], str] = {}
    count = edges = 0
    stream.write(HEAD.encode() + _keys() + b'<graph edgedefault="directed">\n')
    for event in events:
        drawn = False
        for actor, recipient in dyads_of(event):
            if actor is None or recipient is None:
                continue
            lines, ends = _ends(nodes, actor, recipient)
            edges += 1
            stream.write(lines + _edge(event, f"e{edges}", *ends))
            drawn = True
        count += drawn
    stream.write(b"</graph>\n</graphml>\n")
    return count


def _keys() -> bytes:
    told = [("node", name, kind) for name, kind in NODE_KEYS.items()]
    told += [("edge", name, kind) for name, kind in EDGE_KEYS.items()]
    lines = (f'<key id="{of}_{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n' for of, name, kind in told)
    return "".join(lines).encode()


def _ends(nodes: dict[tuple[str | None, ...], str], *parties: Entity) -> tuple[bytes, list[str]]:
    """The lines of those parties that have no node yet, and the ids of all of them."""
    lines, ends = [], []
    for party in parties:
        key = title_of(party), party.country, party.sector
        if key not in nodes:
            nodes[key] = f"n{len(nodes) + 1}"
            told = _data("node", zip(NODE_KEYS, key, strict=True))
            lines.append(f'<node id="{nodes[key]}">{told}</node>\n')
        ends.append(nodes[key])
    return "".join(lines).encode(), ends


def _edge(event: Event, id: str, actor: str, recipient: str) -> bytes:
    ends = f'id="{id}" source="{actor}" target="{recipient}"'
    return f"<edge {ends}>{_data('edge', _told(event))}</edge>\n".encode()


def _told(event: Event) -> Iterator[tuple[str, object]]:
    source = teller_of(event)
    values = (
        event.id, event.event, event.mode, "|".join(event.contexts), event.quad, event.score,
        event.status, event.date and event.date.value, event.place and event.place.name,
        event.place and event.place.country, source,
        event.confidence, event.doc.outlet, event.doc.published, event.trigger.text,
    )  # fmt: skip
    return zip(EDGE_KEYS, values, strict=True)


def _data(of: str, values: Iterable[tuple[str, object]]) -> str:
    return "".join(
        f"<data key={quoteattr(f'{of}_{name}')}>{escape(NOT_XML.sub('', str(value)))}</data>"
        for name, value in values
        if value is not None and value != ""
    )
