"""JSONL and JSON → articles: one object a line, or one file holding an object or a list of objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from lapwing.errors import BadLine, SourceError
from lapwing.records import Article, Failure
from lapwing.settings import Settings
from lapwing.sources.rows import article_of_row
from lapwing.sources.text import byte_order_mark, decode, read_lines, refuse_binary, too_long


def read_jsonl(stream: IO[bytes], *, name: str, settings: Settings) -> Iterator[Article | Failure]:
    """The articles of a JSONL stream, line by line; a bad line is a `Failure` and the next is read.

    >>> import io
    >>> lines = io.BytesIO(b'{"text": "Hello."}\\n\\n[1\\n')
    >>> for read in read_jsonl(lines, name="a.jsonl", settings=Settings()):
    ...     print(read.id if isinstance(read, Article) else read.reason)
    a.jsonl:1
    not JSON: Input data was truncated
    """
    for number, line in read_lines(stream, limit=settings.max_line_bytes):
        where = f"{name}:{number}"
        try:
            if line is None:
                raise BadLine(f"the line is longer than {settings.max_line_bytes:,} bytes, and was skipped.")
            if line.strip():
                yield _article_of_json(line, default_id=where, settings=settings)
        except SourceError as error:
            yield Failure(where=where, reason=str(error))


def read_json(data: bytes, *, name: str, settings: Settings) -> Iterator[Article | Failure]:
    """The articles of a JSON file: one object, or a list of them. Raises `SourceError` where the whole file is
    wrong."""
    if len(data) > settings.max_page_bytes:
        raise too_long(len(data), unit="bytes", limit=settings.max_page_bytes)
    refuse_binary(data)
    value, notes = _decode_json(data)
    if not isinstance(value, list):
        yield _with_notes(_article_of_value(value, default_id=name, settings=settings), notes)
        return
    for number, item in enumerate(value, start=1):
        where = f"{name}:{number}"
        try:
            yield _with_notes(_article_of_value(item, default_id=where, settings=settings), notes)
        except SourceError as error:
            yield Failure(where=where, reason=str(error))


def _article_of_json(line: bytes, *, default_id: str, settings: Settings) -> Article:
    value, notes = _decode_json(line)
    return _with_notes(_article_of_value(value, default_id=default_id, settings=settings), notes)


def _article_of_value(value: Any, *, default_id: str, settings: Settings) -> Article:
    if not isinstance(value, dict):
        raise BadLine(f"a JSON object is needed, this is a {type(value).__name__}.")
    return article_of_row(value, default_id=default_id, settings=settings)


def _decode_json(data: bytes) -> tuple[Any, tuple[str, ...]]:
    """The value that `data` encodes. Python's own decoder has the second word: it reads what the stricter one refuses
    though nothing is wrong with the article, such as a huge number or half a surrogate pair."""
    import msgspec

    try:
        return msgspec.json.decode(data), ()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return _decode_json_leniently(data, error)


def _decode_json_leniently(data: bytes, error: Exception) -> tuple[Any, tuple[str, ...]]:
    import json

    mark = byte_order_mark(data)
    try:
        if mark is None and b"\x00" in data:
            refuse_binary(data)
        text, notes = decode(data)
        return json.loads(text, parse_int=_bounded_int, parse_constant=float), notes
    except RecursionError:
        raise BadLine("not JSON that can be read: it is nested too deeply.") from None
    except ValueError:
        reason = str(error).removeprefix("JSON is malformed: ")
        raise BadLine(f"not JSON: {reason}") from None


def _bounded_int(digits: str) -> int | float:
    """Python refuses to read an integer of thousands of digits, so that one becomes a float (infinity).

    >>> _bounded_int("42"), _bounded_int("9" * 5000)
    (42, inf)
    """
    return int(digits) if len(digits) <= 300 else float("-inf" if digits.startswith("-") else "inf")


def _with_notes(article: Article, notes: tuple[str, ...]) -> Article:
    if not notes:
        return article
    import msgspec

    return msgspec.structs.replace(article, notes=notes + article.notes)
