"""Checkpoint → the packaged model: ONNX with 8-bit weights, tokenizer, label sets, fingerprint.

    python -m training.export OUT/full.pt OUT/polish.pt src/lapwing/model

Embeddings are stored as bytes with one scale per row; matrix products of the encoder run in 8 bits with one scale per output
column. Weights keep 7 bits, so that sums cannot overflow on processors without VNNI and give the same figures everywhere. The
label bilinear of the parser is left to numpy at run time (it needs the chosen heads) and lies beside the model as float16.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.encoder import WIDTH, pruned_tokenizer
from training.labels import SETS
from training.network import TOP_OF, Model, arc_scores, label_parts, word_vectors

INPUTS = ("pieces", "shapes", "marks", "first", "last", "word_marks")
OUTPUTS = (
    "upos", "xpos", "arcs", "label_dep", "label_head", "names", "mentions", "spans", "fact", "trigger", "inside", "status", "mode",
    "role_trigger", "role_word", "role_prior", "role_none", "pair",
)  # fmt: skip


class RowQuantized(nn.Module):
    """An embedding table in bytes, one scale per row."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("rows", (table / scale).round().clamp(-127, 127).to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, index: Tensor) -> Tensor:
        """[…] → […, H]."""
        return self.rows[index].to(torch.float32) * self.scale[index]  # type: ignore[operator,index]


class Runtime(nn.Module):
    """What is exported: one chunk in, the numbers of all heads out (batch of one, its axis kept inside)."""

    def __init__(self, model: Model, *, quantize: bool) -> None:
        super().__init__()
        self.model = model
        if quantize:
            model.encoder.words = RowQuantized(model.encoder.words.weight.detach())  # type: ignore[assignment]

    def forward(
        self, pieces: Tensor, shapes: Tensor, marks: Tensor, first: Tensor, last: Tensor, word_marks: Tensor
    ) -> tuple[Tensor, ...]:
        """All arguments are [1, T] or [1, W] integers; the outputs are [W, …] (and `pair` [1, …])."""
        heads = self.model.heads
        layers = self.model.encoder(pieces, shapes, marks, torch.ones_like(pieces))
        x = {name: word_vectors(mix(layers[TOP_OF[name]]), first, last) for name, mix in heads.mixes.items()}  # type: ignore[operator]
        label_dep, label_head = label_parts(heads, x["tree"])
        event = x["event"]
        found = (
            heads.upos(x["tree"]),
            heads.xpos(x["tree"]),
            arc_scores(heads, x["tree"]),
            label_dep,
            label_head,
            heads.names(x["names"]),
            heads.mentions(x["names"]),
            heads.spans(x["spans"]),
            heads.fact(x["fact"]),
            heads.trigger(event),
            heads.inside(event),
            heads.status(event),
            heads.mode(event),
            heads.role_trigger(event),
            heads.role_word(event),
            heads.role_prior(event),
            heads.role_none(event),
        )
        return (*(t[0] for t in found), self.model.pair_logits(event, word_marks))


def load_checkpoints(paths: Sequence[Path]) -> Model:
    """The trained model, in evaluation mode; of several checkpoints of one run, the mean of their weights (Wortsman et al. 2022)."""
    states = [torch.load(path, weights_only=True)["model"] for path in paths]
    model = Model()
    model.load_state_dict({k: sum(s[k] for s in states) / len(states) for k in states[0]})
    return model.eval()


def export_onnx(model: Model, path: Path, *, quantize: bool) -> None:
    """Write `model` as ONNX; with `quantize` in 8 bits."""
    from torch.export import Dim

    runtime = Runtime(model, quantize=quantize).eval()
    t, w = Dim("pieces_length", min=3, max=512), Dim("words_length", min=2, max=512)
    example = {
        "pieces": torch.randint(1000, 2000, (1, 20)),
        "shapes": torch.zeros(1, 20, dtype=torch.long),
        "marks": torch.zeros(1, 20, dtype=torch.long),
        "first": torch.arange(1, 16)[None],
        "last": torch.arange(1, 16)[None],
        "word_marks": torch.zeros(1, 15, dtype=torch.long),
    }
    shapes = {name: {1: w if name in ("first", "last", "word_marks") else t} for name in INPUTS}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        program = torch.onnx.export(
            runtime, (), kwargs=example, dynamo=True, dynamic_shapes=shapes, input_names=list(INPUTS), output_names=list(OUTPUTS),
            opset_version=20, verbose=False,
        )  # fmt: skip
        assert program is not None
        program.save(str(plain), external_data=False)
        if quantize:
            _quantize(plain, path)
        else:
            shutil.copy(plain, path)


def _quantize(plain: Path, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        plain, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul", "Gemm"],
        extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip


def write_model(checkpoints: Sequence[Path], folder: Path, *, quantize: bool = True) -> None:
    """Write everything that `lapwing.analysis` loads into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    model = load_checkpoints(checkpoints)
    label = model.heads.label.detach().numpy().astype(np.float16)
    bilinear = model.heads.role_bilinear.detach().numpy().astype(np.float16)
    np.savez(folder / "bilinear.npz", label=label, role=bilinear)
    export_onnx(model, folder / "lapwing.onnx", quantize=quantize)
    pruned_tokenizer().save(str(folder / "tokenizer.json"), pretty=False)
    digest = hashlib.sha256((folder / "lapwing.onnx").read_bytes() + (folder / "bilinear.npz").read_bytes()).hexdigest()
    manifest: dict[str, Any] = {"name": f"minilm-{digest[:12]}", "width": WIDTH, "sha256": digest, "labels": SETS}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf8")
    for f in sorted(folder.iterdir()):
        print(f"{f.name:20s} {f.stat().st_size / 1e6:7.2f} MB")


def main() -> None:
    """Export a checkpoint, or the mean of several."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--float", action="store_true", help="leave the weights in 32 bits, for comparison")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    write_model(arguments.checkpoints, arguments.folder, quantize=not arguments.float)


if __name__ == "__main__":
    main()
