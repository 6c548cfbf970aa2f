"""The second reading of a trigger, mixed with the first, without a model."""

from __future__ import annotations

import numpy as np
import pytest

from lapwing.analysis import Reading, _mixed
from lapwing.analysis.chunks import near_range

ONES = np.ones(1, dtype=np.float32)


def reading(start: int, roles: list[list[float]], none: list[float]) -> Reading:
    kinds = np.array([0.25, 0.75], dtype=np.float32)
    return Reading(start, kinds, ONES, ONES, np.array(roles, dtype=np.float32), np.array(none, dtype=np.float32))


def test_mixed_readings_cover_the_words_of_both() -> None:
    far = reading(4, [[0.2, 0.6, 0.0]], [0.2])
    near = reading(2, [[0.5, 0.1, 0.3]], [0.1])
    both = _mixed(far, near, 0.5)
    assert both.start == 2
    assert both.roles[0].tolist() == pytest.approx([0.25, 0.05, 0.25, 0.3, 0.0])
    assert both.none.tolist() == pytest.approx([0.15])


def test_mixed_readings_are_probabilities() -> None:
    far = reading(0, [[0.5, 0.3]], [0.2])
    near = reading(1, [[0.9, 0.05]], [0.05])
    both = _mixed(far, near, 0.7)
    assert float(both.roles.sum() + both.none.sum()) == pytest.approx(1.0)
    assert float(both.kinds.sum()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("sentences", "word", "expected"),
    [([0, 0, 0], 1, (0, 3)), ([0, 0, 1, 1, 3, 3], 4, (2, 6)), ([2, 2, 5], 2, (0, 3)), ([7], 0, (0, 1))],
)
def test_near_is_the_sentence_and_the_one_before(sentences: list[int], word: int, expected: tuple[int, int]) -> None:
    assert near_range(sentences, word) == expected
