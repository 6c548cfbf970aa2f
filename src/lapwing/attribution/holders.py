"""Whose words they are: the words of saying, what stands under them, and who holds them."""

from __future__ import annotations

from lapwing.attribution.scene import named
from lapwing.dictionaries.reporting import ReportingWord, reporting_words
from lapwing.records import TokenRange
from lapwing.trees import Tree

UNDER_VERBS = frozenset({"ccomp", "parataxis"})

OF_WHAT = {
    "of": frozenset({"accuse", "suspect", "warn", "speak", "tell", "boast", "complain", "inform"}),
    "about": frozenset({"warn", "speak", "report", "complain", "worry", "write"}),
    "for": frozenset({"claim"}),
}
"""Prepositions that bring what is told, and their verbs ("accused them of torture")."""

ISSUING = named(
    """
    issue make release give publish read deliver post send put have sign write repeat voice express share
    """
)
"""Verbs whose subject owns the statement that is their object."""

EMPTY_SUBJECTS = frozenset({"it", "there", "this", "that", "what"})

SPEECH = frozenset({"word", "words", "data", "information", "statement", "view", "opinion", "figure", "account"})
"""Documents whose "of …" names the speaker."""

QUOTING = frozenset({"quote", "cite"})

LONGEST_PATH = 60


def reporting_verb(tree: Tree, verb: int) -> tuple[ReportingWord, TokenRange] | None:
    """The row for a verb, with its particle or complement where that makes one ("rule out", "make clear")."""
    token = tree.tokens[verb]
    if token.upos not in ("VERB", "AUX"):
        return None
    table = reporting_words()
    for other in tree.children[verb]:
        if tree.tokens[other].deprel in ("compound:prt", "xcomp", "advmod") and verb < other <= verb + 3:
            word = table.get((f"{token.lemma} {tree.tokens[other].lemma}", "verb"))
            if word is not None:
                return word, TokenRange(verb, other + 1)
    word = table.get((token.lemma, "verb"))
    return (word, TokenRange(verb, verb + 1)) if word is not None else None


def tells(tree: Tree, verb: int, child: int, word: ReportingWord) -> bool:
    """Whether what stands under a verb of saying is what is told."""
    relation = tree.tokens[child].deprel
    if relation == "xcomp":
        passive = any(tree.tokens[i].deprel == "aux:pass" for i in tree.children[verb])
        return passive or (word.told and word.stance != "neutral")
    if relation in UNDER_VERBS:
        others = any(tree.tokens[i].deprel == "ccomp" for i in tree.children[verb])
        return relation != "parataxis" or child > verb or not others
    if relation in ("obj", "nsubj:pass"):
        return word.told
    if relation.partition(":")[0] in ("obl", "advcl"):
        return word.lemma in OF_WHAT.get(marking(tree, child), ())
    return False


def holds(tree: Tree, child: int) -> bool:
    """Whether what stands under a noun is what the noun holds ("claims that …", "reports of …")."""
    relation = tree.tokens[child].deprel
    if relation == "ccomp":
        return True
    if relation in ("acl", "acl:relcl", "nmod"):
        marker = marking(tree, child)
        return marker in ("that", "of", "about", "to") if relation != "acl:relcl" else False
    return False


def marking(tree: Tree, child: int) -> str:
    """The preposition or conjunction that introduces a clause or noun, in lower case, or nothing."""
    for i in tree.children[child]:
        if tree.tokens[i].deprel in ("case", "mark"):
            return tree.tokens[i].text.lower()
    return ""


def holder_of(tree: Tree, verb: int) -> int | None:
    """Who says what a verb says: its subject, the agent of a passive, or the subject of the clause it hangs on."""
    for _ in range(LONGEST_PATH):
        subject = subject_of(tree, verb)
        if subject is not None:
            return speaker_in(tree, subject)
        token = tree.tokens[verb]
        beside = named_beside(tree, verb)
        if beside is not None:
            return beside
        if token.deprel == "obj" and tree.tokens[token.head].lemma in ISSUING:
            verb = token.head
            continue
        if token.head < 0 or token.deprel.partition(":")[0] not in ("conj", "xcomp", "advcl", "acl", "parataxis"):
            return None
        if token.deprel == "acl":
            return speaker_in(tree, token.head)
        verb = token.head
    return None


def named_beside(tree: Tree, verb: int) -> int | None:
    """A name right before a verb of saying that has lost its subject to another verb ("the owner, Musk, said")."""
    if tree.tokens[verb].xpos not in ("VBD", "VBZ", "VBP"):
        return None
    i = verb - 1
    while (
        i >= 0 and tree.tokens[i].upos in ("ADV", "AUX", "PUNCT") and verb - i < 4 and tree.tokens[i].text not in '“”"'
    ):
        i -= 1
    token = tree.tokens[i]
    return i if i >= 0 and token.upos == "PROPN" and token.sentence == tree.tokens[verb].sentence else None


def subject_of(tree: Tree, verb: int) -> int | None:
    """The subject of a verb, the agent of its passive, or the noun that its relative pronoun stands for."""
    agent = next((i for i in tree.children[verb] if tree.tokens[i].deprel == "obl:agent"), None)
    if agent is not None:
        return agent
    passive = any(tree.tokens[i].deprel in ("aux:pass", "nsubj:pass") for i in tree.children[verb])
    for i in sorted(tree.children[verb], key=lambda i: abs(i - verb)):
        relation, word = tree.tokens[i].deprel, tree.tokens[i].text.lower()
        if relation == "nsubj" or (relation == "nsubj:pass" and tree.tokens[verb].lemma in QUOTING):
            if word in ("who", "which", "that") and tree.tokens[verb].deprel == "acl:relcl":
                return tree.tokens[verb].head
            return None if word in EMPTY_SUBJECTS and passive else i
    return None


def speaker_in(tree: Tree, noun: int) -> int:
    """Who speaks where a document is said to: the owner of "the ministry's statement", else the noun itself."""
    word = reporting_words().get((tree.tokens[noun].lemma.lower(), "noun"))
    if word is None or tree.tokens[noun].upos != "NOUN":
        return noun
    owner = owner_of(tree, noun)
    return noun if owner is None else owner


def owner_of(tree: Tree, noun: int) -> int | None:
    """Whose a statement is: "X's claim", "a claim by X", "Indian claims", or the subject of "X issued a statement"."""
    for relation, markers in (("nmod:poss", ("",)), ("nmod", ("by", "from")), ("nmod", ("of",))):
        for i in tree.children[noun]:
            if tree.tokens[i].deprel == relation and (relation == "nmod:poss" or marking(tree, i) in markers):
                if relation == "nmod:poss" and tree.tokens[i].upos == "PRON" and tree.tokens[i].text.lower() == "its":
                    return i
                if markers != ("of",) or tree.tokens[i].upos == "PROPN" or tree.tokens[noun].lemma in SPEECH:
                    return i
    for i in tree.children[noun]:
        if tree.tokens[i].deprel in ("amod", "compound") and tree.tokens[i].text[:1].isupper():
            return i
    token = tree.tokens[noun]
    if token.head >= 0 and token.deprel == "obj" and tree.tokens[token.head].lemma in ISSUING:
        return subject_of(tree, token.head)
    return None


def is_definite(tree: Tree, noun: int) -> bool:
    """Whether a noun has a definite article, a demonstrative or an owner."""
    return any(
        tree.tokens[i].deprel == "nmod:poss" or tree.tokens[i].text.lower() in ("the", "this", "that", "these", "those")
        for i in tree.children[noun]
    )
