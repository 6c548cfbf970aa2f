"""Passages → chunks → padded batches of tensors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import torch
from torch import Tensor

from lapwing.analysis.chunks import CLS, SEP, cut_chunks, word_pieces
from lapwing.analysis.words import word_shape
from training.corpora import Passage
from training.encoder import pruned_tokenizer
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
from training.network import FIELDS_OF, IGNORE


@cache
def encode_word(word: str) -> tuple[int, ...]:
    """WordPiece ids of one word."""
    return tuple(pruned_tokenizer().encode(word, add_special_tokens=False).ids)


Item = dict[str, Any]

LONGEST = 440
"""Pieces of a passage with marked words, which must not be cut between its marks."""


def make_items(passage: Passage, *, limit: int) -> Iterator[Item]:
    """Cut a passage into chunks of at most `limit` pieces, with labels as numbers."""
    pieces = word_pieces(passage.words, encode_word)
    for chunk in cut_chunks([len(p) for p in pieces], passage.sentence, limit=limit):
        yield make_item(passage, pieces, chunk.start, chunk.end)


def make_item(p: Passage, pieces: list[list[int]], a: int, b: int) -> Item:
    """Words `a` … `b` − 1 of a passage as lists of numbers."""
    ids, shapes, first, last, piece_marks = [CLS], [5], [], [], [0]
    for i in range(a, b):
        first.append(len(ids))
        ids += pieces[i]
        shapes += [word_shape(p.words[i])] * len(pieces[i])
        piece_marks += [p.pair[i] if p.pair else 0] * len(pieces[i])
        last.append(len(ids) - 1)
    item: Item = {
        "pieces": [*ids, SEP],
        "shapes": [*shapes, 5],
        "marks": [*piece_marks, 0],
        "first": first,
        "last": last,
    }
    item["sentence"] = p.sentence[a:b]
    item["word_marks"] = p.pair[a:b] if p.pair else [0] * (b - a)
    if p.upos is not None and p.xpos is not None and p.heads is not None and p.deprel is not None:
        item["upos"] = [UPOS.index(u) if u in UPOS else IGNORE for u in p.upos[a:b]]
        item["xpos"] = [XPOS.index(u) if u in XPOS else IGNORE for u in p.xpos[a:b]]
        item["heads"] = [0 if h < 0 else h - a + 1 if a <= h < b else IGNORE for h in p.heads[a:b]]
        item["deprel"] = [DEPREL.index(d) if d in DEPREL else DEPREL.index(d.split(":")[0]) for d in p.deprel[a:b]]
    if p.names is not None:
        item["names"] = [IGNORE if n is None else NAMES.index(n) for n in p.names[a:b]]
    if p.mentions is not None:
        item["mentions"] = [MENTIONS.index(m) if m in MENTIONS else IGNORE for m in p.mentions[a:b]]
    if p.spans is not None:
        item["spans"] = [[SPANS.index(p.spans[r][i]) for r in ATTRIBUTION] for i in range(a, b)]
    if p.factuality is not None:
        item["fact"] = [float("nan") if f is None else f for f in p.factuality[a:b]]
    if p.pair is not None:
        item["relation"] = PAIRS.index(p.relation) if p.relation else IGNORE
        item["quad"] = p.quad if p.quad is not None else IGNORE
    if p.triggers is not None:
        _add_events(item, p, a, b)
    return item


def _add_events(item: Item, p: Passage, a: int, b: int) -> None:
    """Trigger labels per word, and per event its type, status, mode and fillers, within words `a` … `b` − 1."""
    trigger, inside = [0] * (b - a), [0] * (b - a)
    events = []
    for e in p.triggers or []:
        for i in range(e["start"], e["end"]):
            if a <= i < b:
                inside[i - a] = 1
        if a <= e["head"] < b:
            at = e["head"] - a
            if e.get("optional"):
                trigger[at] = IGNORE
                continue
            trigger[at] = TRIGGERS.index(e["type"])
            mode = f"{e['type']}:{e['mode'] or '-'}"
            fillers = []
            for role, words, weight in e["fillers"]:
                here = [w - a for w in words if a <= w < b]
                if words and not here:
                    continue
                fillers.append((ROLES.index(role), here, weight))
            events.append(
                {
                    "word": at,
                    "status": STATUSES.index(e["status"]),
                    "mode": MODES.index(mode) if mode in MODES else IGNORE,
                    "fillers": fillers,
                }
            )
    for i in p.extra.get("unknown", ()):
        if a <= i < b and trigger[i - a] == 0:
            trigger[i - a] = IGNORE
    item["trigger"], item["inside"], item["events"] = trigger, inside, events


_WORD_FIELDS = {
    "sentence": -1, "word_marks": -1, "upos": IGNORE, "xpos": IGNORE, "heads": IGNORE, "deprel": 0, "names": IGNORE,
    "mentions": IGNORE, "trigger": IGNORE, "inside": IGNORE,
}  # fmt: skip


def collate(items: Sequence[Item]) -> dict[str, Tensor]:
    """Pad items to one batch; a field is present when any item has it."""
    t = max(len(i["pieces"]) for i in items)
    w = max(len(i["first"]) for i in items)
    batch = {
        "pieces": _pad([i["pieces"] for i in items], t, 0),
        "shapes": _pad([i["shapes"] for i in items], t, 5),
        "marks": _pad([i["marks"] for i in items], t, 0),
        "mask": _pad([[1] * len(i["pieces"]) for i in items], t, 0),
        "first": _pad([i["first"] for i in items], w, 0),
        "last": _pad([i["last"] for i in items], w, 0),
    }
    for name, fill in _WORD_FIELDS.items():
        if any(name in i for i in items):
            batch[name] = _pad([i.get(name, []) for i in items], w, fill)
    if any("spans" in i for i in items):
        rows = [i.get("spans", []) for i in items]
        batch["spans"] = torch.stack([_pad([[s[k] for s in row] for row in rows], w, IGNORE) for k in range(3)], -1)
    if any("fact" in i for i in items):
        rows = [i.get("fact", []) for i in items]
        batch["fact"] = torch.tensor([[*r, *[float("nan")] * (w - len(r))] for r in rows], dtype=torch.float)
    if any("relation" in i for i in items):
        batch["relation"] = torch.tensor([i.get("relation", IGNORE) for i in items])
        batch["quad"] = torch.tensor([i.get("quad", IGNORE) for i in items])
    if "trigger" in batch:
        batch |= _collate_events(items, w)
    return batch


def _collate_events(items: Sequence[Item], w: int) -> dict[str, Tensor]:
    flat = [(row, e) for row, i in enumerate(items) for e in i.get("events", [])]
    fillers = [(n, *f) for n, (_, e) in enumerate(flat) for f in e["fillers"]]
    words = torch.zeros(len(fillers), w + 1)
    for k, (_, _, where, _) in enumerate(fillers):
        words[k, [x + 1 for x in where] or [0]] = 1
    return {
        "event_row": torch.tensor([row for row, _ in flat], dtype=torch.long),
        "event_word": torch.tensor([e["word"] for _, e in flat], dtype=torch.long),
        "event_status": torch.tensor([e["status"] for _, e in flat], dtype=torch.long),
        "event_mode": torch.tensor([e["mode"] for _, e in flat], dtype=torch.long),
        "filler_event": torch.tensor([f[0] for f in fillers], dtype=torch.long),
        "filler_role": torch.tensor([f[1] for f in fillers], dtype=torch.long),
        "filler_weight": torch.tensor([f[3] for f in fillers], dtype=torch.float),
        "filler_words": words,
    }


def _pad(rows: list[list[int]], size: int, fill: int) -> Tensor:
    return torch.tensor([[*r, *[fill] * (size - len(r))] for r in rows])


def epoch_batches(passages: Sequence[Passage], *, tokens: int, rng: random.Random) -> list[list[Item]]:
    """One epoch: chunks of random size (so that the model knows short and long contexts), those for one top of the encoder apart from
    those for the other, sorted by length into batches of about `tokens` word pieces, shuffled."""
    items: list[Item] = []
    for p in passages:
        limit = LONGEST if p.pair else rng.choice((24, 64, 128, 180, 220, 220))
        items += make_items(p, limit=limit)
    rng.shuffle(items)
    items.sort(key=lambda i: (needs_events(i), len(i["pieces"]) // 12))
    batches: list[list[Item]] = []
    longest = 0
    for item in items:
        longest = max(longest, len(item["pieces"]))
        full = batches and longest * (len(batches[-1]) + 1) > tokens
        if not batches or full or needs_events(batches[-1][0]) != needs_events(item):
            batches.append([])
            longest = len(item["pieces"])
        batches[-1].append(item)
    rng.shuffle(batches)
    return batches


def needs_events(item: Item) -> bool:
    """Whether the labels of `item` are for the top that reads events."""
    return any(field in item for field in FIELDS_OF["events"])
