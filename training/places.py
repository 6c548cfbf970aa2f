"""Fit the places of acts on gold articles and write ``acts.json`` into the package.

    python -m training.places GOLD OUT [--check]

GOLD is a folder with ``docs`` and ``gold``; OUT keeps its analyses, in ``gold.pkl`` as `training.tune` does.
All but the pointer is fitted on all of them, with the gold parties; the
model was trained on most, so the weight of its pointer is chosen on those held out, with the rest fitted on the others.
``--check`` only prints accuracies (of country, where gold has a place) and how often an act without a place is given one: in folds
by article without the pointer, and on the held-out articles with it.
"""

from __future__ import annotations

import argparse
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from lapwing import places
from lapwing.dictionaries.gazetteer import countries
from lapwing.places import choice
from lapwing.places.acts import place_of, written_at
from lapwing.places.choice import Article, Weights
from lapwing.places.outlets import country_of_outlet
from lapwing.places.sites import find_sites
from lapwing.records import Frame
from training.gold import held_out
from training.logit import Choices, Options, fit
from training.tune import Prepared, gold_acts, prepare

PACKAGE = Path(places.__file__).parent
FOLDS = 3
RIDGE = 1.0
RARE = 4
POINTERS = (0.0, 0.3, 0.6, 0.9)
FAVOURS = (1.0,)
"""With less, a place in the words of the act itself ("the Minsk summit") is not taken where the model points nowhere."""
ALIKE = 0.01
"""F1s less apart than this are taken as equal: on so few articles they are."""


class Case(NamedTuple):
    """A gold act with the countries of its parties and of its place: None without one, empty for a sea."""

    number: int
    held_out: bool
    article: Article
    frame: Frame
    actors: frozenset[str]
    recipients: frozenset[str]
    country: str | None


def cases_of(prepared: Sequence[Prepared]) -> Iterator[Case]:
    """The gold acts whose place the annotators do not dispute."""
    for number, p in enumerate(prepared):
        outlet = country_of_outlet(name=p.document.outlet, url=p.document.url)
        sites = find_sites(p.document, p.analysis, p.actors, p.mentions, outlet)
        written = written_at(p.document, outlet)
        article = choice.article_of(p.analysis, sites, written.spot.country if written and written.spot else "")
        for act, event in gold_acts(p):
            if event.get("place_disputed"):
                continue
            frame = Frame(
                token=act.trigger.token, tokens=act.tokens, sentence=p.analysis.tokens[act.trigger.token].sentence,
                event=event["type"], mode=None, contexts=(), actors=(), recipients=(), unknown_actor=False, magnitude=(),
                probability=1.0, trigger=act.trigger, reasons=(),
            )  # fmt: skip
            done_by, done_to = (
                frozenset(e.get("country") for e in event[side] or ()) & countries().keys()
                for side in ("actors", "recipients")
            )
            place = event.get("place")
            yield Case(
                number,
                held_out(p.raw["doc_id"]),
                article,
                frame,
                done_by,
                done_to,
                (place.get("country") or "") if place else None,
            )


def competition(case: Case, look: choice.Look) -> tuple[Options, list[bool]]:
    """The places of a case and none, and which are right."""
    options = [*(c.features for c in look.candidates), look.nowhere]
    return options, [*(is_right(c.country, case) for c in look.candidates), case.country is None]


def is_right(country: str, case: Case) -> bool:
    """Whether a place is in the gold country, or in no country's as the gold one."""
    return country == case.country or (case.country == "" and country.startswith(choice.NO_COUNTRY))


def by_article(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """The cases of each article, in the order of the text."""
    for _, group in itertools.groupby(cases, key=lambda c: c.number):
        yield sorted(group, key=lambda c: c.frame.token)


def fit_features(cases: Sequence[Case]) -> Weights:
    """The weights without the pointer."""
    articles = list(by_article(cases))
    looks = [[choice.look_at(c.article, c.frame, c.actors, c.recipients) for c in group] for group in articles]
    flat = [
        competition(c, look)
        for group, seen in zip(articles, looks, strict=True)
        for c, look in zip(group, seen, strict=True)
    ]
    first = fit(Choices.of(flat, rare=RARE), ridge=RIDGE)
    again = []
    for group, seen in zip(articles, looks, strict=True):
        chances = [choice.countries_in(look, choice.scores_of(look, first)) for look in seen]
        again += [competition(c, look) for c, look in zip(group, choice.in_company(seen, chances), strict=True)]
    return Weights(first=first, second=fit(Choices.of(again, rare=RARE), ridge=RIDGE))


def tally(cases: Sequence[Case], weights: Weights) -> Counter[str]:
    """Acts with a place, those given the right country, those given any; acts without one, and those given one all the same."""
    counts: Counter[str] = Counter()
    for group in by_article(cases):
        parties = [(c.actors, c.recipients) for c in group]
        chosen = choice.choose(group[0].article, [c.frame for c in group], parties, weights=weights)
        for c, (got, _) in zip(group, chosen, strict=True):
            place = place_of(got.site, (*c.actors, *c.recipients)) if got and got.site else None
            code = (place.country or "") if place else got.country if got else None
            kind = "without" if c.country is None else "with"
            counts[kind] += 1
            counts[f"{kind}, given"] += got is not None
            counts["right"] += c.country is not None and code == c.country
    return counts


def f1(counts: Counter[str]) -> float:
    """F1 of places: right of those given, and of those that there are."""
    return 2 * counts["right"] / max(counts["with, given"] + counts["without, given"] + counts["with"], 1)


def told(counts: Counter[str]) -> str:
    """The counts as shares."""
    given = counts["with, given"] + counts["without, given"]
    return (
        f"country right {counts['right'] / max(counts['with'], 1):.3f} of {counts['with']}; given without one "
        f"{counts['without, given'] / max(counts['without'], 1):.3f} of {counts['without']}; "
        f"precision {counts['right'] / max(given, 1):.3f}"
    )


def best_pointer(cases: Sequence[Case]) -> tuple[float, float, float]:
    """The weights of the pointer, and the favour for a place, by which the F1 of places is best on held-out articles;
    among those hardly worse, by which the fewest are invented."""
    base = fit_features([c for c in cases if not c.held_out])
    kept, tried = [c for c in cases if c.held_out], []
    for favour, pointer, none in itertools.product(FAVOURS, POINTERS, POINTERS):
        weights = msgspec.structs.replace(base, favour=favour, pointer=pointer, pointer_none=none)
        counts = tally(kept, weights)
        print(f"held out, favour {favour} pointer {pointer} {none}: {told(counts)}; F1 {f1(counts):.3f}")
        tried.append((f1(counts), -counts["without, given"], (favour, pointer, none)))
    enough = max(tried)[0] - ALIKE
    return max(tried, key=lambda t: (t[0] >= enough, t[1], t[0]))[2]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--check", action="store_true", help="print accuracies, write nothing")
    asked = parser.parse_args()
    prepared = prepare(asked.gold, asked.out / "gold.pkl", everything=True)
    cases = list(cases_of(prepared))
    favour, pointer, none = best_pointer(cases)
    if asked.check:
        counts: Counter[str] = Counter()
        for k in range(FOLDS):
            weights = fit_features([c for c in cases if c.number % FOLDS != k])
            counts += tally([c for c in cases if c.number % FOLDS == k], weights)
        print(f"in folds, no pointer: {told(counts)}; F1 {f1(counts):.3f}")
        return
    weights = msgspec.structs.replace(fit_features(cases), favour=favour, pointer=pointer, pointer_none=none)
    text = msgspec.json.format(msgspec.json.encode(weights, order="sorted"), indent=1).decode()
    (PACKAGE / "acts.json").write_text(text + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
