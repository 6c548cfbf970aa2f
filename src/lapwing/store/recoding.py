"""Two codings of one text → which records tell the same act, and what became of the others. Touches no database.

The text is the same, so an act can be known again by where it stands. From strong to weak, an old and a new record
tell the same act when

4. they have the same id,
3. their triggers are the same words and their types are the same,
2. their triggers overlap: the same words were read as another type, or with one word more or less,
1. they have the same type, and the same actors and recipients, and do not contradict each other in date.

Pairs are taken from the strongest down, each record once: the new one gets the old one's id, and where the two differ
that is ``changed``. What is left over is ``merged`` or ``split`` where it is akin to a record that was paired already
(one act is now told by one record instead of two, or by two instead of one), and else ``retracted`` or ``added``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from lapwing.records import Entity, Event

ChangeKind = Literal["added", "changed", "merged", "split", "retracted"]

NOT_COMPARED = ("id", "doc", "coder", "why", "confidence")
"""Fields that may differ without the record saying anything else."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a record. `record` is its id; `other` the id that took it in (``merged``) or that it comes from
    (``split``); `fields` the names of the fields that differ (``changed``)."""

    kind: ChangeKind
    record: str
    other: str | None = None
    fields: tuple[str, ...] = ()


def compare(old: Sequence[Event], new: Sequence[Event]) -> tuple[list[Event], list[Change]]:
    """The new records, with the old ids where the act is the same, and the changes in the order of the records."""
    pairs = _pairs(old, new)
    kept = _named(old, new, pairs)
    changes = [
        change
        for k, record in enumerate(kept)
        if (change := _of_new(record, old[pairs[k]] if k in pairs else None, old, kept, pairs))
    ]
    matched = set(pairs.values())
    changes += [_of_lost(record, kept) for k, record in enumerate(old) if k not in matched]
    return kept, changes


def likeness(old: Event, new: Event) -> int:
    """How strongly two records of one text tell the same act, 0 to 4: the table above."""
    if old.id == new.id:
        return 4
    if _overlap(old, new):
        exact = (old.trigger.start, old.trigger.end) == (new.trigger.start, new.trigger.end)
        return 3 if exact and old.event == new.event else 2
    same_who = _who(old.actors) == _who(new.actors) and _who(old.recipients) == _who(new.recipients)
    if old.event == new.event and same_who and old.actors and not _contradict(old, new):
        return 1
    return 0


def _overlap(old: Event, new: Event) -> bool:
    return old.trigger.start < new.trigger.end and new.trigger.start < old.trigger.end


def _who(entities: Sequence[Entity]) -> set[tuple[str | None, str | None, str | None]]:
    return {(entity.name or entity.text, entity.country, entity.sector) for entity in entities}


def _contradict(old: Event, new: Event) -> bool:
    return old.date is not None and new.date is not None and old.date.value != new.date.value


def _pairs(old: Sequence[Event], new: Sequence[Event]) -> dict[int, int]:
    """The position of the old record for each new one that tells the same act."""
    candidates = sorted(
        (-strength, abs(before.trigger.start - after.trigger.start), n, k)
        for n, after in enumerate(new)
        for k, before in enumerate(old)
        if (strength := likeness(before, after))
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, n, k in candidates:
        if n not in pairs and k not in taken:
            pairs[n] = k
            taken.add(k)
    return pairs


def _named(old: Sequence[Event], new: Sequence[Event], pairs: dict[int, int]) -> list[Event]:
    """The new records under the old ids. A fresh id that an old record bears already, for another act, is marked."""
    borne = {record.id for record in old}
    kept = []
    for n, record in enumerate(new):
        if n in pairs:
            kept.append(msgspec.structs.replace(record, id=old[pairs[n]].id))
        else:
            kept.append(msgspec.structs.replace(record, id=f"{record.id}-2") if record.id in borne else record)
    return kept


def _of_new(
    record: Event, before: Event | None, old: Sequence[Event], kept: Sequence[Event], pairs: dict[int, int]
) -> Change | None:
    if before is not None:
        fields = _differing(before, record)
        return Change(kind="changed", record=record.id, fields=fields) if fields else None
    origin = next((other.id for k, other in enumerate(old) if k in pairs.values() and likeness(other, record)), None)
    return Change(kind="split" if origin else "added", record=record.id, other=origin)


def _of_lost(record: Event, kept: Sequence[Event]) -> Change:
    taker = next((other.id for other in kept if likeness(record, other)), None)
    return Change(kind="merged" if taker else "retracted", record=record.id, other=taker)


def _differing(before: Event, after: Event) -> tuple[str, ...]:
    names = [name for name in Event.__struct_fields__ if name not in NOT_COMPARED]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
