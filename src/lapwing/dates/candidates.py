"""What speaks for and against each time expression as the date of an act, as named features that a person can check.

Everything up to `REACH` sentences before the act, in its own sentence, the next one and the lead is a candidate, and so is
"no date". Features tell how an expression stands to the trigger in the tree (`clauses`), how far it is in the text, what kind
of time it is, whether the tense of the act fits it, and whether the words around it name the act again. Features hold no word
of the act itself and nothing of the model's event head, so that weights fitted on annotated articles say something of others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from lapwing.dates.calendar import bounds, moment
from lapwing.dates.clauses import SPOKEN, Placed, Planted, clause_tense, is_bound, is_last_time, is_perfect, relate
from lapwing.records import Document, Frame, Token

REACH: Final = 12
"""Sentences back to which an act may be dated."""
LONGEST_QUOTED: Final = 3000
"""Characters before a trigger in which an opening mark is looked for."""
LEAD: Final = 3
"""Sentences at the top from which any act may be dated."""

_REPORTING: Final = frozenset({
    "say", "tell", "add", "report", "announce", "state", "note", "warn", "declare", "write", "claim", "explain",
    "confirm", "comment", "argue", "tweet", "insist", "reveal", "quote", "ask", "call",
})  # fmt: skip
_CLAUSE: Final = frozenset({"ccomp", "advcl", "acl", "acl:relcl", "parataxis", "csubj", "root"})
_RULE_KINDS: Final = {
    "weekday": "weekday", "weekday_of_week": "weekday", "dated_weekday": "full day", "full_date": "full day",
    "iso_date": "full day", "figures": "full day", "month_day": "full day", "relative_day": "today",
    "overnight": "today", "this_part_of_day": "today", "calendar_unit": "this or last", "end_of_unit": "this or last",
    "bare_month": "month", "month_year": "month", "month_of_named_year": "month", "bare_year": "year",
    "year_range": "year", "season": "season", "duration": "length", "bare_units": "length", "ago": "ago",
    "earlier_later": "counted", "same_or_next": "counted", "that_time": "counted", "year_earlier": "counted",
    "now": "now", "once": "now", "some_day": "now", "clock_time": "clock", "vague_stretch": "stretch",
    "past_or_next_stretch": "stretch", "decade": "year", "century": "year",
}  # fmt: skip
_MODAL: Final = frozenset({"would", "could", "may", "might", "should", "must", "can"})
_SAME: Final = frozenset(
    {"also", "then", "later", "earlier", "meanwhile", "afterwards", "after", "separately", "there"}
)
_LIGHT: Final = frozenset({"be", "have", "do", "make", "take", "say", "tell", "go", "get", "give"})


class Candidate(NamedTuple):
    """An expression for an act, what speaks for it, and in words where it stands."""

    placed: Placed
    features: Mapping[str, float]
    because: str
    distance: int


class Scene(NamedTuple):
    """What all acts of a document share: its tree, its expressions by sentence, which sentence opens it, how often each time is
    named."""

    document: Document
    planted: Planted
    placed: Mapping[int, Sequence[Placed]]
    lead: int
    values: Counter[str]


def scene_of(document: Document, planted: Planted, placed: Sequence[Placed]) -> Scene:
    """The scene of a document."""
    body = (s.index for s in document.sentences if s.kind == "body" and s.coded)
    values = Counter(one.time.iso or one.time.text.lower() for one in placed)
    grouped: dict[int, list[Placed]] = {}
    for one in placed:
        grouped.setdefault(one.head.sentence, []).append(one)
    return Scene(document, planted, grouped, next(body, 0), values)


def candidates_of(scene: Scene, frame: Frame) -> Iterator[Candidate]:
    """The expressions that may date an act.

    What recurs ("every Friday") dates none, nor does a day that only bounds it ("before Sunday"), the time of the like of it ("the
    first since 2019"), nor the day of a report one that is told as done before it or as still to come ("said on Tuesday that they had
    left").
    """
    sentence = scene.planted.tokens[frame.token].sentence
    near = [
        one
        for one in _in_reach(scene, sentence)
        if one.time.kind != "SET"
        and not _bounds(scene, one)
        and not is_last_time(scene.planted, one)
        and not _is_of_report(scene, frame, one)
    ]
    own = any(one.head.sentence == sentence for one in near)
    last = max((one.head.i for one in near if one.head.i < frame.token), default=-1)
    context = _Context(scene, frame, own, last, _closest(scene, frame, near), is_quoted(scene, frame))
    for one in near:
        yield _candidate(context, one)


def _in_reach(scene: Scene, sentence: int) -> Iterator[Placed]:
    numbers = {*range(sentence - REACH, sentence + 2), *range(scene.lead, scene.lead + LEAD)}
    for number in sorted(numbers):
        yield from scene.placed.get(number, ())


def _bounds(scene: Scene, one: Placed) -> bool:
    return is_bound(scene.planted, one) and (one.time.precision == "day" or one.time.rule == "weekday")


def _is_of_report(scene: Scene, frame: Frame, one: Placed) -> bool:
    """Whether an expression stands with the verb that reports a deed, which has a clause and a time of its own."""
    planted = scene.planted
    governor = _governor(planted, one)
    if frame.event in SPOKEN or governor.lemma.lower() not in _REPORTING or governor.i == frame.token:
        return False
    above = [frame.token, *planted.tree.climb(frame.token)]
    if governor.i not in above or tense_of(planted, frame).removesuffix(" noun") in {"past", "present"}:
        return False
    way = {planted.tokens[i].deprel for i in above[: above.index(governor.i)]}
    return bool(way & {"ccomp", "parataxis"})


class _Context(NamedTuple):
    """What all candidates of an act share: whether its sentence has an expression, the last one told before it, the closest in
    the tree, and whether it stands in quotation marks."""

    scene: Scene
    frame: Frame
    own: bool
    last: int
    closest: int
    quoted: bool


def is_quoted(scene: Scene, frame: Frame) -> bool:
    """Whether a quotation is open where the trigger stands, by the marks of its paragraph."""
    at = scene.planted.tokens[frame.token].start
    paragraph = scene.document.sentences[scene.planted.tokens[frame.token].sentence].paragraph
    begins = scene.document.paragraphs[paragraph][0] if paragraph < len(scene.document.paragraphs) else 0
    text = scene.document.text[max(begins, at - LONGEST_QUOTED) : at]
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1


def _closest(scene: Scene, frame: Frame, near: list[Placed]) -> int:
    """The head of the expression that stands closest to the trigger in the tree."""
    related = [
        (r.distance, abs(one.head.i - frame.token), one.head.i)
        for one in near
        if (r := relate(scene.planted, frame, one))
    ]
    return min(related, default=(0, 0, -1))[2]


def _candidate(context: _Context, one: Placed) -> Candidate:
    scene, frame = context.scene, context.frame
    relation = relate(scene.planted, frame, one)
    names = [*_kind(one), *_time_of(context, one)]
    if one.head.sentence == scene.planted.tokens[frame.token].sentence:
        names += _same_sentence(context, one)
        names += [f"related: {min(relation.distance, 5)}"] if relation else ["unrelated"]
        names += ["closest related"] if one.head.i == context.closest else []
    else:
        names += _other_sentence(context, one)
    because = relation.because if relation else _where(context, one)
    return Candidate(one, dict.fromkeys(names, 1.0), because, relation.distance if relation else 9)


def _kind(one: Placed) -> Iterator[str]:
    """What kind of time it is."""
    if one.time.iso is None and one.time.text.lower().endswith(("before", "after")):
        yield "counted from something"
        return
    kind = _RULE_KINDS.get(one.time.rule, "other")
    yield f"kind: {kind}"
    if one.time.iso is None:
        yield "not on the calendar"
    if one.time.kind == "DURATION":
        yield "a length of time"


def _time_of(context: _Context, one: Placed) -> Iterator[str]:
    """How the tense of the act fits the time, and how much the article is about it."""
    scene, frame = context.scene, context.frame
    tense = tense_of(scene.planted, frame)
    when = _when(scene, one)
    yield f"{when}, act {tense}"
    same = scene.values[one.time.iso or one.time.text.lower()]
    if same > 1:
        yield "named again"
    if same * 2 > scene.values.total():
        yield "most of the article's times"
    if frame.event in SPOKEN and when == "that day":
        yield "said that day"


def _when(scene: Scene, one: Placed) -> str:
    """Where an expression lies, seen from publication."""
    published, ends = moment(scene.document.published.value), bounds(one.time.iso) if one.time.iso else None
    if published is None or ends is None:
        return "when unknown"
    today, (first, last) = bounds(published.value) or ("", ""), ends
    if first > today[1]:
        return "ahead"
    if last >= today[0]:
        return "that day" if first == last else "now"
    back = (date.fromisoformat(today[0]) - date.fromisoformat(last)).days
    return "a week before" if back <= 7 else "a year before" if back <= 365 else "long before"


def tense_of(planted: Planted, frame: Frame) -> str:
    """How the clause of a trigger is told, in a word: past, before (perfect), modal, future, present or bare; and noun where
    the trigger is one."""
    token = planted.tokens[frame.token]
    noun = " noun" if token.upos in {"NOUN", "PROPN", "ADJ"} else ""
    for above in planted.tree.climb(token.i):
        if token.upos in {"VERB", "AUX"}:
            break
        token = planted.tokens[above]
    return _told(planted, token) + noun


def _told(planted: Planted, verb: Token) -> str:
    helpers = {
        planted.tokens[i].text.lower() for i in planted.tree.children[verb.i] if planted.tokens[i].deprel == "aux"
    }
    if helpers & _MODAL:
        return "modal"
    if helpers & {"has", "have"}:
        return "perfect"
    if is_perfect(planted, verb):
        return "before"
    return clause_tense(planted, verb) or ("present" if verb.xpos in {"VBZ", "VBP"} else "bare")


def _same_sentence(context: _Context, one: Placed) -> Iterator[str]:
    """Line and tree inside the sentence."""
    planted, frame = context.scene.planted, context.frame
    trigger, between = planted.tokens[frame.token], _between(frame, one)
    side = "before" if one.head.i < frame.token else "after"
    yield f"own sentence, {side}"
    yield f"words between, {side}: {_steps(between, 2, 6, 14)}"
    if is_bound(planted, one):
        yield "behind “before”, “after” or “until”"
    first = planted.tokens[one.tokens.start]
    if first.i == 0 or first.i <= 2 or planted.tokens[max(first.i - 2, 0)].sentence != trigger.sentence:
        yield "opens the sentence"
    yield from _path(context, one)


def _between(frame: Frame, one: Placed) -> int:
    if one.tokens.start >= frame.tokens.end:
        return one.tokens.start - frame.tokens.end
    return max(frame.tokens.start - one.tokens.stop, 0)


def _steps(count: int, *limits: int) -> str:
    """Which of the bands a count lies in.

    >>> _steps(4, 2, 6, 14), _steps(40, 2, 6, 14)
    ('up to 6', 'more than 14')
    """
    return next((f"up to {limit}" for limit in limits if count <= limit), f"more than {limits[-1]}")


def _path(context: _Context, one: Placed) -> Iterator[str]:
    """The clauses between trigger and expression: out of which ones the way leads, and into which."""
    planted, trigger = context.scene.planted, context.frame.token
    above = [trigger, *planted.tree.climb(trigger)]
    down = [one.head.i, *planted.tree.climb(one.head.i)]
    meeting = next((i for i in down if i in above), None)
    if meeting is None:
        yield "apart in the tree"
        return
    out = {planted.tokens[i].deprel for i in above[: above.index(meeting)]} & (_CLAUSE | {"conj"})
    into = {planted.tokens[i].deprel for i in down[: down.index(meeting)]} & _CLAUSE
    yield from (f"out of {name}" for name in sorted(out))
    yield from (f"into {name}" for name in sorted(into))
    if not out and not into:
        yield "same clause"
    governor = _governor(planted, one)
    if governor.lemma.lower() in _REPORTING and governor.i != trigger:
        yield "with a reporting verb above" if governor.i in above else "with a reporting verb elsewhere"
        if governor.i in above:
            yield f"with a reporting verb above, act {tense_of(planted, context.frame)}"
        if governor.i in above and context.frame.event in SPOKEN:
            yield "with a reporting verb above, act of speech"
            if context.quoted:
                yield "with a reporting verb above, act said in quotes"


def _governor(planted: Planted, one: Placed) -> Token:
    return planted.tokens[one.head.head] if one.head.head >= 0 else one.head


def _other_sentence(context: _Context, one: Placed) -> Iterator[str]:
    """How far another sentence's expression is, whether it opens things, whether its sentence names the act again."""
    scene, frame = context.scene, context.frame
    planted = scene.planted
    trigger = planted.tokens[frame.token]
    back = trigger.sentence - one.head.sentence
    where = "next sentence" if back < 0 else f"{back} back" if back <= 2 else "3-5 back" if back <= 5 else "6+ back"
    yield where
    if context.own:
        yield "though the sentence has its own"
    sentences = scene.document.sentences
    if sentences[trigger.sentence].paragraph == sentences[one.head.sentence].paragraph:
        yield "same paragraph"
    if scene.lead <= one.head.sentence < scene.lead + LEAD and back > 0:
        yield "in the lead"
    if one.head.i == context.last and back > 0:
        yield "last time told before"
    if is_bound(planted, one):
        yield "bound elsewhere"
    yield from _host(context, one)


def _host(context: _Context, one: Placed) -> Iterator[str]:
    """What the other sentence says at that time."""
    planted, trigger = context.scene.planted, context.scene.planted.tokens[context.frame.token]
    governor = _governor(planted, one)
    if governor.deprel == "root" or governor.head < 0:
        yield "with the other sentence's main word"
    elif governor.deprel in {"acl:relcl", "acl", "advcl"}:
        yield "in a side clause there"
    if governor.lemma.lower() in _REPORTING:
        yield "dates a report there"
        if context.frame.event in SPOKEN:
            yield "dates a report there, act of speech"
        if context.quoted:
            yield "dates a report there, act said in quotes"
    stem = trigger.lemma.lower()[:5]
    here = {planted.tokens[i].lemma.lower()[:5] for i in (governor.i, *planted.tree.children[governor.i])}
    if stem in here and trigger.lemma.lower() not in _LIGHT:
        yield "the act is named there"
    first = [t.text.lower() for t in planted.tokens[trigger.i : trigger.i - 40 : -1] if t.sentence == trigger.sentence][
        -3:
    ]
    if _SAME & set(first):
        yield "sentence goes on (also, later)"


def _where(context: _Context, one: Placed) -> str:
    back = context.scene.planted.tokens[context.frame.token].sentence - one.head.sentence
    if back == 0:
        return "stands in the sentence"
    if back < 0:
        return "stands in the next sentence"
    if back == 1:
        return "stands in the sentence before, which the act goes on from"
    return f"stands {back} sentences before, and nothing since has moved the time on"


def none_features(scene: Scene, frame: Frame, candidates: tuple[Candidate, ...]) -> dict[str, float]:
    """What speaks for no date."""
    sentence = scene.planted.tokens[frame.token].sentence
    where = {c.placed.head.sentence for c in candidates}
    kind = "speech" if frame.event in SPOKEN else "deed"
    names = ["no date", f"no date, act {tense_of(scene.planted, frame)}", f"no date, {frame.event}", f"no date, {kind}"]
    if sentence not in where:
        names.append("no date, none in the sentence")
        names.append(f"no date, none in the sentence, {kind}")
    elif all(c.distance == 9 for c in candidates):
        names.append("no date, none related in the tree")
    if sentence - 1 not in where:
        names.append("no date, none in the sentence before")
    if not any(scene.lead <= at < scene.lead + LEAD for at in where):
        names.append("no date, none in the lead")
    if scene.document.published.value is None:
        names.append("no date, publication unknown")
    if is_quoted(scene, frame):
        names.append("no date, act said in quotes")
    return dict.fromkeys(names, 1.0)
