"""Newspapers, stations and agencies: they pass on what they were told."""

from __future__ import annotations

from lapwing.attribution.scene import Scene, Voice, name_of, named, span_of
from lapwing.dictionaries import lookup
from lapwing.records import Relay

OUTLETS = named(
    """
    newspaper daily agency site broadcaster magazine outlet tabloid weekly journal website press media radio
    television tv channel
    """
)

ORGANS = named(
    """
    state official government ministry rebel party military state-run state-owned pro-government service office
    """
)
"""Words beside an outlet's name that make it somebody's voice ("state media", "press service")."""

SPEAKING_FOR_A_STATE = frozenset({"kcna", "korean central news agency", "sana", "irna", "xinhua", "global times"})
"""Agencies and papers that are quoted as the voice of their government."""


def is_outlet(scene: Scene, holder: int) -> bool:
    """Whether a voice is a newspaper, station or agency that passes on news, and not the voice of a state or
    movement."""
    tree = scene.tree
    near = (holder, *tree.children[holder], *(j for i in tree.children[holder] for j in tree.children[i]))
    words = {tree.tokens[i].text.lower() for i in near if tree.tokens[i].upos != "VERB"}
    name = name_of(scene, holder)
    if words & ORGANS or name.lower() in SPEAKING_FOR_A_STATE:
        return False
    if tree.tokens[holder].lemma.lower() in OUTLETS:
        return True
    texts = (span_of(scene, holder).text, tree.tokens[holder].text)
    return any(sense.kind == "outlet" for text in texts for sense in lookup(text))


def is_likely_outlet(scene: Scene, voice: Voice) -> bool:
    """Whether a voice is the unknown name in ", … reports" at the end of a sentence, as news sites credit each
    other."""
    if voice.holder is None or voice.word.lemma not in ("report", "write") or voice.how != "verb of saying beside it":
        return False
    token, cue = scene.tree.tokens[voice.holder], scene.tree.tokens[voice.cue.start]
    mention = scene.named.get(voice.holder)
    known = mention is not None and scene.actors[mention].known
    return token.upos == "PROPN" and cue.xpos in ("VBZ", "VBP") and not known


def passed_on(scene: Scene, voice: Voice) -> Relay | None:
    """The outlet to which something was said: "told Reuters", "in an interview with …", "quoted by …"."""
    for i in range(voice.cue.start, voice.cue.end):
        for j in scene.tree.children[i]:
            for k in (j, *scene.tree.children[j]):
                token = scene.tree.tokens[k]
                relation = token.deprel.partition(":")[0]
                if relation in ("obj", "iobj", "obl", "nmod", "nsubj") and k != voice.holder and is_outlet(scene, k):
                    return Relay(name_of(scene, k), span_of(scene, k))
    return None
