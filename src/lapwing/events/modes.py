"""Which mode an act has: its words weighed for every mode of its type, and the model's mode head as one more voice.

Modes differ in what stands around the act: the weapon of an attack, the traveller of a visit, what a demand is for. So the words
are kept apart by where they stand (in the trigger, under it in the tree, over it, near it, elsewhere in the sentence), the
codebook's cue words speak for their modes from each of these places, and a meeting is looked at by its parties. The modes of a
type and "none" compete in a conditional logit, fitted on the training articles (``python -m training.modes``). The mode head has
seen those articles, so its share is set on the ones held out from it. Weights stand in ``modes.json``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from lapwing.codebook import Codebook
from lapwing.codebook import Mode as CodebookMode
from lapwing.events.arguments import Fillers
from lapwing.events.triggers import Act
from lapwing.records import Actor, Analysis, Mention, Reason
from lapwing.trees import Tree

NONE = "-"
"""The option that an act has none of its type's modes."""

CONTENT = frozenset({"NOUN", "VERB", "ADJ", "PROPN", "ADV"})
OWN = frozenset({*CONTENT, "ADP", "PART", "AUX"})
SKIPPED = frozenset({"punct", "det"})
COMPLEMENTS = frozenset({"obl", "nmod", "advcl", "ccomp", "xcomp", "acl", "obj"})
WORTH = {
    "head": 1.0, "own": 1.0, "pos": 0.5, "under": 0.8, "complement": 0.5, "over": 0.7, "near": 0.6, "sentence": 0.4, "party": 0.7,
}  # fmt: skip
"""How large each kind of feature stands in the logit: the farther a word, the harder it is to learn from. Chosen by hand."""
NEAR = 8
CLOSE = 6
DEEP = 2
LOW = 0.01
BODIES = frozenset({"UNO", "EUR", "IGO", "NGO", "IMG", "MNC"})
MEETINGS = frozenset({"CONSULT"})
"""Types whose modes depend on who takes part."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """``cues``: what a cue word counts by where it stands; ``words``: per "TYPE mode" and feature; ``head``: the share of the head."""

    cues: dict[str, float]
    words: dict[str, dict[str, float]]
    head: float = 0.0


@cache
def load_weights() -> Weights:
    """The fitted weights in this package."""
    return msgspec.json.decode(files("lapwing.events").joinpath("modes.json").read_bytes(), type=Weights)


class Evidence(NamedTuple):
    """What may speak for a mode: features that every mode weighs for itself, and each mode's cues."""

    words: dict[str, float]
    cues: dict[str, dict[str, float]]


class Text(NamedTuple):
    """What the features of all acts of an article share."""

    analysis: Analysis
    tree: Tree
    lemmas: Mapping[str, int]
    mentions: Sequence[Mention]
    actors: Sequence[Actor]


def text_of(analysis: Analysis, tree: Tree, mentions: Sequence[Mention], actors: Sequence[Actor]) -> Text:
    """An article ready for `find_evidence`."""
    return Text(analysis, tree, Counter(t.lemma.lower() for t in analysis.tokens), mentions, actors)


def choose_mode(
    codebook: Codebook, text: Text, act: Act, done_by: Fillers, done_to: Fillers, *, weights: Weights | None = None
) -> tuple[str | None, tuple[Reason, ...]]:
    """The likeliest mode of an act, None where "none" is or its type has no modes; and why."""
    if not codebook.modes_of(act.event):
        return None, ()
    weights = weights or load_weights()
    evidence = find_evidence(codebook, text, act, done_by, done_to)
    chances = chances_of(codebook, act, evidence, weights)
    best = max(chances, key=lambda name: chances[name])
    reason = Reason(field="mode", by="rule+head", because=_because(best, act, evidence, weights), score=chances[best])
    return (None if best == NONE else best), (reason,)


def chances_of(codebook: Codebook, act: Act, evidence: Evidence, weights: Weights) -> dict[str, float]:
    """The chance of each mode of the act's type and of none."""
    said = told_by_head(act)
    scores = {}
    for mode in (NONE, *codebook.modes_of(act.event)):
        rows = [part for _, part in parts_of(mode, act, evidence, weights)]
        scores[mode] = sum(rows) + weights.head * math.log(said.get(mode, 0.0) + LOW)
    top = max(scores.values())
    total = sum(math.exp(s - top) for s in scores.values())
    return {mode: round(math.exp(s - top) / total, 3) for mode, s in scores.items()}


def parts_of(mode: str, act: Act, evidence: Evidence, weights: Weights) -> Iterator[tuple[str, float]]:
    """What each feature adds to the score of a mode."""
    fitted = weights.words.get(f"{act.event} {mode}", {})
    for name, value in evidence.words.items():
        if name in fitted:
            yield name, fitted[name] * value
    for name, value in evidence.cues.get(mode, {}).items():
        yield name, weights.cues.get(name, 0.0) * value


def told_by_head(act: Act) -> dict[str, float]:
    """What the mode head gives to the modes of the act's type, as shares of one."""
    told = {m.partition(":")[2]: p for m, p in act.trigger.modes if m.partition(":")[0] == act.event}
    total = sum(told.values())
    return {mode: p / total for mode, p in told.items()} if total else {}


def _because(mode: str, act: Act, evidence: Evidence, weights: Weights) -> str:
    """The two strongest voices for a mode."""
    parts = sorted(parts_of(mode, act, evidence, weights), key=lambda part: -part[1])
    names = [f"“{name}”" for name, part in parts[:2] if part > 0 and name != "always"]
    said = told_by_head(act).get(mode, 0.0)
    told = (
        f"{' and '.join(names)} speak{'s' if len(names) == 1 else ''} for it" if names else "nothing else fits better"
    )
    return f"{told}; the mode head gives it {said:.2f}"


# ── features ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_evidence(codebook: Codebook, text: Text, act: Act, done_by: Fillers, done_to: Fillers) -> Evidence:
    """All that speaks for or against the modes of an act."""
    words = dict(word_features(text, act))
    if act.event in MEETINGS:
        words |= party_features(text, done_by, done_to)
    places = lemmas_by_place(text, act)
    kind = codebook.types[act.event]
    implied = act.entry.mode if act.entry else None
    return Evidence(words, {m.name: cue_features(m, places, text, implied) for m in kind.modes})


def word_features(text: Text, act: Act) -> Iterator[tuple[str, float]]:
    """The words around an act, each named for where it stands."""
    tokens, head = text.analysis.tokens, act.trigger.token
    yield "always", 1.0
    yield f"head {_lemma(text, head)}", WORTH["head"]
    yield f"pos {tokens[head].upos}", WORTH["pos"]
    for i in range(act.tokens.start, act.tokens.end):
        if i != head and tokens[i].upos in OWN:
            yield f"own {_lemma(text, i)}", WORTH["own"]
    for i in words_under(text.tree, head):
        yield f"under {_lemma(text, i)}", WORTH["under"]
    for c in text.tree.children[head]:
        relation = tokens[c].deprel.partition(":")[0]
        if relation in COMPLEMENTS:
            yield f"complement {relation} {text.tree.case_of(c)}".rstrip(), WORTH["complement"]
    for _, above in zip(range(2), text.tree.climb(head), strict=False):
        yield f"over {_lemma(text, above)}", WORTH["over"]
    where = text.analysis.sentences[tokens[head].sentence]
    for i in range(where.start, where.end):
        if i != head and tokens[i].upos in CONTENT:
            yield f"sentence {_lemma(text, i)}", WORTH["sentence"]
            if abs(i - head) <= NEAR:
                yield f"near {_lemma(text, i)}", WORTH["near"]


def words_under(tree: Tree, head: int) -> Iterator[int]:
    """The words below an act, down to its complements' own complements."""
    level = [head]
    for depth in range(DEEP + 1):
        level = [c for i in level for c in tree.children[i] if tree.tokens[c].deprel not in SKIPPED]
        yield from (c for c in level if depth == 0 or tree.tokens[c].upos in CONTENT)


def party_features(text: Text, done_by: Fillers, done_to: Fillers) -> dict[str, float]:
    """How many take part in a meeting, as what, and whether one side only receives."""
    found = []
    for side, fillers in (("by", done_by), ("to", done_to)):
        found.append(f"{side} {min(len(fillers.mentions), 3)}")
        for k in fillers.mentions:
            entity = text.actors[k].entity
            found.append(f"{side} {entity.country if entity.country in BODIES else entity.sector}")
    everyone = (*done_by.mentions, *done_to.mentions)
    countries = {text.actors[k].entity.country for k in everyone} - {None}
    found.append(f"countries {min(len(countries), 4)}")
    if any(text.analysis.tokens[text.mentions[k].head].xpos in ("NNS", "NNPS") for k in everyone):
        found.append("plural")
    return {f"party {name}": WORTH["party"] for name in found}


def lemmas_by_place(text: Text, act: Act) -> dict[str, Collection[str]]:
    """The lemmas of an act's surroundings, by how far they are."""
    head, sentences = act.trigger.token, text.analysis.sentences
    k = text.analysis.tokens[head].sentence
    where = sentences[k]
    others = [sentences[n] for n in (k - 1, k + 1) if 0 <= n < len(sentences)]
    close = range(max(where.start, head - CLOSE), min(where.end, head + CLOSE + 1))
    return {
        "cue in trigger": {_lemma(text, i) for i in range(act.tokens.start, act.tokens.end)},
        "cue under": {_lemma(text, i) for i in words_under(text.tree, head)},
        "cue near": {_lemma(text, i) for i in close},
        "cue in sentence": {_lemma(text, i) for i in range(where.start, where.end)},
        "cue next door": {_lemma(text, i) for other in others for i in range(other.start, other.end)},
    }


def cue_features(
    mode: CodebookMode, places: Mapping[str, Collection[str]], text: Text, implied: str | None
) -> dict[str, float]:
    """Where a mode's cue words stand, how often the article has them, and whether the trigger's entry implies the mode."""
    found = {name: 1.0 for name, lemmas in places.items() if any(cue in lemmas for cue in mode.cues)}
    often = sum(text.lemmas.get(cue, 0) for cue in mode.cues)
    if often:
        found["cue in article"] = math.log(1 + often)
    if implied == mode.name:
        found["implied"] = 1.0
    return found


def _lemma(text: Text, i: int) -> str:
    return text.analysis.tokens[i].lemma.lower()
