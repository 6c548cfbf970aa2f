"""A voice as it stands in a record: the source, and the relay before it."""

from __future__ import annotations

from lapwing.attribution.outlets import is_likely_outlet, is_outlet, passed_on
from lapwing.attribution.quoted import quotation_at
from lapwing.attribution.scene import POINTED, VOUCHING, Scene, Voice, name_of, span_between, span_of
from lapwing.attribution.voices import voices
from lapwing.dictionaries.reporting import channels
from lapwing.records import Frame, Relay, Source, SourceKind
from lapwing.trees import Tree


def source_of(scene: Scene, frame: Frame, voice: Voice) -> Source:
    """A voice as a source."""
    holder = voice.holder or 0
    mention = scene.named.get(holder)
    entity = scene.actors[mention].entity if mention is not None else None
    return Source(
        name=name_of(scene, holder),
        country=entity.country if entity else None,
        sector=entity.sector if entity else None,
        kind=kind_of(scene, frame, voice),
        span=span_of(scene, holder),
        cue=span_between(scene, voice.cue) if voice.word is not POINTED else None,
        channel=channel_of(scene.tree, voice),
    )


def kind_of(scene: Scene, frame: Frame, voice: Voice) -> SourceKind:
    """How words are told: inside quotation marks, outside them, or with some of what is said inside."""
    if voice.how == "statement after a colon":
        return "direct"
    quoted = quotation_at(scene, scene.tree.tokens[frame.token].start)
    if quoted is None:
        return "indirect"
    subjects = (i for i in scene.tree.children[voice.content] if scene.tree.tokens[i].deprel.startswith("nsubj"))
    whole = (voice.content, *subjects)
    return "direct" if all(quotation_at(scene, scene.tree.tokens[i].start) == quoted for i in whole) else "mixed"


def channel_of(tree: Tree, voice: Voice) -> str | None:
    """Where it was said: "in a statement", "at a press conference", "on Telegram"."""
    candidates = [j for i in range(voice.cue.start, voice.cue.end) for j in tree.children[i]]
    for i in candidates:
        token = tree.tokens[i]
        if token.deprel.partition(":")[0] not in ("obl", "nmod", "nsubj", "obj"):
            continue
        compounds = [
            tree.tokens[j].text.lower() for j in tree.children[i] if tree.tokens[j].deprel in ("compound", "amod")
        ]
        for phrase in (" ".join([*compounds[-1:], token.lemma.lower()]), token.lemma.lower()):
            if phrase in channels():
                return channels()[phrase]
    return None


def relay_of(scene: Scene, frame: Frame, chosen: int | None) -> Relay | None:
    """The outlet that passed an act on: one that a voice between it and its source spoke to, or that tells it itself."""
    for voice in voices(scene, frame):
        if voice.holder is None or voice.word.kind not in VOUCHING:
            continue
        told = passed_on(scene, voice)
        if told is not None:
            return told
        if voice.holder == chosen:
            return None
        if is_outlet(scene, voice.holder) or is_likely_outlet(scene, voice):
            return Relay(name_of(scene, voice.holder), span_of(scene, voice.holder))
    return None
