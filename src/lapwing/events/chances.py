"""How likely a proposed trigger is an act that the article's reader would want as a record.

The event head looks at a few words around a trigger. A reader also sees whether the words are listed in the codebook, how they
stand in the sentence, whether a better proposal of the same kind stands near, and whether the article told the act before. A
logistic model weighs these: its features are named in `features`, its weights (``chances.json``) are fitted by
``python -m training.chances``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec

from lapwing.records import Analysis
from lapwing.trees import Tree

if TYPE_CHECKING:
    from lapwing.events.triggers import Act

LEAST = 0.04
"""Proposals below this score are not looked at."""


@cache
def load_chances() -> Mapping[str, float]:
    """The fitted weights in this package."""
    return msgspec.json.decode(files("lapwing.events").joinpath("chances.json").read_bytes(), type=dict[str, float])


def chance(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The probability of an act with these features.

    >>> chance({"bias": 1.0, "score": 2.0}, {"bias": -1.0, "score": 0.5})
    0.5
    """
    z = sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(min(z, 30.0), -30.0)))


RELATIONS_TEXT = """
root ccomp xcomp advcl acl:relcl acl nsubj nsubj:pass obj obl nmod amod conj parataxis compound csubj appos
"""
RELATIONS = frozenset(RELATIONS_TEXT.split())
CLAUSES = frozenset(["ccomp", "xcomp"])
SUBJECTS = frozenset(["nsubj", "nsubj:pass"])
OBJECTS = frozenset(["obj", "nsubj:pass"])
MODALS = frozenset(["would", "could", "may", "might", "can", "should", "must"])
POINTERS = frozenset(["the", "this", "that", "these"])
NOT = frozenset(["not", "n't", "never"])
ASPECT_TEXT = """
expect anticipate predict foresee believe think hope fear plan intend want try seek begin start continue decide
"""
ASPECT = frozenset(ASPECT_TEXT.split())
"""With a clause as object, these only say how its act stands: awaited, begun, tried."""

SAYING_TEXT = """
say tell add note state stress explain recall report write know describe show suggest
"""
SAYING = frozenset(SAYING_TEXT.split())

NEAR = 3
"""Words this close together may tell one act."""

TOLD = 0.25
"""A proposal from this score on counts as told when a later one is looked at."""


def features_of(analysis: Analysis, tree: Tree, proposals: Sequence[Act]) -> list[dict[str, float]]:
    """The features of each proposal of an article, given in the order of their words."""
    names = Counter(tree.tokens[e.tokens.start].sentence for e in analysis.entities)
    by_sentence: dict[int, list[Act]] = {}
    for proposal in proposals:
        by_sentence.setdefault(tree.tokens[proposal.trigger.token].sentence, []).append(proposal)
    told: dict[str, set[str]] = {}
    found = []
    for sentence, here in sorted(by_sentence.items()):
        for proposal in here:
            others = [other for other in here if other is not proposal]
            around = [*by_sentence.get(sentence - 1, ()), *by_sentence.get(sentence + 1, ())]
            found.append(
                own_features(tree, proposal)
                | place_features(tree, proposal, sentence, names[sentence])
                | rival_features(tree, proposal, others)
                | shared_features(tree, proposal, others, around)
                | repeat_features(tree, proposal, told.get(proposal.event, set()))
            )
        for proposal in here:
            if proposal.probability > TOLD:
                told.setdefault(proposal.event, set()).add(tree.tokens[proposal.trigger.token].lemma.lower())
    return found


def own_features(tree: Tree, proposal: Act) -> dict[str, float]:
    """What the head and the codebook say of a proposal."""
    trigger = proposal.trigger
    status = trigger.statuses[0][0] if trigger.statuses else "none"
    nobody = dict(trigger.none)
    return {
        "bias": 1.0,
        "score": log_odds(proposal.probability),
        "type": log_odds(dict(trigger.types).get(proposal.event, 0.0)),
        "listed": float(proposal.precision is not None),
        "precision": proposal.precision or 0.0,
        "no actor": nobody.get("actor", 0.5),
        "no recipient": nobody.get("recipient", 0.5),
        f"status={status}": 1.0,
    }


def place_features(tree: Tree, proposal: Act, sentence: int, names: int) -> dict[str, float]:
    """How the words stand in their sentence."""
    token = tree.tokens[proposal.trigger.token]
    children = [tree.tokens[c] for c in tree.children[token.i]]
    lemma, below = token.lemma.lower(), {c.deprel for c in children}
    clause = bool(below & CLAUSES)
    auxiliaries = {c.lemma.lower() for c in children if c.deprel == "aux"}
    return {
        f"upos={token.upos}": 1.0,
        f"rel={token.deprel if token.deprel in RELATIONS else 'other'}": 1.0,
        f"names={min(names, 4)}": 1.0,
        "clause": float(clause),
        "aspect": float(clause and lemma in ASPECT),
        "says": float(lemma in SAYING),
        "object": float(bool(below & OBJECTS)),
        "subject": float(bool(below & SUBJECTS)),
        "modal": float(bool(auxiliaries & MODALS)),
        "will": float("will" in auxiliaries),
        "not": float(any(c.lemma.lower() in NOT for c in children)),
        "first": float(sentence <= 2),
        "late": min(sentence, 30) / 30,
    }


def rival_features(tree: Tree, proposal: Act, others: Sequence[Act]) -> dict[str, float]:
    """Whether a better proposal of the sentence may tell the same act."""
    at = proposal.trigger.token
    better = [other for other in others if other.probability > proposal.probability]
    return {
        "best other": max((log_odds(other.probability) for other in others), default=log_odds(0.0)),
        "better near": float(any(abs(other.trigger.token - at) <= 4 for other in better)),
        "better part": float(
            any(tree.tokens[at].head == o.trigger.token or tree.tokens[o.trigger.token].head == at for o in better)
        ),
        "overlap": float(
            any(proposal.tokens.start < o.tokens.end and o.tokens.start < proposal.tokens.end for o in better)
        ),
        "same type": float(any(other.event == proposal.event for other in better)),
    }


def shared_features(tree: Tree, proposal: Act, others: Sequence[Act], around: Sequence[Act]) -> dict[str, float]:
    """How far other words tell an act of the same type: the head divides an act between "carried out" and "manoeuvres", and neither half
    looks likely alone. `others` stand in the sentence, `around` in the one before and the one after."""
    at, event = proposal.trigger.token, proposal.event
    linked = [
        other
        for other in others
        if abs(other.trigger.token - at) <= NEAR
        or tree.tokens[other.trigger.token].head == at
        or tree.tokens[at].head == other.trigger.token
    ]
    return {
        "told in sentence": log_odds(told_by([proposal, *others], event)),
        "told by others": told_by(others, event),
        "told by linked": told_by(linked, event),
        "told around": told_by(around, event),
    }


def told_by(proposals: Sequence[Act], event: str) -> float:
    """The chance that any of the proposals tells an act of the type `event`, each being right on its own account."""
    none = 1.0
    for proposal in proposals:
        none *= 1 - proposal.trigger.score * dict(proposal.trigger.types).get(event, 0.0)
    return 1 - none


def repeat_features(tree: Tree, proposal: Act, told: set[str]) -> dict[str, float]:
    """Whether an earlier sentence told an act of this type, and whether the words point back at one."""
    token = tree.tokens[proposal.trigger.token]
    children = [tree.tokens[c] for c in tree.children[token.i]]
    definite = token.upos == "NOUN" and any(c.deprel == "det" and c.lemma.lower() in POINTERS for c in children)
    return {
        "told before": float(token.lemma.lower() in told),
        "definite": float(definite),
        "definite after": float(definite and bool(told)),
    }


def log_odds(p: float) -> float:
    """The log-odds of a probability, within what can be told from a hundred cases.

    >>> round(log_odds(0.5), 2), round(log_odds(0.0), 2)
    (0.0, -4.6)
    """
    p = min(max(p, 0.01), 0.99)
    return math.log(p / (1 - p))
