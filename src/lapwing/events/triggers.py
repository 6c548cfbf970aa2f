"""Which words are acts, and of which type.

The event head of the model proposes words; the codebook speaks for or against them. One act is told by several words ("carried
out manoeuvres", "the visit … took place"), so proposals that belong together in the tree are merged and the likeliest stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from lapwing.codebook import Codebook, TriggerEntry
from lapwing.events.chances import LEAST, chance, features_of, load_chances
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
    """A trigger that is taken for an act: its type, how likely it is an act, and what spoke for it."""

    trigger: TriggerScore
    tokens: TokenRange
    event: str
    probability: float
    entry: TriggerEntry | None
    reasons: tuple[Reason, ...]

    @property
    def precision(self) -> float | None:
        """How often the codebook's entry told such an act, where there is an entry."""
        return self.entry.precision if self.entry else None


def find_acts(analysis: Analysis, tree: Tree, codebook: Codebook, weights: Weights) -> list[Act]:
    """The acts of a document in the order of their words."""
    acts = weighed(analysis, tree, proposals(analysis, tree, codebook, weights))
    likely = [a for a in acts if a.probability >= weights.threshold + (0.0 if a.entry else weights.unlisted)]
    kept: dict[int, list[Act]] = {}
    for act in sorted(likely, key=lambda a: (-a.probability, a.trigger.token)):
        in_sentence = kept.setdefault(tree.tokens[act.trigger.token].sentence, [])
        if not any(_same_act(tree, act, other) for other in in_sentence):
            in_sentence.append(act)
    return sorted((act for acts in kept.values() for act in acts), key=lambda a: a.trigger.token)


def proposals(analysis: Analysis, tree: Tree, codebook: Codebook, weights: Weights) -> list[Act]:
    """The triggers that may be acts, each with its likeliest type."""
    told = [t for t in analysis.triggers if t.score > LEAST and not only_says_how(tree, t.token)]
    acts = [_act(analysis, tree, codebook, trigger, weights) for trigger in told]
    read = {t.token: t for t in analysis.triggers}
    return [
        retyped(tree, codebook, act, read) for act in acts if not (act.event == "REJECT" and denies_clause(tree, act))
    ]


def weighed(analysis: Analysis, tree: Tree, acts: Sequence[Act]) -> list[Act]:
    """The acts with the chance that each is one, in place of the head's score alone."""
    weights = load_chances()
    found = []
    for act, features in zip(acts, features_of(analysis, tree, acts), strict=True):
        p = chance(features, weights)
        because = "weighed with the codebook, its place in the sentence and what was told before"
        reason = Reason(field="event", by="rule+head", because=because, score=round(p, 3))
        found.append(act._replace(probability=p, reasons=(*act.reasons, reason)))
    return found


# ── what the words around a trigger say of its type ───────────────────────────────────────────────────────────────────


def only_says_how(tree: Tree, i: int) -> bool:
    """Whether a word only tells what something consists of ("a group | made | up of 9,000 troops")."""
    token = tree.tokens[i]
    children = [tree.tokens[c] for c in tree.children[i]]
    if token.lemma.lower() == "make":
        return any(
            c.lemma.lower() == "up" and tree.tokens[min(c.i + 1, len(tree.tokens) - 1)].text == "of" for c in children
        )
    return token.lemma.lower() in ("compose", "consist", "comprise")


DENIALS = frozenset(["deny", "dispute", "refute", "disavow"])


def denies_clause(tree: Tree, act: Act) -> bool:
    """Whether the trigger denies that something happened: the denied act is told, no refusal ("ruled out that …")."""
    token = tree.tokens[act.trigger.token]
    children = [tree.tokens[c] for c in tree.children[token.i]]
    denial = token.lemma.lower() in DENIALS or (
        token.lemma.lower() == "rule" and any(c.lemma.lower() == "out" for c in children)
    )
    return denial and any(c.deprel == "ccomp" or (c.deprel == "xcomp" and c.xpos == "VBG") for c in children)


JOINT = frozenset(["joint", "combined", "bilateral", "trilateral", "multinational"])

FORCE = frozenset(["ASSAULT", "COERCE", "SANCTION", "PROTEST"])

FORESEEING = frozenset(["expect", "anticipate", "foresee", "predict", "fear", "forecast", "plan", "intend", "prepare"])


COMING = frozenset(["CONSULT", "SUPPORT", "COOPERATE", "AID"])
SURELY = 0.7


def retyped(tree: Tree, codebook: Codebook, act: Act, read: Mapping[int, TriggerScore]) -> Act:
    """The act with the type that the words around it decide: what forces do jointly is cooperation, force that is foreseen stays force,
    and cooperation that is still to come is an agreement. `read` has what the model says of other words."""
    if act.event == "MOBILIZE" and is_joint(tree, act.trigger.token):
        reasons = (*act.reasons, _because("done jointly, so COOPERATE"))
        return act._replace(trigger=read_as(act.trigger, "COOPERATE"), event="COOPERATE", reasons=reasons)
    if act.event not in FORCE and tree.tokens[act.trigger.token].lemma.lower() in FORESEEING:
        return foreseen(tree, codebook, act, read)
    if act.event in COMING and dict(act.trigger.statuses).get("expected", 0.0) >= SURELY:
        reasons = (*act.reasons, _because(f"{act.event} that is still to come, so AGREE"))
        return act._replace(trigger=read_as(act.trigger, "AGREE"), event="AGREE", reasons=reasons)
    return act


def read_as(trigger: TriggerScore, event: str) -> TriggerScore:
    """The trigger with the probability of its likeliest type given to another, which a rule puts in its place."""
    rest = tuple(t for t in trigger.types[1:] if t[0] != event)
    return msgspec.structs.replace(trigger, types=((event, trigger.types[0][1]), *rest) if trigger.types else ())


def _because(words: str) -> Reason:
    return Reason(field="event", by="rule", because=words)


def is_joint(tree: Tree, i: int) -> bool:
    """Whether a trigger or its object is said to be joint."""
    near = [i, *(c for c in tree.children[i] if tree.tokens[c].deprel in ("obj", "nsubj:pass", "nmod", "compound"))]
    near += [tree.tokens[i].head] if tree.tokens[i].deprel in ("amod", "compound") else []
    return any(tree.tokens[c].lemma.lower() in JOINT for k in near if k >= 0 for c in tree.children[k])


def foreseen(tree: Tree, codebook: Codebook, act: Act, read: Mapping[int, TriggerScore]) -> Act:
    """The act of force that a verb of foreseeing has as its complement ("expect Moscow to | launch | an offensive"), else
    the act as it was."""
    at = act.trigger.token
    below = {tree.tokens[c].deprel: c for c in tree.children[at]}
    clause = below.get("xcomp", below.get("ccomp", below.get("obj")))
    if clause is None:
        return act
    words = [clause, *(c for c in tree.children[clause] if tree.tokens[c].deprel in ("obj", "obl"))]
    near = {tree.tokens[w].lemma.lower() for w in words}
    for w in reversed(words):
        token = tree.tokens[w]
        entries = most_specific(codebook.find_triggers(token.lemma.lower(), token.upos, near))
        best = max(entries, key=lambda e: (e.precision, e.type), default=None)
        if best is not None and best.type in FORCE:
            tokens = TokenRange(min(clause, w), max(clause, w) + 1)
            its = msgspec.structs.replace(
                read.get(clause, act.trigger), score=act.trigger.score, types=act.trigger.types
            )
            trigger = msgspec.structs.replace(read_as(its, best.type), token=clause, tokens=tokens)
            reason = _because(f"'{best.lemma}' is foreseen, which stays {best.type}")
            return Act(trigger, tokens, best.type, act.probability, best, (*act.reasons, reason))
    return act


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
    if act.event == other.event and (_is_in_object(tree, a, b) or _is_in_object(tree, b, a)):
        return True
    lower, upper = (a, b) if tree.tokens[a].head == b else (b, a)
    if tree.tokens[lower].head != upper or tree.tokens[lower].deprel not in PARTS:
        return False
    return act.event == other.event and tree.tokens[lower].deprel != "conj"


def _is_in_object(tree: Tree, i: int, verb: int) -> bool:
    """Whether a word describes the verb's object ("created a | deployed | unit"), so that both tell one act."""
    noun = tree.tokens[i].head
    described = tree.tokens[i].deprel in ("amod", "compound") and noun >= 0
    return described and tree.tokens[noun].head == verb and tree.tokens[noun].deprel in ("obj", "nsubj:pass")
