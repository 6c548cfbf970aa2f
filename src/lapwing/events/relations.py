"""How a word stands to a trigger in the tree, told in three ways: a named relation, the whole path, and the branch.

A named relation ("subj", "agent", "obl:with", "ctrl:subj") is what grammar knows of arguments: passives, light verbs, control,
relative clauses and coordination are seen through. Where grammar names nothing, the path of labels between the two words still
tells much ("the leader of the group that …"), and the branch, which keeps only the way up and the first step down, tells the
part of the clause that the word stands in ("somewhere in the against-phrase") however deep it lies there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lapwing.events.triggers import Act
from lapwing.trees import Tree

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


# ── paths and branches ────────────────────────────────────────────────────────────────────────────────────────────────

SHORT = {
    "nsubj:outer": "nsubj", "csubj": "nsubj", "csubj:outer": "nsubj", "nsubj:pass": "nsubjpass", "csubj:pass": "nsubjpass",
    "obl:agent": "agent", "nmod:poss": "poss", "acl:relcl": "relcl",
}  # fmt: skip
"""Labels in paths; others are named without what follows the colon."""

LONGEST_PATH = 5
DEEPEST_BRANCH = 20
FAR = 99


def label_of(deprel: str) -> str:
    """A tree label as paths name it.

    >>> label_of("nsubj:pass"), label_of("obl:unmarked")
    ('nsubjpass', 'obl')
    """
    return SHORT.get(deprel, deprel.partition(":")[0])


class Way(NamedTuple):
    """The way from a trigger to a word: the path, its length, the word where up turns to down (−1: none), the branch, and how deep
    in the branch the word lies."""

    path: str
    length: int
    turn: int
    branch: str
    depth: int


AWAY = Way("away", FAR, -1, "away", 9)
"""For a word in another sentence."""

NO_WAY = Way("none", FAR, -1, "none", 9)


def ways_up(tree: Tree, trigger: int) -> dict[int, tuple[str, ...]]:
    """The trigger and each word over it, with the labels passed on the way up."""
    ways: dict[int, tuple[str, ...]] = {trigger: ()}
    passed: tuple[str, ...] = ()
    below = trigger
    for above in tree.climb(trigger):
        passed = (*passed, label_of(tree.tokens[below].deprel))
        ways.setdefault(above, passed)
        below = above
    return ways


def way_to(tree: Tree, ups: dict[int, tuple[str, ...]], word: int) -> Way:
    """The way to a word of the trigger's sentence; `ups` are the trigger's `ways_up`."""
    down: list[int] = []
    at = word
    while at >= 0 and at not in ups and len(down) < DEEPEST_BRANCH:
        down.append(at)
        at = tree.tokens[at].head
    if at not in ups:
        return NO_WAY
    up, length = ups[at], len(ups[at]) + len(down)
    path = "^".join(up) + ">" + "/".join(label_of(tree.tokens[i].deprel) for i in reversed(down))
    start = "^".join(up[:2]) + ("^…" if len(up) > 2 else "")
    branch = f"{start}>{_first_step(tree, down)}"
    return Way(path if length <= LONGEST_PATH else "long", length, at, branch, len(down))


def _first_step(tree: Tree, down: list[int]) -> str:
    """The label of the branch's top word, with its case word: "obl:against"; "=" for the turning point itself."""
    if not down:
        return "="
    case = tree.case_of(down[-1]).split(" ")[0]
    label = label_of(tree.tokens[down[-1]].deprel)
    return f"{label}:{case}" if case else label
