"""Noun phrases in the tree: the stretch of words that a head governs, the top of a stretch, the clause of a word."""

from __future__ import annotations

from lapwing.records import TokenRange
from lapwing.trees import Tree

NOT_IN_PHRASE_TEXT = """
acl:relcl acl appos conj cc parataxis case mark cop nsubj nsubj:pass nsubj:outer csubj csubj:pass aux aux:pass
advcl advcl:relcl discourse vocative list dislocated orphan expl obl obl:unmarked xcomp ccomp cc:preconj
reparandum
"""
NOT_IN_PHRASE = frozenset(NOT_IN_PHRASE_TEXT.split())
"""Relations of a noun's dependents that do not belong to its phrase."""

NOT_IN_INNER = frozenset(["acl:relcl", "acl", "appos", "parataxis", "discourse", "list"])
"""Relations within the phrases inside a phrase that end it."""


def phrase_range(tree: Tree, head: int) -> TokenRange:
    """The tokens of the noun phrase of a head: what belongs to it, as far as it is one stretch of text.

    Relative clauses, appositions and coordinated phrases are left out; "of Russia" stays in.
    """
    inside = {head}
    for child in tree.children[head]:
        if tree.tokens[child].deprel not in NOT_IN_PHRASE:
            inside |= inner_tokens(tree, child)
    start = end = head
    while start - 1 in inside:
        start -= 1
    while end + 1 in inside:
        end += 1
    return without_punctuation(tree, start, end + 1, head)


def inner_tokens(tree: Tree, top: int) -> set[int]:
    """A token and all below it, without what ends a phrase."""
    found: set[int] = set()
    waiting = [top]
    while waiting:
        at = waiting.pop()
        found.add(at)
        waiting += [child for child in tree.children[at] if tree.tokens[child].deprel not in NOT_IN_INNER]
    return found


def without_punctuation(tree: Tree, start: int, end: int, head: int) -> TokenRange:
    """A stretch less the punctuation at its edges."""
    while start < head and tree.tokens[start].upos == "PUNCT":
        start += 1
    while end - 1 > head and tree.tokens[end - 1].upos == "PUNCT":
        end -= 1
    return TokenRange(start, end)


def top_of(tree: Tree, start: int, end: int) -> int:
    """The token of a stretch that the others hang from: the first whose head is outside."""
    for i in range(start, end):
        if not start <= tree.tokens[i].head < end:
            return i
    return end - 1


def clause_of(tree: Tree, i: int) -> int:
    """The predicate that governs a token: the nearest verb above it, or the root."""
    at = tree.tokens[i].head
    seen = 0
    while at >= 0 and tree.tokens[at].upos not in ("VERB", "AUX") and seen < 50:
        at = tree.tokens[at].head
        seen += 1
    return at
