"""What a format is to the rest of Lapwing: a writer, and what is lost on the way.

Most formats of event data know no status: what they hold happened. A denied or merely feared act written into one would
turn into a plain fact, so that those acts are left out there unless they are asked for. Either way it is told, and so is
anything else that the format has no place for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import IO, Protocol

import msgspec

from lapwing.records import Event

Writer = Callable[[Iterable[Event], IO[bytes]], int]
"""Writes records to a stream, keeping none of them, and gives the number of records that it wrote."""


class LossWarning(UserWarning):
    """What was written says less than the records did."""


class WithEvents(Protocol):
    """A coded document, or any other bunch of records."""

    @property
    def events(self) -> Sequence[Event]:
        """The records."""


class Exporter(msgspec.Struct, frozen=True, kw_only=True):
    """A format: its writer, and for people `what` it is, what it `loses`, and what else it `leaves_out`.

    `lacks` names what changes the meaning of what is read there, and is told whenever the format is written. `status` is
    false where the format cannot say whether an act happened. `suffix` is the ending of a file's name that asks for it.
    """

    name: str
    write: Writer
    what: str
    loses: str
    lacks: str = ""
    status: bool = True
    leaves_out: str = ""
    suffix: str | None = None
    binary: bool = False
