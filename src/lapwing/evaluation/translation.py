"""What is left of an article's events when it comes through a machine translation.

News is often read in translation, so the coder should read the same events in an article and in its machine-translated
version. Both are coded, and the dyads of the one are compared with those of the other: an event's type with the countries
of its actors and of its recipients. Nothing here is annotated; the figure is agreement, not truth. It is told three ways:
the very same countries (`dyads`), one country in common in either role as the task `gold` asks (`parties`), and the type
alone (`types`).

Data: a folder with a JSON file per article (`doc_id`, `text`, perhaps `published`) with its translation in the field
`mt`; files without one are left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lapwing.errors import EvaluationError
from lapwing.evaluation.gold import Told, best_pairs, precision_recall_f1, same_dyad, told_of_gold

Dyad = tuple[str, tuple[str, ...], tuple[str, ...]]
"""An event's type, its actors' countries and its recipients' countries, each in alphabetical order."""


def evaluate_translation(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Agreement of the dyads in translated articles with those in the articles themselves; per article both lists."""
    articles = read_translations(folder)
    originals, translated = (_dyads(articles, field) for field in ("text", "mt"))
    items = [
        {"doc_id": article["doc_id"], "gold": gold, "pred": pred}
        for article, gold, pred in zip(articles, originals, translated, strict=True)
    ]
    return agreement_of(originals, translated) | {"docs": len(articles)}, items


def read_translations(folder: Path) -> list[Mapping[str, Any]]:
    """The articles that have a translation, sorted by file name. Raises `EvaluationError`."""
    articles: list[Mapping[str, Any]] = []
    for file in sorted(folder.glob("*.json")):
        try:
            article = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise EvaluationError(f"{file} cannot be read: {error}") from error
        if isinstance(article, dict) and article.get("mt") and {"doc_id", "text"} <= set(article):
            articles.append(article)
    if not articles:
        raise EvaluationError(f"{folder} holds no article (*.json) with doc_id, text and a translation in mt.")
    return articles


def _dyads(articles: Sequence[Mapping[str, Any]], field: str) -> list[list[Dyad]]:
    from lapwing.coding import code_articles
    from lapwing.exports import record_of
    from lapwing.records import Article, Failure

    found = []
    coded = code_articles(
        Article(id=f"{a['doc_id']}.{field}", text=a[field], published=a.get("published")) for a in articles
    )
    for result in coded:
        if isinstance(result, Failure):
            raise EvaluationError(f"{result.where} could not be coded: {result.reason}")
        found.append(dyads_of(record_of(event) for event in result.events))
    return found


def dyads_of(records: Iterable[Mapping[str, Any]]) -> list[Dyad]:
    """The dyads of an article's records, each once.

    >>> dyads_of([{"event": "AID", "actors": [{"country": "FRA"}], "recipients": [{"country": None}]}])
    [('AID', ('FRA',), ())]
    """
    return sorted({(r["event"], _countries(r["actors"]), _countries(r["recipients"])) for r in records})


def _countries(entities: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(sorted({entity["country"] for entity in entities if entity.get("country")}))


def agreement_of(originals: Sequence[Sequence[Dyad]], translated: Sequence[Sequence[Dyad]]) -> dict[str, Any]:
    """Precision, recall and F1 of the translations' dyads, and of their types alone.

    >>> agreement_of([[("AID", ("FRA",), ())]], [[("AID", ("DEU",), ())]])["types"]["f1"]
    1.0
    """
    hits = Counter({"dyads": 0, "parties": 0, "types": 0})
    for gold, pred in zip(originals, translated, strict=True):
        hits["dyads"] += len(set(gold) & set(pred))
        hits["parties"] += shared_parties(gold, pred)
        hits["types"] += (Counter(d[0] for d in gold) & Counter(d[0] for d in pred)).total()
    coded, wanted = sum(map(len, translated)), sum(map(len, originals))
    return {name: precision_recall_f1(n, coded, wanted) for name, n in hits.items()}


def shared_parties(gold: Sequence[Dyad], pred: Sequence[Dyad]) -> int:
    """How many dyads of two lists agree one to one as the task `gold` compares them.

    >>> shared_parties([("AID", ("DEU", "FRA"), ("MLI",))], [("AID", ("FRA",), ("MLI",))])
    1
    """
    some, others = ([_told(dyad) for dyad in dyads] for dyads in (pred, gold))
    return sum(same_dyad(some[i], others[j]) for i, j in best_pairs(some, others))


def _told(dyad: Dyad) -> Told:
    kind, actors, recipients = dyad
    sides = ([{"country": code} for code in side] for side in (actors, recipients))
    return told_of_gold(dict(zip(("actors", "recipients"), sides, strict=True)) | {"type": kind, "sentence": 0})
