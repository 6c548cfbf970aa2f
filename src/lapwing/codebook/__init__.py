"""What the events are: PLOVER's sixteen types, with the words that express them, as data.

One YAML file per type (``ASSAULT.yaml`` …) holds its definition, modes, triggers, examples and near misses;
``frames.yaml`` says which dependents of a trigger are the doer and the one it is done to; ``contexts.yaml`` holds the
words that speak for a context. People who do not program change events there, so reading checks everything and names
file and line.

Checked YAML is slow to read (a third of a second) and an article should not wait for it. So the same knowledge lies in
``codebook.json``, written by ``python -m lapwing.codebook.bake``. It carries a digest of the YAML files; where the
digest does not fit (someone edited a YAML file), the YAML is read instead. An edit is therefore never missed, only
slower until baked.

>>> codebook = load_codebook()
>>> codebook.quad_of("RETREAT"), codebook.score_of("RETREAT", "disarm"), codebook.score_of("RETREAT")
(2, 10.0, 6.5)
>>> [(entry.type, entry.mode) for entry in codebook.triggers["urge", "VERB"]]
[('REQUEST', None), ('REQUEST', 'yield')]
>>> codebook.find_contexts({"soldier", "shell", "hospital", "ambassador"})
('diplomatic', 'health', 'military')
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from lapwing.errors import KnowledgeError

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip

FOLDER = Path(__file__).parent
BAKED = FOLDER / "codebook.json"

PartOfSpeech = Literal["VERB", "NOUN", "ADJ", "AUX"]

# An entry seen `n` times with `h` hits is trusted (h + WEIGHT * PRIOR) / (n + WEIGHT). PRIOR is the share of hits over
# all entries on the training articles; WEIGHT was chosen there by five-fold cross-validation (see docs).
PRIOR = 0.2
WEIGHT = 4.0

# Mode guessing: a cue inside the trigger counts TRIGGER_CUE times one elsewhere in the sentence; the entry's own mode
# counts IMPLIED; below ENOUGH_MODE the usual mode stands. Chosen on the training articles.
TRIGGER_CUE = 4
IMPLIED = 5
ENOUGH_MODE = 1

STRONG = 2
ENOUGH = 2


class Mode(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A mode of a type: PLOVER's name and score, what it means, and lemmas that speak for it given the type."""

    name: str
    score: float
    definition: str
    cues: tuple[str, ...] = ()


class FrameRule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which dependents of a trigger fill which role: UD relations, with the case word after a colon (``obl:with``).

    `reciprocal` frames list everyone as actor. `place` names dependents that are places and no recipients; `source`
    says where the rule comes from.
    """

    actor: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    reciprocal: bool = False
    source: str = ""


class TriggerEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A word that expresses a type.

    `lemma` and `pos`; `words`, other lemmas that must stand near it; `light`, the verbs that carry it as their object;
    its frame, the mode it implies, and how often it was right in the training articles (`hits` of `seen`).
    """

    type: str
    lemma: str
    pos: PartOfSpeech
    frame: str
    roles: FrameRule
    mode: str | None = None
    words: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    hits: int = 0
    seen: int = 0

    @property
    def precision(self) -> float:
        """How far the words alone can be trusted to express the type, smoothed for rare words.

        >>> entry = TriggerEntry(type="REQUEST", lemma="urge", pos="VERB", frame="", roles=FrameRule(), hits=9, seen=10)
        >>> round(entry.precision, 2)
        0.7
        """
        return (self.hits + WEIGHT * PRIOR) / (self.seen + WEIGHT)


class Example(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sentence of our own and the event that it holds."""

    text: str
    trigger: str
    actor: str | None = None
    recipient: str | None = None
    mode: str | None = None
    status: str = "happened"


class NearMiss(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sentence of our own that looks like the type, and why it is not."""

    text: str
    why: str


class EventType(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of PLOVER's types, as its YAML file tells it."""

    type: str
    quad: int
    score: float
    needs_recipient: bool
    definition: str
    modes: tuple[Mode, ...]
    triggers: tuple[TriggerEntry, ...]
    examples: tuple[Example, ...]
    near_misses: tuple[NearMiss, ...]
    default_mode: str | None = None


class ContextCues(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Lemmas that speak for a context: a strong one is enough alone; weak ones, and the event types, need company."""

    strong: frozenset[str]
    weak: frozenset[str]
    types: frozenset[str] = frozenset()


class Codebook(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All types, every trigger by lemma and part of speech, and the cue words of the contexts."""

    types: dict[str, EventType]
    triggers: dict[tuple[str, str], tuple[TriggerEntry, ...]]
    contexts: dict[str, ContextCues]

    def quad_of(self, event: str) -> int:
        """The quad class (1 … 4) of a type."""
        return self.types[event].quad

    def score_of(self, event: str, mode: str | None = None) -> float:
        """PLOVER's score of a type and mode; the type's own where it has no such mode."""
        kind = self.types[event]
        return next((m.score for m in kind.modes if m.name == mode), kind.score)

    def modes_of(self, event: str) -> tuple[str, ...]:
        """The names of a type's modes."""
        return tuple(m.name for m in self.types[event].modes)

    def find_triggers(self, lemma: str, pos: str, near: Collection[str] = ()) -> tuple[TriggerEntry, ...]:
        """The entries of a word whose companions all stand in `near` (lemmas around it), most trusted first.

        A proper noun is looked up as a noun; entries that ask for more companions come before equal ones.

        >>> [(e.type, e.mode) for e in load_codebook().find_triggers("shoot", "VERB", {"down", "drone"})][:2]
        [('ASSAULT', 'firearms'), ('ASSAULT', 'destroy')]
        """
        found = self.triggers.get((lemma, "NOUN" if pos == "PROPN" else pos), ())
        fit = [entry for entry in found if all(word in near for word in entry.words)]
        return tuple(sorted(fit, key=lambda e: (-e.precision, -len(e.words), e.type)))

    def guess_mode(
        self, event: str, trigger: Collection[str], sentence: Collection[str] = (), *, implied: str | None = None
    ) -> str | None:
        """The mode that the lemmas of the trigger and its sentence speak for, else the type's usual one, or None.

        >>> load_codebook().guess_mode("COERCE", ["detain"], ["police", "detain", "three", "reporter"])
        'arrest'
        >>> load_codebook().guess_mode("ASSAULT", ["attack"], ["they", "attack", "the", "village"])
        """
        kind = self.types[event]
        scores = {m.name: _mode_score(m, trigger, sentence, implied) for m in kind.modes}
        best = max(scores, key=lambda name: scores[name], default=None)
        return best if best is not None and scores[best] >= ENOUGH_MODE else kind.default_mode

    def find_contexts(self, lemmas: Collection[str], *, event: str | None = None, limit: int = 3) -> tuple[str, ...]:
        """The contexts that lemmas speak for, best first, at most `limit`; `event` adds its type's weight."""
        words = frozenset(lemmas)
        scores = {name: _context_score(cues, words, event) for name, cues in self.contexts.items()}
        good = sorted((name for name in scores if scores[name] >= ENOUGH), key=lambda name: (-scores[name], name))
        return tuple(good[:limit])


def _mode_score(mode: Mode, trigger: Collection[str], sentence: Collection[str], implied: str | None) -> int:
    inside = sum(cue in trigger for cue in mode.cues)
    around = sum(cue in sentence for cue in mode.cues)
    return TRIGGER_CUE * inside + around + (IMPLIED if mode.name == implied else 0)


def _context_score(cues: ContextCues, words: frozenset[str], event: str | None) -> int:
    return STRONG * len(cues.strong & words) + len(cues.weak & words) + (event in cues.types)


class Baked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The file ``codebook.json``: the checked knowledge and the digest of the YAML files it was read from."""

    digest: str
    types: tuple[EventType, ...]
    contexts: dict[str, ContextCues]


@cache
def load_codebook() -> Codebook:
    """The codebook in this package, read once. Raises KnowledgeError, naming file and line, where a file is wrong."""
    return assemble(_read_baked() or _read_yaml(FOLDER))


def load_codebook_from(folder: Path) -> Codebook:
    """A codebook from other YAML files, checked. Raises KnowledgeError, naming file and line."""
    return assemble(_read_yaml(folder))


def assemble(baked: Baked) -> Codebook:
    """The codebook with its triggers by lemma and part of speech."""
    triggers: dict[tuple[str, str], list[TriggerEntry]] = {}
    for kind in baked.types:
        for entry in kind.triggers:
            triggers.setdefault((entry.lemma, entry.pos), []).append(entry)
    return Codebook(
        types={kind.type: kind for kind in baked.types},
        triggers={key: tuple(entries) for key, entries in triggers.items()},
        contexts=baked.contexts,
    )


def _read_baked() -> Baked | None:
    from lapwing.codebook.digest import digest_of

    if not BAKED.exists():
        return None
    try:
        baked = msgspec.json.decode(BAKED.read_bytes(), type=Baked)
    except msgspec.DecodeError as error:
        message = f"{BAKED.name} is damaged ({error}). Write it anew with `python -m lapwing.codebook.bake`."
        raise KnowledgeError(message) from error
    return baked if baked.digest == digest_of(FOLDER) else None


def _read_yaml(folder: Path) -> Baked:
    from lapwing.codebook.yaml_files import read_folder

    return read_folder(folder)
