"""The mode of an act: which words speak for it, and how the model's head is weighed."""

from __future__ import annotations

import pytest

from factories import parsed
from lapwing.codebook import load_codebook
from lapwing.events.arguments import Fillers
from lapwing.events.modes import Evidence, Weights, chances_of, choose_mode, find_evidence, load_weights, text_of
from lapwing.events.triggers import Act
from lapwing.records import TokenRange, TriggerScore
from lapwing.trees import tree_of

NOBODY = Fillers((), (), ())


def act(token: int, event: str, *, modes: tuple[tuple[str, float], ...] = ()) -> Act:
    here = TokenRange(token, token + 1)
    score = TriggerScore(
        token=token, tokens=here, score=0.9, types=((event, 0.9),), statuses=(), modes=modes, roles=(), none=()
    )
    return Act(score, here, event, 0.9, None, ())


def mode_in(sentence: str, word: str, event: str, *, modes: tuple[tuple[str, float], ...] = ()) -> str | None:
    _, analysis = parsed(sentence)
    at = next(t.i for t in analysis.tokens if t.text == word)
    text = text_of(analysis, tree_of(analysis), (), ())
    return choose_mode(load_codebook(), text, act(at, event, modes=modes), NOBODY, NOBODY)[0]


CASES = [
    (
        "Jets/NOUN/nsubj/2 bombed/VERB/root/0/bomb it/PRON/obj/2 in/ADP/case/5 airstrikes/NOUN/obl/2/airstrike",
        "bombed",
        "ASSAULT",
        "aerial",
    ),
    ("Gunmen/NOUN/nsubj/2/gunman shot/VERB/root/0/shoot three/NUM/nummod/4 farmers/NOUN/obj/2", "shot", "ASSAULT", "firearms"),
    ("Rebels/NOUN/nsubj/2 attacked/VERB/root/0/attack the/DET/det/4 village/NOUN/obj/2", "attacked", "ASSAULT", None),
    ("Police/NOUN/nsubj/2 arrested/VERB/root/0/arrest two/NUM/nummod/4 students/NOUN/obj/2", "arrested", "COERCE", "arrest"),
    ("They/PRON/nsubj/2 spoke/VERB/root/0/speak by/ADP/case/4 phone/NOUN/obl/2", "spoke", "CONSULT", "phone"),
    ("Minsk/PROPN/nsubj/2 demanded/VERB/root/0/demand their/PRON/nmod:poss/4 release/NOUN/obj/2", "demanded", "REQUEST", "yield"),
    ("Minsk/PROPN/nsubj/2 promised/VERB/root/0 help/NOUN/obj/2", "promised", "AGREE", None),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "word", "event", "mode"), CASES)
def test_mode(sentence: str, word: str, event: str, mode: str | None) -> None:
    assert mode_in(sentence, word, event) == mode


def test_evidence_is_named_by_where_it_stands() -> None:
    _, analysis = parsed("Gunmen/NOUN/nsubj/2 attacked/VERB/root/0/attack with/ADP/case/4 drones/NOUN/obl/2/drone")
    text = text_of(analysis, tree_of(analysis), (), ())
    evidence = find_evidence(load_codebook(), text, act(1, "ASSAULT"), NOBODY, NOBODY)
    assert {"under drone", "complement obl with", "head attack"} <= evidence.words.keys()
    assert {"cue under", "cue near", "cue in sentence"} <= evidence.cues["drone"].keys()
    assert "cue in trigger" not in evidence.cues["drone"]


def test_head_counts_by_its_share() -> None:
    a = act(0, "RETREAT", modes=(("RETREAT:release", 0.9), ("RETREAT:-", 0.1)))
    nothing = Evidence({}, {})
    silent = chances_of(load_codebook(), a, nothing, Weights(cues={}, words={}, head=0.0))
    heard = chances_of(load_codebook(), a, nothing, Weights(cues={}, words={}, head=1.0))
    assert len(set(silent.values())) == 1
    assert max(heard, key=lambda name: heard[name]) == "release"


def test_weights_name_modes_of_the_codebook() -> None:
    known = {f"{kind} {mode}" for kind in load_codebook().types for mode in ("-", *load_codebook().modes_of(kind))}
    assert load_weights().words.keys() <= known
