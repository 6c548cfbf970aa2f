"""Which new records someone wants to hear of at once, and how they are told.

A rule looks at every record that the store got since it looked last, whoever stored it, and a signal is told before it is
noted that the rule has looked: a program that is killed in between tells it again rather than not at all.

With `min_sources` a rule waits until so many independent sources tell one act, and then speaks once. What was had from one
agency, quotations of one speaker, copies of one text and the same sentence in several places are one source. Two records tell
one act when they were clustered, or, more plainly, when type and countries are the same and the dates lie close.

Who is told gets the signal as one line of JSON, on standard output or on the standard input of a program of one's own. That
is started without a shell, with the arguments that the rule lists and nothing of an article among them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from lapwing.exports.columns import record_of
from lapwing.monitor.config import Rule
from lapwing.records import Event
from lapwing.store import Store
from lapwing.store.rows import Code, days_of, pairs_of
from lapwing.store.visits import (
    last_record,
    originals_of,
    records_between,
    records_of_act,
    records_since,
    set_watermark,
    watermark_of,
)

LONGEST_RUN_S = 60.0

STANDARD_ERROR = 2


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """A record that a rule asks for, and who tells of its act so far."""

    rule: Rule
    event: Event
    sources: tuple[str, ...]


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to tell, and up to which record the rules have looked then."""

    signals: tuple[Signal, ...]
    until: int


# ── what to tell ──────────────────────────────────────────────────────────────────────────────────────────────────────


def begin(store: Store, rules: Sequence[Rule]) -> None:
    """Let rules that are new look at what comes from now on, not at all that the store holds."""
    for rule in rules:
        if watermark_of(store, rule.name) is None:
            set_watermark(store, rule.name, last_record(store))


def news(store: Store, rules: Sequence[Rule]) -> News:
    """What the rules have to tell of the records that they did not look at yet."""
    until = last_record(store)
    looked = {rule.name: watermark_of(store, rule.name) or 0 for rule in rules}
    first = min(looked.values(), default=until)
    found = [
        signal
        for seq, event in (records_since(store, first) if first < until else ())
        for rule in rules
        if seq > looked[rule.name] and (signal := signal_of(store, rule, seq, event))
    ]
    return News(signals=tuple(found), until=until)


def note_told(store: Store, rules: Sequence[Rule], told: News) -> None:
    """Remember how far the rules have looked."""
    for rule in rules:
        set_watermark(store, rule.name, told.until)


def signal_of(store: Store, rule: Rule, seq: int, event: Event) -> Signal | None:
    """The signal of a record; None where `rule` does not ask for it, or not yet, or not again."""
    if not matches(rule, event):
        return None
    if rule.min_sources is None:
        return Signal(rule=rule, event=event, sources=sources_of([event]))
    told = _tellings(store, rule, seq, event)
    sources = sources_of(event for _, event in told)
    before = sources_of(event for number, event in told if number < seq)
    if len(before) < rule.min_sources <= len(sources):
        return Signal(rule=rule, event=event, sources=sources)
    return None


def matches(rule: Rule, event: Event) -> bool:
    """Whether a record is one that `rule` asks for."""
    return (
        (not rule.event or event.event in rule.event)
        and (rule.mode is None or event.mode == rule.mode)
        and (not rule.status or event.status in rule.status)
        and event.confidence >= rule.min_confidence
        and (rule.dyad is None or _has_dyad(event, rule.dyad))
        and (rule.place is None or _is_at(event, rule.place))
    )


def _has_dyad(event: Event, dyad: str) -> bool:
    actor, _, recipient = dyad.partition("-")
    return any(_is_side(one, actor) and _is_side(other, recipient) for one, other in pairs_of(event))


def _is_side(code: Code, side: str) -> bool:
    country, _, sector = side.partition("/")
    return side == "*" or (code[0] == (country or code[0]) and code[1] == (sector or code[1]))


def _is_at(event: Event, place: str) -> bool:
    found = event.place
    return found is not None and (found.country == place.upper() or place.lower() in found.name.lower())


def _tellings(store: Store, rule: Rule, seq: int, event: Event) -> list[tuple[int, Event]]:
    """The records, up to this one, that tell its act: those clustered with it, and those much like it that `rule` asks for.
    Of copies of one text the first."""
    found = dict(records_of_act(store, seq)) | {seq: event}
    day = _day(event)
    pairs = {(actor, recipient) for (actor, _), (recipient, _) in pairs_of(event) if actor or recipient}
    if day is not None:
        first, last = day - timedelta(days=rule.within_days), day + timedelta(days=rule.within_days)
        for actor, recipient in pairs:
            near = records_between(store, event.event, actor, recipient, first=first, last=last, until=seq)
            found |= {number: other for number, other in near if matches(rule, other)}
    return _without_copies(store, sorted(found.items(), key=lambda item: item[0]))


def _without_copies(store: Store, told: list[tuple[int, Event]]) -> list[tuple[int, Event]]:
    """The first record of each text and speaker."""
    texts = originals_of(store, [number for number, _ in told])
    first: dict[tuple[int | None, str | None], tuple[int, Event]] = {}
    for number, event in told:
        first.setdefault((texts.get(number), event.source.name if event.source else None), (number, event))
    return list(first.values())


def _day(event: Event) -> date | None:
    return days_of(event.date.value if event.date else event.doc.published or "")[0]


def sources_of(events: Iterable[Event]) -> tuple[str, ...]:
    """The independent sources of records that tell one act."""
    sentences: set[str] = set()
    sources: dict[str, str] = {}
    for event in events:
        sentence = " ".join(event.evidence.text.casefold().split())
        if sentence not in sentences:
            sentences.add(sentence)
            name = origin_of(event)
            sources.setdefault(name.casefold(), name)
    return tuple(sources.values())


def origin_of(event: Event) -> str:
    """Whom a record comes from: the agency that the article had it from, else who says so, else the outlet."""
    if event.relay:
        return event.relay.name
    if event.source:
        return event.source.name or event.source.span.text
    return event.doc.outlet or urlsplit(event.doc.url or "").netloc or event.doc.id


# ── how to tell it ────────────────────────────────────────────────────────────────────────────────────────────────────


def line_of(signal: Signal) -> bytes:
    """A signal as one line of JSON."""
    told: dict[str, Any] = {
        "signal": signal.rule.name,
        "sources": list(signal.sources),
        "record": record_of(signal.event),
    }
    return msgspec.json.encode(told) + b"\n"


def tell(signal: Signal, *, say: Callable[[str], None]) -> None:
    """Tell a signal to whom its rule names. What goes wrong there is said, and ends nothing."""
    if not signal.rule.run:
        sys.stdout.buffer.write(line_of(signal))
        sys.stdout.buffer.flush()
        return
    try:
        done = subprocess.run(  # noqa: S603 - the program of the person whose file it is; no shell, no word of an article
            signal.rule.run, input=line_of(signal), stdout=STANDARD_ERROR, timeout=LONGEST_RUN_S, check=False
        )
    except subprocess.TimeoutExpired:
        say(f"signal {signal.rule.name}: {signal.rule.run[0]} was ended, as it ran for more than {LONGEST_RUN_S:g} s")
    except (OSError, ValueError) as error:
        say(f"signal {signal.rule.name}: {signal.rule.run[0]} cannot be started: {error}")
    else:
        if done.returncode:
            say(f"signal {signal.rule.name}: {signal.rule.run[0]} ended with status {done.returncode}")
