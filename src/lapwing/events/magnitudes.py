"""Numbers told of an act: the dead, the injured, the arrested, troops, money; with where they stand.

A number counts for the act whose sentence tells it, and only beside a word that says what is counted ("9,000 troops", "12 people
were killed", "$40 million"). Words for numbers are read up to the thousands; "dozens" and "several" are no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lapwing.records import Analysis, Document, Magnitude, Span, Token
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

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def find_magnitudes(
    document: Document, analysis: Analysis, tree: Tree, *, token: int, event: str
) -> tuple[Magnitude, ...]:
    """The magnitudes told in the sentence of an act, at most one of a kind, the one nearest the trigger."""
    where = analysis.sentences[tree.tokens[token].sentence]
    best: dict[str, tuple[int, Magnitude]] = {}
    for i in range(where.start, where.end):
        if tree.tokens[i].upos != "NUM" and not _NUMBER.fullmatch(tree.tokens[i].text):
            continue
        number = number_at(tree, i, where.end)
        kind = number and _kind(tree, i, number[1], token, event)
        if number and kind:
            distance = abs(i - token)
            span = _span(document, tree, i, number[1])
            if kind not in best or distance < best[kind][0]:
                best[kind] = (distance, Magnitude(kind=kind, value=number[0], span=span))
    return tuple(m for _, m in sorted(best.values(), key=lambda b: b[1].span.start))


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
