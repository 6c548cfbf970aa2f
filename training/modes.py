"""Fit the modes of acts on gold articles and write ``modes.json`` into the package.

    python -m training.modes GOLD OUT [--check]

GOLD is a folder with ``docs`` and ``gold``; OUT keeps its analyses, in ``gold.pkl`` as `training.tune` does.
Words and cues are fitted on all of them. The model was trained on most,
so the mode head's share is chosen on those held out, with words fitted on the others. ``--check`` only prints accuracies: in
three folds by article without the head, and on the held-out articles with it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from lapwing.codebook import Codebook, load_codebook
from lapwing.events import arguments, modes, triggers
from lapwing.events.modes import Evidence, Weights
from lapwing.events.triggers import Act
from lapwing.trees import tree_of
from training.gold import held_out
from training.logit import Choices, Options, fit
from training.tune import PACKAGE, Prepared, gold_acts, prepare

SHARES = (0.0, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)
RIDGE = 0.7
RARE = 3
SMALL = 0.08
FOLDS = 3


class Case(NamedTuple):
    """A gold act of a type with modes."""

    article: int
    held_out: bool
    act: Act
    evidence: Evidence
    mode: str


def cases_of(prepared: Sequence[Prepared], codebook: Codebook) -> Iterator[Case]:
    """The gold acts, with their true types but with the parties that the package finds."""
    for number, p in enumerate(prepared):
        tree = tree_of(p.analysis)
        text = modes.text_of(p.analysis, tree, p.mentions, p.actors)
        scene = arguments.set_scene(p.document, p.analysis, tree, p.mentions, p.actors)
        for found, event in gold_acts(p):
            if codebook.modes_of(event["type"]):
                act = retyped(found, event["type"], p, codebook)
                fillers = arguments.choose_fillers(scene, act, arguments.find_candidates(scene, act))
                evidence = modes.find_evidence(codebook, text, act, *fillers)
                yield Case(number, held_out(p.raw["doc_id"]), act, evidence, event.get("mode") or modes.NONE)


def retyped(act: Act, event: str, p: Prepared, codebook: Codebook) -> Act:
    """An act as one of another type."""
    entries = triggers.entries_of(p.analysis, codebook, act.trigger)
    return act._replace(event=event, entry=next((e for e in entries if e.type == event), None))


def choice_of(case: Case, codebook: Codebook) -> tuple[Options, list[bool]]:
    """The competition of the modes: each weighs the words for itself, and all share what a cue counts."""
    names = (modes.NONE, *codebook.modes_of(case.act.event))
    options = [
        {f"{case.act.event} {name}|{w}": v for w, v in case.evidence.words.items()} | case.evidence.cues.get(name, {})
        for name in names
    ]
    return options, [name == case.mode for name in names]


def fit_words(cases: Sequence[Case], codebook: Codebook) -> Weights:
    """Weights of words and cues, without the head."""
    fitted = fit(Choices.of([choice_of(c, codebook) for c in cases], rare=RARE), ridge=RIDGE)
    words: dict[str, dict[str, float]] = {}
    for name, weight in fitted.items():
        option, bar, word = name.partition("|")
        if bar and abs(weight) >= SMALL:
            words.setdefault(option, {})[word] = round(weight, 2)
    return Weights(cues={n: w for n, w in fitted.items() if "|" not in n}, words=words)


def accuracy(cases: Sequence[Case], codebook: Codebook, weights: Weights) -> tuple[float, float]:
    """The share of right modes where gold has one, and over all acts."""
    hits = [(c.mode != modes.NONE, told(c, codebook, weights) == c.mode) for c in cases]
    named = [right for has, right in hits if has]
    return sum(named) / max(len(named), 1), sum(right for _, right in hits) / max(len(hits), 1)


def told(case: Case, codebook: Codebook, weights: Weights) -> str:
    """The mode that the package would give."""
    chances = modes.chances_of(codebook, case.act, case.evidence, weights)
    return max(chances, key=lambda name: chances[name])


def best_share(cases: Sequence[Case], codebook: Codebook) -> float:
    """The mode head's share, on the articles that neither the head nor these words were fitted on."""
    words = fit_words([c for c in cases if not c.held_out], codebook)
    kept = [c for c in cases if c.held_out]
    scores = {}
    for share in SHARES:
        scores[share] = accuracy(kept, codebook, msgspec.structs.replace(words, head=share))
        print(f"held out, head {share}: {scores[share][0]:.3f} of named modes, {scores[share][1]:.3f} of all")
    return max(SHARES, key=lambda share: sum(scores[share]))


def check(cases: Sequence[Case], codebook: Codebook) -> None:
    """Accuracy in folds, by type."""
    right: list[tuple[Case, bool]] = []
    for k in range(FOLDS):
        weights = fit_words([c for c in cases if c.article % FOLDS != k], codebook)
        right += [(c, told(c, codebook, weights) == c.mode) for c in cases if c.article % FOLDS == k]
    for kind in (*sorted({c.act.event for c, _ in right}), ""):
        mine = [(c, hit) for c, hit in right if kind in ("", c.act.event)]
        named = [hit for c, hit in mine if c.mode != modes.NONE]
        share, whole = sum(named) / max(len(named), 1), sum(hit for _, hit in mine) / len(mine)
        print(f"{kind or 'all':9s} named {share:.3f} of {len(named)}, all {whole:.3f} of {len(mine)}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--check", action="store_true", help="print accuracies, write nothing")
    asked = parser.parse_args()
    prepared = prepare(asked.gold, asked.out / "gold.pkl", everything=True)
    codebook = load_codebook()
    cases = list(cases_of(prepared, codebook))
    share = best_share(cases, codebook)
    if asked.check:
        check(cases, codebook)
        return
    weights = msgspec.structs.replace(fit_words(cases, codebook), head=share)
    text = msgspec.json.format(msgspec.json.encode(weights, order="sorted"), indent=1).decode()
    (PACKAGE / "modes.json").write_text(text + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
