"""Everyone who may be the source of an act, with what speaks for each: the options that compete with "nobody".

First those whom the rules hear over or beside the act, in the order of the tree; then who else is told to speak in its sentence and in
those around it, for reports often go on without naming their speaker again; last whom the attribution head and the pointer take for one.
What is told of an option are names of features, so that the fitted weights can be read: where the voice was heard, what its cue says,
who holds it, how the act hangs on what is said, whether the holder does the act.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lapwing.attribution.holders import is_definite, subject_of
from lapwing.attribution.outlets import is_likely_outlet, is_outlet
from lapwing.attribution.quoted import quotation_at, speaker
from lapwing.attribution.rules import by_rule, is_nobody, is_own_voice, is_same
from lapwing.attribution.scene import POINTED, SEEN, SPOKEN, VOUCHING, Scene, Voice
from lapwing.attribution.voices import covers, head_of, voices, with_author
from lapwing.dictionaries.reporting import reporting_words
from lapwing.records import Frame, TokenRange

Features = dict[str, float]

SPEAKERS_OWN = frozenset({"i", "we", "my", "our", "me", "us", "you"})
THIRD_PERSON = frozenset({"he", "she", "it", "they", "his", "her", "its", "their", "him", "them"})
RELATIVE = frozenset({"which", "that", "what", "who", "whom", "this", "there"})
DUTY = frozenset({"should", "must", "need", "ought", "have to"})
SINCE = frozenset({"after", "since", "before", "when", "while", "as", "until", "following", "despite"})
BEFORE = 4
"""Sentences that a speaker is looked for before the act's."""
POINTERS = 3
"""Mentions that the pointer is asked for."""
SURE = 0.6
LONGEST_WAY = 30


class Option(NamedTuple):
    """Someone who may be the source. `key` is the same for all that stand for one entity."""

    voice: Voice
    key: str
    features: Features
    pointed: float


# ── who may be it ─────────────────────────────────────────────────────────────────────────────────────────────────────


def heard(scene: Scene, frame: Frame) -> Iterator[Voice]:
    """All voices that may vouch for an act, the likeliest kinds first; one may come more than once."""
    for voice in voices(scene, frame):
        yield with_author(scene, voice)
    yield from around(scene, frame)
    yield from seen(scene, frame)


def around(scene: Scene, frame: Frame) -> Iterator[Voice]:
    """Who is told to speak elsewhere in the sentence, last before it, and right after it."""
    own = speaker(scene, frame.sentence, frame)
    if own is not None:
        yield own._replace(how="speaker elsewhere in the sentence")
    for k in range(frame.sentence - 1, max(frame.sentence - 1 - BEFORE, -1), -1):
        before = speaker(scene, k, frame)
        if before is not None:
            yield with_author(scene, before)._replace(how="speaker before")
            break
    if frame.sentence + 1 < len(scene.document.sentences):
        after = speaker(scene, frame.sentence + 1, frame)
        if after is not None:
            yield with_author(scene, after)._replace(how="speaker after")


def seen(scene: Scene, frame: Frame) -> Iterator[Voice]:
    """The sources that the attribution head sees in the sentence, and in the one before where it sees none."""
    for k in (frame.sentence, frame.sentence - 1):
        sources = [span.tokens for span in scene.spans.get(k, ()) if span.role == "source"]
        for tokens in sources:
            holder = head_of(scene.tree, tokens)
            how = "source in the sentence" if k == frame.sentence else "source in the sentence before"
            yield Voice(holder, tokens, SEEN, frame.token, how)
        if sources:
            return


def pointed_at(scene: Scene, frame: Frame) -> dict[int, float]:
    """The mentions that the model's pointer takes for the source, with their shares, the largest first."""
    shares: dict[int, float] = {}
    for role in frame.trigger.roles if frame.trigger is not None else ():
        mention = scene.named.get(role.token) if role.role == "source" else None
        if mention is not None:
            shares[mention] = shares.get(mention, 0.0) + role.score
    return dict(sorted(shares.items(), key=lambda item: (-item[1], item[0])))


def options(scene: Scene, frame: Frame) -> list[Option]:
    """All that may be the source of an act."""
    pointed = pointed_at(scene, frame)
    shares: dict[str, float] = {}
    for mention, share in pointed.items():
        key = key_of(scene, scene.mentions[mention].head)
        shares[key] = shares.get(key, 0.0) + share
    found: list[Option] = []
    seen_hows: set[tuple[str, int]] = set()
    rank = 0
    for voice in heard(scene, frame):
        if voice.holder is None or (voice.how, voice.holder) in seen_hows or not may_vouch(scene, voice):
            continue
        seen_hows.add((voice.how, voice.holder))
        found.append(_option(scene, frame, voice, shares, rank))
        rank += 1
    takes_up(scene, found)
    keys = {option.key for option in found}
    for mention in list(pointed)[:POINTERS]:
        head = scene.mentions[mention].head
        if key_of(scene, head) not in keys and not is_outlet(scene, head):
            voice = Voice(head, TokenRange(head, head + 1), POINTED, frame.token, "model")
            found.append(_option(scene, frame, voice, shares, rank))
    return found


def may_vouch(scene: Scene, voice: Voice) -> bool:
    """Whether a voice can be a source at all: who asks or praises is none, nor is an outlet, nor "I", nor nobody."""
    holder = voice.holder or 0
    if voice.word.kind not in VOUCHING or is_own_voice(scene, holder) or is_nobody(scene, holder):
        return False
    return not (is_outlet(scene, holder) or is_likely_outlet(scene, voice))


def takes_up(scene: Scene, found: Sequence[Option]) -> None:
    """Tell whoever spoke before how the act's own voice is named: "he" and "the envoy" take a speaker up again."""
    first = next((o for o in found if ruled(o.voice)), None)
    if first is None:
        return
    own = holder_class(scene, first.voice)
    known = is_resolved(scene, first.voice.holder or 0)
    for option in found:
        if option.voice.how in ("speaker before", "speaker after"):
            same = option.key == first.key
            option.features[f"{option.voice.how}|own={own}|{holder_class(scene, option.voice)}"] = 1.0
            option.features[f"{option.voice.how}|own={own}|known={known}|same={same}"] = 1.0
            if not same:
                first.features[f"own={own}|known={known}|other {option.voice.how}"] = 1.0
            else:
                first.features[f"own={own}|{option.voice.how}"] = 1.0


def is_resolved(scene: Scene, holder: int) -> bool:
    """Whether it is known whom a holder stands for, by a name."""
    mention = scene.named.get(holder)
    if mention is None:
        return False
    return scene.mentions[mention].chain in scene.called


def _option(scene: Scene, frame: Frame, voice: Voice, shares: dict[str, float], rank: int) -> Option:
    key = key_of(scene, voice.holder or 0)
    return Option(voice, key, features_of(scene, frame, voice, rank), shares.get(key, 0.0))


def count_speakers(scene: Scene) -> dict[str, int]:
    """In how many sentences each entity is told to speak."""
    found: dict[str, int] = {}
    for sentence in range(len(scene.analysis.sentences)):
        voice = speaker(scene, sentence, None)
        if voice is not None and voice.holder is not None:
            key = key_of(scene, voice.holder)
            found[key] = found.get(key, 0) + 1
    return found


def key_of(scene: Scene, holder: int) -> str:
    """What stands for the entity of a holder: its name, else its chain of mentions, else its place in the text."""
    mention = scene.named.get(holder)
    if mention is None:
        return f"token {holder}"
    name = scene.actors[mention].entity.name
    return name if name is not None else f"chain {scene.mentions[mention].chain}"


# ── what speaks for them ──────────────────────────────────────────────────────────────────────────────────────────────


def features_of(scene: Scene, frame: Frame, voice: Voice, rank: int) -> Features:
    """What speaks for and against a voice."""
    holder = voice.holder or 0
    spoken = frame.event in SPOKEN
    kind = f"act={frame.event}" if spoken else "act=done"
    names = [
        f"how={voice.how}",
        f"kind={voice.word.kind}",
        f"stance={voice.word.stance}",
        f"rank={min(rank, 2)}",
        f"holder={holder_class(scene, voice)}",
        f"way={way(scene, frame, voice)}",
    ]
    same = does(scene, frame, holder)
    subject = f"subject={subject_class(scene, frame, voice)}"
    names += [f"how={voice.how}|{kind if spoken else frame.event}"]
    names += [f"{kind}|does={same}", f"{kind}|{subject}"]
    if spoken:
        names += [
            f"spoken|does={same}|{subject}",
            f"spoken|trigger={trigger_kind(scene, frame)}",
            f"spoken|does={same}|trigger={trigger_kind(scene, frame)}",
        ]
        names += [f"{kind}|trigger={trigger_kind(scene, frame)}", f"spoken|way={way(scene, frame, voice)}"]
        names += ["spoken|definite"] * is_definite(scene.tree, frame.token)
        names += [f"{frame.event}|duty"] * duty(scene, frame)
    else:
        names += ["done|definite"] * is_definite(scene.tree, frame.token)
        names += [f"done|noun={scene.tree.tokens[frame.token].upos == 'NOUN'}"]
    names += quotation_features(scene, frame, voice)
    names += [f"cue={scene.tree.tokens[voice.cue.start].lemma.lower()}"] * ruled(voice)
    path = way(scene, frame, voice)
    names += [
        f"{kind}|way={path}",
        f"{'spoken' if spoken else 'done'}|way={path}|noun={scene.tree.tokens[frame.token].upos == 'NOUN'}",
    ] * ruled(voice)
    names += [f"{voice.how}|backshifted={backshifted(scene, frame)}"] * (not ruled(voice))
    names += [f"trigger dep={scene.tree.tokens[frame.token].deprel}"]
    names += [f"often={min(scene.speakers.get(key_of(scene, holder), 0), 4)}|ruled={ruled(voice)}"]
    found = dict.fromkeys(names, 1.0)
    for status, share in statuses(frame):
        found[f"{'spoken' if spoken else 'done'}|status={status}"] = share
        if spoken:
            found[f"spoken|does={same}|status={status}"] = share
    found.update(head_features(scene, frame, holder))
    return found


def ruled(voice: Voice) -> bool:
    """Whether the tree or a quotation ties a voice to the act."""
    return not voice.how.startswith(("speaker before", "speaker after", "speaker elsewhere", "source in", "model"))


def backshifted(scene: Scene, frame: Frame) -> bool:
    """Whether the act's clause has the tense of something told: "had …", "would …"."""
    node = frame.token
    for _ in range(3):
        if any(
            scene.tree.tokens[i].text.lower() in ("had", "would") and scene.tree.tokens[i].deprel == "aux"
            for i in scene.tree.children[node]
        ):
            return True
        if scene.tree.tokens[node].head < 0:
            return False
        node = scene.tree.tokens[node].head
    return False


def statuses(frame: Frame) -> tuple[tuple[str, float], ...]:
    """The model's shares of each status."""
    return frame.trigger.statuses if frame.trigger is not None else ()


def holder_class(scene: Scene, voice: Voice) -> str:
    """What kind of words name the holder."""
    token = scene.tree.tokens[voice.holder or 0]
    word = token.text.lower()
    if word in SPEAKERS_OWN:
        return "own"
    if word in THIRD_PERSON:
        return "it" if word == "it" else "pronoun"
    if word in RELATIVE:
        return "relative"
    mention = scene.named.get(token.i)
    if token.upos == "PROPN":
        label = scene.mentions[mention].label if mention is not None else None
        return f"name {label or 'unknown'}"
    if (token.lemma.lower(), "noun") in reporting_words():
        return "document"
    if token.upos in ("NOUN", "ADJ"):
        return "noun" if mention is not None else "noun, no mention"
    return token.upos if token.upos in ("PRON", "NUM", "DET", "VERB") else "other"


def does(scene: Scene, frame: Frame, holder: int) -> str:
    """Whether the holder does the act: as the same entity, as one of the same country, or not."""
    if not frame.actors:
        return "nobody does"
    mention = scene.named.get(holder)
    if mention is None:
        return "no"
    if any(is_same(scene, mention, actor) for actor in frame.actors):
        return "yes"
    country = scene.actors[mention].entity.country
    return "country" if country and any(scene.actors[a].entity.country == country for a in frame.actors) else "no"


def subject_class(scene: Scene, frame: Frame, voice: Voice) -> str:
    """How the subject of the act's clause stands to the holder."""
    subject = subject_near(scene, frame, voice)
    if subject is None:
        return "none"
    word = scene.tree.tokens[subject].text.lower()
    if word in SPEAKERS_OWN:
        return "own"
    one, other = scene.named.get(subject), scene.named.get(voice.holder or 0)
    if subject == voice.holder or (one is not None and other is not None and is_same(scene, one, other)):
        return "holder"
    return "pronoun" if word in THIRD_PERSON else "other"


def subject_near(scene: Scene, frame: Frame, voice: Voice) -> int | None:
    """The subject of the nearest verb at or above the act, below what is said."""
    node = frame.token
    for _ in range(LONGEST_WAY):
        if node == voice.cue.start:
            return None
        subject = subject_of(scene.tree, node)
        if subject is not None:
            return subject
        if node == voice.content or scene.tree.tokens[node].head < 0:
            return None
        node = scene.tree.tokens[node].head
    return None


def trigger_kind(scene: Scene, frame: Frame) -> str:
    """Whether the act's own word tells that somebody speaks ("urged"), and what kind of word it is."""
    token = scene.tree.tokens[frame.token]
    pos = "verb" if token.upos in ("VERB", "AUX") else "noun" if token.upos in ("NOUN", "PROPN") else "other"
    word = reporting_words().get((token.lemma.lower(), pos))
    return f"{pos} {word.kind if word is not None else '-'}"


def duty(scene: Scene, frame: Frame) -> bool:
    """Whether the act's clause says what should be."""
    node = frame.token
    for _ in range(3):
        token = scene.tree.tokens[node]
        if token.lemma in DUTY or any(scene.tree.tokens[i].lemma in DUTY for i in scene.tree.children[node]):
            return True
        if token.head < 0:
            return False
        node = token.head
    return False


def way(scene: Scene, frame: Frame, voice: Voice) -> str:
    """The way from what is said down to the act: the relation that takes it furthest from being what is told."""
    tree, node = scene.tree, frame.token
    relations: list[str] = []
    for _ in range(LONGEST_WAY):
        if node == voice.content:
            break
        token = tree.tokens[node]
        if token.head < 0:
            return "apart"
        relations.append(step(scene, node))
        node = token.head
    for furthest in ("acl:relcl", "since", "advcl", "acl", "nmod", "obl", "nsubj", "obj", "xcomp", "ccomp", "conj"):
        if furthest in relations:
            return furthest
    return "none" if not relations else "other"


def step(scene: Scene, node: int) -> str:
    """The relation of a word to its head; "since" for clauses and phrases of time."""
    tree = scene.tree
    relation = tree.tokens[node].deprel
    if relation in ("advcl", "obl", "nmod"):
        marks = {
            tree.tokens[i].text.lower()
            for i in tree.children[node]
            if tree.tokens[i].deprel in ("mark", "case", "advmod")
        }
        if marks & SINCE:
            return "since"
    return relation if relation == "acl:relcl" else relation.partition(":")[0]


def quotation_features(scene: Scene, frame: Frame, voice: Voice) -> list[str]:
    """Where act, cue and holder stand: in quotation marks, and in which sentence."""
    tokens = scene.tree.tokens
    act, cue = quotation_at(scene, tokens[frame.token].start), quotation_at(scene, tokens[voice.cue.start].start)
    place = (
        "both in one"
        if act and act == cue
        else "act"
        if act and not cue
        else "cue"
        if cue and not act
        else "both"
        if act
        else "neither"
    )
    far = tokens[voice.cue.start].sentence - frame.sentence
    distance = (
        "same"
        if far == 0
        else "before"
        if far == -1
        else "after"
        if far == 1
        else "far before"
        if far < 0
        else "far after"
    )
    return [
        f"quoted={place}",
        f"sentence={distance}",
        f"quoted={place}|sentence={distance}",
        f"quoted={place}|{'spoken' if frame.event in SPOKEN else 'done'}",
    ]


def head_features(scene: Scene, frame: Frame, holder: int) -> Features:
    """What the attribution head says of act and holder."""
    spans = scene.spans.get(frame.sentence, ())
    told = max((s.score for s in spans if s.role == "content" and covers(s.tokens, frame.token)), default=0.0)
    source = any(s.role == "source" and covers(s.tokens, holder) for s in spans)
    mention = scene.named.get(holder)
    if mention is not None and not source:
        within = scene.mentions[mention].tokens
        source = any(s.role == "source" and s.tokens.start < within.end and within.start < s.tokens.end for s in spans)
    return {"head content": told, "head source": float(source), "head both": told * source}


def none_features(scene: Scene, frame: Frame, found: Sequence[Option]) -> Features:
    """What speaks for nobody."""
    spoken = frame.event in SPOKEN
    ruled = any(o.features.get("way=apart", 0.0) == 0.0 for o in found)
    quoted = quotation_at(scene, scene.tree.tokens[frame.token].start) is not None
    names = ["none", f"none|{frame.event}", f"none|heard={ruled}", f"none|quoted={quoted}"]
    names += [f"none|title={scene.document.sentences[frame.sentence].kind == 'title'}"]
    names += [f"none|spoken={spoken}|quoted={quoted}", f"none|options={min(len({o.key for o in found}), 4)}"]
    features = dict.fromkeys(names, 1.0)
    for status, share in statuses(frame):
        features[f"none|spoken={spoken}|status={status}"] = share
    return features


def share_of_none(frame: Frame) -> float | None:
    """How likely the model's pointer says that nobody is the source; None without a pointer."""
    if frame.trigger is None:
        return None
    return next((score for role, score in frame.trigger.none if role == "source"), None)


def odds(share: float) -> float:
    """A share as log odds, kept within bounds.

    >>> odds(0.5), round(odds(0.0), 1)
    (0.0, -4.6)
    """
    share = min(max(share, 0.01), 0.99)
    return math.log(share / (1.0 - share))


def ruled_key(scene: Scene, frame: Frame) -> str | None:
    """The entity that the rules choose, None for nobody."""
    voice, _, _ = by_rule(scene, frame)
    return key_of(scene, voice.holder) if voice is not None and voice.holder is not None else None
