"""An article as the search for actors and recipients looks at it: its parties, where each is mentioned, and who speaks where.

Made once for all acts of an article. Mentions of one party count together, since "Moscow", "the Kremlin" and "Russia" are one
answer; dates and pronouns that stand for nothing are no parties at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from lapwing.records import Actor, Analysis, Document, Mention, TokenRange
from lapwing.trees import Tree

BODIES = frozenset({"IGO", "NGO", "MNC", "IMG", "ISM"})
"""Codes that many parties share, so that they name none."""

NO_STATES = BODIES | {"UNO", "EUR"}

TIMES_TEXT = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october
november december jan. feb. mar. apr. jun. jul. aug. sept. sep. oct. nov. dec. year month week day morning evening night hour
minute today yesterday tomorrow century decade weekend spring summer autumn fall winter time
"""
TIMES = frozenset(TIMES_TEXT.split())
EMPTY = frozenset(["that", "which", "this", "these", "those", "what", "who", "whom", "whose", "there"])
"""Pronouns that name nobody where no antecedent was found."""

OPENING, CLOSING, EITHER = frozenset("“«„‟"), frozenset("”»"), frozenset(['"', "``", "''"])
LONGEST_QUOTATION = 400


class Scene(NamedTuple):
    """What all acts of an article share. Positions are those in `mentions`."""

    analysis: Analysis
    tree: Tree
    mentions: Sequence[Mention]
    actors: Sequence[Actor]
    keys: tuple[str, ...]
    """The party of each mention."""
    parties: dict[str, list[int]]
    """The mentions of each party."""
    in_sentence: dict[int, list[int]]
    at_token: dict[int, list[int]]
    around: tuple[int, ...]
    """The smallest mention that each one lies in, or −1."""
    rank: dict[str, int]
    """Parties by how often they are mentioned, the first being 0."""
    titled: frozenset[str]
    opening: frozenset[str]
    """The parties of the title, and of the first sentence after it."""
    subjects: dict[str, int]
    """How often a party is a subject, of its mentions: 0 (never) … 3 (always)."""
    topic: dict[int, str]
    """For each sentence the subject of the last main clause before it."""
    country: str | None
    """The state most often named."""
    coded: tuple[int, ...]
    quoted: tuple[int, ...]
    """For each token the number of its quotation, from 1, or 0."""
    sources: dict[int, list[TokenRange]]
    told: frozenset[int]
    """The sources of each sentence, and the tokens that somebody is said to say, by the attribution head."""


def set_scene(
    document: Document, analysis: Analysis, tree: Tree, mentions: Sequence[Mention], actors: Sequence[Actor]
) -> Scene:
    """Look up once what `cues` asks for every act."""
    keys = tuple(party_key(actors[m.id], m) for m in mentions)
    parties: dict[str, list[int]] = {}
    in_sentence: dict[int, list[int]] = {}
    at_token: dict[int, list[int]] = {}
    for k, m in enumerate(mentions):
        if not is_nobody(tree, m, actors[m.id]):
            parties.setdefault(keys[k], []).append(k)
            in_sentence.setdefault(tree.tokens[m.head].sentence, []).append(k)
            for i in range(m.tokens.start, m.tokens.end):
                at_token.setdefault(i, []).append(k)
    titles = {s.index for s in document.sentences if s.kind == "title"}
    coded = tuple(k for k, span in enumerate(analysis.sentences) if span.end > span.start)
    first = next((k for k in coded if k not in titles), -1)
    states = Counter(a.entity.country for a in actors if a.entity.country and a.entity.country not in NO_STATES)
    sources, told = _speech(analysis)
    return Scene(
        analysis=analysis,
        tree=tree,
        mentions=mentions,
        actors=actors,
        keys=keys,
        parties=parties,
        in_sentence=in_sentence,
        at_token=at_token,
        around=tuple(_around(mentions, at_token, k) for k in range(len(mentions))),
        rank={key: n for n, key in enumerate(sorted(parties, key=lambda p: (-len(parties[p]), p)))},
        titled=frozenset(keys[k] for n in titles for k in in_sentence.get(n, ())),
        opening=frozenset(keys[k] for k in in_sentence.get(first, ())),
        subjects={
            key: round(3 * sum(_is_subject(tree, mentions[k]) for k in ks) / len(ks)) for key, ks in parties.items()
        },
        topic=_topics(tree, mentions, keys, in_sentence, len(analysis.sentences)),
        country=max(sorted(states), key=lambda c: states[c], default=None),
        coded=coded,
        quoted=_quotations(document, analysis),
        sources=sources,
        told=told,
    )


def party_key(actor: Actor, mention: Mention) -> str:
    """What makes two mentions one party: the same country and kind of body, else the same name, else the same chain."""
    entity = actor.entity
    if entity.country and entity.country not in BODIES:
        return f"{entity.country}/{entity.sector if entity.sector not in ('GOV', 'MIL') else 'state'}"
    return entity.name or f"chain {mention.chain}"


def is_nobody(tree: Tree, mention: Mention, actor: Actor) -> bool:
    """Whether a mention cannot be a party: a date, or a pronoun that stands for nothing."""
    if actor.entity.country:
        return False
    word = tree.tokens[mention.head]
    form = word.text.lower()
    if mention.kind == "pronoun":
        return form in EMPTY and (actor.entity.name or form).lower() == form
    return word.lemma.lower() in TIMES or form in TIMES or form.startswith("mid-")


def _around(mentions: Sequence[Mention], at_token: dict[int, list[int]], k: int) -> int:
    def size(x: int) -> int:
        return mentions[x].tokens.end - mentions[x].tokens.start

    return min((x for x in at_token.get(mentions[k].head, ()) if size(x) > size(k)), key=size, default=-1)


def _is_subject(tree: Tree, mention: Mention) -> bool:
    return tree.tokens[mention.head].deprel in ("nsubj", "nsubj:outer")


def _topics(
    tree: Tree, mentions: Sequence[Mention], keys: Sequence[str], in_sentence: dict[int, list[int]], sentences: int
) -> dict[int, str]:
    topics: dict[int, str] = {}
    last: str | None = None
    for n in range(sentences):
        if last is not None:
            topics[n] = last
        for k in in_sentence.get(n, ()):
            word = tree.tokens[mentions[k].head]
            if word.deprel in ("nsubj", "nsubj:pass") and word.head >= 0 and tree.tokens[word.head].head < 0:
                last = keys[k]
    return topics


# ── who speaks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _quotations(document: Document, analysis: Analysis) -> tuple[int, ...]:
    """A quotation ends with its mark, its paragraph, or when it grows too long to be one."""
    paragraphs = {s.index: s.paragraph for s in document.sentences}
    found = [0] * len(analysis.tokens)
    number, since, opened = 0, -1, -1
    for token in analysis.tokens:
        paragraph = paragraphs.get(token.sentence, 0)
        if since >= 0 and (paragraph != opened or token.i - since > LONGEST_QUOTATION):
            since = -1
        if since < 0 and (token.text[:1] in OPENING or token.text in EITHER):
            number, since, opened = number + 1, token.i, paragraph
        elif since >= 0 and (token.text[:1] in CLOSING or token.text in EITHER):
            since = -1
        elif since >= 0:
            found[token.i] = number
    return tuple(found)


def _speech(analysis: Analysis) -> tuple[dict[int, list[TokenRange]], frozenset[int]]:
    sources: dict[int, list[TokenRange]] = {}
    told: set[int] = set()
    for span in analysis.attributions:
        if span.role == "source":
            sources.setdefault(analysis.tokens[span.tokens.start].sentence, []).append(span.tokens)
        elif span.role == "content":
            told.update(range(span.tokens.start, span.tokens.end))
    return sources, frozenset(told)


def is_told(scene: Scene, token: int) -> bool:
    """Whether somebody is said to say the words at a token."""
    return token in scene.told or scene.quoted[token] > 0


def speaker_at(scene: Scene, token: int) -> str | None:
    """The party that says the words at a token: the source nearest to them in their sentence; for a quotation also in the
    sentences beside it."""
    if not is_told(scene, token):
        return None
    n = scene.tree.tokens[token].sentence
    for sentence in (n, n - 1, n + 1, n - 2) if scene.quoted[token] else (n,):
        spans = [s for s in scene.sources.get(sentence, ()) if not s.start <= token < s.end]
        if spans:
            nearest = min(spans, key=lambda s: abs(s.start - token))
            inside = [k for i in range(nearest.start, nearest.end) for k in scene.at_token.get(i, ())]
            if inside:
                return scene.keys[max(inside, key=lambda k: (_overlap(scene.mentions[k].tokens, nearest), -k))]
    return None


def _overlap(one: TokenRange, other: TokenRange) -> int:
    return min(one.end, other.end) - max(one.start, other.start)
