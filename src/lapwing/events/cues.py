"""What speaks for and against a party as actor or recipient of an act, as named cues that are there or not.

Three kinds, each with its own weights. A *candidate's* cues tell how the party stands to the act: its relation, path and branch in
the tree, alone and together with the type, the voice, the trigger's word and the codebook's frame; what kind of party it is; whether
it speaks the words, is what the article is about, stands in the title. *Nobody's* cues tell what the act is missing: an intransitive
verb, a passive without by-phrase, a sentence without parties. A *pair's* cues look at actor and recipient together: two courses of
the tree that belong together, police and protesters of one country, one party inside the other's phrase, or parties that act mutually.

A cue's name is its reason: "relation agent, ASSAULT" can be shown to a person. None of them comes from the heads that were trained on
event annotation, so that their weights can be learned from the very articles that those heads have seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lapwing.events.relations import AWAY, Way, frame_role, label_of, relations_to, way_to, ways_up
from lapwing.events.scene import NO_STATES, Scene, is_told, speaker_at
from lapwing.events.triggers import Act

MUTUAL = frozenset({"CONSULT", "COOPERATE", "AGREE", "SUPPORT", "CONCEDE", "ASSAULT", "RETREAT"})
"""Types in which two parties may do the same to each other."""

MOST_CANDIDATES = 18
BEFORE = 2
"""Sentences before the act's whose parties may fill its roles."""
FREQUENT = 2
"""So many of the article's most frequent parties may fill a role wherever they stand."""
POINTED = 0.03

SHAPE = frozenset({"nsubj", "nsubjpass", "obj", "agent", "iobj", "ccomp", "xcomp"})
TELLING = ("subj", "agent", "obj", "subjpass", "nmod:of", "mod", "poss", "light:subj", "comp:subj")
"""Relations whose presence says that somebody is named."""
PLACING = frozenset({"in", "at", "near", "from"})


class Candidate(NamedTuple):
    """A party that may fill a role. Positions are those in the scene's mentions.

    `mentions` are those near the act, `near` the one that stands closest in the tree and `shown` the one that names the party best;
    `cues` are what speaks for it, `pointers` what share of the model's pointers reaches it, by role.
    """

    key: str
    mentions: tuple[int, ...]
    near: int
    shown: int
    here: bool
    relation: str
    branch: str
    country: str | None
    sector: str
    head: int
    cues: tuple[str, ...]
    pointers: dict[str, float]

    @property
    def party(self) -> str:
        """What a reader of records compares: the country, or else the party itself."""
        return self.country or self.key


class Setting(NamedTuple):
    """What the cues of all candidates of an act share."""

    scene: Scene
    act: Act
    lemma: str
    voice: str
    frame: str
    relations: dict[int, str]
    ups: dict[int, tuple[str, ...]]
    speaker: str | None
    told: bool


def setting_of(scene: Scene, act: Act) -> Setting:
    """The setting of an act."""
    i = act.trigger.token
    return Setting(
        scene=scene,
        act=act,
        lemma=scene.tree.tokens[i].lemma.lower(),
        voice=_voice(scene, i),
        frame=act.entry.frame if act.entry else "none",
        relations=relations_to(scene.tree, i),
        ups=ways_up(scene.tree, i),
        speaker=speaker_at(scene, i),
        told=is_told(scene, i),
    )


def _voice(scene: Scene, i: int) -> str:
    token = scene.tree.tokens[i]
    passive = any(scene.tree.tokens[c].deprel in ("nsubj:pass", "aux:pass") for c in scene.tree.children[i])
    if passive or (token.xpos == "VBN" and token.deprel.startswith("acl")):
        return "passive"
    return {"NOUN": "noun", "PROPN": "noun", "VERB": "verb", "AUX": "verb"}.get(token.upos, "other word")


# ── candidates ────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_candidates(scene: Scene, act: Act) -> list[Candidate]:
    """The parties that may fill the act's roles, with their cues: those of its sentence first, then those near it, those that the
    model points at, the speaker, and those that the article is mostly about."""
    setting = setting_of(scene, act)
    here, where = _parties_near(setting)
    trigger = act.trigger.token
    masses: dict[str, dict[int, float]] = {}
    for r in act.trigger.roles:
        masses.setdefault(r.role, {})[r.token] = r.score

    def order(key: str) -> tuple[bool, bool, int, str]:
        return (
            key not in here,
            key != setting.speaker,
            min(abs(scene.mentions[k].head - trigger) for k in where[key]),
            key,
        )

    kept = sorted(where, key=order)[:MOST_CANDIDATES]
    bare = [_placed(setting, key, where[key], masses, here=key in here) for key in kept]
    ranks = _ranks(bare, trigger)
    return [c._replace(cues=tuple(_cues(setting, c, way, ranks.get(c.key, "elsewhere")))) for c, way in bare]


def _parties_near(setting: Setting) -> tuple[set[str], dict[str, list[int]]]:
    """The parties of the act's sentence, and the mentions to look at of each party that comes into question."""
    scene, act = setting.scene, setting.act
    n = scene.tree.tokens[act.trigger.token].sentence
    where: dict[str, list[int]] = {}
    for k in scene.in_sentence.get(n, ()):
        m = scene.mentions[k]
        of_trigger = act.tokens.start <= m.head < act.tokens.end and m.kind != "name"
        if not of_trigger and m.head != act.trigger.token:
            where.setdefault(scene.keys[k], []).append(k)
    here = set(where)
    at = scene.coded.index(n) if n in scene.coded else 0
    near = [
        k for sentence in reversed(scene.coded[max(0, at - BEFORE) : at]) for k in scene.in_sentence.get(sentence, ())
    ]
    pointed = [
        k
        for r in act.trigger.roles
        if r.role in ("actor", "recipient") and r.score > POINTED
        for k in scene.at_token.get(r.token, ())
    ]
    for k in dict.fromkeys((*near, *pointed)):
        if scene.keys[k] not in here:
            where.setdefault(scene.keys[k], []).append(k)
    frequent = [key for key, rank in scene.rank.items() if rank < FREQUENT]
    for key in (*([setting.speaker] if setting.speaker else []), *frequent):
        if key not in where:
            where[key] = [min(scene.parties[key], key=lambda k: (abs(scene.mentions[k].head - act.trigger.token), k))]
    return here, where


def _placed(
    setting: Setting, key: str, mentions: Sequence[int], masses: dict[str, dict[int, float]], *, here: bool
) -> tuple[Candidate, Way]:
    """A party without its cues, and the way to its nearest mention."""
    scene, trigger = setting.scene, setting.act.trigger.token
    ways = {k: way_to(scene.tree, setting.ups, scene.mentions[k].head) if here else AWAY for k in mentions}
    ranked = sorted(mentions, key=lambda k: (ways[k].length, abs(scene.mentions[k].head - trigger), k))
    heads = [scene.mentions[k].head for k in ranked]
    named = next((setting.relations[i] for i in heads if i in setting.relations), "none") if here else "away"
    tokens = {i for k in mentions for i in range(scene.mentions[k].tokens.start, scene.mentions[k].tokens.end)}
    entities = [scene.actors[scene.mentions[k].id].entity for k in ranked]
    near = ranked[0]
    candidate = Candidate(
        key=key,
        mentions=tuple(mentions),
        near=near,
        shown=min(ranked, key=lambda k: (scene.mentions[k].kind == "pronoun", ranked.index(k))),
        here=here,
        relation=named,
        branch=ways[near].branch,
        country=next((e.country for e in entities if e.country), None),
        sector=entities[0].sector or "no sector",
        head=heads[0],
        cues=(),
        pointers={role: sum(mass.get(i, 0.0) for i in tokens) for role, mass in masses.items()},
    )
    return candidate, ways[near]


def _ranks(bare: Sequence[tuple[Candidate, Way]], trigger: int) -> dict[str, str]:
    """How many parties of the sentence stand between each and the trigger, on its side."""
    heads = sorted((abs(c.head - trigger), c.head < trigger, c.key) for c, _ in bare if c.here)
    ranks: dict[str, str] = {}
    for side, name in ((True, "before"), (False, "after")):
        for n, (_, _, key) in enumerate(h for h in heads if h[1] == side):
            ranks[key] = f"{min(n + 1, 4)} {name}"
    return ranks


# ── a candidate's cues ────────────────────────────────────────────────────────────────────────────────────────────────


def _cues(setting: Setting, c: Candidate, way: Way, rank: str) -> Iterator[str]:
    yield from _tree_cues(setting, c, way)
    yield from _place_cues(setting, c, rank)
    yield from _kind_cues(setting, c)
    yield from _article_cues(setting, c)
    if c.here:
        yield from _phrase_cues(setting, c, way)


def _tree_cues(setting: Setting, c: Candidate, way: Way) -> Iterator[str]:
    event, voice, lemma = setting.act.event, setting.voice, setting.lemma
    for name, told in (("relation", c.relation), ("path", way.path), ("branch", way.branch)):
        cue = f"{name} {told}"
        yield from (cue, f"{cue}, {event}", f"{cue}, {voice}")
    yield f"relation {c.relation}, “{lemma}”"
    yield f"branch {way.branch}, “{lemma}”"
    yield f"relation {c.relation}, frame {setting.frame}"
    yield f"branch {way.branch}, {min(way.depth, 3)} deep"
    role = frame_role(setting.act, c.relation)
    if role:
        yield from (f"frame's {role}", f"frame's {role}, {event}", f"frame's {role}, frame {setting.frame}")


def _place_cues(setting: Setting, c: Candidate, rank: str) -> Iterator[str]:
    scene, event = setting.scene, setting.act.event
    mention = scene.mentions[c.near]
    trigger = setting.act.trigger.token
    gap = 0 if c.here else max(-4, min(1, scene.tree.tokens[c.head].sentence - scene.tree.tokens[trigger].sentence))
    yield from (f"{mention.kind}, sentence {gap:+d}", f"sentence {gap:+d}, {event}")
    yield from (f"party {rank}", f"party {rank}, {event}", f"party {rank}, {setting.voice}")
    if c.here:
        side = "before" if c.head < trigger else "after"
        yield f"distance {min(6, int(math.log2(1 + abs(c.head - trigger))))} {side}"


def _kind_cues(setting: Setting, c: Candidate) -> Iterator[str]:
    scene, event = setting.scene, setting.act.event
    mention = scene.mentions[c.near]
    named = "name" if any(scene.mentions[k].kind == "name" for k in c.mentions) else mention.kind
    code = c.country if c.country in NO_STATES else "a state's" if c.country else "nobody's"
    word = scene.tree.tokens[mention.head].lemma.lower() if mention.kind != "name" else "a name"
    for cue in (f"code {code}", f"sector {c.sector}", f"word {word}"):
        yield from (cue, f"{cue}, {event}")
    yield from (f"{named}, {event}", f"label {mention.label}, {event}")
    if c.here and mention.kind == "pronoun":
        pronoun = scene.tree.tokens[mention.head].text.lower()
        quoted = "quoted" if scene.quoted[setting.act.trigger.token] else "not quoted"
        yield from (f"pronoun {pronoun}", f"pronoun {pronoun}, {quoted}", f"pronoun {pronoun}, {event}")
    if c.here and mention.kind != "name":
        yield f"word {word}, relation {c.relation}"


def _article_cues(setting: Setting, c: Candidate) -> Iterator[str]:
    scene, event, here = setting.scene, setting.act.event, "here" if c.here else "away"
    rank = min(scene.rank[c.key], 4)
    yield from (f"frequent {rank}", f"frequent {rank}, {event}, {here}", f"subjects {scene.subjects[c.key]}, {event}")
    if c.key in scene.titled:
        yield from ("in the title", f"in the title, {event}, {here}")
    if c.key in scene.opening:
        yield from ("in the opening", f"in the opening, {here}")
    if c.country and c.country == scene.country:
        yield from ("main country", f"main country, {event}")
    if scene.topic.get(scene.tree.tokens[setting.act.trigger.token].sentence) == c.key:
        yield from ("last subject", f"last subject, {event}")
    if setting.speaker == c.key:
        quoted = "quoted" if scene.quoted[setting.act.trigger.token] else "not quoted"
        yield from ("speaker", f"speaker, {event}", f"speaker, {quoted}", f"speaker, “{setting.lemma}”")
        yield f"speaker, relation {c.relation}"
    elif setting.told:
        yield f"not the speaker, {event}"


def _phrase_cues(setting: Setting, c: Candidate, way: Way) -> Iterator[str]:
    """What the words right around a party of the sentence tell."""
    scene, event, tree = setting.scene, setting.act.event, setting.scene.tree
    mention = scene.mentions[c.near]
    case = tree.case_of(c.head).split(" ")[0] or "no preposition"
    if way.turn >= 0:
        yield f"path {way.path}, under “{tree.tokens[way.turn].lemma.lower()}”"
        yield f"steps {min(way.length, 7)}"
    yield from (
        f"{case}, {event}",
        f"{case}, “{setting.lemma}”",
        f"label {label_of(tree.tokens[c.head].deprel)}, {event}",
    )
    if mention.label == "LOC" and case in PLACING:
        yield from ("a place", f"a place, {event}")
    outer = scene.around[c.near]
    if outer >= 0:
        relation = setting.relations.get(scene.mentions[outer].head, "none")
        yield from ("inside a phrase", f"inside a phrase, relation {c.relation}")
        yield from (f"inside the phrase {relation}", f"inside the phrase {relation}, {event}")
    if mention.kind == "nominal" and any(tree.tokens[k].deprel == "nmod:poss" for k in tree.children[mention.head]):
        yield "somebody's"
    if setting.act.tokens.start <= c.head < setting.act.tokens.end:
        yield from ("inside the trigger", f"inside the trigger, {event}")


# ── nobody's cues ─────────────────────────────────────────────────────────────────────────────────────────────────────


def nobody_cues(scene: Scene, act: Act, candidates: Sequence[Candidate]) -> list[str]:
    """What speaks for a role that nobody fills."""
    tree, event, i = scene.tree, act.event, act.trigger.token
    voice, lemma = _voice(scene, i), tree.tokens[i].lemma.lower()
    children = tree.children[i]
    shape = "+".join(sorted({label_of(tree.tokens[c].deprel) for c in children} & SHAPE)) or "bare"
    cases = {tree.case_of(c).split(" ")[0] for c in children if tree.tokens[c].deprel.startswith(("obl", "nmod"))} - {
        ""
    }
    phrases = "+".join(sorted(cases)) or "none"
    here = sum(c.here for c in candidates)
    told = "told" if is_told(scene, i) else "not told"
    found = [
        "nobody", f"nobody, {event}", f"nobody, “{lemma}”", f"nobody, {event}, {shape}", f"nobody, {voice}, {shape}",
        f"nobody, {event}, {voice}", f"nobody, frame {act.entry.frame if act.entry else 'none'}", f"nobody, {min(here, 6)} here",
        f"nobody, {event}, {min(here, 3)} here", f"nobody, phrases {phrases}", f"nobody, {event}, phrases {phrases}",
        f"nobody, under {label_of(tree.tokens[i].deprel)}", f"nobody, {event}, {told}",
    ]  # fmt: skip
    relations = {c.relation for c in candidates}
    for relation in TELLING:
        if relation in relations:
            found += [f"nobody, though {relation}", f"nobody, though {relation}, {event}"]
    return found


# ── a pair's cues ─────────────────────────────────────────────────────────────────────────────────────────────────────


def pair_cues(scene: Scene, event: str, actor: Candidate | None, recipient: Candidate | None) -> list[str]:
    """What speaks for an actor and a recipient together; None is nobody."""
    if actor is None or recipient is None:
        return _lone_cues(event, actor, recipient)
    order = "actor first" if actor.head < recipient.head else "recipient first"
    found = [
        f"{order}, {event}",
        *_both(f"relations {actor.relation} → {recipient.relation}", event),
        *_both(f"branches {actor.branch} → {recipient.branch}", event),
        *_both(f"sectors {actor.sector} → {recipient.sector}", event),
    ]
    if actor.country and actor.country == recipient.country:
        found += [*_both("one country", event), f"one country, {actor.sector} → {recipient.sector}"]
    elif actor.country and recipient.country:
        found.append(f"two countries, {event}")
    if are_coordinated(scene, actor, recipient):
        found += _both("coordinated", event)
    if actor.here and recipient.here:
        if scene.around[actor.near] == recipient.near:
            found += _both("actor inside recipient", event)
        if scene.around[recipient.near] == actor.near:
            found += _both("recipient inside actor", event)
    return found


def _both(cue: str, event: str) -> tuple[str, str]:
    return cue, f"{cue}, {event}"


def _lone_cues(event: str, actor: Candidate | None, recipient: Candidate | None) -> list[str]:
    if actor is not None:
        return [*_both(f"only an actor, {actor.relation}", event)]
    if recipient is not None:
        return [
            *_both(f"only a recipient, {recipient.relation}", event),
            f"only a recipient, {recipient.sector}, {event}",
        ]
    return [*_both("neither", event)]


def mutual_cues(scene: Scene, act: Act, one: Candidate, other: Candidate) -> list[str]:
    """What speaks for two parties that do the same to each other."""
    first, second = sorted((one.relation, other.relation))
    lemma = scene.tree.tokens[act.trigger.token].lemma.lower()
    found = [
        *_both("mutual", act.event), f"mutual, “{lemma}”", *_both(f"mutual, {first} + {second}", act.event),
    ]  # fmt: skip
    if are_coordinated(scene, one, other):
        found += _both("mutual, coordinated", act.event)
    if one.country and one.country == other.country:
        found += _both("mutual, one country", act.event)
    return found


def are_coordinated(scene: Scene, one: Candidate, other: Candidate) -> bool:
    """Whether one is joined to the other by "and" or a comma."""
    a, b = scene.tree.tokens[one.head], scene.tree.tokens[other.head]
    same_head = a.head == b.head and a.deprel == b.deprel == "conj"
    return same_head or (a.deprel == "conj" and a.head == b.i) or (b.deprel == "conj" and b.head == a.i)
