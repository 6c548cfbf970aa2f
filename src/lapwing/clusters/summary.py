"""The reports of an act → what they say together: who told it first, how many origins they have, who asserts and who denies
it, how its status went, how many were counted by whom, and on which day and place they agree, with the spread.

Nothing is averaged away. The best value is the one that most origins give, the newest where that is a tie; the others stay
beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from lapwing.clusters.origins import Origin, Report, find_origins, is_named
from lapwing.clusters.tellings import folded
from lapwing.records import Entity, Event, Place
from lapwing.store.rows import days_of

STAGES = {"hypothetical": "rumoured", "expected": "announced", "happened": "happened", "denied": "denied"}
"""What a record's status means in the course of an act."""

PRECISIONS = ("day", "week", "month", "season", "year", "span")

PLACE_PRECISIONS = ("sub-city", "city", "district", "province", "country")


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """Who asserts or denies the act: a speaker, or an outlet in its own voice (`kind`). `day` is when it was first told."""

    name: str
    kind: str
    country: str | None
    day: str | None
    reports: int


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """The status that reports of a day gave the act, where it differs from the one before."""

    day: str | None
    status: str
    by: str


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A number and who gives it."""

    value: float
    by: tuple[str, ...]


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted of one kind: the lowest, the best and the highest number."""

    low: Claim
    best: Claim
    high: Claim


class AgreedDate(msgspec.Struct, frozen=True, kw_only=True):
    """The date that most origins give, and the first and last day of all that was given."""

    value: str
    precision: str
    origins: int
    first: str | None
    last: str | None


class AgreedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """The place that most origins give, with the others; `km` is the farthest of these that have coordinates."""

    name: str
    country: str | None
    origins: int
    others: tuple[str, ...]
    km: float | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """An act as its reports tell it. `records` are their ids in the order in which they came."""

    event: str
    mode: str | None
    actors: tuple[str, ...]
    recipients: tuple[str, ...]
    first_report: str
    first_day: str | None
    reports: int
    documents: int
    outlets: int
    origins: tuple[Origin, ...]
    status: str
    course: tuple[Stage, ...]
    asserted_by: tuple[Voice, ...]
    denied_by: tuple[Voice, ...]
    magnitudes: dict[str, Range]
    date: AgreedDate | None
    place: AgreedPlace | None
    records: tuple[str, ...]


def summarise(reports: Sequence[Report]) -> Summary:
    """What the reports of an act say together."""
    reports = sorted(reports, key=lambda report: (day_of(report) or "9999", report.record))
    told = [report for report in reports if report.event.status != "denied"]
    origins = find_origins(told or reports)
    number = {record: k for k, origin in enumerate(find_origins(reports)) for record in origin.records}
    fullest = max(told or reports, key=lambda report: (_fullness(report.event), -report.record)).event
    course = course_of(reports)
    return Summary(
        event=_most(reports, number, lambda event: event.event) or fullest.event,
        mode=_most(reports, number, lambda event: event.mode),
        actors=_names(fullest.actors),
        recipients=_names(fullest.recipients),
        first_report=reports[0].event.doc.id,
        first_day=day_of(reports[0]),
        reports=len(reports),
        documents=len({report.doc for report in reports}),
        outlets=len({_outlet(report) for report in reports}),
        origins=tuple(origins),
        status=status_of(reports, course),
        course=course,
        asserted_by=voices_of(told),
        denied_by=voices_of([report for report in reports if report.event.status == "denied"]),
        magnitudes=magnitudes_of(reports, number),
        date=agreed_date(reports, number),
        place=agreed_place(reports, number),
        records=tuple(report.event.id for report in reports),
    )


def day_of(report: Report) -> str | None:
    """When the article appeared."""
    return report.event.doc.published


def _outlet(report: Report) -> str:
    return folded(report.event.doc.outlet or report.event.doc.id)


def _fullness(event: Event) -> tuple[int, float]:
    """How much a record tells, then how sure it is."""
    told = (event.actors, event.recipients, event.date, event.place, event.mode, event.magnitude)
    return sum(bool(value) for value in told), event.confidence


def _names(entities: Iterable[Entity]) -> tuple[str, ...]:
    return tuple(entity.name or entity.text or "?" for entity in entities)


def _most(reports: Sequence[Report], number: dict[int, int], field: Callable[[Event], Any]) -> Any:
    """The value that most origins give, the newest where that is a tie; None where none gives one."""
    given: dict[Hashable, set[int]] = {}
    newest: dict[Hashable, int] = {}
    for at, report in enumerate(reports):
        value = field(report.event)
        if value is not None:
            given.setdefault(value, set()).add(number[report.record])
            newest[value] = at
    return max(given, key=lambda value: (len(given[value]), newest[value]), default=None)


# ── who says so, and how it went ──────────────────────────────────────────────────────────────────────────────────────


def who_says(report: Report) -> tuple[str, str, str | None]:
    """The voice behind a report: (name, kind, country)."""
    source = report.event.source
    if source is not None and is_named(source):
        return source.name or "", "speaker", source.country
    if source is not None:
        return (
            f"{source.name or source.span.text} in {report.event.doc.outlet or report.event.doc.id}",
            "unnamed",
            source.country,
        )
    if report.event.relay is not None:
        return report.event.relay.name, "agency", None
    return report.event.doc.outlet or report.event.doc.id, "outlet", None


def voices_of(reports: Sequence[Report]) -> tuple[Voice, ...]:
    """Who tells an act, in the order in which they first did."""
    found: dict[str, list[Report]] = {}
    for report in reports:
        found.setdefault(folded(who_says(report)[0]), []).append(report)
    voices = []
    for group in found.values():
        name, kind, country = who_says(group[0])
        voices.append(Voice(name=name, kind=kind, country=country, day=day_of(group[0]), reports=len(group)))
    return tuple(voices)


def course_of(reports: Sequence[Report]) -> tuple[Stage, ...]:
    """How the status went: rumoured, announced, happened, denied, each where it first differs from the one before. What was
    told on one day is taken in this order."""
    course: list[Stage] = []
    order = list(STAGES)
    for report in sorted(
        reports, key=lambda told: (day_of(told) or "9999", order.index(told.event.status), told.record)
    ):
        status = STAGES[report.event.status]
        if not course or course[-1].status != status:
            course.append(Stage(day=day_of(report), status=status, by=who_says(report)[0]))
    return tuple(course)


def status_of(reports: Sequence[Report], course: Sequence[Stage]) -> str:
    """Where the act stands: the last stage of its course, or disputed where some say that it happened and others deny it."""
    told = {report.event.status for report in reports}
    return "disputed" if {"happened", "denied"} <= told else course[-1].status


# ── how many, when, where ─────────────────────────────────────────────────────────────────────────────────────────────


def magnitudes_of(reports: Sequence[Report], number: dict[int, int]) -> dict[str, Range]:
    """Low, best and high of each kind that was counted, with who claims it."""
    kinds = sorted({kind for report in reports for kind in report.event.magnitude or ()})
    return {kind: _range(kind, reports, number) for kind in kinds}


def _range(kind: str, reports: Sequence[Report], number: dict[int, int]) -> Range:
    claims: dict[float, list[str]] = {}
    for report in reports:
        value = (report.event.magnitude or {}).get(kind)
        if value is not None:
            claims.setdefault(value, []).append(_claimant(report, kind))
    best = _most(reports, number, lambda event: (event.magnitude or {}).get(kind))

    def claim(value: float) -> Claim:
        return Claim(value=value, by=tuple(dict.fromkeys(claims[value])))

    return Range(low=claim(min(claims)), best=claim(best), high=claim(max(claims)))


def _claimant(report: Report, kind: str) -> str:
    named = (told.claimant for told in report.event.magnitude_spans if told.kind == kind and told.claimant)
    return next(named, None) or who_says(report)[0]


def agreed_date(reports: Sequence[Report], number: dict[int, int]) -> AgreedDate | None:
    """The date that most origins give, among those as precise as any; the spread is over dates of that precision."""
    dated = [report for report in reports if report.event.date]
    if not dated:
        return None
    finest = min(PRECISIONS.index(_precision(report)) for report in dated)
    fine = [report for report in dated if PRECISIONS.index(_precision(report)) == finest]
    value = _most(fine, number, lambda event: event.date.value if event.date else None)
    days = [days_of(report.event.date.value) for report in fine if report.event.date]
    return AgreedDate(
        value=value,
        precision=PRECISIONS[finest],
        origins=len(
            {number[report.record] for report in fine if report.event.date and report.event.date.value == value}
        ),
        first=_iso(min((first for first, _ in days if first), default=None)),
        last=_iso(max((last for _, last in days if last), default=None)),
    )


def _precision(report: Report) -> str:
    assert report.event.date is not None
    return report.event.date.precision


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def agreed_place(reports: Sequence[Report], number: dict[int, int]) -> AgreedPlace | None:
    """The place that most origins give, among those as precise as any."""
    placed = [(report, report.event.place) for report in reports if report.event.place]
    if not placed:
        return None
    finest = min(PLACE_PRECISIONS.index(place.precision) for _, place in placed)
    fine = [(report, place) for report, place in placed if PLACE_PRECISIONS.index(place.precision) == finest]
    name = _most([report for report, _ in fine], number, lambda event: event.place.name if event.place else None)
    chosen = next(place for _, place in fine if place.name == name)
    others = tuple(dict.fromkeys(place.name for _, place in placed if place.name != name))
    far = [distance for _, place in fine if (distance := _km(chosen, place)) is not None]
    return AgreedPlace(
        name=name,
        country=chosen.country,
        origins=len({number[report.record] for report, place in fine if place.name == name}),
        others=others,
        km=round(max(far), 1) if far else None,
    )


def _km(a: Place, b: Place) -> float | None:
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    wide = math.cos(math.radians((a.lat + b.lat) / 2))
    return 111.2 * math.hypot(a.lat - b.lat, (a.lon - b.lon) * wide)
