"""The candidates: every name, noun phrase and pronoun that may be an actor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import msgspec

from lapwing.dictionaries import Body, Country, Leader, Match, Role, Sense, holds, load, longest_matches, plain_words
from lapwing.mentions.tree import phrase_range, top_of
from lapwing.records import Analysis, TokenRange
from lapwing.trees import Tree

PERSONAL = {
    "i": "1s", "me": "1s", "my": "1s", "mine": "1s", "myself": "1s",
    "we": "1p", "us": "1p", "our": "1p", "ours": "1p", "ourselves": "1p",
    "you": "2", "your": "2", "yours": "2",
    "he": "m", "him": "m", "his": "m", "himself": "m",
    "she": "f", "her": "f", "hers": "f", "herself": "f",
    "it": "n", "its": "n", "itself": "n",
    "they": "p", "them": "p", "their": "p", "theirs": "p", "themselves": "p",
}  # fmt: skip
"""Personal pronouns: first person (singular, plural), second, he, she, it, they."""

REFLEXIVE = frozenset(["myself", "ourselves", "himself", "herself", "itself", "themselves"])
RELATIVE = frozenset(["who", "whom", "whose", "which", "that"])
OTHERS_TEXT = """
those others some many several both all most few none one two three each another someone
"""
OTHERS = frozenset(OTHERS_TEXT.split())
"""Words that stand for people or states not named: kept, not linked."""

ARGUMENTS = frozenset(
    [
        "nsubj",
        "nsubj:pass",
        "obj",
        "iobj",
        "obl",
        "obl:agent",
        "nmod",
        "nmod:poss",
        "conj",
        "appos",
        "root",
        "nsubj:outer",
    ]
)
PARTS = frozenset(
    [
        "flat",
        "flat:foreign",
        "flat:name",
        "compound",
        "goeswith",
        "fixed",
        "det",
        "nummod",
        "amod",
        "expl",
        "dep",
        "punct",
    ]
)
"""Relations of words that are parts of a noun phrase rather than heads of one."""

MODIFIERS = frozenset(["amod", "compound", "nmod:poss", "nmod", "det", "flat", "nummod", "nmod:desc"])


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A mention before it is linked, with what the linking rules ask of it.

    `key` is its core in normal form; `rows` are the dictionary rows that it may name; `country` is told by a demonym or
    possessor within it; `role` its role noun; `number` is s, p or "", `gender` m, f or "" (unknown).
    """

    tokens: TokenRange
    head: int
    kind: Literal["name", "nominal", "pronoun"]
    label: str | None
    sentence: int
    key: str
    rows: tuple[str, ...] = ()
    country: str = ""
    role: Role | None = None
    number: str = ""
    gender: str = ""
    person: bool = False
    definite: bool = False
    subject: bool = False
    pronoun: str = ""


def find_candidates(analysis: Analysis, tree: Tree, *, when: str | None) -> tuple[Candidate, ...]:
    """All candidates in the order of their tokens."""
    matches = [m for span in analysis.sentences for m in shifted_matches(tree, span)]
    names = name_spans(tree, analysis, matches)
    spans = {i: name for name in names for i in range(name.start, name.end)}
    found: dict[int, Candidate] = {}
    for token in tree.tokens:
        candidate = candidate_at(tree, token.i, spans, when=when)
        if candidate is not None:
            found[token.i] = candidate
    for name in names:
        if name.top not in found and not is_past_union(tree, name):
            found[name.top] = inner_name(tree, name, when=when)
    return tuple(sorted(found.values(), key=lambda c: (c.tokens.start, -c.tokens.end)))


def shifted_matches(tree: Tree, span: TokenRange) -> Iterator[Match]:
    """The dictionary matches of a sentence, in document positions."""
    words = [token.text for token in tree.tokens[span.start : span.end]]
    for match in longest_matches(words):
        yield Match(match.start + span.start, match.end + span.start, match.senses)


def is_past_union(tree: Tree, name: NameSpan) -> bool:
    """Whether a name is only that of the union which a state once was part of ("the former | Soviet | republic")."""
    before = tree.tokens[name.start - 1].text.casefold() if name.start else ""
    return before in ("former", "ex", "-") and plain_words(tree.tokens[name.start].text) in ("soviet", "yugoslav")


class NameSpan(NamedTuple):
    """A name: its tokens, the token that the others hang from, the entity head's label, the dictionary's match."""

    start: int
    end: int
    top: int
    label: str | None
    match: Match | None


def name_spans(tree: Tree, analysis: Analysis, matches: Sequence[Match]) -> list[NameSpan]:
    """Names by the dictionary and by the entity head; where both see one, its label is the head's."""
    labels = {i: e.label for e in analysis.entities for i in range(e.tokens.start, e.tokens.end)}
    spans: list[NameSpan] = []
    taken: set[int] = set()
    for match in matches:
        if is_name(tree, match):
            top = top_of(tree, match.start, match.end)
            spans.append(NameSpan(match.start, match.end, top, labels.get(match.start), match))
            taken.update(range(match.start, match.end))
    for entity in analysis.entities:
        start, end = entity.tokens.start, entity.tokens.end
        if entity.label != "MISC" and not any(i in taken for i in range(start, end)):
            spans.append(NameSpan(start, end, top_of(tree, start, end), entity.label, None))
    return sorted(spans)


def is_name(tree: Tree, match: Match) -> bool:
    """Whether a match is written and tagged as a name rather than as an ordinary word."""
    tags = {tree.tokens[i].upos for i in range(match.start, match.end)}
    if tags & {"PROPN"} or match.end - match.start > 1:
        return True
    plain = tree.tokens[match.start].text.islower()
    kinds = {sense.kind for sense in match.senses}
    return not plain or bool(kinds & {"country", "demonym", "capital", "group"})


def candidate_at(tree: Tree, i: int, spans: dict[int, NameSpan], *, when: str | None) -> Candidate | None:
    """The mention whose head is token `i`, if it may be an actor."""
    token = tree.tokens[i]
    own = spans.get(i)
    if own is not None and own.top != i:
        return None
    if token.upos == "PRON" or (token.upos in ("DET", "NUM") and token.deprel in ARGUMENTS):
        return pronoun_at(tree, i)
    if token.upos not in ("NOUN", "PROPN", "ADJ", "X", "SYM") or token.deprel in PARTS:
        return None
    if own is None and is_calendar_word(token.text):
        return None
    if token.upos == "ADJ" and token.deprel not in ("nsubj", "obj", "nsubj:pass", "conj", "obl"):
        return None
    span = phrase_range(tree, i)
    if own is not None:
        span = TokenRange(min(span.start, own.start), max(span.end, own.end))
    inside = list(dict.fromkeys(spans[k] for k in range(span.start, span.end) if k in spans))
    role = head_role(tree, i, span)
    if token.upos != "PROPN" and role is None and not names_near(tree, i, inside):
        return None
    return noun_phrase(tree, i, span, inside, role, when=when)


CALENDAR_TEXT = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december today yesterday tomorrow noon midnight
"""
CALENDAR = frozenset(CALENDAR_TEXT.split())


def is_calendar_word(text: str) -> bool:
    """Whether a capitalised noun is a day or a month, so that no pronoun can stand for it.

    >>> is_calendar_word("Sunday"), is_calendar_word("Mayor")
    (True, False)
    """
    return text.casefold() in CALENDAR


def names_near(tree: Tree, i: int, inside: Sequence[NameSpan]) -> bool:
    """Whether a name is the phrase's head or one of its direct modifiers."""
    tops = (tree.tokens[name.top] for name in inside)
    return any(top.i == i or (top.head == i and top.deprel in MODIFIERS) for top in tops)


def head_role(tree: Tree, i: int, span: TokenRange) -> Role | None:
    """The role noun that ends in the head, or in the title before a name ("President | Vladimir Putin")."""
    roles = load().roles
    for end in (i, *range(i + 1, min(span.end, i + 4))):
        for start in range(max(span.start, end - 3), end + 1):
            words = " ".join(tree.tokens[k].text for k in range(start, end + 1))
            role = roles.get(plain_words(words)) or (
                roles.get(tree.tokens[i].lemma.casefold()) if start == end == i else None
            )
            if role is not None and role.kind != "modifier":
                return role
        if tree.tokens[i].upos != "PROPN":
            break
    for k in range(i - 1, span.start - 1, -1):
        if tree.tokens[i].upos == "PROPN" and tree.tokens[k].head == i and tree.tokens[k].deprel in MODIFIERS:
            role = roles.get(plain_words(tree.tokens[k].text))
            if role is not None and role.kind not in ("modifier", "title"):
                return role
    return None


def noun_phrase(
    tree: Tree, i: int, span: TokenRange, inside: Sequence[NameSpan], role: Role | None, *, when: str | None
) -> Candidate:
    """A name or description as a candidate."""
    token = tree.tokens[i]
    own = [s for s in inside if covers_head(tree, s, i)]
    label = next((name.label for name in own if name.label), None)
    senses = [s for name in own if name.match is not None for s in name.match.senses if holds_then(s, when)]
    rows = tuple(
        dict.fromkeys(f"{sense.kind}:{sense.row.name}" for sense in senses if sense.kind not in ("demonym", "ethnic"))
    )
    person = (
        label == "PER"
        or any(is_person(sense) for sense in senses)
        or (role is not None and role.kind in ("office", "person", "title") and token.xpos not in ("NNS", "NNPS"))
    )
    named = bool(own) or token.upos == "PROPN"
    start, end = (own[0].start, own[0].end) if own else (core_start(tree, span, i), i + 1)
    return Candidate(
        tokens=span,
        head=i,
        kind="name" if named else "nominal",
        label=label,
        sentence=token.sentence,
        key=plain_words(" ".join(t.text for t in tree.tokens[start:end])),
        rows=rows,
        country=country_within(tree, i, inside, own),
        role=role,
        number=number_of(tree, i),
        gender=gender_of(tree, span, senses, role),
        person=person,
        definite=is_definite(tree, i, span),
        subject=token.deprel in ("nsubj", "nsubj:pass"),
    )


def holds_then(sense: Sense, when: str | None) -> bool:
    """Whether a sense holds on the article's date (undated rows always do)."""
    return not isinstance(sense.row, Body) or holds(sense.row, when)


def is_person(sense: Sense) -> bool:
    """Whether a sense is a human being."""
    return sense.kind in ("leader", "person")


def covers_head(tree: Tree, name: NameSpan, i: int) -> bool:
    """Whether a name is the phrase's head, or follows it as the name after a title."""
    top = tree.tokens[name.top]
    return name.top == i or (top.head == i and top.deprel.startswith(("flat", "appos")) and name.start > i)


def core_start(tree: Tree, span: TokenRange, i: int) -> int:
    """Where the capitalised run that ends in token `i` begins."""
    start = i
    while start > span.start and tree.tokens[start - 1].upos == "PROPN":
        start -= 1
    return start


def country_within(tree: Tree, i: int, inside: Sequence[NameSpan], own: Sequence[NameSpan]) -> str:
    """The country that a demonym, possessor or "of" phrase gives to the head."""
    for name in inside:
        if name in own or name.match is None or tree.tokens[name.top].head != i:
            continue
        for sense in name.match.senses:
            if isinstance(sense.row, Country):
                return sense.row.code
    return ""


def number_of(tree: Tree, i: int) -> str:
    """Singular or plural, by the tag; a coordination is plural.

    A noun that is the same in both ("police") is left open.
    """
    token = tree.tokens[i]
    if any(tree.tokens[c].deprel == "conj" for c in tree.children[i]):
        return ""
    if token.xpos in ("NNS", "NNPS"):
        return "p"
    return "s" if token.xpos in ("NN", "NNP") else ""


FEMALE_TITLES = frozenset(["mrs", "ms", "miss", "lady", "dame", "queen", "princess", "sister", "mother", "first-lady"])
MALE_TITLES = frozenset(["mr", "sir", "lord", "king", "prince", "father", "brother"])


def gender_of(tree: Tree, span: TokenRange, senses: Sequence[Sense], role: Role | None) -> str:
    """m or f where a title, a dictionary or the role noun says so."""
    words = [plain_words(t.text) for t in tree.tokens[span.start : span.end]]
    if any(word in FEMALE_TITLES for word in words):
        return "f"
    if any(word in MALE_TITLES for word in words):
        return "m"
    genders = {sense.row.gender for sense in senses if isinstance(sense.row, Leader) and sense.row.gender}
    if len(genders) == 1:
        return genders.pop()
    if role is not None and role.gender:
        return role.gender
    return next((g for w in words if (g := first_names().get(w))), "")


def first_names() -> dict[str, str]:
    """First names and their gender, where they have one."""
    return FIRST_NAMES


WOMEN_TEXT = """
angela hillary theresa margaret nancy kamala melania michelle condoleezza madeleine elizabeth catherine mary
maria anna ursula christine emma sarah jane julia laura nicola marine annalena federica benazir indira sonia
mamata sheikh-hasina hasina michele dilma cristina michelle megawati gloria corazon park-geun-hye sanna
jacinda mette katrin erna giorgia olena svetlana yulia maria valentina natalia tatiana elena irina olga oksana
iryna susan samantha victoria jennifer jessica linda barbara patricia karen lisa donna carol ruth sharon helen
amy rebecca kathleen amanda melissa deborah stephanie rachel carolyn janet emily kellyanne ivanka huma loretta
monica paula malala fatima aisha leila zainab
"""
WOMEN = WOMEN_TEXT.split()
MEN_TEXT = """
vladimir alexander dmitry sergei sergey volodymyr viktor boris mikhail ivan igor nikolai andrei oleg yuri
donald barack joe john george bill william james robert michael david richard thomas mark paul peter kevin
brian tim mike steve jeff jim tom ted bernie jeb mitt chuck bob dan tony gordon gerry nigel jeremy emmanuel
francois jacques nicolas olaf gerhard helmut frank benjamin ariel ehud shimon yitzhak yasser mahmoud hassan
ali mohammed mohamed muhammad ahmed abdullah omar ibrahim saddam bashar hosni muammar recep binali abdul
narendra imran nawaz pervez xi hu jiang kim shinzo fumio yoshihide hugo fidel raul nicolas evo luis jose juan
carlos daniel felipe pedro pablo manuel antonio jorge alberto fernando nelson thabo jacob cyril robert kofi
ban
"""
MEN = MEN_TEXT.split()
FIRST_NAMES = {**dict.fromkeys(MEN, "m"), **dict.fromkeys(WOMEN, "f")}
"""First names of people in the news whose gender is plain. A small table: where a name is not in it, nothing is assumed."""


def is_definite(tree: Tree, i: int, span: TokenRange) -> bool:
    """Whether the phrase begins with "the", "this" or a possessive."""
    first = tree.tokens[span.start].text.casefold()
    return first in ("the", "this", "that", "these", "those", "his", "her", "its", "their")


def inner_name(tree: Tree, name: NameSpan, *, when: str | None) -> Candidate:
    """A name inside a noun phrase that is about something else ("Russian" in "the Russian invasion")."""
    senses = [sense for sense in name.match.senses if holds_then(sense, when)] if name.match is not None else []
    tokens = TokenRange(name.start, name.end)
    return Candidate(
        tokens=tokens,
        head=name.top,
        kind="name",
        label=name.label,
        sentence=tree.tokens[name.top].sentence,
        key=plain_words(" ".join(t.text for t in tree.tokens[name.start : name.end])),
        rows=tuple(dict.fromkeys(f"{sense.kind}:{sense.row.name}" for sense in senses)),
        number=number_of(tree, name.top),
        person=name.label == "PER" or any(is_person(sense) for sense in senses),
        gender=gender_of(tree, tokens, senses, None),
    )


def pronoun_at(tree: Tree, i: int) -> Candidate | None:
    """A pronoun that stands for someone; not an expletive, not a question word."""
    token = tree.tokens[i]
    word = token.text.casefold()
    if token.deprel == "expl":
        return None
    kind = PERSONAL.get(word, "") if token.text != "US" else ""
    if word in RELATIVE and relative_noun(tree, i) is not None:
        kind = "relative"
    elif word in OTHERS and token.deprel in ARGUMENTS:
        kind = "other"
    if not kind:
        return None
    return Candidate(
        tokens=TokenRange(i, i + 1) if kind != "other" else phrase_range(tree, i),
        head=i,
        kind="pronoun",
        label=None,
        sentence=token.sentence,
        key=word,
        number={"1s": "s", "1p": "p", "m": "s", "f": "s", "n": "s", "p": "p"}.get(kind, ""),
        gender=kind if kind in ("m", "f") else "",
        subject=token.deprel in ("nsubj", "nsubj:pass"),
        pronoun=kind,
    )


def relative_noun(tree: Tree, i: int) -> int | None:
    """The noun that a relative pronoun stands for: what its clause hangs from."""
    at = i
    for _ in range(6):
        token = tree.tokens[at]
        if token.deprel in ("acl:relcl", "advcl:relcl"):
            return token.head if token.head >= 0 and token.head < i else None
        if token.head < 0:
            return None
        at = token.head
    return None
