"""The codebook: what it says, that the baked copy is current, and that wrong files are named by file and line."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from lapwing.codebook import BAKED, FOLDER, TYPES, load_codebook, load_codebook_from
from lapwing.codebook.bake import bake
from lapwing.errors import KnowledgeError

PLOVER_SCORES = {
    ("AGREE", None): 2.5, ("CONSULT", None): 2.5, ("CONSULT", "visit"): 4, ("CONSULT", "third-party"): 1,
    ("CONSULT", "multilateral"): 4, ("CONSULT", "phone"): 1.5, ("SUPPORT", None): 5, ("CONCEDE", None): 4.5,
    ("COOPERATE", None): 9.5, ("AID", None): 10, ("RETREAT", None): 6.5, ("RETREAT", "withdraw"): 8,
    ("RETREAT", "disarm"): 10, ("RETREAT", "ceasefire"): 7.5, ("RETREAT", "resign"): 4.5, ("REQUEST", None): 0,
    ("REQUEST", "assist"): 0.5, ("REQUEST", "yield"): -1, ("ACCUSE", None): -3, ("ACCUSE", "disapprove"): -2,
    ("ACCUSE", "allege"): -3.5, ("REJECT", None): -2, ("REJECT", "assist"): -1.5, ("THREATEN", None): -3.5,
    ("THREATEN", "restrict"): -3, ("THREATEN", "territory"): -4, ("PROTEST", None): -5, ("PROTEST", "riot"): -7,
    ("PROTEST", "vandalize"): -5, ("SANCTION", None): -6, ("SANCTION", "expel"): -5.5, ("MOBILIZE", None): -5.5,
    ("MOBILIZE", "troops"): -6.5, ("COERCE", None): -7, ("COERCE", "martial-law"): -7.5, ("COERCE", "cyber"): -7,
    ("ASSAULT", None): -9, ("ASSAULT", "beat"): -7.5, ("ASSAULT", "unconventional"): -10, ("ASSAULT", "drone"): -9.5,
}  # fmt: skip
QUADS = dict(zip(TYPES, (1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 4), strict=True))
MODE_COUNTS = {"CONSULT": 4, "RETREAT": 6, "REQUEST": 4, "ACCUSE": 3, "REJECT": 4, "THREATEN": 6, "PROTEST": 7,
               "SANCTION": 4, "MOBILIZE": 4, "COERCE": 10, "ASSAULT": 15}  # fmt: skip


def test_types_scores_and_quads_are_plovers() -> None:
    codebook = load_codebook()
    assert set(codebook.types) == set(TYPES)
    assert {key: codebook.score_of(*key) for key in PLOVER_SCORES} == PLOVER_SCORES
    assert {name: codebook.quad_of(name) for name in TYPES} == QUADS
    assert {name: len(codebook.modes_of(name)) for name in MODE_COUNTS} == MODE_COUNTS
    assert {name for name in TYPES if codebook.types[name].needs_recipient} == {"AID", "COOPERATE", "SANCTION"}


def test_every_type_explains_itself() -> None:
    for kind in load_codebook().types.values():
        assert len(kind.definition) > 60
        assert len(kind.triggers) >= 40
        assert len(kind.examples) >= 2
        assert len(kind.near_misses) >= 2
        assert len({mode.definition for mode in kind.modes}) == len(kind.modes)


def test_baked_copy_is_current() -> None:
    assert BAKED.read_bytes() == bake(), "run `python -m lapwing.codebook.bake`"


def test_baked_copy_and_yaml_agree() -> None:
    assert load_codebook_from(FOLDER) == load_codebook()


def test_loading_is_quick() -> None:
    load_codebook.cache_clear()
    load_codebook()
    load_codebook.cache_clear()
    start = time.process_time()
    load_codebook()
    assert time.process_time() - start < 0.1


def test_words_narrow_an_entry() -> None:
    codebook = load_codebook()
    alone = {entry.type for entry in codebook.find_triggers("rule", "VERB", {"country"})}
    assert "REJECT" not in alone
    assert "REJECT" in {entry.type for entry in codebook.find_triggers("rule", "VERB", {"out", "talk"})}


@pytest.mark.parametrize(
    ("lemma", "pos", "near", "expected"),
    [
        ("sanction", "NOUN", {"impose"}, "SANCTION"),
        ("invade", "VERB", set(), "ASSAULT"),
        ("strike", "NOUN", {"hunger"}, "PROTEST"),
        ("strike", "NOUN", {"air"}, "ASSAULT"),
        ("resign", "VERB", set(), "RETREAT"),
        ("condemn", "VERB", set(), "ACCUSE"),
        ("arrest", "VERB", set(), "COERCE"),
        ("apologise", "VERB", set(), "CONCEDE"),
        ("call", "VERB", {"on"}, "REQUEST"),
        ("deploy", "VERB", set(), "MOBILIZE"),
        ("zebra", "NOUN", set(), None),
    ],
)  # fmt: skip
def test_find_triggers(lemma: str, pos: str, near: set[str], expected: str | None) -> None:
    types = [entry.type for entry in load_codebook().find_triggers(lemma, pos, near)]
    assert (expected in types) if expected else not types


@pytest.mark.parametrize(
    ("event", "trigger", "sentence", "mode"),
    [
        ("SANCTION", "sentence", "court sentence minister year", "convict"),
        ("SANCTION", "expel", "expel diplomat", "expel"),
        ("CONSULT", "speak phone", "president speak phone", "phone"),
        ("MOBILIZE", "test", "north test missile", "weapons"),
        ("RETREAT", "hand weapon", "rebel hand weapon", "disarm"),
        ("AGREE", "promise", "promise help", None),
        ("ASSAULT", "kill", "soldier kill farmer", None),
    ],
)  # fmt: skip
def test_guess_mode(event: str, trigger: str, sentence: str, mode: str | None) -> None:
    assert load_codebook().guess_mode(event, trigger.split(), sentence.split()) == mode


def test_contexts_need_evidence() -> None:
    codebook = load_codebook()
    assert codebook.find_contexts({"weather", "table"}) == ()
    assert codebook.find_contexts({"minister"}) != codebook.find_contexts({"earthquake"}) == ("disasters",)
    assert len(codebook.find_contexts({"court", "soldier", "election", "church", "hospital"})) == 3


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("quad: 2", "quad: two", "RETREAT.yaml"),
        ("frame: from", "frame: form", "frame 'form' is not in frames.yaml"),
        ("mode: release", "mode: relese", "'relese' is no mode"),
        ("found: [0, 2]", "found: [3, 2]", "must be [hits, places]"),
        ("lemma: free,", "lema: free,", "unknown key 'lema'"),
        ("lemma: parole,", "lemma: free,", "stands on line"),
        ("type: RETREAT", "type: AID", "it must be the file's name"),
        ("modes:\n", "modes: [\n", "this is not YAML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    folder = tmp_path / "codebook"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.py", "*.json", "__pycache__"))
    path = folder / "RETREAT.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        load_codebook_from(folder)
    assert complaint in str(caught.value)
    assert "RETREAT.yaml:" in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="is missing"):
        load_codebook_from(tmp_path)
