"""The lines of a file of another data set, whatever it is packed in."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, cast

from lapwing.errors import SourceError

LONGEST_LINE = 1_000_000
"""Characters; what is longer is no row of these sets, and is cut, so that its row fails instead of filling memory."""


def lines_of(path: Path) -> Iterator[str]:
    """The lines without their ends. UTF-8, and where a line is not valid UTF-8, that line as ISO-8859-1: some POLECAT and
    ICEWS files mix the two. Raises `SourceError`."""
    try:
        with ExitStack() as stack:
            stream = _opened(path, stack)
            while raw := stream.readline(LONGEST_LINE):
                yield decoded(raw).rstrip("\r\n")
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
        raise SourceError(f"{path} cannot be read: {error}. Is it there, and whole?") from error


def _opened(path: Path, stack: ExitStack) -> IO[bytes]:
    stream = stack.enter_context(path.open("rb"))
    start = stream.read(4)
    stream.seek(0)
    if start[:2] == b"\x1f\x8b":
        return stack.enter_context(cast("IO[bytes]", gzip.GzipFile(fileobj=stream)))
    if start == b"PK\x03\x04":
        archive = stack.enter_context(zipfile.ZipFile(stream))
        names = [name for name in archive.namelist() if not name.endswith("/")]
        if len(names) != 1:
            raise SourceError(f"{path} holds {len(names)} files: unpack it, and name the one to read.")
        return stack.enter_context(archive.open(names[0]))
    return stream


def decoded(raw: bytes) -> str:
    """
    >>> decoded("é".encode()), decoded("é".encode("latin-1")), decoded(b"\\xef\\xbb\\xbfid")
    ('é', 'é', 'id')
    """
    try:
        return raw.decode("utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8")
    except UnicodeDecodeError:
        return raw.decode("iso-8859-1")
