"""Encoder and heads, with the loss of each head. Shapes: B passages, T word pieces, W words, H = 384."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.encoder import LAYERS, TOPS, WIDTH, Encoder
from training.labels import (
    ATTRIBUTION,
    DEPREL,
    MENTIONS,
    MODES,
    NAMES,
    PAIRS,
    ROLES,
    SPANS,
    STATUSES,
    TRIGGERS,
    UPOS,
    XPOS,
)

TOP_OF = {"tree": "syntax", "names": "syntax", "fact": "syntax", "spans": "events", "event": "events"}
"""Which top of the encoder each group of heads reads."""

FIELDS_OF = {"syntax": ("upos", "names", "mentions", "fact"), "events": ("spans", "relation", "trigger")}
"""The labels of a batch by which a top is needed."""

ARC, LABEL, ROLE, HIDDEN = 256, 96, 96, 256
IGNORE = -100


class Mix(nn.Module):
    """A learned weighted mean of the encoder's layers (Peters et al. 2018)."""

    def __init__(self) -> None:
        super().__init__()
        start = torch.linspace(-1.0, 1.0, LAYERS)
        self.weights = nn.Parameter(start)

    def forward(self, layers: list[Tensor]) -> Tensor:
        """[B, T, H] per layer → [B, T, H]."""
        shares = self.weights.softmax(0)
        mixed = layers[0] * shares[0]
        for k in range(1, LAYERS):
            mixed = mixed + layers[k] * shares[k]
        return mixed


def projection(size: int, dropout: float) -> nn.Sequential:
    """Linear → GELU → dropout, from the encoder's width to `size`."""
    return nn.Sequential(nn.Linear(WIDTH, size), nn.GELU(), nn.Dropout(dropout))


class Heads(nn.Module):
    """All heads over word vectors."""

    def __init__(self, dropout: float = 0.2) -> None:
        super().__init__()
        self.mixes = nn.ModuleDict({name: Mix() for name in TOP_OF})
        self.drop = nn.Dropout(dropout)
        self.upos = nn.Linear(WIDTH, len(UPOS))
        self.xpos = nn.Linear(WIDTH, len(XPOS))
        self.arc_dep, self.arc_head = projection(ARC, dropout), projection(ARC, dropout)
        self.arc = nn.Parameter(torch.zeros(ARC + 1, ARC))
        self.root = nn.Parameter(torch.zeros(WIDTH))
        self.label_dep, self.label_head = projection(LABEL, dropout), projection(LABEL, dropout)
        self.label = nn.Parameter(torch.zeros(LABEL + 1, len(DEPREL), LABEL + 1))
        self.names = nn.Linear(WIDTH, len(NAMES))
        self.mentions = nn.Linear(WIDTH, len(MENTIONS))
        self.spans = nn.Sequential(projection(HIDDEN, dropout), nn.Linear(HIDDEN, len(ATTRIBUTION) * len(SPANS)))
        self.fact = nn.Sequential(projection(HIDDEN, dropout), nn.Linear(HIDDEN, 1))
        self.pair = nn.Sequential(
            nn.Linear(4 * WIDTH, HIDDEN), nn.GELU(), nn.Dropout(dropout), nn.Linear(HIDDEN, len(PAIRS) + 5)
        )
        self.trigger = nn.Sequential(projection(HIDDEN, dropout), nn.Linear(HIDDEN, len(TRIGGERS)))
        self.inside = nn.Linear(WIDTH, 2)
        self.status = nn.Sequential(projection(HIDDEN, dropout), nn.Linear(HIDDEN, len(STATUSES)))
        self.mode = nn.Linear(WIDTH, len(MODES))
        self.role_trigger = projection(ROLE * len(ROLES), dropout)
        self.role_word = projection(ROLE * len(ROLES), dropout)
        self.role_bilinear = nn.Parameter(torch.eye(ROLE).repeat(len(ROLES), 1, 1) * 0.1)
        self.role_prior = nn.Linear(WIDTH, len(ROLES))
        self.role_none = nn.Sequential(projection(HIDDEN, dropout), nn.Linear(HIDDEN, len(ROLES)))
        nn.init.xavier_uniform_(self.arc)
        nn.init.normal_(self.label, std=0.02)


def word_vectors(pieces: Tensor, first: Tensor, last: Tensor) -> Tensor:
    """[B, T, H] → [B, W, H]: the mean of each word's first and last piece."""
    index = first[..., None].expand(-1, -1, pieces.shape[-1])
    index_last = last[..., None].expand(-1, -1, pieces.shape[-1])
    return (pieces.gather(1, index) + pieces.gather(1, index_last)) * 0.5


def arc_scores(heads: Heads, x: Tensor) -> Tensor:
    """[B, W, H] → [B, W, W + 1]: word by head, the root first."""
    root = heads.root.expand(x.shape[0], 1, -1)
    dep = heads.arc_dep(x)
    head = heads.arc_head(torch.cat([root, x], 1))
    dep = torch.cat([dep, torch.ones_like(dep[..., :1])], -1)
    return dep @ heads.arc @ head.transpose(1, 2)  # type: ignore[no-any-return]


def label_parts(heads: Heads, x: Tensor) -> tuple[Tensor, Tensor]:
    """Word as dependent [B, W, L] and, root first, as head [B, W + 1, L], for the label bilinear."""
    root = heads.root.expand(x.shape[0], 1, -1)
    return heads.label_dep(x), heads.label_head(torch.cat([root, x], 1))


def label_scores(heads: Heads, dep: Tensor, head: Tensor) -> Tensor:
    """[N, L] dependents with their heads [N, L] → [N, relations]."""
    dep = torch.cat([dep, torch.ones_like(dep[:, :1])], 1)
    head = torch.cat([head, torch.ones_like(head[:, :1])], 1)
    return torch.einsum("ni,irj,nj->nr", dep, heads.label, head)


def role_scores(heads: Heads, x: Tensor, trigger: Tensor) -> tuple[Tensor, Tensor]:
    """Words [N, W, H] and trigger vectors [N, H] → scores [N, roles, W] and of "none" [N, roles]."""
    n, w, _ = x.shape
    words = heads.role_word(x).view(n, w, len(ROLES), ROLE)
    triggers = heads.role_trigger(trigger).view(n, len(ROLES), ROLE)
    keyed = torch.einsum("nri,rij->nrj", triggers, heads.role_bilinear)
    scores = torch.einsum("nrj,nwrj->nrw", keyed, words) + heads.role_prior(x).transpose(1, 2)
    return scores, heads.role_none(trigger)


class Model(nn.Module):
    """The shared encoder and all heads."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(dropout)
        self.heads = Heads()

    def mixed(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """Word vectors [B, W, H] per group of heads; only of the tops that `batch` has labels for."""
        tops = [top for top in TOPS if any(field in batch for field in FIELDS_OF[top])]
        layers = self.encoder(batch["pieces"], batch["shapes"], batch["marks"], batch["mask"], tops)
        out = {}
        for name, mix in self.heads.mixes.items():
            if TOP_OF[name] in layers:
                vectors = word_vectors(mix(layers[TOP_OF[name]]), batch["first"], batch["last"])
                out[name] = self.heads.drop(vectors)
        return out

    def losses(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        """The loss of each head that `batch` has labels for."""
        x = self.mixed(batch)
        losses: dict[str, Tensor] = {}
        if "upos" in batch:
            losses |= self._tree_losses(batch, x["tree"])
        for key, head in (("names", self.heads.names), ("mentions", self.heads.mentions)):
            if key in batch:
                losses[key] = _entropy(head(x["names"]), batch[key])
        if "spans" in batch:
            logits = self.heads.spans(x["spans"]).view(*x["spans"].shape[:2], len(ATTRIBUTION), len(SPANS))
            losses["spans"] = 2.0 * _entropy(logits, batch["spans"])
        if "fact" in batch:
            known = ~batch["fact"].isnan()
            if known.any():
                losses["fact"] = F.smooth_l1_loss(self.heads.fact(x["fact"])[..., 0][known], batch["fact"][known])
        if "relation" in batch:
            losses |= self._pair_losses(batch, x["event"])
        if "trigger" in batch:
            losses |= self._event_losses(batch, x["event"])
        return {k: v for k, v in losses.items() if torch.isfinite(v)}

    def _tree_losses(self, batch: dict[str, Tensor], x: Tensor) -> dict[str, Tensor]:
        scores = arc_scores(self.heads, x)
        same = batch["sentence"][:, :, None] == batch["sentence"][:, None, :]
        allowed = torch.cat([torch.ones_like(same[:, :, :1]), same], 2)
        scores = scores.masked_fill(~allowed, -1e4)
        heads = batch["heads"]
        dep, head = label_parts(self.heads, x)
        known = heads >= 0
        b, i = known.nonzero(as_tuple=True)
        labels = label_scores(self.heads, dep[b, i], head[b, heads[b, i]])
        return {
            "arc": _entropy(scores, torch.where(known, heads, IGNORE)),
            "label": F.cross_entropy(labels, batch["deprel"][b, i]),
            "upos": 0.5 * _entropy(self.heads.upos(x), batch["upos"]),
            "xpos": 0.25 * _entropy(self.heads.xpos(x), batch["xpos"]),
        }

    def pair_logits(self, x: Tensor, marks: Tensor) -> Tensor:
        """Word vectors and word marks → [B, pairs + 5 quad classes]."""

        def mean(where: Tensor) -> Tensor:
            weights = where.to(x.dtype)
            return (x * weights[..., None]).sum(1) / weights.sum(1, keepdim=True).clamp(min=1)

        source, target, everything = mean(marks == 1), mean(marks == 2), mean(marks >= 0)
        peak = x.masked_fill((marks < 0)[..., None], -1e4).amax(1)
        return self.heads.pair(torch.cat([source, target, everything, peak], -1))  # type: ignore[no-any-return]

    def _pair_losses(self, batch: dict[str, Tensor], x: Tensor) -> dict[str, Tensor]:
        logits = self.pair_logits(x, batch["word_marks"])
        return {
            "pair": F.cross_entropy(
                logits[:, : len(PAIRS)], batch["relation"], ignore_index=IGNORE, label_smoothing=0.05
            ),
            "quad": 0.5 * F.cross_entropy(logits[:, len(PAIRS) :], batch["quad"], ignore_index=IGNORE),
        }

    def _event_losses(self, batch: dict[str, Tensor], x: Tensor) -> dict[str, Tensor]:
        losses = {
            "trigger": 2.0 * _entropy(self.heads.trigger(x), batch["trigger"], smooth=0.02),
            "inside": 0.5 * _entropy(self.heads.inside(x), batch["inside"]),
        }
        b, i = batch["event_row"], batch["event_word"]
        if len(b):
            at = x[b, i]
            losses["status"] = F.cross_entropy(self.heads.status(at), batch["event_status"])
            losses["mode"] = 0.5 * F.cross_entropy(self.heads.mode(at), batch["event_mode"], label_smoothing=0.05)
            losses["roles"] = self._role_loss(batch, x[b], at, b)
        return losses

    def _role_loss(self, batch: dict[str, Tensor], x: Tensor, at: Tensor, rows: Tensor) -> Tensor:
        """−log of the probability that falls on any word of a filler (or on "none"), averaged over fillers."""
        scores, none = role_scores(self.heads, x, at)
        scores = scores.masked_fill((batch["word_marks"][rows] < 0)[:, None, :], -1e4)
        log_p = torch.cat([none[..., None], scores], 2).log_softmax(2)
        event, role, target = batch["filler_event"], batch["filler_role"], batch["filler_words"]
        gathered = log_p[event, role].masked_fill(target == 0, -1e4)
        return -(gathered.logsumexp(1) * batch["filler_weight"]).sum() / batch["filler_weight"].sum().clamp(min=1)


def _entropy(logits: Tensor, target: Tensor, *, smooth: float = 0.0) -> Tensor:
    return F.cross_entropy(logits.flatten(0, -2), target.flatten(), ignore_index=IGNORE, label_smoothing=smooth)
