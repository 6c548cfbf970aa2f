"""Who says so: the one who vouches for an act or denies it, or nobody but the article.

A reader believes an act on somebody's word, and it matters whose. The word is found where grammar puts it. From the
act the rules climb the dependency tree, and at every step look for a voice: a verb of saying or thinking over the
clause ("officials said that …"), a noun that holds a statement ("claims by …"), a verb of saying set beside it (",
the mayor said,"), a phrase ("according to …"). Where the act stands in quotation marks and its sentence names no
speaker, the speaker is that of the quotation: named in another sentence of it, or in the sentence before or after.

Voices come out from the innermost to the outermost, and the first that vouches is the source. Not every voice does.
One who asks or praises vouches for nothing. A newspaper or agency only passes on what it was told, and becomes the
relay, unless it speaks for a state or a movement. And the act itself may be the speaking: who accuses is the actor of
the accusation, not a witness to it, so the source is empty.

The model's pointer and its attribution spans speak where the tree is silent, and the record says which of them spoke.

References: Newell, Margolin and Ruths 2018, "An attribution relations corpus for political news" (source, cue,
content); Krestel, Bergler and Witte 2008 on reporting verbs.
"""

from __future__ import annotations

from collections.abc import Sequence

from lapwing.attribution.choice import by_rule, doubted, pointed_at, trusted, weighed
from lapwing.attribution.outlets import is_outlet
from lapwing.attribution.scene import Scene, set_scene
from lapwing.attribution.told import source_of
from lapwing.records import Actor, Analysis, Document, Frame, Mention, Sourcing


def attribute(
    document: Document,
    analysis: Analysis,
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    frames: Sequence[Frame],
) -> tuple[Sourcing, ...]:
    """Who vouches for each frame or denies it; parallel to `frames`. `actors` is parallel to `mentions`. Spans are
    clean."""
    scene = set_scene(document, analysis, mentions, actors)
    return tuple(attribute_frame(scene, frame) for frame in frames)


def attribute_frame(scene: Scene, frame: Frame) -> Sourcing:
    """The source and relay of one act: what the rules find, weighed against what the model's pointer says."""
    ruled, relay, reason = by_rule(scene, frame)
    pointed, chance = pointed_at(scene, frame)
    if chance is not None:
        voiced = weighed(chance, ruled=ruled is not None)
        if ruled is not None and voiced < 0.5:
            return Sourcing(source=None, relay=relay, reasons=(reason, doubted(chance)))
        if ruled is None and voiced >= 0.5 and pointed is not None and not is_outlet(scene, pointed.holder or 0):
            return Sourcing(source=source_of(scene, frame, pointed), relay=relay, reasons=(reason, trusted(chance)))
    source = source_of(scene, frame, ruled) if ruled is not None else None
    return Sourcing(source=source, relay=relay, reasons=(reason,))
