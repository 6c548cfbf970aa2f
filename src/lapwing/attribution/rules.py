"""Which voice counts by rule alone: the innermost that vouches and does not do the act itself.

These are the annotation's own rules. `choice` weighs their verdict with all else that is told of the voices.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lapwing.attribution.holders import EMPTY_SUBJECTS, is_definite
from lapwing.attribution.outlets import is_likely_outlet, is_outlet, passed_on
from lapwing.attribution.scene import SPOKEN, VOUCHING, Scene, Voice, name_of, span_of
from lapwing.attribution.voices import voices, with_author
from lapwing.records import Frame, Reason, Relay

SPEAKERS_OWN = frozenset({"i", "we", "my", "our", "me", "us", "you"})

NOBODY = frozenset({"which", "that", "what", "report", "rumor", "rumour"})
"""Lemmas of holders who are nobody: relative words that found no noun, and talk without a talker."""


def by_rule(scene: Scene, frame: Frame) -> tuple[Voice | None, Relay | None, Reason]:
    """The first voice that vouches for an act, the relay, and why."""
    relay: Relay | None = None
    for voice in map(partial(with_author, scene), by_weight(voices(scene, frame))):
        if voice.holder is None or voice.word.kind not in VOUCHING:
            continue
        relay = relay or passed_on(scene, voice)
        if is_outlet(scene, voice.holder) or is_likely_outlet(scene, voice):
            relay = relay or Relay(name_of(scene, voice.holder), span_of(scene, voice.holder))
            continue
        if is_own_voice(scene, voice.holder) or is_nobody(scene, voice.holder):
            continue
        if is_background(scene, frame, voice):
            return None, relay, because("told as known, not as what is said", voice.how)
        if does_the_act(scene, frame, voice):
            return None, relay, because("the speaker is the actor", voice.how)
        return voice, relay, because("the innermost voice", voice.how)
    return None, relay, because("nobody is named who says so", "rule")


def is_nobody(scene: Scene, holder: int) -> bool:
    """A holder that stands for no one: "according to reports", "it is expected that"."""
    token = scene.tree.tokens[holder]
    if token.text.lower() == "it" and token.deprel in ("expl", "nsubj:pass"):
        return True
    return token.lemma.lower() in NOBODY and not scene.tree.child(holder, "nmod:poss", "nmod", "compound")


def by_weight(heard: Iterator[Voice]) -> list[Voice]:
    """Voices in the order in which they are asked: one who tells it before one who is told to have found it."""
    return sorted(heard, key=lambda voice: voice.word.kind == "find")


def because(words: str, how: str) -> Reason:
    """A reason for the source."""
    return Reason(field="source", by=how, because=words)


def is_own_voice(scene: Scene, holder: int) -> bool:
    """Whether a voice is the article's or a quoted speaker's own "I" or "we", or nobody's."""
    return scene.tree.tokens[holder].text.lower() in SPEAKERS_OWN | EMPTY_SUBJECTS - {"it"}


def is_background(scene: Scene, frame: Frame, voice: Voice) -> bool:
    """Whether an act done by speaking is mentioned in what is said as something known: by a definite noun ("his call
    for talks") or in a relative clause below it. The speaker does not tell that it was made."""
    node = frame.token
    if frame.event not in SPOKEN or frame.event == "AGREE" or node == voice.content:
        return False
    token = scene.tree.tokens[node]
    if token.upos in ("NOUN", "PROPN"):
        return token.deprel in ("obj", "obl", "nmod", "nsubj") and is_definite(scene.tree, node)
    while node != voice.content and scene.tree.tokens[node].head >= 0:
        if scene.tree.tokens[node].deprel == "acl:relcl":
            return True
        node = scene.tree.tokens[node].head
    return False


def does_the_act(scene: Scene, frame: Frame, voice: Voice) -> bool:
    """Whether the act is the speaking itself: its type is one done by speaking, and the speaker is its actor. Who
    tells of an agreement that was reached only reports it."""
    if frame.event not in SPOKEN or voice.holder is None:
        return False
    if frame.event == "AGREE" and scene.tree.tokens[frame.token].xpos == "VBD":
        return False
    mention = scene.named.get(voice.holder)
    return mention is not None and any(is_same(scene, mention, actor) for actor in frame.actors)


def is_same(scene: Scene, one: int, other: int) -> bool:
    """Whether two mentions stand for the same entity."""
    if scene.mentions[one].chain == scene.mentions[other].chain:
        return True
    name = scene.actors[one].entity.name
    return name is not None and name == scene.actors[other].entity.name
