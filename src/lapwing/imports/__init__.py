"""Other event data → what Lapwing can keep beside its own: POLECAT, ICEWS, GDELT.

    >>> from lapwing.imports import read_foreign
    >>> for found in read_foreign("events.tsv", format="icews"):  # doctest: +SKIP
    ...     print(found.id, found.event, found.code)

Each reader takes lines and yields a `ForeignEvent` for a row, or a `Failure` that says which line is wrong and why; a bad
row never ends the reading. The files are what came out of ten years of different programs: names of columns that change,
rows longer than their header, dates written in two ways, bytes of another encoding. What a reader does about each stands
in its module. Nothing is added that the file does not say: the middle of a country is not taken for a place, and no row
gets a status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Literal

from lapwing.imports.files import lines_of
from lapwing.imports.gdelt import read_gdelt
from lapwing.imports.icews import read_icews
from lapwing.imports.polecat import read_polecat
from lapwing.records import Failure, ForeignEvent

__all__ = ["IMPORTERS", "ForeignFormat", "read_foreign", "read_gdelt", "read_icews", "read_polecat"]

ForeignFormat = Literal["polecat", "icews", "gdelt"]

IMPORTERS: dict[ForeignFormat, Callable[..., Iterator[ForeignEvent | Failure]]] = {
    "polecat": read_polecat,
    "icews": read_icews,
    "gdelt": read_gdelt,
}
"""Readers by format: lines in, events and failures out; `where` is what a failure calls the file."""


def read_foreign(path: str | Path, *, format: ForeignFormat) -> Iterator[ForeignEvent | Failure]:
    """The events of a file, plain, gzipped or the only file of a zip archive. Raises `SourceError` where it cannot be read."""
    lines: Iterable[str] = lines_of(Path(path))
    return IMPORTERS[format](lines, where=str(path))
