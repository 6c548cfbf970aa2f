"""Which records are compared at all: those that share a family of types, a stretch of time, and either a country with a mark
or a story.

A *family* holds types under which one act is told now and again: a promised meeting and the meeting, an announced
withdrawal and the withdrawal, an arrest that another article calls an attack. A *mark* is a word of the trigger, a place, a
name, a number, a mode: two tellings of one act share at least one. Records of two articles on one *story*, which name the
same names and numbers, are compared whoever was read to act in them: a party that was mistaken in one of two articles leaves
its records without a country in common.

Within a family, country and mark, or a family and story, a record is compared with those of the days around its own, the
nearest first and at most `MOST` of them; records without a date stand by the day on which their article appeared, and those
without that as well are compared with the last ones stored.

A record is compared only with records that were stored before it, so that the pairs do not depend on how the records were
portioned.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, timedelta

from lapwing.clusters.tellings import Telling

FAMILIES = (
    ("talk", ("CONSULT", "AGREE", "COOPERATE", "SUPPORT")),
    ("help", ("AID", "AGREE", "COOPERATE", "SUPPORT")),
    ("yield", ("CONCEDE", "RETREAT", "AGREE", "COOPERATE")),
    ("object", ("REQUEST", "ACCUSE", "REJECT", "THREATEN")),
    ("press", ("SANCTION", "COERCE", "THREATEN", "ACCUSE")),
    ("force", ("ASSAULT", "COERCE", "MOBILIZE", "PROTEST")),
    ("posture", ("MOBILIZE", "COOPERATE", "THREATEN")),
    ("refuse", ("REJECT", "SANCTION", "CONCEDE")),
)

WINDOW = 3
"""Days between two dates of one act that two articles may give."""

REPORTED = 7
"""Days between two reports of one act of which one has no date."""

VAGUE = 7
"""Days that a date may cover and still be looked for day by day."""

MOST = 60

STORY_BANDS, FEWEST_ANCHORS = 24, 4
"""How finely stories are told apart, and how many names and numbers an article must have to be of one."""

EACH_FAMILY = {
    event: tuple(name for name, events in FAMILIES if event in events) for _, events in FAMILIES for event in events
}

Key = tuple[Hashable, ...]


def find_pairs(
    tellings: Iterable[Telling], *, fresh: frozenset[int] | None = None
) -> Iterator[tuple[Telling, Telling]]:
    """Pairs (earlier, later) to compare, each once. `tellings` are ordered by `record`; with `fresh`, numbers of documents,
    only pairs of which at least one record is of one of them are given."""
    index: dict[Key, list[Telling]] = defaultdict(list)
    for later in tellings:
        seen = set()
        for key in block_keys(later):
            for earlier in _near(index, key, later):
                if earlier.record not in seen:
                    seen.add(earlier.record)
                    if fresh is None or later.doc in fresh or earlier.doc in fresh:
                        yield earlier, later
            for shelf in _shelves(later):
                index[(*key, *shelf)].append(later)


def block_keys(telling: Telling) -> list[Key]:
    """Families × countries × marks of a record, and families × stories of its article."""
    countries = {party.country for party in (*telling.actors, *telling.recipients)} | {telling.country}
    known = sorted(country for country in countries if country) or ["?"]
    families = EACH_FAMILY[telling.event]
    marked: list[Key] = [(family, country, mark) for family in families for country in known for mark in marks(telling)]
    return marked + [(family, *band) for family in families for band in story_bands(telling.anchors)]


@functools.lru_cache(maxsize=1024)
def story_bands(anchors: frozenset[int]) -> tuple[tuple[int, int, int], ...]:
    """The bands of an article's names and numbers (MinHash): two articles that share a third of them agree in one with a
    probability of 0.94, with a fifth 0.63, with a fiftieth 0.01.

    >>> one, other = frozenset(range(0, 200)), frozenset(range(100, 300))
    >>> bool(set(story_bands(one)) & set(story_bands(other))), story_bands(frozenset())
    (True, ())
    """
    import numpy as np

    if len(anchors) < FEWEST_ANCHORS:
        return ()
    salts = np.arange(1, 2 * STORY_BANDS + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    values = np.array(sorted(anchors), dtype=np.uint64)[:, None] ^ salts
    values *= np.uint64(0xC2B2AE3D27D4EB4F)
    values ^= values >> np.uint64(29)
    least = (values * np.uint64(0x165667B19E3779F9)).min(axis=0).tolist()
    return tuple((k, least[k], least[k + 1]) for k in range(0, 2 * STORY_BANDS, 2))


def marks(telling: Telling) -> list[str]:
    """What one act can be known by, besides its type and parties' countries."""
    names = {word for party in (*telling.actors, *telling.recipients) for word in party.name if len(word) > 3}
    numbers = {f"{kind}={value:g}" for kind, value in telling.magnitude.items()}
    place = {telling.place} if telling.place else set()
    mode = {f"mode {telling.mode}"} if telling.mode else set()
    return sorted(telling.trigger | names | numbers | place | mode)


def looked_at_days(telling: Telling) -> tuple[date, date] | None:
    """The first and last day at which is looked for a record's like; None where it may be any."""
    if telling.days is not None:
        return telling.days
    return (telling.published, telling.published) if telling.published else None


def _day(telling: Telling) -> date | None:
    """The day under which a record is looked for; None for a vague date and for none at all."""
    if telling.days is None:
        return telling.published
    first, last = telling.days
    return first if (last - first).days < VAGUE else None


def _months(telling: Telling) -> list[tuple[int, int]]:
    """The months that a vague date covers, twelve at most."""
    if telling.days is None:
        return []
    first, last = telling.days
    count = min((last.year - first.year) * 12 + last.month - first.month + 1, 12)
    return [divmod(first.year * 12 + first.month - 1 + k, 12) for k in range(count)]


def _shelves(telling: Telling) -> list[Key]:
    """Where a record is put to be found."""
    day = _day(telling)
    if day is not None:
        return [("day", day), ("month", (day.year, day.month - 1)), ("any",)]
    months: list[Key] = [("vague", month) for month in _months(telling)]
    return [*(months or [("undated",)]), ("any",)]


def _near(index: dict[Key, list[Telling]], key: Key, telling: Telling) -> list[Telling]:
    """The records of a block that a record is compared with, `MOST` at most."""
    found: list[Telling] = []
    for shelf in _looked_at(telling):
        held = index.get((*key, *shelf))
        if held:
            found.extend(held[: -(MOST - len(found)) - 1 : -1])
        if len(found) >= MOST:
            break
    return found


def _looked_at(telling: Telling) -> Iterator[Key]:
    """The shelves to look at, nearest first."""
    day = _day(telling)
    if day is not None:
        yield ("day", day)
        for distance in range(1, (WINDOW if telling.days else REPORTED) + 1):
            yield from (("day", day + sign * timedelta(distance)) for sign in (-1, 1) if date.min < day < date.max)
        yield ("vague", (day.year, day.month - 1))
    elif months := _months(telling):
        yield from ((kind, month) for month in months for kind in ("vague", "month"))
    else:
        yield ("any",)
        return
    yield ("undated",)
