"""Reports of an act → how many independent origins they have.

Twelve outlets that print one agency's text are one origin, and so are twelve that quote one minister. Two reports have one
origin when any of these holds:

*one text*: their articles are copies, updates or translations of one another, and do not name different speakers;
*one speaker*: the same named person or body vouches for the act in both;
*one agency*: both have it from the same agency, or one is that agency's own;
*one outlet*: neither names a speaker or an agency, and the same outlet published both.

A report is of its speaker before it is of its outlet: that one paper quotes two ministers makes two origins. "Officials",
"witnesses" and other voices without a name are no speaker: two papers may have found two of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec

from lapwing.clusters.tellings import folded
from lapwing.records import Event, Source

AGENCY_WORDS = frozenset(("agency", "news", "the", "press", "service", "state", "wire", "agencies"))


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A record in its article: `text` is the number of the first article with the same text."""

    record: int
    doc: int
    text: int
    event: Event


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Reports that count once: `name` is the speaker, the agency, the outlet or, failing these, the article."""

    name: str
    kind: str
    records: tuple[int, ...]


def find_origins(reports: Sequence[Report]) -> list[Origin]:
    """The independent origins of reports, those with most reports first."""
    home = list(range(len(reports)))

    def root(k: int) -> int:
        while home[k] != k:
            k = home[k]
        return k

    for one, other in combinations(range(len(reports)), 2):
        if one_origin(reports[one], reports[other]):
            first, second = sorted((root(one), root(other)))
            home[second] = first
    groups: dict[int, list[Report]] = {}
    for k, report in enumerate(reports):
        groups.setdefault(root(k), []).append(report)
    return sorted((_named(group) for group in groups.values()), key=lambda o: (-len(o.records), o.records))


def one_origin(a: Report, b: Report) -> bool:
    """Whether two reports go back to one voice or one text: the rules above."""
    speakers = speaker(a.event), speaker(b.event)
    if None not in speakers:
        return speakers[0] == speakers[1]
    if a.text == b.text:
        return True
    agencies = agency(a.event), agency(b.event)
    if agencies == (None, None):
        return speakers == (None, None) and outlet(a.event) == outlet(b.event) is not None
    return (agencies[0] or outlet(a.event)) == (agencies[1] or outlet(b.event))


def speaker(event: Event) -> str | None:
    """The named voice that vouches for an act; None for the article's own and for voices without a name."""
    source = event.source
    if source is None or not is_named(source):
        return None
    return f"{folded(source.name or '')} ({source.country or '?'})"


def is_named(source: Source) -> bool:
    """A name has a capital: "Ana Ruiz", "the Defence Ministry", but not "officials".

    >>> from lapwing.records import Span
    >>> def source(name): return Source(name=name, country=None, sector=None, kind="indirect", span=Span(0, 0, ""))
    >>> is_named(source("Ana Ruiz")), is_named(source("two officials")), is_named(source(None))
    (True, False, False)
    """
    return source.name is not None and any(letter.isupper() for letter in source.name)


def agency(event: Event) -> str | None:
    """The agency or outlet that the article has it from."""
    return _bare(event.relay.name) if event.relay else None


def outlet(event: Event) -> str | None:
    """Who published the article."""
    return _bare(event.doc.outlet) if event.doc.outlet else None


def _bare(name: str) -> str:
    """
    >>> _bare("the news agency Efe"), _bare("EFE")
    ('efe', 'efe')
    """
    words = [word for word in folded(name).split() if word not in AGENCY_WORDS]
    return " ".join(words) or folded(name)


def _named(group: Sequence[Report]) -> Origin:
    first = min(group, key=lambda report: report.record)
    records = tuple(sorted(report.record for report in group))
    for kind, names in (("speaker", _speakers(group)), ("agency", _relays(group)), ("outlet", _outlets(group))):
        if name := next(names, None):
            return Origin(name=name, kind=kind, records=records)
    return Origin(name=first.event.doc.title or first.event.doc.id, kind="article", records=records)


def _speakers(group: Sequence[Report]) -> Iterator[str]:
    return (r.event.source.name for r in group if r.event.source and r.event.source.name and speaker(r.event))


def _relays(group: Sequence[Report]) -> Iterator[str]:
    return (report.event.relay.name for report in group if report.event.relay)


def _outlets(group: Sequence[Report]) -> Iterator[str]:
    return (report.event.doc.outlet for report in group if report.event.doc.outlet)
