"""The packaged graphs: a part gives what the whole gives, and what is not asked for is not computed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import msgspec
import numpy as np
import pytest

from lapwing.analysis import NEAR_FLOOR, Model, analyse_words, load_model
from lapwing.analysis.chunks import word_pieces
from lapwing.analysis.network import EVENT_OUTPUTS, GRAPHS, run_chunk

SENTENCE = "Norway 's foreign minister met the envoy on Monday , and rebels shelled two villages ."
WORDS = SENTENCE.split()
MARKS = [3 if word == "shelled" else 0 for word in WORDS]
PACKAGE = files("lapwing") / "model"


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model()


class Counted:
    """A session that notes when it is run."""

    def __init__(self, session: Any, runs: list[Any]) -> None:
        self.session, self.runs = session, runs
        self.get_inputs, self.get_outputs = session.get_inputs, session.get_outputs

    def run(self, names: Sequence[str], feed: dict[str, Any]) -> Any:
        self.runs.append(self.session)
        return self.session.run(names, feed)


def counted(model: Model) -> tuple[Model, list[Any]]:
    runs: list[Any] = []
    tops = tuple(Counted(top, runs) for top in model.tops)
    return model._replace(shared=Counted(model.shared, runs), tops=tops), runs


@pytest.mark.parametrize("words", [WORDS, WORDS[:1]])
def test_a_part_of_the_outputs_is_what_all_of_them_are(model: Model, words: list[str]) -> None:
    pieces = word_pieces(words, model.encode)
    everything = run_chunk(model, words, pieces, MARKS[: len(words)])
    part = run_chunk(model, words, pieces, MARKS[: len(words)], only=EVENT_OUTPUTS)
    assert set(part) == set(EVENT_OUTPUTS)
    for name in EVENT_OUTPUTS:
        np.testing.assert_array_equal(part[name], everything[name])
        assert len(part[name]) == len(words)


def test_a_second_reading_does_not_run_the_syntax(model: Model) -> None:
    watched, runs = counted(model)
    run_chunk(watched, WORDS, word_pieces(WORDS, model.encode), MARKS, only=EVENT_OUTPUTS)
    syntax, events = model.tops
    assert runs == [model.shared, events]
    runs.clear()
    run_chunk(watched, WORDS, word_pieces(WORDS, model.encode))
    assert runs == [model.shared, syntax, events]


def test_a_marked_trigger_is_read_otherwise(model: Model) -> None:
    pieces = word_pieces(WORDS, model.encode)
    plain, marked = (run_chunk(model, WORDS, pieces, marks, only=("trigger",)) for marks in ((), MARKS))
    assert not np.array_equal(plain["trigger"], marked["trigger"])


def test_the_manifest_is_of_these_graphs() -> None:
    manifest = msgspec.json.decode((PACKAGE / "manifest.json").read_bytes())
    parts = b"".join((PACKAGE / name).read_bytes() for name in (*GRAPHS, "bilinear.npz"))
    assert manifest["sha256"] == hashlib.sha256(parts).hexdigest()
    assert manifest["name"] == f"minilm-{manifest['sha256'][:12]}"


def test_the_package_is_small_and_tells_nothing_of_the_machine_that_made_it() -> None:
    contents = {name: (PACKAGE / name).read_bytes() for name in GRAPHS}
    assert sum(len(content) for content in contents.values()) < 30_000_000
    for name, content in contents.items():
        assert b"stack_trace" not in content, name
        assert b'File "/' not in content, name


def test_threads_change_nothing(model: Model) -> None:
    more = "Police arrested three men , the army bombed a bridge , and the president fired a minister ."
    words = [*WORDS, *more.split()]
    numbers = [0] * len(WORDS) + [1] * (len(words) - len(WORDS))
    alone, together = (analyse_words(words, numbers, model._replace(threads=threads)) for threads in (1, 3))
    assert sum(trigger.score > NEAR_FLOOR for trigger in alone.triggers) > 2
    assert together == alone
