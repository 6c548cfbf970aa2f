"""Which words are acts, and of which type.

The event head of the model proposes words; the codebook speaks for or against them. One act is told by several words ("carried
out manoeuvres", "the visit … took place"), so proposals that belong together in the tree are merged and the likeliest stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from lapwing.codebook import Codebook, TriggerEntry
from lapwing.records import Analysis, Reason, TokenRange, TriggerScore
from lapwing.trees import Tree


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """Tuned numbers of this stage; ``python -m training.tune`` finds them on the articles held out of training."""

    threshold: float = 0.5
    unlisted: float = 0.08
    codebook: float = 0.2


PARTS = frozenset(
    [
        "obj",
        "xcomp",
        "compound",
        "obl",
        "nmod",
        "acl",
        "fixed",
        "flat",
        "compound:prt",
        "ccomp",
        "nsubj:pass",
        "nsubj",
        "amod",
        "nmod:of",
        "advcl",
        "conj",
    ]
)
"""Relations by which two words may tell one act."""


class Act(NamedTuple):
    """A trigger that is taken for an act: its type with the probability, and what spoke for it."""

    trigger: TriggerScore
    tokens: TokenRange
    event: str
    probability: float
    entry: TriggerEntry | None
    reasons: tuple[Reason, ...]


def find_acts(analysis: Analysis, tree: Tree, codebook: Codebook, weights: Weights) -> list[Act]:
    """The acts of a document in the order of their words."""
    acts = [_act(analysis, tree, codebook, trigger, weights) for trigger in analysis.triggers]
    likely = [a for a in acts if a.probability >= weights.threshold + (0.0 if a.entry else weights.unlisted)]
    kept: dict[int, list[Act]] = {}
    for act in sorted(likely, key=lambda a: (-a.probability, a.trigger.token)):
        in_sentence = kept.setdefault(tree.tokens[act.trigger.token].sentence, [])
        if not any(_same_act(tree, act, other) for other in in_sentence):
            in_sentence.append(act)
    return sorted((act for acts in kept.values() for act in acts), key=lambda a: a.trigger.token)


def _act(analysis: Analysis, tree: Tree, codebook: Codebook, trigger: TriggerScore, weights: Weights) -> Act:
    """Weigh the head's types with the codebook's entries for the trigger's words."""
    entries = list(entries_of(analysis, codebook, trigger))
    scores = dict(trigger.types)
    if entries:
        listed: dict[str, float] = {}
        for entry in entries:
            listed[entry.type] = max(listed.get(entry.type, 0.0), entry.precision)
        total = sum(listed.values())
        share = weights.codebook
        kinds = sorted(scores.keys() | listed.keys())
        scores = {k: (1 - share) * scores.get(k, 0.0) + share * listed.get(k, 0.0) / total for k in kinds}
    event = max(sorted(scores), key=lambda k: scores[k])
    chosen = next((e for e in entries if e.type == event), None)
    reasons = [
        Reason(
            field="event", by="head", because=f"the event head reads {event} here", score=dict(trigger.types).get(event)
        ),
        Reason(field="event", by="head", because="and takes the words for an act at all", score=trigger.score),
    ]
    if chosen:
        words = " ".join([chosen.lemma, *chosen.words])
        because = f"the codebook lists '{words}' ({chosen.pos}) under {event}"
        reasons.append(Reason(field="event", by="codebook", because=because, score=round(chosen.precision, 2)))
    return Act(trigger, trimmed(tree, trigger), event, trigger.score, chosen, tuple(reasons))


LOOSE_ENDS = frozenset({"DET", "PUNCT", "CCONJ", "SCONJ", "ADP", "PART", "PRON"})


def trimmed(tree: Tree, trigger: TriggerScore) -> TokenRange:
    """The trigger without function words at its ends; a preposition right after the head word stays ("called on")."""
    start, end, head = trigger.tokens.start, trigger.tokens.end, trigger.token
    while start < head and tree.tokens[start].upos in LOOSE_ENDS:
        start += 1
    while end > head + 1 and tree.tokens[end - 1].upos in LOOSE_ENDS:
        if end == head + 2 and tree.tokens[end - 1].upos == "ADP":
            break
        end -= 1
    return TokenRange(start, end)


def entries_of(analysis: Analysis, codebook: Codebook, trigger: TriggerScore) -> Iterator[TriggerEntry]:
    """Codebook entries of the trigger's head word first, then of its other words."""
    where = analysis.sentences[analysis.tokens[trigger.token].sentence]
    near = {
        t.lemma.lower()
        for t in analysis.tokens[max(where.start, trigger.token - 8) : min(where.end, trigger.token + 9)]
    }
    head = analysis.tokens[trigger.token]
    yield from most_specific(codebook.find_triggers(head.lemma.lower(), head.upos, near))
    for i in range(trigger.tokens.start, trigger.tokens.end):
        token = analysis.tokens[i]
        if i != trigger.token and token.upos in ("VERB", "NOUN", "ADJ"):
            yield from most_specific(codebook.find_triggers(token.lemma.lower(), token.upos, near))


def most_specific(entries: Sequence[TriggerEntry]) -> list[TriggerEntry]:
    """The entries that ask for most companions: beside "sanction", what is said of "impose" alone does not count."""
    most = max((len(e.words) for e in entries), default=0)
    return [e for e in entries if len(e.words) == most]


def _same_act(tree: Tree, act: Act, other: Act) -> bool:
    """Two proposals of a sentence that tell one act: they overlap, or one hangs from the other as part of the same expression."""
    a, b = act.trigger.token, other.trigger.token
    if act.tokens.start < other.tokens.end and other.tokens.start < act.tokens.end:
        return True
    lower, upper = (a, b) if tree.tokens[a].head == b else (b, a)
    if tree.tokens[lower].head != upper or tree.tokens[lower].deprel not in PARTS:
        return False
    return act.event == other.event and tree.tokens[lower].deprel != "conj"
