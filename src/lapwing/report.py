"""What `lapwing read` prints: the article with its spans marked, its events as tables, what was done to the text.

The order is that of a reader's questions: what does the article say, what did Lapwing make of it, what did it change or
leave out, and how does it know the date. Everything fits 80 columns. Colour only repeats what the words say: each
trigger carries the number of its record, so that nothing is lost in a pipe.

An article is written by strangers, and a terminal obeys control characters. No text of an article is printed but by
`visible`, which shows them as pictures; it keeps the length, so that offsets still fit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from lapwing.records import (
    CodedDocument,
    Document,
    Entity,
    Event,
    EventDate,
    Place,
    Reason,
    RepairStep,
    Source,
    Span,
    Status,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

CELL_CHARS = 200
"""Characters shown of a value of a query."""

STATUSES: tuple[Status, ...] = ("happened", "expected", "hypothetical", "denied")

STATUS_STYLES: dict[Status, str] = {
    "happened": "bold green",
    "expected": "bold cyan",
    "hypothetical": "bold yellow",
    "denied": "bold red",
}

ROLE_STYLES = {
    "actor": "blue",
    "recipient": "magenta",
    "source": "underline",
    "date": "italic",
    "place": "italic",
    "cue": "reverse",
    "left out": "dim strike",
}

UNKNOWN = "–"

LAST_WORD, FIRST_WORD = re.compile(r"\S*\Z"), re.compile(r"\S*")

EXPLAINED = (
    "event",
    "mode",
    "contexts",
    "quad",
    "score",
    "trigger",
    "actors",
    "recipients",
    "date",
    "place",
    "status",
    "cue",
    "source",
    "relay",
    "magnitude",
    "confidence",
)

_PICTURES = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)}
_BLANKS = dict.fromkeys((0x0D, 0x2028, 0x2029, 0x85), 0x20)
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
_SHOWN_AS_DAMAGE = dict.fromkeys((*range(0x80, 0xA0), *_DIRECTIONS, *range(0xD800, 0xE000)), 0xFFFD)
VISIBLE = {**_SHOWN_AS_DAMAGE, **_PICTURES, **_BLANKS, 0x7F: 0x2421}
"""Control characters → their pictures; C1 controls, changes of writing direction and half surrogates → U+FFFD."""


def visible(text: str) -> str:
    """`text` as a terminal may have it, of the same length.

    >>> visible("\\x1b[31mred\\x07")
    '␛[31mred␇'
    """
    return text.translate(VISIBLE)


def one_line(text: str, limit: int = 60) -> str:
    """`text` in one line of at most `limit` characters.

    >>> one_line("a\\n  b c", 5), one_line("a long line", 6)
    ('a b c', 'a lon…')
    """
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


# ── the whole report ──────────────────────────────────────────────────────────────────────────────────────────────────


def print_report(coded: CodedDocument, console: Console, *, notes: Sequence[str] = ()) -> None:
    """Print all of it. `notes` are what the reader of the input had to say."""
    for block in report_blocks(coded, notes=notes):
        console.print(block)


def report_blocks(coded: CodedDocument, *, notes: Sequence[str] = ()) -> Iterator[Any]:
    """The report as rich renderables, top to bottom."""
    yield _heading(coded.document)
    yield ""
    yield marked_article(coded)
    yield ""
    yield _legend()
    yield from _event_tables(coded)
    yield from _repairs(coded.document, notes)
    yield from _omissions(coded.document)
    yield from _publication(coded.document)


def _heading(document: Document) -> Text:
    from rich.text import Text

    parts = [document.title or document.id, document.outlet, document.published.value, document.url]
    lines = Text(one_line(parts[0] or "", 300), style="bold")
    below = " · ".join(one_line(part, 200) for part in parts[1:] if part)
    return lines.append(f"\n{below}", style="not bold dim") if below else lines


# ── the article ───────────────────────────────────────────────────────────────────────────────────────────────────────


def marked_article(coded: CodedDocument) -> Text:
    """The article's text as given, its spans styled, and the numbers of its records after their triggers."""
    from rich.text import Text

    text = Text(visible(coded.text))
    for omission in coded.document.omitted:
        text.stylize(ROLE_STYLES["left out"], *coded.document.offsets.to_given(omission.start, omission.end))
    for event in coded.events:
        for role, span in spans_of(event):
            text.stylize(ROLE_STYLES[role], span.start, span.end)
    for event in coded.events:
        text.stylize(STATUS_STYLES[event.status], event.trigger.start, event.trigger.end)
    return _with_numbers(text, coded.events)


def _with_numbers(text: Text, events: Sequence[Event]) -> Text:
    from rich.text import Text

    at: dict[int, list[str]] = {}
    for number, event in enumerate(events, start=1):
        at.setdefault(event.trigger.end, []).append(str(number))
    ends = sorted(at)
    marked = Text()
    for piece, end in zip(text.divide(ends), [*ends, None], strict=True):
        marked.append_text(piece)
        if end is not None:
            marked.append(f"[{','.join(at[end])}]", style="dim")
    return marked


def spans_of(event: Event) -> Iterator[tuple[str, Span]]:
    """The spans of a record but its trigger's, each with its role."""
    for role, entities in (("actor", event.actors), ("recipient", event.recipients)):
        yield from ((role, entity.span) for entity in entities if entity.span)
    if event.source:
        yield "source", event.source.span
    for role, holder in (("date", event.date), ("place", event.place)):
        if holder and holder.span:
            yield role, holder.span
    if event.cue:
        yield "cue", event.cue


def _legend() -> Text:
    from rich.text import Text

    legend = Text("[number] after a trigger: its record below. ", style="dim")
    for name, style in (*STATUS_STYLES.items(), *ROLE_STYLES.items()):
        legend.append(name, style=f"not dim {style}").append(" ")
    return legend


# ── the events ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _event_tables(coded: CodedDocument) -> Iterator[Any]:
    from rich.text import Text

    if not coded.events:
        yield Text("\nNo events were found.")
    numbered = list(enumerate(coded.events, start=1))
    for status in STATUSES:
        group = [(number, event) for number, event in numbered if event.status == status]
        if group:
            yield Text(f"\n{status.capitalize()} ({len(group)})", style=STATUS_STYLES[status])
            yield event_table(group)


def event_table(group: Iterable[tuple[int, Event]]) -> Table:
    """Records with their numbers, one a row: when, who, what, to whom, where, who says so, how sure."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, expand=True, leading=1, header_style="dim")
    table.add_column("#", width=2, justify="right", no_wrap=True)
    table.add_column("when", width=10)
    for name in ("who", "what", "to whom"):
        table.add_column(name, ratio=4, overflow="fold")
    table.add_column("where", ratio=3, overflow="fold")
    table.add_column("says who", ratio=4, overflow="fold")
    table.add_column("sure", width=4, justify="right", no_wrap=True)
    for number, event in group:
        cells = (
            when(event.date),
            who(event.actors),
            what(event),
            who(event.recipients),
            where(event.place),
            says(event),
        )
        table.add_row(str(number), *(Text(cell) for cell in cells), f"{event.confidence:.0%}")
    return table


def when(date: EventDate | None) -> str:
    """A date as the table shows it.

    >>> when(EventDate(value="2022-12-12/2022-12-18", precision="week"))
    '2022-12-12 to 2022-12-18'
    """
    return one_line(date.value).replace("/", " to ") if date else UNKNOWN


def who(entities: Sequence[Entity]) -> str:
    r"""Entities as the table shows them.

    >>> who([Entity(span=None, text="Putin", name="Vladimir Putin", country="RUS", sector="GOV")])
    'Vladimir Putin\n(RUS GOV)'
    """
    return (
        "\n".join(_named(entity.name or entity.text, entity.country, entity.sector) for entity in entities) or UNKNOWN
    )


def _named(name: str | None, country: str | None, sector: str | None = None) -> str:
    codes = " ".join(code for code in (country, sector) if code)
    shown = one_line(name or "unknown")
    return f"{shown}\n({codes})" if codes else shown


def what(event: Event) -> str:
    """Type, mode and trigger."""
    mode = f" {event.mode}" if event.mode else ""
    numbers = "".join(f"\n{kind} {value:,g}" for kind, value in (event.magnitude or {}).items())
    return f"{event.event}{mode}\n“{one_line(event.trigger.text, 50)}”{numbers}"


def where(place: Place | None) -> str:
    """A place with its country, unless it is one."""
    if place is None:
        return UNKNOWN
    return one_line(place.name) if place.precision == "country" else _named(place.name, place.country)


def says(event: Event) -> str:
    """Who vouches for a record, and who passed it on."""
    source = _source(event.source) if event.source else "the article"
    return f"{source}\nvia {one_line(event.relay.name)}" if event.relay else source


def told_by(event: Event) -> str:
    """The status of a record and who stands for it, in words: "denied by the Kremlin (RUS GOV)", "expected, the article says"."""
    if event.source is None:
        return f"{event.status}, the article says"
    source = event.source
    name = one_line(source.name or source.span.text)
    codes = " ".join(code for code in (source.country, source.sector) if code)
    shown = f"{name} ({codes})" if codes else name
    return f"denied by {shown}" if event.status == "denied" else f"{event.status}, says {shown}"


def _source(source: Source) -> str:
    return f"{_named(source.name or source.span.text, source.country)}, {source.kind}"


# ── what was done to the text ─────────────────────────────────────────────────────────────────────────────────────────


def _repairs(document: Document, notes: Sequence[str]) -> Iterator[Any]:
    if not document.repairs and not notes:
        return
    yield _title(f"Repaired ({len(document.repairs)})" if document.repairs else "Read")
    for note in notes:
        yield _line(one_line(note, 200))
    for told, count in Counter(_repair(document.given, step) for step in document.repairs).items():
        yield _line(f"{told} (×{count})" if count > 1 else told)


def _repair(given: str, step: RepairStep) -> str:
    before, after = repaired_words(given, step)
    return f"{step.kind}: {before} → {after}: {one_line(step.reason, 200)}"


def repaired_words(given: str, step: RepairStep) -> tuple[str, str]:
    """A repair before and after, with the word that it stands in: a space that was put in is seen only there."""
    before, after = LAST_WORD.search(given[: step.start][-15:]), FIRST_WORD.match(given[step.end :][:15])
    left, right = (match.group() if match else "" for match in (before, after))
    return quoted(left + step.before + right), quoted(left + step.after + right)


def quoted(text: str) -> str:
    """A piece of text whose blanks can be seen.

    >>> quoted(" a")
    '⟨ a⟩'
    """
    shown = visible(text).replace("\n", "↵").replace("\t", "→")
    return f"⟨{shown if len(shown) <= 60 else shown[:59] + '…'}⟩"


def _omissions(document: Document) -> Iterator[Any]:
    if document.omitted:
        yield _title(f"Left out of coding ({len(document.omitted)})")
    for omission in document.omitted:
        yield _line(f"{one_line(omission.reason, 200)}: “{one_line(document.text[omission.start : omission.end])}”")


def _publication(document: Document) -> Iterator[Any]:
    published = document.published
    yield _title("Published")
    value = one_line(published.value) if published.value else "unknown"
    basis = f" ({published.basis})" if published.basis else ""
    told = published.span and published.span.text not in published.reason
    words = f": “{one_line(published.span.text)}”" if published.span and told else ""
    yield _line(f"{value}{basis}: {one_line(published.reason, 400)}{words}")


def _title(text: str) -> Text:
    from rich.text import Text

    return Text(f"\n{text}", style="bold")


def _line(text: str) -> Padding:
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(text), (0, 0, 0, 2))


# ── one record explained ──────────────────────────────────────────────────────────────────────────────────────────────


def print_explanation(coded: CodedDocument, number: int, console: Console) -> None:
    """Print why each field of record `number` (from 1) has its value."""
    from rich.text import Text

    event = coded.events[number - 1]
    console.print(Text(f"Record {number} of {len(coded.events)}  {one_line(event.id)}", style="bold"))
    console.print(Text(f"“{one_line(event.evidence.text, 2000)}”\n"))
    console.print(_explanation_table(event))


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a record: its value with the words that it was read from, and what decided it, both for a person."""

    field: str
    value: str
    because: tuple[str, ...]


def _explanation_table(event: Event) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, expand=True, header_style="dim")
    table.add_column("field", width=10)
    table.add_column("value", ratio=3, overflow="fold")
    table.add_column("because", ratio=4, overflow="fold")
    for told in explained(event):
        table.add_row(told.field, Text(told.value), Text("\n".join(told.because)))
    return table


def explained(event: Event) -> list[Explained]:
    """Each field of a record with its value and why it has it, in the order of the record; then reasons for what is no field."""
    fields = [
        Explained(
            field=field,
            value=_explained(getattr(event, field)),
            because=tuple(_reason(reason) for reason in event.why if _about(reason, field)),
        )
        for field in EXPLAINED
    ]
    others = [reason for reason in event.why if not any(_about(reason, field) for field in EXPLAINED)]
    return fields + [Explained(field=one_line(other.field), value="", because=(_reason(other),)) for other in others]


def _about(reason: Reason, field: str) -> bool:
    """Whether a reason is about a field, or a part of it ("place.country", "actors[0]").

    >>> _about(Reason(field="actors[0]", by="x", because="y"), "actors")
    True
    """
    return reason.field == field or reason.field.startswith((f"{field}.", f"{field}["))


def _reason(reason: Reason) -> str:
    score = f" {reason.score:.2f}" if reason.score is not None else ""
    return f"{one_line(reason.by)}{score}: {one_line(reason.because, 400)}"


def _explained(value: object) -> str:
    """A field's value with the words that it was read from, and where they stand.

    >>> _explained(Span(3, 6, "met"))
    '“met” 3–6'
    """
    if value is None or value == () or value == "":
        return UNKNOWN
    if isinstance(value, Span):
        return f"“{one_line(value.text)}” {value.start}–{value.end}"
    if isinstance(value, tuple):
        return "\n".join(_explained(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_explained(item)}" for key, item in value.items())
    if isinstance(value, msgspec.Struct):
        return _explained_struct(value)
    return f"{value:g}" if isinstance(value, float) else one_line(str(value), 200)


def _explained_struct(value: msgspec.Struct) -> str:
    fields = {name: getattr(value, name) for name in value.__struct_fields__}
    spans = [_explained(item) for item in fields.values() if isinstance(item, Span)]
    plain = [
        _explained(item)
        for name, item in fields.items()
        if item not in (None, (), "") and not isinstance(item, Span) and name not in ("text", "sectors")
    ]
    return "\n".join([", ".join(plain), *spans])


# ── records of many articles, and other rows ──────────────────────────────────────────────────────────────────────────


def print_events(events: Iterable[Event], console: Console) -> None:
    """Records of any articles, one a row: when, who to whom, what, whether it happened, where, who says so, in which
    article."""
    header = ("when", "who", "to whom", "what", "status", "where", "says who", "article")
    print_rows(header, (_event_row(event) for event in events), console, unbroken=("when", "status"))


def _event_row(event: Event) -> tuple[str, ...]:
    mode = f" {event.mode}" if event.mode else ""
    return (
        when(event.date),
        _on_a_line(who(event.actors)),
        _on_a_line(who(event.recipients)),
        f"{event.event}{mode}",
        event.status,
        _on_a_line(where(event.place)),
        _on_a_line(says(event)),
        event.doc.outlet or event.doc.id,
    )


def _on_a_line(cell: str) -> str:
    """
    >>> _on_a_line("Peru\\n(PER GOV)\\nChile\\n(CHL)")
    'Peru (PER GOV), Chile (CHL)'
    """
    return cell.replace("\n(", " (").replace("\n", ", ")


def print_rows(
    header: Sequence[str], rows: Iterable[Sequence[object]], console: Console, *, unbroken: Sequence[str] = ()
) -> None:
    """Rows of anything as a table; nothing in them is obeyed by the terminal. The columns `unbroken` are for short
    values, which stand in one line."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    for name in header:
        table.add_column(Text(one_line(name)), overflow="fold", min_width=12 if name in unbroken else None)
    for row in rows:
        table.add_row(*(Text("" if cell is None else one_line(str(cell), CELL_CHARS)) for cell in row))
    console.print(table)


# ── for a machine ─────────────────────────────────────────────────────────────────────────────────────────────────────


def document_view(coded: CodedDocument, *, notes: Sequence[str] = ()) -> dict[str, Any]:
    """What the report says of the article, for `lapwing read --json`. All offsets are *given* ones, into `text`."""
    document = coded.document
    to_given = document.offsets.to_given
    return {
        "id": document.id,
        "title": document.title,
        "outlet": document.outlet,
        "url": document.url,
        "lang": document.lang,
        "sha256": document.sha256,
        "published": {
            "value": document.published.value,
            "basis": document.published.basis,
            "reason": document.published.reason,
        },
        "text": document.given,
        "notes": list(notes),
        "repairs": [msgspec.to_builtins(step) for step in document.repairs],
        "omitted": [
            dict(zip(("start", "end"), to_given(omission.start, omission.end), strict=True))
            | {"reason": omission.reason, "lang": omission.lang}
            for omission in document.omitted
        ],
    }
