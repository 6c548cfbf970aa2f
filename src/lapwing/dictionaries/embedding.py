"""Words that decide whether what stands beside or under them is so: ``embedding.csv``.

A row gives, for a word and the construction in which it embeds something, what becomes of the embedded clause or noun
when the word itself is affirmed and when it is negated: it ``happened``, is ``denied``, ``hypothetical`` or
``expected``, or is the ``same`` as the word. "Failed to attack": denied; "did not fail to attack": happened. "Regret
that …": happened either way. The idea, and most rows marked so, are from work on implicative and factive verbs
(Karttunen; Nairn, Condoravdi and Karttunen); the rest is general knowledge of English.

Constructions are those of Universal Dependencies: ``xcomp``, ``ccomp``, ``csubj``, ``obj``, ``nsubj``,
``nsubj:pass``, ``acl``,
``advcl``, ``obl:of`` (a verb or adjective with a preposition), ``nmod:of`` (a noun with one), ``amod``, ``advmod``,
``any``.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import msgspec

from lapwing.errors import KnowledgeError

EMBEDDING = Path(__file__).parent / "embedding.csv"
COLUMNS = ("lemma", "pos", "construction", "affirmed", "negated", "source")
POS = frozenset({"verb", "adj", "noun", "mark", "prep", "aux", "neg", "adv"})
CONSTRUCTIONS = frozenset(
    {"xcomp", "ccomp", "csubj", "obj", "obl", "nsubj", "nsubj:pass", "acl", "advcl", "amod", "advmod", "any"}
)

Effect = Literal["happened", "denied", "hypothetical", "expected", "same"]
EFFECTS: frozenset[str] = frozenset(get_args(Effect))


class Signature(msgspec.Struct, frozen=True):
    """What an embedded clause or noun becomes when the word over it is affirmed, and when it is negated."""

    affirmed: Effect
    negated: Effect

    @property
    def factive(self) -> bool:
        """Whether the embedded clause is taken for granted, as under "regret".

        >>> Signature("happened", "happened").factive, Signature("same", "denied").factive
        (True, False)
        """
        return self.affirmed == self.negated == "happened"


@cache
def signatures(path: Path = EMBEDDING) -> dict[tuple[str, str, str], Signature]:
    """Every row by (lemma, part of speech, construction). Raises `KnowledgeError` naming file and line.

    >>> signatures()["fail", "verb", "xcomp"]
    Signature(affirmed='denied', negated='happened')
    """
    found: dict[tuple[str, str, str], Signature] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise KnowledgeError(f"{path.name}, line 1: the columns must be {','.join(COLUMNS)}")
        for row in reader:
            key, signature = checked(row, where=f"{path.name}, line {reader.line_num}")
            if key in found:
                raise KnowledgeError(f"{path.name}, line {reader.line_num}: {' '.join(key)} is there twice")
            found[key] = signature
    return found


def checked(row: dict[str, str], *, where: str) -> tuple[tuple[str, str, str], Signature]:
    """A row's key and signature, or a `KnowledgeError` that says what is wrong with it."""
    if not row["lemma"] or not row["source"]:
        raise KnowledgeError(f"{where}: a row needs a lemma and a source")
    if row["pos"] not in POS:
        raise KnowledgeError(f"{where}: part of speech {row['pos']!r} is none of {', '.join(sorted(POS))}")
    if row["construction"].split(":")[0] not in {*CONSTRUCTIONS, "nmod"}:
        raise KnowledgeError(f"{where}: unknown construction {row['construction']!r}")
    if row["affirmed"] not in EFFECTS or row["negated"] not in EFFECTS:
        raise KnowledgeError(f"{where}: an effect must be one of {', '.join(sorted(EFFECTS))}")
    signature = Signature(row["affirmed"], row["negated"])  # type: ignore[arg-type]
    return (row["lemma"], row["pos"], row["construction"]), signature
