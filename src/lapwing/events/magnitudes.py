"""Numbers told of an act: the dead, the injured, the arrested, troops, money; with where they stand.

A number counts for the act whose sentence tells it, and only beside a word that says what is counted ("9,000 troops", "12 people
were killed", "$40 million"). Words for numbers are read up to the thousands; "dozens" and "several" are no number.

Numbers are claims. Who makes one is read from the tree ("officials said", "according to the army"); where another claimant puts the
same thing at another number, in the sentence or right after it ("the rebels put it at 30"), both are kept, the nearest to the act
first. Two numbers of one kind without two claimants may count different things, so only the nearest is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lapwing.records import Analysis, Document, Magnitude, Span, Token, TokenRange
from lapwing.trees import Tree

UNITS = dict(
    zip(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
        ],
        [*range(1, 20), *range(20, 100, 10)],
        strict=True,
    )
)
SCALES = {
    "hundred": 100.0,
    "thousand": 1e3,
    "million": 1e6,
    "mln": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}

DEAD = frozenset(
    [
        "kill",
        "die",
        "dead",
        "murder",
        "slay",
        "massacre",
        "death",
        "execute",
        "fatality",
        "drown",
        "behead",
        "assassinate",
        "toll",
    ]
)
INJURED = frozenset(["injure", "wound", "hurt", "injury", "wounded", "injured", "casualty", "maim"])
ARRESTED = frozenset(["arrest", "detain", "detention", "imprison", "jail", "capture", "custody", "detainee"])
TROOPS = frozenset(
    [
        "troop",
        "troops",
        "soldier",
        "force",
        "serviceman",
        "servicemen",
        "personnel",
        "fighter",
        "marine",
        "peacekeeper",
        "paratrooper",
        "reservist",
        "recruit",
        "guardsman",
        "officer",
        "trooper",
        "conscript",
        "military",
    ]
)
PEOPLE = frozenset(
    [
        "person",
        "people",
        "civilian",
        "child",
        "woman",
        "man",
        "protester",
        "demonstrator",
        "resident",
        "worker",
        "villager",
        "migrant",
        "refugee",
        "student",
        "policeman",
        "hostage",
        "prisoner",
        "militant",
        "rebel",
        "insurgent",
        "insider",
        "passenger",
        "journalist",
        "activist",
        "member",
        "other",
        "others",
    ]
)
CURRENCY = {
    "$": "usd",
    "dollar": "usd",
    "€": "eur",
    "euro": "eur",
    "£": "gbp",
    "pound": "gbp",
    "rouble": "rub",
    "ruble": "rub",
}
PROTEST_CROWD = frozenset(
    ["protester", "demonstrator", "marcher", "striker", "worker", "person", "people", "participant", "supporter"]
)

CLAIMING = frozenset(
    [
        "say",
        "report",
        "claim",
        "estimate",
        "put",
        "announce",
        "tell",
        "add",
        "state",
        "confirm",
        "count",
        "place",
        "insist",
        "acknowledge",
    ]
)
"""Verbs whose subject vouches for the numbers under them."""
PUTTING = frozenset(["put", "place", "estimate"])
"""Verbs that give a new number to what was counted before ("put it at 30")."""
POINTING = frozenset(["it", "that", "this", "toll", "number", "figure", "total", "count", "casualty"])
SUBJECTS = ("nsubj", "nsubj:pass")

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def find_magnitudes(
    document: Document, analysis: Analysis, tree: Tree, *, token: int, event: str
) -> tuple[Magnitude, ...]:
    """The magnitudes told of an act: of each kind the one in its sentence that stands nearest the trigger, in the order of the text,
    and then what others claim instead."""
    sentence = tree.tokens[token].sentence
    told = list(_told(document, tree, analysis.sentences[sentence], token, event))
    best: dict[str, Magnitude] = {}
    for _, m in sorted(told, key=lambda found: abs(found[0] - token)):
        best.setdefault(m.kind, m)
    others = [m for _, m in told if m is not best[m.kind]]
    others += list(_put_otherwise(document, analysis, tree, sentence, tuple(best.values())))
    return (*sorted(best.values(), key=lambda m: m.span.start), *_rivals(best, others))


def _rivals(best: dict[str, Magnitude], others: Sequence[Magnitude]) -> Iterator[Magnitude]:
    """Other numbers for the same thing: by somebody else than who gives the first, one for each claimant."""
    heard = {(kind, m.claimant) for kind, m in best.items()}
    for m in others:
        if m.claimant is not None and (m.kind, m.claimant) not in heard:
            heard.add((m.kind, m.claimant))
            yield m


def _told(document: Document, tree: Tree, where: TokenRange, token: int, event: str) -> Iterator[tuple[int, Magnitude]]:
    """The magnitudes of a sentence with the position of each."""
    for i in range(where.start, where.end):
        if tree.tokens[i].upos != "NUM" and not _NUMBER.fullmatch(tree.tokens[i].text):
            continue
        number = number_at(tree, i, where.end)
        kind = number and _kind(tree, i, number[1], token, event)
        if number and kind:
            span = _span(document, tree, i, number[1])
            yield i, Magnitude(kind=kind, value=number[0], span=span, claimant=claimant_of(document, tree, i))


def _put_otherwise(
    document: Document, analysis: Analysis, tree: Tree, sentence: int, told: Sequence[Magnitude]
) -> Iterator[Magnitude]:
    """Numbers that another claimant gives to the same thing, in this sentence or the next ("the rebels put it at 30"); only where
    one kind of people was counted, so that it is clear what "it" is."""
    kinds = [m.kind for m in told if m.kind in ("dead", "injured", "arrested", "troops", "size")]
    if not kinds or len(set(kinds)) > 1:
        return
    for where in analysis.sentences[sentence : sentence + 2]:
        for i in range(where.start, where.end):
            number = number_at(tree, i, where.end) if _plain(tree.tokens[i].text) is not None else None
            if number and is_put(tree, i):
                span = _span(document, tree, i, number[1])
                yield Magnitude(kind=kinds[0], value=number[0], span=span, claimant=claimant_of(document, tree, i))


def is_put(tree: Tree, i: int) -> bool:
    """Whether a number is what something counted before is put at: "put it *at 30*", "placed the toll *at 30*"."""
    verb = tree.tokens[i].head
    if verb < 0 or tree.tokens[verb].lemma.lower() not in PUTTING or tree.case_of(i) != "at":
        return False
    counted = tree.child(verb, "obj")
    return counted is not None and tree.tokens[counted].lemma.lower() in POINTING


def claimant_of(document: Document, tree: Tree, i: int) -> str | None:
    """Who gives a number: the subject of the nearest verb of saying over or beside it, or whom it is "according to"; in the words
    of the text, None where the article itself does."""
    below = i
    for above in (i, *tree.climb(i)):
        for c in tree.children[above]:
            token = tree.tokens[c]
            if token.deprel in ("obl", "nmod") and tree.case_of(c) == "according to":
                return _phrase(document, tree, c)
            if token.deprel in ("parataxis", "advcl") and c != below and token.lemma.lower() in CLAIMING:
                speaker = tree.child(c, *SUBJECTS)
                if speaker is not None:
                    return _phrase(document, tree, speaker)
        speaker = tree.child(above, *SUBJECTS)
        if tree.tokens[above].lemma.lower() in CLAIMING and speaker not in (None, below, i):
            return _phrase(document, tree, speaker) if speaker is not None else None
        if tree.tokens[above].deprel == "conj" and tree.child(above, *SUBJECTS) is not None:
            return None
        below = above
    return None


def _phrase(document: Document, tree: Tree, head: int) -> str:
    """The words of a noun phrase up to its clauses, without its case word."""
    inside = {head}
    waiting = [
        c
        for c in tree.children[head]
        if tree.tokens[c].deprel not in ("case", "acl:relcl", "acl", "appos", "punct", "conj", "cc")
    ]
    while waiting:
        at = waiting.pop()
        inside.add(at)
        waiting += tree.children[at]
    start, end = tree.tokens[min(inside)].start, tree.tokens[max(inside)].end
    return document.text[start:end]


def number_at(tree: Tree, i: int, end: int) -> tuple[float, int] | None:
    """The value of the number that begins at token `i`, and the token after it; None where `i` goes on an earlier one.

    "9,000" → 9000, "twelve" → 12, "2.5 million" → 2500000, "three hundred" → 300.
    """
    first = _plain(tree.tokens[i].text)
    if first is None or (i and _plain(tree.tokens[i - 1].text) is not None and tree.tokens[i - 1].head == i):
        return None
    value, at = first, i + 1
    while at < end:
        word = tree.tokens[at].text.lower()
        if word in SCALES and (word not in ("m", "bn") or tree.tokens[at].start == tree.tokens[at - 1].end):
            value, at = value * SCALES[word], at + 1
        elif word == "-" and at + 1 < end and tree.tokens[at + 1].text.lower() in UNITS and value in range(20, 100, 10):
            value, at = value + UNITS[tree.tokens[at + 1].text.lower()], at + 2
        else:
            break
    return value, at


def _plain(text: str) -> float | None:
    if text.lower() in UNITS:
        return float(UNITS[text.lower()])
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) and len(text) < 20 else None


def _kind(tree: Tree, start: int, end: int, trigger: int, event: str) -> str | None:
    """What the number counts."""
    before = tree.tokens[start - 1].text if start else ""
    following = tree.tokens[end].lemma.lower() if end < len(tree.tokens) else ""
    money = CURRENCY.get(before) or CURRENCY.get(following)
    if before.upper() in ("US", "U.S."):
        money = None
    if money:
        return money
    counted = _counted(tree, start, end)
    if counted is None:
        return None
    noun = counted.lemma.lower()
    words = {t.lemma.lower() for t in _around(tree, counted.i)}
    if noun in DEAD or (words & DEAD and (noun in PEOPLE or noun in TROOPS or noun in DEAD)):
        return "dead"
    if noun in INJURED or (words & INJURED and (noun in PEOPLE or noun in TROOPS)):
        return "injured"
    if noun in ARRESTED or (words & ARRESTED and (noun in PEOPLE or noun in TROOPS)):
        return "arrested"
    if noun in TROOPS:
        return "troops"
    if event == "PROTEST" and noun in PROTEST_CROWD:
        return "size"
    return None


def _counted(tree: Tree, start: int, end: int) -> Token | None:
    """The noun that the number counts, or the predicate that it stands under alone ("killing 12", "12 were wounded")."""
    for i in range(start, end):
        head = tree.tokens[i].head
        if head >= end or (0 <= head < start):
            return tree.tokens[head]
    return None


def _around(tree: Tree, i: int) -> Iterator[Token]:
    """The word, what governs it, and its own modifiers: where "killed" may stand for a counted noun."""
    yield tree.tokens[i]
    relation = tree.tokens[i].deprel
    if tree.tokens[i].head >= 0 and relation in (
        "nsubj:pass",
        "obj",
        "nsubj",
        "conj",
        "obl",
        "nmod",
        "compound",
        "appos",
    ):
        yield tree.tokens[tree.tokens[i].head]
    for c in tree.children[i]:
        if tree.tokens[c].deprel in ("acl", "amod", "acl:relcl"):
            yield tree.tokens[c]


def _span(document: Document, tree: Tree, start: int, end: int) -> Span:
    a, b = tree.tokens[start].start, tree.tokens[end - 1].end
    return Span(a, b, document.text[a:b])
