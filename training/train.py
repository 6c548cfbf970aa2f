"""Train the shared model, in five stages; resumable and seeded.

    python -m training.train base DATA OUT        tree, names, attribution, factuality (public corpora)
    python -m training.train full DATA OUT        all of these and pairs and events, from the end of ``base``
    python -m training.train polish DATA OUT      more of the same, the weights averaged, from the end of ``full``
    python -m training.train syntax DATA OUT      the syntax top and its heads alone, from the end of ``polish``
    python -m training.train events DATA OUT      the events top and its heads alone, from the end of ``syntax``

DATA is the folder with the corpora and, for ``full``, the gold articles (``data/`` and ``gold/`` beneath it); OUT holds the
checkpoints. A run that was stopped goes on from its last checkpoint when the command is given again.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from training.batches import Item, collate, epoch_batches
from training.corpora import (
    Passage,
    read_conllu,
    read_factuality,
    read_polnear,
    read_re3d,
    read_wikigold,
)
from training.encoder import load_base
from training.network import TOP_OF, Model

SEED = 20240224
HEADS_OF = dict.fromkeys(
    (
        "upos",
        "xpos",
        "arc_dep",
        "arc_head",
        "arc",
        "root",
        "label_dep",
        "label_head",
        "label",
        "names",
        "mentions",
        "fact",
    ),
    "syntax",
)
"""The heads that read the syntax top; all others read the events top."""
WRITTEN = Path(__file__).parent / "written"


@dataclass(frozen=True)
class Plan:
    """How long and how fast a stage learns. Rates decay linearly to `floor` of their peak after `warm` of the steps. With `average`,
    what the stage leaves is a moving mean of its weights (Polyak), which keeps that share of itself at each step. With `top`, only that
    top of the encoder and its heads learn, from the passages that have labels for it; all else stays as it is, so a stage for one top
    cannot harm the other."""

    epochs: int
    tokens: int
    encoder_rate: float
    head_rate: float
    warm: float
    floor: float
    average: float = 0.0
    save_every: int = 150
    top: str = ""


PLANS = {
    "base": Plan(epochs=3, tokens=2048, encoder_rate=2.5e-4, head_rate=1.5e-3, warm=0.06, floor=0.3),
    "full": Plan(epochs=1, tokens=2048, encoder_rate=2e-4, head_rate=1e-3, warm=0.03, floor=0.7),
    "polish": Plan(epochs=2, tokens=2048, encoder_rate=1.5e-4, head_rate=8e-4, warm=0.02, floor=0.0, average=0.995),
    "syntax": Plan(
        epochs=4, tokens=2048, encoder_rate=2e-4, head_rate=8e-4, warm=0.02, floor=0.0, average=0.995, top="syntax"
    ),
    "events": Plan(
        epochs=1, tokens=2048, encoder_rate=1.5e-4, head_rate=6e-4, warm=0.02, floor=0.0, average=0.995, top="events"
    ),
}
BEFORE = {"full": "base", "polish": "full", "syntax": "polish", "events": "syntax"}
"""From the end of which stage a stage begins."""


def base_passages(data: Path) -> list[Passage]:
    """All corpora that need no gold events, UDS factuality merged into the EWT trees where the sentences are the same."""
    ewt = read_conllu(data / "ud/en_ewt-train.conllu", names=WRITTEN / "ewt_names.tsv")
    gum = read_conllu(data / "ud/en_gum_ccby-train.conllu", names=WRITTEN / "gum_names.tsv")
    trees = [*ewt, *gum]
    loose = [*read_factuality(data / "factuality/uds_ih2-train.jsonl")]
    factual = [
        *read_factuality(data / "factuality/uw-train.jsonl"),
        *read_factuality(data / "factuality/meantime-train.jsonl"),
    ]
    return [
        *trees,
        *_merge_factuality(trees, loose),
        *factual,
        *read_wikigold(data / "wikigold/wikigold.conll.txt"),
        *read_re3d(data / "re3d"),
        *(replace(p, weight=0.5) for p in read_polnear(data / "polnear/train")),
    ]


def _merge_factuality(trees: list[Passage], loose: list[Passage]) -> list[Passage]:
    """Write the values of `loose` sentences into the `trees` that hold them; what finds no tree is returned."""
    where: dict[tuple[str, ...], tuple[Passage, int]] = {}
    for p in trees:
        start = 0
        for i in range(1, len(p.words) + 1):
            if i == len(p.words) or p.sentence[i] != p.sentence[start]:
                where[tuple(p.words[start:i])] = (p, start)
                start = i
    rest = []
    for q in loose:
        found = where.get(tuple(q.words))
        if found is None:
            rest.append(q)
            continue
        p, start = found
        p.factuality = p.factuality or [None] * len(p.words)
        p.factuality[start : start + len(q.words)] = q.factuality or []
    return rest


def sample(passages: Sequence[Passage], rng: random.Random) -> list[Passage]:
    """The passages of one epoch: each by its weight (1 always, 0.5 every other time, 2 twice)."""
    chosen = []
    for p in passages:
        times = int(p.weight) + (rng.random() < p.weight - int(p.weight))
        chosen += [p] * times
    return chosen


def rate(step: int, steps: int, plan: Plan) -> float:
    """The learning rate's share of its peak at `step` of `steps`."""
    warm = max(1, int(steps * plan.warm))
    if step < warm:
        return (step + 1) / warm
    return plan.floor + (1 - plan.floor) * (1 - (step - warm) / max(1, steps - warm))


def optimizer_for(model: Model, plan: Plan) -> torch.optim.Optimizer:
    """AdamW with one rate for the encoder and one for the heads (and the encoder's new embeddings)."""
    new = {id(p) for m in (model.encoder.shapes, model.encoder.marks) for p in m.parameters()}
    encoder = [p for p in model.encoder.parameters() if id(p) not in new]
    heads = [*model.heads.parameters(), *(p for p in model.encoder.parameters() if id(p) in new)]
    return torch.optim.AdamW(
        [
            {"params": encoder, "lr": plan.encoder_rate, "peak": plan.encoder_rate, "weight_decay": 0.01},
            {"params": heads, "lr": plan.head_rate, "peak": plan.head_rate, "weight_decay": 0.01},
        ],
        betas=(0.9, 0.98),
    )


def run(stage: str, passages: list[Passage], out: Path, *, start_from: Path | None, plan: Plan) -> Model:
    """Train `stage` on `passages`; checkpoints in `out`. Returns the trained model."""
    torch.manual_seed(SEED)
    out.mkdir(parents=True, exist_ok=True)
    model = Model()
    if start_from is None:
        load_base(model.encoder)
    else:
        model.load_state_dict(torch.load(start_from, weights_only=True)["model"])
    if plan.top:
        keep_all_but(model, plan.top)
        passages = [p for p in passages if labels_for(p, plan.top)]
    schedule = [_epoch(passages, plan, e) for e in range(plan.epochs)]
    steps = sum(len(e) for e in schedule)
    optimizer = optimizer_for(model, plan)
    checkpoint = out / f"{stage}.pt"
    done, state = 0, {}
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        done = state["step"]
        if "optimizer" in state:
            optimizer.load_state_dict(state["optimizer"])
    mean = state.get("mean") or {k: v.detach().clone() for k, v in model.state_dict().items()}
    print(f"{stage}: {len(passages)} passages, {steps} steps, {done} done", flush=True)
    _steps(model, mean, optimizer, [b for e in schedule for b in e], done, steps, plan, checkpoint)
    torch.save({"model": mean if plan.average else model.state_dict(), "step": steps}, checkpoint)
    return model


def keep_all_but(model: Model, top: str) -> None:
    """Let only the encoder's `top` and the heads that read it learn."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(top_of(name) == top)


def top_of(parameter: str) -> str:
    """The top that a parameter of the model belongs to; empty for what both share.

    >>> top_of("encoder.tops.syntax.0.up.weight"), top_of("heads.mixes.tree.weights"), top_of("encoder.words.weight")
    ('syntax', 'syntax', '')
    """
    parts = parameter.split(".")
    if parts[:2] == ["encoder", "tops"]:
        return parts[2]
    if parts[:2] == ["heads", "mixes"]:
        return TOP_OF[parts[2]]
    return HEADS_OF.get(parts[1], "events") if parts[0] == "heads" else ""


ARTICLES, NEAR, ATTRIBUTION, PAIRS = 2.0, 0.6, 0.12, 0.6
"""How often the stage ``events`` reads whole articles, acts from near and attribution, and how much of pairs as before: which words are
acts is what it is for."""


def weighed_for_events(passage: Passage) -> Passage:
    """The passage with its weight in the stage ``events``."""
    if passage.triggers is not None:
        return replace(passage, weight=NEAR if passage.pair else ARTICLES)
    if passage.spans is not None:
        return replace(passage, weight=ATTRIBUTION)
    return replace(passage, weight=passage.weight * PAIRS)


def labels_for(passage: Passage, top: str) -> bool:
    """Whether a passage teaches `top` anything."""
    fields = {
        "syntax": (passage.upos, passage.names, passage.mentions, passage.factuality),
        "events": (passage.spans, passage.pair, passage.triggers),
    }[top]
    return any(f is not None for f in fields)


def _epoch(passages: list[Passage], plan: Plan, number: int) -> list[list[Item]]:
    rng = random.Random(SEED + number)
    return epoch_batches(sample(passages, rng), tokens=plan.tokens, rng=rng)


def _steps(
    model: Model,
    mean: dict[str, Tensor],
    optimizer: torch.optim.Optimizer,
    batches: list[list[Item]],
    done: int,
    steps: int,
    plan: Plan,
    checkpoint: Path,
) -> None:
    model.train()
    begun, seen = time.time(), 0
    running: dict[str, float] = {}
    for step in range(done, steps):
        torch.manual_seed(SEED + step)
        batch = collate(batches[step])
        for group in optimizer.param_groups:
            group["lr"] = group["peak"] * rate(step, steps, plan)
        losses = model.losses(batch)
        total = torch.stack(list(losses.values())).sum()
        optimizer.zero_grad(set_to_none=True)
        total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimizer.step()
        if plan.average:
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    mean[k].lerp_(v, 1 - plan.average)
        seen += int(batch["mask"].sum())
        for k, v in losses.items():
            running[k] = v.item() if k not in running or math.isnan(running[k]) else 0.97 * running[k] + 0.03 * v.item()
        if step % 25 == 0:
            speed = seen / (time.time() - begun)
            print(
                f"{step}/{steps} {speed:.0f} tok/s " + " ".join(f"{k} {v:.3f}" for k, v in running.items()), flush=True
            )
        if step and step % plan.save_every == 0:
            torch.save(
                {"model": model.state_dict(), "mean": mean, "optimizer": optimizer.state_dict(), "step": step + 1},
                checkpoint,
            )


def main() -> None:
    """Run one stage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stage", choices=sorted(PLANS))
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    plan = PLANS[arguments.stage]
    if arguments.epochs:
        plan = Plan(**{**plan.__dict__, "epochs": arguments.epochs})
    passages = base_passages(arguments.data / "data")
    start_from = None
    if arguments.stage != "base":
        from training.gold import full_passages

        passages = full_passages(
            arguments.data, passages, parser=arguments.out / "base-model", written=WRITTEN, rehearsal=(1.0, 0.6)
        )
        if plan.top == "events":
            passages = [weighed_for_events(p) for p in passages]
        start_from = arguments.out / f"{BEFORE[arguments.stage]}.pt"
    run(arguments.stage, passages, arguments.out, start_from=start_from, plan=plan)


if __name__ == "__main__":
    main()
