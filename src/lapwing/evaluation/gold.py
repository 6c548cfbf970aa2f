"""Coded records against articles annotated with sourced events.

A record is *found* where a gold event has its type and stands at most one sentence away; it has the right *dyad* where
its actors and recipients agree as well, and is right as a *sourced* event where status and source agree too. Each gold
event is matched with one record at most, the pairs that agree best first. A gold event marked optional (annotators
differed on it) is neither asked for, nor is a record that finds it held against the coder.

Over the events with the right dyad, the share of right values is told for status, source, date (to the day, and to the
month), place (its country) and mode, each over the events for which the gold has one that is not in dispute.

Data: one folder with a JSON file per article (`doc_id`, `text`, `sentences`, perhaps `published`), one with files of
the same names (`events`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lapwing.errors import EvaluationError

LEVELS = ("detect", "dyad", "sourced")

FIELDS = ("status", "source", "date", "month", "place", "mode")

NEAR = 1
"""Sentences by which a record may stand away from its gold event."""

NOWHERE = -9

WORD = re.compile(r"\w+")

Party = tuple[str | None, frozenset[str]]
"""How an entity is compared: its country code, and the words of its name."""


class Told(NamedTuple):
    """What is compared of a record or of a gold event; `event` is the whole of it."""

    type: str
    sentence: int
    status: str | None
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    event: Mapping[str, Any]


class GoldArticle(NamedTuple):
    """An annotated article: its document file's content, and its events."""

    document: Mapping[str, Any]
    events: list[Mapping[str, Any]]


class Match(NamedTuple):
    """The records of an article that count, the gold events that are asked for, and which belong together."""

    records: list[Told]
    gold: list[Told]
    pairs: list[tuple[int, int]]


# ── the task ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def evaluate_gold(docs: Path, gold: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Code the articles of `docs` and compare with `gold`: the figures, and per article its gold and predicted
    events."""
    from lapwing.exports import record_of
    from lapwing.records import Failure

    articles = read_gold(docs, gold)
    coded = _coded(articles)
    items = []
    for article, result in zip(articles, coded, strict=True):
        if isinstance(result, Failure):
            raise EvaluationError(f"{result.where} could not be coded: {result.reason}")
        records = [record_of(event) for event in result.events]
        items.append({"doc_id": article.document["doc_id"], "gold": article.events, "pred": records})
    return figures_of(articles, [item["pred"] for item in items]), items


def _coded(articles: Sequence[GoldArticle]) -> Iterable[Any]:
    from lapwing.coding import code_articles
    from lapwing.records import Article

    return code_articles(
        Article(
            id=article.document["doc_id"],
            text=article.document["text"],
            title=article.document.get("title"),
            published=article.document.get("published"),
            published_basis="given" if article.document.get("published") else None,
        )
        for article in articles
    )


def read_gold(docs: Path, gold: Path) -> list[GoldArticle]:
    """The annotated articles of two folders, sorted by file name. Raises `EvaluationError`."""
    articles = []
    for file in sorted(gold.glob("*.json")):
        document, annotation = _read(docs / file.name), _read(file)
        if not {"doc_id", "text", "sentences"} <= set(document) or "events" not in annotation:
            raise EvaluationError(f"{file.name}: a document needs doc_id, text and sentences, its annotation events.")
        articles.append(GoldArticle(document, annotation["events"]))
    if not articles:
        raise EvaluationError(f"{gold} holds no annotation (*.json). Give the folder of documents, then that of gold.")
    return articles


def _read(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{file} cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise EvaluationError(f"{file} holds no JSON object.")
    return value


# ── the figures ───────────────────────────────────────────────────────────────────────────────────────────────────────


def figures_of(articles: Sequence[GoldArticle], predictions: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """The figures for records as `lapwing code` writes them, one list per article."""
    matches = []
    for article, records in zip(articles, predictions, strict=True):
        ranges = sentence_ranges(article.document["text"], article.document["sentences"])
        matches.append(match_article([told_of_record(record, ranges) for record in records], article.events))
    return figures_of_matches(matches)


def figures_of_matches(matches: Sequence[Match]) -> dict[str, Any]:
    """The figures over the articles' matches, rounded to four digits."""
    hits: Counter[str] = Counter()
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for match in matches:
        for i, j in match.pairs:
            _count_pair(match.records[i], match.gold[j], hits, right, asked)
    coded, wanted = sum(len(match.records) for match in matches), sum(len(match.gold) for match in matches)
    figures: dict[str, Any] = {level: precision_recall_f1(hits[level], coded, wanted) for level in LEVELS}
    figures["accuracy"] = {f: (round(right[f] / asked[f], 4) if asked[f] else None, asked[f]) for f in FIELDS}
    return figures | {"n": {"pred": coded, "gold": wanted, "docs": len(matches)}}


def _count_pair(record: Told, gold: Told, hits: Counter[str], right: Counter[str], asked: Counter[str]) -> None:
    hits["detect"] += 1
    if not same_dyad(record, gold):
        return
    verdicts = field_verdicts(record, gold)
    hits["dyad"] += 1
    hits["sourced"] += bool(verdicts["status"] and verdicts["source"])
    for field, verdict in verdicts.items():
        if verdict is not None:
            right[field] += verdict
            asked[field] += 1


def precision_recall_f1(hits: int, coded: int, wanted: int) -> dict[str, float]:
    """Precision, recall and F1.

    >>> precision_recall_f1(1, 2, 4)
    {'p': 0.5, 'r': 0.25, 'f1': 0.3333}
    """
    precision, recall = hits / coded if coded else 0.0, hits / wanted if wanted else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return {"p": round(precision, 4), "r": round(recall, 4), "f1": round(f1, 4)}


# ── matching ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def match_article(records: Sequence[Told], events: Iterable[Mapping[str, Any]]) -> Match:
    """Match an article's records with its gold events; records that only find an optional event are taken out."""
    gold = [told_of_gold(event) for event in events if not event.get("optional")]
    optional = [told_of_gold(event) for event in events if event.get("optional")]
    taken = {i for i, _ in best_pairs(records, gold)}
    spare = [i for i in range(len(records)) if i not in taken]
    excused = {spare[i] for i, _ in best_pairs([records[i] for i in spare], optional)}
    counted = [record for i, record in enumerate(records) if i not in excused]
    return Match(counted, gold, best_pairs(counted, gold))


def best_pairs(records: Sequence[Told], gold: Sequence[Told]) -> list[tuple[int, int]]:
    """Pairs of a record and a gold event of one type, near each other; each is used once, the best agreement first."""
    ranked = sorted(
        (-agreement(record, event), i, j)
        for i, record in enumerate(records)
        for j, event in enumerate(gold)
        if record.type == event.type and abs(record.sentence - event.sentence) <= NEAR
    )
    pairs: list[tuple[int, int]] = []
    used_records: set[int] = set()
    used_gold: set[int] = set()
    for _, i, j in ranked:
        if i not in used_records and j not in used_gold:
            used_records.add(i)
            used_gold.add(j)
            pairs.append((i, j))
    return pairs


def agreement(record: Told, gold: Told) -> int:
    """How well a record and a gold event agree: the dyad counts four times what sentence, status and source count."""
    return (
        4 * same_dyad(record, gold)
        + (record.sentence == gold.sentence)
        + (record.status == gold.status)
        + same_source(record.event.get("source"), gold.event.get("source"))
    )


# ── agreement ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def same_dyad(record: Told, gold: Told) -> bool:
    """Actors and recipients agree; or one of the two tells the act as mutual, and the same countries take part."""
    if same_parties(record.actors, gold.actors) and same_parties(record.recipients, gold.recipients):
        return True
    if record.recipients and gold.recipients:
        return False
    countries, gold_countries = _countries(record), _countries(gold)
    return len(countries) > 1 and countries == gold_countries


def same_parties(some: Sequence[Party], others: Sequence[Party]) -> bool:
    """Both are empty, or a member of one is a member of the other."""
    if not some or not others:
        return not some and not others
    return any(same_party(one, other) for one in some for other in others)


def same_party(one: Party, other: Party) -> bool:
    """One country; or, where one of them has none, a word of the name in common.

    >>> same_party(("RUS", frozenset({"putin"})), ("RUS", frozenset({"kremlin"})))
    True
    >>> same_party((None, frozenset({"wagner", "group"})), ("RUS", frozenset({"wagner"})))
    True
    """
    if one[0] and other[0]:
        return one[0] == other[0]
    return bool(one[1] & other[1])


def same_source(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Neither has a source, or the two share a word of the name or the country."""
    if not one or not other:
        return not one and not other
    return bool(_name_words(one) & _name_words(other)) or bool(
        one.get("country") and one.get("country") == other.get("country")
    )


def field_verdicts(record: Told, gold: Told) -> dict[str, bool | None]:
    """For each field whether it is right, or None where the gold event does not ask for it."""
    coded, true = record.event, gold.event
    date, true_date = _date(coded), _date(true)
    dated = bool(true.get("date")) and not true.get("date_disputed")
    placed = bool(true.get("place")) and not true.get("place_disputed")
    source = same_source(coded.get("source"), true.get("source")) or (
        "source_alt" in true and same_source(coded.get("source"), true["source_alt"])
    )
    place = coded.get("place") or {}
    return {
        "status": record.status in (gold.status, true.get("status_alt")),
        "source": source,
        "date": date == true_date if dated else None,
        "month": (date or "")[:7] == (true_date or "")[:7] if dated else None,
        "place": bool(place) and place.get("country") == true["place"].get("country") if placed else None,
        "mode": coded.get("mode") == true.get("mode") if true.get("mode") else None,
    }


# ── what is compared ──────────────────────────────────────────────────────────────────────────────────────────────────


def told_of_gold(event: Mapping[str, Any]) -> Told:
    """A gold event for comparison."""
    return _told(event, type_=event["type"], sentence=event["sentence"])


def told_of_record(record: Mapping[str, Any], ranges: Sequence[tuple[int, int]]) -> Told:
    """A record for comparison; its sentence is that in which its trigger begins."""
    start = (record.get("trigger") or record.get("evidence") or {}).get("start", -1)
    sentence = next((n for n, (begin, end) in enumerate(ranges) if begin <= start < end), NOWHERE)
    return _told(record, type_=record["event"], sentence=sentence)


def _told(event: Mapping[str, Any], *, type_: str, sentence: int) -> Told:
    actors, recipients = (_parties(event.get(role)) for role in ("actors", "recipients"))
    return Told(type_, sentence, event.get("status"), actors, recipients, event)


def sentence_ranges(text: str, sentences: Iterable[str]) -> list[tuple[int, int]]:
    """Where each sentence stands in `text`, looked for after the one before.

    >>> sentence_ranges("Yes. No. Yes.", ["Yes.", "No.", "Yes."])
    [(0, 4), (5, 8), (9, 13)]
    """
    ranges, after = [], 0
    for sentence in sentences:
        start = text.find(sentence, after)
        if start < 0:
            start = text.find(sentence)
        ranges.append((start, start + len(sentence)))
        after = max(after, start + len(sentence))
    return ranges


def _parties(entities: Iterable[Mapping[str, Any]] | None) -> tuple[Party, ...]:
    return tuple((entity.get("country"), _name_words(entity)) for entity in entities or ())


def _name_words(entity: Mapping[str, Any]) -> frozenset[str]:
    """The longer words of a name, without case."""
    name = entity.get("name") or entity.get("text") or ""
    return frozenset(word for word in WORD.findall(name.lower()) if len(word) > 2)


def _countries(told: Told) -> set[str]:
    return {country for country, _ in told.actors + told.recipients if country}


def _date(event: Mapping[str, Any]) -> str | None:
    value: str | None = (event.get("date") or {}).get("value")
    return value
