"""The packaged model: load it, run one chunk, get the numbers of all heads.

onnxruntime with one thread; the many run side by side in processes, not in threads. Only where one article is all there is to do
are its second readings shared out to threads. A chunk is its own batch, so that a document's numbers depend on nothing but the
document (the scale of 8-bit sums is one for the whole batch).

The network lies in three graphs, its shared half and two tops, because onnxruntime computes all of a graph whatever is asked of it:
half of all reading is a second one, for which one top is enough.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from lapwing.analysis.chunks import CLS, SEP
from lapwing.analysis.words import word_shape
from lapwing.errors import ModelError

Floats = NDArray[np.float32]
Part = TypeVar("Part")
Result = TypeVar("Result")


class Manifest(msgspec.Struct, frozen=True):
    """``manifest.json``: the model's name, its fingerprint and the label sets in the order of the logits."""

    name: str
    width: int
    sha256: str
    labels: dict[str, list[str]]


class Model(NamedTuple):
    """A loaded model. `shared` and `tops` are its graphs as onnxruntime sessions, `encode` gives the word pieces of one word. In
    `threads` threads it reads the likely triggers of a chunk a second time; the numbers are the same with any number of them."""

    shared: Any
    tops: tuple[Any, ...]
    encode: Callable[[str], Sequence[int]]
    label_bilinear: Floats
    role_bilinear: Floats
    labels: dict[str, list[str]]
    name: str
    threads: int = 1


Outputs = dict[str, Floats]

GRAPHS = ("shared.onnx", "syntax.onnx", "events.onnx")
"""The shared half, then the tops that read what it gives."""

EVENT_OUTPUTS = ("trigger", "status", "mode", "role_trigger", "role_word", "role_prior", "role_none")
"""What is asked of the network for a trigger that is read again."""

TREE_OUTPUTS = ("arcs", "label_dep", "label_head", "upos", "xpos")
"""What is asked of the network for tags and trees."""


def load_model(folder: Path | None = None) -> Model:
    """The packaged model, or the one in `folder`. Raises ModelError when it is missing or damaged."""
    if folder is not None:
        return _load(folder)
    with as_file(files("lapwing") / "model") as packaged:
        return _load(packaged)


def _load(folder: Path) -> Model:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    from tokenizers import Tokenizer

    try:
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
        shared, *tops = (_session(folder / name) for name in GRAPHS)
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        with np.load(folder / "bilinear.npz") as arrays:
            label, role = arrays["label"].astype(np.float32), arrays["role"].astype(np.float32)
    except Exception as error:
        raise ModelError(
            f"The model in {folder.name!r} cannot be loaded ({type(error).__name__}: {error}). "
            "The installation is probably incomplete: install Lapwing again."
        ) from error

    @cache
    def encode(word: str) -> tuple[int, ...]:
        return tuple(tokenizer.encode(word, add_special_tokens=False).ids)

    return Model(shared, tuple(tops), encode, label, role, manifest.labels, manifest.name)


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.graph_optimization_level = (
        onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    )  # it was rewritten when packaged
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run_chunk(
    model: Model,
    words: Sequence[str],
    pieces: Sequence[Sequence[int]],
    marks: Sequence[int] = (),
    *,
    only: Sequence[str] | None = None,
) -> Outputs:
    """The heads' numbers for one chunk of `words` with their `pieces`; `marks` (per word: 0, 1 source, 2 target) for a pair, or 3 for a
    trigger; `only` these heads, or all.

    Gives arrays of [words, …] by head name; ``pair`` is [1, relations + quad classes].
    """
    single = len(words) == 1
    if single:  # the graph wants two words at least
        words, pieces, marks = [*words, "."], [*pieces, model.encode(".")], [*marks, 0] if marks else ()
    ids, shapes, piece_marks, first, last = [CLS], [5], [0], [], []
    word_marks = list(marks) if marks else [0] * len(words)
    for word, its, mark in zip(words, pieces, word_marks, strict=True):
        first.append(len(ids))
        ids += its
        shapes += [word_shape(word)] * len(its)
        piece_marks += [mark] * len(its)
        last.append(len(ids) - 1)
    feed = {
        "pieces": [*ids, SEP],
        "shapes": [*shapes, 5],
        "marks": [*piece_marks, 0],
        "first": first,
        "last": last,
        "word_marks": word_marks,
    }
    outputs = _run(model, {k: np.array([v], dtype=np.int64) for k, v in feed.items()}, only)
    if single:
        outputs = {k: v if k == "pair" else v[:2] if k == "label_head" else v[:1] for k, v in outputs.items()}
        if "arcs" in outputs:
            outputs["arcs"] = outputs["arcs"][:, :2]
    return outputs


def _run(model: Model, feed: dict[str, NDArray[Any]], only: Sequence[str] | None) -> Outputs:
    """The outputs named in `only`, or all; a top that has none of them is not run."""
    known = feed | _outputs(model.shared, feed, None)
    found: Outputs = {}
    for top in model.tops:
        found |= _outputs(top, known, only)
    return found


def _outputs(session: Any, known: dict[str, NDArray[Any]], only: Sequence[str] | None) -> Outputs:
    names = [o.name for o in session.get_outputs() if only is None or o.name in only]
    if not names:
        return {}
    values = session.run(names, {i.name: known[i.name] for i in session.get_inputs()})
    return dict(zip(names, values, strict=True))


def side_by_side(read: Callable[[Part], Result], parts: Sequence[Part], *, threads: int) -> list[Result]:
    """What `read` gives for each part, in their order; in several threads, since onnxruntime computes outside of Python's lock.

    >>> side_by_side(str, [3, 1, 2], threads=2)
    ['3', '1', '2']
    """
    if threads == 1 or len(parts) < 2:
        return [read(part) for part in parts]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(read, parts))


def softmax(x: Floats, axis: int = -1) -> Floats:
    """Probabilities from logits."""
    shifted = np.exp(x - x.max(axis=axis, keepdims=True))
    return shifted / shifted.sum(axis=axis, keepdims=True)  # type: ignore[no-any-return]


def label_scores(model: Model, dep: Floats, head: Floats) -> Floats:
    """Relation scores [words, relations] of words [words, L] under their heads [words, L]."""
    ones = np.ones((dep.shape[0], 1), dtype=np.float32)
    dep, head = np.concatenate([dep, ones], 1), np.concatenate([head, ones], 1)
    size, relations, _ = model.label_bilinear.shape
    keyed = (dep @ model.label_bilinear.reshape(size, -1)).reshape(-1, relations, size)
    return np.asarray((keyed @ head[:, :, None])[:, :, 0], dtype=np.float32)
