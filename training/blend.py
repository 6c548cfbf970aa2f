"""Checkpoints → one, each top the mean of those that are named for it: ``python -m training.blend OUT --syntax C… --events C…``.

Checkpoints that go back to the same shared layers lie close enough together for the mean of their weights to be better than each of them,
nearly as good as asking all of them, at the price of one (Wortsman et al. 2022). What both tops share is taken from the first
checkpoint for syntax, whose trees were learned on it.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from training.train import top_of


def read_weights(path: Path) -> dict[str, Tensor]:
    """The weights of a checkpoint: the moving mean where the stage keeps one."""
    state = torch.load(path, weights_only=True)
    return state.get("mean") or state["model"]  # type: ignore[no-any-return]


def blend(syntax: Sequence[Path], events: Sequence[Path]) -> dict[str, Tensor]:
    """The weights of one model, each top the mean of its checkpoints."""
    parts = {"syntax": [read_weights(p) for p in syntax], "events": [read_weights(p) for p in events]}
    first = parts["syntax"][0]
    return {
        key: torch.stack([weights[key] for weights in parts[top]]).mean(0) if (top := top_of(key)) else first[key]
        for key in first
    }


def main() -> None:
    """Blend and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--syntax", type=Path, nargs="+", required=True)
    parser.add_argument("--events", type=Path, nargs="+", required=True)
    given = parser.parse_args()
    torch.save({"model": blend(given.syntax, given.events), "step": 0}, given.out)


if __name__ == "__main__":
    main()
