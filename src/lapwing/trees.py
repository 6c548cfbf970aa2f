"""The dependency tree of a document, walked both ways: what every stage that reads structure needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lapwing.records import Analysis, Token

DEEPEST = 60
"""No sentence is nested deeper; a longer way up is a damaged tree."""


class Tree(NamedTuple):
    """Tokens, and for each its children from left to right."""

    tokens: tuple[Token, ...]
    children: tuple[tuple[int, ...], ...]

    def climb(self, i: int) -> Iterator[int]:
        """The tokens above `i`, nearest first."""
        at = self.tokens[i].head
        for _ in range(DEEPEST):
            if at < 0:
                return
            yield at
            at = self.tokens[at].head

    def below(self, i: int) -> Iterator[int]:
        """`i` and all tokens under it, in no order that matters."""
        waiting = [i]
        while waiting:
            at = waiting.pop()
            yield at
            waiting += self.children[at]

    def child(self, i: int, *relations: str) -> int | None:
        """The first child of `i` with one of `relations`."""
        return next((c for c in self.children[i] if self.tokens[c].deprel in relations), None)

    def case_of(self, i: int) -> str:
        """The preposition(s) of a phrase: "with", "because of"; empty without.

        A clitic "'s" is a case too.
        """
        found = [c for c in self.children[i] if self.tokens[c].deprel == "case"]
        words = [w for c in found for w in (c, *(k for k in self.children[c] if self.tokens[k].deprel == "fixed"))]
        return " ".join(self.tokens[w].text.lower() for w in words)


def tree_of(analysis: Analysis) -> Tree:
    """The tree of an analysis."""
    children: list[list[int]] = [[] for _ in analysis.tokens]
    for token in analysis.tokens:
        if token.head >= 0:
            children[token.head].append(token.i)
    return Tree(analysis.tokens, tuple(tuple(c) for c in children))
