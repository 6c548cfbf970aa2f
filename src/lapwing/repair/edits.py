"""Changes to a text, and the map that leads back from the changed text to the given one.

Each kind of repair reads the text as the repairs before it left it and answers with edits to *that* text. `apply`
carries them out and keeps, piece by piece, where every character of the result came from, so no rule has to think of
offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lapwing.records import OffsetMap, RepairStep


class Edit(NamedTuple):
    """Put `after` in the place of ``text[start:end]``; `kind` and `reason` as in `RepairStep`."""

    start: int
    end: int
    after: str
    kind: str
    reason: str


class Piece(NamedTuple):
    """``length`` characters of the text, which came from ``given[start:end]``: copied, or replaced as a whole."""

    length: int
    start: int
    end: int
    copied: bool


class Draft(NamedTuple):
    """A text under repair: its pieces tile `text` in order."""

    given: str
    text: str
    pieces: tuple[Piece, ...]
    steps: tuple[RepairStep, ...]


def draft(given: str) -> Draft:
    """The untouched text."""
    pieces = (Piece(len(given), 0, len(given), True),) if given else ()
    return Draft(given, given, pieces, ())


def apply(before: Draft, edits: Iterable[Edit]) -> Draft:
    """Carries out edits to ``before.text``. Of two edits that overlap, the one that starts first counts.

    >>> after = apply(draft("said.The end"), [Edit(5, 5, " ", "missing-space", "no space after a full stop")])
    >>> after.text, after.pieces
    ('said. The end', (Piece(length=5, start=0, end=5, copied=True), Piece(length=1, start=5, end=5, copied=False),
    Piece(length=7, start=5, end=12, copied=True)))
    """
    wanted = disjoint(edits)
    if not wanted:
        return before
    cut = _Cutter(before.pieces)
    text: list[str] = []
    pieces: list[Piece] = []
    steps: list[RepairStep] = []
    position = 0
    for edit in wanted:
        text += (before.text[position : edit.start], edit.after)
        pieces += cut.upto(edit.start)
        start, end = cut.source(edit.start, edit.end)
        cut.upto(edit.end)
        if edit.after:
            pieces.append(Piece(len(edit.after), start, end, False))
        steps.append(_step(before.given, start, end, edit))
        position = edit.end
    text.append(before.text[position:])
    pieces += cut.upto(len(before.text))
    return Draft(before.given, "".join(text), tuple(pieces), before.steps + tuple(steps))


def disjoint(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in order, without those that begin inside an earlier one or change nothing.

    >>> disjoint([Edit(4, 6, "", "markup", ""), Edit(0, 5, "x", "markup", ""), Edit(6, 6, " ", "markup", "")])
    [Edit(start=0, end=5, after='x', kind='markup', reason=''), Edit(start=6, end=6, after=' ', kind='markup',
    reason='')]
    """
    kept: list[Edit] = []
    end = 0
    for edit in sorted(edits, key=lambda edit: edit[:2]):
        if edit.start >= end and (edit.start < edit.end or edit.after):
            kept.append(edit)
            end = edit.end
    return kept


def offset_map(pieces: Sequence[Piece]) -> OffsetMap:
    """The map of `records` from the pieces of a finished draft."""
    clean: list[int] = []
    position = 0
    for piece in pieces:
        clean.append(position)
        position += piece.length
    return OffsetMap(
        tuple(clean),
        tuple(piece.start for piece in pieces),
        tuple(piece.end for piece in pieces),
        tuple(piece.copied for piece in pieces),
    )


def _step(given: str, start: int, end: int, edit: Edit) -> RepairStep:
    return RepairStep(
        kind=edit.kind, start=start, end=end, before=given[start:end], after=edit.after, reason=edit.reason
    )


class _Cutter:
    """Walks once through the pieces, giving them up to a position. A class because it stands somewhere."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._k = 0
        self._inside = 0
        self._position = 0

    def upto(self, position: int) -> list[Piece]:
        """The pieces, or parts of pieces, between where the walk stands and `position`."""
        taken: list[Piece] = []
        while self._position < position:
            piece = self._pieces[self._k]
            step = min(piece.length - self._inside, position - self._position)
            taken.append(_part(piece, self._inside, step))
            self._position += step
            self._inside += step
            if self._inside == piece.length:
                self._k, self._inside = self._k + 1, 0
        return taken

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The given range of ``start:end``, where the walk stands at `start`."""
        if self._k == len(self._pieces):
            last = self._pieces[-1].end if self._pieces else 0
            return last, last
        here = _part(self._pieces[self._k], self._inside, 0)
        if start == end:
            return here.start, here.end if self._inside and not here.copied else here.start
        k, left = self._k, self._inside + end - start
        while left > self._pieces[k].length:
            left -= self._pieces[k].length
            k += 1
        return here.start, _part(self._pieces[k], 0, left).end


def _part(piece: Piece, offset: int, length: int) -> Piece:
    """`length` characters of a piece; a replaced piece stays whole in the given text."""
    if not piece.copied:
        return Piece(length, piece.start, piece.end, False)
    return Piece(length, piece.start + offset, piece.start + offset + length, True)
