"""When an act was or is to be: the time expression that dates it, among those of its sentence.

An article names many times; the first in a sentence is often that of the telling, not of the act. So the tree decides.
An expression dates the act whose trigger governs it; next comes one that the trigger's own clause shares: that of the
verb of which the trigger is subject or object ("the attack came on Sunday"), of a "began in February" said of the
trigger, of a first verb joined by "and". What stands under a reporting verb's clause is not dated by the day of the
report: in "said on Tuesday that troops had attacked on Sunday", Tuesday is the saying's and Sunday the attack's. No
expression, no date: the publication day is never put in its place.

The event head points at the words of the date too. Rule and head are both asked, and the reason says which one spoke:
the rule unless the head is sure of another expression, or sure that there is none for a far-off one (thresholds below).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import Final, NamedTuple

from lapwing.dates.calendar import Moment, bounds, moment
from lapwing.dates.expressions import Tense, find_times, shift
from lapwing.records import (
    Analysis,
    DatePrecision,
    Dating,
    Document,
    EventDate,
    Frame,
    Reason,
    Span,
    TimeExpression,
    Token,
)

#: the head overrules the rule's choice if it gives another expression this much and the rule's choice less than
#: `HEAD_DOUBTS`
HEAD_SURE: Final = 0.4
HEAD_DOUBTS: Final = 0.3
#: the head's "no date" overrules an expression that is not the trigger's own from here on
HEAD_NONE: Final = 0.85

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
_SPOKEN: Final = frozenset({"ACCUSE", "REQUEST", "REJECT", "THREATEN", "SUPPORT", "CONCEDE", "AGREE"})
_AT_THE_TIME: Final = frozenset({"when", "as", "while", "once"})
#: words before an expression that make it a bound and no date
_BOUNDS: Final = frozenset({"before", "after", "until", "till", "than", "following"})
_RANK: Final = {"day": 0, "week": 1, "month": 2, "span": 3, "season": 3, "year": 4}


class Tree(NamedTuple):
    """The tokens of a document, with the children of each and where they start."""

    tokens: tuple[Token, ...]
    children: Mapping[int, tuple[int, ...]]
    starts: tuple[int, ...]

    def at(self, offset: int) -> Token | None:
        """The token that covers a clean offset."""
        k = bisect_right(self.starts, offset) - 1
        return self.tokens[k] if k >= 0 and offset < self.tokens[k].end else None


class Placed(NamedTuple):
    """A time expression in the tree: its head token and the tokens it covers."""

    time: TimeExpression
    head: Token
    tokens: range


class Choice(NamedTuple):
    """An expression for an act: how far it stands in the tree (0 is the trigger's own), who chose it, and why."""

    placed: Placed
    distance: int
    because: str
    by: str = "rule"
    score: float | None = None


def date_events(document: Document, analysis: Analysis, frames: tuple[Frame, ...]) -> tuple[Dating, ...]:
    """Date each frame; the result is parallel to `frames`. `date` is None where no expression dates the act, with the
    reason."""
    if not frames:
        return ()
    tree = plant(analysis)
    times = find_times(document.text, published=document.published.value, tense=lambda offset: tense_at(tree, offset))
    placed = tuple(one for time in times if (one := place(tree, time)) is not None)
    choices = [_settle(frame, _choose(tree, frame, placed), placed) for frame in frames]
    datings = [_dating(document, tree, frame, choice) for frame, choice in zip(frames, choices, strict=True)]
    return tuple(
        _from_other_event(tree, (choice, frame), (frames, datings)) or dating
        for frame, choice, dating in zip(frames, choices, datings, strict=True)
    )


# ── the tree ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def plant(analysis: Analysis) -> Tree:
    """The tree of an analysis."""
    children: dict[int, list[int]] = {}
    for token in analysis.tokens:
        if token.head >= 0:
            children.setdefault(token.head, []).append(token.i)
    starts = tuple(token.start for token in analysis.tokens)
    return Tree(analysis.tokens, {head: tuple(found) for head, found in children.items()}, starts)


def place(tree: Tree, time: TimeExpression) -> Placed | None:
    """Where a time expression stands in the tree; None if its words were not analysed."""
    first = tree.at(time.start)
    if first is None:
        return None
    stop = first.i
    while stop < len(tree.tokens) and tree.tokens[stop].start < time.end:
        stop += 1
    covered = range(first.i, stop)
    heads = [tree.tokens[i] for i in covered if tree.tokens[i].head not in covered]
    solid = [token for token in heads if token.deprel not in {"case", "det", "punct", "mark", "cc"}] or heads
    return Placed(time, solid[0], covered) if solid else None


def tense_at(tree: Tree, offset: int) -> Tense | None:
    """The tense of the clause around a clean offset, as the nearest predicate above it and its auxiliaries tell; None
    if they do not.

    A participle that says what is awaited ("scheduled for Monday", "expected to meet") points to the future.
    """
    token = tree.at(offset)
    for _ in range(8):
        if token is None or token.head < 0:
            break
        token = tree.tokens[token.head]
        if token.upos in {"VERB", "AUX"} or any(tree.tokens[i].deprel == "cop" for i in tree.children.get(token.i, ())):
            return _tense(tree, token)
    return None


def _tense(tree: Tree, verb: Token) -> Tense | None:
    helpers = [
        tree.tokens[i] for i in tree.children.get(verb.i, ()) if tree.tokens[i].deprel in {"aux", "aux:pass", "cop"}
    ]
    lemmas = {helper.lemma.lower() for helper in helpers}
    if lemmas & {"will", "shall", "'ll", "wo"} or verb.lemma in _AWAITING & {"expect", "schedule", "slate"}:
        return "future"
    if verb.xpos == "VBD" or "have" in lemmas or any(helper.xpos == "VBD" for helper in helpers):
        return "past"
    head = tree.tokens[verb.head] if verb.head >= 0 else None
    if verb.xpos == "VB" and verb.deprel in {"xcomp", "advcl", "acl", "ccomp", "csubj"} and head is not None:
        if head.lemma in _AWAITING:
            return "future"
        return _tense(tree, head) if head.upos == "VERB" and verb.deprel == "xcomp" else None
    return None


# ── the rule ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _choose(tree: Tree, frame: Frame, placed: tuple[Placed, ...]) -> Choice | None:
    candidates = [choice for one in placed if (choice := _relate(tree, frame, one)) is not None]
    return min(candidates, key=lambda choice: _order(frame, choice), default=None)


def _order(frame: Frame, choice: Choice) -> tuple[bool, int, bool, int, int]:
    """A bare length of time ("a two-day visit") comes last; then the nearest in the tree, the finest, the nearest in the
    line."""
    time, near = choice.placed.time, abs(choice.placed.head.i - frame.token)
    bare = time.kind == "DURATION" and time.iso is None and time.rule != "earlier_later"
    return bare, choice.distance, time.iso is None, _RANK.get(time.precision or "", 5), near


def _relate(tree: Tree, frame: Frame, placed: Placed) -> Choice | None:
    """How an expression of the trigger's sentence relates to it; None if it does not date it."""
    trigger, head = tree.tokens[frame.token], placed.head
    if head.sentence != trigger.sentence or placed.time.kind == "SET" or _is_bound(tree, placed):
        return None
    words = range(frame.tokens.start, frame.tokens.end)
    if trigger.i in {head.i, head.head}:
        return Choice(placed, 0, "stands with the trigger")
    if head.head in words:
        holder = tree.tokens[head.head]
        other = trigger.upos in {"NOUN", "PROPN"} and holder.deprel.startswith("nmod")
        return None if other else Choice(placed, 1, f"stands with “{holder.text}” of the trigger")
    return _beside(tree, words, placed) or _below(tree, words, placed) or _above(tree, frame, placed)


def _is_bound(tree: Tree, placed: Placed) -> bool:
    """Whether "before", "until" or their like stands right before the expression, and no noun that it describes right
    after it ("after Sunday" is a bound, "after the Sunday raid" is none)."""
    before, after = placed.tokens.start - 1, placed.tokens.stop
    if after < len(tree.tokens) and tree.tokens[after].upos in {"NOUN", "PROPN"}:
        return False
    prior = before > 0 and tree.tokens[before - 1].text.lower() == "prior"
    return before >= 0 and (tree.tokens[before].text.lower() in _BOUNDS or prior)


def _beside(tree: Tree, words: range, placed: Placed) -> Choice | None:
    """Right before or right after the trigger in the line, which holds even where the tree is wrong: "the August 7, 1998,
    bombing", "the bombing on Sunday"."""
    before, after = placed.tokens.start - 1, placed.tokens.stop
    if before > words.start and tree.tokens[before].upos == "ADP":
        before -= 1
    if before == words.stop - 1:
        return Choice(placed, 1, "stands right after the trigger")
    if after < len(tree.tokens) and tree.tokens[after].text == ",":
        after += 1
    return Choice(placed, 1, "stands right before the trigger") if after == words.start else None


def _below(tree: Tree, words: range, placed: Placed) -> Choice | None:
    """Under a word that belongs to the trigger: its object with a loosely hung time, a clause that says when it began,
    or a clause with "when"."""
    head = placed.head
    holder = tree.tokens[head.head] if head.head >= 0 else head
    if holder.head not in words or holder is head:
        return None
    if holder.deprel in _ARGUMENTS and head.deprel in _LOOSE and holder.upos not in {"VERB", "AUX"}:
        return Choice(placed, 1, "stands with a word of the trigger's clause")
    if holder.deprel in {"acl", "acl:relcl"} and (holder.lemma in _TAKES_PLACE or holder.xpos == "VBN"):
        return Choice(placed, 1, f"stands with “{holder.text}”, which is said of the trigger")
    marks = {tree.tokens[i].text.lower() for i in tree.children.get(holder.i, ())}
    if holder.deprel == "advcl" and marks & _AT_THE_TIME:
        return Choice(placed, 4, f"stands with “{holder.text}”, which tells when the trigger was")
    return None


def _above(tree: Tree, frame: Frame, placed: Placed) -> Choice | None:
    """With a word above the trigger in the same clause."""
    token, distance = tree.tokens[frame.token], 1
    while token.head >= 0 and distance < 6:
        step = _step(tree, frame, token)
        if step is None:
            return None
        distance += step
        token = tree.tokens[token.head]
        if token.i in {placed.head.head, placed.head.i}:
            return Choice(placed, distance, f"stands with “{token.text}”, whose clause the trigger shares")
    return None


def _step(tree: Tree, frame: Frame, token: Token) -> int | None:
    """How far it is from a word to its head in the matter of time; None where the head's time is not the word's.

    A clause of circumstance shares the time of its main clause ("crossed on Monday, killing two"). What is reported does
    not share that of the report, unless the report is the act itself: to say that something is a crime is to accuse.
    """
    if token.deprel in _WITHIN_CLAUSE:
        return 1
    if token.deprel == "advcl":
        return 2
    spoken = token.i == frame.token and frame.event in _SPOKEN and token.deprel in {"ccomp", "parataxis"}
    return 3 if spoken and not _is_past(tree, token) else None


def _is_past(tree: Tree, verb: Token) -> bool:
    helpers = [
        tree.tokens[i] for i in tree.children.get(verb.i, ()) if tree.tokens[i].deprel in {"aux", "aux:pass", "cop"}
    ]
    return any(helper.text.lower() in {"had", "has", "have"} for helper in helpers)


# ── the head ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def head_score(frame: Frame, placed: Placed) -> float:
    """How much of the event head's pointer for the date lies on an expression."""
    if frame.trigger is None:
        return 0.0
    return min(
        1.0, sum(role.score for role in frame.trigger.roles if role.role == "date" and role.token in placed.tokens)
    )


def head_none(frame: Frame) -> float:
    """The event head's probability that the text gives no date."""
    none = dict(frame.trigger.none) if frame.trigger is not None else {}
    return none.get("date", 0.0)


def _settle(frame: Frame, rule: Choice | None, placed: tuple[Placed, ...]) -> Choice | str:
    """Rule and head together: an expression, or in words why there is none."""
    best = max(placed, key=lambda one: head_score(frame, one), default=None)
    score = head_score(frame, best) if best is not None else 0.0
    if best is not None and score >= HEAD_SURE and (rule is None or head_score(frame, rule.placed) < HEAD_DOUBTS):
        return Choice(best, 9, "is what the event head points at", "head", score)
    if rule is None:
        return "no time expression dates it: none stands in its clause, and the publication day does not count"
    none = head_none(frame)
    if rule.distance > 1 and none >= HEAD_NONE:
        return f"the event head finds no date for it ({none:.2f}), and “{rule.placed.time.text}” only {rule.because}"
    return rule._replace(score=head_score(frame, rule.placed) or None)


# ── the date ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _dating(document: Document, tree: Tree, frame: Frame, choice: Choice | str) -> Dating:
    if isinstance(choice, str):
        return Dating(date=None, reasons=(Reason(field="date", by="rule", because=choice),))
    time = choice.placed.time
    because = f"“{time.text}” {choice.because}: {time.reason}"
    if time.iso is None or time.precision is None:
        return Dating(date=None, reasons=(Reason(field="date", by=choice.by, because=because, score=choice.score),))
    since = _since(document, tree, choice.placed)
    value = since or _up_to_publication(document, tree, time, time.iso)
    found = EventDate(
        value=value, precision="span" if since else time.precision, span=Span(time.start, time.end, time.text)
    )
    return Dating(date=found, reasons=(Reason(field="date", by=choice.by, because=because, score=choice.score),))


def _since(document: Document, tree: Tree, placed: Placed) -> str | None:
    """What has gone on since a time reaches from its first day to publication."""
    before, published = placed.tokens.start - 1, moment(document.published.value)
    ends = bounds(placed.time.iso) if placed.time.iso else None
    if before < 0 or tree.tokens[before].text.lower() != "since" or published is None or published.date is None:
        return None
    return f"{ends[0]}/{published.value}" if ends and ends[0] < published.value else None


def _up_to_publication(document: Document, tree: Tree, time: TimeExpression, iso: str) -> str:
    """The week of publication, told in the past, ends with the publication day."""
    published, ends = moment(document.published.value), bounds(iso)
    if time.precision != "week" or published is None or published.date is None or ends is None:
        return iso
    inside = ends[0] < published.value < ends[1]
    return f"{ends[0]}/{published.value}" if inside and tense_at(tree, time.start) == "past" else iso


_LENGTH: Final = re.compile(r"P(\d+)([DWMY])")


def _from_other_event(
    tree: Tree, chosen: tuple[Choice | str, Frame], known: tuple[tuple[Frame, ...], list[Dating]]
) -> Dating | None:
    """ "Two days after the attack", "the day before the summit": counted from another act of the article that is dated
    to the day.

    The act is found by its word: the noun that follows "after" or "before" is the head of that act's trigger.
    """
    choice, frame = chosen
    if isinstance(choice, str) or choice.placed.time.iso is not None:
        return None
    time = choice.placed.time
    way = re.search(r"\b(before|after)$", time.text)
    length = _LENGTH.fullmatch(time.value or "") or _LENGTH.fullmatch(
        "P1D" if "day" in time.text else "P1W" if "week" in time.text else ""
    )
    noun = _noun_after(tree, time.end)
    if way is None or length is None or noun is None:
        return None
    base = _day_of(tree, noun, frame, *known)
    value = shift(base, int(length[1]) * (-1 if way[1] == "before" else 1), length[2]) if base else None
    if value is None:
        return None
    because = (
        f"“{time.text}” {choice.because}: counted from “{noun.text}”, which is dated to {base.value if base else None}"
    )
    precision: DatePrecision = "day" if value.count("-") == 2 else "month" if "-" in value else "year"
    found = EventDate(value=value, precision=precision, span=Span(time.start, time.end, time.text))
    return Dating(date=found, reasons=(Reason(field="date", by=choice.by, because=because, score=choice.score),))


def _noun_after(tree: Tree, offset: int) -> Token | None:
    """The head of the noun phrase that begins after an offset."""
    first = tree.at(offset + 1)
    while first is not None and first.upos in {"DET", "ADJ", "PRON"} and first.i + 1 < len(tree.tokens):
        first = tree.tokens[first.i + 1]
    while first is not None and first.deprel == "compound" and first.head > first.i:
        first = tree.tokens[first.head]
    return first if first is not None and first.upos in {"NOUN", "PROPN"} else None


def _day_of(tree: Tree, noun: Token, frame: Frame, frames: tuple[Frame, ...], datings: list[Dating]) -> Moment | None:
    """The day of another act whose trigger is that word or made from it ("attack", "attacked")."""
    for other, dating in zip(reversed(frames), reversed(datings), strict=True):
        if other is frame or dating.date is None or dating.date.precision != "day":
            continue
        if noun.lemma.lower()[:5] == tree.tokens[other.token].lemma.lower()[:5] and noun.i not in range(
            other.tokens.start, other.tokens.end
        ):
            return moment(dating.date.value)
    return None
