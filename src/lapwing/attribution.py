"""Who says so: the one who vouches for an act or denies it, or nobody but the article.

A reader believes an act on somebody's word, and it matters whose. The word is found where grammar puts it. From the
act the rules climb the dependency tree, and at every step look for a voice: a verb of saying or thinking over the
clause ("officials said that …"), a noun that holds a statement ("claims by …"), a verb of saying set beside it (",
the mayor said,"), a phrase ("according to …"). Where the act stands in quotation marks and its sentence names no
speaker, the speaker is that of the quotation: named in another sentence of it, or in the sentence before or after.

Voices come out from the innermost to the outermost, and the first that vouches is the source. Not every voice does.
One who asks or praises vouches for nothing. A newspaper or agency only passes on what it was told, and becomes the
relay, unless it speaks for a state or a movement. And the act itself may be the speaking: who accuses is the actor of
the accusation, not a witness to it, so the source is empty.

The model's pointer and its attribution spans speak where the tree is silent, and the record says which of them spoke.

References: Newell, Margolin and Ruths 2018, "An attribution relations corpus for political news" (source, cue,
content); Krestel, Bergler and Witte 2008 on reporting verbs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from lapwing.dictionaries import lookup
from lapwing.dictionaries.reporting import ReportingWord, channels, reporting_words
from lapwing.records import (
    Actor,
    Analysis,
    AttributionSpan,
    Document,
    Frame,
    Mention,
    Reason,
    Relay,
    Source,
    SourceKind,
    Sourcing,
    Span,
    TokenRange,
)
from lapwing.trees import Tree, tree_of

# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def named(words: str) -> frozenset[str]:
    """A table of words, written in a row.

    >>> sorted(named("post put"))
    ['post', 'put']
    """
    return frozenset(words.split())


SPOKEN = frozenset({"REQUEST", "THREATEN", "REJECT", "ACCUSE", "SUPPORT", "CONCEDE", "AGREE"})
"""Types whose act is done by speaking, so that the speaker is the actor."""
VOUCHING = frozenset({"say", "think", "hear", "find"})
"""Kinds of reporting word whose holder answers for what is told."""
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
SPEAKERS_OWN = frozenset({"i", "we", "my", "our", "me", "us", "you"})
EMPTY_SUBJECTS = frozenset({"it", "there", "this", "that", "what"})
OUTLETS = named(
    """
    newspaper daily agency site broadcaster magazine outlet tabloid weekly journal website press media radio
    television tv channel
    """
)
ORGANS = named(
    """
    state official government ministry rebel party military state-run state-owned pro-government service office
    """
)
"""Words beside an outlet's name that make it somebody's voice ("state media", "press service")."""
SPEAKING_FOR_A_STATE = frozenset({"kcna", "korean central news agency", "sana", "irna", "xinhua", "global times"})
"""Agencies and papers that are quoted as the voice of their government."""
SPEECH = frozenset({"word", "words", "data", "information", "statement", "view", "opinion", "figure", "account"})
"""Documents whose "of …" names the speaker."""
RECORDS = frozenset(
    {"result", "data", "figure", "information", "statistic", "plan", "law", "agreement", "schedule", "rule"}
)
"""What one may go by without anybody's being said to speak ("according to the results")."""
QUOTING = frozenset({"quote", "cite"})
CLOSING = {"“": "”", "„": "“”", "«": "»", '"': '"', "''": "''", "``": "''", "‘": "’"}
QUOTES = re.compile(r"``|''|[“”„«»\"‘]|’(?!\w)|\n\s*\n")
LONGEST_PATH = 60
LONGEST_STATEMENT = 60
"""Sentences that a statement after a colon is followed."""
SURE = 0.6
"""The score from which a content span of the attribution head counts."""
FAR_BACK = 250
"""Words that a document is followed back to its author."""
LONGEST_QUOTED = 4000
"""Characters over which a quotation is followed past the end of its paragraph."""
LONGEST_QUOTATION = 12
"""Sentences that a quotation over several paragraphs is followed back."""


class Voice(NamedTuple):
    """Someone who says or thinks something: `holder` heads the words that name them, `cue` says that they do,
    `content` heads what they say. `how` names the rule that found them."""

    holder: int | None
    cue: TokenRange
    word: ReportingWord
    content: int
    how: str


class Scene(NamedTuple):
    """An article as the rules of this stage look at it."""

    document: Document
    analysis: Analysis
    tree: Tree
    mentions: Sequence[Mention]
    actors: Sequence[Actor]
    quotations: tuple[tuple[int, int], ...]
    named: dict[int, int]
    """The mention that each token heads, or else lies in."""
    spans: dict[int, list[AttributionSpan]]
    """The attribution spans of each sentence."""


POINTED = ReportingWord(lemma="", pos="", kind="say", stance="neutral", told=True)
QUOTED = ReportingWord(lemma="quote", pos="verb", kind="say", stance="neutral", told=True)
SEEN = ReportingWord(lemma="", pos="", kind="say", stance="neutral", told=True)
ACCORDING = ReportingWord(lemma="according to", pos="prep", kind="say", stance="neutral", told=True)

RULES_FIND = (0.78, 0.10)
"""How often the rules find a voice for acts that have a source and for acts that have none, on gold/train."""

# ── the stage ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def attribute(
    document: Document,
    analysis: Analysis,
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    frames: Sequence[Frame],
) -> tuple[Sourcing, ...]:
    """Who vouches for each frame or denies it; parallel to `frames`. `actors` is parallel to `mentions`. Spans are
    clean."""
    scene = set_scene(document, analysis, mentions, actors)
    return tuple(attribute_frame(scene, frame) for frame in frames)


def set_scene(document: Document, analysis: Analysis, mentions: Sequence[Mention], actors: Sequence[Actor]) -> Scene:
    """What is looked up for every frame, prepared once."""
    named: dict[int, int] = {}
    for mention in sorted(mentions, key=lambda m: m.tokens.end - m.tokens.start):
        for i in range(mention.tokens.start, mention.tokens.end):
            named.setdefault(i, mention.id)
    named.update({mention.head: mention.id for mention in mentions})
    spans: dict[int, list[AttributionSpan]] = {}
    for span in analysis.attributions:
        spans.setdefault(analysis.tokens[span.tokens.start].sentence, []).append(span)
    return Scene(document, analysis, tree_of(analysis), mentions, actors, quotations(document.text), named, spans)


def attribute_frame(scene: Scene, frame: Frame) -> Sourcing:
    """The source and relay of one act: what the rules find, weighed against what the model's pointer says."""
    ruled, relay, reason = by_rule(scene, frame)
    pointed, chance = pointed_at(scene, frame)
    if chance is not None:
        voiced = weighed(chance, ruled=ruled is not None)
        if ruled is not None and voiced < 0.5:
            return Sourcing(source=None, relay=relay, reasons=(reason, doubted(chance)))
        if ruled is None and voiced >= 0.5 and pointed is not None and not is_outlet(scene, pointed.holder or 0):
            return Sourcing(source=source_of(scene, frame, pointed), relay=relay, reasons=(reason, trusted(chance)))
    source = source_of(scene, frame, ruled) if ruled is not None else None
    return Sourcing(source=source, relay=relay, reasons=(reason,))


def by_rule(scene: Scene, frame: Frame) -> tuple[Voice | None, Relay | None, Reason]:
    """The first voice that vouches for an act, the relay, and why."""
    relay: Relay | None = None
    for voice in map(partial(with_author, scene), by_weight(voices(scene, frame))):
        if voice.holder is None or voice.word.kind not in VOUCHING:
            continue
        relay = relay or passed_on(scene, voice)
        if is_outlet(scene, voice.holder) or is_likely_outlet(scene, voice):
            relay = relay or Relay(name_of(scene, voice.holder), span_of(scene, voice.holder))
            continue
        if is_own_voice(scene, voice.holder) or is_nobody(scene, voice.holder):
            continue
        if is_background(scene, frame, voice):
            return None, relay, because("told as known, not as what is said", voice.how)
        if does_the_act(scene, frame, voice):
            return None, relay, because("the speaker is the actor", voice.how)
        return voice, relay, because(said(scene, voice), voice.how)
    return None, relay, because("nobody is named who says so", "rule")


NOBODY = frozenset({"which", "that", "what", "report", "rumor", "rumour"})
"""Lemmas of holders who are nobody: relative words that found no noun, and talk without a talker."""


def is_nobody(scene: Scene, holder: int) -> bool:
    """A holder that stands for no one: "according to reports", "it is expected that"."""
    token = scene.tree.tokens[holder]
    if token.text.lower() == "it" and token.deprel in ("expl", "nsubj:pass"):
        return True
    return token.lemma.lower() in NOBODY and not scene.tree.child(holder, "nmod:poss", "nmod", "compound")


# ── the model's opinion ───────────────────────────────────────────────────────────────────────────────────────────────


def pointed_at(scene: Scene, frame: Frame) -> tuple[Voice | None, float | None]:
    """The mention that the model's pointer takes for the source, and how likely it says that there is one."""
    if frame.trigger is None:
        return None, None
    none = next((score for role, score in frame.trigger.none if role == "source"), None)
    if none is None:
        return None, None
    shares: dict[int, float] = {}
    for role in frame.trigger.roles:
        mention = scene.named.get(role.token) if role.role == "source" else None
        if mention is not None:
            shares[mention] = shares.get(mention, 0.0) + role.score
    if not shares:
        return None, 1.0 - none
    best = max(shares, key=lambda mention: (shares[mention], -mention))
    holder = scene.mentions[best].head
    return Voice(holder, TokenRange(holder, holder + 1), POINTED, frame.token, "model"), 1.0 - none


def weighed(chance: float, *, ruled: bool) -> float:
    """The probability that there is a source, from the model's and from whether the rules found one, as independent
    opinions.

    >>> round(weighed(0.5, ruled=True), 2), round(weighed(0.5, ruled=False), 2), round(weighed(0.02, ruled=True), 2)
    (0.89, 0.2, 0.14)
    """
    with_source, without = RULES_FIND if ruled else (1 - RULES_FIND[0], 1 - RULES_FIND[1])
    for_it, against = chance * with_source, (1.0 - chance) * without
    return for_it / (for_it + against) if for_it + against else 0.0


def trusted(chance: float) -> Reason:
    """The reason for believing the model's pointer."""
    return Reason(field="source", by="model", because="its pointer finds who says so", score=chance)


def doubted(chance: float) -> Reason:
    """The reason for not believing a rule."""
    return Reason(
        field="source", by="model", because="takes the act to be told by the article itself", score=1.0 - chance
    )


def by_weight(heard: Iterator[Voice]) -> list[Voice]:
    """Voices in the order in which they are asked: one who tells it before one who is told to have found it."""
    return sorted(heard, key=lambda voice: voice.word.kind == "find")


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


def because(words: str, how: str) -> Reason:
    """A reason for the source."""
    return Reason(field="source", by=how, because=words)


def said(scene: Scene, voice: Voice) -> str:
    """A voice in words for a person."""
    cue = " ".join(scene.tree.tokens[i].text for i in range(voice.cue.start, voice.cue.end))
    return f"“{cue}” tells what {name_of(scene, voice.holder)} says" if voice.holder is not None else cue


# ── voices, from the innermost to the outermost ───────────────────────────────────────────────────────────────────────


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
            cue = according(tree, i)
            holder = speaker_in(tree, i)
            if cue is not None and not (holder == i and token.lemma.lower() in RECORDS):
                yield Voice(holder, cue, ACCORDING, node, "phrase “according to”")
        if (
            token.deprel in ("parataxis", "advcl", "dep", "discourse")
            and not frame.tokens.start <= i < frame.tokens.end
        ):
            yield from set_beside(tree, i, node)


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


# ── words of saying ───────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── whose words they are ──────────────────────────────────────────────────────────────────────────────────────────────


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


# ── quotations ────────────────────────────────────────────────────────────────────────────────────────────────────────


def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches between quotation marks, without the marks.

    A quotation may run over paragraphs. If each begins with a mark of its own, it is cut there; one never closed ends
    with its first paragraph.

    >>> quotations('He said: “We go.” She "stayed".')
    ((10, 16), (23, 29))
    """
    found: list[tuple[int, int]] = []
    opened: tuple[int, str] | None = None
    broken: int | None = None
    for match in QUOTES.finditer(text):
        mark = match.group()
        if mark[0] == "\n":
            broken = match.start() if opened is not None and broken is None else broken
            continue
        opening = mark in CLOSING and opens(text, match.start(), match.end(), mark)
        if opened is not None and mark in opened[1] and not (broken is not None and opening):
            end = match.start() if match.start() - opened[0] <= LONGEST_QUOTED or broken is None else broken
            found.append((opened[0], end))
            opened = None
            broken = None
        elif opening and (opened is None or broken is not None):
            if opened is not None:
                found.append((opened[0], broken or match.start()))
            opened, broken = (match.end(), CLOSING[mark]), None
    if opened is not None:
        found.append((opened[0], broken or len(text)))
    return tuple(found)


def opens(text: str, start: int, end: int, mark: str) -> bool:
    """Whether a quotation mark may open a quotation: no letter stands before it, and something follows it; a straight
    mark also does not lean on a word before it."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or not after:
        return False
    return mark not in ('"', "''") or not after.isspace() or not before or before.isspace()


def quotation_at(scene: Scene, position: int) -> tuple[int, int] | None:
    """The quotation in which a character stands."""
    k = bisect_right(scene.quotations, (position, len(scene.document.text))) - 1
    if k >= 0 and scene.quotations[k][0] <= position < scene.quotations[k][1]:
        return scene.quotations[k]
    return None


def of_quotation(scene: Scene, frame: Frame) -> Iterator[Voice]:
    """The speaker of the quotation in which an act stands: named in a sentence of the quotation, else in the one
    before or after."""
    position = scene.tree.tokens[frame.token].start
    quotation = quotation_at(scene, position)
    if quotation is None:
        yield from after_colon(scene, frame)
        return
    for sentence in near(scene, quotation, frame.sentence):
        voice = speaker(scene, sentence, frame)
        if voice is not None:
            yield voice
            return


def near(scene: Scene, quotation: tuple[int, int], own: int) -> Iterator[int]:
    """Sentences in which the speaker of a quotation may be named, the likeliest first."""
    sentences = scene.document.sentences
    first = last = own
    while first > 0 and sentences[first - 1].end > quotation[0]:
        first -= 1
    while last + 1 < len(sentences) and sentences[last + 1].start < quotation[1]:
        last += 1
    yield own
    yield from (k for k in range(last, first - 1, -1) if k != own)
    before = first - 1
    while before > 0 and first - before < LONGEST_QUOTATION and is_quoted(scene, before):
        yield before
        before -= 1
    if before >= 0:
        yield before
    if last + 1 < len(sentences):
        yield last + 1


def is_quoted(scene: Scene, sentence: int) -> bool:
    """Whether the end of a sentence stands in quotation marks, so that the quotation may run on in the next
    paragraph."""
    end = scene.document.sentences[sentence].end
    return quotation_at(scene, end - 1) is not None or quotation_at(scene, end - 2) is not None


def speaker(scene: Scene, sentence: int, frame: Frame) -> Voice | None:
    """The last verb of saying in a sentence that stands outside quotation marks and has a speaker."""
    span = scene.analysis.sentences[sentence]
    for i in range(span.end - 1, span.start - 1, -1):
        token = scene.tree.tokens[i]
        if token.upos != "VERB" or quotation_at(scene, token.start) is not None:
            continue
        found = reporting_verb(scene.tree, i)
        if found is None or found[0].kind not in VOUCHING:
            continue
        holder = holder_of(scene.tree, i)
        if holder is not None and quotation_at(scene, scene.tree.tokens[holder].start) is None:
            return Voice(holder, found[1], found[0], frame.token, "speaker of the quotation")
    return None


def after_colon(scene: Scene, frame: Frame) -> Iterator[Voice]:
    """A statement given without quotation marks after "said:": it runs on until somebody else is told to say
    something."""
    text, sentences = scene.document.text, scene.document.sentences
    for k in range(frame.sentence - 1, max(frame.sentence - 1 - LONGEST_STATEMENT, -1), -1):
        line = text[sentences[k].start : sentences[k].end].rstrip()
        voice = speaker(scene, k, frame)
        if line.endswith(":") and voice is not None and not opens_with_quote(text, sentences[k].end):
            yield voice._replace(how="statement after a colon")
        if voice is not None:
            return


def opens_with_quote(text: str, position: int) -> bool:
    """Whether a quotation mark is the next thing in a text.

    >>> opens_with_quote("He said:  “No.”", 8), opens_with_quote("He said: No.", 8)
    (True, False)
    """
    return text[position : position + 8].lstrip()[:1] in ("“", '"', "«", "„", "'", "‘", "`")


# ── what the attribution head saw ─────────────────────────────────────────────────────────────────────────────────────


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


# ── which voice counts ────────────────────────────────────────────────────────────────────────────────────────────────


def is_own_voice(scene: Scene, holder: int) -> bool:
    """Whether a voice is the article's or a quoted speaker's own "I" or "we", or nobody's."""
    return scene.tree.tokens[holder].text.lower() in SPEAKERS_OWN | EMPTY_SUBJECTS - {"it"}


def is_background(scene: Scene, frame: Frame, voice: Voice) -> bool:
    """Whether an act done by speaking is mentioned in what is said as something known: by a definite noun ("his call
    for talks") or in a relative clause below it. The speaker does not tell that it was made."""
    node = frame.token
    if frame.event not in SPOKEN or frame.event == "AGREE" or node == voice.content:
        return False
    token = scene.tree.tokens[node]
    if token.upos in ("NOUN", "PROPN"):
        return token.deprel in ("obj", "obl", "nmod", "nsubj") and is_definite(scene.tree, node)
    while node != voice.content and scene.tree.tokens[node].head >= 0:
        if scene.tree.tokens[node].deprel == "acl:relcl":
            return True
        node = scene.tree.tokens[node].head
    return False


def is_definite(tree: Tree, noun: int) -> bool:
    """Whether a noun has a definite article, a demonstrative or an owner."""
    return any(
        tree.tokens[i].deprel == "nmod:poss" or tree.tokens[i].text.lower() in ("the", "this", "that", "these", "those")
        for i in tree.children[noun]
    )


def does_the_act(scene: Scene, frame: Frame, voice: Voice) -> bool:
    """Whether the act is the speaking itself: its type is one done by speaking, and the speaker is its actor. Who
    tells of an agreement that was reached only reports it."""
    if frame.event not in SPOKEN or voice.holder is None:
        return False
    if frame.event == "AGREE" and scene.tree.tokens[frame.token].xpos == "VBD":
        return False
    mention = scene.named.get(voice.holder)
    return mention is not None and any(is_same(scene, mention, actor) for actor in frame.actors)


def is_same(scene: Scene, one: int, other: int) -> bool:
    """Whether two mentions stand for the same entity."""
    if scene.mentions[one].chain == scene.mentions[other].chain:
        return True
    name = scene.actors[one].entity.name
    return name is not None and name == scene.actors[other].entity.name


def is_outlet(scene: Scene, holder: int) -> bool:
    """Whether a voice is a newspaper, station or agency that passes on news, and not the voice of a state or
    movement."""
    tree = scene.tree
    near = (holder, *tree.children[holder], *(j for i in tree.children[holder] for j in tree.children[i]))
    words = {tree.tokens[i].text.lower() for i in near if tree.tokens[i].upos != "VERB"}
    name = name_of(scene, holder)
    if words & ORGANS or name.lower() in SPEAKING_FOR_A_STATE:
        return False
    if tree.tokens[holder].lemma.lower() in OUTLETS:
        return True
    texts = (span_of(scene, holder).text, tree.tokens[holder].text)
    return any(sense.kind == "outlet" for text in texts for sense in lookup(text))


def is_likely_outlet(scene: Scene, voice: Voice) -> bool:
    """Whether a voice is the unknown name in ", … reports" at the end of a sentence, as news sites credit each
    other."""
    if voice.holder is None or voice.word.lemma not in ("report", "write") or voice.how != "verb of saying beside it":
        return False
    token, cue = scene.tree.tokens[voice.holder], scene.tree.tokens[voice.cue.start]
    mention = scene.named.get(voice.holder)
    known = mention is not None and scene.actors[mention].known
    return token.upos == "PROPN" and cue.xpos in ("VBZ", "VBP") and not known


def passed_on(scene: Scene, voice: Voice) -> Relay | None:
    """The outlet to which something was said: "told Reuters", "in an interview with …", "quoted by …"."""
    for i in range(voice.cue.start, voice.cue.end):
        for j in scene.tree.children[i]:
            for k in (j, *scene.tree.children[j]):
                token = scene.tree.tokens[k]
                relation = token.deprel.partition(":")[0]
                if relation in ("obj", "iobj", "obl", "nmod", "nsubj") and k != voice.holder and is_outlet(scene, k):
                    return Relay(name_of(scene, k), span_of(scene, k))
    return None


# ── the record ────────────────────────────────────────────────────────────────────────────────────────────────────────


def source_of(scene: Scene, frame: Frame, voice: Voice) -> Source:
    """A voice as a source."""
    holder = voice.holder or 0
    mention = scene.named.get(holder)
    entity = scene.actors[mention].entity if mention is not None else None
    return Source(
        name=name_of(scene, holder),
        country=entity.country if entity else None,
        sector=entity.sector if entity else None,
        kind=kind_of(scene, frame, voice),
        span=span_of(scene, holder),
        cue=span_between(scene, voice.cue) if voice.word is not POINTED else None,
        channel=channel_of(scene.tree, voice),
    )


def name_of(scene: Scene, holder: int) -> str:
    """The canonical name of a holder, or the words that name it."""
    mention = scene.named.get(holder)
    entity = scene.actors[mention].entity if mention is not None else None
    return (entity.name or entity.text if entity else None) or span_of(scene, holder).text


def span_of(scene: Scene, holder: int) -> Span:
    """The words that name a holder."""
    mention = scene.named.get(holder)
    tokens = scene.mentions[mention].tokens if mention is not None else TokenRange(holder, holder + 1)
    return span_between(scene, tokens)


def span_between(scene: Scene, tokens: TokenRange) -> Span:
    """A range of tokens as a clean span."""
    start, end = scene.tree.tokens[tokens.start].start, scene.tree.tokens[tokens.end - 1].end
    return Span(start, end, scene.document.text[start:end])


def kind_of(scene: Scene, frame: Frame, voice: Voice) -> SourceKind:
    """How words are told: inside quotation marks, outside them, or with some of what is said inside."""
    if voice.how == "statement after a colon":
        return "direct"
    quoted = quotation_at(scene, scene.tree.tokens[frame.token].start)
    if quoted is None:
        return "indirect"
    subjects = (i for i in scene.tree.children[voice.content] if scene.tree.tokens[i].deprel.startswith("nsubj"))
    whole = (voice.content, *subjects)
    return "direct" if all(quotation_at(scene, scene.tree.tokens[i].start) == quoted for i in whole) else "mixed"


def channel_of(tree: Tree, voice: Voice) -> str | None:
    """Where it was said: "in a statement", "at a press conference", "on Telegram"."""
    candidates = [j for i in range(voice.cue.start, voice.cue.end) for j in tree.children[i]]
    for i in candidates:
        token = tree.tokens[i]
        if token.deprel.partition(":")[0] not in ("obl", "nmod", "nsubj", "obj"):
            continue
        compounds = [
            tree.tokens[j].text.lower() for j in tree.children[i] if tree.tokens[j].deprel in ("compound", "amod")
        ]
        for phrase in (" ".join([*compounds[-1:], token.lemma.lower()]), token.lemma.lower()):
            if phrase in channels():
                return channels()[phrase]
    return None
