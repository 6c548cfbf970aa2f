"""Who did it, and to whom: actor and recipient of an act, chosen together.

Every party near the act may be its actor, its recipient, or one of two that act mutually, and each role may be left to nobody. All
these *outcomes* compete. What the text says for an outcome is a sum of weights of `cues`: of the actor's, the recipient's (or
nobody's), and of the pair's. They stand in ``arguments.json``, a conditional logit fitted on annotated articles. That sum then
competes with the model's pointers, whose few weights were fitted on articles that the model had not seen: it knows its training
articles by heart, so that nothing about its worth can be learned from them.

Two choices are argued here. Actor and recipient are chosen together rather than one after the other, because what is wrong with one
is often that the other is missing (a meeting's second party, the police of the protesters' own country). And the answer is not the
single likeliest outcome but the one that agrees with most of the chance: "Moscow's troops" and "the Kremlin" share their votes, for
both say Russia, and "A met B" and "A and B met" share theirs; which of these two is told is left to their own chances.

Parties joined by "and" to a chosen one are listed beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from lapwing.events.cues import (
    MUTUAL,
    Candidate,
    are_coordinated,
    find_candidates,
    mutual_cues,
    nobody_cues,
    pair_cues,
)
from lapwing.events.scene import Scene, party_key, set_scene
from lapwing.events.triggers import Act

__all__ = [
    "Candidate",
    "Fillers",
    "Weights",
    "choose_fillers",
    "find_candidates",
    "load_weights",
    "party_key",
    "set_scene",
]

ROLES = ("actor", "recipient")


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """``arguments.json``: the weights of a candidate's cues for being actor, recipient, or party of a mutual act; of nobody's cues as
    actor and as recipient; of a pair's cues; of the model's heads; and what share of the chosen party's chance one that is joined to
    it must have to be listed too."""

    candidate: dict[str, tuple[float, float, float]]
    nobody: dict[str, tuple[float, float]]
    pair: dict[str, float]
    heads: dict[str, float]
    further: float = 0.1


@cache
def load_weights() -> Weights:
    """The fitted weights in this package."""
    return msgspec.json.decode(files("lapwing.events").joinpath("arguments.json").read_bytes(), type=Weights)


class Outcome(NamedTuple):
    """Who does it to whom: positions among the candidates, None for nobody; or two parties that do it to each other."""

    actor: int | None
    recipient: int | None
    mutual: bool = False


class Fillers(NamedTuple):
    """Chosen mentions of a role with the chance of each, and what spoke."""

    mentions: tuple[int, ...]
    scores: tuple[float, ...]
    because: tuple[str, ...]


# ── outcomes and their scores ─────────────────────────────────────────────────────────────────────────────────────────


def outcomes_of(act: Act, candidates: Sequence[Candidate]) -> list[Outcome]:
    """All that may be told of an act with these candidates."""
    places = (None, *range(len(candidates)))
    found = [Outcome(a, r) for a in places for r in places if a is None or a != r]
    if act.event in MUTUAL:
        here = [k for k, c in enumerate(candidates) if c.here]
        found += [Outcome(a, b, mutual=True) for a in here for b in here if a < b]
    return found


def cues_of(scene: Scene, act: Act, candidates: Sequence[Candidate], outcome: Outcome) -> list[str]:
    """What speaks for the parties of an outcome together."""
    one, other = (None if k is None else candidates[k] for k in outcome[:2])
    if outcome.mutual and one is not None and other is not None:
        return mutual_cues(scene, act, one, other)
    return pair_cues(scene, act.event, one, other)


def text_scores(
    scene: Scene, act: Act, candidates: Sequence[Candidate], outcomes: Sequence[Outcome], weights: Weights
) -> list[float]:
    """What the text says for each outcome."""
    columns = [_sums(weights.candidate, c.cues, 3) for c in candidates]
    nobody = _sums(weights.nobody, nobody_cues(scene, act, candidates), 2)
    scores = []
    for outcome in outcomes:
        pair = sum(weights.pair.get(cue, 0.0) for cue in cues_of(scene, act, candidates, outcome))
        a, r, mutual = outcome
        if mutual and a is not None and r is not None:
            scores.append(pair + columns[a][2] + columns[r][2])
        else:
            of_actor = nobody[0] if a is None else columns[a][0]
            scores.append(pair + of_actor + (nobody[1] if r is None else columns[r][1]))
    return scores


def _sums(weights: Mapping[str, tuple[float, ...]], cues: Sequence[str], size: int) -> list[float]:
    found = [weights[cue] for cue in cues if cue in weights]
    return [sum(row[k] for row in found) for k in range(size)]


FLOOR = 0.003


def head_features(act: Act, candidates: Sequence[Candidate], outcome: Outcome, text: float) -> dict[str, float]:
    """What the text's score and the model's pointers say for an outcome.

    Every role that the pointers know counts for the role that its name begins with, and against the other: a second pointer whose
    roles are called "actor2" and "recipient2" would be weighed beside the first without a change here.
    """
    if outcome.mutual and outcome.actor is not None and outcome.recipient is not None:
        own = mutual_features(act, candidates[outcome.actor], candidates[outcome.recipient])
        return {"text": text} | own
    features = {"text": text}
    for role, k in zip(ROLES, outcome[:2], strict=True):
        features |= role_features(act, role, None if k is None else candidates[k])
    return features


def mutual_features(act: Act, one: Candidate, other: Candidate) -> dict[str, float]:
    """What the pointers say for two parties that do it to each other."""
    features = {"mutual": 1.0}
    for name in _pointers(act):
        features[f"{name} → mutual"] = _log(max(c.pointers.get(name, 0.0) for c in (one, other)))
    return features


def role_features(act: Act, role: str, candidate: Candidate | None) -> dict[str, float]:
    """What the pointers say for a candidate, or for nobody, in a role."""
    if candidate is None:
        named = {f"{name} → nobody": _log(p) for name, p in act.trigger.none if name.startswith(role)}
        return {f"nobody as {role}": 1.0} | named
    return {f"{name} → {role}": _log(candidate.pointers.get(name, 0.0)) for name in _pointers(act)}


def head_scores(
    act: Act,
    candidates: Sequence[Candidate],
    outcomes: Sequence[Outcome],
    texts: Sequence[float],
    heads: Mapping[str, float],
) -> list[float]:
    """The weighed sum of `head_features` for each outcome. What a candidate adds in a role is weighed once, not with every partner."""

    def weighed(features: Mapping[str, float]) -> list[float]:
        return [heads.get(name, 0.0) * value for name, value in features.items()]

    everyone = (None, *range(len(candidates)))
    parts = {
        (role, k): weighed(role_features(act, role, None if k is None else candidates[k]))
        for role in ROLES
        for k in everyone
    }
    best, of_text = max(texts), heads.get("text", 0.0)
    scores = []
    for outcome, text in zip(outcomes, texts, strict=True):
        a, r, mutual = outcome
        if mutual and a is not None and r is not None:
            own = weighed(mutual_features(act, candidates[a], candidates[r]))
        else:
            own = parts[ROLES[0], a] + parts[ROLES[1], r]
        scores.append(sum([of_text * (text - best), *own]))
    return scores


def _pointers(act: Act) -> list[str]:
    return [name for name, _ in act.trigger.none if name.startswith(ROLES)]


def _log(p: float) -> float:
    return math.log(max(p, FLOOR))


# ── the choice ────────────────────────────────────────────────────────────────────────────────────────────────────────

MOST_FILLERS = 5


def choose_fillers(
    scene: Scene, act: Act, candidates: Sequence[Candidate], weights: Weights | None = None
) -> tuple[Fillers, Fillers]:
    """Actors and recipients of an act."""
    weights = weights or load_weights()
    outcomes = outcomes_of(act, candidates)
    texts = text_scores(scene, act, candidates, outcomes, weights)
    chances = softmax(head_scores(act, candidates, outcomes, texts, weights.heads))
    chosen = outcomes[best_agreed(act.event, candidates, outcomes, chances)]
    return _fillers(scene, candidates, outcomes, chances, chosen, weights)


def softmax(scores: Sequence[float]) -> list[float]:
    """Chances that sum to one."""
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    total = sum(powers)
    return [p / total for p in powers]


Parties = tuple[str | None, str | None, bool]


RECIPROCAL = frozenset({"CONSULT", "COOPERATE", "AGREE"})
"""Types in which the text often does not say who came to whom; then all are told as actors."""

OWN = 0.3
"""What an outcome's own chance counts beside that of all that agrees with it: it decides how a pair of countries is told."""


def best_agreed(
    event: str, candidates: Sequence[Candidate], outcomes: Sequence[Outcome], chances: Sequence[float]
) -> int:
    """The outcome that agrees with most of the chance."""
    parties = [_parties(candidates, o) for o in outcomes]
    mass: dict[Parties, float] = {}
    for key, p in zip(parties, chances, strict=True):
        mass[key] = mass.get(key, 0.0) + p
    mutual = [(b, s, p) for (b, s, told_so), p in mass.items() if told_so]
    agreed = {key: _agreed(event, key, mass, mutual) + OWN * own for key, own in mass.items()}
    return max(range(len(outcomes)), key=lambda k: (agreed[parties[k]] + 0.001 * chances[k], -k))


def _parties(candidates: Sequence[Candidate], outcome: Outcome) -> Parties:
    a, r = (None if k is None else candidates[k].party for k in outcome[:2])
    if outcome.mutual and a is not None and r is not None:
        return min(a, r), max(a, r), True
    return a, r, False


def _agreed(
    event: str, key: Parties, mass: dict[Parties, float], told_mutual: Sequence[tuple[str | None, str | None, float]]
) -> float:
    """The chance of what agrees with the parties of an outcome: the same two, told as mutual or not; or a mutual act that one of its
    parties has a share in. Where acts are as a rule mutual, it also counts who of the two is told alone or first."""
    a, r, mutual = key
    if a is None or r is None:
        return mass[key]
    if not mutual:
        return mass[key] + (mass.get((min(a, r), max(a, r), True), 0.0) if a != r else 0.0)
    total = sum(p for b, s, p in told_mutual if b in (a, r) or s in (a, r))
    if a == r:
        return total
    ways = mass.get((a, r, False), 0.0), mass.get((r, a, False), 0.0)
    if event not in RECIPROCAL:
        return total + max(ways)
    return total + sum(ways) + mass.get((a, None, False), 0.0) + mass.get((r, None, False), 0.0)


def _fillers(
    scene: Scene,
    candidates: Sequence[Candidate],
    outcomes: Sequence[Outcome],
    chances: Sequence[float],
    chosen: Outcome,
    weights: Weights,
) -> tuple[Fillers, Fillers]:
    """The chosen outcome's parties as lists, those joined to them included."""
    as_actor = _shares(candidates, outcomes, chances, 0)
    as_recipient = _shares(candidates, outcomes, chances, 1)
    first = [k for k in chosen[: 2 if chosen.mutual else 1] if k is not None]
    second = [] if chosen.mutual or chosen.recipient is None else [chosen.recipient]
    taken = {candidates[k].key for k in (*first, *second)}
    first = _joined(scene, candidates, first, as_actor, taken, weights.further)
    taken |= {candidates[k].key for k in first}
    second = _joined(scene, candidates, second, as_recipient, taken, weights.further)
    return (
        Fillers(
            _shown(scene, candidates, first),
            tuple(round(as_actor[k], 3) for k in first),
            tuple(_because(candidates[k], weights, 0) for k in first),
        ),
        Fillers(
            _shown(scene, candidates, second),
            tuple(round(as_recipient[k], 3) for k in second),
            tuple(_because(candidates[k], weights, 1) for k in second),
        ),
    )


def _shares(
    candidates: Sequence[Candidate], outcomes: Sequence[Outcome], chances: Sequence[float], column: int
) -> list[float]:
    """Each candidate's chance of being actor (column 0, mutual parties too) or recipient, shared with those of its country."""
    by_party: dict[str, float] = {}
    for outcome, p in zip(outcomes, chances, strict=True):
        for k in outcome[:2] if outcome.mutual and column == 0 else outcome[column : column + 1]:
            if k is not None and not (outcome.mutual and column == 1):
                by_party[candidates[k].party] = by_party.get(candidates[k].party, 0.0) + p
    return [min(by_party.get(c.party, 0.0), 1.0) for c in candidates]


def _joined(
    scene: Scene,
    candidates: Sequence[Candidate],
    chosen: list[int],
    shares: Sequence[float],
    taken: set[str],
    least: float,
) -> list[int]:
    """The chosen and the parties that "and" joins to them, as they stand in the text."""
    found = list(chosen)
    for at in found:
        for k, c in enumerate(candidates):
            new = c.here and c.key not in taken and c.party not in {candidates[f].party for f in found}
            if new and are_coordinated(scene, candidates[at], c) and shares[k] >= least * shares[at]:
                found.append(k)
    return sorted(found[:MOST_FILLERS], key=lambda k: candidates[k].head)


def _shown(scene: Scene, candidates: Sequence[Candidate], chosen: Sequence[int]) -> tuple[int, ...]:
    return tuple(scene.mentions[candidates[k].shown].id for k in chosen)


def _because(c: Candidate, weights: Weights, column: int) -> str:
    """What spoke for a party: its relation, the cue that counted most, and the pointer."""
    told = {"none": "no relation in the tree", "away": "named in another sentence"}.get(
        c.relation, f"relation '{c.relation}' to the trigger"
    )
    strongest = max(c.cues, key=lambda cue: weights.candidate.get(cue, (0.0, 0.0, 0.0))[column], default="")
    spoke = f"; what spoke most: {strongest}" if weights.candidate.get(strongest, (0.0, 0.0, 0.0))[column] > 0 else ""
    return f"{told}{spoke}; the model's pointer gives {c.pointers.get(ROLES[column], 0.0):.2f}"
