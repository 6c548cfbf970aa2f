"""Damages clean text on purpose, to measure how much of it `lapwing.repair` undoes, and to train on damaged text.

    python training/damage.py FOLDER        of article files (``text`` in JSON), prints a line for each kind of damage

Each kind is a function from text and a seeded random generator to damaged text and the places it damaged. Damage counts
as undone when, read through the map of offsets, the clean text holds what stood there before.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from lapwing.repair import repair

TAILS = ("and", "who", "said", "called", "was", "told", "which", "has", "in", "would")
NAME_AND_WORD = re.compile(rf"\b([A-Z][a-z]{{3,15}}) ({'|'.join(TAILS)})\b")
STOP_AND_WORD = re.compile(r"(?<=[a-z]{3})([.,]) (?=[A-Z][a-z]{2}|[a-z]{3})")
QUOTED = re.compile(r"[“\"]([A-Za-z][^“”\"\n]{3,200}[.,\w])[”\"]")
NOT_ASCII = re.compile(r"[‘’“”–—éèáóíñçüöä]")
DASHED = re.compile(r"(?<=[a-z]) [–—-] ([a-z][a-z ]{3,40}[a-z]) [–—-] (?=[a-z])")


class Damaged(NamedTuple):
    """A damaged text; `places` are (start in the clean text, what stands there)."""

    text: str
    places: tuple[tuple[int, str], ...]


Damage = Callable[[re.Match[str]], str]


def damage(text: str, pattern: re.Pattern[str], change: Damage, *, share: float, chance: random.Random) -> Damaged:
    """Changes a share of the matches of a pattern.

    >>> damage("Ruiz said no.", NAME_AND_WORD, glue, share=1.0, chance=random.Random(1))
    Damaged(text='Ruizsaid no.', places=((0, 'Ruiz said'),))
    """
    places: list[tuple[int, str]] = []

    def maybe(found: re.Match[str]) -> str:
        if chance.random() > share:
            return found[0]
        places.append((found.start(), found[0]))
        return change(found)

    return Damaged(pattern.sub(maybe, text), tuple(places))


def glue(found: re.Match[str]) -> str:
    """Loses the space after a name."""
    return found[1] + found[2]


def lose_space(found: re.Match[str]) -> str:
    """Loses the space after a stop or a comma."""
    return found[1]


def misread(found: re.Match[str]) -> str:
    """Reads UTF-8 as Windows-1252, leaving the bytes it does not know."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in found[0].encode())


def german_quotes(found: re.Match[str]) -> str:
    """Low and high marks."""
    return f"„{found[1]}“"


def guillemets(found: re.Match[str]) -> str:
    """French marks."""
    return f"«{found[1]}»"


def glue_dashes(found: re.Match[str]) -> str:
    """Dashes that cling to the parenthesis."""
    return f" –{found[1]}– "


KINDS: dict[str, tuple[re.Pattern[str], Damage, float]] = {
    "glued name": (NAME_AND_WORD, glue, 0.15),
    "lost space": (STOP_AND_WORD, lose_space, 0.2),
    "mojibake": (NOT_ASCII, misread, 1.0),
    "low quotes": (QUOTED, german_quotes, 1.0),
    "guillemets": (QUOTED, guillemets, 1.0),
    "glued dashes": (DASHED, glue_dashes, 1.0),
}


def plain(text: str) -> str:
    """The text with one kind of quotation mark and dash, and spaces as they are: what counts as the same."""
    return re.sub("[–—]", "-", re.sub("[“”]", '"', text))


def undone(before: str, damaged: Damaged, names: frozenset[str] | None) -> int:
    """How many damaged places read again as before."""
    after, intact = plain(repair(damaged.text, names=names).text), plain(repair(before, names=names).text)
    if after == intact:
        return len(damaged.places)
    position = good = 0
    for start, was in damaged.places:
        context = plain(before[max(0, start - 6) : start + len(was) + 4])
        found = after.find(context, max(0, position - 20), position + len(context) + 4_000)
        if found >= 0:
            good, position = good + 1, found
    return good


def main(folder: str) -> None:
    """Prints, for each kind of damage, how many places were damaged and how many of them were undone."""
    texts = [json.loads(path.read_text(encoding="utf-8"))["text"] for path in sorted(Path(folder).glob("*.json"))]
    for kind, (pattern, change, share) in KINDS.items():
        chance = random.Random(7)
        places = good = 0
        for text in texts:
            damaged = damage(text, pattern, change, share=share, chance=chance)
            places += len(damaged.places)
            good += undone(text, damaged, None)
        print(f"{kind:14} {places:5} damaged, {good:5} undone ({good / max(places, 1):.1%})")


if __name__ == "__main__":
    main(sys.argv[1])
