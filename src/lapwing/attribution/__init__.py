"""Who says so: the one who vouches for an act or denies it, or nobody but the article.

A reader believes an act on somebody's word, and it matters whose. The word is found where grammar puts it. From the
act the rules climb the dependency tree (`voices`), and at every step look for a voice: a verb of saying or thinking over the
clause ("officials said that …"), a noun that holds a statement ("claims by …"), a verb of saying set beside it (",
the mayor said,"), a phrase ("according to …"). Where the act stands in quotation marks and its sentence names no
speaker, the speaker is that of the quotation (`quoted`). Who speaks in the sentences around may go on speaking (`candidates`).

Not every voice vouches. One who asks or praises vouches for nothing. A newspaper or agency only passes on what it was told, and
becomes the relay. The act itself may be the speaking: who accuses is the actor of the accusation, not a witness to it. And what
stands in a relative clause or after "since" may be known to all. No rule settles these, so all voices and "nobody" compete (`choice`),
by weights that were fitted to annotated articles and can be read; the model's pointer has its say there too.

References: Newell, Margolin and Ruths 2018, "An attribution relations corpus for political news" (source, cue,
content); Krestel, Bergler and Witte 2008 on reporting verbs; Pareti et al. 2013 on who speaks a quotation.
"""

from __future__ import annotations

from collections.abc import Sequence

from lapwing.attribution.candidates import count_speakers, does
from lapwing.attribution.choice import Choice, Weights, choose, load_weights
from lapwing.attribution.scene import POINTED, SPOKEN, Scene, Voice, name_of, set_scene
from lapwing.attribution.told import relay_of, source_of
from lapwing.records import Actor, Analysis, Document, Frame, Mention, Reason, Sourcing

__all__ = ["attribute"]


def attribute(
    document: Document,
    analysis: Analysis,
    mentions: Sequence[Mention],
    actors: Sequence[Actor],
    frames: Sequence[Frame],
    *,
    weights: Weights | None = None,
) -> tuple[Sourcing, ...]:
    """Who vouches for each frame or denies it; parallel to `frames`. `actors` is parallel to `mentions`. Spans are
    clean."""
    if not frames:
        return ()
    scene = prepared(document, analysis, mentions, actors)
    return tuple(attribute_frame(scene, frame, weights or load_weights()) for frame in frames)


def prepared(document: Document, analysis: Analysis, mentions: Sequence[Mention], actors: Sequence[Actor]) -> Scene:
    """A scene with its speakers counted."""
    scene = set_scene(document, analysis, mentions, actors)
    return scene._replace(speakers=count_speakers(scene))


def attribute_frame(scene: Scene, frame: Frame, weights: Weights) -> Sourcing:
    """The source and relay of one act."""
    choice = choose(scene, frame, weights)
    source = source_of(scene, frame, choice.option.voice) if choice.option is not None else None
    relay = relay_of(scene, frame, choice.option.voice.holder if choice.option is not None else None)
    return Sourcing(source=source, relay=relay, reasons=(reason(scene, frame, choice),))


def reason(scene: Scene, frame: Frame, choice: Choice) -> Reason:
    """Why the source is who it is, or why it is nobody."""
    option = choice.option or choice.other
    how = "model" if choice.turned else option.voice.how if option is not None else "rule"
    if option is None:
        because = "nobody is named who says so"
    elif choice.option is not None:
        because = said(scene, option.voice)
    elif frame.event in SPOKEN and does(scene, frame, option.voice.holder or 0) == "yes":
        because = f"the speaker, {name_of(scene, option.voice.holder or 0)}, is the actor"
    else:
        because = f"told by the article itself, more likely than by {name_of(scene, option.voice.holder or 0)}"
    return Reason(field="source", by=how, because=because, score=round(choice.chance, 3))


def said(scene: Scene, voice: Voice) -> str:
    """A voice in words for a person."""
    name = name_of(scene, voice.holder or 0)
    if voice.word is POINTED:
        return f"the model's pointer takes {name} for the one who says so"
    cue = " ".join(scene.tree.tokens[i].text for i in range(voice.cue.start, voice.cue.end))
    return f"“{cue}” tells what {name} says"
