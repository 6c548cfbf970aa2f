"""Tab-separated lines with a header → rows by the names of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from lapwing.imports.cells import BadCell, present
from lapwing.records import Failure, ForeignEvent


def events_of(
    rows: Iterable[tuple[int, Mapping[str, str] | Failure]],
    read: Callable[[dict[str, str]], ForeignEvent],
    *,
    where: str,
) -> Iterator[ForeignEvent | Failure]:
    """Each numbered row read by `read`; what it cannot read is a failure that names the line."""
    for line, row in rows:
        if isinstance(row, Failure):
            yield row
            continue
        try:
            yield read(present(row))
        except BadCell as error:
            yield Failure(where=f"{where}, line {line}", reason=f"{error}.")


def headed_rows(
    lines: Iterable[str],
    columns: Sequence[str],
    *,
    where: str,
    needed: Sequence[str],
    synonyms: Mapping[str, str] | None = None,
) -> Iterator[tuple[int, Mapping[str, str] | Failure]]:
    """The rows under a header. `columns` are the names that the data set is known for; `synonyms` (lower case) lead other
    names to them.

    A row is read by the header's names. Where the header names more columns than there are known ones and nothing stands
    beyond those in the row, the header is wrong and the row is read by the known names in their order: some POLECAT files
    have a name too many ("Headline"), and end in empty tabs.
    """
    names: list[str] = []
    for number, text in enumerate(lines, start=1):
        cells = text.split("\t")
        if number == 1:
            names = _names(cells, columns, synonyms or {})
            if missing := [name for name in needed if name not in names]:
                yield 1, Failure(where=f"{where}, line 1", reason=_no_header(missing))
                return
        elif text.strip():
            yield (
                number,
                _row(cells, names, columns) or Failure(where=f"{where}, line {number}", reason=_short(cells, names)),
            )


def _names(cells: Sequence[str], columns: Sequence[str], synonyms: Mapping[str, str]) -> list[str]:
    known = {name.lower(): name for name in columns} | dict(synonyms)
    stripped = [cell.strip().strip('"') for cell in cells]
    return [known.get(cell.lower(), cell) for cell in stripped]


def _row(cells: list[str], names: Sequence[str], columns: Sequence[str]) -> dict[str, str] | None:
    whole = list(cells)
    while len(whole) > len(columns) and not whole[-1].strip():
        whole.pop()
    named = [name for name in names if name]
    if len(named) > len(columns) >= len(whole) and set(columns) <= set(named):
        return dict(zip(columns, whole, strict=False)) if len(whole) == len(columns) else None
    return dict(zip(names, cells, strict=False)) if len(cells) >= len(named) else None


def _no_header(missing: Sequence[str]) -> str:
    return (
        f"the first line must name the columns, and {', '.join(missing)} is missing. Is this a file of another format?"
    )


def _short(cells: Sequence[str], names: Sequence[str]) -> str:
    return f"{len(cells)} cells, {len(names)} columns. Was a line broken in two?"
