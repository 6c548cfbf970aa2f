"""Document → tokens, tree, names, attribution spans, factuality, event triggers: all that the model says.

The only package that runs the model. `words` cuts text into words, `chunks` packs sentences for the model, `network` runs it,
`trees` and `lemmas` finish the parse, and this file puts the parts together as `records.Analysis`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from lapwing.analysis.chunks import cut_chunks, near_range, word_pieces
from lapwing.analysis.lemmas import find_lemma
from lapwing.analysis.names import find_names
from lapwing.analysis.network import (
    EVENT_OUTPUTS,
    TREE_OUTPUTS,
    Floats,
    Model,
    Outputs,
    label_scores,
    load_model,
    run_chunk,
    side_by_side,
    softmax,
)
from lapwing.analysis.trees import best_tree
from lapwing.analysis.words import find_words
from lapwing.records import (
    Analysis,
    AttributionSpan,
    Document,
    NamedEntity,
    RoleScore,
    Token,
    TokenRange,
    TriggerScore,
)

__all__ = ["Model", "analyse", "analyse_words", "load_model", "pair_scores", "parse_words"]

TRIGGER_FLOOR = 0.06
"""Words less likely than this to head a trigger are not reported; `events` draws the line that counts."""

NEAR_FLOOR = 0.45
"""Words at least this likely to head a trigger are read again from near: half as many as at 0.15, with the same result."""

NEAR_SHARE = 0.7
"""What the second reading counts beside the first."""

NEAR_PIECES = 300
TRIGGER_MARK = 3

ROLE_FLOOR = 0.02
INSIDE_FLOOR = 0.5
SPAN_LINES = {"source": 0.4, "cue": 0.35, "content": 0.5}
"""How likely a word must be inside a span. The line that maximises F1 lies near half of the F1 that can be had (Lipton et al. 2014),
so it is the lower the harder the role is."""
LABELS_KEPT = 4


def analyse(document: Document, model: Model) -> Analysis:
    """Run the model over the coded sentences of `document`."""
    words: list[str] = []
    places: list[tuple[int, int]] = []
    numbers: list[int] = []
    for sentence in document.sentences:
        if sentence.coded:
            for w in find_words(document.text, start=sentence.start, end=sentence.end):
                words.append(document.text[w.start : w.end])
                places.append((w.start, w.end))
                numbers.append(sentence.index)
    return analyse_words(words, numbers, model, places=places, sentences=len(document.sentences))


def analyse_words(
    words: Sequence[str],
    numbers: Sequence[int],
    model: Model,
    *,
    places: Sequence[tuple[int, int]] | None = None,
    sentences: int | None = None,
) -> Analysis:
    """Run the model over words that are already cut; `numbers[i]` is the sentence of word *i*, ascending.

    `places` are the words' offsets; without them words are laid out with a space between.
    """
    count = sentences if sentences is not None else (max(numbers, default=-1) + 1)
    ranges = _sentence_ranges(numbers, count)
    laid_out = places if places is not None else _spaced(words)
    pieces = word_pieces(words, model.encode)
    tokens: list[Token] = []
    names: list[Floats] = []
    spans: list[Floats] = []
    factuality: list[float] = []
    triggers: list[TriggerScore] = []
    for chunk in cut_chunks([len(p) for p in pieces], numbers):
        a, b = chunk
        out = run_chunk(model, words[a:b], pieces[a:b])
        tokens += _tokens(out, model, words[a:b], numbers[a:b], laid_out[a:b], offset=a)
        names.append(softmax(out["names"]))
        spans.append(softmax(out["spans"].reshape(b - a, 3, 3)))
        factuality += [round(float(v), 3) for v in np.clip(out["fact"][:, 0], -3, 3)]
        triggers += _triggers(out, model, words, pieces, numbers, a, b)
    return Analysis(
        tokens=tuple(tokens),
        sentences=ranges,
        entities=tuple(_names(names, model.labels["names"], numbers)),
        attributions=tuple(_attributions(spans, model.labels["attribution"], numbers)),
        factuality=tuple(factuality),
        triggers=tuple(triggers),
    )


def parse_words(
    words: Sequence[str], numbers: Sequence[int], model: Model, *, places: Sequence[tuple[int, int]] | None = None
) -> tuple[Token, ...]:
    """The tokens of `analyse_words` alone, for what needs tags and trees only; takes half its time or less."""
    laid_out = places if places is not None else _spaced(words)
    pieces = word_pieces(words, model.encode)
    tokens: list[Token] = []
    for a, b in cut_chunks([len(p) for p in pieces], numbers):
        out = run_chunk(model, words[a:b], pieces[a:b], only=TREE_OUTPUTS)
        tokens += _tokens(out, model, words[a:b], numbers[a:b], laid_out[a:b], offset=a)
    return tuple(tokens)


def pair_scores(words: Sequence[str], marks: Sequence[int], model: Model) -> tuple[Floats, Floats]:
    """Probabilities of PLOVER's types, and of the five quad classes, for a marked source–target pair.

    `marks[i]` is 1 in the source, 2 in the target. A sentence that exceeds the model's length is cut around the pair.
    """
    pieces = word_pieces(words, model.encode)
    marked = [i for i, m in enumerate(marks) if m]
    a, b = 0, len(words)
    while b - a > 1 and sum(len(p) for p in pieces[a:b]) > 480:
        if marked and b - 1 - marked[-1] >= marked[0] - a:
            b -= 1
        else:
            a += 1
    logits = run_chunk(model, words[a:b], pieces[a:b], marks[a:b])["pair"][0]
    kinds = len(model.labels["pairs"])
    return softmax(logits[:kinds]), softmax(logits[kinds:])


def _sentence_ranges(numbers: Sequence[int], count: int) -> tuple[TokenRange, ...]:
    starts = np.searchsorted(np.array(numbers, dtype=np.int64), np.arange(count + 1))
    return tuple(TokenRange(int(starts[k]), int(starts[k + 1])) for k in range(count))


def _spaced(words: Sequence[str]) -> list[tuple[int, int]]:
    places, position = [], 0
    for word in words:
        places.append((position, position + len(word)))
        position += len(word) + 1
    return places


def _tokens(
    out: Outputs,
    model: Model,
    words: Sequence[str],
    numbers: Sequence[int],
    places: Sequence[tuple[int, int]],
    *,
    offset: int,
) -> Iterator[Token]:
    """Tags, heads and relations of one chunk."""
    heads = _heads(out["arcs"], numbers)
    head_rows = out["label_head"][heads]
    scores = label_scores(model, out["label_dep"], head_rows)
    root = model.labels["deprel"].index("root")
    scores[:, root] = -1e9
    relations = scores.argmax(1)
    tags, fine = out["upos"].argmax(1), out["xpos"].argmax(1)
    for i, word in enumerate(words):
        upos, xpos = model.labels["upos"][tags[i]], model.labels["xpos"][fine[i]]
        yield Token(
            i=offset + i,
            text=word,
            start=places[i][0],
            end=places[i][1],
            lemma=find_lemma(word, upos, xpos),
            upos=upos,
            xpos=xpos,
            head=offset + heads[i] - 1 if heads[i] else -1,
            deprel="root" if heads[i] == 0 else model.labels["deprel"][relations[i]],
            sentence=numbers[i],
        )


def _heads(arcs: Floats, numbers: Sequence[int]) -> list[int]:
    """Heads in the chunk, 0 for a root and otherwise the word's position plus one; a tree of its own per sentence."""
    heads: list[int] = []
    start = 0
    for end in range(1, len(numbers) + 1):
        if end == len(numbers) or numbers[end] != numbers[start]:
            columns = [0, *range(start + 1, end + 1)]
            heads += [start + h if h else 0 for h in best_tree(arcs[start:end, columns])]
            start = end
    return heads


def _bio(tags: Sequence[int], numbers: Sequence[int], labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, label) of B-/I- runs; an I without its B opens a run of its own; runs end with the sentence."""
    start, kind = -1, ""
    for i in range(len(tags) + 1):
        label = labels[tags[i]] if i < len(tags) else "O"
        prefix, _, its = label.partition("-")
        broken = i == len(tags) or prefix != "I" or its != kind or numbers[i] != numbers[i - 1]
        if start >= 0 and broken:
            yield start, i, kind
            start = -1
        if prefix == "B" or (prefix == "I" and start < 0):
            start, kind = i, its


def _names(chunks: Sequence[Floats], labels: Sequence[str], numbers: Sequence[int]) -> Iterator[NamedEntity]:
    if chunks:
        yield from find_names(np.concatenate(chunks), labels, numbers)


def _attributions(chunks: Sequence[Floats], roles: Sequence[str], numbers: Sequence[int]) -> Iterator[AttributionSpan]:
    """Spans per role; content runs over sentence ends, sources and cues do not."""
    if not chunks:
        return
    p = np.concatenate(chunks)
    whole = [0] * len(numbers)
    for k, role in enumerate(roles):
        boundaries = whole if role == "content" else numbers
        tags = np.where(p[:, k, 0] < 1 - SPAN_LINES[role], p[:, k, 1:].argmax(1) + 1, 0).tolist()
        for start, end, _ in _bio(tags, boundaries, ("O", "B-x", "I-x")):
            score = float(1 - p[start:end, k, 0].mean())
            yield AttributionSpan(tokens=TokenRange(start, end), role=role, score=round(score, 4))


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Reading(NamedTuple):
    """What the model says of one trigger: probabilities of its types ("none" first), statuses and modes; of each word from the
    document's word `start` on per role [roles, words]; and per role of "the text does not say" [roles]."""

    start: int
    kinds: Floats
    statuses: Floats
    modes: Floats
    roles: Floats
    none: Floats


def _triggers(
    out: Outputs,
    model: Model,
    words: Sequence[str],
    pieces: Sequence[Sequence[int]],
    numbers: Sequence[int],
    a: int,
    b: int,
) -> Iterator[TriggerScore]:
    """The triggers of words `a` … `b` − 1 of the document, of which `out` was read. Those that may count are read a second time from
    near, with the trigger marked, and both readings are mixed."""
    silent = softmax(out["trigger"])[:, 0]
    inside = softmax(out["inside"])[:, 1]
    proposed = np.flatnonzero(silent < 1 - TRIGGER_FLOOR).tolist()
    ranges = {i: _trigger_range(inside, numbers[a:b], i, a) for i in proposed}
    likely = [i for i in proposed if silent[i] <= 1 - NEAR_FLOOR]

    def read_near(i: int) -> Reading | None:
        return _read_near(model, words, pieces, numbers, a + i, ranges[i])

    near = dict(zip(likely, side_by_side(read_near, likely, threads=model.threads), strict=True))
    for i in proposed:
        reading, second = _reading(out, model, i, start=a), near.get(i)
        reading = _mixed(reading, second, NEAR_SHARE) if second else reading
        yield _trigger_score(reading, model, a + i, ranges[i])


def _reading(out: Outputs, model: Model, i: int, *, start: int) -> Reading:
    """What `out`, which begins at the document's word `start`, says of the trigger at its word `i`."""
    count, size = len(model.labels["roles"]), model.role_bilinear.shape[-1]
    trigger = out["role_trigger"][i].reshape(count, size)
    keyed = np.einsum("ri,rij->rj", trigger, model.role_bilinear)
    scores = np.einsum("rj,wrj->rw", keyed, out["role_word"].reshape(-1, count, size)) + out["role_prior"].T
    p = softmax(np.concatenate([out["role_none"][i][:, None], scores], 1))
    return Reading(
        start, softmax(out["trigger"][i]), softmax(out["status"][i]), softmax(out["mode"][i]), p[:, 1:], p[:, 0]
    )


def _read_near(
    model: Model,
    words: Sequence[str],
    pieces: Sequence[Sequence[int]],
    numbers: Sequence[int],
    i: int,
    tokens: TokenRange,
) -> Reading | None:
    """The document's word `i` read again in its sentence and the one before, marked as the trigger; None where these are too long."""
    a, b = near_range(numbers, i)
    if sum(len(p) for p in pieces[a:b]) > NEAR_PIECES:
        return None
    marks = [TRIGGER_MARK if tokens.start <= k < tokens.end else 0 for k in range(a, b)]
    out = run_chunk(model, words[a:b], pieces[a:b], marks, only=EVENT_OUTPUTS)
    return _reading(out, model, i - a, start=a)


def _mixed(far: Reading, near: Reading, share: float) -> Reading:
    """Both readings, the near one with its `share`, over the words of both. Whether there is an act at all is left to the far one: the
    near one was told where to look, and too readily believes it."""
    start = min(far.start, near.start)
    end = max(far.start + far.roles.shape[1], near.start + near.roles.shape[1])
    roles = np.zeros((far.roles.shape[0], end - start), dtype=np.float32)
    for reading, weight in ((far, 1 - share), (near, share)):
        at = reading.start - start
        roles[:, at : at + reading.roles.shape[1]] += weight * reading.roles
    types = (1 - share) * _given_act(far) + share * _given_act(near)
    kinds = np.concatenate([far.kinds[:1], (1 - far.kinds[0]) * types])
    statuses, modes, none = (
        (1 - share) * x + share * y
        for x, y in ((far.statuses, near.statuses), (far.modes, near.modes), (far.none, near.none))
    )
    return Reading(start, kinds, statuses, modes, roles, none)


def _given_act(reading: Reading) -> Floats:
    return reading.kinds[1:] / max(float(1 - reading.kinds[0]), 1e-6)


def _trigger_score(reading: Reading, model: Model, token: int, tokens: TokenRange) -> TriggerScore:
    labels = model.labels
    return TriggerScore(
        token=token,
        tokens=tokens,
        score=round(float(1 - reading.kinds[0]), 4),
        types=_ranked(_given_act(reading), labels["triggers"][1:]),
        statuses=_ranked(reading.statuses, labels["statuses"]),
        modes=_ranked(reading.modes, labels["modes"]),
        roles=tuple(
            RoleScore(role=role, token=reading.start + int(w), score=round(float(reading.roles[r, w]), 4))  # type: ignore[arg-type]
            for r, role in enumerate(labels["roles"])
            for w in np.flatnonzero(reading.roles[r] >= ROLE_FLOOR)
        ),
        none=tuple((role, round(float(reading.none[r]), 4)) for r, role in enumerate(labels["roles"])),  # type: ignore[misc]
    )


def _trigger_range(inside: Floats, numbers: Sequence[int], i: int, offset: int) -> TokenRange:
    """The run of words around `i` that the model takes for trigger words, within the sentence."""
    start, end = i, i + 1
    while start > 0 and numbers[start - 1] == numbers[i] and inside[start - 1] > INSIDE_FLOOR:
        start -= 1
    while end < len(numbers) and numbers[end] == numbers[i] and inside[end] > INSIDE_FLOOR:
        end += 1
    return TokenRange(offset + start, offset + end)


def _ranked(p: Floats, labels: Sequence[str]) -> tuple[tuple[str, float], ...]:
    best = np.argsort(-p, kind="stable")[:LABELS_KEPT]
    return tuple((labels[int(k)], round(float(p[k]), 4)) for k in best)
