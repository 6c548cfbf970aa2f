"""Mention → who that is: country, sector, canonical name, and the office held on the article's date.

Each mention is first read by its own words (`phrases`), then with its chain: the mentions that are the same thing share what
is known of it. "Juan Pérez, a farmer from Oaxaca" has its name from one mention and its country and sector from the other;
"he" has everything from the rest. A mention keeps what its own words say for certain, so that one wrong link does not turn
Minsk into Moscow. What the words leave open is taken from the article where it is clearly about one country (`setting`),
and `Actor.reason` says so; where it is not, the country stays None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from lapwing.actors.phrases import Identity, resolve_words, words_of
from lapwing.actors.setting import Setting, likely_country, setting_of
from lapwing.dictionaries import longest_matches
from lapwing.records import Actor, Analysis, Document, Entity, Mention, Span
from lapwing.trees import Tree, tree_of

POSSESSIVE = frozenset(["his", "her", "its", "their", "our", "my", "whose"])


def resolve_actors(document: Document, analysis: Analysis, mentions: Sequence[Mention]) -> tuple[Actor, ...]:
    """Who each mention is: the k-th actor belongs to the k-th mention. Spans are *clean*."""
    setting = setting_from(document, analysis)
    read = [own_identity(analysis, mention, setting) for mention in mentions]
    shared = chain_identities(mentions, read)
    owned = with_places(analysis, mentions, read) | with_owners(analysis, mentions, read, shared, setting)
    if owned:
        for k, identity in owned.items():
            read[k] = identity
        shared = chain_identities(mentions, read)
    return tuple(
        actor_of(document, analysis, mention, final_identity(mention, read[mention.id], shared[mention.chain], setting))
        for mention in mentions
    )


def resolve_text(
    text: str, *, published: str | None = None, article: Sequence[str] = (), position: int | None = None
) -> Entity | None:
    """Who a phrase names, by its words alone and, where given, the sentences of its article.

    `position` is the number of the sentence that the phrase stands in. None where nothing is known of it.

    >>> resolve_text("the Kremlin").country, resolve_text("two French farmers").sector, resolve_text("the table")
    ('RUS', 'AGR', None)
    """
    sentences = [(k, longest_matches(words_of(sentence))) for k, sentence in enumerate(article)]
    opening = sentences[0][1] if sentences else ()
    setting = setting_of(sentences, when=published, opening=opening)
    identity = resolve_words(words_of(text), setting=setting, position=position)
    if not identity.known and identity.sector is None:
        return None
    return entity_of(identity, None, text)


def setting_from(document: Document, analysis: Analysis) -> Setting:
    """The setting of a parsed article. Positions are tokens."""
    texts = [token.text for token in analysis.tokens]
    sentences = [(span.start, longest_matches(texts[span.start : span.end])) for span in analysis.sentences]
    opening = [longest_matches(words_of(document.title))] if document.title else []
    if document.dateline is not None:
        opening.append(longest_matches(words_of(document.dateline.text)))
    if not opening:
        opening = [matches for _, matches in sentences[:1]]
    return setting_of(
        sentences,
        when=document.published.value,
        opening=[match for matches in opening for match in matches],
        outlet=document.outlet,
    )


# ── mentions ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def own_identity(analysis: Analysis, mention: Mention, setting: Setting) -> Identity:
    """Who a mention is by its own words."""
    if mention.kind == "pronoun":
        return Identity(name=None, known=False, reason="a pronoun whose antecedent was not found")
    words = [token.text for token in analysis.tokens[mention.tokens.start : mention.tokens.end]]
    identity = resolve_words(words, setting=setting, position=mention.head, label=mention.label)
    if mention.label == "PER" and not identity.person and not identity.known:
        return msgspec.structs.replace(identity, person=True)
    return identity


def with_owners(
    analysis: Analysis,
    mentions: Sequence[Mention],
    read: Sequence[Identity],
    shared: dict[int, Identity],
    setting: Setting,
) -> dict[int, Identity]:
    """The mentions that a pronoun says whose they are ("its troops", "his spokesman"), read again with their owner."""
    owners = {
        mention.head: shared[mention.chain]
        for mention in mentions
        if mention.kind == "pronoun" and analysis.tokens[mention.head].text.casefold() in POSSESSIVE
    }
    found: dict[int, Identity] = {}
    for mention in mentions:
        if mention.kind != "nominal" or not depends_on_setting(read[mention.id]):
            continue
        owner = next((o for i, o in owners.items() if analysis.tokens[i].head == mention.head and o.country), None)
        if owner is not None:
            words = [token.text for token in analysis.tokens[mention.tokens.start : mention.tokens.end]]
            found[mention.id] = resolve_words(words, setting=setting, position=mention.head, owner=owner)
    return found


LOCAL = frozenset(["CVL", "EDU", "LAB", "AGR", "COP", "UAF", "CRM", "REL", "SOC", "OPP", "BUS", "MED", None])
"""Sectors of those who act where they live. Soldiers, ministers and reporters are often told of abroad."""


def with_places(analysis: Analysis, mentions: Sequence[Mention], read: Sequence[Identity]) -> dict[int, Identity]:
    """The people without a country of whom their own clause says where they act ("In Lima, students | marched")."""
    tree = tree_of(analysis)
    places = {m.head: read[m.id] for m in mentions if m.kind == "name" and is_place(m, read[m.id])}
    found: dict[int, Identity] = {}
    for mention in mentions:
        own = read[mention.id]
        if mention.kind != "nominal" or own.sector not in LOCAL or not own.sector or not depends_on_setting(own):
            continue
        place = place_of_clause(tree, mention.head, places)
        if place is not None and place.country:
            reason = f"{own.reason.partition(';')[0]}; where its clause says: {place.name}"
            found[mention.id] = msgspec.structs.replace(
                own, country=place.country, known=True, from_setting=True, reason=reason
            )
    return found


def is_place(mention: Mention, identity: Identity) -> bool:
    """Whether a name is that of a country or of a place in it."""
    return bool(identity.country) and (identity.state or mention.label == "LOC") and not identity.person


CLAUSE = frozenset(["nsubj", "nsubj:pass", "obj", "obl:agent", "conj"])
SAME_PLACE = frozenset(["conj", "ccomp", "xcomp", "parataxis"])


def place_of_clause(tree: Tree, head: int, places: Mapping[int, Identity]) -> Identity | None:
    """The place of the clause of which a noun is subject or object, or of the clause that this is told in."""
    at = head
    while tree.tokens[at].deprel == "conj" and tree.tokens[at].head >= 0:
        at = tree.tokens[at].head
    if tree.tokens[at].deprel not in CLAUSE or tree.tokens[at].head < 0:
        return None
    verb = tree.tokens[at].head
    for _ in range(3):
        for child in tree.children[verb]:
            token = tree.tokens[child]
            if token.deprel == "obl" and child in places and is_inside(tree, child):
                return places[child]
        if tree.tokens[verb].deprel not in SAME_PLACE or tree.tokens[verb].head < 0:
            return None
        verb = tree.tokens[verb].head
    return None


def is_inside(tree: Tree, i: int) -> bool:
    """Whether a noun stands after "in" or "at"."""
    return any(tree.tokens[c].deprel == "case" and tree.tokens[c].lemma in ("in", "at") for c in tree.children[i])


def depends_on_setting(identity: Identity) -> bool:
    """Whether a mention's own words do not tell its country."""
    return identity.country is None or identity.from_setting


# ── chains ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def strength(mention: Mention, identity: Identity) -> int:
    """How much a mention's own words say of who it is: 4 a known name … 0 nothing."""
    if mention.kind == "pronoun" or not (identity.known or identity.sector):
        return 0
    if identity.country is None:
        return 1
    if identity.from_setting:
        return 2
    return 4 if mention.kind == "name" else 3


def chain_identities(mentions: Sequence[Mention], read: Sequence[Identity]) -> dict[int, Identity]:
    """What each chain's mentions together say."""
    chains: dict[int, list[Mention]] = {}
    for mention in mentions:
        chains.setdefault(mention.chain, []).append(mention)
    return {chain: merged(members, read) for chain, members in chains.items()}


def merged(members: Sequence[Mention], read: Sequence[Identity]) -> Identity:
    """One identity for a chain: the strongest mention's; a person's name from the fullest name in it."""
    full = [m for m in members if is_full_name(m, read[m.id])]
    if full:
        members = [m for m in members if not read[m.id].by_surname] or members
    ranked = sorted(members, key=lambda m: (-strength(m, read[m.id]), m.id))
    best = read[ranked[0].id]
    named = [read[m.id] for m in members if m.kind == "name" and read[m.id].name]
    if named and (not best.known or not best.person):
        fullest = max(named, key=lambda identity: len(identity.name or ""))
        if best is not fullest and (ranked[0].kind == "nominal" or best.name is None):
            best = msgspec.structs.replace(best, name=fullest.name, person=fullest.person)
    if full and best.person and ranked[0].kind == "nominal" and best.reason.startswith("leaders.csv"):
        fullest = max((read[m.id] for m in full), key=lambda identity: len(identity.name or ""))
        if (best.name or "").split(" ")[-1] not in (fullest.name or ""):
            best = msgspec.structs.replace(best, name=fullest.name, office=None, wikidata=None)
    if best.sector is None:
        sector = next((read[m.id].sector for m in ranked if read[m.id].sector), None)
        best = msgspec.structs.replace(best, sector=sector)
    return best


def is_full_name(mention: Mention, identity: Identity) -> bool:
    """Whether a mention is a personal name of several words that no dictionary knows."""
    unknown = not identity.known or identity.from_setting or identity.reason.startswith("roles.csv")
    return mention.kind == "name" and identity.person and unknown and " " in (identity.name or "")


def final_identity(mention: Mention, own: Identity, chain: Identity, setting: Setting) -> Identity:
    """What is told of a mention: its own words' meaning if that is sure, else its chain's, else the setting's guess."""
    sure = strength(mention, own)
    differs = bool(own.country and chain.country and own.country != chain.country)
    identity = own if (sure == 4 and not own.by_surname) or (sure == 3 and differs) else chain
    if identity.country is None and identity.person:
        return placed_by_setting(identity, setting, mention.head)
    return identity


def placed_by_setting(identity: Identity, setting: Setting, position: int) -> Identity:
    """A person of whom no country is told, in an article that is about one country."""
    code, why = likely_country(setting, position)
    if code is None:
        return msgspec.structs.replace(identity, reason=f"{identity.reason}; {why}")
    return msgspec.structs.replace(identity, country=code, from_setting=True, reason=f"{identity.reason}; {why}")


def actor_of(document: Document, analysis: Analysis, mention: Mention, identity: Identity) -> Actor:
    """The record of a mention with its entity."""
    tokens = analysis.tokens
    start, end = tokens[mention.tokens.start].start, tokens[mention.tokens.end - 1].end
    span = Span(start, end, document.text[start:end])
    entity = entity_of(identity, span, span.text)
    return Actor(mention=mention.id, entity=entity, known=entity.country is not None, reason=identity.reason)


def entity_of(identity: Identity, span: Span | None, text: str) -> Entity:
    """An identity as an entity."""
    return Entity(
        span=span,
        text=text,
        name=identity.name or text,
        country=identity.country,
        sector=identity.sector,
        sectors=tuple(s for s in identity.sectors if s != identity.sector),
        wikidata=identity.wikidata,
        office=identity.office,
    )
