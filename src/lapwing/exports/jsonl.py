"""JSONL: the record as ``docs/reference/record.md`` describes it, one a line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import IO

import msgspec

from lapwing.exports.columns import record_of
from lapwing.records import Event

C1_OR_DELETE = re.compile("[\x7f-\x9f]")


def json_text(value: object) -> str:
    """`value` as JSON that a terminal can be trusted with: JSON itself escapes most control characters, this the rest
    (a C1 character can start a terminal command)."""
    text = msgspec.json.encode(value).decode()
    if C1_OR_DELETE.search(text):
        text = C1_OR_DELETE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
    return text


def json_line(value: object) -> bytes:
    """`value` as one line of JSON.

    >>> json_line({"a": "x\\x9b31m", "é": 1})
    b'{"a":"x\\\\u009b31m","\\xc3\\xa9":1}'
    """
    return json_text(value).encode()


def write_jsonl(events: Iterable[Event], stream: IO[bytes]) -> int:
    """Write records, one a line; gives their number. Each line is flushed, so that a reader at the other end of a pipe
    sees it as it comes."""
    count = 0
    for event in events:
        stream.write(json_line(record_of(event)) + b"\n")
        stream.flush()
        count += 1
    return count


def read_jsonl(stream: IO[bytes]) -> Iterator[Event]:
    """The records of a JSONL stream, as they were written."""
    decoder = msgspec.json.Decoder(Event)
    for line in stream:
        if line.strip():
            yield decoder.decode(line)
