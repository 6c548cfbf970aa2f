"""The file that an export becomes: under its name when it is complete, and not before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lapwing.errors import ExportError


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose content becomes `path` when the block ends well, and is thrown away when it does not: until then
    what stood there before stays. A device or a pipe is written to directly. Raises `ExportError`."""
    try:
        target = path.resolve()
        regular = target.is_file() or not target.exists()
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        stream = part.open("xb") if regular else target.open("wb")
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}. Does the folder exist?") from error
    try:
        with stream:
            yield stream
        if regular:
            part.replace(target)
    finally:
        if regular:
            part.unlink(missing_ok=True)
