"""Fit the weights of `lapwing.events.arguments` on annotated articles.

Two stages, because the model knows its own training articles by heart. The weights of the cues, which owe nothing to the event heads,
are fitted on all annotated articles: a conditional logit over the outcomes of each gold act, in which every outcome that fits the
annotation is right. The weights of the heads are fitted on the held-out articles alone, beside cue scores that come from folds
without the article. Rare cues are left out, and of the others those that weigh most are kept and fitted again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lapwing.codebook import load_codebook
from lapwing.evaluation.gold import Told, same_dyad, same_parties, sentence_ranges, told_of_gold
from lapwing.events import arguments
from lapwing.events.arguments import (
    Outcome,
    Weights,
    best_agreed,
    choose_fillers,
    cues_of,
    find_candidates,
    outcomes_of,
)
from lapwing.events.cues import Candidate, nobody_cues
from lapwing.events.scene import Scene, set_scene
from lapwing.events.triggers import Act, entries_of, trimmed
from lapwing.records import TokenRange, TriggerScore
from lapwing.trees import Tree, tree_of
from training.gold import held_out

if TYPE_CHECKING:
    from training.tune import Prepared

RIDGE = 10.0
RARE = 4
"""A cue must stand in so many acts."""
KEPT = 6000
SMALL = 0.02
FOLDS = 5
HEAD_RIDGE = 1.0
UNNAMED = frozenset({"ASSAULT", "COERCE", "PROTEST", "MOBILIZE"})
"""Types for which "nobody" as actor is recorded as an unknown one (`lapwing.events`)."""

Floats = NDArray[np.float64]


# ── gold acts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Case(NamedTuple):
    """A gold act with its outcomes: which are told by the annotation, and which agree with it as records are compared."""

    article: str
    held_out: bool
    seen: bool
    """Whether the model takes the trigger for one at all, so that its pointers say something."""
    scene: Scene
    act: Act
    gold: Told
    candidates: list[Candidate]
    outcomes: list[Outcome]
    right: list[bool]
    agreeing: list[bool]


def cases_of(prepared: Sequence[Prepared]) -> list[Case]:
    """The gold acts of articles, with their true types."""
    found = []
    for p in prepared:
        tree = tree_of(p.analysis)
        scene = set_scene(p.document, p.analysis, tree, p.mentions, p.actors)
        ranges = sentence_ranges(p.raw["text"], p.raw["sentences"])
        for event in p.raw["events"]:
            act = act_at(p, tree, event, ranges[event["sentence"]])
            if act is not None:
                found.append(_case(p, scene, act, event))
    return found


def act_at(p: Prepared, tree: Tree, event: dict[str, Any], sentence: tuple[int, int]) -> Act | None:
    """The act of a gold event: at the model's trigger where it has one there, else at the head word of the annotated words."""
    span = words_at(p, event["trigger"], sentence)
    if not span:
        return None
    head = _head(tree, span)
    seen = {t.token: t for t in p.analysis.triggers if t.token in span}
    best = seen.get(head) or max(seen.values(), key=lambda t: t.score, default=None)
    trigger = best or TriggerScore(
        token=head,
        tokens=TokenRange(span[0], span[-1] + 1),
        score=0.0,
        types=((event["type"], 1.0),),
        statuses=(),
        modes=(),
        roles=(),
        none=(),
    )
    entries = entries_of(p.analysis, load_codebook(), trigger)
    entry = next((e for e in entries if e.type == event["type"]), None)
    return Act(trigger, trimmed(tree, trigger), event["type"], trigger.score, entry, ())


def words_at(p: Prepared, words: str, sentence: tuple[int, int]) -> list[int]:
    """The tokens of the occurrence of `words` in, or else nearest to, a sentence (given offsets; repair moves them little)."""
    starts, at = [], p.document.text.find(words)
    while at >= 0:
        starts.append(at)
        at = p.document.text.find(words, at + 1)
    if not starts:
        return []
    start = min(starts, key=lambda s: (0 if sentence[0] - 3 <= s < sentence[1] + 3 else abs(s - sentence[0]), s))
    return [t.i for t in p.analysis.tokens if t.start < start + len(words) and t.end > start]


def _head(tree: Tree, span: Sequence[int]) -> int:
    inside = set(span)

    def depth(i: int) -> int:
        return next((n for n, above in enumerate(tree.climb(i)) if above not in inside), len(inside))

    content = [i for i in span if tree.tokens[i].upos in ("VERB", "NOUN", "ADJ", "PROPN", "ADV")] or list(span)
    return min(content, key=lambda i: (depth(i), i))


def _case(p: Prepared, scene: Scene, act: Act, event: dict[str, Any]) -> Case:
    gold = told_of_gold(event)
    candidates = find_candidates(scene, act)
    outcomes = outcomes_of(act, candidates)
    told = [told_as(p, event, [scene.mentions[c.shown].id], []).actors for c in candidates]
    done_by = [bool(gold.actors) and same_parties(t, gold.actors) for t in told]
    done_to = [bool(gold.recipients) and same_parties(t, gold.recipients) for t in told]
    unnamed = act.event in UNNAMED and all(not e.get("text") and not e.get("country") for e in event["actors"])
    nobody = not gold.actors or unnamed, not gold.recipients

    def is_right(o: Outcome) -> bool:
        if o.mutual and o.actor is not None and o.recipient is not None:
            return nobody[1] and done_by[o.actor] and done_by[o.recipient] and len(gold.actors) > 1
        of_actor = nobody[0] if o.actor is None else done_by[o.actor]
        return of_actor and (nobody[1] if o.recipient is None else done_to[o.recipient])

    right = [is_right(o) for o in outcomes]
    agreeing = [
        r or same_dyad(told_of(p, event, scene, candidates, o), gold) for r, o in zip(right, outcomes, strict=True)
    ]
    name = p.raw["doc_id"]
    unseen = held_out(name) and not is_written(name)
    return Case(name, unseen, bool(act.trigger.none), scene, act, gold, candidates, outcomes, right, agreeing)


def is_written(article: str) -> bool:
    """Whether an article is one of ``training/written``, which all are trained on."""
    return article.startswith("written.")


def told_of(p: Prepared, event: dict[str, Any], scene: Scene, candidates: Sequence[Candidate], o: Outcome) -> Told:
    """An outcome as a record."""
    ids = [None if k is None else scene.mentions[candidates[k].shown].id for k in o[:2]]
    if o.mutual:
        return told_as(p, event, [i for i in ids if i is not None], [])
    return told_as(p, event, *([] if i is None else [i] for i in ids))


def told_as(p: Prepared, event: dict[str, Any], actors: Sequence[int], recipients: Sequence[int]) -> Told:
    """A gold event with other parties: positions among the article's actors."""

    def named(chosen: Sequence[int]) -> list[dict[str, Any]]:
        entities = [p.actors[k].entity for k in chosen]
        return [{"country": e.country, "name": e.name or e.text} for e in entities]

    return told_of_gold({**event, "actors": named(actors), "recipients": named(recipients)})


# ── cues as numbers ───────────────────────────────────────────────────────────────────────────────────────────────────


class Numbered(NamedTuple):
    """Cases as arrays. A *row* is a candidate of a case or its nobody; `row_of[i]` has cue `cue_of[i]`. An *outcome* has an actor's and
    a recipient's row, and pair cues in the same way. `starts` are the cases' first outcomes."""

    cues: dict[tuple[str, str], int]
    cue_of: NDArray[np.int64]
    row_of: NDArray[np.int64]
    rows: int
    pair_cue_of: NDArray[np.int64]
    pair_of: NDArray[np.int64]
    actor: NDArray[np.int64]
    recipient: NDArray[np.int64]
    mutual: NDArray[np.bool_]
    right: NDArray[np.bool_]
    starts: NDArray[np.int64]
    case_of: NDArray[np.int64]


COLUMNS = 4
"""Weights of a cue: as actor, as recipient, as party of a mutual act, of a pair."""


class Spelled(NamedTuple):
    """The cues of a case by name: per candidate, nobody's, and per outcome."""

    candidates: list[list[int]]
    nobody: list[int]
    pairs: list[list[int]]


def spell(cases: Sequence[Case]) -> tuple[list[Spelled], list[tuple[str, str]], NDArray[np.int64]]:
    """The cues of all cases as numbers, their names by number, and in how many cases each stands."""
    numbers: dict[tuple[str, str], int] = {}

    def number(kind: str, cues: Sequence[str]) -> list[int]:
        return [numbers.setdefault((kind, cue), len(numbers)) for cue in cues]

    found = []
    counts: Counter[int] = Counter()
    for case in cases:
        one = Spelled(
            [number("candidate", c.cues) for c in case.candidates],
            number("nobody", nobody_cues(case.scene, case.act, case.candidates)),
            [number("pair", cues_of(case.scene, case.act, case.candidates, o)) for o in case.outcomes],
        )
        counts.update({i for cues in (*one.candidates, one.nobody, *one.pairs) for i in cues})
        found.append(one)
    return found, list(numbers), np.array([counts[i] for i in range(len(numbers))])


def numbered(
    cases: Sequence[Case], spelled: Sequence[Spelled], names: Sequence[tuple[str, str]], kept: NDArray[np.bool_]
) -> Numbered:
    """Cases as arrays, with the kept cues."""
    new = np.cumsum(kept) - 1
    rows: list[list[int]] = []
    pairs: list[list[int]] = []
    actor: list[int] = []
    recipient: list[int] = []
    mutual: list[bool] = []
    right: list[bool] = []
    starts: list[int] = []
    for case, one in zip(cases, spelled, strict=True):
        first = len(rows)
        rows += [*one.candidates, one.nobody]
        starts.append(len(actor))
        nobody = len(rows) - 1
        actor += [nobody if o.actor is None else first + o.actor for o in case.outcomes]
        recipient += [nobody if o.recipient is None else first + o.recipient for o in case.outcomes]
        mutual += [o.mutual for o in case.outcomes]
        right += case.right
        pairs += one.pairs
    cue_of, row_of = _pointed(rows, kept, new)
    pair_cue_of, pair_of = _pointed(pairs, kept, new)
    return Numbered(
        cues={n: int(new[i]) for i, n in enumerate(names) if kept[i]},
        cue_of=cue_of,
        row_of=row_of,
        rows=len(rows),
        pair_cue_of=pair_cue_of,
        pair_of=pair_of,
        actor=np.array(actor),
        recipient=np.array(recipient),
        mutual=np.array(mutual),
        right=np.array(right),
        starts=np.array(starts),
        case_of=np.repeat(np.arange(len(cases)), [len(c.outcomes) for c in cases]),
    )


def _pointed(
    lists: Sequence[Sequence[int]], kept: NDArray[np.bool_], new: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The kept cues of all lists in a row, and the list that each stands in."""
    flat = np.fromiter((i for cues in lists for i in cues), dtype=np.int64)
    owner = np.repeat(np.arange(len(lists)), [len(cues) for cues in lists])
    stays = kept[flat]
    return new[flat[stays]], owner[stays]


# ── the logit ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def scores_of(n: Numbered, weights: Floats) -> Floats:
    """The score of each outcome; `weights` is COLUMNS × cues."""
    column = [np.bincount(n.row_of, weights[k][n.cue_of], n.rows) for k in range(3)]
    pair = np.bincount(n.pair_of, weights[3][n.pair_cue_of], len(n.actor)).astype(np.float64)
    mutual = column[2][n.actor] + column[2][n.recipient]
    scores: Floats = pair + np.where(n.mutual, mutual, column[0][n.actor] + column[1][n.recipient])
    return scores


def chances_of(scores: Floats, starts: NDArray[np.int64], case_of: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Chances within each case, and the log of each case's sum."""
    top = np.maximum.reduceat(scores, starts)
    powers = np.exp(scores - top[case_of])
    total = np.add.reduceat(powers, starts)
    chance: Floats = powers / total[case_of]
    return chance, top + np.log(total)


def slope_of(n: Numbered, weights: Floats) -> tuple[float, Floats]:
    """How unlikely the right outcomes are, and its slope. Cases without a right outcome teach nothing."""
    scores = scores_of(n, weights)
    chance, log_sum = chances_of(scores, n.starts, n.case_of)
    given, log_right = chances_of(np.where(n.right, scores, -1e9), n.starts, n.case_of)
    teaches = np.maximum.reduceat(n.right, n.starts)
    loss = float(((log_sum - log_right) * teaches).sum())
    off = (chance - given) * teaches[n.case_of]
    alone, mutual = np.where(n.mutual, 0.0, off), np.where(n.mutual, off, 0.0)
    by_row = [
        np.bincount(n.actor, alone, n.rows),
        np.bincount(n.recipient, alone, n.rows),
        np.bincount(n.actor, mutual, n.rows) + np.bincount(n.recipient, mutual, n.rows),
    ]
    slope = [np.bincount(n.cue_of, row[n.row_of], weights.shape[1]) for row in by_row]
    return loss, np.stack([*slope, np.bincount(n.pair_cue_of, off[n.pair_of], weights.shape[1])])


def descend(
    slope: Callable[[Floats], tuple[float, Floats]], start: Floats, *, ridge: float, steps: int, memory: int = 8
) -> Floats:
    """The minimum of a convex loss plus a ridge, by L-BFGS with halved steps."""

    def whole(x: Floats) -> tuple[float, Floats]:
        loss, g = slope(x)
        return loss + ridge / 2 * float((x * x).sum()), g + ridge * x

    x = start
    loss, g = whole(x)
    past: list[tuple[Floats, Floats, float]] = []
    for _ in range(steps):
        way = -_uncurved(g, past)
        down = float((way * g).sum())
        size = 1.0 if past else 1.0 / max(float(np.sqrt((g * g).sum())), 1e-9)
        for _ in range(20):
            new_loss, new_g = whole(x + size * way)
            if new_loss <= loss + 1e-4 * size * down:
                break
            size /= 2
        else:
            break
        moved, bent = size * way, new_g - g
        product = float((moved * bent).sum())
        if product > 1e-12:
            past = [*past[1 - memory :], (moved, bent, product)]
        gain, x, loss, g = loss - new_loss, x + moved, new_loss, new_g
        if gain < 1e-5 * abs(loss):
            break
    return x


def _uncurved(g: Floats, past: Sequence[tuple[Floats, Floats, float]]) -> Floats:
    """The slope times the inverse of the curvature seen so far (the two loops of L-BFGS)."""
    q, parts = g.copy(), []
    for moved, bent, product in reversed(past):
        part = float((moved * q).sum()) / product
        parts.append(part)
        q -= part * bent
    if past:
        _, bent, product = past[-1]
        q *= product / float((bent * bent).sum())
    for (moved, bent, product), part in zip(past, reversed(parts), strict=True):
        q += (part - float((bent * q).sum()) / product) * moved
    return q


class Fitted(NamedTuple):
    """Weights of the kept cues, COLUMNS × cues."""

    cues: dict[tuple[str, str], int]
    weights: Floats


def fit_cues(
    cases: Sequence[Case],
    spelled: Sequence[Spelled],
    names: Sequence[tuple[str, str]],
    counts: NDArray[np.int64],
    *,
    steps: int = 40,
) -> Fitted:
    """The weights of the cues: a first short fit tells which are worth keeping."""
    kept = counts >= RARE
    n = numbered(cases, spelled, names, kept)
    if kept.sum() > KEPT:
        first = descend(lambda w: slope_of(n, w), np.zeros((COLUMNS, len(n.cues))), ridge=RIDGE, steps=12)
        worth = np.abs(first).max(axis=0) * np.sqrt(np.minimum(counts[kept], 400))
        line = np.sort(worth)[-KEPT]
        kept[np.flatnonzero(kept)[worth < line]] = False
        n = numbered(cases, spelled, names, kept)
    return Fitted(n.cues, descend(lambda w: slope_of(n, w), np.zeros((COLUMNS, len(n.cues))), ridge=RIDGE, steps=steps))


def fold_of(article: str) -> int:
    """Which fold an article belongs to, whatever else is in the collection."""
    return hashlib.sha256(article.encode()).digest()[1] % FOLDS


def out_of_fold(cases: Sequence[Case]) -> list[Floats]:
    """For each case the cue scores of its outcomes, by weights fitted on the other folds."""
    found: list[Floats] = [np.zeros(0)] * len(cases)
    spelled, names, _ = spell(cases)
    for k in range(FOLDS):
        rest = [i for i, c in enumerate(cases) if fold_of(c.article) != k]
        here = [i for i, c in enumerate(cases) if fold_of(c.article) == k]
        if not here or not rest:
            continue
        counts = _counts([spelled[i] for i in rest], len(names))
        fitted = fit_cues([cases[i] for i in rest], [spelled[i] for i in rest], names, counts)
        kept = np.array([name in fitted.cues for name in names])
        n = numbered([cases[i] for i in here], [spelled[i] for i in here], names, kept)
        for i, scores in zip(here, np.split(scores_of(n, fitted.weights), n.starts[1:]), strict=True):
            found[i] = scores
    return found


def _counts(spelled: Sequence[Spelled], size: int) -> NDArray[np.int64]:
    counts = np.zeros(size, dtype=np.int64)
    for one in spelled:
        counts[list({i for cues in (*one.candidates, one.nobody, *one.pairs) for i in cues})] += 1
    return counts


# ── the heads ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def fit_heads(cases: Sequence[Case], texts: Sequence[Floats]) -> dict[str, float]:
    """The weights of the cue score and of the pointers, on cases that the model has not seen."""
    names: dict[str, int] = {}
    matrices = []
    for case, text in zip(cases, texts, strict=True):
        rows = [
            arguments.head_features(case.act, case.candidates, o, float(t - text.max()))
            for o, t in zip(case.outcomes, text, strict=True)
        ]
        matrices.append((rows, np.array(case.right, dtype=float)))
        for row in rows:
            for name in row:
                names.setdefault(name, len(names))
    data = [(_dense(rows, names), right) for rows, right in matrices if right.any()]

    def slope(w: Floats) -> tuple[float, Floats]:
        loss, g = 0.0, np.zeros_like(w)
        for x, right in data:
            z = x @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            q = p * right
            loss -= float(np.log(q.sum()))
            g += x.T @ (p - q / q.sum())
        return loss, g

    start = np.zeros(len(names))
    start[names["text"]] = 1.0
    fitted = descend(slope, start, ridge=HEAD_RIDGE, steps=60)
    return {name: round(float(fitted[i]), 3) for name, i in names.items()}


def _dense(rows: Sequence[dict[str, float]], names: dict[str, int]) -> Floats:
    x = np.zeros((len(rows), len(names)))
    for k, row in enumerate(rows):
        for name, value in row.items():
            if name in names:
                x[k, names[name]] = value
    return x


def head_scores(case: Case, text: Floats, heads: dict[str, float]) -> Floats:
    """The scores of a case's outcomes, heads and cues together."""
    return np.array([
        sum(heads.get(n, 0.0) * v for n, v in arguments.head_features(case.act, case.candidates, o, float(t - text.max())).items())
        for o, t in zip(case.outcomes, text, strict=True)
    ])  # fmt: skip


# ── everything ────────────────────────────────────────────────────────────────────────────────────────────────────────


def share_right(cases: Sequence[Case], scores: Sequence[Floats]) -> float:
    """The share of cases whose chosen outcome agrees with the annotation."""
    return float(np.mean([right_choice(c, s) for c, s in zip(cases, scores, strict=True)])) if cases else 0.0


def right_choice(case: Case, scores: Floats) -> bool:
    """Whether the outcome chosen by scores agrees with the annotation."""
    return case.agreeing[
        best_agreed(case.act.event, case.candidates, case.outcomes, arguments.softmax(scores.tolist()))
    ]


def fit_arguments(prepared: Sequence[Prepared]) -> tuple[Weights, Weights]:
    """The weights for the package, and those that know nothing of the held-out articles but their heads, by which the stages after
    this one are to be tuned. Prints the cross-validated shares."""
    cases = cases_of(prepared)
    texts = out_of_fold(cases)
    gold = [i for i, c in enumerate(cases) if not is_written(c.article)]
    unseen = [i for i in gold if cases[i].held_out and cases[i].seen]
    print(f"{len(cases)} gold acts; right by the cues alone, cross-validated:")
    print(f"  all {share_right(cases, texts):.3f}", end="")
    for name, some in (("gold articles", gold), ("held-out articles", unseen)):
        print(f"; {name} {share_right([cases[i] for i in some], [texts[i] for i in some]):.3f}", end="")
    print(
        f"\n  with the heads, on held-out articles: {cross_validated_heads([cases[i] for i in unseen], [texts[i] for i in unseen]):.3f}"
    )
    heads = fit_heads([cases[i] for i in unseen], [texts[i] for i in unseen])
    rest = [c for c in cases if not c.held_out]
    return packed(fit_cues(cases, *spell(cases)), heads), packed(fit_cues(rest, *spell(rest)), heads)


def cross_validated_heads(cases: Sequence[Case], texts: Sequence[Floats]) -> float:
    """The share right with head weights fitted on the other articles."""
    right = []
    for k in range(FOLDS):
        rest = [i for i, c in enumerate(cases) if hash_of(c.article) % FOLDS != k]
        here = [i for i, c in enumerate(cases) if hash_of(c.article) % FOLDS == k]
        if here and rest:
            heads = fit_heads([cases[i] for i in rest], [texts[i] for i in rest])
            right += [right_choice(cases[i], head_scores(cases[i], texts[i], heads)) for i in here]
    return float(np.mean(right)) if right else 0.0


def hash_of(article: str) -> int:
    """A number for an article, other than that of its fold."""
    return hashlib.sha256(article.encode()).digest()[2]


def packed(fitted: Fitted, heads: dict[str, float]) -> Weights:
    """Fitted weights as the package keeps them: rounded, and without those that say next to nothing."""
    candidate: dict[str, tuple[float, float, float]] = {}
    nobody: dict[str, tuple[float, float]] = {}
    pair: dict[str, float] = {}
    for (kind, cue), i in sorted(fitted.cues.items()):
        a, r, m, p = (round(float(w), 2) for w in fitted.weights[:, i])
        if kind == "candidate" and max(abs(a), abs(r), abs(m)) > SMALL:
            candidate[cue] = (a, r, m)
        elif kind == "nobody" and max(abs(a), abs(r)) > SMALL:
            nobody[cue] = (a, r)
        elif kind == "pair" and abs(p) > SMALL:
            pair[cue] = p
    return Weights(candidate=candidate, nobody=nobody, pair=pair, heads=heads)


def choose_all(prepared: Sequence[Prepared], weights: Weights) -> tuple[float, float]:
    """The share of gold acts whose record agrees, and how many parties a filled role lists, with the packed weights."""
    right, lists = [], []
    for p in prepared:
        for case in cases_of([p]):
            if case.seen:
                done_by, done_to = choose_fillers(case.scene, case.act, case.candidates, weights)
                told = told_as(p, dict(case.gold.event), done_by.mentions, done_to.mentions)
                right.append(same_dyad(told, case.gold))
                lists += [len(f.mentions) for f in (done_by, done_to) if f.mentions]
    return float(np.mean(right)), float(np.mean(lists))
