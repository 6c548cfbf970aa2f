"""Soft trigger labels for news that nobody annotated: ``python -m training.teach DATA OUT TEACHER…``.

A few hundred annotated articles tell a model little of how widely acts are worded. Models trained on them with other seeds and to other
points err in different places, so their mean is better than each; a model that learns from this mean on news which none of them has seen
annotated keeps most of that gain (Hinton et al. 2015; Furlanello et al. 2018), at the size of one. TEACHER… are checkpoints; the
texts are PolNeAR's training articles, whose attribution labels they keep beside. Writes ``OUT/taught.pkl``: per passage name the teachers'
mean probabilities [words, trigger types] in 16 bits.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.batches import collate, make_items
from training.corpora import Passage, read_polnear
from training.network import Model

CHUNK = 220

Taught = NDArray[np.float16]


def load_teacher(path: Path) -> Model:
    """The model of a checkpoint: the mean of its weights where the stage keeps one."""
    state = torch.load(path, weights_only=True, mmap=True)
    model = Model()
    model.load_state_dict(state.get("mean") or state["model"])
    return model.eval()


@torch.no_grad()
def trigger_probabilities(model: Model, passage: Passage) -> NDArray[np.float32]:
    """[words, trigger types] of one passage."""
    parts = []
    for item in make_items(passage, limit=CHUNK):
        batch = {k: v for k, v in collate([item]).items() if k not in ("upos", "names", "mentions", "fact")}
        parts.append(model.heads.trigger(model.mixed(batch)["event"]).softmax(-1)[0].numpy())
    return np.concatenate(parts)


def teach(passages: Sequence[Passage], teachers: Iterable[Path]) -> dict[str, Taught]:
    """The mean of what the teachers hold of each passage's words."""
    total: dict[str, NDArray[np.float32]] = {}
    count = 0
    for path in teachers:
        model = load_teacher(path)
        count += 1
        for p in passages:
            q = trigger_probabilities(model, p)
            total[p.name] = total[p.name] + q if p.name in total else q
        print(f"{path}: {len(passages)} passages", flush=True)
    return {name: (sums / count).astype(np.float16) for name, sums in total.items()}


def with_taught(passages: Iterable[Passage], taught: Mapping[str, Taught]) -> Iterator[Passage]:
    """The passages, those that teachers were asked about with what they hold."""
    for p in passages:
        yield replace(p, extra={**p.extra, "taught": taught[p.name]}) if p.name in taught else p


def main() -> None:
    """Ask the teachers; write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("teachers", type=Path, nargs="+")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    taught = teach(list(read_polnear(arguments.data / "data/polnear/train")), arguments.teachers)
    (arguments.out / "taught.pkl").write_bytes(pickle.dumps(taught))


if __name__ == "__main__":
    main()
