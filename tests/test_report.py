"""The report at 80 columns, with and without colour, and what an article must not do to a terminal."""

from __future__ import annotations

import io
import re
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from factories import coded
from lapwing.records import CodedDocument, OffsetMap, Omission, Reason, Relay, RepairStep, Span
from lapwing.report import STATUSES, document_view, marked_article, print_explanation, print_report, visible

TEXT = (
    "On 3 May Norway sent 500 troops to Lima, the minister said.\n\n"
    "Chile denied that its president would visit the capital of the neighbouring country.\n"
)

SENT: dict[str, Any] = {
    "trigger": "sent",
    "event": "MOBILIZE",
    "mode": "troops",
    "actors": [("Norway", "NOR", "GOV")],
    "recipients": [("Lima", "PER", None)],
    "date": ("3 May", "2023-05-03", "day"),
    "place": ("Lima", "PER", "city"),
    "source": ("the minister", "NOR", "indirect", "said"),
    "magnitude": {"troops": 9000.0},
}
VISIT: dict[str, Any] = {
    "trigger": "visit",
    "status": "denied",
    "cue": "denied",
    "actors": [("president", "CHL", "GOV")],
}

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def printed(document: CodedDocument, *, colour: bool = False, explain: int | None = None, **options: Any) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=80,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
    )
    if explain is not None:
        print_explanation(document, explain, console)
    else:
        print_report(document, console, **options)
    return out.getvalue()


def test_the_report_holds_every_field_and_fits_80_columns() -> None:
    out = printed(coded(TEXT, SENT, VISIT, published="2023-05-04"))
    words = " ".join(out.split())
    for expected in (
        "sent[1] 500 troops",
        "visit[2] the capital",
        "Happened (1)",
        "Denied (1)",
        "2023-05-03",
        "(NOR GOV)",
        "MOBILIZE",
        "troops 9,000",
        "the minister",
        "indirect",
        "75%",
        "2023-05-04 (given): given by the test",
    ):
        assert expected in words
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "Expected (" not in out
    assert "\x1b" not in out


def test_groups_come_in_the_order_of_certainty() -> None:
    events = [SENT | {"status": status} for status in reversed(STATUSES)]
    out = printed(coded(TEXT, *events))
    places = [out.index(f"{status.capitalize()} (1)") for status in STATUSES]
    assert places == sorted(places)
    assert "sent[1,2,3,4]" in out


def test_colour_only_repeats_what_the_words_say() -> None:
    document = coded(TEXT, SENT, VISIT)
    coloured = printed(document, colour=True)
    assert coloured != ANSI.sub("", coloured)
    assert ANSI.sub("", coloured) == printed(document)


def test_an_article_without_events() -> None:
    assert "No events were found." in printed(coded("Nothing happened."))


def test_spans_are_marked_where_they_stand() -> None:
    marked = marked_article(coded(TEXT, SENT))
    styled = {marked.plain[span.start : span.end]: str(span.style) for span in marked.spans}
    assert styled["sent"] == "bold green"
    assert styled["Norway"] == "blue"
    assert marked.plain == TEXT.replace("sent", "sent[1]")


def test_repairs_and_omissions_are_listed_with_their_reasons() -> None:
    document = coded(TEXT, SENT)
    step = RepairStep(kind="glued-word", start=10, end=10, before="", after=" ", reason="two words in one")
    changed = msgspec.structs.replace(
        document.document,
        repairs=(step, step),
        omitted=(Omission(start=61, end=66, reason="Spanish (es), p = 1.00", lang="es"),),
    )
    out = printed(msgspec.structs.replace(document, document=changed), notes=["read as Windows-1252"])
    words = " ".join(out.split())
    assert "Repaired (2)" in words
    assert "glued-word: ⟨Norway⟩ → ⟨N orway⟩: two words in one (×2)" in words
    assert "Spanish (es), p = 1.00: “Chile”" in words
    assert "read as Windows-1252" in words


def test_an_explanation_gives_value_span_and_reason_of_each_field() -> None:
    document = coded(
        TEXT,
        SENT
        | {
            "relay": Relay("Andina", Span(0, 2, "On")),
            "why": (
                Reason(field="actors[0]", by="subject", because="“Norway” is the subject of “sent”"),
                Reason(field="date", by="dates", because="the year is that of publication", score=0.5),
                Reason(field="scope", by="factuality", because="nothing denies it"),
            ),
        },
    )
    words = " ".join(printed(document, explain=1).split())
    assert "Record 1 of 1" in words
    assert "subject: “Norway” is the" in words
    assert "dates 0.50: the year" in words
    assert "“3 May” 3–8" in words
    assert "scope" in words


HOSTILE = "\x1b]0;owned\x07\x1b[2J \x9b31m sent \u202etxt.exe\u2066 \r\b\x7f"


def test_no_control_character_of_an_article_reaches_the_terminal() -> None:
    document = coded(HOSTILE, {"trigger": "sent", "actors": [(HOSTILE, None, None)]}, doc_id=HOSTILE)
    reason = Reason(field=HOSTILE, by=HOSTILE, because=HOSTILE)
    event = msgspec.structs.replace(document.events[0], why=(reason,), id=HOSTILE)
    document = msgspec.structs.replace(document, events=(event,))
    for out in (printed(document, notes=[HOSTILE]), printed(document, explain=1)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", out)


def test_markup_of_the_report_is_not_taken_from_the_article() -> None:
    assert "[red]sent[1] :smile:" in printed(coded("[red]sent :smile:", {"trigger": "sent"}))


@given(st.text())
def test_visible_text_keeps_its_length(text: str) -> None:
    assert len(visible(text)) == len(text)


def test_the_view_for_a_machine_has_given_offsets() -> None:
    """The clean text leaves out the first two characters of the given one."""
    document = coded(TEXT, SENT)
    moved = msgspec.structs.replace(
        document.document,
        text=TEXT[2:],
        offsets=OffsetMap((0,), (2,), (len(TEXT),), (True,)),
        omitted=(Omission(start=1, end=6, reason="a test"),),
    )
    view = document_view(msgspec.structs.replace(document, document=moved), notes=("note",))
    omitted = view["omitted"][0]
    assert view["text"][omitted["start"] : omitted["end"]] == TEXT[3:8]
    assert view["notes"] == ["note"]
    assert set(view["published"]) == {"value", "basis", "reason"}
