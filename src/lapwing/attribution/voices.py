"""Everyone who says or thinks an act, from the innermost to the outermost."""

from __future__ import annotations

from collections.abc import Iterator

from lapwing.attribution.holders import (
    LONGEST_PATH,
    OF_WHAT,
    QUOTING,
    UNDER_VERBS,
    holder_of,
    holds,
    is_definite,
    marking,
    owner_of,
    reporting_verb,
    speaker_in,
    subject_of,
    tells,
)
from lapwing.attribution.quoted import of_quotation
from lapwing.attribution.scene import ACCORDING, QUOTED, SEEN, SPOKEN, VOUCHING, Scene, Voice
from lapwing.dictionaries.reporting import reporting_words
from lapwing.records import Frame, TokenRange
from lapwing.trees import Tree

RECORDS = frozenset(
    {"result", "data", "figure", "information", "statistic", "plan", "law", "agreement", "schedule", "rule"}
)
"""What one may go by without anybody's being said to speak ("according to the results")."""

SURE = 0.6
"""The score from which a content span of the attribution head counts."""

FAR_BACK = 250
"""Words that a document is followed back to its author."""


def voices(scene: Scene, frame: Frame) -> Iterator[Voice]:
    """Everyone who says or thinks an act, the nearest first."""
    tree = scene.tree
    yield from in_the_trigger(tree, frame)
    node = frame.token
    for _ in range(LONGEST_PATH):
        yield from beside(tree, node, frame)
        head = tree.tokens[node].head
        if head < 0:
            break
        yield from over(tree, head, node)
        yield from across_object(tree, head, node)
        node = head
    yield from of_quotation(scene, frame)
    yield from of_spans(scene, frame)


def in_the_trigger(tree: Tree, frame: Frame) -> Iterator[Voice]:
    """A trigger that denies or claims an act of its own subject: "denied any wrongdoing", "claimed responsibility"."""
    found = reporting_verb(tree, frame.token)
    if (
        found is not None
        and frame.event not in SPOKEN
        and found[0].told
        and found[0].stance in ("denying", "sceptical")
    ):
        yield Voice(holder_of(tree, frame.token), found[1], found[0], frame.token, "verb that is the trigger")


def over(tree: Tree, head: int, child: int) -> Iterator[Voice]:
    """A voice over a clause or noun: the subject of a verb of saying, the owner of a claim, one who is "confident
    that"."""
    token = tree.tokens[head]
    if token.upos in ("VERB", "AUX"):
        found = reporting_verb(tree, head)
        quoted = quoted_by(tree, head) if token.lemma in QUOTING else None
        if quoted is not None and tree.tokens[child].deprel in (*UNDER_VERBS, "advcl", "root"):
            yield Voice(quoted, TokenRange(head, head + 1), QUOTED, child, "someone quoted")
        elif found is not None and tells(tree, head, child, found[0]):
            yield Voice(holder_of(tree, head), found[1], found[0], child, "verb of saying over it")
    elif token.upos in ("NOUN", "PROPN"):
        word = reporting_words().get((token.lemma.lower(), "noun"))
        if word is not None and holds(tree, child):
            yield Voice(owner_of(tree, head), TokenRange(head, head + 1), word, child, "noun that holds a statement")
    elif token.upos == "ADJ" and tree.tokens[child].deprel == "ccomp":
        word = reporting_words().get((token.lemma.lower(), "adj"))
        subject = subject_of(tree, head)
        if word is not None and subject is not None and tree.tokens[subject].text.lower() != "it":
            yield Voice(holder_of(tree, head), TokenRange(head, head + 1), word, child, "adjective of belief over it")


def across_object(tree: Tree, head: int, child: int) -> Iterator[Voice]:
    """A voice over the noun on which an act hangs, where "of …" belongs to the verb ("accused the rebels of burning
    it")."""
    verb = tree.tokens[head].head
    if verb < 0 or tree.tokens[head].deprel != "obj" or tree.tokens[child].deprel not in ("acl", "nmod"):
        return
    found = reporting_verb(tree, verb)
    if found is not None and found[0].lemma in OF_WHAT.get(marking(tree, child), ()):
        yield Voice(holder_of(tree, verb), found[1], found[0], child, "verb of saying over it")


def beside(tree: Tree, node: int, frame: Frame) -> Iterator[Voice]:
    """A voice beside a clause or noun: "according to …", ", … said,", "as … put it", "citing …"."""
    for i in tree.children[node]:
        token = tree.tokens[i]
        base = token.deprel.partition(":")[0]
        if base in ("obl", "nmod", "advcl", "advmod"):
            yield from gone_by(tree, i, node)
        if (
            token.deprel in ("parataxis", "advcl", "dep", "discourse")
            and not frame.tokens.start <= i < frame.tokens.end
        ):
            yield from set_beside(tree, i, node)
    yield from set_off(tree, node)


def gone_by(tree: Tree, noun: int, node: int) -> Iterator[Voice]:
    """Who stands in an "according to …", unless it is only what one may go by."""
    cue, holder = according(tree, noun), speaker_in(tree, noun)
    if cue is not None and not (holder == noun and tree.tokens[noun].lemma.lower() in RECORDS):
        yield Voice(holder, cue, ACCORDING, node, "phrase “according to”")


LOWER = frozenset(["xcomp", "conj", "obj", "obl", "nmod", "acl", "advmod"])


def set_off(tree: Tree, node: int) -> Iterator[Voice]:
    """An "according to …" set off by a comma speaks of the whole clause, also where the parser hangs it on one of its last words
    ("called it | 'stupid', according to the agency")."""
    below = [i for i in tree.children[node] if tree.tokens[i].deprel in LOWER]
    while below:
        word = below.pop()
        if subject_of(tree, word) is not None:
            continue
        for i in tree.children[word]:
            cue = according(tree, i) if i > word else None
            if cue is not None and tree.tokens[cue.start - 1].text == ",":
                yield from gone_by(tree, i, node)
            elif tree.tokens[i].deprel in LOWER:
                below.append(i)


def quoted_by(tree: Tree, verb: int) -> int | None:
    """Whom somebody quotes: the object of "quoted … as saying"."""
    return next((i for i in tree.children[verb] if tree.tokens[i].deprel in ("obj", "iobj")), None)


def set_beside(tree: Tree, verb: int, node: int) -> Iterator[Voice]:
    """A verb of saying set beside what is said: "the mayor said" within it, "as … reported", "citing …"."""
    token = tree.tokens[verb]
    if token.lemma in QUOTING and token.xpos == "VBG" and marking(tree, verb) != "without":
        cited = next((i for i in tree.children[verb] if tree.tokens[i].deprel == "obj"), None)
        yield Voice(cited, TokenRange(verb, verb + 1), QUOTED, node, "“citing”")
        return
    found = reporting_verb(tree, verb)
    if found is None or any(tree.tokens[i].deprel in ("ccomp", "obj", "xcomp") for i in tree.children[verb]):
        return
    marks = {tree.tokens[i].text.lower() for i in tree.children[verb] if tree.tokens[i].deprel in ("mark", "advmod")}
    subject = any(tree.tokens[i].deprel in ("nsubj", "obl:agent") for i in tree.children[verb])
    if subject and (token.deprel != "advcl" or "as" in marks):
        yield Voice(holder_of(tree, verb), found[1], found[0], node, "verb of saying beside it")


def according(tree: Tree, noun: int) -> TokenRange | None:
    """The words "according to" (or "per", "in the words of") before a noun, if they are there."""
    for i in tree.children[noun]:
        if tree.tokens[i].deprel in ("case", "mark") or tree.tokens[i].text.lower() == "according":
            words = [i, *(j for j in tree.children[i] if tree.tokens[j].deprel == "fixed")]
            text = " ".join(tree.tokens[j].text.lower() for j in words)
            if text.startswith("according") or (text, "prep") in reporting_words():
                return TokenRange(words[0], words[-1] + 1)
    return None


def of_spans(scene: Scene, frame: Frame) -> Iterator[Voice]:
    """The source that the model's attribution head sees beside what is said, in a sentence whose tree shows none.

    Only for acts done by more than speaking: who speaks is told above for the others, and the head takes their actors
    for sources.
    """
    if frame.event in SPOKEN or is_definite(scene.tree, frame.token):
        return
    spans = scene.spans.get(frame.sentence, ())
    around = [span for span in spans if covers(span.tokens, frame.token)]
    found = {span.role: span.tokens for span in spans if span not in around}
    told = any(span.role == "content" and span.score >= SURE for span in around)
    if told and "source" in found and "cue" in found:
        holder = head_of(scene.tree, found["source"])
        word = reporting_words().get((scene.tree.tokens[head_of(scene.tree, found["cue"])].lemma, "verb"))
        if scene.tree.tokens[holder].lemma in RECORDS or (word is not None and word.kind not in VOUCHING):
            return
        yield Voice(holder, found["cue"], SEEN, frame.token, "attribution head")


def covers(tokens: TokenRange, token: int) -> bool:
    """Whether a range holds a token."""
    return tokens.start <= token < tokens.end


def head_of(tree: Tree, tokens: TokenRange) -> int:
    """The first token of a range whose head lies outside it."""
    inside = range(tokens.start, tokens.end)
    return next((i for i in inside if tree.tokens[i].head not in inside and tree.tokens[i].upos != "PUNCT"), inside[0])


def with_author(scene: Scene, voice: Voice) -> Voice:
    """A voice that is a document ("the message says") as that of its author, where an earlier mention of it names
    one."""
    if voice.holder is None or scene.tree.tokens[voice.holder].upos != "NOUN":
        return voice
    lemma = scene.tree.tokens[voice.holder].lemma
    if (lemma.lower(), "noun") not in reporting_words():
        return voice
    for i in range(voice.holder - 1, max(voice.holder - FAR_BACK, -1), -1):
        if scene.tree.tokens[i].lemma == lemma and scene.tree.tokens[i].upos == "NOUN":
            author = owner_of(scene.tree, i)
            if author is not None:
                return voice._replace(holder=author)
    return voice
