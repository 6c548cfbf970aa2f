"""One row, one actor, one recipient: what the older formats hold.

A record may have several of each. It becomes a row for each pair; a mutual act (several actors, no recipient) one row
each way for each two of them, as the coders of ICEWS and GDELT write it; an act of one party a row with an empty side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from itertools import permutations, product
from typing import IO

from lapwing.exports.cells import tab_line
from lapwing.records import Entity, Event

Dyad = tuple[Entity | None, Entity | None]

Row = Callable[[Event, str, Entity | None, Entity | None], list[object]]
"""The cells of a record's row: the record, the row's id, who, whom."""


def write_pairs(events: Iterable[Event], stream: IO[bytes], row: Row) -> int:
    """Write a line for each pair of each record; gives the number of records."""
    count = 0
    for event in events:
        for id, (actor, recipient) in numbered(event):
            stream.write(tab_line(row(event, id, actor, recipient)))
        count += 1
    return count


def dyads_of(event: Event) -> list[Dyad]:
    """Who to whom, pair by pair.

    >>> a, b = (Entity(span=None, text=None, name=name) for name in "AB")
    >>> from types import SimpleNamespace as Record
    >>> [[x and x.name for x in pair] for pair in dyads_of(Record(actors=(a, b), recipients=()))]
    [['A', 'B'], ['B', 'A']]
    >>> [[x and x.name for x in pair] for pair in dyads_of(Record(actors=(a,), recipients=()))]
    [['A', None]]
    """
    if event.recipients or len(event.actors) < 2:
        return list(product(event.actors or (None,), event.recipients or (None,)))
    return list(permutations(event.actors, 2))


def numbered(event: Event) -> Iterator[tuple[str, Dyad]]:
    """The pairs of a record, each with an id of its own: the record's for the first, then with a number."""
    for n, dyad in enumerate(dyads_of(event)):
        yield f"{event.id}.{n + 1}" if n else event.id, dyad


def number_of(id: str) -> int:
    """A number for formats whose ids are numbers: the same for the same id, and small enough for a double (53 bits).

    >>> number_of("lw-1")
    8207599585500781
    """
    return int.from_bytes(sha256(id.encode("utf-8", "replace")).digest()[:7]) >> 3


def title_of(entity: Entity | None) -> str | None:
    """What an entity is called: its canonical name, else its words."""
    return (entity.name or entity.text) if entity else None
