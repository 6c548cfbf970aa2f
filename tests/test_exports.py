"""What is written can be read back, in every format, and does no harm where it is opened."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories import coded
from lapwing.errors import ExportError
from lapwing.exports import (
    COLUMNS,
    FORMATS,
    Format,
    neutral,
    new_file,
    read_csv_rows,
    read_jsonl,
    read_parquet_rows,
    record_of,
    row_of,
    write_events,
    write_parquet,
    write_records,
)
from lapwing.records import CodedDocument, Event

TEXT = 'On 3 May Norway sent 500 troops to Lima, "for peace", the minister said. Chile denied it.'

VISIT: dict[str, Any] = {
    "trigger": "sent",
    "event": "MOBILIZE",
    "mode": "troops",
    "contexts": ("military", "diplomatic"),
    "actors": [("Norway", "NOR", "GOV"), ("Chile", None, None)],
    "recipients": [("Lima", "PER", None)],
    "date": ("3 May", "2023-05-03", "day"),
    "place": ("Lima", "PER", "city"),
    "source": ("the minister", "NOR", "indirect", "said"),
    "magnitude": {"troops": 500.0, "usd": 2.5},
}
DENIAL: dict[str, Any] = {"trigger": "denied", "event": "REJECT", "status": "denied", "cue": "denied"}

DOCUMENTS = [coded(TEXT, VISIT, DENIAL), coded("Nothing happened."), coded(TEXT, DENIAL, doc_id="b")]

EVENTS = [event for document in DOCUMENTS for event in document.events]


def written(format: Format, documents: list[CodedDocument]) -> bytes:
    stream = io.BytesIO()
    write_records(documents, stream, format=format, tell=lambda message: None)
    return stream.getvalue()


def test_jsonl_is_the_record_of_the_reference() -> None:
    first = json.loads(written("jsonl", DOCUMENTS).splitlines()[0])
    assert list(first)[:3] == ["id", "doc", "event"]
    assert set(first["doc"]) == {"id", "title", "outlet", "url", "published", "published_basis", "lang", "sha256"}
    assert first["trigger"] == {"start": 16, "end": 20, "text": "sent"}
    assert set(first["actors"][0]) == {"span", "text", "name", "country", "sector", "sectors", "wikidata", "office"}
    assert first["magnitude"] == {"troops": 500, "usd": 2.5}
    assert isinstance(first["magnitude"]["troops"], int)
    assert first["relay"] is None


def test_jsonl_reads_back() -> None:
    assert list(read_jsonl(io.BytesIO(written("jsonl", DOCUMENTS)))) == EVENTS


def test_an_extracted_text_travels_with_the_record() -> None:
    event = EVENTS[0]
    event = msgspec.structs.replace(event, doc=msgspec.structs.replace(event.doc, text=TEXT))
    record = record_of(event)
    start, end = record["trigger"]["start"], record["trigger"]["end"]
    assert record["doc"]["text"][start:end] == record["trigger"]["text"]


def _as_csv_tells(row: dict[str, Any]) -> dict[str, Any]:
    return {name: [] if value == [None] else value for name, value in row.items()}


def test_csv_reads_back() -> None:
    rows = list(read_csv_rows(io.BytesIO(written("csv", DOCUMENTS))))
    assert rows == [_as_csv_tells(row_of(event)) for event in EVENTS]


def test_csv_of_nothing_has_its_header() -> None:
    assert written("csv", []).decode().strip().split(",") == list(COLUMNS)


def test_parquet_reads_back(tmp_path: Path) -> None:
    file = tmp_path / "events.parquet"
    with new_file(file) as stream:
        assert write_parquet(EVENTS, stream) == 3
    assert read_parquet_rows(file) == [row_of(event) | {"doc_text": None} for event in EVENTS]


def test_parquet_of_nothing_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "none.parquet").write_bytes(written("parquet", []))
    assert read_parquet_rows(tmp_path / "none.parquet") == []


@pytest.mark.parametrize("format", FORMATS)
def test_writing_twice_gives_the_same_bytes(format: Format) -> None:
    assert written(format, DOCUMENTS) == written(format, DOCUMENTS)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "'"])
def test_no_cell_starts_a_formula(start: str) -> None:
    text = f"{start}SUM(A1) sent troops"
    document = coded(text, {"trigger": "sent", "actors": [(text, None, None)]}, doc_id=f"{start}x")
    raw = list(csv.reader(io.StringIO(written("csv", [document]).decode(), newline="")))
    assert all(cell.startswith("'") for cell in raw[1] if start in cell[:2])
    rows = list(read_csv_rows(io.BytesIO(written("csv", [document]))))
    assert (rows[0]["doc_id"], rows[0]["evidence"], rows[0]["actor_names"]) == (f"{start}x", text, [text])


def test_a_negative_coordinate_stays_a_number() -> None:
    row = next(csv.DictReader(io.StringIO(written("csv", DOCUMENTS).decode())))
    assert row["place_lat"] == "-12.5"


@given(st.text(min_size=1))
def test_neutral_text_reads_back_and_is_safe(text: str) -> None:
    cell = neutral(text)
    assert cell.removeprefix("'") == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_any_text_survives_every_format(text: str) -> None:
    document = coded(f"{text} sent", {"trigger": "sent"})
    (event,) = document.events
    assert list(read_jsonl(io.BytesIO(written("jsonl", [document])))) == [event]
    (row,) = read_csv_rows(io.BytesIO(written("csv", [document])))
    assert row["evidence"] == event.evidence.text


def test_no_terminal_command_survives_in_jsonl() -> None:
    line = written("jsonl", [coded("a \x1b[31m \x9b31m \x7f sent", {"trigger": "sent"})])
    assert not {b"\x1b", b"\x9b", b"\x7f"} & {bytes((byte,)) for byte in line}


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("old", encoding="utf-8")
    with new_file(file) as stream:
        stream.write(b"new")
        assert file.read_text(encoding="utf-8") == "old"
    assert file.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [file]


def _break_off(file: Path) -> None:
    with new_file(file) as stream:
        stream.write(b"half")
        raise KeyboardInterrupt


def test_a_broken_run_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        _break_off(file)
    assert file.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "out")
    with new_file(tmp_path / "link") as stream:
        stream.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "out").read_bytes() == b"new"


def test_a_device_is_written_to_and_stays() -> None:
    with new_file(Path("/dev/null")) as stream:
        stream.write(b"gone")
    assert Path("/dev/null").is_char_device()


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written"), new_file(tmp_path / "no" / "out"):
        pass
    with pytest.raises(ExportError, match="cannot be written"), new_file(tmp_path):
        pass


@pytest.mark.parametrize("format", [format for format in FORMATS if format != "parquet"])
def test_records_stream(format: Format) -> None:
    """A writer takes the next record only after it has written the one before."""
    stream = io.BytesIO()
    sizes: list[int] = []

    def events() -> Iterator[Event]:
        for event in [EVENTS[0], msgspec.structs.replace(EVENTS[0], id="lw-second")]:
            sizes.append(len(stream.getvalue()))
            yield event

    write_events(events(), stream, format=format, all_statuses=True, tell=lambda message: None)
    assert len(sizes) == 2
    assert sizes[1] > sizes[0] or format == "acled"  # it has no type for this act


def test_events_are_typed() -> None:
    assert all(isinstance(event, Event) for event in EVENTS)
