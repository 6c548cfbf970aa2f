"""Damaged text in, clean text out, with every step listed and the way back to the text as given.

News text arrives damaged by its transport: decoded with the wrong table, with remains of markup, with the spaces
gone where a link stood. A model trained on clean text loses names in it. But a repair that is wrong is worse than
the damage, since nobody looks for it. So each rule asks for evidence that the text *is* damaged, leaves what it
cannot prove, and changes the fewest characters; offsets of a text without damage stay as they are.

The order matters: misread bytes first, because they hide behind characters that later rules would remove; then
entities, which may hide tags; then tags, control characters and spaces; then marks; and missing spaces last, when
the words stand as the author wrote them. One module a kind of damage: `encoding`, `markup`, `punctuation`, `glue`;
`edits` keeps the offsets.
"""

from __future__ import annotations

from lapwing.records import Repaired
from lapwing.repair.edits import Draft, apply, draft, offset_map
from lapwing.repair.encoding import control_characters, mojibake, odd_spaces
from lapwing.repair.glue import glued_words, missing_spaces
from lapwing.repair.markup import entities, markdown, tags
from lapwing.repair.punctuation import odd_dashes, odd_quotes

STAGES = (
    mojibake,
    entities,
    tags,
    markdown,
    control_characters,
    odd_spaces,
    odd_quotes,
    odd_dashes,
    missing_spaces,
)


def repair(text: str, *, names: frozenset[str] | None = None) -> Repaired:
    """Undoes damage to a text.

    `names` are the words of names that the dictionaries know ("Putin", "Minsk"); by default those of
    `lapwing.dictionaries`. They help to tell where a name ends in "Putinand".

    >>> text = "Vladimir Putinand Lukashenko met.The talks –the first– were â€œgoodâ€\\x9d."
    >>> repaired = repair(text, names=frozenset({"Putin"}))
    >>> repaired.text
    'Vladimir Putin and Lukashenko met. The talks – the first – were “good”.'
    >>> repaired.offsets.to_given(0, 14), [step.kind for step in repaired.steps]
    ((0, 14), ['mojibake', 'mojibake', 'dashes', 'dashes', 'missing-space', 'glued-word'])
    """
    work = draft(text)
    for stage in STAGES:
        work = apply(work, stage(work.text))
    work = apply(work, glued_words(work.text, names=_known_names() if names is None else names))
    return _finished(work)


def _known_names() -> frozenset[str]:
    from lapwing.dictionaries import name_words

    return name_words()


def _finished(work: Draft) -> Repaired:
    return Repaired(given=work.given, text=work.text, steps=work.steps, offsets=offset_map(work.pieces))
