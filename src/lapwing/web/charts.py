"""A series over time as a drawing: the score as a line with acts as marks, and below it cooperation upwards and conflict downwards.

Drawn here as SVG, not by a script in the browser: it is there at once, prints, follows the colours of the page, and its marks are
links that a keyboard reaches. What is verbal is hatched and what is material is solid, so that colour only repeats it. Only acts
that happened are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import msgspec

from lapwing.store.pages import Listed
from lapwing.store.rows import days_of
from lapwing.store.series import Bucket, Period, Series

WIDTH = 1200
LEFT, RIGHT = 46, 14
TOP, SCORE = 58, 120
GAP, BARS = 22, 130
HEIGHT = TOP + SCORE + GAP + BARS + 24

STRONGEST = 10.0
"""PLOVER's scores lie between this, below and above nothing."""

MARK_APART, MARK_ROWS = 20, 3

TICKS, LABEL = 12, 44
"""Labels on the axis of time, at most, and how wide one is."""


class Span(msgspec.Struct, frozen=True):
    """The days that a drawing covers."""

    first: date
    last: date

    def x(self, day: date) -> float:
        """Where a day is."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return LEFT + share * (WIDTH - LEFT - RIGHT)


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A period: its place and width, four heights (verbal and material cooperation, verbal and material conflict), in words."""

    x: float
    width: float
    middle: float
    verbal_up: tuple[float, float]
    material_up: tuple[float, float]
    verbal_down: tuple[float, float]
    material_down: tuple[float, float]
    score: float | None
    words: str


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """An act as a mark: its number in the list below the drawing, its place, and where its score stands."""

    number: int
    x: float
    y: float
    at: float
    listed: Listed


class Tick(msgspec.Struct, frozen=True):
    """A label of an axis."""

    at: float
    words: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn. `line` is an SVG path; `zero` and `middle` are where the score and the counts are nothing."""

    bars: tuple[Bar, ...]
    line: str
    signs: tuple[Sign, ...]
    times: tuple[Tick, ...]
    scores: tuple[Tick, ...]
    counts: tuple[Tick, ...]
    zero: float
    middle: float
    bottom: float


def span_of(*series: Series) -> Span | None:
    """The days that several series cover together, so that they can be drawn alike; None where they have none."""
    starts = [bucket.start for one in series for bucket in one.buckets]
    return Span(min(starts), max(end_of(start, series[0].period) for start in starts)) if starts else None


def end_of(start: date, period: Period) -> date:
    """The first day after a period.

    >>> end_of(date(2022, 12, 1), "month"), end_of(date(2022, 3, 7), "week")
    (datetime.date(2023, 1, 1), datetime.date(2022, 3, 14))
    """
    if period == "month":
        return date(start.year + start.month // 12, start.month % 12 + 1, 1)
    if period == "year":
        return date(start.year + 1, 1, 1)
    return start + timedelta(days=7 if period == "week" else 1)


def label_of(start: date, period: Period) -> str:
    """A period in words.

    >>> label_of(date(2022, 3, 1), "month"), label_of(date(2022, 3, 7), "week"), label_of(date(2022, 1, 1), "year")
    ('2022-03', 'week of 2022-03-07', '2022')
    """
    told = start.isoformat()
    return {"day": told, "week": f"week of {told}", "month": told[:7], "year": told[:4]}[period]


def chart_of(series: Series, notable: Sequence[Listed], span: Span) -> Chart:
    """A series as it is drawn."""
    most = max((max(sum(bucket.quads[:2]), sum(bucket.quads[2:])) for bucket in series.buckets), default=0) or 1
    zero, middle = TOP + SCORE / 2, TOP + SCORE + GAP + BARS / 2
    unit = (BARS / 2 - 2) / most
    bars = tuple(_bar(bucket, series.period, span, middle=middle, unit=unit) for bucket in series.buckets)
    return Chart(
        bars=bars,
        line="".join(_line(series, bars)),
        signs=tuple(_signs(notable, span)),
        times=tuple(_times(span)),
        scores=tuple(
            Tick(_at(score), f"{score:+.0f}".replace("-", "−") if score else "0")
            for score in (STRONGEST, 0.0, -STRONGEST)
        ),
        counts=(Tick(middle - most * unit, f"{most}"), Tick(middle, "0"), Tick(middle + most * unit, f"{most}")),
        zero=zero,
        middle=middle,
        bottom=TOP + SCORE + GAP + BARS,
    )


def _at(score: float) -> float:
    """How high a score stands."""
    return TOP + SCORE / 2 * (1 - score / STRONGEST)


def _bar(bucket: Bucket, period: Period, span: Span, *, middle: float, unit: float) -> Bar:
    left, right = span.x(bucket.start), span.x(end_of(bucket.start, period))
    wide = max(right - left, 1.5)
    room = min(wide * 0.12, 2.0)
    one, two, three, four = (count * unit for count in bucket.quads)
    told = ", ".join(
        f"{count} {name}"
        for count, name in zip(
            bucket.quads,
            ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict"),
            strict=True,
        )
        if count
    )
    score = "" if bucket.score is None else f"; mean score {bucket.score:+.1f}"
    return Bar(
        x=left + room,
        width=wide - 2 * room,
        middle=(left + right) / 2,
        material_up=(middle - two, two),
        verbal_up=(middle - two - one, one),
        material_down=(middle, four),
        verbal_down=(middle + four, three),
        score=None if bucket.score is None else _at(bucket.score),
        words=f"{label_of(bucket.start, period)}: {told or 'nothing that happened'}{score}",
    )


def _line(series: Series, bars: Sequence[Bar]) -> Iterator[str]:
    """The score from period to period, broken where there is none between."""
    before: date | None = None
    for bucket, bar in zip(series.buckets, bars, strict=True):
        if bar.score is None:
            before = None
            continue
        yield f"{'L' if before == bucket.start else 'M'}{bar.middle:.1f} {bar.score:.1f}"
        before = end_of(bucket.start, series.period)


def _signs(notable: Sequence[Listed], span: Span) -> Iterator[Sign]:
    """The acts in their order in time, in rows where they would overlap."""
    rows = [-1e9] * MARK_ROWS
    dated = [(day, one) for one in notable if one.event.date and (day := days_of(one.event.date.value)[0])]
    for number, (day, one) in enumerate(sorted(dated, key=lambda pair: (pair[0], pair[1].number)), start=1):
        x = min(max(span.x(day), LEFT + 9), WIDTH - RIGHT - 9)
        row = next((k for k, last in enumerate(rows) if x - last >= MARK_APART), rows.index(min(rows)))
        rows[row] = x
        yield Sign(number=number, x=x, y=TOP - 14 - 18 * row, at=_at(one.event.score), listed=one)


def _times(span: Span) -> Iterator[Tick]:
    """First days of years, or of months where the time is short."""
    days = (span.last - span.first).days
    step = next((n for n in (1, 2, 3, 6, 12, 24, 60, 120) if days / 30.4 / n <= TICKS), 240)
    month = span.first.year * 12 + span.first.month - 1
    month += -month % step
    while (day := date(month // 12, month % 12 + 1, 1)) <= span.last:
        if day >= span.first and span.x(day) <= WIDTH - RIGHT - LABEL / 2:
            yield Tick(span.x(day), f"{day.year}" if day.month == 1 and step >= 12 else day.isoformat()[:7])
        month += step
