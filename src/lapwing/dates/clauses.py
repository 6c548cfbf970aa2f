"""How a time expression stands to the trigger of an act in the tree.

The first expression in a sentence is often that of the telling, not of the act. So the tree is asked: an expression may stand
with the trigger itself; with a word whose clause the trigger shares, as that of the verb of which the trigger is subject or
object ("the attack came on Sunday"), of a "began in February" said of the trigger, of a first verb joined by "and"; or
elsewhere. What stands under a reporting verb's clause does not share the day of the report: in "said on Tuesday that troops
had attacked on Sunday", Tuesday is the saying's and Sunday the attack's.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final, NamedTuple

from lapwing.dates.expressions import Tense
from lapwing.records import Frame, TimeExpression, Token
from lapwing.trees import Tree

#: relations by which a word shares the clause of its head
_WITHIN_CLAUSE: Final = frozenset({
    "nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent", "obl:npmod", "nmod", "nmod:poss", "compound", "xcomp",
    "conj", "appos", "amod", "dep", "flat", "obl:unmarked", "nmod:unmarked", "csubj", "csubj:pass", "list",
})  # fmt: skip
#: relations of a time expression that hangs one word too deep ("visited Kyiv on Monday" with Monday under Kyiv)
_LOOSE: Final = frozenset({
    "nmod", "obl", "nmod:tmod", "obl:tmod", "nmod:unmarked", "obl:unmarked", "advmod", "obl:npmod", "nmod:npmod",
    "appos",
})  # fmt: skip
_ARGUMENTS: Final = frozenset(
    {"obj", "obl", "nmod", "nsubj", "nsubj:pass", "obl:agent", "xcomp", "compound:prt", "iobj"}
)
#: verbs that say of an act only that or when it was
_TAKES_PLACE: Final = frozenset({
    "begin", "start", "occur", "happen", "launch", "hold", "end", "take", "come", "carry", "conduct", "erupt", "break",
    "commence", "stage", "sign", "last", "schedule", "plan", "set", "kill", "follow", "resume", "continue", "make",
    "announce", "wage", "commit",
})  # fmt: skip
_AWAITING: Final = frozenset({
    "expect", "plan", "schedule", "intend", "hope", "aim", "slate", "due", "prepare", "vow", "promise", "want",
    "agree", "decide", "set", "ask", "urge", "order", "call", "invite", "likely", "ready", "pledge",
})  # fmt: skip
#: types whose act is done by saying it
SPOKEN: Final = frozenset({"ACCUSE", "REQUEST", "REJECT", "THREATEN", "SUPPORT", "CONCEDE", "AGREE"})
_AT_THE_TIME: Final = frozenset({"when", "as", "while", "once"})
#: words before an expression that make it a bound and no date
_BOUNDS: Final = frozenset({"before", "after", "until", "till", "than", "following"})


class Planted(NamedTuple):
    """The tree of a document, and where its tokens start."""

    tree: Tree
    starts: tuple[int, ...]

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the document."""
        return self.tree.tokens

    def at(self, offset: int) -> Token | None:
        """The token that covers a clean offset."""
        k = bisect_right(self.starts, offset) - 1
        return self.tokens[k] if k >= 0 and offset < self.tokens[k].end else None


class Placed(NamedTuple):
    """A time expression in the tree: its head token and the tokens it covers."""

    time: TimeExpression
    head: Token
    tokens: range


class Relation(NamedTuple):
    """How an expression stands to a trigger: how far in the tree (0 is the trigger's own), and in words."""

    distance: int
    because: str


def plant(tree: Tree) -> Planted:
    """The tree with the starts of its tokens."""
    return Planted(tree, tuple(token.start for token in tree.tokens))


def place(planted: Planted, time: TimeExpression) -> Placed | None:
    """Where a time expression stands in the tree; None if its words were not analysed."""
    first = planted.at(time.start)
    if first is None:
        return None
    stop = first.i
    while stop < len(planted.tokens) and planted.tokens[stop].start < time.end:
        stop += 1
    covered = range(first.i, stop)
    heads = [planted.tokens[i] for i in covered if planted.tokens[i].head not in covered]
    solid = [token for token in heads if token.deprel not in {"case", "det", "punct", "mark", "cc"}] or heads
    return Placed(time, solid[0], covered) if solid else None


def tense_at(planted: Planted, offset: int) -> Tense | None:
    """The tense of the clause around a clean offset, as the nearest predicate above it and its auxiliaries tell; None
    if they do not.

    A participle that says what is awaited ("scheduled for Monday", "expected to meet") points to the future.
    """
    token = planted.at(offset)
    for _ in range(8):
        if token is None or token.head < 0:
            break
        token = planted.tokens[token.head]
        if token.upos in {"VERB", "AUX"} or any(
            planted.tokens[i].deprel == "cop" for i in planted.tree.children[token.i]
        ):
            return clause_tense(planted, token)
    return None


def clause_tense(planted: Planted, verb: Token) -> Tense | None:
    """The tense of a predicate by its form and its auxiliaries, or that of the verb that it completes."""
    helpers = _helpers(planted, verb)
    lemmas = {helper.lemma.lower() for helper in helpers}
    if lemmas & {"will", "shall", "'ll", "wo"} or verb.lemma in _AWAITING & {"expect", "schedule", "slate"}:
        return "future"
    if verb.xpos == "VBD" or "have" in lemmas or any(helper.xpos == "VBD" for helper in helpers):
        return "past"
    head = planted.tokens[verb.head] if verb.head >= 0 else None
    if verb.xpos == "VB" and verb.deprel in {"xcomp", "advcl", "acl", "ccomp", "csubj"} and head is not None:
        if head.lemma in _AWAITING:
            return "future"
        return clause_tense(planted, head) if head.upos == "VERB" and verb.deprel == "xcomp" else None
    return None


def is_perfect(planted: Planted, verb: Token) -> bool:
    """Whether a verb is told as done before ("had left", "has left")."""
    return any(helper.text.lower() in {"had", "has", "have"} for helper in _helpers(planted, verb))


def _helpers(planted: Planted, verb: Token) -> list[Token]:
    children = (planted.tokens[i] for i in planted.tree.children[verb.i])
    return [child for child in children if child.deprel in {"aux", "aux:pass", "cop"}]


# ── the trigger's clause ──────────────────────────────────────────────────────────────────────────────────────────────────


def relate(planted: Planted, frame: Frame, placed: Placed) -> Relation | None:
    """How an expression of the trigger's sentence relates to it; None if it does not date it."""
    trigger, head = planted.tokens[frame.token], placed.head
    if head.sentence != trigger.sentence or placed.time.kind == "SET" or is_bound(planted, placed):
        return None
    words = range(frame.tokens.start, frame.tokens.end)
    if trigger.i in {head.i, head.head}:
        return Relation(0, "stands with the trigger")
    if head.head in words:
        holder = planted.tokens[head.head]
        other = trigger.upos in {"NOUN", "PROPN"} and holder.deprel.startswith("nmod")
        return None if other else Relation(1, f"stands with “{holder.text}” of the trigger")
    return _beside(planted, words, placed) or _below(planted, words, placed) or _above(planted, frame, placed)


def is_bound(planted: Planted, placed: Placed) -> bool:
    """Whether "before", "until" or their like stands right before the expression, and no noun that it describes right
    after it ("after Sunday" is a bound, "after the Sunday raid" is none)."""
    if _describes_noun(planted, placed):
        return False
    before = placed.tokens.start - 1
    prior = before > 0 and planted.tokens[before - 1].text.lower() == "prior"
    return before >= 0 and (planted.tokens[before].text.lower() in _BOUNDS or prior)


def _describes_noun(planted: Planted, placed: Placed) -> bool:
    rest = planted.tokens[placed.tokens.stop : placed.tokens.stop + 2]
    rest = rest[1:] if rest and rest[0].upos == "PART" else rest[:1]
    return bool(rest) and rest[0].upos in {"NOUN", "PROPN"}


_FIRST_WINDOW = 10


def is_last_time(planted: Planted, placed: Placed) -> bool:
    """Whether the expression tells when the like of an act happened before: "the first visit since 2019", "the worst shelling in
    the city since May", but not "the first since last year's attacks"."""
    since = placed.tokens.start - 1
    if since < 0 or planted.tokens[since].text.lower() != "since" or _describes_noun(planted, placed):
        return False
    before = planted.tokens[max(0, since - _FIRST_WINDOW) : since]
    here = [t for t in before if t.sentence == planted.tokens[since].sentence]
    return any(t.xpos in {"JJS", "RBS"} or t.lemma.lower() in {"first", "second", "third"} for t in here)


def _beside(planted: Planted, words: range, placed: Placed) -> Relation | None:
    """Right before or right after the trigger in the line, which holds even where the tree is wrong: "the August 7, 1998,
    bombing", "the bombing on Sunday"."""
    before, after = placed.tokens.start - 1, placed.tokens.stop
    if before > words.start and planted.tokens[before].upos == "ADP":
        before -= 1
    if before == words.stop - 1:
        return Relation(1, "stands right after the trigger")
    if after < len(planted.tokens) and planted.tokens[after].text == ",":
        after += 1
    return Relation(1, "stands right before the trigger") if after == words.start else None


def _below(planted: Planted, words: range, placed: Placed) -> Relation | None:
    """Under a word that belongs to the trigger: its object with a loosely hung time, a clause that says when it began,
    or a clause with "when"."""
    head = placed.head
    holder = planted.tokens[head.head] if head.head >= 0 else head
    if holder.head not in words or holder is head:
        return None
    if holder.deprel in _ARGUMENTS and head.deprel in _LOOSE and holder.upos not in {"VERB", "AUX"}:
        return Relation(1, "stands with a word of the trigger's clause")
    if holder.deprel in {"acl", "acl:relcl"} and (holder.lemma in _TAKES_PLACE or holder.xpos == "VBN"):
        return Relation(1, f"stands with “{holder.text}”, which is said of the trigger")
    marks = {planted.tokens[i].text.lower() for i in planted.tree.children[holder.i]}
    if holder.deprel == "advcl" and marks & _AT_THE_TIME:
        return Relation(4, f"stands with “{holder.text}”, which tells when the trigger was")
    return None


def _above(planted: Planted, frame: Frame, placed: Placed) -> Relation | None:
    """With a word above the trigger in the same clause."""
    token, distance = planted.tokens[frame.token], 1
    while token.head >= 0 and distance < 6:
        step = _step(planted, frame, token)
        if step is None:
            return None
        distance += step
        token = planted.tokens[token.head]
        if token.i in {placed.head.head, placed.head.i}:
            return Relation(distance, f"stands with “{token.text}”, whose clause the trigger shares")
    return None


def _step(planted: Planted, frame: Frame, token: Token) -> int | None:
    """How far it is from a word to its head in the matter of time; None where the head's time is not the word's.

    A clause of circumstance shares the time of its main clause ("crossed on Monday, killing two"). What is reported does
    not share that of the report, unless the report is the act itself: to say that something is a crime is to accuse.
    """
    if token.deprel in _WITHIN_CLAUSE:
        return 1
    if token.deprel == "advcl":
        return 2
    spoken = token.i == frame.token and frame.event in SPOKEN and token.deprel in {"ccomp", "parataxis"}
    return 3 if spoken and not is_perfect(planted, token) else None
