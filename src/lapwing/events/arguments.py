"""Who did it, and to whom: the tree's answer and the model's pointer, weighed for every entity near the act.

The tree gives each mention a relation to the trigger ("subject", "by-phrase", "object", "of", "with", the subject of the verb that
governs it …), the pointer a probability. Mentions of one entity count together, since "Moscow", "the Kremlin" and "Russia" are one
answer. A conditional logit, fitted on the articles held out of training, lets the entities and "nobody" compete for each role; its
weights stand in ``arguments.json``. The recipient is chosen among those that are not the actor.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from lapwing.events.triggers import Act
from lapwing.records import Actor, Analysis, Mention
from lapwing.trees import Tree

FUNCTION_WORDS = frozenset({"ADP", "DET", "PART", "PUNCT", "CCONJ", "SCONJ"})


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """Weights of features per role, "none …" being those of "nobody"; how much nobody is favoured beyond them; and what share of the
    best entity's chance a further one in the same relation to the trigger must have to be listed too."""

    actor: dict[str, float]
    recipient: dict[str, float]
    actor_nobody: float = 0.0
    recipient_nobody: float = 0.0
    further: float = 0.5


@cache
def load_weights() -> Weights:
    """The fitted weights in this package."""
    return msgspec.json.decode(files("lapwing.events").joinpath("arguments.json").read_bytes(), type=Weights)


class Candidate(NamedTuple):
    """An entity that may fill a role: its mentions near the act, the best one first, and its features per role."""

    key: str
    mention: int
    mentions: tuple[int, ...]
    relation: str
    features: dict[str, dict[str, float]]


class Fillers(NamedTuple):
    """Chosen mentions of a role with the chance of each, and what spoke."""

    mentions: tuple[int, ...]
    scores: tuple[float, ...]
    because: tuple[str, ...]


# ── the relation of a word to a trigger ───────────────────────────────────────────────────────────────────────────────

SUBJECTS = ("nsubj", "nsubj:outer", "csubj")


def relations_to(tree: Tree, trigger: int) -> dict[int, str]:
    """Head words that stand in a named relation to the trigger, by the tree. The nearer relation wins.

    "subj", "subjpass", "obj", "iobj", "agent" (by), "obl:with" …, "poss", "of", "by", "mod" (an adjective or compound of a noun),
    "up:subj" (subject of the verb that governs the trigger), "up:obj", "rel:subj" (the noun that a clause modifies), "cop" …
    """
    found: dict[int, str] = {}
    _own_relations(tree, trigger, found)
    _inherited_relations(tree, trigger, found)
    for i, relation in list(found.items()):
        for c in tree.children[i]:
            if tree.tokens[c].deprel == "conj" and c not in found:
                found[c] = relation
    return found


def _own_relations(tree: Tree, trigger: int, found: dict[int, str]) -> None:
    noun = tree.tokens[trigger].upos in ("NOUN", "PROPN", "ADJ")
    for c in tree.children[trigger]:
        relation = tree.tokens[c].deprel
        case = tree.case_of(c)
        if relation in SUBJECTS:
            found[c] = "cop:subj" if noun else "subj"
        elif relation == "nsubj:pass":
            found[c] = "subjpass"
        elif relation in ("obj", "iobj"):
            found[c] = relation
        elif relation == "obl:agent":
            found[c] = "agent"
        elif relation in ("obl", "nmod", "obl:unmarked"):
            found[c] = f"{relation.partition(':')[0]}:{case.split(' ')[0] or '-'}"
        elif relation == "nmod:poss":
            found[c] = "poss"
        elif relation in ("amod", "compound", "nmod:desc", "nmod:unmarked", "flat"):
            found[c] = "mod"
        elif relation in ("xcomp", "ccomp", "advcl", "acl") and tree.tokens[c].upos in ("VERB", "NOUN"):
            for k in tree.children[c]:
                if tree.tokens[k].deprel in ("obj", "obl", "iobj", "nsubj", "nmod", "nsubj:pass"):
                    found.setdefault(k, f"down:{tree.tokens[k].deprel}")
        if relation in ("obj", "obl", "nmod", "nsubj") and tree.tokens[c].upos == "NOUN":
            for k in tree.children[c]:
                if tree.tokens[k].deprel in ("nmod", "nmod:poss", "compound", "amod"):
                    found.setdefault(k, f"{found.get(c, relation)}>{tree.tokens[k].deprel}")


def _inherited_relations(tree: Tree, trigger: int, found: dict[int, str]) -> None:
    """Relations by way of the words above: shared subjects, control, light verbs, relative clauses, appositions."""
    below = trigger
    for level, above in enumerate(tree.climb(trigger)):
        if level > 4:
            return
        link = tree.tokens[below].deprel
        if link in ("acl", "acl:relcl"):
            found.setdefault(above, "rel:" + ("obj" if tree.tokens[below].xpos == "VBN" and link == "acl" else "subj"))
        else:
            step = {"conj": "conj", "xcomp": "ctrl", "advcl": "adv", "ccomp": "comp", "obj": "light", "nmod": "noun"}
            name = step.get(link, "up")
            for c in tree.children[above]:
                relation = tree.tokens[c].deprel
                if c != below and relation in (
                    *SUBJECTS,
                    "nsubj:pass",
                    "obj",
                    "iobj",
                    "obl",
                    "obl:agent",
                    "nmod:poss",
                    "nmod",
                ):
                    short = _short(tree, c)
                    found.setdefault(c, f"{name}:{short}" if level == 0 else f"{name}{min(level, 2)}:{short}")
        below = above


def _short(tree: Tree, i: int) -> str:
    """A relation's name, with the case word where it has one: "subj", "subjpass", "obl:with"."""
    relation = tree.tokens[i].deprel
    if relation in SUBJECTS:
        return "subj"
    if relation in ("obl", "nmod"):
        return f"{relation}:{tree.case_of(i).split(' ')[0] or '-'}"
    return relation.replace("nsubj:pass", "subjpass")


INHERITED = ("ctrl:", "conj:", "adv:", "light:", "rel:")


def frame_role(act: Act, relation: str) -> str | None:
    """The role that the codebook's frame gives to a relation: "actor", "recipient" or None.

    A passive subject is what the object is, a by-phrase what the subject is; "with Kyiv" counts alike under the noun ("talks with
    Kyiv") and under its verb ("held talks with Kyiv").
    """
    if act.entry is None:
        return None
    roles = act.entry.roles
    forms = set(_forms(relation))
    if forms & set(roles.actor):
        return "actor"
    if forms & set(roles.recipient):
        return "actor" if roles.reciprocal else "recipient"
    return None


def _forms(relation: str) -> Iterator[str]:
    """How frames may write a relation."""
    bare = next((relation[len(p) :] for p in INHERITED if relation.startswith(p)), relation)
    if relation == "light:subj":
        yield "light"
    if bare in ("subj", "agent", "cop:subj"):
        yield "nsubj"
    if bare in ("subjpass", "obj"):
        yield "obj"
    if bare in ("agent", "poss", "mod"):
        yield from {"agent": ("nmod:by", "obl:by"), "poss": ("nmod:poss",), "mod": ("amod", "compound")}[bare]
    kind, _, case = bare.partition(":")
    if kind in ("obl", "nmod") and case:
        yield from (f"obl:{case}", f"nmod:{case}")
    if bare == "iobj":
        yield "iobj"


# ── candidates ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Nearby(NamedTuple):
    """Which mentions have their head in a sentence, and which a token stands in: so that no act looks at all of them."""

    in_sentence: dict[int, list[int]]
    at_token: dict[int, list[int]]


def where_mentioned(tree: Tree, mentions: Sequence[Mention]) -> Nearby:
    """The positions in `mentions` by sentence and by token."""
    nearby = Nearby({}, {})
    for k, m in enumerate(mentions):
        nearby.in_sentence.setdefault(tree.tokens[m.head].sentence, []).append(k)
        for i in range(m.tokens.start, m.tokens.end):
            nearby.at_token.setdefault(i, []).append(k)
    return nearby


def find_candidates(
    analysis: Analysis,
    tree: Tree,
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    act: Act,
    *,
    nearby: Nearby | None = None,
) -> list[Candidate]:
    """Every entity mentioned in the act's sentence, or that the pointer reaches, with its features. `nearby` is
    `where_mentioned`, made once for all acts of an article."""
    trigger = act.trigger
    nearby = nearby or where_mentioned(tree, mentions)
    sentence = tree.tokens[trigger.token].sentence
    relations = relations_to(tree, trigger.token)
    mass = {role: _mass(act, role) for role in ("actor", "recipient", "source")}
    groups: dict[str, list[int]] = {}
    pointed = (k for role in ("actor", "recipient") for i in mass[role] for k in nearby.at_token.get(i, ()))
    for k in sorted({*nearby.in_sentence.get(sentence, ()), *pointed}):
        m = mentions[k]
        inside = trigger.tokens.start <= m.head < trigger.tokens.end
        if not (inside and m.kind != "name") and m.head != trigger.token:
            groups.setdefault(group_key(actors[m.id], m), []).append(m.id)
    return [_candidate(tree, mentions, actors, act, key, ids, relations, mass) for key, ids in groups.items()]


def group_key(actor: Actor, mention: Mention) -> str:
    """What makes two mentions one party: the same country and kind of body, else the same name, else the same chain."""
    entity = actor.entity
    if entity.country and entity.country not in ("IGO", "NGO", "MNC", "IMG", "ISM"):
        return f"{entity.country}/{entity.sector if entity.sector not in ('GOV', 'MIL') else 'state'}"
    return entity.name or f"chain {mention.chain}"


def _mass(act: Act, role: str) -> dict[int, float]:
    return {r.token: r.score for r in act.trigger.roles if r.role == role}


def _candidate(
    tree: Tree,
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    act: Act,
    key: str,
    ids: list[int],
    relations: dict[int, str],
    mass: dict[str, dict[int, float]],
) -> Candidate:
    sentence = tree.tokens[act.trigger.token].sentence
    tokens = {i for m in ids for i in range(mentions[m].tokens.start, mentions[m].tokens.end)}
    related = [m for m in ids if mentions[m].head in relations]
    relation = relations[mentions[related[0]].head] if related else "none"
    here = any(tree.tokens[mentions[m].head].sentence == sentence for m in ids)
    framed = frame_role(act, relation)
    shared = _standing(tree, mentions, actors, act, ids, here=here)
    features = {}
    for role in ("actor", "recipient"):
        p = sum(mass[role].get(i, 0.0) for i in tokens)
        other = sum(mass["recipient" if role == "actor" else "actor"].get(i, 0.0) for i in tokens)
        features[role] = {
            "pointer": _log(p),
            "other": _log(other),
            "source": sum(mass["source"].get(i, 0.0) for i in tokens),
            f"rel={relation}": 1.0,
            "frame agrees": 1.0 if framed == role else 0.0,
            "frame differs": 1.0 if framed not in (None, role) else 0.0,
            **shared,
        }
    best = max(ids, key=lambda m: _fitness(tree, mentions[m], actors[m], act, m in related, mass))
    return Candidate(key, best, tuple(ids), relation, features)


def _standing(
    tree: Tree, mentions: Sequence[Mention], actors: Sequence[Actor], act: Act, ids: list[int], *, here: bool
) -> dict[str, float]:
    """What is true of an entity for either role: where it stands, how it is named, how much the article is about it."""
    trigger = act.trigger.token
    nearest = min(ids, key=lambda m: (abs(mentions[m].head - trigger), m))
    head = mentions[nearest].head
    return {
        "known": 1.0 if actors[ids[0]].entity.country else 0.0,
        "here": 1.0 if here else 0.0,
        "before": 1.0 if head < trigger else 0.0,
        "distance": math.log(1 + abs(head - trigger)),
        "pronoun": 1.0 if mentions[nearest].kind == "pronoun" else 0.0,
        "named": 1.0 if any(mentions[m].kind == "name" for m in ids) else 0.0,
        "often": math.log(1 + len(ids)),
        "person": 1.0 if actors[ids[0]].entity.sector not in (None, "UNK") else 0.0,
        "subject of the sentence": 1.0 if _is_main_subject(tree, head) else 0.0,
    }


def _is_main_subject(tree: Tree, i: int) -> bool:
    token = tree.tokens[i]
    return token.deprel in ("nsubj", "nsubj:pass") and token.head >= 0 and tree.tokens[token.head].head < 0


def _log(p: float) -> float:
    return math.log(max(p, 0.003))


def _fitness(
    tree: Tree, mention: Mention, actor: Actor, act: Act, related: bool, mass: dict[str, dict[int, float]]
) -> tuple[float, int]:
    """Which mention of an entity to show: near, named, pointed at, whole rather than part."""
    inside = range(mention.tokens.start, mention.tokens.end)
    p = sum(mass[r].get(i, 0.0) for r in ("actor", "recipient") for i in inside)
    named = {"name": 0.3, "nominal": 0.2, "pronoun": 0.0}[mention.kind]
    return p + named + (0.3 if related else 0.0) + (0.2 if actor.entity.country else 0.0), -mention.id


# ── the choice ────────────────────────────────────────────────────────────────────────────────────────────────────────


MOST_FILLERS = 5
APART = 0.7
"""The share of the best entity's chance that one in another relation to the trigger must have to be listed beside it."""


def none_features(act: Act, role: str) -> dict[str, float]:
    """What speaks for nobody filling the role."""
    p = next((p for name, p in act.trigger.none if name == role), 0.0)
    return {"none": 1.0, "none pointer": _log(p), f"none {act.event}": 1.0}


def value(features: dict[str, float], weights: dict[str, float]) -> float:
    """The score of an entity or of nobody; relations that tuning saw too rarely share one weight."""
    rare = weights.get("rel=other", 0.0)
    return sum(weights.get(name, rare if name.startswith("rel=") else 0.0) * v for name, v in features.items())


def choose_fillers(act: Act, candidates: Sequence[Candidate], weights: Weights) -> tuple[Fillers, Fillers]:
    """Actors and recipients of an act; nobody is both."""
    actors = _choose(act, candidates, "actor", weights.actor, weights.actor_nobody, weights.further)
    rest = [c for c in candidates if c.mention not in actors.mentions]
    return actors, _choose(act, rest, "recipient", weights.recipient, weights.recipient_nobody, weights.further)


def _choose(
    act: Act, candidates: Sequence[Candidate], role: str, weights: dict[str, float], nobody: float, further: float
) -> Fillers:
    """The likeliest entity, and others hardly less likely; or none."""
    scores = [value(c.features[role], weights) for c in candidates]
    none = value(none_features(act, role), weights) + nobody
    top = max([*scores, none])
    total = sum(math.exp(s - top) for s in [*scores, none])
    ranked = sorted(zip(candidates, scores, strict=True), key=lambda s: (-s[1], s[0].mention))
    if not ranked or ranked[0][1] < none:
        return Fillers((), (), ())
    first, best = ranked[0]
    chosen = [
        (c, math.exp(s - top) / total)
        for c, s in ranked
        if c is first or (s >= none and math.exp(s - best) >= (further if c.relation == first.relation else APART))
    ][:MOST_FILLERS]
    return Fillers(
        tuple(c.mention for c, _ in chosen),
        tuple(round(p, 3) for _, p in chosen),
        tuple(_because(c, role) for c, _ in chosen),
    )


def _because(c: Candidate, role: str) -> str:
    pointer = math.exp(c.features[role]["pointer"])
    told = "no relation in the tree" if c.relation == "none" else f"relation '{c.relation}' to the trigger"
    return f"{told}, the model's pointer gives {pointer:.2f}"
