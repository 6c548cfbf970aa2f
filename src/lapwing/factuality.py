"""Whether an act happened: happened, expected, hypothetical or denied, and the words that decide it.

The same words mean opposite things in different places. In "the minister denied reports that troops had crossed the
border", nothing beside *crossed* says no; in "he did not rule out a strike", two words that deny make something
possible; in "after the failed talks, the army attacked", *failed* says nothing of the attack. So no keyword decides
here. The status is worked out along the path of the dependency tree from the root of the sentence down to the act: it
begins as
*happened*, every word on the path hands on what it says of the clause or noun below it (its signature, a row of
``dictionaries/embedding.csv``), and every word beside the path (a negation, a modal, an adverb, an adjective) changes
it where it stands. Under several layers, each one changes what the one above left.

Three things stop a status on its way down. A relative clause is asserted for itself. A definite noun ("the attack")
is taken for granted, unless the word above says otherwise. A factive ("regretted that …") makes what stands below
happen whatever stands above. And one rule is not of the language but of the codebook: a speech act that was made,
happened, whatever its content; so for REQUEST, THREATEN and their like only what stands over the speaking counts.

The model's status head is asked where the rules find nothing that decides, and the record says which of the two spoke.

References: Karttunen 2012, "Simple and phrasal implicatives"; Nairn, Condoravdi and Karttunen 2006, "Computing relative
polarity for textual inference"; Saurí and Pustejovsky 2009, "FactBank".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from lapwing.dictionaries.embedding import Effect, Signature, signatures
from lapwing.records import (
    Actor,
    Analysis,
    Document,
    Frame,
    Judgement,
    Mention,
    Reason,
    Sourcing,
    Span,
    Status,
    Token,
    TokenRange,
)
from lapwing.trees import Tree, tree_of

# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def named(words: str) -> frozenset[str]:
    """A table of words, written in a row.

    >>> sorted(named("ban bar"))
    ['ban', 'bar']
    """
    return frozenset(words.split())


SPOKEN = frozenset({"REQUEST", "THREATEN", "REJECT", "ACCUSE", "SUPPORT", "CONCEDE", "AGREE"})
"""Types whose act is done by speaking: made is happened, whatever the content (guidelines, "status")."""
HUSHED = {
    "REQUEST": frozenset({"should", "must", "need", "ought", "shall"}),
    "THREATEN": frozenset(
        {"will", "would", "could", "can", "may", "might", "must", "shall", "'ll", "wo", "not", "n't", "never", "no"}
    ),
    "ACCUSE": frozenset({"not", "n't", "never", "no", "should", "must", "nothing", "nobody"}),
    "REJECT": frozenset(
        {"not", "n't", "never", "no", "nor", "neither", "will", "would", "wo", "can", "ca", "must", "should", "'ll"}
    ),
}
"""Words that, in the trigger of an act done by speaking, are part of the act: "must withdraw" is a demand, "will not
vote for it" a refusal. They say nothing of whether it was made."""
SPEAKING = named(
    """
    accuse blame allege criticize criticise condemn charge denounce sue indict investigate threaten warn refuse
    reject ask urge demand call request support praise
    """
)
"""Verbs that name such an act rather than carry it out; beside them the words above count as ever."""
PERFORMING = {
    "REQUEST": frozenset(
        {"ask", "urge", "call", "demand", "want", "request", "insist", "seek", "appeal", "press", "need", "hope"}
    ),
    "THREATEN": frozenset({"threaten", "warn", "vow", "promise", "pledge", "swear", "ready", "prepared"}),
    "ACCUSE": frozenset(
        {"accuse", "allege", "charge", "suspect", "suggest", "claim", "believe", "warn", "fear", "appear", "seem"}
    ),
    "SUPPORT": frozenset({"want", "wish", "like", "hope", "love"}),
    "REJECT": frozenset(
        {"refuse", "decline", "oppose", "want", "intend", "plan", "willing", "ready", "prepared", "likely"}
    ),
}
"""Words that do an act of a type by being said ("I want to thank …"): they do not make it hypothetical."""
FORETELLING = named(
    """
    plan intend schedule expect aim due set slate arrange hope mean prepare talk consider poise poised likely
    appear seem discuss able possibility prospect slated scheduled expected
    """
)
"""Words that only tell of an act to come or supposed; where they head a trigger, the act is what stands under them."""
BANS = frozenset({"forbid", "prohibit", "ban", "bar", "prevent", "order", "block", "stop", "require"})
"""Verbs that are acts themselves, though they say that what stands under them is not so."""
LACKS = frozenset({"failure", "refusal", "absence", "lack", "denial", "inability"})
"""Nouns that, as trigger of a material act, say that it is not done."""
DENIALS = frozenset({"deny", "dismiss", "refute", "disavow", "repudiate", "rebut", "reject"})
"""Verbs that, as trigger of an act other than a refusal, deny that act."""
COMPLAINTS = frozenset({"ACCUSE", "REQUEST", "THREATEN"})
"""Types whose act, named as a noun, was made even where it is denied ("denied the accusation"); a denied deal was not made."""
GRANTED = frozenset(
    {"secret", "doubt", "qualm", "question", "hesitation", "surprise", "wonder", "mistake", "coincidence"}
)
"""Nouns that only stress what is said beside them when negated: "made no secret of her joy"."""
APPROXIMATING = frozenset({"nearly", "almost"})
"""Adverbs that before a number or a quality measure it, and before a verb say that it was not done."""
REFUSALS = frozenset({"REJECT", "COERCE", "SANCTION", "ACCUSE"})
"""Types that such a verb may itself express ("denied entry", "rejected the offer")."""
PREDICATES = frozenset({"VERB", "AUX", "ADJ"})
DEFINITE = frozenset(
    {"the", "this", "that", "these", "those", "its", "his", "her", "their", "our", "my", "your", "both"}
)
OWN_FORCE = frozenset(
    {
        "parataxis",
        "appos",
        "list",
        "dislocated",
        "vocative",
        "discourse",
        "orphan",
        "reparandum",
        "acl:relcl",
        "advcl:relcl",
        "amod",
    }
)
"""Relations whose dependent is asserted for itself, whatever is said of its head."""
NOMINAL = frozenset({"obj", "iobj", "obl", "nmod", "nsubj", "compound"})
SUPERLATIVES = frozenset({"first", "last", "only", "second", "third", "latest"})
POINTERS = frozenset({"read", "see", "watch", "note", "recall", "remember", "look"})
"""Commands to the reader ("Read also: …"), which suppose nothing."""
FUTURE_IN_PAST = frozenset({"would", "'d"})
CONDITIONS = frozenset({"if", "unless", "provided", "providing", "supposing", "assuming"})
STRETCHES = named(
    """
    day week weekend month year summer autumn fall winter spring monday tuesday wednesday thursday friday saturday
    sunday
    """
)
VERDICTS: dict[Status, dict[Status, float]] = {
    "happened": {"happened": 0.949, "expected": 0.014, "hypothetical": 0.028, "denied": 0.009},
    "expected": {"happened": 0.28, "expected": 0.63, "hypothetical": 0.08, "denied": 0.01},
    "hypothetical": {"happened": 0.19, "expected": 0.05, "hypothetical": 0.75, "denied": 0.01},
    "denied": {"happened": 0.36, "expected": 0.04, "hypothetical": 0.12, "denied": 0.48},
}
"""For acts of each true status, how often the rules give which verdict, on gold/train with the packaged parser."""
LEAST = 0.001
TEMPERATURE = 2.0
"""The model's head is surer of a status than it is right (0.32 nats an act on articles it was not trained on; 0.22 at this temperature,
the best of six tried), so its odds are drawn towards even (Guo et al. 2017)."""
NEAR = 25
"""Words on either side in which a cue for the model's status is looked for."""
LONGEST_PATH = 60
"""A path longer than this is no sentence; it is followed from this many words above the act."""


class Standing(NamedTuple):
    """A status on its way down the tree, and the words that gave it."""

    status: Status
    cue: TokenRange | None = None
    because: str = ""


HAPPENED = Standing("happened")


# ── the stage ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def judge(
    document: Document,
    analysis: Analysis,
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    frames: Sequence[Frame],
    sourcings: Sequence[Sourcing],
) -> tuple[Judgement, ...]:
    """The status of each frame, with its cue; parallel to `frames`. Spans are clean."""
    tree = tree_of(analysis)
    return tuple(
        judge_frame(document, tree, f, promised=s.source is None) for f, s in zip(frames, sourcings, strict=True)
    )


def judge_frame(document: Document, tree: Tree, frame: Frame, *, promised: bool = False) -> Judgement:
    """The status of one act: what the rules say, weighed against what the model's status head says. `promised` says that
    nobody but the actor tells of it."""
    ruling = ruled(tree, frame)
    if promised and is_promise(tree, frame, ruling):
        ruling = Standing("happened", ruling.cue, "a promise was made by saying so")
    reason = Reason(field="status", by="rule", because=ruling.because or "nothing over or beside it says otherwise")
    cue = span_of(document, tree, ruling.cue) if ruling.cue is not None else None
    status, probability = weighed(ruling.status, frame.trigger.statuses if frame.trigger is not None else ())
    if status == ruling.status:
        return Judgement(status=status, cue=cue, reasons=(reason,))
    doubt = Reason(field="status", by="model", because=f"takes it to be {status}", score=probability)
    return Judgement(status=status, cue=nearest_cue(document, tree, frame, status), reasons=(doubt, reason))


def span_of(document: Document, tree: Tree, words: TokenRange) -> Span:
    """A range of tokens as a clean span."""
    start, end = tree.tokens[words.start].start, tree.tokens[words.end - 1].end
    return Span(start, end, document.text[start:end])


# ── the model's opinion ───────────────────────────────────────────────────────────────────────────────────────────────


def weighed(verdict: Status, opinions: Sequence[tuple[str, float]]) -> tuple[Status, float]:
    """The likeliest status, from the rules' verdict and the probabilities of the model's head, as independent opinions.

    >>> weighed("happened", ())
    ('happened', 1.0)
    >>> weighed("denied", (("happened", 0.6), ("denied", 0.4)))[0], weighed("happened", (("expected", 0.95),))[0]
    ('denied', 'expected')
    """
    known = {status: probability for status, probability in opinions if status in VERDICTS}
    if not known:
        return verdict, 1.0
    left = max(1.0 - sum(known.values()), 0.0) / max(len(VERDICTS) - len(known), 1)
    odds = {
        status: max(known.get(status, left), LEAST) ** (1 / TEMPERATURE) * VERDICTS[status][verdict]
        for status in VERDICTS
    }
    best = max(odds, key=lambda status: odds[status])
    return best, odds[best] / sum(odds.values())


def nearest_cue(document: Document, tree: Tree, frame: Frame, status: Status) -> Span | None:
    """A word in the sentence of an act that may speak for the status the model gives it: the nearest in the table
    with that effect."""
    if status == "happened":
        return None
    best: int | None = None
    for i in range(max(frame.token - NEAR, 0), min(frame.token + NEAR, len(tree.tokens))):
        token = tree.tokens[i]
        if token.sentence == tree.tokens[frame.token].sentence and status in effects().get(token.lemma.lower(), ()):
            best = i if best is None or abs(i - frame.token) < abs(best - frame.token) else best
    return span_of(document, tree, TokenRange(best, best + 1)) if best is not None else None


@cache
def effects() -> dict[str, frozenset[Effect]]:
    """For each word of the table, what it can make of what stands under or beside it when affirmed."""
    found: dict[str, set[Effect]] = {}
    for (lemma, _, _), signature in signatures().items():
        found.setdefault(lemma, set()).add(signature.affirmed)
    return {lemma: frozenset(kinds) for lemma, kinds in found.items()}


# ── the rules for an act ──────────────────────────────────────────────────────────────────────────────────────────────


def ruled(tree: Tree, frame: Frame) -> Standing:
    """What the words say of an act."""
    head = tree.tokens[frame.token]
    if head.lemma in DENIALS and frame.event not in REFUSALS:
        return Standing("denied", TokenRange(head.i, head.i + 1), f"“{head.text}” denies it")
    if head.lemma in LACKS and frame.event not in SPOKEN:
        return Standing("denied", TokenRange(head.i, head.i + 1), f"“{head.text}” says that it was not done")
    standing = standing_of(tree, core(tree, frame), act=frame)
    turned = denied_after(tree, frame)
    if turned is not None and standing.status != "denied":
        return Standing("denied", TokenRange(turned, turned + 1), f"“{tree.tokens[turned].text}” denies it")
    if frame.event == "AGREE" and head.lemma in FORETELLING and is_up(standing):
        return Standing("expected", TokenRange(head.i, head.i + 1), f"“{head.text}” tells of what is to come")
    return standing


def is_promise(tree: Tree, frame: Frame, ruling: Standing) -> bool:
    """Whether the act is a promise that its maker is told to have made: "she added that Riga would send help"."""
    word = tree.tokens[ruling.cue.start].text.lower() if ruling.cue is not None else ""
    path = path_to(tree, frame.token)
    said = any((tree.tokens[i].lemma, "verb", "ccomp") in signatures() for i in path[:-1])
    return frame.event == "AGREE" and ruling.status == "expected" and word in FUTURE_IN_PAST and said


def denied_after(tree: Tree, frame: Frame) -> int | None:
    """The verb of a clause that denies what was just said of an act: "hacked the ministry, which Moscow denied"."""
    for i in (
        frame.token,
        *(c for c in tree.children[frame.token] if tree.tokens[c].deprel in ("obj", "obl", "nmod", "ccomp")),
    ):
        for clause in tree.children[i]:
            verb = tree.tokens[clause]
            which = any(tree.tokens[k].lemma in ("which", "something") for k in tree.children[clause])
            if verb.deprel in ("acl:relcl", "advcl:relcl", "parataxis") and verb.lemma in DENIALS and which:
                return clause if frame.event not in REFUSALS or frame.event == "COERCE" else None
    return None


def core(tree: Tree, frame: Frame) -> int:
    """The token whose standing counts: the head of the trigger, or what stands under it where the head only tells of
    it.

    "Plans to visit" is the visit, expected; "promised to visit" is the promise, which was made.
    """
    head = tree.tokens[frame.token]
    if frame.event in SPOKEN and (head.lemma not in FORETELLING or performs(tree, head.i, frame)):
        return head.i
    for child in tree.children[head.i]:
        if frame.tokens.start <= child < frame.tokens.end and tells_of(tree, head.i, child):
            return child
    return head.i


def tells_of(tree: Tree, head: int, child: int) -> bool:
    """Whether a word only tells what stands under it is to be ("plans a visit"), is supposed ("possibility of") or
    is not done."""
    found = embeds(tree, head, child)
    if found is None or tree.tokens[head].lemma in BANS:
        return False
    relation, effect = tree.tokens[child].deprel, found[0].affirmed
    if relation == "obj":
        return effect in ("expected", "hypothetical") and tree.tokens[head].xpos != "VBD"
    return effect in ("expected", "hypothetical", "denied") and relation in (
        "xcomp",
        "ccomp",
        "nmod",
        "acl",
        "obl",
        "advcl",
    )


def standing_of(tree: Tree, token: int, *, act: Frame | None = None) -> Standing:
    """The status of any predicate or event noun, by the path down to it. The act's own trigger may hush words in it."""
    path = path_to(tree, token)
    incoming, standing = HAPPENED, HAPPENED
    for depth, node in enumerate(path):
        if depth == 0:
            incoming = HAPPENED
        elif act is not None and is_made(tree, path[depth - 1], node, act):
            incoming = HAPPENED if is_up(standing) else standing
        elif tree.tokens[node].deprel == "conj":
            incoming = shared(tree, path[depth - 1], node, incoming, standing)
        else:
            incoming = handed_down(tree, path[depth - 1], node, standing)
        standing = beside(tree, node, incoming, reported=reported(tree, path, depth), hushed=hushed_by(tree, node, act))
    return standing


def performs(tree: Tree, word: int, act: Frame) -> bool:
    """Whether a word over an act is the one by which it is done ("asked: will you withdraw?")."""
    return tree.tokens[word].lemma in PERFORMING.get(act.event, ())


def is_made(tree: Tree, word: int, node: int, act: Frame) -> bool:
    """Whether an act done by speaking was made, whatever the word over it says: that word is the speaking itself, or
    it turns the act down ("denied the accusation": the accusation was made)."""
    if performs(tree, word, act):
        return True
    return (
        act.event in COMPLAINTS
        and node == act.token
        and tree.tokens[node].deprel == "obj"
        and tree.tokens[word].lemma in DENIALS
    )


def hushed_by(tree: Tree, node: int, act: Frame | None) -> frozenset[int]:
    """The words beside a predicate that belong to the act itself and say nothing of its status."""
    if act is None or act.event not in HUSHED or tree.tokens[node].lemma in SPEAKING:
        return frozenset()
    if node != act.token and act.event != "REQUEST":
        return frozenset()
    beside = {*tree.children[node], *range(act.tokens.start, act.tokens.end)}
    return frozenset(i for i in beside if plain(tree.tokens[i]) in HUSHED[act.event])


def plain(token: Token) -> str:
    """A token in lower case, with a straight apostrophe."""
    return token.text.lower().replace("’", "'")


def path_to(tree: Tree, token: int) -> list[int]:
    """The tokens from the root of the sentence down to one, both included."""
    path = [token]
    while tree.tokens[path[-1]].head >= 0 and len(path) < LONGEST_PATH:
        path.append(tree.tokens[path[-1]].head)
    return path[::-1]


# ── from a word to what stands under it ───────────────────────────────────────────────────────────────────────────────


def handed_down(tree: Tree, head: int, child: int, standing: Standing) -> Standing:
    """What a word hands on to the clause or noun below it: the signature of the word or of the conjunction between
    them, else the default of the construction."""
    relation = tree.tokens[child].deprel
    if relation in OWN_FORCE:
        return HAPPENED
    link = linked(tree, child)
    if link is not None:
        signature, words = link
        base = HAPPENED if signature.affirmed != "same" else standing
        return changed(tree, base, signature, words)
    found = embeds(tree, head, child) or across_object(tree, head, child)
    if found is not None:
        signature, words = found
        return changed(tree, standing, signature, words)
    return by_construction(tree, head, child, standing)


def embeds(tree: Tree, head: int, child: int) -> tuple[Signature, TokenRange] | None:
    """The signature of `head` for `child`, and the words that make up the embedding predicate."""
    if is_participle(tree, child) or is_small_clause(tree, child):
        return None
    table = signatures()
    for pos in parts_of_speech(tree.tokens[head]):
        for lemma, words in predicate_forms(tree, head, child):
            if lemma == "remain" and not is_infinitive(tree, child):
                continue
            for construction in constructions(tree, child):
                signature = table.get((lemma, pos, construction))
                if signature is not None:
                    return signature, words
    return None


def across_object(tree: Tree, head: int, child: int) -> tuple[Signature, TokenRange] | None:
    """The signature of a verb for what hangs on its object, where "of …" belongs to the verb ("suspect them of")."""
    verb, marker = tree.tokens[head].head, marking(tree, child)
    if verb < 0 or tree.tokens[head].deprel != "obj" or tree.tokens[child].deprel not in ("acl", "nmod") or not marker:
        return None
    signature = signatures().get((tree.tokens[verb].lemma, "verb", f"obl:{marker}"))
    return (signature, TokenRange(verb, verb + 1)) if signature is not None else None


def is_participle(tree: Tree, child: int) -> bool:
    """Whether a clause that goes with a noun is a bare participle ("the bill passed in May"), which no noun embeds."""
    token = tree.tokens[child]
    bare = not any(tree.tokens[i].deprel in ("mark", "case") for i in tree.children[child])
    return token.deprel == "acl" and bare and token.xpos in ("VBN", "VBG")


def is_small_clause(tree: Tree, child: int) -> bool:
    """Whether an open complement is a mere name or quality ("called it a sign")."""
    token = tree.tokens[child]
    return token.deprel == "xcomp" and token.upos in ("NOUN", "PROPN", "PRON", "NUM") and not is_infinitive(tree, child)


def parts_of_speech(token: Token) -> tuple[str, ...]:
    """The table's parts of speech for a token; a participle may stand there as a verb or as an adjective."""
    if token.xpos == "VBN" or token.upos == "ADJ":
        return ("adj", "verb") if token.upos == "ADJ" else ("verb", "adj")
    return {"VERB": ("verb",), "AUX": ("verb",), "NOUN": ("noun",), "PROPN": ("noun",)}.get(token.upos, ())


def predicate_forms(tree: Tree, head: int, child: int) -> Iterator[tuple[str, TokenRange]]:
    """The lemmas under which a predicate may stand in the table, the longest first: "rule out", "take place",
    "rule"."""
    token = tree.tokens[head]
    for other in tree.children[head]:
        if other != child and tree.tokens[other].deprel in ("compound:prt", "obj", "advmod", "xcomp"):
            words = TokenRange(min(head, other), max(head, other) + 1)
            if words.end - words.start <= 4:
                yield f"{token.lemma} {tree.tokens[other].lemma}", words
    yield token.lemma, TokenRange(head, head + 1)


def constructions(tree: Tree, child: int) -> Iterator[str]:
    """The names under which a construction may stand in the table."""
    relation = tree.tokens[child].deprel
    base = relation.partition(":")[0]
    yield relation
    marker = marking(tree, child)
    if base in ("obl", "advcl", "ccomp", "xcomp") and marker:
        yield f"obl:{marker}"
    if base in ("nmod", "acl") and marker:
        yield f"nmod:{marker}"
    if base in ("advcl", "ccomp") and is_infinitive(tree, child):
        yield "xcomp"
    if base == "csubj" and any(tree.tokens[i].deprel == "expl" for i in tree.children[tree.tokens[child].head]):
        yield "ccomp"  # "it was expected that …": the clause is the subject in form only
    if base != relation and relation != "nsubj:pass":
        yield base


def marking(tree: Tree, child: int) -> str:
    """The preposition or conjunction that introduces a clause or noun, in lower case; multi-word ones joined.

    >>> from factories import parsed
    >>> _, a = parsed("fears/NOUN/root/0/fear of/ADP/case/3 war/NOUN/nmod/1")
    >>> marking(tree_of(a), 2)
    'of'
    """
    for other in tree.children[child]:
        if tree.tokens[other].deprel in ("case", "mark") and tree.tokens[other].lemma != "'s":
            return " ".join(tree.tokens[i].text.lower() for i in fixed(tree, other))
    return ""


def fixed(tree: Tree, token: int) -> list[int]:
    """A function word and the words fixed to it ("instead of")."""
    return [token, *(i for i in tree.children[token] if tree.tokens[i].deprel == "fixed")]


def linked(tree: Tree, child: int) -> tuple[Signature, TokenRange] | None:
    """The signature of the conjunction or preposition between a word and its head: "if", "without", "in case of"."""
    table = signatures()
    base = tree.tokens[child].deprel.partition(":")[0]
    for other in tree.children[child]:
        if tree.tokens[other].deprel not in ("mark", "case"):
            continue
        words = fixed(tree, other)
        text = " ".join(tree.tokens[i].text.lower() for i in words)
        for form in (text, tree.tokens[other].text.lower()):
            signature = table.get((form, "mark", base)) or table.get((form, "prep", "obl" if base == "nmod" else base))
            if signature is not None:
                return signature, TokenRange(words[0], words[-1] + 1)
    return None


def by_construction(tree: Tree, head: int, child: int, standing: Standing) -> Standing:
    """What a construction hands on where no row of the table speaks."""
    token = tree.tokens[child]
    base = token.deprel.partition(":")[0]
    if base in NOMINAL:
        return of_noun(tree, head, child, standing)
    if base == "advcl":
        return of_adverbial(tree, child, standing)
    if base == "acl":
        return of_noun_clause(tree, child, standing)
    if base in ("xcomp", "ccomp", "csubj"):
        return of_complement(tree, child, standing)
    return standing


def of_noun(tree: Tree, head: int, child: int, standing: Standing) -> Standing:
    """A noun below a word: a definite one is taken for granted ("could delay the attack"), another shares its
    status."""
    if standing.status == "happened" or is_definite(tree, child):
        return HAPPENED
    subject = tree.tokens[child].deprel.startswith("nsubj")
    return HAPPENED if subject and standing.status == "expected" else standing


def is_definite(tree: Tree, noun: int) -> bool:
    """Whether a noun has a definite article, a demonstrative or an owner, or is told to be made ("the deal reached
    in July")."""
    for i in tree.children[noun]:
        token = tree.tokens[i]
        if token.deprel == "nmod:poss" or (token.deprel == "det" and token.text.lower() in DEFINITE):
            return True
        if token.deprel == "acl" and is_participle(tree, i) and token.xpos == "VBN" and token.lemma not in FORETELLING:
            return True
        if i < noun and any(tree.tokens[j].text.lower() == "the" for j in tree.children[i]):
            return True
    return False


def of_adverbial(tree: Tree, child: int, standing: Standing) -> Standing:
    """An adverbial clause: one with a past tense stands for itself; a purpose or a participle goes with its main
    clause, but not into its denial."""
    if standing.status == "denied" or is_past(tree, child):
        return HAPPENED
    return standing


def is_predicate(tree: Tree, noun: int) -> bool:
    """Whether a noun is what something is said to be ("it was a | trip |")."""
    return any(tree.tokens[i].deprel == "cop" for i in tree.children[noun])


def of_noun_clause(tree: Tree, child: int, standing: Standing) -> Standing:
    """A clause that goes with a noun: "the order to attack" may not have been obeyed, "troops attacking" attack; and what a thing
    is denied to be, its purpose is denied too ("denied that it was a trip to press Minsk")."""
    if not is_infinitive(tree, child):
        return HAPPENED
    if standing.status == "denied" and is_predicate(tree, tree.tokens[child].head):
        return standing
    if any(tree.tokens[i].lemma in SUPERLATIVES for i in tree.children[tree.tokens[child].head]):
        return HAPPENED
    passive = any(tree.tokens[i].deprel == "aux:pass" for i in tree.children[child])
    status: Status = "expected" if passive else "hypothetical"
    return Standing(status, TokenRange(child, child + 1), "an infinitive under a noun")


def of_complement(tree: Tree, child: int, standing: Standing) -> Standing:
    """A complement of a word that the table does not know: told as it is, but nothing is known of what stands under
    a denial."""
    if standing.status == "denied":
        return standing._replace(status="hypothetical", because="the complement of something that is not so")
    if is_infinitive(tree, child) and is_up(standing):
        return Standing("hypothetical", TokenRange(child, child + 1), "an infinitive under a word of unknown effect")
    return standing


def is_past(tree: Tree, token: int) -> bool:
    """Whether a verb or its auxiliary is in the past tense."""
    return any(
        tree.tokens[i].xpos == "VBD"
        for i in (token, *tree.children[token])
        if i == token or tree.tokens[i].upos == "AUX"
    )


def is_infinitive(tree: Tree, token: int) -> bool:
    """Whether a verb has the infinitive marker "to"."""
    return tree.tokens[token].upos in PREDICATES and any(
        tree.tokens[i].text.lower() == "to" and tree.tokens[i].deprel in ("mark", "aux") for i in tree.children[token]
    )


def is_up(standing: Standing) -> bool:
    """Whether nothing has been said against an act so far."""
    return standing.status == "happened"


def shared(tree: Tree, first: int, other: int, incoming: Standing, standing: Standing) -> Standing:
    """What the second part of a coordination has from the first: what stands over both; and, unless it has a subject,
    a tense or a negation of its own, what stands beside the first ("will visit and meet", "did not see or hear")."""
    one, two = tree.tokens[first], tree.tokens[other]
    if one.upos not in PREDICATES or two.upos not in PREDICATES:
        return standing
    if any(tree.tokens[i].deprel == "cc" and tree.tokens[i].text.lower() == "but" for i in tree.children[other]):
        return incoming
    own = any(tree.tokens[i].deprel.startswith(("nsubj", "aux", "cop", "expl")) for i in tree.children[other])
    return incoming if own or one.xpos != two.xpos else standing


# ── beside a word ─────────────────────────────────────────────────────────────────────────────────────────────────────


def beside(
    tree: Tree, node: int, standing: Standing, *, reported: bool, hushed: frozenset[int] = frozenset()
) -> Standing:
    """What the words beside a predicate or noun make of its status: negations first, then modals, adverbs, adjectives,
    and a condition under which it stands. Words in `hushed` say nothing."""
    heard = [i for i in tree.children[node] if i not in hushed]
    standing = negated(tree, node, heard, standing, hushed)
    for rule in (modal, to_come, qualified, supposed):
        standing = rule(tree, node, heard, standing, reported)
    return conditioned(tree, heard, standing)


def negated(tree: Tree, node: int, heard: Sequence[int], standing: Standing, hushed: frozenset[int]) -> Standing:
    """A negation, once: "not", "never", "no" with the noun or with the subject or object of the verb."""
    for i in heard:
        token = tree.tokens[i]
        if is_negative(token) and is_not_only(tree, i):
            continue
        if token.deprel.startswith("aux") and plain(token).endswith("n't"):
            return denied_by(tree, i, standing)
        if is_negative(token) and token.deprel in (
            "advmod",
            "det",
            "cc:preconj",
            "neg",
            "cc",
            "nsubj",
            "nsubj:pass",
            "obj",
        ):
            return denied_by(tree, i, standing)
        if token.deprel in ("nsubj", "nsubj:pass", "obj", "advmod") and tree.tokens[node].upos in PREDICATES:
            for j in tree.children[i]:
                if (
                    j not in hushed
                    and token.lemma not in GRANTED
                    and tree.tokens[j].deprel in ("det", "cc:preconj", "advmod")
                    and is_negative(tree.tokens[j])
                ):
                    return denied_by(tree, j, standing)
    return standing


def is_measuring(tree: Tree, word: int) -> bool:
    """Whether "nearly" or "almost" measures the number or quality after it ("nearly 300 arrests")."""
    after = word + 1 < len(tree.tokens) and tree.tokens[word + 1].upos in ("NUM", "ADJ", "ADV", "DET")
    return tree.tokens[word].text.lower() in APPROXIMATING and after


def is_not_only(tree: Tree, word: int) -> bool:
    """Whether a negation is that of "not only"."""
    return word + 1 < len(tree.tokens) and tree.tokens[word + 1].text.lower() in (
        "only",
        "just",
        "merely",
        "simply",
        "least",
    )


def denied_by(tree: Tree, word: int, standing: Standing) -> Standing:
    """A negation turns what is asserted or expected into its denial, and a denial back."""
    if standing.status == "hypothetical" or (standing.cue is not None and standing.cue.start == word):
        return standing
    if standing.status == "denied":
        return Standing("happened", standing.cue, "denied twice")
    return Standing("denied", TokenRange(word, word + 1), f"negated by “{tree.tokens[word].text}”")


def is_negative(token: Token) -> bool:
    """Whether a word negates.

    >>> from factories import parsed
    >>> _, a = parsed("never/ADV/advmod/2 again/ADV/root/0")
    >>> [is_negative(t) for t in a.tokens]
    [True, False]
    """
    return (plain(token), "neg", "any") in signatures()


def modal(tree: Tree, node: int, heard: Sequence[int], standing: Standing, reported: bool) -> Standing:
    """An auxiliary: "will" foresees, "may" and "could" suppose; "would" foresees in reported speech and supposes
    elsewhere."""
    for i in heard:
        token = tree.tokens[i]
        if not token.deprel.startswith("aux"):
            continue
        word = plain(token)
        signature = signatures().get((word, "aux", "any"))
        if signature is None or is_courtesy(tree, node):
            continue
        if word in FUTURE_IN_PAST and reported and not is_perfect(tree, node):
            signature = Signature("expected", "denied")
        return changed(tree, standing, signature, TokenRange(i, i + 1))
    return standing


def is_courtesy(tree: Tree, node: int) -> bool:
    """Whether the speakers themselves are said to be able or obliged to speak ("I can confirm that", "we must say
    that")."""
    said = (tree.tokens[node].lemma, "verb", "ccomp") in signatures()
    return said and any(
        tree.tokens[i].deprel == "nsubj" and tree.tokens[i].text.lower() in ("i", "we") for i in tree.children[node]
    )


def is_perfect(tree: Tree, node: int) -> bool:
    """Whether a verb has the auxiliary "have" ("would have caused")."""
    return any(tree.tokens[i].deprel == "aux" and tree.tokens[i].lemma == "have" for i in tree.children[node])


def to_come(tree: Tree, node: int, heard: Sequence[int], standing: Standing, reported: bool) -> Standing:
    """What lies ahead without a modal: "is to meet", "flies to Rome next week", "tomorrow's talks"."""
    if not is_up(standing):
        return standing
    if is_to_be(tree, node, heard):
        cue = next(i for i in heard if tree.tokens[i].text.lower() == "to")
        return Standing("expected", TokenRange(cue, cue + 1), "“is to” tells of what is to come")
    if is_past(tree, node):
        return standing
    if is_imperative(tree, node):
        return Standing("hypothetical", TokenRange(node, node + 1), "a command")
    for i in heard:
        if plain(tree.tokens[i]) == "tomorrow" or is_next(tree, i):
            return Standing("expected", TokenRange(i, i + 1), f"“{tree.tokens[i].text}” lies ahead")
    return standing


def is_to_be(tree: Tree, node: int, heard: Sequence[int]) -> bool:
    """Whether a verb has "is to" or "was to" over it; "was to have met" did not happen as planned, and is left to others."""
    copula = any(tree.tokens[i].lemma == "be" and tree.tokens[i].deprel in ("cop", "aux") for i in heard)
    own = tree.tokens[node].deprel not in ("xcomp", "advcl", "acl")
    return copula and own and is_infinitive(tree, node) and not is_perfect(tree, node)


def is_imperative(tree: Tree, node: int) -> bool:
    """Whether a clause is a command: a bare verb with neither subject nor auxiliary, at the top of what is said."""
    token = tree.tokens[node]
    if token.xpos != "VB" or token.lemma in POINTERS or token.deprel not in ("root", "ccomp", "parataxis"):
        return False
    return not any(
        tree.tokens[i].deprel.startswith(("nsubj", "aux", "csubj", "expl")) for i in tree.children[node]
    ) and (not is_infinitive(tree, node))


def is_next(tree: Tree, token: int) -> bool:
    """Whether a noun is a coming stretch of time ("next week")."""
    return tree.tokens[token].lemma in STRETCHES and any(
        tree.tokens[i].text.lower() in ("next", "coming") for i in tree.children[token]
    )


def supposed(tree: Tree, node: int, heard: Sequence[int], standing: Standing, reported: bool) -> Standing:
    """A noun with "any": there may be one ("in case of any attack")."""
    for i in heard:
        if tree.tokens[i].deprel == "det" and tree.tokens[i].text.lower() == "any" and standing.status == "happened":
            return Standing("hypothetical", TokenRange(i, i + 1), "“any” supposes one")
    return standing


def qualified(tree: Tree, node: int, heard: Sequence[int], standing: Standing, reported: bool) -> Standing:
    """Adverbs beside a verb ("allegedly"); adjectives and participles beside a noun ("a possible strike", "talks
    planned for")."""
    for i in heard:
        token = tree.tokens[i]
        relation = token.deprel.partition(":")[0]
        if is_measuring(tree, i):
            continue
        kind = {"advmod": "adv", "amod": "adj"}.get(relation)
        signature = signatures().get((token.text.lower(), kind, relation)) if kind else None
        if token.deprel == "acl" and token.xpos == "VBN" and is_participle(tree, i):
            signature = signatures().get((token.lemma, "verb", "nsubj:pass"))
        if signature is not None:
            standing = changed(tree, standing, signature, TokenRange(i, i + 1))
    return standing


def conditioned(tree: Tree, heard: Sequence[int], standing: Standing) -> Standing:
    """A main clause over an "if": what it foresees is supposed only."""
    if standing.status != "expected":
        return standing
    for i in heard:
        if tree.tokens[i].deprel.startswith("advcl"):
            for j in tree.children[i]:
                if tree.tokens[j].deprel == "mark" and tree.tokens[j].text.lower() in CONDITIONS:
                    return Standing("hypothetical", TokenRange(j, j + 1), f"on a condition, “{tree.tokens[j].text}”")
    return standing


def reported(tree: Tree, path: Sequence[int], depth: int) -> bool:
    """Whether a clause on the path is the content of a word of saying or thinking."""
    return depth > 0 and tree.tokens[path[depth]].deprel in ("ccomp", "acl", "parataxis", "conj")


# ── how a signature changes a status ──────────────────────────────────────────────────────────────────────────────────


def changed(tree: Tree, standing: Standing, signature: Signature, words: TokenRange) -> Standing:
    """The status below a word, from the status at it and the word's signature."""
    status = combined(standing.status, signature)
    if status == standing.status:
        return standing
    text = " ".join(tree.tokens[i].text for i in range(words.start, words.end))
    return Standing(status, words, f"“{text}” makes it {status}")


def combined(status: Status, signature: Signature) -> Status:
    """The status of what is embedded, from the status of the word that embeds it.

    >>> fail = Signature("denied", "happened")
    >>> combined("happened", fail), combined("denied", fail), combined("hypothetical", fail)
    ('denied', 'happened', 'hypothetical')
    >>> combined("expected", Signature("same", "denied")), combined("hypothetical", Signature("happened", "happened"))
    ('expected', 'happened')
    """
    if signature.factive:
        return "happened"
    if status == "hypothetical":
        return "hypothetical"
    effect: Effect = signature.negated if status == "denied" else signature.affirmed
    if effect == "same" or (status == "expected" and effect == "happened"):
        return status
    return effect
