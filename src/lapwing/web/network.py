"""Ties between actors as a drawing: actors around a circle, ties as bows between them.

A circle, because every name then stands outside of it and none covers another, and because it is the same for the same ties: no
chance, no settling of springs. Neighbours on it are those that have most to do with each other, so that strong bows are short. A
bow is as thick as its acts are many, solid where more of them are conflict, dotted where more are cooperation.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

import msgspec

from lapwing.store.ties import Tie

WIDTH, HEIGHT = 1200, 760

RADIUS, SMALLER = 300.0, 205.0

CROWDED = 24
"""From so many actors on names stand as rays, which never meet; the circle is smaller then."""

INWARD = 0.55
"""How far a bow is drawn towards the middle: 0 is a straight line, 1 leads through it."""

THINNEST, THICKEST = 1.0, 13.0


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """An actor: how many acts it has a part in among those drawn, where it stands, where its name begins or ends, and by how many
    degrees it is turned."""

    code: str
    acts: int
    x: float
    y: float
    size: float
    label_x: float
    label_y: float
    anchor: Literal["start", "end", "middle"]
    turn: float


class Bow(msgspec.Struct, frozen=True, kw_only=True):
    """What two actors have to do with each other, both ways together; `to` counts acts of the first, `back` those of the other."""

    one: str
    other: str
    path: str
    width: float
    kind: Literal["cooperation", "conflict"]
    to: int
    back: int
    cooperation: int
    conflict: int


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """The drawing; thick bows lie below thin ones."""

    nodes: tuple[Node, ...]
    bows: tuple[Bow, ...]


def network_of(ties: Sequence[Tie], *, most: int) -> Network:
    """The drawing of the `most` actors that have a part in most acts, and of the ties between them."""
    weights: defaultdict[str, int] = defaultdict(int)
    for tie in ties:
        weights[tie.actor] += tie.acts
        weights[tie.recipient] += tie.acts
    kept = sorted(weights, key=lambda code: (-weights[code], code))[:most]
    pairs = _pairs([tie for tie in ties if tie.actor in kept and tie.recipient in kept])
    linked = [code for code in kept if any(code in pair for pair in pairs)]
    places = {code: _place(k, len(linked)) for k, code in enumerate(in_order(linked, pairs))}
    heaviest = max(weights.values(), default=1)
    strongest = max((sum(tie.acts for tie in told) for told in pairs.values()), default=1)
    radius = SMALLER if len(linked) >= CROWDED else RADIUS
    bows = [_bow(pair, told, places, strongest, radius) for pair, told in pairs.items()]
    return Network(
        nodes=tuple(_node(code, angle, weights[code], heaviest, radius) for code, angle in places.items()),
        bows=tuple(sorted(bows, key=lambda bow: (-bow.width, bow.one, bow.other))),
    )


def _pairs(ties: Sequence[Tie]) -> dict[tuple[str, str], list[Tie]]:
    """Ties by the two that they are between, whoever acts."""
    found: dict[tuple[str, str], list[Tie]] = {}
    for tie in ties:
        found.setdefault((min(tie.actor, tie.recipient), max(tie.actor, tie.recipient)), []).append(tie)
    return found


def in_order(codes: Sequence[str], pairs: dict[tuple[str, str], list[Tie]]) -> list[str]:
    """The actors around the circle: from the first one on, each time the one that has most to do with those placed last.

    >>> tie = Tie(actor="A", recipient="C", acts=5, cooperation=5, conflict=0, score=1.0)
    >>> in_order(["A", "B", "C"], {("A", "C"): [tie]})
    ['A', 'C', 'B']
    """
    strength = {pair: sum(tie.acts for tie in told) for pair, told in pairs.items()}

    def near(one: str, other: str) -> int:
        return strength.get((min(one, other), max(one, other)), 0)

    placed: list[str] = []
    left = list(codes)
    while left:
        last = placed[-3:][::-1]
        chosen = max(
            left, key=lambda code: (sum(near(code, one) / (k + 1) for k, one in enumerate(last)), -left.index(code))
        )
        placed.append(chosen)
        left.remove(chosen)
    return placed


def _place(k: int, of: int) -> float:
    """The angle of the k-th of so many actors, from the top on."""
    return 2 * math.pi * k / max(of, 1) - math.pi / 2


def _at(angle: float, radius: float) -> tuple[float, float]:
    return WIDTH / 2 + radius * math.cos(angle), HEIGHT / 2 + radius * math.sin(angle)


def _node(code: str, angle: float, acts: int, heaviest: int, radius: float) -> Node:
    x, y = _at(angle, radius)
    size = 5 + 13 * math.sqrt(acts / heaviest)
    label_x, label_y = _at(angle, radius + size + 8)
    side, turn = math.cos(angle), 0.0
    anchor: Literal["start", "end", "middle"] = "start" if side > 0 else "end"
    if radius == SMALLER:
        turn = math.degrees(angle) + (0 if side > 0 else 180)
    elif abs(side) < 0.12:
        anchor, label_y = "middle", label_y + 6 * math.copysign(1, math.sin(angle))
    return Node(
        code=code, acts=acts, x=x, y=y, size=size, label_x=label_x, label_y=label_y, anchor=anchor, turn=round(turn, 1)
    )


def _bow(pair: tuple[str, str], ties: Sequence[Tie], places: dict[str, float], strongest: int, radius: float) -> Bow:
    (x1, y1), (x2, y2) = (_at(places[code], radius) for code in pair)
    cx = (x1 + x2) / 2 + ((WIDTH - x1 - x2) / 2) * INWARD
    cy = (y1 + y2) / 2 + ((HEIGHT - y1 - y2) / 2) * INWARD
    cooperation, conflict = sum(tie.cooperation for tie in ties), sum(tie.conflict for tie in ties)
    acts = sum(tie.acts for tie in ties)
    return Bow(
        one=pair[0],
        other=pair[1],
        path=f"M{x1:.0f} {y1:.0f}Q{cx:.0f} {cy:.0f} {x2:.0f} {y2:.0f}",
        width=THINNEST + (THICKEST - THINNEST) * math.sqrt(acts / strongest),
        kind="conflict" if conflict > cooperation else "cooperation",
        to=sum(tie.acts for tie in ties if tie.actor == pair[0]),
        back=sum(tie.acts for tie in ties if tie.actor == pair[1]),
        cooperation=cooperation,
        conflict=conflict,
    )
