"""A cluster in words, for a terminal: a line in a list, or a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lapwing.clusters.summary import Claim, Range, Summary, Voice

Pair = tuple[str, str, float, list[tuple[str, float]]]


def line_of(id: str, told: Summary) -> str:
    """A line of the list of clusters."""
    when = told.date.value if told.date else "no date"
    where = f", {told.place.name}" if told.place else ""
    return f"{id}  {when}{where}  {_act(told)}  {told.status}; {told_by(told)}"


def _act(told: Summary) -> str:
    """Who did what to whom."""
    to = f" → {', '.join(told.recipients)}" if told.recipients else ""
    return f"{', '.join(told.actors) or '?'}: {told.event}{f' {told.mode}' if told.mode else ''}{to}"


def told_by(told: Summary) -> str:
    """How many outlets, and how many independent origins."""
    return f"{_count(told.outlets, 'outlet')}, {_count(len(told.origins), 'origin')}"


def _count(number: int, noun: str) -> str:
    """
    >>> _count(1, "origin"), _count(12, "outlet")
    ('1 origin', '12 outlets')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def lines_of(id: str, told: Summary, pairs: Sequence[Pair] = ()) -> Iterator[str]:
    """All that a cluster shows; `pairs` are what `reasons_for` gives."""
    yield f"{id}  {_act(told)}"
    yield f"  {_count(told.reports, 'report')} in {_count(told.documents, 'article')}; {told_by(told)}"
    yield f"  first told {told.first_day or 'on a day not known'} in {told.first_report}"
    for origin in told.origins:
        yield f"    {origin.kind} {origin.name}: {_count(len(origin.records), 'report')}"
    yield f"  status: {told.status}; " + " → ".join(
        f"{stage.status} ({stage.day or '?'}, {stage.by})" for stage in told.course
    )
    yield from _voices("asserted by", told.asserted_by)
    yield from _voices("denied by", told.denied_by)
    yield from (f"  {kind}: {_range(counted)}" for kind, counted in told.magnitudes.items())
    if told.date:
        spread = "" if told.date.first == told.date.last else f"; given are {told.date.first} to {told.date.last}"
        yield f"  date: {told.date.value} ({_count(told.date.origins, 'origin')}{spread})"
    if told.place:
        others = f"; also {', '.join(told.place.others)}" if told.place.others else ""
        far = f", up to {told.place.km:g} km away" if told.place.km else ""
        yield f"  place: {told.place.name} ({_count(told.place.origins, 'origin')}{others}{far})"
    for a, b, score, reasons in pairs:
        yield f"  {a} = {b}  {score:.2f}: " + "; ".join(f"{words} {weight:+.1f}" for words, weight in reasons)


def _voices(words: str, voices: Sequence[Voice]) -> Iterator[str]:
    if voices:
        yield f"  {words}: " + ", ".join(f"{voice.name} ({voice.reports})" for voice in voices)


def _range(counted: Range) -> str:
    """Best first, then from low to high where they differ."""
    best = _claim(counted.best)
    if counted.low.value == counted.high.value:
        return best
    return f"{best}; low {_claim(counted.low)}; high {_claim(counted.high)}"


def _claim(claim: Claim) -> str:
    return f"{claim.value:g} ({', '.join(claim.by)})"
