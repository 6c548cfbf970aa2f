"""Which words of an article name a place, and how each stands in its sentence.

A place name alone says little: "Moscow said", "Moscow talks", "talks with Moscow" and "talks in Moscow" differ in
where the talks are. So each name is kept with its way through the tree: the nouns that it specifies ("the outskirts
*of Aleppo*", "the *Ukrainian* border"), the preposition over it, and the word that it depends on. `Site` is that;
`places.acts` asks which sites an act has.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from lapwing.dictionaries import load
from lapwing.dictionaries.gazetteer import folded, words
from lapwing.places.resolution import Resolution, country_words, kind_of_word, resolve_places, spots_called
from lapwing.records import Actor, Analysis, Document, Mention, Span, Token, TokenRange

PLACE_NOUNS = words(
    """
    area border capital centre center city coast countryside district downtown east enclave frontier
    governorate heartland hometown interior island mainland municipality neighborhood neighbourhood north
    northeast northwest outskirt outskirts part peninsula port province region side south southeast southwest
    state stronghold suburb territory town valley vicinity village west zone county parish oblast resort base
    airport camp headquarters embassy consulate office palace parliament square street university court
    prison hospital mosque church cathedral market museum hotel site checkpoint crossing position line
    """
)
"""Nouns that may stand between a preposition and the name: "in the city of Aleppo", "at the embassy in Kabul"."""
LANDMARKS = words(
    """
    house zone causeway bridge road street avenue park highway building tower gate bay river lake hall island
    mountain ocean sea strait gulf canal field garden barracks plant pass cape
    """
)
"""Words that end names of sights; alone ("House", "Zone") they are also small towns, which nobody means by them."""
FOREIGN_HOUSES = words("embassy consulate mission base troop force army navy ambassador")
"""Nouns that a country owns abroad: "the U.S. embassy" does not say where it is."""
BORDER_NOUNS = words("border borders frontier")
AROUND_NOUNS = words("outskirts outskirt suburb suburbs vicinity countryside")
PASSED = words("nmod nmod:poss appos compound amod flat nmod:of")
LOWER_PART = words(
    """
    northern southern eastern western central northeastern northwestern southeastern southwestern north south
    east west north-east north-west south-east south-west downtown upper lower mainland rural suburban
    """
)
INSIDE_PER_OR_ORG = frozenset({"PER", "ORG"})


CALENDAR = words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec
    """
)
"""Names of days and months, some of which are also towns."""
HYPHENS = words("- – ’ '")


class Site(msgspec.Struct, frozen=True):
    """A place name in its sentence.

    `tokens` is the name, `head` the word through which it hangs on the rest (the border of "the Ukrainian border"),
    `case` the prepositions over it in small letters, `relation` the dependency of `head`, `governor` the word it
    depends on (−1 for none). `border` and `around` say that the place is a border of, or something around, what is
    named.
    """

    tokens: TokenRange
    head: int
    case: str
    relation: str
    governor: int
    border: bool
    around: bool
    joined: bool
    resolution: Resolution


class Found(msgspec.Struct, frozen=True):
    """A stretch of tokens taken for a place name, and the capital's country where it is a description of a capital."""

    tokens: TokenRange
    capital_of: str = ""


def find_sites(
    document: Document, analysis: Analysis, actors: Sequence[Actor], mentions: Sequence[Mention], outlet: str | None
) -> tuple[Site, ...]:
    """The places that an article names, in order."""
    found = found_names(analysis)
    spans = [span_of(document, analysis, name.tokens) for name in found]
    asked = [
        Span(s.start, s.end, capital_name(name.capital_of)) if name.capital_of else s
        for name, s in zip(found, spans, strict=True)
    ]
    countries = [actor.entity.country for actor in actors if actor.entity.country]
    children = children_of(analysis.tokens)
    resolutions = resolve_places(document.text, asked, countries=countries, outlet_country=outlet)
    return tuple(
        site_of(analysis, children, name, msgspec.structs.replace(resolution, span=span))
        for name, span, resolution in zip(found, spans, resolutions, strict=True)
    )


# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def found_names(analysis: Analysis) -> list[Found]:
    """Place names, descriptions of capitals, and adjectives of countries before a border, in the order of the text."""
    taken: set[int] = set()
    found: list[Found] = []
    for entity in analysis.entities:
        covered = set(range(entity.tokens.start, entity.tokens.end))
        if entity.label == "LOC" and not covered & taken:
            name = best_known(analysis.tokens, trimmed(analysis.tokens, entity.tokens))
            if not is_no_place(analysis.tokens, name):
                found.append(Found(name))
            taken |= covered | set(range(name.start, name.end))
        elif entity.label in INSIDE_PER_OR_ORG:
            taken |= covered
    found += [Found(run) for run in unlabelled_names(analysis.tokens, taken)]
    found += list(capitals_described(analysis.tokens))
    return sorted(found, key=lambda name: name.tokens.start)


def trimmed(tokens: Sequence[Token], name: TokenRange) -> TokenRange:
    """A name without a leading article or a trailing possessive."""
    start, end = name.start, name.end
    while end - start > 1 and tokens[start].text.lower() == "the":
        start += 1
    while end - start > 1 and tokens[end - 1].text in ("'s", "’s", "'", "’"):
        end -= 1
    return TokenRange(start, end)


def best_known(tokens: Sequence[Token], name: TokenRange) -> TokenRange:
    """A name as far as the gazetteer knows it: carried on ("Dar" + "es Salaam"), or without its first or last words
    ("San Salvador hotel"); as it is where nothing is known."""
    longest = TokenRange(name.start, hyphenated_end(tokens, name))
    beyond = [TokenRange(name.start, end) for end in range(min(name.end + 3, len(tokens)), name.end, -1)]
    carried_on = [
        wider
        for wider in beyond
        if tokens[wider.end - 1].text[0].isupper()
        and tokens[wider.end - 1].sentence == tokens[name.start].sentence
        and joined_by_spaces(tokens, wider)
    ]
    fewer = [TokenRange(name.start, end) for end in range(name.end - 1, name.start, -1)]
    later = [TokenRange(start, name.end) for start in range(name.start + 1, name.end)]
    if tokens[name.end - 1].lemma.lower() in PLACE_NOUNS | LANDMARKS:
        later = later[:-1]
    for wanted in (*carried_on, longest, name, *fewer, *later):
        if known_run(tokens, wanted.start, wanted.end):
            return wanted
    return longest


def joined_by_spaces(tokens: Sequence[Token], name: TokenRange) -> bool:
    """Whether only words stand in a stretch: no comma cuts it."""
    return all(token.text[0].isalpha() for token in tokens[name.start : name.end])


def hyphenated_end(tokens: Sequence[Token], name: TokenRange) -> int:
    """The end of a name that a hyphen carries on: "Ivano" + "-" + "Frankivsk"."""
    end = name.end
    while (
        end + 1 < len(tokens)
        and tokens[end].text in HYPHENS
        and glued(tokens, end)
        and tokens[end + 1].text[0].isupper()
    ):
        end += 2
    return end


def is_no_place(tokens: Sequence[Token], name: TokenRange) -> bool:
    """Whether a name is a day, a month, a kind of place ("Village") or a word for people ("Israelis")."""
    if name.end - name.start > 1:
        return False
    word = tokens[name.start].text
    return word.lower() in CALENDAR or bool(kind_of_word(word)) or folded(word) in country_words()[1]


def unlabelled_names(tokens: Sequence[Token], taken: set[int]) -> list[TokenRange]:
    """Runs of proper nouns outside all entities that the gazetteer knows and that stand after a preposition or comma,
    and adjectives of countries that stand before a border."""
    found: list[TokenRange] = []
    i = 0
    while i < len(tokens):
        if i in taken or tokens[i].upos != "PROPN":
            if i not in taken and is_border_adjective(tokens, i):
                found.append(TokenRange(i, i + 1))
            i += 1
            continue
        end = end_of_name(tokens, i, taken)
        if stands_as_place(tokens, i) and i - 1 not in taken and known_run(tokens, i, end):
            found.append(TokenRange(i, end))
        i = end
    return found


def end_of_name(tokens: Sequence[Token], start: int, taken: set[int]) -> int:
    """The end of a run of proper nouns, with the hyphens inside it."""
    end = start + 1
    while end < len(tokens) and end not in taken and tokens[end].sentence == tokens[start].sentence:
        inner = tokens[end].text in HYPHENS and end + 1 < len(tokens) and glued(tokens, end)
        if tokens[end].upos != "PROPN" and not inner:
            break
        end += 1
    return end


def glued(tokens: Sequence[Token], i: int) -> bool:
    """Whether no space stands on either side of a token."""
    return tokens[i - 1].end == tokens[i].start and tokens[i].end == tokens[i + 1].start


def is_border_adjective(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word is the country of a border: "the Ukrainian border"."""
    follows = i + 1 < len(tokens) and tokens[i + 1].text.lower() in BORDER_NOUNS
    return follows and folded(tokens[i].text) in country_words()[1]


def stands_as_place(tokens: Sequence[Token], i: int) -> bool:
    """Whether a name follows a preposition (with or without an article) in its sentence."""
    before = [t for t in tokens[max(i - 2, 0) : i] if t.sentence == tokens[i].sentence]
    if before and before[-1].text.lower() == "the":
        before.pop()
    return bool(before) and before[-1].upos == "ADP"


def known_run(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether some tokens together are a place of the gazetteer."""
    return (
        end - start <= 5
        and not is_no_place(tokens, TokenRange(start, end))
        and bool(spots_called(" ".join(t.text for t in tokens[start:end])))
    )


def capitals_described(tokens: Sequence[Token]) -> list[Found]:
    """ "The Belarusian capital", "Iraq's capital": the capital as a place, unless its name stands beside it."""
    found = []
    names, people = country_words()
    for i, token in enumerate(tokens):
        if token.text.lower() != "capital" or (i + 1 < len(tokens) and tokens[i + 1].upos == "PROPN"):
            continue
        if i + 2 < len(tokens) and tokens[i + 1].text == "," and tokens[i + 2].upos == "PROPN":
            continue
        before = [
            t
            for t in tokens[max(i - 2, 0) : i]
            if t.text not in ("'s", "’s", "'", "’") and t.sentence == token.sentence
        ]
        key = folded(before[-1].text) if before else ""
        code = people.get(key) or names.get(key)
        if code and capital_name(code):
            found.append(Found(TokenRange(before[-1].i, i + 1), code))
    return found


def capital_name(code: str) -> str:
    """The name of a country's capital.

    >>> capital_name("BLR")
    'Minsk'
    """
    return next((row.capital[0] for row in load().countries if row.code == code and row.capital), "")


def span_of(document: Document, analysis: Analysis, name: TokenRange) -> Span:
    """The text of some tokens, with a part word before them ("eastern Ukraine")."""
    first = name.start
    before = analysis.tokens[first - 1] if first else None
    same = before is not None and before.sentence == analysis.tokens[first].sentence
    if before is not None and same and before.text.lower() in LOWER_PART and before.text[0].islower():
        first -= 1
    start, end = analysis.tokens[first].start, analysis.tokens[name.end - 1].end
    return Span(start, end, document.text[start:end])


# ── their way through the tree ────────────────────────────────────────────────────────────────────────────────────────


def children_of(tokens: Sequence[Token]) -> tuple[tuple[int, ...], ...]:
    """The dependants of each token."""
    children: list[list[int]] = [[] for _ in tokens]
    for token in tokens:
        if token.head >= 0:
            children[token.head].append(token.i)
    return tuple(tuple(held) for held in children)


def site_of(analysis: Analysis, children: Sequence[Sequence[int]], name: Found, resolution: Resolution) -> Site:
    """A name with its way through the tree."""
    tokens = analysis.tokens
    head = head_of(tokens, name.tokens)
    passed = {tokens[head].text.lower()} if name.capital_of else set()
    while (case := case_of(tokens, children, head)) in ("", "of", "with", "between") and climbs(tokens, head):
        head = tokens[head].head
        passed.add(tokens[head].text.lower())
    joined = tokens[head].deprel == "conj" and tokens[head].head >= 0
    anchor = tokens[head].head if joined else head
    case = case or case_of(tokens, children, anchor)
    return Site(
        tokens=name.tokens,
        head=head,
        case=case,
        relation=tokens[anchor].deprel,
        governor=tokens[anchor].head,
        border=bool(passed & BORDER_NOUNS),
        around=bool(passed & AROUND_NOUNS),
        joined=joined,
        resolution=resolution,
    )


def head_of(tokens: Sequence[Token], name: TokenRange) -> int:
    """The token of a stretch whose head lies outside it."""
    for i in range(name.start, name.end):
        if not name.start <= tokens[i].head < name.end:
            return i
    return name.start


def climbs(tokens: Sequence[Token], i: int) -> bool:
    """Whether a name specifies a noun for a place, which stands for both: "the city of Aleppo", "the Iraqi border"."""
    head = tokens[i].head
    if head >= 0 and tokens[head].lemma.lower() in FOREIGN_HOUSES and tokens[i].deprel != "nmod":
        return False
    return (
        head >= 0
        and tokens[i].deprel in PASSED
        and tokens[head].lemma.lower() in PLACE_NOUNS | BORDER_NOUNS | AROUND_NOUNS
    )


def case_of(tokens: Sequence[Token], children: Sequence[Sequence[int]], i: int) -> str:
    """The prepositions over a word, joined: "in", "out of"."""
    words = [tokens[k].text.lower() for k in children[i] if tokens[k].deprel == "case" and tokens[k].text[0].isalpha()]
    words += [
        tokens[f].text.lower()
        for k in children[i]
        if tokens[k].deprel == "case"
        for f in children[k]
        if tokens[f].deprel == "fixed"
    ]
    return " ".join(words)
