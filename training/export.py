"""Checkpoint → the packaged model: ONNX with 8-bit weights, tokenizer, label sets, fingerprint.

    python -m training.export OUT/packaged.pt src/lapwing/model

The network is written in three graphs, its shared half and its two tops, so that a second reading pays for the top that it needs
and every weight stands in the package once. The graphs are stored as onnxruntime rewrites them (at the level that does not depend on
the processor), which makes loading three times as fast, and without the exporter's notes on where in the source a node comes from.

Embeddings are stored as bytes with one scale per row; matrix products of the encoder run in 8 bits with one scale per output
column. Weights keep 7 bits, so that sums cannot overflow on processors without VNNI and give the same figures everywhere. The
label bilinear of the parser is left to numpy at run time (it needs the chosen heads) and lies beside the model as float16.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from training.encoder import SHARED, WIDTH, pruned_tokenizer
from training.labels import SETS
from training.network import TOP_OF, Model, arc_scores, label_parts, word_vectors

READ = ("pieces", "shapes", "marks")
LAYERS = ("layer1", "layer2", "layer3")
HEADS = {
    "syntax": ("upos", "xpos", "arcs", "label_dep", "label_head", "names", "mentions", "fact"),
    "events": (
        "spans", "trigger", "inside", "status", "mode", "role_trigger", "role_word", "role_prior", "role_none", "pair",
    ),
}  # fmt: skip
"""What each top gives, in the order of its graph's outputs."""


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


class SharedGraph(nn.Module):
    """Word pieces → the outputs of the shared layers."""

    def __init__(self, model: Model, *, quantize: bool) -> None:
        super().__init__()
        self.encoder = model.encoder
        if quantize:
            self.encoder.words = RowQuantized(model.encoder.words.weight.detach())  # type: ignore[assignment]

    def forward(self, pieces: Tensor, shapes: Tensor, marks: Tensor) -> tuple[Tensor, ...]:
        """All arguments are [1, T] integers; the outputs [1, T, H], the lowest layer first."""
        layers = self.encoder(pieces, shapes, marks, torch.ones_like(pieces), ["events"])["events"]
        return tuple(layers[:SHARED])


class TopGraph(nn.Module):
    """The outputs of the shared layers → the numbers of the heads above one top."""

    def __init__(self, model: Model, top: str) -> None:
        super().__init__()
        self.model = model
        self.layers = model.encoder.tops[top]
        self.mixes = {name: mix for name, mix in model.heads.mixes.items() if TOP_OF[name] == top}

    def words(self, layers: Sequence[Tensor], first: Tensor, last: Tensor) -> dict[str, Tensor]:
        """Word vectors [1, W, H] per group of heads."""
        x, read = layers[-1], [*layers]
        nothing_hidden = torch.zeros(1, 1, 1, 1)
        for layer in self.layers.children():
            x = layer(x, nothing_hidden)
            read.append(x)
        return {name: word_vectors(mix(read), first, last) for name, mix in self.mixes.items()}


class SyntaxGraph(TopGraph):
    """Tags, tree, names and factuality."""

    def forward(
        self, layer1: Tensor, layer2: Tensor, layer3: Tensor, first: Tensor, last: Tensor
    ) -> tuple[Tensor, ...]:
        """Layers are [1, T, H], `first` and `last` [1, W] integers; the outputs are [W, …]."""
        heads = self.model.heads
        x = self.words((layer1, layer2, layer3), first, last)
        label_dep, label_head = label_parts(heads, x["tree"])
        found = (
            heads.upos(x["tree"]),
            heads.xpos(x["tree"]),
            arc_scores(heads, x["tree"]),
            label_dep,
            label_head,
            heads.names(x["names"]),
            heads.mentions(x["names"]),
            heads.fact(x["fact"]),
        )
        return tuple(t[0] for t in found)


class EventsGraph(TopGraph):
    """Attribution spans, triggers with their roles, and pairs."""

    def forward(
        self, layer1: Tensor, layer2: Tensor, layer3: Tensor, first: Tensor, last: Tensor, word_marks: Tensor
    ) -> tuple[Tensor, ...]:
        """As for `SyntaxGraph`, and the words' marks [1, W]; `pair` is [1, …]."""
        heads = self.model.heads
        x = self.words((layer1, layer2, layer3), first, last)
        event = x["event"]
        found = (
            heads.spans(x["spans"]),
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


def load_checkpoint(path: Path) -> Model:
    """The trained model, in evaluation mode."""
    model = Model()
    model.load_state_dict(torch.load(path, weights_only=True)["model"])
    return model.eval()


def graphs(model: Model, *, quantize: bool) -> Iterator[tuple[str, nn.Module, dict[str, Tensor], tuple[str, ...]]]:
    """Name, network, example inputs and names of the outputs of each graph of the package."""
    t, w = 20, 15
    pieces = {name: torch.zeros(1, t, dtype=torch.long) for name in READ}
    layers = {name: torch.randn(1, t, WIDTH) for name in LAYERS}
    words = {name: torch.arange(1, w + 1)[None] for name in ("first", "last")}
    yield "syntax", SyntaxGraph(model, "syntax"), layers | words, HEADS["syntax"]
    marks = {"word_marks": torch.zeros(1, w, dtype=torch.long)}
    yield "events", EventsGraph(model, "events"), layers | words | marks, HEADS["events"]
    yield "shared", SharedGraph(model, quantize=quantize), pieces, LAYERS


def export_graph(
    network: nn.Module, example: dict[str, Tensor], outputs: Sequence[str], path: Path, *, quantize: bool
) -> None:
    """Write one graph as ONNX; with `quantize` in 8 bits."""
    from torch.export import Dim

    t, w = Dim("pieces_length", min=3, max=512), Dim("words_length", min=2, max=512)
    shapes = {name: {1: w if name in ("first", "last", "word_marks") else t} for name in example}
    with tempfile.TemporaryDirectory() as folder:
        plain, weighed = Path(folder) / "plain.onnx", Path(folder) / "weighed.onnx"
        program = torch.onnx.export(
            network.eval(), (), kwargs=example, dynamo=True, dynamic_shapes=shapes, input_names=list(example),
            output_names=list(outputs), opset_version=20, verbose=False,
        )  # fmt: skip
        assert program is not None
        program.save(str(plain), external_data=False)
        if quantize:
            _quantize(plain, weighed)
        _rewrite(weighed if quantize else plain, path)


def _quantize(plain: Path, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        plain, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True, op_types_to_quantize=["MatMul", "Gemm"],
        extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip


def _rewrite(given: Path, path: Path) -> None:
    """Store the graph as onnxruntime rewrites it before a run, without notes on its making (they name folders of this machine)."""
    import onnx
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    options.log_severity_level = 3
    onnxruntime.InferenceSession(str(given), options, providers=["CPUExecutionProvider"])
    model = onnx.load(path)
    model.doc_string = ""
    for noted in (
        model,
        model.graph,
        *model.graph.node,
        *model.graph.value_info,
        *model.graph.input,
        *model.graph.output,
    ):
        noted.ClearField("doc_string")
        noted.ClearField("metadata_props")
    for weight in model.graph.initializer:
        weight.ClearField("doc_string")
    onnx.save(model, path)


def write_model(checkpoint: Path, folder: Path, *, quantize: bool = True) -> None:
    """Write everything that `lapwing.analysis` loads into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    model = load_checkpoint(checkpoint)
    label = model.heads.label.detach().numpy().astype(np.float16)
    bilinear = model.heads.role_bilinear.detach().numpy().astype(np.float16)
    np.savez(folder / "bilinear.npz", label=label, role=bilinear)
    for name, network, example, outputs in graphs(model, quantize=quantize):
        export_graph(network, example, outputs, folder / f"{name}.onnx", quantize=quantize)
    pruned_tokenizer().save(str(folder / "tokenizer.json"), pretty=False)
    parts = ("shared.onnx", "syntax.onnx", "events.onnx", "bilinear.npz")
    digest = hashlib.sha256(b"".join((folder / part).read_bytes() for part in parts)).hexdigest()
    manifest: dict[str, Any] = {"name": f"minilm-{digest[:12]}", "width": WIDTH, "sha256": digest, "labels": SETS}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf8")
    for f in sorted(folder.iterdir()):
        print(f"{f.name:20s} {f.stat().st_size / 1e6:7.2f} MB")


def main() -> None:
    """Export a checkpoint (`training.blend` makes one of several)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--float", action="store_true", help="leave the weights in 32 bits, for comparison")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    write_model(arguments.checkpoint, arguments.folder, quantize=not arguments.float)


if __name__ == "__main__":
    main()
